"""What characters that lost bytes may have been."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any
from unittest.mock import Mock

import pytest

from mojimend import Settings, fix_text, garble
from mojimend.encodings.lost import UNKNOWN, Lost
from mojimend.encodings.misread import PAIRS, Misread
from mojimend.finding import Alternative
from mojimend.kernel import Characters
from mojimend.models.plausibility import fold, is_alphabetic, plausibility
from mojimend.rules import lost_characters
from mojimend.rules.evidence import LANGUAGES_OF
from mojimend.text.later import later

FAR = list(map(chr, range(0x40000, 0x110000)))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.written} read as {pair.read}")
def test_of_each_misreading_it_is_known_how_much_of_a_language_it_loses(pair: Misread) -> None:
    for language in LANGUAGES_OF[pair.written]:
        assert 0 <= lost_characters.rarity(pair, language) <= lost_characters.NO_CHARACTER


@pytest.mark.parametrize(
    ("alike", "category"), [(lost_characters.EMPTY, "Cn"), (lost_characters.PRIVATE, "Co")], ids=["empty", "private"]
)
def test_what_is_taken_for_alike_costs_the_same(alike: str, category: str) -> None:
    several = [char for char in FAR if Characters(alike).count(char)]
    assert {unicodedata.category(char) for char in several} == {category}
    assert len({plausibility().singles[char] for char in several[::101]}) == 1


@pytest.mark.parametrize(
    "known", ["f1a1ffff", "f1ffff85", "f3ffa0ff", "f3ffff80", "f3a1ffff", "f3b0ffff", "f48080ff", "f48fffff"]
)
def test_few_stand_for_a_long_run_of_those_that_are_alike(known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = lost_characters.candidates.__wrapped__("utf-8", bytes.fromhex(known))
    monkeypatch.setattr(lost_characters, "MORE_OF_THE_SAME", later("(?!)"))
    assert few == lost_characters.candidates.__wrapped__("utf-8", bytes.fromhex(known))


def test_what_is_no_letter_of_an_alphabet_and_not_folded_is_known_by_its_block() -> None:
    others = [char for char in map(chr, range(sys.maxunicode + 1)) if is_alphabetic(char) or fold(char) != char]
    assert others
    assert all(map(lost_characters.ANY_OF_ALPHABETS_OR_FOLDED.count, others))


def test_what_is_left_costs_what_the_model_says() -> None:
    told = lost_characters.made_of_losses()
    assert len(told) == len(lost_characters._told())
    assert len(told) - told.count(lost_characters.NOT_TOLD) > 9_000
    # Where Python has a later Unicode, some bytes make a character more: two places in 9,726 with Python 3.13.
    differ = [abs(one - other) for one, other in zip(told, lost_characters._told(), strict=True) if one != other]
    assert len(differ) <= (5 if sys.version_info >= (3, 13) else 0)
    assert max(differ, default=0) <= 1


# What the table has, at its ends, too, and what it has not, as three bytes of EUC-JP and four of UTF-8.
@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("utf-8", "e0ffff"), ("utf-8", "ffffbf"), ("utf-8", "e4bdff"), ("utf-8", "c3ff"), ("utf-8", "ffbf"),
        ("euc_jis_2004", "feff"), ("euc_jis_2004", "fffe"), ("gb18030", "ff40"), ("gb18030", "81ff"),
        ("euc_jp", "8fb0ff"), ("utf-8", "f09fff94"), ("utf-8", "c0ffff"), ("gb18030", "ff30"),
    ],
)  # fmt: skip
def test_what_is_left_costs_the_same_by_table(written: str, known: str) -> None:
    left = bytes.fromhex(known)
    assert lost_characters.cost(written, left) == lost_characters._worked_out(written, left)


def test_of_many_side_by_side_so_many_are_weighed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    together = []
    model = plausibility()

    def likeliest(of: type[Alternative], options: list[Any], *rest: Any) -> list[tuple[Alternative, ...]]:
        together.append(len(options))
        return model.likeliest(of, options, *rest)

    monkeypatch.setattr(lost_characters, "plausibility", lambda: Mock(wraps=model, likeliest=likeliest))
    known = "天".encode()[:2] + UNKNOWN
    many = 2 * lost_characters.LONGEST_RUN + 9
    lost = [Lost(at, 2 * at, 2 * at + 2, known) for at in range(many)]
    guesses = lost_characters.guess("\N{REPLACEMENT CHARACTER}" * many, lost, "utf-8", "", "")
    assert [guess.at for guess in guesses] == list(range(many))
    assert together == [lost_characters.LONGEST_RUN] * 2 + [9]


@pytest.mark.parametrize(
    ("known", "read", "among"),
    [("e4bdff", "cp1252", "你佁位佘佬"), ("e4ffa0", "cp1252", "䁠䍠䏠䐠䝠"), ("e4bdff", "gb18030", "使作你位")],
)
def test_of_a_code_page_only_what_is_nothing_there_is_lost(known: str, read: str, among: str) -> None:
    left = bytes.fromhex(known)
    chars = {char for char, _ in lost_characters.candidates("utf-8", left, lost_characters._not_shown(read))}
    assert chars <= {char for char, _ in lost_characters.candidates("utf-8", left)}
    if of_bytes := lost_characters._not_shown(read):
        assert all(set(char.encode()) & set(of_bytes) for char in chars)
    assert not chars.isdisjoint(among)


def test_where_no_character_has_such_a_byte_any_may_be_lost() -> None:
    # Nothing in code page 1252 begins a character of UTF-8.
    any_byte = lost_characters.candidates("utf-8", b"\xff\xbd\xa0")
    assert any_byte
    assert lost_characters.candidates("utf-8", b"\xff\xbd\xa0", lost_characters._not_shown("cp1252")) == any_byte


def test_where_only_latin_1_shows_any_control_may_be_lost() -> None:
    shown = garble.misread("今天天气很好，我们去公园散步。", written="utf-8", read="latin-1")
    misread = "".join("\N{REPLACEMENT CHARACTER}" if "\x80" <= char <= "\x9f" else char for char in shown)
    assert lost_characters.lost_in("cp1252", misread) == bytes(range(0x80, 0xA0))
    assert lost_characters.lost_in("cp1252", misread + "Œ") == bytes.fromhex("818d8f909d")


@pytest.mark.parametrize(
    "sentence",
    ["您的订单已经取消，请重新登录后再试（谢谢）。", "昨日の午後、公園を散歩していたら、友人に出会いました。"],
)
def test_what_a_code_page_of_the_west_lost_is_guessed(sentence: str) -> None:
    shown = garble.misread(sentence, written="utf-8", read="cp1252")
    misread = "".join("\N{REPLACEMENT CHARACTER}" if "\x80" <= char <= "\x9f" else char for char in shown)
    assert misread != shown
    assert fix_text(misread, Settings(accept="likely")) == sentence
