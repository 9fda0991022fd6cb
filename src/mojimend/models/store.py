"""The file of a character model: its write side and its read side, and nothing of what the numbers mean.

A table of costs for each character, and one for each pair of characters that is kept. All numbers are little-endian:

====================  ===========================  =============================================================
header                8 bytes, 5 of 4 bytes        ``b"mojimodl"``, format, characters n, pairs m, languages l,
                                                   CRC-32 of what is told of the characters
code points           n of 4 bytes                 of the characters, ascending; a character's place is its number
rows                  n + 1 of 4 bytes             where the pairs of each first character begin, and where all end
unigrams              n of 1 byte                  cost of the character by itself
back-offs             n of 1 byte                  what an unseen pair adds, by its first character
high, low             m of 1 byte each             the numbers of the second characters, ascending in each row, in two
                                                   tables, as the bytes of one kind pack better: a fifth of the file
costs                 m of 1 byte                  of each pair
languages             l times n of 1 byte          cost of the character by itself in each language
====================  ===========================  =============================================================

Wide numbers come first, so all stand where the machine likes to read them, and a mapped file is used as it lies. The
checksum leaves the pairs out, which are 95 % of it: to read them all takes longer than all else of a start, from a disk
many times as long, and most processes look at a few pages of them. Where they stand is checked, so that no damage to
them leads out of the file.
"""

from __future__ import annotations

import os.path
import sys
import zlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Literal

from mojimend.errors import MojimendError
from mojimend.tables import mapped

_MAGIC = b"mojimodl"
_FORMAT = 4
_HEADER = 8 + 5 * 4  # bytes
_WIDTHS = {"B": 1, "I": 4}
_MOST_CHARACTERS = 0xFFFF
_HIGHEST_COST = 0xFF


class BrokenModel(MojimendError, ValueError):
    """A model file is not whole, or not one of ours; installing mojimend again brings it back."""


class Tables:
    """What a model file holds, in the order of the head of this module.

    It is no named tuple: to make one of eight takes as long as to map the file and check it.
    """

    def __init__(self, *tables: Sequence[int]) -> None:
        self.code_points, self.rows, self.unigrams, self.backoffs, *behind = tables
        self.high, self.low, self.costs, self.in_languages = behind

    def number(self, char: str) -> int | None:
        """Return the number of a character, or None if the model doesn't know it."""
        code_point = ord(char)
        number = bisect_left(self.code_points, code_point)
        known = number < len(self.code_points) and self.code_points[number] == code_point
        return number if known else None

    def pair(self, first: int, second: int) -> int | None:
        """Return the cost kept for a pair of characters, given by their numbers."""
        row = range(self.rows[first], self.rows[first + 1])
        at = bisect_left(row, second, key=self._second)
        return self.costs[row[at]] if at < len(row) and self._second(row[at]) == second else None

    def in_language(self, language: int, number: int) -> int:
        """Return the cost of a character by itself in a language, both given by their numbers."""
        return self.in_languages[language * len(self.code_points) + number]

    def _second(self, place: int) -> int:
        return self.high[place] << 8 | self.low[place]


def pack(
    unigrams: Mapping[str, int],
    backoffs: Mapping[str, int],
    pairs: Mapping[tuple[str, str], int],
    languages: Sequence[Mapping[str, int]] = (),
) -> bytes:
    """Return the bytes of a model file. A character without a back-off has 0, and in a language without it the highest.

    >>> tables = unpack(pack({"今": 80, "天": 64}, {"今": 5}, {("今", "天"): 9}, [{"今": 70}]))
    >>> tables.pair(tables.number("今"), tables.number("天")), tables.in_language(0, tables.number("今"))
    (9, 70)
    """
    import struct  # noqa: PLC0415  (to read a model takes none)

    characters = sorted(unigrams)
    in_languages = [
        bytes(min(costs.get(char, _HIGHEST_COST), _HIGHEST_COST) for char in characters) for costs in languages
    ]
    if len(characters) > _MOST_CHARACTERS:
        raise ValueError(f"a model holds {_MOST_CHARACTERS:,} characters, not {len(characters):,}")
    numbers = {char: number for number, char in enumerate(characters)}
    table = sorted((numbers[first], numbers[second], cost) for (first, second), cost in pairs.items())
    rows = [0] * (len(characters) + 1)
    for first, _, _ in table:
        rows[first + 1] += 1
    for number in range(len(characters)):
        rows[number + 1] += rows[number]
    body = b"".join(
        [
            struct.pack(f"<{len(characters)}I", *map(ord, characters)),
            struct.pack(f"<{len(rows)}I", *rows),
            bytes(min(unigrams[char], _HIGHEST_COST) for char in characters),
            bytes(min(backoffs.get(char, 0), _HIGHEST_COST) for char in characters),
            bytes(second >> 8 for _, second, _ in table),
            bytes(second & 0xFF for _, second, _ in table),
            bytes(min(cost, _HIGHEST_COST) for _, _, cost in table),
            *in_languages,
        ]
    )
    counts = len(characters), len(table), len(languages)
    head = struct.pack("<8s5I", _MAGIC, _FORMAT, *counts, _checksum(memoryview(body), *counts[:2]))
    return head + body


def unpack(data: bytes | memoryview, *, name: str = "the model") -> Tables:
    """Return views of the numbers in a model file, without copying them where the machine is little-endian.

    >>> unpack(b"something else")
    Traceback (most recent call last):
        ...
    mojimend.models.store.BrokenModel: the model is not a model file; install mojimend again
    """
    view = memoryview(data)
    if len(view) < _HEADER or bytes(view[: len(_MAGIC)]) != _MAGIC:
        raise BrokenModel(f"{name} is not a model file; install mojimend again")
    version, characters, pairs, languages, checksum = (
        int.from_bytes(view[at : at + 4], "little") for at in range(len(_MAGIC), _HEADER, 4)
    )
    if version != _FORMAT:
        raise BrokenModel(f"{name} has format {version}, and this mojimend reads {_FORMAT}; install mojimend again")
    body = view[_HEADER:]
    layout: list[tuple[Literal["B", "I"], int]] = [
        ("I", characters),
        ("I", characters + 1),
        ("B", characters),
        ("B", characters),
        ("B", pairs),
        ("B", pairs),
        ("B", pairs),
        ("B", characters * languages),
    ]
    ends = list(accumulate(_WIDTHS[code] * count for code, count in layout))
    if len(body) != ends[-1] or _checksum(body, characters, pairs) != checksum:
        raise BrokenModel(f"{name} is damaged: its checksum does not fit; install mojimend again")
    tables = (
        _numbers(body[end - _WIDTHS[code] * count : end], code) for (code, count), end in zip(layout, ends, strict=True)
    )
    return Tables(*tables)


def _checksum(body: memoryview, characters: int, pairs: int) -> int:
    """Return the CRC-32 of what stands before and behind the pairs."""
    before = (4 + 4 + 1 + 1) * characters + 4
    return zlib.crc32(body[before + 3 * pairs :], zlib.crc32(body[:before]))


def _numbers(view: memoryview, code: Literal["B", "I"]) -> Sequence[int]:
    if sys.byteorder == "little":
        return view.cast(code)
    from array import array  # noqa: PLC0415  (most machines need none)

    swapped = array(code, view.tobytes())
    swapped.byteswap()
    return swapped


def load(name: str) -> Tables:
    """Read a model of this package: mapped, so that processes share it; from a zip file, as bytes."""
    path = os.path.join(os.path.dirname(__file__), name)  # noqa: PTH118, PTH120
    return unpack(mapped(path), name=path)
