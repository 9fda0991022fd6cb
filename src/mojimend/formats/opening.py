"""A file opened as what it is: text, plain or compressed, a Parquet table, an archive of crawled pages."""

from __future__ import annotations

from typing import BinaryIO

from mojimend.formats.choose import suffix_of
from mojimend.formats.compression import Compression, peekable, plain
from mojimend.formats.parts import Choices, Parts, TextParts

_PARQUET = b"PAR1"
_WARC = (".warc", ".wet", ".wat")


def opened(file: BinaryIO, name: str, choices: Choices) -> tuple[Parts, Compression | None]:
    """Return the parts of a file, and how it was compressed where its writer does not see to that itself.

    Raises:
        MissingExtra: Such a file needs a package that is not installed.
        CannotRead: It is damaged.
    """
    seen = peekable(file)
    # Both are read here and there, so they must be files of their own.
    if choices.form is None and seen.seekable():
        if suffix_of(name) in _WARC:
            from mojimend.formats.warc import WarcParts  # noqa: PLC0415  (with its library, only for such a file)

            return WarcParts(seen, choices), None
        if seen.peek(len(_PARQUET)).startswith(_PARQUET):
            from mojimend.formats.parquet import ParquetParts  # noqa: PLC0415

            return ParquetParts(seen, choices), None
    stream, compression = plain(seen)
    return TextParts(stream, name, choices), compression
