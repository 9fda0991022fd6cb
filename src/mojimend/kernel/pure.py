"""The loops in Python, by regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from mojimend.kernel.clue import Clue


class Characters:
    """A set of characters, given as the inside of a regular expression's brackets, without escapes."""

    def __init__(self, inside: str) -> None:
        self._one = re.compile(f"[{inside}]")

    def count(self, text: str, start: int = 0, end: int | None = None) -> int:
        """Return how many of them stand in text[start:end]."""
        return len(self._one.findall(text, start, len(text) if end is None else end))


class Scan:
    """A look for several clues at once."""

    def __init__(self, clues: Iterable[Clue]) -> None:
        self._clues = [(re.compile(_expression(clue)), clue.confirms) for clue in clues]

    def any(self, text: str) -> bool:
        """Tell whether a text has one of them."""
        return any(_has(text, *clue) for clue in self._clues)

    def which(self, text: str) -> int:
        """Return which of them a text has, a bit each, the first the lowest."""
        return sum(1 << number for number, clue in enumerate(self._clues) if _has(text, *clue))


def _has(text: str, pattern: re.Pattern[str], confirms: Callable[[str, int], object] | None) -> bool:
    return any(confirms is None or confirms(text, match.start()) for match in pattern.finditer(text))


def _expression(clue: Clue) -> str:
    behind = f"(?=[^{clue.first}]{{0,{clue.between}}}[{clue.second}])" if clue.second else ""
    return f"[{clue.first}]{behind}"
