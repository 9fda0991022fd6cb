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

Where bytes were lost on the way (as U+FFFD each, as a ? that swallowed the
byte behind it, as a dot or a square, or without a mark), what kept all its
bytes comes back, and each other character is U+FFFD: 浣犲ソ锛? was 你好 and a
mark.

Safe: the bytes are the same, and the odds are far in favour. Silent on rare
names, classical verse and code tables, on words in other alphabets, where the
result would not be CJK (mojibake/western sees to that).

    >>> from mojimend import fix_text
    >>> fix_text("浣犲ソ"), fix_text("ÄãºÃ£¬ÊÀ½ç")
    ('你好', '你好，世界')
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from mojimend.encodings.lenient import REPLACEMENT, lost_in_words
from mojimend.encodings.names import in_words
from mojimend.finding import Applicability, Finding, Guess, Misreading, Repair, Step, replace
from mojimend.kernel import leaf
from mojimend.rules import suspicion
from mojimend.rules.registry import Rule
from mojimend.text.page import Page
from mojimend.text.scripts import ANY_BEYOND_ASCII

if TYPE_CHECKING:
    from mojimend.encodings.misread import Misread
    from mojimend.rules.in_turn import Passage
    from mojimend.rules.undone import Undone

rule = Rule(__name__, clues=suspicion.clues, few=suspicion.SHORT, local=False)


# So many lines with nothing certain among them speak against what is not certain by itself.
SEVERAL = 8
# From what share on a guess is told.
LIKELIER = 0.5


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each stretch that was misread; what one line makes certain counts in the others."""
    from mojimend.rules.in_turn import Passage, undo_in_turn  # noqa: PLC0415  (clean text needs none of it)
    from mojimend.rules.misreading import lines_like, undo  # noqa: PLC0415
    from mojimend.rules.western_lines import all_of_the_west, fits_the_west  # noqa: PLC0415

    text = page.text
    if page.now(all_of_the_west):
        return
    lines = ANY_BEYOND_ASCII.lines(text)
    is_alone = len(text) <= suspicion.SHORT
    passages = list(undo_in_turn(text, lines, is_alone=is_alone, is_told=page.is_told, wants_lost=page.wants_guesses))
    certain = (one for passage in passages for one in passage.undone if one.odds >= suspicion.CERTAIN)
    if seen := frozenset(misread for one in certain for misread in one.chain):
        for start, end in lines_like(text, _between(lines, passages), seen):
            line = text[start:end]
            if not any(fits_the_west(line, misread) for misread in seen):
                passages.append(Passage(start, end, undo(line, seen)))
    for start, end, undone in passages:
        for one in undone:
            if one.odds >= suspicion.CERTAIN or len(lines) < SEVERAL or not seen.isdisjoint(one.chain):
                yield _finding(page, (start, end), one)


def _between(lines: Sequence[tuple[int, int]], passages: Iterable[Passage]) -> list[tuple[int, int]]:
    """Return the lines that are in none of the passages; either are given by place."""
    found: list[tuple[int, int]] = []
    at = 0
    for start, end, _ in passages:
        begun = bisect_left(lines, (start,), at)
        found += lines[at:begun]
        at = begun + 1 if lines[begun][1] == end else bisect_left(lines, (end,), begun)
    found += lines[at:]
    return found


def _finding(page: Page, line: tuple[int, int], undone: Undone) -> Finding:
    start, end = line[0] + undone.start, line[0] + undone.end
    found = page.text[start:end]
    happened, steps, message = _told(undone.chain)
    if page.is_told and not undone.lost and _leads_there(steps, found, undone):
        repair = leaf(Repair, (undone.text, steps, happened, (), ()))
    else:
        repair = replace(undone.text, happened)
    if undone.lost and page.wants_guesses:
        repair = repair._replace(guesses=_guesses(page.text[slice(*line)], undone))
    if lost := undone.text.count(REPLACEMENT):
        message += f"; {lost_in_words(lost)}"
    return rule.finding(page, (start, end), message, Applicability.SAFE, repair)


@lru_cache(maxsize=256)
def _told(chain: tuple[Misread, ...]) -> tuple[tuple[Misreading, ...], tuple[Step, ...], str]:
    """Return what happened, the steps that undo it, and both in words."""
    happened = tuple(Misreading(misread.written, misread.read) for misread in reversed(chain))
    steps = tuple(step for misread in chain for step in (Step("encode", misread.read), Step("decode", misread.written)))
    return happened, steps, in_words(happened)


def _leads_there(steps: tuple[Step, ...], found: str, undone: Undone) -> bool:
    """Tell whether Python's own codecs lead there and back."""
    back, there = found, undone.text
    try:
        for (_, read), (_, written) in zip(steps[::2], steps[1::2], strict=True):
            back = back.encode(read).decode(written)
        for (_, read), (_, written) in zip(steps[-2::-2], steps[::-2], strict=True):
            there = there.encode(written).decode(read)
    except UnicodeError:
        return False
    return (back, there) == (undone.text, found)


def _guesses(line: str, undone: Undone) -> tuple[Guess, ...]:
    """Return what the characters that lost bytes may have been, where one is likelier than all others together."""
    from mojimend.rules.lost_characters import NEARBY, guess, lost_in  # noqa: PLC0415  (only guesses need it)

    before, behind = line[max(0, undone.start - NEARBY) : undone.start], line[undone.end : undone.end + NEARBY]
    of_bytes = b"" if len(undone.chain) > 1 else lost_in(undone.chain[0].read, line[undone.start : undone.end])
    guesses = guess(undone.text, undone.lost, undone.chain[-1].written, before, behind, of_bytes=of_bytes)
    return tuple(
        leaf(Guess, (at, start - undone.start, end - undone.start, alternatives))
        for at, start, end, alternatives in guesses
        if alternatives[0].share >= LIKELIER
    )
