from __future__ import annotations

import codecs
import io
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mojimend.formats.compression import CannotRead
from mojimend.formats.csv import Csv
from mojimend.formats.format import Format, read
from mojimend.formats.html import Html
from mojimend.formats.json import Json, JsonLines
from mojimend.formats.reading import CannotKeep, NotText, Reading, cut_by, encoded, pieces
from mojimend.formats.subtitles import Subtitles

SENTENCE = "今天天气很好，我们去公园玩。\n"
FORMATS = (Format(), JsonLines(), Json(), Csv(",", ("a", "b")), Html(), Subtitles())
LINE = len(SENTENCE.encode())

# What makes the scanners change their minds, and text between.
MARKS = (
    *(
        "\n",
        "\r\n",
        "\r",
        '"',
        '""',
        "\\",
        '\\"',
        "\\u4f60",
        ",",
        ":",
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        "<p ",
        "</p>",
        "='",
    ),
    *(
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<![CDATA[",
        "]]>",
        "title=",
        "'",
        "=",
        " --> ",
        "1",
        "好",
        "a",
        " ",
        "/",
    ),
)
tokens = st.sampled_from(MARKS)
texts = st.lists(tokens, max_size=40).map("".join)


def whole(data: bytes, size: int, *, keep: bool = False) -> tuple[list[str], Reading]:
    reading = Reading()
    return list(pieces(io.BytesIO(data), reading, size=size, keep=keep)), reading


@pytest.mark.parametrize("size", [64, 1000, 1 << 20])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-32", "cp932"])
def test_pieces_are_the_text(encoding: str, size: int) -> None:
    text = ("今日は天気がとても良いです。データを保存しました。\n" if encoding == "cp932" else SENTENCE) * 30
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else b""
    found, reading = whole(mark + text.encode(encoding), size)
    assert "".join(found) == text
    assert reading.lost == 0
    assert all(piece.endswith("\n") for piece in found)


def test_pieces_of_one_long_line_end_between_characters() -> None:
    text = "今天天气很好我们去公园玩" * 200
    for encoding in ("utf-8", "gb18030", "utf-16"):
        found, reading = whole(text.encode(encoding), 999)
        assert "".join(found) == text
        assert reading.lost == 0


@given(st.binary(max_size=300), st.integers(8, 64))
@example(b"\x00\x01\xc0\x00\x00", 8)
@example(b"a\xff\n" + "好".encode() * 20 + b"\xe5\xa5", 8)
@example(codecs.BOM_UTF8 + b"a\n" + codecs.BOM_UTF8 + b"b\n", 8)
def test_any_bytes_come_back(data: bytes, size: int) -> None:
    """What stays in its encoding is written as it was read, whatever it is; anything else is refused."""
    try:
        found, reading = whole(data, size, keep=True)
    except (CannotKeep, NotText):
        return
    assert reading.mark + b"".join(encoded(text, reading.encoding) for text in found) == data


@given(st.lists(st.sampled_from([b"\xff", b"\xe5\xa5", "好".encode(), "你们".encode(), b"a", b"\n"]), max_size=60))
def test_bad_bytes_of_utf_8_come_back(parts: list[bytes]) -> None:
    data = SENTENCE.encode() * 20 + b"".join(parts)
    found, reading = whole(data, 200)
    if reading.keeps_bytes:
        assert b"".join(encoded(text, "utf-8") for text in found) == data


def test_an_encoding_that_shows_late_is_seen() -> None:
    """The first piece of a big file is not the file: it can be of ASCII, or in another encoding than the rest."""
    long = (SENTENCE + "请先登录，然后再试一次。\n") * 40
    ascii_lines = "plain\n" * 300
    for encoding in ("gb18030", "utf-8"):
        found, reading = whole(ascii_lines.encode() + long.encode(encoding), 600)
        assert "".join(found) == ascii_lines + long
        assert reading.lost == 0
    found, reading = whole(long.encode() + long.encode("gb18030"), LINE)
    assert reading.others == {"gb18030"}
    assert "".join(found).startswith(long)


def test_the_place_of_a_lost_byte_is_told() -> None:
    data = SENTENCE.encode() * 10 + b"\xff" + SENTENCE.encode() * 10
    for size in (100, 1 << 20):
        assert whole(data, size)[1].first_lost == 10 * LINE
        assert whole(codecs.BOM_UTF8 + data, size)[1].first_lost == 10 * LINE + 3


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(NotText):
        whole(bytes(range(256)) * 4, 1 << 20)
    assert issubclass(NotText, CannotRead)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@given(text=texts)
@example(text='"a\nb",c\n"x""y"\n,\n')
@example(text='<p title="a>b">c<script>"</p>"</script>d<p>')
@settings(max_examples=300)
def test_a_text_may_be_cut_at_a_boundary(form: Format, text: str) -> None:
    end = form.boundary(text)
    assert 0 <= end <= len(text)
    both = [read(part, field) for part in (text[:end], text[end:]) for field in form.fields(part)]
    fields = list(form.fields(text))
    if form.name in ("text", "html", "subtitles"):
        assert "".join(both) == "".join(read(text, field) for field in fields)
    else:
        assert both == [read(text, field) for field in fields]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@given(text=texts)
@settings(max_examples=300)
def test_fields_stand_in_order_and_have_places(form: Format, text: str) -> None:
    fields = list(form.fields(text))
    ends = [0, *(field.end for field in fields)]
    assert all(end <= field.start < field.end <= len(text) for end, field in zip(ends, fields, strict=False))
    assert len(form.places(text, fields)) == len(fields)
    assert form.places(text, fields[1::2]) == form.places(text, fields)[1::2]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_nothing_is_lost_between_pieces(form: Format) -> None:
    """Also where there is no boundary for longer than is held."""
    chosen = random.Random(0)
    for _ in range(50):
        parts = [
            "".join(chosen.choices(['"', ",", "a", "好", "\n", "<", ">", "\\", "{", " "], k=30)) for _ in range(20)
        ]
        assert "".join(cut_by(form, parts, longest=100)) == "".join(parts)
        assert "".join(cut_by(form, ['"' + "好" * 500] * 3, longest=100)) == ('"' + "好" * 500) * 3


@pytest.mark.parametrize("form", [Format(), Subtitles()], ids=lambda form: form.name)
def test_no_more_than_a_piece_of_plain_text_is_held(form: Format) -> None:
    line = "今天天气很好，我们去公园玩。 " * 1_000
    size = 2_000
    for data in (line, line.encode().decode("gb18030", "replace"), line.replace(" ", "")):
        cut = list(cut_by(form, pieces(io.BytesIO(data.encode()), Reading(), size=size)))
        assert "".join(cut) == data
        assert max(len(piece.encode()) for piece in cut) <= 2 * size
        # Nothing but ASCII tells where what was misread may be cut.
        assert " " not in data or all(piece.endswith(" ") for piece in cut)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("unit", ['"', "<a", '<a ="', "<!--", "<script>", '"\\', ",\n", '""', "[", "{", "='", "</"])
def test_hostile_input_takes_time_in_proportion(form: Format, unit: str) -> None:
    """A scan that goes back to the start for every unit would take hours here, not a second."""
    text = unit * 100_000
    fields = list(form.fields(text))
    form.boundary(text)
    form.kept(text)
    form.places(text, fields)
