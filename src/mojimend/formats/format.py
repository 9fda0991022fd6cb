r"""What every format answers: where the texts stand, how they are written there, and where a file may be cut.

A plain text is its own only field, so this class is also the format of plain text, Markdown and source code.

>>> plain = Format()
>>> plain.fields("one\ntwo\nthr"), plain.boundary("one\ntwo\nthr")
([Field(start=0, end=11, escapes=None)], 8)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, NamedTuple

from mojimend.formats.escapes import Escapes
from mojimend.text.edits import Edit
from mojimend.text.later import later

# What a text may be cut behind where a line is too long to be held whole; before all else, line ends. A space of ASCII
# is a character of its own in whatever encoding the text was written and read, so that nothing misread is cut there.
_SPACES = later(r"[\t-\r ]")
_ENDS_OF_SENTENCES = later(r"[。．！？.!?，,、;；>]")


class Field(NamedTuple):
    """One text in a piece of a file: ``piece[start:end]``, written with these escapes."""

    start: int
    end: int
    escapes: Escapes | None = None


class Format:
    """A format, set for one file; it holds no state of what was read."""

    __slots__ = ()
    name: ClassVar[str] = "text"
    # Whether a piece of it that ends anywhere can be read: a value or markup that is cut in two is neither.
    may_be_cut: ClassVar[bool] = True

    def boundary(self, text: str) -> int:
        """Return the last place where the text may be cut in two, given that it begins at one; 0 if there is none.

        What stands on both sides is then read as if the file had been read whole.
        """
        return text.rfind("\n") + 1 or text.rfind("\r", 0, len(text) - 1) + 1

    def fields(self, text: str) -> Iterable[Field]:
        """Return the texts in a piece that begins and ends at boundaries, by place."""
        return [Field(0, len(text))] if text else []

    def places(self, text: str, fields: Sequence[Field]) -> list[str | None]:  # noqa: ARG002  (other formats need it)
        """Name fields of a piece for people, within their lines: ``$.title``, ``[title]``, or nothing.

        The fields are given by place. None says that the record around one is broken, and is left as it is.
        """
        return [""] * len(fields)

    def kept(self, raw: str) -> Callable[[int, int], bool]:  # noqa: ARG002
        """Return the test whether a span of a field touches what is no text: markup, time codes."""
        return keeps_nothing

    def put(self, raw: str, edits: Iterable[Edit]) -> Iterable[Edit]:  # noqa: ARG002
        """Yield the edits of a field, given by place, so that what they put in is read as text there."""
        return edits

    def can_hold(self, field: Field, value: str) -> bool:  # noqa: ARG002
        """Tell whether the field can be written with this value and nothing around it changed."""
        return True


def keeps_nothing(_start: int, _end: int) -> bool:
    """Tell of any span of a field that it touches nothing but text."""
    return False


def read(text: str, field: Field) -> str:
    """Return what a field says."""
    raw = text[field.start : field.end]
    return raw if field.escapes is None else field.escapes.read(raw)


def anywhere(text: str) -> int:
    """Return where to cut a text that has no boundary: behind the end of a word or sentence in its second half.

    >>> anywhere("one, two three"), anywhere("一，二，三四")
    (9, 4)
    """
    half = len(text) // 2
    for ends in (_SPACES, _ENDS_OF_SENTENCES):
        if last := max((end.end() for end in ends.finditer(text, half)), default=0):
            return last
    return len(text)
