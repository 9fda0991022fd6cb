"""Damage clean text the way the world does: for tests, benchmarks, and measuring mojimend on texts of one's own.

Everything here is deterministic: chance comes from the ``random.Random`` that is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from mojimend.encodings import gbk, lenient

FOLDED = str.maketrans("，；：（）？！", ",;:()?!")
TAKES_A_COMMA = re.compile("[、。，；]")
# The marks that the second pass of the glossing machines looks for, as bytes.
AIMED_AT = re.compile(rb"\xa3[\xac\xbb\xa1\xbf]")


def misread(text: str, *, written: str, read: str) -> str:
    """Write the text in one encoding and read it in another; bytes that do not fit are lost as U+FFFD.

    Raises:
        UnicodeEncodeError: The text has a character that ``written`` has not.
        LookupError: Python has no codec of one of the names.

    >>> misread("你好", written="utf-8", read="gb18030")
    '浣犲ソ'
    >>> misread("你好", written="gb18030", read="cp1252")
    'ÄãºÃ'
    """
    return lenient.decode(text.encode(written), read)[0]


def fold_widths(text: str, marks: str = "，；：（）？！") -> str:
    """Fold wide marks to ASCII and leave 、。“” as they are, as NFKC and most width normalisers do.

    >>> fold_widths("（他说：“好，走吧。”）")
    '(他说:“好,走吧。”)'
    """
    return text.translate({ord(mark): FOLDED[ord(mark)] for mark in marks})


def inject_commas(text: str, random: Random, share: float = 0.65) -> str:
    """Put an ASCII comma before that share of the marks 、。，；.

    >>> inject_commas("市委、市政府。", Random(1), share=1)
    '市委,、市政府,。'
    """
    return TAKES_A_COMMA.sub(lambda mark: "," * (random.random() < share) + mark[0], text)


def gloss(text: str, table: Mapping[str, str]) -> str:
    """Put readings behind characters in the GBK bytes of a page, aligned or not, and decode what comes of it.

    ``table`` maps a character to what is put in the brackets behind it.

    Raises:
        UnicodeEncodeError: The text or the table has a character that GBK has not.

    >>> gloss("測量儀器", {"測": "cè", "績": "jī"})
    '測(cè)量?jī)x器'
    """
    data = gbk.encode(text)
    for char, reading in table.items():
        pair = gbk.encode(char)
        data = data.replace(pair, pair + gbk.encode(f"({reading})"))
    return gbk.decode(data)


def split_with_commas(text: str, random: Random, share: float = 1.0) -> str:
    """Put an ASCII comma before that share of the bytes of ，；！？, aligned or not: the machines' second pass.

    Raises:
        UnicodeEncodeError: The text has a character that GBK has not.

    >>> split_with_commas("監控的系統。”這一觀點", Random(1))
    '監控的系統?！边@一觀點'
    """
    return gbk.decode(
        AIMED_AT.sub(lambda mark: b"," * (random.random() < share) + mark[0], gbk.encode(text)),
    )


def mirror(text: str, table: Mapping[str, str], random: Random, *, second_pass: bool = False) -> str:
    """Serve a page as the mirror sites do: commas put in, widths folded, readings put in, and maybe commas again.

    Raises:
        UnicodeEncodeError: The text or the table has a character that GBK has not.
    """
    damaged = gloss(fold_widths(inject_commas(text, random), "，；：（"), table)
    return split_with_commas(damaged, random) if second_pass else damaged
