r"""Decode to the end, whatever the bytes: each byte that fits nowhere becomes U+FFFD, and its offset is kept.

>>> decode(b"\xc4\xe3\xff\xba\xc3 \x80", "gb18030")
('你\ufffd好 €', (2,))
"""

from __future__ import annotations

import codecs
from contextvars import ContextVar
from functools import lru_cache

from mojimend.encodings.gbk import EURO_SIGN
from mojimend.text.later import later

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Their holes stand for the C1 control of the same number (WHATWG Encoding Standard, index-windows-1252 and others).
WITH_HOLES = frozenset({"cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1257", "cp1258"})
_FAMILY_OF_GBK = frozenset({"gb2312", "gbk", "gb18030"})
# The bytes from here on stand in pairs in EUC and in most of what holds it.
FIRST_OF_PAIR = 0xA1
# No byte of these is a part of a longer character in any of the encodings (30 to 3F are in two).
BOUNDARY = later(rb"[\x00-\x2f]")
# The handler of errors for pairs; it keeps no offsets.
PAIR_BY_PAIR = "mojimend.pairs"
_lost: ContextVar[list[int]] = ContextVar("_lost")


def decode(data: bytes, encoding: str) -> tuple[str, tuple[int, ...]]:
    """Return the text, and the byte offset of each byte that was lost.

    ``encoding`` is a name of a codec of Python's. In the family of GBK the byte 80 is the euro sign, and the
    bytes that code pages 1250 to 1258 leave undefined are C1 controls, as on the Web.

    Raises:
        LookupError: Python has no codec of that name.
    """
    name = codecs.lookup(encoding).name
    handler = _HANDLERS["gbk" if name in _FAMILY_OF_GBK else "holes" if name in WITH_HOLES else "replace"]
    token = _lost.set([])
    try:
        return data.decode(encoding, handler), tuple(_lost.get())
    finally:
        _lost.reset(token)


@lru_cache(maxsize=256)
def lost_in_words(count: int) -> str:
    """Say how many characters were lost, most often a few: a text may have a million such places.

    >>> lost_in_words(1), lost_in_words(2)
    ('1 character lost', '2 characters lost')
    """
    return f"{count} character{'s' * (count > 1)} lost"


def _replace(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    _lost.get().extend(range(error.start, error.end))
    return REPLACEMENT * (error.end - error.start), error.end


def _replace_in_gbk(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    if error.object[error.start] == 0x80:
        return EURO_SIGN, error.start + 1
    return _replace(error)


def _replace_pair(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    pair = error.object[error.start : error.start + 2]
    # A pair without a character is still a pair: one byte alone would turn all pairs behind it into others.
    if len(pair) == 2 and min(pair) >= FIRST_OF_PAIR:
        end = error.start + 2
    elif BOUNDARY.match(pair, 1) or (error.encoding.startswith("euc_j") and min(pair[1:], default=0) < FIRST_OF_PAIR):
        # Of what breaks off in the middle of three bytes the codec counts as a part what cannot be one.
        end = error.start + 1
    else:
        end = error.end
    return REPLACEMENT * (end - error.start), end


def _fill_hole(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return chr(error.object[error.start]), error.start + 1


_HANDLERS = {"replace": "mojimend.replace", "gbk": "mojimend.gbk", "holes": "mojimend.holes"}
codecs.register_error(PAIR_BY_PAIR, _replace_pair)
codecs.register_error(_HANDLERS["replace"], _replace)
codecs.register_error(_HANDLERS["gbk"], _replace_in_gbk)
codecs.register_error(_HANDLERS["holes"], _fill_hole)
