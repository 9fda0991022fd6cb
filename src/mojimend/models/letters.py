r"""How much words in an encoding of one byte a character read like a language, told as a cost: the lower, the likelier.

Such an encoding reads any bytes, mostly as letters, but as letters that hardly follow each other. So each encoding is
weighed with each language that it is for, by the words of a file that are not ASCII:

>>> ranked = rank(["Привет".encode("cp1251"), "мир".encode("cp1251")])
>>> ranked[0].codec
'cp1251'

Costs are nats. Words are runs of bytes that may be letters, and each should be given once.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import cache
from operator import getitem, itemgetter
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.tables.letters import UNITS_PER_NAT, Language, languages

# Encodings by script, and by how many nats each is rarer than the commonest: those of Windows are in use for all, of
# ISO and Unix for some, and those of DOS and the Mac are left in old files.
CODECS = {
    "Latn": {
        "cp1252": 0.0, "cp1250": 0.5, "cp1254": 1.0, "cp1257": 1.0, "cp1258": 2.0,
        "iso8859-2": 0.8, "iso8859-15": 0.5, "iso8859-13": 2.0, "iso8859-4": 5.0, "iso8859-10": 5.0, "iso8859-16": 4.0,
        "mac-roman": 3.0, "mac-latin2": 4.0, "mac-turkish": 5.0, "mac-iceland": 6.0, "mac-croatian": 6.0,
        "cp850": 4.0, "cp437": 4.5, "cp852": 4.0, "cp857": 5.0, "cp858": 5.0, "cp775": 7.0, "cp865": 7.0, "cp860": 7.0,
    },
    "Cyrl": {
        "cp1251": 0.0, "koi8-r": 0.5, "koi8-u": 1.0, "iso8859-5": 1.5, "cp866": 1.0, "cp855": 2.0, "mac-cyrillic": 2.0,
    },
    "Grek": {"cp1253": 0.0, "iso8859-7": 0.3, "cp737": 2.0, "cp869": 3.0, "mac-greek": 3.0},
    "Hebr": {"cp1255": 0.0, "iso8859-8": 1.0, "cp862": 2.0},
    "Arab": {"cp1256": 0.0, "iso8859-6": 1.0, "cp720": 3.0},
    "Thai": {"cp874": 0.0},
}  # fmt: skip

SCRIPT_OF = {codec: script for script, codecs in CODECS.items() for codec in codecs}
# How the names of their letters begin.
_NAMES = {"Latn": "LATIN", "Cyrl": "CYRILLIC", "Grek": "GREEK", "Hebr": "HEBREW", "Arab": "ARABIC", "Thai": "THAI"}

# What is no letter of the language: the apostrophe of a word, marks in common use, other signs, other letters of the
# script, letters of other scripts, and controls and bytes that are none. Costs in nats.
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_MARKS = frozenset("\N{NO-BREAK SPACE}«»„“”‘‚‹›–—…°§·£€©®№•¿¡ºª²³½×´™،؛؟")
_OTHERS = {"apostrophe": 4.5, "mark": 6.0, "sign": 9.0, "letter": 8.0, "alien": 10.0, "none": 14.0}
_KINDS = tuple(_OTHERS)
_OTHER_COSTS = bytes(round(cost * UNITS_PER_NAT) for cost in _OTHERS.values())
# Behind what is no letter and no mark, a letter costs so much more than at the beginning of a word.
_BEHIND_OTHERS = 2.0
# A language is written in an encoding that has so many of its letters.
_LEAST_OF_LETTERS = 0.9

# Capitals stand first, or all letters are some, and marks stand between words. In another encoding they stand anywhere.
_SHAPES = ((b" A", 1.5), (b"aA", 6.0), (b"AA", 0.5), (b"AAa", 4.0), (b"a-a", 4.0))

# Letters by themselves are counted first, of so many bytes that are not ASCII, and only what comes near by these is
# weighed by pairs. A letter of ASCII costs as much as this then, wherever it is one of the language's.
_COUNTED = 96
_IN_ASCII = 3.0
_NEAR = 20.0
_MOST_WEIGHED = 64

_ASCII = bytes(range(0x80))
_HIGH = bytes(range(0x80, 0x100))


class Score(NamedTuple):
    """What words cost in an encoding and a language, in nats."""

    cost: float
    codec: str
    language: str


class _Way(NamedTuple):
    """A language in an encoding: the number of each byte's letter, and what a byte costs by itself."""

    codec: str
    language: str
    rarity: float
    numbers: bytes
    alone: bytes


def rank(words: Sequence[bytes]) -> list[Score]:
    """Return how well words read in the encodings and languages that come near, the best first.

    Of encodings that read them alike, only the commonest is among them.
    """
    joined = b"".join(words)
    present = bytes(set(joined.translate(None, _ASCII)))
    head = joined[:_COUNTED]
    high = head.translate(None, _ASCII)
    in_ascii = len(head) - len(high)

    def count(alone: bytes, codec: str) -> float:
        script = SCRIPT_OF[codec]
        of_ascii = _IN_ASCII if script == "Latn" else _OTHERS["alien"]
        return sum(high.translate(alone)) / UNITS_PER_NAT + in_ascii * of_ascii + CODECS[script][codec]

    best = math.inf
    ways: dict[tuple[str, str], tuple[float, _Way]] = {}
    for least, codec in sorted((count(_least(codec), codec), codec) for codec in SCRIPT_OF):
        if least > best + _NEAR:
            break
        text = present.decode(codec, "replace")
        for way in _ways(codec):
            counted = count(way.alone, codec), way
            alike = ways.setdefault((text, way.language), counted)
            if counted[0] < alike[0]:
                ways[text, way.language] = counted
            best = min(best, counted[0])
    near = [way for cost, way in sorted(ways.values(), key=itemgetter(0))[:_MOST_WEIGHED] if cost <= best + _NEAR]
    return sorted(Score(_cost(words, way), way.codec, way.language) for way in near)


def cost(words: Sequence[bytes], codec: str, language: str) -> float:
    """Return what words cost in an encoding and a language; infinite if it has not the language's letters."""
    return min((_cost(words, way) for way in _ways(codec) if way.language == language), default=math.inf)


def _cost(words: Sequence[bytes], way: _Way) -> float:
    joined = b"\n".join((b"", *words, b""))
    numbers = joined.translate(way.numbers)
    units = sum(map(getitem, map(_behind(way.language).__getitem__, numbers), numbers[1:]))
    shapes = joined.translate(_shapes(way.codec))
    return units / UNITS_PER_NAT + sum(each * shapes.count(what) for what, each in _SHAPES) + way.rarity


@cache
def _ways(codec: str) -> tuple[_Way, ...]:
    """Return the languages that an encoding is for."""
    script = SCRIPT_OF[codec]
    chars = [_small(char) for char in _HIGH.decode(codec, "replace")]
    kinds = [_KINDS.index(_kind(char, script)) for char in chars]
    has = {*chars, *"abcdefghijklmnopqrstuvwxyz"}
    return tuple(
        _way(language, codec, chars, kinds)
        for language in languages()
        if language.script == script
        and sum(letter in has for letter in language.letters) >= _LEAST_OF_LETTERS * len(language.letters)
    )


@cache
def _least(codec: str) -> bytes:
    """Return what a byte costs by itself at least, whatever the language."""
    return bytes(map(min, zip(*(way.alone for way in _ways(codec)), strict=True)))


def _way(language: Language, codec: str, chars: Sequence[str], kinds: Sequence[int]) -> _Way:
    size = len(language.letters)
    number = {letter: number for number, letter in enumerate(language.letters)}
    alien = size + _KINDS.index("alien")
    ascii_too = bytes(number.get(chr(byte).lower(), alien) if chr(byte).isalpha() else 0 for byte in _ASCII)
    high = bytes(number.get(char, size + kind) for char, kind in zip(chars, kinds, strict=True))
    alone = language.alone + _OTHER_COSTS
    numbers = ascii_too + high
    rarity = CODECS[language.script][codec]
    return _Way(codec, language.tag, rarity, numbers, numbers.translate(alone.ljust(0x100, b"\0")))


@cache
def _behind(tag: str) -> tuple[bytes, ...]:
    """Return what each letter, and what is none, costs behind each."""
    language = next(language for language in languages() if language.tag == tag)
    # Where no letter stands, no word has to begin or end.
    first = b"\0" + language.behind[0][1:]
    later = bytes(cost + round(_BEHIND_OTHERS * UNITS_PER_NAT) for cost in first)
    others = (first if kind in {"apostrophe", "mark"} else later for kind in _KINDS)
    # A mark ends the word.
    return tuple(
        row + bytes(cost + (row[0] if kind == "mark" else 0) for kind, cost in zip(_KINDS, _OTHER_COSTS, strict=True))
        for row in (first, *language.behind[1:], *others)
    )


def _small(char: str) -> str:
    small = char.lower()
    # Romanian's letters with a comma are written with a cedilla where the encoding has no other.
    return {"ș": "ş", "ț": "ţ", "i̇": "i"}.get(small, small)


def _kind(char: str, script: str) -> str:
    if char == _APOSTROPHE:
        return "apostrophe"
    if char in _MARKS:
        return "mark"
    category = unicodedata.category(char)
    if category[0] == "C" or char == REPLACEMENT:
        return "none"
    if category[0] not in "LM":
        return "sign"
    return "letter" if unicodedata.name(char).startswith(_NAMES[script]) else "alien"


@cache
def _shapes(codec: str) -> bytes:
    """Return a table from bytes to A where they are capitals, a where small letters, - where marks, and to spaces."""
    return bytes(map(_shape, bytes(range(0x100)).decode(codec, "replace")))


def _shape(char: str) -> int:
    if char == "\n":
        return ord(" ")
    if char in _MARKS:
        return ord("-")
    return ord("A" if char.isupper() else "a" if char.islower() else ".")
