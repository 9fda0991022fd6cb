import unicodedata
from unittest.mock import Mock

import ftfy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojimend import fix_text, garble, repair
from mojimend.finding import Applicability
from mojimend.kernel import Characters
from mojimend.mending.apply import edits_of
from mojimend.rules.mojibake import western
from mojimend.text.edits import apply
from mojimend.text.page import Page


@pytest.mark.parametrize("garbled", ["ï¿½", "itâ€™s a cafÃ© ", "Ð¿Ñ€Ð¸Ð²ÐµÑ‚"])
def test_a_long_line_is_cut_between_characters(garbled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    line = garbled * 40
    together = fix_text(line)
    assert together != line
    for longest in range(48, 54):
        monkeypatch.setattr(western, "LONGEST_LINE", longest)
        assert apply(line, edits_of(western.rule.ask(Page(line)), Applicability.SAFE)) == together


# What the code pages show any byte as, and what has become of lost ones.
SHOWN = sorted({char for page in western.CODE_PAGES for char in bytes(range(0x80, 0x100)).decode(page, "ignore")})
LINES = st.text(st.sampled_from([*SHOWN, *" ?a\ufffd中"]), max_size=12)
GARBLED = st.builds(
    lambda text, page: text.encode().decode(page, "replace"),
    st.text("éàпβ’“中 a?", max_size=6),
    st.sampled_from(western.CODE_PAGES),
)


@given(LINES | GARBLED | st.builds("".join, st.lists(LINES | GARBLED)))
def test_what_cannot_be_undone_ftfy_leaves_alone(line: str) -> None:
    assert western.is_undoable(line) or ftfy.fix_encoding_and_explain(line).text == line


@given(LINES | GARBLED | st.builds("".join, st.lists(LINES | GARBLED)))
def test_what_is_not_bad_ftfy_leaves_alone(line: str) -> None:
    assert western.is_bad(line) or ftfy.fix_encoding_and_explain(line).text == line


# What its expression asks for, by chance side by side.
BAD = st.text(st.sampled_from(sorted(set("".join(ftfy.badness.MOJIBAKE_CATEGORIES.values())) | set(" aZ°²œŠвЂГў√≈‚ä"))))


@given(BAD | LINES | GARBLED)
@settings(max_examples=2000)
def test_what_has_no_bad_pair_ftfy_takes_for_good(line: str) -> None:
    assert western.may_be_bad(line) or not ftfy.badness.is_bad(line)


def test_where_all_is_assigned() -> None:
    every = Characters(western.ASSIGNED)
    assert all(unicodedata.category(char) != "Cn" for char in map(chr, range(0x2060)) if every.count(char))


@given(BAD | LINES | GARBLED, st.integers(-2, 12))
@settings(max_examples=2000)
def test_what_is_bad_in_a_part_is_bad(line: str, at: int) -> None:
    assert western.is_bad(line) or not western._is_bad_at(line, at)


# Of its own choice ftfy tries these first, so that what they tell it need not be asked.
@given(GARBLED | st.builds(lambda text: text.encode().decode("cp1252", "ignore"), st.text("éàпβ’“© aA", max_size=9)))
@settings(max_examples=2000)
def test_what_is_plain_is_what_ftfy_makes_of_it(line: str) -> None:
    if western.is_bad(line) and (plain := western._plainly(line)):
        text, as_what = plain
        assert ftfy.fix_encoding_and_explain(line) == (text, [("encode", as_what), ("decode", "utf-8")])


@pytest.mark.parametrize(
    "line",
    [
        "Il a Ã©tÃ© crÃ©Ã©",
        "itâ€™s Â© 2026",
        "Â© 2026",
        "DÅ\x8ddÅ\ufffd ðŸ˜€",
        "XXÂ\xa0YY cafÃ©",
        "Ãƒ Ã‚ Ã©",
    ],
)
def test_a_page_is_mended_alike_whether_it_is_told_of(line: str) -> None:
    for text in (line, f"{line}\nplain\n{line}"):
        assert fix_text(text) == repair(text).text


PAGES = st.lists(
    st.text(st.sampled_from([*"éàÀÂÃíпβ’“«½ŞğếaA ?.", "\N{NO-BREAK SPACE}", "\r"]), max_size=9), min_size=2, max_size=9
).map("\n".join)


@given(PAGES, st.sampled_from(["cp1252", "latin-1"]), st.booleans(), st.booleans())
@settings(max_examples=1000)
def test_a_whole_page_comes_back_alike_whether_it_is_told_of(
    page: str, read: str, is_damaged: bool, is_spaced: bool
) -> None:
    text = garble.misread(page, written="utf-8", read=read) if is_damaged else page
    text = text.replace("\N{NO-BREAK SPACE}", " ") if is_spaced else text
    assert fix_text(text) == repair(text).text


def test_no_break_spaces_that_became_spaces_are_told_by_their_page() -> None:
    french = "Nous allons à la mer.\nDéjà prêts, à demain !"
    vietnamese = "Chúng tôi là bạn.\nNhà hàng này rất ngon và gần đây."
    for page in (french, vietnamese):
        spaced = garble.misread(page, written="utf-8", read="cp1252").replace("\N{NO-BREAK SPACE}", " ")
        assert fix_text(spaced) == repair(spaced).text == page
    # A lead byte that lost the other to a cleaner has the space of its text behind it.
    lossy = garble.misread("Моя книга, твоя тетрадь", written="utf-8", read="cp1252").replace("\x8f", "")
    assert "\N{CYRILLIC CAPITAL LETTER OMEGA}" not in fix_text(lossy)
    # Where HTML has made one space of two, that of à may have been the other.
    collapsed = garble.misread(french, written="utf-8", read="cp1252").replace("\N{NO-BREAK SPACE} ", " ")
    assert fix_text(collapsed) == french


def test_lines_that_tell_nothing_are_told_by_their_page() -> None:
    alone = ("« Ici »", "MENU\N{NO-BREAK SPACE}DU JOUR", "© 2026")
    for line in alone:
        garbled = garble.misread(line, written="utf-8", read="cp1252")
        assert fix_text(garbled) == garbled
    page = "\n".join((*alone, "Déjà prêt, goûtez !", *alone))
    garbled = garble.misread(page, written="utf-8", read="cp1252")
    assert fix_text(garbled) == page
    # Where something on it was not misread, nothing is told of the others.
    assert "Â« Ici Â»" in fix_text(f"{garbled}\né")


CJK = "今天天气很好，我们去公园散步。\n您的订单已经取消，请重新登录后再试。"
WORDS = [
    "Dün akşam arkadaşlarımızla şehir dışında güzel bir yürüyüş yaptık.",
    "L’été dernier, nous avons passé des journées entières à la plage.",
    "Tối qua chúng tôi đã đi dạo trong công viên và gặp lại bạn cũ.",
    "Вчера вечером мы гуляли в парке и встретили старого друга.",
    "“It’s late,” she said – and we’d already left.",
]


# Turkish came out as 眉z谋m.
@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("written", ["gb18030", "utf-8"])
@pytest.mark.parametrize("read", ["cp1252", "latin-1"])
def test_words_of_the_west_on_a_page_of_cjk_are_words(words: str, written: str, read: str) -> None:
    cjk = garble.misread(CJK, written=written, read=read)
    western = garble.misread(words, written="utf-8", read=read)
    assert fix_text(f"{cjk}\n{western}") == f"{CJK}\n{words}"
    assert fix_text(f"{western}\n{cjk}") == f"{words}\n{CJK}"


@pytest.mark.parametrize("words", WORDS)
def test_words_of_the_west_are_not_searched_for_cjk(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = garble.misread("\n".join([words] * 40), written="utf-8", read="cp1252")
    monkeypatch.setattr("mojimend.rules.in_turn.undo", Mock(side_effect=AssertionError))
    assert fix_text(page) == "\n".join([words] * 40)


def test_ftfy_is_asked_in_full_where_its_files_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.machinery.PathFinder.find_spec", lambda *_: None)
    assert western._badness.__wrapped__() is ftfy.badness.is_bad
