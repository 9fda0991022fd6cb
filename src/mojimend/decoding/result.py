"""What became of the bytes."""

from __future__ import annotations

from typing import NamedTuple


class Evidence(NamedTuple):
    """What one stage said: the encoding it is for or against, how far it goes (0 to 1), and why."""

    stage: str
    encoding: str | None
    confidence: float
    reason: str


class Region(NamedTuple):
    """A half-open range of bytes in one encoding; None where they are no text (a binary block, a run of NULs)."""

    start: int
    end: int
    encoding: str | None


def whole(data: bytes, encoding: str) -> tuple[Region, ...]:
    """Return the regions of bytes that are all in one encoding."""
    return (Region(0, len(data), encoding),) if data else ()


class Decoding(NamedTuple):
    """Text that was bytes, and how it was read.

    Attributes:
        text: What the bytes say. A byte that was lost stands as U+FFFD, and so does a whole region without an encoding.
            Where ``encoding`` is None, each byte from 80 up stands as a lone surrogate (PEP 383), so that
            ``text.encode("ascii", "surrogateescape")`` still is what was given.
        encoding: The name of a codec of Python's, of most of the text if it is mixed. Two are not Python's own:
            ``iso2022_cn``, and ``euc_tw`` (planes 1 and 2 of CNS 11643). None where the bytes are no text, or could
            be several things.
        confidence: How likely the encoding is right, from 0 to 1; docs/detection.md tells how often it was.
        errors: The offsets of the bytes that were lost, and of regions without an encoding.
        regions: The ranges of bytes by encoding, in order; more than one where the file is mixed.
        evidence: What each stage said, the one that decided first.
        bom: Whether a byte order mark was read and taken off.
        runner_up: The encoding that came second, where characters were weighed.
        margin: By how many nats the first was likelier: one is a factor of 2.7.
    """

    text: str
    encoding: str | None
    confidence: float
    errors: tuple[int, ...] = ()
    regions: tuple[Region, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    bom: bool = False
    runner_up: str | None = None
    margin: float = 0.0

    @property
    def mixed(self) -> bool:
        """Whether the file is in several encodings."""
        return len({region.encoding for region in self.regions} - {None}) > 1

    @property
    def newline(self) -> str:
        r"""How lines end: ``"\n"``, ``"\r\n"``, ``"\r"``, ``"mixed"``, or ``""`` where there is one line."""
        both = self.text.count("\r\n")
        ends = {"\r\n": both, "\n": self.text.count("\n") - both, "\r": self.text.count("\r") - both}
        used = [end for end, count in ends.items() if count]
        return used[0] if len(used) == 1 else "mixed" if used else ""
