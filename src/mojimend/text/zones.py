"""Stretches of a text that are not prose: markup, scripts, quoted code, addresses."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

# What each of them has one of, and what they are. Most texts have none, and to look for one kind takes a tenth of the
# time that all take. Each is bounded by the line or by its own closing, so the scan stays linear.
KINDS = {
    "<": r"<(?P<element>script|style)\b[^<>\n]*>.*?(?:</(?P=element)>|\Z)|<[/!?a-zA-Z][^<>\n]*>",
    "`": r"```.*?(?:```|\Z)|`[^`\n]+`",
    "://": r"\b(?:https?|ftp|file)://[\x21-\x7e]+",
    "@": r"\b[\w.+-]+@[\w-]+\.[\w.-]+",
}


@cache
def _of_kinds(signs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(KINDS[sign] for sign in signs), re.DOTALL | re.ASCII)


class Zones:
    """The stretches of one text that are not prose.

    >>> zones = Zones("中,文 `中,b`")
    >>> 1 in zones, 6 in zones
    (False, True)
    """

    def __init__(self, text: str) -> None:
        self._starts, self._ends = [], []
        signs = tuple(sign for sign in KINDS if sign in text)
        for match in _of_kinds(signs).finditer(text) if signs else ():
            self._starts.append(match.start())
            self._ends.append(match.end())

    def __contains__(self, place: int) -> bool:
        i = bisect_right(self._starts, place) - 1
        return i >= 0 and place < self._ends[i]
