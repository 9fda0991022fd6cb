"""EUC-TW and the planes of CNS 11643, which Python does not know."""

from __future__ import annotations

import codecs
import io

import pytest

from mojimend import decode
from mojimend.encodings.euc_tw import characters

SENTENCE = "昨天下午學校圖書館舉辦了一場講座，許多同學都參加了。"
DATA = SENTENCE.encode("euc_tw")


def test_all_characters_come_back() -> None:
    for data, char in characters().items():
        assert data.decode("euc_tw") == char
        assert char.encode("euc_tw").decode("euc_tw") == char
        # Plane 1 may be written in four bytes too.
        assert len(data) == 2 or data[1] == 0xA1 or char.encode("euc_tw") == data


def test_all_han_characters_of_big5_are_there() -> None:
    big5 = (bytes((lead, trail)).decode("big5", "ignore") for lead in range(0xA4, 0xFA) for trail in range(0x40, 0xFF))
    # Two are in it twice, the second time as compatibility ideographs.
    han = {char for char in big5 if "\u4e00" <= char <= "\u9fff"}
    assert len(han) == 13051
    # Unicode has the form of CNS 11643 apart.
    assert han - set(characters().values()) == {"彝"}
    assert "彞" in characters().values()


def test_errors_are_as_with_other_codecs() -> None:
    assert b"a\xc4\xa1\xff".decode("euc_tw", "replace") == "a一\ufffd"
    assert "一😀!".encode("euc_tw", "replace") == b"\xc4\xa1?!"
    assert "一😀!".encode("euc_tw", "xmlcharrefreplace") == b"\xc4\xa1&#128512;!"
    with pytest.raises(UnicodeDecodeError, match="no character of planes 1 and 2"):
        b"\xc4".decode("euc_tw")
    with pytest.raises(UnicodeEncodeError, match="no character of planes 1 and 2"):
        "😀".encode("euc_tw")


def test_pieces_cut_anywhere_are_read_on() -> None:
    data = "一乂a".encode("euc_tw")
    for cut in range(len(data)):
        stream = io.TextIOWrapper(io.BytesIO(data), "euc_tw")
        assert stream.read() == "一乂a"
        decoder = codecs.getincrementaldecoder("euc_tw")()
        assert decoder.decode(data[:cut]) + decoder.decode(data[cut:], True) == "一乂a"


def test_it_is_read_where_it_is_named() -> None:
    decoding = decode(DATA, declared="x-euc-tw")
    assert (decoding.text, decoding.encoding, decoding.errors) == (SENTENCE, "euc_tw", ())


def test_it_is_known_by_its_characters() -> None:
    decoding = decode(DATA)
    assert (decoding.text, decoding.encoding, decoding.runner_up) == (SENTENCE, "euc_tw", "cp949")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("明天下雨。", "big5"),
        ("明天下雨。", "gb18030"),
        ("天気予報によると明日は雨。", "cp932"),
        ("天気予報によると明日は雨。", "euc_jp"),
        ("한국어 문장입니다.", "cp949"),
        ("Завтра обещают дождь.", "koi8-r"),
    ],
)
def test_others_are_not_taken_for_it(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).encoding != "euc_tw"


def test_a_false_label_is_refused() -> None:
    assert decode(SENTENCE.encode("big5"), declared="euc-tw").text == SENTENCE


def test_a_bad_byte_is_lost_alone() -> None:
    assert decode(4 * DATA[:4] + b"\xff" + 4 * DATA[4:], declared="euc-tw").errors == (16,)


def test_both_planes_in_iso_2022_cn() -> None:
    seven_bits = bytes(byte & 0x7F for byte in DATA)
    data = b"\x1b$)G\x0e" + seven_bits + b"\x0f\x1b$*H\x1bN!!\n"
    decoding = decode(data)
    assert (decoding.text, decoding.encoding) == (f"{SENTENCE}乂\n", "iso2022_cn")
