from __future__ import annotations

import pytest

from mojimend.encodings.misread import PAIRS, Misread
from mojimend.encodings.names import NAMES
from mojimend.encodings.trace import trace

UTF8_AS_GBK, UTF8_AS_1252 = Misread("utf-8", "gb18030"), Misread("utf-8", "cp1252")


def test_layers_stand_in_the_order_in_which_they_happened() -> None:
    once = UTF8_AS_GBK.garble("你好")
    twice = UTF8_AS_1252.garble(once)
    layers = trace(twice, "你好", [UTF8_AS_GBK, UTF8_AS_1252])
    assert layers is not None
    assert [(layer.written, layer.read) for layer in layers] == [("你好", once), (once, twice)]
    assert [layer.data for layer in layers] == ["你好".encode(), once.encode()]


@pytest.mark.parametrize("garbled", ["浣犲", "你好", "", "\ud800", "浣犲ソ😀"])
def test_what_does_not_lead_there(garbled: str) -> None:
    assert trace(garbled, "你好", [UTF8_AS_GBK]) is None


@pytest.mark.parametrize("text", ["你好", "太 你"])
def test_a_no_break_space_may_have_become_a_space(text: str) -> None:
    layers = trace(UTF8_AS_1252.garble(text).replace("\xa0", " "), text, [UTF8_AS_1252])
    assert layers is not None
    assert [layer.data for layer in layers] == [text.encode()]


@pytest.mark.parametrize("data", [b"\xed\x40", b"\xfa\x5c"])
def test_bytes_that_are_read_alike_are_told_apart_by_the_text(data: bytes) -> None:
    misread = Misread("gb18030", "cp932")
    layers = trace("纊", data.decode("gb18030"), [misread])
    assert layers is not None
    assert [layer.data for layer in layers] == [data]


def test_pieces_are_all_of_the_bytes() -> None:
    # 80 and A2E3 are the euro sign: Python writes the second, and what follows the first can't be told apart.
    layers = trace("ÄãºÃ\x80ºÃ".replace("\x80", "€"), "你好€好", [Misread("gb18030", "cp1252")])
    assert layers is not None
    assert list(layers[0].pieces()) == [b"\xc4\xe3", b"\xba\xc3", b"\x80\xba\xc3"]


def test_every_encoding_has_a_name() -> None:
    assert {name for pair in PAIRS for name in (pair.written, pair.read)} <= set(NAMES)
