r"""Characters that lost some of their bytes: how likely those that are left are, and what they may have been.

Three bytes of UTF-8 make most characters of CJK, and where one is lost there are 64 at most that have the two others,
few of them common. Two characters next to it say which.

    >>> [char for char, _ in candidates("utf-8", b"\xef\xbc\xff")[:3]]
    ['，', '？', '：']
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from math import exp, log

from mojimend.encodings.lost import UNKNOWN
from mojimend.encodings.misread import feed
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility

# So many of the most common: what is rarer is never the best guess, and each costs a look at its neighbours.
MOST = 64
# What the bytes may be that are not known. Lead bytes of four in UTF-8 are left out, as they make hardly any text.
LEADS_OF_UTF_8, TRAILS_OF_UTF_8 = range(0xE2, 0xF0), range(0x80, 0xC0)
LEADS, TRAILS = range(0x81, 0xFF), range(0x40, 0xFF)
# More are unknown than this, and it may have been anything.
MOST_UNKNOWN = 2
REMEMBERED = 20_000
# What no character has at all, in units.
NO_CHARACTER = 20 * UNITS_PER_NAT


@lru_cache(maxsize=REMEMBERED)
def cost(written: str, known: bytes) -> int:
    """Return what the bytes that are left of a character cost: -log P of all that have them, in the model's units.

    >>> cost("utf-8", b"\xe4\xbd\xff") < cost("utf-8", b"\xea\xa1\xff")
    True
    """
    if len(known) - known.count(UNKNOWN) < 1 or known.count(UNKNOWN) > MOST_UNKNOWN:
        return 0
    total = sum(exp(-single / UNITS_PER_NAT) for _, single in candidates(written, known))
    return round(-UNITS_PER_NAT * log(total)) if total else NO_CHARACTER


@lru_cache(maxsize=REMEMBERED)
def candidates(written: str, known: bytes) -> tuple[tuple[str, int], ...]:
    """Return the characters that have the bytes that are known, each with its cost by itself; the commonest first."""
    if known.count(UNKNOWN) > MOST_UNKNOWN:
        return ()
    singles = plausibility().singles
    found = sorted((singles[char], char) for char in _having(written, known))
    return tuple((char, single) for single, char in found[:MOST])


def _having(written: str, known: bytes) -> Iterator[str]:
    """Yield each character that is written with the bytes that are known."""
    is_utf_8 = written == "utf-8"
    leads, trails = (LEADS_OF_UTF_8, TRAILS_OF_UTF_8) if is_utf_8 else (LEADS, TRAILS)
    may_be = [(byte,) if byte != UNKNOWN[0] else trails if at else leads for at, byte in enumerate(known)]
    for several in product(*may_be):
        fed = feed.__wrapped__(written, b"", bytes(several))
        if fed is not None and len(fed[0]) == 1 and not fed[1]:
            yield fed[0]
