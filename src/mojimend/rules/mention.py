"""Whether a text shows damage or talks of it: “锟斤拷” in an article is no damage.

What is meant to be seen stands in quotes, beside the words for it (乱码, 文字化け, mojibake), or next to its
fellows: 锟斤拷 and 烫烫烫 come from programs that have nothing to do with each other, and together only in talk.
"""

from __future__ import annotations

import re

from mojimend.text.later import later

AROUND = 200  # characters
# What a line says that explains damage, and what a page says that is about it.
EXPLAINS = later(
    r"乱码|亂碼|码|編碼|编码|字符集|文字化け|文字コード|エンコード|깨[져졌지진짐]|인코딩|mojibake|garbled"
    r"|encod|decod|replacement|Unicode|U\+FFFD|UTF-?8|GBK|GB ?18030|Big5|Latin-?1|0x[0-9A-Fa-f]{2}",
    re.IGNORECASE,
)
IS_ABOUT = later(r"乱码|亂碼|文字化け|글자 ?깨짐|mojibake|garbled|U\+FFFD|replacement character", re.IGNORECASE)
QUOTES = dict(zip("“‘「『《〈【（([", "”’」』》〉】）)]", strict=True))
ALIKE = frozenset("\"'`*_|")


def is_quoted(text: str, start: int, end: int) -> bool:
    """Tell whether text[start:end] stands in quotes or brackets by itself.

    >>> is_quoted("所谓“锟斤拷”", 3, 6), is_quoted("“这是锟斤拷”", 3, 6)
    (True, False)
    """
    before, behind = text[start - 1 : start], text[end : end + 1]
    return bool(before) and (QUOTES.get(before) == behind or (before in ALIKE and before == behind))


def explains(text: str, start: int, end: int) -> bool:
    """Tell whether the line around text[start:end] speaks of encodings and what goes wrong with them.

    >>> explains("用 GBK 打开就成了锟斤拷。", 10, 13), explains("他说锟斤拷。", 2, 5)
    (True, False)
    """
    before = text[max(0, start - AROUND) : start].rpartition("\n")[2]
    behind = text[end : end + AROUND].partition("\n")[0]
    return EXPLAINS.search(before) is not None or EXPLAINS.search(behind) is not None


def is_about(text: str) -> bool:
    """Tell whether a text is about garbled text."""
    return IS_ABOUT.search(text) is not None
