"""Stretches of a text that are not prose: markup, scripts, quoted code, addresses."""

from __future__ import annotations

import re
from bisect import bisect_right

from mojimend.text.later import later

# Each alternative is bounded by the line or by its own closing, so the scan stays linear.
NOT_PROSE = later(
    r"""
      <(?P<element>script|style)\b [^<>\n]* > .*? (?: </(?P=element)> | \Z )
    | < [/!?a-zA-Z] [^<>\n]* >
    | ```.*?(?:```|\Z)
    | `[^`\n]+`
    | \b(?:https?|ftp|file)://[\x21-\x7e]+
    | \b[\w.+-]+@[\w-]+\.[\w.-]+
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


# What each of them has one of. Most texts have none, and to look for those takes a hundredth of the time.
SIGNS_OF_THEM = ("<", "`", "://", "@")


class Zones:
    """The stretches of one text that are not prose.

    >>> zones = Zones("中,文 `中,b`")
    >>> 1 in zones, 6 in zones
    (False, True)
    """

    def __init__(self, text: str) -> None:
        self._starts, self._ends = [], []
        for match in NOT_PROSE.finditer(text) if any(sign in text for sign in SIGNS_OF_THEM) else ():
            self._starts.append(match.start())
            self._ends.append(match.end())

    def __contains__(self, place: int) -> bool:
        i = bisect_right(self._starts, place) - 1
        return i >= 0 and place < self._ends[i]
