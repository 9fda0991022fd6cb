"""Damaged, cut, mixed and declared files: decoding goes on, and neither shifts nor guesses."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_decide import LEGACY, LOST, SENTENCE, stage

from mojimend import Decoding, Region, decode
from mojimend.decoding import resync
from mojimend.decoding.declared import label_in

JOHAB = {**LEGACY, "johab": LEGACY["cp949"]}
EUC = ("gb18030", "euc_jp", "cp949")


@pytest.mark.parametrize("codec", EUC)
@pytest.mark.parametrize("at", [0, 1, 6, 7, 13, 20])
def test_a_byte_that_is_gone_costs_no_more_than_two_characters(codec: str, at: int) -> None:
    text = LEGACY[codec]
    data = text.encode(codec)
    decoding = decode(data[:at] + data[at + 1 :])
    assert decoding.encoding == codec
    assert len(decoding.errors) == 1
    assert abs(decoding.errors[0] - at) <= 2
    assert decoding.text[15:] == text[15:]
    assert sum(a != b for a, b in zip(decoding.text, text, strict=False)) <= 2


@pytest.mark.parametrize("codec", JOHAB)
def test_a_bad_byte_takes_no_more_than_its_character(codec: str) -> None:
    text = JOHAB[codec]
    data = text.encode(codec)
    for at in range(0, len(data), 5):
        decoding = decode(data[:at] + b"\xff" + data[at + 1 :])
        assert decoding.encoding == codec
        assert text[len(data[:at].decode(codec, "ignore")) + 2 :] in decoding.text
        assert LOST in decoding.text


@pytest.mark.parametrize("codec", JOHAB)
@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_piece_that_is_cut_on_both_sides_is_read(codec: str, cut: int) -> None:
    text = JOHAB[codec]
    data = text.encode(codec)
    decoding = decode(data[cut:-1])
    assert decoding.encoding == codec
    assert text[cut + 2 : -2] in decoding.text


@pytest.mark.parametrize("codec", [*EUC, "cp950", "cp932"])
def test_half_a_character_at_the_start_is_found_though_only_two_read_badly_for_it(codec: str) -> None:
    text = LEGACY[codec]
    pieces = [text[first:] for first in range(16)]
    halves = [(piece, half) for piece in pieces if piece[0].isalpha() and (half := piece.encode(codec)[1:])[0] >= 0x80]
    assert len(halves) > 5
    for piece, half in halves:
        decoding = decode(half)
        assert (decoding.text, decoding.errors) == (LOST + piece[1:], (0,)), piece


def test_private_use_that_is_meant_stays() -> None:
    text = f"我的名字是\ue000\ue123，{SENTENCE}" * 3
    decoding = decode(text.encode("gb18030"))
    assert (decoding.text, decoding.errors) == (text, ())


def test_a_byte_that_is_gone_is_found_by_the_private_use_that_it_makes() -> None:
    line = "我和同学从教室出来，他居然走过来问我们是谁，我们说是学校的学生，他还是不让我们进去。"
    data = line.encode("gb18030")
    shifted = data[:1] + data[2:-1]
    assert max(shifted.decode("gb18030")) >= "\ue000"
    decoding = decode((SENTENCE + "\n").encode("gb18030") * 4 + shifted)
    assert line[2:-2] in decoding.text


def test_one_bad_byte_in_utf_8_is_one_bad_byte() -> None:
    data = (SENTENCE * 3).encode()
    decoding = decode(data[:30] + b"\xff" + data[30:])
    assert (decoding.encoding, decoding.errors) == ("utf-8", (30,))
    assert decoding.text.replace(LOST, "") == SENTENCE * 3


@pytest.mark.parametrize("encoding", ["hz", "iso2022_jp", "iso2022_kr"])
def test_encodings_that_shift_by_escapes_are_read_also_when_they_are_cut(encoding: str) -> None:
    text = {"hz": LEGACY["gb18030"], "iso2022_jp": LEGACY["cp932"], "iso2022_kr": LEGACY["cp949"]}[encoding]
    data = f"{text} plain\n{text}\n".encode(encoding)
    assert decode(data).text == f"{text} plain\n{text}\n"
    cut = decode(data[: len(data) // 4 + 1])
    assert (cut.encoding, stage(cut)) == (encoding, "escape")
    assert text.startswith(cut.text.rstrip(LOST))


def test_one_chinese_character_between_braces_of_hz() -> None:
    assert decode(b"iOS ~{5D~} Linux").text == "iOS 的 Linux"


def test_hz_has_the_marks_of_gb_2312_as_python_reads_them() -> None:
    text = "春天来了――桃花开了・梨花也开了"
    assert decode(text.encode("hz")).text == text


def test_braces_behind_a_tilde_are_not_chinese() -> None:
    for text in ("cp ~{a,b} /tmp", "~{3}", "x ~{ y", "see ~{name}~ and ~{value}~", "~{zz~}"):
        assert decode(text.encode()).text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [SENTENCE, "plain English text without any mark\n", LEGACY["cp949"]])
def test_wide_encodings_need_no_mark(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)).text == text
    assert decode(text.encode(encoding)).encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_of_an_alphabet_has_neither_nuls_nor_bytes_beyond_ascii(encoding: str) -> None:
    text = "Вчера после обеда шёл дождь"
    assert decode(text.encode(encoding)).text == text


def test_ascii_is_never_utf_16() -> None:
    assert decode(b"this app can break").encoding == "utf-8"


# --- Declared --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "label"),
    [
        (b'<html><head><meta charset="GB2312">', "GB2312"),
        (b"<META http-equiv=Content-Type content='text/html; charset=big5'>", "big5"),
        (b'<?xml version="1.0" encoding="euc-jp"?>', "euc-jp"),
        (b'@charset "shift_jis";\n', "shift_jis"),
        (b"#!/usr/bin/python\n# -*- coding: cp949 -*-\n", "cp949"),
        (b"/* vim: set fileencoding=euc-kr : */", "euc-kr"),
    ],
)
def test_the_label_in_a_file_is_found(head: bytes, label: str) -> None:
    found = label_in(head)
    assert found is not None
    assert found[0] == label


def test_no_label_is_taken_from_a_comment_or_from_text() -> None:
    assert label_in(b"<!-- <meta charset=big5> --> charset of a page") is None


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "big5", "utf-8", "euc-kr"])
def test_a_wrong_label_in_a_file_is_not_believed(label: str) -> None:
    data = f'<meta charset="{label}">'.encode() + LEGACY["gb18030"].encode("gb18030")
    decoding = decode(data)
    assert decoding.encoding == "gb18030"
    assert any(evidence.stage == "label" and evidence.encoding is None for evidence in decoding.evidence)


def test_a_right_label_is_believed_with_a_bad_byte() -> None:
    data = b"<meta charset=gbk>" + LEGACY["gb18030"].encode("gb18030")
    decoding = decode(data[:40] + b"\xff" + data[41:])
    assert (decoding.encoding, stage(decoding)) == ("gb18030", "label")


def test_one_candidate_is_read_with_its_bad_bytes() -> None:
    data = LEGACY["gb18030"].encode("gb18030")
    decoding = decode(data[:8] + b"\xff" + data[8:], candidates=("gb18030",))
    assert (decoding.encoding, decoding.errors) == ("gb18030", (8,))


def test_a_language_breaks_a_tie() -> None:
    data = "你".encode("gb18030")
    assert decode(data, languages=("zh-Hans",)).text == "你"


def test_big5_of_the_web_has_kana_and_the_euro_sign() -> None:
    text = LEGACY["cp950"]
    assert decode((text + "ひらがな").encode("big5hkscs")).text == text + "ひらがな"
    assert decode(text.encode("cp950") + b"\xa3\xe1").text == text + "€"


def test_euc_jp_has_the_marks_of_nec() -> None:
    data = f"①{LEGACY['euc_jp']}".encode("euc_jis_2004")
    assert decode(data).text == f"①{LEGACY['euc_jp']}"


# --- Mixed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", JOHAB)
def test_lines_in_two_encodings_are_told_apart(codec: str) -> None:
    lines = [f"{JOHAB[codec]}\n"] * 3 + [f"{SENTENCE}\n"] * 2 + [f"{JOHAB[codec]}\n"]
    written = [codec] * 3 + ["utf-8"] * 2 + [codec]
    data = b"".join(line.encode(encoding) for line, encoding in zip(lines, written, strict=True))
    decoding = decode(data)
    assert decoding.text == "".join(lines)
    assert decoding.mixed
    assert [region.encoding for region in decoding.regions] == [codec, "utf-8", codec]
    assert stage(decoding) == "mixed"


def test_one_line_of_another_encoding_in_utf_8() -> None:
    lines = [SENTENCE.encode()] * 40
    lines[20] = LEGACY["cp932"].encode("cp932")
    assert decode(b"\n".join(lines)).text.split("\n")[20] == LEGACY["cp932"]


def test_fields_in_two_encodings() -> None:
    row = b",".join([SENTENCE.encode("gb18030"), b"17", (SENTENCE * 2).encode(), b"end\n"])
    decoding = decode((SENTENCE + "\n").encode("gb18030") * 4 + row)
    assert decoding.text.splitlines()[-1] == f"{SENTENCE},17,{SENTENCE * 2},end"


LIBRARY = "図書館では静的なページと動的な部分を管理し、検索の仕組みを構築しています。"


def test_utf_8_at_both_ends_of_euc_jp() -> None:
    thanks = "ありがとうございました。"
    lines = [LIBRARY, "お知らせ", thanks, thanks, "HTMLは静的です。", thanks]
    encodings = ["utf-8", "euc_jp", "euc_jp", "euc_jp", "utf-8", "euc_jp"]
    data = b"\n".join(line.encode(encoding) for line, encoding in zip(lines, encodings, strict=True))
    assert decode(data).text.split("\n") == lines


@pytest.mark.parametrize("encodings", [("utf-8", "euc_jp") * 2 + ("utf-8",), ("euc_jp", "utf-8") * 2 + ("euc_jp",)])
def test_a_short_file_of_lines_in_turns(encodings: tuple[str, ...]) -> None:
    lines = [LIBRARY, LEGACY["euc_jp"]] * 2 + [LIBRARY]
    data = b"\n".join(line.encode(encoding) for line, encoding in zip(lines, encodings, strict=True))
    assert decode(data).text.split("\n") == lines


def test_lines_in_four_encodings() -> None:
    lines = {"gb18030": LEGACY["gb18030"], "cp950": LEGACY["cp950"], "cp949": LEGACY["cp949"], "utf-8": SENTENCE}
    data = b"".join(f"{line}\n".encode(codec) for codec, line in lines.items())
    decoding = decode(data * 3)
    assert decoding.text.splitlines() == [*lines.values()] * 3
    assert {region.encoding for region in decoding.regions} == set(lines)
    sizes = (f"{3 * len(line.encode(codec)) + 3} bytes of {codec}" for codec, line in lines.items())
    assert decoding.evidence[0].reason == f"line by line: {', '.join(sizes)}"


@pytest.mark.parametrize("codec", LEGACY)
def test_rules_and_menus_do_not_drown_the_text(codec: str) -> None:
    rule = "─" * 40 + "┼" * 12
    text = "\n".join([*([rule, "■■■ ■■■"] * 30), LEGACY[codec]])
    decoding = decode(text.encode(codec))
    assert (decoding.text, decoding.encoding) == (text, codec)


def test_a_hole_is_a_region_without_an_encoding() -> None:
    before, after = f"{SENTENCE}\n".encode("gb18030"), SENTENCE.encode("gb18030")
    decoding = decode(before + bytes(4096) + after)
    assert decoding.text == f"{SENTENCE}\n{LOST}{SENTENCE}"
    assert Region(len(before), len(before) + 4096, None) in decoding.regions
    assert decoding.errors == (len(before),)


# --- What is no text -------------------------------------------------------------------------------------------------

CHANCE = zlib.compress(SENTENCE.encode() * 50)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + CHANCE,
        b"\x1f\x8b\x08\0\0\0\0\0" + CHANCE,
        b"PK\x03\x04\x14\0\0\0\x08\0" + CHANCE,
        b"SQLite format 3\0\x10\0\x01\x01\0@  \0\0",
        bytes(10_000),
    ],
    ids=["png", "gzip", "zip", "sqlite", "nul"],
)
def test_what_is_no_text_is_none_with_a_reason(data: bytes) -> None:
    decoding = decode(data)
    assert decoding.encoding is None
    assert stage(decoding) == "binary"
    assert decoding.text.encode("ascii", "surrogateescape") == data


def test_newlines_are_told() -> None:
    assert [decode(data).newline for data in (b"a", b"a\nb", b"a\r\nb", b"a\rb", b"a\nb\r\n")] == [
        "", "\n", "\r\n", "\r", "mixed",
    ]  # fmt: skip


# --- Any bytes -------------------------------------------------------------------------------------------------------

CODECS = (*JOHAB, "utf-8", "utf-16-le", "hz", "iso2022_jp", "cp1251", "latin-1")
pieces = st.one_of(
    st.binary(max_size=30),
    st.just(bytes(70)),
    st.builds(
        lambda text, codec, cut: text.encode(codec, "ignore")[cut:],
        st.sampled_from([*LEGACY.values(), SENTENCE, "Привет, как дела?\n", "café\n", "\n"]),
        st.sampled_from(CODECS),
        st.integers(0, 3),
    ),
)
damaged = st.lists(pieces, max_size=5).map(b"".join)


def assert_is_sound(data: bytes, decoding: Decoding) -> None:
    assert all(0 <= offset < len(data) for offset in decoding.errors)
    assert list(decoding.errors) == sorted(set(decoding.errors))
    assert 0 <= decoding.confidence <= 1
    assert decoding.evidence
    if decoding.encoding is None:
        assert decoding.text.encode("ascii", "surrogateescape") == data
        return
    ends = [0, *(region.end for region in decoding.regions)]
    assert [region.start for region in decoding.regions] == ends[:-1]
    assert ends[-1] == len(data)


@settings(max_examples=150, deadline=None)
@given(damaged)
def test_all_bytes_are_accounted_for(data: bytes) -> None:
    assert_is_sound(data, decode(data))


@settings(max_examples=100, deadline=None)
@given(damaged, st.sampled_from(sorted(resync.TWO_BYTES)))
def test_every_lost_byte_is_marked(data: bytes, codec: str) -> None:
    text, errors = resync.decode(data, codec)
    assert text.count(LOST) == len(errors)
    assert all(0 <= offset < len(data) for offset in errors)


@pytest.mark.parametrize("codec", sorted(resync.TWO_BYTES))
def test_no_byte_of_a_line_end_is_lost(codec: str) -> None:
    """A boundary is a boundary in every encoding: whatever stands before it, it is read as itself."""
    for boundary in (b"\n", b"\t", b" ", b","):
        for lead in range(0x80, 0x100):
            assert resync.decode(bytes((lead,)) + boundary + b"\n", codec)[0].endswith(boundary.decode() + "\n")
