"""Runs of the encodings that write CJK text in seven bits."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend.encodings.seven_bit import HZ, IMAP, ISO_2022_JP, KINDS, SHIFT_OUT, UTF_7, Kind, Run, read

japanese = st.text("こんにちは会議資料、。テスト", min_size=1)
chinese = st.text("你好世界，。图书馆", min_size=1)


def only(kind: Kind, text: str) -> Run:
    (run,) = kind.runs(text)
    return run


@given(japanese, st.sampled_from(["", "\x1b", "\ufffd", "\u241b", "^[", "\\e"]))
def test_a_run_of_iso_2022_jp_says_what_was_written(text: str, escape: str) -> None:
    run = only(ISO_2022_JP, "Re: " + text.encode("iso2022_jp").decode().replace("\x1b", escape) + " ok")
    assert run.readings["ISO-2022-JP"] == text
    assert run.closed


@given(chinese)
def test_a_run_of_hz_says_what_was_written(text: str) -> None:
    assert only(HZ, text.encode("hz").decode()).readings == {"HZ": text}


@given(chinese)
def test_a_run_of_utf_7_says_what_was_written(text: str) -> None:
    digits = base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=")
    assert only(UTF_7, f"1+{digits}-").readings == {"UTF-7": text}
    assert only(UTF_7, f"1+{digits}.").closed is False
    assert only(IMAP, f"1&{digits.replace('/', ',')}-").readings == {"IMAP's UTF-7": text}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: next(iter(kind.encodings)))
@given(st.text(), st.text("$B(J\x1b^[\\e~{}+-&AT2Bfq, \n\x0e\x0f"))
def test_runs_stand_one_behind_another(kind: Kind, any_text: str, shifts: str) -> None:
    for text in (any_text, shifts):
        end = 0
        for run in kind.runs(text):
            assert end <= run.start <= run.shift < run.end <= len(text)
            end = run.end


def test_pairs_are_not_taken_for_shifts() -> None:
    # The shift back stands across ``3(`` and ``B$``, which are two characters.
    assert only(ISO_2022_JP, "$B3(B$$$(B").readings["ISO-2022-JP"] == "絵造い"


def test_a_run_goes_on_to_the_next_shift_or_is_cut_by_the_end_of_the_line() -> None:
    first, second = ISO_2022_JP.runs("\x1b$B$3$s\x1b$B$K\x1b(B")
    assert (first.readings["ISO-2022-JP"], second.readings["ISO-2022-JP"]) == ("こん", "に")
    cut = only(ISO_2022_JP, "$B$3$s$\nnext")
    assert (cut.closed, cut.readings["ISO-2022-JP"]) == (False, "こん\N{REPLACEMENT CHARACTER}")


def test_what_is_shifted_out_may_be_korean_or_chinese() -> None:
    assert only(SHIFT_OUT, "\x0e>H3g\x0f").readings["ISO-2022-KR"] == "안녕"
    assert only(SHIFT_OUT, "\x0eDc:C\x0f").readings["ISO-2022-CN"] == "你好"


def test_windows_reads_more_than_the_standard_has() -> None:
    assert [read(pair, "jisx0208") for pair in ("-!", "|b", '"L', "(B")] == ["①", "髙", "¬", None]
