"""Each misreading that we undo has a cause to tell."""

from __future__ import annotations

import pytest

from mojimend.encodings.causes import ROWS, UNKNOWN, cause
from mojimend.encodings.misread import PAIRS, WRITTEN, Misread


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.written} read as {pair.read}")
def test_every_pair_has_a_cause_of_its_own(pair: Misread) -> None:
    told = cause(pair.written, pair.read)
    assert told.name
    assert told.software != UNKNOWN.software


@pytest.mark.parametrize("written", sorted(set(WRITTEN) - {"utf-8"}))
def test_what_utf_8_takes_has_a_cause(written: str) -> None:
    assert "U+FFFD" in cause(written, "utf-8").software


@pytest.mark.parametrize(
    ("written", "read", "name"),
    [
        ("utf-8", "gb18030", "古文码"),
        ("gb18030", "utf-8", "口字码"),
        ("utf-8", "cp1252", "符号码"),
        ("utf-8", "latin-1", "符号码"),
        ("gb18030", "latin-1", "拼音码"),
        ("utf-8", "cp932", "文字化け"),
        ("euc_jp", "cp1252", "文字化け"),
        ("utf-8", "cp949", "글자 깨짐"),
        ("big5hkscs", "gb18030", "亂碼"),
        ("gb18030", "cp437", "乱码"),
        ("utf-8", "mac_roman", "mojibake"),
    ],
)
def test_what_people_call_it(written: str, read: str, name: str) -> None:
    assert cause(written, read).name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("你好", "古文码"), ("日本語の文", "文字化け"), ("한국어", "글자 깨짐"), ("日本", "古文码"), ("", "古文码")],
)
def test_the_language_of_the_text_decides_what_people_call_it(text: str, name: str) -> None:
    assert cause("utf-8", "gb18030", text).name == name


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("gb18030", "unzip -O cp936"),
        ("big5hkscs", "unzip -O cp950"),
        ("cp932", "unzip -O cp932"),
        ("cp949", "metadata_encoding='cp949'"),
        ("euc_jp", "metadata_encoding='euc_jp'"),
    ],
)
def test_a_zip_is_unpacked_in_the_encoding_it_was_packed_in(written: str, told: str) -> None:
    assert told in cause(written, "cp437").prevention


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.written} read as {pair.read}")
def test_every_blank_is_filled_in(pair: Misread) -> None:
    assert "{" not in cause(pair.written, pair.read).prevention


@pytest.mark.parametrize(("written", "read"), [("cp932", "euc_jp"), ("euc_jp", "cp932"), ("johab", "cp949")])
def test_encodings_of_one_language_are_of_no_two_regions(written: str, read: str) -> None:
    assert "region" not in cause(written, read).software


def test_a_pair_nobody_knows_has_an_answer_too() -> None:
    assert cause("cp1251", "koi8_r") == ("mojibake", UNKNOWN.software, UNKNOWN.prevention)


@pytest.mark.parametrize("row", [*ROWS, UNKNOWN])
def test_sentences_are_short_and_end(row: tuple[object, object, str, str]) -> None:
    for text in (row[2], row[3]):
        assert text.endswith(".")
        assert len(text) <= 180
