"""Stretches of a text that are not prose: markup, scripts, quoted code, addresses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from mojimend.kernel import Clue
from mojimend.text.later import later

# What each begins with, an address behind its scheme: who asks has a scan to look for that along with the rest. (Those
# of mail have no mark that anybody asks about.)
BEGINNINGS = Clue("<`"), Clue(":", "/")
# Each is bounded by the line, or by its own closing or the end of the text, so the scan stays linear.
ZONE = later(
    r"<(?P<element>script|style)\b[^<>\n]*>"
    r"|<[/!?a-zA-Z][^<>\n]*>"
    r"|(?P<fence>```)"
    r"|`[^`\n]+`"
    r"|://(?:(?<=\bhttp://)|(?<=\bhttps://)|(?<=\bftp://)|(?<=\bfile://))[\x21-\x7e]+",
    re.ASCII,
)


def in_prose(text: str, places: Sequence[int], beginnings: Iterable[int]) -> Sequence[int]:
    """Return those places of a text that stand in none of them; all are sorted, and so is where ``BEGINNINGS`` stand.

    >>> in_prose("中,文 `中,b` http://example.org/(中", [1, 6, 29], [4, 8, 14])
    [1]
    """
    left: list[int] = []
    seen = 0
    for start, end in _zones(text, beginnings) if places else ():
        inside = bisect_left(places, start, seen)
        left += places[seen:inside]
        seen = bisect_left(places, end, inside)
    return [*left, *places[seen:]]


def _zones(text: str, beginnings: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield where each of them begins and ends."""
    end = 0
    for at in beginnings:
        if at >= end and (zone := ZONE.match(text, at)):
            end = zone.end()
            # An expression goes on to it at a twentieth of the speed, and it may be as far as the end of the text.
            if closing := zone["fence"] or (f"</{zone['element']}>" if zone["element"] else ""):
                closed = text.find(closing, end)
                end = len(text) if closed < 0 else closed + len(closing)
            yield at, end
