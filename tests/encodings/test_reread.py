"""U+FFFD that was saved and read again is found in every encoding, whole, odd and cut."""

from __future__ import annotations

import re

import pytest

from mojimend import garble
from mojimend.encodings.reread import CORES, READ, READ_TWICE, Again, beginnings, find, signs

LOST = "\N{REPLACEMENT CHARACTER}"
# What shows U+FFFD as another does.
LIKE = {"latin-1": "cp1252", "cp1254": "cp1252", "big5hkscs": "cp950"}


def read_again(text: str, *read: str) -> str:
    for encoding in read:
        text = garble.misread(text, written="utf-8", read=encoding)
    return text


def reads(again: Again) -> list[str]:
    return [misread.read for misread in again.misreads]


@pytest.mark.parametrize("read", READ)
@pytest.mark.parametrize("lost", [2, 3, 4, 7])
def test_a_run_is_found_and_counted(read: str, lost: int) -> None:
    garbled = read_again(LOST * lost, read)
    (again,) = find(f"甲 {garbled} 乙")
    assert (again.start, again.end, again.lost) == (2, 2 + len(garbled), lost)
    assert reads(again) == [LIKE.get(read, read)]


@pytest.mark.parametrize("first", READ_TWICE)
@pytest.mark.parametrize("second", READ_TWICE)
def test_a_run_is_found_after_two_misreadings_in_which_no_byte_was_lost(first: str, second: str) -> None:
    garbled = read_again(LOST * 4, first, second)
    found = list(find(garbled))
    assert LOST in garbled or sum(again.lost for again in found) == 4
    assert all(len(again.misreads) == 2 for again in found if LOST not in garbled)


@pytest.mark.parametrize("read", ["gb18030", "cp949", "cp950", "euc_jp"])
def test_what_survived_in_step_is_left_out(read: str) -> None:
    survived = {"gb18030": "学习", "cp949": "학교", "cp950": "學校", "euc_jp": "学校"}[read]
    sign = read_again(LOST * 2, read)
    first, second = find(sign + survived + sign)
    assert (first.end, second.start) == (len(sign), len(sign) + len(survived))
    assert first.is_pure
    assert second.is_pure


def test_what_survived_out_of_step_is_misread_along() -> None:
    # ú is the second half of a character and the first half of the next.
    garbled = read_again(f"{LOST}ú{LOST}", "gb18030")
    assert garbled == "锟矫猴拷"
    (again,) = find(garbled)
    assert (again.start, again.end, again.lost, again.is_pure) == (0, 4, 2, False)


def test_a_mark_that_swallowed_ascii_goes_with_it() -> None:
    garbled = read_again(f"{LOST * 3}Json", "gb18030")
    (again,) = find(garbled)
    assert garbled[again.end :] == "son"
    assert again.lost == 3


def test_one_mark_alone_is_told_to_be_one() -> None:
    (again,) = find("李锟今天去了")
    assert again.lost == 1


@pytest.mark.parametrize("text", ["", "你好", "锟", "占地三十亩，占了", "拷贝", "ﾒｽ", "é", "¿Qué?", "½"])
def test_nothing_is_found_where_there_is_nothing(text: str) -> None:
    assert list(find(text)) == []


@pytest.mark.parametrize("read", [(one,) for one in READ] + [(one, two) for one in READ_TWICE for two in READ_TWICE])
@pytest.mark.parametrize("behind", ["", "天", "ab", "ん", "\n"])
def test_whatever_is_found_has_a_beginning(read: tuple[str, ...], behind: str) -> None:
    text = f"甲{read_again(LOST * 2 + '好' + LOST * 3 + behind, *read)}"
    begins = re.compile("|".join(f"{first}[{second}]" if second else first for first, second in beginnings()))
    # Some that were read twice are too much mixed with what is between to be found.
    assert begins.search(text) or (len(read) > 1 and not list(find(text)))


def test_many_runs_take_each_its_turn() -> None:
    text = "锟斤拷 占쏙옙\n" * 500
    assert sum(again.lost for again in find(text)) == 2000


def test_what_is_written_down_of_each_sign_is_what_it_has() -> None:
    assert tuple(sign.core for sign in signs()) == CORES
