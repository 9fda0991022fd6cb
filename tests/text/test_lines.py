from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend.text.lines import Lines


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("今天", 0, (1, 1)),
        ("今天", 2, (1, 3)),  # the end of the text is a place, too
        ("一\n二", 1, (1, 2)),  # a line end belongs to its line
        ("一\n二", 2, (2, 1)),
        ("一\r\n二", 3, (2, 1)),  # CR LF is one end
        ("一\r二", 2, (1, 3)),  # CR alone is none
        ("一\N{LINE SEPARATOR}\x0c\x85二", 4, (1, 5)),  # nor are those that only Python counts
        ("\N{CJK UNIFIED IDEOGRAPH-20BB7}野", 1, (1, 2)),  # code points, not UTF-16 units
        ("\n\n\n", 3, (4, 1)),
    ],
)
def test_place(text: str, offset: int, place: tuple[int, int]) -> None:
    assert Lines(text).place(offset) == place


@given(st.text("\r\n一a"), st.integers(0, 50))
def test_a_place_leads_back(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    line, column = Lines(text).place(offset)
    assert sum(len(before) + 1 for before in text.split("\n")[: line - 1]) + column - 1 == offset


@given(st.text("\r\n一a"), st.lists(st.integers(0, 50)))
def test_the_order_in_which_places_are_asked_for_does_not_matter(text: str, offsets: list[int]) -> None:
    lines = Lines(text)
    for offset in (min(offset, len(text)) for offset in offsets):
        assert lines.place(offset) == Lines(text).place(offset)
