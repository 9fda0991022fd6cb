"""Where in a line a misreading begins and ends, and what it was: the best way through a window for one misreading.

Character by character the way goes on outside the damage, or inside it, where the bytes of what stands there go to the
decoder of what was written. A way goes in and out where bytes and characters end together, and pays for each entry.
So ASCII that a lead byte swallowed comes along, and so do several stretches and characters with several ways back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import feed_behind, feed_lost, is_broken
from mojimend.encodings.misread import Misread, feed, reading
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.rules.evidence import OF_CHARACTERS, OF_NEW, OF_PAIRS, against_cut
from mojimend.text.edits import Edit

# Ways kept at a place: they differ in the bytes that wait for more and in the last character.
BEAM = 6
# What a character costs of which bytes were lost, in units: so many are, where any are.
FOR_A_LOST_CHARACTER = 8
# What some software puts for a bad lead byte and the byte behind it.
SWALLOWER = "?"


class _Written(NamedTuple):
    """The characters that a way inside the damage has put so far, the last first."""

    char: str
    before: _Written | None


class _Done(NamedTuple):
    """The stretches that a way has left, the last first."""

    start: int
    end: int
    written: _Written | None
    before: _Done | None

    def edits(self) -> list[Edit]:
        found = []
        at: _Done | None = self
        while at is not None:
            chars, written = [], at.written
            while written is not None:
                chars.append(written.char)
                written = written.before
            found.append(Edit(at.start, at.end, "".join(reversed(chars))))
            at = at.before
        return found[::-1]


class _Inside(NamedTuple):
    """A way inside the damage: how good it is, where it came in, what it put there, and what it did before."""

    score: float
    start: int
    written: _Written | None
    done: _Done | None


def best_stretches(
    line: str, window: tuple[int, int], costs: Sequence[int], misread: Misread, odds_against: float
) -> tuple[float, list[Edit]]:
    """Return the odds for, in nats, and the stretches inside the window that are likelier this misreading than text.

    Each stretch is told as the edit that puts back what was written.

    Arguments:
        line: The line they are in.
        window: The part of it to look at.
        costs: What the line costs up to each of its characters, in the model's units.
        misread: What may have happened.
        odds_against: The odds against each stretch, in nats.
    """
    written_in, bytes_of = misread.written, reading(misread.read).bytes_of
    pairs, singles = plausibility().pairs, plausibility().singles
    enter = odds_against * UNITS_PER_NAT
    outside, done = 0.0, None
    inside: dict[tuple[bytes, str], _Inside] = {}
    for at in range(*window):
        char = line[at]
        pieces = () if char == REPLACEMENT else bytes_of(char)
        if not pieces and char != REPLACEMENT:
            inside = {}
            continue
        if char > "\x7f" or (char == SWALLOWER and line[at + 1 : at + 2] > "\x7f"):
            here = outside - enter - against_cut(line, at) * UNITS_PER_NAT
            key = b"", line[at - 1] if at else "\n"
            if key not in inside or inside[key].score < here:
                inside[key] = _Inside(here, at, None, done)
        stands = 0.0
        if char != REPLACEMENT:
            stands = OF_PAIRS * (costs[at + 1] - costs[at]) + OF_CHARACTERS * singles[char]
        onward: dict[tuple[bytes, str], _Inside] = {}
        behind = line[at + 1] if at + 1 < len(line) else "\n"
        stays = costs[at + 2] - costs[at + 1]
        cut: float | None = None
        for (waiting, last), way in inside.items():
            for chars, waits in ways_on(written_in, waiting, char, pieces, at_the_end=at + 1 == len(line)):
                score, written, before = way.score + stands, way.written, last
                if char == SWALLOWER and chars != char and not waiting:
                    score -= stands  # That a question mark is rare here is no reason to take it for none.
                weight = 1 if chars == char and not waiting else OF_NEW
                for new in chars:
                    if new == REPLACEMENT:
                        score -= FOR_A_LOST_CHARACTER
                    else:
                        score -= weight * (OF_PAIRS * pairs[before + new] + OF_CHARACTERS * singles[new])
                    before, written = new, _Written(new, written)
                key = waits, before
                if key in onward and onward[key].score >= score:
                    continue
                onward[key] = _Inside(score, way.start, written, way.done)
                if waits and not is_broken(waits):
                    continue
                if waits:
                    score, before, written = score - FOR_A_LOST_CHARACTER, REPLACEMENT, _Written(REPLACEMENT, written)
                if cut is None:
                    cut = against_cut(line, at + 1) * UNITS_PER_NAT
                left = score - cut + (OF_PAIRS * (stays - pairs[before + behind]) if before != REPLACEMENT else 0)
                if left > outside:
                    outside, done = left, _Done(way.start, at + 1, written, way.done)
        if len(onward) > BEAM:
            best = sorted(onward.items(), key=_score, reverse=True)[:BEAM]
            onward = dict(best)
        inside = onward
    return outside / UNITS_PER_NAT, [] if done is None else done.edits()


def ways_on(
    written: str, waiting: bytes, char: str, pieces: Sequence[bytes], *, at_the_end: bool
) -> Iterator[tuple[str, bytes]]:
    """Yield what a character may complete of what was written, and the bytes that then wait."""
    for piece in pieces:
        fed = feed_behind(written, waiting, piece) if is_broken(waiting) else feed(written, waiting, piece)
        if fed is not None:
            yield fed
    if char == REPLACEMENT:
        yield from feed_lost(written, waiting)
    elif char == SWALLOWER:
        for chars, waits in feed_lost(written, waiting):
            if at_the_end:
                # There was nothing behind it.
                yield chars, waits
            if not waits:
                # What it swallowed may have been ASCII.
                yield chars + REPLACEMENT, b""
            for more, at_last in feed_lost(written, waits):
                yield chars + more, at_last


def _score(item: tuple[tuple[bytes, str], _Inside]) -> float:
    return item[1].score
