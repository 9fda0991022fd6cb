"""Where in a line a misreading begins and ends, and what it was: the best way through a window for one misreading.

Character by character the way goes on outside the damage, or inside it, where the bytes of what stands there go to the
decoder of what was written. A way goes in and out where bytes and characters end together, and pays for each entry.
So ASCII that a lead byte swallowed comes along, and so do several stretches and characters with several ways back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mojimend.encodings.misread import Misread, feed, reading
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.rules.evidence import OF_CHARACTERS, OF_NEW, OF_PAIRS, against_cut

# Ways kept at a place: they differ in the bytes that wait for more and in the last character.
BEAM = 6


class Stretch(NamedTuple):
    """A part of a line, and what it was."""

    start: int
    end: int
    text: str


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

    def stretches(self) -> list[Stretch]:
        found = []
        at: _Done | None = self
        while at is not None:
            chars, written = [], at.written
            while written is not None:
                chars.append(written.char)
                written = written.before
            found.append(Stretch(at.start, at.end, "".join(reversed(chars))))
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
) -> tuple[float, list[Stretch]]:
    """Return the odds for, in nats, and the stretches inside the window that are likelier this misreading than text.

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
        pieces = bytes_of(char)
        if not pieces:
            inside = {}
            continue
        if char > "\x7f":
            here = outside - enter - against_cut(line, at) * UNITS_PER_NAT
            key = b"", line[at - 1] if at else "\n"
            if key not in inside or inside[key].score < here:
                inside[key] = _Inside(here, at, None, done)
        stands = OF_PAIRS * (costs[at + 1] - costs[at]) + OF_CHARACTERS * singles[char]
        onward: dict[tuple[bytes, str], _Inside] = {}
        behind = line[at + 1] if at + 1 < len(line) else "\n"
        stays = costs[at + 2] - costs[at + 1]
        cut: float | None = None
        for (waiting, last), way in inside.items():
            for piece in pieces:
                fed = feed(written_in, waiting, piece)
                if fed is None:
                    continue
                chars, waits = fed
                score, written, before = way.score + stands, way.written, last
                weight = 1 if chars == char and not waiting else OF_NEW
                for new in chars:
                    score -= weight * (OF_PAIRS * pairs[before + new] + OF_CHARACTERS * singles[new])
                    before, written = new, _Written(new, written)
                key = waits, before
                if key in onward and onward[key].score >= score:
                    continue
                onward[key] = _Inside(score, way.start, written, way.done)
                if waits:
                    continue
                if cut is None:
                    cut = against_cut(line, at + 1) * UNITS_PER_NAT
                left = score + OF_PAIRS * (stays - pairs[before + behind]) - cut
                if left > outside:
                    outside, done = left, _Done(way.start, at + 1, written, way.done)
        if len(onward) > BEAM:
            best = sorted(onward.items(), key=_score, reverse=True)[:BEAM]
            onward = dict(best)
        inside = onward
    return outside / UNITS_PER_NAT, [] if done is None else done.stretches()


def _score(item: tuple[tuple[bytes, str], _Inside]) -> float:
    return item[1].score
