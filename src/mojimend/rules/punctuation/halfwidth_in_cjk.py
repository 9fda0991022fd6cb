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
from typing import NamedTuple

from mojimend.finding import Applicability, Finding, replace
from mojimend.kernel import Characters, Clue
from mojimend.rules import mirrored_page
from mojimend.rules.mirrored_page import MirroredPage
from mojimend.rules.registry import Rule
from mojimend.text.later import later
from mojimend.text.page import Page, on_its_line
from mojimend.text.scripts import ANY_KANA, HAN, MARKS
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
PAIR = later(rf"([(（])([^()（）\n]{{0,{FURTHEST}}}?[{HAN}][^()（）\n]{{0,{FURTHEST}}}?)([)）])")
ANY_CHINESE = Characters(CHINESE)
WIDE_QUOTES = later("[“”《》「」]")
# Prose has none of these but in pairs of its own; a line that has is a line of code or data.
IN_CODE = later(r"""[{}=\\$|\[\]"'`]|//|^\s*[#*]|\)\s*:\s*$""")
# How many folded marks show that all were: fewer than five are soon a habit of one hand.
ENOUGH_NARROW = 5

BEHIND = f"{HAN}“‘《「（"
HOLDS_CHINESE = later(rf"[^()（）\n]{{0,{FURTHEST}}}[{HAN}]")


def follows_chinese(text: str, at: int) -> bool:
    """Tell whether Chinese stands in front of a place."""
    return ANY_CHINESE.count(text, max(0, at - 1), at) > 0


def opens_on_chinese(text: str, at: int) -> bool:
    """Tell whether a bracket holds Chinese, and no word of another script stands in front of it."""
    ascii_before = text[max(0, at - 1) : at] <= "\x7f"
    return (ascii_before or follows_chinese(text, at)) and HOLDS_CHINESE.match(text, at + 1) is not None


def clues() -> tuple[Clue, ...]:
    """Return what a text has with such a mark in place: Chinese beside it, or signs of a mirrored page."""
    return (
        Clue(",;:?!", BEHIND, confirms=follows_chinese),
        Clue("(", HAN, FURTHEST, opens_on_chinese),
        Clue("\N{FULLWIDTH LEFT PARENTHESIS}", ")", 2 * FURTHEST + 1),
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


def _between(text: str) -> list[int]:
    """Return where narrow marks stand between Chinese characters."""
    return [match.start() for match in BETWEEN.finditer(text)]


def _pairs(text: str) -> list[re.Match[str]]:
    """Return the pairs of brackets that hold Chinese, if the page has narrow ones at all."""
    return list(PAIR.finditer(text)) if "(" in text or ")" in text else []


class Habit(NamedTuple):
    """How often the page has each mark between Chinese characters, narrow and wide."""

    narrow: dict[str, int]
    wide: dict[str, int]
    was_folded: bool
    """Whether every wide mark is gone from a text that was typeset with care otherwise."""

    @classmethod
    def of(cls, page: Page) -> Habit:
        """Count the marks of a page as it arrived."""
        text = page.origin
        narrow = dict.fromkeys(WIDE, 0)
        for place in page.evidence(_between):
            narrow[text[place]] += 1
        for match in page.evidence(_pairs):
            narrow["("] += match[1] == "("
            narrow[")"] += match[3] == ")"
        wide = {mark: text.count(its_wide) for mark, its_wide in WIDE.items()}
        no_wide = sum(narrow.values()) >= ENOUGH_NARROW and not any(wide.values())
        return cls(narrow, wide, no_wide and WIDE_QUOTES.search(text) is not None)

    def is_wide(self, mark: str) -> bool:
        """Whether the page as a rule writes the wide form."""
        return self.wide[mark] > self.narrow[mark]


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each narrow mark that should be wide."""
    text = page.text
    if not ANY_CHINESE.count(text):
        return
    certain = page.evidence(MirroredPage).is_certain
    if not (certain or page.wants_guesses):
        return
    habit = Habit.of(page)
    zones: Zones | None = None
    sureness = {mark: sure for mark in WIDE if (sure := _how_sure(mark, habit, certain)) is not None}
    if not sureness:
        return
    places = {match.start() for match in ASIDE.finditer(text)} if certain else set(page.now(_between))
    if not sureness.keys().isdisjoint("()"):
        places.update(_brackets(text, page.now(_pairs)))
    for place in sorted(places):
        mark = text[place]
        if mark not in sureness:
            continue
        zones = zones or Zones(text)
        line = on_its_line(text, place, AROUND, AROUND)
        if place in zones or ANY_KANA.count(line) or (not certain and IN_CODE.search(line)):
            continue
        message = f"a Western {mark} for {WIDE[mark]}"
        yield rule.finding(page, (place, place + 1), message, sureness[mark], replace(WIDE[mark]))


def _how_sure(mark: str, habit: Habit, certain: bool) -> Applicability | None:
    if certain and not habit.is_wide(mark):
        return Applicability.SAFE
    if habit.was_folded or habit.is_wide(mark):
        return Applicability.LIKELY
    return None


def _brackets(text: str, pairs: Iterable[re.Match[str]]) -> Iterator[int]:
    """Yield the narrow brackets of pairs that hold Chinese and stand in Chinese."""
    for match in pairs:
        opens, closes = match.start(), match.end() - 1
        before, behind = text[max(0, opens - 1) : opens], text[closes + 1 : closes + 2]
        inside = ANY_CHINESE.count(match[2][0] + match[2][-1])
        # In front stands Chinese, or nothing: a word in another script keeps its own brackets.
        if ANY_CHINESE.count(before) or (before in "\n,;:(" and (inside == 2 or ANY_CHINESE.count(behind))):
            yield from (place for place in (opens, closes) if text[place] in WIDE)
