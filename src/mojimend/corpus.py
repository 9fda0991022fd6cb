"""A piece of a file mended: its texts found, repaired, and put back where they stood.

This is where the formats, which know nothing of what is wrong with a text, meet the pipeline, which knows nothing of
files. What a rule takes for its page is one field: a string of a record, a cell, a page of HTML, a text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from mojimend.finding import Applicability
from mojimend.formats.format import Field, Format, keeps_nothing, read
from mojimend.formats.reading import ANY_BYTE, BYTE
from mojimend.pipeline import pipeline
from mojimend.report import Report
from mojimend.settings import Settings
from mojimend.text.edits import Edit, apply
from mojimend.text.lines import Lines

LOST = "\N{REPLACEMENT CHARACTER}"


class Show(Enum):
    """What is to be told of findings: nothing, how many they are, or each of them.

    Where nothing is told, or only of repairs, nothing else is looked for, which takes less time.
    """

    NOTHING = "nothing"
    REPAIRS = "repairs"
    COUNTS = "counts"
    FINDINGS = "findings"
    CHANGES = "changes"


class Piece(NamedTuple):
    """Some of a file, on its way to be mended.

    ``name`` is the file's, ``first_line`` the number of the line that the piece begins in. The repairs must be such
    that ``encoding`` has the characters. With ``verify`` every mended field is mended again, and must stay.
    """

    name: str
    form: Format
    text: str
    first_line: int
    settings: Settings
    show: Show = Show.NOTHING
    encoding: str = "utf-8"
    verify: bool = False


class Mended(NamedTuple):
    """What became of a piece; ``edits`` are of its text, and empty where nothing was changed.

    ``fields`` is the number of its texts. Where nothing is to be told, what was ``found`` is what was mended.
    """

    edits: tuple[Edit, ...]
    told: tuple[str, ...]
    found: Counter[Applicability]
    fixed: int
    left: Counter[Applicability]
    refused: Counter[str]
    fields: int


class _Change(NamedTuple):
    """A field that is to be changed: its edits in places of the piece, and what it will say."""

    field: Field
    edits: list[Edit]
    value: str


def mend(piece: Piece) -> Mended:
    """Mend the texts of a piece; everything else in it stays."""
    fields = list(piece.form.fields(piece.text))
    reports = list(_reports(piece, fields))
    places = piece.form.places(piece.text, [field for field, _ in reports])
    changes: list[_Change] = []
    refused: Counter[str] = Counter()
    told: list[str] = []
    found: Counter[Applicability] = Counter()
    left: Counter[Applicability] = Counter()
    fixed = 0
    lines = Lines(piece.text)
    for (field, report), label in zip(reports, places, strict=True):
        if label is None:
            refused["in a record that is broken"] += len(report.mended)
            continue
        if report.changed:
            change = _change(piece, field, report)
            why_not = _why_not(piece, change)
            if why_not is not None:
                refused[why_not] += len(report.mended)
                report = report._replace(text=report.source, mended=(), edits=())  # noqa: PLW2901
            else:
                changes.append(change)
        if piece.show in {Show.REPAIRS, Show.FINDINGS, Show.CHANGES}:
            line = piece.first_line + lines.place(field.start).line - 1
            told += _teller(piece.show)(report, piece.name, line, label)
        here = Counter(finding.applicability for finding in report.findings)
        found += here
        # Counted, as to list those that are left asks of each whether it is one of those that were mended.
        left += here - Counter(finding.applicability for finding in report.mended)
        fixed += len(report.mended)
    edits = tuple(edit for change in changes for edit in change.edits)
    if changes and not _reads_back(piece, fields, changes, edits):
        refused["that would have changed more than the text"] += fixed
        return Mended((), tuple(told), found, 0, left, refused, len(fields))
    return Mended(edits, tuple(told), found, fixed, left, refused, len(fields))


def _teller(show: Show) -> Callable[[Report, str, int, str], Iterator[str]]:
    """Return what tells of a report; it is imported when there is something to tell."""
    if show is not Show.CHANGES:
        from mojimend.reporters.concise import lines  # noqa: PLC0415

        return lines
    from mojimend.reporters.diff import diff  # noqa: PLC0415

    return diff


def _reports(piece: Piece, fields: Iterable[Field]) -> Iterator[tuple[Field, Report]]:
    """Yield the fields in which something was found, and what."""
    # Asked once, as fields are many and short.
    chosen, has_bytes = pipeline(piece.settings), ANY_BYTE.count(piece.text) > 0
    tell = chosen.mend if piece.show in {Show.NOTHING, Show.REPAIRS} else chosen.tell
    for field in fields:
        carried = read(piece.text, field)
        report = tell(_without_bytes(piece, carried) if has_bytes else carried)
        if report is not None and report.findings:
            report = _but_for_no_text(piece, report, carried)
            if report.findings:
                yield field, report


def _without_bytes(piece: Piece, carried: str) -> str:
    """Return a text as the rules see it: a byte that is in no character is, as for everybody, a character lost."""
    return BYTE.sub(LOST, carried) if piece.encoding == "utf-8" and ANY_BYTE.count(carried) else carried


def _but_for_no_text(piece: Piece, report: Report, carried: str) -> Report:
    """Return the report on a text without what concerns what in it is no text."""
    kept = piece.form.kept(carried)

    def may_not_be(edit: Edit) -> bool:
        # Nothing is put in place of a byte but what it meant.
        bytes_go = LOST in edit.replacement and BYTE.search(carried, edit.start, edit.end)
        return kept(edit.start, edit.end) or bool(bytes_go)

    return _without(report, kept, may_not_be)


def _without(report: Report, kept: Callable[[int, int], bool], may_not_be: Callable[[Edit], bool]) -> Report:
    """Return the report without the edits that may not be, and without the findings that are theirs or in markup."""
    edits: list[Edit] = []
    barred: list[Edit] = []
    for edit in report.edits:
        (barred if may_not_be(edit) else edits).append(edit)
    if not barred and kept is keeps_nothing:
        # As in most files, of which many have a million findings.
        return report
    barred_from = [edit.start for edit in barred]

    def stays(start: int, end: int) -> bool:
        before = bisect_right(barred_from, end)
        return not kept(start, end) and not (before and start <= barred[before - 1].end)

    findings = tuple(finding for finding in report.findings if stays(*finding.span))
    if len(findings) == len(report.findings):
        return report
    mended = tuple(finding for finding in report.mended if stays(*finding.span))
    return report._replace(text=apply(report.source, edits), findings=findings, mended=mended, edits=tuple(edits))


def _change(piece: Piece, field: Field, report: Report) -> _Change:
    raw = piece.text[field.start : field.end]
    edits = [edit for edit in report.edits if edit.replacement != report.source[edit.start : edit.end]]
    if field.escapes is not None:
        edits = field.escapes.edits(raw, edits)
    edits = list(piece.form.put(raw, edits))
    mended = apply(raw, edits)
    moved = [Edit(start + field.start, end + field.start, new) for start, end, new in edits] if field.start else edits
    return _Change(field, moved, mended if field.escapes is None else field.escapes.read(mended))


def _why_not(piece: Piece, change: _Change) -> str | None:
    """Say why a field cannot be written as it was mended, or None."""
    if not piece.form.can_hold(change.field, change.value):
        return "that their place cannot hold"
    if piece.encoding != "utf-8":
        try:
            "".join(edit.replacement for edit in change.edits).encode(piece.encoding)
        except UnicodeEncodeError:
            return f"in characters that {piece.encoding} lacks"
    if piece.verify and not _holds(piece, change.value):
        return "that do not hold when made twice"
    return None


def _holds(piece: Piece, value: str) -> bool:
    """Tell whether a field that was mended stays as it is when it is mended again."""
    source, chosen = _without_bytes(piece, value), pipeline(piece.settings)
    # Nearly always there is nothing to mend, and what is no text need not be told apart.
    if chosen.fix(source) == source:
        return True
    report = chosen.mend(source)
    return report is None or not _but_for_no_text(piece, report, value).changed


def _reads_back(piece: Piece, fields: Sequence[Field], changes: Sequence[_Change], edits: Sequence[Edit]) -> bool:
    """Cut the mended piece anew: as many fields as before, and each says what it should."""
    if not piece.verify or (all(change.field.escapes is None for change in changes) and piece.form.name != "csv"):
        return True
    values = {change.field.start: change.value for change in changes}
    after = apply(piece.text, edits)
    anew = list(piece.form.fields(after))

    def says_what_it_should(was: Field, field: Field) -> bool:
        if was.start in values:
            return read(after, field) == values[was.start]
        # Most are written as they were, and to read each takes longer than all else.
        is_as_it_was = (
            was.escapes == field.escapes and piece.text[was.start : was.end] == after[field.start : field.end]
        )
        return is_as_it_was or read(piece.text, was) == read(after, field)

    return len(anew) == len(fields) and all(map(says_what_it_should, fields, anew))
