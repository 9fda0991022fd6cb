"""How much a text reads like something people write, told as a cost: the lower, the likelier.

One model of characters that follow each other, over Chinese, Japanese, Korean and some others. It can tell text from
the same bytes misread:

    >>> model = plausibility()
    >>> model.cost("今天天气很好") < model.cost("浠婂ぉ澶╂皵寰堝ソ")
    True

A cost is -log P in eighths of a nat. Costs add up, so two readings of the same bytes are compared by their sums.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, partial
from itertools import pairwise
from operator import add, itemgetter, mul
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from mojimend.kernel import COMPILED, Characters, Costs, leaf
from mojimend.models.store import Tables, load

if TYPE_CHECKING:
    from array import array

    from mojimend.models.comparison import Comparison

T = TypeVar("T", bound=tuple[Any, ...])

UNITS_PER_NAT = 8

# The languages of which the model knows how common each character is in them. The first four write CJK today.
LANGUAGES = ("zh-Hans", "zh-Hant", "ja", "ko", "lzh")
LIVING = LANGUAGES[:4]
# What a character costs in a language that was never seen to have it.
NOT_IN_LANGUAGE = 19 * UNITS_PER_NAT

# What stands in front of the first character and behind the last.
_EDGE = "\n"

# A misread text of many pages has hundreds of thousands of different pairs: then the memo begins anew. Four times as
# many took 17 MB more of each process, and no less time.
MEMO_LIMIT = 50_000

_NO_NUMBER = -1

# Of pairs of neighbours and of characters by themselves; of one text and of another.
Weights: TypeAlias = tuple[float, float]
Each: TypeAlias = tuple[float, float]

# Characters the model has not met. It knows the Han, kana, hangul and symbols in common use, so others of these, and
# private use, are rarest of all. Scripts it was never shown must not look broken for that. What no text has (controls,
# U+FFFD, lone surrogates, the unassigned) is dearer than anything.
_UNKNOWN = 15 * UNITS_PER_NAT
_NOT_TEXT = 20 * UNITS_PER_NAT
_ON_IN_SCRIPT = 5 * UNITS_PER_NAT
_FIRST_OF_SCRIPT = 9 * UNITS_PER_NAT
_LATIN_IN_WORD = 9 * UNITS_PER_NAT
_LATIN_APART = 11 * UNITS_PER_NAT
_MOST_COST = 2 * 0xFF  # a back-off and a character by itself, each a byte

_LATIN = range(0xC0, 0x2B0)
_CJK = (
    range(0x1100, 0x1200),  # Hangul Jamo
    range(0x2E80, 0xA000),  # radicals, marks, kana, bopomofo, compatibility Jamo, unified ideographs
    range(0xA960, 0xA980),  # Hangul Jamo Extended-A
    range(0xAC00, 0xD800),  # Hangul syllables, Jamo Extended-B
    range(0xF900, 0xFB00),  # compatibility ideographs
    range(0xFE00, 0xFE10),  # variation selectors, which are no vowel marks
    range(0xFF00, 0xFFF0),  # halfwidth and fullwidth forms
    range(0x1AFF0, 0x1B170),  # kana supplement and extensions
    range(0x20000, 0x40000),  # unified ideographs outside the BMP
)


# What no word goes on behind that the model has not met: such a character costs there what it does behind the edge.
APART = "\x00-@[-`{-\x7f\ufffd" + "".join(f"{chr(block.start)}-{chr(block.stop - 1)}" for block in _CJK)

# Han, Hangul, for private use, units in a square and halfwidth katakana: all in these blocks are alike, and soon told.
_MANY = Characters(
    "\u3300-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\ue000-\uf8ff\uf900-\ufa6d\uff61-\uff9f"
    "\U00020000-\U0002a6df\U000f0000-\U000ffffd\U00100000-\U0010fffd"
)


def _is_one_of_many(char: str) -> bool:
    return _MANY.count(char) > 0


def fold(char: str) -> str:
    """Return the character that stands for all of its kind: 0 for digits, a space for white space, small letters.

    >>> fold("７"), fold("A"), fold("　"), fold("İ"), fold("天")
    ('0', 'a', ' ', 'İ', '天')
    """
    if char == _EDGE or _is_one_of_many(char):
        return char
    if char in "0123456789０１２３４５６７８９":
        return "0"
    if char in "\t\v\f\r" or unicodedata.category(char) in {"Zs", "Zl", "Zp"}:
        return " "
    lower = char.lower()
    return lower if len(lower) == 1 else char


def is_never_text(char: str) -> bool:
    r"""Tell whether no text has the character on purpose: controls, U+FFFD, lone surrogates, the unassigned.

    >>> is_never_text("\x85"), is_never_text("\ufffd"), is_never_text("\ue000"), is_never_text("\n")
    (True, True, False, False)
    """
    if char == "\N{REPLACEMENT CHARACTER}":
        return True
    return unicodedata.category(char) in {"Cc", "Cn", "Cs"} and char not in "\t\n\v\f\r"


def is_alphabetic(char: str) -> bool:
    """Tell whether the character is a letter or a vowel mark of a script with few of them, and none of Latin's.

    >>> [is_alphabetic(char) for char in "дกिé天あ가€"]
    [True, True, True, False, False, False, False, False]
    """
    code_point = ord(char)
    if code_point < _LATIN.stop or unicodedata.category(char)[0] not in "LM":
        return False
    return code_point < _CJK[0].start or not any(code_point in block for block in _CJK)


def unknown(first: str, second: str) -> int:
    """Return the cost of a character that the model has not met, behind any other.

    A mark that sits on a letter is at home only behind one.

    >>> unknown("ᚠ", "ᚡ") < unknown(" ", "ᚠ") < unknown("天", "龘") < unknown("天", "\N{REPLACEMENT CHARACTER}")
    True
    """
    if _is_one_of_many(second):
        return _UNKNOWN
    if is_never_text(second):
        return _NOT_TEXT
    if ord(second) in _LATIN and second.isalpha():
        in_word = first.isalpha() and ord(first) < _LATIN.stop
        return _LATIN_IN_WORD if in_word else _LATIN_APART
    if is_alphabetic(second):
        if is_alphabetic(first) and ord(first) >> 7 == ord(second) >> 7:
            return _ON_IN_SCRIPT
        if second.isalpha() or is_alphabetic(first) or (first.isalpha() and ord(first) < _LATIN.stop):
            return _FIRST_OF_SCRIPT
    return _UNKNOWN


def unknown_first(char: str) -> tuple[int, bool]:
    """Return the cost of a character that the model has not met, behind the edge, and whether it has others elsewhere.

    >>> unknown_first("龘") == (unknown("天", "龘"), False), unknown_first("ᚡ") == (unknown(" ", "ᚡ"), True)
    (True, True)
    """
    if _is_one_of_many(char):
        return _UNKNOWN, False
    if is_never_text(char):
        return _NOT_TEXT, False
    if ord(char) in _LATIN:
        return (_LATIN_APART, True) if char.isalpha() else (_UNKNOWN, False)
    if is_alphabetic(char):
        return _FIRST_OF_SCRIPT if char.isalpha() else _UNKNOWN, True
    return _UNKNOWN, False


class Memo(dict[str, int]):
    """What was worked out once, by the text it is about; it begins anew when it has grown too large."""

    def __init__(self, compute: Callable[[str], int]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, text: str) -> int:
        value = self._compute(text)
        if len(self) >= MEMO_LIMIT:
            self.clear()
        self[text] = value
        return value


@cache
def _weights(units: float) -> array[float]:
    """Return how likely a character is for each that it can cost, if so many units are a nat."""
    # Clean text needs neither.
    from array import array  # noqa: PLC0415
    from math import exp  # noqa: PLC0415

    return array("d", [exp(-cost / units) for cost in range(_MOST_COST + 1)])


def _scaled(shares: Iterable[float]) -> list[float]:
    """Return the shares so that they add up to 1."""
    each = list(shares)
    total = sum(each)
    return [share / total for share in each]


def _most(costs: Iterable[int], usual: int) -> int:
    """Return how much more than is usual the worst of neighbours cost together.

    >>> _most([9, 2, 7, 7, 1, 9], 5)
    5
    """
    total, most = 0, 0
    for cost in costs:
        total += cost - usual
        if total < 0:
            total = 0
        elif total > most:
            most = total
    return most


class Plausibility:
    """The costs of texts under one model. May be used by many threads at once."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._numbers = Memo(self._number)
        self.pairs = Memo(self._pair)
        self.singles = Memo(self._single)
        self._singles_in = {language: Memo(partial(self._single_in, language)) for language in LANGUAGES}

    def cost(self, text: str) -> int:
        """Return the cost of a text that begins a line; nothing is said about its end.

        >>> plausibility().cost("")
        0
        """
        return sum(map(self.pairs.__getitem__, map(add, _EDGE + text, text)))

    def costs(self, text: str) -> list[int]:
        """Return the cost of each character, given the one in front of it.

        >>> costs = plausibility().costs("我们都浠婂ぉ")
        >>> max(costs[:3]) < min(costs[3:])
        True
        """
        return list(map(self.pairs.__getitem__, map(add, _EDGE + text, text)))

    def alone(self, text: str) -> int:
        """Return the cost of a text's characters, each by itself.

        >>> plausibility().alone("天天") == 2 * plausibility().singles["天"]
        True
        """
        return sum(map(self.singles.__getitem__, text))

    def alone_in(self, languages: Iterable[str], text: str) -> int:
        """Return the cost of characters, each by itself, in that of the languages where it is least.

        >>> model = plausibility()
        >>> model.alone_in(["ja"], "図書館") < model.alone_in(["zh-Hans", "zh-Hant", "ko"], "図書館")
        True
        """
        return min(sum(map(self._singles_in[language].__getitem__, text)) for language in languages)

    def cost_in(self, languages: Iterable[str], text: Iterable[str]) -> int:
        """Return the cost of a text, without its edges, in that of the languages where it is least.

        The pairs that are known are of all languages together; what tells these apart is the rest.

        >>> plausibility().cost_in(["zh-Hans"], "图书馆") < plausibility().cost_in(["ja"], "图书馆")
        True
        """
        pairs = list(pairwise([_NO_NUMBER, *(self._numbers[char] for char in text)]))
        return min(sum(self._behind(*pair, language) for pair in pairs) for language in languages)

    def excess(self, text: str, start: int, end: int, usual: int) -> int:
        """Return how much more than is usual, so many units a character, the worst part of text[start:end] costs.

        >>> model = plausibility()
        >>> model.excess("今天天气很好", 0, 6, 56) < model.excess("我们浠婂ぉ澶", 0, 6, 56)
        True
        """
        before = text[start - 1] if start else _EDGE
        return _most(map(self.pairs.__getitem__, map(add, before + text[start:end], text[start:end])), usual)

    def excess_alone(self, text: str, start: int, end: int, usual: int, *, passes_ascii: bool = False) -> int:
        """Return the same by what each character costs by itself, or each beyond ASCII, which is sooner told.

        >>> model = plausibility()
        >>> model.excess_alone("今天天气很好", 0, 6, 64) < model.excess_alone("我们浠婂ぉ澶", 0, 6, 64)
        True
        >>> model.excess_alone("浠 澶", 0, 3, 64) < model.excess_alone("浠 澶", 0, 3, 64, passes_ascii=True)
        True
        """
        part = (char for char in text[start:end] if char > "\x7f" or not passes_ascii)
        return _most(map(self.singles.__getitem__, part), usual)

    def difference(self, old: str, new: str, of_old: Weights, of_new: Weights) -> tuple[Each, Each]:
        """Return what each of two texts costs where they differ: all of that, and what repeats counted once.

        Pairs of neighbours and characters by themselves have a weight each, in either text.

        >>> model = plausibility()
        >>> model.difference("啊啊啊", "啊", (0, 1), (0, 1)) == ((2 * model.singles["啊"], 0), (model.singles["啊"], 0))
        True
        """
        all_of_it, each = [0.0, 0.0], [0.0, 0.0]
        for at, (costs, olds, news) in enumerate(
            (
                (self.pairs, Counter(map(add, old, old[1:])), Counter(map(add, new, new[1:]))),
                (self.singles, Counter(old), Counter(new)),
            )
        ):
            for which, (weight, differing) in enumerate(((of_old[at], olds - news), (of_new[at], news - olds))):
                for key, times in differing.items():
                    all_of_it[which] += weight * costs[key] * times
                    each[which] += weight * costs[key]
        return (all_of_it[0], all_of_it[1]), (each[0], each[1])

    def likeliest(
        self, of: type[T], options: list[tuple[str, list[float]]], beside: tuple[str, str], units: float, least: float
    ) -> list[tuple[T, ...]]:
        """Return what most likely stands at places next to each other, with the share of each character, by its size.

        Arguments:
            of: What to make of each: a type of tuples that has a character and its share.
            options: The characters that may stand at each place, and how much speaks for each whatever is around it.
            beside: The character that stands before them, and the one behind them.
            units: What costs so many units less is e times as likely.
            least: What has less of all that may stand there is left out.

        >>> ((char, share), *_), = plausibility().likeliest(tuple, [("气汽齉", [1.0] * 3)], ("天", "很"), 10, 0.1)
        >>> char, share > 0.5
        ('气', True)
        """
        weights = _weights(units)
        before, behind = beside
        standing, ahead = before, [1.0]
        forward = []
        for chars, speaks in options:
            led = [
                sum(share * weights[self.pairs[first + char]] for first, share in zip(standing, ahead, strict=True))
                for char in chars
            ]
            standing, ahead = chars, _scaled(map(mul, speaks, led))
            forward.append(ahead)
        standing, following = behind, [1.0]
        told = []
        for (chars, speaks), ahead in zip(reversed(options), reversed(forward), strict=True):
            back = _scaled(
                sum(
                    share * weights[self.pairs[char + second]]
                    for second, share in zip(standing, following, strict=True)
                )
                for char in chars
            )
            standing, following = chars, list(map(mul, speaks, back))
            shares = zip(chars, _scaled(map(mul, ahead, back)), strict=True)
            large = sorted((each for each in shares if each[1] >= least), key=itemgetter(1), reverse=True)
            told.append(tuple(leaf(of, each) for each in large))
        return told[::-1]

    def gains_of_lines(self, old: str, new: str, compared: Comparison) -> list[float]:
        r"""Return how much more each line of a text costs than that of another, which would stand there.

        It ends before the first line that does not count.

        >>> from mojimend.models.comparison import Comparison
        >>> any_han = Characters("一-龟")
        >>> old, new = "ÄãºÃ\nÄã", "你好\nñã"
        >>> model = plausibility()
        >>> compared = Comparison((0, 1), 1, usual=56, wanted=any_han, share=0.5, least=0, ends=8, usual_alone=56)
        >>> gains = model.gains_of_lines(old, new, compared)
        >>> gains == [model.alone("ÄãºÃ") - model.alone("你好")]
        True
        """
        found: list[float] = []
        for was, would in zip(old.split("\n"), new.split("\n"), strict=True):
            gain = self._gain_by_ends(was, would, compared)
            if gain is None:
                gain = self._gain_of_line(was, would, compared)
            has_share = compared.wanted.count(would) >= compared.share * sum(char > "\x7f" for char in would)
            if gain is None or not has_share:
                break
            found.append(gain)
        return found

    def _gain_of_line(self, was: str, would: str, compared: Comparison) -> float | None:
        """Return what a line gains, all of it weighed by pairs; None if it does not count."""
        (of_pairs, of_characters), cost = compared.weights, self.cost(would)
        stands = of_pairs * self.cost(was) + of_characters * self.alone(was)
        gain = stands - compared.of_new * (of_pairs * cost + of_characters * self.alone(would))
        return gain if gain > compared.least and cost < compared.usual * len(would) else None

    def _gain_by_ends(self, was: str, would: str, compared: Comparison) -> float | None:
        """Return the same of a long line, only its ends weighed by pairs; None if it does not count by that."""
        (of_pairs, of_characters), ends, usual = compared.weights, compared.ends, compared.usual
        rest = would[ends:-ends]
        if len(would) <= 2 * ends:
            return None
        first, last, of_rest = self.cost(would[:ends]), self.cost(would[-ends - 1 :]), self.alone(rest)
        last -= self.pairs[_EDGE + would[-ends - 1]]
        alone, would_alone = self.alone(was), self.alone(would)
        stands = of_pairs * alone + of_characters * alone
        gain = stands - compared.of_new * (of_pairs * (first + of_rest + last) + of_characters * would_alone)
        is_usual = first < usual * ends and last < usual * ends and of_rest < compared.usual_alone * len(rest)
        return gain if gain > compared.least and is_usual else None

    def dear_parts(self, text: str, usual: int, least: int, drop: int, unsaid: str) -> list[tuple[int, int]]:
        """Return the parts of a text that cost so much more than is usual, which is so many units a character.

        A part begins with a character beyond ASCII and ends where its sum is highest, as soon as that has dropped by so
        much or to nothing. What is ``unsaid`` says nothing.

        >>> plausibility().dear_parts("我们在公园浠婂ぉ澶╂皵我们在公园", 56, 80, 160, "")
        [(5, 11)]
        """
        found = []
        start, total, best, end = -1, 0, 0, 0
        for at, (char, cost) in enumerate(zip(text, self.costs(text), strict=True)):
            over = cost - usual if char not in unsaid else 0
            if start < 0:
                if over <= 0 or char < "\x80":
                    continue
                start, total, best = at, 0, 0
            total += over
            if total > best:
                best, end = total, at + 1
            elif total < 0 or total < best - drop:
                if best > least:
                    found.append((start, end))
                start = -1
        if start >= 0 and best > least:
            found.append((start, end))
        return found

    def count_known_pairs(self, text: str) -> int:
        """Return how many of the text's pairs of neighbours were common enough in training to have a number.

        >>> plausibility().count_known_pairs("今天天气"), plausibility().count_known_pairs("浠婂ぉ澶")
        (3, 0)
        """
        numbers = [self._numbers[char] for char in text]
        pairs = ((first, second) for first, second in pairwise(numbers) if _NO_NUMBER not in (first, second))
        return sum(self._tables.pair(*pair) is not None for pair in pairs)

    def is_known(self, char: str) -> bool:
        """Tell whether the character was common enough in training to have numbers of its own.

        >>> plausibility().is_known("天"), plausibility().is_known("靐")
        (True, False)
        """
        return self._numbers[char] != _NO_NUMBER

    @property
    def known(self) -> str:
        """The characters that were common enough in training, of each kind the one that it is folded to.

        >>> "天" in plausibility().known, "靐" in plausibility().known
        (True, False)
        """
        return "".join(map(chr, self._tables.code_points))

    def known_in(self, language: str) -> dict[str, int]:
        """Return what each of the known characters costs by itself in a language.

        >>> plausibility().known_in("ja")["駅"] < plausibility().known_in("zh-Hant")["駅"]
        True
        """
        at, size = LANGUAGES.index(language), len(self._tables.code_points)
        return dict(zip(self.known, self._tables.in_languages[at * size : (at + 1) * size], strict=True))

    def _number(self, char: str) -> int:
        number = self._tables.number(fold(char))
        return _NO_NUMBER if number is None else number

    def _single(self, char: str) -> int:
        number = self._numbers[char]
        return unknown(_EDGE, char) if number == _NO_NUMBER else self._tables.unigrams[number]

    def _single_in(self, language: str, char: str) -> int:
        return self._behind(_NO_NUMBER, self._numbers[char], language)

    def _behind(self, first: int, second: int, language: str) -> int:
        """Return the cost of a character behind another in a language, both given by their numbers."""
        if second == _NO_NUMBER:
            return NOT_IN_LANGUAGE
        alone = self._tables.in_language(LANGUAGES.index(language), second)
        if first == _NO_NUMBER:
            return alone
        cost = self._tables.pair(first, second)
        return self._tables.backoffs[first] + alone if cost is None else cost

    def _pair(self, pair: str) -> int:
        first, second = map(self._numbers.__getitem__, pair)
        if second == _NO_NUMBER:
            return unknown(*pair)
        if first == _NO_NUMBER:
            return self._tables.unigrams[second]
        cost = self._tables.pair(first, second)
        return self._tables.backoffs[first] + self._tables.unigrams[second] if cost is None else cost


class CompiledPlausibility(Plausibility):
    """The same by the loops in C: a character takes 30 ns in place of 100, or 3,000 where the pair was not met yet."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        unknown_behind = Memo(lambda pair: unknown(*pair)).__getitem__
        self.loops = Costs(
            tables.code_points,
            tables.rows,
            tables.unigrams,
            tables.backoffs,
            tables.high,
            tables.low,
            tables.costs,
            self._look_up,
            unknown_behind,
            Characters(APART),
            _MANY,
            _UNKNOWN,
        )
        self.pairs = Memo(lambda pair: self.loops.costs(pair)[1])
        self.singles = Memo(self.loops.alone)

    def cost(self, text: str) -> int:
        """Return the cost of a text that begins a line; nothing is said about its end."""
        return self.loops.cost(text)

    def costs(self, text: str) -> list[int]:
        """Return the cost of each character, given the one in front of it."""
        return self.loops.costs(text)

    def alone(self, text: str) -> int:
        """Return the cost of a text's characters, each by itself."""
        return self.loops.alone(text)

    def excess(self, text: str, start: int, end: int, usual: int) -> int:
        """Return how much more than is usual, so many units a character, the worst part of text[start:end] costs."""
        return self.loops.excess(text, start, end, usual)

    def excess_alone(self, text: str, start: int, end: int, usual: int, *, passes_ascii: bool = False) -> int:
        """Return the same by what each character costs by itself, or each beyond ASCII, which is sooner told."""
        return self.loops.excess_alone(text, start, end, usual, passes_ascii)

    def likeliest(
        self, of: type[T], options: list[tuple[str, list[float]]], beside: tuple[str, str], units: float, least: float
    ) -> list[tuple[T, ...]]:
        """Return what most likely stands at places next to each other, with the share of each character, by size."""
        return self.loops.likeliest(of, options, beside, _weights(units), least)

    def gains_of_lines(self, old: str, new: str, compared: Comparison) -> list[float]:
        """Return how much more each line of a text costs than that of another, which would stand there."""
        return self.loops.gains_of_lines(old, new, *compared)

    def dear_parts(self, text: str, usual: int, least: int, drop: int, unsaid: str) -> list[tuple[int, int]]:
        """Return the parts of a text that cost so much more than is usual, which is so many units a character."""
        return self.loops.dear_parts(text, usual, least, drop, unsaid)

    def count_known_pairs(self, text: str) -> int:
        """Return how many of the text's pairs of neighbours were common enough in training to have a number."""
        return self.loops.count_known_pairs(text)

    def difference(self, old: str, new: str, of_old: Weights, of_new: Weights) -> tuple[Each, Each]:
        """Return what each of two texts costs where they differ: all of that, and what repeats counted once."""
        return self.loops.difference(old, new, of_old, of_new)

    def _look_up(self, char: str) -> tuple[int, int, bool]:
        """Return the number of a character, or -1 and what ``unknown_first`` says.

        The loops know all that have a number themselves, and those of which there are many; they ask for what is folded
        to others, or unknown.
        """
        number = self._number(char)
        return (number, 0, False) if number != _NO_NUMBER else (number, *unknown_first(char))


@cache
def plausibility() -> Plausibility:
    """Return the model of this package; it is read once."""
    return (CompiledPlausibility if COMPILED else Plausibility)(load("characters.bin"))


def compiled() -> CompiledPlausibility:
    """Return the same where the loops are in C."""
    model = plausibility()
    assert isinstance(model, CompiledPlausibility)
    return model
