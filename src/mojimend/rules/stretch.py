"""Where in a line a misreading begins and ends, and what it was: the best way through a window for one misreading.

Character by character the way goes on outside the damage, or inside it, where the bytes of what stands there go to the
decoder of what was written. A way goes in and out where bytes and characters end together, and pays for each entry.
So ASCII that a lead byte swallowed comes along, and so do several stretches and characters with several ways back.
Where bytes were lost, the way goes on over the character that stands in for them, or over a gap that nothing shows.

It is done in C where that is at hand, as damaged text takes most of its time here; else ``walk`` does it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from mojimend.encodings.lost import Lost
from mojimend.encodings.misread import PAIRS, WRITTEN, Misread
from mojimend.kernel import Walks
from mojimend.models.plausibility import UNITS_PER_NAT, CompiledPlausibility, plausibility
from mojimend.rules import lost_characters
from mojimend.rules.evidence import (
    AGAINST_CUTTING_A_WORD,
    ALPHABETS,
    LANGUAGES_OF,
    OF_CHARACTERS,
    OF_NEW,
    OF_PAIRS,
)
from mojimend.rules.ways_on import (
    BEAM,
    FIRST_OF_CJK,
    FOR_A_FOREIGN_CHARACTER,
    FOR_A_GAP,
    FOR_A_LOST_CHARACTER,
    HOPELESS,
    OF_LOST,
    Way,
    WaysOn,
)
from mojimend.text.later import later

# Against taking a question mark for lost bytes, where it stands between whole characters: 3 in 100 are lost.
FOR_A_QUESTION_LESS = 28
QUESTIONS = later(r"\?+")
# Two of them are an operator of code, too, but that does not touch what follows it alone, or numbers to both sides.
NO_OPERATOR = later(r"(?<![\w)\]\"'?])\?\?(?=\w)|(?<=\d)\?\?(?=\d)")


class Stretch(NamedTuple):
    """A part of a line, what was written there, and which characters of that lost bytes."""

    start: int
    end: int
    text: str
    lost: tuple[Lost, ...] = ()


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
    asked = line, *window, odds_against * UNITS_PER_NAT, of_new, lossy, questions, for_a_question_less
    model = plausibility()
    if isinstance(model, CompiledPlausibility):
        gained, found = _walks().best(_as_loops_know(misread), asked)
    else:
        from mojimend.rules.walk import pure_best  # noqa: PLC0415  (the loops do the same)

        gained, found = pure_best(model, misread, asked)
    stretches = [Stretch(start, end, text, tuple(map(Lost._make, lost))) for start, end, text, lost in found]
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


@cache
def _as_loops_know(
    misread: Misread,
) -> tuple[
    int,
    int,
    Callable[[bytes, str, bool, bool], tuple[Way, ...] | None],
    Callable[[str], bytes],
    Callable[[bytes], int],
    str,
    bool,
]:
    """Return what the loops have to know of a misreading: a number for it, and one for what was written.

    Then three to ask: the ways on, the bytes of a character, and what one costs that was lost; what stands for lost
    bytes, and whether UTF-8 was written.
    """
    ways_on = WaysOn(misread)
    return (
        PAIRS.index(misread),
        WRITTEN.index(misread.written),
        ways_on.over,
        ways_on.piece_of,
        ways_on.cost_of_lost,
        "".join(ways_on.fillers),
        misread.written == "utf-8",
    )
