"""Undo misreadings: find the stretches that read like none of the world's text, and what they were.

A line is searched as it stands, and with what may stand for lost bytes taken for that; the better one counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.misread import CJK_IN_UTF_8, MULTIBYTE, SINGLE_BYTE, Misread, reading
from mojimend.kernel import Characters, Clue, Scan
from mojimend.models.plausibility import plausibility
from mojimend.rules.evidence import LOSS, SEQUENCE
from mojimend.rules.rough import CONTROL, gaining
from mojimend.rules.search import ANY_WESTERN, LEAST_OF_SEEN, Search, broken_by
from mojimend.rules.suspicion import SHORT, is_suspicious, lines_with_rare
from mojimend.rules.undone import Undone
from mojimend.text.edits import Edit, apply
from mojimend.text.later import later
from mojimend.text.remembered import remembered

# What a character costs that lost bytes, where what may stand for them could also be some of its bytes.
FOR_A_LOSS = 90
# What some part of a line gains at the least that was misread as others were, in units, each character behind the one
# before it: by themselves they gain as much in many a clean line. All of 582 lines with such a part gain 60 and more;
# one in five of 10,158 others gains 40.
LEAST_IN_PAIRS = 40
SEQUENCE_OF_CJK = later(CJK_IN_UTF_8)
# The bytes that begin what is beyond ASCII in UTF-8, be it common or not.
EVERY_LEAD_OF_UTF_8 = slice(0xC2, 0xF5)
# What some software writes for what it can't read.
FILLERS = "\N{MIDDLE DOT}\N{WHITE SQUARE}\N{BLACK SQUARE}"
FILLER, ANY_FILLER = later(f"[{FILLERS}]"), Characters(FILLERS)


@remembered
def undo(line: str, seen: frozenset[Misread] = frozenset()) -> tuple[Undone, ...]:
    """Return the stretches of a line to put right, by place; where some were ``seen`` in the text, it is these alone.

    >>> undo("您的订单已鍙栨秷，请重试。")[0].text
    '取消'
    """
    found = Search(line, seen).run()
    if (marked := with_losses_marked(line)) != line:
        otherwise = Search(marked, seen).run()
        if read_worse(line, found) > read_worse(marked, otherwise):
            found = otherwise
    return tuple(found)


def lines_like(text: str, lines: Sequence[tuple[int, int]], seen: frozenset[Misread]) -> list[tuple[int, int]]:
    r"""Return those of the lines of a text that can be misreadings of those seen elsewhere, or some part of them.

    Nearly none of a file can, and one look at all of it passes over most.

    >>> lines_like("天气很好\n浠婂ぉ", [(0, 4), (5, 8)], frozenset({Misread("utf-8", "gb18030")}))
    [(5, 8)]
    """
    if not lines:
        return []  # Of most damaged pages all was misread, and nothing is left to ask about.
    worth_a_look = set(lines_with_rare(text))
    if (signs := signs_of(seen)) is not None:
        worth_a_look.intersection_update(signs.lines(text))
    tells = may_be_like(seen)
    return [line for line in lines if line in worth_a_look and tells(text[slice(*line)])]


@lru_cache(maxsize=64)
def signs_of(seen: frozenset[Misread]) -> Characters | None:
    """Return the characters of which a line has one if ``may_be_like`` tells it; None where any Han can be one.

    >>> signs = signs_of(frozenset({Misread("utf-8", "cp1252")}))
    >>> signs is not None and [signs.count(line) for line in ("今天“天气”很好", "今天å¤©")]
    [0, 1]
    """
    if any(misread.read in MULTIBYTE for misread in seen):
        return None
    of_utf_8 = "".join(_leads_of_utf_8(misread.read) for misread in seen if misread.written == "utf-8")
    others = frozenset(misread.read for misread in seen if misread.written != "utf-8")
    return Characters(_beyond_ascii(others) + of_utf_8 + FILLERS + CONTROL + REPLACEMENT + "?")


@lru_cache(maxsize=64)
def may_be_like(seen: frozenset[Misread]) -> Callable[[str], bool]:
    """Return what tells whether a line can be a misreading of those seen elsewhere, or some part of it.

    >>> tells = may_be_like(frozenset({Misread("utf-8", "gb18030")}))
    >>> [tells(line) for line in ("她在喀喇昆仑山脉里迷了路，走了三天三夜", "浠婂ぉ")]
    [False, True]
    """
    of_utf_8 = frozenset(misread for misread in seen if misread.written == "utf-8")
    others = frozenset(misread.read for misread in seen - of_utf_8)
    if not others.isdisjoint(MULTIBYTE):
        # It is Han, as are those of any line.
        return lambda _: True
    has_read = _has_pair_of(_beyond_ascii(others)) if others else lambda _: False
    if of_utf_8:
        lossy = gaining(LEAST_OF_SEEN, broken_by(lossy=True), of_utf_8, is_cut=True)
        whole = _gaining_whole(of_utf_8)

    def tells(line: str) -> bool:
        if has_read(line) or (ANY_FILLER.count(line) and with_losses_marked(line) != line):
            return True
        has_lost = "?" in line or REPLACEMENT in line
        if not of_utf_8 or (has_lost and others):
            return has_lost
        if len(line) <= SHORT:
            # A name by itself is believed if it gains next to nothing.
            return has_lost or any(_has_utf_8(line, misread.read) for misread in of_utf_8)
        # A part of UTF-8 gains no more than the whole.
        return lossy(line) if has_lost else whole(line)

    return tells


def _gaining_whole(of_utf_8: frozenset[Misread]) -> Callable[[str], bool]:
    """Return what tells of a line that lost nothing whether some part gains enough as UTF-8 that was misread so."""
    by_byte = frozenset(misread for misread in of_utf_8 if misread.read in SINGLE_BYTE)
    gains_by_byte, gains_in_pairs = (
        gaining(LEAST_IN_PAIRS, broken_by(lossy=False), several, in_pairs_from=LEAST_OF_SEEN)
        if several
        else lambda _: False
        for several in (by_byte, of_utf_8 - by_byte)
    )
    if not by_byte:
        return gains_in_pairs
    # What is none of a character costs as much there as anything that stands in a line, so that one has to begin.
    begins = Characters("".join(_leads_of_utf_8(misread.read) for misread in by_byte)).count
    return lambda line: (begins(line) > 0 and gains_by_byte(line)) or gains_in_pairs(line)


def _has_pair_of(beyond_ascii: str) -> Callable[[str], bool]:
    """Return what tells whether a line has two bytes of a character, as which of these the lead was read.

    A mark by itself is none, as text of CJK has, too: “ beside Han. Behind a lead byte stands no less than a digit.
    """
    return Scan(((Clue(beyond_ascii, beyond_ascii + "0-~"),),)).any


def _leads_of_utf_8(read: str) -> str:
    """Return what the bytes that begin a character of UTF-8 beyond ASCII are in an encoding of one byte a character."""
    return reading(read).every[EVERY_LEAD_OF_UTF_8]


def _beyond_ascii(read: Iterable[str]) -> str:
    """Return what text has beyond ASCII that was read byte by byte in one of these encodings."""
    return "".join(char for name in read for char in reading(name).every if not char.isascii())


def _has_utf_8(line: str, read: str) -> bool:
    """Tell whether there is a character of UTF-8 in a line, if it was read in an encoding; in pairs one of CJK.

    >>> [_has_utf_8(line, "gb18030") for line in ("浠婂ぉ", "今天天气很好")]
    [True, False]
    """
    how = reading(read)
    if how.is_ambiguous(line) or CONTROL in line:
        return True
    return (SEQUENCE_OF_CJK if read in MULTIBYTE else SEQUENCE).search(how.encode_what_fits(line)) is not None


def with_losses_marked(line: str) -> str:
    """Return the line with U+FFFD for what may stand in it for lost bytes.

    >>> with_losses_marked("浣犲ソ□"), with_losses_marked("ÄãºÃ·")
    ('浣犲ソ�', 'ÄãºÃ·')
    """
    return line if ANY_WESTERN.count(line) else FILLER.sub(REPLACEMENT, line)


def read_worse(line: str, found: Iterable[Undone]) -> int:
    """Return what a line costs when it is mended so, lost bytes as much as other characters, in units of the model."""
    mended = FILLER.sub(REPLACEMENT, apply(line, (Edit(*undone[:3]) for undone in found)))
    lost = mended.count(REPLACEMENT)
    return plausibility().cost(mended.replace(REPLACEMENT, "")) + FOR_A_LOSS * lost


@remembered
def undo_losses_likewise(line: str, misread: Misread) -> tuple[Undone, ...]:
    """Return the stretches of a line that lost bytes, if all of them were misread as others were; else none.

    Of what a search takes most goes into other ways to have been misread.

    >>> [one.text for one in undo_losses_likewise("浣犲ソ锛屼笘鐣?浠婂ぉ澶╂皵", Misread("utf-8", "gb18030"))]
    ['你好，世��今天天气']
    """
    if not LOSS.search(line):
        return ()
    found = tuple(Search(line, only=misread).run())
    mended = apply(line, (Edit(*undone[:3]) for undone in found))
    return () if is_suspicious(mended.replace(REPLACEMENT, "")) else found
