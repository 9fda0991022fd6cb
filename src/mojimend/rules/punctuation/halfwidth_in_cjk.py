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
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import TypeAlias

from mojimend.finding import Applicability, Finding, replace
from mojimend.kernel import ONCE, Characters, Clue, Scan
from mojimend.rules import mirrored_page
from mojimend.rules.mirrored_page import MirroredPage
from mojimend.rules.registry import Rule, Told
from mojimend.text.later import later
from mojimend.text.page import Page, line_around, on_its_line
from mojimend.text.scripts import ANY_HAN, ANY_KANA, HAN, KANA, MARKS
from mojimend.text.zones import BEGINNINGS, in_prose

WIDE = {
    ",": "\N{FULLWIDTH COMMA}",
    ";": "\N{FULLWIDTH SEMICOLON}",
    ":": "\N{FULLWIDTH COLON}",
    "?": "\N{FULLWIDTH QUESTION MARK}",
    "!": "\N{FULLWIDTH EXCLAMATION MARK}",
    "(": "\N{FULLWIDTH LEFT PARENTHESIS}",
    ")": "\N{FULLWIDTH RIGHT PARENTHESIS}",
}
# A set of one character is counted in a quarter of the time that a text takes for it.
COUNT = {mark: Characters(mark).count for mark in (*WIDE.values(), "(", ")")}
CHINESE = HAN + MARKS
BEFORE_BRACKETS = f"{CHINESE}\n,;:("
# With only one side Chinese the mark may belong to the other, so that is enough only where all were folded.
# (A mark in front of another is for punctuation/injected-comma to judge.)
ASIDE = later(rf"[,;:](?![,;、。；，！？])(?!(?<=:)[/\\])(?:(?<=[{CHINESE}].)|(?<=[^,;:].)(?=[{HAN}“‘《「]))")
FURTHEST = 100  # code points between a bracket and the Chinese it holds
AROUND = 200  # code points of a line, to either side, that are asked whether it is kana or code
INSIDE = rf"([^()（）\n]{{1,{2 * FURTHEST + 1}}})"
# By what opens them; each begins with one character, which is looked for in a tenth of the time of two.
PAIRS = {"(": later(rf"(\(){INSIDE}([)）])"), "\N{FULLWIDTH LEFT PARENTHESIS}": later(rf"(（){INSIDE}(\))")}
ANY_CHINESE = Characters(CHINESE)
ANY_WIDE_QUOTE = Characters("“”《》「」")
# Prose has none of these but in pairs of its own; a line that has is a line of code or data.
OF_CODE = "{}=\\$|[]\"'`"
ANY_OF_KANA_OR_CODE = Characters(KANA + OF_CODE)
# A line that has none of these, as most, is neither kana nor code.
ANY_THAT_SILENCES = Characters(f"{KANA}{OF_CODE}/#*:")
# So many code points are asked first whether they have more wide marks than the page has narrow ones, as most have.
BEGINNING = 20_000
# How many folded marks show that all were: fewer than five are soon a habit of one hand.
ENOUGH_NARROW = 5


def holds_chinese(pair: re.Match[str]) -> bool:
    """Tell whether a pair of brackets holds Chinese, not too far from either.

    >>> far = "a" * FURTHEST
    >>> [pair_in_chinese(f"见（{behind}天{far})", 1) is not None for behind in (far, far + "a")]
    [True, False]
    """
    start, end = pair.span()
    return ANY_HAN.count(pair.string, max(start, end - 2 - FURTHEST), min(end, start + 2 + FURTHEST)) > 0


def pair_in_chinese(text: str, at: int) -> re.Match[str] | None:
    """Return the pair that opens in Chinese at a place, with one of the two narrow at least.

    >>> pair_in_chinese("公园(很大)", 2)[0], pair_in_chinese("公园（很大）", 2) is None
    ('(很大)', True)
    """
    pair = PAIRS[text[at]].match(text, at)
    if pair is None or not holds_chinese(pair):
        return None
    if ANY_CHINESE.count(text, at - 1, at):
        return pair
    end = pair.end()
    is_in_chinese = ANY_CHINESE.count(pair[2][0] + pair[2][-1]) == 2 or ANY_CHINESE.count(text, end, end + 1) == 1
    return pair if is_in_chinese else None


def may_be_chinese(text: str, at: int) -> bool:
    """Tell whether a narrow mark may stand in a Chinese text: around it on its line there are no kana.

    >>> [may_be_chinese(text, 2) for text in ("大雨,小雨", "大雨,小雨です")]
    [True, False]
    """
    return not ANY_KANA.count(on_its_line(text, at, AROUND, AROUND))


def opens_in_chinese(text: str, at: int) -> bool:
    """Tell whether such a pair opens at a place, and may stand in a Chinese text."""
    pair = pair_in_chinese(text, at)
    return pair is not None and (may_be_chinese(text, at) or may_be_chinese(text, pair.end() - 1))


# Where a narrow mark stands between Chinese characters, or a pair with a narrow bracket may open in Chinese. In front
# of the pair stands Chinese, or nothing: a word in another script keeps its own brackets.
BETWEEN = Clue(",;:?!", f"{HAN}“‘《「（", before=CHINESE)
OPENING = (
    Clue("(", HAN, FURTHEST, before=BEFORE_BRACKETS),
    Clue("\N{FULLWIDTH LEFT PARENTHESIS}", ")", 2 * FURTHEST + 1, before=BEFORE_BRACKETS),
)
# Japanese has Han on both sides of a mark, or in brackets, too, on up to half of its pages. A list may have a mark at
# each second character, and to ask about one takes 0.7 µs.
CLUES = (
    BETWEEN._replace(confirms=may_be_chinese),
    *(opening._replace(confirms=opens_in_chinese) for opening in OPENING),
)

rule = Rule(
    __name__,
    clues=lambda: (*CLUES, *mirrored_page.CLUES),
    clues_to_safe=lambda: mirrored_page.CLUES,
    by_origin=True,
    languages=("zh",),
    local=False,
)


# What one look at a text tells: where narrow marks stand in Chinese, by mark; where something may begin that is no
# prose; and whether it has what every page of the machine has. A look for each took as long as all else.
Seen: TypeAlias = tuple[dict[str, list[int]], list[int], bool]


@cache
def _scan() -> Scan:
    between = ((BETWEEN._replace(first=mark),) for mark in BETWEEN.first)
    # Of what the machine leaves one place is enough.
    of_machine = tuple(clue._replace(apart=ONCE) for clue in mirrored_page.CLUES)
    return Scan((*between, OPENING, BEGINNINGS, of_machine))


def _seen(text: str) -> Seen:
    """Return that; narrow marks between Chinese characters, and narrow brackets whose pair opens in Chinese.

    >>> _seen("如下(甲,乙）,(丙,丁) <b>")
    ({',': [4, 10], '(': [2, 8], ')': [12]}, [14], False)
    """
    *between, opening, beginnings, of_machine = _scan().places(text)
    narrow = {mark: places for mark, places in zip(BETWEEN.first, between, strict=True) if places}
    for place in opening:
        if pair := pair_in_chinese(text, place):
            for at in (place, pair.end() - 1):
                if text[at] in WIDE:
                    narrow.setdefault(text[at], []).append(at)
    return narrow, beginnings, bool(of_machine)


def _aside(text: str) -> dict[str, list[int]]:
    """Return by mark where narrow ones stand beside Chinese."""
    narrow: dict[str, list[int]] = {}
    for match in ASIDE.finditer(text):
        narrow.setdefault(match[0], []).append(match.start())
    return narrow


def _narrow_in_pairs(text: str) -> list[str]:
    """Return the narrow brackets of all pairs that hold Chinese."""
    pairs = (pair for opening in PAIRS.values() for pair in opening.finditer(text))
    return [mark for pair in filter(holds_chinese, pairs) for mark in pair.group(1, 3) if mark in WIDE]


def _was_folded(page: Page) -> bool:
    """Tell whether every wide mark is gone from a text that was typeset with care otherwise."""
    text = page.origin
    narrow, _, _ = page.evidence(_seen)
    return (
        not any(wide in text for wide in WIDE.values())
        and ANY_WIDE_QUOTE.count(text) > 0
        and sum(len(places) for mark, places in narrow.items() if mark not in "()")
        + len(page.evidence(_narrow_in_pairs))
        >= ENOUGH_NARROW
    )


def _how_sure(page: Page, marks: Collection[str], *, certain: bool) -> dict[str, Applicability]:
    """Return how sure it is that narrow marks should be wide, of those that should.

    It shows in how often the page as it arrived has each mark, narrow and wide. It is ``certain`` if the page was
    served by the machine.
    """
    text = page.origin
    narrow, _, _ = page.evidence(_seen)

    def is_wide(mark: str) -> bool:
        few, count = len(narrow.get(mark, ())), COUNT[WIDE[mark]]
        if mark not in "()":
            return count(text, 0, BEGINNING) > few or count(text) > few
        wide = count(text)
        # Those whose pair opens in Chinese are among those of all pairs. Most pages have few or nearly all of a kind,
        # and need not be searched for these.
        return wide > few and (wide > COUNT[mark](text) or wide > page.evidence(_narrow_in_pairs).count(mark))

    wide = set(filter(is_wide, marks))
    if certain:
        return {mark: Applicability.LIKELY if mark in wide else Applicability.SAFE for mark in marks}
    return dict.fromkeys(marks if not wide and _was_folded(page) else wide, Applicability.LIKELY)


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each narrow mark that should be wide."""
    text = page.text
    if page.wants_guesses:
        _, _, may_be_certain = page.evidence(_seen)
        certain = may_be_certain and page.evidence(MirroredPage).is_certain
    else:
        # Then the page is one that may be, and to list all that is on it takes memory that it may not need.
        certain = page.evidence(MirroredPage).is_certain
        if not certain:
            return
    narrow, beginnings, _ = page.now(_seen)
    if certain:
        narrow = {mark: places for mark, places in narrow.items() if mark in "()"} | _aside(text)
    sure = _how_sure(page, narrow, certain=certain)
    told = {mark: _told(mark, how) for mark, how in sure.items()}
    places = in_prose(text, sorted(chain.from_iterable(narrow[mark] for mark in told)), beginnings)
    # Text that is certain to be a page is not asked whether it is code.
    is_silent = ANY_KANA.count if certain else _is_kana_or_code
    yield from rule.findings_of_marks(page, _outside(text, places, is_silent), told)


def _outside(text: str, places: Sequence[int], is_silent: Callable[[str], object]) -> Iterator[int]:
    """Yield those of the places, which are sorted, around which the line is none of those where this is silent."""
    at = 0
    while at < len(places):
        begin, end = line_around(text, places[at])
        on_line = places[at : (at := bisect_left(places, end, at))]
        if not ANY_THAT_SILENCES.count(text, begin, end):
            yield from on_line
            continue
        asked, is_silenced = (0, 0), False
        for place in on_line:
            around = max(begin, place - AROUND), min(end, place + AROUND)
            if around != asked:
                # That is all of a line that is not longer, whichever place on it is asked about.
                asked, is_silenced = around, bool(is_silent(text[slice(*around)]))
            if not is_silenced:
                yield place


def _is_kana_or_code(line: str) -> bool:
    """Tell whether a line has kana or signs of code, begins like a comment or an item, or ends as what begins a block.

    >>> [_is_kana_or_code(line) for line in ("あ,甲", "见 {甲,乙}", "  # 甲,乙", "若(甲,乙) :", "甲,乙:")]
    [True, True, True, True, False]
    """
    if ANY_OF_KANA_OR_CODE.count(line) or "//" in line or line.lstrip().startswith(("#", "*")):
        return True
    colon = line.rfind(":")
    return colon >= 0 and not line[colon + 1 :].strip() and line[:colon].rstrip().endswith(")")


@cache
def _told(mark: str, sure: Applicability) -> Told:
    """Return what is said of each such mark, how sure it is, and how it is mended."""
    return f"a Western {mark} for {WIDE[mark]}", sure, replace(WIDE[mark])
