from __future__ import annotations

import pytest

from mojimend import Edit, Report, repair
from mojimend.reporters.diff import diff
from mojimend.text.columns import columns_of
from mojimend.text.edits import apply


def shown(source: str, *edits: Edit) -> list[str]:
    """The diff of a text with edits that no finding tells of."""
    lines = list(diff(Report(source, apply(source, edits), (), (), edits), "a"))
    return [line.rstrip() for line in lines]


def test_says_nothing_where_nothing_changes() -> None:
    assert list(diff(repair("好。"), "a.txt")) == []
    assert list(diff(repair("好。。"), "a.txt")) == []  # found, but only likely
    assert shown("好", Edit(0, 1, "好")) == []


def test_names_place_and_rule() -> None:
    assert list(diff(repair("好。\n取消，，请。\n"), "a\x1b.txt")) == [
        "a⟦ESC⟧.txt:2  punctuation/doubled-mark",
        "    2 - 取消，[-，-]请。",
        "    2 + 取消，请。",
    ]


def test_a_file_that_changes_its_encoding() -> None:
    assert list(diff(repair("今天天气很好，我们去公园玩。".encode("utf-16")), "a")) == ["a  utf-16-le → utf-8"]


def test_edits_close_together_share_their_lines() -> None:
    assert shown("一，，二、、三", Edit(1, 3, "，"), Edit(4, 6, "、")) == [
        "a:1",
        "    1 - 一，[-，-]二、[-、-]三",
        "    1 + 一，二、三",
    ]


@pytest.mark.parametrize(("gap", "hunks"), [("好" * 24, 1), ("好" * 25, 2), ("好\n", 2)])
def test_edits_far_apart_do_not(gap: str, hunks: int) -> None:
    source = f"，，{gap}，，"
    lines = shown(source, Edit(0, 2, "，"), Edit(len(gap) + 2, len(gap) + 4, "，"))
    assert len(lines) == 3 * hunks


def test_shows_little_of_a_long_line() -> None:
    source = "前" * 40_000 + "，，" + "后" * 40_000
    assert shown(source, Edit(40_000, 40_002, "，")) == [
        "a:1",
        f"    1 - …{'前' * 12}，[-，-]{'后' * 12}…",
        f"    1 + …{'前' * 12}，{'后' * 12}…",
    ]


def test_surroundings_end_with_the_line() -> None:
    assert shown("一\r\n二，，三\r\n四", Edit(4, 6, "，")) == ["a:2", "    2 - 二，[-，-]三", "    2 + 二，三"]


def test_what_is_put_in_is_marked() -> None:
    assert shown("浠婂ぉ好", Edit(0, 3, "今天")) == ["a:1", "    1 - [-浠婂ぉ-]好", "    1 + {+今天+}好"]


def test_a_removed_line_end_is_seen() -> None:
    assert shown("一\n二", Edit(1, 2, "")) == ["a:1", "    1 - 一[-⟦LF⟧-]二", "    1 + 一二"]


def test_a_swapped_space_is_seen_only_where_it_changed() -> None:
    assert shown("a\N{NO-BREAK SPACE}b\N{NO-BREAK SPACE}c", Edit(1, 2, " ")) == [
        "a:1",
        "    1 - a[-⟦NBSP⟧-]b\N{NO-BREAK SPACE}c",
        "    1 + a{+ +}b\N{NO-BREAK SPACE}c",
    ]


def test_nothing_goes_out_raw() -> None:
    lines = shown("\x1b[2J，\x07，\x1b", Edit(4, 7, "，\x9b"))
    assert lines == ["a:1", "    1 - ⟦ESC⟧[2J，[-⟦BEL⟧，-]⟦ESC⟧", "    1 + ⟦ESC⟧[2J，{+⟦009B⟧+}⟦ESC⟧"]


def test_mojibake_says_how_it_came_about() -> None:
    assert list(diff(repair("您的订单已鍙栨秷，，请重试。"), "a")) == [
        "a:1  mojibake/misread, punctuation/doubled-mark",
        "    1 - 您的订单已[-鍙栨秷-]，[-，-]请重试。",
        "    1 + 您的订单已{+取消+}，请重试。",
        "      how: UTF-8 read as GBK",
    ]


def test_no_line_is_wider_than_a_terminal() -> None:
    old, new = "鎴戜滑" * 40, "我们" * 40 + "\N{ZERO WIDTH SPACE}" * 30
    lines = shown(f"前{old}后", Edit(1, 1 + len(old), new))
    assert max(map(columns_of, lines)) <= 80
    sides = {side: "".join(line[8:] for line in lines[1:] if line[6] == side) for side in "-+"}
    assert sides == {"-": f"前[-{old}-]后", "+": f"前{{+{'我们' * 40}{'⟦ZWSP⟧' * 30}+}}后"}
    assert [line[:6] for line in lines[1:3]] == ["    1 ", "      "]
    assert all(line.count("⟦") == line.count("⟧") for line in lines)
