"""Encodings of one byte a character: which of them bytes are in, told by the letters that follow each other in words.

All of them read nearly any bytes, so what is wrong with a misreading is only that nobody writes such words: the model
of letters weighs each encoding with each language it is for. Where several read what was weighed alike, words that tell
them apart are looked for in the rest of the file.

>>> from mojimend.decoding.sample import first_of
>>> data = "Вчера после обеда в школьной библиотеке".encode("koi8-r")
>>> found = read(first_of(data), data)
>>> found.codec, found.language, found.is_sure
('koi8-r', 'ru', True)
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from mojimend.decoding.sample import Sample
from mojimend.encodings.lenient import REPLACEMENT
from mojimend.models import letters
from mojimend.models.letters import CODECS, SCRIPT_OF
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.text.later import later

# Bytes of words that are weighed, and on either side of one that tells encodings apart.
_WEIGHED = 300
_BESIDE = 64
# Words by which encodings are told apart that read those alike, or worse by this at most, and how far they are looked
# for.
_NEAR = 10.0
_WORDS = 32
_FARTHEST = 1 << 16

# What a byte of words costs in their own encoding, in nats, and by how many another one costs more, if the answer is
# sure. Of 2,892 pieces of real files in such encodings, of 64 to 4,000 bytes, 98 in 100 cost 4.1 at most; of 3,406 in
# CJK encodings, 999 in 1,000 cost 5 and more in all of these.
READS_WELL = 4.5
_MARGIN = 3.0
# What a letter of ASCII costs in any language.
_IN_ASCII = 2.7
# Where nothing else comes near.
_ALONE = 30.0

_ASCII = bytes(range(0x80))
_HIGH = bytes(range(0x80, 0x100))
_WORD = later(rb"[\x80-\xff]{4,}")
_OF_A_WORD = 4
_WORDS_OF_A_SCRIPT = 2
_LETTERS = bytes(byte if byte >= 0x80 or chr(byte).isalpha() else 0x20 for byte in range(0x100))


class Single(NamedTuple):
    """What words are in: what a byte of them costs there, and by how much the next encoding costs more; in nats."""

    codec: str
    language: str
    mean: float
    margin: float
    words: tuple[bytes, ...]
    ranked: tuple[letters.Score, ...]

    @property
    def is_sure(self) -> bool:
        """Whether the words read well, and in no other encoding as well."""
        return self.mean <= READS_WELL and self.margin >= _MARGIN

    @property
    def confidence(self) -> float:
        """How likely the encoding is right, as was observed on 2,800 pieces of 64 to 4,000 bytes."""
        ahead = 1 - 0.5 * math.exp(-self.margin / 2)
        return ahead if self.mean <= READS_WELL else 0.6 * ahead

    @property
    def mean_beyond_ascii(self) -> float:
        """What a byte that is not ASCII costs, to be compared with what it does where it is half a character."""
        joined = b"".join(self.words)
        high = len(joined.translate(None, _ASCII))
        return (self.mean * len(joined) - _IN_ASCII * (len(joined) - high)) / high

    def excess(self, codec: str) -> float | None:
        """Return by how much more the words cost in another encoding; None if the model does not know it."""
        if codec not in SCRIPT_OF:
            return None
        tags = {score.language for score in self.ranked}
        least = min((letters.cost(self.words, codec, tag) for tag in tags), default=0.0)
        return least - self.ranked[0].cost


def read(sample: Sample, data: bytes) -> Single | None:
    """Return the encoding in which the words of a sample, and of the data it is of, read best."""
    words = _words_of(sample)
    ranked = letters.rank(words) if words else []
    if not ranked:
        return None
    best = ranked[0]
    mean = best.cost / sum(map(len, words))
    margin = next((score.cost - best.cost for score in ranked if score.codec != best.codec), _ALONE)
    codec, language, apart = _told_apart(words, ranked, data)
    return Single(codec, language, mean, min(margin, apart) if codec == best.codec else apart, words, tuple(ranked))


def _words_of(sample: Sample) -> tuple[bytes, ...]:
    words: dict[bytes, None] = {}
    size = 0
    for whole in b" ".join(sample.words).translate(_LETTERS).split():
        word = whole[:_WEIGHED]
        # One letter again and again says nothing of a language.
        if not word.isascii() and word not in words and (len(word) < _OF_A_WORD or len(set(word)) > 1):
            words[word] = None
            size += len(word)
            if size >= _WEIGHED:
                break
    return tuple(words)


def _told_apart(words: Sequence[bytes], ranked: Sequence[letters.Score], data: bytes) -> tuple[str, str, float]:
    """Return which of the encodings that read the words nearly alike reads the rest of the data best; with its margin.

    The second is the language.
    """
    best = ranked[0]
    near = {score.codec: score.language for score in reversed(ranked) if score.cost - best.cost <= _NEAR}
    joined = b" ".join(words)
    for codec in CODECS[SCRIPT_OF[best.codec]]:
        if codec not in near and joined.decode(codec, "replace") == joined.decode(best.codec, "replace"):
            near[codec] = best.language
    telling = _words_with(_differing(frozenset(near)), data, set(words))
    if not telling:
        return best.codec, best.language, _ALONE
    scores = sorted(
        (letters.cost([*words, *telling], codec, language), codec, language) for codec, language in near.items()
    )
    margin = scores[1][0] - scores[0][0] if len(scores) > 1 else _ALONE
    return scores[0][1], scores[0][2], margin


@lru_cache(maxsize=256)
def _differing(codecs: frozenset[str]) -> bytes:
    """Return the bytes that are not the same character in all of the codecs."""
    texts = [_HIGH.decode(codec, "replace") for codec in codecs]
    return bytes(byte for byte, *chars in zip(_HIGH, *texts, strict=True) if len(set(chars)) > 1)


def _words_with(telling: bytes, data: bytes, known: set[bytes]) -> list[bytes]:
    """Return words that have one of the bytes and are not known, each once."""
    head = data[:_FARTHEST]
    if not telling or len(head.translate(None, telling)) == len(head):
        return []
    words: dict[bytes, None] = {}
    spaced = head.translate(_LETTERS)
    end = 0
    for found in re.finditer(b"[" + re.escape(telling) + b"]", spaced):
        if found.start() < end:
            continue
        first, last = max(end, found.start() - _BESIDE), min(len(spaced), found.end() + _BESIDE)
        start = max(first, spaced.rfind(b" ", first, found.start()) + 1)
        end = spaced.find(b" ", found.end(), last)
        end = last if end < 0 else end
        word = spaced[start:end]
        if word not in known:
            words[word] = None
            if len(words) == _WORDS:
                break
    return list(words)


def is_another_script(sample: bytes) -> bool:
    """Tell whether the words of a sample are not those of Latin script, where few letters in a row are not ASCII."""
    return sum(len(set(word)) >= _OF_A_WORD for word in _WORD.findall(sample)) >= _WORDS_OF_A_SCRIPT


def cost(data: bytes, codec: str) -> float:
    """Return what the characters of bytes cost in a codec, in nats."""
    return plausibility().cost(data.decode(codec, "replace")) / UNITS_PER_NAT


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
