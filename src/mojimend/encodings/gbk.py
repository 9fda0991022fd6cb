"""GBK as Windows code page 936 and its relatives read it: one or two bytes a character, and nothing refused.

CPython's ``gb18030`` knows every two-byte character of GBK and maps the user-defined rows (AAA1-AFFE, F8A1-FEFE,
A140-A7A0) to the Private Use Area, as Windows does. What it lacks is the single byte 80, which Windows reads as the
euro sign. Four-byte characters did not exist when the pages we mend were damaged, so they have no bytes here.

    >>> to_bytes("順").hex(), to_bytes("€").hex(), to_bytes("😀")
    ('ed98', '80', None)
    >>> to_char(0xED, 0x98), to_char(0xB7, 0x28)
    ('順', None)
"""

from __future__ import annotations

from functools import lru_cache

EURO_SIGN = "\N{EURO SIGN}"


def is_lead(byte: int) -> bool:
    """Tell whether the byte begins a two-byte character."""
    return 0x81 <= byte <= 0xFE


@lru_cache(maxsize=4096)
def to_bytes(char: str) -> bytes | None:
    """Return the one or two bytes that were read as this character, or None if no bytes are."""
    if char == EURO_SIGN:
        return b"\x80"
    try:
        data = char.encode("gb18030")
    except UnicodeEncodeError:  # a lone surrogate
        return None
    return data if len(data) <= 2 else None


@lru_cache(maxsize=4096)
def to_char(lead: int, trail: int) -> str | None:
    """Return the character of two bytes, or None where they are none."""
    try:
        return bytes((lead, trail)).decode("gb18030")
    except UnicodeDecodeError:
        return None


def encode(text: str) -> bytes:
    """Return the bytes that were read as this text.

    Raises:
        UnicodeEncodeError: A character has no bytes in GBK.

    >>> encode("€ 順").hex(" ")
    '80 20 ed 98'
    """
    pieces = []
    for at, char in enumerate(text):
        data = to_bytes(char)
        if data is None:
            raise UnicodeEncodeError("gbk", text, at, at + 1, "not in GBK")
        pieces.append(data)
    return b"".join(pieces)


def decode(data: bytes) -> str:
    """Read as the software did that shredded the glossed pages: a lead byte and a byte that is no trail make one ``?``.

    >>> decode(bytes.fromhex("ed98 b7 28 6c a8a8 29"))
    '順?lè)'
    """
    text, at = [], 0
    while at < len(data):
        byte = data[at]
        if byte <= 0x80:
            text.append(EURO_SIGN if byte == 0x80 else chr(byte))
            at += 1
        else:
            char = to_char(byte, data[at + 1]) if at + 1 < len(data) else None
            text.append(char or "?")
            at += 2
    return "".join(text)
