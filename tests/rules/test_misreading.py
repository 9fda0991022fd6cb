"""The search for misreadings: what it finds, and that its work grows with the length of the text."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend import garble
from mojimend.encodings.misread import Misread
from mojimend.rules import search
from mojimend.rules.misreading import may_be_like, signs_of, undo
from mojimend.rules.search import Search
from mojimend.rules.stretch import best_stretches


def characters_walked(line: str, monkeypatch: pytest.MonkeyPatch) -> int:
    walked = 0

    def counted(line: str, window: tuple[int, int], *rest: object, **more: object) -> object:
        nonlocal walked
        walked += window[1] - window[0]
        return best_stretches(line, window, *rest, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(search, "best_stretches", counted)
        Search(line).run()
    return walked


@pytest.mark.parametrize(
    "unit", ["您的订单已鍙栨秷，请重试。", "昨日の議題は「‰ï‹cŽº」でした。", "ÄãºÃ 天气 ", "鍙栨秷ÄãºÃ"]
)
def test_the_characters_walked_grow_with_the_line(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (characters_walked(unit * times, monkeypatch) for times in (20, 200))
    assert 0 < many <= 12 * few


def test_a_long_line_that_ends_in_good_text_is_read_on_by_the_codecs(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "这些旧报纸都按年份放在二楼，谁都可以借！"
    garbled = Misread("utf-8", "gb18030").garble(sentence)
    few, many = (characters_walked(garbled * times + sentence, monkeypatch) for times in (200, 2_000))
    assert 0 < many <= 2 * few
    assert "".join(one.text for one in undo(garbled * 200 + sentence)) == sentence * 200


@pytest.mark.parametrize("unit", ["锟斤拷", "朋友切切偲偲。"])
def test_what_repeats_is_walked_once(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (characters_walked(unit * times, monkeypatch) for times in (200, 2_000))
    # How the line ends differs.
    assert 0 < many <= 2 * few


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        ("今天天气很好，我们去公园看花。", "utf-8", "cp1252"),
        ("今天天气很好，我们去公园看花。", "gb18030", "cp1252"),
        ("今日は会議があります。", "cp932", "gb18030"),
        ("안녕하세요, 반갑습니다", "cp949", "mac_roman"),
    ],
)
def test_a_whole_line_comes_back(text: str, written: str, read: str) -> None:
    misread = Misread(written, read)
    (undone,) = undo(misread.garble(text))
    assert (undone.text, undone.chain) == (text, (misread,))


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        ("：「", "gb18030", "cp1252"),  # nothing but marks
        ("其他", "gb18030", "cp1251"),  # ЖдЛы: common letters of Cyrillic
        ("다.", "cp949", "mac_roman"),  # ¥Ÿ.: a letter among signs
        ("力。", "big5hkscs", "mac_roman"),  # in GBK two letters, which none would write
    ],
)
def test_a_field_comes_back(text: str, written: str, read: str) -> None:
    (undone,) = undo(Misread(written, read).garble(text))
    assert undone.text == text


def test_what_happened_elsewhere_counts() -> None:
    misread = Misread("gb18030", "cp950")
    garbled = misread.garble("单边")
    assert undo(garbled) == ()
    (undone,) = undo(garbled, frozenset({misread}))
    assert undone.text == "单边"


SEEN = [
    *(Misread("utf-8", read) for read in ("gb18030", "cp1252", "cp932", "cp949")),
    *(Misread(written, "latin-1") for written in ("gb18030", "cp932", "cp949")),
    Misread("gb18030", "cp1252"),
    Misread("big5hkscs", "mac_roman"),
]
PIECES = st.sampled_from("今天天气很好 昨日の午後、 안녕하세요 龘靐 é ï ? ?? \ufffd abc , 。 Привет".split(" "))


def as_misread(text: str, misread: Misread) -> str:
    """Return a text as misread, or as it is if it could not be written so."""
    try:
        return garble.misread(text, written=misread.written, read=misread.read)
    except UnicodeEncodeError:
        return text


@given(
    st.sampled_from(SEEN),
    st.none() | st.sampled_from(SEEN),
    st.lists(st.tuples(PIECES, st.booleans()), min_size=4, max_size=24),
)
def test_nothing_is_found_where_the_line_gains_too_little(
    misread: Misread, other: Misread | None, pieces: list[tuple[str, bool]]
) -> None:
    line = "".join(as_misread(piece, misread) if is_garbled else piece for piece, is_garbled in pieces)
    seen = frozenset({misread, other or misread})
    assert may_be_like(seen)(line) or not undo(line, seen)
    signs = signs_of(seen)
    assert signs is None or signs.count(line) > 0 or not may_be_like(seen)(line)


def test_words_in_other_alphabets_stay() -> None:
    for line in ("Юрий Гагарин", "déjà vu, naïve", "Καλημέρα", "thành phố"):
        assert undo(line) == ()


def test_bytes_by_chance_are_not_read_as_text() -> None:
    random = Random(1)
    noise = [bytes(random.randrange(0xA0, 0x100) for _ in range(2000)).decode("latin-1") for _ in range(5)]
    read = sum(undone.end - undone.start for line in noise for undone in undo(line))
    # Some pair or other is a word: 4 in 100 of 20,000 such characters were read as one.
    assert read < 0.08 * sum(map(len, noise))
