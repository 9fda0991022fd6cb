"""Where a text may have been misread, told by rare characters close together: a look that costs nearly nothing.

To weigh misreadings takes a thousand times as long as to pass a text on, and nearly all text is clean. What was misread
is full of characters that hardly any text has. So the search begins only where a few of those stand together, what is
around them reads like no text, and it would read better in some way if it were read back.

Most rare characters of clean text are of words that the model has met: 垃圾, 挨拶. Where all that stand together are,
as in nine places of ten, nothing else is asked: of 56,733 such places in 9,978 garbled texts 4 look so, and each text
has others.

Which characters are rare is what the character model says of each by itself; ``tables/rare.tsv`` has them, as to work
it out and read the model takes longer than to look at a page. An encoding of the West makes letters and signs out of
CJK, so rare beyond CJK begins lower. Hangul begins higher: Korean that is spelled as it is spoken has many rare
syllables in a row.

Where an encoding makes common characters, their neighbours tell: kana before a Han that Japanese has not, as in EUC-JP
read as GBK, which keeps its kana, and Han behind hangul.

What it costs: of 14,733 garbled texts of 17 characters and more, or inside a line, 6 are missed, where few bytes were
left or what they made is common; with words passed over, of 24,717 garbled stretches of 3 to 9 characters inside a line
10 more. Shorter texts are let through if they stand alone. Of clean lines one in 10,000 is searched.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.kernel import COMPILED, Bytes, Characters, Clue, Costs, Scan, Suspicion
from mojimend.tables import body, characters, rows
from mojimend.text.later import later
from mojimend.text.page import on_its_line
from mojimend.text.scripts import ANY_HANGUL, ANY_KANA, HANGUL

if TYPE_CHECKING:
    from mojimend.models.plausibility import Plausibility

ANY_LOST, ANY_ASCII_OR_LOST = Characters(REPLACEMENT), Characters(f"\x00-\x7f{REPLACEMENT}")
# Question marks that stand together have often come in place of bytes.
LOST = "??"
# In units of the model, from which on a character is rare: one to two in a hundred of clean text.
RARE_WESTERN, RARE_WIDE, RARE_HANGUL = 80, 86, 106
FIRST_WIDE = "\u2e80"
FIRST_HAN = "\u4e00-\u9fff"
CYRILLIC = "\u0400-\u04ff"
HIRAGANA, KATAKANA = "\u3041-\u3093", "\u30a1-\u30f6"
# Letters that are written side by side with no space, and those of Latin-1.
WIDE, ACCENTED = f"{HIRAGANA}{KATAKANA}{FIRST_HAN}{HANGUL}", "\xc0-\xff"
# What GBK makes of ー？・」 and of ー・「 in EUC-JP.
MARKS_IN_GBK, BRACKETS_IN_GBK = "〖々ˇ∽", "〖ˇ≈"
# What GBK makes of the letters and controls of Latin-1 in UTF-8, as which bytes were read before, of what else there is
# in Windows-1252, and of the last byte of one and the lead of the next. Its codec is not asked: clean text needs none.
READ_TWICE = (
    "聙聛聜聝聞聟聠聡聢聣聤聥聦聧聨聫聬聭聮聯聰聲聳聴聵聶職聸聹聺聻聼聽隆垄拢陇楼娄搂篓漏陋芦卢颅庐炉掳卤虏鲁麓碌露路赂鹿潞禄录陆戮驴"
    "脌脕脗脙脛脜脝脟脠脡脢脣脤脥脦脧脨脩脪脫脭脮脰脳脴脵脷脹脺脻脼脽脿谩芒茫盲氓忙莽猫茅锚毛矛铆卯茂冒帽貌贸么玫枚梅酶霉煤没眉媒镁每"
    "茠藛藴艩艗艙鈥鈧鈩"
    "伮伱偮偯兟兠劼劽吢吤喡喢嚶嚸埪埫壜壝娐娒嬄嬅屄屆嵚嵜幝幟徛徝惵惷懧懨捖捗撀撁斅斆暵暶柭柮椔椕樎樏櫬櫭毬毭浡浢溌溍澛澝灺灻熉熋犅犆"
)
# What the lead byte of katakana in Shift_JIS is in Mac Roman and in code pages 437 and 850, and in EUC-JP in 1251.
KATAKANA_LEADS = "Éâ\N{CYRILLIC CAPITAL LETTER GHE WITH UPTURN}"

# Odds, in nats, from which a misreading counts as evidence for the other lines. Names by themselves look like
# misreadings of others once in 800; what they seem to have been has odds of 2 in the middle, and 7 in one of 20.
CERTAIN = 8
# So many characters are a short line or field. What stands by itself is looked at if it is no longer.
SHORT, BREAK = 16, re.compile('[\n\t<>"]')
# How many other characters may be between two rare ones. With three of those asked for and four between, twice as many
# garbled texts are missed, and half as many clean lines are searched.
BETWEEN = 6
# What repeats tells no more than once: 뢐뢐뢐뢐. What is below ``FIRST_WIDE`` is left where this is replaced, as to
# compile all that is not takes a millisecond.
REPEATED = later(r"(.)\1\1+", re.DOTALL)
# So far reach three rare ones.
REACH = 1 + 2 * (BETWEEN + 1)
# In units of the model, how much more than ordinary the characters around cost together at the best, each behind the
# one before it, where letters of the West or few characters stand, bytes were lost, or kana are among what is not
# Japanese.
ORDINARY, LEAST = 56, 90
# Elsewhere, so much more than ordinary: of 5,491 garbled texts the least has 176, and of clean places half have less.
# How many are rare tells nothing that this does not: of 2,737 stretches in a line many have two.
LEAST_OF_MANY = 176
# The same by what each costs by itself, which is sooner told than pairs; where they are many ASCII tells nothing, as
# Korean has spaces in it. Of 4,564 clean places with many 831 have so much, and of 38,691 garbled texts all.
ORDINARY_ALONE, LEAST_BY_ITSELF, LEAST_OF_MANY_BY_THEMSELVES = 72, 20, 58
# So much more than ordinary is what is around a Han behind hangul.
LEAST_BEHIND_HANGUL = 150
# What the best way to read it back has to gain, in units: each character behind the one before it, and a broken byte as
# what no text has. Chance makes common characters, but seldom such as follow each other. What is short gains less.
# Of 9,172 garbled lines six fall short that would be mended, all of few characters; of 557 clean ones 69 do not.
HEAVILY, LEAST_GAIN = 160, 150
LEAST_GAIN_AT_FIRST, LEAST_GAIN_OF_EACH, LEAST_GAIN_OF_SHORT = 60, 10, 120
# There each that stands counts so much at the most, behind the one before it, if they are more than a few: what is
# rarer tells no more of what it would be, and two or three rare ones tell much by chance. Of 25,699 clean short lines 5
# are searched with this, and 17 without, and of 29,180 misread ones 8 more are missed.
MOST_OF_SHORT, FEW = 100, 4
# By the characters alone such a way gains so much: of 14,733 garbled texts none is missed for that. In clean places one
# way in ten does.
LEAST_ALONE = 60
# Where bytes were lost it is by the characters alone, and a broken byte is taken lightly.
LIGHTLY, LEAST_GAIN_OF_LOSSY = 40, 50
# One U+FFFD in so many characters is much lost: in mended pages it is one in ten. What is left costs so much each
# at the most, if it is text: about 45, and what was misread 95. Japanese that has lost its kana costs more, as what is
# left stands in no order, and less in its language by itself: of 20,581 mended lines 2,042 cost too much by the first,
# 759 by both; of 18,050 that lost much and would be mended one and two cost less.
MANY_LOST, BROKEN, BROKEN_IN_ITS_LANGUAGE = 4, 76, 66
# So much gains what stands around a Han that Japanese seldom has by a kana, if it was EUC-JP: of 202 such places in
# clean Japanese none gains more than 100, and of 1,822 misread lines of 32 characters that have one 1,812 gain so much.
LEAST_GAIN_BY_KANA = 110
# How far around it that is counted. With 32 characters each way 20 fewer of 8,267 misread lines are told and two more
# of 54,892 clean ones, and it takes twice as long.
BY_KANA = 12
# So many of SHORT characters are such as Latin-1 in UTF-8 becomes in GBK: in 20 million of clean text four at the most,
# where two stand side by side, and in what was misread twice and passed over otherwise five at the least.
LEAST_READ_TWICE = 5
# How far around the rare ones that is counted, and how far what is asked of a place can look.
AROUND, FAR = 6, 32
# Places nearer than this to one that was asked about have the same around them.
APART = AROUND + 1


def is_rare(char: str, cost: int) -> bool:
    """Tell whether a character that costs so much is rare.

    >>> is_rare("龘", 120), is_rare("é", 70), is_rare("a", 120)
    (True, False, False)
    """
    if char < FIRST_WIDE:
        return char > "\x7f" and cost >= RARE_WESTERN
    return cost >= (RARE_HANGUL if ANY_HANGUL.count(char) else RARE_WIDE)


@cache
def rare_characters() -> str:
    """Return the characters that are rare, as the inside of a regular expression's brackets."""
    return characters(body("rare.tsv").replace("\t", "0000002d"))


@cache
def _rare() -> Characters:
    return Characters(rare_characters())


@cache
def _scan() -> Scan:
    return Scan((_clues(marked_is_enough=False),))


@cache
def _model() -> Plausibility:
    from mojimend.models.plausibility import plausibility  # noqa: PLC0415  (most texts have nothing to weigh)

    return plausibility()


@cache
def not_japanese() -> str:
    """Return Han in common use that Japanese has not, all told."""
    return characters(body("not_japanese.tsv"))


@cache
def _by_kana() -> dict[str, str]:
    return {kind: characters(digits) for kind, digits in rows("seldom_japanese.tsv")}


def never_by_kana() -> str:
    """Return Han that Japanese has and never writes beside hiragana."""
    return _by_kana()["never"]


def seldom_by_kana() -> str:
    """Return those, and with them Han that it seldom does."""
    return "".join(_by_kana().values())


@cache
def _read_twice() -> Characters:
    return Characters(READ_TWICE)


def _clues(*, marked_is_enough: bool) -> tuple[Clue, ...]:
    """Return what stands together where a text was misread: two rare characters most often."""
    rare, suspicious = rare_characters(), where_suspicious(gains_if_read_back, marked_is_enough=marked_is_enough)
    return (
        Clue(rare, rare, BETWEEN, suspicious, APART),
        Clue(rare, "?", BETWEEN + 1, suspicious, APART),
        # The kana of EUC-JP are alike in GBK, so that only these show it. No line in 380,000 clean ones has them.
        Clue(HIRAGANA, not_japanese() + MARKS_IN_GBK),
        Clue(not_japanese() + BRACKETS_IN_GBK, HIRAGANA),
        Clue(KATAKANA, MARKS_IN_GBK),
        Clue(BRACKETS_IN_GBK, KATAKANA),
        Clue(HIRAGANA, seldom_by_kana(), confirms=_reads_as_japanese_at),
        Clue(seldom_by_kana(), HIRAGANA, confirms=_reads_as_japanese_at),
        # Korean in EUC-JP or Big5 makes common Han, so that what is around them has to tell.
        Clue(HANGUL, FIRST_HAN, 1, confirms=_is_strange_at),
        # Words are not written in two alphabets: one in 585 lines with Cyrillic is (соm with two of its letters).
        Clue(CYRILLIC, "A-Za-z"),
        # What was taken byte by byte stands right beside text, or has one lead byte all along: ÉAÉCÉeÉÄ, katakana.
        Clue(WIDE, CYRILLIC + ACCENTED, confirms=_gains_at),
        Clue(CYRILLIC + ACCENTED, WIDE, confirms=_gains_at),
        Clue(KATAKANA_LEADS, KATAKANA_LEADS, 1, confirms=_gains_at),
        # What was misread twice is read back once to letters of the West, and gains little by that.
        Clue(READ_TWICE, READ_TWICE, confirms=_is_read_twice_at),
    )


def clues() -> tuple[Clue, ...]:
    """Return what a text that was misread has, unless it is short.

    Beside U+FFFD a place is only out of the ordinary: its line has to be asked, as that knows how many there are.
    """
    return _clues(marked_is_enough=True)


def where_suspicious(then: Callable[[str, bool], object], *, marked_is_enough: bool) -> Callable[[str, int], object]:
    """Return the test whether a place reads like no text; ``then`` is asked last, of what stands around it.

    The model is loaded when the first place is asked about.
    """
    if COMPILED:
        return Suspicion(
            _loops,
            _japanese,
            then,
            _rare(),
            ANY_KANA,
            marked_is_enough=marked_is_enough,
            first_wide=FIRST_WIDE,
            between=BETWEEN,
            around=AROUND,
            far=FAR,
            brief=SHORT,
            usual=ORDINARY,
            least=LEAST,
            least_of_many=LEAST_OF_MANY,
            usual_alone=ORDINARY_ALONE,
            least_alone=LEAST_BY_ITSELF,
            least_alone_of_many=LEAST_OF_MANY_BY_THEMSELVES,
        )
    return lambda text, at: is_suspicious_at(text, at, then, marked_is_enough=marked_is_enough)


def _japanese() -> Bytes:
    """Return what tells which characters EUC-JP has, and so which may stand beside kana."""
    from mojimend.models.runs import source_of  # noqa: PLC0415  (few places have kana)

    return source_of("euc_jp")


def _loops() -> Costs:
    from mojimend.models.plausibility import CompiledPlausibility  # noqa: PLC0415

    model = _model()
    assert isinstance(model, CompiledPlausibility)
    return model.loops


def is_suspicious(text: str) -> bool:
    """Tell whether some of a text may have been misread.

    >>> is_suspicious("我们今天去公园散步，天气很好。"), is_suspicious("鎴戜滑浠婂ぉ鍘诲叕鍥暎姝ワ紝澶╂皵寰堝ソ")
    (False, True)
    """
    return _scan().any(_as_judged(text))


def first_suspicious(text: str, lines: Sequence[tuple[int, int]], at: int) -> int:
    r"""Return which of the lines of a text is the first from one on of which some may have been misread, or how many.

    The lines are all that have something beyond ASCII.

    >>> first_suspicious("天气很好\n澶╂皵寰堝ソ\n今天", [(0, 4), (5, 11), (12, 14)], 0)
    1
    """
    if at == 0 and REPLACEMENT in text and not _scan().any(ANY_LOST.without(text)):
        # Most text with such marks was mended, and nothing between them is suspicious: only what lost much can be.
        much = ANY_LOST.lines(text, MANY_LOST)
        found = which_are_suspicious(text, much, 1)
        return bisect_left(lines, found[0]) if found else len(lines)
    size = 1
    while at < len(lines):
        several = lines[at : at + size]
        if found := which_are_suspicious(text, several, 1):
            return bisect_left(lines, found[0], at)
        at += len(several)
        size *= 2
    return at


def _as_judged(text: str) -> str:
    """Return what of a text tells whether some of it may have been misread."""
    if REPLACEMENT not in text:
        return text
    # Text that was mended is full of such marks, and they are no reason to search it again.
    if MANY_LOST * text.count(REPLACEMENT) < len(text):
        return ANY_LOST.without(text)
    # Where they are many, what is left between them is too little to tell, unless it reads like text. What they stand
    # between did not follow each other: a mark that may stand beside anything keeps it apart.
    return text.replace(REPLACEMENT, "\N{IDEOGRAPHIC COMMA}") if reads_like_text(text) else text


def reads_like_text(text: str) -> bool:
    """Tell whether what is left of a text that lost bytes reads like text, as it does once it was mended.

    >>> reads_like_text("今���很好，���"), reads_like_text("浠���濂斤���")
    (True, False)
    """
    model, left = _model(), ANY_ASCII_OR_LOST.without(text)
    if model.cost(left) < BROKEN * len(left):
        return True
    from mojimend.models.plausibility import LIVING  # noqa: PLC0415  (clean text needs none)

    return model.alone_in(LIVING, left) < BROKEN_IN_ITS_LANGUAGE * len(left)


def are_of_words(text: str, at: int) -> bool:
    """Tell whether each rare character from a place on, as far as no other place is asked about, is one of a word.

    The model has met it beside the one before it, or the one behind. Letters of the West it has met beside most others.

    >>> are_of_words("扔垃圾的时候", 1), are_of_words("今天澶╂皵寰堝ソ", 2)
    (True, False)
    """
    is_rare, is_known = _rare().count, _model().count_known_pairs
    places = [i for i in range(at, min(at + APART, len(text))) if is_rare(text, i, i + 1)]
    return all(
        text[i] >= FIRST_WIDE and (is_known(text[i : i + 2]) or is_known(text[max(0, i - 1) : i + 1])) for i in places
    )


def is_suspicious_at(text: str, at: int, then: Callable[[str, bool], object], *, marked_is_enough: bool) -> bool:
    """Tell whether the text reads like none where a rare character stands that has another close behind it.

    What is nearest is counted first, as that takes less time than to weigh it.
    """
    excess, excess_alone = _model().excess, _model().excess_alone
    if marked_is_enough and REPLACEMENT in text[max(0, at - FAR) : at + FAR]:
        return excess(text, max(0, at - AROUND), at + REACH + AROUND, ORDINARY) >= LEAST
    if are_of_words(text, at):
        return False
    near = text[at + 1 : at + 2 + BETWEEN + 1].partition("\n")[0]
    if not _rare().count(near, 0, BETWEEN + 1) and LOST not in near:
        return False
    before = BREAK.split(text[max(0, at - SHORT - 1) : at])[-1]
    behind = BREAK.split(text[at : max(at + REACH + AROUND, at + SHORT + 1)], maxsplit=1)[0]
    is_short = len(before) + len(behind) <= SHORT
    start, end = at - len(before), at + len(behind)
    reach = min(end, at + REACH)
    first, last = max(start, at - AROUND), min(end, reach + AROUND)
    is_kana_mixed = mixes_kana(text[first:last])
    is_little = is_short or is_kana_mixed or LOST in text[at:reach] or text[at] < FIRST_WIDE
    least_alone = LEAST_BY_ITSELF if is_little else LEAST_OF_MANY_BY_THEMSELVES
    if excess_alone(text, first, last, ORDINARY_ALONE, passes_ascii=not is_little) < least_alone:
        return False
    if excess(text, first, last, ORDINARY) < (LEAST if is_little else LEAST_OF_MANY):
        return False
    return is_kana_mixed or bool(then(text[first:last], is_short))


# A place is asked about by the look at the page, by that for each rule, and by that at its line.
@lru_cache(maxsize=16)
def gains_if_read_back(around: str, is_short: bool) -> bool:
    """Tell whether in some way it would read better than it does what stands around a place.

    >>> [gains_if_read_back(around, False) for around in ("今天我们去公园散步", "浠婂ぉ鎴戜滑鍘诲叕")]
    [False, True]
    """
    from mojimend.rules.rough import ANY_COST, gaining  # noqa: PLC0415  (it takes the tables of all encodings)

    # Few places have any, and to compile the expression takes as long as to pass a hundred on.
    if any(3 * char in around for char in set(around)):
        around = REPEATED.sub(lambda found: found[1] if found[1] >= FIRST_WIDE else found[0], around)
    if "?" in around or REPLACEMENT in around:
        return gaining(LEAST_GAIN_OF_LOSSY, LIGHTLY)(around)
    if not is_short:
        return gaining(LEAST_GAIN, HEAVILY, in_pairs_from=LEAST_ALONE)(around)
    least = min(LEAST_GAIN_AT_FIRST + LEAST_GAIN_OF_EACH * len(around), LEAST_GAIN_OF_SHORT)
    most = MOST_OF_SHORT if len(around) > FEW else ANY_COST
    return gaining(least, HEAVILY, in_pairs_from=LEAST_ALONE, most_in_pairs=most)(around)


def _gains_at(text: str, at: int) -> bool:
    """Tell whether in some way it would read better what stands around a place."""
    return gains_if_read_back(text[max(0, at - REACH) : at + REACH], False)


def _is_strange_at(text: str, at: int) -> bool:
    """Tell whether what is around a Han behind hangul reads like no text, and would read better read back."""
    if _model().excess(text, at, at + SHORT, ORDINARY) < LEAST_BEHIND_HANGUL:
        return False
    return gains_if_read_back(on_its_line(text, at, AROUND, SHORT + AROUND), True)


def _reads_as_japanese_at(text: str, at: int) -> bool:
    """Tell whether what is around a kana would read better if it was EUC-JP, which has its kana where GBK has them."""
    return not _is_of_a_word_by_kana(text, at) and _gains_as_japanese()(text, at)


def _is_of_a_word_by_kana(text: str, at: int) -> bool:
    """Tell whether the Han by a kana is of a word on its other side, and no other there is seldom by kana.

    Of 1,639 places in clean Japanese three in four are so, and of 20,438 in misread lines 124: of 612 lines that
    nothing else tells 4 are missed.

    >>> _is_of_a_word_by_kana("その犠牲になる", 3), _is_of_a_word_by_kana("配置は肌のように", 3)
    (True, False)
    """
    is_first = text[at] >= FIRST_HAN[0]
    han = at if is_first else at + 1
    with_other = text[max(0, at - 1) : at + 1] if is_first else text[han : han + 2]
    is_alone = _strange_by_kana().count(text, max(0, han - AROUND), han + AROUND + 1) == 1
    return is_alone and _model().count_known_pairs(with_other) > 0


@cache
def _strange_by_kana() -> Characters:
    return Characters(not_japanese() + seldom_by_kana())


@cache
def _gains_as_japanese() -> Callable[[str, int], bool]:
    """Return what tells that, imported once: a page of Japanese asks it, and to import takes as long as to tell."""
    from mojimend.encodings.misread import KANA_ALIKE  # noqa: PLC0415  (they take the tables of all encodings)
    from mojimend.rules.rough import gaining_around  # noqa: PLC0415

    return gaining_around(BY_KANA, BY_KANA, LEAST_GAIN_BY_KANA, HEAVILY, KANA_ALIKE, in_pairs_from=0)


def _is_read_twice_at(text: str, at: int) -> bool:
    """Tell whether from a place on there are many characters that letters of Latin-1 have become."""
    return _read_twice().count(text, at, at + SHORT) >= LEAST_READ_TWICE


def mixes_kana(text: str) -> bool:
    """Tell whether kana stand among characters that Japanese has not, as in EUC-JP read as GBK: the kana are alike."""
    if not ANY_KANA.count(text):
        return False
    try:
        text.encode("euc_jp")
    except UnicodeEncodeError:
        return True
    return False


def lines_with_rare(text: str) -> list[tuple[int, int]]:
    r"""Return where the lines of a text begin and end that have a rare character.

    >>> lines_with_rare("天气很好\n澶╂皵\n今天")
    [(5, 8)]
    """
    return _rare().lines(text)


def which_are_suspicious(text: str, lines: Sequence[tuple[int, int]], most: int = sys.maxsize) -> list[tuple[int, int]]:
    r"""Return those lines of a text of which some may have been misread; the first, up to so many.

    >>> which_are_suspicious("天气很好\n澶╂皵寰堝ソ\n今天", [(0, 4), (5, 11), (12, 14)])
    [(5, 11)]
    """
    if not lines:
        return []
    if text.find(REPLACEMENT, lines[0][0], lines[-1][1]) < 0:
        return [lines[which] for which in _scan().which_of(text, list(lines), most)]
    marked = {line for line in lines if text.find(REPLACEMENT, *line) >= 0}
    plain = [line for line in lines if line not in marked]
    found = [plain[which] for which in _scan().which_of(text, plain, most)]
    found += (line for line in marked if is_suspicious(text[slice(*line)]))
    return sorted(found)[:most]


def has_rare(text: str) -> bool:
    """Tell whether there is a rare character at all, which is enough where others of the text were misread.

    >>> has_rare("我们今天去公园散步"), has_rare("澶╂皵")
    (False, True)
    """
    return _rare().count(text) > 0
