"""Compressed files, told by their first bytes: gzip, bzip2, xz and Zstandard, in and out."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, BinaryIO, NamedTuple, cast

from mojimend.errors import MojimendError


class CannotRead(MojimendError):
    """A file is not what it seems: a compressed one that is cut or damaged, a table that is none; the message says."""


class MissingExtra(MojimendError):
    """A kind of file needs a package that is not installed; the message says which and how to get it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs more: pip install 'mojimend[{extra}]'")


class Compression(NamedTuple):
    """One way to compress: the bytes a file begins with, the end of its name, and how to open one."""

    magic: bytes
    suffix: str
    open: Callable[[BinaryIO, str], Any]


def _gzip(file: BinaryIO, mode: str) -> Any:
    from gzip import GzipFile  # noqa: PLC0415  (each is imported by those who meet such a file)

    # No name and no time of writing: the same text gives the same file.
    return GzipFile(filename="", mode=mode, compresslevel=6, fileobj=file, mtime=0)


def _bzip2(file: BinaryIO, mode: str) -> Any:
    from bz2 import BZ2File  # noqa: PLC0415

    return BZ2File(file, mode)  # type: ignore[call-overload]


def _xz(file: BinaryIO, mode: str) -> Any:
    from lzma import LZMAFile  # noqa: PLC0415

    return LZMAFile(file, mode)


def _zstd(file: BinaryIO, mode: str) -> Any:
    for module in ("compression.zstd", "backports.zstd"):  # the first from Python 3.14 on
        try:
            return import_module(module).ZstdFile(file, mode)
        except ImportError:
            continue
    raise MissingExtra("Zstandard", "zstd")


COMPRESSIONS = (
    Compression(b"\x1f\x8b\x08", ".gz", _gzip),
    Compression(b"BZh", ".bz2", _bzip2),
    Compression(b"\xfd7zXZ\0", ".xz", _xz),
    Compression(b"\x28\xb5\x2f\xfd", ".zst", _zstd),
)
# The longest of the above.
MAGIC_LENGTH = 6


def compression_of(head: bytes) -> Compression | None:
    """Return how a file that begins with these bytes is compressed, or None.

    >>> compression_of(bytes.fromhex("1f8b0800")).suffix
    '.gz'
    """
    # `BZh` begins words of text as well; a digit and the number of a block follow it in a file.
    if head.startswith(b"BZh") and head[4:6] not in (b"1A", b"\x17\x72"):
        return None
    return next((one for one in COMPRESSIONS if head.startswith(one.magic)), None)


def compression_named(name: str) -> Compression | None:
    """Return the compression that a file's name calls for, or None.

    >>> compression_named("corpus.jsonl.gz").suffix, compression_named("corpus.jsonl")
    ('.gz', None)
    """
    return next((one for one in COMPRESSIONS if name.lower().endswith(one.suffix)), None)


@contextmanager
def damage_is_told() -> Iterator[None]:
    """Turn what the libraries say of a damaged file into CannotRead; trouble with the disk stays what it is."""
    try:
        yield
    except EOFError as trouble:
        raise CannotRead("is compressed and ends before its end: fetch it again") from trouble
    except Exception as trouble:
        # Some of the libraries' errors are OSErrors, but without the number that the system's have.
        of_library = isinstance(trouble, OSError) and trouble.errno is None
        if of_library or isinstance(trouble, _errors_of_libraries()):
            raise CannotRead(f"is compressed and damaged: {trouble}") from trouble
        raise


def _errors_of_libraries() -> tuple[type[BaseException], ...]:
    """Return the errors of those libraries that have been imported; the others raised none."""
    names = ("zlib", "error"), ("lzma", "LZMAError"), ("compression.zstd", "ZstdError"), ("backports.zstd", "ZstdError")
    return tuple(getattr(sys.modules[module], error) for module, error in names if module in sys.modules)


def peekable(file: BinaryIO) -> io.BufferedReader:
    """Return a stream that can show its first bytes without going on."""
    return file if isinstance(file, io.BufferedReader) else io.BufferedReader(cast(Any, file))


def plain(file: io.BufferedReader) -> tuple[BinaryIO, Compression | None]:
    """Return a stream of what is in a file, and how it was compressed."""
    compression = compression_of(file.peek(MAGIC_LENGTH)[:MAGIC_LENGTH])
    return (compression.open(cast(BinaryIO, file), "rb") if compression else cast(BinaryIO, file)), compression
