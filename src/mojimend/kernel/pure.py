"""The loops in Python, by regular expressions."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from mojimend.kernel.clue import ONCE, Clue

T = TypeVar("T", bound=tuple[Any, ...])


def leaf(of: type[T], items: tuple[Any, ...]) -> T:
    """Make a named tuple of a plain one, which leads to nothing but text and numbers.

    To call its class takes twice as long. In C the garbage collector is told to pass it by.
    """
    return tuple.__new__(of, items)


class Characters:
    """A set of characters, given as the inside of a regular expression's brackets, without escapes."""

    def __init__(self, inside: str) -> None:
        self._inside = inside

    @cached_property
    def _one(self) -> re.Pattern[str]:
        # All of Han takes milliseconds, and clean text asks for few sets.
        return re.compile(_one_of(self._inside))

    def count(self, text: str, start: int = 0, end: int | None = None) -> int:
        """Return how many of them stand in text[start:end]."""
        return len(self._one.findall(text, start, len(text) if end is None else end))

    def lines(self, text: str, one_in: int = sys.maxsize) -> list[tuple[int, int]]:
        """Return where the lines of a text begin and end that have one of them, or one in so many characters.

        They end before CR, LF or both.

        Raises:
            ValueError: That is no share.
        """
        if one_in < 1:
            raise ValueError(f"one in {one_in} is no share")
        found, at = [], 0
        for line in text.replace("\r", "\n").split("\n"):
            if self._one.search(line) and (one_in >= len(line) or one_in * self.count(line) >= len(line)):
                found.append((at, at + len(line)))
            at += len(line) + 1
        return found

    def places(self, text: str) -> list[int]:
        """Return where they stand in a text."""
        return [match.start() for match in self._one.finditer(text)]

    def without(self, text: str) -> str:
        """Return a text without them."""
        return self._one.sub("", text)


class Scan:
    """A look for several clues at once, which are in groups: of each it is told whether the text has one of them."""

    def __init__(self, groups: Collection[Iterable[Clue]]) -> None:
        self._groups = len(groups)
        numbered = [(group, clue) for group, clues in enumerate(groups) for clue in clues]
        # Two side by side that need no more are found as fast by themselves, as common as the first may be.
        self._pairs = [(number, clue) for number, clue in numbered if _is_pair(clue)]
        self._others = [(number, clue) for number, clue in numbered if not _is_pair(clue)]

    def any(self, text: str) -> bool:
        """Tell whether a text has one of them."""
        return any(True for _ in self._found(text))

    def which_of(self, text: str, parts: list[tuple[int, int]], most: int | None = None) -> list[int]:
        """Return which parts of a text have one of them, each looked at by itself; the first up to so many."""
        return list(islice((n for n, (start, end) in enumerate(parts) if self.any(text[start:end])), most))

    def which(self, text: str) -> int:
        """Return which groups have one in a text, a bit each, the first the lowest."""
        return sum(1 << group for group in set(self._found(text)))

    def places(self, text: str) -> tuple[list[int], ...]:
        """Return where the first of each clue stands, sorted, a list for each group."""
        places: tuple[list[int], ...] = tuple([] for _ in range(self._groups))
        for (group, _), pair in zip(self._pairs, self._each_pair, strict=True):
            places[group].extend(_starts(pair, text))
        for group, at in self._others_in(text):
            places[group].append(at)
        for of_group in places:
            of_group.sort()
        return places

    def _found(self, text: str) -> Iterator[int]:
        """Yield the group of each clue, of pairs once and of others wherever they stand."""
        for (group, _), pair in zip(self._pairs, self._each_pair, strict=True):
            if pair.search(text):
                yield group
        for group, _ in self._others_in(text):
            yield group

    def _others_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the group and the place of each clue that is no such pair."""
        following = [0] * len(self._others)
        for candidate in self._one_of_the_others.finditer(text) if self._others else ():
            at = candidate.start()
            for which, ((group, clue), one) in enumerate(zip(self._others, self._each_other, strict=True)):
                if at < following[which] or not one.match(text, at):
                    continue
                following[which] = _asked_again_from(text, at, clue.apart)
                if clue.confirms is None or clue.confirms(text, at):
                    yield group, at

    @cached_property
    def _one_of_the_others(self) -> re.Pattern[str]:
        # A class in front lets the expression pass over all else at full speed.
        firsts = "".join(clue.first for _, clue in self._others)
        behind = "|".join(f"(?<={_one_of(clue.first)}){_behind(clue)}" for _, clue in self._others)
        return re.compile(f"{_one_of(firsts)}(?:{behind})")

    @cached_property
    def _each_other(self) -> list[re.Pattern[str]]:
        return [re.compile(f"{_before(clue)}{_one_of(clue.first)}{_behind(clue)}") for _, clue in self._others]

    @cached_property
    def _each_pair(self) -> list[re.Pattern[str]]:
        return [re.compile(_one_of(clue.first) + _one_of(clue.second)) for _, clue in self._pairs]


def _asked_again_from(text: str, at: int, apart: int) -> int:
    """Return from where on it is asked again whether a clue stands there: the next line may be nearer."""
    end_of_line = text.find("\n", at + 1, at + apart) if apart < ONCE else -1
    return end_of_line if end_of_line >= 0 else at + apart


def _starts(pair: re.Pattern[str], text: str) -> Iterator[int]:
    """Yield where a pair begins, also in the midst of another."""
    found = pair.search(text)
    while found:
        yield found.start()
        found = pair.search(text, found.start() + 1)


def _one_of(inside: str) -> str:
    """Return the brackets of a regular expression, in which each character stands for itself but the hyphen."""
    return f"[{_escaped(inside)}]"


def _escaped(inside: str) -> str:
    return re.sub(r"[]\[\\^&~|]", r"\\\g<0>", inside)


def _is_pair(clue: Clue) -> bool:
    needs_more = clue.between > 0 or clue.confirms is not None or clue.apart > 0 or clue.before != ""
    return clue.second != "" and not needs_more


def _before(clue: Clue) -> str:
    if not clue.before:
        return ""
    one = _one_of(clue.before)
    return rf"(?:(?<={one})|\A)" if re.match(one, "\n") else f"(?<={one})"


def _behind(clue: Clue) -> str:
    return f"(?=[^{_escaped(clue.first)}]{{0,{clue.between}}}{_one_of(clue.second)})" if clue.second else ""
