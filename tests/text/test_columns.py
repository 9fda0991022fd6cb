from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend.text.columns import columns_of, fold


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("GBK", 3), ("古文码", 6), ("ｶﾅ", 2), ("ＡＢ", 4), ("한글", 4), ("·…→", 3), ("e\u0301", 2)],
)
def test_columns(text: str, columns: int) -> None:
    assert columns_of(text) == columns


def test_what_fits_is_one_line() -> None:
    assert list(fold("一二 ab", indent="  ", width=9)) == ["  一二 ab"]
    assert list(fold("一二 ab", indent="  ", hanging="    ", width=8)) == ["  一二", "    ab"]
    assert list(fold("")) == [""]


def test_a_word_that_fits_on_no_line_is_cut() -> None:
    assert list(fold("甲 一二三四五", hanging=" ", width=5)) == ["甲", " 一二", " 三四", " 五"]
    assert list(fold("abcdefg", width=3)) == ["abc", "def", "g"]


@given(st.text(st.sampled_from("ab 一二")), st.integers(4, 20))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    lines = list(fold(text, indent="- ", hanging="  ", width=width))
    assert all(columns_of(line) <= width for line in lines)
    assert "".join(line[2:] for line in lines).replace(" ", "") == text.replace(" ", "")
