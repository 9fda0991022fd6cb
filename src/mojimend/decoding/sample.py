r"""The bytes that tell an encoding: those that are not ASCII, from the beginning, the middle and the end.

ASCII is the same in all encodings that are to be told apart, and on a Web page there is so much of it that it would
drown the rest. So it is left out, but for a byte behind a byte that is not, which may be its second half.

>>> sample_of("class=a>漢字</p> かな".encode("cp932")).data
b'\x8a\xbf\x8e\x9a<\n\x82\xa9\x82\xc8'
"""

from __future__ import annotations

import re
import sys
from typing import NamedTuple

from mojimend.encodings.lenient import BOUNDARY
from mojimend.text.later import later

# Bytes that are weighed of the first part, which decides nearly everything, and of each other.
PART = 256
_OTHER_PART = 128
# Parts are not taken nearer to each other.
_APART = 4 * PART
# How far to look for it: a page of markup has long stretches without any.
_FARTHEST = 1 << 18

PIECE = later(rb"(?:[\x80-\xff]{1,64}+[\x30-\x7e]?+){1,64}+")
# A piece that is one byte, next to a letter.
_IN_WORD = later(
    rb"[\x80-\xff](?![\x30-\x7e]?[\x80-\xff])(?<![\x80-\xff].)(?<![\x80-\xff][\x30-\x7e].)(?:(?<=[A-Za-z].)|(?=[a-z]))",
    re.DOTALL,
)
_LONGEST_IN_WORD = 2
# In Latin script pieces are one or two bytes, so they are counted like this.
_SHORTEST = 8
# A piece of this length with few different bytes may be a rule.
_LONG = 16
_OF_FEW = 3
# Where a file says less than this, all of it is taken.
_ENOUGH = 64
_RULE = later(rb"(..)\1{3,}", re.DOTALL)
# The bytes at which a character ends for certain, as one, and how far to look for it where a stretch is to end.
_BOUNDARIES = bytes(byte if byte >= 0x30 else 0x20 for byte in range(0x100))
_AHEAD = 1024
# ASCII is read in windows of so many bytes, and then larger ones.
_WINDOW = 4096
# What a byte is in UTF-8 of three bytes a character. Three side by side are chance in other encodings, and rare.
IN_UTF_8 = bytes(ord("L" if 0xE1 <= byte <= 0xEF else "T" if 0x80 <= byte < 0xC0 else ".") for byte in range(0x100))
_TWO = b"LTT" * 2
_LONGEST_IN_UTF_8 = 4


class Sample(NamedTuple):
    """Pieces of a file that are not ASCII, each on a line; ``parts`` are the same by place in the file.

    ``in_words`` is the share of pieces that are one byte inside a word of ASCII letters, as in Latin script; ``words``
    are what the pieces stand in, each once.
    """

    data: bytes
    parts: tuple[bytes, ...]
    in_words: float
    words: tuple[bytes, ...] = ()


def first_of(data: bytes, first: int = 0) -> Sample:
    """Take the first part of the sample of a file, which tells enough of many."""
    return _part(data, first, PART)


def sample_of(data: bytes, first: int = 0, before: Sample | None = None, *, parts: int = 3) -> Sample:
    """Take a sample of a file, from the offset ``first`` on; lines that are UTF-8 are left out if there are others.

    ``before`` is the first part, where it was taken before.
    """
    size = len(data)
    taken = [before or first_of(data, first)]
    start = first
    for number in range(1, parts):
        place = first + (size - first) * number // parts
        if number == parts - 1:
            place = max(place, size - 4 * PART)
        if place - start < _APART:
            continue
        # Where no boundary is near, the file has no ASCII at all, and its parts are alike.
        if found := BOUNDARY.search(data, place, place + _FARTHEST):
            start = found.end()
            taken.append(_part(data, start, _OTHER_PART))
    taken = [part for part in taken if part.data]
    if not taken and (piece := PIECE.search(data, first)):
        taken = [Sample(piece[0][:PART], (piece[0][:PART],), 0.0, (piece[0][:PART],))]
    in_words = sum(part.in_words for part in taken) / len(taken) if taken else 0.0
    words = tuple(dict.fromkeys(word for part in taken for word in part.words))
    return Sample(b"\n".join(part.data for part in taken), tuple(part.data for part in taken), in_words, words)


def _part(data: bytes, start: int, wanted: int) -> Sample:
    pieces: list[bytes] = []
    taken: dict[bytes, None] = {}  # in order, and each once: rules and menus say the same again and again
    seen: dict[bytes, None] = {}
    size = in_words = 0
    at, limit, step = start, min(len(data), start + _FARTHEST), wanted + wanted // 4
    while size < wanted and len(taken) < wanted // _SHORTEST and len(pieces) < wanted:
        first = first_beyond_ascii(data, at, limit)
        if first == limit:
            break
        begin = max(at, data.rfind(b"\n", at, first) + 1)
        at = min(first + step, limit)
        if boundary := BOUNDARY.search(data, at, min(at + _AHEAD, limit)):
            at = boundary.end()
        elif limit - at <= _AHEAD:
            # The last line goes to its end: what would be left of it might begin in the middle of a character.
            at = limit
        step *= 2
        text = data[begin:at]
        if _TWO in text.translate(IN_UTF_8):
            text = b"\n".join(line for line in text.split(b"\n") if not _is_utf_8(line))
            text = b" ".join(word for word in text.translate(_BOUNDARIES).split() if not _is_surely_utf_8(word))
        split = [word for word in text.translate(_BOUNDARIES).split() if not word.isascii()]
        seen |= dict.fromkeys(split)
        words = b"\n".join(split)
        here = PIECE.findall(words)
        if min(map(len, here), default=0) <= _LONGEST_IN_WORD:
            in_words += len(_IN_WORD.findall(words))
        pieces += here
        taken |= dict.fromkeys([_without_rules(piece) if len(piece) > _LONG else piece for piece in here])
        size = sum(map(len, taken), len(taken))
    text = b"\n".join(pieces if wanted == PART and size < _ENOUGH else taken)[:wanted]
    return Sample(text, (text,), in_words / len(pieces) if pieces else 0.0, tuple(seen))


def _without_rules(piece: bytes) -> bytes:
    """Cut down characters that are there many times, as in a rule across the page."""
    return _RULE.sub(rb"\1", piece) if len(set(piece)) * _OF_FEW < len(piece) else piece


def first_beyond_ascii(data: bytes, at: int = 0, limit: int = sys.maxsize) -> int:
    """Return the offset of the first byte that is not ASCII; if there is none, where the bytes or the limit end.

    >>> first_beyond_ascii("naïve".encode())
    2
    """
    limit = min(limit, len(data))
    size = _WINDOW
    while at < limit:
        try:
            data[at : min(at + size, limit)].decode("ascii")
        except UnicodeDecodeError as error:
            return at + error.start
        at += size
        size *= 2
    return limit


def _is_surely_utf_8(word: bytes) -> bool:
    return _TWO in word.translate(IN_UTF_8) and _is_utf_8(word)


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(line) - _LONGEST_IN_UTF_8 and error.reason == "unexpected end of data"
    return True
