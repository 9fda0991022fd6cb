"""What the library raises: misuse. Dirty text never raises, it is a finding."""

from __future__ import annotations

from collections.abc import Iterable


class MojimendError(Exception):
    """Base of every error that mojimend raises on purpose."""


class UnknownName(MojimendError, ValueError):
    """A rule, family, profile or language that does not exist was asked for.

    The message names what was asked, of which kind, and what comes near it.

    >>> raise UnknownName("rule", "punctuation/double-mark", ["punctuation/doubled-mark"])
    Traceback (most recent call last):
        ...
    mojimend.errors.UnknownName: no rule is named 'punctuation/double-mark'; did you mean 'punctuation/doubled-mark'?
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        from difflib import get_close_matches  # noqa: PLC0415  (costs 5 ms that only this error should pay)

        known = sorted(known)
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
        super().__init__(f"no {kind} is named {name!r}; {hint}")
        self.kind = kind
        self.name = name


class WrongType(MojimendError, TypeError):
    """Text was given where bytes are read, or the other way round; the message says which call to use."""
