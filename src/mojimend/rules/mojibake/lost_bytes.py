r"""What is past mending: � and 锟斤拷, 烫烫烫, ��ã�, ???? in place of words.

Text whose bytes are gone stays gone, and more of it helps nobody: whoever has
the original should decode it anew, whoever has a corpus can count and drop it.
So this changes nothing and tells where it is, of what kind, and by what cause:

- U+FFFD, which a decoder puts for what it can't read;
- bytes of GBK, Big5, Shift_JIS, EUC-JP or EUC-KR read as UTF-8: U+FFFD with
  letters in between that are UTF-8 by chance (��ã� for 你好，, 口字码);
- U+FFFD that was saved as UTF-8 and read again: 锟斤拷 in GBK, 占쏙옙 in EUC-KR,
  嚙踝蕭 in Big5, ・ｽ in Shift_JIS, ï¿½ in Windows-1252, also twice (閿熸枻鎷), and
  with what survived misread along with it (锟矫猴拷);
- memory that nobody wrote to, as debug builds of Microsoft C fill it: 烫烫烫,
  屯屯屯, 葺葺葺 in GBK, ÌÌÌÌÌÌ in Windows-1252, 쳌쳌쳌 in UTF-16;
- question marks in place of words, by an encoding that has not the characters.

Silent where a text talks of such things: in quotes, in a line about encodings,
two kinds on one page (手持两把锟斤拷，口中疾呼烫烫烫). Silent on 烫 as a word, on names
with 锟, and on question marks behind words. A line of nothing but question
marks may be a comment, and is told only beside others on a page of ASCII.

    >>> from mojimend import check
    >>> for text in ("重要作用��于此", "今天锟斤拷锟斤拷", "abc烫烫烫烫烫", "2023?10?1???"):
    ...     print(*(finding.message for finding in check(text)))
    2 characters lost
    U+FFFD saved as UTF-8 and read as GBK; 4 characters lost
    memory in place of text, read as GBK: stack that was not initialised
    an encoding without these characters wrote ? for each; 5 characters lost
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from typing import TYPE_CHECKING, NamedTuple

from mojimend.encodings import names
from mojimend.encodings.lenient import REPLACEMENT, lost_in_words
from mojimend.finding import Applicability, Finding
from mojimend.kernel import Characters, Clue
from mojimend.rules import legacy_as_utf8, mention, question_marks
from mojimend.rules.registry import Rule
from mojimend.text.later import later
from mojimend.text.page import Page
from mojimend.text.scripts import HANGUL

if TYPE_CHECKING:
    from mojimend.encodings import fills, reread

RUN = later(f"{REPLACEMENT}+")
# What is in no text that only talks of damage: so many runs with other characters misread in between, or so many marks.
MIXED, MARKS = 2, 12
# 烫 is a word, too (hot). So many are none, and fewer only where no sentence goes on.
HOT, HOT_AT_LEAST, HOT_FOR_CERTAIN = "烫", 4, 8
SENTENCE_GOES_ON = frozenset("！!～~，,。的了啊呀哦呢…")

# What everything here but question marks begins with, letters of the West as escapes. Written down, as to work it out
# loads the codecs of CJK. Behind some stands one of many: hangul, or a mark of its loss, or anything.
FIRST_TWO = frozenset((
    "\u00b4\u2510 \u00c3\u00af \u00cc\u00cc \u00cd\u00cd \u00d4\u00f8 \u00dd\u00dd \u00e5\u008d \u00e5\u009a "
    "\u00e5\u0161 \u00e9\u0094 \u00e9\u201d \u00ee\u00fe \u00ef\u00bf \u00fd\u00fd \u00fe\u00fe \u010f\u017c "
    "\u013c\u00e6 \u03bf\u038f \u041e\u00a9 \u043f\u0457 \u2229\u2510 \ufeee\ufeee "
    "儆儆 屯屯 昍昍 楥楥 澱澱 烫烫 硼硼 簿聶 羲羲 茂驴 葺葺 袴袴 迋迋 鍗犾 鍤欒 铪铪 閿熸 鞜鞜 챦쩔 쳌쳌 췍췍 "
).split())  # fmt: skip
BEFORE_HANGUL, BEFORE_ANY = "占", "嚙鐃锟\uff7d\ufffd"
ANY_OF_HANGUL = Characters(f"{HANGUL}?{REPLACEMENT}")
BEGINS = "".join(sorted({two[0] for two in FIRST_TWO})) + BEFORE_HANGUL + BEFORE_ANY


def begins(text: str, at: int) -> bool:
    """Tell whether more than the first character of what is lost stands here.

    >>> begins("烫烫", 0), begins("烫伤", 0), begins("占쏙옙", 0), begins("占地", 0)
    (True, False, True, False)
    """
    if text[at] in BEFORE_HANGUL:
        return ANY_OF_HANGUL.count(text, at + 1, at + 2) > 0
    return text[at] in BEFORE_ANY or text[at : at + 2] in FIRST_TWO


rule = Rule(
    __name__,
    clues=lambda: (Clue(BEGINS, confirms=begins), question_marks.CLUE),
    surest=Applicability.NOTE,
    local=False,
)


class Loss(NamedTuple):
    """A stretch that is lost: the kind is one of ``encodings.causes.LOSSES``."""

    start: int
    end: int
    message: str
    kind: str


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each stretch that is lost, the longest where one lies in another."""
    text = page.text
    again_or_memory = sorted(_read_again_or_memory(text), key=_by_place)
    # Each kind comes by place, and there may be a million of one: so they are not listed.
    losses = merge(again_or_memory, _replaced(page), _read_as_utf_8(text), _question_marks(text), key=_by_place)
    end = 0
    for loss in losses:
        if loss.start >= end:
            yield rule.finding(page, loss[:2], loss.message, kind=loss.kind)
            end = loss.end


def _by_place(loss: Loss) -> tuple[int, int]:
    return loss.start, -loss.end


def _replaced(page: Page) -> Iterator[Loss]:
    """Yield the runs of U+FFFD, but for those that a repair has put there: it tells of them itself."""
    text, places = page.text, page.places
    end = 0
    # A character by itself is looked for in a tenth of the time of an expression.
    while (start := text.find(REPLACEMENT, end)) >= 0:
        end = RUN.match(text, start).end()  # type: ignore[union-attr]
        if places is None or not places.is_edited(start, end):
            yield Loss(start, end, lost_in_words(end - start), "replaced")


def _read_as_utf_8(text: str) -> Iterator[Loss]:
    """Yield the runs with what is in between where they were bytes of CJK."""
    found = legacy_as_utf8.find(text) if REPLACEMENT in text else ()
    if not found:
        return
    called = legacy_as_utf8.called(REPLACEMENT.join(text[one.start : one.end] for one in found))
    for one in found:
        yield Loss(one.start, one.end, f"{called} read as UTF-8; about {lost_in_words(one.lost)}", "read as UTF-8")


def _question_marks(text: str) -> Iterator[Loss]:
    for start, end in question_marks.find(text):
        lost = lost_in_words(text.count("?", start, end))
        yield Loss(start, end, f"an encoding without these characters wrote ? for each; {lost}", "question marks")


def _read_again_or_memory(text: str) -> Iterator[Loss]:
    from mojimend.encodings import fills, reread  # noqa: PLC0415

    again, memory = list(reread.find(text)), list(fills.find(text))
    if not again and not memory:
        return
    damaged = sum(not run.is_pure for run in again) >= MIXED or sum(run.lost for run in again) >= MARKS
    if not damaged and (mention.is_about(text) or (again and memory)):
        return
    certain = {run.misreads for run in again if run.lost > 1}
    for run in again:
        if (run.misreads in certain or _stands_alone(text, run, again)) and (damaged or not _is_mention(text, run)):
            happened = names.in_words((misread.written, misread.read) for misread in run.misreads)
            message = f"U+FFFD saved as {happened.replace(' read', ' and read', 1)}; {lost_in_words(run.lost)}"
            yield Loss(run.start, run.end, message, "read again")
    for fill in memory:
        if not (_is_hot(text, fill) or _is_mention(text, fill)):
            message = f"memory in place of text, read as {names.called(fill.read)}: {fills.FILLS[fill.fill]}"
            yield Loss(fill.start, fill.end, message, "memory")


def _is_mention(text: str, run: reread.Again | fills.Run) -> bool:
    return mention.is_quoted(text, run.start, run.end) or mention.explains(text, run.start, run.end)


def _stands_alone(text: str, run: reread.Again, all_runs: Sequence[reread.Again]) -> bool:
    """Tell whether one mark is believed without a longer run: in pairs, it can be two letters of a name."""
    from mojimend.encodings.misread import SINGLE_BYTE  # noqa: PLC0415

    if run.misreads[-1].read not in SINGLE_BYTE:
        return False
    in_a_word = text[run.start - 1 : run.start].isalnum() or text[run.end : run.end + 1].isalnum()
    return in_a_word or len(all_runs) > 1


def _is_hot(text: str, run: fills.Run) -> bool:
    """Tell whether it is the word for hot, in speech."""
    size = run.end - run.start
    if text[run.start] != HOT or size >= HOT_FOR_CERTAIN:
        return False
    before, behind = text[run.start - 1 : run.start], text[run.end : run.end + 1]
    apart = not behind or behind < "\x80"
    return behind in SENTENCE_GOES_ON or not (size >= HOT_AT_LEAST or (apart and before < "\x80" and before != " "))
