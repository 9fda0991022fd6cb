"""One mark written twice: ，， where ， was meant.

Templates, form fields and joined snippets put a comma or full stop behind a
sentence that already ends in one, and fingers slip. Two are a slip; three or
more are a choice, so they stay. ， and 、 mean nothing when doubled and are
mended as safe. 。。 ；； ：： are likely: some write 。。 for a pause.

Silent: …… and —— are two characters wide by design, ！！ ？？ ！！！ are
emphasis (GB/T 15834-2011, 4.2 and 4.3), and a text that has the mark three
times in a row uses it for a pause. Behind another mark it tells of words that
are gone: ，、、和 was a list of tags. Where it draws out another mark, or has
。。, ，， may be a pause as well and is only likely.

    >>> from mojimend import fix_text
    >>> fix_text("已经取消，，请重试……好吗？？")
    '已经取消，请重试……好吗？？'
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from mojimend.finding import Applicability, Finding, Repair, replace
from mojimend.kernel import Clue, Scan
from mojimend.rules.registry import Rule
from mojimend.text.page import Page

MEANINGLESS = "\N{FULLWIDTH COMMA}\N{IDEOGRAPHIC COMMA}"
SOMETIMES_A_PAUSE = "\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH SEMICOLON}\N{FULLWIDTH COLON}"
MARKS = MEANINGLESS + SOMETIMES_A_PAUSE

OPENING, CLOSING = frozenset("“‘「『\"'`(（"), frozenset("”’」』\"'`)）")


def is_doubled(text: str, at: int) -> bool:
    """Tell whether the mark at a place stands there twice."""
    return text[at] == text[at + 1]


def stands_twice(text: str, at: int) -> bool:
    """Tell whether the mark at a place stands there twice, and not once more."""
    mark = text[at]
    return mark == text[at + 1] and mark not in (text[at - 1 : at], text[at + 2 : at + 3])


def is_mentioned(text: str, start: int, end: int) -> bool:
    """Tell whether marks are all that stands in quotes: that speaks of the marks.

    >>> is_mentioned("“，，。”", 1, 3), is_mentioned("“，，好”", 1, 3)
    (True, False)
    """
    if start == 0 or text[start - 1] not in OPENING:
        return False
    while end < len(text) and text[end] in MARKS:
        end += 1
    return text[end : end + 1] in CLOSING


DOUBLED = Clue(MARKS, MARKS, confirms=is_doubled)

rule = Rule(
    __name__,
    # Where people write 。。。 for …… nothing is found.
    clues=lambda: (DOUBLED._replace(confirms=stands_twice),),
    clues_to_safe=lambda: (Clue(MEANINGLESS, MEANINGLESS, confirms=stands_twice),),
    by_origin=True,
    local=False,
)


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each mark that stands exactly twice, unless the page draws it out elsewhere."""
    text = page.text
    longest: dict[str, int] = {}
    for start, end in page.evidence(runs):
        mark = page.origin[start]
        longest[mark] = max(longest.get(mark, 0), end - start)
    # Of 13 hotel reviews (in 7,753) that have ，， 4 also have 。。 or ，，，: their authors trail off with either.
    pauses = any(mark in SOMETIMES_A_PAUSE or length > 2 for mark, length in longest.items())
    for start, end in page.now(runs):
        mark = text[start]
        if end - start > 2 or longest.get(mark, 0) > 2 or is_mentioned(text, start, end):
            continue
        sure = Applicability.LIKELY if pauses or mark in SOMETIMES_A_PAUSE else Applicability.SAFE
        message, repair = _told(mark)
        yield rule.finding(page, (start, end), message, sure, repair)


@cache
def _told(mark: str) -> tuple[str, Repair]:
    """Return what is said of a mark, and its repair: a page may have a hundred thousand of them."""
    return f"the mark {mark} written twice", replace(mark)


def runs(text: str) -> list[tuple[int, int]]:
    """Return where marks stand more than once in a row, and no other before them.

    >>> runs("好，，好。。。好；，，")
    [(1, 3), (4, 7)]
    """
    found: list[tuple[int, int]] = []
    (doubled,) = _doubled().places(text)
    for at in doubled:
        if found and found[-1][1] == at + 1:
            found[-1] = found[-1][0], at + 2
        elif at == 0 or text[at - 1] not in MARKS:
            found.append((at, at + 2))
    return found


@cache
def _doubled() -> Scan:
    return Scan(((DOUBLED,),))
