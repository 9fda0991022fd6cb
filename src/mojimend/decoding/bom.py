"""A byte order mark says which encoding follows: EF BB BF, FF FE, FE FF, and the two of UTF-32."""

from __future__ import annotations

import codecs

# UTF-32 comes first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_MARK = tuple(mark for mark, _ in MARKS)


def mark_of(data: bytes) -> tuple[bytes, str] | None:
    r"""Return the mark that the bytes begin with and its encoding.

    >>> mark_of(b"\xff\xfea\0")
    (b'\xff\xfe', 'utf-16-le')
    """
    if not data.startswith(_ANY_MARK):
        return None
    return next((mark, encoding) for mark, encoding in MARKS if data.startswith(mark))
