"""A stream of bytes read as text, in pieces: memory is bounded whatever the size of the file.

A file that fits into one piece is decoded as a whole. Of a longer one the first piece tells the encoding, and each
later piece is read in that as long as it fits: so a file of ASCII whose first Chinese stands far behind, or one that
was put together from two encodings, is read right from piece to piece.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import BinaryIO

from mojimend.decoding.bom import mark_of
from mojimend.decoding.decide import decode
from mojimend.decoding.result import Decoding, Evidence
from mojimend.encodings import lenient
from mojimend.formats.compression import CannotRead, damage_is_told
from mojimend.formats.format import Format, anywhere
from mojimend.kernel import Characters
from mojimend.text.later import later

# 1 MiB: a page of the web has 0.03 MB, one in ten thousand has more than this; two processes hold some ten such pieces
# at a time, in several copies.
PIECE = 1 << 20
# How much is held in search of the end of a record. A longer one is read in parts, and so is a line of plain text that
# is longer than a piece: damaged text takes 30 to 150 times its size to mend.
LONGEST = 8 * PIECE

# More bytes than this in no character of the encoding, of those that are not ASCII, and it is another one.
_MOST_LOST = 0.02
_ASCII = bytes(range(0x80))

# A byte that is in no character stands for itself in the text (PEP 383), so that it can be written as it was.
BYTES = "\udc80-\udcff"
BYTE, ANY_BYTE = later(f"[{BYTES}]"), Characters(BYTES)


class NotText(CannotRead):
    """The bytes are no text in any encoding."""


class CannotKeep(CannotRead):
    """A text does not go back into its encoding byte for byte."""


class Reading:
    """How a file was read; complete when the last piece has been.

    ``unread`` counts the records of an archive whose encoding could not be told.
    """

    def __init__(self) -> None:
        self.encoding = "utf-8"
        self.others: set[str] = set()
        self.mark = b""
        self.confidence = 1.0
        self.lost = self.first_lost = self.bytes_read = self.unread = 0
        self.evidence: tuple[Evidence, ...] = ()

    @property
    def keeps_bytes(self) -> bool:
        """Whether the text, lost bytes and all, is written as it was read: the file is UTF-8 throughout."""
        return self.encoding == "utf-8" and not self.others


def pieces(
    stream: BinaryIO, reading: Reading, *, keep: bool = False, languages: Iterable[str] = (), size: int = PIECE
) -> Iterator[str]:
    """Yield the text of a stream, in pieces that end at line ends where there are any.

    In UTF-8 a byte that is in no character is a lone surrogate (PEP 383), elsewhere U+FFFD. With ``keep`` every text
    goes back into its encoding byte for byte.

    Raises:
        CannotRead: The stream is a compressed one that is damaged.
        CannotKeep: Some bytes would not come back.
        NotText: The first piece is no text.
    """
    data = _at_least(stream, size + 1)
    is_first = True
    while data:
        end = len(data) if len(data) <= size else _cut(data[:size], reading.encoding if not is_first else None)
        rest = data[end:]
        if is_first:
            text = _first(data[:end], reading, tuple(languages))
        else:
            text = _later(data[:end], reading, tuple(languages))
        if keep:
            text = _same_bytes(data[len(reading.mark) if is_first else 0 : end], text, reading)
        reading.bytes_read += end
        is_first = False
        yield text
        data = rest + _at_least(stream, size + 1 - len(rest))


def cut_by(form: Format, texts: Iterable[str], longest: int = LONGEST) -> Iterator[str]:
    """Cut texts anew, at the boundaries of a format."""
    held = ""
    waiting = iter(texts)
    following = next(waiting, None)
    while following is not None:
        held += following
        following = next(waiting, None)
        if following is None:
            break
        end = form.boundary(held)
        if not end and (form.may_be_cut or len(held) >= longest):
            end = anywhere(held)
        if end:
            yield held[:end]
            held = held[end:]
    if held:
        yield held


def _at_least(stream: BinaryIO, size: int) -> bytes:
    """Read so many bytes, fewer only at the end."""
    parts, have = [], 0
    with damage_is_told():
        while have < size and (part := stream.read(size - have)):
            parts.append(part)
            have += len(part)
    return b"".join(parts)


def _cut(data: bytes, encoding: str | None) -> int:
    """Return where to end a piece: behind a line end, or at least between two characters."""
    if encoding is None and (marked := mark_of(data)):
        encoding = marked[1]
    line_end = "\n".encode(encoding or "utf-8")
    at = data.rfind(line_end)
    # In UTF-16 and UTF-32 the bytes of a line end can also be halves of two other characters.
    while at > 0 and at % len(line_end):
        at = data.rfind(line_end, 0, at + len(line_end) - 1)
    if at < 0 and len(line_end) == 1:
        at = data.rfind(b"\r", 0, len(data) - 1)
    if at >= 0:
        return at + len(line_end)
    decoder = codecs.getincrementaldecoder(encoding or decode(data).encoding or "utf-8")("replace")
    decoder.decode(data)
    return len(data) - len(decoder.getstate()[0])


def _first(data: bytes, reading: Reading, languages: tuple[str, ...]) -> str:
    decoding = decode(data, languages=languages)
    reading.evidence = decoding.evidence
    if decoding.encoding is None:
        reasons = [e.reason for e in decoding.evidence if e.stage == "binary"]
        raise NotText(f"not text: {'; '.join(reasons or [e.reason for e in decoding.evidence])}")
    reading.encoding, reading.confidence = decoding.encoding, decoding.confidence
    found = mark_of(data) if decoding.bom else None
    reading.mark = found[0] if found else b""
    return _text(data[len(reading.mark) :], decoding, reading, len(reading.mark))


def _later(data: bytes, reading: Reading, languages: tuple[str, ...]) -> str:
    if reading.encoding == "utf-8" or data.isascii():
        with suppress(UnicodeDecodeError):
            return data.decode(reading.encoding)
    text, lost = lenient.decode(data, reading.encoding)
    here = Decoding(text, reading.encoding, reading.confidence, lost)
    # What looks like a mark inside of a file is none, and decode() would take it off.
    if not mark_of(data):
        beyond_ascii = len(data.translate(None, _ASCII))
        decoding = decode(data, declared=reading.encoding, languages=languages)
        if decoding.encoding == "utf-8" or (decoding.encoding and len(lost) > _MOST_LOST * beyond_ascii):
            here = decoding
    if here.encoding is not None and here.encoding != reading.encoding:
        reading.others.add(here.encoding)
        reading.confidence = min(reading.confidence, here.confidence)
    return _text(data, here, reading, 0)


def _text(data: bytes, decoding: Decoding, reading: Reading, offset: int) -> str:
    """Note what was lost, and return the text."""
    if decoding.errors and not reading.lost:
        reading.first_lost = reading.bytes_read + decoding.errors[0] + (offset if not decoding.bom else 0)
    reading.lost += len(decoding.errors)
    if decoding.mixed:
        here = {region.encoding or "no encoding at all" for region in decoding.regions}
        reading.others |= here - {reading.encoding}
    elif decoding.encoding == "utf-8" and decoding.errors:
        return data.decode("utf-8", "surrogateescape")
    return decoding.text


def _same_bytes(data: bytes, text: str, reading: Reading) -> str:
    """Return the text so that it goes back byte for byte."""
    if reading.others:
        raise CannotKeep(f"is in {reading.encoding} and {', '.join(sorted(reading.others))}: no one encoding to keep")
    try:
        escaped = data.decode(reading.encoding, "surrogateescape")
    except UnicodeDecodeError:  # UTF-16 that ends inside of a unit
        escaped = text
    for same in (text, escaped):
        try:
            if encoded(same, reading.encoding) == data:
                return same
        except UnicodeEncodeError:
            continue
    raise CannotKeep(f"some of its bytes do not come back from {reading.encoding}; leave out --keep-encoding")


def encoded(text: str, encoding: str) -> bytes:
    """Write a text; the bytes that stand for themselves come out as they were, and so do halves of pairs.

    Raises:
        UnicodeEncodeError: The encoding lacks a character.
    """
    try:
        return text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        if not encoding.startswith("utf"):
            raise
        # Some codecs (UTF-7) read lone surrogates from bytes; they go out as they came in, not as an exception.
        return text.encode(encoding, "surrogatepass")
