"""Edits to a text, and the way back from the edited text to the places of the original.

A tuple of edits is always sorted, and no two of them overlap. All places are code points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import NamedTuple

from mojimend.finding import Span


class Edit(NamedTuple):
    """Put ``replacement`` in place of ``text[start:end]``."""

    start: int
    end: int
    replacement: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Make the edits.

    >>> apply("重慶市委,、市政府", [Edit(4, 5, "")])
    '重慶市委、市政府'
    """
    # A list of pieces takes ten times as much as their text where there is an edit at each second character.
    edited = StringIO()
    at = 0
    for edit in edits:
        edited.write(text[at : edit.start])
        edited.write(edit.replacement)
        at = edit.end
    edited.write(text[at:])
    return edited.getvalue()


def same_at_start(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common.

    >>> same_at_start("cafÃ©", "café")
    3
    """
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def invert(text: str, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Turn edits of ``text`` into the edits that lead from the result back to it.

    >>> apply("關于", invert("關(guān)于", [Edit(1, 7, "")]))
    '關(guān)于'
    """
    back, moved = [], 0
    for start, end, replacement in edits:
        at = start + moved
        back.append(Edit(at, at + len(replacement), text[start:end]))
        moved += len(replacement) - (end - start)
    return tuple(back)


class OffsetMap:
    """Places of an edited text, told in places of the text before the edits."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._starts: list[int] = []  # where each replacement begins in the edited text
        self._moved = [0]  # how far the text behind the i-th edit has moved to the right
        for start, end, replacement in edits:
            self._starts.append(start + self._moved[-1])
            self._moved.append(self._moved[-1] + len(replacement) - (end - start))

    def back(self, span: Span) -> tuple[Span, Span]:
        """Return the span before the edits, and the span of the edited text that stands for exactly that.

        Where the span cuts into a replacement both are widened to the whole of it, as nothing finer is known.
        What was removed right before or right behind the span is not part of it. The span must not be empty.

        >>> text, edits = "就有關(guān)事", (Edit(3, 9, ""),)
        >>> OffsetMap(edits).back(Span(3, 4))      # 事, behind the removed gloss
        (Span(start=9, end=10), Span(start=3, end=4))
        >>> OffsetMap(edits).back(Span(2, 4))      # 關事, with the gloss that stood between them
        (Span(start=2, end=10), Span(start=2, end=4))
        """
        start, end = span
        i = bisect_right(self._starts, start) - 1
        if i >= 0 and start < self._end(i):
            before, start = self._edits[i].start, self._starts[i]
        else:
            before = start - self._moved[i + 1]
        j = bisect_left(self._starts, end) - 1
        if j >= 0 and end < self._end(j):
            after, end = self._edits[j].end, self._end(j)
        else:
            after = end - self._moved[j + 1]
        return Span(before, after), Span(start, end)

    def _end(self, i: int) -> int:
        return self._starts[i] + len(self._edits[i].replacement)


def compose(first: Sequence[Edit], between: str, second: Iterable[Edit]) -> tuple[Edit, ...]:
    """Fold two rounds of edits into one: ``first`` led to the text ``between``, and ``second`` was made to that.

    >>> first, between = (Edit(1, 7, ""),), "關于"      # from 關(guān)于
    >>> compose(first, between, (Edit(0, 2, "关于"),))
    (Edit(start=0, end=8, replacement='关于'),)
    """
    if not first:
        return tuple(second)
    places = OffsetMap(first)
    folded: list[Edit] = []
    kept = iter(first)
    waiting = next(kept, None)
    group: list[Edit] = []
    old = new = Span(0, 0)

    def close() -> None:
        nonlocal waiting
        while waiting is not None and waiting.end <= old.start:
            folded.append(waiting)
            waiting = next(kept, None)
        while waiting is not None and waiting.end <= old.end:
            waiting = next(kept, None)
        shifted = (Edit(e.start - new.start, e.end - new.start, e.replacement) for e in group)
        folded.append(Edit(old.start, old.end, apply(between[new.start : new.end], shifted)))

    for edit in second:
        old_here, new_here = places.back(Span(edit.start, edit.end))
        if group and new_here.start < new.end:
            old, new = Span(old.start, max(old.end, old_here.end)), Span(new.start, max(new.end, new_here.end))
            group.append(edit)
            continue
        if group:
            close()
        group, old, new = [edit], old_here, new_here
    if group:
        close()
    if waiting is not None:
        folded += waiting, *kept
    return tuple(folded)
