"""Which bytes a character was read from, told for all encodings that text is read in by mistake.

It is the other way round than ``pairs`` has it, and lies in ``bytes.bin`` so that nothing is made of it before it is
used: first for each block of 64 characters, in the BMP and then in plane 2, the number of its table in each encoding;
then those tables, which have a number for each character. The first is empty. All numbers have two bytes, the lower
first.
"""

from __future__ import annotations

from functools import cache, lru_cache

from mojimend.encodings.misread import MULTIBYTE, SINGLE_BYTE
from mojimend.tables import mapped, path_of

# The encodings it tells of, in this order.
READ = (*SINGLE_BYTE, *MULTIBYTE)
# So many characters make a block. Of 32 or of 256 the file would be larger, of 128 as large.
BLOCK = 64
PLANES = (range(0x10000), range(0x20000, 0x30000))
# Four bytes of GB18030 don't count: they have digits in them, as two characters of nothing else have.
MOST_BYTES = 3
# What EUC-JP begins three bytes with. They are told as the other two less this bit, as no pair begins.
_THREE_BYTES, _OF_A_PAIR = 0x8F, 0x80
_WIDTH = 2
_AT_TABLES = _WIDTH * len(READ) * sum(map(len, PLANES)) // BLOCK


def number_of(data: bytes) -> int:
    r"""Return the number that tells bytes, 0 for none.

    >>> hex(number_of(b"\xc4\xe3")), hex(number_of(b"\x8f\xb0\xa1"))
    ('0xc4e3', '0x30a1')
    """
    if len(data) < MOST_BYTES:
        return int.from_bytes(data, "big")
    return int.from_bytes(data[1:], "big") - (_OF_A_PAIR << 8)


# A text of garbled CJK has some hundred different ones.
@lru_cache(maxsize=1 << 14)
def bytes_of(char: str, read: str) -> bytes:
    """Return the bytes that a character was read from, the usual ones; nothing where there are none.

    >>> bytes_of("你", "gb18030").hex(), bytes_of("丂", "euc_jp").hex(), bytes_of("你", "cp1252")
    ('c4e3', '8fb0a1', b'')
    """
    if char.isascii():
        return char.encode()
    first = 0
    for plane in PLANES:
        if ord(char) in plane:
            break
        first += len(plane)
    else:
        return b""
    block, place = divmod(first + ord(char) - plane.start, BLOCK)
    table = _number_at(_WIDTH * (block * len(READ) + READ.index(read)))
    number = _number_at(_AT_TABLES + _WIDTH * (table * BLOCK + place))
    if number < 0x100:
        return bytes((number,)) if number else b""
    if number < _OF_A_PAIR << 8:
        return bytes((_THREE_BYTES,)) + (number + (_OF_A_PAIR << 8)).to_bytes(2, "big")
    return number.to_bytes(2, "big")


def _number_at(at: int) -> int:
    return int.from_bytes(told()[at : at + _WIDTH], "little")


@cache
def told() -> memoryview:
    """Return the file."""
    return mapped(path_of("bytes.bin"))
