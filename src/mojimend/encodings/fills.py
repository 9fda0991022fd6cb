"""Memory that nobody wrote to, shown as text: 烫烫烫, 屯屯屯.

Debug builds of Microsoft's C and C++ fill memory with bytes that stand out. A program that prints it, or saves a record
of fixed size, shows those bytes in the encoding of the system.

    >>> [(run.start, run.end, run.fill.hex(), run.read) for run in find("abc烫烫烫烫")]
    [(3, 7, 'cc', 'gb18030')]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from mojimend.kernel import Clue, Scan

# source: /RTC1 of Microsoft's compiler (CC), the debug heap of its C library (CD, DD, FD), its secure string functions
# (_SECURECRT_FILL_BUFFER_PATTERN, FE), and HeapFree of Windows (FEEE, the lower byte first)
FILLS = {
    b"\xcc": "stack that was not initialised",
    b"\xcd": "heap that was not initialised",
    b"\xdd": "heap that was freed",
    b"\xfd": "the guard around a block of the heap",
    b"\xfe": "the unused end of a buffer",
    b"\xee\xfe": "heap that was freed",
}
# Not in code page 932 (ﾌﾌﾌ is a laugh), 1251 (МММ is a hum) and 437 (═══ is a line).
READ = ("gb18030", "cp950", "cp949", "cp1252", "utf-16-le")
# Of 54 MB of clean text none has so many bytes of any fill side by side.
LEAST = 6  # bytes


class Run(NamedTuple):
    """A run of one fill."""

    start: int
    end: int
    fill: bytes
    read: str


@cache
def shown() -> dict[str, tuple[bytes, str]]:
    """Return what each fill looks like in each encoding, if it looks like letters: the fill and the encoding.

    >>> {unit: fill.hex() for unit, (fill, read) in shown().items() if read == "gb18030"}
    {'烫': 'cc', '屯': 'cd', '葺': 'dd', '铪': 'eefe'}
    """
    units: dict[str, tuple[bytes, str]] = {}
    for fill in FILLS:
        for read in READ:
            text = (fill * 4).decode(read, "ignore")
            unit = text[: len(set(text))]
            if unit and all(unicodedata.category(char) in ("Lo", "Lu", "Ll") for char in unit):
                units.setdefault(unit, (fill, read))
    return units


# What each looks like at the shortest. Written down, as to work it out takes longer than to see that a page has none.
SHORTEST = {
    **{unit: unit * 3 for unit in (*"烫昍儆쳌屯迋袴췍葺楥硼羲铪鞜澱\ufeee", "\xee\xfe")},
    **{unit: unit * 6 for unit in "\xcc\xcd\xdd\xfd\xfe"},
}


def find(text: str) -> Iterator[Run]:
    """Yield each run, by place."""
    if not (may_be := _beginnings().which(text)):
        return
    found = [
        Run(*run.span(), *shown()[unit])
        for number, (unit, shortest) in enumerate(SHORTEST.items())
        if may_be >> number & 1 and shortest in text
        for run in re.finditer(f"{shortest}(?:{unit})*", text)
    ]
    yield from sorted(found)


@cache
def _beginnings() -> Scan:
    """Return what tells at once which of them a text may have: it has their first two characters."""
    return Scan(tuple((Clue(*shortest[:2]),) for shortest in SHORTEST.values()))
