"""How much likelier it is that a text was misread than that somebody wrote it so.

Two witnesses speak on what stands there and on what it may have been: how often the characters follow each other, and
how common each is by itself. Pairs say more, but they know few of the world's names, so characters are heard too.
Changing nothing is the rule: a change must be likelier by more than the odds against it.

What the constants rest on, text that the model was not trained on but for some of the words: 62,157 clean lines and
60,800 pieces of six characters cut from them, of which none changes; 97,827 pieces of two to four characters, of which
46 do; 85,185 words and names of two to four characters by themselves, from treebanks and dictionaries, of which 80 do
(79 are of the 25,704 that no list of words holds which the model knows, most of them rare names; 9 of the 31,185 from
treebanks; as lines of one text, ten at a time, none of all); 127,478 names of countries, languages, units, months and
days in all languages, of which none does (benchmarks/names.py). Of 12,254 garbled texts of two characters, cut
anywhere, 95.4 % come back. With a nat more for a field of CJK another 0.2 %, and 30 words and 22 pieces more change;
with a nat less 0.3 % fewer come back, and 20 words and 12 pieces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.misread import KOREAN, MULTIBYTE, SINGLE_BYTE, UTF_8_SEQUENCE, Misread, reading
from mojimend.kernel import Characters, Clue, Scan
from mojimend.models.plausibility import LANGUAGES, LIVING, UNITS_PER_NAT, plausibility
from mojimend.rules import signs
from mojimend.rules.suspicion import (
    BRACKETS_IN_GBK,
    FIRST_WIDE,
    HIRAGANA,
    KATAKANA,
    MARKS_IN_GBK,
    never_by_kana,
    not_japanese,
)
from mojimend.text.edits import same_at_start
from mojimend.text.katakana import ANY_NARROW, is_narrow, widened
from mojimend.text.later import later
from mojimend.text.scripts import ANY_BEYOND_ASCII, ANY_HAN, ANY_HANGUL, ANY_KANA, CJK, HAN, HANGUL, KANA

OF_PAIRS, OF_CHARACTERS = 0.7, 0.3
# What would stand weighs more than what stands: rare names cost as much as misreadings, but few misreadings of rare
# names make words.
OF_NEW = 1.2

# A field of a few characters by itself, as a name, a word or a cell is. More of those are rare than the model can know,
# so what would stand weighs more, and most of all how common its characters are; pairs that the model met speak for it.
# Fields are cut where a column or a file name ends, so that how what would stand begins and ends says little. Hangul
# and Han are seldom all that stands there.
FIELD = 4
OF_NEW_PAIRS_IN_A_FIELD, OF_NEW_CHARACTERS_IN_A_FIELD = 1.36, 1.83
FOR_A_FIELD, FOR_A_KNOWN_PAIR, OF_ENDS = 7.5, 1.3, 0.4
# The characters of a field are of one language, those of a misreading of any: so much weighs what they cost more, or
# less, there than in all languages together, and what a character would cost there on the mean.
OF_ONE_LANGUAGE, OF_NEW_OF_ONE_LANGUAGE, OF_NEW_IN_ITS_LANGUAGE = 0.8, 0.5, 0.8
# The same where letters of CJK stand there now. Of a field that was misread hardly anything stays as it is, and a field
# of four letters makes no others by chance.
FOR_A_FIELD_OF_CJK, OF_BEGINNINGS_IN_CJK, OF_ENDS_IN_CJK = 2, 0.38, 0.78
AGAINST_EACH_THAT_STAYS, FOR_ALL_LETTERS = 1.3, 4
FOR_HANGUL_AND_HAN = 3
# No word and no sign has letters beyond ASCII and signs in it: ¥Ÿ.
FOR_LETTERS_AMONG_SIGNS = 3

# Odds against a misreading, in nats, before anything is seen of it, by what was written and what it was read in: how
# often the world does that. They may be below 0, as OF_NEW speaks against every change.
AGAINST_WRITTEN = {
    "utf-8": -4, "gb18030": -1, "big5hkscs": -1, "cp932": -3, "cp949": -2, "euc_jp": 0,
    "johab": 8, "shift_jis_2004": 8, "euc_jis_2004": 8,
}  # fmt: skip
AGAINST_READ = {
    "cp1252": 0, "latin-1": 0, "gb18030": 1, "cp950": 1, "big5hkscs": 2, "cp932": 0, "euc_jp": 2, "cp949": 1,
    "mac_roman": 2, "cp437": 2, "cp1251": 2, "cp850": 4, "cp1250": 4, "cp1254": 4,
    "cp1253": 6, "cp1257": 6, "koi8_r": 10,
}  # fmt: skip
# Against each layer but the first: few texts were misread twice.
AGAINST_A_LAYER = 12
# What happened once to a text has happened more than once.
FOR_ONE_MORE = -8
# Against damage that begins and ends inside a line: there are as many ways to choose a stretch as places.
AGAINST_A_STRETCH = 8
# In CJK text a rare name reads like a misreading of two or three characters (反潛艦 as は主張: 16 nats for it). A nat
# less brings back 29 more of 1,725 stretches by kana, and takes the kanji between two of them for a part of both.
AGAINST_A_STRETCH_OF_CJK = 14
# Damage does not begin in the middle of a word.
AGAINST_CUTTING_A_WORD = 10
# Against a change that brings no letter, one, and so on: rare signs are as likely, and where letters of CJK stand,
# names.
AGAINST_FEW_LETTERS = (26, 6)
AGAINST_FEW_FOR_LETTERS = (26, 7, 3, 1)
# Against a loss, which lets more be read into what stands there, and each character that would be marked as lost.
AGAINST_A_LOSS, AGAINST_A_LOST_CHARACTER = 10, 1
# Against each kana in what was written in an encoding of Chinese or Korean, which seldom holds any: those have their
# kana where EUC-JP has them, so that Japanese reads in them as Japanese with other kanji. A few of them tell. Where
# bytes were lost each does, as Japanese that lost one, and is off by one since, can be read so throughout.
AGAINST_KANA, KANA_THAT_TELL = 5, 3
AGAINST_KANA_IN_A_LOSS = 12
# Against each Han in what was written in an encoding of Korean, which has them and seldom writes them.
AGAINST_HANJA, HANJA_THAT_TELL = 6, 2
# For each kana in what was written in EUC-JP and taken byte by byte: they are half of it, and seldom there by chance.
FOR_KANA, KANA_OF_EUC_JP = 1.5, 2
# The languages that are written in an encoding; in UTF-8 it is any.
LANGUAGES_OF = {
    "gb18030": ("zh-Hans", "zh-Hant"), "big5hkscs": ("zh-Hant",), "cp949": ("ko",), "johab": ("ko",),
    "cp932": ("ja",), "euc_jp": ("ja",), "shift_jis_2004": ("ja",), "euc_jis_2004": ("ja",), "utf-8": LIVING,
}  # fmt: skip
# For each of the first Han that Japanese has not, by a kana, that becomes one that it has: those are of two languages.
# What GBK makes of marks and of the long vowel tells as much as letters do, as no text has it by a kana.
FOR_AN_ALIEN, ALIENS_THAT_TELL = 8, 2
OF_JAPANESE = frozenset({"utf-8", "cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004"})
# Against one letter for two characters by Latin letters, or for two signs: NESTLÉ® and ∆° are meant so, and 5ºC. Not
# for signs that nobody writes, or not side by side.
AGAINST_SIGNS = 24
# Against each character of the result that is neither CJK nor ASCII.
AGAINST_A_FOREIGN_CHARACTER = 6
# Against changing well-formed words in Latin, Greek or Cyrillic letters: misreadings mix capitals and symbols in.
AGAINST_WORDS = 12
# Against a few letters in a line of Latin words: accents and symbols gone wrong are a matter for mojibake/western.
# Less so where others were misread alike: names of files end in Latin words. Not where two letters or more were UTF-8,
# or stand apart from the words, as no accent does: of 45,286 lines of the West and 60,000 jumbles of letters and signs
# among Latin words no more change for that, and of words in such lines twice as many come back.
AGAINST_A_FEW_AMONG_LATIN, AGAINST_A_FEW_LIKE_OTHERS = 90, 20
LEAST_AMONG_LATIN = 4
# Against letters of CJK that become others which are met side by side no more often: names of old (鞅曰 as は止り).
AGAINST_UNKNOWN_PAIRS = 8
# Against changing a line that tells who speaks: names of old are rare, and so is 曰 but in old books.
AGAINST_SPEECH = 16
# Against changing letters of CJK that stand each alone among ASCII, or between commas: that is a table of characters.
AGAINST_A_TABLE = 90
# Against changing hangul of which no syllable costs more, in units: of 72 garbled texts of up to four characters that
# were nothing but hangul, one had no rarer one.
AGAINST_COMMON_HANGUL, COMMON_HANGUL = 20, 99
# Against changing signs that are meant so.
AGAINST_SIGNS_THAT_ARE_MEANT = 90
# Against changing frames and blocks that are drawn: each line goes on in the next character. What was misread as code
# page 437 is full of them, too, but does not.
AGAINST_A_DRAWING = 90
# Against changing the letters of an alphabet, small and as capitals: so many at the least, and hardly more kinds than
# half of them. Of 49,362 misread texts none has such letters only.
AGAINST_AN_ALPHABET = 90
LEAST_OF_ALPHABET, MOST_KINDS_OF_ALPHABET = 6, 0.625

# What stands for bytes that were lost.
LOSS = later(f"[{REPLACEMENT}?]")
# Letters of CJK, and with them the marks that its text alone has: sets, as an expression with all Han takes some
# milliseconds to compile.
ANY_LETTER = Characters(f"{HAN}{KANA}{HANGUL}")
ANY_LETTER_OR_DIGIT = Characters(f"{HAN}{KANA}{HANGUL}\uff10-\uff19\uff21-\uff3a\uff41-\uff5a")
ANY_WIDE = Characters(f"{HAN}{KANA}{HANGUL}\u3000-\u303f\uff01-\uff60")
ANY_SYLLABLE, ANY_SYLLABLE_OR_ASCII = Characters("가-힣"), Characters("\x00-\x7f가-힣")
SPEECH = later(f"[{HAN}]{{1,4}}曰[:：]?")
MARKS_APART = "\u3001\uff0c\u30fb\uff0f\uff5c\u3000"
SETS_APART, APART = later(f"[\x00-\x7f{MARKS_APART}]"), f"[{MARKS_APART}]"
# A table has nothing else, so that in it what is neither ASCII nor such a mark is a letter.
ANY_IN_A_TABLE, A_LETTER = Characters(f"\x00-\x7f{MARKS_APART}{HAN}{KANA}{HANGUL}"), f"[^\x00-\x7f{MARKS_APART}]"
TABLE = later(
    rf"[\x00-\x7f]*(?:{A_LETTER}[\x00-\x7f]+){{3,}}{A_LETTER}[\x00-\x7f]*|{APART}?(?:{A_LETTER}{APART})+{A_LETTER}{APART}?"
)
FRAMES = "\u2500-\u259f"
DRAWN, ANY_FRAME = later(f"[\x00-\x7f{FRAMES}]+"), Characters(FRAMES)
STRAIGHT = "─═"
ASCII_LETTER = later("[A-Za-z]")
SIGN = later(r"[^\w\x00-\x7f]|[ªº¹²³¼½¾]")
# A character of UTF-8, and so many of its bytes before the last.
SEQUENCE, LONGEST_BEGINNING = later(UTF_8_SEQUENCE), 3
# An eyebrow between two eyes: o¬ô.
A_FACE = later("[oOòóôõöōŌ]\xac[oOòóôõöō]")
LATIN_WORD = later("[A-Za-z]{4}|[A-Za-z]{2}[à-öø-ÿ][a-z]{2}")
ANY_IN_CJK = Characters(f"{CJK}{HANGUL}\u2000-\u2bff")
ALPHABETS = tuple(Characters(inside) for inside in ("A-Za-z\xc0-\u02af\u1e00-\u1eff", "\u0370-\u03ff", "\u0400-\u052f"))
SMALL = "a-zƒß-öø-ÿ\u03ac-\u03ceа-џґ"
LETTERS = "A-Za-zÀ-ÖØ-öø-\u024f\u1e00-\u1eff\u0386-\u03ceЀ-џҐґ"
UNLIKE = "A-Zbdf-nq-wz"
CAPITALS = "A-ZÀ-ÖØ-Þ\u0391-\u03a9Ѐ-ЯҐ"
# What stands in units of measure: µs, ярд², Вт·ч, N·m.
OF_UNITS = (
    f"\xb5(?=[A-Za-z])|(?<=[{LETTERS}])[²³](?![{LETTERS}])|(?<=[A-Za-zΩÅ²³])[·×±](?=[A-Za-zΩÅµ])"
    "|(?<=[\u0370-\u04ff²³])[·×](?=[\u0370-\u04ff])"
)
IN_WORDS = f"\x00-\x7f{LETTERS}\u2010-\u203a«»"
# A capital behind a small letter; letters of two alphabets, but those that look alike; what is no letter, nor a mark of
# Spanish in front of one, nor of a unit.
NOT_WORDS = later(
    f"[{SMALL}][{CAPITALS}]|[{UNLIKE}][\u0400-\u04ff]|[\u0400-\u04ff][{UNLIKE}]"
    f"|(?!(?<![^\\s(«“])[¡¿][{LETTERS}]|{OF_UNITS})[^{IN_WORDS}]"
)
# What has anything else is none of words: most that was misread has, and to compile the expression takes a millisecond.
ANY_IN_WORDS = Characters(f"{IN_WORDS}¡¿\xb5²³·×±")


class Gain(NamedTuple):
    """How much likelier a text is than another, in nats: by all of it, and with what repeats in it counted once."""

    of_all: float
    of_each: float


def gain(line: str, start: int, end: int, text: str, written: Iterable[str] = ("utf-8",)) -> Gain:
    """Return how much likelier a line is with the text in place of line[start:end], which was ``written`` so.

    What is the same in both says nothing. To like 가가가 better than 啊啊啊 thrice is no more evidence than once.

    >>> gain("浣犲ソ", 0, 3, "你好").of_all > 0 > gain("你好", 0, 2, "浣犲ソ").of_all
    True
    """
    old = (line[start - 1] if start else "\n") + line[start:end] + (line[end] if end < len(line) else "\n")
    new = old[0] + as_known(text) + old[-1]
    # What was lost says nothing, here or there.
    old, new = old.replace(REPLACEMENT, ""), new.replace(REPLACEMENT, "")
    if old[0] == old[-1] == "\n" and len(text) <= FIELD and not new.isascii():
        return _compare_fields(old, new, [language for one in written for language in LANGUAGES_OF[one]])
    return _compare(old, new, OF_NEW, OF_NEW)


def as_known(text: str) -> str:
    """Return the text as the model knows it: with words in katakana of half width in full width.

    Of three letters such a word may be a few of the West: ÀÃÅ.
    """
    return widened(text, least=4)


def _compare_fields(old: str, new: str, languages: Sequence[str]) -> Gain:
    """Return how much more the old text costs than the new one, which is in one of the languages; both with edges."""
    model = plausibility()
    gain = _compare(old, new, OF_NEW_PAIRS_IN_A_FIELD, OF_NEW_CHARACTERS_IN_A_FIELD)
    was, would = ("".join(char for char in text if char > "\x7f") for text in (old, new))
    units = OF_NEW_OF_ONE_LANGUAGE * (model.alone(would) - model.alone_in(languages, would))
    units -= OF_NEW_IN_ITS_LANGUAGE * model.cost_in(languages, would) / len(would)
    ends = model.pairs[old[-2:]] + model.pairs[new[-2:]]
    if ANY_LETTER.count(was):
        extra = FOR_A_FIELD_OF_CJK - AGAINST_EACH_THAT_STAYS * len(set(was).intersection(would))
        if ANY_LETTER.count("".join(set(would).difference(was))) == FIELD:
            extra += FOR_ALL_LETTERS
        units += OF_BEGINNINGS_IN_CJK * (model.pairs[old[:2]] + model.pairs[new[:2]]) + OF_ENDS_IN_CJK * ends
        units += OF_ONE_LANGUAGE * (model.alone_in(LANGUAGES, was) - model.alone(was))
    else:
        extra = FOR_A_FIELD
        if any(map(str.isalpha, was)) and NOT_WORDS.search(old) and SIGN.search(old):
            extra += FOR_LETTERS_AMONG_SIGNS
        units += OF_ENDS * ends
    if ANY_HAN.count(was) and ANY_HANGUL.count(was):
        extra += FOR_HANGUL_AND_HAN
    extra += FOR_A_KNOWN_PAIR * model.count_known_pairs(new[1:-1]) + units / UNITS_PER_NAT
    return Gain(gain.of_all + extra, gain.of_each + extra)


def _compare(old: str, new: str, of_new_pairs: float, of_new_characters: float) -> Gain:
    """Return how much more the old text costs than the new one, which weighs so much more."""
    weights_of_new = OF_PAIRS * of_new_pairs, OF_CHARACTERS * of_new_characters
    of_all, of_each = plausibility().difference(old, new, (OF_PAIRS, OF_CHARACTERS), weights_of_new)
    return Gain((of_all[0] - of_all[1]) / UNITS_PER_NAT, (of_each[0] - of_each[1]) / UNITS_PER_NAT)


def cost(text: str) -> float:
    """Return what a text costs by both witnesses, in units."""
    return OF_PAIRS * plausibility().cost(text) + OF_CHARACTERS * plausibility().alone(text)


def against(misread: Misread, seen: Iterable[Misread]) -> float:
    """Return the odds against a misreading, in nats; those that the text has ``seen`` are likelier."""
    odds = AGAINST_WRITTEN[misread.written] + AGAINST_READ[misread.read]
    return min(odds, FOR_ONE_MORE) if misread in seen else odds


def against_stretch(misread: Misread) -> int:
    """Return the odds against a misreading that begins and ends inside a line, in nats."""
    return AGAINST_A_STRETCH_OF_CJK if misread.read in MULTIBYTE and misread.written != "utf-8" else AGAINST_A_STRETCH


def oddity(line: str, start: int, end: int, text: str, chain: Sequence[Misread], *, like_others: bool = False) -> float:
    """Return what else speaks against line[start:end] having been the text, misread so, in nats.

    ``like_others`` tells that elsewhere in the text the same has happened.
    """
    found, written = line[start:end], chain[-1].written
    wide = {char for char in set(text) if char > "\x7f"} - {REPLACEMENT}
    letters = ANY_LETTER.count("".join(wide.difference(found)))
    was_cjk = ANY_LETTER.count(found) > 0
    few = AGAINST_FEW_FOR_LETTERS if was_cjk else AGAINST_FEW_LETTERS
    if letters == 1 and REPLACEMENT in text and LOSS.search(line) is None:
        # A letter and a half, of which nothing tells, can be made of anything: Ã½Ä as 媒 and the first byte of another.
        letters = 0
    aliens = _count_aliens(line, start, end) if written == "euc_jp" else 0
    letters = max(letters, min(aliens, ALIENS_THAT_TELL))
    odds: float = few[letters] if letters < len(few) else 0
    if letters == 1 and _are_signs(line, start, end, text):
        odds += AGAINST_SIGNS
    if letters == 1 and chain[0].read in SINGLE_BYTE and _ends_utf_8(line, start, end, chain[0].read):
        odds += AGAINST_SIGNS
    odds += against_losses(text)
    if written == "euc_jp":
        if not was_cjk:
            odds -= FOR_KANA * min(ANY_KANA.count(text), KANA_OF_EUC_JP)
        odds -= FOR_AN_ALIEN * min(aliens, ALIENS_THAT_TELL)
    if written not in OF_JAPANESE:
        kana = ANY_KANA.count(text)
        odds += AGAINST_KANA_IN_A_LOSS * kana if REPLACEMENT in text else AGAINST_KANA * min(kana, KANA_THAT_TELL)
    if written in KOREAN:
        odds += AGAINST_HANJA * min(ANY_HAN.count(text), HANJA_THAT_TELL)
    odds += AGAINST_A_FOREIGN_CHARACTER * (len(wide) - ANY_IN_CJK.count("".join(wide)))
    if ANY_IN_WORDS.count(found) == len(found) and not NOT_WORDS.search(found):
        odds += AGAINST_WORDS
    if len(wide) < LEAST_AMONG_LATIN and _is_latin(line):
        tells = letters > 1 and (written == "utf-8" or _stands_apart(line, *_changed(line, start, end, text)))
        if not tells:
            odds += AGAINST_A_FEW_LIKE_OTHERS if like_others else AGAINST_A_FEW_AMONG_LATIN
    if was_cjk and plausibility().count_known_pairs(text) <= plausibility().count_known_pairs(found):
        odds += AGAINST_UNKNOWN_PAIRS
    if "曰" in line and SPEECH.fullmatch(line):
        odds += AGAINST_SPEECH
    if was_cjk and SETS_APART.search(found) and ANY_IN_A_TABLE.count(found) == len(found) and TABLE.fullmatch(found):
        odds += AGAINST_A_TABLE
    is_hangul = ANY_SYLLABLE.count(found) > 0 and ANY_SYLLABLE_OR_ASCII.count(found) == len(found)
    if is_hangul and max(map(plausibility().singles.__getitem__, found)) <= COMMON_HANGUL:
        odds += AGAINST_COMMON_HANGUL
    if is_drawn(found):
        odds += AGAINST_A_DRAWING
    if _is_alphabet(found):
        odds += AGAINST_AN_ALPHABET
    if not like_others and signs.are_meant(found, of_bytes=chain[0].read in SINGLE_BYTE):
        odds += AGAINST_SIGNS_THAT_ARE_MEANT
    return odds + _reads_as_katakana(found)


def most_for(written: str) -> float:
    """Return the most that ``oddity`` can speak for a text, in nats: only EUC-JP has what does.

    >>> most_for("euc_jp"), most_for("utf-8")
    (19.0, 0)
    """
    return FOR_AN_ALIEN * ALIENS_THAT_TELL + FOR_KANA * KANA_OF_EUC_JP if written == "euc_jp" else 0


def _count_aliens(line: str, start: int, end: int) -> int:
    """Return how many in line[start:end] are alien by a kana, which may be the one behind it."""
    return sum(at < end for at, _ in aliens_by_kana(line, start, end + 1))


def aliens_by_kana(line: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where in line[start:end] Han and marks stand by a kana that Japanese has not there.

    >>> aliens_by_kana("これ这です", 0, 5), aliens_by_kana("这是", 0, 2)
    ([(2, 3)], [])
    """
    begin = max(0, start - 1)
    if not ANY_KANA.count(line, begin, end):
        return []  # The look for them is made when first asked for, which takes 0.3 ms.
    before, behind = _aliens().places(line[begin:end])
    found = {begin + at for at in before} | {begin + at + 1 for at in behind}
    return [(at, at + 1) for at in sorted(found) if at >= start]


@cache
def _aliens() -> Scan:
    """Return what tells where Han and marks stand before a kana that Japanese has not there, and where behind one."""
    han = not_japanese() + never_by_kana()
    before = Clue(BRACKETS_IN_GBK + han, HIRAGANA), Clue(BRACKETS_IN_GBK, KATAKANA)
    behind = Clue(HIRAGANA, MARKS_IN_GBK + han), Clue(KATAKANA, MARKS_IN_GBK)
    return Scan((before, behind))


def against_losses(text: str) -> int:
    """Return the odds against characters that lost bytes, in nats.

    >>> against_losses("你好"), against_losses("你��")
    (0, 12)
    """
    lost = text.count(REPLACEMENT)
    return lost and AGAINST_A_LOSS + AGAINST_A_LOST_CHARACTER * lost


def is_drawn(text: str) -> bool:
    """Tell whether all that is not ASCII are frames and blocks that fit each other.

    >>> [is_drawn(text) for text in ("┌─┴─┐ | a", "╔═╤═╗ ░▒▓█", "╟π║├", "├┌─", "╓╗╙╨")]
    [True, True, False, False, False]
    """
    if DRAWN.fullmatch(text) is None:
        return False
    beside = ((left, right) for left, right in pairwise(text) if min(left, right) > "\x7f")
    return all(_fit(*pair) for pair in beside)


@cache
def _fit(left: str, right: str) -> bool:
    """Tell whether two parts of frames go on in each other; one draws on from a corner in a line of either kind."""
    arms = _arm(left, "RIGHT"), _arm(right, "LEFT")
    return arms[0] == arms[1] or ("" not in arms and (left in STRAIGHT or right in STRAIGHT))


def _arm(char: str, side: str) -> str:
    """Return whether a part of a frame has a single or a double arm to a side, or none."""
    name = unicodedata.name(char)
    arms = [arm for arm in name.split(" AND ") if side in arm or "HORIZONTAL" in arm]
    if not arms or "BOX" not in name:
        return ""
    # Only where arms differ it is told of each: DOWN DOUBLE AND RIGHT SINGLE, DOUBLE DOWN AND RIGHT.
    return "DOUBLE" if "DOUBLE" in arms[0] or name.startswith("BOX DRAWINGS DOUBLE") else "SINGLE"


# Asked of a line once for each of its stretches: to read it each time would take time by the square of its length.
@lru_cache(maxsize=8)
def _is_latin(line: str) -> bool:
    """Tell whether a line has Latin words, and no letter of CJK."""
    return LATIN_WORD.search(line) is not None and not ANY_LETTER.count(line)


def _changed(line: str, start: int, end: int, text: str) -> tuple[int, int]:
    """Return what of line[start:end] would change, from where and to where."""
    before = same_at_start(line[start:end], text)
    behind = same_at_start(line[start + before : end][::-1], text[before:][::-1])
    return start + before, end - behind


def _stands_apart(line: str, start: int, end: int) -> bool:
    """Tell whether line[start:end] is no part of a word, and neither a word itself nor signs only.

    >>> [_stands_apart(line, 6, 10) for line in ("Photo ÕÕÆ¬ 2019", "Photo ÉTÉÉ 2019", "Photo ¢£¥¦ 2019")]
    [True, False, False]
    """
    beside = line[max(0, start - 1) : start] + line[end : end + 1]
    if any(map(str.isalpha, beside)) or ASCII_LETTER.search(line, start, end):
        return False
    return any(map(str.isalpha, line[start:end])) and NOT_WORDS.search(line, start, end) is not None


def _is_alphabet(found: str) -> bool:
    """Tell whether most letters of a text stand there twice, small and as capitals, and none more often.

    >>> [_is_alphabet(text) for text in ("ñáéíóúüÑÁÉÍÓÚÜ", "ÅÄÖŠŽåäöšž", "ÄãºÃÊÀ½ç", "été, été, été")]
    [True, True, False, False]
    """
    letters: set[str] = set()
    for char in found:
        if char in letters:
            # Text ends here, after a few.
            return False
        if char > "\x7f" and char.isalpha():
            letters.add(char)
    if len(letters) < LEAST_OF_ALPHABET:
        return False
    return len({char.lower() for char in letters}) <= MOST_KINDS_OF_ALPHABET * len(letters)


def _are_signs(line: str, start: int, end: int, text: str) -> bool:
    """Tell whether what would change is one or two characters by a Latin letter, or a sign."""
    start, end = _changed(line, start, end, text)
    if ANY_BEYOND_ASCII.count(line, start, end) not in {1, 2} or max(line[start:end]) >= FIRST_WIDE:
        return False
    if signs.ODD.search(line, start, end) and not A_FACE.search(line, start - 1, end + 1):
        return False
    # What would be one character, and no more, may be a letter and a sign or two letters: µA, öS.
    beside = line if len(text) == 1 else line[max(0, start - 1) : start] + line[end : end + 1]
    return ASCII_LETTER.search(beside) is not None or SIGN.search(line, start, end) is not None


def _ends_utf_8(line: str, start: int, end: int, read: str) -> bool:
    """Tell whether a stretch is the end of a character of UTF-8 that was taken byte by byte.

    >>> _ends_utf_8("â‚¬", 1, 3, "cp1252"), _ends_utf_8("â ‚¬", 2, 4, "cp1252")
    (True, False)
    """
    encode = reading(read).encode_what_fits
    before = encode(line[max(0, start - LONGEST_BEGINNING) : start])
    sequences = SEQUENCE.finditer(before + encode(line[start:end]))
    return any(sequence.start() < len(before) < sequence.end() for sequence in sequences)


def _reads_as_katakana(found: str) -> float:
    """Return how much likelier, in nats, halfwidth katakana are if they were written so, as terminals did."""
    if not ANY_NARROW.count(found):
        return 0
    narrow = "".join(filter(is_narrow, found))
    wide = unicodedata.normalize("NFKC", narrow)
    return max(0, min(_compare("\n" + narrow, "\n" + wide, 1, 1)) - len(set(narrow)))


def against_cut(line: str, at: int) -> int:
    """Return the odds against damage that begins or ends at a place, in nats: it does not do so inside a word.

    >>> against_cut("déjà", 1), against_cut("déjà ÄãºÃ", 5)
    (10, 0)
    """
    return _against_cut_between(line[max(0, at - 1) : at], line[at : at + 1])


@lru_cache(maxsize=4096)
def _against_cut_between(before: str, behind: str) -> int:
    # A capital behind a small letter is another word: App|ÃÏ¸µ.
    if before.islower() and behind.isupper():
        return 0
    if max(before, behind) > "\x7f" and any(one.count(before) and one.count(behind) for one in ALPHABETS):
        return AGAINST_CUTTING_A_WORD
    return 0


def share_of(wanted: Characters, found: str, text: str) -> float:
    """Return how much of what is new in the text is wanted: symbols become symbols by chance, letters do not.

    >>> share_of(ANY_LETTER, "ÄãºÃ£¬", "你好，"), share_of(ANY_WIDE, "ÄãºÃ£¬", "你好，")
    (0.6666666666666666, 1.0)
    """
    new = [char for char in set(text).difference(found, REPLACEMENT) if char > "\x7f"]
    return wanted.count("".join(new)) / len(new) if new else 0
