"""The loops in C give what those in Python give, whichever of them an installation uses."""

from __future__ import annotations

import gc
import re
import sys
from array import array
from collections.abc import Callable
from copy import copy
from functools import partial
from itertools import product
from typing import Any, Literal
from unittest.mock import patch

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mojimend import garble
from mojimend.decoding import declared, family, glance, regions
from mojimend.encodings import pairs
from mojimend.encodings.bytes_of import READ, bytes_of
from mojimend.encodings.lenient import PAIR_BY_PAIR
from mojimend.encodings.lost import Lost
from mojimend.encodings.misread import KANA_ALIKE, MULTIBYTE, PAIRS, SINGLE_BYTE, Misread, reading
from mojimend.finding import Alternative
from mojimend.kernel import (
    COMPILED,
    ONCE,
    Bytes,
    Characters,
    Clue,
    Gains,
    Glance,
    Runs,
    Scan,
    Walks,
    find_utf_8,
    has_word,
    leaf,
    left_of_utf_8,
    lost_of_utf_8,
    pure,
)
from mojimend.models import plausibility, runs
from mojimend.models.comparison import Comparison
from mojimend.models.plausibility import APART, CompiledPlausibility, Plausibility, unknown
from mojimend.models.store import load
from mojimend.rules import lossy_throughout, rough, stretch, suspicion
from mojimend.rules.evidence import ALPHABETS
from mojimend.rules.stretch import best_stretches
from mojimend.text.page import on_its_line

pytestmark = pytest.mark.skipif(not COMPILED, reason="no C compiler was at hand")

INSIDE = "!\xa0-\xff㐀-㒺龘-龟\U00020000-\U0002ffff"
# Of one range and of some, in order or not, and one in another.
SETS = [INSIDE, "a", "!\x80-\U0010ffff", "龘\U00020000-\U0010ffff,", "^[]\\$", "!A-z一-\U00020000", "好!你", "!-龟好"]
TEXTS = st.text(st.characters() | st.sampled_from("!龘 ?，，你好世界𠀀가나éАа\x85\ufffd\ue000\ud800ᚠ(),.0\\]$"))
CLASSES = st.sampled_from(
    ["?", "，。", "0-9(", "a-zА-я", "^]\\$[|~&'", INSIDE, "一-龟", "\ud800-\udfff", "\n,", "\x00-\x7f"]
)
ANY_OR_NONE = st.just("") | CLASSES
CLUES = st.builds(Clue, CLASSES, ANY_OR_NONE, st.integers(0, 9), st.none(), st.integers(0, 5), ANY_OR_NONE)
TABLES = load("characters.bin")
PURE = Plausibility(TABLES)


@pytest.fixture(scope="module")
def compiled() -> CompiledPlausibility:
    return CompiledPlausibility(TABLES)


@given(
    TEXTS,
    st.sampled_from(SETS),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_sets_of_characters(text: str, inside: str, start: int, end: int) -> None:
    loops, other = Characters(inside), pure.Characters(inside)
    assert loops.count(text) == other.count(text)
    assert loops.count(text, start, end) == other.count(text, start, end)


@given(TEXTS | st.text("a\n\r龘"), st.sampled_from(["a", "a龘", "\x80-\U0010ffff"]))
def test_lines_that_have_one_of_a_set(text: str, inside: str) -> None:
    assert Characters(inside).lines(text) == pure.Characters(inside).lines(text)


@given(TEXTS | st.text("a\n\r龘"), st.sampled_from(["a", "a龘", "\x80-\U0010ffff"]), st.integers(1, 5))
def test_lines_of_which_a_set_has_a_share(text: str, inside: str, one_in: int) -> None:
    assert Characters(inside).lines(text, one_in) == pure.Characters(inside).lines(text, one_in)


@pytest.mark.parametrize("of", [Characters, pure.Characters])
def test_a_share_of_nothing_is_refused(of: type[Characters]) -> None:
    with pytest.raises(ValueError, match="one in 0"):
        of("a").lines("a", 0)


@given(TEXTS, st.sampled_from(SETS))
def test_places_of_a_set(text: str, inside: str) -> None:
    assert Characters(inside).places(text) == pure.Characters(inside).places(text)


@given(TEXTS, st.sampled_from(SETS))
def test_texts_without_a_set(text: str, inside: str) -> None:
    # Also as wide as the characters that are left need, or it would not be the same text.
    assert Characters(inside).without(text) == pure.Characters(inside).without(text)


@given(TEXTS, st.lists(CLUES, min_size=1, max_size=4))
def test_a_look_for_several_clues(text: str, clues: list[Clue]) -> None:
    asked: dict[str, set[tuple[Clue, int]]] = {"C": set(), "Python": set()}

    def told_by(which: str) -> tuple[Clue, ...]:
        return tuple(clue._replace(confirms=partial(note, which, clue)) for clue in clues)

    def note(which: str, clue: Clue, told: str, at: int) -> bool:
        assert told == text
        asked[which].add((clue, at))
        return False

    assert Scan((tuple(clues),)).any(text) == pure.Scan((clues,)).any(text)
    assert not Scan((told_by("C"),)).any(text)
    assert not pure.Scan((told_by("Python"),)).any(text)
    assert asked["C"] == asked["Python"]


@given(TEXTS, st.lists(st.lists(CLUES, min_size=1, max_size=3).map(tuple), max_size=4).map(tuple))
def test_which_groups_of_clues_a_text_has(text: str, groups: tuple[tuple[Clue, ...], ...]) -> None:
    assert Scan(groups).which(text) == pure.Scan(groups).which(text)


@given(TEXTS, st.lists(CLUES, min_size=1, max_size=4).map(tuple))
@example("aaa", (Clue("a", "a", apart=2),))
@example("aa\na\n\naaa", (Clue("a", apart=3), Clue("a", apart=ONCE)))
def test_where_clues_stand(text: str, clues: tuple[Clue, ...]) -> None:
    assert Scan((clues,)).places(text) == pure.Scan((clues,)).places(text)


@given(TEXTS, st.lists(st.lists(CLUES, min_size=1, max_size=3).map(tuple), max_size=4).map(tuple))
def test_where_clues_of_each_group_stand(text: str, groups: tuple[tuple[Clue, ...], ...]) -> None:
    assert Scan(groups).places(text) == pure.Scan(groups).places(text)


@given(
    TEXTS,
    st.lists(CLUES, min_size=1, max_size=4).map(tuple),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda span: span[0] <= span[1])),
    st.integers(0, 4),
)
def test_which_parts_have_a_clue(text: str, clues: tuple[Clue, ...], parts: list[tuple[int, int]], most: int) -> None:
    scan, other = Scan((clues,)), pure.Scan((clues,))
    assert scan.which_of(text, parts) == other.which_of(text, parts)
    assert scan.which_of(text, parts, most) == other.which_of(text, parts, most)


def test_one_character_is_counted_further_than_two_bytes_do() -> None:
    text = "，。" + "，" * 0x10000 + "。"
    assert [Characters("，").count(text, start) for start in (0, 1, 2)] == [0x10001, 0x10000, 0x10000]
    assert Characters("\uff00-\uffff").count(text, 2, 0x10000) == 0xFFFE


@pytest.mark.parametrize("inside", [suspicion.rare_characters(), "\x80-\U0010ffff", "a-\U0010fffe", "\U0010ffff"])
def test_a_set_has_each_of_its_characters(inside: str) -> None:
    loops, every = Characters(inside), "".join(map(chr, range(sys.maxunicode + 1)))
    assert loops.count(every) == pure.Characters(inside).count(every)


def test_as_many_kinds_of_characters_are_told_apart_as_a_byte_holds() -> None:
    # Which of eight clues a character begins is a bit each of its number.
    bits = ["".join(chr(0x100 + c) for c in range(0x100) if c >> bit & 1) for bit in range(8)]
    scan = Scan(tuple((Clue(inside),) for inside in bits))
    assert [scan.which(chr(0x100 + c)) for c in range(0x100)] == list(range(0x100))
    with pytest.raises(ValueError, match="no more than 256 kinds"):
        Scan((*((Clue(inside),) for inside in bits), (Clue("龘"),)))


@pytest.mark.parametrize("make", [leaf, pure.leaf])
def test_a_named_tuple_is_made_of_a_plain_one(make: Callable[[Any, tuple[Any, ...]], Any]) -> None:
    clue = Clue("一", between=3)
    made = make(Clue, tuple(clue))
    assert type(made) is Clue
    assert (made, hash(made), repr(made), copy(made)) == (clue, hash(clue), repr(clue), clue)
    with pytest.raises(TypeError):
        make(str, ("一",))


def test_the_garbage_collector_passes_by_what_was_made_so() -> None:
    assert gc.is_tracked(Clue("一"))
    assert not gc.is_tracked(leaf(Clue, tuple(Clue("一"))))


def test_an_error_where_a_clue_is_confirmed_comes_through() -> None:
    def confirms(text: str, at: int) -> bool:
        raise LookupError(text, at)

    with pytest.raises(LookupError, match="a!"):
        Scan(((Clue("!", confirms=confirms),),)).any("a!")


@given(TEXTS, st.integers(0, 30), st.integers(0, 30))
def test_costs(compiled: CompiledPlausibility, text: str, start: int, end: int) -> None:
    assert compiled.cost(text) == PURE.cost(text)
    assert compiled.costs(text) == PURE.costs(text)
    assert compiled.alone(text) == PURE.alone(text)
    assert compiled.excess(text, min(start, len(text)), end, 56) == PURE.excess(text, min(start, len(text)), end, 56)
    assert compiled.count_known_pairs(text) == PURE.count_known_pairs(text)
    assert compiled.dear_parts(text, 56, start, 2 * end, "龘") == PURE.dear_parts(text, 56, start, 2 * end, "龘")


@given(TEXTS, TEXTS, TEXTS)
def test_how_two_texts_differ(compiled: CompiledPlausibility, old: str, new: str, both: str) -> None:
    asked = f"{both}{old}{both}", f"{new}{both}{new}", (0.7, 0.3), (0.84, 0.36)
    assert compiled.difference(*asked) == PURE.difference(*asked)


@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3),
    st.sampled_from([0.5, 1]),
    st.sampled_from([56, 90]),
    st.sampled_from([(-1000, 1, 58), (0, 2, 90), (128, 8, 64)]),
)
def test_how_much_lines_gain(
    compiled: CompiledPlausibility,
    lines: list[tuple[str, str]],
    share: float,
    usual: int,
    least_and_ends: tuple[int, int, int],
) -> None:
    old, new = ("\n".join(line.replace("\n", "") for line in each) for each in zip(*lines, strict=True))
    told = []
    both: list[tuple[Plausibility, Any]] = [(compiled, Characters("一-龟")), (PURE, pure.Characters("一-龟"))]
    for model, wanted in both:
        compared = Comparison((0.7, 0.3), 1.2, usual, wanted, share, *least_and_ends)
        told.append(model.gains_of_lines(old, new, compared))
    assert told[0] == told[1]


@pytest.mark.parametrize(("old", "new"), [("a\nb", "a"), ("a", "a\nb")])
def test_lines_that_have_no_other_are_refused(compiled: CompiledPlausibility, old: str, new: str) -> None:
    for model, wanted in ((compiled, Characters("a")), (PURE, pure.Characters("a"))):
        every: Any = wanted
        with pytest.raises(ValueError):  # noqa: PT011  (Python words it otherwise)
            model.gains_of_lines(old, new, Comparison((0.7, 0.3), 1.2, 900, every, 0, -900, 8, 900))


def test_behind_what_an_unknown_character_costs_the_same() -> None:
    every = list(map(chr, range(sys.maxunicode + 1)))
    apart = Characters(APART)
    for second in "éŁдกิᚠ\u0301ゔ":
        assert {unknown(first, second) for first in every if apart.count(first)} == {unknown("\n", second)}


def test_the_cost_of_every_character_behind_some(compiled: CompiledPlausibility) -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    for first in "天aéАᚠ\u0301 \ufffd":
        text = "".join(f"{first}{char}" for char in every[::37])
        assert compiled.costs(text) == PURE.costs(text)


def test_what_is_no_text_is_told() -> None:
    with pytest.raises(TypeError):
        Characters(INSIDE).count(b"bytes")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Scan(((Clue("!"),),)).any(b"bytes")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Scan(((Clue("!"),),)).which_of("!", ["!"])  # type: ignore[list-item]


def test_an_error_from_python_comes_through() -> None:
    class Broken(CompiledPlausibility):
        def _look_up(self, char: str) -> tuple[int, int, bool]:
            raise LookupError(char)

    with pytest.raises(LookupError):
        Broken(TABLES).cost("ᚠ")


WRITTEN = ["utf-8", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"]


@given(TEXTS, st.sampled_from([*MULTIBYTE, *SINGLE_BYTE]), st.sampled_from([40, 160]))
def test_what_is_read_back_as_utf_8_gains(text: str, read: str, broken: int) -> None:
    seen = frozenset({Misread("utf-8", read)})
    assert rough.gains(text, broken, seen) == rough.pure_gains(text, broken, PURE, seen)


@given(TEXTS.filter(bool), st.data(), st.sampled_from([0, 20]), st.sampled_from([0, 3, 12]))
def test_what_is_gained_around_a_place(text: str, data: st.DataObject, in_pairs_from: int, far: int) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    for seen in (KANA_ALIKE, frozenset({Misread("utf-8", "gb18030")})):
        gained = max(
            rough.pure_gains(on_its_line(text, at, far, far), 40, PURE, seen, in_pairs_from=in_pairs_from), default=0
        )
        for least in (gained, gained + 1):
            is_enough = rough.gaining_around(far, far, max(1, least), 40, seen, in_pairs_from=in_pairs_from)
            assert is_enough(text, at) == (gained >= max(1, least))


def test_a_place_that_a_text_has_not_is_refused() -> None:
    is_enough = rough.gaining_around(3, 3, 1, 40, KANA_ALIKE, in_pairs_from=0)
    for at in (-1, 2):
        with pytest.raises(IndexError):
            is_enough("天気", at)


@given(st.binary(max_size=40) | TEXTS.map(lambda text: text.encode("gb18030", "ignore")), st.sampled_from(WRITTEN))
def test_what_bytes_gain(data: bytes, written: str) -> None:
    # These two bytes are two characters, a letter and its accent, and Python's loop counts them as longer than that.
    assume(written != "big5hkscs" or not re.search(rb"\x88[\x62\x64\xa3\xa5]", data))
    text, seen = data.decode("latin-1"), frozenset({Misread(written, "latin-1")})
    for broken in (40, 160):
        for is_cut in (False, True):
            gained = rough.gains(text, broken, seen, is_cut=is_cut)
            assert gained == rough.pure_gains(text, broken, PURE, seen, is_cut=is_cut)


@pytest.mark.parametrize("written", [*WRITTEN[1:], "johab", "shift_jis_2004", "euc_jis_2004"])
def test_what_begins_with_two_bytes(written: str) -> None:
    table = pairs.table_of(written)
    for byte in range(0x100):
        if (char := pairs.shown_alone(table, byte)) != "\ufffd":
            assert pairs.first_of(bytes((byte, 0xA1)), written) == (char, 1, True)
    for lead, trail in product(pairs.LEADS, pairs.TRAILS):
        told = pairs.shown_by_pair(table, lead, trail)
        if pairs.shown_alone(table, lead) == "\ufffd" and told != pairs.NOT_TOLD:
            char, _, by_two = pairs.first_of(bytes((lead, trail)), written)
            assert by_two
            assert char == ("" if told == "\ufffd" else told)


def test_what_begins_as_four_bytes() -> None:
    for four in product((0x80, 0x81, 0xA4, 0xFE, 0xFF), b"/09:", b"/0A\x80\x81\xfe\xff", b"/09:\xa4"):
        data = bytes(four)
        text = data.decode("gb18030", "ignore")
        char, width, by_two = pairs.first_of(data, "gb18030")
        if four[0] in pairs.LEADS_OF_FOUR and four[1] in pairs.DIGITS:
            assert not by_two
            assert (char, width) == ((text, 4) if len(text) == 1 and text.encode("gb18030") == data else ("", 1))


@pytest.mark.parametrize("read", READ)
def test_which_bytes_characters_have(read: str) -> None:
    for char in map(chr, (*range(0xD800), *range(0xE000, 0x10000), 0x1F600, *range(0x20000, 0x2A6E0), 0x10FFFF)):
        data = next(iter(reading(read).bytes_of(char)), b"")
        assert bytes_of(char, read) == (data if len(data) < 4 else b"")


@pytest.mark.parametrize("written", runs.WEIGHED)
def test_what_each_pair_of_bytes_costs(written: str) -> None:
    assert runs.table_of_costs(written) == runs.made_of_costs(written)


# Text in an encoding, with bytes of any kind between.
BYTES = st.lists(st.one_of(TEXTS, st.binary(max_size=5)), max_size=12)


@pytest.mark.parametrize("encoding", ["gb18030", "cp950", "cp932", "euc_jp", "cp949", "johab"])
@given(BYTES)
@example([b"\xa0" * 16, b"\xa1"])  # kana of half width in code page 932, of one byte each
def test_what_pairs_say(encoding: str, parts: list[str | bytes]) -> None:
    data = b"".join(part if isinstance(part, bytes) else part.encode(encoding, "ignore") for part in parts)
    text, stop = pairs.read(data, encoding)
    assert text == data[:stop].decode(encoding)
    # What was not read says nothing, or has to be looked at, or is one of many that the table does not tell: of more
    # than two bytes, or in Johab with a second one before those of others, or of one beyond ASCII behind 16 such ones.
    left = data[stop:].decode(encoding, PAIR_BY_PAIR)[:1]
    is_doubted = left in pairs.STRAY_IN_CP932 or "\ue000" <= left <= "\uf8ff"
    of_one_byte = [char for char in text + left if char > "\x7f" and len(char.encode(encoding, "replace")) == 1]
    is_one_more = left in of_one_byte and len(of_one_byte) > 16
    may_be_left = is_doubted or is_one_more or left == "\ufffd" or len(left.encode(encoding)) > 2
    assert may_be_left or data[stop + 1] in range(0x31, 0x40)


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "johab"])
@given(BYTES)
@example([b"\x88\x62", b"\x88\xa5"])  # a letter and its accent in two bytes of HKSCS
def test_what_bytes_weigh(encoding: str, parts: list[str | bytes]) -> None:
    data = b"".join(part if isinstance(part, bytes) else part.encode(encoding, "ignore") for part in parts)
    pieces, encodings = (data, data[1:], b""), (encoding, "gb18030", "johab")
    weighed = [runs.pure_weigh(piece, each) for each in encodings for piece in pieces]
    assert runs.weigh(pieces, encodings) == weighed


SENTENCES = (
    "昨天下午，学校图书馆举办了一场关于古代汉语的讲座，许多同学都参加了。",
    "昨天下午，學校圖書館舉辦了一場關於古代漢語的講座，許多同學都參加了。",
    "昨日の午後、学校の図書館で講演会が開かれ、多くの学生が参加しました。",
    "어제 오후 학교 도서관에서 강연회가 열렸고, 많은 학생이 참가했습니다.",
    "A sentence in another script.",
)


@pytest.mark.parametrize("encoding", family.FAMILIES)
@given(
    st.lists(st.sampled_from([*SENTENCES, "\n", "\n\n"]) | st.binary(max_size=3), max_size=12),
    st.sampled_from([1, 1, 5, 50]),
    st.lists(st.sampled_from(family.FAMILIES), unique=True, max_size=3).map(tuple) | st.just(family.FAMILIES),
    st.dictionaries(st.sampled_from(family.FAMILIES), st.sampled_from([-8.0, 6.0, 100.0])),
)
@settings(max_examples=300)
def test_what_is_told_at_a_glance(
    encoding: str, parts: list[str | bytes], times: int, families: tuple[str, ...], priors: dict[str, float]
) -> None:
    data = b"".join(part if isinstance(part, bytes) else part.encode(encoding, "ignore") for part in parts) * times
    for first in (0, 1, len(data) // 3, len(data)):
        told = glance.pure_look(data, families, priors, first)
        assert glance._look_in_c(data, families, priors, first) == told


def test_a_glance_leaves_no_doubt_or_tells_nothing() -> None:
    def looked_at(data: bytes) -> glance.Told | None:
        return glance._look_in_c(data, family.FAMILIES, {}, 0)

    plain = "\n".join(SENTENCES[:2] * 20).encode("gb18030")
    assert looked_at(plain) is not None
    # A rule, NUL, UTF-8, and a part in another encoding.
    other = "\n".join(SENTENCES[2:3] * 20).encode("cp932")
    for doubtful in (b"\xa1\xaa" * 200, plain[:60] + b"\0" + plain, "我们都".encode() + plain, plain + other * 2):
        assert looked_at(doubtful) is None


def test_what_is_needed_for_a_glance() -> None:
    sizes = dict.fromkeys(("part", "apart", "ahead", "head", "counted_at_first", "counted", "different"), 1)
    numbers: dict[str, Any] = sizes | dict.fromkeys(("units", "far", "doubted"), 1.0)
    of_gb = runs.runs_of("gb18030")
    with pytest.raises(TypeError):
        Glance(("gb18030",), (None,), **numbers)  # type: ignore[arg-type]
    for names, each in (((), ()), (("gb18030",), (of_gb, of_gb)), (("gb18030",) * 9, (of_gb,) * 9)):
        with pytest.raises(ValueError, match="some encodings"):
            Glance(names, each, **numbers)
    with pytest.raises(TypeError):
        Glance(("gb18030",), (of_gb,), **numbers).look("天", {}, 0)  # type: ignore[arg-type]


def test_more_is_weighed_than_is_added_at_once() -> None:
    data = ("天a" * (1 << 16)).encode("gb18030")
    assert runs.weigh((data,), ("gb18030",)) == [runs.pure_weigh(data, "gb18030")]


@given(st.lists(st.sampled_from([b"Char", b"sEt", b"charset", b"CODING", b" "]) | st.binary(max_size=3)).map(b"".join))
def test_whether_there_is_a_word(data: bytes) -> None:
    words = (b"charset", b"coding")
    assert has_word(data, words) == declared.pure_has_word(data, words)


def test_what_is_no_bytes_is_not_weighed() -> None:
    with pytest.raises(TypeError):
        Runs.weigh((runs.runs_of("gb18030"),), ("天",))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Runs.weigh((None,), (b"",))  # type: ignore[arg-type]
    assert Runs.weigh((), (b"",)) == []


@given(
    TEXTS,
    st.sampled_from([40, 160]),
    st.booleans(),
    st.sampled_from([rough.BY_ITSELF, 0, 40]),
    st.sampled_from([60, 100, rough.ANY_COST]),
)
@example("´┐¢ï¿½a", 40, False, 0, rough.ANY_COST)  # U+FFFD itself, in UTF-8
@example("\x8f/", 40, False, rough.BY_ITSELF, 60)  # what begins three bytes of EUC-JP, and ends there
@example("\x8f:", 40, False, rough.BY_ITSELF, 60)  # and before what may stand in four bytes of GB18030
def test_what_a_text_gains_in_each_way(text: str, broken: int, is_cut: bool, in_pairs_from: int, most: int) -> None:
    # Some pairs of bytes are two characters in these: see above.
    is_alike = [misread.written in set(WRITTEN) - {"big5hkscs"} for misread in rough.ways(rare=True)]
    found = (
        rough.gains(text, broken, rare=True, is_cut=is_cut, in_pairs_from=in_pairs_from, most_in_pairs=most),
        rough.pure_gains(text, broken, PURE, rare=True, is_cut=is_cut, in_pairs_from=in_pairs_from, most_in_pairs=most),
    )
    assert [gain for gain, alike in zip(found[0], is_alike, strict=True) if alike] == [
        gain for gain, alike in zip(found[1], is_alike, strict=True) if alike
    ]


@given(TEXTS, st.sampled_from([40, 160]), st.booleans(), st.sampled_from([rough.BY_ITSELF, 0, 40]), st.data())
def test_whether_a_text_gains_so_much(
    text: str, broken: int, is_cut: bool, in_pairs_from: int, data: st.DataObject
) -> None:
    gained = rough.gains(text, broken, is_cut=is_cut, in_pairs_from=in_pairs_from)
    least = max(1, data.draw(st.sampled_from(gained)) + data.draw(st.integers(-1, 1)))
    told = rough.gaining(least, broken, is_cut=is_cut, in_pairs_from=in_pairs_from)(text)
    assert told == (max(gained) >= least)


def garbled(text: str, misread: Misread) -> str:
    return text.encode(misread.written, "ignore").decode(misread.read, "replace")


@st.composite
def damaged_lines(draw: st.DrawFn, misread: Misread) -> str:
    """Lines of text, parts of which were misread, and lost characters or have marks in their place."""
    words = TEXTS | st.text(st.sampled_from("今天天气很好，我们去公园。今日は良い天気です오늘은날씨가좋네요 a?"))
    parts = draw(st.lists(st.tuples(words, st.booleans()), max_size=4))
    line = "".join(garbled(text, misread) if is_misread else text for text, is_misread in parts)
    marks = st.sampled_from(["", "?", "??", "\ufffd", "\ufffd\ufffd", "・", " "])
    for at, mark in draw(st.lists(st.tuples(st.integers(0, len(line)), marks), max_size=4)):
        line = line[:at] + mark + line[at + 1 :]
    return line


@given(st.sampled_from(PAIRS), st.booleans(), st.sampled_from([1.1, 1.2]), st.sampled_from([-9, 4, 20]), st.data())
@settings(max_examples=500)
def test_the_best_ways_through_a_line(
    misread: Misread, lossy: bool, of_new: float, odds_against: float, data: st.DataObject
) -> None:
    line = data.draw(damaged_lines(misread))
    start, end = sorted(data.draw(st.tuples(*2 * [st.integers(0, len(line))])))
    for window in ((0, len(line)), (start, end)):
        found = best_stretches(line, window, misread, odds_against, lossy=lossy, of_new=of_new)
        with patch.object(stretch, "plausibility", return_value=PURE):
            assert found == best_stretches(line, window, misread, odds_against, lossy=lossy, of_new=of_new)


def test_more_ways_on_than_are_remembered() -> None:
    # 90,000: of each character that has two bytes there is one at the least, in each of the encodings.
    pairs = [bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF)]
    asked = []
    for read in MULTIBYTE:
        line = "".join(pair.decode(read, "ignore") for pair in pairs) + garbled(
            "今天天气很好。", Misread("utf-8", read)
        )
        asked.append((line, (0, len(line)), Misread("utf-8", read), 8))
    assert sum(len(set(line)) for line, *_ in asked) > 60_000
    found = [best_stretches(*one) for one in asked]
    assert all(stretches for _, stretches in found)
    assert [best_stretches(*one) for one in asked] == found


def walks() -> tuple[Walks, tuple[object, ...], tuple[object, ...]]:
    """Return loops with nothing in their memory, and what to ask them."""
    misread = Misread("utf-8", "gb18030")
    model = plausibility.plausibility()
    assert isinstance(model, CompiledPlausibility)
    known = {
        "beam": 6, "of_pairs": 0.7, "of_characters": 0.3, "of_lost": 0.4, "for_a_lost_character": 8, "hopeless": 120,
        "for_a_foreign_character": 48, "first_of_cjk": "\u1100", "for_a_gap": 40, "against_a_cut": 80,
    }  # fmt: skip
    loops = Walks(model.loops, ALPHABETS, **known)  # type: ignore[arg-type]
    return loops, stretch._as_loops_know(misread), ("浣犲ソ浣犲ソ", 0, 6, 8.0, 1.2, False, set(), 28)


def test_a_walk_begun_while_another_is_under_way() -> None:
    loops, known, asked = walks()
    expected = loops.best(known, asked)  # type: ignore[arg-type]
    assert [text for _, _, text, _ in expected[1]] == ["你好你好"]
    loops, known, asked = walks()
    number, written, ways_on, *rest = known
    found = []

    def over(*key: object) -> object:
        found.append(loops.best(known, asked))  # type: ignore[arg-type]
        return ways_on(*key)  # type: ignore[operator]

    assert loops.best((number, written, over, *rest), asked) == expected  # type: ignore[arg-type]
    assert found
    assert set(map(str, found)) == {str(expected)}


@pytest.mark.parametrize(
    "told",
    [5, ((),), (5,), (("你", b""),), ((5, b"", 0),), (("你", b"1234", 0),), (((5,), b"", 0),), ((("",), b"", 0),)],
)
def test_ways_on_that_are_none_are_refused(told: object) -> None:
    loops, known, asked = walks()
    number, written, _, *rest = known
    with pytest.raises((TypeError, ValueError)):
        loops.best((number, written, lambda *_: told, *rest), asked)  # type: ignore[arg-type]


def test_an_error_where_ways_on_are_asked_for_comes_through() -> None:
    loops, known, asked = walks()
    number, written, _, *rest = known

    def over(*key: object) -> object:
        raise LookupError(key)

    with pytest.raises(LookupError):
        loops.best((number, written, over, *rest), asked)  # type: ignore[arg-type]
    assert loops.best((number, written, lambda *_: (), *rest), asked) == (0, [])  # type: ignore[arg-type]


RARE_AND_COMMON = st.text(
    st.sampled_from("浠婂ぉ澶╂皵今天很好龘靐齉かな가나é?? \n\t<\ufffdÃ§"), min_size=1, max_size=60
)


@given(RARE_AND_COMMON | TEXTS.filter(bool), st.integers(0, 60), st.booleans(), st.booleans())
def test_what_is_suspicious(text: str, at: int, told: bool, marked_is_enough: bool) -> None:
    asked: dict[str, list[tuple[str, bool]]] = {"C": [], "Python": []}

    def then(which: str, around: str, is_short: bool) -> bool:
        asked[which].append((around, is_short))
        return told

    place = min(at, len(text) - 1)
    loops = suspicion.where_suspicious(partial(then, "C"), marked_is_enough=marked_is_enough)
    found = suspicion.is_suspicious_at(text, place, partial(then, "Python"), marked_is_enough=marked_is_enough)
    assert loops(text, place) == found
    assert asked["C"] == asked["Python"]


# Those that the model has met, those of which it knows but the kind, and those of which what is before them counts.
CHARACTERS = st.sampled_from("天气很好の가、a1") | st.sampled_from("龘齉㐂\ue000") | st.sampled_from("ŵꭐſ")
OPTIONS = st.dictionaries(CHARACTERS | st.characters(), st.floats(0.1, 1), min_size=1, max_size=9)


@given(st.lists(OPTIONS, max_size=4), CHARACTERS | st.characters(), CHARACTERS, st.sampled_from([8, 9.6]))
def test_what_most_likely_stands_side_by_side(
    several: list[dict[str, float]], before: str, behind: str, units: float
) -> None:
    options = [("".join(speaks), list(speaks.values())) for speaks in several]
    # Above what none or all of it has, as shares differ in their last digits.
    told, other = (
        [dict(each) for each in model.likeliest(Alternative, options, (before, behind), units, 0)]
        for model in (plausibility.compiled(), PURE)
    )
    assert told == [pytest.approx(each) for each in other]
    for of_place in plausibility.compiled().likeliest(Alternative, options, (before, behind), units, 0.3):
        assert all(isinstance(each, Alternative) for each in of_place)
        shares = [each.share for each in of_place]
        assert shares == sorted(shares, reverse=True)
        assert all(share >= 0.3 for share in shares)


@pytest.mark.parametrize(
    ("options", "before", "weights", "error"),
    [
        ([("天", [])], "今", [1.0], ValueError),
        ([("天", [1.0])], "今今", [1.0], ValueError),
        ([("天", [1.0])], "今", [], IndexError),
        ([("天", ["1"])], "今", [1.0] * 511, TypeError),
        ([("天", [0.0])], "今", [1.0] * 511, ZeroDivisionError),
        (["天"], "今", [1.0] * 511, TypeError),
    ],
)
def test_places_without_what_speaks_for_them_are_refused(
    options: list[tuple[str, list[float]]], before: str, weights: list[float], error: type[Exception]
) -> None:
    with pytest.raises(error):
        plausibility.compiled().loops.likeliest(Alternative, options, (before, "天"), array("d", weights), 0)


def test_what_may_stand_beside_kana() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    kept = every.encode("euc_jp", "ignore").decode("euc_jp", "strict")
    assert sum(bytes_of(char, "euc_jp") != b"" for char in every) == len(kept)
    assert not any(suspicion.mixes_kana(f"か{char}") for char in kept)


def test_what_stands_for_the_model_is_refused() -> None:
    with patch.object(suspicion, "_loops", return_value=None), pytest.raises(TypeError):
        suspicion.where_suspicious(lambda *_: True, marked_is_enough=False)("龘靐", 0)
    with pytest.raises(TypeError):
        Runs(None, None, None, None, None, 2)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Gains(((None,),))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Walks(None, ())  # type: ignore[arg-type, call-arg]


@pytest.mark.parametrize(("told", "which"), [(b"", 0), (bytes(2 * 2048 * 17), 0), (bytes(2 * 2048 * 17 + 128), 17)])
def test_tables_of_bytes_that_are_not_whole_are_refused(told: bytes, which: int) -> None:
    with pytest.raises(ValueError, match="the tables of each block are needed"):
        Bytes(plausibility.compiled().loops, memoryview(told), which=which, of=17, is_single=False)


# Bytes of UTF-8, whole and in parts, and what stands for lost ones.
PIECES = [
    b"\xff",
    b"\xff\xff",
    b"\xe4",
    b"\xbd",
    b"\xa0",
    b"\xf0",
    b"\xc3",
    b"\xc1",
    b"\xed",
    b"\xe0",
    b"\xf4",
    b"\x9f",
    b"\n",
    b"\r",
]


@given(st.lists(st.sampled_from(PIECES) | TEXTS.map(lambda text: text[:3].encode("utf-8", "replace"))).map(b"".join))
@settings(max_examples=1000)
def test_what_is_left_of_utf_8(data: bytes) -> None:
    def read(of: Callable[[bytes], str]) -> str | None:
        try:
            return of(data)
        except UnicodeError:
            return None

    assert read(left_of_utf_8) == read(lossy_throughout.pure_left_of_utf_8)


@pytest.mark.parametrize("read", lossy_throughout.READ)
@pytest.mark.parametrize(("lost", "mark"), [("byte", "\N{REPLACEMENT CHARACTER}"), ("pair", "?")])
@given(st.text(st.sampled_from("一丁七万丈三上下不与丐丑专且您的订单。，？？ 3aé\U00020000いま어제\n")), st.data())
@settings(max_examples=100)
def test_what_is_lost_of_utf_8(
    read: str, lost: Literal["byte", "pair"], mark: str, text: str, data: st.DataObject
) -> None:
    misread_text = garble.misread(text, written="utf-8", read=read, lost=lost, mark=mark)
    line = misread_text[: data.draw(st.integers(0, len(misread_text)))]
    bytes_of = reading(read).bytes_of
    try:
        marked = lossy_throughout._with_losses(line, reading(read))
        expected = lossy_throughout.pure_lost_of_utf_8(Lost, line, marked, bytes_of)
    except UnicodeError:
        return
    assert lost_of_utf_8(Lost, line, marked, bytes_of) == expected


@pytest.mark.parametrize(("line", "marked"), [("你", b"\xe4\xff"), ("", b"\xfe"), ("你?", b"\xff\xff")])
def test_lost_bytes_without_a_mark_are_refused(line: str, marked: bytes) -> None:
    with pytest.raises(ValueError, match="more marks among the bytes than in the text"):
        lost_of_utf_8(Lost, line, marked, reading("gb18030").bytes_of)


@given(
    st.lists(st.sampled_from([*PIECES, *(char.encode() for char in "你好가é")])).map(b"".join),
    st.integers(0, 12),
    st.integers(1, 12),
)
@settings(max_examples=1000)
def test_where_utf_8_is_found(data: bytes, at: int, block: int) -> None:
    with patch.object(regions, "BLOCK", block):
        assert find_utf_8(data, at) == regions.pure_find_utf_8(data, at)


def test_text_is_no_bytes() -> None:
    with pytest.raises(TypeError):
        left_of_utf_8("text")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        lost_of_utf_8(Lost, "text", "text", reading("gb18030").bytes_of)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        find_utf_8("text", 0)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        has_word("text", (b"text",))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        has_word(b"text", ("text",))  # type: ignore[arg-type]
