"""What a text is searched for before anything else is asked of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

# A page may have a million, and to list all takes memory that nobody needs.
ONCE = sys.maxsize


class Clue(NamedTuple):
    """A character, or two that stand near each other.

    Arguments:
        first: One of these stands there, as the inside of a regular expression's brackets, without escapes.
        second: One of these stands behind it; empty, if the first is enough.
        between: How many other characters may stand between them, none of them one of the first.
        confirms: Takes the text and the place of the first, and tells whether that is a clue indeed. It looks a bounded
            way, so that its own work does not grow with the text.
        apart: How far behind a place that was asked about the next is, on the same line: what is between has been seen
            then. ``ONCE``, if no other need be found.
        before: One of these stands right in front of the first; empty, if anything may. In front of a text there is a
            line end.
    """

    first: str
    second: str = ""
    between: int = 0
    confirms: Callable[[str, int], object] | None = None
    apart: int = 0
    before: str = ""
