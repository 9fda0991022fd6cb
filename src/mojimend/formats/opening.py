"""A file opened as what it is: text, plain or compressed."""

from __future__ import annotations

from typing import BinaryIO

from mojimend.formats.compression import Compression, peekable, plain
from mojimend.formats.parts import Choices, Parts, TextParts


def opened(file: BinaryIO, name: str, choices: Choices) -> tuple[Parts, Compression | None]:
    """Return the parts of a file, and how it was compressed.

    Raises:
        MissingExtra: Such a file needs a package that is not installed.
        CannotRead: It is damaged.
    """
    stream, compression = plain(peekable(file))
    return TextParts(stream, name, choices), compression
