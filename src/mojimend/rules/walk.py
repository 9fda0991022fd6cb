"""The best way through a window of a line for one misreading, in Python: the twin of the loops in C.

What a way is, ``stretch`` tells, and what it costs, ``ways_on``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import give_up, is_broken, known_of
from mojimend.encodings.misread import Misread
from mojimend.models.plausibility import UNITS_PER_NAT, Plausibility
from mojimend.rules.evidence import OF_CHARACTERS, OF_PAIRS, against_cut
from mojimend.rules.ways_on import (
    BEAM,
    FIRST_OF_CJK,
    FOR_A_FOREIGN_CHARACTER,
    FOR_A_GAP,
    FOR_A_LOST_CHARACTER,
    HOPELESS,
    OF_LOST,
    WaysOn,
)

# So many ways on are remembered of each misreading in Python, and of so many. They take 11 MB at the most.
MEMO_LIMIT, MISREADINGS_REMEMBERED = 1000, 16
# Where a stretch begins and ends, what was written there, and which characters of that lost bytes.
Found: TypeAlias = tuple[int, int, str, list[tuple[int, int, int, bytes]]]


class Asked(NamedTuple):
    """What is asked of a walk.

    Arguments:
        line: The line it is in.
        start: Where the window begins.
        end: Where it ends.
        enter: What it costs to go into the damage, in units.
        of_new: How much more what would stand weighs than what stands.
        lossy: Whether bytes were lost for certain, so that a question mark by itself may stand for some.
        questions: Where question marks stand that may be lost bytes.
        for_a_question_less: What it costs to take one for that which stands between whole characters, in units.
    """

    line: str
    start: int
    end: int
    enter: float
    of_new: float
    lossy: bool
    questions: set[int]
    for_a_question_less: float


def pure_best(
    model: Plausibility, misread: Misread, what: tuple[str, int, int, float, float, bool, set[int], float]
) -> tuple[float, list[Found]]:
    """Return what the best way gains, in units, and the stretches of it, as the loops in C do."""
    asked = Asked(*what)
    walk = _Walk(model, asked, misread)
    for at in range(asked.start, asked.end):
        walk.step(at)
    return walk.outside, [] if walk.done is None else walk.done.stretches()


class _Written(NamedTuple):
    """The characters that a way inside the damage has put so far, the last first, and where their bytes end.

    ``shares`` tells whether the character of the line at that end goes on in the next.
    """

    char: str
    end: int
    shares: bool
    before: _Written | None


class _Done(NamedTuple):
    """The stretches that a way has left, the last first."""

    start: int
    end: int
    written: _Written | None
    before: _Done | None

    def stretches(self) -> list[Found]:
        found = []
        at: _Done | None = self
        while at is not None:
            found.append(at.stretch())
            at = at.before
        return found[::-1]

    def stretch(self) -> Found:
        trail, written = [], self.written
        while written is not None:
            trail.append(written)
            written = written.before
        trail.reverse()
        begins = self.start
        several: list[tuple[int, int, int, bytes]] = []
        for at, (char, end, shares, _) in enumerate(trail):
            if char[0] == REPLACEMENT:
                several.append((at, min(begins, end - 1), end, known_of(char)))
            begins = end - shares
        return self.start, self.end, "".join([one.char[0] for one in trail]), several


class _Inside(NamedTuple):
    """A way inside the damage: how good it is, where it came in, what it put there, and what it did before."""

    score: float
    start: int
    written: _Written | None
    done: _Done | None


class _Here(NamedTuple):
    """A character of the line: what stands behind it, what it costs, and what it costs to take it for a loss."""

    at: int
    behind: str
    stands: float
    for_one_less: float


class _Walk:
    """The best way so far outside the damage, and the best ways inside it by the bytes that wait and what came last."""

    def __init__(self, model: Plausibility, asked: Asked, misread: Misread) -> None:
        self.model = model
        self.asked = asked
        self.line = asked.line
        self.written_in = misread.written
        self.ways = _ways_of(model, misread)
        self.fillers = self.ways.on.fillers
        self.outside = 0.0
        self.done: _Done | None = None
        self.inside: dict[tuple[bytes, str], _Inside] = {}

    def step(self, at: int) -> None:
        """Go on over the character at a place."""
        line, asked = self.line, self.asked
        before, char, behind = line[at - 1] if at else "\n", line[at], line[at + 1] if at + 1 < len(line) else "\n"
        is_lost, at_end = char in self.fillers and (char != "?" or at in asked.questions), behind == "\n"
        if self.ways[b"", char, is_lost, at_end] is None:
            self.inside = {}
            return
        if char > "\x7f" or (is_lost and (behind > "\x7f" or behind in self.fillers)):
            self._go_in(at, before)
        here = self._look(at, before, behind, is_lost=is_lost)
        hopeless = self.outside - asked.enter - HOPELESS
        onward: dict[tuple[bytes, str], _Inside] = {}
        for where, way in self.inside.items():
            if way.score >= hopeless:
                for on in self.ways[where[0], char, is_lost, at_end] or ():
                    self._go_on(here, where, way, on, onward)
        if len(onward) > BEAM:
            onward = dict(sorted(onward.items(), key=_score, reverse=True)[:BEAM])
        self._go_out(here, onward)
        self.inside = onward

    def _look(self, at: int, before: str, behind: str, *, is_lost: bool) -> _Here:
        """Return what there is to know of a place."""
        char, model = self.line[at], self.model
        if char == REPLACEMENT:
            return _Here(at, behind, 0, 0)
        stands = OF_PAIRS * model.pairs[before + char] + OF_CHARACTERS * model.singles[char]
        for_one_less: float = 0
        # That a question mark is rare here is no reason to take it for none; that several stand together is.
        if is_lost and self.fillers.keys().isdisjoint((before, behind)):
            for_one_less = self.asked.for_a_question_less if self.asked.lossy else stands
        elif is_lost and self.written_in != "utf-8":
            for_one_less = self.asked.for_a_question_less
        return _Here(at, behind, stands, for_one_less)

    def _go_in(self, at: int, before: str) -> None:
        """Begin a stretch at a place."""
        score = self.outside - self.asked.enter - against_cut(self.line, at) * UNITS_PER_NAT
        key = b"", before
        if key not in self.inside or self.inside[key].score < score:
            self.inside[key] = _Inside(score, at, None, self.done)

    def _go_on(
        self, here: _Here, where: tuple[bytes, str], way: _Inside, on: _Way, onward: dict[tuple[bytes, str], _Inside]
    ) -> None:
        """Go on over a character in one way, if that is the best that leads to where it does."""
        waiting, last = where
        if on.extra == FOR_A_GAP and way.written is None:
            # What stands before a gap at the very beginning was no part of the damage.
            return
        pairs = self.model.pairs
        score, written = way.score + here.stands - on.extra, way.written
        if not waiting and not on.keeps:
            score -= here.for_one_less
        weight = 1 if on.keeps else self.asked.of_new
        for new, cost in on.chars:
            if new[0] == REPLACEMENT:
                score -= cost
                last = REPLACEMENT
            else:
                score -= weight * (OF_PAIRS * pairs[last + new] + cost)
                if "\x7f" < new < FIRST_OF_CJK:
                    score -= FOR_A_FOREIGN_CHARACTER
                last = new
            written = _Written(new, here.at + 1, bool(on.waits), written)
        key = on.waits, last
        if key not in onward or onward[key].score < score:
            onward[key] = _Inside(score, way.start, written, way.done)

    def _go_out(self, here: _Here, onward: dict[tuple[bytes, str], _Inside]) -> None:
        """End a stretch behind a place, if that is better than all else that led there outside."""
        pairs, behind, end = self.model.pairs, here.behind, here.at + 1
        cut = against_cut(self.line, end) * UNITS_PER_NAT
        stays = OF_PAIRS * pairs[self.line[here.at] + behind]
        for (waits, last_char), way in onward.items():
            score, written, last = way.score, way.written, last_char
            if waits and not is_broken(waits) and behind != "\n":
                continue
            if waits:
                score -= FOR_A_LOST_CHARACTER + (0 if is_broken(waits) else FOR_A_GAP)
                last, written = REPLACEMENT, _Written(give_up(self.written_in, waits), end, False, written)
            if last != REPLACEMENT:
                score += stays - OF_PAIRS * pairs[last + behind]
            if score - cut > self.outside:
                self.outside, self.done = score - cut, _Done(way.start, end, written, way.done)


class _Way(NamedTuple):
    """A way on over a character, each that it completes with its cost by itself; it ``keeps`` what stands there."""

    chars: tuple[tuple[str, float], ...]
    waits: bytes
    extra: int
    keeps: bool


class _Ways(dict[tuple[bytes, str, bool, bool], tuple[_Way, ...] | None]):
    """The ways on by the bytes that wait, the character, whether it may be lost bytes, and whether the line ends.

    A line has the same again and again, and so have all lines that were misread so.
    """

    def __init__(self, model: Plausibility, on: WaysOn) -> None:
        super().__init__()
        self.model = model
        self.on = on

    def __missing__(self, key: tuple[bytes, str, bool, bool]) -> tuple[_Way, ...] | None:
        if len(self) >= MEMO_LIMIT:
            self.clear()
        waiting, char, *_ = key
        ways = self.on.over(*key)
        self[key] = (
            None
            if ways is None
            else tuple(
                _Way(tuple((new, self._cost(new)) for new in chars), waits, extra, not waiting and chars == char)
                for chars, waits, extra in ways
            )
        )
        return self[key]

    def _cost(self, new: str) -> float:
        if new[0] == REPLACEMENT:
            return FOR_A_LOST_CHARACTER + OF_LOST * self.on.cost_of_lost(known_of(new))
        return OF_CHARACTERS * self.model.singles[new]


@lru_cache(maxsize=MISREADINGS_REMEMBERED)
def _ways_of(model: Plausibility, misread: Misread) -> _Ways:
    return _Ways(model, WaysOn(misread))


def _score(item: tuple[tuple[bytes, str], _Inside]) -> float:
    return item[1].score
