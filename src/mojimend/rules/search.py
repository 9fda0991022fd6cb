"""The search through one line for what was misread in it.

It is looked at whole, through every pair of encodings and up to three layers, and in the stretches that stand out from
what is around them. What is likeliest is taken, if the evidence for it is more than the odds against it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from math import inf
from operator import attrgetter, itemgetter

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import Lost
from mojimend.encodings.misread import KANA_ALIKE, SINGLE_BYTE, UTF_8_SEQUENCE, Misread, reading
from mojimend.kernel import Characters
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.rules import evidence
from mojimend.rules.evidence import LOSS, SEQUENCE
from mojimend.rules.lost_characters import with_presumed
from mojimend.rules.past_mending import is_past_mending
from mojimend.rules.rough import by_reading_of, gains, ways
from mojimend.rules.stretch import Stretch, best_stretches
from mojimend.rules.suspicion import mixes_kana, reads_like_text
from mojimend.rules.undone import (
    ORDINARY,
    SUSPICIOUS,
    TWO_QUESTIONS,
    Undone,
    apart,
    are_typed,
    is_cjk,
    is_field,
    is_noise,
    is_text,
    is_western,
    is_wide,
)
from mojimend.rules.ways_on import has_fillers
from mojimend.text.edits import Edit, apply
from mojimend.text.later import later
from mojimend.text.scripts import ANY_BEYOND_ASCII, ANY_KANA

# A whole line that is text in another encoding to the last byte is hardly so by chance.
FOR_THE_WHOLE = 15
# How much its characters may cost more by themselves than those that stand there, in units.
RARER = 24
DEEPEST = 3  # layers
LEAST_SUSPICION = 80
# Against leaving a misread line for a while, in nats: all of it was misread.
AGAINST_A_GAP = 30
# From what odds on a stretch tells of the rest of its line.
CERTAIN_OF_A_LOSS = 12
# Against each stretch more, where the line lost bytes for certain: most of the rest did so too.
AGAINST_THE_REST = 4
# Whole lines that are shorter may be a rare name.
LONG_ENOUGH_FOR_NOISE = 8
# A stretch ends where what follows has been ordinary for so long.
DROP = 160
# How much more what would stand weighs than what stands, right by what was misread for certain. Of 2,737 stretches in a
# line this way 19 more are read back whole, and none takes of the rest; with 1 it is 28 more, and 5 do.
OF_NEW_AT_ENDS = 1.1
# How far around what stands out damage is looked for: characters of it may be ordinary by chance.
AROUND = 12
# The same where what is between can be damaged and say nothing.
AROUND_A_GAP = 24
# So much of a long stretch tells its misreading; the rest is read alike, but not more at once than this.
SAMPLE, AT_ONCE = 64, 512
# Of so many parts of a line it is remembered that nothing is in them.
MOST_REMEMBERED = 4096
# Bytes, and as many characters where each was taken for one.
LONGEST_CHARACTER = 4
# What stands out is first read back roughly, by the characters alone, and few ways are gone in full: those that gain
# so many units, and nearly as much as the best. Of 752 places that stood out in clean text 21 gain as much, and of 315
# damaged ones all that can be mended; there the right way was among the best two. Of 3,721 stretches of UTF-8 with
# U+FFFD in them that were mended, all gain more. With 60 three more of 1,866 stretches are mended, and a clean line
# that is searched takes twice as long.
LEAST_OF_ROUGH, LEAST_OF_SEEN = 100, 50
WORTH_A_LOOK, BEST_OF_ROUGH = 0.6, 6
FOR_A_BROKEN_BYTE = 40
A_QUESTION_INSIDE = later(r"[^\x00-\x7f]\?[^\x00-\x7f]")
# Who writes one mark of ASCII right between characters of CJK writes the others so, too.
ASCII_MARK_INSIDE = later(r"[^\x00-\x7f][,.;:!]+[^\x00-\x7f]")
# Read byte by byte, CJK has the middle dot, too.
ANY_WESTERN = Characters("\xa1-\xb6\xb8-\u052f")
# A no-break space that became a space in UTF-8, and a character of two surrogates, as CESU-8 has it.
BECAME_A_SPACE = later(rb"(?<=[\xc2\xc3]) |(?<=[\xe0-\xef]) (?=[\x80-\xbf])|(?<=[\xe0-\xef][\x80-\xbf]) ")
SEQUENCES = later(rb"(?>%b)++" % UTF_8_SEQUENCE)
OF_SURROGATES = later(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
ASCII = bytes(range(0x80))
# Bytes in whole sequences of UTF-8: a few are so by chance, where GBK was taken byte by byte about one in four.
LEAST_UTF_8, MOSTLY_UTF_8 = 8, 0.85
# What so few of a line's characters were encoded to says nothing of the line.
MOST_THAT_FITS = 0.75


def readings_back(text: str, seen: frozenset[Misread] = frozenset()) -> Iterator[tuple[str, Misread]]:
    """Yield what the whole text may have been, if some misreadings were ``seen`` elsewhere by these alone."""
    for name, misreads in by_reading_of(text, seen, rare=True):
        read = reading(name)
        try:
            if read.is_ambiguous(text):
                pieces = list(read.alternatives(text))
                for misread in misreads:
                    for data in misread.combinations(pieces):
                        yield misread.decode(data), misread
                continue
            data = read.encode(text)
        except UnicodeEncodeError:
            continue
        for misread in misreads:
            try:
                yield misread.decode(data), misread
            except UnicodeDecodeError:
                continue


def broken_by(*, lossy: bool) -> int:
    """Return what a byte costs, in units, that is none of a character: little where others were lost."""
    return FOR_A_BROKEN_BYTE if lossy else plausibility().singles[REPLACEMENT]


class Search:
    """The search through one line, for any misreading or for ``only`` one."""

    def __init__(self, line: str, seen: frozenset[Misread] = frozenset(), *, only: Misread | None = None) -> None:
        self.line = line
        self.seen = seen
        self.only = only
        # Where nothing was found: what stands there and around, and where in it that was looked for.
        self.nothing_in: set[tuple[str, bool, int, int]] = set()

    def run(self) -> list[Undone]:
        """Return the stretches to put right, by place."""
        whole = self.whole() if self.only is None else None
        if whole is not None and len(whole.text) >= LONG_ENOUGH_FOR_NOISE and is_noise(whole.text):
            whole = None
        # Marks of CJK by themselves tell nothing in a line; a field that was misread may hold no more: £º¡¸ as ：「.
        if whole is not None and not (is_wide if is_field(whole.text) else is_cjk)(self.line, whole):
            return []
        # Where kana are alike and Han become Han, any line is text to the last byte.
        is_by_chance = whole is not None and KANA_ALIKE.issuperset(whole.chain)
        if whole is not None and not is_by_chance and is_text(self.line, whole.text):
            return self.with_its_losses(whole)
        lossy = LOSS.search(self.line) is not None
        # What is between can be damaged and say nothing where bytes were lost, and between kana that are the same.
        aliens = joined(self.aliens, AROUND_A_GAP)
        regions = joined(sorted([*self.regions(), *aliens]), AROUND_A_GAP if lossy else AROUND)
        spans = list(apart(undone for region in regions for undone in self.stretches(*region)))
        if lossy and any(undone.lost and undone.odds > CERTAIN_OF_A_LOSS for undone in spans):
            spans = self.and_the_rest(spans)
        if whole is None or (spans and self.odds_of(spans) > whole.odds + (0 if is_by_chance else FOR_THE_WHOLE)):
            return spans
        return self.with_its_losses(whole)

    def regions(self) -> list[tuple[int, int]]:
        """Return the stretches that are out of the ordinary: the best sums of what each character costs too much."""
        if plausibility().excess(self.line, 0, len(self.line), ORDINARY) <= LEAST_SUSPICION:
            return []  # Nothing stands out, which takes a tenth of the time to tell.
        # In text that was mended marks tell of nothing more.
        is_mended = REPLACEMENT in self.line and reads_like_text(self.line)
        unsaid = REPLACEMENT if is_mended else ""
        return plausibility().dear_parts(self.line, ORDINARY, LEAST_SUSPICION, DROP, unsaid)

    @cached_property
    def aliens(self) -> list[tuple[int, int]]:
        """Where Han stand by a kana that Japanese has not, or seldom."""
        return [] if self.only else evidence.aliens_by_kana(self.line, 0, len(self.line))

    @property
    def may_keep_kana(self) -> bool:
        """Whether what was seen elsewhere leaves open that kana stand here as they were written."""
        return not self.seen or self.seen >= KANA_ALIKE

    def worth_a_try(self) -> frozenset[Misread] | None:
        """Return how all of the line may have been misread: no ways stand for any."""
        size = len(self.line)
        # Words of a few characters tell little by what they cost, and nothing by their kana.
        if is_field(self.line) or plausibility().cost(self.line) > SUSPICIOUS * size or mixes_kana(self.line):
            return self.seen
        # What keeps its kana costs no more than text does.
        has_kana = ANY_KANA.count(self.line)
        return KANA_ALIKE if self.may_keep_kana and (has_kana or self.aliens) else None

    def whole(self) -> Undone | None:
        """Return the best reading of the whole line, through up to three layers."""
        ways_back = self.worth_a_try()
        if ways_back is None:
            return None
        # What is past mending is so in all ways, and of nothing but ï¿½ there may be 100 MB. Pairs are sooner weighed.
        if ANY_WESTERN.count(self.line) and is_past_mending(self.line):
            return None
        best: Undone | None = None
        layer: list[tuple[Search, tuple[Misread, ...], float]] = [(self, (), 0)]
        seen = {self.line}
        stands = plausibility().alone(self.line) + RARER
        for _ in range(DEEPEST):
            below = []
            for garbled, chain, odds_against in layer:
                for text, misread in readings_back(garbled.line, ways_back):
                    if text in seen:
                        continue
                    total = odds_against + garbled.against(misread) + (evidence.AGAINST_A_LAYER if chain else 0)
                    if (
                        # Weighing takes ten times as long as this, which is enough for most.
                        plausibility().alone(evidence.as_known(text)) < stands
                        and (undone := self.weigh(0, len(self.line), text, (*chain, misread), total)).odds > 0
                        and (best is None or self.is_likelier(undone, best))
                        # Words in another alphabet and marks are not ours to mend, but may be what was written.
                        and (is_wide(self.line, undone) or not evidence.NOT_WORDS.search(text))
                        # What came out of the layer before may be text already.
                        and (not chain or garbled.weigh(0, len(garbled.line), text, (misread,), total).odds > 0)
                    ):
                        best = undone
                    if misread.written == "utf-8":
                        # Only UTF-8 checks itself enough to go on through what still looks garbled.
                        seen.add(text)
                        below.append((Search(text, self.seen), (*chain, misread), total))
            if best is not None and is_text(self.line, best.text):
                break
            layer = below
        return best and self.weighed_by_neighbours(best)

    def weighed_by_neighbours(self, whole: Undone) -> Undone:
        """Return the line as it was by the best of the ways back that each character has, where that is one only."""
        misread, *others = whole.chain
        if others or not reading(misread.read).is_ambiguous(self.line):
            return whole
        _, found = best_stretches(self.line, (0, len(self.line)), misread, AGAINST_A_GAP)
        text = apply(self.line, (Edit(*one[:3]) for one in found))
        if not misread.may_show(text, self.line):
            return whole
        weighed = self.weigh(0, len(self.line), text, whole.chain, self.against(misread))
        return max(whole, weighed, key=attrgetter("odds"))

    def weigh(
        self,
        start: int,
        end: int,
        text: str,
        chain: tuple[Misread, ...],
        odds_against: float,
        *,
        lost: tuple[Lost, ...] = (),
    ) -> Undone:
        """Return what may have been a stretch, with the odds for it: -inf if it gains only by repeating itself."""
        gain = evidence.gain(self.line, start, end, text, [chain[-1].written])
        odds = -inf
        if min(gain) > odds_against - evidence.most_for(chain[-1].written):
            presumed = with_presumed(text, lost, chain[-1].written)
            like_others = self.seen.issuperset(chain)
            odds_against += evidence.oddity(self.line, start, end, presumed, chain, like_others=like_others)
            odds_against += evidence.against_losses(text) - evidence.against_losses(presumed)
            # What is UTF-8 at first may be any other encoding below.
            if chain[0].written != "utf-8" and self.is_rather_western(start, end, text, evidence.against(chain[0], ())):
                odds_against = inf
            if min(gain) > odds_against and not is_past_mending(self.line[start:end]):
                odds = gain.of_all - odds_against
        return Undone(start, end, text, chain, odds, lost)

    def is_likelier(self, one: Undone, other: Undone) -> bool:
        """Tell whether the whole line was rather one than the other, where both are likelier than what stands there."""
        if not (is_field(one.text) and is_field(other.text)):
            return one.odds > other.odds
        # What is odd in a few characters speaks against any change, and not for another: 力。 is no odder than 別蚓.
        return one.odds + self.oddity(one) > other.odds + self.oddity(other)

    def oddity(self, whole: Undone) -> float:
        """Return what is odd about a change of the whole line, in nats; what speaks for it is not."""
        return max(0, evidence.oddity(self.line, *whole[:4]))

    def odds_of(self, spans: Sequence[Undone]) -> float:
        """Return the odds of several stretches together, told like those of a whole line."""
        odds_against = 0.0
        for undone in spans:
            (misread,) = undone.chain
            odds_against += self.against_stretch(misread)
            odds_against += evidence.oddity(self.line, *undone[:3], undone.chain)
        line = apply(self.line, (Edit(*undone[:3]) for undone in spans))
        written = {undone.chain[-1].written for undone in spans}
        return evidence.gain(self.line, 0, len(self.line), line, written).of_all - odds_against

    def against(self, misread: Misread) -> float:
        """Return the odds against a misreading, in nats."""
        if misread.read in SINGLE_BYTE and misread.written != "utf-8" and self.is_utf_8_byte_by_byte:
            return inf
        return evidence.against(misread, self.seen)

    def against_stretch(self, misread: Misread) -> float:
        """Return the odds against a misreading that begins and ends inside the line, in nats."""
        return self.against(misread) + evidence.against_stretch(misread)

    def bytes_in(self) -> Iterator[tuple[str, bytes]]:
        """Yield what the line was read from, if byte by byte, in each encoding that has nearly all of its characters.

        They are not kept: a line may be 100 MB, and so many times that would be held for as long as it is searched.
        """
        # What was lost in Latin-1 or Windows-1252 is most often a byte that continues.
        line = self.line.replace(REPLACEMENT, "\x81")
        most = MOST_THAT_FITS * ANY_BEYOND_ASCII.count(line)
        for name in SINGLE_BYTE:
            data = reading(name).encode_what_fits(line)
            if len(data.translate(None, ASCII)) >= most:
                yield name, data

    @cached_property
    def is_utf_8_byte_by_byte(self) -> bool:
        """Whether the line is UTF-8 that was taken byte by byte, of letters of three bytes for the most part."""
        for _, read in self.bytes_in():
            if OF_SURROGATES.search(read):
                return True
            data = BECAME_A_SPACE.sub(b"\xa0", read)
            rest = SEQUENCES.sub(b"", data)
            # What repeats is so by chance as easily as once.
            if len(data) - len(rest) >= MOSTLY_UTF_8 * len(data.translate(None, ASCII)) and _has_several(data):
                return True
        return False

    @cached_property
    def western(self) -> list[tuple[str, float]]:
        """What the line was if it is UTF-8 of no CJK that was taken byte by byte, and what speaks against that."""
        found = []
        for name, data in self.bytes_in():
            if len(data) == len(self.line):
                with suppress(UnicodeDecodeError):
                    words = BECAME_A_SPACE.sub(b"\xa0", data).decode()
                    found.append((words, evidence.against(Misread("utf-8", name), ())))
        return [(words, odds_against) for words, odds_against in found if is_western(words)]

    def is_rather_western(self, start: int, end: int, text: str, odds_against: float) -> bool:
        """Tell whether the line is as likely UTF-8 of words of the West as it is with a text in a place.

        Of 9,000 such words of up to four letters, in UTF-8 read in five encodings, 27 readings of 45,000 turn to CJK;
        without this 10,000 do. Of Chinese of two characters whose bytes could be such letters 77 % of 1,306 kinds come
        back.
        """
        if not self.western:
            return False
        would = evidence.cost(self.line[:start] + text + self.line[end:]) + UNITS_PER_NAT * odds_against
        return any(
            len(words) == 1 or evidence.cost(words) + UNITS_PER_NAT * against < would for words, against in self.western
        )

    def stretches(self, a: int, b: int) -> Iterator[Undone]:
        """Yield the best readings of what stands out in line[a:b], and of what is around it."""
        at, end = a, 0
        while at < b:
            lowest, sample = max(end, at - AROUND), min(b, at + (SAMPLE if self.only is None else AT_ONCE))
            found, highest = self.best_of_ways(lowest, at, sample), sample + AROUND
            if found and sample < b and self.only is None:
                (misread,) = found[0].chain
                highest = min(len(self.line), b + AROUND, at + AT_ONCE)
                found = self.through(misread, lowest, highest, at, b)
            found = self.widened(found, (lowest, min(len(self.line), highest)), end)
            if found and highest - AROUND < found[-1].end < b:
                found = [*found[:-1], self.prolonged(found[-1], b)]
            yield from found
            end = found[-1].end if found else end
            # Where nothing was found, what begins in the sample may be too short in it to tell.
            at = max(end, at + 1) if found else sample if sample == b else sample - AROUND

    def widened(self, found: list[Undone], window: tuple[int, int], end: int) -> list[Undone]:
        """Return the stretches with what was misread alike beyond their window, but not before an end.

        Letters of the West that stand for bytes are common for longer than what is around a stretch.
        """
        size = AROUND
        while found and found[0].chain[0].read in SINGLE_BYTE and size < SAMPLE:
            size *= 2
            lowest, highest = window
            if found[0].start < lowest + LONGEST_CHARACTER:
                lowest = max(end, lowest - size)
            if found[-1].end > highest - LONGEST_CHARACTER:
                highest = min(len(self.line), highest + size)
            if window == (lowest, highest):
                break
            window = lowest, highest
            wider = self.through(found[0].chain[0], lowest, highest, found[0].start, found[-1].end)
            found = wider or found
        return found

    def prolonged(self, undone: Undone, b: int) -> Undone:
        """Return a stretch with what follows it in line[:b], as far as codecs read it back as text in the same way.

        To walk that takes a hundred times as long, and a page may be one line. The last of it is left to be walked, to
        find where damage ends.
        """
        (misread,) = undone.chain
        end, size, pieces = undone.end, AT_ONCE, [undone.text]
        last = b - SAMPLE
        while size >= SAMPLE and end + SAMPLE < last:
            if (going_on := read_on(self.line[end : min(last, end + size)], misread)) is None:
                size //= 2
                continue
            length, text = going_on
            pieces.append(text)
            end += length
            size *= 2
        return undone._replace(end=end, text="".join(pieces))

    def best_of_ways(self, lowest: int, a: int, b: int) -> list[Undone]:
        """Return what is likeliest to have been misread in line[a:b], and around it from ``lowest`` on.

        In hostile input the same stands there a million times, and it need not be walked again.
        """
        highest = min(len(self.line), b + AROUND)
        window = self.line[max(0, lowest - 1) : highest + 1], lowest > 0, a - lowest, b - lowest
        if window in self.nothing_in:
            return []
        # Letters of the West that stand for bytes are common, too, so that little of them may stand out.
        worth = self.roughly(a, b)
        if not worth and ANY_WESTERN.count(self.line, a, b):
            worth = self.roughly(lowest, highest)
        found = self.first_that_reads(worth, lowest, highest, a, b)
        if not found and len(self.nothing_in) < MOST_REMEMBERED:
            self.nothing_in.add(window)
        return found

    def with_its_losses(self, whole: Undone) -> list[Undone]:
        """Return the line as it was; question marks that stand together in it were none, and so may others be."""
        together = TWO_QUESTIONS.search(self.line) is not None
        misread, line = whole.chain[0], (0, len(self.line))
        if misread.written != "utf-8" and are_typed(whole.text, misread):
            return [whole]
        # No character of CJK is as short in UTF-8 as what one question mark stands for.
        one_by_one = misread.written != "utf-8" and A_QUESTION_INSIDE.search(self.line)
        may_be = (together or one_by_one) and not ASCII_MARK_INSIDE.search(self.line)
        if len(whole.chain) > 1 or not (may_be or has_fillers(misread, self.line)):
            return [whole]
        _, found = best_stretches(self.line, line, misread, AGAINST_A_GAP, lossy=not together)
        if not any(one.lost for one in found):
            return [whole]
        return self.and_the_rest([Undone(*one[:3], whole.chain, whole.odds, one.lost) for one in found])

    def and_the_rest(self, spans: list[Undone]) -> list[Undone]:
        """Return the stretches, with what else of the line lost bytes in the same way and says little by itself."""
        surest: Undone = max((undone for undone in spans if undone.lost), key=attrgetter("odds"))
        (misread,) = surest.chain
        _, found = best_stretches(self.line, (0, len(self.line)), misread, AGAINST_THE_REST, lossy=True)
        all_of_it = [
            Undone(start, end, text, surest.chain, surest.odds, lost)
            for start, end, text, lost in found
            # A question mark by itself, or two as an operator of code, tell nothing; nor does a sign that went alone.
            if not self.line[start:end].isascii() and (LOSS.search(self.line, start, end) or len(text) > len(lost))
            if not is_noise(text)
        ]
        ends = [new.end for new in all_of_it]
        others = []
        for one in spans:
            next_at = bisect_right(ends, one.start)
            if next_at == len(ends) or one.end <= all_of_it[next_at].start:
                others.append(one)
        return sorted([*all_of_it, *others])

    def roughly(self, a: int, b: int) -> list[Misread]:
        """Return the misreadings that make the most of some part of a stretch, by its characters alone, best first."""
        if self.only is not None:
            return [self.only]
        lossy = LOSS.search(self.line, a, b) is not None
        part, around = self.line[a:b], self.line[max(0, a - SAMPLE) : b + SAMPLE]
        found = gains(part, broken_by(lossy=lossy), self.seen, is_cut=lossy)
        ranked: list[tuple[int, Misread]] = []
        walked: set[tuple[str, bytes]] = set()
        bytes_around: dict[str, bytes] = {}
        gaining = [(way, gain) for way, gain in zip(ways(self.seen), found, strict=True) if gain >= LEAST_OF_SEEN]
        for misread, gain in gaining:
            if misread.read in SINGLE_BYTE:
                if misread.read not in bytes_around:
                    read = reading(misread.read)
                    # Of what is CJK a code page of the West has nothing.
                    has_some = len(read.encode_what_fits(part).translate(None, ASCII)) > 1
                    bytes_around[misread.read] = read.encode_what_fits(around) if has_some else b""
                # Many have the same bytes there as one that is met more often, and are the same walk.
                same = misread.written, bytes_around[misread.read]
                if not same[1] or same in walked:
                    continue
                walked.add(same)
            ranked.append((gain, misread))
        ranked.sort(key=itemgetter(0), reverse=True)
        least = ranked[0][0] * WORTH_A_LOOK if ranked else 0
        # What keeps its kana costs little more than text, and the others of it may be common.
        keeps_kana = self.may_keep_kana and any(a <= start < b for start, _ in self.aliens)
        worth = list(KANA_ALIKE) if keeps_kana else []
        for gain, misread in ranked:
            if len(worth) == BEST_OF_ROUGH or (gain < least and not self.seen):
                break
            # Little is left where each question mark swallowed two bytes; only UTF-8 checks itself enough for that.
            checks_itself = misread.written == "utf-8" and "?" in part
            is_much = gain >= max(least, LEAST_OF_SEEN if checks_itself else LEAST_OF_ROUGH)
            if (is_much or misread in self.seen) and misread not in worth:
                worth.append(misread)
        return worth

    def first_that_reads(self, worth: Iterable[Misread], lowest: int, highest: int, a: int, b: int) -> list[Undone]:
        """Return the stretches of a window in the likeliest of several ways in which they read like text.

        To weigh what a way finds takes longer than to find it.
        """
        several = [(misread, *self.walk(misread, (lowest, highest))) for misread in worth]
        several.sort(key=itemgetter(1), reverse=True)
        for misread, _, stretches in several:
            if found := self.weighed(stretches, misread, (lowest, highest), a, b):
                return found
        return []

    def through(self, misread: Misread, lowest: int, highest: int, a: int, b: int) -> list[Undone]:
        """Return the stretches of a window that were misread so; some of them touch line[a:b]."""
        return self.first_that_reads((misread,), lowest, highest, a, b)

    def walk(
        self, misread: Misread, window: tuple[int, int], of_new: float = evidence.OF_NEW
    ) -> tuple[float, list[Stretch]]:
        """Return the stretches of a window that are likelier a misreading than text, and the odds for all."""
        odds_against = self.against_stretch(misread)
        if odds_against == inf:
            return 0, []
        # Enough for one is enough for more, each of which would begin and end a stretch of its own.
        for_an_alien = evidence.FOR_AN_ALIEN if misread in KANA_ALIKE and self.aliens else 0
        return best_stretches(self.line, window, misread, odds_against - for_an_alien, of_new=of_new)

    def weighed(
        self, stretches: Iterable[Stretch], misread: Misread, window: tuple[int, int], a: int, b: int
    ) -> list[Undone]:
        """Return the stretches of a window that read like text, if some of them touch line[a:b]."""
        found, odds_against = [], self.against_stretch(misread)
        for start, end, text, lost in stretches:
            cuts = evidence.against_cut(self.line, start) + evidence.against_cut(self.line, end)
            undone = self.weigh(start, end, text, (misread,), odds_against + cuts, lost=lost)
            if undone.odds > 0 and is_cjk(self.line, undone) and not is_noise(text):
                found.append(undone)
        if found and not LOSS.search(self.line, *window):
            found = list(self.to_their_ends(found, misread, window))
        return found if any(undone.start < b and undone.end > a for undone in found) else []

    def to_their_ends(self, found: Iterable[Undone], misread: Misread, window: tuple[int, int]) -> Iterator[Undone]:
        """Yield the stretches with what is misread right by them and does not tell it by itself."""
        _, wider = self.walk(misread, window, OF_NEW_AT_ENDS)
        for undone in found:
            whole = (one for one in wider if one.start <= undone.start and undone.end <= one.end)
            around = next(whole, None)
            if around is not None and undone.text in around.text:
                yield undone._replace(start=around.start, end=around.end, text=around.text, lost=around.lost)
            else:
                yield undone


def _has_several(data: bytes) -> bool:
    """Tell whether sequences of UTF-8 that differ from each other have so many bytes that they tell."""
    different: set[bytes] = set()
    for sequence in SEQUENCE.finditer(data):
        if sequence[0] not in different:
            different.add(sequence[0])
            if sum(map(len, different)) >= LEAST_UTF_8:
                return True
    return False


def read_on(piece: str, misread: Misread) -> tuple[int, str] | None:
    """Return how much of a piece is text, if all of it was misread so, and that; None where it does not read well.

    Its last characters are read and not taken, so that what is good behind it is seen.

    >>> read_on("ÄãºÃ" * 5, Misread("gb18030", "latin-1"))
    (8, '你好你好')
    """
    if reading(misread.read).is_ambiguous(piece) or (ahead := _first_of(piece, misread)) is None:
        return None
    _, text = ahead
    model = plausibility()
    if model.excess(text, 0, len(text), ORDINARY) > DROP or model.cost(text) >= model.cost(piece):
        return None
    return _first_of(piece[:-AROUND], misread)


def _first_of(piece: str, misread: Misread) -> tuple[int, str] | None:
    """Return the most of a piece that is whole characters, as the codecs read it back."""
    for end in range(len(piece), max(0, len(piece) - LONGEST_CHARACTER), -1):
        try:
            return end, misread.decode(reading(misread.read).encode(piece[:end]))
        except UnicodeError:
            continue
    return None


def joined(regions: Iterable[tuple[int, int]], most: int) -> Iterator[tuple[int, int]]:
    """Yield the regions, as one where the gap between two is no wider than ``most``.

    >>> list(joined([(0, 5), (9, 12), (40, 42)], 12))
    [(0, 12), (40, 42)]
    """
    start, end = 0, -most - 1
    for a, b in regions:
        if a - end > most:
            if end > start:
                yield start, end
            start = a
        end = max(end, b)
    if end > start:
        yield start, end
