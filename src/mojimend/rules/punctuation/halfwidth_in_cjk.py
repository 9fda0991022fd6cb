"""A Western mark where Chinese has its own: 下午,昌都 for 下午，昌都.

Tools that normalise widths fold ，；：？！（） to ASCII and leave 、。“” as
they are: NFKC, ftfy with its defaults, and the machines that put readings into
copied pages (see gloss/pinyin). So the text keeps its 、 and 。 and has lost
its ，.

Safe where the page shows the machine and has no other wide marks of the kind
left. Likely where a page that otherwise writes the wide mark has the Western
one between Chinese characters, and where a page with wide quotes has lost all
its wide marks. Brackets go in pairs. Silent in numbers (1,000), between Latin
words, in markup, code and addresses, in Japanese and Korean, and where
somebody writes with Western marks throughout: that is a habit.

    >>> from mojimend import fix_text
    >>> fix_text("19日下午,昌都與重慶市委,、市政府座談,。(記者,、楊順,、整理)")
    '19日下午，昌都與重慶市委、市政府座談。（記者、楊順、整理）'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property

from mojimend.finding import Applicability, Finding, Repair, replace
from mojimend.kernel import Characters, Clue
from mojimend.rules import mirrored_page
from mojimend.rules.mirrored_page import MirroredPage
from mojimend.rules.registry import Rule
from mojimend.text.later import later
from mojimend.text.page import Page, line_around
from mojimend.text.scripts import ANY_HAN, ANY_KANA, HAN, MARKS
from mojimend.text.zones import Zones

WIDE = {
    ",": "\N{FULLWIDTH COMMA}",
    ";": "\N{FULLWIDTH SEMICOLON}",
    ":": "\N{FULLWIDTH COLON}",
    "?": "\N{FULLWIDTH QUESTION MARK}",
    "!": "\N{FULLWIDTH EXCLAMATION MARK}",
    "(": "\N{FULLWIDTH LEFT PARENTHESIS}",
    ")": "\N{FULLWIDTH RIGHT PARENTHESIS}",
}
CHINESE = HAN + MARKS
BETWEEN = later(f"[,;:?!](?<=[{CHINESE}].)(?=[{HAN}“‘《「（])")
# With only one side Chinese the mark may belong to the other, so that is enough only where all were folded.
# (A mark in front of another is for punctuation/injected-comma to judge.)
ASIDE = later(rf"[,;:](?![,;、。；，！？])(?!(?<=:)[/\\])(?:(?<=[{CHINESE}].)|(?<=[^,;:].)(?=[{HAN}“‘《「]))")
FURTHEST = 100  # code points between a bracket and the Chinese it holds
AROUND = 200  # code points of a line, to either side, that are asked whether it is kana or code
PAIR = later(rf"([(（])([^()（）\n]{{1,{2 * FURTHEST + 1}}})([)）])")
ANY_CHINESE = Characters(CHINESE)
WIDE_QUOTES = later("[“”《》「」]")
# Prose has none of these but in pairs of its own; a line that has is a line of code or data.
ANY_OF_CODE = Characters("{}=\\$|[]\"'`")
# How many folded marks show that all were: fewer than five are soon a habit of one hand.
ENOUGH_NARROW = 5

BEHIND = f"{HAN}“‘《「（"


def follows_chinese(text: str, at: int) -> bool:
    """Tell whether Chinese stands in front of a place."""
    return ANY_CHINESE.count(text, max(0, at - 1), at) > 0


def pair_at(text: str, at: int) -> re.Match[str] | None:
    """Return the pair of brackets that opens at a place, if it holds Chinese, not too far from either, and is narrow.

    It is enough that one of them is.

    >>> [pair_at(f"（{far}天{far})", 0) is not None for far in ("a" * FURTHEST, "a" * FURTHEST + "a")]
    [True, False]
    """
    pair = PAIR.match(text, at)
    if pair is None or not (pair[1] in WIDE or pair[3] in WIDE):
        return None
    return pair if ANY_HAN.count(text, max(at, pair.end() - 2 - FURTHEST), min(pair.end(), at + 2 + FURTHEST)) else None


def stands_in_chinese(pair: re.Match[str]) -> bool:
    """Tell whether in front of a pair stands Chinese, or nothing: a word in another script keeps its own brackets."""
    text, start, end = pair.string, pair.start(), pair.end()
    before, behind = text[max(0, start - 1) : start], text[end : end + 1]
    if ANY_CHINESE.count(before):
        return True
    inside = ANY_CHINESE.count(pair[2][0] + pair[2][-1])
    return before in "\n,;:(" and (inside == 2 or ANY_CHINESE.count(behind) > 0)


def opens_in_chinese(text: str, at: int) -> bool:
    """Tell whether such a pair opens at a place.

    >>> opens_in_chinese("公园(很大)", 2), opens_in_chinese("park(很大)", 4), opens_in_chinese("公园（很大）", 2)
    (True, False, False)
    """
    pair = pair_at(text, at)
    return pair is not None and stands_in_chinese(pair)


def clues() -> tuple[Clue, ...]:
    """Return what a text has with such a mark in place: Chinese beside it, or signs of a mirrored page."""
    return (
        Clue(",;:?!", BEHIND, confirms=follows_chinese),
        Clue("(", HAN, FURTHEST, opens_in_chinese),
        Clue("\N{FULLWIDTH LEFT PARENTHESIS}", ")", 2 * FURTHEST + 1, opens_in_chinese),
        *mirrored_page.CLUES,
    )


rule = Rule(
    __name__,
    clues=clues,
    clues_to_safe=lambda: mirrored_page.CLUES,
    by_origin=True,
    languages=("zh",),
    local=False,
)


def _places(text: str, marks: str) -> list[int]:
    """Return where any of the marks stands; to look for each takes a tenth of what an expression takes for all.

    >>> _places("(一), 2,3", ",(")
    [0, 3, 6]
    """
    found = []
    for mark in marks:
        at = text.find(mark)
        while at >= 0:
            found.append(at)
            at = text.find(mark, at + 1)
    return sorted(found)


def _between(text: str) -> list[int]:
    """Return where narrow marks stand between Chinese characters."""
    return [place for place in _places(text, ",;:?!") if BETWEEN.match(text, place)]


def _pairs(text: str) -> list[re.Match[str]]:
    """Return the pairs of brackets that hold Chinese, of which one is narrow or both."""
    places = _places(text, "(（") if "(" in text or ")" in text else ()
    return [pair for place in places if (pair := pair_at(text, place))]


class Habit:
    """How often a page as it arrived has each mark between Chinese characters, narrow and wide.

    It is ``certain`` if the page was served by the machine.
    """

    def __init__(self, page: Page, *, certain: bool) -> None:
        self._text = page.origin
        self._page = page
        self._certain = certain
        self._sure: dict[str, Applicability | None] = {}

    def how_sure(self, mark: str) -> Applicability | None:
        """Return how sure it is that a narrow mark should be wide, or None."""
        if mark not in self._sure:
            self._sure[mark] = self._judge(mark)
        return self._sure[mark]

    def _judge(self, mark: str) -> Applicability | None:
        is_wide = self.is_wide(mark)
        if self._certain and not is_wide:
            return Applicability.SAFE
        return Applicability.LIKELY if is_wide or self.was_folded else None

    @cached_property
    def was_folded(self) -> bool:
        """Whether every wide mark is gone from a text that was typeset with care otherwise."""
        return (
            not any(wide in self._text for wide in WIDE.values())
            and len(self._between) + len(self._in_pairs) >= ENOUGH_NARROW
            and WIDE_QUOTES.search(self._text) is not None
        )

    def is_wide(self, mark: str) -> bool:
        """Whether the page as a rule writes the wide form."""
        wide = self._text.count(WIDE[mark])
        # Most pages have none or all of a kind, and need not be searched for those in pairs.
        return wide > 0 and wide > (self._in_pairs if mark in "()" else self._between).count(mark)

    @cached_property
    def _between(self) -> str:
        """The narrow marks between Chinese characters."""
        return "".join([self._text[place] for place in self._page.evidence(_between)])

    @cached_property
    def _in_pairs(self) -> str:
        """The narrow brackets."""
        return "".join([mark for pair in self._page.evidence(_pairs) for mark in (pair[1], pair[3]) if mark in WIDE])


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each narrow mark that should be wide."""
    text = page.text
    certain = page.evidence(MirroredPage).is_certain
    if not ((certain or page.wants_guesses) and ANY_CHINESE.count(text)):
        return
    how_sure = Habit(page, certain=certain).how_sure
    places = {match.start() for match in ASIDE.finditer(text)} if certain else set(page.now(_between))
    if how_sure("(") or how_sure(")"):
        places.update(_brackets(page.now(_pairs)))
    zones: Zones | None = None
    begin, end, here, is_silent = 0, 0, (0, 0), False
    for place in sorted(places):
        mark = text[place]
        if mark not in WIDE or (sure := how_sure(mark)) is None:
            continue
        zones = zones or Zones(text)
        if place >= end:
            begin, end = line_around(text, place)
        if (around := (max(begin, place - AROUND), min(end, place + AROUND))) != here:
            here, line = around, text[slice(*around)]
            is_silent = ANY_KANA.count(line) > 0 or (not certain and _is_code(line))
        if not (is_silent or place in zones):
            yield rule.finding(page, (place, place + 1), *_told(mark, sure))


def _is_code(line: str) -> bool:
    """Tell whether a line has signs of code, begins like a comment or an item, or ends as what begins a block does.

    >>> [_is_code(line) for line in ("见 {甲,乙}", "  # 甲,乙", "若(甲,乙) :", "甲,乙:")]
    [True, True, True, False]
    """
    if ANY_OF_CODE.count(line) or "//" in line or line.lstrip().startswith(("#", "*")):
        return True
    head, colon, behind = line.rpartition(":")
    return bool(colon) and not behind.strip() and head.rstrip().endswith(")")


@cache
def _told(mark: str, sure: Applicability) -> tuple[str, Applicability, Repair]:
    """Return what is said of each such mark, how sure it is, and how it is mended."""
    return f"a Western {mark} for {WIDE[mark]}", sure, replace(WIDE[mark])


def _brackets(pairs: Iterable[re.Match[str]]) -> Iterator[int]:
    """Yield the narrow brackets of pairs that stand in Chinese."""
    for pair in filter(stands_in_chinese, pairs):
        yield from (place for place in (pair.start(), pair.end() - 1) if pair.string[place] in WIDE)
