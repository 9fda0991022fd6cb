"""Where in a line a misreading begins and ends, and what it was: the best way through a window for one misreading.

Character by character the way goes on outside the damage, or inside it, where the bytes of what stands there go to the
decoder of what was written. A way goes in and out where bytes and characters end together, and pays for each entry.
So ASCII that a lead byte swallowed comes along, and so do several stretches and characters with several ways back.
Where bytes were lost, the way goes on over the character that stands in for them, or over a gap that nothing shows.

It is done in C where that is at hand, as damaged text takes most of its time here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import Lost, give_up, is_broken, known_of
from mojimend.encodings.misread import PAIRS, WRITTEN, Misread
from mojimend.kernel import Walks
from mojimend.models.plausibility import UNITS_PER_NAT, CompiledPlausibility, plausibility
from mojimend.rules import lost_characters
from mojimend.rules.evidence import (
    AGAINST_A_FOREIGN_CHARACTER,
    AGAINST_CUTTING_A_WORD,
    ALPHABETS,
    LANGUAGES_OF,
    OF_CHARACTERS,
    OF_NEW,
    OF_PAIRS,
    against_cut,
)
from mojimend.rules.ways_on import FOR_A_GAP, Way, WaysOn
from mojimend.text.later import later

# What a character costs of which bytes were lost, in units: so many are, where any are.
FOR_A_LOST_CHARACTER = 8
# How much the bytes weigh that are left of it. In 716 texts that lost bytes, this brings back 99.5 % of what kept all
# its bytes, and leaves 2.0 % of the text as something that was not written; the whole brings 99.6 % and leaves 2.3 %.
OF_LOST = 0.4
# What it costs that a character is of another script, as two bytes of UTF-8 are.
FIRST_OF_CJK, FOR_A_FOREIGN_CHARACTER = "\u1100", AGAINST_A_FOREIGN_CHARACTER * UNITS_PER_NAT
# Ways kept at a place: they differ in the bytes that wait for more and in the last character.
BEAM = 6
# Against taking a question mark for lost bytes, where it stands between whole characters: 3 in 100 are lost.
FOR_A_QUESTION_LESS = 28
QUESTIONS = later(r"\?+")
# Two of them are an operator of code, too, but that does not touch what follows it alone, or numbers to both sides.
NO_OPERATOR = later(r"(?<![\w)\]\"'?])\?\?(?=\w)|(?<=\d)\?\?(?=\d)")
# A way that is so much worse than to stay outside until here and to go in only now is given up, in units.
HOPELESS = 120
# So many ways on are remembered of each misreading in Python, and of so many. They take 11 MB at the most.
MEMO_LIMIT, MISREADINGS_REMEMBERED = 1000, 16


class Stretch(NamedTuple):
    """A part of a line, what was written there, and which characters of that lost bytes."""

    start: int
    end: int
    text: str
    lost: tuple[Lost, ...] = ()


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
    for_a_question_less: int


def best_stretches(
    line: str,
    window: tuple[int, int],
    misread: Misread,
    odds_against: float,
    *,
    lossy: bool = False,
    of_new: float = OF_NEW,
) -> tuple[float, list[Stretch]]:
    """Return the odds for, in nats, and the stretches inside the window that are likelier this misreading than text.

    Arguments:
        line: The line they are in.
        window: The part of it to look at.
        misread: What may have happened.
        odds_against: The odds against each stretch, in nats.
        lossy: Whether bytes were lost for certain, so that a question mark by itself may stand for some.
        of_new: How much more what would stand weighs than what stands.
    """
    questions, for_a_question_less = _questions(line, window, misread, lossy=lossy)
    asked = Asked(line, *window, odds_against * UNITS_PER_NAT, of_new, lossy, questions, for_a_question_less)
    if isinstance(plausibility(), CompiledPlausibility):
        gained, found = _walks().best(_as_loops_know(misread), asked)
        stretches = [Stretch(start, end, text, tuple(map(Lost._make, lost))) for start, end, text, lost in found]
    else:
        gained, stretches = pure_best(asked, misread)
    return gained / UNITS_PER_NAT, stretches


def _questions(line: str, window: tuple[int, int], misread: Misread, *, lossy: bool) -> tuple[set[int], int]:
    """Return where question marks stand that may be lost bytes, and what it costs to take one by itself for that."""
    if line.find("?", *window) < 0:
        return set(), FOR_A_QUESTION_LESS
    # Those of code stand apart: x ?? y.
    questions = {
        at
        for run in QUESTIONS.finditer(line, *window)
        if len(run[0]) > 2
        or max(line[max(0, run.start() - 1)], line[run.end() : run.end() + 1]) > "\x7f"
        or (lossy and NO_OPERATOR.match(line, run.start()))
        for at in range(*run.span())
    }
    if not questions or misread.written == "utf-8":
        return questions, FOR_A_QUESTION_LESS
    # One stands for one whole character, which is lost no oftener than it has no place in what it was read in.
    # Of languages it is the one of which least is lost, as a question mark that was typed is no loss.
    of_each = (lost_characters.rarity(misread, language) for language in LANGUAGES_OF[misread.written])
    for_a_question_less = max(of_each) + lost_characters.FOR_A_TYPED_QUESTION
    if for_a_question_less >= lost_characters.NO_CHARACTER:
        questions.clear()
    return questions, for_a_question_less


@cache
def _walks() -> Walks:
    """Return the loops, which remember the ways on of all misreadings."""
    model = plausibility()
    assert isinstance(model, CompiledPlausibility)
    return Walks(
        model.loops,
        ALPHABETS,
        beam=BEAM,
        of_pairs=OF_PAIRS,
        of_characters=OF_CHARACTERS,
        of_lost=OF_LOST,
        for_a_lost_character=FOR_A_LOST_CHARACTER,
        for_a_foreign_character=FOR_A_FOREIGN_CHARACTER,
        first_of_cjk=FIRST_OF_CJK,
        for_a_gap=FOR_A_GAP,
        against_a_cut=AGAINST_CUTTING_A_WORD * UNITS_PER_NAT,
        hopeless=HOPELESS,
    )


class _Misreading(NamedTuple):
    """What the loops have to know of a misreading: a number for it, and one for what was written, and what to ask."""

    number: int
    number_of_written: int
    ways_on: Callable[[bytes, str, bool, bool], tuple[Way, ...] | None]
    piece_of: Callable[[str], bytes]
    cost_of_lost: Callable[[bytes], int]
    fillers: str
    is_utf_8: bool


@cache
def _as_loops_know(misread: Misread) -> _Misreading:
    ways_on = WaysOn(misread)
    return _Misreading(
        PAIRS.index(misread),
        WRITTEN.index(misread.written),
        ways_on.over,
        ways_on.piece_of,
        ways_on.cost_of_lost,
        "".join(ways_on.fillers),
        misread.written == "utf-8",
    )


def pure_best(asked: Asked, misread: Misread) -> tuple[float, list[Stretch]]:
    """Return what the best way gains, in units, and the stretches of it, as the loops in C do."""
    walk = _Walk(asked, misread)
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

    def stretches(self) -> list[Stretch]:
        found = []
        at: _Done | None = self
        while at is not None:
            found.append(at.stretch())
            at = at.before
        return found[::-1]

    def stretch(self) -> Stretch:
        trail, written = [], self.written
        while written is not None:
            trail.append(written)
            written = written.before
        trail.reverse()
        begins, several = self.start, []
        for at, (char, end, shares, _) in enumerate(trail):
            if char[0] == REPLACEMENT:
                several.append(Lost(at, min(begins, end - 1), end, known_of(char)))
            begins = end - shares
        return Stretch(self.start, self.end, "".join([one.char[0] for one in trail]), tuple(several))


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

    def __init__(self, asked: Asked, misread: Misread) -> None:
        self.asked = asked
        self.line = asked.line
        self.written_in = misread.written
        self.ways = _ways_of(misread)
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
        char, model = self.line[at], plausibility()
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
        pairs = plausibility().pairs
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
        pairs, behind, end = plausibility().pairs, here.behind, here.at + 1
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

    def __init__(self, on: WaysOn) -> None:
        super().__init__()
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
        return OF_CHARACTERS * plausibility().singles[new]


@lru_cache(maxsize=MISREADINGS_REMEMBERED)
def _ways_of(misread: Misread) -> _Ways:
    return _Ways(WaysOn(misread))


def _score(item: tuple[tuple[bytes, str], _Inside]) -> float:
    return item[1].score
