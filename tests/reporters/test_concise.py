from __future__ import annotations

import unicodedata

from mojimend import Applicability, Finding, Report, Span, repair
from mojimend.finding import replace
from mojimend.reporters.concise import lines


def report_of(*findings: Finding, source: str) -> Report:
    return Report(source, source, findings, (), ())


def test_says_nothing_of_clean_text() -> None:
    assert list(lines(repair("已经取消，请重试。"), "a.txt")) == []


def test_a_line_a_finding() -> None:
    assert list(lines(repair("好。\r\n取消，，请。\n一，，二"), "a.txt")) == [
        "a.txt:2:3  safe  punctuation/doubled-mark  ，， → ，  the mark ， written twice",
        "a.txt:3:2  safe  punctuation/doubled-mark  ，， → ，  the mark ， written twice",
    ]


def test_a_note_has_no_arrow() -> None:
    lost = Finding("mojibake/x", Span(0, 1), "\N{REPLACEMENT CHARACTER}", "lost", Applicability.NOTE)
    assert list(lines(report_of(lost, source=lost.found), "a")) == ["a:1:1  note  mojibake/x  ⟦U+FFFD⟧  lost"]


def test_a_removal_is_seen() -> None:
    gone = Finding("x/y", Span(0, 1), "\N{ZERO WIDTH SPACE}", "hidden", Applicability.SAFE, replace(""))
    assert list(lines(report_of(gone, source=gone.found), "a")) == ["a:1:1  safe  x/y  ⟦ZWSP⟧ → ⟦⟧  hidden"]


def test_nothing_goes_out_raw() -> None:
    hostile = "\x1b]0;owned\x07\n\udc80\N{RIGHT-TO-LEFT OVERRIDE}"
    bad = Finding("x/y", Span(0, len(hostile)), hostile, hostile, Applicability.SAFE, replace(hostile))
    (line,) = lines(report_of(bad, source=hostile), f"{hostile}.txt")
    assert {unicodedata.category(character)[0] for character in line}.isdisjoint({"C"})


def test_long_quotations_lose_their_middle() -> None:
    long = Finding("x/y", Span(0, 5000), "浠" * 5000, "garbled", Applicability.SAFE, replace("今" * 5000))
    assert list(lines(report_of(long, source=long.found), "a")) == [
        "a:1:1  safe  x/y  浠浠浠…浠浠浠 → 今今今…今今今  garbled"
    ]
