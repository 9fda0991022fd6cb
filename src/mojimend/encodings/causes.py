"""What usually lies behind a misreading: what people call it, which software does it, and how to prevent it.

>>> cause("utf-8", "gb18030").name
'古文码'
>>> print(cause("cp932", "cp437").software)
Unpacking a zip made on CJK Windows: without a flag, its names count as code page 437.
"""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple


class Cause(NamedTuple):
    """Why a text was misread, in short sentences for people."""

    name: str
    software: str
    prevention: str


class _Row(NamedTuple):
    """The misreadings from one set of encodings to another, which the same software commits."""

    written: Set[str]
    read: Set[str]
    software: str
    prevention: str


UTF8 = frozenset({"utf-8"})
JAPANESE = frozenset({"cp932", "shift_jis_2004", "euc_jp", "euc_jis_2004"})
KOREAN = frozenset({"cp949", "johab"})
TRADITIONAL = frozenset({"cp950", "big5hkscs"})
CJK = JAPANESE | KOREAN | TRADITIONAL | {"gb18030"}
CJK_OF_WINDOWS = frozenset({"gb18030", "cp932", "cp949"}) | TRADITIONAL
LATIN_1 = frozenset({"latin-1", "cp1252"})
OF_ZIP = frozenset({"cp437", "cp850"})
OF_MAC = frozenset({"mac_roman"})
OF_WINDOWS = frozenset({"cp1250", "cp1251", "cp1253", "cp1254", "cp1257"})
OF_UNIX = frozenset({"euc_jp", "koi8_r"})

# source for the Chinese names: justjavac/unicode-encoding-error-table on GitHub
NAMES = (
    (UTF8, {"gb18030"}, "古文码"),
    ({"gb18030"}, UTF8, "口字码"),
    (UTF8, LATIN_1, "符号码"),
    ({"gb18030"}, LATIN_1, "拼音码"),
)
# What those call any other garbled text who write, or else read, in the encoding.
NAMES_BY_LANGUAGE = (
    ({"gb18030"}, "乱码"),
    (TRADITIONAL, "亂碼"),
    (JAPANESE, "文字化け"),
    (KOREAN, "글자 깨짐"),
)

ROWS = (
    _Row(
        UTF8,
        CJK_OF_WINDOWS,
        "Windows PowerShell 5.1 (Get-Content, Import-Csv), or Excel opening a CSV: they take a file without a byte "
        "order mark to be in the code page of the system.",
        "Use PowerShell 7, or say -Encoding utf8. Save a CSV for Excel as UTF-8 with a byte order mark.",
    ),
    _Row(
        UTF8,
        LATIN_1,
        "A MySQL column or connection in latin1, or a program that takes HTTP without a charset for Latin-1.",
        "Set tables and connections to utf8mb4. Send Content-Type with charset=utf-8.",
    ),
    _Row(
        UTF8,
        OF_ZIP,
        "Unpacking a zip that has UTF-8 names and no flag to say so, or a console in its DOS code page.",
        "Pack with a program that sets the UTF-8 flag (bit 11). In a console, run chcp 65001 first.",
    ),
    _Row(
        UTF8,
        OF_MAC,
        "Excel for Mac opening a CSV, or a program of the classic Mac OS.",
        "Save a CSV for Excel as UTF-8 with a byte order mark.",
    ),
    _Row(
        UTF8,
        OF_WINDOWS,
        "A program on Windows that takes a file without a byte order mark to be in the code page of the system.",
        "Name UTF-8 where the file is opened, or save it with a byte order mark.",
    ),
    _Row(
        UTF8,
        OF_UNIX,
        "A mail or page without a charset, in a program that expects the old encoding of its country.",
        "Send Content-Type with charset=utf-8, and a meta charset in pages.",
    ),
    _Row(
        CJK,
        LATIN_1,
        "A player reading ID3 tags, which count as Latin-1 where they do not say otherwise, a page without a charset, "
        "or text copied from a PDF that has no ToUnicode table.",
        "Write ID3v2.4 tags in UTF-8. Declare the charset of a page, or convert it to UTF-8.",
    ),
    _Row(
        CJK,
        OF_ZIP,
        "Unpacking a zip made on CJK Windows: without a flag, its names count as code page 437.",
        "Name the code page when you unpack: unzip -O cp936, or ZipFile(..., metadata_encoding='cp936') in Python.",
    ),
    _Row(
        CJK,
        OF_MAC | OF_WINDOWS | OF_UNIX | CJK,
        "A file, tag or game from one country on a system set to another.",
        "Convert the file to UTF-8, or name its encoding where it is opened.",
    ),
    _Row(
        CJK,
        UTF8,
        "An editor, server or script that takes everything for UTF-8 and puts U+FFFD for what is not.",
        "Decode the original bytes anew with the right encoding: most of them are lost from this text.",
    ),
)
UNKNOWN = _Row(
    frozenset(),
    frozenset(),
    "A program that was not told the encoding and guessed.",
    "Name the encoding wherever bytes become text, and make it UTF-8.",
)


def cause(written: str, read: str) -> Cause:
    """Tell what usually makes a text written in one encoding be read in another; both as Python names its codecs."""
    row = next((row for row in ROWS if written in row.written and read in row.read), UNKNOWN)
    return Cause(_name(written, read), row.software, row.prevention)


def _name(written: str, read: str) -> str:
    for of_written, of_read, name in NAMES:
        if written in of_written and read in of_read:
            return name
    for encoding in (written, read):
        for encodings, name in NAMES_BY_LANGUAGE:
            if encoding in encodings:
                return name
    return "mojibake"
