"""Which files are meant by the paths that someone names: a folder is all that is in it, less what no one means."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from os.path import isdir
from typing import TYPE_CHECKING

from mojimend.cli import CannotDo, say
from mojimend.cli.files import STDIN

if TYPE_CHECKING:
    from pathlib import Path


class Walk:
    """Paths, and the files they stand for.

    Arguments:
        paths: Files, folders and ``-``, in the order in which they are worked through.
        include: Patterns as in .gitignore; in folders, only files that fit one are taken. Empty means all.
        exclude: Patterns as in .gitignore; what fits one is left out.
        gitignore: Whether the .gitignore files of a folder, and of those above it in its repository, count.
        hidden: Whether to take what begins with a dot.
        skipped: How many were left out, by reason.
        told: What could not be read of the folders, as it was said; a second walk does not repeat it.
        is_done: Tells of a file that an earlier run has done it.
        output: The folder that is written to; inside of another it is left out.
    """

    def __init__(
        self,
        paths: Sequence[str],
        include: tuple[str, ...] = (),
        exclude: tuple[str, ...] = (),
        gitignore: bool = True,
        hidden: bool = False,
    ) -> None:
        self.paths, self.include, self.exclude, self.gitignore, self.hidden = paths, include, exclude, gitignore, hidden
        self.skipped: Counter[str] = Counter()
        self.told: set[str] = set()
        self._not_entered: set[str] = set()
        self.is_done: Callable[[str], bool] = lambda _: False
        self.output: str | None = None

    @property
    def failed(self) -> int:
        """How many folders could not be entered."""
        return len(self._not_entered)

    @property
    def is_one_file(self) -> bool:
        """Whether the paths stand for one file, whatever is in it."""
        return len(self.paths) == 1 and (self.paths[0] == STDIN or not isdir(self.paths[0]))

    def files(self) -> Iterator[tuple[str, bool]]:
        """Yield each file, and whether it was named itself. What is found in a folder comes sorted."""
        for path, is_named in self._named():
            if self.is_done(path):
                self.skipped["done before"] += 1
            else:
                yield path, is_named

    def _named(self) -> Iterator[tuple[str, bool]]:
        for path in self.paths:
            if path != STDIN and isdir(path):
                yield from ((str(found), False) for found, is_folder in self._inside(path) if not is_folder)
            else:
                yield path, True

    def everything(self) -> Iterator[Path]:
        """Yield each path that was named, and each file and folder inside; a folder comes before what is in it.

        Raises:
            CannotDo: A path is not there.
        """
        from pathlib import Path  # noqa: PLC0415  (see _inside)

        for path in map(Path, self.paths):
            if not os.path.lexists(path):
                raise CannotDo(f"{path}: there is no such file or folder; check the name, and the folder you are in")
            yield path
            if path.is_dir():
                yield from (found for found, _ in self._inside(str(path)))

    def size(self) -> int:
        """Return how many bytes all the files have, as far as that can be told."""
        from copy import copy  # noqa: PLC0415  (only long runs ask)

        again = copy(self)
        again.skipped = Counter()
        total = 0
        with suppress(CannotDo):
            for path, _ in again.files():
                with suppress(OSError):
                    total += os.stat(path).st_size
        return total

    def inner_name(self, path: str) -> Path:
        """Return where a file stands within the folder that was named, or its mere name if it was named itself."""
        from pathlib import Path  # noqa: PLC0415  (see _inside)

        for top in self.paths:
            if top != STDIN and isdir(top) and Path(path).is_relative_to(top):
                return Path(path).relative_to(top)
        return Path("stdin" if path == STDIN else Path(path).name)

    def _inside(self, top: str) -> Iterator[tuple[Path, bool]]:
        """Yield what is in a folder, and whether it is a folder itself."""
        # With its libraries it takes as long to import as a small file takes.
        from mojimend.cli.folder import Folder  # noqa: PLC0415

        folder = Folder(top, self.include, self.exclude, output=self.output, skipped=self.skipped, tell=self._tell)
        return folder.contents(gitignore=self.gitignore, hidden=self.hidden)

    def _tell(self, message: str, *, failed: bool) -> None:
        """Say what could not be read."""
        if message not in self.told:
            self.told.add(message)
            say(message)
        if failed:
            self._not_entered.add(message)


def skipped_in_words(skipped: Counter[str]) -> str:
    """Say what was not read.

    >>> skipped_in_words(Counter({"binary": 2, "hidden folder": 1}))
    '3 skipped (2 binary, 1 hidden folder)'
    """
    return f"{skipped.total()} skipped ({', '.join(f'{count} {why}' for why, count in skipped.most_common())})"
