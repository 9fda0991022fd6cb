r"""UTF-16 and UTF-32 without a byte order mark, told by what the bytes make and not by NULs alone.

Chinese has no NULs in UTF-16, but its high bytes are few: those of hanzi, of marks and of line ends.

>>> read("不知道這是什麼文字。".encode("utf-16-le"))[:2]
('utf-16-le', '不知道這是什麼文字。')
>>> read(b"Bush hid the facts") is None
True
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

from mojimend.decoding.sample import PART
from mojimend.encodings import lenient
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility

# Bytes of text that are weighed.
_WEIGHED = 2 * PART
# High bytes of what is in use: Latin, Greek, Cyrillic, Hebrew, Arabic, Thai; marks; kana and Han; Hangul and
# halves of what is beyond FFFF; wide forms.
_HIGH = bytes.fromhex("00 01 03 04 05 06 0e 20 21 22 25 26 30 31 32 33 fe ff") + bytes(
    (*range(0x4E, 0xA0), *range(0xAC, 0xE0))
)
_MOST_OTHERS = 0.1
# Nats a character that text stays below: CJK has 8, or 10 in a few characters; Latin 4. Bytes of another encoding
# read as UTF-16 have 11 and more.
_READS_WELL = 10.5
_UTF_32 = ("utf-32-le", "utf-32-be")
_UTF_16 = ("utf-16-le", "utf-16-be")


class Wide(NamedTuple):
    """What such bytes say; ``cost`` is the mean of its characters, in nats."""

    encoding: str
    text: str
    errors: tuple[int, ...]
    cost: float


def read(data: bytes) -> Wide | None:
    """Read bytes in one of these encodings; None if they are in none.

    Bytes without NULs and other controls are taken for it only if no byte is ASCII text.
    """
    if len(data) < 4:
        return None
    nuls = data[: 1 << 16].count(0)
    if nuls:
        for encoding in _UTF_32:
            if nuls * 4 >= min(len(data), 1 << 16) and _cost(data, encoding) is not None:
                return _read(data, encoding, 0.0)
    weighed = [(cost, encoding) for encoding in _UTF_16 if (cost := _cost(data, encoding)) is not None]
    if not weighed:
        return None
    cost, encoding = min(weighed)
    return _read(data, encoding, cost)


def _read(data: bytes, encoding: str, cost: float) -> Wide:
    return Wide(encoding, *lenient.decode(data, encoding), cost)


def _cost(data: bytes, encoding: str) -> float | None:
    """Return the cost of the text in nats, a character; None if it is none."""
    width = int(encoding[4:6]) // 8
    middle = len(data) // 2 // width * width
    pieces = [data[:_WEIGHED]]
    if middle > _WEIGHED:
        pieces.append(data[middle : middle + _WEIGHED])
    total, count = 0.0, 0
    for piece in pieces:
        if width == 2:
            high = piece[1::2] if encoding == "utf-16-le" else piece[::2]
            if len(high.translate(None, _HIGH)) > _MOST_OTHERS * len(high):
                return None
        text = codecs.getincrementaldecoder(encoding)("replace").decode(piece)
        total += plausibility().cost(text) / UNITS_PER_NAT
        count += len(text)
    mean = total / count if count else _READS_WELL
    return mean if mean < _READS_WELL else None
