"""UTF-8 with nothing in it that another stage would have to look at, as nearly every file is."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from mojimend.decoding import binary
from mojimend.decoding.bom import mark_of
from mojimend.decoding.result import Decoding, Evidence, whole

_HEAD = 1 << 12
VALID = Evidence("utf-8", "utf-8", 1.0, "every sequence is whole")


class InUtf8(NamedTuple):
    """What bytes say in UTF-8, or where the first of them is that are none, and why."""

    data: bytes
    text: str
    first: int
    reason: str


def in_utf_8(data: bytes) -> InUtf8:
    """Read bytes in UTF-8.

    >>> in_utf_8("汉字".encode()).text, in_utf_8("汉字".encode("gbk"))[1:]
    ('汉字', ('', 0, 'invalid start byte'))
    """
    try:
        # What is in another encoding soon shows it, and room for all of it would take longer to make.
        codecs.utf_8_decode(data[:_HEAD], "strict", False)
        return InUtf8(data, data.decode("utf-8"), len(data), "")
    except UnicodeDecodeError as error:
        return InUtf8(data, "", error.start, error.reason)


def plain_utf_8(read: InUtf8) -> Decoding | None:
    """Return such a file as it was read in UTF-8; None if it is anything else."""
    data = read.data
    # Where there is none of these, nothing shifts into another encoding, and nothing is UTF-16 or a block of NULs.
    if read.reason or b"\x1b" in data or b"~" in data or b"\0" in data:
        return None
    if mark_of(data) or binary.kind_of(data) or binary.controls_in(data, is_utf_8=True):
        return None
    return Decoding(read.text, "utf-8", 1.0, (), whole(data, "utf-8"), (VALID,))
