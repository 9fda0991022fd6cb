"""Which files are meant by the paths that someone names: a folder is all that is in it, less what no one means."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mojimend.cli import CannotDo, say
from mojimend.cli.files import STDIN

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass
class Walk:
    """Paths, and the files they stand for.

    Arguments:
        paths: Files, folders and ``-``, in the order in which they are worked through.
        include: Patterns as in .gitignore; in folders, only files that fit one are taken. Empty means all.
        exclude: Patterns as in .gitignore; what fits one is left out.
        gitignore: Whether the .gitignore files of a folder, and of those above it in its repository, count.
        hidden: Whether to take what begins with a dot.
        skipped: How many were left out, by reason.
        told: What has been said; a second walk does not repeat it.
        is_done: Tells of a file that an earlier run has done it.
    """

    paths: Sequence[str]
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    gitignore: bool = True
    hidden: bool = False
    skipped: Counter[str] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set)
    is_done: Callable[[str], bool] = lambda _: False

    @property
    def is_one_file(self) -> bool:
        """Whether the paths stand for one file, whatever is in it."""
        return len(self.paths) == 1 and (self.paths[0] == STDIN or not Path(self.paths[0]).is_dir())

    def files(self) -> Iterator[tuple[str, bool]]:
        """Yield each file, and whether it was named itself. What is found in a folder comes sorted."""
        for path, is_named in self._named():
            if self.is_done(path):
                self.skipped["done before"] += 1
            else:
                yield path, is_named

    def _named(self) -> Iterator[tuple[str, bool]]:
        for path in self.paths:
            if path != STDIN and Path(path).is_dir():
                yield from ((str(found), False) for found, is_folder in self._inside(Path(path)) if not is_folder)
            else:
                yield path, True

    def everything(self) -> Iterator[Path]:
        """Yield each path that was named, and each file and folder inside; a folder comes before what is in it.

        Raises:
            CannotDo: A path is not there.
        """
        for path in map(Path, self.paths):
            if not os.path.lexists(path):
                raise CannotDo(f"{path}: there is no such file or folder; check the name, and the folder you are in")
            yield path
            if path.is_dir():
                yield from (found for found, _ in self._inside(path))

    def size(self) -> int:
        """Return how many bytes all the files have, as far as that can be told."""
        total = 0
        with suppress(CannotDo):
            for path, _ in replace(self, skipped=Counter()).files():
                with suppress(OSError):
                    total += Path(path).stat().st_size
        return total

    def inner_name(self, path: str) -> Path:
        """Return where a file stands within the folder that was named, or its mere name if it was named itself."""
        for top in self.paths:
            if top != STDIN and Path(top).is_dir() and Path(path).is_relative_to(top):
                return Path(path).relative_to(top)
        return Path("stdin" if path == STDIN else Path(path).name)

    def _inside(self, top: Path) -> Iterator[tuple[Path, bool]]:
        """Yield what is in a folder, and whether it is a folder itself."""
        include, exclude = _patterns(self.include), _patterns(self.exclude)
        rules = self._rules_above(top) if self.gitignore else []
        for folder, folders, names in os.walk(top, onerror=_cannot_enter):
            here = Path(folder)
            if self.gitignore and ".gitignore" in names:
                rules = [*rules, *self._rules_of(here)]
            within = [rule for rule in rules if here.absolute().is_relative_to(rule[0])]
            folders[:] = [
                name for name in sorted(folders) if self._is_meant(here / name, top, within, exclude, is_folder=True)
            ]
            yield from ((here / name, True) for name in folders)
            for name in sorted(names):
                path = here / name
                if not self._is_meant(path, top, within, exclude, is_folder=False):
                    continue
                if include is not None and not include.match_file(_relative(path, top)):
                    self.skipped["not included"] += 1
                    continue
                yield path, False

    def _is_meant(
        self,
        path: Path,
        top: Path,
        rules: list[tuple[Path, GitIgnoreSpec]],
        exclude: GitIgnoreSpec | None,
        *,
        is_folder: bool,
    ) -> bool:
        why = self._why_not(path, top, rules, exclude, "/" if is_folder else "")
        if why:
            self.skipped[f"{why} folder" if is_folder else why] += 1
        return why is None

    def _why_not(
        self,
        path: Path,
        top: Path,
        rules: list[tuple[Path, GitIgnoreSpec]],
        exclude: GitIgnoreSpec | None,
        end: str,
    ) -> str | None:
        if path.name.startswith(".") and not self.hidden:
            return "hidden"
        if path.is_symlink():
            return "link"
        if not end and not path.is_file():
            return "special"
        if exclude is not None and exclude.match_file(_relative(path, top) + end):
            return "excluded"
        # The nearest .gitignore that says anything of a path decides.
        for folder, rule in reversed(rules):
            answer = rule.check_file(_relative(path.absolute(), folder) + end).include
            if answer is not None:
                return "ignored" if answer else None
        return None

    def _rules_of(self, folder: Path) -> list[tuple[Path, GitIgnoreSpec]]:
        try:
            lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        except OSError:
            return []
        try:
            return [(folder.absolute(), _spec(lines))]
        except ValueError as trouble:
            message = f"{folder / '.gitignore'}: is passed over: {trouble}"
            if message not in self.told:
                self.told.add(message)
                say(message)
            return []

    def _rules_above(self, top: Path) -> list[tuple[Path, GitIgnoreSpec]]:
        """Return the rules of the folders above, up to the root of the repository, if the folder is in one."""
        above: list[Path] = []
        for folder in [top.absolute(), *top.absolute().parents]:
            if (folder / ".git").exists():
                return [rule for one in reversed(above) for rule in self._rules_of(one)]
            above.append(folder.parent)
        return []


def skipped_in_words(skipped: Counter[str]) -> str:
    """Say what was not read.

    >>> skipped_in_words(Counter({"binary": 2, "hidden folder": 1}))
    '3 skipped (2 binary, 1 hidden folder)'
    """
    return f"{skipped.total()} skipped ({', '.join(f'{count} {why}' for why, count in skipped.most_common())})"


def _cannot_enter(trouble: OSError) -> None:
    raise CannotDo(f"{trouble.filename}: cannot be entered: {trouble.strerror}")


def _relative(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix()


def _patterns(lines: tuple[str, ...]) -> GitIgnoreSpec | None:
    return _spec(lines) if lines else None


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  (35 ms that only folders should pay)

    return GitIgnoreSpec.from_lines(lines)
