"""Traditional and Simplified forms of Han characters, and which are in common use."""

from __future__ import annotations

from functools import cache, lru_cache

from mojimend.tables import rows


@cache
def _simplified() -> dict[str, str]:
    (traditional,), (simplified,) = rows("traditional.tsv")
    return dict(zip(traditional, simplified, strict=True))


def is_traditional(char: str) -> bool:
    """Tell whether a text in Simplified Chinese would have another character in its place.

    >>> is_traditional("關"), is_traditional("关"), is_traditional("于")
    (True, False, False)
    """
    return char in _simplified()


@cache
def _results() -> frozenset[str]:
    return frozenset(_simplified().values()).difference(_simplified())


@lru_cache(maxsize=8192)
def is_simplified(char: str) -> bool:
    """Tell whether only a text in Simplified Chinese has the character: 后 and 干 are Traditional in their own right.

    >>> is_simplified("关"), is_simplified("后"), is_simplified("關"), is_simplified("明")
    (True, False, False, False)
    """
    if char not in _results():
        return False
    try:
        char.encode("big5")
    except UnicodeEncodeError:
        return True
    return False


@lru_cache(maxsize=8192)
def is_common(char: str) -> bool:
    """Tell whether the character, in its Simplified form, is one of the 3,755 of GB 2312-80 level 1.

    >>> is_common("學"), is_common("学"), is_common("驫")
    (True, True, False)
    """
    try:
        data = _simplified().get(char, char).encode("gb2312")
    except UnicodeEncodeError:
        return False
    return b"\xb0\xa1" <= data <= b"\xd7\xf9"
