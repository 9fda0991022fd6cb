"""A page with many lossy spans takes work in proportion to its length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from mojimend import Settings, garble
from mojimend.encodings.lost import Lost
from mojimend.encodings.misread import Misread
from mojimend.finding import Guess
from mojimend.pipeline import pipeline
from mojimend.rules import evidence, in_turn, lossy_throughout, lost_characters, stretch
from mojimend.rules.search import Search
from mojimend.rules.undone import Undone

# The number behind it makes no two alike.
SENTENCE = "您的订单取消，"


class Work:
    """What a page takes: characters walked over for lossy spans, in few ways each, and read to weigh and to guess."""

    walked = 0
    read = 0


@contextmanager
def counted(patch: pytest.MonkeyPatch) -> Iterator[Work]:
    work = Work()

    def best(line: str, window: tuple[int, int], *rest: Any, **more: Any) -> tuple[float, list[stretch.Stretch]]:
        work.walked += window[1] - window[0]
        return stretch.best_stretches(line, window, *rest, **more)

    def guess(text: str, lost: Sequence[Lost], written: str, before: str, behind: str, **more: Any) -> Iterator[Guess]:
        work.read += len(before) + len(text) + len(behind)
        return guessed(text, lost, written, before, behind, **more)

    def count(mark: str, line: str, closed: Mapping[str, Sequence[int]], start: int, end: int) -> int:
        work.read += len(line[start:end])
        return counted_marks(mark, line, closed, start, end)

    class Reads:
        """A pattern, or a set of characters, that counts what it is asked to read."""

        def __init__(self, pattern: Any) -> None:
            self.pattern = pattern

        def search(self, text: str, *part: int) -> re.Match[str] | None:
            work.read += len(text)
            found: re.Match[str] | None = self.pattern.search(text, *part)
            return found

        def count(self, text: str) -> int:
            work.read += len(text)
            count: int = self.pattern.count(text)
            return count

    counted_marks, guessed = lost_characters._count, lost_characters.guess
    with patch.context() as patched:
        patched.setattr("mojimend.rules.search.best_stretches", best)
        patched.setattr(lost_characters, "guess", guess)
        # What comes out even takes no walk.
        patched.setattr(in_turn, "undo_losses", lambda *_, **__: None)
        patched.setattr(lost_characters, "_count", count)
        for name in ("ANY_LETTER", "LATIN_WORD"):
            patched.setattr(evidence, name, Reads(getattr(evidence, name)))
        yield work


def page(spans: int, between: str) -> str:
    garbled = garble.misread(SENTENCE, written="utf-8", read="gb18030")
    return "".join(f"{garbled}{number:04}{between}" for number in range(spans))


@pytest.mark.parametrize(
    ("between", "most"),
    [
        pytest.param("\n", 2_000, id="lines"),
        pytest.param(" is what it says, and not more than that. ", 120, id="one line"),
    ],
)
def test_work_on_a_page_with_lossy_spans_grows_with_its_length(
    between: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = []
    mender = pipeline(Settings(accept="likely"))
    for spans in (most // 4, most):
        with counted(monkeypatch) as work:
            report = mender.repair(page(spans, between))
        assert report.text.count(SENTENCE[:6]) == spans
        works.append(work)
    short, long = works
    assert 0 < long.walked <= 5 * short.walked
    assert 0 < long.read <= 5 * short.read


def lossy(text: str, *, read: str, written: str = "utf-8") -> str:
    return garble.misread(text, written=written, read=read, lost="pair", mark="?")


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(lossy("（请重新登录）", read="gb18030") + " (and nothing else) ", id="swallowed brackets"),
        pytest.param(lossy("'请重新登录后再试，'", read="gb18030"), id="one long stretch"),
        pytest.param(garble.misread(SENTENCE * 4, written="utf-8", read="cp932"), id="a loss a byte"),
        pytest.param(lossy("请重新登录，", read="cp949") + " is what it says, ", id="among Latin words"),
    ],
)
def test_work_on_one_lossy_line_grows_with_its_length(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mender = pipeline(Settings(accept="likely"))
    works = []
    for times in (50, 200):
        with counted(monkeypatch) as work:
            mender.repair(part * times)
        works.append(work)
    short, long = works
    assert 0 < long.walked <= 5 * short.walked
    assert 0 < long.read <= 5 * short.read


def test_stretches_of_one_line_are_compared_with_their_neighbours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Place(int):
        """A place that counts how often it is compared with another."""

        def __le__(self, other: int) -> bool:
            compared.append(other)
            return super().__le__(other)

        def __lt__(self, other: int) -> bool:
            compared.append(other)
            return super().__lt__(other)

    search = Search("\N{REPLACEMENT CHARACTER}\u6d63" * 800)
    misread_as = Misread("utf-8", "gb18030")
    compared: list[int] = []
    counts = []
    for many in (200, 800):
        compared.clear()
        rest = [stretch.Stretch(Place(2 * at), Place(2 * at + 2), "\u4f60") for at in range(0, many, 2)]
        spans = [
            Undone(Place(2 * at), Place(2 * at + 2), "\u4f60", (misread_as,), 20, lost=(Lost(0, 0, 1, b"\xff"),))
            for at in range(many)
        ]
        with monkeypatch.context() as patched:
            patched.setattr("mojimend.rules.search.best_stretches", lambda *_, rest=rest, **__: (0, rest))
            found = search.and_the_rest(spans)
        assert [one.start for one in found] == list(range(0, 2 * many, 2))
        counts.append(len(compared))
    short, long = counts
    assert 0 < long <= 6 * short


def test_guesses_are_worked_out_only_where_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def guess(text: str, *_: object, **__: object) -> Iterator[Guess]:
        asked.append(text)
        return iter(())

    monkeypatch.setattr(lost_characters, "guess", guess)
    text = page(1, "\n")
    mended = pipeline(Settings()).fix(text)
    assert not asked
    assert mended == pipeline(Settings()).repair(text).text
    assert len(asked) == 1
    pipeline(Settings(accept="likely")).fix(text)
    assert len(asked) == 2


def test_lost_characters_are_told_only_where_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    lost = lossy_throughout._lost

    def tell(line: str, *rest: Any) -> list[Lost]:
        told.append(line)
        return lost(line, *rest)

    monkeypatch.setattr(lossy_throughout, "_lost", tell)
    text = "\n".join(lossy(f"今天天气很好，我们去公园散步。第{n}天。", read="gb18030") for n in range(10))
    pipeline().mend(text)
    assert not told
    pipeline().repair(text)
    assert told == text.split("\n")


def test_lines_are_tried_as_those_before_them_and_not_again_when_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[Search] = []
    run = Search.run

    def kept(search: Search) -> list[Undone]:
        searched.append(search)
        return run(search)

    monkeypatch.setattr(Search, "run", kept)
    sentence = "今天天气很好，我们去公园散步，然后回家吃饭看书，明天还要上班，"
    # Which of several question marks are lost bytes takes a walk to tell.
    text = "\n".join(lossy(f"why?? {sentence}第{n}天。", read="gb18030") for n in range(10))
    mended = pipeline().fix(text)
    assert mended.count("我们去公园散步") == 10
    assert [search.line for search in searched if search.only is None] == [text.partition("\n")[0]]
    assert {search.line for search in searched} <= set(text.split("\n"))
