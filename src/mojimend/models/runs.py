"""What bytes cost by the character model, those of a text or read in an encoding: in C where that is at hand."""

from __future__ import annotations

from functools import cache, partial
from itertools import product

from mojimend.encodings.bytes_of import READ, told
from mojimend.encodings.lenient import PAIR_BY_PAIR, REPLACEMENT
from mojimend.encodings.misread import SINGLE_BYTE
from mojimend.encodings.pairs import BEHIND_8F, IN_PAIRS, first_of, table_of
from mojimend.kernel import COMPILED, Bytes, Characters, Runs
from mojimend.models.plausibility import compiled, plausibility
from mojimend.tables import mapped, path_of
from mojimend.text.later import later

# costs.bin has an entry of two bytes, the lower first, for each byte of ASCII, and for each other with any behind it,
# in each of these encodings. In the lowest bits it has one more than the character costs by itself, or 0 if that is
# more than they can say; then whether one or two bytes are a character, or none, which counts as U+FFFD, or whether
# more have to be looked at; then whether the character is beyond ASCII, and one of the kana.
WEIGHED = tuple(encoding for encoding in IN_PAIRS if encoding != BEHIND_8F)
_MOST, ONE, TWO, _BROKEN, _BROKEN_PAIR, LONGER, IS_BEYOND, _IS_KANA = (
    0xFF, 1 << 8, 2 << 8, 3 << 8, 4 << 8, 5 << 8, 1 << 11, 1 << 12,
)  # fmt: skip
_ASCII_BYTES, _OTHERS = range(0x80), range(0x80, 0x100)
_SIZE = 2 * (len(_ASCII_BYTES) + len(_OTHERS) * 0x100)
# So many bytes has a character of UTF-8 at the least, if it is not ASCII.
ANY_WIDTH = 2
# Kana that the encodings of the other languages have, too.
ANY_KANA_LETTER = Characters("\u3041-\u30f6")
_ASCII = later("[\x00-\x7f]+")
# Two bytes of HKSCS are a letter with one of these, which have none of their own; ``first_of`` tells the letter.
_ACCENTS_OF_HKSCS = dict.fromkeys(map(ord, "\N{COMBINING MACRON}\N{COMBINING CARON}"))


def weigh(pieces: tuple[bytes, ...], encodings: tuple[str, ...]) -> list[tuple[int, int, int, int]]:
    r"""Return what bytes cost in encodings of pairs, each character by itself, and each lost byte as U+FFFD.

    All pieces in the first encoding come first, then those in the next: in C they are read side by side. Not in those
    of JIS X 0213, of which many pairs are two characters that also stand alone. In units of the model; with it what of
    that is beyond ASCII, how many bytes are, and how many characters are kana.

    >>> weigh(("天 ".encode("gb18030"),), ("gb18030",)) == weigh(("天 ".encode("big5"),), ("big5hkscs",))
    True
    >>> [told[2:] for told in weigh(("あ ".encode("cp932") + b"\xff", b" "), ("cp932",))]
    [(3, 1), (0, 0)]
    """
    if COMPILED:
        return Runs.weigh(_runs_of_each(encodings), pieces)
    return [pure_weigh(piece, encoding) for encoding in encodings for piece in pieces]


def pure_weigh(data: bytes, encoding: str) -> tuple[int, int, int, int]:
    """Return the same of one piece in one encoding without C."""
    text = data.decode(encoding, PAIR_BY_PAIR)
    if encoding == "big5hkscs":
        text = text.translate(_ACCENTS_OF_HKSCS)
    beyond = _ASCII.sub("", text)
    model = plausibility()
    return model.alone(text), model.alone(beyond), len(data) - (len(text) - len(beyond)), ANY_KANA_LETTER.count(text)


@cache
def source_of(read: str) -> Bytes:
    """Return what tells the bytes that a text was read from, and what its characters cost up to each, where C is."""
    return Bytes(compiled().loops, told(), which=READ.index(read), of=len(READ), is_single=read in SINGLE_BYTE)


@cache
def runs_of(encoding: str, least_width: int = ANY_WIDTH) -> Runs:
    """Return what weighs bytes in an encoding, where there is C; of UTF-8 only characters of so many bytes count."""
    costs = compiled().loops
    if encoding == "utf-8":
        return Runs(costs, ANY_KANA_LETTER, None, None, None, least_width)
    ask = partial(first_of, written=encoding)
    return Runs(costs, ANY_KANA_LETTER, table_of_costs(encoding), table_of(encoding), ask, least_width)


@cache
def _runs_of_each(encodings: tuple[str, ...]) -> tuple[Runs, ...]:
    return tuple(map(runs_of, encodings))


def table_of_costs(encoding: str) -> memoryview:
    """Return what ``costs.bin`` has for an encoding."""
    at = _SIZE * WEIGHED.index(encoding)
    return _told()[at : at + _SIZE]


@cache
def _told() -> memoryview:
    return mapped(path_of("costs.bin"))


def made_of_costs(encoding: str) -> bytes:
    """Return what ``costs.bin`` should have for an encoding, by the model."""
    begins = [*(bytes((byte,)) for byte in _ASCII_BYTES), *map(bytes, product(_OTHERS, range(0x100)))]
    return b"".join(entry_of(data, encoding).to_bytes(2, "little") for data in begins)


def entry_of(data: bytes, encoding: str) -> int:
    r"""Return the entry of a byte of ASCII, or of another and any behind it.

    >>> entry_of("天".encode("gb18030"), "gb18030") == TWO + IS_BEYOND + plausibility().singles["天"] + 1
    True
    >>> entry_of(b"A", "gb18030") == ONE + plausibility().singles["A"] + 1, entry_of(b"\x810", "gb18030") == LONGER
    (True, True)
    """
    char, width, is_told = first_of(data, encoding)
    if not is_told:
        return LONGER
    which = (ONE if width == 1 else TWO) if char else _BROKEN if width == 1 else _BROKEN_PAIR
    char = char or REPLACEMENT
    cost = plausibility().singles[char] + 1
    return which | IS_BEYOND * (char >= "\x80") | _IS_KANA * ANY_KANA_LETTER.count(char) | cost * (cost <= _MOST)
