r"""Subtitles and lyrics (SRT, WebVTT, LRC): what is said is text; times, numbers and settings stay as they are.

>>> kept = Subtitles().kept("1\n00:00:01,000 --> 00:00:02,000\n好，，\n")
>>> kept(4, 5), kept(32, 34)
(True, False)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from mojimend.formats.format import Format
from mojimend.text.later import later
from mojimend.text.page import line_around

_NO_SPEECH = later(
    r"""
      ^ [^\n]* --> [^\n]* $                      # the time of a cue, with its settings
    | ^ \d+ [^\S\n]* \n (?= [^\n]* --> )         # its number
    | ^ \N{BYTE ORDER MARK}? WEBVTT [^\n]* $
    | \[ \d+ : [\d.:]+ \] | < \d+ : [\d.:]+ >    # the time of a line or word of a song
    | ^ \[ [a-zA-Z#]+ :                          # the name of a tag: [ti:
    """.replace(r"\N{BYTE ORDER MARK}", "\ufeff"),
    re.VERBOSE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Subtitles(Format):
    """A file of cues or of a song's lines."""

    name: ClassVar[str] = "subtitles"

    def kept(self, raw: str) -> Callable[[int, int], bool]:
        """Return the test whether a span touches a time, a number or a setting."""
        # Few lines are asked about, and most of those several times.
        looked_from = looked_to = -1
        found: list[tuple[int, int]] = []

        def touches(start: int, end: int) -> bool:
            nonlocal looked_from, looked_to, found
            if not looked_from <= start <= end <= looked_to:
                looked_from, looked_to = line_around(raw, start)[0], line_around(raw, end)[1]
                # What is a number of a cue is told by the line behind it.
                _, behind = line_around(raw, looked_to + 1)
                found = [match.span() for match in _NO_SPEECH.finditer(raw, looked_from, behind)]
            i = bisect_right(found, (max(start, end - 1), len(raw))) - 1
            return i >= 0 and start < found[i][1]

        return touches
