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


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "iso8859-5", "cp866", "cp855", "mac-cyrillic"])
@pytest.mark.parametrize("length", [32, len(RUSSIAN)])
def test_russian_is_told_by_its_characters(codec: str, length: int) -> None:
    text = RUSSIAN[:length]
    decoding = decode(text.encode(codec))
    assert (decoding.text, stage(decoding)) == (text, "characters")


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
        (HEBREW, "cp1255", Among.OTHERS),
        (THAI, "cp874", Among.OTHERS),
        (FRENCH, "cp1252", Among.LATIN),
        (FRENCH, "cp850", Among.LATIN_OF_DOS_TOO),
        (POLISH, "iso8859-2", Among.LATIN),
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
    decoding = decode((text * 3).encode(codec))
    assert (decoding.text, stage(decoding), asked) == (text * 3, "opinion", [among])


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
