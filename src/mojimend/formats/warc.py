"""WARC and WET: archives of crawled pages. What was crawled is evidence and is never rewritten.

Behind a page whose text was mended comes a ``conversion`` record (ISO 28500:2017, section 6.7) with the mended text in
UTF-8, which refers to the page. A text that is a conversion already, as all of WET is, is replaced by one with digests
of its own. All other records are copied byte for byte, each still compressed as it was.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from mojimend.decoding.decide import decode
from mojimend.formats.compression import CannotRead, Compression, MissingExtra, compression_of
from mojimend.formats.format import Format
from mojimend.formats.html import Html
from mojimend.formats.json import Json
from mojimend.formats.labels import relabelled
from mojimend.formats.parts import Choices, Part, Writer
from mojimend.formats.reading import LONGEST, PIECE, Reading, encoded
from mojimend.text.edits import apply

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_CONVERSION = "conversion"
_TEXTS: dict[str, Format] = {
    "text/html": Html(),
    "application/xhtml+xml": Html(),
    "application/xml": Html(),
    "text/xml": Html(),
    "application/rss+xml": Html(),
    "application/atom+xml": Html(),
    "application/json": Json(),
    "text/plain": Format(),
}


class _Record(NamedTuple):
    """What the writer needs of a record: its bytes in the file, and what its conversion says of it."""

    start: int
    end: int
    headers: tuple[tuple[str, str], ...]
    content_type: str


class WarcParts:
    """The records of an archive."""

    def __init__(self, file: io.BufferedReader, choices: Choices) -> None:  # noqa: ARG002  (an archive has no fields)
        self._file = file
        self.reading = Reading()
        self.target = "utf-8"
        self._compression: Compression | None = None

    def __iter__(self) -> Iterator[Part]:
        """Read the records, each with the one behind it in view: it may be its conversion already."""
        try:
            from fastwarc.warc import ArchiveIterator  # noqa: PLC0415  (only for such a file)
        except ImportError as error:
            raise MissingExtra("WARC", "warc") from error
        self._compression = compression_of(self._file.peek(6)[:6])
        size = os.fstat(self._file.fileno()).st_size
        held: _Held | None = None
        try:
            for record in ArchiveIterator(self._file, parse_http=True, auto_decode="all", quirks_mode=True):
                start = record.stream_pos
                if held is not None:
                    yield held.part(start, record)
                held = _Held(record)
                self.reading.unread += held.is_unread
        except (OSError, EOFError, ValueError) as trouble:
            if isinstance(trouble, OSError) and trouble.errno is not None:
                raise
            raise CannotRead(f"is a damaged archive: {trouble}") from trouble
        if held is None:
            if size:
                raise CannotRead("is named as an archive (WARC) and has no record")
            return
        yield held.part(size, None)

    def writer(self, out: BinaryIO) -> Writer:
        """Return what copies the records and adds those that were mended."""
        return _WarcWriter(out, self._file.name, self._compression)


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:  # no URI
        return ""


class _Held:
    """A record that was read, until the next tells where it ends."""

    def __init__(self, record: WarcRecord) -> None:
        self._start = record.stream_pos
        self._headers = tuple((str(name), str(value)) for name, value in record.headers.items())
        self._id = record.headers.get("WARC-Record-ID") or ""
        self._uri = record.headers.get("WARC-Target-URI") or ""
        self._is_conversion = record.headers.get("WARC-Type") == _CONVERSION
        declared = record.http_content_type if record.is_http else record.headers.get("Content-Type")
        self._content_type = (declared or "").partition(";")[0].strip().lower()
        self._form = _TEXTS.get(self._content_type)
        is_page = record.headers.get("WARC-Type") in ("response", "resource", _CONVERSION)
        self._text = ""
        self.is_unread = False
        if self._form is not None and is_page and record.content_length <= LONGEST:
            self._read(record.reader.read(), record.http_charset if record.is_http else None)

    def _read(self, data: bytes, charset: str | None) -> None:
        decoding = decode(data, declared=charset, domain=_host(self._uri))
        if decoding.encoding == "utf-8" and decoding.errors:
            self._text = data.decode("utf-8", "surrogateescape")
        elif decoding.encoding is not None:
            self._text = decoding.text
        else:
            self.is_unread = bool(data)

    def part(self, end: int, following: WarcRecord | None) -> Part:
        """Return the record as a part; one that has its conversion behind it was mended already."""
        has_conversion = (
            following is not None
            and following.headers.get("WARC-Type") == _CONVERSION
            and following.headers.get("WARC-Refers-To") == self._id
        )
        record = _Record(self._start, end, self._headers, self._content_type)
        form = None if has_conversion or not self._text else self._form
        return Part(self._text, form, address=f"@{self._start} <{self._uri}>", original=record)


class _WarcWriter:
    """Copies records, and writes conversions."""

    def __init__(self, out: BinaryIO, source: str, compression: Compression | None) -> None:
        self._out, self._source, self._compression = out, source, compression
        self._copied = self._at = 0  # the ends of what has been written, and of what has been seen

    def put(self, part: Part, text: str) -> None:
        """Write a record: as it is, with its conversion, or another in place of a conversion."""
        record: _Record = part.original
        is_conversion = ("WARC-Type", _CONVERSION) in record.headers
        self._at = record.end
        if text != part.text:
            self._copy(record.start if is_conversion else record.end)
            self._copied = record.end
            if isinstance(part.form, Html):
                text = apply(text, relabelled(text, "utf-8", ".html"))
            data = _conversion(record, encoded(text, "utf-8"), is_conversion)
            if self._compression is None:
                self._out.write(data)
            else:
                member = io.BytesIO()
                with self._compression.open(member, "wb") as stream:
                    stream.write(data)
                self._out.write(member.getvalue())

    def finish(self) -> None:
        """Copy the records behind the last that was mended."""
        self._copy(self._at)

    def _copy(self, end: int) -> None:
        with Path(self._source).open("rb") as source:
            source.seek(self._copied)
            left = end - self._copied
            while left > 0 and (data := source.read(min(left, PIECE))):
                self._out.write(data)
                left -= len(data)
        self._copied = end


def _conversion(record: _Record, data: bytes, is_conversion: bool) -> bytes:
    """Return a conversion record with this text; the same text gives the same record."""
    from fastwarc.warc import WarcRecord, WarcRecordType  # noqa: PLC0415

    old = dict(record.headers)
    new = WarcRecord()
    identity = f"{old.get('WARC-Record-ID')} {data.decode('utf-8', 'surrogateescape')}"
    urn = str(uuid5(NAMESPACE_URL, identity.encode("utf-8", "replace").decode()))
    new.init_headers(WarcRecordType.conversion, f"uuid:{urn}".encode())
    kept = ("WARC-Target-URI", "WARC-Date", "WARC-Identified-Content-Language")
    for name in kept if not is_conversion else [name for name, _ in record.headers if name not in _MADE_ANEW]:
        if name in old:
            new.headers.set(name, old[name])
    if not is_conversion and "WARC-Record-ID" in old:
        new.headers.set("WARC-Refers-To", old["WARC-Record-ID"])
    if not is_conversion or "Content-Type" not in old:
        new.headers.set("Content-Type", f"{record.content_type}; charset=utf-8")
    new.set_bytes_content(data)
    out = io.BytesIO()
    new.write(out, checksum_data=True)
    return out.getvalue()


_MADE_ANEW = frozenset({"WARC-Type", "WARC-Record-ID", "Content-Length", "WARC-Block-Digest", "WARC-Payload-Digest"})
