"""Encodings of one byte a character, with a label and without."""

from __future__ import annotations

import pytest
from test_decide import LEGACY, stage

from mojimend import decode
from mojimend.decoding import opinion, stages
from mojimend.decoding.opinion import Among
from mojimend.decoding.result import Evidence

RUSSIAN = "Вчера после обеда в школьной библиотеке прошла лекция о древнем китайском языке, и пришло много студентов."
GREEK = "Χθες το απόγευμα έγινε στη σχολική βιβλιοθήκη μια διάλεξη για τα αρχαία κινέζικα, και ήρθαν πολλοί φοιτητές."
HEBREW = "אתמול אחר הצהריים התקיימה בספריית בית הספר הרצאה על הסינית העתיקה, ובאו אליה סטודנטים רבים."
THAI = "เมื่อวานตอนบ่าย ห้องสมุดของโรงเรียนจัดบรรยายเรื่องภาษาจีนโบราณ และมีนักเรียนมาฟังกันมากมาย"
FRENCH = "Hier après-midi, la bibliothèque de l'école a donné une conférence sur le chinois ancien, où je suis allé."
POLISH = "Wczoraj po południu w szkolnej bibliotece odbył się wykład o języku starochińskim, przyszło wielu uczniów."
CZECH = "Včera odpoledne se ve školní knihovně konala přednáška o staré čínštině a přišlo mnoho studentů."
HUNGARIAN = "Tegnap délután az iskola könyvtárában előadást tartottak az ókori kínai nyelvről, és sok diák eljött."
TURKISH = "Dün öğleden sonra okul kütüphanesinde eski Çince üzerine bir konuşma yapıldı ve çok öğrenci geldi."
GERMAN = "Gestern Nachmittag war in der Bücherei der Schule ein Vortrag über altes Chinesisch, viele Schüler hörten zu."
SWEDISH = "I går eftermiddag hölls en föreläsning om forntida kinesiska i skolans bibliotek, och många elever kom dit."
ITALIAN = "Ieri pomeriggio c'è stata una lezione sul cinese antico: perché non è venuta la metà della città?"
LITHUANIAN = "Vakar po pietų mokyklos bibliotekoje įvyko paskaita apie senąją kinų kalbą, atėjo daug mokinių."
ARABIC = "أقيمت أمس بعد الظهر في مكتبة المدرسة محاضرة عن اللغة الصينية القديمة وحضرها كثير من الطلاب"
UKRAINIAN = "Учора після обіду в шкільній бібліотеці була лекція про давню китайську мову, і прийшло багато студентів."
BULGARIAN = "Вчера следобед в училищната библиотека имаше лекция за древния китайски език и дойдоха много ученици."


WRITTEN = [
    *((RUSSIAN, codec) for codec in ("cp1251", "koi8-r", "iso8859-5", "cp866", "cp855", "mac-cyrillic")),
    *((UKRAINIAN, codec) for codec in ("cp1251", "koi8-u", "iso8859-5")),
    *((BULGARIAN, codec) for codec in ("cp1251", "iso8859-5")),
    *((GREEK, codec) for codec in ("cp1253", "iso8859-7", "cp737")),
    *((HEBREW, codec) for codec in ("cp1255", "iso8859-8", "cp862")),
    *((ARABIC, codec) for codec in ("cp1256", "iso8859-6")),
    (THAI, "cp874"),
    *((POLISH, codec) for codec in ("cp1250", "iso8859-2", "cp852")),
    *((CZECH, codec) for codec in ("cp1250", "iso8859-2", "cp852")),
    *((HUNGARIAN, codec) for codec in ("cp1250", "iso8859-2")),
    *((TURKISH, codec) for codec in ("cp1254", "cp857")),
    *((LITHUANIAN, codec) for codec in ("cp1257", "iso8859-13")),
    *((text, codec) for text in (FRENCH, GERMAN, SWEDISH, ITALIAN) for codec in ("cp1252", "cp850", "mac-roman")),
]


@pytest.mark.parametrize(("text", "codec"), WRITTEN)
@pytest.mark.parametrize("start", [0, 20])
def test_languages_are_told_by_their_letters(text: str, codec: str, start: int) -> None:
    decoding = decode(text[start:].encode(codec))
    assert (decoding.text, stage(decoding)) == (text[start:], "letters")


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Привет", "cp1251"),
        ("Привет", "koi8-r"),
        ("ΒΙΒΛΙΟΘΗΚΗ", "iso8859-7"),
        ("poniedziałek", "iso8859-2"),
        ("où êtes", "cp1252"),
    ],
)
def test_a_word_is_enough_of_what_is_common(text: str, codec: str) -> None:
    assert decode(f"<title>{text}</title>".encode(codec)).text == f"<title>{text}</title>"


@pytest.mark.parametrize(
    ("text", "codec"), [(RUSSIAN, "cp1251"), (HEBREW, "cp1255"), (FRENCH, "cp1252"), (THAI, "cp874")]
)
def test_a_bad_byte_hides_no_language(text: str, codec: str) -> None:
    data = bytearray(text.encode(codec))
    data[30] = 0xFF
    assert decode(bytes(data)).encoding == codec


@pytest.mark.parametrize("codec", ["cp1253", "iso8859-7"])
def test_greek_is_told_by_the_letters_that_differ(codec: str) -> None:
    text = f"Άνοιξη. {GREEK}"
    decoding = decode(text.encode(codec))
    assert (decoding.text, decoding.encoding) == (text, codec)


def test_no_detector_is_asked_where_the_characters_are_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "of_chardet", None)
    assert decode(RUSSIAN.encode("koi8-r")).text == RUSSIAN
    assert decode(LEGACY["cp932"].encode("cp932")).text == LEGACY["cp932"]
    assert decode(f'<meta charset="windows-1255">{HEBREW}'.encode("cp1255")).text.endswith(HEBREW)


@pytest.mark.parametrize(
    ("text", "codec", "among"),
    [
        ("ъщуыъ ёпэжы цгъфщ эфюьъ ", "cp1251", Among.OTHERS),
        ("xqéw wzkàj pfïxq kjwéz ", "cp1252", Among.LATIN),
        ("xqéw wzkàj pfïxq kjwéz ", "cp850", Among.LATIN_OF_DOS_TOO),
    ],
)
def test_detectors_are_asked_about_what_may_be(
    monkeypatch: pytest.MonkeyPatch, text: str, codec: str, among: Among
) -> None:
    asked = []

    def of_chardet(data: bytes, among: Among) -> Evidence:
        asked.append(among)
        return opinion.of_chardet(data, among)

    monkeypatch.setattr(stages, "of_chardet", of_chardet)
    decode((text * 3).encode(codec))
    assert asked == [among]


@pytest.mark.parametrize(
    ("label", "text", "codec"),
    [
        ("koi8-r", RUSSIAN, "koi8-r"),
        ("windows-1253", GREEK, "cp1253"),
        ("windows-1255", HEBREW, "cp1255"),
        ("tis-620", THAI, "cp874"),
        ("iso-8859-1", FRENCH, "cp1252"),
        ("iso-8859-2", POLISH, "iso8859-2"),
    ],
)
def test_a_label_that_fits_is_believed(label: str, text: str, codec: str) -> None:
    decoding = decode(text.encode(codec), declared=label)
    assert (decoding.text, decoding.encoding, stage(decoding)) == (text, codec, "declared")


@pytest.mark.parametrize("label", ["koi8-r", "windows-1251", "iso-8859-1", "windows-1252", "tis-620", "windows-1255"])
@pytest.mark.parametrize("codec", LEGACY)
def test_a_label_of_one_byte_a_character_does_not_hide_cjk(label: str, codec: str) -> None:
    page = f"<html><head><title>{LEGACY[codec]}</title></head>"
    assert decode(page.encode(codec), declared=label).text == page


@pytest.mark.parametrize("text", [RUSSIAN, GREEK])
def test_a_label_of_western_europe_is_not_believed_where_the_characters_are_sure(text: str) -> None:
    codec = "cp1251" if text == RUSSIAN else "cp1253"
    decoding = decode(text.encode(codec), declared="iso-8859-1")
    assert (decoding.text, decoding.encoding) == (text, codec)
    assert any(evidence.stage == "declared" and evidence.encoding is None for evidence in decoding.evidence)


def test_candidates_hold_here_too() -> None:
    assert decode(RUSSIAN.encode("cp1251"), candidates=("koi8-r",)).encoding == "koi8-r"


def test_no_detector_makes_utf_8_of_a_letter_at_the_end() -> None:
    assert decode(b"so it is " * 4000 + b"caf\xe9").text.endswith("café")


@pytest.mark.parametrize("word", ["résumé", "naïve", "Straße", "niño", "¿qué?"])
def test_words_of_western_europe_are_no_utf_16(word: str) -> None:
    assert decode(word.encode("cp1252")).text == word


def test_one_letter_again_and_again_is_no_word() -> None:
    assert stage(decode(b"\xe9" * 4000)) != "letters"


def test_a_word_without_end_is_cut_short() -> None:
    assert decode(b"a" * 4000 + b"\xe9").text == "a" * 4000 + "é"
    assert decode(("ab" * 200 + "é" + "ab" * 40_000 + " ").encode("cp1252") * 2).encoding is not None
