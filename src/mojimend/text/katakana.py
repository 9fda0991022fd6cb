"""Katakana of half width, as banks and old terminals write them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from mojimend.kernel import Characters
from mojimend.text.later import later

FIRST, LAST = "\uff66", "\uff9f"
ANY_NARROW = Characters(f"{FIRST}-{LAST}")
WORDS = {least: later(f"[{FIRST}-{LAST}]{{{least},}}") for least in (2, 4)}


def is_narrow(char: str) -> bool:
    """Tell whether a character is one of them."""
    return FIRST <= char <= LAST


def widened(text: str, least: int = 2) -> str:
    """Return the text with words in katakana of half width in full width, which the character model knows.

    ``least`` is how many make a word: 2 or 4.

    >>> widened("ﾎﾝﾀﾞﾅ ﾅ"), widened("ﾃｽﾄ", least=4)
    ('ホンダナ ﾅ', 'ﾃｽﾄ')
    """
    # Hardly any text has one, and to count them is faster than to look for words.
    return WORDS[least].sub(lambda word: _wide(word[0]), text) if ANY_NARROW.count(text) >= least else text


# Other encodings make the same short words of such bytes again and again.
@lru_cache(maxsize=4096)
def _wide(word: str) -> str:
    return unicodedata.normalize("NFKC", word)
