r"""Bytes that were lost in a misreading, and what the bytes around them still say.

Software that meets bytes that are no character in the encoding it takes them for puts something in their place: U+FFFD
for each, as Python and iconv do, or ? for a lead byte and the byte behind it, as code pages 936 and 949 of Windows do.
What is left of a character that lost a byte is told as U+FFFD and the bytes that are known of it, an unknown one as
FF, which is part of no character in any of these encodings. The characters around it come back.

    >>> feed_lost("utf-8", b"\xe4\xb8")
    [(('�ä¸ÿ',), b'')]
    >>> feed_lost("utf-8", b"")
    [((), b'\xff')]
    >>> feed_behind("utf-8", b"\xff", b"\x94\xaf\xe6")
    (('�ÿ\x94¯',), b'\xe6')
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.misread import feed

UNKNOWN = b"\xff"
_IS_UNKNOWN = UNKNOWN[0]


class Lost(NamedTuple):
    """A character that lost bytes: its place in the text of the stretch, where its bytes stand in the line, and they.

    An unknown byte is FF.
    """

    at: int
    start: int
    end: int
    known: bytes


def lost(known: bytes) -> str:
    """Return what stands for a character of which only these bytes are known: U+FFFD and the bytes, as Latin-1."""
    return REPLACEMENT + known.decode("latin-1")


def known_of(char: str) -> bytes:
    r"""Return the bytes that are known of what ``lost`` made.

    >>> known_of(lost(b"\xe4\xb8\xff"))
    b'\xe4\xb8\xff'
    """
    return char[1:].encode("latin-1")


def is_broken(waiting: bytes) -> bool:
    """Tell whether the bytes that wait belong to a character that lost one."""
    return _IS_UNKNOWN in waiting


def length(written: str, lead: int) -> int:
    """Return how many bytes a character has, by its first; of one that was lost, the most that are common."""
    if written != "utf-8":
        return 2
    return 2 if lead < 0xE0 else 4 if 0xF0 <= lead < _IS_UNKNOWN else 3


def feed_lost(written: str, waiting: bytes) -> list[tuple[Sequence[str], bytes]]:
    """Return each way to go on over a lost byte: the characters it completes and the bytes that then wait."""
    ways: list[tuple[Sequence[str], bytes]] = [_one_more(written, waiting, _IS_UNKNOWN)]
    if waiting.startswith(UNKNOWN):
        # It goes on with the character, or begins another.
        ways.append(((lost(waiting),), UNKNOWN))
    return ways


def feed_behind(written: str, waiting: bytes, piece: bytes) -> tuple[Sequence[str], bytes] | None:
    """Return what the piece completes and what then waits, behind a lost byte; None if it can't follow."""
    done: tuple[str, ...] = ()
    for at, byte in enumerate(piece):
        belongs = 0x80 <= byte < 0xC0 if written == "utf-8" else byte >= 0x40
        if is_broken(waiting) and belongs:
            more, waiting = _one_more(written, waiting, byte)
            done += tuple(more)
            continue
        if is_broken(waiting):
            if not waiting.startswith(UNKNOWN):
                return None
            done, waiting = (*done, lost(waiting)), b""
        fed = feed(written, waiting, piece[at:])
        return fed and ((*done, *fed[0]), fed[1])
    return done, waiting


def give_up(written: str, waiting: bytes) -> str:
    """Return the character whose last bytes vanished without a trace."""
    return lost(waiting.ljust(length(written, waiting[0]), UNKNOWN))


def _one_more(written: str, waiting: bytes, byte: int) -> tuple[Sequence[str], bytes]:
    known = waiting + bytes((byte,))
    return ((lost(known),), b"") if len(known) >= length(written, known[0]) else ((), known)
