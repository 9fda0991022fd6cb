"""Stretches of a text that are not prose: markup, scripts, quoted code, addresses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from mojimend.kernel import Clue
from mojimend.text.later import later

# What each begins with, an address behind its scheme: who asks has a scan to look for that along with the rest. (Those
# of mail have no mark that anybody asks about.)
BEGINNINGS = Clue("<`"), Clue(":", "/")
# Each is bounded by the line or by its own closing, so the scan stays linear.
ZONE = later(
    r"<(?P<element>script|style)\b[^<>\n]*>.*?(?:</(?P=element)>|\Z)"
    r"|<[/!?a-zA-Z][^<>\n]*>"
    r"|```.*?(?:```|\Z)"
    r"|`[^`\n]+`"
    r"|://(?:(?<=\bhttp://)|(?<=\bhttps://)|(?<=\bftp://)|(?<=\bfile://))[\x21-\x7e]+",
    re.DOTALL | re.ASCII,
)


def in_prose(text: str, places: Sequence[int], beginnings: Iterable[int]) -> Sequence[int]:
    """Return those places of a text that stand in none of them; all are sorted, and so is where ``BEGINNINGS`` stand.

    >>> in_prose("中,文 `中,b` http://example.org/(中", [1, 6, 29], [4, 8, 14])
    [1]
    """
    zones = list(_zones(text, beginnings)) if places else []
    if not zones:
        return places
    starts = [start for start, _ in zones]
    before = ((place, bisect_right(starts, place)) for place in places)
    return [place for place, so_many in before if not so_many or zones[so_many - 1][1] <= place]


def _zones(text: str, beginnings: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield where each of them begins and ends."""
    end = 0
    for at in beginnings:
        if at >= end and (zone := ZONE.match(text, at)):
            end = zone.end()
            yield at, end
