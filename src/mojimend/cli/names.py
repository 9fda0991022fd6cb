"""``mojimend names``: names of files, folders and members of ZIP archives that were misread."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal

import click

from mojimend.cli import CannotDo, say, typed
from mojimend.cli.files import open_file, unreadable
from mojimend.cli.journal import Journal
from mojimend.cli.options import PATH, accept_option, candidates_option, languages_option, quiet_option, walk_options
from mojimend.cli.renaming import rename
from mojimend.cli.replacement import Replacement
from mojimend.cli.walk import Walk, skipped_in_words
from mojimend.errors import MojimendError
from mojimend.formats.zip import BY_STANDARD, SIGNATURES, Archive, Member, Name
from mojimend.names import UNCERTAIN, Mended, mend
from mojimend.text.columns import WIDTH, columns_of
from mojimend.text.visible import show

# Bytes of a name that is not in UTF-8, as Python has them (PEP 383).
BYTES = re.compile("[\udc80-\udcff]")
NOT_ASCII = re.compile(r"[^ -~]+")


@click.command
@click.argument("paths", nargs=-1, type=PATH)
@click.option("-w", "--write", "to_write", is_flag=True, help="Rename, and write archives anew.")
@click.option("--no-journal", is_flag=True, help="Note nothing; undo cannot bring the old names back.")
@accept_option
@languages_option
@candidates_option
@walk_options
@quiet_option
def names(  # noqa: PLR0917  (click passes them by name)
    paths: tuple[str, ...],
    to_write: bool,
    no_journal: bool,
    accept: Literal["safe", "likely"],
    languages: tuple[str, ...],
    candidates: tuple[str, ...],
    walk: Walk,
    quiet: bool,
) -> int:
    """Show names of files that were misread; with -w rename them.

    That is each path named, and all that is in folders. Of a ZIP archive that
    is named, the members too; it is written anew with the same data. The names
    of one place are evidence for each other: name the folder, not one file.
    Nothing is renamed to a name that is there already.

    \b
    Exit code: 0 all is well or done, 1 names to mend, 2 some cannot be.

    \b
    Examples:
      mojimend names downloads/
      mojimend names -w downloads/
      mojimend names -w photos.zip
      mojimend names --candidates cp932 old.zip

    \b
    `mojimend undo` brings the old names back. Links stay as they are, and
    lead nowhere if what they point to is renamed.
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    if not paths:
        raise click.UsageError("name a folder: `mojimend names downloads/`")
    how = How(accept, languages, candidates)
    how.mend([b""])  # an encoding or language that does not exist is told before any file is read
    journal = None if no_journal or not to_write else Journal()
    sum_ = Sum()
    try:
        for path in paths:
            if _is_archive(path):
                _mend_archive(path, how, sum_, journal, to_write=to_write)
        _mend_files(walk, how, sum_, journal, to_write=to_write)
    finally:
        if journal is not None:
            journal.close()
    if not quiet:
        say(sum_.in_words(to_write) + (f"; {skipped_in_words(walk.skipped)}" if walk.skipped else ""))
        if sum_.mended and not to_write:
            say(f"to rename: `mojimend names -w {typed(paths[0]) if len(paths) == 1 else 'PATHS'}`")
        if journal is not None and journal.run is not None:
            say(f"to undo: `mojimend undo {journal.run}`")
    return 2 if sum_.failed or walk.failed else int(sum_.mended > 0 and not to_write)


@dataclass(frozen=True, slots=True)
class How:
    """How names are to be mended."""

    accept: Literal["safe", "likely"]
    languages: tuple[str, ...]
    candidates: tuple[str, ...]

    def mend(self, names: Iterable[str | bytes]) -> dict[str | bytes, Mended]:
        """Mend names that are from one place."""
        return mend(names, self.accept, self.languages, self.candidates)


@dataclass
class Sum:
    """What was found, and what was done."""

    names: int = 0
    mended: int = 0
    failed: int = 0

    def fail(self, trouble: CannotDo) -> None:
        """Tell that a name cannot be mended."""
        say(trouble.message)
        self.failed += 1

    def in_words(self, is_written: bool) -> str:
        """Say it in a line."""
        done = f"{self.mended} of {self.names} name{'s' * (self.names != 1)} {'mended' if is_written else 'to mend'}"
        return done + (f"; {self.failed} cannot be mended" if self.failed else "")


# --- Files -----------------------------------------------------------------------------------------------------------


def _mend_files(walk: Walk, how: How, sum_: Sum, journal: Journal | None, *, to_write: bool) -> None:
    # Absolute, as a path that was named may be inside of another; normpath would follow no link and lose its way.
    found = {path.absolute(): path for path in walk.everything() if path.name not in {"", ".."}}
    mended = how.mend(map(_known, found.values()))
    planned: set[Path] = set()
    todo: list[tuple[Path, Path, Path]] = []
    for absolute, path in found.items():
        sum_.names += 1
        one = mended[_known(path)]
        if one.trouble is not None:
            sum_.fail(CannotDo(f"{_shown(str(path))}: {one.trouble}"))
        elif one.new is not None:
            target = absolute.with_name(one.new)
            if os.path.lexists(target) or target in planned:
                sum_.fail(CannotDo(f"{_shown(str(path))}: {one.new} is there already; rename one of them"))
                continue
            planned.add(target)
            todo.append((absolute, path, target))
    # In a dry run they stand in the order of the tree. The deepest come first when they are renamed, so that the paths
    # of the others still hold.
    for absolute, path, target in sorted(todo, key=lambda one: -len(one[0].parts)) if to_write else todo:
        try:
            if to_write:
                _rename(absolute, target, journal)
        except CannotDo as trouble:
            sum_.fail(trouble)
            continue
        sum_.mended += 1
        _tell(_shown(str(path)), target.name)


def _known(path: Path) -> str | bytes:
    """Return the name of a file: its bytes where they are not UTF-8."""
    return os.fsencode(path.name) if BYTES.search(path.name) else path.name


def _rename(path: Path, target: Path, journal: Journal | None) -> None:
    if os.path.lexists(target):
        raise CannotDo(f"{_shown(str(path))}: {target.name} is there already; rename one of them")
    try:
        # Noted first, so that it can be undone whenever the run is killed.
        if journal is not None:
            journal.move(path, target)
        rename(str(path), str(target))
    except FileExistsError as trouble:
        raise CannotDo(f"{_shown(str(path))}: {target.name} is there already; rename one of them") from trouble
    except OSError as trouble:
        raise CannotDo(f"{_shown(str(path))}: cannot be renamed: {trouble.strerror}") from trouble


# --- Archives --------------------------------------------------------------------------------------------------------


def _is_archive(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            return file.read(4) in SIGNATURES
    except OSError:  # a folder, or nothing: the walk will tell
        return False


def _mend_archive(path: str, how: How, sum_: Sum, journal: Journal | None, *, to_write: bool) -> None:
    try:
        file, state = open_file(path)
        with file:
            archive = Archive(file)
            plan = _plan(path, archive, how, sum_)
            if plan and to_write:
                _write(path, archive, plan, state, journal)
    except OSError as trouble:
        sum_.fail(unreadable(path, trouble))
        return
    except MojimendError as trouble:
        sum_.fail(CannotDo(f"{path}: {trouble}"))
        return
    except CannotDo as trouble:
        sum_.fail(trouble)
        return
    sum_.mended += len(plan)
    for number, new in plan.items():
        _tell(f"{path}:{show(_old_name(archive.members[number]))}", new.name)


def _plan(path: str, archive: Archive, how: How, sum_: Sum) -> dict[int, Name]:
    """Return the new names, by the numbers of the members; what cannot be mended is told."""
    parts = [_parts(member) for member in archive.members]
    comments = [_comment(member) for member in archive.members]
    mended = how.mend(part for part in [*chain.from_iterable(parts), *comments] if part)
    taken = {_old_name(member) for member in archive.members}
    plan: dict[int, Name] = {}
    uncertain = 0
    for number, (member, several) in enumerate(zip(archive.members, parts, strict=True)):
        sum_.names += 1
        old = _old_name(member)
        results = [mended[part] for part in several if part]
        if member.known_name is None and UNCERTAIN in results:
            uncertain += 1
            continue
        trouble = next((one.trouble for one in results if one.trouble), None)
        name = "/".join(_text(part, mended) for part in several)
        if trouble is not None:
            sum_.fail(CannotDo(f"{path}:{show(old)}: {trouble}"))
        elif name == old:
            continue
        elif name in taken:
            sum_.fail(CannotDo(f"{path}:{show(old)}: {name} is in the archive already; it was left as it is"))
        else:
            taken.add(name)
            plan[number] = Name(name, _text(comments[number], mended))
    if uncertain:
        say(f"{path}: {uncertain} left as code page 437, which is the standard; another one: --candidates gbk")
    return plan


def _old_name(member: Member) -> str:
    """Return the name as other programs show it."""
    return member.known_name or member.name.decode(BY_STANDARD)


def _parts(member: Member) -> list[str | bytes]:
    name = member.known_name
    return [*member.name.split(b"/")] if name is None else [*name.split("/")]


def _comment(member: Member) -> str | bytes:
    """Return the comment, which is in the encoding of the name: its bytes where that is not known."""
    try:
        return member.comment.decode("utf-8" if member.is_utf_8 else "ascii")
    except UnicodeDecodeError:
        return member.comment


def _text(part: str | bytes, mended: dict[str | bytes, Mended]) -> str:
    new = mended[part].new if part else None
    return new or (part if isinstance(part, str) else part.decode("utf-8", "surrogateescape"))


def _write(path: str, archive: Archive, plan: dict[int, Name], state: tuple[int, ...], journal: Journal | None) -> None:
    new = Replacement(path)

    def verify_and_keep(old: Path, made: Path) -> None:
        with made.open("rb") as file:
            _verify(path, archive, Archive(file), plan)
        if journal is not None:
            journal.keep(old, made)

    try:
        archive.write(new.file, plan)
        new.commit(state, verify_and_keep)
    finally:
        new.discard()


def _verify(path: str, old: Archive, new: Archive, plan: dict[int, Name]) -> None:
    wanted = [plan[number].name.encode() if number in plan else one.name for number, one in enumerate(old.members)]
    same = [(one.record.crc, one.record.compressed, one.record.size) for one in old.members] == [
        (one.record.crc, one.record.compressed, one.record.size) for one in new.members
    ]
    if not same or [one.name for one in new.members] != wanted:
        raise CannotDo(f"{path}: did not come out as it should and was left as it is")


# --- What is shown ---------------------------------------------------------------------------------------------------


def _shown(path: str) -> str:
    """Show a path; the parts of it that are not in UTF-8 by the numbers of their bytes."""
    return "/".join(NOT_ASCII.sub(_numbers, part) if BYTES.search(part) else show(part) for part in path.split("/"))


def _numbers(run: re.Match[str]) -> str:
    return f"⟦{os.fsencode(run[0]).hex(' ').upper()}⟧"


def _tell(old: str, new: str) -> None:
    """Show a name and what it should be, on two lines where one is too narrow."""
    new = show(new)
    print(f"{old} → {new}" if columns_of(f"{old} → {new}") <= WIDTH else f"{old}\n    → {new}")
