"""A reading put in between the bytes of a character: 測(cè)量?jī)x器, 測量儀器.

The machines that gloss copied pages (see gloss/pinyin) replace bytes, not
characters. In GBK 量儀 is C1 BF 83 78, and the bytes in the middle, BF 83, are
績 (jī): the machine puts ``(jī)`` right there. Whoever decodes that finds the
lead byte 83 followed by a bracket, gives up on both with a ``?``, and reads
the rest one byte out of step, until an ASCII byte sets it right: ``(`` eaten,
83 lost, and 78 left over as ``x``. A browser's decoder leaves ``�(`` in place
of ``?``.

So the reading in the brackets tells the lost byte: it is the second byte of a
character that begins with the last byte in front of the ``?`` and is read so.
Put it back, take the brackets out, and the bytes read on as they were:
順?lè)迹?/p> is 順芳）</p>, 深入?yún)⑴c is 深入參與, 橋?qū)W院 is 橋學院.

Some machines then put a comma before the bytes of ，；！？ too, and hit the
middle of 。” : 系統?！边@一 is 系統。”這一.

Safe, as the bytes are there. Where the text comes into step again on an ASCII
byte below 40, a second ``?`` has eaten that byte and with it the trail of one
character: both are lost and stand as U+FFFD, but for a closing bracket that is
still owed and the ``<`` of a closing tag. Silent in Japanese, and where what
comes out is no text; where no character fits, the place is told.

    >>> from mojimend import fix_text
    >>> fix_text("測(cè)量?jī)x器"), fix_text("深入?yún)⑴c"), fix_text("因?yàn)槲艺娴暮芟硎苓@個(gè)過程")
    ('測量儀器', '深入參與', '因為我真的很享受這個過程')
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from mojimend.encodings import gbk
from mojimend.encodings.lenient import REPLACEMENT, lost_in_words
from mojimend.finding import Applicability, Finding, replace
from mojimend.rules.mirrored_page import (
    BRACKET,
    GLOSS,
    SHIFTED,
    MirroredPage,
    are_readings_of,
    glosses,
    readings_in,
    shifted_glosses,
)
from mojimend.rules.registry import Rule
from mojimend.tables.forms import is_common, is_simplified
from mojimend.tables.readings import read_as, read_in_any_tone_as
from mojimend.text.later import later
from mojimend.text.page import Page
from mojimend.text.scripts import ANY_HAN, ANY_KANA

FULL_STOP = "\N{IDEOGRAPHIC FULL STOP}"

# The machine's second pass: a comma before the bytes of a mark, eaten by the lead byte it was put behind.
# Stored copies have often folded the mark since.
SPLIT_BY_COMMA = later(r"(?:\?|\N{REPLACEMENT CHARACTER},)(?P<mark>[！，；？!,;?])")
UNFOLDED = str.maketrans("!,;?", "！，；？")
# It hits the middle of a character whose trail is A3, whatever its lead. In 6,196 such places of training text the
# character was 。 in 76 %; outside these words, which end in the others and make up most of the rest, in 96 %.
ENDING_IN_A3 = frozenset(
    """
    非常 異常 正常 經常 通常 日常 失常 尋常 平常 時常 往常 學校 院校 高校 少校 規模 建模 擔保 確保 環保 投保 退保
    上海 青海 渤海 黃海 東海 南海 領海 大海 陸海 出海 暫停 堆棧 客棧 貨棧 顆粒 微粒 幸福 祝福 慶祝 哈希 犀牛 蝸牛
    寬裕 玩耍
    """.split()
)
# ！ is A3 A1 and leaves its A1 to what follows, which so becomes a mark; 。 is only followed by marks that close.
CLOSERS = "”’》」』】"
OPENED_BY = dict(zip("”’》」』】）", "“‘《「『【（", strict=True))
ENDINGS = {word[-1] for word in ENDING_IN_A3}
MARKS_IN_USE = frozenset("，。、；：？！“”‘’（）《》「」『』【】—…·" + "".join(map(chr, range(0x20, 0x7F))))
CLOSING_TAG = later(r"/[a-zA-Z][a-zA-Z0-9]{0,9}>")
# Six characters of running text have five or six in common use in 99.9 % of cases, six that a wrong byte made in 5 %.
LEAST_IN_COMMON_USE = 0.75
FURTHEST_OPENING = 200  # code points that a bracket's other half is looked for in

rule = Rule(__name__, clues=lambda: (GLOSS,), languages=("zh",), by_origin=True, local=False)


class Realigned(NamedTuple):
    """Text brought into step again: what it reads, and where in the damaged text it ends."""

    text: str
    end: int

    @property
    def lost(self) -> int:
        """How many of its characters are lost."""
        return self.text.count(REPLACEMENT)

    @property
    def share_in_common_use(self) -> float:
        """How much of what was read is in common use; 0 where too much is lost to tell."""
        seen = [char for char in self.text if char != REPLACEMENT]
        if len(seen) < self.lost - 2:
            return 0.0
        return sum(char in MARKS_IN_USE or is_common(char) for char in seen) / len(seen) if seen else 1.0

    @property
    def merit(self) -> tuple[float, int]:
        """What is compared of two readings: how much of it is in common use, and how little lost."""
        return self.share_in_common_use, -self.lost


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each stretch that is out of step, from the ``?`` to where the bytes are in step again."""
    text = page.text
    certain = page.evidence(MirroredPage).is_certain
    if not (certain or next(shifted_glosses(text), None)) or page.evidence(is_japanese):
        return
    if certain:
        # The second pass came last, so it is undone first, and alone.
        undone = list(_undo_commas(page))
        if undone:
            yield from undone
            return
    glossed_here = Counter(char for char, _ in glosses(text))
    end = 0
    for match in shifted_glosses(text):
        if match.start() < end:
            continue
        readings = match["readings"]
        realigned = _undo_gloss(text, match, glossed_here)
        if realigned is None:
            yield rule.finding(page, match.span(), f"the reading {readings} split a character, and none fits")
        else:
            end = realigned.end
            yield _finding(page, match.start(), realigned, f"the reading {readings} split a character")


def is_japanese(text: str) -> bool:
    """Tell by its kana: bytes out of step make one now and then, Japanese has more of them than Han."""
    return ANY_KANA.count(text) * 4 > ANY_HAN.count(text)


def _finding(page: Page, start: int, realigned: Realigned, cause: str) -> Finding:
    lost = f"; {lost_in_words(realigned.lost)}" if realigned.lost else ""
    return rule.finding(page, (start, realigned.end), cause + lost, Applicability.SAFE, replace(realigned.text))


def _undo_commas(page: Page) -> Iterator[Finding]:
    text = page.text
    for match in SPLIT_BY_COMMA.finditer(text):
        mark = match["mark"].translate(UNFOLDED)
        realigned = _realign(text, match.end(), gbk.encode(mark)[1])
        if (
            realigned is None
            or set(realigned.text) <= {REPLACEMENT}
            or realigned.share_in_common_use < LEAST_IN_COMMON_USE
        ):
            continue
        before = text[max(0, match.start() - 1) : match.start()]
        unknown = (mark == "！" and realigned.text[:1] not in CLOSERS) or any(
            before + char in ENDING_IN_A3 for char in ENDINGS
        )
        whole = Realigned((REPLACEMENT if unknown else FULL_STOP) + realigned.text, realigned.end)
        yield _finding(page, match.start(), whole, f"a comma before {mark} split a character")


def _undo_gloss(text: str, match: re.Match[str], glossed_here: Counter[str]) -> Realigned | None:
    """Try each character that has the reading; those the page glosses elsewhere are in the machine's table."""
    before = gbk.to_bytes(text[match.start() - 1])
    if before is None or len(before) != 2:
        return None
    tried = [
        (glossed_here[char] > 0, realigned.merit, realigned)
        for char, second in _split_characters(before[1], match["readings"])
        if (realigned := _realign(text, match.end(), second)) is not None
        and realigned.share_in_common_use >= LEAST_IN_COMMON_USE
    ]
    return max(tried, key=lambda t: t[:2])[2] if tried else None


# A machine's table has a few hundred, and a page the same ones again and again.
@lru_cache(maxsize=1024)
def _split_characters(lead: int, readings: str) -> tuple[tuple[str, int], ...]:
    """Return the characters with that lead byte that are read so, each with its second byte.

    The second byte began a character of its own before, so it is a lead byte too.
    """
    for read in (read_as, read_in_any_tone_as):
        found = []
        for char in dict.fromkeys("".join(map(read, readings_in(readings)))):
            data = gbk.to_bytes(char)
            if data is not None and len(data) == 2 and data[0] == lead and gbk.is_lead(data[1]):
                found.append((char, data[1]))
        if found:
            return tuple(found)
    return ()


def _realign(text: str, at: int, carry: int) -> Realigned | None:
    """Read on from ``at`` with one byte carried over, until a character ends where one ends in the damaged text.

    Stored copies have often dropped characters of the Private Use Area, which some pairs out of step are read as. Two
    bytes are missing then, and with them two characters; what would be read across the gap is a symbol or in the other
    script, and stands for both.

    Returns None where the bytes make no text: then the carried byte was not the one.
    """
    read: list[str] = []
    while at < len(text):
        char = text[at]
        if shifted := SHIFTED.match(text, at):
            # Another gloss begins here, and its character ends in the byte that was lost with the bracket.
            fitting = [whole for whole, _ in _split_characters(carry, shifted["readings"])]
            return Realigned("".join((*read, max(fitting, key=is_common, default=REPLACEMENT))), shifted.end())
        if char in "?\N{REPLACEMENT CHARACTER}":
            return Realigned("".join((*read, *_lost_pair(text, at, carry))), at + 1)
        if (bracket := BRACKET.match(text, at)) and are_readings_of(text[at - 1], bracket["readings"]):
            at = bracket.end()
            continue
        data = gbk.to_bytes(char)
        if data is None:
            return None
        whole = gbk.to_char(carry, data[0])
        at += 1
        if len(data) == 1:
            return Realigned("".join((*read, whole)), at) if whole and _is_text(whole) else None
        read += whole if whole and _is_text(whole) else (REPLACEMENT, REPLACEMENT)
        carry = data[1]
        if not gbk.is_lead(carry):
            return Realigned("".join((*read, gbk.decode(bytes((carry,))))), at)
    return Realigned("".join((*read, REPLACEMENT)), at)


def _is_text(char: str) -> bool:
    """Tell whether running Traditional text has such a character."""
    return char in MARKS_IN_USE or (ANY_HAN.count(char) > 0 and not is_simplified(char))


def _lost_pair(text: str, at: int, carry: int) -> tuple[str, str]:
    """Read a ``?``: it stands for the trail of the carried byte, and for an ASCII byte that it ate."""
    owed = _owed(text, at)
    whole = owed if gbk.encode(owed).startswith(bytes((carry,))) else REPLACEMENT
    if text[at] == REPLACEMENT:
        return whole, ""
    return whole, "<" if CLOSING_TAG.match(text, at + 1) else REPLACEMENT


def _owed(text: str, at: int) -> str:
    """Return the mark that closes what was opened last on this line, or nothing if all is closed."""
    line = text[max(0, at - FURTHEST_OPENING) : at].rpartition("\n")[2]
    line = SHIFTED.sub("", line).replace("(", "（").replace(")", "）")
    last = {
        closer: line.rfind(opener) for closer, opener in OPENED_BY.items() if line.count(opener) > line.count(closer)
    }
    return max(last, key=lambda closer: last[closer], default="")
