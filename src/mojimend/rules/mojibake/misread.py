r"""CJK text written in one encoding and read in another: 浣犲ソ for 你好.

Bytes do not say what encoding they are in, and software guesses: UTF-8 opened
as GBK (浣犲ソ), GBK taken byte by byte for Latin-1 (ÄãºÃ), Shift_JIS in
Windows-1252, Big5 in GBK, EUC-KR in Shift_JIS. Some texts went through it twice
or three times. Nothing is lost as long as every byte made some character:
writing the text in the encoding it was read in gives the bytes back.

Each stretch that reads like no text at all is read back through every pair of
encodings that occurs, over up to three layers, and a character model weighs
what comes out against what stands there. Damage may fill a line or a part of
it; lines of one text lend each other evidence, so that a name of two
characters is believed where its neighbours were misread alike, and not where
they all read well.

Where bytes were lost on the way (as U+FFFD each, or as a ? that swallowed the
byte behind it), what kept all its bytes comes back, and each other character
is U+FFFD: 浣犲ソ锛? was 你好 and a mark.

Safe: the bytes are the same, and the odds are far in favour. Silent on rare
names, classical verse and code tables, on words in other alphabets, where the
result would not be CJK (mojibake/western sees to that).

    >>> from mojimend import fix_text
    >>> fix_text("浣犲ソ"), fix_text("ÄãºÃ£¬ÊÀ½ç")
    ('你好', '你好，世界')
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mojimend.encodings.lenient import REPLACEMENT, lost_in_words
from mojimend.encodings.names import in_words
from mojimend.finding import Applicability, Finding, Guess, Misreading, Repair, Step, replace
from mojimend.rules import suspicion
from mojimend.rules.registry import Rule
from mojimend.text.later import later
from mojimend.text.page import Page

if TYPE_CHECKING:
    from mojimend.encodings.misread import Misread
    from mojimend.rules.misreading import Undone

LINE = later(r"[^\r\n]+")

rule = Rule(__name__, clues=suspicion.clues, few=suspicion.SHORT, local=False)


# Odds, in nats, from which a misreading counts as evidence for the other lines. Names by themselves look like
# misreadings of others once in 800; what they seem to have been has odds of 2 in the middle, and 7 in one of 20.
CERTAIN = 8
# So many lines with nothing certain among them speak against what is not certain by itself.
SEVERAL = 8
# From what share on a guess is told.
LIKELIER = 0.5


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each stretch that was misread; what one line makes certain counts in the others."""
    from mojimend.rules.misreading import undo, undo_likewise, undo_losses_likewise  # noqa: PLC0415  (100 ms that clean text does not need)

    lines = [line for line in LINE.finditer(page.text) if not line[0].isascii()]
    is_alone = len(page.text) <= suspicion.SHORT
    found: dict[int, tuple[Undone, ...]] = {}
    usual: Misread | None = None
    for line in lines:
        if usual is not None and (likewise := undo_likewise(line[0], usual)) is not None:
            undone: tuple[Undone, ...] = (likewise,)
        elif is_alone or suspicion.is_suspicious(line[0]):
            undone = (usual and undo_losses_likewise(line[0], usual)) or undo(line[0])
            usual = next((one.chain[0] for one in undone if len(one.chain) == 1 and one.odds >= CERTAIN), usual)
        else:
            undone = ()
        found[line.start()] = undone
    certain = (one for undone in found.values() for one in undone if one.odds >= CERTAIN)
    seen = frozenset(misread for one in certain for misread in one.chain)
    for line in lines:
        undone = found[line.start()]
        if seen and not undone and suspicion.has_rare(line[0]):
            undone = undo(line[0], seen)
        for one in undone:
            if one.odds >= CERTAIN or len(lines) < SEVERAL or not seen.isdisjoint(one.chain):
                yield _finding(page, line, one)


def _finding(page: Page, line: re.Match[str], undone: Undone) -> Finding:
    start, end = line.start() + undone.start, line.start() + undone.end
    happened = tuple(Misreading(misread.written, misread.read) for misread in reversed(undone.chain))
    repair = _repair(page.text[start:end], undone, happened)
    if undone.lost and page.wants_guesses:
        repair = dataclasses.replace(repair, guesses=_guesses(line[0], undone))
    message = in_words(happened)
    if lost := undone.text.count(REPLACEMENT):
        message += f"; {lost_in_words(lost)}"
    return rule.finding(page, (start, end), message, Applicability.SAFE, repair)


def _guesses(line: str, undone: Undone) -> tuple[Guess, ...]:
    """Return what the characters that lost bytes may have been, where one is likelier than all others together."""
    from mojimend.rules.lost_characters import NEARBY, guess  # noqa: PLC0415  (only guesses need it)

    before, behind = line[max(0, undone.start - NEARBY) : undone.start], line[undone.end : undone.end + NEARBY]
    guesses = guess(undone.text, undone.lost, undone.chain[-1].written, before, behind)
    return tuple(
        Guess(at, start - undone.start, end - undone.start, alternatives)
        for at, start, end, alternatives in sorted(guesses)
        if alternatives[0].share >= LIKELIER
    )


def _repair(found: str, undone: Undone, happened: tuple[Misreading, ...]) -> Repair:
    """Return the repair, by encoding and decoding where Python's own codecs lead there and back."""
    steps = tuple(
        step for misread in undone.chain for step in (Step("encode", misread.read), Step("decode", misread.written))
    )
    back, there = found, undone.text
    try:
        for misread in undone.chain:
            back = back.encode(misread.read).decode(misread.written)
        for misread in reversed(undone.chain):
            there = there.encode(misread.written).decode(misread.read)
    except UnicodeError:
        return replace(undone.text, happened)
    if (back, there) != (undone.text, found):
        return replace(undone.text, happened)
    return Repair(undone.text, steps, happened)
