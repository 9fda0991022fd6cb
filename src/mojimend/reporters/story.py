"""What happened to a text and how it was undone, told to a person who wants to know it in full.

What happened comes first, then what usually causes it, how to prevent it, and how to undo it by hand. Those three are
told where they are met first: thirty lines misread alike need them once. No line is wider than 80 columns but those of
the text itself, which is there to be copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from mojimend.encodings.causes import LOSSES, Cause, cause
from mojimend.encodings.misread import Misread
from mojimend.encodings.names import called, in_words
from mojimend.encodings.trace import Layer, trace
from mojimend.finding import Applicability, Finding, Misreading, Repair
from mojimend.pipeline import repair
from mojimend.report import Report
from mojimend.text.columns import WIDTH, columns_of, fold
from mojimend.text.lines import Lines
from mojimend.text.visible import quote, show

INDENT = "    "
HANGING = "      "
ROOM = WIDTH - len(INDENT)
# Three characters of UTF-8: with the longest names around them they still fill one line.
MOST_BYTES = 9
# Enough of what a layer was read as to tell it by.
COLUMNS_BETWEEN_LAYERS = 24


def explain(text: str) -> str:
    """Tell a person what happened to a text and how it was undone.

    >>> print(explain("已经取消，，请重试。"), end="")
    1:5  punctuation/doubled-mark  safe
        ，， → ，
        the mark ， written twice
    text:  已经取消，请重试。
    """
    return tell(repair(text))


def tell(report: Report) -> str:
    """Return the story: each finding with its reason, and the text as it reads now if it changed.

    >>> from mojimend import repair
    >>> print(tell(repair("好。。")), end="")
    1:2  punctuation/doubled-mark  likely
        。。 → 。
        the mark 。 written twice
        left as it is: the best reading, but not a sure one
    >>> print(tell(repair("好。")), end="")
    nothing found: the text is clean as far as mojimend can tell
    """
    if not report.findings:
        return "nothing found: the text is clean as far as mojimend can tell\n"
    return "\n".join(_story(report)) + "\n"


def _story(report: Report) -> Iterator[str]:
    places = Lines(report.source)
    untouched = set(report.left)
    told: set[str] = set()
    for finding in report.findings:
        line, column = places.place(finding.span.start)
        yield f"{line}:{column}  {finding.rule}  {finding.applicability}"
        yield from (INDENT + line for line in _change(finding))
        paragraphs = [*_what_happened(finding), *_background(finding, told)]
        if finding in untouched:
            paragraphs.append(f"left as it is: {_why_left(finding)}")
        for paragraph in paragraphs:
            yield from fold(paragraph, indent=INDENT, hanging=HANGING)
    if report.changed:
        yield "text:  " + "\n       ".join(show(line.removesuffix("\r")) for line in report.text.split("\n"))


def _change(finding: Finding) -> Iterator[str]:
    """Yield what stands there and what should: on one line, or on one each, without its middle if it is long."""
    found = quote(finding.found, ROOM)
    if finding.repair is None:
        yield found
        return
    put = quote(finding.repair.replacement, ROOM - 2)
    if columns_of(found) + columns_of(put) + 3 <= ROOM:
        yield f"{found} → {put}"
    else:
        yield found
        yield f"→ {put}"


def _what_happened(finding: Finding) -> Iterator[str]:
    repair = finding.repair
    misreadings = repair.misreadings if repair is not None else ()
    if repair is not None and misreadings:
        layers = trace(finding.found, repair.replacement, [Misread(*misreading) for misreading in misreadings])
        for number, misreading in enumerate(misreadings):
            name = cause(*misreading, repair.replacement).name
            told = _layer(misreading, name, layers[number] if layers is not None else None)
            if len(misreadings) > 1:
                told = f"{number + 1}. {told}"
            if layers is not None and number + 1 < len(layers):
                told += f", which gave {quote(layers[number].read, COLUMNS_BETWEEN_LAYERS)}"
            yield told
    if more := finding.message.removeprefix(in_words(misreadings)).removeprefix("; "):
        yield show(more)


def _layer(misreading: Misreading, name: str, layer: Layer | None) -> str:
    written, read = map(called, misreading)
    return f"{written}{f' bytes {_hex(layer)}' if layer is not None else ''} read as {read} ({name})"


def _hex(layer: Layer) -> str:
    """Show the first bytes that say something, so not ASCII; a dot stands between those of two characters."""
    pieces = list(layer.pieces())
    first = sum(1 for _ in takewhile(bytes.isascii, pieces))
    shown: list[bytes] = []
    room = MOST_BYTES
    for piece in pieces[first:]:
        if not room or piece.isascii():
            break
        if len(piece) <= room:
            shown.append(piece)
        elif not shown:  # several characters in one piece
            shown.append(piece[:room])
        room = max(0, room - len(piece))
    before = "… " if first else ""
    behind = " …" if sum(map(len, shown)) < sum(map(len, pieces[first:])) else ""
    return before + " · ".join(piece.hex(" ").upper() for piece in shown) + behind


def _background(finding: Finding, told: set[str]) -> Iterator[str]:
    """Tell what usually lies behind each misreading or loss, how to prevent it, and how to undo it without mojimend."""
    repair = finding.repair
    causes = [cause(*misreading) for misreading in repair.misreadings] if repair is not None else []
    if finding.kind:
        causes.append(LOSSES[finding.kind])
    yield from _causes(causes, told)
    if repair is None:
        return
    way = _in_python(repair)
    if way is None and repair.misreadings:
        way = "mojimend's own tables, as Python's codecs do not lead back here"
    if way is not None and _is_news(way, told):
        yield f"undone by: {way}"


def _causes(causes: Sequence[Cause], told: set[str]) -> Iterator[str]:
    several = len({why.software for why in causes}) > 1
    for number, why in enumerate(causes):
        if _is_news(why.software + why.prevention, told):
            yield f"cause{f' of {number + 1}' if several else ''}: {why.software}"
            yield f"prevention: {why.prevention}"


def _in_python(repair: Repair) -> str | None:
    """Write the steps as what Python runs; None if they are a plain replacement."""
    if any(action == "replace" for action, _ in repair.steps):
        return None
    calls = "".join(f'.{action}("{show(argument)}")' for action, argument in repair.steps)
    # Python takes a space between two layers, and there the line can be folded.
    return "text" + calls.replace(").encode", ") .encode")


def _is_news(what: str, told: set[str]) -> bool:
    if what in told:
        return False
    told.add(what)
    return True


def _why_left(finding: Finding) -> str:
    if finding.repair is None:
        return "what stood there is lost"
    if finding.applicability is Applicability.LIKELY:
        return "the best reading, but not a sure one"
    if finding.applicability is Applicability.NOTE:
        return "that is for a person to decide"
    return "another repair took its place"
