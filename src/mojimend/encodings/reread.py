"""U+FFFD that was itself saved as UTF-8 and read in another encoding: 锟斤拷, 占쏙옙, ï¿½.

A decoder puts U+FFFD for what it can't read. Saved as UTF-8 that is EF BF BD, and these bytes look alike in all the
world's files: two of them are 锟斤拷 in GBK, 嚙踝蕭 in Big5, 鐃緒申 in EUC-JP. What survived between them is misread
along with them, and as three bytes are no whole number of pairs, it is often cut in halves: 锟矫猴拷.

    >>> [(again.start, again.end, again.lost) for again in find("这里锟斤拷锟斤拷，那里")]
    [(2, 8, 4)]
    >>> [again.misreads[-1].read for again in find("占쏙옙 占쏙옙占싱댐옙")]
    ['cp949', 'cp949']
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from functools import cache
from itertools import chain, count, repeat
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT, decode
from mojimend.encodings.misread import MULTIBYTE, SINGLE_BYTE, TRAILS, Misread, reading
from mojimend.kernel import Clue, Scan
from mojimend.text.later import later

UTF_8 = "utf-8"
READ = (*SINGLE_BYTE, *MULTIBYTE)
# Read twice in these: with the others, two such layers are rare.
READ_TWICE = ("cp1252", "latin-1", "gb18030", "cp949", "cp950")
# In Shift_JIS, EF BF is no character: U+FFFD for it, or what code page 932 puts, or ?. Where both bytes were taken
# together, one of the two halfwidth letters is missing.
FILLERS = REPLACEMENT + "・?"
NOT_ASCII = later(r"[^\x00-\x7f]*")
NO_BYTES = b"\0"
# How far on a run is looked for at first, and how many characters misread along there can be between two of its signs.
WINDOW, BETWEEN = 32, 8  # characters


class Again(NamedTuple):
    """A run of U+FFFD that were read again, with what was misread along with them.

    ``misreads`` stand in the order in which they happened; ``lost`` is the number of U+FFFD. It ``is_pure`` if there
    is nothing else in it.
    """

    start: int
    end: int
    misreads: tuple[Misread, ...]
    lost: int
    is_pure: bool


class Sign(NamedTuple):
    """What U+FFFD looks like after some misreadings.

    Attributes:
        misreads: What happened.
        data: The bytes that the last of them read.
        lost: How many U+FFFD they are.
    """

    misreads: tuple[Misread, ...]
    data: bytes
    lost: int

    @property
    def read(self) -> str:
        """The encoding that they were read in last."""
        return self.misreads[-1].read

    @property
    def core(self) -> str:
        """What is in it wherever it stands, and whatever follows: in pairs, its last byte goes with the next."""
        shown = _read(self.data, self.read)
        if self.read == "cp932":
            return shown[-1]
        in_pairs = self.read in MULTIBYTE and len(self.data) % 2
        return _read(self.data[:-1], self.read) if in_pairs else shown

    def begins(self) -> str:
        """Return what it begins with, up to the first byte that can be taken together with what follows."""
        if self.read == "cp932":
            shown = _read(self.data, self.read)
            return f"[{FILLERS}]{shown[-2]}?{shown[-1]}"
        return re.escape(self.core) + self.goes_on()

    def goes_on(self) -> str:
        """Return what must stand behind what is in it wherever it stands."""
        # A long one is known without it.
        return f"(?:[{self.followers}]{'|$' if len(self.core) > 1 else ''})" if self.followers else ""

    @property
    def followers(self) -> str:
        """The characters one of which stands behind that; none, if any may."""
        if self.read == "cp932" or self.read in SINGLE_BYTE or len(self.data) % 2 == 0:
            return ""
        row = _read(b"\n".join(self.data[-1:] + bytes((trail,)) for trail in TRAILS), self.read).split("\n")
        # The last byte and what it was taken together with can be lost.
        return "".join(char for char in row if len(char) == 1 and char != REPLACEMENT) + f"{REPLACEMENT}?"


def _read(data: bytes, name: str) -> str:
    # By the tables here, as eleven codecs that nothing else asks for take 3 ms to import.
    return reading(name).decode(data) if name in SINGLE_BYTE else decode(data, name)[0]


def signs() -> Iterator[Sign]:
    """Yield each sign that looks like none before it, through one misreading and two."""
    first = [Sign((Misread(UTF_8, read),), REPLACEMENT.encode(), 1) for read in READ]
    again = []
    for sign in first:
        # In pairs, it takes two of them to come out even.
        lost = 1 if sign.read in SINGLE_BYTE else 2
        data = _read(sign.data * lost, sign.read).encode()
        if sign.read in READ_TWICE:
            again += [Sign((*sign.misreads, Misread(UTF_8, read)), data, lost) for read in READ_TWICE]
    known = set()
    for sign in (*first, *again):
        shown = _read(sign.data * 2, sign.read)
        if shown not in known and (REPLACEMENT not in shown or sign.read == "cp932"):
            known.add(shown)
            yield sign


# What each of the signs has wherever it stands, in their order, letters of the West as escapes. Written down, as to
# work it out takes all encodings, and longer than to see that a page has none of them.
CORES = (
    "\xef\xbf\xbd", "\u010f\u017c\u02dd", "\u043f\u0457\u0405", "\u03bf\u038f\xbd", "\u013c\xe6\xbd",
    "\xd4\xf8\u03a9", "\u2229\u2510\u255c", "\xb4\u2510\xa2", "\u041e\xa9\u256b",
    "锟", "嚙", "\uff7d", "鐃", "占", "\xc3\xaf\xc2\xbf\xc2\xbd", "茂驴陆", "챦쩔쩍", "簿聶翻",
    "\xe9\u201d\u0178\xe6\u2013\xa4\xe6\u2039\xb7", "\xe9\x94\x9f\xe6\x96\xa4\xe6\x8b\xb7", "閿熸枻鎷",
    "\xe5\u0161\u2122\xe8\xb8\x9d\xe8\u2022\xad", "\xe5\x9a\x99\xe8\xb8\x9d\xe8\x95\xad", "鍤欒笣钑",
    "\xe5\x8d\xa0\xec\x8f\u2122\xec\u02dc\u2122", "\xe5\x8d\xa0\xec\x8f\x99\xec\x98\x99", "鍗犾彊鞓",
)  # fmt: skip


@cache
def _ends_of_cores() -> Scan:
    """Return what tells at once which of them a text may have: it has their last two characters."""
    return Scan(tuple((Clue(*core[-2:]),) for core in CORES))


@cache
def named_signs() -> dict[str, Sign]:
    """Return the signs by names that a group of an expression can have."""
    return {f"sign{number}": sign for number, sign in enumerate(signs())}


def beginnings() -> Iterator[tuple[str, str]]:
    """Yield what each sign begins with: a character, and those one of which stands behind it; none, if any may."""
    for sign in named_signs().values():
        yield sign.core[0], sign.core[1:2] or sign.followers


@cache
def _begins_one_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds the beginning of a sign: of those that can be there, as all of them take long to look for."""
    return re.compile("|".join(f"(?P<{name}>{named_signs()[name].begins()})" for name in names))


def find(text: str) -> Iterator[Again]:
    """Yield each run, by place; one of a single U+FFFD can be two characters of a name (锟 before another)."""
    if not (may_be := _ends_of_cores().which(text)):
        return
    names = tuple(f"sign{number}" for number, core in enumerate(CORES) if may_be >> number & 1 and core in text)
    at = 0
    while names and (hit := _begins_one_of(names).search(text, at)):
        sign = named_signs()[str(hit.lastgroup)]
        if sign.read in MULTIBYTE and sign.read != "cp932":
            run = _run_of_pairs(sign, text, hit.start())
        else:
            run = _run_of_bytes(sign, text, hit.start())
        yield run
        at = run.end


def _run_of_bytes(sign: Sign, text: str, start: int) -> Again:
    """Return the run of signs that begins here and all of which look the same."""
    run = re.compile(f"(?>{sign.begins()})++").match(text, start)
    end = start if run is None else run.end()
    return Again(start, end, sign.misreads, sign.lost * text.count(sign.core, start, end), is_pure=True)


def _run_of_pairs(sign: Sign, text: str, start: int) -> Again:
    """Return the run of signs that begins here, in an encoding that takes bytes in pairs."""
    size = WINDOW
    while (run := _run_within(sign, text, start, start + size)).end > start + size - 2 * BETWEEN and run.end < len(
        text
    ):
        size *= 2
    return run


def _run_within(sign: Sign, text: str, start: int, limit: int) -> Again:
    """Return what of the run stands before the limit."""
    bytes_of = reading(sign.read).bytes_of
    stretch = NOT_ASCII.match(text, start, limit)
    chars = "" if stretch is None else stretch[0]
    # Each character is asked about once, as a line may have nothing else for 100 MB.
    usual = {char: next(iter(bytes_of(char)), NO_BYTES) for char in set(chars)}
    pieces = list(map(usual.__getitem__, chars))
    data = b"".join(pieces)
    owner = array("q", chain.from_iterable(map(repeat, count(start), map(len, pieces))))
    owner.append(len(text))
    found, at = 0, 0
    while (here := data.find(sign.data, at)) >= 0:
        beside = not found or owner[here] <= owner[at - 1] + 1
        # While the pairs are out of step, what is between two signs is misread, too.
        too_far = owner[here] > owner[at - 1] + 1 + BETWEEN
        if not beside and (too_far or owner[at] != owner[at - 1] or owner[here] != owner[here - 1]):
            break
        found += 1
        at = here + len(sign.data)
    end = owner[at - 1] + 1 if found else start
    lost = sign.lost * found
    begun = next((size for size in range(len(sign.data) - 1, 0, -1) if data.startswith(sign.data[:size], at)), 0)
    if begun:  # The last is cut.
        lost += sign.lost
        end = owner[at + begun - 1] + 1
        end += text.startswith(REPLACEMENT, end)
    cycle = _read(sign.data * (2 * (found + 2)), sign.read)
    return Again(start, end, sign.misreads, lost, is_pure=text[start:end] in cycle)
