"""Put cases to tools, and keep what each made of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from typing import NamedTuple

import ftfy
from damage import Case

import mojimend

STEP = 2000  # cases between two signs of life


class Tool(NamedTuple):
    """A tool that mends text. ``tidy`` is what else it does to a text, which is not held against it."""

    name: str
    fix: Callable[[str], str]
    tidy: Callable[[str], str] = str


class Result(NamedTuple):
    """A case, what the first of the tools made of it, and whether each tool got it right."""

    case: Case
    answer: str
    right: tuple[bool, ...]


def as_ftfy_tidies(text: str) -> str:
    """Return the text with widths, quotes, ligatures and the like as ftfy has them."""
    return ftfy.fix_text(text, fix_encoding=False)


def tools() -> tuple[Tool, ...]:
    """Return mojimend and those of its peers that are installed."""
    found = [
        Tool(f"mojimend {mojimend.__version__}", mojimend.fix_text),
        Tool(f"ftfy {version('ftfy')}", ftfy.fix_encoding),
    ]
    try:
        # It can't be asked for encodings alone; the rest it does is what ftfy does.
        found.append(Tool(f"plsfix {version('plsfix')}", import_module("plsfix").fix_text, as_ftfy_tidies))
    except PackageNotFoundError:
        print("plsfix is not installed and is left out", file=sys.stderr)
    return tuple(found)


def put(tools: Sequence[Tool], case: Case) -> Result:
    """Put one case to all tools."""
    answers = [tool.fix(case.text) for tool in tools]
    right = (
        answer == case.truth or answer == tool.tidy(case.truth) for tool, answer in zip(tools, answers, strict=True)
    )
    return Result(case, answers[0], tuple(right))


def measure(cases: Sequence[Case], tools: Sequence[Tool], jobs: int = 1) -> list[Result]:
    """Put all cases to all tools, in so many processes."""
    one = partial(put, tools)
    if jobs == 1:
        return _watched(map(one, cases), len(cases))
    with get_context("spawn").Pool(jobs) as pool:
        return _watched(pool.imap(one, cases, chunksize=64), len(cases))


def _watched(results: Iterable[Result], total: int) -> list[Result]:
    done = []
    for result in results:
        done.append(result)
        if not len(done) % STEP or len(done) == total:
            print(f"{len(done):,} of {total:,} cases", file=sys.stderr, flush=True)
    return done
