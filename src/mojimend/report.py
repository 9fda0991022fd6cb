"""The record of one repair: what was found, what was changed, and the way back."""

from __future__ import annotations

from typing import NamedTuple

from mojimend.decoding.result import Decoding
from mojimend.finding import Finding
from mojimend.text.edits import Edit, apply, invert


class Report(NamedTuple):
    """What ``repair`` gives back.

    Attributes:
        source: The text before any repair; for bytes, what they decode to. All places count its code points.
        text: The text after the accepted repairs.
        findings: Everything found, by place.
        mended: Those of them that were acted upon.
        edits: The accepted repairs folded into one round of edits from ``source`` to ``text``.
        decoding: How the bytes were read, or None where text was given.
    """

    source: str
    text: str
    findings: tuple[Finding, ...]
    mended: tuple[Finding, ...]
    edits: tuple[Edit, ...]
    decoding: Decoding | None = None

    @property
    def changed(self) -> bool:
        """Whether any repair was made to the text."""
        return self.text != self.source

    @property
    def left(self) -> tuple[Finding, ...]:
        """The findings that were not acted upon."""
        mended = set(self.mended)
        return tuple(finding for finding in self.findings if finding not in mended)

    def replay(self) -> str:
        """Make the edits again: ``source`` to ``text``."""
        return apply(self.source, self.edits)

    def reverse(self) -> str:
        """Undo the edits: ``text`` to ``source``."""
        return apply(self.text, invert(self.source, self.edits))
