"""What bytes cost by the character model, those of a text or read in an encoding: in C where that is at hand."""

from __future__ import annotations

from functools import cache

from mojimend.encodings.bytes_of import READ, told
from mojimend.encodings.lenient import PAIR_BY_PAIR
from mojimend.encodings.misread import SINGLE_BYTE
from mojimend.encodings.pairs import first_of, table_of
from mojimend.kernel import COMPILED, Bytes, Characters, Runs
from mojimend.models.plausibility import compiled, plausibility
from mojimend.text.later import later

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
        return Runs(costs, ANY_KANA_LETTER, None, None, least_width)
    return Runs(costs, ANY_KANA_LETTER, lambda: table_of(encoding), lambda data: first_of(data, encoding), least_width)


@cache
def _runs_of_each(encodings: tuple[str, ...]) -> tuple[Runs, ...]:
    return tuple(map(runs_of, encodings))
