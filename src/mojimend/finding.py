"""What is wrong, where, how surely, and what it should read.

Rules make findings and passes take them: this file is where the two meet, and neither imports the other.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, NamedTuple

from mojimend.kernel import leaf


class Applicability(IntEnum):
    """How far a finding may be acted upon. Larger is surer, so a policy is a comparison.

    >>> Applicability.SAFE > Applicability.LIKELY > Applicability.NOTE
    True
    """

    NOTE = 0
    """Damage past mending, or a thing only a person can decide: reported with its place, never changed."""
    LIKELY = 1
    """One best reading, but something in it was guessed."""
    SAFE = 2
    """What the author wrote: the damage runs backwards exactly, or the whole page shows the same systematic damage."""

    def __str__(self) -> str:
        return self.name.lower()


class Span(NamedTuple):
    """A half-open range of code points: ``start <= i < end``."""

    start: int
    end: int


class Step(NamedTuple):
    """One move of a repair, such as ``Step("encode", "gb18030")`` or ``Step("replace", "，")``."""

    action: Literal["encode", "decode", "replace"]
    argument: str


class Misreading(NamedTuple):
    """A text written in one encoding and read in another, both as Python names its codecs."""

    written: str
    read: str


class Alternative(NamedTuple):
    """What a lost character may have been, and the share of such guesses that are right, from 0 to 1."""

    text: str
    share: float


class Guess(NamedTuple):
    """What a character that lost bytes may have been, likeliest first.

    ``at`` is its place in the replacement; ``start`` and ``end`` are where its bytes stand in what was found.
    """

    at: int
    start: int
    end: int
    alternatives: tuple[Alternative, ...]


class Repair(NamedTuple):
    """What should stand in place of the span, and the steps that lead there from what was found.

    ``misreadings`` are those it undoes, in the order in which they happened. The steps say no more than how to come to
    the same with Python alone: where its codecs lack what other software reads (byte 80 as € in GBK, the holes of
    Windows-1252), they are a plain replacement.

    ``guesses`` say what the characters that lost bytes may have been; they are U+FFFD in the replacement. Where the
    repair itself is a guess, ``alternatives`` has it and what else it may have been.
    """

    replacement: str
    steps: tuple[Step, ...]
    misreadings: tuple[Misreading, ...] = ()
    guesses: tuple[Guess, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


def replace(replacement: str, misreadings: tuple[Misreading, ...] = ()) -> Repair:
    """Make the plain repair: put this text in place of the span.

    >>> replace("。").steps
    (Step(action='replace', argument='。'),)
    """
    return leaf(Repair, (replacement, (leaf(Step, ("replace", replacement)),), misreadings, (), ()))


# Of what only has to go.
REMOVAL = replace("")


class Finding(NamedTuple):
    """One thing wrong with a text.

    ``span`` counts code points of the text that the caller gave (for bytes: of the text they decode to), also where
    an earlier pass has moved it since, and ``found`` is exactly what stands there. ``repair`` is ``None`` where
    nothing can be put in its place. ``kind`` tells apart what one rule finds, for those who count: the name of a kind
    of loss in ``encodings.causes``, or nothing.
    """

    rule: str
    span: Span
    found: str
    message: str
    applicability: Applicability
    repair: Repair | None = None
    kind: str = ""

    def guesses(self) -> tuple[Finding, ...]:
        """Return each character that the repair leaves as lost and can guess, as a finding of its own."""
        if self.repair is None:
            return ()
        found = []
        rule, at, text = self.rule, self.span.start, self.found
        for _, start, end, alternatives in self.repair.guesses:
            span = leaf(Span, (at + start, at + end))
            likeliest = ", ".join([f"{char} {share:.0%}" for char, share in alternatives[:3]])
            message = f"lost, by its neighbours {likeliest}"
            best = alternatives[0].text
            repair = leaf(Repair, (best, (leaf(Step, ("replace", best)),), (), (), alternatives))
            found.append(leaf(Finding, (rule, span, text[start:end], message, Applicability.LIKELY, repair, "")))
        return tuple(found)

    def guessed(self) -> str:
        """Return the replacement, with what was lost in it filled by the best guesses."""
        assert self.repair is not None
        text = list(self.repair.replacement)
        for at, _, _, alternatives in self.repair.guesses:
            text[at] = alternatives[0].text
        return "".join(text)
