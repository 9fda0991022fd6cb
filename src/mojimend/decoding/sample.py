r"""The bytes that tell an encoding: those that are not ASCII, from the beginning, the middle and the end.

ASCII is the same in all encodings that are to be told apart, and on a Web page there is so much of it that it would
drown the rest. So it is left out, but for a byte behind a byte that is not, which may be its second half.

>>> sample_of("class=a>漢字</p> かな".encode("cp932")).data
b'\x8a\xbf\x8e\x9a<\n\x82\xa9\x82\xc8'
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Bytes that are weighed of the first part, which decides nearly everything, and of each other.
PART = 256
_OTHER_PART = 128
# How far to look for it: a page of markup has long stretches without any.
_FARTHEST = 1 << 18

_PIECE = re.compile(rb"(?:[\x80-\xff]{1,64}+[\x30-\x7e]?+){1,64}+")
# Where a character begins for certain: behind a byte that is no half of one.
_START = re.compile(rb"(?<=[\x00-\x2f])[\x80-\xff]")
_HIGH = re.compile(rb"[\x80-\xff]")
_LONGEST_IN_UTF_8 = 4
_IN_WORD = re.compile(rb"[A-Za-z][\x80-\xff](?![\x80-\xff])|.?[\x80-\xff][a-z](?![\x80-\xff])", re.DOTALL)


class Sample(NamedTuple):
    """Pieces of a file that are not ASCII, each on a line; ``parts`` are the same by place in the file.

    ``in_words`` is the share of pieces that are one byte inside a word of ASCII letters, as in Latin script.
    """

    data: bytes
    parts: tuple[bytes, ...]
    in_words: float


def sample_of(data: bytes, first: int = 0, *, parts: int = 3) -> Sample:
    """Take a sample of a file, from the offset ``first`` on; lines that are UTF-8 are left out if there are others."""
    size = len(data)
    starts = [first]
    for number in range(1, parts):
        place = first + (size - first) * number // parts
        if number == parts - 1:
            place = max(place, size - 4 * PART)
        if place - starts[-1] < 2 * PART:
            continue
        # Where no start is near, the file has no ASCII at all, and its parts are alike.
        if found := _START.search(data, place, place + _FARTHEST):
            starts.append(found.start())
    sizes = [PART, *(_OTHER_PART for _ in starts[1:])]
    taken = [part for start, wanted in zip(starts, sizes, strict=True) if (part := _part(data, start, wanted)).data]
    if not taken and (piece := _PIECE.search(data, first)):
        taken = [Sample(piece[0][:PART], (piece[0][:PART],), 0.0)]
    in_words = sum(part.in_words for part in taken) / len(taken) if taken else 0.0
    return Sample(b"\n".join(part.data for part in taken), tuple(part.data for part in taken), in_words)


def _part(data: bytes, start: int, wanted: int) -> Sample:
    pieces: list[bytes] = []
    size = in_words = 0
    at, limit = start, min(len(data), start + _FARTHEST)
    while size < wanted and (first := _HIGH.search(data, at, limit)):
        begin = max(at, data.rfind(b"\n", at, first.start()) + 1)
        at = data.find(b"\n", first.start(), limit) + 1 or limit
        if _is_utf_8(data[begin:at]):
            continue
        for found in _PIECE.finditer(data, first.start(), at):
            piece = found[0][: wanted - size]
            if len(piece) <= 2 and _IN_WORD.match(data, max(0, found.start() - 1)):
                in_words += 1
            pieces.append(piece)
            size += len(piece) + 1
            if size >= wanted:
                break
    taken = b"\n".join(pieces)
    return Sample(taken, (taken,), in_words / len(pieces) if pieces else 0.0)


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(line) - _LONGEST_IN_UTF_8 and error.reason == "unexpected end of data"
    return True
