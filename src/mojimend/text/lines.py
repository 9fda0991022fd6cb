r"""Places for people: lines and columns, counted from 1."""

from __future__ import annotations

from typing import NamedTuple

from mojimend.kernel import leaf


class Place(NamedTuple):
    """A line and a column, both counted from 1; the column counts code points, as editors do."""

    line: int
    column: int


class Lines:
    r"""The lines of a text, counted on from the place that was asked for last: a text is gone through once.

    A line ends behind LF, so that CR LF is one end and CR alone is none. Places are asked for in their order; one that
    lies before the last is found all the same, and takes as long as the first.

    >>> Lines("一\r\n二三").place(4)
    Place(line=2, column=2)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = self._start = 0
        self._line = 1

    def place(self, offset: int) -> Place:
        """Return the place of the character at this offset, or of the end of the text."""
        if offset < self._at:
            self._at = self._start = 0
            self._line = 1
        end = self._text.rfind("\n", self._at, offset)
        if end >= 0:
            self._line += self._text.count("\n", self._at, offset)
            self._start = end + 1
        self._at = offset
        return leaf(Place, (self._line, offset - self._start + 1))
