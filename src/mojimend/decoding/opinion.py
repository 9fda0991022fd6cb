"""What chardet and charset-normalizer think of bytes that no stage of ours is sure of.

Both are imported here, and only when they are asked: together they cost some 70 ms.
"""

from __future__ import annotations

from enum import Enum
from itertools import pairwise

from mojimend.decoding.result import Evidence
from mojimend.decoding.sample import first_beyond_ascii
from mojimend.encodings.labels import codec_name

# How often chardet's answers were right, by the figure it gives with them: 1,122 pieces of real files.
_OBSERVED = ((0.0, 0.2), (0.02, 0.35), (0.04, 0.65), (0.06, 0.8), (0.1, 0.85), (0.15, 0.9), (0.2, 0.98), (1.0, 1.0))

# Detectors are given so many bytes from the first that is not ASCII, from the middle and to the end of larger files.
_STRETCH = 1 << 14


# ISO has controls in 80 to 9F, where Windows has marks, and DOS and the Mac have most of their letters.
_WINDOWS = ("cp1250", "cp1252", "cp1254", "cp1257", "cp1258")
_ISO = ("iso8859-2", "iso8859-13", "iso8859-15", "iso8859-16")
_DOS = ("mac-roman", "cp437", "cp850", "cp852")
_OTHERS = (
    "cp1251", "iso8859-5", "koi8-r", "koi8-u", "mac-cyrillic", "cp866", "cp855", "cp1253", "iso8859-7", "cp737",
    "cp869", "cp1255", "iso8859-8", "cp862", "cp1256", "iso8859-6", "cp874", "tis-620",
)  # fmt: skip
# Below this figure nothing is right that chardet was asked about; then it is asked about all that it knows.
_AT_A_LOSS = 0.02


class Among(Enum):
    """What chardet is asked about. It takes as long as there are encodings, and errs less where there are fewer."""

    LATIN = _WINDOWS + _ISO
    LATIN_OF_DOS_TOO = _WINDOWS + _DOS
    OTHERS = _OTHERS
    SINGLE = _WINDOWS + _ISO + _DOS + _OTHERS
    ALL = None


def of_chardet(data: bytes, among: Among = Among.ALL) -> Evidence:
    """Ask chardet, which is the best of them for a single byte a character."""
    import chardet  # noqa: PLC0415

    data = _excerpt(data)
    answer = chardet.detect(data, include_encodings=among.value)
    if answer["confidence"] < _AT_A_LOSS and among is not Among.ALL:
        answer = chardet.detect(data)
    label = answer["encoding"]
    reason = f"chardet says {label}" if label else f"chardet says {answer['mime_type']}"
    return Evidence("opinion", codec_name(label) if label else None, _likelihood(answer["confidence"]), reason)


def _likelihood(figure: float) -> float:
    """Return how likely chardet is right, by its own figure, which is the cosine of an angle."""
    for (low, at_low), (high, at_high) in pairwise(_OBSERVED):
        if figure <= high:
            return at_low + (at_high - at_low) * (figure - low) / (high - low)
    return 1.0


def of_charset_normalizer(data: bytes) -> Evidence:
    """Ask charset-normalizer. It measures disorder, not likelihood, so it is heard only where chardet is silent."""
    import charset_normalizer  # noqa: PLC0415

    best = charset_normalizer.from_bytes(_excerpt(data)).best()
    if best is None:
        return Evidence("opinion", None, 0.0, "charset-normalizer finds none")
    reason = f"charset-normalizer says {best.encoding}"
    return Evidence("opinion", codec_name(best.encoding), 0.15 * (1 - best.chaos), reason)


def _excerpt(data: bytes) -> bytes:
    """Return what stands for the whole; in lines, as half a character makes detectors think otherwise."""
    size = len(data)
    if size <= 3 * _STRETCH:
        return data
    first = first_beyond_ascii(data)
    pieces, end = [], 0
    for place in (first, size // 2, size - _STRETCH):
        start = max(end, data.rfind(b"\n", end, max(end, place)) + 1)
        end = data.rfind(b"\n", start, start + _STRETCH) + 1 or start + _STRETCH
        pieces.append(data[start:end])
    return b"".join(pieces)
