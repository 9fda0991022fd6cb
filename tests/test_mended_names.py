"""Names mended: each by the evidence of all, and never into one that leads elsewhere."""

from __future__ import annotations

from base64 import b64encode

import pytest

from mojimend.names import LONGEST, UNCERTAIN, WELL, mend

CHINESE = ["我的文档", "目录", "照片001.jpg", "2024年度总结.pdf", "新建文本文档.txt", "报告(最终版).docx"]
JAPANESE = ["新しいフォルダー", "会議資料.xlsx", "お知らせ.pdf", "写真.jpg", "読んでください.txt"]
KOREAN = ["한글문서.hwp", "사진.jpg", "회의록.docx", "발표자료.pptx"]
CLEAN = [*CHINESE, *JAPANESE, *KOREAN, "café.txt", "naïve résumé.pdf", "Straße.jpg", "Dvořák.mp3", "©2020.txt", "a.txt"]


@pytest.mark.parametrize(
    ("names", "written", "read"),
    [
        (CHINESE, "gbk", "cp437"),
        (CHINESE, "gbk", "cp850"),
        (CHINESE, "gbk", "latin-1"),
        (CHINESE, "utf-8", "cp437"),
        (CHINESE, "utf-8", "latin-1"),
        (JAPANESE, "cp932", "cp437"),
        (JAPANESE, "utf-8", "cp437"),
        (KOREAN, "cp949", "cp437"),
        (KOREAN, "utf-8", "cp850"),
    ],
)
def test_names_that_were_misread(names: list[str], written: str, read: str) -> None:
    garbled = [name.encode(written).decode(read) for name in names]
    mended = mend([*garbled, *CLEAN])
    assert [mended[name].new for name in garbled] == names
    assert {mended[name] for name in CLEAN} == {WELL}


@pytest.mark.parametrize(
    ("names", "encoding"), [(CHINESE, "gbk"), (JAPANESE, "cp932"), (KOREAN, "cp949"), (JAPANESE, "utf-8")]
)
def test_names_of_which_the_bytes_are_known(names: list[str], encoding: str) -> None:
    raw = [name.encode(encoding) for name in names]
    assert [mend(raw)[name].new for name in raw] == names


def test_bytes_that_were_misread_before() -> None:
    raw = [name.encode("gbk").decode("latin-1").encode() for name in CHINESE]
    assert [mend(raw)[name].new for name in raw] == CHINESE


def test_bytes_that_could_be_several_things() -> None:
    name = "Übung.doc".encode("cp850")
    assert mend([name])[name] == UNCERTAIN
    assert mend([b"\xff\xfe\x00\x81"])[b"\xff\xfe\x00\x81"] == UNCERTAIN


def test_the_encoding_can_be_named() -> None:
    name = "説明".encode("cp932")
    assert mend([name], candidates=("cp932",))[name].new == "説明"


def test_names_of_several_lines_are_mended_by_themselves() -> None:
    garbled = "我的\n文档".encode("gbk").decode("latin-1")
    mended = mend([garbled, "a\rb", "", "ÎÒµÄÎÄµµ"])
    assert mended[garbled].new == "我的\n文档"
    assert mended["ÎÒµÄÎÄµµ"].new == "我的文档"
    assert mended["a\rb"] == mended[""] == WELL


def test_what_lost_bytes_is_told_and_left() -> None:
    mended = mend(["浣犲ソ锛?.txt"])["浣犲ソ锛?.txt"]
    assert mended.new is None
    assert mended.trouble is not None
    assert "has lost bytes" in mended.trouble


@pytest.mark.parametrize("bad", ["文档/照片", "文档\\照片"])
def test_what_would_be_no_name_is_told_and_left(bad: str) -> None:
    # UTF-7 hides what is in it; nothing else that is misread can.
    hidden = "+" + b64encode(bad.encode("utf-16-be")).decode().rstrip("=") + "-"
    mended = mend([hidden], accept="likely")[hidden]
    assert mended.new is None
    assert mended.trouble is not None
    assert "a name that is none" in mended.trouble


def test_what_would_be_too_long_is_told_and_left() -> None:
    text = "我的文档" * 30
    garbled = text.encode("gbk")
    assert len(garbled) < LONGEST < len(text.encode())
    mended = mend([garbled])[garbled]
    assert mended.new is None
    assert mended.trouble is not None
    assert "longer than 255 bytes" in mended.trouble


def test_mending_twice_changes_nothing_more() -> None:
    garbled = [name.encode("gbk").decode("cp437") for name in CHINESE]
    new = [one.new for one in mend(garbled).values() if one.new]
    assert set(mend(new).values()) == {WELL}


def test_a_short_name_with_a_latin_suffix_is_mended_like_the_others() -> None:
    names = [name.encode("gbk").decode("cp437") for name in ("会议记录.txt", "预算表.xlsx")]
    assert [mend(names)[name].new for name in names] == ["会议记录.txt", "预算表.xlsx"]
