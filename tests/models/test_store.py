"""The file of a model: what was written is read, wherever it is read, and a broken file says so."""

from __future__ import annotations

import zipfile
import zipimport
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend import tables
from mojimend.kernel import COMPILED
from mojimend.models import store
from mojimend.models.plausibility import CompiledPlausibility, Plausibility
from mojimend.models.store import BrokenModel, Tables, load, pack, unpack

UNIGRAMS = {"\n": 20, "a": 30, "今": 80, "天": 64, "𠮷": 110}
BACKOFFS = {"今": 5, "天": 3}
PAIRS = {("今", "天"): 9, ("天", "今"): 40, ("天", "a"): 41, ("\n", "𠮷"): 255}


def content(tables: Tables) -> tuple[dict[str, int], dict[str, int], dict[tuple[str, str], int]]:
    """Return what ``pack`` was given, read back through the tables."""
    chars = [chr(code_point) for code_point in tables.code_points]
    assert [tables.number(char) for char in chars] == list(range(len(chars)))
    pairs = {
        (a, b): cost
        for i, a in enumerate(chars)
        for j, b in enumerate(chars)
        if (cost := tables.pair(i, j)) is not None
    }
    backoffs = {char: cost for char, cost in zip(chars, tables.backoffs, strict=True) if cost}
    return dict(zip(chars, tables.unigrams, strict=True)), backoffs, pairs


@pytest.fixture
def big_endian(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("sys.byteorder", "big")
    return iter([None])


def test_what_was_written_is_read() -> None:
    assert content(unpack(pack(UNIGRAMS, BACKOFFS, PAIRS))) == (UNIGRAMS, BACKOFFS, PAIRS)


costs = st.integers(0, 255)


@given(st.dictionaries(st.characters(), costs, max_size=12), st.data())
def test_whatever_was_written_is_read(unigrams: dict[str, int], data: st.DataObject) -> None:
    chars = st.sampled_from(sorted(unigrams)) if unigrams else st.nothing()
    backoffs = data.draw(st.dictionaries(chars, st.integers(1, 255)))
    pairs = data.draw(st.dictionaries(st.tuples(chars, chars), costs))
    assert content(unpack(pack(unigrams, backoffs, pairs))) == (unigrams, backoffs, pairs)


def test_costs_in_languages_are_read() -> None:
    tables = unpack(pack(UNIGRAMS, BACKOFFS, PAIRS, [{"今": 70, "天": 50}, {"a": 20}]))
    numbers = {char: tables.number(char) for char in UNIGRAMS}
    read = [
        {char: tables.in_language(language, number) for char, number in numbers.items() if number is not None}
        for language in range(2)
    ]
    assert read == [
        {"\n": 255, "a": 255, "今": 70, "天": 50, "𠮷": 255},
        {"\n": 255, "a": 20, "今": 255, "天": 255, "𠮷": 255},
    ]


def test_costs_too_high_for_a_byte_become_the_highest() -> None:
    tables = unpack(pack({"a": 300}, {"a": 256}, {("a", "a"): 1000}, [{"a": 300}]))
    assert (tables.unigrams[0], tables.backoffs[0], tables.pair(0, 0), tables.in_language(0, 0)) == (255, 255, 255, 255)


def test_characters_that_are_not_there_have_no_number() -> None:
    tables = unpack(pack(UNIGRAMS, BACKOFFS, PAIRS))
    assert [tables.number(char) for char in ("\t", "b", "地", "𠮸", "\U0010ffff")] == [None] * 5


def test_bytes_do_not_depend_on_the_order_given() -> None:
    backwards = dict(reversed(PAIRS.items()))
    assert pack(dict(reversed(UNIGRAMS.items())), BACKOFFS, backwards) == pack(UNIGRAMS, BACKOFFS, PAIRS)


def test_too_many_characters_are_refused() -> None:
    with pytest.raises(ValueError, match="65,535 characters, not 65,536"):
        pack({chr(code_point): 1 for code_point in range(0x10000)}, {}, {})


def test_every_damage_to_what_is_told_of_characters_is_noticed() -> None:
    data = pack(UNIGRAMS, BACKOFFS, PAIRS, [UNIGRAMS])
    end = len(data) - len(UNIGRAMS)
    for place in {*range(len(data))} - {*range(end - 3 * len(PAIRS), end)}:
        damaged = bytearray(data)
        damaged[place] ^= 0x40
        with pytest.raises(BrokenModel, match="install mojimend again"):
            unpack(bytes(damaged))


def test_no_damage_to_pairs_leads_astray() -> None:
    data = pack(UNIGRAMS, BACKOFFS, PAIRS, [UNIGRAMS])
    end = len(data) - len(UNIGRAMS)
    for place in range(end - 3 * len(PAIRS), end):
        damaged = bytearray(data)
        damaged[place] ^= 0xFF
        model = (CompiledPlausibility if COMPILED else Plausibility)(unpack(bytes(damaged)))
        assert all(cost >= 0 for cost in model.costs("今天a\n𠮷今天"))


def test_every_cut_is_noticed() -> None:
    data = pack(UNIGRAMS, BACKOFFS, PAIRS)
    for length in range(len(data)):
        with pytest.raises(BrokenModel):
            unpack(data[:length])
    with pytest.raises(BrokenModel):
        unpack(data + b"\0")


def test_message_names_file_and_format() -> None:
    data = bytearray(pack(UNIGRAMS, BACKOFFS, PAIRS))
    data[8] = 9
    with pytest.raises(BrokenModel, match=r"^x\.bin has format 9, and this mojimend reads 4; install mojimend again$"):
        unpack(bytes(data), name="x.bin")


@pytest.mark.usefixtures("big_endian")
def test_big_endian_machines_swap_bytes() -> None:
    """There a plain cast would give swapped numbers, so they are swapped back; here that shows as swapped."""
    tables = unpack(pack(UNIGRAMS, BACKOFFS, PAIRS))
    swapped = array("I", map(ord, sorted(UNIGRAMS)))
    swapped.byteswap()
    assert list(tables.code_points) == list(swapped)
    assert list(tables.unigrams) == [UNIGRAMS[char] for char in sorted(UNIGRAMS)]


def test_from_a_zip_file_it_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "package.zip"
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("x.bin", pack(UNIGRAMS, BACKOFFS, PAIRS))
    monkeypatch.setattr(store, "__file__", str(package / "store.py"))
    monkeypatch.setattr(tables, "__loader__", zipimport.zipimporter(str(package)))
    assert content(load("x.bin")) == (UNIGRAMS, BACKOFFS, PAIRS)


def test_a_file_is_mapped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(pack(UNIGRAMS, BACKOFFS, PAIRS))
    monkeypatch.setattr(store, "__file__", str(tmp_path / "store.py"))
    tables = load("x.bin")
    assert isinstance(tables.code_points, memoryview)
    assert type(tables.code_points.obj).__name__ == "mmap"
    assert content(tables) == (UNIGRAMS, BACKOFFS, PAIRS)
