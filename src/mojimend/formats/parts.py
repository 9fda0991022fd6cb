"""A file as the parts that are mended one by one, and what puts them together again.

Every kind of file answers the same three questions: which parts it has, what becomes of it besides (its encoding), and
who writes it. A part is text to mend, with what is needed to write it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO, NamedTuple, Protocol

from mojimend.formats.choose import choose, suffix_of
from mojimend.formats.format import Format
from mojimend.formats.labels import relabelled
from mojimend.formats.reading import Reading, cut_by, encoded, pieces
from mojimend.text.edits import apply

# The first text tells the format, by this many code points.
_HEAD = 1 << 16


class Choices(NamedTuple):
    """How to read files: all by themselves, unless the user says more.

    Arguments:
        form: The name of a format to believe in, whatever a file is called.
        names: The fields to read: members of records, columns of tables. Empty means all.
        languages: BCP 47 tags of the languages expected, which break ties between encodings.
        keep_encoding: Whether to write a file in the encoding it is in; else it becomes UTF-8.
    """

    form: str | None = None
    names: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    keep_encoding: bool = False


class Part(NamedTuple):
    """A part of a file: its text and format, where it stands, and what its writer needs besides the text.

    ``form`` is None for what is no text at all. ``address`` is put behind the name of the file, and ``first_line``
    counts from there. ``is_recoded`` tells that writing it changes bytes even if the text stays.
    """

    text: str
    form: Format | None
    first_line: int = 1
    address: str = ""
    is_recoded: bool = False
    original: Any = None


class Writer(Protocol):
    """Writes a file part by part."""

    def put(self, part: Part, text: str) -> None:
        """Write the part, with this text in place of its own."""

    def finish(self) -> None:
        """Write what comes last; the file below stays open."""


class Parts(Protocol):
    """A file of some kind, opened."""

    reading: Reading

    def __iter__(self) -> Iterator[Part]:
        """Read the parts, once."""

    def writer(self, out: BinaryIO) -> Writer:
        """Return what writes such a file; the first part has been read by then."""

    @property
    def target(self) -> str:
        """The encoding to write, known when the first part has been read."""


class TextParts:
    """A stream of text in one of the formats."""

    def __init__(self, stream: BinaryIO, name: str, choices: Choices) -> None:
        self._stream, self._name, self._choices = stream, name, choices
        self._suffix = ""
        self.reading = Reading()

    def __iter__(self) -> Iterator[Part]:
        """Read the text, in pieces."""
        choices = self._choices
        texts = pieces(self._stream, self.reading, keep=choices.keep_encoding, languages=choices.languages)
        first = next(texts, "")
        form = choose(self._name, first[:_HEAD], choices.form, choices.names)
        # Who says that a page is plain text wants none of it understood.
        self._suffix = ".html" if form.name == "html" else "" if choices.form else suffix_of(self._name)
        line = 1
        for text in cut_by(form, _and_so_on(first, texts)):
            yield Part(text, form, line, is_recoded=not choices.keep_encoding and not self.reading.keeps_bytes)
            line += text.count("\n")

    def writer(self, out: BinaryIO) -> Writer:
        """Return what writes the text in the encoding that was chosen."""
        return _TextWriter(out, self.reading, self.target, self._suffix)

    @property
    def target(self) -> str:
        """The encoding to write."""
        return self.reading.encoding if self._choices.keep_encoding else "utf-8"


def _and_so_on(first: str, others: Iterable[str]) -> Iterator[str]:
    return chain([first], others) if first else iter(others)


class _TextWriter:
    """Writes text as bytes: the mark and the bytes in no character as they were, the label as it must be."""

    def __init__(self, out: BinaryIO, reading: Reading, target: str, suffix: str) -> None:
        self._out, self._reading, self._target, self._suffix = out, reading, target, suffix
        self._is_first = True

    def put(self, part: Part, text: str) -> None:  # noqa: ARG002  (a text needs nothing else)
        """Write a piece."""
        if self._is_first:
            self._is_first = False
            if self._reading.encoding == self._target:
                self._out.write(self._reading.mark)
            else:
                text = apply(text, relabelled(text, self._target, self._suffix))
        self._out.write(encoded(text, self._target))

    def finish(self) -> None:
        """Write the mark of a text that is nothing else."""
        if self._is_first and self._reading.encoding == self._target:
            self._out.write(self._reading.mark)
