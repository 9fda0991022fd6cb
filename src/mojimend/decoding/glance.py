"""Plain text in a CJK encoding, told at a glance: its beginning, middle and end leave no doubt.

Most files that are not UTF-8 are such text. To take a careful sample of them and to weigh that as ``family`` does takes
ten times as long; all others are left to that.

>>> from mojimend.decoding.family import FAMILIES
>>> data = "今天天气很好，我们去公园散步，晚上回家吃饭。".encode("gb18030")
>>> glance(data, FAMILIES, {})[0].codec
'gb18030'
>>> glance(b"<p class=a>" + data[:10], FAMILIES, {}) is None
True
"""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from mojimend.decoding.family import FAR, HEAD, JAPANESE, PART_DOUBTED, PLAIN, Best, Score, best_of
from mojimend.decoding.regions import has_utf_8
from mojimend.encodings.lenient import BOUNDARY
from mojimend.kernel import COMPILED, Glance
from mojimend.models.plausibility import UNITS_PER_NAT
from mojimend.models.runs import runs_of, weigh

# Bytes of each part, how far they are apart at the least, and how far on a line or a word is looked for that the part
# in the middle begins with: some write long paragraphs without a space.
_PART, _APART, _AHEAD = 256, 1024, 8192
# So many different ones CJK text has in so many bytes: of 5,074 pieces four have less. What has fewer may be a rule. Of
# 756 pages most have them in half as many, in Japanese and Korean five in six.
_DIFFERENT, _COUNTED, _COUNTED_AT_FIRST = 32, 128, 64
# What a part costs at the most for each of its bytes, in units of the model.
_DOUBTED = PART_DOUBTED * UNITS_PER_NAT

# The best encoding, by how many nats it is ahead, and of which, if there is another; what it costs beyond ASCII, in
# units of the model, how many bytes that are, of how many in parts that have any, and how many characters are kana.
Told: TypeAlias = tuple[str, float, str | None, int, int, int, int]


def glance(
    data: bytes, families: tuple[str, ...], priors: dict[str, float], first: int = 0
) -> tuple[Best, float] | None:
    """Look at bytes from the offset ``first`` on; None where that leaves any doubt.

    ``priors`` are as for ``family.rank``. With the best encoding comes what a byte beyond ASCII costs there, in nats.
    """
    told = _look(data, families, priors, first)
    if told is None:
        return None
    codec, margin, runner_up, beyond_ascii, bytes_beyond, size, kana = told
    # Where more is ASCII it may be a page of markup, and kana are the same bytes in several encodings.
    if not bytes_beyond or 2 * bytes_beyond < size or (kana and codec not in JAPANESE):
        return None
    mean = beyond_ascii / bytes_beyond / UNITS_PER_NAT
    return (Best(codec, margin, runner_up), mean) if mean <= PLAIN else None


def pure_look(data: bytes, families: tuple[str, ...], priors: dict[str, float], first: int) -> Told | None:
    """Rank the encodings by three parts of the bytes; None where these leave any doubt.

    >>> told = pure_look("今天天气很好，我们去公园散步。".encode("gb18030"), ("big5hkscs", "gb18030"), {}, 0)
    >>> told[0], told[2], told[4:]
    ('gb18030', 'big5hkscs', (30, 30, 0))
    """
    parts = _parts(data, first)
    text = b"\n".join(parts)
    if not text or not families or not _may_be_plain(text):
        return None
    ranked = _rank(text[:HEAD], families, priors)
    if _are_near(ranked):
        ranked = _rank(text, tuple([score.codec for score in ranked if score.cost - ranked[0].cost <= FAR]), priors)
        if _are_near(ranked):
            return None
    size = beyond_ascii = bytes_beyond = kana = 0
    for part, (units, units_beyond, beyond, count) in zip(parts, weigh(parts, (ranked[0].codec,)), strict=True):
        # What is in ASCII is the same in all encodings.
        if not beyond:
            continue
        if units > _DOUBTED * len(part):
            return None
        size += len(part)
        beyond_ascii += units_beyond
        bytes_beyond += beyond
        kana += count
    return *best_of(ranked), beyond_ascii, bytes_beyond, size, kana


def _look_in_c(data: bytes, families: tuple[str, ...], priors: dict[str, float], first: int) -> Told | None:
    return _loops(families).look(data, priors, first) if families else None


@cache
def _loops(families: tuple[str, ...]) -> Glance:
    # Of two that cost the same the first by its name is the best.
    codecs = tuple(sorted(families))
    return Glance(
        codecs,
        tuple(map(runs_of, codecs)),
        part=_PART,
        apart=_APART,
        ahead=_AHEAD,
        head=HEAD,
        counted_at_first=_COUNTED_AT_FIRST,
        counted=_COUNTED,
        different=_DIFFERENT,
        units=UNITS_PER_NAT,
        far=FAR,
        doubted=_DOUBTED,
    )


_look = _look_in_c if COMPILED else pure_look


def _parts(data: bytes, first: int) -> tuple[bytes, ...]:
    """Return what stands at the beginning, in the middle and where the last line begins that is long enough.

    Nothing where the middle is so long without a boundary that it may be no text.
    """
    size = len(data)
    starts = [first]
    middle = first + (size - first) // 2
    if middle - first > _APART:
        boundary = BOUNDARY.search(data, middle, middle + _AHEAD)
        if boundary is None:
            return ()
        starts.append(boundary.end())
    if line := data.rfind(b"\n", starts[-1] + _APART, size - _PART) + 1:
        starts.append(line)
    return tuple([data[start : start + _PART] for start in starts])


def _may_be_plain(text: bytes) -> bool:
    """Tell whether many bytes of its beginning are different, and there is no NUL and no UTF-8."""
    if b"\0" in text or has_utf_8(text):
        return False
    least = min(_DIFFERENT, len(text) // 4)
    return len(set(text[:_COUNTED_AT_FIRST])) >= least or len(set(text[:_COUNTED])) >= least


def _are_near(ranked: list[Score]) -> bool:
    return len(ranked) > 1 and ranked[1].cost - ranked[0].cost <= FAR


def _rank(data: bytes, families: tuple[str, ...], priors: dict[str, float]) -> list[Score]:
    """Return what bytes cost in each encoding, in nats, the least first."""
    weighed = zip(weigh((data,), families), families, strict=True)
    return sorted([Score(told[0] / UNITS_PER_NAT - priors.get(codec, 0.0), codec) for told, codec in weighed])
