"""Regular expressions that are compiled when first used.

A class with all Han characters takes 1.5 ms to compile, and the rules have some hundred expressions. Text that is clean
needs next to none of them, so a command on a small file would spend its time on what it never uses.

What is repeated possessively stands in an atomic group, ``(?>...)*+``: before Python 3.11.5 such a repetition goes on
from where its last attempt failed (python/cpython#106052).
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Later:
    """Stands for an expression, and has all that it has from the first use on."""

    def __init__(self, expression: str | bytes, flags: int) -> None:
        self._expression, self._flags = expression, flags

    def __getattr__(self, name: str) -> Any:
        # What was asked for once is an attribute of its own, and costs no more than that of the expression.
        value = self.__dict__[name] = getattr(re.compile(self._expression, self._flags), name)
        return value


def later(expression: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a regular expression, to be used like one that ``re.compile`` gives; a broken one raises when used.

    >>> later("[0-9]+").findall("1 + 12")
    ['1', '12']
    """
    return cast("re.Pattern[AnyStr]", _Later(expression, flags))
