"""What a run overwrote, kept so that it can be put back.

Each run that writes has a folder of its own, which it makes when it writes for the first time: ``files.jsonl`` with a
line for each file, and the former bytes of the file, compressed. The bytes and the line are on the disk before the
file is put in place, so whenever a run is killed, each file it changed can be brought back. A run that has ended also
has a file ``bytes``, with how many those are.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from mojimend.cli import CannotDo

if TYPE_CHECKING:
    from gzip import GzipFile

PLACE = "MOJIMEND_JOURNAL"
_RUN = re.compile(r"(\d{8})-(\d+)")
_LIST, _ROOM = "files.jsonl", "bytes"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was overwritten: the SHA-256 of its bytes before and after, and what holds those before."""

    path: str
    before: str
    after: str
    bytes_in: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A file or folder that was given another name."""

    path: str
    to: str


def place() -> Path:
    """Return the folder of all runs; MOJIMEND_JOURNAL names another one."""
    if named := os.environ.get(PLACE):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "mojimend" / "runs"
    # https://specifications.freedesktop.org/basedir-spec/latest/
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "mojimend" / "runs"


class Journal:
    """The journal of this run; ``run`` is its name, and None while nothing has been written."""

    def __init__(self) -> None:
        self.run: str | None = None
        self._folder: Path | None = None
        self._list: TextIO | None = None
        self._count = 0

    def keep(self, old: Path, new: Path) -> None:
        """Keep the bytes of a file that another will replace in a moment.

        Raises:
            CannotDo: They cannot be kept.
        """
        try:
            folder = self._open()
            self._count += 1
            name = f"{self._count:06}.gz"
            before = _save(old, folder / name)
            self._note(Kept(str(old.absolute()), before, digest_of(new), name))
        except OSError as trouble:
            raise _cannot_keep(trouble) from trouble

    def move(self, old: Path, new: Path) -> None:
        """Note that something will have another name in a moment.

        Raises:
            CannotDo: It cannot be noted.
        """
        try:
            self._open()
            self._note(Moved(str(old.absolute()), str(new.absolute())))
        except OSError as trouble:
            raise _cannot_keep(trouble) from trouble

    def close(self) -> None:
        """End the journal of this run, and note what room it takes: from now on it takes no more."""
        if self._folder is not None and self._list is not None:
            self._list.close()
            # It may have been forgotten meanwhile.
            with suppress(OSError):
                (self._folder / _ROOM).write_text(str(_room_of(self._folder)), encoding="ascii")

    def _open(self) -> Path:
        if self._folder is None:
            top = place()
            top.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder = _new_folder(top)
            self._list = (self._folder / _LIST).open("a", encoding="utf-8")
            self.run = self._folder.name
        return self._folder

    def _note(self, one: Kept | Moved) -> None:
        assert self._list is not None
        # What is not ASCII is escaped, so that a path that is no text keeps its bytes.
        self._list.write(json.dumps(asdict(one)) + "\n")
        self._list.flush()
        os.fsync(self._list.fileno())


def runs() -> list[str]:
    """Return the names of the runs that can be undone, the oldest first."""
    try:
        found = [entry for entry in os.listdir(place()) if _RUN.fullmatch(entry)]  # noqa: PTH208  (names are wanted)
    except FileNotFoundError:
        return []
    return sorted(found, key=_by_age)


def noted(run: str) -> list[Kept | Moved]:
    """Return what a run noted, in its order.

    Raises:
        CannotDo: There is no such run, or its journal is damaged.
    """
    try:
        lines = (_folder_of(run) / _LIST).read_bytes().split(b"\n")[:-1]
        return [(Moved if "to" in one else Kept)(**one) for one in map(json.loads, lines)]
    except FileNotFoundError:
        return []  # the run was killed before it noted anything
    except (ValueError, TypeError) as trouble:
        raise CannotDo(f"{_folder_of(run) / _LIST}: is damaged; nothing was undone") from trouble


def restore(run: str, kept: Kept, into: BinaryIO) -> None:
    """Write the former bytes of a file.

    Raises:
        CannotDo: They are not what was kept.
    """
    import zlib  # noqa: PLC0415  (reading only)
    from gzip import BadGzipFile, GzipFile  # noqa: PLC0415

    digest = sha256()
    source = _folder_of(run) / kept.bytes_in
    try:
        with GzipFile(source, "rb") as file:
            for piece in _pieces(file):
                digest.update(piece)
                into.write(piece)
    except (FileNotFoundError, EOFError, BadGzipFile, zlib.error) as trouble:
        raise _not_what_was_kept(kept, source) from trouble
    if digest.hexdigest() != kept.before:
        raise _not_what_was_kept(kept, source)


def forget(run: str) -> None:
    """Remove the journal of a run; it cannot be undone any more.

    Raises:
        CannotDo: There is no such run, or it cannot be removed.
    """
    from shutil import rmtree  # noqa: PLC0415  (10 ms that only this should pay)

    folder = _folder_of(run)
    try:
        rmtree(folder)
    except OSError as trouble:
        raise CannotDo(f"{folder}: cannot be removed: {trouble.strerror}") from trouble


def size(run: str) -> int:
    """Return how many bytes the journal of a run takes."""
    folder = _folder_of(run)
    try:
        # Each run that writes asks this of all before it, and a corpus may have been thousands of files in each.
        return int((folder / _ROOM).read_bytes())
    except (OSError, ValueError):  # it is under way, or was killed
        return _room_of(folder)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    digest = sha256()
    with path.open("rb") as file:
        for piece in _pieces(file):
            digest.update(piece)
    return digest.hexdigest()


def _room_of(folder: Path) -> int:
    return sum(entry.stat().st_size for entry in os.scandir(folder))


def _folder_of(run: str) -> Path:
    folder = place() / run
    # A name only, so that no path leads out of the journal.
    if _RUN.fullmatch(run) is None or not folder.is_dir():
        raise CannotDo(f"no run is named {run!r}; `mojimend undo --list` shows them")
    return folder


def _by_age(run: str) -> tuple[str, int]:
    day, _, number = run.partition("-")
    return day, int(number)


def _new_folder(top: Path) -> Path:
    from time import strftime  # noqa: PLC0415

    day = strftime("%Y%m%d")
    last = max((_by_age(name)[1] for name in runs() if name.startswith(day)), default=0)
    while True:
        last += 1
        try:
            (top / f"{day}-{last}").mkdir(mode=0o700)
        except FileExistsError:  # another run began in the same moment
            continue
        return top / f"{day}-{last}"


def _save(old: Path, target: Path) -> str:
    from gzip import GzipFile  # noqa: PLC0415  (writing only)

    digest = sha256()
    with target.open("xb") as raw:
        # The fastest level: text takes half the room at a fraction of the time that mending takes.
        with old.open("rb") as file, GzipFile("", "wb", 1, raw, mtime=0) as saved:
            for piece in _pieces(file):
                digest.update(piece)
                saved.write(piece)
        raw.flush()
        os.fsync(raw.fileno())
    return digest.hexdigest()


def _pieces(file: BinaryIO | GzipFile) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _cannot_keep(trouble: OSError) -> CannotDo:
    return CannotDo(
        f"the journal for `mojimend undo` cannot be written in {place()}: {trouble.strerror}; nothing was changed; "
        f"name another folder with {PLACE}, or write without one: --no-journal"
    )


def _not_what_was_kept(kept: Kept, source: Path) -> CannotDo:
    return CannotDo(f"{kept.path}: its former bytes in {source} are damaged; left as it is")
