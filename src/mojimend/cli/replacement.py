"""Files written whole or not at all."""

from __future__ import annotations

import atexit
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import copystat
from typing import BinaryIO

from mojimend.cli import CannotDo
from mojimend.cli.files import state_of

# Files that are being written. An interruption can come between any two steps, so what is left of them is seen to when
# all is over.
_temporaries: set[Path] = set()


@atexit.register
def _leave_none() -> None:
    for path in tuple(_temporaries):
        with suppress(OSError):
            path.unlink()


class Replacement:
    """A file that will be put in place in one move: there is the old one or the new one, never a part of either.

    Links are followed, and a file that is there keeps its mode, its times and, where the system allows, its owner and
    extended attributes. Written to ``file``, then ``commit`` or ``discard``.

    Raises:
        CannotDo: It cannot be written, or what is there is no regular file or read-only.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._target = Path(os.path.realpath(path))  # Path.resolve raises RuntimeError where links run in a circle
        self._temporary = self._target.with_name(f".mojimend-{os.urandom(8).hex()}")
        try:
            mode = _mode(self._target)
            if mode is not None and not stat.S_ISREG(mode):
                raise CannotDo(f"{path}: is no regular file; write to standard output and redirect that")
            if mode is not None and not os.access(self._target, os.W_OK):
                raise CannotDo(f"{path}: is read-only; make it writable first (chmod u+w), or use -o FILE")
            self._is_new = mode is None
            _temporaries.add(self._temporary)
            self.file: BinaryIO = self._temporary.open("xb")
            if mode is not None:
                self._temporary.chmod(stat.S_IMODE(mode))
        except OSError as trouble:
            raise self._cannot(trouble) from trouble

    def commit(
        self, state: tuple[int, ...] | None = None, keep: Callable[[Path, Path], None] | None = None
    ) -> tuple[int, ...]:
        """Put the file in place, and return its state.

        With ``state`` the file that is there must still be as it was then. ``keep`` is called with the old file, if
        there is one, and the new, when all is ready.

        Raises:
            CannotDo: It cannot be put there, or what is there has changed.
        """
        try:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
            if not self._is_new:
                self._take_over()
                if keep is not None:
                    keep(self._target, self._temporary)
            if state is not None and state_of(self._target.stat()) != state:
                raise CannotDo(f"{self._path}: has changed since it was read and was left as it is; run again")
            done = state_of(self._temporary.stat())
            self._temporary.replace(self._target)
        except OSError as trouble:
            raise self._cannot(trouble) from trouble
        finally:
            self.discard()
        return done

    def discard(self) -> None:
        """Leave everything as it was; after a commit this does nothing."""
        # Where it cannot be closed or removed, the reason for that is on its way up already.
        with suppress(OSError):
            self.file.close()
        with suppress(OSError):
            self._temporary.unlink()
        _temporaries.discard(self._temporary)

    def _take_over(self) -> None:
        with suppress(OSError):  # a folder of another system may not know all of this; the text is what counts
            old = self._target.stat()
            if hasattr(os, "chown") and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
                os.chown(self._temporary, old.st_uid, old.st_gid)
        with suppress(OSError):
            copystat(self._target, self._temporary)

    def _cannot(self, trouble: OSError) -> CannotDo:
        return CannotDo(f"{self._path}: cannot be written: {trouble.strerror}; nothing was changed")


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
