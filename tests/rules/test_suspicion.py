"""What is misread is looked at, and nearly nothing else."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend import fix_text
from mojimend.encodings.misread import PAIRS, Misread
from mojimend.kernel import Characters
from mojimend.models.plausibility import plausibility
from mojimend.rules import in_turn, suspicion
from mojimend.rules.mojibake import misread
from mojimend.rules.registry import Look, all_rules
from mojimend.text.page import Page

SENTENCES = {
    "zh-Hans": "我们昨天下午在公园里散步的时候遇到了一位很久没有见面的老朋友，一起去喝了茶。",
    "zh-Hant": "我們昨天下午在公園裡散步的時候遇到了一位很久沒有見面的老朋友，一起去喝了茶。",
    "ja": "昨日の午後、公園を散歩していたら、長い間会っていなかった古い友人に出会いました。",
    "ko": "어제 오후에 공원에서 산책을 하다가 오랫동안 만나지 못한 옛 친구를 만났습니다.",
}
CLEAN = {path.stem: path.read_text("utf-8") for path in (Path(__file__).parents[2] / "fixtures" / "clean").iterdir()}
MOST_SUSPICIOUS = 0.2  # of lines that were chosen to be mistaken for damage
EXACT = 0.9  # of what comes through the encodings whole


def garbled() -> list[tuple[str, str]]:
    """Return each sentence as misread in each way that loses nothing."""
    texts = []
    for language, sentence in SENTENCES.items():
        for pair in PAIRS:
            try:
                texts.append((f"{language}: {pair.written} read as {pair.read}", pair.garble(sentence)))
            except UnicodeError:
                continue
    return [(label, text) for label, text in texts if text not in SENTENCES.values()]


GARBLED = garbled()
LOOK = Look(all_rules().values())
EACH = {rule: Look([rule]) for rule in all_rules().values()}
suspicious = sorted({char for _, text in GARBLED for char in text if char > "\x7f"} | set(",;:?!()，、。；：ǎè"))


@pytest.mark.parametrize("text", [pytest.param(text, id=label) for label, text in GARBLED])
def test_what_the_search_would_find_is_let_through(text: str) -> None:
    with patch.object(in_turn, "is_suspicious", return_value=True):
        found = list(misread.rule.ask(Page(text)))
    assert suspicion.is_suspicious(text) or not found


def test_the_sentences_are_damaged_in_many_ways() -> None:
    """Without this the test above could hold of nothing."""
    assert len(GARBLED) > 40
    assert sum(fix_text(text) in SENTENCES.values() for _, text in GARBLED) > EXACT * len(GARBLED) / 2


@pytest.mark.parametrize("language", CLEAN)
def test_clean_lines_are_passed_on(language: str) -> None:
    looked_at = [line for line in CLEAN[language].splitlines() if suspicion.is_suspicious(line)]
    # They were chosen to be hard: verse, names, tables.
    assert len(looked_at) <= MOST_SUSPICIOUS * len(CLEAN[language].splitlines())


@pytest.mark.parametrize("language", SENTENCES)
def test_no_line_of_clean_text_is_searched(language: str) -> None:
    with patch.object(in_turn, "undo") as undo:
        assert fix_text("\n".join([SENTENCES[language]] * 50)) == "\n".join([SENTENCES[language]] * 50)
    assert undo.call_count == 0


def test_only_the_line_that_is_suspicious_is_searched_when_nothing_is_found() -> None:
    lines = [*[SENTENCES["zh-Hans"]] * 20, "靐龘龖龍 鱻羴犇骉", *[SENTENCES["ja"]] * 20]
    with patch.object(in_turn, "undo", return_value=()) as undo:
        fix_text("\n".join(lines))
    assert {call.args[0] for call in undo.call_args_list} == {lines[20]}


def test_a_character_is_rare_by_what_the_model_says_of_it() -> None:
    rare = Characters(suspicion.rare_characters())
    singles = plausibility().singles
    known = filter(plausibility().is_known, map(chr, [*range(0x80, 0xD800), *range(0xE000, 0x10000)]))
    other = {char for char in known if (rare.count(char) > 0) != suspicion.is_rare(char, singles[char])}
    # The model takes these for letters like others and for spaces.
    assert other == {"\N{OHM SIGN}", "\N{KELVIN SIGN}", "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}"}


@given(st.text(st.characters() | st.sampled_from(suspicious), min_size=17))
def test_all_rules_together_are_asked_where_one_of_them_is(text: str) -> None:
    concerned = {rule for rule, look in EACH.items() if look.concerned(text)}
    assert LOOK.concerned(text) == concerned


def test_what_was_read_twice_is_what_gbk_makes_of_latin_1_in_utf_8() -> None:
    latin_1 = "".join(map(chr, range(0x80, 0x100))).encode().decode("gb18030")
    out_of_step = "".join(bytes((last, lead)).decode("gb18030") for last in range(0x81, 0xA1) for lead in b"\xc2\xc3")
    assert suspicion.READ_TWICE.startswith(latin_1)
    assert suspicion.READ_TWICE.endswith(out_of_step)
    others = suspicion.READ_TWICE.removeprefix(latin_1).removesuffix(out_of_step)
    letters = "".join(bytes((byte,)).decode("cp1252", "ignore") for byte in range(0x80, 0xA0))
    for char in others:
        assert any(letter.encode().startswith(char.encode("gb18030")) for letter in letters)


# Rare characters of words, and beside them what was misread: 的时 and 今天 in UTF-8, read as GBK.
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("他把垃圾扔进了垃圾桶，然后喝了一杯咖啡", False),
        ("挨拶もせずに喧嘩を始めた", False),
        ("他把垃圾鐨勬椂扔进了垃圾桶，然后喝了一杯", True),
        ("他把垃圾扔进浠婂ぉ垃圾桶，然后喝了一杯", True),
    ],
)
def test_words_of_rare_characters_are_passed_over_alone(text: str, told: bool) -> None:
    assert suspicion.is_suspicious(text) == told


@pytest.mark.parametrize("text", ["边上是 JavaScript", "会の中身は JSON"])
def test_what_was_misread_twice_and_gains_little_by_one_step_is_let_through(text: str) -> None:
    twice = Misread("utf-8", "gb18030").garble(Misread("utf-8", "cp1252").garble(text))
    assert suspicion.is_suspicious(twice)
    assert fix_text(twice) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # 配置は次のように in EUC-JP, read as GBK: Han that Japanese has, too, and seldom beside kana.
        ("ここまでの芹弥は肌のようになります", True),
        ("骨董を知る人は骨董を大事にする", False),
        ("이 영화는 정말 뢐뢐뢐뢐뢐", False),
        # What is rare and would be a little less so.
        ("뚫뚫뚫ㅊ뚫뚯뚯뚯ㅊ", False),
        ("瘰癧龘靐齉爩麤灪龖厵滟爨癵籱", False),
        ("警犬“昆勋”与“化煌马”一起训练", False),
    ],
)
def test_what_a_line_would_gain_tells(text: str, told: bool) -> None:
    assert suspicion.is_suspicious(text) is told
