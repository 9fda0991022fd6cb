"""Edits by example; tests/test_laws.py holds them against a model."""

from __future__ import annotations

import pytest

from mojimend.finding import Span
from mojimend.text.edits import Edit, OffsetMap, apply, compose, invert


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([], "abcdef"),
        ([Edit(0, 1, "")], "bcdef"),
        ([Edit(5, 6, "")], "abcde"),
        ([Edit(0, 6, "")], ""),
        ([Edit(1, 2, "BBB"), Edit(4, 5, "")], "aBBBcdf"),
        ([Edit(1, 3, "x"), Edit(3, 5, "y")], "axyf"),
    ],
)
def test_apply_and_invert(edits: list[Edit], expected: str) -> None:
    assert apply("abcdef", edits) == expected
    assert apply(expected, invert("abcdef", edits)) == "abcdef"


def test_no_edits_move_nothing() -> None:
    assert OffsetMap(()).back(Span(3, 5)) == (Span(3, 5), Span(3, 5))


# abcdef -> aXYef: bcd was replaced by XY, with one code point less.
@pytest.mark.parametrize(
    ("span", "before", "widened"),
    [
        (Span(0, 1), Span(0, 1), Span(0, 1)),
        (Span(3, 4), Span(4, 5), Span(3, 4)),
        (Span(1, 3), Span(1, 4), Span(1, 3)),
        (Span(1, 2), Span(1, 4), Span(1, 3)),
        (Span(2, 4), Span(1, 5), Span(1, 4)),
        (Span(0, 2), Span(0, 4), Span(0, 3)),
        (Span(0, 5), Span(0, 6), Span(0, 5)),
    ],
)
def test_a_span_that_cuts_a_replacement_is_widened_to_the_whole(span: Span, before: Span, widened: Span) -> None:
    assert OffsetMap((Edit(1, 4, "XY"),)).back(span) == (before, widened)


# abcdef -> abef: cd was removed.
@pytest.mark.parametrize(
    ("span", "before"),
    [(Span(1, 2), Span(1, 2)), (Span(2, 3), Span(4, 5)), (Span(1, 3), Span(1, 5))],
)
def test_what_was_removed_beside_a_span_is_no_part_of_it(span: Span, before: Span) -> None:
    assert OffsetMap((Edit(2, 4, ""),)).back(span) == (before, span)


@pytest.mark.parametrize(
    ("first", "second", "folded"),
    [
        ([], [Edit(1, 2, "x")], [Edit(1, 2, "x")]),
        ([Edit(1, 2, "x")], [], [Edit(1, 2, "x")]),
        ([Edit(1, 2, "")], [Edit(3, 4, "")], [Edit(1, 2, ""), Edit(4, 5, "")]),
        ([Edit(4, 5, "")], [Edit(1, 2, "")], [Edit(1, 2, ""), Edit(4, 5, "")]),
        ([Edit(1, 3, "XY")], [Edit(2, 3, "Z")], [Edit(1, 3, "XZ")]),
        ([Edit(1, 3, "XY")], [Edit(0, 2, "p"), Edit(2, 4, "q")], [Edit(0, 4, "pq")]),
        ([Edit(1, 2, "X")], [Edit(1, 2, "b")], [Edit(1, 2, "b")]),
    ],
)
def test_compose(first: list[Edit], second: list[Edit], folded: list[Edit]) -> None:
    assert compose(first, apply("abcdef", first), second) == tuple(folded)
