"""Files of any size, read in pieces with bounded memory.

The encoding is told from the first bytes that are not ASCII, from the middle and from the end; then each block is read
with what was found, and lines that are in another encoding are read in that.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from mojimend.decoding import escape, regions, resync
from mojimend.decoding.bom import mark_of
from mojimend.decoding.decide import decode
from mojimend.decoding.result import Decoding
from mojimend.encodings import lenient
from mojimend.text.later import later

# Bytes of each place that is looked at, and of each block that is read.
_LOOKED_AT = 1 << 16
_BLOCK = 1 << 20
# Bytes read at once while the first that is not ASCII is looked for.
_SKIPPED = 1 << 20
_WIDE = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
_HIGH = later(rb"[\x80-\xff]")
_LONGEST_CHARACTER = 4


class DecodedFile(io.TextIOWrapper):
    """A text file whose encoding was found out; ``decoding`` tells how, for the bytes that were looked at."""

    decoding: Decoding


def open_text(
    path: str | Path,
    *,
    declared: str | None = None,
    languages: Iterable[str] = (),
    candidates: Iterable[str] = (),
    domain: str = "",
    newline: str | None = None,
) -> DecodedFile:
    r"""Open a file for reading whatever its encoding and its size; memory stays bounded.

    Bytes that were lost are read as U+FFFD. Where the file is no text, its bytes from 80 up are lone surrogates, and
    ``decoding.encoding`` is None.

    Arguments:
        path: The file.
        declared: As for ``decode``.
        languages: As for ``decode``.
        candidates: As for ``decode``.
        domain: As for ``decode``.
        newline: As for ``open``: None makes every line end ``"\n"``, ``""`` leaves them as they are.

    Raises:
        OSError: The file can't be read.
        UnknownName: As for ``decode``.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     _ = file.write("一行\n二行\n".encode("big5")); file.flush()
    ...     with open_text(file.name) as text:
    ...         text.decoding.encoding, list(text)
    ('cp950', ['一行\n', '二行\n'])
    """
    file = Path(path).open("rb")  # noqa: SIM115  (the wrapper closes it)
    try:
        evidence = looked_at(file)
        decoding = decode(evidence, declared=declared, languages=languages, candidates=candidates, domain=domain)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    mark = mark_of(evidence)
    raw = io.BufferedReader(_AsUtf8(file, decoding, mark[0] if mark else b""), _BLOCK)
    wrapper = DecodedFile(raw, encoding="utf-8", errors="surrogatepass", newline=newline)
    wrapper.decoding = decoding
    return wrapper


def looked_at(file: IO[bytes]) -> bytes:
    """Return the evidence: the head, what is around the first byte that is not ASCII, the middle and the end."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size <= 4 * _LOOKED_AT:
        return file.read()
    head = file.read(_LOOKED_AT)
    pieces, at = [head], len(head)
    if head.isascii():
        while (block := file.read(_SKIPPED)) and block.isascii():
            at += len(block)
        file.seek(max(_LOOKED_AT, at))
        block = file.read(_SKIPPED)
        high = _HIGH.search(block)
        first = high.start() if high else 0
        line = block.rfind(b"\n", 0, first) + 1
        pieces.append(block[line : line + _LOOKED_AT])
        at += line + _LOOKED_AT
    for place in (size // 2, size - _LOOKED_AT):
        start = max(at, place - place % 4)
        file.seek(start)
        piece = file.read(_LOOKED_AT)
        # A file without NULs has line ends, or is one line: then it goes on anywhere.
        pieces.append(piece if b"\0" in head else piece[piece.find(b"\n") + 1 :])
        at = start + len(piece)
    return b"".join(pieces)


class _AsUtf8(io.RawIOBase):
    """The file as UTF-8, made block by block."""

    def __init__(self, file: IO[bytes], decoding: Decoding, mark: bytes) -> None:
        self._mark = mark
        self._is_marked = bool(mark)
        self._file = file
        self._encoding = decoding.encoding
        self._is_escaped = decoding.evidence[0].stage == "escape"
        self._found = list(dict.fromkeys(r.encoding for r in decoding.regions if r.encoding)) or ["utf-8"]
        self._rest = b""
        self._ready = b""

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        view = memoryview(buffer).cast("B")
        while not self._ready:
            block = self._file.read(_BLOCK)
            if not block and not self._rest:
                return 0
            block = self._rest + block
            end = self._end_of(block) if len(block) - len(self._rest) == _BLOCK else len(block)
            self._rest = block[end:]
            self._ready = self._read(block[:end]).encode("utf-8", "surrogatepass")
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _end_of(self, block: bytes) -> int:
        """Return where the last line ends, or if it is too long, the last character."""
        if width := _WIDE.get(self._encoding or ""):
            return len(block) - len(block) % (2 * width)
        if end := block.rfind(b"\n") + 1:
            return end
        if self._is_escaped:
            return 0  # what is shifted stays so to the end of its line: more is read
        if self._encoding == "utf-8":
            back = next((back for back in range(1, _LONGEST_CHARACTER + 1) if block[-back] & 0xC0 != 0x80), 0)
            return len(block) - (back if block[-back] >= 0x80 else 0)
        # Nothing but two bytes a character for a megabyte: any place is as good.
        ends = [found.end() for found in lenient.BOUNDARY.finditer(block, len(block) - _LOOKED_AT)]
        return ends[-1] if ends else len(block)

    def _read(self, block: bytes) -> str:
        if self._is_marked:
            block = block.removeprefix(self._mark)
            self._is_marked = False
        if self._encoding is None:
            return block.decode("ascii", "surrogateescape")
        if self._is_escaped:
            # What SO shifts to is told once, at the head of the file.
            escaped = escape.read(b"\x1b$)C" + block) if self._encoding == "iso2022_kr" else escape.read(block)
            return escaped.text if escaped else block.decode("ascii", "replace")
        if self._encoding == "utf-8" or self._encoding in resync.TWO_BYTES:
            return regions.read(block, regions.regions_of(block, self._found))[0]
        return lenient.decode(block, self._encoding)[0]
