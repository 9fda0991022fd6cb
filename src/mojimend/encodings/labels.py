"""What a label means, and which codec of Python's reads it without loss.

A label for a national standard is used in the wild for the vendor's superset, so it is read as that. The labels are
those of the WHATWG Encoding Standard and of Python.

>>> codec_name("GB2312"), codec_name("Shift-JIS"), codec_name("x-unknown")
('gb18030', 'cp932', None)
"""

from __future__ import annotations

import codecs
from functools import lru_cache

SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "ascii": "utf-8",
    "utf-8-sig": "utf-8",
}

# Labels of the Encoding Standard, and some of mail and Java, that Python does not know.
LABELS = {
    "cn-big5": "big5",
    "x-x-big5": "big5",
    "ms950": "cp950",
    "x-gbk": "gbk",
    "gb_2312": "gb2312",
    "gb_2312-80": "gb2312",
    "csgb2312": "gb2312",
    "hz-gb-2312": "hz",
    "x-sjis": "shift_jis",
    "x-ms-cp932": "cp932",
    "x-euc-jp": "euc_jp",
    "cseucpkdfmtjapanese": "euc_jp",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "unicode-1-1-utf-8": "utf-8",
    "unicode11utf8": "utf-8",
    "unicode": "utf-16-le",
    "dos-874": "cp874",
    "windows-874": "cp874",
    "euctw": "euc_tw",
    "x-euc-tw": "euc_tw",
    "cns11643": "euc_tw",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ce": "mac_latin2",
    "x-user-defined": "cp1252",
}
LABELS |= {f"x-cp125{digit}": f"cp125{digit}" for digit in range(9)}

# Codecs of Python's that turn text into text or that no file is in.
NOT_OF_FILES = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})


@lru_cache(maxsize=256)
def codec_name(label: str) -> str | None:
    """Return the codec of Python's that reads what is labelled so, or None if there is none.

    A whole header is a label too:

    >>> codec_name("text/html; charset=gbk")
    'gb18030'
    """
    _, _, value = label.lower().rpartition("charset=")
    label = value.partition(";")[0].strip().strip("\"'").strip()
    label = LABELS.get(label.replace(" ", ""), label)
    try:
        "".encode(label)  # looking a codec up also finds those that take bytes (hex, zlib); this does not
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return None if name in NOT_OF_FILES else SUPERSETS.get(name, name)
