"""Lines of UTF-8 that were misread from end to end and lost bytes on the way, told by the codecs.

UTF-8 checks itself, so what kept all its bytes is read between two losses without weighing anything. What is left on
both sides of a mark tells whether it stands for lost bytes: half a character before it, or behind it. This takes a
hundredth of the time of a walk, which is left for what does not come out even.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import UNKNOWN, Lost, length
from mojimend.encodings.misread import SINGLE_BYTE, Misread, Reading, reading
from mojimend.rules.misreading import Undone
from mojimend.rules.throughout import PLAIN, PLAINER, plain_odds
from mojimend.text.edits import same_at_start

# U+FFFD stands for a byte each, ? for a lead byte and what is behind it.
MARK = re.compile(f"({REPLACEMENT}+|[?]+)")
OF_A_PAIR = 2
# What begins a character where the bytes end, and what goes on with one where they begin.
BEGUN = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z")
ASCII = re.compile(r"[\x00-\x7f]*?(?=[^\x00-\x7f]|[?]|\Z)")
GOES_ON = re.compile(rb"[\x80-\xbf]*")
# Code page 932 has a mark of its own, which some bytes are read as, too.
READ = ("gb18030", "cp949", "cp950", "big5hkscs", "euc_jp", *SINGLE_BYTE)
SIZE = 3  # bytes of a character of CJK


def undo_losses(line: str, misread: Misread) -> Undone | None:
    """Return what a line was if all of it was misread so and bytes of it were lost; None if that is not plain.

    >>> undo_losses("浣犲ソ锛?涓栫晫", Misread("utf-8", "gb18030")).text
    '你好��世界'
    """
    read = reading(misread.read)
    if misread.written != "utf-8" or misread.read not in READ:
        return None
    reader = _Reader(line, read)
    try:
        reader.run()
    except UnicodeError:
        return None
    text = "".join(reader.text)
    odds = plain_odds(MARK.sub("", line), text.replace(REPLACEMENT, "")) if reader.lost else None
    if odds is None:
        return None
    # ASCII at both ends is no part of it, unless it stands for something.
    before = len(ASCII.match(line)[0])  # type: ignore[index]
    behind = same_at_start(ASCII.match(line[::-1])[0], text[::-1])  # type: ignore[index]
    lost = tuple(one._replace(at=one.at - before) for one in reader.lost)
    return Undone(before, len(line) - behind, text[before : len(text) - behind], (misread,), odds, lost)


def lossy_misread_of(line: str) -> Misread | None:
    """Return how a line was misread that lost bytes, if one way is so much likelier than any other.

    >>> lossy_misread_of("浣犲ソ锛?涓栫晫锛佷粖澶╁ぉ姘?")
    Misread(written='utf-8', read='gb18030')
    """
    if not MARK.search(line):
        return None
    odds_of: dict[str, float] = {}
    likeliest: tuple[float, Misread | None] = PLAIN, None
    for misread in _ways():
        if (undone := undo_losses(line, misread)) is not None:
            odds_of[undone.text] = undone.odds
            likeliest = max(likeliest, (undone.odds, misread), key=lambda one: one[0])
    best, second = sorted([0, 0, *odds_of.values()])[:-3:-1]
    return likeliest[1] if best > second + PLAINER else None


@cache
def _ways() -> tuple[Misread, ...]:
    return tuple(Misread("utf-8", read) for read in READ)


class _Reader:
    """Reads a line back, piece by piece between the marks."""

    def __init__(self, line: str, read: Reading) -> None:
        self.line = line
        self.read = read
        self.text: list[str] = []
        self.lost: list[Lost] = []
        self.size = 0  # of the text
        # Bytes that wait for more, some of them unknown, and which character of the line each is from.
        self.waiting = b""
        self.owners: list[int] = []

    def run(self) -> None:
        """Read all of it.

        Raises:
            UnicodeError: What is between the marks is not what was read so, or not in UTF-8.
        """
        pieces = MARK.split(self.line)
        data = [self.read.encode(piece) for piece in pieces[::2]]
        at = 0
        for number, here in enumerate(data):
            self.go_on(pieces[2 * number], here, at)
            at += len(pieces[2 * number])
            if 2 * number + 1 == len(pieces):
                break
            mark = pieces[2 * number + 1]
            if mark.startswith(REPLACEMENT):
                self.lose(1, at, len(mark))
            else:
                self.go_over_questions(len(mark), at, len(GOES_ON.match(data[number + 1])[0]))  # type: ignore[index]
            at += len(mark)
        self.give_up()

    def lose(self, width: int, at: int, count: int) -> None:
        """Go on over marks, each of which stands for so many bytes."""
        self.waiting += UNKNOWN * (width * count)
        self.owners += [at + i // width for i in range(width * count)]

    def go_over_questions(self, count: int, at: int, goes_on: int) -> None:
        """Go on over question marks: those are lost pairs that something begins before, or goes on behind.

        Raises:
            UnicodeError: Some of several are not needed to come out even, so any of them may be one.
        """
        if self.waiting:
            known = len(self.waiting)
            # If none of them comes out even, what was swallowed last is ASCII.
            even = (lost for lost in range(1, count + 1) if (known + OF_A_PAIR * lost) % SIZE == 0)
            lost = count if goes_on else next(even, 1)
            before, behind = 0, count - lost
        else:
            # Where one more byte is all that lacks, the other byte of the pair ended a character that is lost, too.
            lost = min(count, goes_on)
            before, behind = count - lost, 0
        if count > 1 and lost < count and REPLACEMENT not in self.line:
            raise UnicodeError("each of several question marks may be lost bytes, or none")
        self.write("?" * before)
        # At the end of a line there is nothing to swallow.
        has_one = self.waiting and len(self.waiting) + 1 == SIZE and at + before + lost == len(self.line)
        self.lose(1 if has_one else OF_A_PAIR, at + before, lost)
        self.write("?" * behind)

    def go_on(self, piece: str, data: bytes, at: int) -> None:
        """Read a piece that begins at a place."""
        if self.waiting and data:
            more = GOES_ON.match(data)[0]  # type: ignore[index]
            self.waiting += more
            self.owners += _owners(enumerate(piece, at), len(more), self.read)
            data = data[len(more) :]
            self.give_up()
        begun = BEGUN.search(data)
        self.write(data[: begun.start() if begun else None].decode("utf-8"))
        if begun:
            self.waiting = begun[0]
            backwards = zip(range(at + len(piece) - 1, at - 1, -1), reversed(piece), strict=True)
            self.owners = _owners(backwards, len(self.waiting), self.read)[::-1]

    def write(self, text: str) -> None:
        """Go on behind whatever waits."""
        if REPLACEMENT in text:
            raise UnicodeError("a mark was read again, which is past mending")
        if text:
            self.give_up()
            self.text.append(text)
            self.size += len(text)

    def give_up(self) -> None:
        """Write what waits as lost characters."""
        at = 0
        while at < len(self.waiting):
            size = _size_at(self.waiting, at)
            known, owners = self.waiting[at : at + size], self.owners[at : at + size]
            if len(known) > SIZE and known.startswith(UNKNOWN):
                raise UnicodeError("more goes on than a character has")
            missing = length("utf-8", known[0]) - len(known) if known.strip(UNKNOWN) else 0
            # Where a mark stood for two bytes, one is missing before what goes on, or else behind what began.
            known = missing * UNKNOWN + known if known.startswith(UNKNOWN) else known + missing * UNKNOWN
            self.lost.append(Lost(self.size, owners[0], owners[-1] + 1, known))
            self.text.append(REPLACEMENT)
            self.size += 1
            at += size
        self.waiting, self.owners = b"", []


def _size_at(waiting: bytes, at: int) -> int:
    """Return how many of the bytes that wait belong to the character that begins at a place."""
    if waiting[at : at + 1] != UNKNOWN:
        return length("utf-8", waiting[at])
    left = len(waiting) - at
    known = len(waiting[at:].lstrip(UNKNOWN))
    # What goes on belongs to the last of them, which lost its first bytes.
    before = left - max(SIZE, known + 1) if known else left
    return min(SIZE, before) if before > 0 else left


def _owners(characters: Iterable[tuple[int, str]], count: int, read: Reading) -> list[int]:
    """Return for each of so many bytes the place of the character that it is from."""
    owners: list[int] = []
    for place, char in characters:
        if len(owners) >= count:
            break
        owners += [place] * len(read.encode(char))
    return owners[:count]
