"""Long pages that were misread from end to end: their beginning tells of the rest, unless that reads otherwise."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from itertools import takewhile

import pytest

from mojimend import Settings, fix_text, garble, repair
from mojimend.encodings.misread import Misread, reading
from mojimend.models.plausibility import Plausibility, plausibility
from mojimend.rules import in_turn, throughout
from mojimend.rules.throughout import AMPLE, PLAIN, misread_of, plain_lines, undo_likewise

PAGE = "\n".join(
    (
        "昨天下午我们在公园里散步，遇到了一位很久没有见面的老朋友。",
        "您的订单已经取消，请重新登录后再试一次，谢谢。",
        "昨日の午後、公園を散歩していたら、友人に出会いました。",
        "어제 오후에 공원에서 산책을 하다가 친구를 만났습니다.",
    )
    * 15
)


def misread(text: str, read: str = "cp1252") -> str:
    return garble.misread(text, written="utf-8", read=read)


@pytest.mark.parametrize("read", ["cp1252", "latin-1", "mac_roman"])
def test_only_the_beginning_is_weighed_by_its_pairs(read: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = type(plausibility())
    weighed: list[int] = []
    cost = model.cost

    def noting(self: Plausibility, text: str) -> int:
        weighed.append(len(text))
        return cost(self, text)

    monkeypatch.setattr(model, "cost", noting)
    line = misread(PAGE.replace("\n", " "), read)
    undone = undo_likewise(line, Misread("utf-8", read))
    assert undone is not None
    assert undone.text == PAGE.replace("\n", " ")
    assert max(weighed) <= AMPLE < len(line)


def test_a_page_of_which_the_rest_was_misread_twice_comes_back() -> None:
    assert fix_text(f"{misread(PAGE)}\n{misread(misread(PAGE))}") == f"{PAGE}\n{PAGE}"


def test_a_page_of_which_the_rest_is_in_letters_of_the_west_is_weighed_as_a_whole() -> None:
    other = "Où êtes-vous allé à Noël, déjà ? Žluťoučký kůň úpěl ďábelské ódy. " * 200
    assert undo_likewise(misread(PAGE + other), Misread("utf-8", "cp1252")) is None


def test_a_line_that_is_not_certain_does_not_take_the_certain_ones_behind_it_along() -> None:
    page = f"HTML 的头部\n{PAGE}"
    assert fix_text(misread(page), Settings(select=("mojibake/misread",))) == page


LINES = [
    "어제 오후에 공원에서 산책을 하다가 오랫동안 만나지 못한 옛 친구를 만났습니다.",
    "주문이 이미 취소되었으니 다시 로그인해 주세요.",
    "정말요?? 왜 아무도 말해 주지 않았어요??",
    "ok",
    "내일은 비가 온다고 하니 우산을 꼭 챙기세요.",
]
KOREAN = Misread("cp949", "latin-1")


def test_lines_that_are_read_at_once_are_what_each_is_by_itself() -> None:
    lines = [KOREAN.garble(line) for line in (*LINES, "짱")]
    text, odds = plain_lines("\n".join(lines), KOREAN)
    each = [undo_likewise(line, KOREAN) for line in lines]
    plain = list(takewhile(bool, each))
    assert 0 < len(plain) < len(each)
    assert [one.text for one in plain if one] == text.split("\n")[: len(odds)]
    # Of a long one the ends are weighed.
    assert min(odds) > PLAIN


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_page_in_pairs_comes_back_and_is_told_by_line(end: str) -> None:
    page = end.join(LINES * 8)
    garbled = KOREAN.garble(page)
    report = repair(garbled)
    assert fix_text(garbled) == report.text == page
    assert len(report.findings) == 8 * (len(LINES) - 1)


def test_lines_that_are_not_like_the_others_stay_what_they_are() -> None:
    clean, other = "今天天气很好，我们去公园散步。", "昨日の午後、公園を散歩していたら、友人に出会いました。"
    page = [KOREAN.garble(line) for line in LINES * 4]
    page[7:7] = [clean, Misread("utf-8", "cp1252").garble(other)]
    whole = LINES * 4
    whole[7:7] = [clean, other]
    assert fix_text("\n".join(page)) == "\n".join(whole)


def test_a_page_shows_late_that_it_was_latin_1() -> None:
    page = [*LINES, "보는 내내 답답하고 안타까웟다", *LINES] * 2
    garbled = [KOREAN.garble(line) for line in page]
    assert any("\x80" <= char <= "\x9f" for line in garbled for char in line)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(in_turn, "undo", lambda *_: pytest.fail("a line was searched"))
        assert fix_text("\n".join(garbled)) == "\n".join(page)


def test_the_way_of_the_first_is_looked_for_in_those_behind_it() -> None:
    page = ["ok 친구", *LINES, *LINES]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(in_turn, "undo", lambda *_: pytest.fail("a line was searched"))
        assert fix_text("\n".join(map(KOREAN.garble, page))) == "\n".join(page)


@pytest.mark.parametrize("way", [Misread("utf-8", "latin-1"), Misread("gb18030", "latin-1")])
def test_a_line_that_was_cut_comes_back_alike_be_it_long_or_short(way: Misread) -> None:
    sentence = "您的订单已经取消，请重新登录后再试，谢谢。"
    for times in (2, 200):
        data = (sentence * times + "有").encode(way.written)[:-1]
        garbled = reading(way.read).decode(data)
        assert fix_text(garbled) == sentence * times + "\N{REPLACEMENT CHARACTER}"


def test_a_long_line_that_was_cut_takes_no_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_turn, "undo", lambda _: pytest.fail("walked"))
    garbled = Misread("gb18030", "latin-1").garble("您的订单已经取消，请重新登录后再试，谢谢。" * 200) + "Ó"
    assert fix_text(garbled).endswith("谢谢。\N{REPLACEMENT CHARACTER}")


@pytest.mark.parametrize("line", ["정말 최고 ♥♥♥♥♥♥♥♥♥♥♥♥", "깜놀했쑤"])
def test_what_is_likeliest_to_be_like_the_others_is_not_searched(line: str) -> None:
    page = [*LINES, line]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(in_turn, "undo", lambda *_: pytest.fail("a line was searched"))
        assert fix_text("\n".join(map(KOREAN.garble, page))) == "\n".join(page)


NAMES = "与会者：谌贻琴、亓秉钧、仝炜、邸锐、厍狄昱"
CHINESE = Misread("gb18030", "cp1252")


def test_a_line_of_names_is_read_back_as_is_usual_and_in_no_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    decoder_of = throughout._decoder_of

    def noting(written: str) -> Callable[[], codecs.IncrementalDecoder]:
        read.append(written)
        return decoder_of(written)

    monkeypatch.setattr(throughout, "_decoder_of", noting)
    garbled = CHINESE.garble(NAMES)
    assert misread_of(garbled, CHINESE) == CHINESE
    # Other ways of the same bytes are tried, each once.
    assert len(read) == len(set(read))
    assert misread_of(garbled, Misread("big5hkscs", "cp1252")) is None


def test_what_the_first_lines_tell_holds_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    misread_of = in_turn._misread_of

    def noting(line: str, **options: Misread) -> Misread | None:
        asked.append(line)
        return misread_of(line, **options)

    page = [*PAGE.split("\n")[:2] * 5, NAMES, *PAGE.split("\n")[:2] * 5]
    garbled = list(map(CHINESE.garble, page))
    monkeypatch.setattr(in_turn, "_misread_of", noting)
    assert fix_text("\n".join(garbled)) == "\n".join(page)
    # The first is asked once, and the one that proves little by itself.
    assert asked == [garbled[0], CHINESE.garble(NAMES)]


def test_a_page_in_johab_is_told_by_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    def search(line: str, *_: object) -> None:
        raise AssertionError(f"{line!r} was searched")

    page = "\n".join(
        ["어제 오후에 공원에서 산책을 하다가 친구를 만났습니다.", "주문이 취소되었으니 다시 시도해 주세요."] * 10
    )
    monkeypatch.setattr(in_turn, "undo", search)
    assert fix_text(garble.misread(page, written="johab", read="latin-1")) == page


@pytest.mark.parametrize("pad", range(5))
def test_where_its_beginning_is_cut_a_character_may_be_other_bytes_than_by_what_follows(pad: int) -> None:
    # In 濂姐€佷綘 the € was one byte, which is seen by what is behind it.
    page = "今天天气很好\n" + "今天" * 6 + "a" * pad + "你好、" * AMPLE + "OK"
    assert fix_text(misread(page, "gb18030")) == page


def test_a_square_that_is_a_part_of_utf_8_stands_for_nothing_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["昨日は雨だったが、今日は晴れだ", "友だちと一緒に公園まで歩"] * 4
    misread = Misread("utf-8", "cp932")
    garbled = "\n".join(map(misread.garble, lines))
    assert all("□" in line for line in garbled.split("\n"))
    monkeypatch.setattr(in_turn, "undo", lambda line: pytest.fail(f"{line!r} was searched"))
    assert fix_text(garbled) == "\n".join(lines)
