"""Which of the CJK encodings bytes are in, told by the characters they make.

Bytes are read in each encoding, and the readings compared by how likely their characters are. A byte that is bad in
an encoding makes one that no text has, so it costs points and excludes nothing: scraped files are full of such bytes.

>>> [score.codec for score in rank("今天天气很好".encode("gb18030"))][0]
'gb18030'
"""

from __future__ import annotations

import codecs
import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from mojimend.decoding import resync
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.models.runs import ANY_KANA_LETTER
from mojimend.text.katakana import widened

# EUC-JP of Windows has NEC's marks, which only this codec of Python's knows.
_WIDEST = {"euc_jp": "euc_jis_2004"}
FAMILIES = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "johab")

# The model knows kana as what Japanese is made of. In the encodings of the others they are there, and hardly used.
JAPANESE = frozenset({"cp932", "euc_jp"})
_KANA_ELSEWHERE = 12  # in units of the model

# Stands for half a character at the end: it costs what an average one does, and is ASCII in none of the encodings.
_CUT = "的"

# Costs here are in nats, so that a difference of one is a likelihood e times as great.
#
# The first look counts characters by themselves; those that are as near as this to the best are read again with their
# neighbours in view, and with lost bytes found.
_NEAR = 30.0
# Those that are farther behind than this after so many bytes are not read on.
FAR = 60.0
HEAD = 160
# Text in its own encoding costs less than this a byte.
_DOUBTED = 4.8
_LOST = 14.0
_SURELY = 10.0
# A first piece of fewer bytes costs less than that when it is read from its second byte on.
_SHORT = 5
# Text in its own encoding costs less than this a byte, damaged and cut as it may be, unless it is very short; of 736
# pieces in single-byte encodings that are not Latin script, 19 in 20 cost more in all of these.
HOPELESS = 6.2
_VERY_SHORT = 32
# Of 145 CJK files and their first 64 to 4,000 bytes that are not ASCII, 95 in 100 cost less than 4.5 in their own
# encoding; of 241 files in single-byte encodings, 95 in 100 cost more than 5.1 in the CJK encoding they fit best.
PLAIN = 4.3
# A part of a file that costs so much in the encoding of the whole may be in another one.
PART_DOUBTED = 5.0


class Score(NamedTuple):
    """How well bytes read in a codec: the cost of their characters, in nats; the lower, the likelier."""

    cost: float
    codec: str
    prior: float = 0.0


class Best(NamedTuple):
    """The codec that bytes read best in, and by how much it is ahead, in nats, of which, if there is another."""

    codec: str
    margin: float
    runner_up: str | None


def best_of(ranked: Sequence[Score]) -> Best:
    """Return the first of the ranked."""
    if len(ranked) == 1:
        return Best(ranked[0].codec, 0.0, None)
    return Best(ranked[0].codec, ranked[1].cost - ranked[0].cost, ranked[1].codec)


def rank(
    data: bytes,
    families: Collection[str] = FAMILIES,
    priors: Mapping[str, float] = MappingProxyType({}),
    first: list[Score] | None = None,
) -> list[Score]:
    """Return how well the bytes read in each family, the best first.

    ``priors`` are nats by which a family is likelier than the others before any byte was seen; ``first`` is what
    ``first_look`` has said, if it was asked before.
    """
    head = data[:HEAD]
    first = first or first_look(data, families, priors)
    if not first:
        return []
    if _mean(first[0], head) > _DOUBTED and head.find(b"\n", 0, _SHORT) < 0:
        # A piece that was cut out of a file may begin with half a character.
        for lost in (1, 2):
            price = _LOST * lost
            if _weigh(head[lost:], families, priors)[0].cost + price + _SURELY < first[0].cost:
                cut = _weigh(data[lost:], families, priors)
                return [score._replace(cost=score.cost + price) for score in cut]
    is_hopeless = len(head) > _VERY_SHORT and _mean(first[0], head) > HOPELESS
    rough = first
    if len(data) > len(head):
        # Most are out of the question after a few characters. They stay as far behind as they were then.
        near = [score for score in first if score.cost - first[0].cost <= FAR][: 1 if is_hopeless else None]
        rough = _weigh(data, [score.codec for score in near], priors)
        behind = rough[-1].cost - near[-1].cost
        rough += [score._replace(cost=score.cost + behind) for score in first[len(near) :]]
    if len(rough) < 2 or rough[1].cost - rough[0].cost > _NEAR or is_hopeless:
        return rough
    near = [score for score in rough if score.cost - rough[0].cost <= _NEAR]
    fine = sorted(score._replace(cost=_cost(data, score.codec) - score.prior) for score in near)
    return fine + [score._replace(cost=max(score.cost, fine[-1].cost)) for score in rough[len(near) :]]


def first_look(data: bytes, families: Collection[str], priors: Mapping[str, float]) -> list[Score]:
    """Return how well the first of the bytes read in each family, the best first."""
    return _weigh(data[:HEAD], families, priors)


def _mean(score: Score, data: bytes) -> float:
    return (score.cost + score.prior) / len(data)


def rank_past_losses(data: bytes, families: Collection[str], priors: Mapping[str, float]) -> list[Score]:
    """Rank bytes of which one that is lost may have turned all others into other characters; takes far longer."""
    head = data[:HEAD]
    return sorted(
        Score(_cost(head, codec) - priors.get(codec, 0.0), codec, priors.get(codec, 0.0)) for codec in families
    )


def _weigh(data: bytes, families: Collection[str], priors: Mapping[str, float]) -> list[Score]:
    scores = []
    for codec in families:
        prior = priors.get(codec, 0.0)
        text = _read(data, codec)
        units = plausibility().alone(_as_known(text, codec)) + cost_elsewhere(text, codec)
        scores.append(Score(units / UNITS_PER_NAT - prior, codec, prior))
    return sorted(scores)


def cost_elsewhere(text: str, codec: str) -> int:
    """Return what the kana of a text cost more, in units of the model, in an encoding of another language."""
    return 0 if codec in JAPANESE else _KANA_ELSEWHERE * ANY_KANA_LETTER.count(text)


def cost(data: bytes, codec: str) -> float:
    """Return how well the bytes read in one codec: the sum of their characters', each by itself, in nats."""
    return plausibility().alone(_as_known(_read(data, codec), codec)) / UNITS_PER_NAT


def _cost(data: bytes, codec: str) -> float:
    text = _as_known(resync.decode(data, codec)[0], codec)
    # What its pieces begin with stood behind something in the file.
    model = plausibility()
    pieces = text.split("\n") if "\n" in text else []
    firsts = sum(model.singles[piece[0]] - model.pairs["\n" + piece[0]] for piece in pieces if piece)
    return (model.cost(text) + firsts + cost_elsewhere(text, codec)) / UNITS_PER_NAT


def _as_known(text: str, codec: str) -> str:
    return widened(text) if codec in JAPANESE else text


def _read(data: bytes, codec: str) -> str:
    # What is cut at the end is no error, but says something.
    decoder = _decoder(_WIDEST.get(codec, codec))("replace")
    text = decoder.decode(data)
    return text + _CUT if decoder.getstate()[0] else text


_decoder = cache(codecs.getincrementaldecoder)


def certainty(margin: float, mean: float) -> float:
    """Return how likely the better of two readings is right, by the nats it is ahead and what a byte of it costs.

    Fitted to what was observed on 1,300 pieces of 8 to 4,000 bytes; benchmarks/detection.py tells how well it holds.

    >>> round(certainty(1, 4), 2), round(certainty(10, 4), 2), round(certainty(40, 4), 2), round(certainty(40, 5.8), 2)
    (0.55, 0.93, 1.0, 0.6)
    """
    ahead = 1 - 0.55 * math.exp(-margin / 5)
    return ahead * min(1.0, max(0.3, 1 - 0.8 * (mean - 5.3)))
