"""Edits to a text, and the way back from the edited text to the places of the original.

A tuple of edits is always sorted, and no two of them overlap. All places are code points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from io import StringIO
from typing import NamedTuple

from mojimend.finding import Span
from mojimend.kernel import leaf


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

    @cached_property
    def _table(self) -> tuple[list[int], list[int], list[int]]:
        """Where each replacement begins and ends in the edited text, and how far the text before it and each is moved.

        Most that have edits are never asked for a place.
        """
        starts, ends, moved = [], [], [0]
        for start, end, replacement in self._edits:
            at = start + moved[-1]
            starts.append(at)
            ends.append(at + len(replacement))
            moved.append(ends[-1] - end)
        return starts, ends, moved

    def is_edited(self, start: int, end: int) -> bool:
        """Tell whether some of these places of the edited text were put there, or something was removed among them.

        >>> places = OffsetMap((Edit(3, 9, "，"),))
        >>> places.is_edited(2, 3), places.is_edited(2, 4)
        (False, True)
        """
        return self._edits_before(start, end) is None

    def between(self, span: Span) -> Span | None:
        """Return the span before the edits if it lies between two of them, as nearly all do.

        >>> OffsetMap((Edit(3, 9, ""),)).between(Span(3, 4))
        Span(start=9, end=10)
        """
        start, end = span
        if (before := self._edits_before(start, end)) is None:
            return None
        moved = self._table[2][before]
        return leaf(Span, (start - moved, end - moved))

    def _edits_before(self, start: int, end: int) -> int | None:
        """Return how many edits lie before these places; None if one lies among them."""
        starts, ends, _ = self._table
        i = bisect_right(starts, start)
        return None if (i and ends[i - 1] > start) or (i < len(starts) and end > starts[i]) else i

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
        if (between := self.between(span)) is not None:
            return between, span
        start, end = span
        starts, ends, moved = self._table
        i = bisect_right(starts, start)
        if i > 0 and start < ends[i - 1]:
            before, start = self._edits[i - 1].start, starts[i - 1]
        else:
            before = start - moved[i]
        j = bisect_left(starts, end)
        if j > 0 and end < ends[j - 1]:
            after, end = self._edits[j - 1].end, ends[j - 1]
        else:
            after = end - moved[j]
        return Span(before, after), Span(start, end)


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
