r"""EUC-TW, the Unix encoding of Taiwan, which Python has no codec for: planes 1 and 2 of CNS 11643.

The two planes have all of Big5 and little more, in nearly its order, so their table is one of ranges of Big5. The
planes above have rare characters for names; they are bad bytes here.

>>> b"\xc4\xa1\xc4\xa2".decode("euc_tw"), b"\x8e\xa2\xa1\xa1".decode("euc_tw")
('一乙', '乂')
>>> "乂".encode("euc_tw")
b'\x8e\xa2\xa1\xa1'
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from mojimend.tables import rows

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

NAME = "euc_tw"
# Plane 1 may be written either way.
_PREFIXES = {"1": (b"", b"\x8e\xa1"), "2": (b"\x8e\xa2",)}
_CELLS = range(0xA1, 0xFF)
_TRAILS_OF_BIG5 = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
# A run of ASCII, a character, or a byte that is none.
_CHARACTER = re.compile(rb"[\x00-\x7f]+|\x8e[\xa1-\xb0][\xa1-\xfe]{2}|[\xa1-\xfe]{2}|[\x80-\xff]")
_HALF = re.compile(rb"(?:\x8e(?:[\xa1-\xb0][\xa1-\xfe]?)?|[\xa1-\xfe])\Z")


def _from(first: str, trails: range | tuple[int, ...]) -> Iterator[bytes]:
    """Yield the pairs of bytes from one on, given in hexadecimal."""
    lead, trail = bytes.fromhex(first)
    while lead <= 0xFF:
        yield from (bytes((lead, other)) for other in trails if other >= trail)
        lead, trail = lead + 1, 0


@cache
def characters() -> dict[bytes, str]:
    """Return the characters by their bytes, ASCII aside."""
    table: dict[bytes, str] = {}
    for plane, first, which, *count in rows("cns11643.tsv"):
        chars = which
        if count:
            chars = b"".join(islice(_from(which, _TRAILS_OF_BIG5), int(count[0]))).decode("cp950")
        for pair, char in zip(_from(first, _CELLS), chars, strict=False):
            table.update((prefix + pair, char) for prefix in _PREFIXES[plane])
    return table


@cache
def _bytes_of() -> dict[str, bytes]:
    # The shorter way to write a character of plane 1 comes last.
    return {char: data for data, char in sorted(characters().items(), key=lambda item: -len(item[0]))}


def decode(data: ReadableBuffer, errors: str = "strict", final: bool = True) -> tuple[str, int]:
    """Decode as the function of a codec does: return the text, and how many bytes were read.

    Raises:
        UnicodeDecodeError: A byte is bad, and ``errors`` says so.
    """
    data = bytes(data)
    table = characters()
    pieces: list[str] = []
    at = 0
    while found := _CHARACTER.match(data, at):
        piece = found[0]
        if piece.isascii():
            pieces.append(piece.decode("ascii"))
        elif char := table.get(piece):
            pieces.append(char)
        elif not final and _HALF.match(data, at):
            break
        else:
            error = UnicodeDecodeError(NAME, data, at, at + 1, "no character of planes 1 and 2")
            said, at = codecs.lookup_error(errors)(error)
            pieces.append(str(said))
            continue
        at = found.end()
    return "".join(pieces), at


def encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
    """Encode as the function of a codec does: return the bytes, and how many characters were read.

    Raises:
        UnicodeEncodeError: A character is in neither plane, and ``errors`` says so.
    """
    table = _bytes_of()
    pieces: list[bytes] = []
    at = 0
    while at < len(text):
        char = text[at]
        piece = char.encode("ascii") if char.isascii() else table.get(char)
        if piece is None:
            error = UnicodeEncodeError(NAME, text, at, at + 1, "no character of planes 1 and 2")
            said, at = codecs.lookup_error(errors)(error)
            piece = said if isinstance(said, bytes) else encode(said)[0]
        else:
            at += 1
        pieces.append(piece)
    return b"".join(pieces), len(text)


class _IncrementalDecoder(codecs.BufferedIncrementalDecoder):
    def _buffer_decode(self, input: ReadableBuffer, errors: str, final: bool) -> tuple[str, int]:
        return decode(input, errors, final)


class _IncrementalEncoder(codecs.IncrementalEncoder):
    def encode(self, input: str, final: bool = False) -> bytes:  # noqa: ARG002  (as the base class has it)
        return encode(input, self.errors)[0]


CODEC = codecs.CodecInfo(
    encode, decode, incrementalencoder=_IncrementalEncoder, incrementaldecoder=_IncrementalDecoder, name=NAME
)
