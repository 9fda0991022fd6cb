"""The lines of a page in turn: how one was misread for certain is tried first in those behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mojimend.encodings.misread import Misread
from mojimend.rules import evidence
from mojimend.rules.lossy_throughout import lossy_misread_of, undo_losses
from mojimend.rules.misreading import Undone, undo, undo_losses_likewise
from mojimend.rules.suspicion import CERTAIN, is_suspicious
from mojimend.rules.throughout import misread_of, undo_block, undo_likewise

# So many lines are tried at once in the way of those before.
BLOCK = 16


def undo_in_turn(lines: Sequence[str], *, is_alone: bool, wants_lost: bool = True) -> Iterator[Sequence[Undone]]:
    """Yield what was misread in each line. If a text ``is_alone``, it is searched even if nothing is suspicious.

    Which characters lost bytes is told to those who want it.

    >>> [[one.text for one in undone] for undone in undo_in_turn(["浣犲ソ锛屼笘鐣岋紒", "Hello"], is_alone=False)]
    [['你好，世界！'], []]
    """
    usual: Misread | None = None
    at, by_itself = 0, 0
    while at < len(lines):
        block = lines[at : at + BLOCK]
        if usual is not None and at >= by_itself:
            if undone := undo_block(block, usual):
                yield from ((one,) for one in undone)
                at += len(block)
                continue
            by_itself = at + len(block)
        found, usual = _undo_line(lines[at], usual, is_alone=is_alone, wants_lost=wants_lost)
        yield found
        at += 1


def _undo_line(
    line: str, usual: Misread | None, *, is_alone: bool, wants_lost: bool
) -> tuple[Sequence[Undone], Misread | None]:
    """Return what was misread in a line, and how the last was that was for certain, be it this one or one before."""
    if usual is not None and (likewise := _all_of(line, usual, wants_lost=wants_lost)) is not None:
        return (likewise,), usual
    if not (is_alone or is_suspicious(line)):
        return (), usual
    if usual is None:
        for way_of in (misread_of, lossy_misread_of):
            plain = way_of(line)
            if plain is not None and (likewise := _all_of(line, plain, wants_lost=wants_lost)) is not None:
                oddity = evidence.oddity(line, likewise.start, likewise.end, likewise.text, likewise.chain)
                if likewise.odds > oddity:
                    return (likewise,), plain
    undone = (usual and undo_losses_likewise(line, usual)) or undo(line)
    return undone, next((one.chain[0] for one in undone if len(one.chain) == 1 and one.odds >= CERTAIN), usual)


def _all_of(line: str, misread: Misread, *, wants_lost: bool) -> Undone | None:
    return undo_likewise(line, misread) or undo_losses(line, misread, wants_lost=wants_lost)
