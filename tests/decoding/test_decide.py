"""Bytes in, text out, stage by stage."""

from __future__ import annotations

import codecs

import pytest

from mojimend import Decoding, Region, UnknownName, WrongType, decode
from mojimend.decoding import stages

LOST = "\N{REPLACEMENT CHARACTER}"
SENTENCE = "今年的春天来得特别早，院子里的桃花已经全开了。"

# Each is written so that only its own encoding makes sense of it.
LEGACY = {
    "gb18030": "昨天下午，学校图书馆举办了一场关于古代汉语的讲座，许多同学都参加了，大家讨论得非常热烈。",
    "cp950": "昨天下午，學校圖書館舉辦了一場關於古代漢語的講座，許多同學都參加了，大家討論得非常熱烈。",
    "cp932": "昨日の午後、学校の図書館で日本の古典文学についての講演会が開かれ、多くの学生が参加しました。",
    "euc_jp": "昨日の午後、学校の図書館で日本の古典文学についての講演会が開かれ、多くの学生が参加しました。",
    "cp949": "어제 오후 학교 도서관에서 한국의 고전 문학에 관한 강연회가 열렸고, 많은 학생이 참가했습니다.",
}


def stage(decoding: Decoding) -> str:
    return decoding.evidence[0].stage


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_taken_off(mark: bytes, encoding: str) -> None:
    data = mark + SENTENCE.encode(encoding)
    decoding = decode(data, declared="gbk")
    assert (decoding.text, decoding.encoding, decoding.bom) == (SENTENCE, encoding, True)
    assert decoding.errors == ()
    assert decoding.regions == (Region(0, len(data), encoding),)
    assert stage(decoding) == "bom"


def test_offsets_of_lost_bytes_count_the_byte_order_mark() -> None:
    decoding = decode(codecs.BOM_UTF8 + b"ab\xffcd")
    assert decoding.errors == (5,)
    assert decoding.text == f"ab{LOST}cd"


@pytest.mark.parametrize("text", ["plain", SENTENCE, "🎉\N{NULL}\N{ZERO WIDTH SPACE}"])
def test_what_is_utf_8_is_read_as_utf_8_whatever_was_declared(text: str) -> None:
    decoding = decode(text.encode(), declared="shift_jis")
    assert (decoding.text, decoding.encoding, decoding.confidence, decoding.bom) == (text, "utf-8", 1.0, False)
    assert stage(decoding) == "utf-8"


def test_no_bytes_are_utf_8_without_a_region() -> None:
    assert decode(b"") == Decoding("", "utf-8", 1.0, evidence=decode(b"").evidence)


@pytest.mark.parametrize("codec", LEGACY)
def test_a_glance_tells_of_plain_text_what_the_long_way_does(codec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{LEGACY[codec]}\n" * 60
    with monkeypatch.context() as patched:
        patched.delattr(stages, "first_of")
        glanced = decode(text.encode(codec))
    monkeypatch.setattr(stages, "glance", lambda *_: None)
    thorough = decode(text.encode(codec))
    assert (thorough.text, thorough.encoding) == (text, codec)
    assert (glanced.text, glanced.encoding, glanced.errors, glanced.regions) == thorough[:2] + thorough[3:5]
    assert glanced.confidence == pytest.approx(thorough.confidence, abs=1e-6)


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("text/html; charset=gbk", "gb18030"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("Shift_JIS", "cp932"),
        ("big5", "cp950"),
        ("euc-kr", "cp949"),
    ],
)
def test_a_declared_label_that_fits_is_believed_and_read_as_its_superset(label: str, codec: str) -> None:
    decoding = decode(LEGACY[codec].encode(codec), declared=label)
    assert (decoding.text, decoding.encoding) == (LEGACY[codec], codec)
    assert stage(decoding) == "declared"


def test_a_label_of_bytes_that_only_the_superset_has_still_fits() -> None:
    text = "朱镕基、①②③、﨑"
    assert decode(text.encode("gb18030"), declared="gb2312").text == text


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("euc-jp", "bytes do not fit"),
        ("utf-8", "bytes do not fit"),
        ("x-no-such-thing", "is not an encoding"),
        ("", "is not an encoding"),
        ("hex", "is not an encoding"),
    ],
)
def test_a_declared_label_that_does_not_fit_is_noted_and_passed_over(label: str, reason: str) -> None:
    decoding = decode(LEGACY["gb18030"].encode("gb18030"), declared=label)
    assert (decoding.text, decoding.encoding) == (LEGACY["gb18030"], "gb18030")
    (refused,) = (e for e in decoding.evidence if e.stage == "declared")
    assert refused.encoding is None
    assert reason in refused.reason


@pytest.mark.parametrize("codec", LEGACY)
def test_a_sentence_is_recognised(codec: str) -> None:
    data = LEGACY[codec].encode(codec)
    decoding = decode(data)
    assert (decoding.text, decoding.encoding, decoding.errors) == (LEGACY[codec], codec, ())
    assert decoding.regions == (Region(0, len(data), codec),)
    assert 0 < decoding.confidence <= 1


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
@pytest.mark.parametrize(
    "text",
    [
        "ｼｽﾃﾑ管理者へ連絡してください。ﾌｧｲﾙの保存に失敗しました。",
        "ｴﾗｰ：ﾌｧｲﾙがありません",
        "氏名,ﾌﾘｶﾞﾅ\n山田太郎,ﾔﾏﾀﾞﾀﾛｳ\n鈴木花子,ｽｽﾞｷﾊﾅｺ\n",
    ],
)
def test_katakana_of_half_width_are_neither_damage_nor_another_encoding(codec: str, text: str) -> None:
    decoding = decode(text.encode(codec))
    assert (decoding.text, decoding.encoding, decoding.errors) == (text, codec, ())


def test_why_it_was_not_utf_8_is_told() -> None:
    decoding = decode(LEGACY["cp932"].encode("cp932"))
    (refused,) = (e for e in decoding.evidence if e.stage == "utf-8")
    assert refused.reason.startswith("byte 8D at 0: ")


def test_the_byte_80_is_the_euro_sign_in_gbk() -> None:
    decoding = decode("价格：".encode("gbk") + b"\x80" + "99，已含税。".encode("gbk"), declared="gbk")
    assert (decoding.text, decoding.errors) == ("价格：€99，已含税。", ())


def test_lost_bytes_are_counted_and_keep_their_offsets() -> None:
    data = LEGACY["gb18030"].encode("gb18030")
    decoding = decode(data + b"\xff")
    assert (decoding.text, decoding.encoding) == (LEGACY["gb18030"] + LOST, "gb18030")
    assert decoding.errors == (len(data),)


def test_a_bad_byte_in_the_middle_costs_no_more_than_itself() -> None:
    data = LEGACY["gb18030"].encode("gb18030")
    decoding = decode(data[:10] + b"\xff" + data[10:])
    assert decoding.text == LEGACY["gb18030"][:5] + LOST + LEGACY["gb18030"][5:]
    assert decoding.errors == (10,)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0\\r\xa8f", bytes(range(256))]
)
def test_what_is_no_text_keeps_its_bytes(data: bytes) -> None:
    decoding = decode(data)
    assert (decoding.encoding, decoding.confidence, decoding.regions) == (None, 0.0, ())
    assert decoding.text.encode("ascii", "surrogateescape") == data


def test_candidates_are_all_that_is_considered() -> None:
    data = LEGACY["euc_jp"].encode("euc_jp")
    assert decode(data, candidates=("cp949", "big5")).encoding != "euc_jp"
    assert decode(data, candidates=("euc-jp", "big5")).encoding == "euc_jp"


def test_an_unknown_candidate_is_misuse() -> None:
    with pytest.raises(UnknownName, match="did you mean 'gb18030'"):
        decode(b"", candidates=("gb18031",))


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_every_kind_of_bytes_is_read(kind: type[bytes] | type[bytearray] | type[memoryview]) -> None:
    assert decode(kind(b"abc")).text == "abc"  # type: ignore[arg-type]


def test_text_is_misuse() -> None:
    with pytest.raises(WrongType, match="repair"):
        decode("abc")  # type: ignore[arg-type]


@pytest.mark.parametrize("domain", ["jp", ".jp", "www.example.co.jp", "EXAMPLE.JP."])
def test_where_bytes_come_from_tells_what_is_usual(domain: str) -> None:
    word = "会社".encode("euc_jp")
    assert decode(word, domain=domain).encoding == "euc_jp"
    assert decode(word, domain="example.cn").encoding == "gb18030"
    # It is no more than that: a sentence tells by itself.
    assert decode("会社は東京にあります。".encode("euc_jp"), domain="example.cn").encoding == "euc_jp"


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
def test_letters_beyond_ffff_are_read_in_utf_16(encoding: str) -> None:
    text = "<p>\U00010414\U0001042f\U00010445\U00010428 \U00010330\U00010331\U00010332</p>"
    assert decode(text.encode(encoding)).text == text


def test_a_declaration_outweighs_a_few_characters() -> None:
    page = '<?xml version="1.0" encoding="euc-kr"?><title>ㅎ ㅇ ㄱ</title>'
    assert decode(page.encode("euc_kr")).text == page
