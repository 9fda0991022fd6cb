"""What people call the encodings that Python names its own way.

>>> called("gb18030"), called("cp437")
('GBK', 'code page 437')
>>> in_words([("utf-8", "cp1252"), ("utf-8", "gb18030")])
'UTF-8 read as Windows-1252, then UTF-8 read as GBK'
"""

from __future__ import annotations

from collections.abc import Iterable

NAMES = {
    "utf-8": "UTF-8",
    "gb18030": "GBK",
    "big5hkscs": "Big5",
    "cp950": "Big5",
    "cp932": "Shift_JIS",
    "shift_jis_2004": "Shift_JIS-2004",
    "euc_jp": "EUC-JP",
    "euc_jis_2004": "EUC-JIS-2004",
    "cp949": "EUC-KR",
    "johab": "Johab",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "latin-1": "Latin-1",
    "mac_roman": "Mac Roman",
    "cp437": "code page 437",
    "cp850": "code page 850",
    "koi8_r": "KOI8-R",
}


def called(codec: str) -> str:
    """Return the name that people use; a codec that has no such name keeps its own."""
    return NAMES.get(codec, codec)


def in_words(misreadings: Iterable[tuple[str, str]]) -> str:
    """Say what was written and read as what, in the order in which it happened."""
    return ", then ".join(f"{called(written)} read as {called(read)}" for written, read in misreadings)
