"""Sets of characters, and where they stand: in C where a compiler was at hand when mojimend was installed, else here.

Both give the same; ``tests/test_kernel.py`` holds the one against the other. ``COMPILED`` tells which it is.

>>> rare = Characters("\u9f00\u9fff")
>>> rare.count("天龘龍天龘"), rare.places("天龘龍天龘"), rare.close("天龘龍天龘", 0)
(3, [1, 2, 4], [1])
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import pairwise
from operator import methodcaller

START = methodcaller("start")


class PureCharacters:
    """A set of characters.

    Arguments:
        ranges: The first and the last of each range, side by side.
    """

    def __init__(self, ranges: str) -> None:
        self._ranges = ranges

    @cached_property
    def _one(self) -> re.Pattern[str]:
        # To compile a class of some thousand ranges takes 15 ms.
        pairs = zip(self._ranges[::2], self._ranges[1::2], strict=True)
        return re.compile("[" + "".join(f"{re.escape(first)}-{re.escape(last)}" for first, last in pairs) + "]")

    def places(self, text: str) -> list[int]:
        """Return where in a text they stand."""
        return list(map(START, self._one.finditer(text)))

    def close(self, text: str, between: int) -> list[int]:
        """Return where one stands that has another behind it, with no more than so many characters between."""
        return [at for at, other in pairwise(self.places(text)) if other - at <= between + 1]

    def count(self, text: str, start: int = 0, end: int | None = None) -> int:
        """Return how many of them stand in text[start:end]."""
        return len(self._one.findall(text, start, len(text) if end is None else end))


try:
    from mojimend.kernel._loops import Characters, Costs

    COMPILED = True
except ImportError:
    Characters, Costs, COMPILED = PureCharacters, None, False  # type: ignore[assignment, misc]

__all__ = ["COMPILED", "Characters", "Costs", "PureCharacters"]
