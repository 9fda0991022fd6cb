"""Evidence that a page was re-served through a glossing machine: 關(guān)于 …… ,、 …… 測(cè)量?jī)x器.

Sites that copy Simplified Chinese pages and serve them as Traditional ones put pinyin behind some characters by
replacing bytes in the GBK page, fold wide marks to ASCII, and put commas before others. One kind of that damage makes
the others certain, so the rules that undo it share what they know of the page.

What tells a machine from a teacher: a machine glosses a character always or never, glosses common characters, and
only where the conversion from Simplified changed something; a teacher glosses hard words once, or every character.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from heapq import merge

from mojimend.kernel import Characters, Clue
from mojimend.tables.forms import is_traditional
from mojimend.tables.readings import LETTERS, TONED, read_first_as, read_in_any_tone_as
from mojimend.text.later import later
from mojimend.text.scripts import ANY_HAN, HAN, MARKS

SYLLABLE = f"[{LETTERS}]{{1,6}}"
# One reading, or several; some machines have a stray space in their table: 會(huì )議, 一(yī / yì /yí).
READINGS = rf" ?{SYLLABLE}(?: ?/ ?{SYLLABLE})* ?"
REST = rf"(?P<readings>{READINGS})\)"
BRACKET = later(rf"\({REST}")
# What is left of the bracket when the reading split a character: 測(cè)量?jī)x器, or with a browser's decoder �(jī).
LEFT = (r"\?", r"\N{REPLACEMENT CHARACTER}\(")
SHIFTED = later(rf"(?:{'|'.join(LEFT)}){REST}")
# One for each, which is looked for by what it begins with, in a tenth of the time.
SHIFTED_BY_MARK = tuple(later(mark + REST) for mark in LEFT)
# What every page has that shows the machine: a bracket behind Chinese, or what is left of it, with a letter that has a
# tone, so many characters further on at the most; or a comma before a mark. A letter with a tone alone is in any text
# of the West, and in what was taken for such.
FURTHEST_TONE = 30
GLOSS = Clue("(?", TONED, FURTHEST_TONE, before=f"{HAN}{MARKS}\N{REPLACEMENT CHARACTER}")
MARKS_WITH_A_COMMA = "、。；，！？"
CLUES = (GLOSS, Clue(",", MARKS_WITH_A_COMMA))
# Counted one by one, as an expression for all takes as long to compile as a page takes for all else.
COMMAS = tuple(f",{mark}" for mark in MARKS_WITH_A_COMMA)
NO_GLOSSES: Counter[tuple[str, str]] = Counter()
WORD = later(SYLLABLE)
ANY_TONED = Characters(TONED)
IN_CHINESE = later(f"[{HAN}{MARKS}]")

# Densities are glosses per Han character. The pages seen have 3 to 30 %; readers' books gloss nearly all, and one
# gloss in a long text is somebody's remark. The margins allow for short excerpts.
LEAST_DENSITY, MOST_DENSITY = 0.02, 0.35
# With fewer glosses than this and none repeated, a teacher's choice of words can look like a machine's.
ENOUGH_GLOSSES = 5
ENOUGH_KINDS = 3
ENOUGH_SLIPS = 3
# Pages seen have a comma before 30 to 80 % of 、。；，. In 420,000 clean lines of five corpora there are 7 in all, no
# two in one document.
ENOUGH_COMMAS = 3
LEAST_SHARE_OF_COMMAS = 0.1


def readings_in(gloss: str) -> list[str]:
    """Return the readings that a gloss lists.

    >>> readings_in("yī / yì /yí")
    ['yī', 'yì', 'yí']
    """
    return WORD.findall(gloss)


def are_readings_of(char: str, gloss: str) -> bool:
    """Tell whether each reading in the gloss is one of the character's.

    >>> are_readings_of("一", "yī / yì /yí"), are_readings_of("特", "quē")
    (True, False)
    """
    return all(char in read_in_any_tone_as(reading) for reading in readings_in(gloss))


def glosses(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield each bracket behind a Han character that holds readings of that character, with the character.

    >>> [(char, match[0]) for char, match in glosses("就有關(guān)事宜,甲(guān)等")]
    [('關', '(guān)')]
    """
    for match in BRACKET.finditer(text):
        char = text[match.start() - 1 : match.start()]
        if ANY_HAN.count(char) and are_readings_of(char, match["readings"]):
            yield char, match


class MirroredPage:
    """What one page shows. That a gloss lists several readings proves nothing: textbooks do."""

    def __init__(self, text: str) -> None:
        # Without a bracket and a tone mark there is no gloss, and nearly all pages have none.
        has_tone = ")" in text and ANY_TONED.count(text) > 0
        self._text = text
        # How often each is there: they are not listed, as a page may have a million.
        self._glosses = Counter((char, match["readings"]) for char, match in glosses(text)) if has_tone else NO_GLOSSES
        self.commas = sum(map(text.count, COMMAS))
        self.marks = sum(map(text.count, MARKS_WITH_A_COMMA)) if self.commas else 0
        self.shifted = sum(1 for _ in shifted_glosses(text)) if has_tone else 0

    @cached_property
    def glossed(self) -> Counter[str]:
        """How often each character stands with a gloss."""
        glossed: Counter[str] = Counter()
        for (char, _), times in self._glosses.items():
            glossed[char] += times
        return glossed

    @cached_property
    def slips(self) -> int:
        """How many glosses have a stray space, which a machine repeats each time."""
        return sum(times for (_, gloss), times in self._glosses.items() if gloss != gloss.strip())

    @cached_property
    def bare(self) -> Counter[str]:
        """How often each glossed character stands without its gloss."""
        every = Counter(self._text)
        return Counter({char: every[char] - times for char, times in self.glossed.items()})

    @cached_property
    def readings(self) -> frozenset[tuple[str, str]]:
        """The glossed characters, each with every reading that it is given."""
        return frozenset((char, reading) for char, gloss in self._glosses for reading in readings_in(gloss))

    @cached_property
    def han(self) -> int:
        """How many Han characters there are."""
        return ANY_HAN.count(self._text)

    @cached_property
    def always(self) -> frozenset[str]:
        """The characters that are glossed wherever they stand; a shredded neighbour can hide a gloss or two."""
        return frozenset(c for c, times in self.glossed.items() if self.bare[c] * 8 <= times)

    @cached_property
    def commas_were_injected(self) -> bool:
        """Whether somebody put commas before the marks, all over the page."""
        return (self.commas >= ENOUGH_COMMAS and self.commas >= LEAST_SHARE_OF_COMMAS * self.marks) or bool(
            self.commas and self._traditional
        )

    @cached_property
    def is_certain(self) -> bool:
        """Whether a machine did it."""
        # Of nearly all pages nothing speaks for it.
        return bool(self._glosses or self.commas or self.shifted) and (
            bool(self.shifted)
            or self.commas_were_injected
            or self._glosses_are_certain
            or (self.slips >= ENOUGH_SLIPS and self.is_sparse)
        )

    @property
    def _traditional(self) -> list[str]:
        return [char for char in self.always if is_traditional(char)]

    @property
    def _glosses_are_certain(self) -> bool:
        total = self.glossed.total()
        if len(self._traditional) < ENOUGH_KINDS or not self.is_sparse:
            return False
        enough = total >= ENOUGH_GLOSSES or max(self.glossed.values()) > 1
        return enough and sum(self.glossed[char] for char in self._traditional) >= 0.8 * total

    @property
    def is_sparse(self) -> bool:
        """Whether few enough characters are glossed, and enough, for a machine's table."""
        return LEAST_DENSITY * self.han <= self.glossed.total() <= MOST_DENSITY * self.han

    @cached_property
    def is_likely(self) -> bool:
        """Whether a machine is the better guess: always or never, with readings that a teacher has no cause to give."""
        if not self.glossed or self.glossed.total() > MOST_DENSITY * self.han or len(self.always) < len(self.glossed):
            return False
        if not all(char in read_first_as(reading) for char, reading in self.readings if is_traditional(char)):
            return False
        repeated = self.glossed.total() > 1.5 * len(self.always)
        return all(map(is_traditional, self.glossed)) or (len(self.always) >= ENOUGH_KINDS and repeated)


def shifted_glosses(text: str) -> Iterator[re.Match[str]]:
    """Yield what is left of glosses that split a character: readings with a tone, a wide character in front."""
    if ")" not in text:
        return
    for match in merge(*(shifted.finditer(text) for shifted in SHIFTED_BY_MARK), key=re.Match.start):
        if match.start() and IN_CHINESE.match(text, match.start() - 1) and not match["readings"].isascii():
            yield match
