"""How far a run is, in one line on the terminal: bytes, and the time that is left.

The line is our own and not a library's: it is drawn in the process that reads, between two pieces of work, so no thread
can write into what is being said, and the start of the command pays nothing for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Literal, TextIO

from mojimend import cli

When = Literal["auto", "always", "never"]

# Seconds: what is over by then needs no line. Where the lines stay, as in the log of a build, they are few.
FIRST, EVERY, EVERY_IN_A_LOG = 1.0, 0.2, 30.0
WIDEST = 79  # so that no terminal of 80 columns wraps it
UNITS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


class Progress:
    """The line, from ``with`` on; it is wiped off when anything else is said, and at the end.

    Arguments:
        total: Returns the number of bytes to read. Asked after the first second, as it may take a while.
        when: ``auto`` is on a terminal only.
    """

    def __init__(self, total: Callable[[], int], when: When, out: TextIO | None = None) -> None:
        self._out = sys.stderr if out is None else out
        # Closed by the caller (2>&-) it is None.
        self._on_terminal = self._out is not None and self._out.isatty()
        self._is_shown = self._out is not None and (when == "always" or (when == "auto" and self._on_terminal))
        self._count, self._total = total, -1
        self._done = self._length = 0
        self._start = monotonic()
        self._due = self._start + FIRST

    def __enter__(self) -> Progress:
        """Begin."""
        cli.wipe = self.wipe
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing on the terminal."""
        self.wipe()
        cli.wipe = cli.nothing

    def hide(self) -> None:
        """Show nothing: a text that goes to the terminal shows itself how far it is."""
        self._is_shown = False

    def at(self, done: int) -> None:
        """Tell how many bytes have been worked through."""
        self._done = max(self._done, done)
        if not self._is_shown or (now := monotonic()) < self._due:
            return
        if self._total < 0:
            self._total = self._count()
        line = in_words(self._done, max(self._total, self._done), now - self._start, self._width())
        self._due = monotonic() + (EVERY if self._on_terminal else EVERY_IN_A_LOG)
        if self._on_terminal:
            self._out.write("\r" + line.ljust(self._length))
            self._length = len(line)
        else:
            self._out.write(f"mojimend: {line}\n")
        self._out.flush()

    def wipe(self) -> None:
        """Take the line off, so that something else can be said in its place."""
        if self._length:
            self._out.write("\r" + " " * self._length + "\r")
            self._out.flush()
            self._length = 0

    def _width(self) -> int:
        if not self._on_terminal:
            return WIDEST
        with suppress(OSError):
            # A terminal that does not know its width says 0.
            return min(WIDEST, (os.get_terminal_size(self._out.fileno()).columns or WIDEST + 1) - 1)
        return WIDEST


def in_words(done: int, total: int, seconds: float, width: int = WIDEST) -> str:
    """Return the line, in ASCII, no wider than ``width``.

    >>> in_words(1_200_000_000, 4_800_000_000, 60, 60)
    ' 25%  [######                    ]  1.2 of 4.8 GB  3:00 left'
    """
    share = done / total if total else 1.0
    name, unit = next((one for one in UNITS if total >= one[1]), ("bytes", 1))
    digits = int(unit > 1 and total < 100 * unit)
    size = f"{done / unit:.{digits}f} of {total / unit:.{digits}f} {name}"
    left = f"{_clock(seconds * (total - done) / done)} left" if done else ""
    words = f"{share:4.0%}  {size}  {left}".rstrip()
    room = width - len(words) - 4
    if room < 10:
        return words[:width]
    bar = ("#" * round(share * room)).ljust(room)
    return f"{words[:4]}  [{bar}]{words[4:]}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
