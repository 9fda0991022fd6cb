"""Files read, mended and handed on: the part of the way that ``fix`` and ``check`` share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from mojimend.cli import CannotDo, say
from mojimend.cli.files import STDIN, STDIN_NAME, open_file, stdin, unreadable
from mojimend.cli.progress import Progress
from mojimend.corpus import Mended, Piece, Show, mend
from mojimend.errors import MojimendError
from mojimend.finding import Applicability
from mojimend.formats.compression import Compression
from mojimend.formats.opening import opened
from mojimend.formats.parts import Choices, Part, Parts, TextParts
from mojimend.formats.reading import NotText
from mojimend.settings import Settings
from mojimend.text.edits import apply
from mojimend.workers import in_order

# Confidence is a likelihood (docs/detection.md has it stated and observed): below this it is sooner something else.
_MERE_GUESS = 0.5


class Job(NamedTuple):
    """What is to be done with every file."""

    settings: Settings
    choices: Choices
    show: Show = Show.NOTHING
    verify: bool = False
    jobs: int = 1


class File:
    """A file on its way; what is known of it grows with what was read and mended."""

    def __init__(self, path: str, is_named: bool) -> None:
        self.path, self.is_named = path, is_named
        self.state: tuple[int, ...] | None = None
        self.compression: Compression | None = None
        self.parts: Parts | None = None
        self.trouble: CannotDo | None = None
        self.is_binary = self.is_changed = False
        self.fields = self.fixed = 0
        self.found: Counter[Applicability] = Counter()
        self.left: Counter[Applicability] = Counter()
        self.refused: Counter[str] = Counter()

    @property
    def name(self) -> str:
        """The file's name, for people."""
        return STDIN_NAME if self.path == STDIN else self.path

    @property
    def size(self) -> int:
        """The number of its bytes, as far as they could be read."""
        return self.state[2] if self.state else 0

    def take(self, part: Part, mended: Mended | None) -> None:
        """Note what became of a part."""
        self.is_changed |= part.is_recoded
        if mended is not None:
            self.is_changed |= bool(mended.edits)
            self.fields += mended.fields
            self.fixed += mended.fixed
            self.found.update(mended.found)
            self.left.update(mended.left)
            self.refused.update(mended.refused)

    def doubt(self) -> str | None:
        """Say why the bytes may have meant something else than the text that was read from them, or None."""
        reading = self.parts.reading if self.parts else None
        if reading is None:
            return None
        if reading.lost and not self.loses_nothing:
            return f"bytes lost: {reading.lost}, the first at offset {reading.first_lost} (no {reading.encoding})"
        if reading.confidence < _MERE_GUESS:
            return f"read as {reading.encoding}, and that is a mere guess"
        return None

    def remarks(self) -> list[str]:
        """Say what is odd about the bytes, and what could not be mended."""
        said = [f"{count} repair{'s' * (count != 1)} left out {why}" for why, count in self.refused.items()]
        reading = self.parts.reading if self.parts else None
        if doubt := self.doubt():
            said.append(doubt)
        elif reading and reading.lost:
            said.append(
                f"not UTF-8 in {reading.lost} byte{'s' * (reading.lost != 1)}, the first at offset "
                f"{reading.first_lost}; they stay as they are"
            )
        if reading and reading.unread:
            are = "1 record is" if reading.unread == 1 else f"{reading.unread} records are"
            said.append(f"{are} in no encoding that could be told, and left")
        if reading and reading.others:
            said.append(f"is in {reading.encoding} and {', '.join(sorted(reading.others))}")
        return said

    @property
    def compresses_outside(self) -> bool:
        """Whether the file is a plain stream that a compression can be put around."""
        return isinstance(self.parts, TextParts)

    @property
    def loses_nothing(self) -> bool:
        """Whether bytes that are in no character are written as they were read."""
        return self.parts is not None and (self.parts.reading.keeps_bytes or self.parts.target != "utf-8")


def text_of(part: Part, mended: Mended | None) -> str:
    """Return the text of a part as it was mended."""
    return apply(part.text, mended.edits) if mended is not None and mended.edits else part.text


def field_is_missing(job: Job, fields: int) -> bool:
    """Say it where fields were asked for by name, and not one was there to read in any file."""
    if job.choices.names and not fields:
        say(f"nothing was read: there is no field {' or '.join(job.choices.names)}")
        return True
    return False


def open_parts(path: str, choices: Choices) -> tuple[Parts, Compression | None, tuple[int, ...] | None, BinaryIO]:
    """Open a file, or standard input.

    Raises:
        CannotDo: It cannot be read.
    """
    file, state = (stdin(), None) if path == STDIN else open_file(path)
    name = STDIN_NAME if path == STDIN else path
    try:
        parts, compression = opened(file, name, choices)
    except (OSError, MojimendError) as trouble:
        if path != STDIN:
            file.close()
        if isinstance(trouble, OSError):
            raise unreadable(name, trouble) from trouble
        raise CannotDo(f"{name}: {trouble}") from trouble
    return parts, compression, state, file


def run(
    files: Iterable[tuple[str, bool]], job: Job, progress: Progress
) -> Iterator[tuple[File, Part | None, Mended | None]]:
    """Yield every part of every file with what became of it, and behind the last part the file alone.

    The files come in their order, and so do their parts, on however many processes they are mended. Trouble with a
    file is noted in it and ends it; the others go on.
    """
    before = 0
    for (file, part, at), mended in in_order(mend, _pieces(files, job), job.jobs):
        if part is not None:
            file.take(part, mended)
        progress.at(before + at)
        if part is None:
            before += at
        yield file, part, mended


def _pieces(
    files: Iterable[tuple[str, bool]], job: Job
) -> Iterator[tuple[tuple[File, Part | None, int], Piece | None]]:
    """Yield the parts with how far into its file each was read, in bytes; behind the last part that is its size."""
    for path, is_named in files:
        file = File(path, is_named)
        try:
            for part, at in _parts(file, job.choices):
                yield (file, part, at), _piece(file, part, job)
        except NotText as trouble:
            file.is_binary = True
            file.trouble = CannotDo(f"{file.name}: {trouble}")
        except CannotDo as trouble:
            file.trouble = trouble
        except MojimendError as trouble:
            file.trouble = CannotDo(f"{file.name}: {trouble}")
        except OSError as trouble:
            file.trouble = unreadable(file.name, trouble)
        yield (file, None, file.size), None


def _parts(file: File, choices: Choices) -> Iterator[tuple[Part, int]]:
    file.parts, file.compression, file.state, stream = open_parts(file.path, choices)
    try:
        for part in file.parts:
            yield part, 0 if file.path == STDIN else stream.tell()
    finally:
        if file.path != STDIN:
            stream.close()


def _piece(file: File, part: Part, job: Job) -> Piece | None:
    if part.form is None or not part.text:
        return None
    assert file.parts is not None
    name = file.name + part.address
    return Piece(name, part.form, part.text, part.first_line, job.settings, job.show, file.parts.target, job.verify)
