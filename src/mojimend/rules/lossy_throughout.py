"""Lines of UTF-8 that were misread from end to end and lost bytes on the way, told by the codecs.

UTF-8 checks itself, so what kept all its bytes is read between two losses without weighing anything. What is left on
both sides of a mark tells whether it stands for lost bytes: half a character before it, or behind it. This takes a
hundredth of the time of a walk, which is left for what does not come out even.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import UNKNOWN, Lost, length
from mojimend.encodings.misread import NOT_SINGLE_BYTE, SINGLE_BYTE, UTF_8_BEGUN, Misread, Reading, reading
from mojimend.kernel import COMPILED, Characters, leaf, left_of_utf_8, lost_of_utf_8
from mojimend.rules import evidence
from mojimend.rules.throughout import (
    A_FEW,
    AMPLE,
    CONCLUSIVE,
    PLAIN,
    PLAINER,
    begins_as_utf_8,
    goes_on_so,
    plain_odds,
)
from mojimend.rules.undone import Undone
from mojimend.rules.ways_on import has_fillers
from mojimend.text.edits import same_at_start
from mojimend.text.later import later

BEYOND_ASCII = later("[^\x00-\x7f]")
# U+FFFD stands for a byte each, ? for a lead byte and what is behind it.
ANY_MARK_OR_BREAK = Characters(f"{REPLACEMENT}?\r\n")
U_FFFD = REPLACEMENT.encode()
OF_A_PAIR = 2
# Stands for such a pair; FF stands for one byte, and neither is a part of UTF-8.
PAIR = b"\xfe"
# Stands in for a lost byte while the line is encoded: in no encoding it is a part of a character.
DELETE = "\x7f"
# What goes on with a character that was begun.
GOES_ON = rb"[\x80-\xbf]*"
BEGUN_BEFORE, GOES_ON_BEHIND = later(rb"%b\Z" % UTF_8_BEGUN), later(GOES_ON)
# Most question marks stand by themselves behind what begins a character, or before what goes on with one. Where two
# bytes of three are at the end of a line there is nothing that the mark can have swallowed, and it stands for one byte.
END_OF_A_LINE = rb"(?:[\r\n]|\Z)"
FOR_A_PAIR = later(
    rb"[?](?<![?][?])(?![?])(?:(?=[\x80-\xbf])|(?<=[\xc2-\xf4][?])|(?<=[\xf0-\xf4][\x80-\xbf]{2}[?])"
    rb"|(?<=[\xe0-\xf4][\x80-\xbf][?])(?!%b))" % END_OF_A_LINE
)
OTHER_QUESTIONS = later(rb"[?](?:[?]+|(?<=[\xe0-\xf4][\x80-\xbf][?])(?=%b))" % END_OF_A_LINE)
BROKEN = later(rb"%b?\xff+%b|%b(?=[\r\n]|\Z)" % (UTF_8_BEGUN, GOES_ON, UTF_8_BEGUN))
# Most often one character is broken by one loss, or two are by a pair, of which both lost a byte.
BROKEN_ONCE = later(rb"[\xe0-\xef](?:\xff[\x80-\xbf\xff]|[\x80-\xbf]\xff)(?![\x80-\xbf\xff])")
BROKEN_BY_A_PAIR = later(rb"[\xe0-\xef][\x80-\xbf]\xff\xff[\x80-\xbf]{2}(?![\x80-\xbf\xff])")
BROKEN_AS_U_FFFD = "mojimend.broken"
# Many a program drops controls. In a code page of the West these are bytes that go on with a character, and none that
# begins one, so that there is less behind a lead byte than it asks for, and no mark.
CONTROL = later("[\x80-\x9f]")
GAP = later(rb"%b(?![\x80-\xbf])" % UTF_8_BEGUN)
GAP_AS_U_FFFD = "mojimend.gap"
# So many characters must be whole in such a line, and so many for each that is not: letters with accents begin some.
LEAST_WHOLE, LEAST_SHARE_WHOLE = 4, 0.5
# ASCII up to what may be no part of it.
ASCII = later(r"[\x00-\x7f]*?(?=[^\x00-\x7f]|[?]|\Z)")
READ = ("gb18030", "cp949", "cp950", "big5hkscs", "euc_jp", "cp932", *SINGLE_BYTE)
SIZE = 3  # bytes of a character of CJK


class _Read(NamedTuple):
    """Lines as they were: their bytes, for lost ones FF and FE, the text, and whether no mark tells what is lost."""

    marked: bytes
    text: str
    is_stripped: bool


def undo_losses(line: str, misread: Misread, *, wants_lost: bool = True) -> Undone | None:
    """Return what a line was if all of it was misread so and bytes of it were lost; None if that is not plain.

    It may be several lines, which are judged together. What was lost is told of each character only to those who want
    it: to find its place takes as long as the rest.

    >>> undo_losses("浣犲ソ锛?涓栫晫", Misread("utf-8", "gb18030")).text
    '你好��世界'
    """
    read = _read_back(line, misread, is_stripped=has_no_mark(line))
    if read is None or REPLACEMENT not in read.text or (read.is_stripped and not _tells_enough(read.text)):
        return None
    odds = _odds_by_beginning(line, misread, read) or _odds_for(line, read)
    return None if odds is None else _undone(line, misread, read, odds, wants_lost=wants_lost)


def _odds_by_beginning(line: str, misread: Misread, read: _Read) -> float | None:
    """Return the odds for the beginning of a line, if they are conclusive and the rest goes on so."""
    if read.is_stripped or len(line) <= AMPLE:
        return None
    begun = line[:AMPLE]
    sample = _read_back(begun, misread, is_stripped=False)
    odds = None if sample is None else _odds_for(begun, sample)
    is_told = odds is not None and odds > CONCLUSIVE and goes_on_so(read.text.replace(REPLACEMENT, ""))
    return odds if is_told else None


def _odds_for(line: str, read: _Read) -> float | None:
    """Return the odds for a line having been this text, if there is no doubt of it."""
    without_marks = line.replace(REPLACEMENT, "").replace("?", "")
    # Where no mark stands, a lead byte that has all its bytes again by chance is a character, too.
    return plain_odds(without_marks, read.text.replace(REPLACEMENT, ""), checks_itself=not read.is_stripped)


def tell_losses(line: str, misread: Misread, odds: float, *, is_stripped: bool, wants_lost: bool = True) -> Undone:
    """Return what a line was that is known to have been misread so, as it was judged together with others.

    If those had no mark, it ``is_stripped``; else it may be cut inside its last character and have none itself.

    >>> tell_losses("浣犲ソ锛?涓栫晫", Misread("utf-8", "gb18030"), 20, is_stripped=False).lost[0].start
    3
    """
    read = _read_back(line, misread, is_stripped=is_stripped)
    assert read is not None
    return _undone(line, misread, read, odds, wants_lost=wants_lost)


def has_no_mark(text: str) -> bool:
    """Tell whether nothing stands in a text for bytes that were lost."""
    return "?" not in text and REPLACEMENT not in text


def may_be_utf_8(line: str, misread: Misread) -> bool:
    """Tell whether a line can be UTF-8 that was misread so, with bytes lost or none, as its beginning tells.

    >>> lines = "浠婂ぉ澶╂皵寰堝ソ", "今天天气很好呀", "<p>浠婂ぉ澶╂皵寰堝ソ", "<p>今天天气很好呀"
    >>> [may_be_utf_8(line, Misread("utf-8", "gb18030")) for line in lines]
    [True, False, True, False]
    """
    if misread.read in SINGLE_BYTE:
        return not NOT_SINGLE_BYTE.count(line)
    return _begins_so(line, misread.read)


def _begins_so(line: str, read: str) -> bool:
    """Tell whether a line begins as UTF-8 does that was read so, with bytes lost or none.

    Where ASCII stands in front, as markup does, that tells nothing, and what is behind it has to.
    """
    first = BEYOND_ASCII.search(line)
    begun = line[first.start() : first.start() + A_FEW] if first else ""
    has_mark = ANY_MARK_OR_BREAK.count(line, 0, A_FEW) or ANY_MARK_OR_BREAK.count(begun)
    return has_mark > 0 or begins_as_utf_8(begun, read)


def _read_back(line: str, misread: Misread, *, is_stripped: bool) -> _Read | None:
    # Code page 932 has a mark of its own, which some bytes are read as, too.
    if misread.written != "utf-8" or misread.read not in READ or has_fillers(misread, line):
        return None
    if is_stripped and (misread.read not in SINGLE_BYTE or CONTROL.search(line)):
        return None
    if not (is_stripped or _begins_so(line, misread.read)):
        return None
    read = reading(misread.read)
    try:
        marked = _with_losses(line, read)
        text = marked.decode("utf-8", GAP_AS_U_FFFD) if is_stripped else _left_of_utf_8(_each_lost(marked))
    except UnicodeError:
        return None
    return _Read(marked, text, is_stripped)


def pure_left_of_utf_8(data: bytes) -> str:
    r"""Read what is left of UTF-8 where FF stands for each lost byte, as U+FFFD each character that is broken.

    Raises:
        UnicodeError: Some of it is no character, whole or not.

    >>> pure_left_of_utf_8(b"\xe4\xbd\xa0\xe5\xa5\xff\xff\xbc\x8c")
    '你��'
    """
    # To ask Python about each takes ten times as long as this.
    data = BROKEN_BY_A_PAIR.sub(2 * U_FFFD, BROKEN_ONCE.sub(U_FFFD, data))
    return data.decode("utf-8", BROKEN_AS_U_FFFD)


def _undone(line: str, misread: Misread, read: _Read, odds: float, *, wants_lost: bool) -> Undone:
    # ASCII at both ends is no part of it, unless it stands for something.
    before = len(ASCII.match(line)[0])  # type: ignore[index]
    behind = same_at_start(ASCII.match(line[::-1])[0], read.text[::-1])  # type: ignore[index]
    text = read.text[before : len(read.text) - behind]
    lost: Sequence[Lost] = _lost(line, misread, read) if wants_lost else ()
    if before:
        lost = [leaf(Lost, (at - before, *rest)) for at, *rest in lost]
    return Undone(before, len(line) - behind, text, (misread,), odds, tuple(lost))


def lossy_misread_of(line: str) -> Misread | None:
    """Return how a line was misread that lost bytes, if one way is so much likelier than any other.

    >>> lossy_misread_of("浣犲ソ锛?涓栫晫锛佷粖澶╁ぉ姘?")
    Misread(written='utf-8', read='gb18030')
    """
    odds_of: dict[str, float] = {}
    likeliest: tuple[float, Misread | None] = PLAIN, None
    is_cjk, is_marked = NOT_SINGLE_BYTE.count(line) > 0, not has_no_mark(line)
    if is_cjk and not is_marked:
        return None  # Only what was read byte by byte loses bytes without a mark.
    for misread in _ways():
        # What was read in pairs makes characters that no other reading has, in the shortest line.
        if is_cjk == (misread.read in SINGLE_BYTE):
            continue
        if (undone := undo_losses(line, misread, wants_lost=False)) is not None:
            if is_marked and undone.odds > CONCLUSIVE:
                return misread
            # Two that differ but in how many characters are lost are no rivals.
            odds_of[undone.text.replace(REPLACEMENT, "")] = undone.odds
            likeliest = max(likeliest, (undone.odds, misread), key=lambda one: one[0])
    best, second = sorted([0, 0, *odds_of.values()])[:-3:-1]
    return likeliest[1] if best > second + PLAINER else None


@cache
def _ways() -> tuple[Misread, ...]:
    return tuple(Misread("utf-8", read) for read in READ)


def _with_losses(line: str, read: Reading) -> bytes:
    """Return the bytes of a line, for each lost one FF, and FE where a question mark stood for two of them.

    Raises:
        UnicodeError: A character was not read so, or it is not plain which question marks are lost bytes.
    """
    if DELETE in line:
        raise UnicodeError("the stand-in for a lost byte stands in the line")
    data = read.encode_utf_8(line.replace(REPLACEMENT, DELETE))
    if U_FFFD in data or PAIR in data or UNKNOWN in data:
        raise UnicodeError("a mark was read again, which is past mending, or no UTF-8 was")
    data = data.replace(DELETE.encode(), UNKNOWN)
    end_of_lossy = 0

    def lose(match: re.Match[bytes]) -> bytes:
        nonlocal end_of_lossy
        start, end = match.span()
        begun = BEGUN_BEFORE.search(paired, max(0, start - 3), start)
        more = len(GOES_ON_BEHIND.match(paired, end)[0])  # type: ignore[index]
        before, lost, behind = _shares(len(begun[0]) if begun else 0, end - start, more)
        if before + behind and end - start > 1 and start >= end_of_lossy:
            line, end_of_lossy = _line_at(paired, start)
            if UNKNOWN not in line:
                raise UnicodeError("each of several question marks may be lost bytes, or none")
        # At the end of a line there is nothing to swallow.
        at_end = lost == end - start and not more and paired[end : end + 1] in b"\r\n"
        has_one = at_end and begun is not None and len(begun[0]) + 1 == SIZE
        return b"?" * before + (UNKNOWN if has_one else PAIR) * lost + b"?" * behind

    if b"?" not in data:
        return data
    paired = FOR_A_PAIR.sub(PAIR, data)
    return OTHER_QUESTIONS.sub(lose, paired) if b"?" in paired else paired


def _line_at(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the line that a byte stands in, and where that ends."""
    end = data.find(b"\n", at)
    end = len(data) if end < 0 else end
    return data[data.rfind(b"\n", 0, at) + 1 : end], end


@lru_cache(maxsize=256)
def _shares(begun: int, marks: int, more: int) -> tuple[int, int, int]:
    """Return how many question marks in a row are meant, stand for pairs, and are meant again.

    Arguments:
        begun: The bytes of a character that begins before them.
        marks: How many they are.
        more: The bytes of one that goes on behind them.
    """
    if begun and more:
        return 0, marks, 0
    if begun:
        # If none of them comes out even, what was swallowed last is ASCII.
        even = (lost for lost in range(1, marks + 1) if (begun + OF_A_PAIR * lost) % SIZE == 0)
        lost = next(even, 1)
        return 0, lost, marks - lost
    # Where one more byte is all that lacks, the other byte of the pair ended a character that is lost, too.
    lost = min(marks, more)
    return marks - lost, lost, 0


@lru_cache(maxsize=4096)
def _characters(known: bytes) -> tuple[tuple[int, bytes], ...]:
    """Return the characters that are left of bytes of which some are lost: how many of the bytes, and all of its own.

    Those are as ``encodings.lost`` tells them.

    Raises:
        UnicodeError: More goes on behind than a character has.
    """
    characters = []
    at = 0
    for size in _sizes(known):
        one = known[at : at + size]
        at += size
        if len(one) > SIZE and one.startswith(UNKNOWN):
            raise UnicodeError("more goes on than a character has")
        missing = length("utf-8", one[0]) - len(one) if one.strip(UNKNOWN) else 0
        # Where a mark stood for two bytes, one is missing before what goes on, or else behind what began.
        whole = missing * UNKNOWN + one if one.startswith(UNKNOWN) else one + missing * UNKNOWN
        characters.append((size, whole))
    return tuple(characters)


def _lost(line: str, misread: Misread, read: _Read) -> list[Lost]:
    """Return the characters that lost bytes, with their places in the text that was read back and in the line."""
    if read.is_stripped:
        # A byte each was read as, so that bytes have the places of characters.
        broken = zip(re.finditer(REPLACEMENT, read.text), GAP.finditer(read.marked), strict=True)
        return [leaf(Lost, (mark.start(), *match.span(), _first_alone(match[0]))) for mark, match in broken]
    return _lost_of_utf_8(Lost, line, read.marked, reading(misread.read).bytes_of)


def pure_lost_of_utf_8(
    of: type[Lost], line: str, marked: bytes, bytes_of: Callable[[str], tuple[bytes, ...]]
) -> list[Lost]:
    r"""Tell of a line which characters of the UTF-8 that it was lost bytes, by what ``_with_losses`` has made of it.

    >>> pure_lost_of_utf_8(Lost, "浣犲ソ锛?", b"\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\xff", reading("gb18030").bytes_of)
    [Lost(at=2, start=3, end=5, known=b'\xef\xbc\xff')]
    """
    from array import array  # noqa: PLC0415  (a third of a millisecond that a look at clean text need not pay)

    # A list of such numbers takes three times as much, and the line may be megabytes.
    starts, at, more = array("q"), 0, 0
    for char in line:
        starts.append(at + more)
        if marked[at : at + 1] in (UNKNOWN, PAIR):
            more += marked.startswith(PAIR, at)
            at += 1
            continue
        several = bytes_of(char)
        at += len(next((piece for piece in several if marked.startswith(piece, at)), *several[:1] or (b"",)))
    data = _each_lost(marked)
    places = (mark.start() for mark in re.finditer(REPLACEMENT, pure_left_of_utf_8(data)))
    return [
        leaf(of, (at, bisect_right(starts, start) - 1, bisect_right(starts, end - 1), known))
        for at, (start, end, known) in zip(places, _marked(data), strict=True)
    ]


def _first_alone(data: bytes) -> bytes:
    """Return the bytes of a character of which the first alone is known."""
    return data[:1].ljust(length("utf-8", data[0]), UNKNOWN)


def _each_lost(marked: bytes) -> bytes:
    """Return the bytes with FF for each lost one."""
    return marked.replace(PAIR, UNKNOWN * OF_A_PAIR)


def _marked(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield where what is left of each character that lost bytes begins and ends, and its bytes."""
    for match in BROKEN.finditer(data):
        start = match.start()
        for size, known in _characters(match[0]):
            yield start, start + size, known
            start += size


def _tells_enough(text: str) -> bool:
    """Tell whether enough characters are whole where there is no mark of those that are not."""
    whole = evidence.ANY_WIDE.count(text)
    return whole >= max(LEAST_WHOLE, LEAST_SHARE_WHOLE * text.count(REPLACEMENT))


def _sizes(known: bytes) -> Iterator[int]:
    """Yield how many of the bytes each of their characters has."""
    goes_on = len(known) - 1 - known.rfind(UNKNOWN)
    at = 0
    while at < len(known):
        left = len(known) - at
        if known[at] != UNKNOWN[0]:
            size = min(length("utf-8", known[at]), left)
        else:
            # What goes on belongs to the last of them, which lost its first bytes.
            before = left - max(SIZE, goes_on + 1) if goes_on else left
            size = min(SIZE, before) if before > 0 else left
        yield size
        at += size


def _broken(error: UnicodeError) -> tuple[str, int]:
    """Read what is left of characters that lost bytes as U+FFFD each."""
    assert isinstance(error, UnicodeDecodeError)
    match = BROKEN.match(error.object, error.start)
    if match is None:
        raise error
    return REPLACEMENT * len(_characters(match[0])), match.end()


def _gap(error: UnicodeError) -> tuple[str, int]:
    """Read a character that lacks bytes as U+FFFD."""
    assert isinstance(error, UnicodeDecodeError)
    match = GAP.match(error.object, error.start)
    if match is None:
        raise error
    return REPLACEMENT, match.end()


_left_of_utf_8 = left_of_utf_8 if COMPILED else pure_left_of_utf_8
_lost_of_utf_8 = lost_of_utf_8 if COMPILED else pure_lost_of_utf_8
codecs.register_error(BROKEN_AS_U_FFFD, _broken)
codecs.register_error(GAP_AS_U_FFFD, _gap)
