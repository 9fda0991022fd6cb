"""What became of the bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Evidence(NamedTuple):
    """What one stage said: the encoding it is for or against, how far it goes (0 to 1), and why."""

    stage: str
    encoding: str | None
    confidence: float
    reason: str


class Region(NamedTuple):
    """A half-open range of bytes in one encoding."""

    start: int
    end: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Decoding:
    """Text that was bytes, and how it was read.

    ``encoding`` is a name of a codec of Python's, or ``None`` where the bytes fit none: then each byte from 80 up
    stands in ``text`` as a lone surrogate (PEP 383), so that
    ``text.encode("ascii", "surrogateescape")`` still is what was given. ``errors`` are the offsets of bytes that were
    lost and stand as U+FFFD. ``bom`` tells whether a byte order mark was read and taken off.
    """

    text: str
    encoding: str | None
    confidence: float
    errors: tuple[int, ...] = ()
    regions: tuple[Region, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    bom: bool = False
