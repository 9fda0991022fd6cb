"""Files written by ``mojimend fix``: in place, or beside the old ones, and what is kept of what they overwrite."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from os.path import isdir
from pathlib import Path
from typing import BinaryIO

import click

from mojimend.cli import CannotDo, say, typed
from mojimend.cli.files import STDIN
from mojimend.cli.journal import Journal, runs, size
from mojimend.cli.replacement import Replacement
from mojimend.cli.resume import Done
from mojimend.cli.walk import Walk
from mojimend.cli.work import File, open_parts, text_of
from mojimend.corpus import Mended
from mojimend.errors import MojimendError
from mojimend.formats.compression import Compression, compression_named
from mojimend.formats.parts import Choices, Part, Writer
from mojimend.settings import Settings

# Nothing that can be undone is ever thrown away unasked. From here on it is said how to.
MUCH_ROOM = 10**9


def writing(
    walk: Walk, choices: Choices, settings: Settings, output: str | None, *, journal: bool, resume: bool
) -> Writing:
    """Return how the files are written: to this file or folder, or in place.

    Raises:
        UsageError: The output is the file to repair, or there is nothing to resume.
    """
    kept = Journal() if journal else None
    way: Writing
    if output is None:
        way = InPlace(choices, kept)
    elif not walk.is_one_file or output.endswith("/") or (walk.paths[0] != STDIN and isdir(output)):
        for path in walk.paths:
            if path != STDIN and isdir(path) and _is_same_file(path, output):
                raise click.UsageError(_same(output, path, "folder"))
        walk.output = output
        way = IntoFolder(choices, kept, Path(output), walk)
    elif walk.paths[0] != STDIN and _is_same_file(walk.paths[0], output):
        raise click.UsageError(_same(output, walk.paths[0], "file"))
    else:
        way = IntoFile(choices, kept, output)
    if journal and isinstance(way, InPlace | IntoFolder) and not walk.is_one_file and STDIN not in walk.paths:
        way.remember(walk, settings, resume=resume)
    elif resume:
        raise click.UsageError("--resume goes on with -w or -o DIR over several files, and needs the journal")
    return way


def _is_same_file(path: str, other: str) -> bool:
    try:
        return Path(path).samefile(other)
    except OSError:  # the other is not there, or nowhere: writing will tell
        return False


def _same(target: str, path: str, kind: str) -> str:
    return f"{target}: is the {kind} to repair; to change it in place: `mojimend fix -w {typed(path)}`"


class Writing:
    """Files are written, one at a time, and each is put in place when it is whole."""

    verifies = True
    code = 0
    # Whether a file is written even if nothing in it changes.
    _always = True

    def __init__(self, choices: Choices, journal: Journal | None) -> None:
        self._choices = choices
        self._journal = journal
        self._done: Done | None = None
        self._file: File | None = None
        self._new: Replacement | None = None
        self._stream: BinaryIO | None = None
        self._writer: Writer | None = None
        self._unchanged = 0

    @property
    def told(self) -> list[str]:
        """How this run is undone, if it has kept anything, and what room the journal takes, if that is much."""
        if self._journal is None or self._journal.run is None:
            return []
        undo = f"to undo: `mojimend undo {self._journal.run}`"
        taken = sum(map(size, runs()))
        if taken < MUCH_ROOM:
            return [undo]
        return [
            undo,
            f"all that can be undone takes {taken / 1e9:.1f} GB; to free it: `mojimend undo --forget all`",
        ]

    def remember(self, walk: Walk, settings: Settings, *, resume: bool) -> None:
        """Keep a list of what is done, and with ``resume`` pass over what an earlier run has done."""
        paths = [str(Path(path).absolute()) for path in walk.paths]
        done = Done(settings, self._choices, self._place(), paths, resume=resume)
        if resume and done.is_empty:
            say("no run with these paths and settings was interrupted: this one begins with the first file")

        def is_done(path: str) -> bool:
            target = done.target_of(path)
            if target is not None:
                self._occupy(target, path)
            return target is not None

        walk.is_done = is_done
        self._done = done

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
            self._writer.put(part, text_of(part, mended))
        except CannotDo as trouble:
            file.trouble = trouble
        except (OSError, MojimendError) as trouble:
            file.trouble = _cannot(self.target(file), trouble)

    def end(self, file: File) -> None:
        """Put the new file in place, if there is one."""
        state = None
        if file.doubt() and not self._always:
            self.give_up()
            raise CannotDo(f"{file.name}: left as it is; see what comes of it with -o FILE")
        try:
            if self._always:
                self._begin(file)
            if self._writer is not None and self._new is not None:
                self._writer.finish()
                if self._stream is not None:
                    self._stream.close()
                keep = None if self._journal is None else self._journal.keep
                state = self._new.commit(None if self._always else file.state, keep)
        except (OSError, MojimendError) as trouble:
            raise _cannot(self.target(file), trouble) from trouble
        finally:
            self.give_up()
        if self._done is not None and not file.refused:
            assert file.state is not None
            target = self.target(file)
            now = state or file.state
            self._done.note(file.path, now if target == file.path else file.state, target, now)

    def give_up(self) -> None:
        """Leave the file that is being written."""
        if self._new is not None:
            self._new.discard()
        self._file = self._new = self._stream = self._writer = None

    def close(self, *, is_over: bool, all_done: bool) -> None:
        """End the journal, and forget what is done where nothing is left to do."""
        if self._done is not None:
            self._done.close(all_done=all_done)
            if not is_over:
                say("to go on where it stopped: the same command with --resume")
        if self._journal is not None:
            self._journal.close()

    def _place(self) -> Path | None:
        """Return the folder that is written to, if there is one for all files."""
        return None

    def _occupy(self, target: str, path: str) -> None:
        """Note that a target is what comes of this file."""

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
        parts, _, state, stream = open_parts(file.path, self._choices)
        with stream:
            if state != file.state:
                raise CannotDo(f"{file.name}: has changed since it was read and was left as it is; run again")
            yield from islice(parts, self._unchanged)


def _cannot(path: str, trouble: Exception) -> CannotDo:
    why = trouble.strerror if isinstance(trouble, OSError) else trouble
    return CannotDo(f"{path}: cannot be written: {why}; nothing was changed")


class InPlace(Writing):
    """Files are changed themselves, those that need it."""

    _always = False

    def target(self, file: File) -> str:
        """Return the path of the file itself."""
        return file.path


class IntoFile(Writing):
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


class IntoFolder(Writing):
    """Files become files of the same names in another folder."""

    def __init__(self, choices: Choices, journal: Journal | None, folder: Path, walk: Walk) -> None:
        super().__init__(choices, journal)
        self._folder, self._walk = folder, walk
        self._taken: dict[str, str] = {}

    def _place(self) -> Path | None:
        return self._folder.absolute()

    def _occupy(self, target: str, path: str) -> None:
        self._owner(target, path)

    def _owner(self, target: str, path: str) -> str:
        """Return the file that a target is for, by its absolute path: this one, if there was none before."""
        return self._taken.setdefault(str(Path(target).absolute()), str(Path(path).absolute()))

    def target(self, file: File) -> str:
        """Return the path in the folder."""
        target = self._folder / self._walk.inner_name(file.path)
        if (other := self._owner(str(target), file.path)) != str(Path(file.path).absolute()):
            raise CannotDo(f"{file.path}: {target} is what comes of {other} already")
        if _is_same_file(file.path, str(target)):
            raise CannotDo(_same(str(target), file.path, "file"))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as trouble:
            raise CannotDo(f"{target.parent}: cannot be made: {trouble.strerror}") from trouble
        return str(target)
