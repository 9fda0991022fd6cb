"""Plain text in a CJK encoding, told at a glance: its beginning, middle and end leave no doubt.

Most files that are not UTF-8 are such text. To take a careful sample of them and to weigh that as ``family`` does takes
ten times as long; all others are left to that.

>>> from mojimend.decoding.family import FAMILIES
>>> data = "今天天气很好，我们去公园散步，晚上回家吃饭。".encode("gb18030")
>>> glance(data, FAMILIES, {}).ranked[0].codec
'gb18030'
>>> glance(b"<p class=a>" + data[:10], FAMILIES, {}) is None
True
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mojimend.decoding.family import FAR, HEAD, JAPANESE, PART_DOUBTED, PLAIN, Score
from mojimend.decoding.regions import has_utf_8
from mojimend.encodings.lenient import BOUNDARY
from mojimend.models.plausibility import UNITS_PER_NAT
from mojimend.models.runs import weigh

# Bytes of each part, how far they are apart at the least, and how far on a line or a word is looked for that the part
# in the middle begins with: some write long paragraphs without a space.
_PART, _APART, _AHEAD = 256, 1024, 8192
# So many different ones CJK text has in so many bytes: of 5,074 pieces four have less. What has fewer may be a rule. Of
# 756 pages most have them in half as many, in Japanese and Korean five in six.
_DIFFERENT, _COUNTED, _COUNTED_AT_FIRST = 32, 128, 64


class Glance(NamedTuple):
    """How well bytes read in the best encoding and the next; what one beyond ASCII costs in the first, in nats."""

    ranked: list[Score]
    mean: float


def glance(data: bytes, families: tuple[str, ...], priors: Mapping[str, float], first: int = 0) -> Glance | None:
    """Look at bytes from the offset ``first`` on; None where that leaves any doubt.

    ``priors`` are as for ``family.rank``.
    """
    parts = _parts(data, first)
    text = b"\n".join(parts)
    if not text or not families or not _may_be_plain(text):
        return None
    ranked = _rank(text[:HEAD], families, priors)
    if _are_near(ranked):
        near = tuple([codec for cost, codec in ranked if cost - ranked[0][0] <= FAR])
        again = _rank(text, near, priors)
        behind = again[-1][0] - ranked[len(near) - 1][0]
        ranked = again + [(cost + behind, codec) for cost, codec in ranked[len(near) :]]
        if _are_near(ranked):
            return None
    beyond_ascii = bytes_beyond = kana = 0
    codec = ranked[0][1]
    for part, (units, units_beyond, beyond, count) in zip(parts, weigh(parts, (codec,)), strict=True):
        if units > PART_DOUBTED * UNITS_PER_NAT * len(part):
            return None
        beyond_ascii += units_beyond
        bytes_beyond += beyond
        kana += count
    # Where more is ASCII it may be a page of markup, and kana are the same bytes in several encodings.
    if 2 * bytes_beyond < len(text) or (kana and codec not in JAPANESE):
        return None
    mean = beyond_ascii / bytes_beyond / UNITS_PER_NAT
    if mean > PLAIN:
        return None
    return Glance([Score(cost, codec, priors.get(codec, 0.0)) for cost, codec in ranked[:2]], mean)


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


def _are_near(ranked: list[tuple[float, str]]) -> bool:
    return len(ranked) > 1 and ranked[1][0] - ranked[0][0] <= FAR


def _rank(data: bytes, families: tuple[str, ...], priors: Mapping[str, float]) -> list[tuple[float, str]]:
    """Return what bytes cost in each encoding, in nats, the least first."""
    weighed = zip(weigh((data,), families), families, strict=True)
    return sorted([(told[0] / UNITS_PER_NAT - priors.get(codec, 0.0), codec) for told, codec in weighed])
