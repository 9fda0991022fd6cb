"""A reading put in behind a character by a machine: 關(guān)于 for 關于.

Sites that copy pages from others put pinyin behind a few hundred characters,
wherever they stand, so that a search engine takes the copy for a new text.
Some of their tables have a stray space (會(huì )議) or several readings (一(yī
/ yì /yí)). The machine has no context: 長(zhǎng)期 has the wrong one.

Safe where the page as a whole shows the machine: three Traditional characters
or more that are glossed always and never bare, few enough for a table; or
commas put in before marks; or a character that a gloss has shredded. Likely
where a few glosses look like it. Silent in readers (下(xià)过(guò)雨(yǔ)),
textbooks that gloss a word once, dictionaries, flash cards and romanised names
(關 (guān), 觀 (Guān)), jokes (特 (quē) 性 (xiàn)), and where the reading is
none of the character's. Ruby that lost its markup is kana: 地震(じしん) is
another matter.

    >>> from mojimend import fix_text
    >>> fix_text("昌都與重慶市就有關(guān)事宜進(jìn)行座談,。會(huì)議認(rèn)為進(jìn)展很快")
    '昌都與重慶市就有關事宜進行座談。會議認為進展很快'
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from mojimend.finding import REMOVAL, Applicability, Finding
from mojimend.rules.mirrored_page import GLOSS, MirroredPage, glosses
from mojimend.rules.registry import Rule
from mojimend.tables.forms import is_traditional
from mojimend.text.page import Page

rule = Rule(__name__, clues=lambda: (GLOSS,), languages=("zh",), by_origin=True, local=False)


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield the brackets to remove, each without the character it stands behind."""
    known = page.evidence(MirroredPage)
    if not (known.is_certain or known.is_likely):
        return
    for char, gloss in glosses(page.text):
        is_the_machines = known.is_certain and (char in known.always or is_traditional(char))
        sure = Applicability.SAFE if is_the_machines else Applicability.LIKELY
        yield rule.finding(page, gloss.span(), _told(char), sure, REMOVAL)


@cache
def _told(char: str) -> str:
    """Return what is said of a gloss: a page may have a million of them."""
    return f"a reading put in behind {char}"
