"""What happened to a text and how it was undone, told to a person who wants to know it in full."""

from __future__ import annotations

from collections.abc import Iterator

from mojimend.encodings.causes import cause
from mojimend.finding import Applicability, Finding, Repair
from mojimend.report import Report
from mojimend.text.lines import Lines
from mojimend.text.visible import show


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
    for finding in report.findings:
        line, column = places.place(finding.span.start)
        yield f"{line}:{column}  {finding.rule}  {finding.applicability}"
        yield f"    {_change(finding)}"
        yield f"    {show(finding.message)}"
        if finding.repair is not None and any(step.action != "replace" for step in finding.repair.steps):
            yield f"    undone by: {' → '.join(show(f'{action} {put}') for action, put in finding.repair.steps)}"
            yield from (f"    {line}" for line in _causes(finding.repair))
        if finding in untouched:
            yield f"    left as it is: {_why_left(finding)}"
    if report.changed:
        yield "text:  " + "\n       ".join(show(line.removesuffix("\r")) for line in report.text.split("\n"))


def _causes(repair: Repair) -> Iterator[str]:
    """Tell of each misreading, the last first, what people call it, what does it, and how to prevent it."""
    for (_, read), (action, written) in zip(repair.steps[::2], repair.steps[1::2], strict=True):
        assert action == "decode"
        why = cause(written, read)
        yield f"{why.name}: {why.software}"
        yield f"to prevent it: {why.prevention}"


def _change(finding: Finding) -> str:
    found = show(finding.found, spaces=True) or "⟦⟧"
    if finding.repair is None:
        return found
    return f"{found} → {show(finding.repair.replacement, spaces=True) or '⟦⟧'}"


def _why_left(finding: Finding) -> str:
    if finding.repair is None:
        return "what stood there is lost"
    if finding.applicability is Applicability.LIKELY:
        return "the best reading, but not a sure one"
    if finding.applicability is Applicability.NOTE:
        return "that is for a person to decide"
    return "another repair took its place"
