"""A page with many lossy spans takes work in proportion to its length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from mojimend import Settings, garble
from mojimend.encodings.lost import Lost
from mojimend.finding import Guess
from mojimend.pipeline import pipeline
from mojimend.rules import lost_characters, stretch
from mojimend.rules.mojibake import misread

# The number behind it makes no two alike.
SENTENCE = "您的订单取消，"


class Work:
    """What a page takes: characters and ways walked over for lossy spans, and characters read to guess."""

    walked = 0
    read = 0


@contextmanager
def counted(patch: pytest.MonkeyPatch) -> Iterator[Work]:
    work = Work()

    def step(walk: Any, at: int) -> None:
        work.walked += 1 + len(walk.inside)
        walked(walk, at)

    def guess(text: str, lost: Sequence[Lost], written: str, before: str, behind: str) -> Iterator[Guess]:
        work.read += len(before) + len(text) + len(behind)
        return lost_characters.guess(text, lost, written, before, behind)

    walked = stretch._Walk.step
    with patch.context() as patched:
        patched.setattr(stretch._Walk, "step", step)
        patched.setattr(misread, "guess", guess)
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
