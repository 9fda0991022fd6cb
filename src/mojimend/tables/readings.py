"""How Han characters are read in Mandarin.

>>> "樂" in read_as("lè"), "樂" in read_as("yuè"), "樂" in read_as("bù")
(True, True, False)
"""

from __future__ import annotations

import unicodedata
from functools import cache

from mojimend.tables import rows

# GBK has its own code points for the letters of pinyin at A8A1-A8C0, among them these two for plain a and g.
_LETTERS = str.maketrans({"\N{LATIN SMALL LETTER ALPHA}": "a", "\N{LATIN SMALL LETTER SCRIPT G}": "g"})
_TONES = dict.fromkeys(
    map(ord, "\N{COMBINING MACRON}\N{COMBINING ACUTE ACCENT}\N{COMBINING CARON}\N{COMBINING GRAVE ACCENT}")
)

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿếề"
LETTERS = "a-zêü" + TONED + "\N{LATIN SMALL LETTER ALPHA}\N{LATIN SMALL LETTER SCRIPT G}"


class Readings:
    """The table: by reading the characters that have it first of all, all that have it, and all of its syllable."""

    def __init__(self) -> None:
        self.first: dict[str, str] = {}
        self.any: dict[str, str] = {}
        self.syllable: dict[str, str] = {}
        for reading, primary, other in rows("readings.tsv"):
            self.first[reading], self.any[reading] = primary, primary + other
            key = syllable(reading)
            self.syllable[key] = self.syllable.get(key, "") + primary + other


def syllable(reading: str) -> str:
    """Take the tone off.

    >>> syllable("lǜ"), syllable("guān")
    ('lü', 'guan')
    """
    bare = unicodedata.normalize("NFD", reading.translate(_LETTERS)).translate(_TONES)
    return unicodedata.normalize("NFC", bare)


@cache
def _readings() -> Readings:
    return Readings()


def read_as(reading: str) -> str:
    """Return all characters that have the reading, with its tone."""
    return _readings().any.get(reading.translate(_LETTERS), "")


def read_first_as(reading: str) -> str:
    """Return the characters for which it is the usual reading.

    >>> "見" in read_first_as("jiàn"), "見" in read_first_as("xiàn")
    (True, False)
    """
    return _readings().first.get(reading.translate(_LETTERS), "")


def read_in_any_tone_as(reading: str) -> str:
    """Return all characters of its syllable: dictionaries and the tables of glossing tools differ in tones (績 jī, jì).

    >>> "績" in read_in_any_tone_as("jì")
    True
    """
    return _readings().syllable.get(syllable(reading), "")
