"""The loops over all characters of a text: in C where a compiler was at hand at the installation, else in Python.

Both give the same; ``tests/test_kernel.py`` holds the one against the other. ``COMPILED`` tells which it is.

>>> Characters("a-cxy").count("abracadabra")
8
>>> scan = Scan(((Clue(","), Clue("0-9", "%", 1)), (Clue("#", confirms=lambda text, at: at == 0),)))
>>> [scan.which(text) for text in ("a, b", "10 %", "10  %", "a # b", "# a, b")]
[1, 1, 0, 0, 3]
"""

from mojimend.kernel.clue import ONCE, Clue

try:
    from mojimend.kernel._loops import (
        Bytes,
        Characters,
        Costs,
        Gains,
        Glance,
        Pairs,
        Runs,
        Scan,
        Suspicion,
        Walks,
        find_utf_8,
        has_word,
        leaf,
        left_of_utf_8,
        lost_of_utf_8,
    )

    COMPILED = True
except ImportError:
    from mojimend.kernel.pure import Characters, Scan, leaf  # type: ignore[assignment]

    Bytes = Costs = Gains = Glance = Pairs = Runs = Suspicion = Walks = None  # type: ignore[assignment, misc]
    find_utf_8 = has_word = left_of_utf_8 = lost_of_utf_8 = None  # type: ignore[assignment]
    COMPILED = False

__all__ = [
    "COMPILED",
    "ONCE",
    "Bytes",
    "Characters",
    "Clue",
    "Costs",
    "Gains",
    "Glance",
    "Pairs",
    "Runs",
    "Scan",
    "Suspicion",
    "Walks",
    "find_utf_8",
    "has_word",
    "leaf",
    "left_of_utf_8",
    "lost_of_utf_8",
]
