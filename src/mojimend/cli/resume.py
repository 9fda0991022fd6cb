"""What a run over many files has done already, so that the same command can go on where it was interrupted.

A list stands beside the journal while such a run is under way: each file that was done, with what tells its state. It
belongs to the version, the settings, the paths and the place written to; where any of these is another, so is the list.
It is not flushed to the disk: a line that is lost costs doing a file again, and nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TextIO

from mojimend import __version__
from mojimend.cli.files import state_of
from mojimend.cli.journal import place

State = Sequence[int]


class Noted(NamedTuple):
    """A file, what came of it, and the states of both when that was done."""

    path: str
    state: State
    target: str
    target_state: State


class Done:
    """The files that were done, by runs before this one that were interrupted and by this one.

    Arguments:
        run: What tells the run from others, such as its settings.
        resume: Whether to go on with what was noted, or to begin anew.
    """

    def __init__(self, *run: object, resume: bool) -> None:
        key = sha256(repr((__version__, *run)).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._path = place() / f"done-{key}.jsonl"
        self._file: TextIO | None = None
        self._noted = {one.path: one for one in self._read()} if resume else {}
        # Where it cannot be written the run cannot be resumed; the journal tells what else that means.
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = self._path.open("a" if resume else "w", encoding="utf-8", buffering=1)
            self._file.write("\n" if resume else "")  # the last line may have been cut

    @property
    def is_empty(self) -> bool:
        """Whether nothing was noted before."""
        return not self._noted

    def target_of(self, path: str) -> str | None:
        """Return what came of a file, if it and that are still as they were then."""
        noted = self._noted.get(str(Path(path).absolute()))
        if noted is None:
            return None
        with suppress(OSError):
            states = [list(state_of(os.stat(one))) for one in (noted.path, noted.target)]  # noqa: PTH116  (both follow)
            return noted.target if states == [noted.state, noted.target_state] else None
        return None

    def note(self, path: str, state: State, target: str, target_state: State) -> None:
        """Note that a file is done."""
        if self._file is not None:
            one = Noted(str(Path(path).absolute()), state, str(Path(target).absolute()), target_state)
            with suppress(OSError):
                self._file.write(json.dumps(one) + "\n")

    def close(self, *, all_done: bool) -> None:
        """Keep the list for the next run, or forget it where there is nothing left to do."""
        if self._file is not None:
            self._file.close()
            if all_done:
                with suppress(OSError):
                    self._path.unlink()

    def _read(self) -> list[Noted]:
        noted = []
        with suppress(OSError):
            for line in self._path.read_bytes().splitlines():
                with suppress(ValueError, TypeError):  # a line that was cut
                    noted.append(Noted(*json.loads(line)))
        return noted
