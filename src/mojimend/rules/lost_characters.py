r"""Characters that lost some of their bytes: how likely those that are left are, and what they may have been.

Three bytes of UTF-8 make most characters of CJK, and where one is lost there are 64 at most that have the two others,
few of them common. Two characters next to it say which.

    >>> candidates("utf-8", b"\xe4\xbd\xff")[0][0], candidates("gb18030", b"\xc4\xff")[0][0]
    ('使', '年')
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from itertools import product
from math import exp, log
from operator import itemgetter

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import UNKNOWN, Lost
from mojimend.encodings.misread import WRITTEN, Misread, as_the_web_shows, reading
from mojimend.finding import Alternative, Guess
from mojimend.kernel import Characters, leaf
from mojimend.models.plausibility import UNITS_PER_NAT, fold, is_alphabetic, plausibility
from mojimend.tables import mapped, path_of, rows
from mojimend.text.later import later

# So many of the most common: what is rarer is never the best guess, and each costs a look at its neighbours.
MOST = 64
# What the bytes may be that are not known. Lead bytes of four in UTF-8 are left out, as they make hardly any text.
LEADS_OF_UTF_8, TRAILS_OF_UTF_8 = range(0xE2, 0xF0), range(0x80, 0xC0)
LEADS, TRAILS = range(0x81, 0xFF), range(0x40, 0xFF)
# More are unknown than this, and it may have been anything.
MOST_UNKNOWN = 2
REMEMBERED = 20_000
# lost.bin has a byte each for what is left of a character and what that costs, as to work it out takes 0.3 ms: in each
# encoding of two bytes the first alone, and the second alone; and behind those of three bytes of UTF-8 all that there
# are, with each of them lost. Where nothing is lost, and of what costs more than a byte can say, it tells nothing.
OF_A_PAIR, NOT_TOLD, MOST_UNITS, NOWHERE = range(0x40, 0x100), 0, 0xFF, -1
LATER = bytes(TRAILS_OF_UTF_8) + UNKNOWN
OF_UTF_8 = bytes(range(0xE0, 0xF0)) + UNKNOWN, LATER, LATER
AT_UTF_8 = len(WRITTEN) * 2 * len(OF_A_PAIR)
# What is left of a character tells that it was one if it costs fewer units than this: that of three in five does.
MANY_END_SO = 60
# Letters of alphabets, and what is taken for others: all else are Han, hangul, signs and for private use.
ANY_OF_ALPHABETS_OR_FOLDED = Characters("\x00-\u24ff\u2c00-\u3000\ua000-\uabff\ufb00-\U0001ffff\U000e0000-\U000e01ff")
# Planes without characters, or nearly, and those for private use: all in either cost the same, so that a few stand for
# a long run. Of unlikely bytes of UTF-8 four fifths of the time went into them.
EMPTY, PRIVATE = "\U00040000-\U000dffff\U000e1000-\U000effff", "\U000f0000-\U000ffffd\U00100000-\U0010fffd"
MORE_OF_THE_SAME = later("|".join(f"(?<=[{alike}]{{{MOST}}})[{alike}]+" for alike in (EMPTY, PRIVATE)))
# In 10 MB of CJK text one space in 250 is wide, of digits one in 500.
WIDE = 44
# What no character has at all, in units.
NO_CHARACTER = 20 * UNITS_PER_NAT
# How many units dearer a question mark may be where it was typed than a character that was lost, and is left as it is:
# that costs less if it is wrong. Of 2,975 misread lines with question marks of their own 94 lost some without this, and
# 23 do; of 4,186 texts that lost bytes three characters in 10,000 fewer come back.
FOR_A_TYPED_QUESTION = 40


# What a lead byte swallowed, where that was ASCII: most often what ends a piece of text.
SWALLOWED = "\"')]}>;,. /|<"
# How much likelier a mark is that closes what is open in its line.
CLOSES = 50.0
NEARBY = 256  # characters to either side; on a long line, what is further off has nothing to do with it
QUOTES = frozenset("\"'")
OPENS = {")": "(", "]": "[", "}": "{", ">": "<"}
# Pairs of neighbours alone are too sure of what stands between them. Told so, of 312 guesses with a share of 0.5 to 0.6
# 60 % were right, of 316 with 0.7 to 0.8 74 %, and of 2,283 above 0.9 98 %.
UNITS_OF_A_GUESS = 1.2 * UNITS_PER_NAT
# Of 5,542 runs of lost characters side by side the longest has 20. But a line may have a million, and to weigh what one
# may have been with what the one before it may takes 35 kB.
LONGEST_RUN = 64
# Shares below this are not told.
LEAST_SHARE = 0.01


@lru_cache(maxsize=REMEMBERED)
def cost(written: str, known: bytes) -> int:
    r"""Return what the bytes that are left of a character cost: -log P of all that have them, in the model's units.

    >>> cost("utf-8", b"\xe4\xbd\xff") < cost("utf-8", b"\xea\xa1\xff")
    True
    """
    if not _tells(known):
        return 0
    place = _place(written, known)
    return (_told()[place] if place is not None else NOT_TOLD) or _worked_out(written, known)


def _tells(known: bytes) -> bool:
    """Tell whether enough is known of a character."""
    return known != UNKNOWN * len(known) and known.count(UNKNOWN) <= MOST_UNKNOWN


def _worked_out(written: str, known: bytes) -> int:
    total = sum(exp(-single / UNITS_PER_NAT) for _, single in candidates(written, known))
    return round(-UNITS_PER_NAT * log(total)) if total else NO_CHARACTER


def _place(written: str, known: bytes) -> int | None:
    """Return where ``lost.bin`` tells what these bytes cost, if it does."""
    if len(known) == 2 and UNKNOWN in known:
        at = int(known.startswith(UNKNOWN))
        row = 2 * WRITTEN.index(written) + at
        return row * len(OF_A_PAIR) + OF_A_PAIR.index(known[at]) if known[at] in OF_A_PAIR else None
    if written != "utf-8" or len(known) != len(OF_UTF_8):
        return None
    lead, one, other = map(bytes.find, OF_UTF_8, known)
    return None if NOWHERE in {lead, one, other} else AT_UTF_8 + (lead * len(LATER) + one) * len(LATER) + other


@cache
def _told() -> memoryview:
    return mapped(path_of("lost.bin"))


def made_of_losses() -> bytes:
    """Return what ``lost.bin`` should have, by the model."""
    of_a_pair = [*product(OF_A_PAIR, UNKNOWN), *product(UNKNOWN, OF_A_PAIR)]
    left = [*product(WRITTEN, of_a_pair), *product(("utf-8",), product(*OF_UTF_8))]
    return bytes(_entry_of(written, bytes(known)) for written, known in left)


def _entry_of(written: str, known: bytes) -> int:
    if UNKNOWN not in known or not _tells(known):
        return NOT_TOLD
    units = _worked_out(written, known)
    return units if units <= MOST_UNITS else NOT_TOLD


def lost_in(read: str, garbled: str) -> bytes:
    """Return the bytes of which those are that a text lost, if that tells: nothing else becomes U+FFFD byte by byte.

    A question mark may have swallowed any, and what was dropped without a mark may have been a soft hyphen.

    >>> lost_in("cp1252", "å®Œæˆ�").hex(), lost_in("cp1252", "å®?æ?"), lost_in("gb18030", "涓�")
    ('818d8f909d', b'', b'')
    """
    if REPLACEMENT not in garbled or "?" in garbled:
        return b""
    # Where none of the marks stands that only Windows-1252 has, it may have been Latin-1, and any control.
    is_latin_1 = read == "cp1252" and reading("latin-1").has_all(garbled.replace(REPLACEMENT, ""))
    return _not_shown("latin-1" if is_latin_1 else read)


@cache
def _not_shown(read: str) -> bytes:
    """Return the bytes that are nothing or a control in an encoding of one byte a character; none of others."""
    return bytes(byte for byte, char in enumerate(reading(read).every) if "\x80" <= char <= "\x9f")


@lru_cache(maxsize=REMEMBERED)
def candidates(written: str, known: bytes, of_bytes: bytes = b"") -> tuple[tuple[str, int], ...]:
    """Return the characters that have the bytes that are known, each with its cost by itself; the commonest first.

    The others are any, or ``of_bytes``, if there are such characters.
    """
    if not _tells(known):
        return ()
    having = MORE_OF_THE_SAME.sub("", (of_bytes and _having(written, known, of_bytes)) or _having(written, known))
    model = plausibility()
    # Behind one that is no text each costs what it does by itself, and so all are told at once.
    singles = model.costs(REPLACEMENT + REPLACEMENT.join(having))[1::2]
    found = list(zip(singles, having, strict=True))
    if ANY_OF_ALPHABETS_OR_FOLDED.count(having):
        others = list(filter(ANY_OF_ALPHABETS_OR_FOLDED.count, having))
        strange = set(filter(_is_strange, others))
        rarer = {char: _as_rare_as_wide(char) for char in others}
        found = [(single + rarer.get(char, 0), char) for single, char in found if char not in strange]
    if len(found) > MOST:
        # To sort numbers takes a tenth of the time, and thousands have the same two bytes.
        dearest = sorted(map(itemgetter(0), found))[MOST - 1]
        found = [one for one in found if one[0] <= dearest]
    return tuple((char, single) for single, char in sorted(found)[:MOST])


def _is_strange(char: str) -> bool:
    """Tell whether a character is of a script that the model was not shown.

    They cost little, so as not to look broken; here nothing speaks for them.
    """
    return is_alphabetic(char) and not plausibility().is_known(char)


def _as_rare_as_wide(char: str) -> int:
    """Return how much rarer a character is, in units, than the narrow one that the model takes it for, if it does."""
    return WIDE if fold(char) != char else 0


def _having(written: str, known: bytes, of_bytes: bytes = b"") -> str:
    """Return all characters that are written with the bytes that are known, and any others or ``of_bytes``."""
    leads, trails = (LEADS_OF_UTF_8, TRAILS_OF_UTF_8) if written == "utf-8" else (LEADS, TRAILS)
    may_be = [(byte,) if byte != UNKNOWN[0] else of_bytes or (trails if at else leads) for at, byte in enumerate(known)]
    # At once, as there are hundreds, and a step of the decoder for each takes twenty times as long.
    pieces = list(map(bytes, product(*may_be)))
    if written == "utf-8":
        with suppress(UnicodeDecodeError):
            # Where each is a character, none has to be told apart.
            if len(text := b"".join(pieces).decode()) == len(pieces):
                return text
    read = _read_each(pieces, written)
    if written == "big5hkscs":
        # What HKSCS has not, code page 950 may have.
        others = iter(
            _read_each([piece for piece, chars in zip(pieces, read, strict=True) if REPLACEMENT in chars], "cp950")
        )
        read = [next(others) if REPLACEMENT in chars else chars for chars in read]
    return as_the_web_shows(written, "".join([chars for chars in read if len(chars) == 1 and chars != REPLACEMENT]))


def _read_each(pieces: Iterable[bytes], written: str) -> list[str]:
    """Read pieces that are a character each, or none."""
    return b"\n".join(pieces).decode(written, "replace").split("\n")


def rarity(misread: Misread, language: str) -> int:
    """Return how rare characters are in a language whose bytes are none where they were read: -log P, in units.

    They are a table, as to work one out takes 10 ms.

    >>> rarity(Misread("gb18030", "euc_jp"), "zh-Hans") < rarity(Misread("gb18030", "latin-1"), "zh-Hans")
    True
    """
    return _rarities()[misread.written, misread.read, language]


@cache
def _rarities() -> dict[tuple[str, str, str], int]:
    return {(written, read, language): int(units) for written, read, language, units in rows("unreadable.tsv")}


def with_presumed(text: str, lost: Sequence[Lost], written: str) -> str:
    r"""Return the text with the commonest character for each lost one of UTF-8 of which the bytes that are left tell.

    What exactly it was they do not, but that it was one: the first two go together, or many characters end so.

    >>> with_presumed("��", (Lost(0, 0, 2, b"\xe4\xbd\xff"), Lost(1, 2, 4, b"\xe4\xff\xff")), "utf-8")
    '使�'
    """
    if written != "utf-8" or not lost:
        return text
    chars = list(text)
    for one in lost:
        ends_alike = one.known.count(UNKNOWN) == 1 and cost(written, one.known) < MANY_END_SO
        if UNKNOWN not in one.known[:2] or ends_alike:
            chars[one.at] = next(iter(candidates(written, one.known)), (REPLACEMENT,))[0]
    return "".join(chars)


def guess(
    text: str, lost: Sequence[Lost], written: str, before: str, behind: str, *, of_bytes: bytes = b""
) -> Iterator[Guess]:
    """Yield what each lost character of a text may have been, those left out of which too little is known.

    Arguments:
        text: What was written, U+FFFD for each lost character.
        lost: Their places in it, in order, and what is known of their bytes.
        written: The encoding it was written in.
        before: What stands before it in its line, ``NEARBY`` characters of it or more.
        behind: What stands behind it in its line, as much.
        of_bytes: Of which bytes those that were lost are, if that is known.
    """
    line, offset = f"\n{before}{text}{behind}\n", 1 + len(before)
    # What it closes is closed for those behind it.
    closed: defaultdict[str, list[int]] = defaultdict(list)
    likeliest = plausibility().likeliest
    for run in _side_by_side(lost):
        start, end = offset + run[0].at, offset + run[-1].at + 1
        options = [
            _weights(written, one.known, of_bytes)
            if one.known != UNKNOWN or of_bytes
            else _swallowed(line, closed, offset + one.at)
            for one in run
        ]
        # Only where a run goes on with the one before it has that put something there.
        one_before = next((mark for mark, places in closed.items() if places[-1] == start - 1), line[start - 1])
        told = likeliest(Alternative, options, (one_before, line[end]), UNITS_OF_A_GUESS, LEAST_SHARE)
        for one, alternatives in zip(run, told, strict=True):
            best = alternatives[0].text
            if best in SWALLOWED:
                closed[best].append(offset + one.at)
            if best != REPLACEMENT:
                yield leaf(Guess, (*one[:3], alternatives))


def _side_by_side(lost: Iterable[Lost]) -> list[list[Lost]]:
    """Return lost characters in runs of those next to each other."""
    runs: list[list[Lost]] = []
    for one in lost:
        if runs and one.at == runs[-1][-1].at + 1 and len(runs[-1]) < LONGEST_RUN:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _swallowed(line: str, closed: Mapping[str, Sequence[int]], at: int) -> tuple[str, list[float]]:
    """Return what ASCII a lead byte may have swallowed, and how much speaks for each by what is open there."""
    return SWALLOWED, [CLOSES if _is_open(mark, line, closed, at) else 1.0 for mark in SWALLOWED]


@lru_cache(maxsize=REMEMBERED)
def _weights(written: str, known: bytes, of_bytes: bytes) -> tuple[str, list[float]]:
    """Return the characters that have the bytes that are known, and how much speaks for each, whatever is around it."""
    chars = "".join([char for char, _ in candidates(written, known, of_bytes)]) or REPLACEMENT
    if not ANY_OF_ALPHABETS_OR_FOLDED.count(chars):
        return chars, [1.0] * len(chars)
    return chars, [exp(-_as_rare_as_wide(char) / UNITS_PER_NAT) for char in chars]


def _is_open(mark: str, line: str, closed: Mapping[str, Sequence[int]], at: int) -> bool:
    """Tell whether the part of a line lacks this mark: where quotes are open, also if others are lacking as well."""
    start, end = max(0, at - NEARBY), at + NEARBY
    if mark in OPENS:
        opens = OPENS[mark]
        return _count(opens, line, closed, start, end) > _count(mark, line, closed, start, end)
    if mark not in QUOTES:
        return False
    return _count(mark, line, closed, start, at) % 2 == 1 or _count(mark, line, closed, at, end) % 2 == 1


def _count(mark: str, line: str, closed: Mapping[str, Sequence[int]], start: int, end: int) -> int:
    """Return how many of a mark stand in line[start:end], with those that are put there for what was lost."""
    places = closed.get(mark, ())
    return line.count(mark, start, end) + bisect_left(places, end) - bisect_left(places, start)
