"""What ways lead on over a character of a misreading: what its bytes complete, which wait for more, what a way costs.

A character may have come from several sequences of bytes, or stand for bytes that were lost, and before it some may
have vanished without a trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import UNKNOWN, feed_behind, feed_lost, give_up, is_broken, lost
from mojimend.encodings.misread import SINGLE_BYTE, Misread, feed, reading
from mojimend.models.plausibility import UNITS_PER_NAT
from mojimend.rules import lost_characters
from mojimend.rules.evidence import AGAINST_A_FOREIGN_CHARACTER

# What stands in for bytes that are no character, how many of them it may stand for, and what that costs in units.
# U+FFFD: one, as Python and iconv put it, or a pair, as browsers do. ?: a pair in code pages 936 and 949 of Windows,
# where the second was any byte; one, in Java and PHP. The middle dot is what code page 932 puts for either.
FOR_THE_RARER = 12
Fillers: TypeAlias = dict[str, tuple[tuple[int, int], ...]]
FILLERS: Fillers = {REPLACEMENT: ((1, 0), (2, FOR_THE_RARER)), "?": ((2, 0), (1, FOR_THE_RARER))}
FILLERS_IN: dict[str, Fillers] = {"cp932": {"\N{KATAKANA MIDDLE DOT}": ((1, 0), (2, 0))}}
# What it costs that bytes vanished and nothing shows it.
FOR_A_GAP = 40
# What a character costs of which bytes were lost, in units: so many are, where any are.
FOR_A_LOST_CHARACTER = 8
# How much the bytes weigh that are left of it. In 716 texts that lost bytes, this brings back 99.5 % of what kept all
# its bytes, and leaves 2.0 % of the text as something that was not written; the whole brings 99.6 % and leaves 2.3 %.
OF_LOST = 0.4
# What it costs that a character is of another script, as two bytes of UTF-8 are.
FIRST_OF_CJK, FOR_A_FOREIGN_CHARACTER = "\u1100", AGAINST_A_FOREIGN_CHARACTER * UNITS_PER_NAT
# Ways kept at a place: they differ in the bytes that wait for more and in the last character.
BEAM = 6
# A way that is so much worse than to stay outside until here and to go in only now is given up, in units.
HOPELESS = 120


def fillers_in(misread: Misread) -> Fillers:
    """Return what this misreading puts for lost bytes besides U+FFFD and ?."""
    # Only UTF-8 checks itself enough for what is often meant so.
    return FILLERS_IN.get(misread.read, {}) if misread.written == "utf-8" else {}


def has_fillers(misread: Misread, line: str) -> bool:
    """Tell whether something stands in a line that this misreading puts for lost bytes, and others write, too."""
    fillers = fillers_in(misread)
    return bool(fillers) and any(filler in line for filler in fillers)


class Way(NamedTuple):
    """A way on over a character: what it completes, the bytes that then wait, and what it costs beside the text.

    Of a character that lost bytes those that are known follow it, as ``encodings.lost`` tells it.
    """

    chars: Sequence[str]
    waits: bytes
    extra: int


class WaysOn:
    """The ways on in one misreading."""

    def __init__(self, misread: Misread) -> None:
        self.fillers = FILLERS | fillers_in(misread)
        self._written_in = misread.written
        self._bytes_of = reading(misread.read).bytes_of
        self._has_spaces = misread.read in SINGLE_BYTE

    def over(self, waiting: bytes, char: str, is_lost: bool, at_end: bool) -> tuple[Way, ...] | None:
        r"""Return the ways on over a character; None if there can be none, as it has no bytes and stands for none.

        Arguments:
            waiting: The bytes that wait for more.
            char: The character.
            is_lost: Whether it may stand for lost bytes.
            at_end: Whether the line ends behind it.

        >>> WaysOn(Misread("utf-8", "gb18030")).over(b"\xe4\xbd", "犲", False, False)
        (Way(chars='你', waits=b'\xe5', extra=0),)
        """
        if not is_lost and not self._bytes_of(char):
            return None
        return tuple(self._over(waiting, char, self.fillers[char] if is_lost else (), at_end=at_end))

    def piece_of(self, char: str) -> bytes:
        r"""Return the bytes of a character, one or two, if they tell the ways on over it, where it stands for no loss.

        >>> WaysOn(Misread("utf-8", "gb18030")).piece_of("浣"), WaysOn(Misread("gb18030", "latin-1")).piece_of(" ")
        (b'\xe4\xbd', b'')
        """
        pieces = self._bytes_of(char)
        tell = len(pieces) == 1 and len(pieces[0]) <= 2 and not (char == " " and self._has_spaces)
        return pieces[0] if tell else b""

    def cost_of_lost(self, known: bytes) -> int:
        """Return what the bytes that are left of a character cost, in units."""
        return lost_characters.cost(self._written_in, known)

    def _over(self, waiting: bytes, char: str, gone: tuple[tuple[int, int], ...], *, at_end: bool) -> Iterator[Way]:
        for piece in () if char == REPLACEMENT else self._bytes_of(char):
            if (fed := self._feed(waiting, piece)) is not None:
                yield Way(*fed, 0)
            elif waiting and self._written_in == "utf-8" and (fed := feed("utf-8", b"", piece)) is not None:
                yield Way((give_up("utf-8", waiting), *fed[0]), fed[1], FOR_A_GAP)
        # Many a program turns no-break spaces into spaces.
        if char == " " and waiting and self._has_spaces and (fed := self._feed(waiting, b"\xa0")) is not None:
            yield Way(*fed, 0)
        for count, extra in gone:
            for chars, waits in feed_lost(self._written_in, waiting):
                if count == 1:
                    # At the end of a line there is nothing to swallow.
                    yield Way(chars, waits, 0 if at_end else extra)
                    continue
                if not waits:
                    # What it swallowed may have been ASCII.
                    yield Way((*chars, lost(UNKNOWN)), b"", extra)
                for more, at_last in feed_lost(self._written_in, waits):
                    yield Way((*chars, *more), at_last, extra)

    def _feed(self, waiting: bytes, piece: bytes) -> tuple[Sequence[str], bytes] | None:
        feeds = feed_behind if is_broken(waiting) else feed
        return feeds(self._written_in, waiting, piece)
