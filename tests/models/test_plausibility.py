"""Costs: text costs less than its misreadings, and what the model has never met follows the rules."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend.models import plausibility as module
from mojimend.models.plausibility import LANGUAGES, NOT_IN_LANGUAGE, Plausibility, fold, plausibility, unknown
from mojimend.models.store import pack, unpack

MODEL = plausibility()

SMALL = Plausibility(
    unpack(
        pack(
            {"\n": 20, "0": 30, " ": 25, "a": 24, "天": 64, "今": 80, "é": 70},
            {"\n": 7, "今": 5, "天": 3},
            {("今", "天"): 9, ("\n", "今"): 33, ("天", "0"): 12, ("天", " "): 6, ("a", "天"): 90},
        )
    )
)

# Of two languages: what is common in the first is rare in the second.
OF_LANGUAGES = Plausibility(
    unpack(
        pack(
            {"天": 64, "今": 80, "雨": 90},
            {"今": 5, "天": 3},
            {("今", "天"): 9},
            [{"天": 50, "今": 60, "雨": 110}, {"天": 120, "今": 130, "雨": 40}, {}, {}, {}],
        )
    )
)


def test_characters_cost_what_they_do_in_the_language_that_has_them_all() -> None:
    assert OF_LANGUAGES.alone_in(LANGUAGES, "今天") == 60 + 50
    assert OF_LANGUAGES.alone_in(LANGUAGES, "今雨") == min(60 + 110, 130 + 40)
    assert OF_LANGUAGES.alone_in(LANGUAGES[1:], "今天") == 130 + 120
    assert OF_LANGUAGES.alone_in(LANGUAGES, "龘") == NOT_IN_LANGUAGE


def test_pairs_cost_the_same_in_each_language_and_what_they_fall_back_on_does_not() -> None:
    assert OF_LANGUAGES.cost_in(LANGUAGES, "今天") == 60 + 9
    assert OF_LANGUAGES.cost_in(LANGUAGES[1:], "今天") == 130 + 9
    assert OF_LANGUAGES.cost_in(LANGUAGES, "天雨") == min(50 + 3 + 110, 120 + 3 + 40)
    assert OF_LANGUAGES.cost_in(LANGUAGES, "龘天") == NOT_IN_LANGUAGE + 50


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        ("今天天气很好", "utf-8", "gb18030"),
        ("我们在图书馆门口等了半个小时。", "gb18030", "latin-1"),
        ("我們在圖書館門口等了半個小時。", "big5", "cp1252"),
        ("雨が降ると、駅の前は傘でいっぱいになる。", "cp932", "latin-1"),
        ("雨が降ると", "utf-8", "cp932"),
        ("비가 오면 역 앞은 우산으로 가득 찬다", "cp949", "gb18030"),
        ("비가 오면", "utf-8", "latin-1"),
        ("Une fenêtre fermée à clé, déjà", "utf-8", "latin-1"),
        ("Закрытая дверь", "utf-8", "cp1251"),
        ("Закрытая дверь", "cp1251", "latin-1"),
        ("Η πόρτα είναι κλειστή", "utf-8", "latin-1"),
        ("Cánh cửa đã đóng lại", "utf-8", "latin-1"),
    ],
)
def test_text_costs_less_than_its_misreading(text: str, written: str, read: str) -> None:
    assert MODEL.cost(text) < MODEL.cost(text.encode(written).decode(read, "replace"))


def test_costs_are_those_of_the_pairs() -> None:
    assert SMALL.costs("今天7") == [33, 9, 12]
    assert SMALL.costs("今今") == [33, 5 + 80]  # back-off, and the character by itself
    assert SMALL.costs("\ue000天") == [120, 64]  # behind an unknown one: by itself
    assert SMALL.cost("今天7今今") == 33 + 9 + 12 + 30 - 30 + SMALL.cost("7今今") - SMALL.cost("7")


@given(st.text(st.one_of(st.characters(), st.sampled_from("今天a0 é\n\ue000\ufffd")), max_size=40))
def test_cost_is_the_sum_of_costs(text: str) -> None:
    costs = MODEL.costs(text)
    assert len(costs) == len(text)
    assert MODEL.cost(text) == sum(costs)
    assert costs == [Plausibility(MODEL._tables).pairs[a + b] for a, b in pairwise("\n" + text)]


@given(st.text(max_size=20), st.text(max_size=20))
def test_costs_of_lines_add_up(one: str, other: str) -> None:
    assert MODEL.cost(f"{one}\n{other}") == MODEL.cost(f"{one}\n") + MODEL.cost(other)


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = [fold(char) for char in text]
    assert [fold(char) for char in once] == once


def test_digits_letters_and_spaces_are_folded() -> None:
    assert MODEL.cost("共12頁 Abc") == MODEL.cost("共９８頁\u3000aBC") == MODEL.cost("共00頁\tABC")


def test_other_digits_are_not_ours_to_fold() -> None:
    assert fold("٣") == "٣"
    assert fold("②") == "②"


def test_controls_that_python_calls_space_are_controls() -> None:
    assert "\x85".isspace()
    assert SMALL.costs("天\x85")[1] == SMALL.costs("天\x1c")[1] == 160
    assert SMALL.costs("天\xa0")[1] == SMALL.costs("天\r")[1] == SMALL.costs("天 ")[1] == 6


@pytest.mark.parametrize(
    ("pair", "cost"),
    [
        ("天龘", 120),  # Han
        ("天\ue000", 120),  # private use
        ("天☃", 120),  # a symbol
        ("あゎ", 120),
        ("가뷁", 120),
        ("ᄀᄁ", 120),
        (" ส", 72),
        ("สว", 40),
        ("สั", 40),  # a vowel mark above
        ("नम", 40),
        ("مر", 40),
        ("สм", 72),  # another script
        ("天м", 72),
        ("aé", 72),
        ("éł", 72),
        (" ł", 88),
        ("天ł", 88),
        ("a\u0301", 72),  # a mark on a letter
        ("天\u0301", 120),  # and on none
        (",\u0363", 120),
        ("☃\ufe0f", 120),
        ("天\x80", 160),
        ("a\x07", 160),
        ("天\ufffd", 160),
        ("\ufffd\ufffd", 160),
        ("天\ufdd0", 160),  # never a character
        ("天\uffff", 160),
        ("天\u0378", 160),  # unassigned
    ],
)
def test_unknown_characters_cost_what_their_kind_does(pair: str, cost: int) -> None:
    assert unknown(*pair) == cost
    if pair[1] != "é":
        assert SMALL.costs(pair)[1] == cost


def test_a_lone_surrogate_is_no_text() -> None:
    assert unknown("天", "\udc80") == 160
    assert SMALL.costs("\ud83d\ude00天") == [160, 160, 64]


@pytest.mark.parametrize("text", ["สวัสดีครับ", "नमस्ते दुनिया", "مرحبا بالعالم", "שלום עולם", "გამარჯობა"])
def test_a_script_never_shown_is_dearer_than_known_text_and_cheaper_than_garbage(text: str) -> None:
    garbled = text.encode("utf-8").decode("latin-1")
    per_character = MODEL.cost(text) / len(text)
    assert MODEL.cost("今天天气很好") / 6 < per_character < MODEL.cost(garbled) / len(garbled)


def test_alphabets_never_shown_are_not_half_known() -> None:
    """A few letters of them stand in the training text: they'd be dearer than under the rule."""
    assert not any(map(MODEL.is_known, "สمनשა"))
    assert all(map(MODEL.is_known, "天あア가жλéế，。「」"))


def test_nothing_damaged_was_learnt() -> None:
    assert not any(map(MODEL.is_known, [*map(chr, range(0x7F, 0xA0)), "\ufffd", "\ue000", "\udc80", "\x00"]))


def test_memo_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMO_LIMIT", 50)
    model = Plausibility(MODEL._tables)
    text = "".join(map(chr, range(0x4E00, 0x4F00)))
    assert model.costs(text) == MODEL.costs(text)
    assert 0 < len(model.pairs) <= 50


def test_many_threads_get_the_same() -> None:
    text = "今天天气很好。雨が降ると。비가 오면 wait ſ" + "".join(map(chr, range(0x4E00, 0x5200)))
    expected = MODEL.costs(text)
    model = Plausibility(MODEL._tables)
    results: list[list[int]] = []
    threads = [threading.Thread(target=lambda: results.append(model.costs(text))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


def test_it_is_read_once() -> None:
    assert plausibility() is MODEL
