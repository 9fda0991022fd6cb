"""Damage clean text the way the world does: for tests, benchmarks, and measuring mojimend on texts of one's own.

Everything here is deterministic: chance comes from the ``random.Random`` that is passed in.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from contextvars import ContextVar
from random import Random
from typing import Literal

from mojimend.encodings import gbk, lenient
from mojimend.encodings.lenient import REPLACEMENT

FOLDED = str.maketrans("，；：（）？！", ",;:()?!")
TAKES_A_COMMA = re.compile("[、。，；]")
Lost = Literal["byte", "sequence", "pair"]
# What can begin a character of two bytes in code pages 936, 949 and 950. In 932, what is between is halfwidth katakana,
# which are characters by themselves and so never bad. Source: bestfit949.txt and its like in Unicode's MAPPINGS.
LEADS = range(0x81, 0xFF)
DROPPED = {
    "controls": re.compile("[\x80-\x9f]"),
    "private use": re.compile("[\ue000-\uf8ff]"),
}
# The marks that the second pass of the glossing machines looks for, as bytes.
AIMED_AT = re.compile(rb"\xa3[\xac\xbb\xa1\xbf]")


def misread(
    text: str,
    *,
    written: str,
    read: str,
    lost: Lost = "byte",
    mark: str = REPLACEMENT,
    size: int | None = None,
) -> str:
    """Write the text in one encoding and read it in another, and lose what fits nowhere as some software does.

    Byte 80 of GBK is the euro sign, and the bytes that code pages 1250 to 1258 leave undefined are C1 controls, as
    Windows and the Web read them.

    Arguments:
        text: What was written.
        written: The encoding it was written in, as Python names its codecs.
        read: The encoding it was read in.
        lost: What one mark stands for. ``"byte"``: each byte that fits nowhere, as Python and iconv do in CJK
            encodings. ``"sequence"``: what was the start of a character, as browsers and Java do (Unicode 16.0, section
            3.9, and the WHATWG Encoding Standard); of two bytes that are no character together both go, unless the
            second is ASCII. ``"pair"``: a lead byte and whatever byte is behind it, as the code pages of Windows do:
            so quotes, brackets and line ends are swallowed.
        mark: What stands for it: U+FFFD, ``?`` (code pages 936, 949 and 950), ``・`` (932), or what a program or
            a person put in its place: ``·``, ``□``, ``■``.
        size: How many bytes the field holds that it was written to, such as a column of a database. The rest is cut,
            be it in the middle of a character.

    Raises:
        UnicodeEncodeError: The text has a character that ``written`` has not.
        LookupError: Python has no codec of one of the names.

    >>> misread("你好", written="utf-8", read="gb18030")
    '浣犲ソ'
    >>> misread("你好", written="gb18030", read="cp1252")
    'ÄãºÃ'

    A page in GBK that an editor takes for UTF-8, and one that takes U+FFFD, saved so, for GBK again:

    >>> misread("你好，", written="gb18030", read="utf-8", lost="sequence")
    '��ã�'
    >>> misread("��", written="utf-8", read="gb18030")
    '锟斤拷'

    PowerShell 5.1 and the console of a Chinese and of a Japanese Windows:

    >>> misread('"你好！"', written="utf-8", read="gb18030", lost="pair", mark="?")
    '"浣犲ソ锛?'
    >>> misread("日本は", written="utf-8", read="cp932", lost="pair", mark="・")
    '譌･譛ｬ縺ｯ'

    A column of ten bytes:

    >>> misread("你好世界", written="utf-8", read="utf-8", lost="sequence", size=10)
    '你好世�'
    """
    data = text.encode(written)[:size]
    token = _losing.set((lost, mark))
    try:
        return data.decode(read, _HANDLER)
    finally:
        _losing.reset(token)


def _lose(error: UnicodeError) -> tuple[str, int]:
    """Put the mark for what begins here, unless its first byte alone is read as something."""
    assert isinstance(error, UnicodeDecodeError)
    lost, mark = _losing.get()
    data, at = error.object, error.start
    alone, _ = lenient.decode(data[at : at + 1], error.encoding)
    if alone != REPLACEMENT:
        return alone, at + 1
    if lost == "byte":
        return mark * (error.end - at), error.end
    if error.encoding == "utf-8" or data[at] not in LEADS:
        # Byte 80 begins nothing, and code pages 932, 949 and 950 read it as the control of its number.
        return ("\x80" if lost == "pair" and data[at] == 0x80 else mark), error.end
    behind = data[at + 1 : at + 2]
    return mark, at + 1 + len(behind if lost == "pair" or behind >= b"\x80" else b"")


_losing: ContextVar[tuple[Lost, str]] = ContextVar("_losing")
_HANDLER = "mojimend.lose"
codecs.register_error(_HANDLER, _lose)


def save_as(text: str, encoding: str) -> str:
    """Save the text in an encoding that has not all of its characters, of which each becomes a question mark.

    So do a table of MySQL in latin1, a literal of SQL Server without N before it, and Encoding.ASCII of .NET.

    Raises:
        LookupError: Python has no codec of that name.

    >>> save_as("5月1日：公园 (park)", "latin-1")
    '5?1???? (park)'
    """
    return text.encode(encoding, "replace").decode(encoding)


def clean(text: str, what: Literal["controls", "private use", "no-break spaces"]) -> str:
    """Clean text as scrapers, sanitizers and databases do who do not know that it is garbled.

    They drop C1 controls or the Private Use Area, or make plain spaces of no-break spaces; each was a byte or two.

    >>> clean(misread("你好", written="utf-8", read="latin-1"), "no-break spaces")
    'ä½ å¥½'
    """
    if what == "no-break spaces":
        return text.replace("\N{NO-BREAK SPACE}", " ")
    return DROPPED[what].sub("", text)


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
