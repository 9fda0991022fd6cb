"""Where a text may have been misread, told by rare characters close together: a look that costs nearly nothing.

To weigh misreadings takes a thousand times as long as to pass a text on, and nearly all text is clean. What was misread
is full of characters that hardly any text has. So the search begins only where a few of those stand together and what
is around them reads like no text.

Which characters are rare is what the character model says of each by itself, worked out when it is first needed. An
encoding of the West makes letters and signs out of CJK, so rare beyond CJK begins lower. Hangul begins higher: Korean
that is spelled as it is spoken has many rare syllables in a row.

What it costs: of 2,292 garbled texts of 17 characters and more that can be mended five are missed, where few bytes
were left, or EUC-JP was read in GB 18030, so that the kana are as they were. Shorter ones are let through if they stand
alone. Of clean lines one in 100 is searched in Simplified Chinese, one in 300 to 400 in Traditional, Japanese, Korean.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from itertools import chain, pairwise

from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.rules.registry import Clue
from mojimend.text.scripts import HANGUL, KANA

# Question marks that stand together have often come in place of bytes.
LOST = r"\?\?"
# In units of the model, from which on a character is rare: one to two in a hundred of clean text.
RARE_WESTERN, RARE_WIDE, RARE_HANGUL = 80, 90, 110
FIRST_WIDE = "\u2e80"
IS_HANGUL = re.compile(f"[{HANGUL}]")
IS_KANA = re.compile(f"[{KANA}]")
# Scripts the model was never shown. Text in them is none of ours.
OTHER_SCRIPTS = (
    range(0x370, 0x1100), range(0x1200, 0x2000), range(0xA000, 0xA960), range(0xA980, 0xAC00), range(0xFB00, 0xFE00),
)  # fmt: skip
# The model knows one of a kind; capitals aside, these are the others.
SPACES_AND_DIGITS = (
    "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000０１２３４５６７８９"
)

# So many characters are a short line or field. What stands by itself is looked at if it is no longer.
SHORT, BREAK = 16, re.compile('[\n\t<>"]')
# How many other characters may be between two rare ones. With three of those asked for and four between, twice as many
# garbled texts are missed, and half as many clean lines are searched.
BETWEEN = 6
# How much more than ordinary the characters around cost together at the best, each behind the one before it, where
# letters of the West or few characters stand, bytes were lost, or kana are among what is not Japanese.
ORDINARY, LEAST = 7 * UNITS_PER_NAT, 90
# Elsewhere, how much more than what is dear, and so much for each rare one among them. Of 998 garbled texts two are
# missed that the bar above would let through, and a third as many clean lines are searched.
DEAR, FOR_EACH_RARE, LEAST_OF_DEAR = 84, 20, 150
# How far around the rare ones that is counted.
AROUND = 6


def is_rare(char: str, cost: int) -> bool:
    """Tell whether a character that costs so much is rare.

    >>> is_rare("龘", 120), is_rare("é", 70), is_rare("a", 120)
    (True, False, False)
    """
    if char < FIRST_WIDE:
        return char > "\x7f" and cost >= RARE_WESTERN
    return cost >= (RARE_HANGUL if IS_HANGUL.match(char) else RARE_WIDE)


@cache
def rare_characters() -> str:
    """Return the characters that are rare, as the inside of a regular expression's brackets."""
    usual = set(chain(range(0x80), *OTHER_SCRIPTS, map(ord, SPACES_AND_DIGITS)))
    for char, cost in plausibility().known.items():
        kind = {ord(char), *map(ord, char.upper())}
        if is_rare(char, cost):
            usual -= kind
        else:
            usual |= kind
    # What is not known is rare, and so is what begins and ends the gaps between the usual.
    gaps = pairwise([-1, *sorted(usual), sys.maxunicode + 1])
    return "".join(f"{re.escape(chr(a + 1))}-{re.escape(chr(b - 1))}" for a, b in gaps if b - a > 1)


@cache
def _rare() -> re.Pattern[str]:
    return re.compile(f"[{rare_characters()}]")


@cache
def _rare_or_lost() -> re.Pattern[str]:
    return re.compile(rf"[{rare_characters()}]|{LOST}")


@cache
def clue() -> Clue:
    """Return what a text that was misread has."""
    another = rf"(?=.{{0,{BETWEEN}}}?(?:{_rare_or_lost().pattern}))"
    return Clue(rare_characters(), another, is_suspicious_at, in_ascii=False, few=SHORT)


@cache
def _found() -> re.Pattern[str]:
    return re.compile(f"[{clue().characters}]{clue().around}")


def is_suspicious_at(match: re.Match[str]) -> bool:
    """Tell whether the text reads like none where two rare characters stand together."""
    text, at = match.string, match.start()
    reach = at + 1 + 2 * (BETWEEN + 1)
    before = BREAK.split(text[max(0, at - SHORT - 1) : at])[-1]
    behind = BREAK.split(text[at : max(reach + AROUND, at + SHORT + 1)], maxsplit=1)[0]
    is_short = len(before) + len(behind) <= SHORT
    start, end = at - len(before), at + len(behind)
    reach = min(end, reach)
    first, last = max(start, at - AROUND), min(end, reach + AROUND)
    seen = _rare_or_lost().findall(text, at, reach)
    lost = any(map(str.isascii, seen))
    if is_short or lost or match[0] < FIRST_WIDE or _mixes_kana(text[first:last]):
        return _excess(text, start, first, last, ORDINARY) >= LEAST
    seen = _rare_or_lost().findall(text, first, last)
    least = LEAST_OF_DEAR - FOR_EACH_RARE * len(seen)
    return len(seen) > 2 and _excess(text, start, first, last, DEAR) >= least


def _mixes_kana(text: str) -> bool:
    """Tell whether kana stand among characters that Japanese has not, as in EUC-JP read as GBK: the kana are alike."""
    if not IS_KANA.search(text):
        return False
    try:
        text.encode("euc_jp")
    except UnicodeEncodeError:
        return True
    return False


def _excess(text: str, start: int, first: int, last: int, usual: int) -> int:
    """Return how much more than is usual text[first:last] costs at its worst, in a line that begins at the start."""
    costs = plausibility().costs(text[first:last])
    total, most = 0, 0
    for cost in costs if first == start else costs[1:]:
        total = max(0, total + cost - usual)
        most = max(most, total)
    return most


def is_suspicious(text: str) -> bool:
    """Tell whether some of a text may have been misread.

    >>> is_suspicious("我们今天去公园散步，天气很好。"), is_suspicious("鎴戜滑浠婂ぉ鍘诲叕鍥暎姝ワ紝澶╂皵寰堝ソ")
    (False, True)
    """
    return any(map(is_suspicious_at, _found().finditer(text)))


def has_rare(text: str) -> bool:
    """Tell whether there is a rare character at all, which is enough where others of the text were misread.

    >>> has_rare("我们今天去公园散步"), has_rare("澶╂皵")
    (False, True)
    """
    return _rare().search(text) is not None
