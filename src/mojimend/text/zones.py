"""Stretches of a text that are not prose: markup, scripts, quoted code, addresses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from mojimend.text.later import later

# Each is bounded by the line or by its own closing, so the scan stays linear, and begins with a character of its own,
# by which it is looked for: an address behind its scheme. (Those of mail have no mark that anybody asks about.)
ZONE = later(
    r"<(?P<element>script|style)\b[^<>\n]*>.*?(?:</(?P=element)>|\Z)"
    r"|<[/!?a-zA-Z][^<>\n]*>"
    r"|```.*?(?:```|\Z)"
    r"|`[^`\n]+`"
    r"|://(?:(?<=\bhttp://)|(?<=\bhttps://)|(?<=\bftp://)|(?<=\bfile://))[\x21-\x7e]+",
    re.DOTALL | re.ASCII,
)


def in_prose(text: str, places: Sequence[int]) -> Sequence[int]:
    """Return those places of a text, which are sorted, that stand in none of them.

    >>> in_prose("中,文 `中,b` http://example.org/(中", [1, 6, 29])
    [1]
    """
    # Most texts have none of what those have, and a single character is looked for in a tenth of the time of several.
    if not (places and ("<" in text or "`" in text or ("/" in text and "://" in text))):
        return places
    zones = [zone.span() for zone in ZONE.finditer(text)]
    starts = [start for start, _ in zones]
    before = ((place, bisect_right(starts, place)) for place in places)
    return [place for place, so_many in before if not so_many or zones[so_many - 1][1] <= place]
