"""One line a finding, for terminals, pipes and the problem matchers of editors."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from mojimend.finding import Applicability
from mojimend.report import Report
from mojimend.text.lines import Lines
from mojimend.text.visible import quote, show

# With a path of ten columns, the longest name of a rule and two such quotations, a line is at 80.
_COLUMNS_OF_A_QUOTATION = 16


def lines(report: Report, path: str, first_line: int = 1, field: str = "") -> Iterator[str]:
    r"""Yield a line for each finding: place, how sure, rule, what stands there and what should, why.

    A text that is part of a file begins in ``first_line``. One that is a field of a record is named, and its places
    are code points from the field's own start, as it may be written there with escapes.

    >>> from mojimend import repair
    >>> print(*lines(repair("已经取消，，请重试。"), "a.txt"))
    a.txt:1:5  safe  punctuation/doubled-mark  ，， → ，  the mark ， written twice
    >>> print(*lines(repair("请\n，，"), "a.jsonl", 8, "$.text"))
    a.jsonl:8:$.text:3  safe  punctuation/doubled-mark  ，， → ，  the mark ， written twice
    """
    place = Lines(report.source).place
    path, field = show(path), show(field)
    for rule, (start, _), found, message, sure, repair, _ in report.findings:
        if field:
            where = f"{first_line}:{field}:{start + 1}"
        else:
            line, column = place(start)
            where = f"{first_line + line - 1}:{column}"
        put = None if repair is None else repair.replacement
        # What is long hardly comes again, and a thousand of it may be a thousand megabytes.
        say = _said_again if len(found) <= _COLUMNS_OF_A_QUOTATION else _said
        yield f"{path}:{where}  {say(sure, rule, found, put, message)}"


def _said(sure: Applicability, rule: str, found: str, put: str | None, message: str) -> str:
    """Say all that does not depend on the place."""
    change = quote(found, _COLUMNS_OF_A_QUOTATION)
    if put is not None:
        change += f" → {quote(put, _COLUMNS_OF_A_QUOTATION)}"
    return f"{sure}  {rule}  {change}  {show(message)}"


# A corpus has the same few things wrong a thousand times.
_said_again = lru_cache(maxsize=1024)(_said)
