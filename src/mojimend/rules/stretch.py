"""Where in a line a misreading begins and ends, and what it was: the best way through a window for one misreading.

Character by character the way goes on outside the damage, or inside it, where the bytes of what stands there go to the
decoder of what was written. A way goes in and out where bytes and characters end together, and pays for each entry.
So ASCII that a lead byte swallowed comes along, and so do several stretches and characters with several ways back.
Where bytes were lost, the way goes on over the character that stands in for them, or over a gap that nothing shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import feed_behind, feed_lost, give_up, is_broken, known_of, lost
from mojimend.encodings.misread import SINGLE_BYTE, Misread, feed, reading
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.rules import lost_characters
from mojimend.rules.evidence import OF_CHARACTERS, OF_NEW, OF_PAIRS, against_cut

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
FILLERS = {REPLACEMENT: ((1, 0), (2, FOR_THE_RARER)), "?": ((2, 0), (1, FOR_THE_RARER))}
FILLERS_IN = {"cp932": {"\N{KATAKANA MIDDLE DOT}": ((1, 0), (2, 0))}}
# Against taking a question mark for lost bytes, where it stands between whole characters: 3 in 100 are lost.
FOR_A_QUESTION_LESS = 28
# What it costs that bytes vanished and nothing shows it.
FOR_A_GAP = 40
# A way that is so much worse than to stay outside until here and to go in only now is given up, in units.
HOPELESS = 120


class Lost(NamedTuple):
    """A character that lost bytes: its place in the text of the stretch, where its bytes stand in the line, and they.

    An unknown byte is FF.
    """

    at: int
    start: int
    end: int
    known: bytes


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
                several.append(Lost(at, begins, max(end, begins + 1), known_of(char)))
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
) -> tuple[float, list[Stretch]]:
    """Return the odds for, in nats, and the stretches inside the window that are likelier this misreading than text.

    Arguments:
        line: The line they are in.
        window: The part of it to look at.
        costs: What the line costs up to each of its characters, in the model's units.
        misread: What may have happened.
        odds_against: The odds against each stretch, in nats.
        lossy: Whether bytes were lost for certain, so that a question mark by itself may stand for some.
    """
    written_in, bytes_of = misread.written, reading(misread.read).bytes_of
    # Only UTF-8 checks itself enough for what is often meant so, or shows nothing.
    fillers = FILLERS | FILLERS_IN.get(misread.read, {}) if written_in == "utf-8" else FILLERS
    spaces = misread.read in SINGLE_BYTE
    pairs, singles = plausibility().pairs, plausibility().singles
    enter = odds_against * UNITS_PER_NAT
    outside, done = 0.0, None
    inside: dict[tuple[bytes, str], _Inside] = {}
    for at in range(*window):
        char = line[at]
        gone = fillers.get(char, ())
        pieces = () if char == REPLACEMENT else bytes_of(char)
        if not pieces and not gone:
            inside = {}
            continue
        behind = line[at + 1] if at + 1 < len(line) else "\n"
        if char > "\x7f" or (gone and (behind > "\x7f" or behind in fillers)):
            here = outside - enter - against_cut(line, at) * UNITS_PER_NAT
            key = b"", line[at - 1] if at else "\n"
            if key not in inside or inside[key].score < here:
                inside[key] = _Inside(here, at, None, done)
        stands = 0.0
        if char != REPLACEMENT:
            stands = OF_PAIRS * (costs[at + 1] - costs[at]) + OF_CHARACTERS * singles[char]
        # That a question mark is rare here is no reason to take it for none; that several stand together is.
        is_alone = gone and stands and behind not in fillers and (not at or line[at - 1] not in fillers)
        onward: dict[tuple[bytes, str], _Inside] = {}
        stays = costs[at + 2] - costs[at + 1]
        cut: float | None = None
        hopeless = outside - enter - HOPELESS
        for (waiting, last), way in inside.items():
            if way.score < hopeless:
                continue
            for chars, waits, extra in ways_on(written_in, waiting, char, pieces, gone, spaces, behind):
                score, written, before = way.score + stands - extra, way.written, last
                keeps = not waiting and chars == char
                if is_alone and not waiting and not keeps:
                    score -= FOR_A_QUESTION_LESS if lossy else stands
                weight = 1 if keeps else OF_NEW
                for new in chars:
                    if new[0] == REPLACEMENT:
                        score -= FOR_A_LOST_CHARACTER + OF_LOST * lost_characters.cost(written_in, known_of(new))
                        before = REPLACEMENT
                    else:
                        score -= weight * (OF_PAIRS * pairs[before + new] + OF_CHARACTERS * singles[new])
                        before = new
                    written = _Written(new, at + 1, bool(waits), written)
                key = waits, before
                if key in onward and onward[key].score >= score:
                    continue
                onward[key] = _Inside(score, way.start, written, way.done)
                if waits and not is_broken(waits) and behind != "\n":
                    continue
                if waits:
                    score -= FOR_A_LOST_CHARACTER + (0 if is_broken(waits) else FOR_A_GAP)
                    before, written = REPLACEMENT, _Written(give_up(written_in, waits), at + 1, False, written)
                if cut is None:
                    cut = against_cut(line, at + 1) * UNITS_PER_NAT
                left = score - cut + (OF_PAIRS * (stays - pairs[before + behind]) if before != REPLACEMENT else 0)
                if left > outside:
                    outside, done = left, _Done(way.start, at + 1, written, way.done)
        if len(onward) > BEAM:
            best = sorted(onward.items(), key=_score, reverse=True)[:BEAM]
            onward = dict(best)
        inside = onward
    return outside / UNITS_PER_NAT, [] if done is None else done.stretches()


def ways_on(
    written: str,
    waiting: bytes,
    char: str,
    pieces: Sequence[bytes],
    gone: Sequence[tuple[int, int]],
    spaces: bool,
    behind: str,
) -> Iterator[tuple[Sequence[str], bytes, int]]:
    """Yield what a character may complete of what was written, the bytes that then wait, and what that costs."""
    for piece in pieces:
        fed = feed_behind(written, waiting, piece) if is_broken(waiting) else feed(written, waiting, piece)
        if fed is not None:
            yield *fed, 0
        elif waiting and written == "utf-8" and (fed := feed(written, b"", piece)) is not None:
            yield (give_up(written, waiting), *fed[0]), fed[1], FOR_A_GAP
    if spaces and waiting and char == " ":
        # Many a program turns no-break spaces into spaces.
        fed = feed_behind(written, waiting, b"\xa0") if is_broken(waiting) else feed(written, waiting, b"\xa0")
        if fed is not None:
            yield *fed, 0
    for count, extra in gone:
        for chars, waits in feed_lost(written, waiting):
            if count == 1:
                # At the end of a line there is nothing to swallow.
                yield chars, waits, 0 if behind == "\n" else extra
                continue
            if not waits:
                # What it swallowed may have been ASCII.
                yield (*chars, lost(b"\xff")), b"", extra
            for more, at_last in feed_lost(written, waits):
                yield (*chars, *more), at_last, extra


def _score(item: tuple[tuple[bytes, str], _Inside]) -> float:
    return item[1].score
