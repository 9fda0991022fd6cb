"""What bytes say in an encoding in which most characters beyond ASCII are two of them, told pair by pair."""

from __future__ import annotations

from functools import cache, lru_cache

from mojimend.encodings.lenient import FIRST_OF_PAIR, REPLACEMENT
from mojimend.kernel import COMPILED, Characters, Pairs
from mojimend.tables import mapped, path_of

# The encodings that are read here, none of which has two bytes that are two characters, and what they have to be looked
# at for: private use in GB18030, which what is shifted has again and again, and what nobody writes in code page 932.
STRAY_IN_CP932 = "\x80\xa0\uf8f1\uf8f2\uf8f3"
_DOUBTED = {
    "gb18030": "\ue000-\uf8ff", "cp932": STRAY_IN_CP932, "cp950": "", "euc_jp": "", "cp949": "", "johab": "",
}  # fmt: skip
# Of these ``pairs.bin`` tells, in this order, and last of JIS X 0212, which EUC-JP has behind the byte 8F.
BEHIND_8F = "euc_jp behind 8f"
IN_PAIRS = (
    "gb18030", "big5hkscs", "cp950", "cp932", "euc_jp", "cp949", "johab", "shift_jis_2004", "euc_jis_2004", BEHIND_8F,
)  # fmt: skip
# What a pair of bytes begins and ends with, and what the table has for one that is more than one character, or no pair.
LEADS, TRAILS = range(0x80, 0x100), range(0x40, 0x100)
NOT_TOLD = "\0"
# The table has two bytes for each byte by itself and for each pair, the lower first, and for each pair a bit whether it
# is in plane 2, beyond the BMP; and NUL to the end of a page of memory.
AT_PAIRS = 2 * 0x100
AT_BITS = AT_PAIRS + 2 * len(LEADS) * len(TRAILS)
SIZE, PLANE_2 = 13 * 4096, 0x20000
_THREE_BYTES = 0x8F  # what EUC-JP begins them with
# What the second and the fourth of four bytes of GB18030 are, and the third.
_FOUR, DIGITS, LEADS_OF_FOUR = 4, range(0x30, 0x3A), range(0x81, 0xFF)


@lru_cache(maxsize=4096)
def first_of(data: bytes, written: str) -> tuple[str, int, bool]:
    """Return the character that bytes begin with, or none, how many bytes it has, and whether two bytes told it.

    >>> first_of(bytes.fromhex("c4e3bac3"), "gb18030"), first_of(bytes.fromhex("ff41"), "gb18030")
    (('你', 2, True), ('', 1, True))
    """
    if written == "gb18030" and _is_broken_four(data):
        # Nearly all such bytes that are asked about are none, and the codec takes a millisecond to load.
        return "", 1, False
    may_be_three = data[0] == _THREE_BYTES and written.startswith("euc_j")
    if may_be_three and min(data[1:3], default=FIRST_OF_PAIR) < FIRST_OF_PAIR:
        return "", 1, False
    if may_be_three and len(data) < 3:
        return "", len(data), False
    if may_be_three and written == "euc_jp":
        char = shown_by_pair(table_of(BEHIND_8F), data[1], data[2])
        return ("", 1, False) if char == REPLACEMENT else (char, 3, False)
    for width in range(1, len(data) + 1):
        try:
            char = data[:width].decode(written)
        except UnicodeDecodeError:
            continue
        # Two bytes of HKSCS are a letter with its accent.
        return char[0], width, width <= 2
    try:
        data.decode(written)
    except UnicodeDecodeError as error:
        is_pair = len(data) > 1 and min(data[:2]) >= FIRST_OF_PAIR
        width = 2 if is_pair else error.end
        # What is longer begins so, and was told by what came behind.
        longer = may_be_three or (written == "gb18030" and data[1:2].isdigit())
        return "", width, width <= 2 and not longer
    raise AssertionError("what can't be read in pieces can't be read")


def _is_broken_four(data: bytes) -> bool:
    """Tell whether bytes begin as four of GB18030 do, and do not go on so."""
    if len(data) < _FOUR or data[0] < LEADS.start or data[1] not in DIGITS:
        return False
    return data[2] not in LEADS_OF_FOUR or data[3] not in DIGITS


def table_of(written: str) -> memoryview:
    """Return the table of an encoding: what each byte is by itself, and each of ``LEADS`` with each of ``TRAILS``.

    It is what ``first_of`` says, which is asked where this is silent. Python's codecs take ten times as long to load.

    >>> shown_alone(table_of("gb18030"), 0x41), shown_by_pair(table_of("gb18030"), 0xC4, 0xE3)
    ('A', '你')
    """
    at = SIZE * IN_PAIRS.index(written)
    return _told()[at : at + SIZE]


def shown_alone(table: memoryview, byte: int) -> str:
    """Return what a byte is by itself, or U+FFFD."""
    return chr(int.from_bytes(table[2 * byte : 2 * byte + 2], "little"))


def shown_by_pair(table: memoryview, lead: int, trail: int) -> str:
    """Return what a pair of bytes is, U+FFFD if that is nothing, or ``NOT_TOLD``."""
    place = (lead - LEADS.start) * len(TRAILS) + trail - TRAILS.start
    at = AT_PAIRS + 2 * place
    is_beyond = table[AT_BITS + place // 8] >> place % 8 & 1
    return chr(PLANE_2 * is_beyond + int.from_bytes(table[at : at + 2], "little"))


@cache
def _told() -> memoryview:
    return mapped(path_of("pairs.bin"))


@cache
def _pairs(encoding: str) -> Pairs:
    return Pairs(table_of(encoding), lambda data: first_of(data, encoding), Characters(_DOUBTED[encoding]))


def read(data: bytes, encoding: str) -> tuple[str, int]:
    r"""Return what bytes say, and up to which offset: that of the first that say nothing, or that have to be looked at.

    This takes half as long as Python's codecs, which read the rest; without C they read all.

    >>> text, stop = read("天气".encode("gb18030") + b"\xff", "gb18030")
    >>> text + (b"\xcc\xec\xc6\xf8\xff"[stop:-1]).decode("gb18030")
    '天气'
    """
    return _pairs(encoding).read(data) if COMPILED and encoding in _DOUBTED else ("", 0)
