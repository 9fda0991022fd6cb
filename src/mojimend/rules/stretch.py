"""Where in a line a misreading begins and ends, and what it was: the best way through a window for one misreading.

Character by character the way goes on outside the damage, or inside it, where the bytes of what stands there go to the
decoder of what was written. A way goes in and out where bytes and characters end together, and pays for each entry.
So ASCII that a lead byte swallowed comes along, and so do several stretches and characters with several ways back.
Where bytes were lost, the way goes on over the character that stands in for them, or over a gap that nothing shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import UNKNOWN, Lost, feed_behind, feed_lost, give_up, is_broken, known_of, lost
from mojimend.encodings.misread import SINGLE_BYTE, Misread, feed, reading
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.rules import lost_characters
from mojimend.rules.evidence import (
    AGAINST_A_FOREIGN_CHARACTER,
    LANGUAGES_OF,
    OF_CHARACTERS,
    OF_NEW,
    OF_PAIRS,
    against_cut,
)
from mojimend.text.later import later

# Ways kept at a place: they differ in the bytes that wait for more and in the last character.
BEAM = 6
# What a character costs of which bytes were lost, in units: so many are, where any are.
FOR_A_LOST_CHARACTER = 8
# How much the bytes weigh that are left of it. In 716 texts that lost bytes, this brings back 99.5 % of what kept all
# its bytes, and leaves 2.0 % of the text as something that was not written; the whole brings 99.6 % and leaves 2.3 %.
OF_LOST = 0.4
# What stands in for bytes that are no character, how many of them it may stand for, and what that costs in units.
# U+FFFD: one, as Python and iconv put it, or a pair, as browsers do. ?: a pair in code pages 936 and 949 of Windows,
# where the second was any byte; one, in Java and PHP. The middle dot is what code page 932 puts for either.
FOR_THE_RARER = 12
Ways: TypeAlias = tuple[tuple[int, int], ...]
FILLERS: dict[str, Ways] = {REPLACEMENT: ((1, 0), (2, FOR_THE_RARER)), "?": ((2, 0), (1, FOR_THE_RARER))}
FILLERS_IN: dict[str, dict[str, Ways]] = {"cp932": {"\N{KATAKANA MIDDLE DOT}": ((1, 0), (2, 0))}}
# What it costs that a character is of another script, as two bytes of UTF-8 are.
FIRST_OF_CJK, FOR_A_FOREIGN_CHARACTER = "\u1100", AGAINST_A_FOREIGN_CHARACTER * UNITS_PER_NAT
# Against taking a question mark for lost bytes, where it stands between whole characters: 3 in 100 are lost.
FOR_A_QUESTION_LESS = 28
QUESTIONS = later(r"\?+")
# Two of them are an operator of code, too, but that does not touch what follows it alone, or numbers to both sides.
NO_OPERATOR = later(r"(?<![\w)\]\"'?])\?\?(?=\w)|(?<=\d)\?\?(?=\d)")
# What it costs that bytes vanished and nothing shows it.
FOR_A_GAP = 40
# A way that is so much worse than to stay outside until here and to go in only now is given up, in units.
HOPELESS = 120
# So many ways on are remembered of each misreading, and of so many misreadings. They take 11 MB at the most.
MEMO_LIMIT, MISREADINGS_REMEMBERED = 1000, 16


class Stretch(NamedTuple):
    """A part of a line, what was written there, and which characters of that lost bytes."""

    start: int
    end: int
    text: str
    lost: tuple[Lost, ...] = ()


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


def best_stretches(
    line: str,
    window: tuple[int, int],
    costs: Sequence[int],
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
        costs: What the line costs up to each of its characters, in the model's units.
        misread: What may have happened.
        odds_against: The odds against each stretch, in nats.
        lossy: Whether bytes were lost for certain, so that a question mark by itself may stand for some.
        of_new: How much more what would stand weighs than what stands.
    """
    walk = _Walk(line, window, costs, misread, odds_against * UNITS_PER_NAT, lossy=lossy, of_new=of_new)
    for at in range(*window):
        walk.step(at)
    return walk.outside / UNITS_PER_NAT, [] if walk.done is None else walk.done.stretches()


def fillers_in(misread: Misread) -> dict[str, Ways]:
    """Return what this misreading puts for lost bytes besides U+FFFD and ?."""
    # Only UTF-8 checks itself enough for what is often meant so.
    return FILLERS_IN.get(misread.read, {}) if misread.written == "utf-8" else {}


def has_fillers(misread: Misread, line: str) -> bool:
    """Tell whether something stands in a line that this misreading puts for lost bytes, and others write, too."""
    fillers = fillers_in(misread)
    return bool(fillers) and any(filler in line for filler in fillers)


class _Walk:
    """The best way so far outside the damage, and the best ways inside it by the bytes that wait and what came last."""

    def __init__(
        self,
        line: str,
        window: tuple[int, int],
        costs: Sequence[int],
        misread: Misread,
        enter: float,
        *,
        lossy: bool,
        of_new: float,
    ) -> None:
        self.line = line
        self.of_new = of_new
        self.costs = costs
        self.written_in = misread.written
        self.for_a_question_less = FOR_A_QUESTION_LESS
        self.fillers = FILLERS | fillers_in(misread)
        # Those of code stand apart: x ?? y.
        self.questions = {
            at
            for run in QUESTIONS.finditer(line, *window)
            if len(run[0]) > 2
            or max(line[max(0, run.start() - 1)], line[run.end() : run.end() + 1]) > "\x7f"
            or (lossy and NO_OPERATOR.match(line, run.start()))
            for at in range(*run.span())
        }
        if self.questions and misread.written != "utf-8":
            # One stands for one whole character, which is lost no oftener than it has no place in what it was read in.
            # Of languages it is the one of which least is lost, as a question mark that was typed is no loss.
            of_each = (lost_characters.rarity(misread, language) for language in LANGUAGES_OF[misread.written])
            self.for_a_question_less = max(of_each) + lost_characters.FOR_A_TYPED_QUESTION
            if self.for_a_question_less >= lost_characters.NO_CHARACTER:
                self.questions.clear()
        self.bytes_of = reading(misread.read).bytes_of
        self.ways = _ways_of(misread)
        self.enter = enter
        self.lossy = lossy
        self.outside = 0.0
        self.done: _Done | None = None
        self.inside: dict[tuple[bytes, str], _Inside] = {}

    def step(self, at: int) -> None:
        """Go on over the character at a place."""
        char = self.line[at]
        gone = self.fillers.get(char, ()) if char != "?" or at in self.questions else ()
        if not gone and (char == REPLACEMENT or not self.bytes_of(char)):
            self.inside = {}
            return
        behind = self.line[at + 1] if at + 1 < len(self.line) else "\n"
        if char > "\x7f" or (gone and (behind > "\x7f" or behind in self.fillers)):
            self._go_in(at)
        pairs, singles = plausibility().pairs, plausibility().singles
        stands = 0.0
        if char != REPLACEMENT:
            stands = OF_PAIRS * (self.costs[at + 1] - self.costs[at]) + OF_CHARACTERS * singles[char]
        # That a question mark is rare here is no reason to take it for none; that several stand together is.
        is_alone = gone and stands and behind not in self.fillers and (not at or self.line[at - 1] not in self.fillers)
        for_one_less: float = 0
        if is_alone:
            for_one_less = self.for_a_question_less if self.lossy else stands
        elif gone and stands and self.written_in != "utf-8":
            for_one_less = self.for_a_question_less
        hopeless = self.outside - self.enter - HOPELESS
        at_end = behind == "\n"
        onward: dict[tuple[bytes, str], _Inside] = {}
        for (waiting, last), way in self.inside.items():
            if way.score < hopeless:
                continue
            for chars, waits, extra, keeps in self.ways[waiting, char, gone, at_end]:
                if extra == FOR_A_GAP and way.written is None:
                    # What stands before a gap at the very beginning was no part of the damage.
                    continue
                score, written, before = way.score + stands - extra, way.written, last
                if not waiting and not keeps:
                    score -= for_one_less
                weight = 1 if keeps else self.of_new
                for new, cost in chars:
                    if new[0] == REPLACEMENT:
                        score -= cost
                        before = REPLACEMENT
                    else:
                        score -= weight * (OF_PAIRS * pairs[before + new] + cost)
                        if "\x7f" < new < FIRST_OF_CJK:
                            score -= FOR_A_FOREIGN_CHARACTER
                        before = new
                    written = _Written(new, at + 1, bool(waits), written)
                key = waits, before
                if key not in onward or onward[key].score < score:
                    onward[key] = _Inside(score, way.start, written, way.done)
        if len(onward) > BEAM:
            onward = dict(sorted(onward.items(), key=_score, reverse=True)[:BEAM])
        self._go_out(at + 1, behind, onward)
        self.inside = onward

    def _go_in(self, at: int) -> None:
        """Begin a stretch at a place."""
        score = self.outside - self.enter - against_cut(self.line, at) * UNITS_PER_NAT
        key = b"", self.line[at - 1] if at else "\n"
        if key not in self.inside or self.inside[key].score < score:
            self.inside[key] = _Inside(score, at, None, self.done)

    def _go_out(self, at: int, behind: str, onward: dict[tuple[bytes, str], _Inside]) -> None:
        """End a stretch at a place, if that is better than all else that led there outside."""
        cut: float | None = None
        stays = OF_PAIRS * (self.costs[at + 1] - self.costs[at])
        for (waits, last), way in onward.items():
            score, written, before = way.score, way.written, last
            if waits and not is_broken(waits) and behind != "\n":
                continue
            if waits:
                score -= FOR_A_LOST_CHARACTER + (0 if is_broken(waits) else FOR_A_GAP)
                before, written = REPLACEMENT, _Written(give_up(self.written_in, waits), at, False, written)
            if before != REPLACEMENT:
                score += stays - OF_PAIRS * plausibility().pairs[before + behind]
            if score <= self.outside:
                continue
            if cut is None:
                cut = against_cut(self.line, at) * UNITS_PER_NAT
            if score - cut > self.outside:
                self.outside, self.done = score - cut, _Done(way.start, at, written, way.done)


class _Way(NamedTuple):
    """A way on over a character: what it completes, the bytes that then wait, and what that costs beside the text.

    Each character comes with what it costs whatever is before it. The way ``keeps`` what stands there if it is that.
    """

    chars: tuple[tuple[str, float], ...]
    waits: bytes
    extra: int
    keeps: bool


class _Ways(dict[tuple[bytes, str, Ways, bool], tuple[_Way, ...]]):
    """The ways on by the bytes that wait, the character, what it may stand for, and whether the line ends behind it.

    A line has the same again and again, and so have all lines that were misread so.
    """

    def __init__(self, misread: Misread) -> None:
        super().__init__()
        self._written_in = misread.written
        self._bytes_of = reading(misread.read).bytes_of
        self._has_spaces = misread.read in SINGLE_BYTE

    def __missing__(self, key: tuple[bytes, str, Ways, bool]) -> tuple[_Way, ...]:
        if len(self) >= MEMO_LIMIT:
            self.clear()
        waiting, char, *_ = key
        ways = tuple(
            _Way(tuple((new, self._cost(new)) for new in chars), waits, extra, not waiting and chars == char)
            for chars, waits, extra in self._ways_on(*key)
        )
        self[key] = ways
        return ways

    def _cost(self, new: str) -> float:
        if new[0] == REPLACEMENT:
            return FOR_A_LOST_CHARACTER + OF_LOST * lost_characters.cost(self._written_in, known_of(new))
        return OF_CHARACTERS * plausibility().singles[new]

    def _ways_on(
        self, waiting: bytes, char: str, gone: Ways, at_end: bool
    ) -> Iterator[tuple[Sequence[str], bytes, int]]:
        for piece in () if char == REPLACEMENT else self._bytes_of(char):
            if (fed := self._feed(waiting, piece)) is not None:
                yield *fed, 0
            elif waiting and self._written_in == "utf-8" and (fed := feed("utf-8", b"", piece)) is not None:
                yield (give_up("utf-8", waiting), *fed[0]), fed[1], FOR_A_GAP
        # Many a program turns no-break spaces into spaces.
        if char == " " and waiting and self._has_spaces and (fed := self._feed(waiting, b"\xa0")) is not None:
            yield *fed, 0
        for count, extra in gone:
            for chars, waits in feed_lost(self._written_in, waiting):
                if count == 1:
                    # At the end of a line there is nothing to swallow.
                    yield chars, waits, 0 if at_end else extra
                    continue
                if not waits:
                    # What it swallowed may have been ASCII.
                    yield (*chars, lost(UNKNOWN)), b"", extra
                for more, at_last in feed_lost(self._written_in, waits):
                    yield (*chars, *more), at_last, extra

    def _feed(self, waiting: bytes, piece: bytes) -> tuple[Sequence[str], bytes] | None:
        feeds = feed_behind if is_broken(waiting) else feed
        return feeds(self._written_in, waiting, piece)


@lru_cache(maxsize=MISREADINGS_REMEMBERED)
def _ways_of(misread: Misread) -> _Ways:
    return _Ways(misread)


def _score(item: tuple[tuple[bytes, str], _Inside]) -> float:
    return item[1].score
