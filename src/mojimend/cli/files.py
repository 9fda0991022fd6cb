"""Files opened to be read, and what is said where they cannot be."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import BinaryIO, TypeVar

from mojimend.cli import CannotDo, say

T = TypeVar("T")

STDIN = "-"
STDIN_NAME = "<stdin>"

_NEXT = {
    FileNotFoundError: "there is no such file; check the name, and the folder you are in",
    IsADirectoryError: "is a directory; name the files in it, such as {path}/*.txt",
    PermissionError: "you may not read it; `ls -l` shows who may",
}


def stdin() -> BinaryIO:
    """Return standard input.

    Raises:
        CannotDo: It is closed.
    """
    if sys.stdin is None:
        raise CannotDo("standard input is closed; name a file")
    return sys.stdin.buffer


def open_file(path: str) -> tuple[BinaryIO, tuple[int, ...]]:
    """Open a file, and return it with its state.

    Raises:
        CannotDo: There is no such file, or it may not or cannot be read.
    """
    try:
        file = open(path, "rb")  # noqa: SIM115  (whoever reads it closes it)
        return file, state_of(os.fstat(file.fileno()))
    except OSError as trouble:
        raise unreadable(path, trouble) from trouble


def unreadable(path: str, trouble: OSError) -> CannotDo:
    """Say why a file cannot be read, and what to do."""
    advice = _NEXT.get(type(trouble), f"cannot be read: {trouble.strerror}")
    return CannotDo(f"{path}: {advice.format(path=path.rstrip('/'))}")


def read(path: str) -> bytes:
    """Read a file, or standard input where the path is ``-``, into memory.

    Raises:
        CannotDo: There is no such file, or it may not or cannot be read.
    """
    if path == STDIN:
        return stdin().read()
    file, _ = open_file(path)
    try:
        with file:
            return file.read()
    except OSError as trouble:
        raise unreadable(path, trouble) from trouble


def for_each(paths: Iterable[str], do: Callable[[str], T]) -> tuple[list[T], int]:
    """Do it for each path; return what came of those that went well, and how many did not, which is said."""
    done, failed = [], 0
    for path in paths:
        try:
            done.append(do(path))
        except CannotDo as trouble:
            say(trouble.message)
            failed += 1
    return done, failed


def state_of(status: os.stat_result) -> tuple[int, ...]:
    """Return what tells a file from any other and from itself after a change."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
