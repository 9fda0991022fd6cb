from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend.text import visible
from mojimend.text.visible import quote, show


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好，我们去公园玩。",  # what most texts are
        "東京タワー・ｶﾞｲﾄﾞ 、…—「」",  # halfwidth kana, marks
        "서울은 대한민국의 수도이다. ㄱㅏ",  # syllables and letters
        "naïve ≠ naif, 2 × 3 → 6, “quoted”",  # signs of the West
        "a\tb\N{NO-BREAK SPACE}c\N{IDEOGRAPHIC SPACE}d",  # spaces at home in running text
        "\N{CJK UNIFIED IDEOGRAPH-20BB7}野家 \N{GRINNING FACE}",  # beyond the first plane
        "\N{DEVANAGARI LETTER KA}\N{DEVANAGARI SIGN VIRAMA}",  # combining marks
        "",
    ],
)
def test_leaves_what_can_be_seen(text: str) -> None:
    assert show(text) == text


@pytest.mark.parametrize(
    ("character", "token"),
    [
        ("\0", "NUL"),
        ("\x1b", "ESC"),
        ("\n", "LF"),
        ("\r", "CR"),
        ("\x7f", "DEL"),
        ("\x85", "0085"),
        ("\x9b", "009B"),
        ("\N{SOFT HYPHEN}", "SHY"),
        ("\N{ZERO WIDTH SPACE}", "ZWSP"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}", "BOM"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}", "RLO"),
        ("\N{LINE SEPARATOR}", "LS"),
        ("\N{HANGUL FILLER}", "HF"),
        ("\N{VARIATION SELECTOR-17}", "VS17"),
        ("\N{REPLACEMENT CHARACTER}", "U+FFFD"),
        ("\ue100", "E100"),
        ("\U000f0000", "F0000"),
        ("\ud83d", "D83D"),
        ("\udc80", "DC80"),
        ("\u0378", "0378"),
        ("\uffff", "FFFF"),
        ("\U000e0041", "E0041"),
    ],
)
def test_names_what_cannot(character: str, token: str) -> None:
    assert show(f"a{character}b") == f"a⟦{token}⟧b"


@pytest.mark.parametrize(
    ("character", "token"),
    [("\t", "TAB"), ("\N{NO-BREAK SPACE}", "NBSP"), ("\N{IDEOGRAPHIC SPACE}", "U+3000"), ("\N{EM SPACE}", "2003")],
)
def test_names_spaces_where_asked(character: str, token: str) -> None:
    assert show(character) == character
    assert show(character, spaces=True) == f"⟦{token}⟧"
    assert show(" ", spaces=True) == " "


def test_what_is_passed_over_in_c_is_seen() -> None:
    passed_over = re.compile(f"[{visible._SEEN}]+")
    for run in passed_over.finditer("".join(map(chr, range(0x110000)))):
        for character in run[0]:
            assert unicodedata.category(character) not in visible._UNSEEN, hex(ord(character))
            assert character not in visible._NAMES, hex(ord(character))


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    shown = show(text)
    assert {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} <= (
        {"Cc"} if "\t" in text else set()
    )
    assert show(shown) == shown


@given(st.text(st.characters(exclude_categories=())), st.integers(16, 40))
def test_a_quotation_keeps_to_its_columns(text: str, columns: int) -> None:
    quoted = quote(text, columns)
    assert sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in quoted) <= columns


def test_a_quotation_has_both_ends() -> None:
    assert quote("abcdefghijklmnopqrstuvwxyz", 16) == "abcdefg…tuvwxyz"
    assert quote("abcdefghijklmnop", 16) == "abcdefghijklmnop"
    assert quote("一二三四五六七八", 16) == "一二三四五六七八"
    assert quote("一二三四五六七八九", 16) == "一二三…七八九"
