"""What ways lead on over a character of a misreading: what its bytes complete, and which of them wait for more.

A character may have come from several sequences of bytes, or stand for bytes that were lost, and before it some may
have vanished without a trace. Each way has its cost, beside what the text costs that it makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import UNKNOWN, feed_behind, feed_lost, give_up, is_broken, known_of, lost
from mojimend.encodings.misread import SINGLE_BYTE, Misread, feed, reading
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.rules import lost_characters
from mojimend.rules.evidence import AGAINST_A_FOREIGN_CHARACTER, OF_CHARACTERS

# What a character costs of which bytes were lost, in units: so many are, where any are.
FOR_A_LOST_CHARACTER = 8
# How much the bytes weigh that are left of it. In 716 texts that lost bytes, this brings back 99.5 % of what kept all
# its bytes, and leaves 2.0 % of the text as something that was not written; the whole brings 99.6 % and leaves 2.3 %.
OF_LOST = 0.4
# What stands in for bytes that are no character, how many of them it may stand for, and what that costs in units.
# U+FFFD: one, as Python and iconv put it, or a pair, as browsers do. ?: a pair in code pages 936 and 949 of Windows,
# where the second was any byte; one, in Java and PHP. The middle dot is what code page 932 puts for either.
FOR_THE_RARER = 12
Fillers: TypeAlias = dict[str, tuple[tuple[int, int], ...]]
FILLERS: Fillers = {REPLACEMENT: ((1, 0), (2, FOR_THE_RARER)), "?": ((2, 0), (1, FOR_THE_RARER))}
FILLERS_IN: dict[str, Fillers] = {"cp932": {"\N{KATAKANA MIDDLE DOT}": ((1, 0), (2, 0))}}
# What it costs that a character is of another script, as two bytes of UTF-8 are.
FIRST_OF_CJK, FOR_A_FOREIGN_CHARACTER = "\u1100", AGAINST_A_FOREIGN_CHARACTER * UNITS_PER_NAT
# What it costs that bytes vanished and nothing shows it.
FOR_A_GAP = 40


def fillers_in(misread: Misread) -> Fillers:
    """Return what this misreading puts for lost bytes besides U+FFFD and ?."""
    # Only UTF-8 checks itself enough for what is often meant so.
    return FILLERS_IN.get(misread.read, {}) if misread.written == "utf-8" else {}


def has_fillers(misread: Misread, line: str) -> bool:
    """Tell whether something stands in a line that this misreading puts for lost bytes, and others write, too."""
    fillers = fillers_in(misread)
    return bool(fillers) and any(filler in line for filler in fillers)


class New(NamedTuple):
    """A character that a way completes, and what it costs whatever is before it.

    What it costs ``apart`` does not count as that of text does. Of one that lost bytes those that are known follow it.
    """

    char: str
    cost: float
    apart: float = 0


class Way(NamedTuple):
    """A way on over a character: what it completes, the bytes that then wait, and what that costs beside the text.

    It ``has_gap`` where bytes vanished before the character, and ``keeps`` what stands there if it completes just that.
    """

    chars: tuple[New, ...]
    waits: bytes
    extra: int
    has_gap: bool
    keeps: bool


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

        >>> ways = WaysOn(Misread("utf-8", "gb18030"))
        >>> [(way.chars[0].char, way.waits) for way in ways.over(b"\xe4\xbd", "犲", False, False)]
        [('你', b'\xe5')]
        """
        if not is_lost and not self._bytes_of(char):
            return None
        gone = self.fillers[char] if is_lost else ()
        return tuple(
            Way(
                tuple(map(self._new, chars)),
                waits,
                extra,
                has_gap=extra == FOR_A_GAP,
                keeps=not waiting and chars == char,
            )
            for chars, waits, extra in self._over(waiting, char, gone, at_end=at_end)
        )

    def _new(self, char: str) -> New:
        if char[0] == REPLACEMENT:
            of_those_left = lost_characters.cost(self._written_in, known_of(char))
            return New(char, FOR_A_LOST_CHARACTER + OF_LOST * of_those_left)
        is_foreign = "\x7f" < char < FIRST_OF_CJK
        return New(char, OF_CHARACTERS * plausibility().singles[char], FOR_A_FOREIGN_CHARACTER if is_foreign else 0)

    def _over(
        self, waiting: bytes, char: str, gone: tuple[tuple[int, int], ...], *, at_end: bool
    ) -> Iterator[tuple[Sequence[str], bytes, int]]:
        for piece in () if char == REPLACEMENT else self._bytes_of(char):
            if (fed := self._feed(waiting, piece)) is not None:
                yield *fed, 0
            elif waiting and self._written_in == "utf-8" and (fed := feed("utf-8", b"", piece)) is not None:
                yield (give_up("utf-8", waiting), *fed[0]), fed[1], FOR_A_GAP
        # Many a program turns no-break spaces into spaces.
        if char == " " and waiting and self._has_spaces and (fed := self._feed(waiting, b"\xa0")) is not None:
            yield *fed, 0
        for count, extra in gone:
            for chars, waits in feed_lost(self._written_in, waiting):
                if count == 1:
                    # At the end of a line there is nothing to swallow.
                    yield chars, waits, 0 if at_end else extra
                    continue
                if not waits:
                    # What it swallowed may have been ASCII.
                    yield (*chars, lost(UNKNOWN)), b"", extra
                for more, at_last in feed_lost(self._written_in, waits):
                    yield (*chars, *more), at_last, extra

    def _feed(self, waiting: bytes, piece: bytes) -> tuple[Sequence[str], bytes] | None:
        feeds = feed_behind if is_broken(waiting) else feed
        return feeds(self._written_in, waiting, piece)
