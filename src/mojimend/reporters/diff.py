"""What would change, for people: the words that go and come, and a little of what stands around them.

A diff by lines says nothing where a line is a page of 40 kB, and carets miss their mark where characters are two
columns wide. So changes are marked in the line, ``[-so-]`` and ``{+so+}``, which survives copying and needs no colour.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from mojimend.report import Report
from mojimend.text.columns import WIDTH, columns_of
from mojimend.text.edits import Edit
from mojimend.text.later import later
from mojimend.text.lines import Lines
from mojimend.text.visible import show

_CONTEXT = 12
# What is not to be cut in two: a token for what cannot be seen, a mark of what goes or comes.
_UNIT = later(r"⟦[^⟧]*⟧|\[-|-\]|\{\+|\+\}|.", re.DOTALL)
_BEHIND = later(rf"(?:(?!\r?\n).){{0,{_CONTEXT}}}", re.DOTALL)


def diff(report: Report, path: str, first_line: int = 1, field: str = "") -> Iterator[str]:
    r"""Yield the lines of the diff; the numbers are those of the lines as they were.

    A text that is part of a file begins in ``first_line``; one that is a field of a record is named, and all of it
    stands in that line.

    A repair of mojibake says how that came about. Lines are no wider than a terminal, but for names of files.

    >>> from mojimend import repair
    >>> print(*diff(repair("您的订单已鍙栨秷，请重试。"), "a.txt"), sep="\n")
    a.txt:1  mojibake/misread
        1 - 您的订单已[-鍙栨秷-]，请重试。
        1 + 您的订单已{+取消+}，请重试。
          how: UTF-8 read as GBK
    >>> print(*diff(repair("好。\n已经取消，，请重试。"), "a.txt"), sep="\n")
    a.txt:2  punctuation/doubled-mark
        2 - 已经取消，[-，-]请重试。
        2 + 已经取消，请重试。
    """
    if report.decoding is not None and report.decoding.encoding != "utf-8":
        yield f"{show(path)}  {report.decoding.encoding} → utf-8"
    places = Lines(report.source)
    starts = [finding.span.start for finding in report.mended]
    for hunk in _hunks(report):
        here = report.mended[bisect_left(starts, hunk[0].start) : bisect_right(starts, hunk[-1].end)]
        line = first_line if field else first_line + places.place(hunk[0].start).line - 1
        old, new = _sides(report.source, hunk)
        where = f"{line}:{show(field)}" if field else line
        yield f"{show(path)}:{where}  {', '.join(sorted({finding.rule for finding in here}))}"
        yield from _folded(line, "-", old)
        yield from _folded(line, "+", new)
        how = {finding.message: None for finding in here if finding.repair is not None and finding.repair.misreadings}
        yield from (f"      how: {show(message)}" for message in how)


def _hunks(report: Report) -> Iterator[list[Edit]]:
    """Yield the edits in groups whose surroundings meet on one line."""
    hunk: list[Edit] = []
    for edit in report.edits:
        if edit.replacement == report.source[edit.start : edit.end]:
            continue
        if hunk:
            far = edit.start - hunk[-1].end > 2 * _CONTEXT
            if far or "\n" in report.source[hunk[-1].end : edit.start]:
                yield hunk
                hunk = []
        hunk.append(edit)
    if hunk:
        yield hunk


def _sides(source: str, hunk: list[Edit]) -> tuple[str, str]:
    """Return the group as it was and as it will be."""
    start, end = hunk[0].start, hunk[-1].end
    before = source[max(0, start - _CONTEXT) : start].rpartition("\n")[2]
    behind = _BEHIND.match(source, end)
    assert behind is not None
    cut_before = start > len(before) and source[start - len(before) - 1] != "\n"
    cut_behind = behind.end() < len(source) and source[behind.end()] not in "\r\n"
    old = new = ("…" if cut_before else "") + show(before)
    at = start
    for edit in hunk:
        removed, put = source[edit.start : edit.end], edit.replacement
        head = _common(removed, put)
        tail = _common(removed[head:][::-1], put[head:][::-1])
        kept = show(source[at : edit.start] + removed[:head])
        behind_change = show(removed[len(removed) - tail :])
        removed, put = removed[head : len(removed) - tail], put[head : len(put) - tail]
        old += kept + (f"[-{show(removed, spaces=True)}-]" if removed else "") + behind_change
        new += kept + (f"{{+{show(put, spaces=True)}+}}" if put else "") + behind_change
        at = edit.end
    rest = show(behind[0]) + ("…" if cut_behind else "")
    return old + rest, new + rest


def _folded(line: int, side: str, text: str) -> Iterator[str]:
    """Yield a side of a change with the number of its line in front, in as many lines as it takes."""
    number, held, used = str(line), "", 0
    room = WIDTH - len(f"{number:>5} {side} ")
    for unit in _UNIT.findall(text):
        columns = columns_of(unit)
        if held and used + columns > room:
            yield f"{number:>5} {side} {held}"
            number, held, used = " " * len(number), "", 0
        held, used = held + unit, used + columns
    yield f"{number:>5} {side} {held}"


def _common(one: str, other: str) -> int:
    """Return how many characters both begin with."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
