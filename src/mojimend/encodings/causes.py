"""What usually lies behind a misreading: what people call it, which software does it, and how to prevent it.

>>> cause("utf-8", "gb18030").name
'古文码'
>>> print(cause("cp932", "cp437").software)
Unpacking a zip made on CJK Windows: without a flag, its names count as code page 437.
"""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from mojimend.encodings.misread import KOREAN
from mojimend.text.scripts import ANY_HANGUL, ANY_KANA


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
NAMES_BY_SCRIPT = ((ANY_KANA, "文字化け"), (ANY_HANGUL, "글자 깨짐"))

# {code_page} is how unzip and Python call the encoding that the text was written in.
#
# sources: what Windows PowerShell 5.1 takes a file for, cmdlet by cmdlet (Import-Csv is not among those that take it
# for the code page): about_Character_Encoding in MicrosoftDocs/PowerShell-Docs. The flag and code page 437: APPNOTE.TXT
# of PKWARE, appendix D. macOS leaves the flag out: thejoshwolfe/yauzl#84. Latin-1 in tags: the informal standard of
# ID3v2.3.0, section 3.3. Titles: ISO 32000-1, 7.9.2.2 (PDFDocEncoding, which has Latin-1's letters). HTTP: RFC 2616,
# 3.7.1, which psf/requests#5629 still follows.
ROWS = (
    _Row(
        UTF8,
        CJK_OF_WINDOWS,
        "Windows PowerShell 5.1 (Get-Content) or Excel opening a CSV: to them, a file without a byte order mark is in "
        "the system's code page.",
        "Use PowerShell 7, or Get-Content -Encoding utf8. Save a CSV for Excel as UTF-8 with a byte order mark.",
    ),
    _Row(
        UTF8,
        LATIN_1,
        "A MySQL column or connection in latin1, HTTP without a charset, or PowerShell 5.1 and Excel on a Western "
        "Windows.",
        "Set tables and connections to utf8mb4. Send Content-Type with charset=utf-8. Save a CSV for Excel with a "
        "byte order mark.",
    ),
    _Row(
        UTF8,
        OF_ZIP,
        "Unpacking a zip whose names are UTF-8 without the flag that says so, as macOS packs them, or a console in "
        "its DOS code page.",
        "Pack with a program that sets the UTF-8 flag (bit 11). In a console, run chcp 65001 first.",
    ),
    _Row(
        UTF8,
        OF_MAC,
        "Excel for Mac opening a CSV without a byte order mark, or a program of the classic Mac OS.",
        "Save a CSV for Excel as UTF-8 with a byte order mark.",
    ),
    _Row(
        UTF8,
        OF_WINDOWS,
        "A program on Windows, such as Excel: to it, a file without a byte order mark is in the system's code page.",
        "Name UTF-8 where the file is opened, or save it with a byte order mark.",
    ),
    _Row(
        UTF8,
        OF_UNIX,
        "A mail or page without a charset, in a program that expects the old encoding of its region.",
        "Send Content-Type with charset=utf-8, and a meta charset in pages.",
    ),
    _Row(
        CJK,
        LATIN_1,
        "The ID3 tags of music, the title of a PDF, or a page: what does not say its encoding counts as Latin-1.",
        "Write ID3v2 tags and PDF titles in Unicode. Declare the charset of a page, or convert it to UTF-8.",
    ),
    _Row(
        CJK_OF_WINDOWS,
        OF_ZIP,
        "Unpacking a zip made on CJK Windows: without a flag, its names count as code page 437.",
        "Name the code page when you unpack: unzip -O {code_page} (Debian, Ubuntu), or "
        "ZipFile(..., metadata_encoding='{code_page}') in Python.",
    ),
    _Row(
        CJK,
        OF_ZIP,
        "Unpacking a zip made on an old Japanese or Korean system: without a flag, its names count as code page 437.",
        "Name the encoding when you unpack: ZipFile(..., metadata_encoding='{code_page}') in Python.",
    ),
    _Row(
        JAPANESE,
        JAPANESE,
        "A Japanese file, mail or page without a charset: Windows takes it for Shift_JIS, Unix took it for EUC-JP.",
        "Convert it to UTF-8, or declare its charset.",
    ),
    _Row(
        KOREAN,
        KOREAN,
        "A file in Johab, of the days of MS-DOS, in a program that takes all Korean for EUC-KR.",
        "Convert it to UTF-8, or name its encoding where it is opened.",
    ),
    _Row(
        CJK,
        OF_MAC | OF_WINDOWS | OF_UNIX | CJK,
        "A file, tag or game of one region on a system set to another.",
        "Convert it to UTF-8, or name its encoding where it is opened.",
    ),
    _Row(
        CJK,
        UTF8,
        "An editor, server or script that takes everything for UTF-8 and puts U+FFFD for what is not.",
        "Decode the original bytes anew with the right encoding: most of them are lost from this text.",
    ),
)
# What lies behind a loss that nothing brings back, by its kind.
LOSSES = {
    "replaced": Cause(
        "U+FFFD",
        "A decoder that was told the wrong encoding, or given half a character: it puts U+FFFD in its place.",
        "Decode the original bytes anew with the right encoding, and whole: not cut at a number of bytes.",
    ),
    "read as UTF-8": Cause(
        "口字码",
        "An editor, server or script that takes everything for UTF-8 and puts U+FFFD for what is not. The letters in "
        "between are bytes that were UTF-8 by chance.",
        "Decode the original bytes anew with the right encoding: most of them are lost from this text.",
    ),
    "read again": Cause(
        "锟拷码",
        "Two programs: one took the text for UTF-8 and saved U+FFFD for what is not, one read that as before.",
        "Go back to a copy from before. Tell editors and compilers the encoding, or convert all files to UTF-8.",
    ),
    "memory": Cause(
        "烫烫烫",
        "A debug build of Microsoft C or C++ that prints or saves memory that nobody has written to, or a string "
        "without its end.",
        "Mend the program: nothing stood there. Leave out what is behind the end of strings in records.",
    ),
    "question marks": Cause(
        "????",
        "A MySQL table in latin1, an SQL Server literal without N before it, or Encoding.ASCII of .NET: they write ? "
        "for what they have not.",
        "Use utf8mb4 in MySQL, nvarchar and N'...' in SQL Server, UTF-8 elsewhere, and load the text anew.",
    ),
}
CODE_PAGES = {"gb18030": "cp936", "big5hkscs": "cp950"}
UNKNOWN = _Row(
    frozenset(),
    frozenset(),
    "A program that was not told the encoding and guessed.",
    "Name the encoding wherever bytes become text, and make it UTF-8.",
)


def cause(written: str, read: str, text: str = "") -> Cause:
    """Tell what usually makes a text written in one encoding be read in another; both as Python names its codecs.

    With the text as it was written, its language decides what people call it where the encoding can't.

    >>> cause("utf-8", "cp1252").name, cause("utf-8", "cp1252", "こんにちは").name
    ('符号码', '文字化け')
    """
    row = next((row for row in ROWS if written in row.written and read in row.read), UNKNOWN)
    prevention = row.prevention.replace("{code_page}", CODE_PAGES.get(written, written))
    return Cause(_name(written, read, text), row.software, prevention)


def _name(written: str, read: str, text: str) -> str:
    if written in UTF8:
        for script, name in NAMES_BY_SCRIPT:
            if script.count(text):
                return name
    for of_written, of_read, name in NAMES:
        if written in of_written and read in of_read:
            return name
    for encoding in (written, read):
        for encodings, name in NAMES_BY_LANGUAGE:
            if encoding in encodings:
                return name
    return "mojibake"
