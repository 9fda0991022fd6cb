"""What bytes say in an encoding in which most characters beyond ASCII are two of them, told pair by pair."""

from __future__ import annotations

from functools import cache, lru_cache

from mojimend.encodings.lenient import FIRST_OF_PAIR
from mojimend.kernel import COMPILED, Characters, Pairs

# The encodings that are read here, none of which has two bytes that are two characters, and what they have to be looked
# at for: private use in GB18030, which what is shifted has again and again, and what nobody writes in code page 932.
STRAY_IN_CP932 = "\x80\xa0\uf8f1\uf8f2\uf8f3"
_DOUBTED = {
    "gb18030": "\ue000-\uf8ff", "cp932": STRAY_IN_CP932, "cp950": "", "euc_jp": "", "cp949": "", "johab": "",
}  # fmt: skip
# Each byte, with a line feed behind it, and what a pair of them can begin and end with.
_EACH_BYTE = b"".join(b"%c\n" % byte for byte in range(0x100))
_LEADS, _TRAILS = bytes(range(0x80, 0x100)), bytes(range(0x40, 0x100))
_THREE_BYTES = 0x8F  # what EUC-JP begins them with


@lru_cache(maxsize=4096)
def first_of(data: bytes, written: str) -> tuple[str, int, bool]:
    """Return the character that bytes begin with, or none, how many bytes it has, and whether two bytes told it.

    >>> first_of(bytes.fromhex("c4e3bac3"), "gb18030"), first_of(bytes.fromhex("ff41"), "gb18030")
    (('你', 2, True), ('', 1, True))
    """
    may_be_three = data[0] == _THREE_BYTES and written.startswith("euc_j")
    if may_be_three and len(data) > 1 and data[1] < FIRST_OF_PAIR:
        return "", 1, False
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


def table_of(written: str) -> tuple[str, bytes, bytes, str]:
    r"""Return what each byte is by itself, or U+FFFD; first bytes, second bytes, and what each two of those show.

    It is the same as ``first_of`` says, of all at once, as that takes no longer than of a few; that is asked where this
    is silent. A line feed behind each two bytes shows them apart.

    >>> alone, leads, trails, shown = table_of("gb18030")
    >>> alone[0x41], shown.split("\n")[leads.index(0xC4) * len(trails) + trails.index(0xE3)]
    ('A', '你')
    """
    # No pair ends with a line feed, so that what needs a second byte is none.
    alone = _EACH_BYTE.decode(written, "replace")[::2]
    leads = _LEADS.replace(bytes((_THREE_BYTES,)), b"") if written.startswith("euc_j") else _LEADS
    return alone, leads, _TRAILS, _each_pair(leads).decode(written, "replace")


@cache
def _each_pair(leads: bytes) -> bytes:
    """Return each of the bytes with each that can end a pair, and a line feed behind each two."""
    data = bytearray(b"\n") * (3 * len(leads) * len(_TRAILS))
    data[::3] = b"".join(bytes((lead,)) * len(_TRAILS) for lead in leads)
    data[1::3] = _TRAILS * len(leads)
    return bytes(data)


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
