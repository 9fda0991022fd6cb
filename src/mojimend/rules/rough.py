"""What a stretch would gain if it were read back, told roughly: by each character alone, and whatever is broken.

Nearly every look at clean text ends here, so it is done in C where that is at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from mojimend.encodings import lenient
from mojimend.encodings.lenient import FIRST_OF_PAIR, PAIR_BY_PAIR, REPLACEMENT
from mojimend.encodings.misread import reading
from mojimend.kernel import Bytes, Runs
from mojimend.models.plausibility import CompiledPlausibility, Plausibility, plausibility


class Run(NamedTuple):
    """The bytes that a text was read from.

    Arguments:
        data: The bytes; characters that have none are passed over.
        stands: What its characters cost, each by itself, up to each byte and to the end.
        has_singles: Whether some have one byte. What comes behind may have begun in the middle of what is two now.
    """

    data: bytes
    stands: Sequence[int]
    has_singles: bool


def run_of(text: str, read: str) -> Run:
    """Return the bytes of a text as it was read, of each character the usual ones.

    >>> run_of("浣犲ソ", "gb18030").data.decode("utf-8")
    '你好'
    """
    model = plausibility()
    if isinstance(model, CompiledPlausibility):
        data, stands, has_singles = _bytes(read).run(text)
        return Run(data, memoryview(stands).cast("i"), has_singles)
    return pure_run_of(text, read, model)


def best_of(run: Run, written: str, start: int, broken: int) -> int:
    """Return what some part of a run from a byte on gains at best, in units, if it was written in an encoding.

    A byte that is none of a character costs so much as ``broken`` tells.

    >>> best_of(run_of("浣犲ソ锛屼笘鐣", "gb18030"), "utf-8", 0, 40) > 0
    True
    """
    if isinstance(plausibility(), CompiledPlausibility):
        return _runs(written).best(run.data, run.stands, start, broken)
    return pure_best_of(run, written, start, broken, plausibility())


@cache
def _bytes(read: str) -> Bytes:
    bytes_of = reading(read).bytes_of
    return Bytes(_compiled().loops, lambda char: next(iter(bytes_of(char)), b""))


@cache
def _runs(written: str) -> Runs:
    return Runs(_compiled().loops, None if written == "utf-8" else lambda data: first_of(data, written))


def _compiled() -> CompiledPlausibility:
    model = plausibility()
    assert isinstance(model, CompiledPlausibility)
    return model


def first_of(data: bytes, written: str) -> tuple[str, int, bool]:
    """Return the character that bytes begin with, or none, how many bytes it has, and whether two bytes told it.

    >>> first_of(bytes.fromhex("c4e3bac3"), "gb18030"), first_of(bytes.fromhex("ff41"), "gb18030")
    (('你', 2, True), ('', 1, True))
    """
    for width in range(1, len(data) + 1):
        try:
            char = data[:width].decode(written)
        except UnicodeDecodeError:
            continue
        # Two bytes of HKSCS are a letter with its accent.
        return char[0], width, width <= 2
    try:
        data.decode(written)
    except UnicodeDecodeError as error:
        is_pair = len(data) > 1 and min(data[:2]) >= FIRST_OF_PAIR
        width = 2 if is_pair else error.end
        # What is longer begins so, and was told by what came behind.
        longer = (written == "gb18030" and data[1:2].isdigit()) or (written.startswith("euc_j") and data[0] == 0x8F)
        return "", width, width <= 2 and not longer
    raise AssertionError("what can't be read in pieces can't be read")


def pure_run_of(text: str, read: str, model: Plausibility) -> Run:
    """Return the bytes of a text as it was read, as ``run_of`` does."""
    singles, bytes_of = model.singles, reading(read).bytes_of
    data, stands, has_singles = b"", [0], False
    for char in text:
        for piece in bytes_of(char)[:1]:
            data += piece
            stands += [stands[-1]] * (len(piece) - 1)
            stands.append(stands[-1] + singles[char])
            has_singles |= len(piece) == 1
    return Run(data, stands, has_singles)


def pure_best_of(run: Run, written: str, start: int, broken: int, model: Plausibility) -> int:
    """Return what some part of a run gains at best, as ``best_of`` does."""
    data, stands = run.data[start:], run.stands
    # For UTF-8 the codec would write one for several bytes.
    text = lenient.decode(data, written)[0] if written == "utf-8" else data.decode(written, PAIR_BY_PAIR)
    singles, widths = model.singles, _widths_in(written)
    at, total, best = start, 0, 0
    for char in text:
        end = min(at + widths[char], len(run.data))
        total += stands[end] - stands[at] - (broken if char == REPLACEMENT else singles[char])
        at = end
        if total > best:
            best = total
        elif total < 0:
            total = 0
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
