"""The record of a text that is mended: what it tells of, and that it does not outgrow the text."""

from __future__ import annotations

from mojimend import Report, repair


def size(report: Report) -> int:
    """Count the characters that a report tells."""
    return sum(
        len(finding.found) + (0 if finding.repair is None else len(finding.repair.replacement))
        for finding in report.findings
    )


def test_what_one_rule_finds_in_what_was_rewritten_is_told_as_one() -> None:
    report = repair("浣犲ソ锛岋紝" * 20)
    assert report.text == "你好，" * 20
    assert [finding.rule for finding in report.mended] == ["mojibake/misread", "punctuation/doubled-mark"]
    assert all(finding.found == report.source for finding in report.mended)
    _, doubled = report.mended
    assert doubled.repair is not None
    assert doubled.repair.replacement == report.text


def test_a_report_grows_with_its_text() -> None:
    """A line that was misread from end to end is one finding; what is found in it then is told of all of it."""
    few, many = (repair("浣犲ソ锛岋紝" * times) for times in (50, 400))
    assert len(many.text) == 8 * len(few.text)
    assert 0 < size(many) <= 9 * size(few)
