"""The loops in C give what those in Python give, whichever of them an installation uses."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend.kernel import COMPILED, Characters, PureCharacters
from mojimend.models.plausibility import CompiledPlausibility, Plausibility
from mojimend.models.store import load
from mojimend.rules import suspicion

pytestmark = pytest.mark.skipif(not COMPILED, reason="no C compiler was at hand")

RANGES = "!!\xa0\xff㐀㒺龘龟\U00020000\U0002ffff"
TEXTS = st.text(st.characters() | st.sampled_from(RANGES + "你好，世界𠀀가나éАа\x85\ufffd\ue000\ud800ᚠ"))
TABLES = load("characters.bin")
PURE = Plausibility(TABLES)


@pytest.fixture(scope="module")
def compiled() -> CompiledPlausibility:
    return CompiledPlausibility(TABLES)


@given(TEXTS, st.integers(0, 9), st.integers(0, 30), st.integers(0, 30))
def test_sets_of_characters(text: str, between: int, start: int, end: int) -> None:
    loops, pure = Characters(RANGES), PureCharacters(RANGES)
    assert loops.places(text) == pure.places(text)
    assert loops.close(text, between) == pure.close(text, between)
    assert loops.count(text) == pure.count(text)
    assert loops.count(text, start, end) == pure.count(text, start, end)


def test_the_set_of_rare_characters_is_that_of_the_table() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    pure = PureCharacters(suspicion.rare_ranges())
    assert suspicion.rare().places(every) == pure.places(every)


@given(TEXTS, st.integers(0, 30), st.integers(0, 30))
def test_costs(compiled: CompiledPlausibility, text: str, start: int, end: int) -> None:
    assert compiled.cost(text) == PURE.cost(text)
    assert compiled.costs(text) == PURE.costs(text)
    assert compiled.alone(text) == PURE.alone(text)
    assert compiled.excess(text, min(start, len(text)), end, 56) == PURE.excess(text, min(start, len(text)), end, 56)


def test_the_cost_of_every_character_behind_some(compiled: CompiledPlausibility) -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    for first in "天aéАᚠ\u0301 \ufffd":
        text = "".join(f"{first}{char}" for char in every[::37])
        assert compiled.costs(text) == PURE.costs(text)


def test_what_is_no_text_is_told() -> None:
    with pytest.raises(TypeError):
        Characters(RANGES).places(b"bytes")  # type: ignore[arg-type]


def test_an_error_from_python_comes_through() -> None:
    class Broken(CompiledPlausibility):
        def _look_up(self, char: str) -> tuple[int, int]:
            raise LookupError(char)

    with pytest.raises(LookupError):
        Broken(TABLES).cost("天")
