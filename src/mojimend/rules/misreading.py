"""Undo misreadings: find the stretches that read like none of the world's text, and what they were.

A stretch is judged by the character model: how much likelier is what it would read, were it a misreading, than what
it reads now? Changing nothing is the rule, so a change must be likelier by more than the odds against it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from itertools import accumulate, pairwise
from math import inf
from operator import add
from typing import NamedTuple

from mojimend.encodings.misread import MULTIBYTE, PAIRS, SINGLE_BYTE, Misread, reading
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.tables.readings import TONED
from mojimend.text.scripts import CJK, HAN, HANGUL, KANA

# The odds were set together, until none of 34,895 clean lines and six-character snippets changed; what each of them
# costs in repairs was not measured by itself.
# Odds against a misreading, in nats, before anything is seen of it. UTF-8 checks itself and is what the world writes.
AGAINST = {"utf-8": 5, "johab": 14, "shift_jis_2004": 14, "euc_jis_2004": 14}
# Met so seldom that a part of a line is not tried for them.
RARE = frozenset({"johab", "shift_jis_2004", "euc_jis_2004", "koi8_r", "cp1253", "cp1257"})
AGAINST_OTHERS = 7
AGAINST_ONE_MORE = 1
# Against damage that begins and ends inside a line: there are as many ways to choose a stretch as places.
AGAINST_A_STRETCH = 8
# In CJK text a rare name reads like a misreading of two or three characters (反潛艦 as は主張: 16 nats for it).
AGAINST_A_STRETCH_OF_CJK = 15
# Damage does not begin in the middle of a word.
AGAINST_CUTTING_A_WORD = 10
# A whole line that is text in another encoding to the last byte is hardly so by chance.
FOR_THE_WHOLE = 15
# Against a change that leaves one character: a rare name is as likely.
AGAINST_ONE_CHARACTER = 12
# Against each character of the result that is neither CJK nor ASCII.
AGAINST_A_FOREIGN_CHARACTER = 6
# Against changing well-formed words in Latin, Greek or Cyrillic letters: misreadings mix capitals and symbols in.
AGAINST_WORDS = 12
# Against letters of CJK no two of which stand together: a table of characters, or the accents of another language.
AGAINST_LONE_LETTERS = 90
# Against changing what is all frames and blocks.
AGAINST_A_DRAWING = 40
# The share of letters among what is new; where only a part of a line changes it must be more than that.
LEAST_CJK = 0.5
DEEPEST = 3  # layers

# Units a character. In 4,333 misreadings of 16 characters or more the text cost 37 on average, the misreading 95.
ORDINARY = 56
LEAST_SUSPICION = 40
# CJK read as other CJK is stranger than the strangest names, and below four characters nothing tells it from them.
LEAST_OF_CJK, STRANGE_CJK = 4, 74
# Random bytes read as GBK cost 110 a character; the text of 4,333 misreadings 37 on average.
ENOUGH_TO_TELL, NOISE = 5, 90
# A stretch ends where what follows has been ordinary for so long.
DROP = 160
# A line that costs so much is looked at whole, also where nothing stands out because it is short.
SUSPICIOUS, SHORT = 46, 16
AROUND = 6
# So much of a long stretch tells its misreading; the rest is read alike.
SAMPLE = 64

IS_LETTER = re.compile(f"[{HAN}{KANA}{HANGUL}]")
SIDE_BY_SIDE = re.compile(f"[{CJK}{HANGUL}]{{2}}")
DRAWN = re.compile("[ \u2500-\u259f]+")
# What pinyin has, and much of French, says nothing; misreadings have more than these among their accents.
MORE_THAN_PINYIN = re.compile(f"[^\\x00-\\x7f{CJK}{HANGUL}{TONED}]")
# In a line of Latin words a few accents and symbols gone wrong are a matter for mojibake/western.
LATIN_WORD = re.compile("[A-Za-z]{4}")
LEAST_AMONG_LATIN = 4
HALFWIDTH = re.compile("[\uff66-\uff9f]+")
IN_CJK = re.compile(f"[{CJK}{HANGUL}\u2000-\u2bff]")
IN_CJK_OR_ASCII = re.compile(f"[{CJK}{HANGUL}\\x00-\\x7f]*")
IN_UTF_8 = re.compile(rb"(?:[\xe2-\xef][\x80-\xbf]{2}){2}")
ALPHABETS = [
    re.compile(inside) for inside in ("[A-Za-z\xc0-\u02af\u1e00-\u1eff]", "[\u0370-\u03ff]", "[\u0400-\u052f]")
]


SMALL = "a-zß-öø-ÿ\u03ac-\u03ceа-яё"
LETTERS = "A-Za-zÀ-ÖØ-öø-\u024f\u1e00-\u1eff\u0386-\u03ceА-яЁё"
# A capital behind a small letter, or what is no letter.
UTF_8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
ASCII = bytes(range(0x80))
# Bytes in whole sequences of UTF-8: a few are so by chance, where GBK was taken byte by byte about one in four.
LEAST_UTF_8, MOSTLY_UTF_8 = 8, 0.85
NOT_WORDS = re.compile(f"[{SMALL}][A-ZÀ-ÖØ-Þ\u0391-\u03a9А-ЯЁ]|[^\\x00-\\x7f{LETTERS}\u2010-\u203a«»]")


class Undone(NamedTuple):
    """A stretch of a line that was a misreading: what it was, how it was misread, and the odds for that in nats."""

    start: int
    end: int
    text: str
    chain: tuple[Misread, ...]
    odds: float


@cache
def by_reading(*, rare: bool) -> dict[str, tuple[Misread, ...]]:
    """Return the pairs by what the text was read in, as one encoding serves all of those; with the rare ones or not."""
    pairs = defaultdict(list)
    for misread in PAIRS:
        if rare or not (misread.written in RARE or misread.read in RARE):
            pairs[misread.read].append(misread)
    return {name: tuple(several) for name, several in pairs.items()}


def readings_back(text: str) -> Iterator[tuple[str, Misread]]:
    """Yield what the whole text may have been."""
    for name, misreads in by_reading(rare=True).items():
        read = reading(name)
        if read.is_ambiguous(text):
            for misread in misreads:
                for data in misread.candidates(text):
                    yield misread.decode(data), misread
            continue
        try:
            data = read.encode(text)
        except UnicodeEncodeError:
            continue
        for misread in misreads:
            try:
                yield misread.decode(data), misread
            except UnicodeDecodeError:
                continue


# A text is walked several times until nothing moves, and most of its lines stay as they are meanwhile.
REMEMBERED = 512


@lru_cache(maxsize=REMEMBERED)
def undo(line: str, seen: frozenset[Misread] = frozenset()) -> tuple[Undone, ...]:
    """Return the stretches of a line to put right, by place; ``seen`` happened elsewhere in the text.

    >>> undo("您的订单已鍙栨秷，请重试。")[0].text
    '取消'
    """
    return tuple(Search(line, seen).run())


class Search:
    """The search through one line."""

    def __init__(self, line: str, seen: frozenset[Misread] = frozenset()) -> None:
        self.line = line
        self.seen = seen
        self.edged = f"\n{line}\n"
        self.pairs = plausibility().pairs

    def run(self) -> list[Undone]:
        """Return the stretches to put right, by place."""
        standing_out = list(self.regions())
        regions = [region for region in standing_out if self.is_worth_a_look(*region)]
        if not regions and not self.is_suspicious(bool(standing_out)):
            return []
        whole = self.whole()
        if whole is not None and (share_of_cjk(self.line, whole.text) < LEAST_CJK or is_noise(whole.text)):
            return []
        if whole is not None and plausibility().cost(whole.text) < SUSPICIOUS * len(whole.text):
            return [whole]
        spans = list(apart(undone for a, b in regions if (undone := self.stretch(a, b)) is not None))
        if whole is None or (spans and self.odds_of(spans) > whole.odds + FOR_THE_WHOLE):
            return spans
        return [whole]

    def is_worth_a_look(self, a: int, b: int) -> bool:
        """Tell cheaply whether a stretch that stands out can be a misreading: most are rare names and foreign words."""
        core = self.line[a:b]
        if not IN_CJK_OR_ASCII.fullmatch(core):
            return MORE_THAN_PINYIN.search(core) is not None and NOT_WORDS.search(core) is not None
        cost = self.costs[b] - self.costs[a]
        if b - a >= LEAST_OF_CJK and cost >= STRANGE_CJK * (b - a):
            return True
        return any(IN_UTF_8.search(core.encode(name, "ignore")) for name in MULTIBYTE)

    def is_suspicious(self, stands_out: bool) -> bool:
        """Tell whether the line costs so much on the whole that a misreading of all of it is worth a try."""
        size = len(self.line)
        return self.costs[size] > SUSPICIOUS * size and (stands_out or size <= SHORT)

    def odds_of(self, spans: Sequence[Undone]) -> float:
        """Return the odds of several stretches together, told like those of a whole line."""
        line, at = "", 0
        for undone in spans:
            line += self.line[at : undone.start] + undone.text
            at = undone.end
        odds_against = sum(
            self.against(undone.chain[0]) + self.against_stretch(undone.chain[0]) + self.oddity(*undone[:3])
            for undone in spans
        )
        return self.gain(0, len(self.line), line + self.line[at:]) - odds_against

    @cached_property
    def costs(self) -> list[int]:
        """What the line costs up to each character; the first is the edge."""
        return [0, *accumulate(map(self.pairs.__getitem__, map(add, self.edged, self.edged[1:])))]

    def gain(self, start: int, end: int, text: str) -> float:
        """Return how much likelier, in nats, the line is with the text in place of the stretch.

        A pair that repeats counts once: to like 가가가 better than 啊啊啊 thrice is no more evidence than once.
        """
        old = self.edged[start : end + 2]
        new = old[0] + text + old[-1]
        was, would = list(map(add, old, old[1:])), list(map(add, new, new[1:]))
        cost = self.pairs.__getitem__
        units = sum(map(cost, was)) - sum(map(cost, would))
        once = sum(map(cost, set(was))) - sum(map(cost, set(would)))
        return min(units, once) / UNITS_PER_NAT

    def whole(self) -> Undone | None:
        """Return the best reading of the whole line, through up to three layers."""
        best: Undone | None = None
        layer: list[tuple[str, tuple[Misread, ...], float]] = [(self.line, (), 0)]
        seen = {self.line}
        for _ in range(DEEPEST):
            below = []
            for garbled, chain, odds_against in layer:
                for text, misread in readings_back(garbled):
                    if text in seen:
                        continue
                    total = odds_against + self.against(misread)
                    odds = self.gain(0, len(self.line), text) - total - self.oddity(0, len(self.line), text)
                    if odds > (best.odds if best is not None else 0):
                        undone = Undone(0, len(self.line), text, (*chain, misread), odds)
                        # Words in another alphabet are not ours to mend, but they may be what was written.
                        if share_of_cjk(self.line, text) >= LEAST_CJK or not NOT_WORDS.search(text):
                            best = undone
                    if misread.written == "utf-8":
                        # Only UTF-8 checks itself enough to go on through what still looks garbled.
                        seen.add(text)
                        below.append((text, (*chain, misread), total))
            layer = below
        return best

    @cached_property
    def is_utf_8_byte_by_byte(self) -> bool:
        """Whether the line is UTF-8 that was taken byte by byte, in whatever language."""
        for name in SINGLE_BYTE:
            data = reading(name).encode_what_fits(self.line)
            whole = sum(map(len, UTF_8_SEQUENCE.findall(data)))
            if whole >= LEAST_UTF_8 and whole >= MOSTLY_UTF_8 * len(data.translate(None, ASCII)):
                return True
        return False

    def against(self, misread: Misread) -> float:
        """Return the odds against a misreading, in nats; what happened once to a page has happened more than once."""
        if misread.read in SINGLE_BYTE and misread.written != "utf-8" and self.is_utf_8_byte_by_byte:
            return inf
        return AGAINST_ONE_MORE if misread in self.seen else AGAINST.get(misread.written, AGAINST_OTHERS)

    @staticmethod
    def against_stretch(misread: Misread) -> int:
        """Return the odds against a misreading that begins and ends inside the line, in nats."""
        return (
            AGAINST_A_STRETCH_OF_CJK if misread.read in MULTIBYTE and misread.written != "utf-8" else AGAINST_A_STRETCH
        )

    def oddity(self, start: int, end: int, text: str) -> float:
        """Return what else speaks against a change, in nats."""
        found = self.line[start:end]
        wide = {char for char in text if char > "\x7f"}
        odds: float = AGAINST_ONE_CHARACTER if len(wide) < 2 else 0
        odds += AGAINST_A_FOREIGN_CHARACTER * sum(1 for char in wide if not IN_CJK.match(char))
        if not NOT_WORDS.search(found):
            odds += AGAINST_WORDS
        if sum(map(bool, map(IS_LETTER.match, wide))) > 1 and not SIDE_BY_SIDE.search(text):
            odds += AGAINST_LONE_LETTERS
        if len(wide) < LEAST_AMONG_LATIN and LATIN_WORD.search(self.line) and not IS_LETTER.search(self.line):
            odds += AGAINST_LONE_LETTERS
        if DRAWN.fullmatch(found):
            odds += AGAINST_A_DRAWING
        return odds + self.reads_as_katakana(found)

    @staticmethod
    def reads_as_katakana(found: str) -> float:
        """Return how much likelier, in nats, halfwidth katakana are if they were written so, as terminals did."""
        narrow = "".join(HALFWIDTH.findall(found))
        wide = unicodedata.normalize("NFKC", narrow)
        cost = plausibility().cost
        return max(0, (cost(narrow) - cost(wide)) / UNITS_PER_NAT - len(narrow))

    def regions(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches that are out of the ordinary: the best sums of what each character costs too much."""
        start, total, best, end = -1, 0, 0, 0
        for i, (before, cost) in enumerate(pairwise(self.costs[:-1])):
            over = cost - before - ORDINARY
            if start < 0:
                if over <= 0 or self.line[i] < "\x80":
                    continue
                start, total, best = i, 0, 0
            total += over
            if total > best:
                best, end = total, i + 1
            elif total < 0 or total < best - DROP:
                if best > LEAST_SUSPICION:
                    yield start, end
                start = -1
        if start >= 0 and best > LEAST_SUSPICION:
            yield start, end

    def stretch(self, a: int, b: int) -> Undone | None:
        """Return the best reading of a stretch around line[a:b]."""
        lowest, highest = max(0, a - AROUND), min(len(self.line), b + AROUND)
        sample = min(highest, a + SAMPLE)
        starts = [at for at in range(lowest, min(b, sample)) if self.may_begin(at, a)]
        best: Undone | None = None
        for name, misreads in by_reading(rare=False).items():
            pieces = [reading(name).bytes_of(char) for char in self.line[lowest:sample]]
            for start in starts:
                data, ends = joined(pieces[start - lowest :])
                for misread in misreads if data else ():
                    found = self.prefix(misread, start, data, ends, a)
                    if found is not None and (best is None or found.odds > best.odds):
                        best = found
        if best is not None and sample < highest:
            (misread,) = best.chain
            data, ends = joined([reading(misread.read).bytes_of(char) for char in self.line[best.start : highest]])
            best = self.prefix(misread, best.start, data, ends, a)
        return best

    def may_begin(self, at: int, core: int) -> bool:
        """Tell whether a stretch may begin here: where the core does, or where the text leaves the ordinary."""
        if self.line[at] < "\x80":
            return False
        here, before = self.costs[at + 1] - self.costs[at], self.costs[at] - self.costs[max(0, at - 1)]
        return at < core + AROUND or here > ORDINARY >= before

    def prefix(self, misread: Misread, start: int, data: bytes, ends: dict[int, int], core: int) -> Undone | None:
        """Return the best end of a stretch that begins at ``start``."""
        try:
            text = misread.decode(data)
        except UnicodeDecodeError as error:
            text = misread.decode(data[: error.start])
        before, at, spent = self.edged[start], 0, 0
        widths = width_in(misread.written)
        least = (self.against(misread) + self.against_stretch(misread)) * UNITS_PER_NAT
        most: float = 0
        best = (0, 0)
        for n, char in enumerate(text, 1):
            spent += self.pairs[before + char]
            before = char
            at += widths[char]
            if at not in ends:
                continue
            end = start + ends[at]
            units = self.costs[end + 1] - self.costs[start] - spent - self.pairs[char + self.edged[end + 1]] - least
            if units > most and end > core:
                most, best = units, (end, n)
            elif units < most - 2 * DROP:
                break
        if not most:
            return None
        end, n = best
        text = text[:n]
        odds = self.gain(start, end, text) - least / UNITS_PER_NAT - self.oddity(start, end, text)
        odds -= AGAINST_CUTTING_A_WORD * (cuts_a_word(self.edged, start + 1) + cuts_a_word(self.edged, end + 1))
        if odds <= 0 or is_noise(text) or share_of_cjk(self.line[start:end], text) <= LEAST_CJK:
            return None
        return Undone(start, end, text, (misread,), odds)


def share_of_cjk(found: str, text: str) -> float:
    """Return how much of what is new in the text is letters of CJK: symbols become symbols by chance."""
    new = [char for char in text if char > "\x7f" and char not in found]
    return sum(map(bool, map(IS_LETTER.match, new))) / len(new) if new else 0


def is_noise(text: str) -> bool:
    """Tell whether a text reads no better than bytes by chance: then it was none before either."""
    return len(text) >= ENOUGH_TO_TELL and plausibility().cost(text) > NOISE * len(text)


def cuts_a_word(line: str, at: int) -> bool:
    """Tell whether letters of one alphabet stand on both sides."""
    before, behind = line[at - 1], line[at]
    return (before > "\x7f" or behind > "\x7f") and any(
        alphabet.match(before) and alphabet.match(behind) for alphabet in ALPHABETS
    )


class Widths(dict[str, int]):
    """How many bytes each character has in an encoding; a mark that is written with the one before it has none."""

    def __init__(self, written: str) -> None:
        self._misread = next(misread for misread in PAIRS if misread.written == written)

    def __missing__(self, char: str) -> int:
        try:
            self[char] = len(self._misread.encode(char))
        except UnicodeEncodeError:
            self[char] = 0
        return self[char]


@cache
def width_in(written: str) -> Widths:
    """Return the widths of characters in an encoding, worked out as they are met."""
    return Widths(written)


def joined(pieces: Sequence[tuple[bytes, ...]]) -> tuple[bytes, dict[int, int]]:
    """Join the bytes as far as there are any; return also which lengths are ends of a character, and of how many."""
    data, ends = bytearray(), {}
    for n, several in enumerate(pieces, 1):
        if not several:
            break
        data += several[0]
        ends[len(data)] = n
    return bytes(data), ends


def apart(found: Iterable[Undone]) -> Iterator[Undone]:
    """Yield those that do not overlap one before."""
    end = 0
    for undone in sorted(found):
        if undone.start >= end:
            yield undone
            end = undone.end
