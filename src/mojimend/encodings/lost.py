r"""Bytes that were lost in a misreading, and what the bytes around them still say.

Software that meets bytes that are no character in the encoding it takes them for puts U+FFFD for each, as Python and
iconv do, or ? for a lead byte and the byte behind it, as code pages 936 and 949 of Windows do. What is left of a
character that lost a byte is U+FFFD here; the characters around it come back.

    >>> feed_lost("utf-8", b"\xe4\xb8")
    [('�', b'')]
    >>> feed_lost("utf-8", b"")
    [('', b'\x00?')]
    >>> feed_behind("utf-8", b"\0?", b"\x94\xaf\xe6")
    ('�', b'\xe6')
"""

from __future__ import annotations

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.misread import feed

# What waits behind a lost byte begins so: this byte is a character by itself and never waits. Then comes how many bytes
# of the broken character are still to come, or ? and those that came where its lead byte was lost.
BROKEN = b"\0"
LEAD_LOST = BROKEN + b"?"
MOST_BEHIND = 2


def is_broken(waiting: bytes) -> bool:
    """Tell whether the bytes that wait belong to a character that lost one."""
    return waiting.startswith(BROKEN)


def feed_lost(written: str, waiting: bytes) -> list[tuple[str, bytes]]:
    """Return each way to go on over a lost byte: the characters it completes and the bytes that then wait."""
    if not is_broken(waiting):
        if not waiting:
            return [("", LEAD_LOST)]
        return [_count_down(_length(written, waiting[0]) - len(waiting))]
    if waiting.startswith(LEAD_LOST):
        # It goes on with the character, or begins another.
        return [(REPLACEMENT, LEAD_LOST), _one_more_behind(written, waiting)]
    return [_count_down(waiting[1])]


def feed_behind(written: str, waiting: bytes, piece: bytes) -> tuple[str, bytes] | None:
    """Return what the piece completes and what then waits, behind a lost byte; None if it can't follow."""
    text = ""
    for at, byte in enumerate(piece):
        if not is_broken(waiting):
            fed = feed(written, waiting, piece[at:])
            return fed and (text + fed[0], fed[1])
        belongs = 0x80 <= byte < 0xC0 if written == "utf-8" else byte >= 0x40
        if belongs and waiting.startswith(LEAD_LOST):
            done, waiting = _one_more_behind(written, waiting)
        elif belongs:
            done, waiting = _count_down(waiting[1])
        elif waiting.startswith(LEAD_LOST):
            fed = feed(written, b"", piece[at:])
            return fed and (text + REPLACEMENT + fed[0], fed[1])
        else:
            return None
        text += done
    return text, waiting


def _length(written: str, lead: int) -> int:
    """Return how many bytes a character has, by its first."""
    if written != "utf-8":
        return 2
    return 4 if lead >= 0xF0 else 3 if lead >= 0xE0 else 2


def _count_down(to_come: int) -> tuple[str, bytes]:
    """Take one byte of those still to come."""
    return (REPLACEMENT, b"") if to_come <= 1 else ("", BROKEN + bytes((to_come - 1,)))


def _one_more_behind(written: str, waiting: bytes) -> tuple[str, bytes]:
    """Take one byte behind a lead byte that was lost."""
    most = MOST_BEHIND if written == "utf-8" else 1
    came = len(waiting) - len(LEAD_LOST) + 1
    return (REPLACEMENT, b"") if came >= most else ("", waiting + b"-")
