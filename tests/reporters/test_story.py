from __future__ import annotations

from mojimend import Applicability, Edit, Finding, Repair, Report, Settings, Span, Step, repair
from mojimend.finding import replace
from mojimend.reporters.story import tell


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
    assert "    undone by: encode gb18030 → decode utf-8\n" in story


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


def test_tells_why_a_text_was_misread() -> None:
    story = tell(repair("浣犲ソ"))
    assert "UTF-8 read as GBK" in story
    assert "古文码" in story
    assert "to prevent it: " in story
