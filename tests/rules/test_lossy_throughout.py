"""Lossy lines of UTF-8 that come out even: what kept its bytes is back, and all else is told where it stands."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mojimend import fix_text, garble, repair
from mojimend.encodings import lenient
from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.misread import Misread
from mojimend.rules.lossy_throughout import READ, lossy_misread_of, undo_losses

SENTENCES = {
    "zh": "您的订单已经取消，请重新登录后再试（谢谢）。",
    "ja": "昨日の午後、公園を散歩していたら、友人に出会いました。",
    "ko": "어제 오후에 공원에서 산책을 하다가 친구를 만났습니다.",
}


def without_controls(text: str) -> str:
    return "".join(char for char in text if not "\x80" <= char <= "\x9f")


@pytest.mark.parametrize("language", SENTENCES)
def test_controls_that_were_dropped_are_missed(language: str) -> None:
    garbled = garble.misread(SENTENCES[language], written="utf-8", read="cp1252")
    stripped = without_controls(garbled)
    assert stripped != garbled
    left = iter(SENTENCES[language])
    # What is not lost stands there in the order in which it was written, and nothing else does.
    assert all(char in left for char in fix_text(stripped).replace(REPLACEMENT, ""))
    assert lossy_misread_of(stripped) == Misread("utf-8", "cp1252")


@pytest.mark.parametrize(
    "line",
    [
        "Où êtes-vous allé à Noël, déjà ?",
        "Các bạn có thể đến đây được không?",
        "Žluťoučký kůň úpěl ďábelské ódy",
        "¿Qué pasó? El niño ya cumplió diez años",
    ],
)
def test_accents_are_no_characters_that_lack_bytes(line: str) -> None:
    assert lossy_misread_of(line) is None
    assert fix_text(line) == line


@pytest.mark.parametrize("read", READ)
@pytest.mark.parametrize("mark", [REPLACEMENT, "?"])
@given(st.text(st.sampled_from("您的订单已经取消，请重新登录。，？ 3aéいま어제"), min_size=8, max_size=40))
def test_each_lost_character_has_its_place(read: str, mark: str, text: str) -> None:
    line = garble.misread(text, written="utf-8", read=read, lost="byte" if mark == REPLACEMENT else "pair", mark=mark)
    undone = undo_losses(line, Misread("utf-8", read))
    if undone is None:
        return
    assert [one.at for one in undone.lost] == [at for at, char in enumerate(undone.text) if char == REPLACEMENT]
    assert all(undone.start <= one.start < one.end <= undone.end for one in undone.lost)
    assert [one.start for one in undone.lost] == sorted(one.start for one in undone.lost)
    assert undo_losses(line, Misread("utf-8", read), wants_lost=False) == undone._replace(lost=())


CHARACTERS = [char.encode() for char in "今天，어제à é\N{NO-BREAK SPACE}1"]
PIECES = st.sampled_from([*CHARACTERS, b"\xff", b"\xfe", b"\x80", b"\xe4", b"?"])


@pytest.mark.parametrize("read", READ)
@given(st.lists(PIECES | st.just(REPLACEMENT), max_size=16))
@example([b"A", "à".encode(), b"?", "\N{NO-BREAK SPACE}".encode()])
def test_bytes_that_are_no_utf_8_are_no_lost_ones(read: str, pieces: list[bytes | str]) -> None:
    line = "".join(piece if isinstance(piece, str) else lenient.decode(piece, read)[0] for piece in pieces)
    for misread in (Misread("utf-8", name) for name in READ):
        undone = undo_losses(line, misread)
        assert undo_losses(line, misread, wants_lost=False) == (undone and undone._replace(lost=()))
    assert fix_text(line) == repair(line).text


def test_two_characters_that_have_their_bytes_together_are_told_as_well() -> None:
    # 88 62 is one letter with its accent in HKSCS, and two characters.
    line = garble.misread(
        "請選（bundle）的類型，再交給相對人", written="utf-8", read="big5hkscs", lost="byte", mark=REPLACEMENT
    )
    assert b"\x88\x62".decode("big5hkscs") in line
    undone = undo_losses(line, Misread("utf-8", "big5hkscs"))
    assert undone is not None
    assert (undone.start, undone.end) == (0, len(line))
    assert repair(line).text == fix_text(line)


def test_lines_are_told_one_by_one_and_mended_alike() -> None:
    sentence = SENTENCES["zh"]
    lines = [f"{sentence}{n}？" for n in range(40)]
    garbled = "\n\n".join(
        garble.misread(line, written="utf-8", read="gb18030", lost="pair", mark="?") for line in lines
    )
    report = repair(garbled)
    assert fix_text(garbled) == report.text
    assert len(report.findings) >= len(lines)
    assert all("\n" not in finding.found for finding in report.findings)


def test_a_line_of_nothing_but_lost_bytes_comes_to_an_end() -> None:
    """Bytes are counted in C, where operations can't be: were it not linear, this would take minutes."""
    assert undo_losses("ï¿½" * 300_000, Misread("utf-8", "cp1252")) is None


def test_a_line_is_told_that_is_cut_inside_its_last_character_and_has_no_mark() -> None:
    read = "gb18030"
    misread = [f"{SENTENCES['zh']}{n}".encode().decode(read, "replace") for n in range(20)]
    cut = "谢谢您的帮助".encode()[:-2].decode(read)
    page = "\n".join([*misread, cut])
    assert REPLACEMENT in misread[0]
    report = repair(page)
    assert report.text == fix_text(page)
    assert report.text.endswith(f"谢谢您的帮{REPLACEMENT}")
