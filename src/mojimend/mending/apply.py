"""Walk a text through the passes until nothing moves, and keep the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from mojimend.finding import Applicability, Finding, Span, replace
from mojimend.kernel import leaf
from mojimend.mending.policy import accepted, by_place
from mojimend.text.edits import Edit, OffsetMap, apply, compose
from mojimend.text.page import NOTHING, Known, Page

# What the rules of a pass find on a page.
Find = Callable[[Page], list[Finding]]

# Every repair so far removes a layer of damage, and the deepest seen in the world is three. The bounds only keep
# hostile input (damage nested a thousand deep) linear.
ROUNDS_OF_A_PASS = 8
WALKS = 8


class Unrecorded:
    """A text that is mended, and nothing is told of it."""

    places: OffsetMap | None = None
    """What leads back to the places of the original, where they are told and something was mended."""

    def __init__(self, text: str) -> None:
        self.text = text

    def act(self, findings: Sequence[Finding], accept: Applicability) -> None:
        """Apply findings, given in places of the text as it stands, and the guesses in them where they are accepted."""
        self.text = apply(self.text, edits_of(findings, accept))

    def leave(self, findings: Sequence[Finding]) -> None:
        """Take note of findings that are not acted upon."""


class Record(Unrecorded):
    """What was done to a text so far, all of it told in places of the original."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.source = text
        self.edits: tuple[Edit, ...] = ()
        self.mended: list[Finding] = []
        # By rule and place.
        self.left: defaultdict[str, dict[Span, Finding]] = defaultdict(dict)

    def act(self, findings: Sequence[Finding], accept: Applicability) -> None:
        """Apply findings, given in places of the text as it stands, and the guesses in them where they are accepted."""
        guesses = [guess for finding in findings for guess in finding.guesses()]
        self.mended += self._told_of_source(findings)
        if accept <= Applicability.LIKELY:
            self.mended += self._told_of_source(guesses)
        else:
            self.leave(guesses)
        edits = tuple(edits_of(findings, accept))
        self.edits = compose(self.edits, self.text, edits)
        self.places = OffsetMap(self.edits)
        self.text = apply(self.text, edits)

    def leave(self, findings: Sequence[Finding]) -> None:
        """Note findings that are not acted upon; what a repair itself has marked as lost, that repair tells."""
        for told in self._told_of_source(findings):
            self.left[told.rule].setdefault(told.span, told)

    def findings(self) -> tuple[Finding, ...]:
        """Return all findings by place; one that was left and mended later is told once, as mended."""
        for finding in self.mended:
            self.left[finding.rule].pop(finding.span, None)
        left = chain.from_iterable(of_rule.values() for of_rule in self.left.values())
        return tuple(by_place(chain(self.mended, left)))

    def mended_by_place(self) -> tuple[Finding, ...]:
        """Return the findings that were acted upon, by place."""
        return tuple(by_place(self.mended))

    def _told_of_source(self, findings: Sequence[Finding]) -> Iterable[Finding]:
        """Return findings in places of the source, but not what is lost where an earlier repair has put its marks."""
        return self._moved_back(findings, self.places) if self.places else findings

    def _moved_back(self, findings: Sequence[Finding], places: OffsetMap) -> Iterator[Finding]:
        """Yield what is told of the source when it has been edited.

        What lies in something that an earlier pass rewrote is told of the whole of that; and as that may be a page, all
        that one rule found in it is told as one.
        """
        rewritten: dict[tuple[str, Applicability, Span], tuple[Span, list[Finding]]] = {}
        for finding in findings:
            if (between := places.between(finding.span)) is not None:
                # A page may have a million, and to replace one field takes four times as long.
                yield leaf(Finding, (finding.rule, between, *finding[2:]))
                continue
            span, here = places.back(finding.span)
            if here == finding.span and self.source[span.start : span.end] == finding.found:
                yield finding._replace(span=span)
            elif finding.repair is not None:
                _, inside = rewritten.setdefault((finding.rule, finding.applicability, span), (here, []))
                inside.append(finding)
        for (_, _, span), (here, inside) in rewritten.items():
            edits = (Edit(start - here.start, end - here.start, new) for start, end, new in _apart(inside))
            repair = replace(apply(self.text[here.start : here.end], edits))
            yield inside[0]._replace(span=span, found=self.source[span.start : span.end], repair=repair)


def _apart(findings: Iterable[Finding]) -> Iterator[Edit]:
    """Yield the edits that findings ask for, of those that overlap the first."""
    end = 0
    for start, stop, replacement in sorted(edits_of(findings, Applicability.SAFE)):
        if start >= end:
            yield Edit(start, stop, replacement)
            end = stop


def edits_of(findings: Iterable[Finding], accept: Applicability) -> Iterator[Edit]:
    """Yield the edits that findings ask for, and the guesses in them where they are accepted."""
    guessing = accept <= Applicability.LIKELY
    for finding in findings:
        if finding.repair is not None:
            yield leaf(Edit, (*finding.span, finding.guessed() if guessing else finding.repair.replacement))


def mend(
    text: str, passes: Sequence[Find], accept: Applicability, known: Known = NOTHING, *, wants_guesses: bool = True
) -> Record:
    """Repair the text as far as ``accept`` allows; return the record of it. What is ``known`` is not asked again.

    Guesses that are not accepted are told to those who want them.
    """
    record = Record(text)
    _mend(record, passes, accept, known, is_told=True, wants_guesses=wants_guesses)
    return record


def mended(text: str, passes: Sequence[Find], accept: Applicability, known: Known = NOTHING) -> str:
    """Repair the text as far as ``accept`` allows. What is ``known`` of it is not asked again."""
    unrecorded = Unrecorded(text)
    _mend(unrecorded, passes, accept, known, is_told=False, wants_guesses=False)
    return unrecorded.text


def _mend(
    record: Unrecorded,
    passes: Sequence[Find],
    accept: Applicability,
    known: Known,
    *,
    is_told: bool,
    wants_guesses: bool,
) -> None:
    """Walk until nothing moves.

    A walk goes once down the passes, and what its rules ask of the page's evidence they ask of the text as it was
    when the walk began. The text is mended when a fresh walk from its own result moves nothing: that is why mending
    twice is mending once.
    """
    page = Page(record.text, known, wants_guesses=wants_guesses or accept <= Applicability.LIKELY, is_told=is_told)
    for _ in range(WALKS):
        before = record.text
        page = _walk(record, page, passes, accept)
        if record.text == before:
            break
        page = page.again()


def _walk(record: Unrecorded, page: Page, passes: Sequence[Find], accept: Applicability) -> Page:
    """Go once down the passes, and return the page as they leave it."""
    for find in passes:
        for _ in range(ROUNDS_OF_A_PASS):
            taken = accepted(findings, accept) if (findings := find(page)) else []
            if not taken:
                break
            record.act(taken, accept)
            page = page.after(record.text, record.places)
        if findings:
            done = set(taken)
            record.leave([finding for finding in findings if finding not in done] if done else findings)
    return page
