"""Files in and out: bytes are read whole, and written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mojimend.cli import CannotDo, say
from mojimend.pipeline import repair
from mojimend.report import Report
from mojimend.settings import Settings

T = TypeVar("T")

STDIN = "-"

# Confidence is a likelihood (docs/detection.md has it stated and observed): below this it is sooner something else.
_MERE_GUESS = 0.5

_NEXT = {
    FileNotFoundError: "there is no such file; check the name, and the folder you are in",
    IsADirectoryError: "is a directory; name the files in it, such as {path}/*.txt",
    PermissionError: "you may not read it; `ls -l` shows who may",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was read.

    ``name`` is for people; ``state`` tells whether the file has changed since, and is None for standard input.
    """

    name: str
    data: bytes
    state: tuple[int, ...] | None


def read(path: str) -> Source:
    """Read a file, or standard input where the path is ``-``.

    Raises:
        CannotDo: There is no such file, or it may not or cannot be read.
    """
    if path == STDIN:
        if sys.stdin is None:
            raise CannotDo("standard input is closed; name a file")
        return Source("<stdin>", sys.stdin.buffer.read(), None)
    try:
        with Path(path).open("rb") as file:
            state = _state(os.fstat(file.fileno()))
            return Source(path, file.read(), state)
    except OSError as trouble:
        advice = _NEXT.get(type(trouble), f"cannot be read: {trouble.strerror}")
        raise CannotDo(f"{path}: {advice.format(path=path.rstrip('/'))}") from trouble


def mend(path: str, settings: Settings) -> tuple[Source, Report]:
    """Read a file and repair it in memory; a reading that is in doubt is said to be so.

    Raises:
        CannotDo: The file cannot be read, or is no text.
    """
    source = read(path)
    report = repair(source.data, settings)
    decoding = report.decoding
    assert decoding is not None
    if decoding.encoding is None:
        reasons = [evidence.reason for evidence in decoding.evidence if evidence.stage == "binary"]
        why = reasons or [evidence.reason for evidence in decoding.evidence]
        raise CannotDo(f"{source.name}: not text: {'; '.join(why)}")
    if why_not := doubt(report):
        say(f"{source.name}: {why_not}")
    return source, report


def doubt(report: Report) -> str | None:
    """Say why the bytes may have meant something else than the text that was read from them, or None."""
    decoding = report.decoding
    assert decoding is not None
    if decoding.errors:
        first = f"the first at offset {decoding.errors[0]}"
        return f"bytes lost: {len(decoding.errors)}, {first} (no {decoding.encoding})"
    if decoding.confidence < _MERE_GUESS:
        return f"read as {decoding.encoding}, and that is a mere guess"
    return None


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


def write(path: str, data: bytes, source: Source | None = None) -> None:
    """Put a file in place in one move: there is the old one or the new one, never a part of either.

    Links are followed, and a file that is there keeps its mode. With ``source`` the file must still be as it was read.

    Raises:
        CannotDo: It cannot be written, is no regular file or read-only, or has changed since it was read.
    """
    target = Path(os.path.realpath(path))  # Path.resolve raises RuntimeError where links run in a circle
    temporary = target.with_name(f".mojimend-{os.urandom(8).hex()}")
    try:
        mode = _mode(target)
        if mode is not None and not stat.S_ISREG(mode):
            raise CannotDo(f"{path}: is no regular file; write to standard output and redirect that")
        if mode is not None and not os.access(target, os.W_OK):
            raise CannotDo(f"{path}: is read-only; make it writable first (chmod u+w), or use -o FILE")
        with temporary.open("xb") as file:
            if mode is not None:
                temporary.chmod(stat.S_IMODE(mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if source is not None and _state(target.stat()) != source.state:
            raise CannotDo(f"{path}: has changed since it was read and was left as it is; run again")
        temporary.replace(target)
    except OSError as trouble:
        raise CannotDo(f"{path}: cannot be written: {trouble.strerror}; nothing was changed") from trouble
    finally:
        # Gone when all went well; where it cannot be removed, the reason for that is on its way up already.
        with suppress(OSError):
            temporary.unlink()


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
