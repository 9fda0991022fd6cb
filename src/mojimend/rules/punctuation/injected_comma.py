"""A comma put in before another mark: 市委,、市政府 for 市委、市政府.

The machines that put readings into copied pages (see gloss/pinyin) also put an
ASCII comma before about two of three 、。，；！？. Where the page's wide
commas were folded to ASCII as well, ,， has become ,,.

Safe where the page shows it at least three times and before a good share of
its marks, or shows the machine otherwise. Likely where it happens once or
twice: a slip of the keyboard. Silent on ,, and ,; without such company
(재밌다,, trails off) and on three commas or more.

    >>> from mojimend import fix_text
    >>> fix_text("地委副書記,、行署專員,、援藏辦主任出席,。")
    '地委副書記、行署專員、援藏辦主任出席。'
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from heapq import merge

from mojimend.finding import REMOVAL, Applicability, Finding
from mojimend.rules.mirrored_page import CLUES, COMMAS, MirroredPage
from mojimend.rules.registry import Rule
from mojimend.text.page import Page
from mojimend.text.scripts import ANY_CJK

# With what it was put in before: where wide marks were folded, that may be a narrow one.
FOLDED = ",;", ",,"

rule = Rule(__name__, clues=lambda: CLUES, languages=("zh", "ja"), by_origin=True, local=False)


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each comma that has another mark right behind it."""
    if not ANY_CJK.count(page.text):
        return
    certain = page.evidence(MirroredPage).is_certain
    sure = Applicability.SAFE if certain else Applicability.LIKELY
    text = page.text
    # Each is looked for by itself, as an expression for all takes longer to compile than most pages take for all else.
    for at in merge(*(_places(text, comma) for comma in (COMMAS + FOLDED if certain else COMMAS))):
        mark, behind = text[at + 1], text[at + 2 : at + 3]
        if text[at - 1 : at] != "," and not mark == behind == ",":
            yield rule.finding(page, (at, at + 1), _told(mark), sure, REMOVAL)


def _places(text: str, of: str) -> Iterator[int]:
    at = text.find(of)
    while at >= 0:
        yield at
        at = text.find(of, at + 1)


@cache
def _told(mark: str) -> str:
    """Return what is said of a mark: a page may have a million of them."""
    return f"a comma put in before {mark}"
