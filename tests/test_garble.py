"""What garble breaks is found, and mended or reported."""

from __future__ import annotations

import difflib
from pathlib import Path
from random import Random

import pytest

from mojimend import Applicability, garble, repair

PAGES = Path(__file__).parents[1] / "fixtures" / "pages"
LOST = "\N{REPLACEMENT CHARACTER}"
# The machine folds these, and whether the author wrote them wide is not always to be known.
FOLD = str.maketrans("；：（）", ";:()")
TABLE = dict(
    zip(
        "報時間個說測樣張兩這們會場請務頁點處長記過開關學畫將對風數績驅樂雲驗謹簡",
        "bào shí jiān gè shuō cè yàng zhāng liǎng zhè men huì chǎng qǐng wù yè diǎn chù zhǎng jì guò kāi guān xué huà"
        " jiāng duì fēng shù jī qū lè yún yàn jǐn jiǎn".split(),
        strict=True,
    )
)


def originals() -> list[str]:
    return [path.read_text("utf-8") for path in sorted(PAGES.glob("*/original.txt"))]


@pytest.mark.parametrize("original", originals())
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("second_pass", [False, True])
def test_a_mirrored_page_comes_back_but_for_what_is_marked(original: str, seed: int, second_pass: bool) -> None:
    random = Random(seed)
    kinds = random.sample(sorted(TABLE), 25)
    damaged = garble.mirror(original, {char: TABLE[char] for char in kinds}, random, second_pass=second_pass)
    report = repair(damaged)
    assert all(finding.applicability is not Applicability.NOTE for finding in report.mended)
    mended, written = report.text.translate(FOLD), original.translate(FOLD)
    changes = difflib.SequenceMatcher(None, mended, written, autojunk=False).get_opcodes()
    wrong = [(mended[a:b], written[c:d]) for kind, a, b, c, d in changes if kind != "equal" and LOST not in mended[a:b]]
    assert wrong == []
    assert mended.count(LOST) <= 0.02 * len(written)


@pytest.mark.parametrize("marks", ["，；：（）？！", "，"])
def test_folding_leaves_the_other_marks(marks: str) -> None:
    folded = garble.fold_widths("（甲、乙：“丙，丁；戊。”）？！", marks)
    assert all(mark not in folded for mark in marks)
    assert "、" in folded
    assert "。”" in folded


def test_misreading_loses_what_fits_nowhere() -> None:
    assert garble.misread("好", written="utf-8", read="gb18030") == f"濂{LOST}"
    assert garble.misread("好", written="gb18030", read="cp1252") == "ºÃ"


@pytest.mark.parametrize(
    ("text", "how", "garbled"),
    [
        ('"你好！"', ("utf-8", "gb18030", "byte", LOST), f'"浣犲ソ锛{LOST}"'),
        ('"你好！"', ("utf-8", "gb18030", "sequence", LOST), f'"浣犲ソ锛{LOST}"'),
        ('"你好！"', ("utf-8", "gb18030", "pair", "?"), '"浣犲ソ锛?'),
        ("안녕하세요", ("utf-8", "cp949", "byte", LOST), f"{LOST}븞{LOST}뀞{LOST}븯{LOST}꽭{LOST}슂"),
        ("안녕하세요", ("utf-8", "cp949", "sequence", LOST), f"{LOST}덈뀞{LOST}섏꽭{LOST}{LOST}"),
        ("안녕하세요", ("utf-8", "cp949", "pair", "?"), "?덈뀞?섏꽭??"),
        ("天気は", ("utf-8", "cp932", "pair", "・"), "螟ｩ豌励・"),
        ("你好，", ("gb18030", "utf-8", "byte", "□"), "□□□ã□"),
        ("你好，", ("gb18030", "utf-8", "sequence", "■"), "■■ã■"),
        # Byte 80 is the euro sign in GBK. In EUC-KR it fits nowhere, not even behind a lead byte.
        ("老人", ("utf-8", "gb18030", "pair", "?"), "鑰佷汉"),
        ("老人", ("utf-8", "cp949", "sequence", LOST), f"{LOST}곦볶"),
        # There it is a control to Windows.
        ("こと", ("utf-8", "cp949", "pair", "?"), "?볝겏"),
        # What Windows-1252 leaves undefined is a control on the Web, not a loss.
        ("好", ("utf-8", "cp1252", "sequence", LOST), "å¥½"),
        ("我", ("utf-8", "cp1252", "byte", LOST), "æˆ‘"),
    ],
)
def test_what_is_lost_is_lost_as_software_does(text: str, how: tuple[str, str, garble.Lost, str], garbled: str) -> None:
    written, read, lost, mark = how
    assert garble.misread(text, written=written, read=read, lost=lost, mark=mark) == garbled


@pytest.mark.parametrize(
    ("size", "left"), [(0, ""), (1, LOST), (3, "你"), (5, f"你{LOST}"), (9, "你好a"), (None, "你好a")]
)
def test_a_field_holds_so_many_bytes(size: int | None, left: str) -> None:
    assert garble.misread("你好a", written="utf-8", read="utf-8", lost="sequence", size=size) == left


def test_what_the_encoding_has_not_is_a_question_mark() -> None:
    assert garble.save_as("日本語 café", "ascii") == "??? caf?"
    assert garble.save_as("日本語 café 简", "cp932") == "日本語 caf? ?"


def test_cleaners_drop_one_kind_and_leave_the_rest() -> None:
    text = "a\x85\xa0\ue000好"
    assert garble.clean(text, "controls") == "a\xa0\ue000好"
    assert garble.clean(text, "private use") == "a\x85\xa0好"
    assert garble.clean(text, "no-break spaces") == "a\x85 \ue000好"


def test_a_page_that_gbk_cannot_hold_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError, match="gbk"):
        garble.gloss("😀", {})


def test_chance_comes_from_the_caller() -> None:
    text = originals()[0]
    assert garble.inject_commas(text, Random(1)) == garble.inject_commas(text, Random(1))
    assert garble.inject_commas(text, Random(1)) != garble.inject_commas(text, Random(2))
