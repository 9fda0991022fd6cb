"""Which letters languages are written with, and which follows which.

>>> russian = next(language for language in languages() if language.tag == "ru")
>>> russian.cost("вчера") < russian.cost("чюьщф")
True
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

from mojimend.tables import characters, rows

UNITS_PER_NAT = 4
# Stands in front of a word and behind it.
BOUNDARY = "\n"
# The character that stands for a cost of 0.
FIRST_OF_COSTS = 0x21


class Language(NamedTuple):
    """A language: tag, script, small letters, and what each of these costs by itself and, row by row, behind each."""

    tag: str
    script: str
    letters: str
    alone: bytes
    behind: tuple[bytes, ...]

    def cost(self, word: str) -> int:
        """Return what a word of the letters costs, in quarters of a nat."""
        numbers = [self.letters.index(letter) for letter in BOUNDARY + word + BOUNDARY]
        return sum(self.behind[first][second] for first, second in pairwise(numbers))


_TO_COSTS = bytes(max(0, byte - FIRST_OF_COSTS) for byte in range(0x100))


@cache
def languages() -> tuple[Language, ...]:
    """Return all languages of the table."""
    return tuple(_language(*row) for row in rows("letters.tsv"))


def _language(tag: str, script: str, digits: str, cells: str) -> Language:
    letters = characters(digits)
    size = len(letters)
    costs = cells.encode("ascii").translate(_TO_COSTS)
    alone, *behind = (costs[at : at + size] for at in range(0, len(costs), size))
    return Language(tag, script, letters, alone, tuple(behind))
