"""Encodings of one byte a character: which of them Cyrillic and Greek are in, told by the same model of characters.

These are in a handful of encodings each, which read each other's letters as letters, but hardly ever as a text. Of
Latin script most bytes are ASCII, and there are more languages of it than the model knows; so that, Hebrew, Arabic and
Thai are left to others, and are here only to be told from the rest.

>>> read("Вчера после обеда в школьной библиотеке".encode("koi8-r")).codec
'koi8-r'
>>> read("昨天下午学校图书馆举办了一场讲座".encode("gb18030")) is None
True
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility

# Each stands for those that differ from it in a few letters, which are told apart by these.
_KIN = {
    "koi8-r": ("koi8-r", "koi8-u"),
    "cp1251": ("cp1251", "mac-cyrillic"),
    "mac-cyrillic": ("mac-cyrillic", "cp1251"),
    "cp1253": ("cp1253", "iso8859-7"),
    "iso8859-15": ("cp1252", "iso8859-15"),
}
_CODECS = ("cp1251", "koi8-r", "iso8859-5", "cp866", "cp855", "mac-cyrillic", "cp1253", "cp1255", "cp1256", "cp874")
_UNKNOWN_TO_THE_MODEL = frozenset({"cp1255", "cp1256", "cp874"})
# Bytes that are weighed, at first and of those that are as near to the best, in nats, as this.
_HEAD = 48
_WEIGHED = 160
_NEAR = 20.0
_FEWEST = 12
# Of 736 pieces of 64 to 4,000 bytes of Cyrillic, Greek, Hebrew, Arabic and Thai, the 485 that cost less than this, in
# nats a byte, were all right; the cheapest of the wrong had 4.45.
READS_WELL = 4.2
_MARGIN = 6.0
_HIGH = bytes(range(0x80, 0x100))
# Bytes of Thai, which has no spaces between words, so that its runs are long.
_THAI = bytes((*range(0x80), *range(0xA1, 0xDB), *range(0xDF, 0xFC)))
_OF_A_RUN = 16
_WORD = re.compile(rb"[\x80-\xff]{4,}")
_OF_A_WORD = 4
_WORDS_OF_A_SCRIPT = 2
# Words by which kin are told apart, and how far they are looked for.
_WORDS = 32
_FARTHEST = 1 << 16
_BOUNDARIES = bytes(byte if byte >= 0x30 else 0x20 for byte in range(0x100))


class Single(NamedTuple):
    """What such bytes are in, what a byte costs there, and by how much the next encoding costs more; in nats."""

    codec: str
    mean: float
    margin: float


def read(sample: bytes) -> Single | None:
    """Return what a sample of a file is in, if that is sure."""
    head = sample[:_HEAD]
    if len(head) < _FEWEST:
        return None
    first = sorted((cost(head, codec), codec) for codec in _CODECS)
    if first[0][0] > (READS_WELL + 1) * len(head):
        return None
    near = [codec for total, codec in first if total - first[0][0] <= _NEAR]
    weighed = sample[:_WEIGHED]
    costs = first if weighed == head else sorted((cost(weighed, codec), codec) for codec in near)
    best, codec = costs[0]
    mean = best / len(weighed)
    others = [total for total, other in costs if other not in _KIN.get(codec, codec)]
    margin = others[0] - best if others else _NEAR
    if mean > READS_WELL or margin < _MARGIN or codec in _UNKNOWN_TO_THE_MODEL:
        return None
    return Single(codec, mean, margin)


def is_thai(sample: bytes) -> bool:
    """Tell whether all of a sample could be Thai: nearly all CJK text has bytes soon that this lacks.

    >>> is_thai("เมื่อวานตอนบ่าย ห้องสมุดของโรงเรียนจัด".encode("cp874")), is_thai(bytes(range(0xA1, 0xFE)))
    (True, False)
    """
    is_long = max(map(len, _WORD.findall(sample)), default=0) >= _OF_A_RUN
    return is_long and not sample.translate(None, _THAI)


def is_another_script(sample: bytes) -> bool:
    """Tell whether the words of a sample are not those of Latin script, where few letters in a row are not ASCII."""
    return sum(len(set(word)) >= _OF_A_WORD for word in _WORD.findall(sample)) >= _WORDS_OF_A_SCRIPT


def cost(data: bytes, codec: str) -> float:
    """Return what the characters of bytes cost in a codec, in nats."""
    return plausibility().cost(data.decode(codec, "replace")) / UNITS_PER_NAT


def nearest_of_kin(data: bytes, codec: str, margin: float = 0.0) -> str:
    """Return which of the encodings that differ in a few letters from a codec reads the bytes best.

    The others have to read better than the codec by a margin, in nats.

    >>> nearest_of_kin("Άνοιξη".encode("iso8859-7"), "cp1253"), nearest_of_kin("Άνοιξη".encode("cp1253"), "cp1253")
    ('iso8859-7', 'cp1253')
    """
    kin = _KIN.get(codec, (codec,))
    if len(kin) == 1:
        return codec
    same = _same_in(kin)
    words = (word for word in data[:_FARTHEST].translate(_BOUNDARIES).split() if word.translate(None, same))
    telling = b"\n".join(islice(words, _WORDS))
    if not telling:
        return kin[0]
    return min(kin, key=lambda other: cost(telling, other) + margin * (other != codec))


@cache
def _same_in(kin: tuple[str, ...]) -> bytes:
    same = (byte for byte in range(0x100) if len({bytes((byte,)).decode(codec, "replace") for codec in kin}) == 1)
    return bytes(same)


@cache
def is_single(codec: str) -> bool:
    """Tell whether a character is one byte in a codec, all of them.

    >>> is_single("koi8-r"), is_single("cp932"), is_single("utf-8")
    (True, False, False)
    """
    try:
        text = _HIGH.decode(codec, "replace")
    except UnicodeError:
        return False
    return len(text) == len(_HIGH) > 2 * text.count(REPLACEMENT)
