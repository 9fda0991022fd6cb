r"""Places for people: lines and columns, counted from 1."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple


class Place(NamedTuple):
    """A line and a column, both counted from 1; the column counts code points, as editors do."""

    line: int
    column: int


class Lines:
    r"""Where the lines of a text begin. A line ends behind LF, so that CR LF is one end and CR alone is none.

    >>> Lines("一\r\n二三").place(4)
    Place(line=2, column=2)
    """

    def __init__(self, text: str) -> None:
        self._starts = [0, *(end.end() for end in re.finditer("\n", text))]

    def place(self, offset: int) -> Place:
        """Return the place of the character at this offset, or of the end of the text."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)
