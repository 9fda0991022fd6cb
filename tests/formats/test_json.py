from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend.formats import escapes
from mojimend.formats import json as written
from mojimend.formats.escapes import JSON, JSON_IN_ASCII, JSON_IN_CAPITALS, QUOTED
from mojimend.formats.format import read
from mojimend.formats.json import Json, JsonLines
from mojimend.text.edits import Edit, apply


@given(st.text(), st.sampled_from([JSON, JSON_IN_ASCII, JSON_IN_CAPITALS]))
def test_what_is_written_is_read(text: str, style: object) -> None:
    raw = style.write(text)  # type: ignore[attr-defined]
    assert json.loads(f'"{raw}"') == style.read(raw) == text  # type: ignore[attr-defined]


# What is an escape, and what is none, or half of one.
PIECES = (
    *(r"\n", r"\"", r"\\", r"\/", r"\u4f60", r"\ud83d\ude00", r"\uD83D", r"\ude00", r"\x", r"\u12", r"\uZZZZ", "\\"),
    *("a", "你", "\t", "\x01", "\ud83d", "\ude00"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_what_is_written_is_read_as_one_by_one(raw: str) -> None:
    assert JSON.read(raw) == JSON.escaped.sub(escapes._read_one_of_json, raw)


@given(st.text('"\\\\a你: {}[],', max_size=20))
def test_within_a_line_strings_are_found_sooner_and_are_the_same(line: str) -> None:
    for anywhere, in_line in ((written._STRING, written._STRING_IN_LINE), (written._TOKEN, written._TOKEN_IN_LINE)):
        found = [
            [(token.span(), token.groups()) for token in pattern.finditer(line)] for pattern in (anywhere, in_line)
        ]
        assert found[0] == found[1]


@given(st.text(max_size=12), st.data())
def test_an_edit_of_what_is_said_is_one_of_what_is_written(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    edit = Edit(start, data.draw(st.integers(start, len(text))), data.draw(st.text(max_size=3)))
    for style in (JSON, JSON_IN_ASCII, QUOTED):
        raw = style.write(text)
        assert style.read(apply(raw, style.edits(raw, [edit]))) == apply(text, [edit])


def test_what_an_edit_does_not_touch_keeps_its_spelling() -> None:
    raw = r"\u4f60\/\u00E9\ud83d\ude00x\n"
    assert apply(raw, JSON_IN_ASCII.edits(raw, [Edit(4, 5, "好")])) == r"\u4f60\/\u00E9\ud83d\ude00\u597d\n"


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ('{"a": "x", "b" : "y"}', {"$.a": "x", "$.b": "y"}),
        ('["x", ["y", {"k": "z"}], 1, "w"]', {"$[0]": "x", "$[1][0]": "y", "$[1][1].k": "z", "$[3]": "w"}),
        (r'{"a\"b": "x", "你": "y", "a b": "z\""}', {'$["a\\"b"]': "x", "$.你": "y", '$["a b"]': 'z"'}),
        ('"x"', {"$": "x"}),
        ('{"a": "", "b": null}', {}),
    ],
)
def test_values_and_their_paths(line: str, values: dict[str, str]) -> None:
    for form in (JsonLines(), Json()):
        fields = list(form.fields(line))
        assert dict(zip(form.places(line, fields), [read(line, field) for field in fields], strict=True)) == values


def test_a_line_that_is_no_record_has_no_place_and_the_others_have() -> None:
    text = '{"a": "x"}\n{"a": "x"\n{"a": "x", "b": "y"}\n"z" "w"\n'
    form = JsonLines()
    assert form.places(text, list(form.fields(text))) == ["$.a", None, "$.a", "$.b", None, None]


LINES = ('{"a": "x", "b": {"c": ["y", "z"]}}', '{"a": "x"', '"x"', '"x"', '["x", "y"]', ': "x"', "", '{"a": "x",', "\r")


@given(st.lists(st.sampled_from(LINES), max_size=6).map("\n".join), st.data())
def test_some_fields_have_the_places_that_they_have_among_all(text: str, data: st.DataObject) -> None:
    form = JsonLines()
    fields = list(form.fields(text))
    places = dict(zip(fields, form.places(text, fields), strict=True))
    some = [field for field in fields if data.draw(st.booleans())]
    assert form.places(text, some) == [places[field] for field in some]


@pytest.mark.parametrize(
    ("names", "values"),
    [
        (("text",), ["1", "3"]),
        (("$.text",), ["1"]),
        (("$.meta.text", "z"), ["3", "4"]),
        (("meta",), []),
        ((), list("1234")),
    ],
)
def test_fields_are_chosen_by_name(names: tuple[str, ...], values: list[str]) -> None:
    line = '{"text": "1", "other": "2", "meta": {"text": ["3"]}, "z": "4"}\n'
    assert [read(line, field) for field in JsonLines(names).fields(line)] == values


def test_what_is_not_ascii_is_written_as_its_file_writes_it() -> None:
    for text, style in (
        (r'{"a": "\u4f60", "b": "x"}', JSON_IN_ASCII),
        (r'{"a": "\u4F60", "b": "x"}', JSON_IN_CAPITALS),
        (r'{"a": "你", "b": "x"}', JSON),
        (r'{"a": "\n", "b": "x"}', JSON),
    ):
        assert [field.escapes for field in JsonLines().fields(text)][-1] is style
