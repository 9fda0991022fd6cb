from __future__ import annotations

from contextlib import suppress

import pytest

from mojimend import Applicability, Edit, Finding, Misreading, Repair, Report, Settings, Span, Step, repair
from mojimend.encodings.misread import PAIRS, Misread
from mojimend.finding import replace
from mojimend.reporters.story import tell
from mojimend.text.columns import columns_of


def test_clean_text_is_said_to_be_clean() -> None:
    assert tell(repair("好。")) == "nothing found: the text is clean as far as mojimend can tell\n"


def test_tells_place_reason_and_result() -> None:
    assert tell(repair("好。\n取消，，请。")) == (
        "2:3  punctuation/doubled-mark  safe\n"
        "    ，， → ，\n"
        "    the mark ， written twice\n"
        "text:  好。\n"
        "       取消，请。\n"
    )


def test_what_is_left_is_told_so_and_no_text_is_given() -> None:
    story = tell(repair("好。。"))
    assert "left as it is" in story
    assert "text:" not in story
    assert "left as it is" not in tell(repair("好。。", Settings(accept="likely")))


def test_the_steps_of_the_way_back() -> None:
    steps = (Step("encode", "gb18030"), Step("decode", "utf-8"))
    found = Finding("mojibake/x", Span(0, 3), "浠婂ぉ", "UTF-8 read as GBK", Applicability.SAFE, Repair("今天", steps))
    story = tell(Report("浠婂ぉ", "今天", (found,), (found,), (Edit(0, 3, "今天"),)))
    assert '    undone by: text.encode("gb18030").decode("utf-8")\n' in story


def test_damage_past_mending() -> None:
    lost = Finding("x/y", Span(0, 1), "\N{REPLACEMENT CHARACTER}", "lost", Applicability.NOTE)
    assert "⟦U+FFFD⟧\n    lost\n    left as it is: what stood there is lost\n" in tell(
        Report(lost.found, lost.found, (lost,), (), ())
    )


def test_nothing_goes_out_raw() -> None:
    bad = Finding("x/y", Span(0, 1), "\x1b", "\x07", Applicability.SAFE, replace("\x9b"))
    story = tell(Report("\x1b", "\x9b", (bad,), (bad,), (Edit(0, 1, "\x9b"),)))
    assert story.isprintable() or {"\x1b", "\x07", "\x9b"}.isdisjoint(story)
    assert "⟦ESC⟧ → ⟦009B⟧" in story


def test_tells_mended_from_left() -> None:
    one, two, note = (
        Finding("x/y", Span(at, at + 1), "a", "", sure, put)
        for at, sure, put in (
            (0, Applicability.SAFE, replace("b")),
            (1, Applicability.LIKELY, replace("b")),
            (2, Applicability.NOTE, None),
        )
    )
    story = tell(Report("aaa", "baa", (one, two, note), (one,), (Edit(0, 1, "b"),)))
    assert [line.split("  ")[2] for line in story.splitlines() if "x/y" in line] == ["safe", "likely", "note"]
    assert story.count("left as it is") == 2


TWICE = Misread("utf-8", "cp1252").garble("浣犲ソ")
# Bytes 81, 8D, 8F, 90 and 9D are holes in Python's cp1252 and controls in what the world reads.
WITH_HOLES = Misread("utf-8", "cp1252").garble("我们去公园玩吧")


def test_the_commonest_of_all() -> None:
    assert tell(repair("浣犲ソ")) == (
        "1:1  mojibake/misread  safe\n"
        "    浣犲ソ → 你好\n"
        "    UTF-8 bytes E4 BD A0 · E5 A5 BD read as GBK (古文码)\n"
        "    cause: Windows PowerShell 5.1 (Get-Content) or Excel opening a CSV: to them,\n"
        "      a file without a byte order mark is in the system's code page.\n"
        "    prevention: Use PowerShell 7, or Get-Content -Encoding utf8. Save a CSV for\n"
        "      Excel as UTF-8 with a byte order mark.\n"
        '    undone by: text.encode("gb18030").decode("utf-8")\n'
        "text:  你好\n"
    )


def test_two_layers_are_told_in_the_order_in_which_they_happened() -> None:
    assert tell(repair(TWICE)) == (
        "1:1  mojibake/misread  safe\n"
        "    æµ£çŠ²ã‚½ → 你好\n"
        "    1. UTF-8 bytes E4 BD A0 · E5 A5 BD read as GBK (古文码), which gave 浣犲ソ\n"
        "    2. UTF-8 bytes E6 B5 A3 · E7 8A B2 · E3 82 BD read as Windows-1252 (符号码)\n"
        "    cause of 1: Windows PowerShell 5.1 (Get-Content) or Excel opening a CSV: to\n"
        "      them, a file without a byte order mark is in the system's code page.\n"
        "    prevention: Use PowerShell 7, or Get-Content -Encoding utf8. Save a CSV for\n"
        "      Excel as UTF-8 with a byte order mark.\n"
        "    cause of 2: A MySQL column or connection in latin1, HTTP without a charset,\n"
        "      or PowerShell 5.1 and Excel on a Western Windows.\n"
        "    prevention: Set tables and connections to utf8mb4. Send Content-Type with\n"
        "      charset=utf-8. Save a CSV for Excel with a byte order mark.\n"
        '    undone by: text.encode("cp1252").decode("utf-8")\n'
        '      .encode("gb18030").decode("utf-8")\n'
        "text:  你好\n"
    )


def test_a_layer_twice_has_one_cause() -> None:
    story = tell(repair("Ã¤Â½Â\N{NO-BREAK SPACE}Ã¥Â¥Â½"))
    assert "which gave\n      ä½⟦NBSP⟧å¥½\n    2. UTF-8 bytes C3 A4 · C2 BD · C2 A0 · C3 A5 … read as" in story
    assert story.count("cause: ") == 1


def test_many_lines_misread_alike_have_their_cause_told_once() -> None:
    lines = ["今天天气很好", "我们去公园玩", "晚上再来吃饭", "好的"]
    story = tell(repair("\n".join(Misread("utf-8", "gb18030").garble(line) for line in lines * 8)))
    assert story.count("mojibake/misread") == story.count("UTF-8 bytes") == 32
    assert [story.count(label) for label in ("cause", "prevention", "undone by")] == [1, 1, 1]
    assert story.index("undone by") < story.index("2:1")


def test_a_second_cause_is_told_too() -> None:
    lines = Misread("utf-8", "gb18030").garble("今天天气很好"), Misread("gb18030", "cp1252").garble("今天天气很好")
    story = tell(repair("\n".join(lines)))
    assert (story.count("古文码"), story.count("拼音码"), story.count("cause: ")) == (1, 1, 2)


def test_what_pythons_codecs_cannot_undo() -> None:
    (finding,) = repair(WITH_HOLES).findings
    assert finding.repair is not None
    assert [step.action for step in finding.repair.steps] == ["replace"]
    story = tell(repair(WITH_HOLES))
    assert "UTF-8 bytes E6 88 91 · E4 BB AC · E5 8E BB … read as Windows-1252 (符号码)" in story
    assert "undone by: mojimend's own tables, as Python's codecs do not lead back here\n" in story


def test_bytes_that_show_nothing() -> None:
    story = tell(repair(Misread("utf-8", "latin-1").garble("你好，世界")))
    assert "\n    ä½⟦NBSP⟧å¥½ï¼⟦008C⟧ä¸⟦0096⟧ç⟦0095⟧⟦008C⟧ → 你好，世界\n" in story
    assert all(line.isprintable() for line in story.splitlines())


@pytest.mark.parametrize(
    ("misread", "text", "shown"),
    [
        (Misread("gb18030", "cp1252"), "刘德华 - 忠心.mp3", "GBK bytes C1 F5 · B5 C2 · BB AA … read"),
        (Misread("gb18030", "cp1252"), "01 刘德华", "GBK bytes … C1 F5 · B5 C2 · BB AA read"),
        (Misread("gb18030", "cp1252"), "你好世界", "GBK bytes C4 E3 · BA C3 · CA C0 · BD E7 read"),
        (Misread("gb18030", "cp1252"), "你好，世界", "GBK bytes C4 E3 · BA C3 · A3 AC · CA C0 … read"),
        (Misread("utf-8", "cp1252"), "𠮷野家", "UTF-8 bytes F0 A0 AE B7 · E9 87 8E … read"),
        # か with a ring is two characters that EUC-JIS-2004 writes as one.
        (Misread("euc_jis_2004", "latin-1"), "か\u309aかか", "EUC-JIS-2004 bytes A4 F7 A4 AB A4 AB read"),
    ],
)
def test_the_bytes_are_those_that_were_read(misread: Misread, text: str, shown: str) -> None:
    story = tell(misread_finding(text, misread))
    assert f"\n    {shown}" in story


def misread_finding(text: str, *misreads: Misread, message: str = "") -> Report:
    """A report with one finding of a text that was misread so."""
    garbled = text
    for misread in misreads:
        garbled = misread.garble(garbled)
    happened = tuple(Misreading(misread.written, misread.read) for misread in misreads)
    made = Finding("mojibake/x", Span(0, len(garbled)), garbled, message, Applicability.SAFE, replace(text, happened))
    return Report(garbled, text, (made,), (made,), (Edit(0, len(garbled), text),))


def test_no_bytes_are_told_where_some_were_lost() -> None:
    report = misread_finding("你好", Misread("utf-8", "gb18030"), message="1 character lost")
    (finding,) = report.findings
    assert finding.repair is not None
    repaired = finding.repair._replace(replacement="你\N{REPLACEMENT CHARACTER}")
    story = tell(report._replace(findings=(finding._replace(repair=repaired),)))
    assert "\n    UTF-8 read as GBK (古文码)\n    1 character lost\n    cause: " in story


def test_three_layers_and_their_steps_fit() -> None:
    misread = Misread("utf-8", "latin-1")
    story = tell(repair(misread.garble(misread.garble(misread.garble("今天天气很好")))))
    assert "\n    3. UTF-8 bytes " in story
    assert_fits(story)


def test_what_is_long_loses_its_middle() -> None:
    story = tell(repair(Misread("utf-8", "gb18030").garble("今天天气很好我们去公园玩" * 20)))
    _, found, put, *_ = story.splitlines()
    assert put.startswith("    → 今天天气很好")
    assert "…" in found
    assert "…" in put
    assert_fits(story)


def assert_fits(story: str) -> None:
    """No line is wider than 80 columns, but for the text itself at the end."""
    told = story.partition("\ntext:  ")[0]
    assert [line for line in told.splitlines() if columns_of(line) > 80] == []


@pytest.mark.parametrize("misread", PAIRS, ids=lambda misread: f"{misread.written} read as {misread.read}")
def test_every_line_about_a_misreading_fits(misread: Misread) -> None:
    for text in ("简体中文", "繁體中文", "東京タワー", "한국어"):
        with suppress(UnicodeError):
            assert_fits(tell(misread_finding(text * 30, misread, message="甲" * 100)))
