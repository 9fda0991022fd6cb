"""How wide a text is on a terminal, and how to fold it: a character of CJK takes two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

WIDTH = 80


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes, counting a combining mark as one: never too few.

    >>> columns_of("GBK 浣犲ソ")
    10
    """
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def fold(text: str, *, indent: str = "", hanging: str = "", width: int = WIDTH) -> Iterator[str]:
    """Yield the lines of a paragraph, none of them wider than ``width``; a word that fits on none is cut.

    >>> for line in fold("it is called 古文码 by those who read it", indent="- ", hanging="  ", width=20):
    ...     print(line)
    - it is called
      古文码 by those
      who read it
    """
    line, used, is_new = indent, columns_of(indent), True
    for word in text.split(" "):
        size = columns_of(word)
        if not is_new:
            if used + 1 + size <= width:
                line, used = f"{line} {word}", used + 1 + size
                continue
            yield line
            line, used = hanging, columns_of(hanging)
        is_new = False
        if used + size <= width:
            line, used = line + word, used + size
            continue
        for character in word:
            size = columns_of(character)
            if used + size > width:
                yield line
                line, used = hanging, columns_of(hanging)
            line, used = line + character, used + size
    yield line
