"""``mojimend fix``: the repaired text, to standard output, to files beside the old ones, or in place."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

import click

from mojimend.cli import CannotDo, say, tell
from mojimend.cli.files import STDIN, Replacement
from mojimend.cli.journal import Journal
from mojimend.cli.options import files_options, settings_options
from mojimend.cli.progress import Progress
from mojimend.cli.resume import Done
from mojimend.cli.walk import Walk, skipped_in_words
from mojimend.cli.work import File, Job, open_parts, run
from mojimend.corpus import Mended, Show
from mojimend.errors import MojimendError
from mojimend.finding import Applicability
from mojimend.formats.compression import Compression, compression_named
from mojimend.formats.parts import Choices, Part, Writer
from mojimend.settings import Settings
from mojimend.text.edits import apply
from mojimend.text.visible import show


@click.command
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True))
@click.option("--diff", "as_diff", is_flag=True, help="Show what would change; exit 1 if anything would.")
@click.option("-w", "--write", "in_place", is_flag=True, help="Change the files themselves.")
@click.option(
    "-o", "--output", type=click.Path(), metavar="PATH", help="Write to this file; several files to this folder."
)
@click.option("--keep-encoding", is_flag=True, help="Write each file in the encoding it is in, not as UTF-8.")
@click.option("--no-journal", is_flag=True, help="Keep nothing of what is overwritten; undo cannot bring it back.")
@click.option("--resume", is_flag=True, help="After an interruption, do the files that were not done.")
@settings_options
@files_options
def fix(  # noqa: PLR0917  (click passes them by name)
    paths: tuple[str, ...],
    as_diff: bool,
    in_place: bool,
    output: str | None,
    keep_encoding: bool,
    no_journal: bool,
    resume: bool,
    walk: Walk,
    choices: Choices,
    jobs: int,
    progress: Progress,
    quiet: bool,
    settings: Settings,
) -> int:
    """Repair files, or standard input, and print the text as UTF-8.

    Only texts change: line ends, a UTF-8 byte order mark, markup, the form of
    records and tables stay as they are, and -w and -o DIR keep compression.
    On a terminal invisible characters are shown as in ⟦ZWSP⟧.

    \b
    Exit code: 0 done, 1 changes are pending (--diff), 2 could not be done.

    \b
    Examples:
      mojimend fix page.txt > clean.txt
      mojimend fix --diff *.txt
      mojimend fix -w -j 4 corpus/
      mojimend fix -w -j 4 --resume corpus/
      mojimend fix --field text -o clean/ crawl/*.jsonl.gz
      mojimend fix --accept likely -o clean.txt page.txt

    \b
    What -w and -o overwrite is kept: `mojimend undo` brings it back.
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    if not paths:
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError(
                "name a file: `mojimend fix page.txt`\nor pipe a text in: `cat page.txt | mojimend fix`"
            )
        walk.paths = (STDIN,)
    if as_diff + in_place + (output is not None) > 1:
        raise click.UsageError("--diff shows, -w and -o write: take one of the three")
    if in_place and STDIN in walk.paths:
        raise click.UsageError("-w changes files, and standard input is none: leave -w out, or name a file")
    if output is None and not (as_diff or in_place) and not walk.is_one_file:
        raise click.UsageError(
            "several files at once: `mojimend fix --diff PATHS` shows the repairs,\n"
            "`mojimend fix -w PATHS` makes them, `-o DIR` puts what comes of them into a folder"
        )
    journal = None if no_journal else Journal()
    way = Shown(choices) if as_diff else _way(walk, choices, in_place, output, journal)
    choices = replace(choices, keep_encoding=keep_encoding)
    way.choices = choices
    if isinstance(way, ToTerminal):
        progress.hide()
    shown = Show.CHANGES if as_diff else Show.NOTHING
    done = None if no_journal else _done(way, walk, settings, choices, resume=resume)
    if resume and done is None:
        raise click.UsageError("--resume goes on with -w or -o DIR over several files, and needs the journal")
    sum_ = Sum()
    is_over = False
    try:
        with progress:
            for file, part, mended in run(walk.files(), Job(settings, choices, shown, way.verifies, jobs), progress):
                if file.trouble is None and part is not None:
                    way.take(file, part, mended)
                elif part is None and sum_.take(file, walk, way) and done is not None:
                    assert isinstance(way, _Writing)
                    done.note(*way.done(file))
        is_over = True
    finally:
        way.give_up()
        if done is not None:
            done.close(all_done=is_over and not sum_.failed)
            if not is_over:
                say("to go on where it stopped: the same command with --resume")
        if journal is not None:
            journal.close()
    if not quiet:
        words = [skipped_in_words(walk.skipped)] if walk.skipped else []
        if (in_place or (output is not None and not walk.is_one_file)) and (sum_.files or walk.skipped):
            words.insert(0, sum_.in_words(walk.paths[0] if walk.is_one_file else None, keep_encoding))
        if words:
            say("; ".join(words))
        if journal is not None and journal.run is not None:
            say(f"to undo: `mojimend undo {journal.run}`")
    return 2 if sum_.failed else way.code


class Way(Protocol):
    """What becomes of the parts of the files."""

    choices: Choices
    verifies: bool
    code: int

    def take(self, file: File, part: Part, mended: Mended | None) -> None:
        """Take the next part of a file. Trouble is noted in the file, which ends it."""

    def end(self, file: File) -> None:
        """Finish a file all of which has been mended.

        Raises:
            CannotDo: It was left as it was.
        """

    def give_up(self) -> None:
        """Leave a file that was not finished."""


@dataclass
class Sum:
    """What was done with all the files."""

    files: int = 0
    changed: int = 0
    fixed: int = 0
    failed: int = 0
    left: Counter[Applicability] = field(default_factory=Counter)
    recoded: set[str] = field(default_factory=set)

    def take(self, file: File, walk: Walk, way: Way) -> bool:
        """Finish a file, and add it; return whether all was done that could be."""
        if file.is_binary and not file.is_named:
            walk.skipped["binary"] += 1
            return False
        try:
            if file.trouble is not None:
                way.give_up()
                raise file.trouble
            for remark in file.remarks():
                say(f"{file.name}: {remark}")
            way.end(file)
        except CannotDo as trouble:
            say(trouble.message)
            self.failed += 1
            return False
        self.failed += bool(file.refused)
        self.files += 1
        self.changed += bool(file.fixed)
        self.fixed += file.fixed
        self.left.update(file.left)
        assert file.parts is not None
        self.recoded |= {file.parts.reading.encoding, *file.parts.reading.others} - {"utf-8"}
        return not file.refused

    def in_words(self, only: str | None, keep_encoding: bool) -> str:
        """Say it in a line."""
        where = only or f"{self.changed} of {self.files} files"
        parts = [f"fixed {self.fixed} finding{'s' * (self.fixed != 1)} in {where}"]
        if self.recoded and not keep_encoding:
            parts.append(f"now UTF-8, not {', '.join(sorted(self.recoded))}")
        if likely := self.left[Applicability.LIKELY]:
            parts.append(f"{likely} likely left (--accept likely)")
        if notes := self.left[Applicability.NOTE]:
            parts.append(f"{notes} note{'s' * (notes != 1)} (mojimend check {only or 'PATHS'})")
        return "; ".join(parts)


def _way(walk: Walk, choices: Choices, in_place: bool, output: str | None, journal: Journal | None) -> Way:
    if in_place:
        return InPlace(choices, journal)
    if output is None:
        return ToTerminal(choices) if sys.stdout.isatty() else ToStdout(choices)
    # os.path: Path.is_dir raises where the name is too long for one.
    if not walk.is_one_file or output.endswith("/") or (os.path.isdir(output) and walk.paths[0] != STDIN):  # noqa: PTH112
        return IntoFolder(choices, journal, Path(output), walk)
    path = walk.paths[0]
    if path != STDIN and _is_same_file(path, output):
        raise click.UsageError(f"{output}: is the file to repair; to change it in place: `mojimend fix -w {path}`")
    return IntoFile(choices, journal, output)


def _done(way: Way, walk: Walk, settings: Settings, choices: Choices, *, resume: bool) -> Done | None:
    """Return the list of what is done, if this is a run that can be resumed."""
    if not isinstance(way, InPlace | IntoFolder) or walk.is_one_file or STDIN in walk.paths:
        return None
    place = way.folder.absolute() if isinstance(way, IntoFolder) else None
    paths = [str(Path(path).absolute()) for path in walk.paths]
    done = Done(settings, choices, place, paths, resume=resume)
    if resume and done.is_empty:
        say("no run with these paths and settings was interrupted: all files are done")

    def is_done(path: str) -> bool:
        target = done.target_of(path)
        if target is not None and isinstance(way, IntoFolder):
            way.occupy(target, path)
        return target is not None

    walk.is_done = is_done
    return done


def _is_same_file(path: str, other: str) -> bool:
    try:
        return Path(path).samefile(other)
    except OSError:  # the other is not there, or nowhere: writing will tell
        return False


def _text(part: Part, mended: Mended | None) -> str:
    return apply(part.text, mended.edits) if mended is not None and mended.edits else part.text


class Shown:
    """The repairs are shown, and none is made."""

    verifies = False

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.code = 0
        self._headed: File | None = None

    def take(self, file: File, part: Part, mended: Mended | None) -> None:
        """Show the changes of a part, under what becomes of the file's encoding."""
        reading = file.parts.reading if file.parts else None
        if part.is_recoded and reading is not None and self._headed is not file:
            self._headed = file
            tell(f"{show(file.name)}  {' and '.join([reading.encoding, *sorted(reading.others)])} → utf-8")
        for line in mended.told if mended else ():
            tell(line)

    def end(self, file: File) -> None:
        """Remember that changes are pending."""
        reading = file.parts.reading if file.parts else None
        recoded = not self.choices.keep_encoding and reading is not None and reading.encoding != "utf-8"
        if file.is_changed or recoded:
            self.code = 1
        if recoded and reading is not None and self._headed is not file:
            tell(f"{show(file.name)}  {reading.encoding} → utf-8")

    def give_up(self) -> None:
        """There is nothing to leave."""


class ToTerminal:
    """A text for people: nothing in it works on the terminal."""

    verifies = False
    code = 0

    def __init__(self, choices: Choices) -> None:
        self.choices = choices

    def take(self, file: File, part: Part, mended: Mended | None) -> None:
        """Show a part."""
        if part.original is not None:
            file.trouble = CannotDo(f"{file.name}: is not for a terminal; use -o FILE")
            return
        text = _text(part, mended)
        visible = "\n".join(show(line.removesuffix("\r")) for line in text.split("\n"))
        try:
            visible.encode(sys.stdout.encoding)
        except UnicodeEncodeError as trouble:
            lacks = f"this terminal ({sys.stdout.encoding}) lacks characters of the text; use -o FILE"
            raise CannotDo(lacks) from trouble
        sys.stdout.write(visible)

    def end(self, file: File) -> None:
        """All has been shown."""

    def give_up(self) -> None:
        """Leave what was shown; it is on the screen."""


class ToStdout:
    """The file goes to standard output; what was compressed comes out plain, as from zcat."""

    verifies = False
    code = 0

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self._writer: Writer | None = None

    def take(self, file: File, part: Part, mended: Mended | None) -> None:
        """Write a part."""
        assert file.parts is not None
        if self._writer is None:
            self._writer = file.parts.writer(sys.stdout.buffer)
        self._writer.put(part, _text(part, mended))

    def end(self, file: File) -> None:
        """Write what comes last."""
        assert file.parts is not None
        (self._writer or file.parts.writer(sys.stdout.buffer)).finish()

    def give_up(self) -> None:
        """Say so where part of the output is out already."""


class _Writing:
    """Files are written, one at a time, and each is put in place when it is whole."""

    verifies = True
    code = 0
    # Whether a file is written even if nothing in it changes.
    _always = True

    def __init__(self, choices: Choices, journal: Journal | None) -> None:
        self.choices = choices
        self._journal = journal
        self._file: File | None = None
        self._new: Replacement | None = None
        self._stream: BinaryIO | None = None
        self._writer: Writer | None = None
        self._unchanged = 0
        self._state: tuple[int, ...] | None = None

    def done(self, file: File) -> tuple[str, tuple[int, ...], str, tuple[int, ...]]:
        """Return the file that was ended last and its state, and those of what came of it."""
        assert file.state is not None
        target = self.target(file)
        state = self._state or file.state
        return file.path, state if target == file.path else file.state, target, state

    def target(self, file: File) -> str:
        """Return the path to write to.

        Raises:
            CannotDo: There is none for this file.
        """
        raise NotImplementedError

    def compression(self, file: File) -> Compression | None:
        """Return how to compress what is written."""
        return file.compression

    def take(self, file: File, part: Part, mended: Mended | None) -> None:
        """Write a part; where nothing has changed so far, only remember that it was there."""
        if self._file is not file:
            self._file, self._unchanged = file, 0
        try:
            if self._writer is None and not self._always and not file.is_changed:
                self._unchanged += 1
                return
            self._begin(file)
            assert self._writer is not None
            self._writer.put(part, _text(part, mended))
        except CannotDo as trouble:
            file.trouble = trouble
        except (OSError, MojimendError) as trouble:
            file.trouble = _cannot(self.target(file), trouble)

    def end(self, file: File) -> None:
        """Put the new file in place, if there is one."""
        self._state = None
        if file.doubt() and not self._always:
            self.give_up()
            raise CannotDo(f"{file.name}: left as it is; see what comes of it with -o FILE")
        try:
            if self._always:
                self._begin(file)
            if self._writer is None or self._new is None:
                return
            self._writer.finish()
            if self._stream is not None:
                self._stream.close()
            keep = None if self._journal is None else self._journal.keep
            self._state = self._new.commit(None if self._always else file.state, keep)
        except (OSError, MojimendError) as trouble:
            raise _cannot(self.target(file), trouble) from trouble
        finally:
            self.give_up()

    def give_up(self) -> None:
        """Leave the file that is being written."""
        if self._new is not None:
            self._new.discard()
        self._file = self._new = self._stream = self._writer = None

    def _begin(self, file: File) -> None:
        if self._writer is not None:
            return
        assert file.parts is not None
        self._new = Replacement(self.target(file))
        compression = self.compression(file)
        if compression is not None:
            self._stream = compression.open(self._new.file, "wb")
        self._writer = file.parts.writer(self._stream or self._new.file)
        for part in self._again(file):
            self._writer.put(part, part.text)

    def _again(self, file: File) -> Iterator[Part]:
        """Read again what nothing changed in: more than nine files in ten are never written, and pay nothing."""
        if not self._unchanged:
            return
        parts, _, state, stream = open_parts(file.path, self.choices)
        with stream:
            if state != file.state:
                raise CannotDo(f"{file.name}: has changed since it was read and was left as it is; run again")
            yield from islice(parts, self._unchanged)


def _cannot(path: str, trouble: Exception) -> CannotDo:
    why = trouble.strerror if isinstance(trouble, OSError) else trouble
    return CannotDo(f"{path}: cannot be written: {why}; nothing was changed")


class InPlace(_Writing):
    """Files are changed themselves, those that need it."""

    _always = False

    def target(self, file: File) -> str:
        """Return the path of the file itself."""
        return file.path


class IntoFile(_Writing):
    """One file becomes another."""

    def __init__(self, choices: Choices, journal: Journal | None, path: str) -> None:
        super().__init__(choices, journal)
        self._path = path

    def target(self, file: File) -> str:  # noqa: ARG002
        """Return the path that was asked for."""
        return self._path

    def compression(self, file: File) -> Compression | None:
        """Return what the new name calls for; a table or an archive sees to it itself."""
        return compression_named(self._path) if file.compresses_outside else None


class IntoFolder(_Writing):
    """Files become files of the same names in another folder."""

    def __init__(self, choices: Choices, journal: Journal | None, folder: Path, walk: Walk) -> None:
        super().__init__(choices, journal)
        self.folder, self._walk = folder, walk
        self._taken: dict[str, str] = {}

    def occupy(self, target: str, path: str) -> str:
        """Return the file that a target is for, by its absolute path: this one, if there was none before."""
        return self._taken.setdefault(str(Path(target).absolute()), str(Path(path).absolute()))

    def target(self, file: File) -> str:
        """Return the path in the folder."""
        target = self.folder / self._walk.inner_name(file.path)
        if (other := self.occupy(str(target), file.path)) != str(Path(file.path).absolute()):
            raise CannotDo(f"{file.path}: {target} is what comes of {other} already")
        if _is_same_file(file.path, str(target)):
            raise CannotDo(f"{target}: is the file to repair; to change it in place: `mojimend fix -w {file.path}`")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as trouble:
            raise CannotDo(f"{target.parent}: cannot be made: {trouble.strerror}") from trouble
        return str(target)
