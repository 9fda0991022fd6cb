"""What is garbled by a misreading comes back, whatever the bytes and whichever the pair."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojimend.encodings import lenient, misread
from mojimend.encodings.misread import (
    MOST_CANDIDATES,
    MULTIBYTE,
    OF_WINDOWS,
    PAIRS,
    SINGLE_BYTE,
    Misread,
    feed,
    reading,
)

SENTENCES = {
    "zh-Hans": "春眠不觉晓，处处闻啼鸟。报名费 30 元，请于 6 月 1 日前交到三楼～办公室！",
    "zh-Hant": "夜來風雨聲，花落知多少？「圖書館」星期一休館，借書證請隨身攜帶。",
    "zh-Hant-HK": "我哋喺旺角食嘢，佢哋話好好味㗎。",
    "ja": "吾輩はｶﾅである。名前はまだ無い。①髙橋さんは「東京タワー」へ行った～。",
    "ko": "서울의 날씨는 맑습니다. 똠방각하와 펲시콜라를 漢字로 적었다.",
    "mixed": "简体 Traditional 繁體、かな、한글 — “quotes” … café €5",
    "one": "好",
    "two": "한글",
}
IDS = [f"{pair.written} read as {pair.read}" for pair in PAIRS]
every_pair = pytest.mark.parametrize("pair", PAIRS, ids=IDS)


def sequences(name: str) -> Iterator[bytes]:
    """Yield every sequence of one or two bytes, and those longer ones that the encoding has."""
    for length in (1, 2):
        yield from map(bytes, product(range(256), repeat=length))
    if name == "euc_jp":
        yield from (bytes((0x8F, *pair)) for pair in product(range(0xA1, 0xFF), repeat=2))
    if name == "gb18030":
        high, digits = range(0x81, 0xFF), range(0x30, 0x3A)
        yield from map(bytes, product(range(0x81, 0x85), digits, high, digits))
        yield from map(bytes, product((0x90, 0x95, 0xE3), digits, high, digits))


@pytest.mark.parametrize("name", [*SINGLE_BYTE, *MULTIBYTE])
def test_every_sequence_that_is_one_character_is_among_its_bytes(name: str) -> None:
    its = reading(name)
    missed = []
    for data in sequences(name):
        try:
            char = its.decode(data)
        except UnicodeDecodeError:
            continue
        if len(char) == 1 and data not in its.bytes_of(char):
            missed.append((data, char))
    assert missed == []


@pytest.mark.parametrize("name", SINGLE_BYTE)
def test_encodings_of_one_byte_are_read_as_their_codecs_read(name: str) -> None:
    every = bytes(range(0x100))
    assert reading(name).decode(every) == reading(name).every == lenient.decode(every, name)[0]
    assert len(set(reading(name).every)) == len(every)


@pytest.mark.parametrize("name", MULTIBYTE)
def test_the_bytes_that_the_codec_writes_come_first(name: str) -> None:
    its = reading(name)
    for char, several in its.ambiguous.items():
        assert several[0] == its.encode(char)
        assert len(set(several)) == len(several) > 1


@pytest.mark.parametrize(
    ("name", "char", "several"),
    [
        ("cp932", "纊", ["ed40", "fa5c"]),
        ("cp932", "∵", ["81e6", "879a", "fa5b"]),
        ("cp932", "ｱ", ["b1"]),
        ("cp932", "\ue000", ["f040"]),
        ("cp950", "十", ["a451", "a2cc"]),
        ("big5hkscs", "卅", ["a4ca", "a2ce"]),
        ("euc_jp", "~", ["7e", "8fa2b7"]),
        ("euc_jp", "ｱ", ["8eb1"]),
        ("gb18030", "€", ["a2e3", "80"]),
        ("gb18030", "\ufe10", ["84318236", "a6d9"]),
        ("gb18030", "\ue5e5", ["a3a0"]),
        ("gb18030", "😀", ["9439fc36"]),
        ("cp1252", "\x81", ["81"]),
        ("cp1253", "\xaa", ["aa"]),
        ("cp949", "简", []),
        ("cp1252", "好", []),
        ("gb18030", "\ud800", []),
    ],
)
def test_bytes_of_a_character(name: str, char: str, several: list[str]) -> None:
    assert [data.hex() for data in reading(name).bytes_of(char)] == several
    assert [data.hex() for data in reading(name).bytes_of(char)] == several  # and when asked again


@every_pair
@pytest.mark.parametrize("language", SENTENCES)
def test_what_is_garbled_comes_back(pair: Misread, language: str) -> None:
    for text in (SENTENCES[language], *SENTENCES[language].split()):
        try:
            garbled = pair.garble(text)
        except UnicodeError:
            continue
        assert text in [pair.decode(data) for data in pair.candidates(garbled)]


@every_pair
@settings(max_examples=25)
@given(data=st.data())
def test_any_bytes_that_can_be_read_both_ways_come_back(pair: Misread, data: st.DataObject) -> None:
    raw = data.draw(st.binary(max_size=12))
    try:
        text, garbled = pair.decode(raw), reading(pair.read).decode(raw)
    except UnicodeDecodeError:
        return
    found = list(pair.candidates(garbled))
    assert len(found) == len(set(found)) <= MOST_CANDIDATES
    assert raw in found or len(found) == MOST_CANDIDATES
    if len(found) == 1:
        assert pair.invert(garbled) == text


@every_pair
@settings(max_examples=25)
@given(text=st.text(st.characters()))
def test_any_text_has_candidates_that_are_read_so_or_none(pair: Misread, text: str) -> None:
    for data in pair.candidates(text):
        assert pair.decode(data) is not None
    inverted = pair.invert(text)
    assert inverted is None or inverted == pair.decode(next(pair.candidates(text)))


@pytest.mark.parametrize(
    ("pair", "garbled", "texts"),
    [
        (Misread("gb18030", "cp1252"), "€Äã", ["€你"]),
        (Misread("big5hkscs", "latin-1"), "\xa3\xe1\x9f\xd7\xa1\xe3\xa1\x45", ["€㗾～‧"]),
        (Misread("utf-8", "cp1252"), "ä½\xa0å¥½", ["你好"]),
        (Misread("utf-8", "cp1252"), "ä½", []),
        (Misread("utf-8", "cp1252"), "你好", []),
        (Misread("utf-8", "gb18030"), "", [""]),
    ],
)
def test_texts_of_the_candidates(pair: Misread, garbled: str, texts: list[str]) -> None:
    assert [pair.decode(data) for data in pair.candidates(garbled)] == texts


def test_the_candidate_in_daily_use_comes_first() -> None:
    pair = Misread("gb18030", "cp932")
    # 87 9A, FA 5B and 81 E6 all read as ∵.
    assert [pair.decode(data) for data in pair.candidates("∵")] == ["佹", "嚉", "鶾"]
    garbled = pair.garble("三个中队")
    assert pair.invert(garbled) == "三个中队"


def test_candidates_of_a_long_text_are_the_best_of_very_many() -> None:
    pair = Misread("gb18030", "cp932")
    assert len(list(pair.candidates("∵" * 1000))) == MOST_CANDIDATES


@pytest.mark.parametrize("unit", ["∵", "∵纊亜", "≡x", "~"])
@pytest.mark.parametrize("pair", [Misread("gb18030", "cp932"), Misread("gb18030", "euc_jp"), Misread("utf-8", "cp932")])
def test_work_grows_linearly(pair: Misread, unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fed(times: int) -> int:
        count = 0

        def counted(*arguments: bytes) -> object:
            nonlocal count
            count += 1
            return feed(*arguments)

        with monkeypatch.context() as patch:
            patch.setattr(misread, "feed", counted)
            list(pair.candidates(unit * times))
        return count

    assert fed(8000) <= 9 * fed(1000)


@pytest.mark.parametrize("name", misread.SINGLE_BYTE)
def test_no_encoding_of_one_byte_a_character_has_cjk(name: str) -> None:
    assert not misread.NOT_SINGLE_BYTE.count(misread.reading(name).every)


def test_pairs_are_of_different_families() -> None:
    names = [(pair.written, pair.read) for pair in PAIRS]
    assert len(set(names)) == len(names) == 9 * 17 - 8
    assert ("big5hkscs", "cp950") not in names
    assert ("utf-8", "gb18030") in names


@every_pair
def test_shuffled_text_comes_back(pair: Misread) -> None:
    """Daily characters in any order, in lengths that meet odd bytes."""
    chance = random.Random(7)
    tried = found = 0
    for sentence in SENTENCES.values():
        for _ in range(20):
            text = "".join(chance.sample(sentence, min(len(sentence), chance.randint(2, 6))))
            try:
                garbled = pair.garble(text)
            except UnicodeError:
                continue
            tried += 1
            found += text in [pair.decode(data) for data in pair.candidates(garbled)]
    assert found == tried


@pytest.mark.parametrize("name", OF_WINDOWS)
def test_byte_80_is_the_control_of_its_number_both_ways(name: str) -> None:
    read = reading(name)
    data = b"a\x80" + "一".encode(name)
    assert read.decode(data) == "a\x80一"
    assert read.encode("a\x80一") == data
    with pytest.raises(UnicodeDecodeError):
        read.decode(b"a\x81")
    with pytest.raises(UnicodeEncodeError):
        read.encode("a\x81一")


@pytest.mark.parametrize("name", OF_WINDOWS)
def test_text_with_the_control_of_byte_80_comes_back(name: str) -> None:
    pair = Misread("utf-8", name)
    assert pair.garble("一").endswith("\x80")
    assert pair.invert(pair.garble("一")) == "一"


@pytest.mark.parametrize("read", ["gb18030", "cp932"])
def test_utf_8_tells_which_bytes_a_character_was(read: str) -> None:
    told = 0
    for start in range(0x3041, 0x9FA6, 7):
        data = "".join(map(chr, range(start, start + 7))).encode()
        try:
            garbled = reading(read).decode(data)
        except UnicodeDecodeError:
            continue
        assert reading(read).encode_utf_8(garbled) == data
        told += reading(read).is_ambiguous(garbled)
    assert told > 10


def test_a_character_before_a_question_mark_lacks_no_bytes_if_it_may_have_all() -> None:
    read = reading("gb18030")
    assert read.encode_utf_8("涓€?") == "一?".encode()
    assert read.encode_utf_8("涓€x") == "一x".encode()
