"""The order of the passes: the design of the whole road, in one table and nowhere else.

Damage is undone in the opposite order to that in which the world does it. Whoever folds widths or drops ``?`` before
the byte-level damage is undone destroys the bytes that the undoing needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Named(Protocol):
    """What this table needs to know of a rule."""

    @property
    def name(self) -> str:
        """Its path, such as ``gloss/pinyin``."""

    @property
    def family(self) -> str:
        """Its folder, such as ``gloss``."""


# The rules and families whose findings are settled together, by what a pass mends.
PASSES = {
    "misreadings": ("mojibake/misread", "mojibake/seven-bit"),
    # What ftfy mends is what is left of them; to ask it of lines that were CJK takes as long as to mend those.
    "mojibake": ("mojibake",),
    "byte-shifted glosses": ("gloss/byte-shift",),
    "glosses": ("gloss",),
    "punctuation": ("punctuation",),
    "characters": ("characters",),
}

R = TypeVar("R", bound=Named)


def in_order(rules: Iterable[R]) -> tuple[tuple[R, ...], ...]:
    """Deal the rules out to the passes: each goes to the first row that has its name or its family.

    Raises:
        LookupError: A family has no row yet. A new one needs a place in the order.
    """
    dealt: list[list[R]] = [[] for _ in PASSES]
    for rule in rules:
        for members, taken in zip(PASSES.values(), dealt, strict=True):
            if rule.name in members or rule.family in members:
                taken.append(rule)
                break
        else:
            raise LookupError(f"the family {rule.family!r} stands in no row of mending/passes.py")
    return tuple(tuple(taken) for taken in dealt if taken)
