"""What a stretch would gain if it were read back, told roughly: by each character alone, and whatever is broken.

Nearly every look at clean text ends here, so it is done in C where that is at hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial

from mojimend.encodings import lenient
from mojimend.encodings.bytes_of import bytes_of
from mojimend.encodings.lenient import PAIR_BY_PAIR, REPLACEMENT
from mojimend.encodings.misread import MULTIBYTE, NOT_SINGLE_BYTE, PAIRS, SINGLE_BYTE, Misread
from mojimend.kernel import Gains
from mojimend.models.plausibility import CompiledPlausibility, Plausibility, plausibility
from mojimend.models.runs import ANY_WIDTH, runs_of, source_of
from mojimend.text.later import later
from mojimend.text.page import on_its_line

# Met so seldom that a part of a line is not tried for them.
RARE = frozenset({"johab", "shift_jis_2004", "euc_jis_2004", "koi8_r", "cp1253", "cp1257"})
AS_UTF_8 = REPLACEMENT.encode()
# So many bytes of UTF-8 has CJK.
OF_CJK, TWO_BYTES = 3, later("[\x80-\u07ff]")
BY_ITSELF = -1
# More than any character costs behind another.
ANY_COST = 1000
CONTROL = "\x80"  # as which Windows reads what code pages do not have


class Run:
    """The bytes that a text was read from.

    Arguments:
        data: The bytes; characters that have none are passed over, and end the line where each has one byte: no damage
            goes on beyond them.
        stands: What its characters cost, each by itself, up to each byte and to the end.
        has_singles: Whether some have one byte. What comes behind may have begun in the middle of what is two now.
    """

    def __init__(self, data: bytes, stands: Sequence[int], *, has_singles: bool) -> None:
        self.data = data
        self.stands = stands
        self.has_singles = has_singles


@lru_cache(maxsize=64)
def ways(seen: frozenset[Misread] = frozenset(), *, rare: bool = False) -> tuple[Misread, ...]:
    """Return all pairs as ``by_reading`` does, those side by side that were read alike."""
    return tuple(misread for several in by_reading(seen, rare=rare).values() for misread in several)


@lru_cache(maxsize=64)
def by_reading(seen: frozenset[Misread] = frozenset(), *, rare: bool = False) -> dict[str, tuple[Misread, ...]]:
    """Return the pairs by what the text was read in, as one encoding serves all of those; with the rare ones or not.

    If some were ``seen`` elsewhere, these are all.
    """
    pairs = defaultdict(list)
    for misread in PAIRS:
        if misread in seen if seen else rare or RARE.isdisjoint((misread.written, misread.read)):
            pairs[misread.read].append(misread)
    return {name: tuple(several) for name, several in pairs.items()}


def by_reading_of(
    text: str, seen: frozenset[Misread] = frozenset(), *, rare: bool = False
) -> Iterator[tuple[str, tuple[Misread, ...]]]:
    """Yield of ``by_reading`` what a text may have been read in, but for what its characters tell at a glance."""
    is_cjk = NOT_SINGLE_BYTE.count(text) > 0
    for name, misreads in by_reading(seen, rare=rare).items():
        if not (is_cjk and name in SINGLE_BYTE):
            yield name, misreads


def gains(
    text: str,
    broken: int,
    seen: frozenset[Misread] = frozenset(),
    *,
    rare: bool = False,
    is_cut: bool = False,
    in_pairs_from: int = BY_ITSELF,
    most_in_pairs: int = ANY_COST,
) -> list[int]:
    """Return what some part of a text gains at best in each of the ``ways``; the parts between U+FFFD count together.

    Arguments:
        text: What stands there.
        broken: What a byte costs that is none of a character.
        seen: What was seen elsewhere, if anything: then these are all the ways.
        rare: Whether the ways are among them that are met so seldom.
        is_cut: Whether the text may begin in the middle of a character that was written, whatever stands in it.
        in_pairs_from: What gains so much is counted anew, each character behind the one before it, and less is nothing.
        most_in_pairs: What a character that stands there then counts at the most.

    >>> found = gains("浣犲ソ锛屼笘鐣", 40)
    >>> ways()[found.index(max(found))]
    Misread(written='utf-8', read='gb18030')
    """
    model = plausibility()
    if isinstance(model, CompiledPlausibility):
        return _gains(seen, rare=rare).of(text, broken, is_cut, in_pairs_from, most_in_pairs)
    return pure_gains(
        text,
        broken,
        model,
        seen,
        rare=rare,
        is_cut=is_cut,
        in_pairs_from=in_pairs_from,
        most_in_pairs=most_in_pairs,
    )


def gaining(
    least: int,
    broken: int,
    seen: frozenset[Misread] = frozenset(),
    *,
    is_cut: bool = False,
    in_pairs_from: int = BY_ITSELF,
    most_in_pairs: int = ANY_COST,
) -> Callable[[str], bool]:
    """Return what tells of a text whether some of what ``gains`` returns is so much, which is more than 0.

    Once one is, no other is asked.

    >>> list(map(gaining(100, 40), ("浣犲ソ锛屼笘鐣", "你好，世界")))
    [True, False]
    """
    model = plausibility()
    if isinstance(model, CompiledPlausibility):
        return partial(_gains(seen, rare=False).reach, broken, is_cut, in_pairs_from, most_in_pairs, least)

    def gains_enough(text: str) -> bool:
        found = pure_gains(
            text, broken, model, seen, is_cut=is_cut, in_pairs_from=in_pairs_from, most_in_pairs=most_in_pairs
        )
        return max(found) >= least

    return gains_enough


def gaining_around(
    before: int, behind: int, least: int, broken: int, seen: frozenset[Misread], *, in_pairs_from: int
) -> Callable[[str, int], bool]:
    r"""Return what tells the same of what stands around a place of a text on its line, up to so many code points.

    >>> is_garbled = gaining_around(4, 4, 100, 40, frozenset({Misread("utf-8", "gb18030")}), in_pairs_from=0)
    >>> [is_garbled(text, 4) for text in ("你好\n\n浣犲ソ锛屼笘鐣", "你好，世界")]
    [True, False]
    """
    model = plausibility()
    if isinstance(model, CompiledPlausibility):
        reach_at = _gains(seen, rare=False).reach_at
        return partial(reach_at, broken, False, in_pairs_from, ANY_COST, least, before, behind)
    gains_enough = gaining(least, broken, seen, in_pairs_from=in_pairs_from)
    return lambda text, at: gains_enough(on_its_line(text, at, before, behind))


@lru_cache(maxsize=64)
def _gains(seen: frozenset[Misread], *, rare: bool) -> Gains:
    several = by_reading(seen, rare=rare).items()
    return Gains(
        tuple(
            (source_of(read), *(runs_of(misread.written, _least_width(misread)) for misread in pairs))
            for read, pairs in several
        )
    )


def _least_width(misread: Misread) -> int:
    """Return how many bytes at the least a character has that was written in UTF-8, if it is not ASCII.

    Where the text was read in pairs it is CJK that is looked for, and two bytes of UTF-8 are none. Byte by byte they
    may be what CJK was misread as before, which ``suspicion.READ_TWICE`` tells of the others.
    """
    return OF_CJK if misread.written == "utf-8" and misread.read in MULTIBYTE else ANY_WIDTH


def pure_gains(
    text: str,
    broken: int,
    model: Plausibility,
    seen: frozenset[Misread] = frozenset(),
    *,
    rare: bool = False,
    is_cut: bool = False,
    in_pairs_from: int = BY_ITSELF,
    most_in_pairs: int = ANY_COST,
) -> list[int]:
    """Return what some part of a text gains at best in each of the ways, as ``gains`` does."""
    found = []
    for read, pairs in by_reading(seen, rare=rare).items():
        parts = text.split(REPLACEMENT)
        runs = [pure_run_of(part, read, model) for part in parts]
        paired = runs
        if in_pairs_from != BY_ITSELF:
            paired = [pure_run_of(part, read, model, most_in_pairs=most_in_pairs) for part in parts]
        for misread in pairs:
            total = 0
            for by_itself, behind in zip(runs, paired, strict=True):
                starts = (0, 1) if misread.written != "utf-8" and (is_cut or by_itself.has_singles) else (0,)
                width = _least_width(misread)
                best = max(
                    pure_best_of(by_itself, misread.written, start, broken, model, least_width=width)
                    for start in starts
                )
                if in_pairs_from != BY_ITSELF:
                    best = best >= in_pairs_from and max(
                        pure_best_of(behind, misread.written, start, broken, model, least_width=width, in_pairs=True)
                        for start in starts
                    )
                total += best
            found.append(total)
    return found


def pure_run_of(text: str, read: str, model: Plausibility, *, most_in_pairs: int | None = None) -> Run:
    """Return the bytes of a text as it was read, of each character the usual ones.

    With it what each character costs by itself, or behind the one before it, and then so much at the most.

    >>> pure_run_of("浣犲ソ", "gb18030", plausibility()).data.decode("utf-8")
    '你好'
    """
    data, stands, has_singles = b"", [0], False
    for at, char in enumerate(text):
        piece = bytes_of(char, read)
        if not piece and read in SINGLE_BYTE and data and not data.endswith(b"\n"):
            data += b"\n"
            stands.append(stands[-1])
        if not piece:
            continue
        cost = model.singles[char] if most_in_pairs is None or not at else model.pairs[text[at - 1] + char]
        if most_in_pairs is not None:
            cost = min(cost, most_in_pairs)
        data += piece
        stands += [stands[-1]] * (len(piece) - 1)
        stands.append(stands[-1] + cost)
        has_singles |= len(piece) == 1
    return Run(data, stands, has_singles=has_singles)


def pure_best_of(
    run: Run,
    written: str,
    start: int,
    broken: int,
    model: Plausibility,
    *,
    least_width: int = ANY_WIDTH,
    in_pairs: bool = False,
) -> int:
    """Return what some part of a run from a byte on gains at best, in units, if it was written in an encoding.

    A byte that is none of a character costs so much as ``broken`` tells; others what they do by themselves, or
    ``in_pairs``.
    """
    stands, widths = run.stands, _widths_in(written)
    best, begin = 0, 0
    for line in run.data.split(b"\n"):
        end_of_line = begin + len(line)
        data = line[start:]
        # For UTF-8 the codec would write one for several bytes.
        text = lenient.decode(data, written)[0] if written == "utf-8" else data.decode(written, PAIR_BY_PAIR)
        if least_width == OF_CJK:
            text = TWO_BYTES.sub(2 * REPLACEMENT, text)
        at, total, before = begin + start, 0, ""
        for char in text:
            # It may stand there itself: ï¿½.
            is_itself = written == "utf-8" and run.data.startswith(AS_UTF_8, at)
            is_broken = char == REPLACEMENT and not is_itself
            end = min(at + (len(AS_UTF_8) if is_itself else widths[char]), end_of_line)
            cost = broken if is_broken else model.pairs[before + char] if in_pairs and before else model.singles[char]
            total = max(0, total + stands[end] - stands[at] - cost)
            best = max(best, total)
            at, before = end, "" if is_broken else char
        begin = end_of_line + 1
    return best


class _Widths(dict[str, int]):
    """How many bytes each character has in an encoding; one that is none stands for one byte that is lost."""

    def __init__(self, written: str) -> None:
        self._written = written

    def __missing__(self, char: str) -> int:
        self[char] = 1 if char == REPLACEMENT else len(char.encode(self._written, "replace"))
        return self[char]


@cache
def _widths_in(written: str) -> _Widths:
    """Return the widths of characters in an encoding, worked out as they are met."""
    return _Widths(written)
