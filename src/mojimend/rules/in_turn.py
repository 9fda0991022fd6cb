"""The lines of a page in turn: how one was misread for certain is tried first in those behind."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.misread import NOT_SINGLE_BYTE, SINGLE_BYTE, Misread
from mojimend.rules import evidence
from mojimend.rules.lossy_throughout import has_no_mark, lossy_misread_of, may_be_utf_8, tell_losses, undo_losses
from mojimend.rules.misreading import signs_of, undo, undo_losses_likewise
from mojimend.rules.suspicion import (
    CERTAIN,
    first_suspicious,
    has_rare,
    is_suspicious,
    lines_with_rare,
    which_are_suspicious,
)
from mojimend.rules.throughout import (
    CONCLUSIVE,
    may_be_told_by_others,
    misread_of,
    or_its_twin,
    plain_lines,
    undo_cut,
    undo_likewise,
)
from mojimend.rules.undone import Undone
from mojimend.rules.western_lines import LETTERS, ONE_IN, fits_the_west, way_to_the_west
from mojimend.text.remembered import remembered

# So many lines are tried at once in the way of those before, more the first time, as most pages are misread throughout,
# and twice as many each time that it was theirs.
BLOCK, FIRST_BLOCK = 16, 64
# So many lines that read as text in the way that the first tells need no other evidence.
SEVERAL = 8
LONGEST_BREAK = len("\r\n")

_misread_of = remembered(misread_of)
_lossy_misread_of = remembered(lossy_misread_of)


class Passage(NamedTuple):
    """A line, or several that were misread alike: where they stand in the text, and what was misread in them.

    The places of that count from where they start.
    """

    start: int
    end: int
    undone: Sequence[Undone]


def undo_in_turn(
    text: str, lines: Sequence[tuple[int, int]], *, is_alone: bool, is_told: bool = True, wants_lost: bool = True
) -> Iterator[Passage]:
    """Yield what was misread in the lines, which are given as spans of the text; nothing of those in which nothing was.

    If the text ``is_alone``, it is searched even if nothing is suspicious. Where nothing of it ``is_told``, lines that
    were misread alike come as one. Which characters lost bytes is told to those who want it.

    >>> [[one.text for one in undone] for _, _, undone in undo_in_turn("浣犲ソ锛屼笘鐣岋紒", [(0, 9)], is_alone=False)]
    [['你好，世界！']]
    """
    is_wanted_by_line = is_told or wants_lost
    passages = _in_turn(text, lines, is_alone=is_alone, by_line=is_wanted_by_line, wants_lost=wants_lost)
    return passages if is_wanted_by_line else _as_one(text, passages)


def _in_turn(
    text: str, lines: Sequence[tuple[int, int]], *, is_alone: bool, by_line: bool, wants_lost: bool
) -> Iterator[Passage]:
    """Yield what was misread in each of the lines that were, or in several that were tried at once."""
    usual: Misread | None = None
    at, size, by_itself = 0, FIRST_BLOCK, 0
    worth_a_look: dict[Misread, Sequence[tuple[int, int]]] = {}
    suspicious = _Suspicious(text)
    western: Misread | None = None
    while at < len(lines):
        checks_itself = usual is not None and usual.written == "utf-8"
        if usual in worth_a_look:
            following = bisect_left(worth_a_look[usual], lines[at])
            if following == len(worth_a_look[usual]):
                break
            at = bisect_left(lines, worth_a_look[usual][following], at)
        elif usual is None and not is_alone and (at := _first_suspicious(text, lines, at, western)) == len(lines):
            break
        block = lines[at : at + size]
        told = None
        if usual is None:
            western_as, told = _west_or_told(text[slice(*lines[at])], western)
            if western_as is not None:
                western, at = western_as, at + 1
                continue
        if told is not None and len(block) >= SEVERAL:
            # Most pages are misread throughout, but for a line or two that prove little.
            tried = _tried(text, block, told, by_line=by_line, wants_lost=wants_lost)
            if tried.done >= SEVERAL:
                yield from tried.passages
                usual, at = tried.usual, at + tried.done
                size, by_itself = (2 * size, 0) if tried.done == len(block) else (BLOCK, at + 1)
                continue
        if usual is None or at < by_itself:
            # Where a line tells nothing for certain, one behind it may.
            behind = lines[at + 1 : at + 1 + BLOCK]
            ahead = (text[slice(*each)] for each in behind) if behind else None
            found, usual = _undo_line(text[slice(*lines[at])], usual, ahead, is_alone=is_alone, wants_lost=wants_lost)
            if found:
                yield Passage(*lines[at], found)
            at += 1
            continue
        tried = _tried(text, block, usual, by_line=by_line, wants_lost=wants_lost)
        yield from tried.passages
        usual, at = tried.usual, at + tried.done
        if tried.done == len(block):
            size *= 2
            continue
        # Of several in UTF-8 it is not known which was not so.
        by_itself = at + 1 if not checks_itself else at + BLOCK if size == BLOCK else at
        size = BLOCK
        if (checks_itself or usual.read in SINGLE_BYTE) and usual not in worth_a_look and not is_alone:
            # Most often few lines of a file were misread, and in UTF-8 or byte by byte they are soon told from others.
            left = lines[at:]
            alike = set(_like_usual(text, left, usual))
            worth_a_look[usual] = sorted(alike.union(suspicious.among([line for line in left if line not in alike])))


class _Suspicious:
    """Which lines of a text are suspicious, each asked once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._asked: set[tuple[int, int]] = set()
        self._found: set[tuple[int, int]] = set()

    def among(self, lines: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
        """Return those of the lines."""
        new = [line for line in lines if line not in self._asked]
        self._asked.update(new)
        self._found.update(which_are_suspicious(self._text, new))
        return self._found.intersection(lines)


def _like_usual(text: str, lines: Sequence[tuple[int, int]], usual: Misread) -> list[tuple[int, int]]:
    """Return of some lines of a text those all of which may have been misread as usual, as UTF-8 or byte by byte."""
    # One look at all of the text passes over most lines.
    worth_a_look = set(lines)
    if usual.written == "utf-8":
        worth_a_look.intersection_update(lines_with_rare(text))
    if (signs := signs_of(frozenset({usual}))) is not None:
        worth_a_look.intersection_update(signs.lines(text))
    if usual.read in SINGLE_BYTE:
        return [line for line in worth_a_look if not NOT_SINGLE_BYTE.count(text, *line)]
    return [line for line in worth_a_look if may_be_utf_8(text[slice(*line)], usual)]


def _told_by(line: str) -> Misread | None:
    """Return how a line was misread, with bytes lost or none, if its beginning tells."""
    return _misread_of(line) or _lossy_misread_of(line)


def _first_suspicious(text: str, lines: Sequence[tuple[int, int]], at: int, western: Misread | None) -> int:
    """Return which of the lines is the first from one on that may have been misread, or how many, but for the West."""
    # That they fit is sooner told than that they are suspicious.
    while western is not None and at < len(lines) and fits_the_west(text[slice(*lines[at])], western):
        at += 1
    return first_suspicious(text, lines, at)


def _west_or_told(line: str, likely: Misread | None) -> tuple[Misread | None, Misread | None]:
    """Return how a line of the West was misread, or else how one of CJK was, if its beginning tells."""
    if as_what := way_to_the_west(line, likely):
        return as_what, None
    told = _told_by(line)
    return (told, None) if told is not None and fits_the_west(line, told) else (None, told)


class _Tried(NamedTuple):
    """What was misread in several lines, up to the first that was not so, in which way, and how many lines that are."""

    usual: Misread
    passages: Sequence[Passage]
    done: int


def _tried(text: str, block: Sequence[tuple[int, int]], usual: Misread, *, by_line: bool, wants_lost: bool) -> _Tried:
    """Return what was misread in several lines if it was as usual, or in the way of its twin."""
    if usual.written == "utf-8":
        passages = _together(text, block, usual, by_line=by_line, wants_lost=wants_lost)
        return _Tried(usual, passages, len(block) if passages else 0)
    return _each(text, block, usual, by_line=by_line)


def _together(
    text: str, block: Sequence[tuple[int, int]], usual: Misread, *, by_line: bool, wants_lost: bool
) -> Sequence[Passage]:
    """Return what several lines were if all were misread as usual."""
    start, end = block[0][0], block[-1][1]
    lines = text[start:end]
    together = _all_of(lines, usual, wants_lost=False)
    if together is None:
        return ()
    if not by_line:
        return (Passage(start, end, (together,)),)
    if REPLACEMENT not in together.text:
        parts = _as_they_were(lines, together.text)
        return [
            Passage(*line, (Undone(0, line[1] - line[0], part, together.chain, together.odds),))
            for line, part in zip(block, parts, strict=True)
        ]
    is_stripped = has_no_mark(lines)
    lossy = (_part_of(together, text[slice(*line)], is_stripped=is_stripped, wants_lost=wants_lost) for line in block)
    return [Passage(*line, (part,)) for line, part in zip(block, lossy, strict=True)]


def _as_they_were(garbled: str, text: str) -> list[str]:
    """Return what each line was that has more than ASCII, by what all of them were: their ends are the same."""
    lines, were = (each.replace("\r", "\n").split("\n") for each in (garbled, text))
    return [was for line, was in zip(lines, were, strict=True) if not line.isascii()]


def _each(text: str, block: Sequence[tuple[int, int]], usual: Misread, *, by_line: bool) -> _Tried:
    """Return what each of several lines was that was misread as usual, up to the first that was not."""
    start, end = block[0][0], block[-1][1]
    lines = text[start:end]
    # Words of the West in UTF-8 can be read as text of CJK, too: one character for each letter with an accent.
    for at, to in LETTERS.lines(lines, ONE_IN):
        if way_to_the_west(lines[at:to], None):
            before = block[: bisect_left(block, (start + at, start + to))]
            return _each(text, before, usual, by_line=by_line) if before else _Tried(usual, (), 0)
    is_without_gaps = lines.count("\n") == len(block) - 1 and "\r" not in lines
    if not is_without_gaps:
        lines = "\n".join(text[slice(*line)] for line in block)
    was, odds = plain_lines(lines, usual)
    if not odds and (twin := or_its_twin(usual, lines)) != usual:
        usual = twin
        was, odds = plain_lines(lines, usual)
    if is_without_gaps and not by_line and len(odds) == len(block):
        whole = Undone(0, end - start, was, (usual,), max(odds))
        return _Tried(usual, (Passage(start, end, (whole,)),), len(block))
    passages = [
        Passage(*line, (Undone(0, line[1] - line[0], one, (usual,), odds_of_it),))
        for line, one, odds_of_it in zip(block, was.split("\n"), odds, strict=False)
    ]
    return _Tried(usual, passages, len(odds))


def _as_one(text: str, passages: Iterable[Passage]) -> Iterator[Passage]:
    """Yield the passages, as one those side by side that were misread alike from end to end."""
    alike: list[Passage] = []
    for passage in passages:
        if alike and not _goes_on(alike[-1], passage):
            yield _joined(text, alike)
            alike = []
        alike.append(passage)
    if alike:
        yield _joined(text, alike)


def _goes_on(before: Passage, passage: Passage) -> bool:
    """Tell whether a passage was misread from end to end, as was the one before it, and nothing is between them."""
    return (
        len(before.undone) == 1 == len(passage.undone)
        and before.undone[0].chain == passage.undone[0].chain
        and before.undone[0][:2] == (0, before.end - before.start)
        and passage.undone[0][:2] == (0, passage.end - passage.start)
        and passage.start - before.end <= LONGEST_BREAK
    )


def _joined(text: str, alike: Sequence[Passage]) -> Passage:
    if len(alike) == 1:
        return alike[0]
    start, end, undone = alike[0].start, alike[-1].end, alike[0].undone[0]
    pieces = [undone.text]
    for before, passage in pairwise(alike):
        pieces += text[before.end : passage.start], passage.undone[0].text
    # What is certain in one counts in all of them, as where each is told by itself.
    odds = max(passage.undone[0].odds for passage in alike)
    return Passage(start, end, (Undone(0, end - start, "".join(pieces), undone.chain, odds),))


def _undo_line(
    line: str, usual: Misread | None, ahead: Iterable[str] | None, *, is_alone: bool, wants_lost: bool
) -> tuple[Sequence[Undone], Misread | None]:
    """Return what was misread in a line, and how the last was that was for certain, be it this one or one before.

    If none was before, the line is suspicious, and it may be one of those ``ahead``, if there are any.
    """
    if usual is not None:
        if way_to_the_west(line, usual):
            return (), usual
        usual = or_its_twin(usual, line)
        if (likewise := _all_of(line, usual, wants_lost=wants_lost)) is not None:
            return (likewise,), usual
        if not (is_alone or is_suspicious(line)):
            return (), usual
    if plainly := _undo_plainly(line, usual, wants_lost=wants_lost):
        return plainly
    if usual is None and ahead is not None and (likely := _way_of_others(line, ahead)):
        likely = or_its_twin(likely, line)
        if (likewise := _all_of(line, likely, wants_lost=wants_lost)) is not None:
            return (likewise,), likely
    undone = (usual and undo_losses_likewise(line, usual)) or undo(line)
    return undone, next((one.chain[0] for one in undone if len(one.chain) == 1 and one.odds >= CERTAIN), usual)


def _way_of_others(line: str, others: Iterable[str]) -> Misread | None:
    """Return how the first of other lines was misread whose beginning tells it, if this line may have been so, too."""
    if not may_be_told_by_others(line):
        return None
    return next(filter(None, map(_misread_of, filter(is_suspicious, others))), None)


def _undo_plainly(line: str, usual: Misread | None, *, wants_lost: bool) -> tuple[Sequence[Undone], Misread] | None:
    """Return what a line was if all of it was misread in a way that its beginning tells, and in which way."""
    for way_of in (_misread_of, _lossy_misread_of) if usual is None else (partial(_misread_of, usual=usual),):
        plain = way_of(line)
        if plain is not None:
            plain = or_its_twin(plain, line)
            # By one line, Latin-1 and Windows-1252 are often the same.
            is_likeliest = usual is not None and plain.written == usual.written
            likewise = _all_of(line, plain, is_likeliest=is_likeliest, wants_lost=wants_lost)
            likewise = likewise or undo_cut(line, plain, is_likeliest=is_likeliest)
            if likewise is not None and (
                (plain.written == "utf-8" and likewise.odds > CONCLUSIVE)
                or likewise.odds > evidence.oddity(line, *likewise[:3], likewise.chain)
            ):
                return (likewise,), plain
    return None


def _all_of(line: str, misread: Misread, *, is_likeliest: bool = False, wants_lost: bool) -> Undone | None:
    if misread.written == "utf-8" and not (has_rare(line) and may_be_utf_8(line, misread)):
        # All UTF-8 that was misread has rare characters; in a file with some damage most lines have not.
        return None
    likewise = undo_likewise(line, misread, is_likeliest=is_likeliest)
    return likewise or undo_losses(line, misread, wants_lost=wants_lost)


def _part_of(together: Undone, line: str, *, is_stripped: bool, wants_lost: bool) -> Undone:
    """Return what one line was of several that were misread alike."""
    (misread,) = together.chain
    try:
        text = misread.decode(misread.bytes_behind(line))
    except UnicodeError:
        return tell_losses(line, misread, together.odds, is_stripped=is_stripped, wants_lost=wants_lost)
    return Undone(0, len(line), text, together.chain, together.odds)
