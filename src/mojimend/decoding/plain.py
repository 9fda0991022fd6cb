"""UTF-8 with nothing in it that another stage would have to look at, as nearly every file is."""

from __future__ import annotations

import codecs

from mojimend.decoding import binary
from mojimend.decoding.bom import mark_of
from mojimend.decoding.result import Decoding, Evidence, whole

_HEAD = 1 << 12
VALID = Evidence("utf-8", "utf-8", 1.0, "every sequence is whole")


def plain_utf_8(data: bytes) -> Decoding | None:
    """Read such a file; None if it is anything else.

    >>> plain_utf_8("汉字".encode()).text, plain_utf_8("汉字".encode("gbk"))
    ('汉字', None)
    """
    # Where there is none of these, nothing shifts into another encoding, and nothing is UTF-16 or a block of NULs.
    if b"\x1b" in data or b"~" in data or b"\0" in data:
        return None
    try:
        text = decode_utf_8(data)
    except UnicodeDecodeError:
        return None
    if mark_of(data) or binary.kind_of(data) or binary.controls_in(data, is_utf_8=True):
        return None
    return Decoding(text, "utf-8", 1.0, (), whole(data, "utf-8"), (VALID,))


def decode_utf_8(data: bytes) -> str:
    """Read UTF-8.

    Raises:
        UnicodeDecodeError: It is none.
    """
    # What is in another encoding soon shows it, and room for all of it would take longer to make.
    codecs.utf_8_decode(data[:_HEAD], "strict", False)
    return data.decode("utf-8")
