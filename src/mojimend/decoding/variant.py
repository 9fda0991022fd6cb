"""Which codec of a family reads all of a file: they differ in a few hundred characters each.

CP950 is what nearly all Big5 is, but kana and the marks of lists are where ETEN put them, which is read as Big5-HKSCS,
as on the Web. EUC-JP of Windows has NEC's marks, which only Python's codec of JIS X 0213 reads. Shift_JIS is CP932.

>>> read("①".encode("euc_jis_2004"), "euc_jp")
Reading(codec='euc_jis_2004', text='①', errors=())
"""

from __future__ import annotations

from typing import NamedTuple

from mojimend.decoding import resync
from mojimend.encodings.lenient import REPLACEMENT
from mojimend.kernel import Characters

# The wider codec of each family, for what the usual one does not read.
WIDER = {"cp950": "big5hkscs", "cp932": "shift_jis_2004", "euc_jp": "euc_jis_2004"}
USUAL = {"big5hkscs": "cp950"}
FAMILY_OF = {
    "cp950": "big5hkscs",
    "big5": "big5hkscs",
    "shift_jis_2004": "cp932",
    "shift_jisx0213": "cp932",
    "euc_jis_2004": "euc_jp",
    "euc_jisx0213": "euc_jp",
}

# Python's cp950 reads the rows of ETEN's kana, Cyrillic and circled numbers as others of these, or as user-defined.
_ANY_USER_DEFINED = Characters("\u0400-\u04ff\u2460-\u247f\u3041-\u30ff\ue000-\uf8ff")


class Reading(NamedTuple):
    """What bytes say in a codec, and the offsets of those that were lost."""

    codec: str
    text: str
    errors: tuple[int, ...]


def read(data: bytes, family: str, *, starts_whole: bool = False) -> Reading:
    """Read the bytes in the codec of their family that loses the fewest of them."""
    usual = USUAL.get(family, family)
    reading = Reading(usual, *resync.decode(data, usual, starts_whole=starts_whole))
    wider = WIDER.get(usual)
    if not wider:
        return reading
    if reading.errors:
        if _count_lost(data, wider) < _count_lost(data, usual):
            other = Reading(wider, *resync.decode(data, wider, starts_whole=starts_whole))
            return other if len(other.errors) < len(reading.errors) else reading
    elif usual == "cp950" and _ANY_USER_DEFINED.count(reading.text):
        return Reading(wider, *resync.decode(data, wider, starts_whole=starts_whole))
    return reading


def _count_lost(data: bytes, codec: str) -> int:
    return data.decode(codec, "replace").count(REPLACEMENT)
