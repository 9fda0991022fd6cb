"""Lines that were misread from end to end, told by the codecs and by what the line costs as it stands and as it was.

This takes a fiftieth of the time of a search, and most damaged pages were misread throughout: so each line is tried in
the way of those before, and the first of them in all ways.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property, partial
from itertools import takewhile
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT, WITH_HOLES
from mojimend.encodings.lost import UNKNOWN, Lost, length
from mojimend.encodings.misread import (
    MULTIBYTE,
    NOT_SINGLE_BYTE,
    Misread,
    as_the_web_shows,
    feed,
    lenient_errors,
    reading,
)
from mojimend.kernel import Characters
from mojimend.models.comparison import Comparison
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.rules import evidence
from mojimend.rules.misreading import FILLER
from mojimend.rules.past_mending import is_past_mending
from mojimend.rules.rough import by_reading, by_reading_of
from mojimend.rules.search import LONGEST_CHARACTER
from mojimend.rules.undone import LEAST_CJK, NOISE, ORDINARY, TWO_QUESTIONS, Undone, are_typed
from mojimend.rules.ways_on import has_fillers
from mojimend.text.scripts import ANY_BEYOND_ASCII

# From what odds on, in nats, a line is taken for misread as those before it were.
PLAIN = 16
# So many characters of either end of a line tell it, if those between cost less each by itself, as in 24 of 25 lines
# that are longer. Of 222,779 lines that were read back in an encoding they were not written in, 210 are taken that by
# all of it are not, most of them with kana that are the same in both.
ENDS_OF_A_LINE, ORDINARY_BETWEEN = 8, 64
AS_PLAIN = Comparison(
    (evidence.OF_PAIRS, evidence.OF_CHARACTERS),
    of_new=evidence.OF_NEW,
    usual=ORDINARY,
    wanted=evidence.ANY_WIDE,
    share=LEAST_CJK,
    least=PLAIN * UNITS_PER_NAT,
    ends=ENDS_OF_A_LINE,
    usual_alone=ORDINARY_BETWEEN,
)
# So much more must one way have than any other, if no line before tells.
PLAINER = 24
# From what odds on UTF-8 is it, whatever else might be: bytes in other encodings never are whole sequences for so long.
CONCLUSIVE = 150
# From what odds on no other reading is tried. Of 228,086 lines the same is told as by all of them.
LIKE_NO_OTHER = 100
# Characters that tell it, so many that they tell it of all that goes on so, and so few that most often tell that it is
# not so.
SAMPLE, AMPLE, A_FEW = 96, 256, 16
# Bytes at a cut that may be none of what stood there: of a character in two pieces.
MOST_AT_A_CUT = 2 * LONGEST_CHARACTER
# What differs in few characters, so that one line seldom tells them apart.
TWINS = {"cp1252": "latin-1", "latin-1": "cp1252"}
# In units, what a character of noise costs by itself. Of 18,517 clean pieces of 300 characters none costs more than 65,
# and of 92,890 misread ones 136 cost less than 68.
NOISE_ALONE = 68


def undo_likewise(line: str, misread: Misread, *, is_likeliest: bool = False) -> Undone | None:
    """Return what a line was if all of it was misread as others were; None if that is not plain.

    It is plainer if this way is known to be likelier than any other. What was UTF-8 may be several lines, as it checks
    itself enough to judge them together.

    >>> undo_likewise("浣犲ソ锛屼笘鐣岋紒浠婂ぉ澶╂皵", Misread("utf-8", "gb18030")).text
    '你好，世界！今天天气'
    """
    text = _as_written(line, misread)
    checks_itself = misread.written == "utf-8"
    if text is None or not (checks_itself or _can_be_all(line, text, misread)):
        return None
    if checks_itself and len(line) > AMPLE:
        # What was UTF-8 to the last byte need not be weighed as a whole, if its beginning tells.
        begun = line[:AMPLE]
        was = begun_as_utf_8(misread.bytes_behind(begun))
        odds_of_it = plain_odds(begun, was, checks_itself=True) or 0
        if odds_of_it > CONCLUSIVE and goes_on_so(text):
            return Undone(0, len(line), text, (misread,), odds_of_it)
    odds = plain_odds(line, text, is_likeliest=is_likeliest, checks_itself=checks_itself)
    # Of Japanese read in code page 932 だ is □ now and then; a short line may have lost something there.
    if odds is None or (odds <= CONCLUSIVE and may_have_lost(line, misread)):
        return None
    return Undone(0, len(line), text, (misread,), odds)


def may_have_lost(line: str, misread: Misread) -> bool:
    """Tell whether something in a line stands for lost bytes, or for bytes that it is read as itself."""
    return misread.read in MULTIBYTE and FILLER.search(line) is not None


def undo_cut(line: str, misread: Misread, *, is_likeliest: bool = False) -> Undone | None:
    """Return what a long line was that was cut inside its last character; shorter ones are soon walked.

    >>> undo_cut("浠婂ぉ澶╂皵寰堝ソ" * 60 + "浠", Misread("utf-8", "gb18030")).text[-4:]
    '气很好�'
    """
    if len(line) <= AMPLE:
        return None
    for end in range(len(line) - 1, len(line) - LONGEST_CHARACTER, -1):
        undone = undo_likewise(line[:end], misread, is_likeliest=is_likeliest)
        if undone is None:
            continue
        rest = misread.bytes_behind(line[end:])
        if feed(misread.written, b"", rest) != ("", rest):
            return None
        known = rest.ljust(length(misread.written, rest[0]), UNKNOWN)
        lost = Lost(len(undone.text), end, len(line), known)
        return undone._replace(end=len(line), text=undone.text + REPLACEMENT, lost=(lost,))
    return None


def plain_lines(lines: str, misread: Misread) -> tuple[str, list[float]]:
    r"""Return what lines were if all were misread so, and the odds for each of them up to the first that is not plain.

    To read them at once takes hardly longer than to read one. What was UTF-8 is judged together by ``undo_likewise``.

    >>> misread = Misread("cp949", "latin-1")
    >>> text, odds = plain_lines(misread.garble("오늘은 날씨가 아주 좋네요\n내일도 맑겠습니다") + "\nLG", misread)
    >>> text.split("\n")[: len(odds)]
    ['오늘은 날씨가 아주 좋네요', '내일도 맑겠습니다']
    """
    text = _as_written(lines, misread)
    if text is None:
        return lines, []
    odds = [gain / UNITS_PER_NAT for gain in plausibility().gains_of_lines(lines, text, AS_PLAIN)]
    if "??" in lines or evidence.ANY_FRAME.count(lines):
        each = zip(lines.split("\n"), text.split("\n"), odds, strict=False)
        odds = [of_it for line, was, of_it in takewhile(lambda one: _can_be_all(*one[:2], misread), each)]
    return text, odds


def _as_written(line: str, misread: Misread) -> str | None:
    """Return what a line, or several, was if all of it was misread so; None if it was not, or can be something else."""
    # What stands for a lost byte is no part of UTF-8, whatever that was read in.
    if REPLACEMENT in line if misread.written == "utf-8" else reading(misread.read).is_ambiguous(line):
        return None
    # Some marks of loss are characters that the bytes can have been, too, and are weighed both ways; but where all is
    # UTF-8 with them, they are a part of it.
    if has_fillers(misread, line) or (misread.written != "utf-8" and may_have_lost(line, misread)):
        return None
    try:
        # Of text that was not misread so, a few characters tell, in whatever time all of it would take.
        if misread.written == "utf-8" and not begins_as_utf_8(line, misread.read):
            return None
        return misread.decode(misread.bytes_behind(line))
    except UnicodeError:
        return None


def begun_as_utf_8(data: bytes) -> str:
    r"""Return what UTF-8 was that is cut: a character that has several ways back may have been other bytes at the end.

    Raises:
        UnicodeDecodeError: Before its end, it is no UTF-8.

    >>> begun_as_utf_8("你好".encode()[:5]), begun_as_utf_8("你好".encode() + b"\xe4\xb8\xa2\xe3")
    ('你', '你好丢')
    """
    try:
        return codecs.utf_8_decode(data, "strict", False)[0]
    except UnicodeDecodeError as error:
        if error.start < len(data) - MOST_AT_A_CUT:
            raise
        return data[: error.start].decode()


def begins_as_utf_8(text: str, read: str) -> bool:
    """Tell whether the few characters that a text begins with are UTF-8, if it was read so and they lost nothing.

    >>> [begins_as_utf_8(text, "gb18030") for text in ("浠婂ぉ澶╂皵寰堝ソ", "今天天气很好呀")]
    [True, False]
    """
    try:
        begun_as_utf_8(reading(read).encode_utf_8(text[:A_FEW]))
    except UnicodeError:
        return False
    return True


def _can_be_all(line: str, text: str, misread: Misread) -> bool:
    """Tell whether nothing of a line was lost or drawn, if it was a text in another encoding than UTF-8."""
    has_lost = TWO_QUESTIONS.search(line) and _loses_pairs(misread) and not are_typed(text, misread)
    return not (has_lost or evidence.is_drawn(line))


def or_its_twin(misread: Misread, line: str) -> Misread:
    r"""Return the misreading, or with the encoding that differs in few characters, where only that has those of a line.

    >>> or_its_twin(Misread("cp949", "cp1252"), "\x8cÃ")
    Misread(written='cp949', read='latin-1')
    """
    twin = TWINS.get(misread.read)
    if twin is None or reading(misread.read).has_all(line) or not reading(twin).has_all(line):
        return misread
    return Misread(misread.written, twin)


def misread_of(line: str, usual: Misread | None = None) -> Misread | None:
    """Return how a line was misread if its beginning is so much likelier that way than any other that no more is asked.

    Where others were misread as is ``usual``, it is enough that no other way is likelier.

    >>> misread_of("浣犲ソ锛屼笘鐣岋紒浠婂ぉ澶╂皵寰堝ソ")
    Misread(written='utf-8', read='gb18030')
    >>> misread_of("今天天气很好") is None
    True
    """
    sample = line[:SAMPLE]
    if REPLACEMENT in sample:
        # Whatever was read byte by byte, or is UTF-8, has no bytes for it.
        return None
    likeliest: Misread | None = None
    ways_of = _WaysOf(sample)
    if usual is not None and ways_of.is_like_no_other(usual):
        return None if is_past_mending(line) else usual
    for rare in ways_of.rarities:
        ways: list[_Way] = []
        for several in ways_of.by_reading(rare=rare):
            is_likely = False
            for way in several:
                is_likely |= way.odds > LIKE_NO_OTHER
                if way.misread.written == "utf-8" and way.odds > CONCLUSIVE and not is_past_mending(line):
                    return way.misread
                ways.append(way)
            # What makes text of the bytes of one reading is not text by those of another.
            if is_likely and (told := _conclusive(ways, usual)):
                return None if is_past_mending(line) else told
        # Where a rare way is about as likely as a common one, it does not count.
        likeliest = _likeliest(ways, usual) or likeliest
        if likeliest is not None and any(way.misread == likeliest and _is_ordinary(way.text) for way in ways):
            break
    return None if likeliest is None or is_past_mending(line) else likeliest


def may_be_told_by_others(line: str) -> bool:
    """Tell whether a line may have been misread as ``misread_of`` tells it of others.

    That tells of what was read byte by byte, and of UTF-8.

    >>> [may_be_told_by_others(line) for line in ("浠婂ぉ澶╂皵", "ÄãºÃ", "螃棺擎 陳噢陛")]
    [True, True, False]
    """
    if not NOT_SINGLE_BYTE.count(line) or evidence.LOSS.search(line):
        return True
    return any(begins_as_utf_8(line, name) for name in MULTIBYTE)


class _Way(NamedTuple):
    """A way in which a sample may have been misread, what it was then, and the odds for that."""

    misread: Misread
    text: str
    odds: float


def _conclusive(ways: Sequence[_Way], usual: Misread | None) -> Misread | None:
    """Return the likeliest way if it is so likely that no other reading has to be tried, once the usual one was."""
    if (told := _likeliest(ways, usual)) is None:
        return None
    (text,) = (way.text for way in ways if way.misread == told)
    # Kana are alike in several encodings.
    alike = [way for way in ways if way.text == text]
    is_one = all(way.misread.written == told.written for way in alike) and alike[0].odds > LIKE_NO_OTHER
    is_usual_tried = usual is None or any(way.misread == usual for way in ways)
    return told if is_one and is_usual_tried and _is_ordinary(text) else None


def _is_ordinary(text: str) -> bool:
    """Tell whether it reads as text does, so that no rare way can be likelier."""
    return plausibility().cost(text) < ORDINARY * len(text)


class _WaysOf:
    """The ways in which a sample can be read back, all of it.

    Latin-1 and Windows-1252 are often the same: read once, and the likelier is enough.
    """

    def __init__(self, sample: str) -> None:
        self._sample = sample
        self._by_bytes: dict[bytes, dict[str, str | None]] = {}
        self._odds_of: dict[str, float] = {}
        # What is rare was read byte by byte.
        self.rarities = (False,) if NOT_SINGLE_BYTE.count(sample) else (False, True)

    def is_like_no_other(self, usual: Misread) -> bool:
        """Tell whether what is usual is so likely that no other reading has to be tried.

        A line of names costs as much as noise, and would be read in all ways. Of 92,664 lines, each with some way for
        the usual one, 16 are told otherwise than by all readings, and as they were misread.
        """
        ways = list(self._read_in(usual.read, by_reading(rare=True).get(usual.read, ())))
        odds = next((way.odds for way in ways if way.misread == usual), 0)
        return odds > LIKE_NO_OTHER and _likeliest(ways, usual) == usual

    def by_reading(self, *, rare: bool) -> Iterator[Iterator[_Way]]:
        """Yield them by what the sample was read in; with the rare ones or not."""
        for name, misreads in by_reading_of(self._sample, rare=rare):
            yield self._read_in(name, misreads)

    def _read_in(self, name: str, misreads: Iterable[Misread]) -> Iterator[_Way]:
        read, sample = reading(name), self._sample
        # Where both encodings have pairs, much of what was not misread fits, and which bytes they were of several only
        # UTF-8 tells.
        checks_itself = name not in MULTIBYTE and not read.is_ambiguous(sample)
        if not (checks_itself or begins_as_utf_8(sample, name)):
            return
        try:
            data = read.encode_utf_8(sample)
        except UnicodeEncodeError:
            return
        was = self._by_bytes.setdefault(data, {})
        for misread in misreads:
            written = misread.written
            if not (checks_itself or written == "utf-8"):
                continue
            if written not in was:
                was[written] = _beginning(data, written)
            if (text := was[written]) is not None:
                yield _Way(misread, text, self._odds_for(text))

    @cached_property
    def _stands(self) -> float:
        return evidence.cost(self._sample)

    def _odds_for(self, text: str) -> float:
        if text not in self._odds_of:
            self._odds_of[text] = _odds(self._stands, text, plausibility().cost(text))
        return self._odds_of[text]


def _likeliest(ways: Iterable[_Way], usual: Misread | None) -> Misread | None:
    """Return the likeliest way, if no other text is nearly as likely; where it is usual, if none is likelier."""
    odds_of_usual: float = 0
    likeliest: Misread | None = None
    most: float = 0
    odds_of: dict[str, float] = {}
    for misread, text, odds in ways:
        odds_of[text] = odds
        if misread == usual:
            odds_of_usual = odds
        if (for_it := odds - evidence.against(misread, ())) > most:
            most, likeliest = for_it, misread
    best, second = sorted([0, 0, *odds_of.values()])[:-3:-1]
    if usual is not None and 0 < best == odds_of_usual:
        return usual
    return likeliest if best > second + PLAINER else None


def _beginning(data: bytes, written: str) -> str | None:
    """Return what the beginning of a line was if it was written so, which may end inside a character."""
    try:
        return as_the_web_shows(written, _decoder_of(written)().decode(data))
    except UnicodeDecodeError:
        return None


@cache
def _decoder_of(written: str) -> Callable[[], codecs.IncrementalDecoder]:
    """Return what makes a decoder, as to look for it takes as long as to decode."""
    return partial(codecs.getincrementaldecoder(written), lenient_errors(written))


def _loses_pairs(misread: Misread) -> bool:
    """Tell whether question marks can stand for whole pairs of bytes, so that the rest fits as if they were none."""
    return misread.read in MULTIBYTE or misread.read in WITH_HOLES


def plain_odds(line: str, text: str, *, is_likeliest: bool = False, checks_itself: bool = False) -> float | None:
    """Return the odds for a line having been this text, in nats, if there is no doubt of it."""
    would = plausibility().cost(text)
    # Where UTF-8 is certain, or others were misread alike and no other way is as likely, all may be that is not noise.
    if would >= NOISE * len(text):
        return None
    # Then signs are no letters of the West either: ♥♥♥♥♥.
    if not _is_mostly(evidence.ANY_IN_CJK if is_likeliest else evidence.ANY_WIDE, text):
        return None
    odds = _odds(evidence.cost(line), text, would)
    is_sure = is_likeliest or (checks_itself and odds > CONCLUSIVE)
    return odds if odds > PLAIN and (is_sure or would < ORDINARY * len(text)) else None


def goes_on_so(text: str) -> bool:
    """Tell whether a text is no noise that was UTF-8 all along, and begins as what certainly was.

    Its characters are weighed each by itself, which takes a tenth of the time.
    """
    return _is_mostly(evidence.ANY_WIDE, text) and plausibility().alone(text) < NOISE_ALONE * len(text)


def _is_mostly(wanted: Characters, text: str) -> bool:
    """Tell whether what is not ASCII is what is wanted, for the most part."""
    return wanted.count(text) >= LEAST_CJK * ANY_BEYOND_ASCII.count(text)


def _odds(stands: float, text: str, would: int) -> float:
    """Return the odds, in nats, for what costs so much having been a text whose pairs would cost so much."""
    of_text = evidence.OF_PAIRS * would + evidence.OF_CHARACTERS * plausibility().alone(text)
    return (stands - evidence.OF_NEW * of_text) / UNITS_PER_NAT
