"""What was said of lines, remembered for as many as have so many characters together.

A text is walked several times until nothing moves, and most of its lines stay as they are meanwhile. But a page may be
one line, and of documents without end the last thousands of lines could be gigabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# A megabyte of text has fewer in lines that are asked about. They take half a megabyte, and what is said of them some.
MOST_CHARACTERS = 250_000


def remembered(of: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
    """Make a function of a line, and of what else, remember what it said; a longer line it is asked of each time.

    >>> asked = []
    >>> size = remembered(lambda line: asked.append(line) or len(line))
    >>> size("浣犲ソ"), size("浣犲ソ"), asked
    (3, 3, ['浣犲ソ'])
    """
    said: dict[Hashable, T] = {}
    characters = 0

    @wraps(of)
    def ask(line: str, /, *rest: P.args, **more: P.kwargs) -> T:
        nonlocal characters
        key = (line, rest, *more.items())
        try:
            return said[key]
        except KeyError:
            answer = of(line, *rest, **more)
        characters += len(line)
        if characters > MOST_CHARACTERS:
            said.clear()
            characters = len(line)
        if characters <= MOST_CHARACTERS:
            said[key] = answer
        return answer

    return ask
