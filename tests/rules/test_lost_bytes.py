"""What is past mending is told by its kind, and talk of it is left alone."""

from __future__ import annotations

import re

import pytest

from mojimend import Applicability, check, fix_text, garble, repair
from mojimend.encodings.causes import LOSSES
from mojimend.encodings.fills import FILLS, LEAST, SHORTEST, shown
from mojimend.encodings.reread import beginnings
from mojimend.reporters.story import tell
from mojimend.rules import legacy_as_utf8
from mojimend.rules.mojibake.lost_bytes import BEFORE_ANY, BEFORE_HANGUL, FIRST_TWO
from mojimend.text.scripts import HANGUL

LOST = "\N{REPLACEMENT CHARACTER}"
PAGES = {
    "gb18030": "图书馆的旧报纸都按年份放好了，要看请先在前台登记。借书证每年要换一次，换证时带上旧的。"
    "读者可以在二楼的阅览室看报，也可以把书借回家去看。孩子们喜欢在周末来听故事。",
    "big5hkscs": "圖書館的舊報紙都按年份放好了，要看請先在櫃檯登記。借書證每年要換一次，換證時帶上舊的。"
    "讀者可以在二樓的閱覽室看報，也可以把書借回家去看。孩子們喜歡在週末來聽故事。",
    "cp932": "図書館の古い新聞は年ごとに並べてあります。ご覧になる方は受付でお名前をお書きください。",
    "euc_jp": "図書館の古い新聞は年ごとに並べてあります。ご覧になる方は受付でお名前をお書きください。"
    "貸し出しの期間は二週間で、一度だけ延ばすことができます。週末には子どもたちが話を聞きに来ます。",
    "cp949": "도서관의 오래된 신문은 해마다 모아 두었습니다. 보시려면 먼저 접수대에 이름을 적어 주십시오. "
    "책은 두 주일 동안 빌릴 수 있고 한 번만 늦출 수 있습니다. 주말에는 아이들이 이야기를 들으러 옵니다.",
}
CALLED = {"gb18030": "GBK", "big5hkscs": "Big5", "cp932": "Shift_JIS", "euc_jp": "EUC-JP", "cp949": "EUC-KR"}


def kinds(text: str) -> set[str]:
    return {finding.kind for finding in check(text) if finding.rule == "mojibake/lost-bytes"}


@pytest.mark.parametrize("written", PAGES)
@pytest.mark.parametrize("lost", ["byte", "sequence"])
def test_bytes_read_as_utf_8_are_found_and_no_encoding_is_named_wrongly(written: str, lost: garble.Lost) -> None:
    garbled = garble.misread(PAGES[written] * 4, written=written, read="utf-8", lost=lost)
    told = {f.message.partition(" read as")[0] for f in check(garbled) if f.kind == "read as UTF-8"}
    assert told
    assert told <= {CALLED[written], "a CJK encoding"}


def test_the_encoding_is_named_where_enough_is_left() -> None:
    garbled = garble.misread(PAGES["gb18030"], written="gb18030", read="utf-8", lost="sequence")
    assert any(f.message.startswith("GBK read as UTF-8; about ") for f in check(garbled))


@pytest.mark.parametrize("written", PAGES)
@pytest.mark.parametrize("read", ["gb18030", "cp949", "cp950", "cp932", "euc_jp"])
def test_u_fffd_that_was_read_again_is_found(written: str, read: str) -> None:
    once = garble.misread(PAGES[written], written=written, read="utf-8", lost="sequence")
    assert "read again" in kinds(garble.misread(once, written="utf-8", read=read))


@pytest.mark.parametrize("written", PAGES)
def test_question_marks_in_place_of_words_are_found_on_a_page(written: str) -> None:
    sentences = PAGES[written].replace("。", "。\n").replace(". ", ".\n")
    assert "question marks" in kinds(garble.save_as(f"2024年5月1日\n{sentences}", "ascii"))


def test_what_is_written_down_is_what_they_begin_with() -> None:
    before_any: set[str] = set()
    before_hangul: set[str] = set()
    two: set[str] = set()
    for first, seconds in (*(shortest[:2] for shortest in SHORTEST.values()), *beginnings()):
        if not seconds or first in BEFORE_ANY:
            before_any.add(first)
        elif first in BEFORE_HANGUL:
            before_hangul.add(first)
            assert re.fullmatch(f"[{HANGUL}?{LOST}]+", seconds)
        else:
            two.update(first + second for second in seconds)
    assert before_any == set(BEFORE_ANY) - {LOST}
    assert before_hangul == set(BEFORE_HANGUL)
    assert two == FIRST_TWO


def test_what_is_written_down_of_each_fill_is_what_it_looks_like() -> None:
    assert {unit: unit * -(-LEAST // len(unit.encode(read))) for unit, (_, read) in shown().items()} == SHORTEST


@pytest.mark.parametrize("unit", SHORTEST)
def test_memory_is_found_and_told_by_its_fill(unit: str) -> None:
    fill, _ = shown()[unit]
    (finding,) = check(f"name={unit * 8};")
    assert (finding.found, finding.kind) == (unit * 8, "memory")
    assert finding.message.endswith(FILLS[fill])


@pytest.mark.parametrize("text", ["", "abc", "abc；", "名称："])
def test_memory_is_no_misreading(text: str) -> None:
    for unit in SHORTEST:
        assert fix_text(text + unit * 12) == text + unit * 12


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("好" + LOST * 2, "replaced"),
        (f"{LOST * 2}ã{LOST * 3}", "read as UTF-8"),
        ("今天锟斤拷锟斤拷", "read again"),
        ("abc烫烫烫烫", "memory"),
        ("?? ????? ??? ?????", "question marks"),
    ],
)
def test_each_kind_is_a_note_with_its_cause_and_prevention(text: str, kind: str) -> None:
    (finding,) = check(text)
    assert (finding.kind, finding.applicability, finding.repair) == (kind, Applicability.NOTE, None)
    story = " ".join(tell(repair(text)).split())
    assert f"cause: {LOSSES[kind].software}" in story
    assert f"prevention: {LOSSES[kind].prevention}" in story


def test_every_kind_of_loss_is_told_by_some_text() -> None:
    texts = (f"好{LOST}", f"{LOST * 2}ã{LOST * 3}", "今天锟斤拷锟斤拷", "abc烫烫烫烫", "?? ????? ??? ?????")
    assert set.union(*map(kinds, texts)) == set(LOSSES)


def test_letters_that_survived_between_are_kept() -> None:
    for text in (f"{LOST * 2}ã{LOST * 3}", f"{LOST * 3}ѧϰ{LOST * 2}ã{LOST}"):
        assert fix_text(text) == text


def test_words_with_a_lost_letter_are_no_bytes_of_cjk() -> None:
    assert kinds(f"При{LOST}{LOST}ет, caf{LOST} cr{LOST}{LOST}é") == {"replaced"}


def test_a_damaged_page_is_damaged_in_quotes_too() -> None:
    damaged = '"锟斤拷", "锟叫憋拷", "锟矫伙拷"'
    assert [f.found for f in check(damaged)] == ["锟斤拷", "锟叫憋拷", "锟矫伙拷"]
    assert check('"锟斤拷"') == ()


def test_a_long_run_of_letters_is_read_once() -> None:
    # Tried from each of its letters, this would take minutes.
    assert legacy_as_utf8.find("é" * 500_000) == []
    (found,) = legacy_as_utf8.find("\ufffd" * 500_000 + "é")
    assert found == (0, 500_001, 250_001)
