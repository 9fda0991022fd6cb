"""How much comes back of text that lost bytes when it was misread, and how far a stated share can be trusted.

What garbles here is ``mojimend.garble``, which loses bytes as the software of each kind does; Python's own codecs have
but one of these ways.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import partial
from itertools import starmap
from multiprocessing import get_context
from typing import NamedTuple

import ftfy
from damage import TRIES, Case, Maker, Text
from figures import code, percent, table

import mojimend
from mojimend import Report, Settings, Span, garble

MARK = "\N{REPLACEMENT CHARACTER}"
LENGTHS = (16, 32, 64)
LIKELY = Settings(accept="likely")
BANDS = 10
# What a code page leaves undefined, garble reads as C1 controls; Python reads it as nothing.
CONTROLS = re.compile("[\x80-\x9f]")


class Loss(NamedTuple):
    """A way to lose bytes of UTF-8: what it was read as, what stands for the lost, and what does it to a text."""

    read: str
    mark: str
    garble: Callable[[str], str]


def _as_python(text: str) -> str:
    """Read UTF-8 as Windows-1252, and put U+FFFD for each byte that is nothing there."""
    return CONTROLS.sub(MARK, garble.misread(text, written="utf-8", read="cp1252"))


def _losses() -> Iterator[Loss]:
    for read, filler in (("gb18030", "?"), ("cp932", "・"), ("cp949", "?"), ("cp950", "?")):
        misread = partial(garble.misread, written="utf-8", read=read)
        yield Loss(read, MARK, misread)
        yield Loss(read, filler, partial(misread, lost="pair", mark=filler))
    yield Loss("cp1252", MARK, _as_python)


LOSSES = tuple(_losses())


class Counts(NamedTuple):
    """What was made of a text: how many characters of the truth came back, stand there wrongly, and stand there."""

    right: int
    wrong: int
    length: int


class Guessed(NamedTuple):
    """What was told of a guess, and whether it was right."""

    share: float
    right: bool


class Outcome(NamedTuple):
    """A case and what stood for its lost bytes, and what came of it: safe, likely and by ftfy."""

    case: Case
    mark: str
    safe: Counts
    likely: Counts
    ftfy: Counts
    guesses: tuple[Guessed, ...]


def cases(texts: Sequence[Text], seed: int, per_cell: int) -> Iterator[tuple[Case, str]]:
    """Yield texts that lost bytes, each with what stands for these."""
    maker = Maker(texts, seed, per_cell)
    for language, sampler in maker.samplers.items():
        for loss in LOSSES:
            for length in LENGTHS:
                random = maker.chance("lossy", language, loss.read, loss.mark, length)
                wanted = per_cell
                for _ in range(per_cell * TRIES):
                    snippet = sampler.snippet(random, length)
                    if snippet is None or loss.mark in snippet or loss.mark not in (garbled := loss.garble(snippet)):
                        continue
                    yield Case("lossy", language, ("utf-8", loss.read), length, garbled, snippet), loss.mark
                    wanted -= 1
                    if not wanted:
                        break


def compare(answer: str, truth: str) -> tuple[Counts, list[bool]]:
    """Line an answer up with the truth; return the counts, and which of its characters are right.

    >>> compare("你�号", "你好吗")
    (Counts(right=1, wrong=1, length=3), [True, False, False])
    """
    right = [False] * len(answer)
    for at, _, size in SequenceMatcher(None, answer, truth, autojunk=False).get_matching_blocks():
        right[at : at + size] = [True] * size
    return Counts(sum(right), len(answer) - sum(right) - answer.count(MARK), len(answer)), right


def guesses_in(report: Report) -> Iterator[tuple[int, float]]:
    """Yield the place of each guess in the mended text, and the share that was told of it."""
    repairs = {finding.span: finding.repair for finding in report.mended if finding.repair and finding.repair.guesses}
    moved = 0
    for start, end, replacement in report.edits:
        repair = repairs.get(Span(start, end))
        if repair is not None and len(repair.replacement) == len(replacement):
            for guess in repair.guesses:
                yield start + moved + guess.at, guess.alternatives[0].share
        moved += len(replacement) - (end - start)


def put(case: Case, mark: str) -> Outcome:
    """Mend one case in every way."""
    safe, _ = compare(mojimend.fix_text(case.text), case.truth)
    report = mojimend.repair(case.text, LIKELY)
    likely, right = compare(report.text, case.truth)
    theirs, _ = compare(ftfy.fix_encoding(case.text), case.truth)
    guesses = tuple(Guessed(share, right[at]) for at, share in guesses_in(report))
    return Outcome(case, mark, safe, likely, theirs, guesses)


def measure(texts: Sequence[Text], seed: int, per_cell: int, jobs: int = 1) -> list[Outcome]:
    """Mend all cases, in so many processes."""
    made = list(cases(texts, seed, per_cell))
    if jobs == 1:
        return list(starmap(put, made))
    with get_context("spawn").Pool(jobs) as pool:
        return pool.starmap(put, made, chunksize=16)


def section(outcomes: Sequence[Outcome]) -> str:
    """Return what comes back of texts that lost bytes, and what the shares are worth that are told of guesses."""
    return "\n\n".join(
        [
            "## Misread, and bytes lost",
            f"{len(outcomes):,} texts of {', '.join(map(str, LENGTHS[:-1]))} and {LENGTHS[-1]} characters, in UTF-8 and"
            " read as something that has not all of these bytes: what is no character there became U+FFFD, a byte each,"
            " or with the byte behind it `?` or `・`, as in the code pages of Windows. A text seldom comes back whole,"
            " so characters are counted. *Back* is the share of the characters written that came back. *Wrong* is the"
            " share of those in the answer that were not written, U+FFFD aside: what was left garbled, or invented."
            " Answer and truth are lined up by their longest parts in common.",
            by_loss(outcomes),
            '*Of the lost* is what `accept="likely"` brings back of the characters that safe does not; it guesses'
            " those from the bytes that are left and their neighbours, where one guess is likelier than all others.",
            "### What a stated share is worth",
            'Each guess tells how likely it is right (`share` in `Alternative`). Of the guesses of `accept="likely"`'
            " above, by that share:",
            calibration([guess for outcome in outcomes for guess in outcome.guesses]),
        ]
    )


def by_loss(outcomes: Sequence[Outcome]) -> str:
    """Return the table of what came back, by way of loss."""
    groups: dict[tuple[str, ...], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[code(outcome.case.path[1]), code(outcome.mark)].append(outcome)
    head = (
        "read",
        "lost",
        "texts",
        "safe: back",
        "wrong",
        "likely: back",
        "wrong",
        "of the lost",
        "ftfy: back",
        "wrong",
    )
    rows = [[*what, f"{len(some):,}", *_figures(some)] for what, some in groups.items()]
    return table(head, [*rows, ["all", "", f"{len(outcomes):,}", *_figures(outcomes)]], words=(0, 1))


def _figures(outcomes: Iterable[Outcome]) -> list[str]:
    some = list(outcomes)
    written = sum(len(one.case.truth) for one in some)
    safe, likely, theirs = (
        Counts(*map(sum, zip(*counts, strict=True)))
        for counts in zip(*((one.safe, one.likely, one.ftfy) for one in some), strict=True)
    )
    return [
        percent(safe.right, written),
        percent(safe.wrong, safe.length),
        percent(likely.right, written),
        percent(likely.wrong, likely.length),
        percent(likely.right - safe.right, written - safe.right),
        percent(theirs.right, written),
        percent(theirs.wrong, theirs.length),
    ]


def calibration(guesses: Iterable[Guessed]) -> str:
    """Return the table of stated shares against the share that was right."""
    bands: list[list[Guessed]] = [[] for _ in range(BANDS)]
    for guess in guesses:
        bands[min(BANDS - 1, int(guess.share * BANDS))].append(guess)
    rows = []
    for number, band in enumerate(bands):
        if not band:
            continue
        stated = f"{100 * sum(guess.share for guess in band) / len(band):.1f}"
        right = percent(sum(guess.right for guess in band), len(band))
        rows.append([f"{100 * number // BANDS} to {100 * (number + 1) // BANDS} %", f"{len(band):,}", stated, right])
    return table(("stated", "guesses", "stated, on average", "right"), rows)
