"""What is in a folder, less what no one means: hidden files, links, what .gitignore and the user leave out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from pathspec import GitIgnoreSpec

from mojimend.cli import CannotDo


class Tell(Protocol):
    """Takes what is to be said, and whether something could not be read."""

    def __call__(self, message: str, *, failed: bool) -> None:
        """Say it."""


class Folder:
    """A folder to walk through.

    Arguments:
        top: Where it is.
        include: Patterns as in .gitignore; only files that fit one are taken. Empty means all.
        exclude: Patterns as in .gitignore; what fits one is left out.
        output: A folder that is left out.
        skipped: Counts what is left out, by reason.
        tell: Is told what cannot be read.

    Raises:
        CannotDo: A pattern is none.
    """

    def __init__(
        self,
        top: str,
        include: Sequence[str],
        exclude: Sequence[str],
        *,
        output: str | None,
        skipped: Counter[str],
        tell: Tell,
    ) -> None:
        self._top = Path(top)
        try:
            self._include = GitIgnoreSpec.from_lines(include) if include else None
            self._exclude = GitIgnoreSpec.from_lines(exclude) if exclude else None
        except ValueError as trouble:
            raise CannotDo(f"--include and --exclude take patterns as in .gitignore: {trouble}") from trouble
        self._output = None if output is None else os.path.realpath(output)
        self._skipped, self._tell = skipped, tell

    def contents(self, *, gitignore: bool, hidden: bool) -> Iterator[tuple[Path, bool]]:
        """Yield what is in it, sorted, and whether that is a folder itself; a folder comes before what is in it.

        Arguments:
            gitignore: Whether its .gitignore files, and those above it in its repository, count.
            hidden: Whether to take what begins with a dot.
        """
        rules = self._rules_above() if gitignore else []
        for folder, folders, names in os.walk(self._top, onerror=self._cannot_enter):
            here = Path(folder)
            if gitignore and ".gitignore" in names:
                rules = [*rules, *self._rules_of(here)]
            within = [rule for rule in rules if here.absolute().is_relative_to(rule[0])]
            folders[:] = [name for name in sorted(folders) if self._is_meant(here / name, within, hidden, "/")]
            yield from ((here / name, True) for name in folders)
            for name in sorted(names):
                path = here / name
                if not self._is_meant(path, within, hidden, ""):
                    continue
                if self._include is not None and not self._include.match_file(_relative(path, self._top)):
                    self._skipped["not included"] += 1
                    continue
                yield path, False

    def _is_meant(self, path: Path, rules: list[tuple[Path, GitIgnoreSpec]], hidden: bool, end: str) -> bool:
        why = self._why_not(path, rules, hidden, end)
        if why:
            self._skipped[f"{why} folder" if end else why] += 1
        return why is None

    def _why_not(self, path: Path, rules: list[tuple[Path, GitIgnoreSpec]], hidden: bool, end: str) -> str | None:
        if path.name.startswith(".") and not hidden:
            return "hidden"
        # os.path says no where Path raises, as in a folder that can be listed and not entered.
        if os.path.islink(path):
            return "link"
        if not end and not os.path.isfile(path):
            return "special"
        if end and self._output is not None and os.path.realpath(path) == self._output:
            return "output"
        if self._exclude is not None and self._exclude.match_file(_relative(path, self._top) + end):
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
            return [(folder.absolute(), GitIgnoreSpec.from_lines(lines))]
        except ValueError as trouble:
            self._tell(f"{folder / '.gitignore'}: is passed over: {trouble}", failed=False)
            return []

    def _rules_above(self) -> list[tuple[Path, GitIgnoreSpec]]:
        """Return the rules of the folders above, up to the root of the repository, if the folder is in one."""
        above: list[Path] = []
        for folder in [self._top.absolute(), *self._top.absolute().parents]:
            if os.path.exists(folder / ".git"):
                return [rule for one in reversed(above) for rule in self._rules_of(one)]
            above.append(folder.parent)
        return []

    def _cannot_enter(self, trouble: OSError) -> None:
        self._tell(f"{trouble.filename}: cannot be entered: {trouble.strerror}", failed=True)


def _relative(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix()
