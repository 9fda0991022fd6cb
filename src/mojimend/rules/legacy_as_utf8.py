"""CJK bytes that were read as UTF-8: ��ã� was 你好，.

Most bytes of a CJK encoding are no UTF-8 and became U+FFFD. Two that are by chance made a letter of Latin, Greek,
Cyrillic, Hebrew or Arabic, and such letters between U+FFFD tell what the rest was: ѧϰ has the bytes of 学习 in GBK.

    >>> find("��ã����ǵ�ѧϰ")
    [Legacy(start=0, end=11, lost=8)]
    >>> called("ͼ��ݵľɱ�ֽ������ݷź��ˣ�Ҫ��������ǰ̨�Ǽǡ�����֤ÿ��Ҫ��һ�Ρ�")
    'GBK'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mojimend.encodings import names
from mojimend.encodings.lenient import REPLACEMENT, decode
from mojimend.kernel import Characters
from mojimend.text.later import later

BY_CHANCE = "\x80-\u07ff"
ANY_BY_CHANCE = Characters(BY_CHANCE)
RUN = later(f"[{REPLACEMENT}{BY_CHANCE}]+")
LETTERS, LETTERS_IF_ANY = later(f"[{BY_CHANCE}]+"), later(f"[{BY_CHANCE}]*")
# Text that is well but for a few U+FFFD has words, of so many letters.
OF_A_WORD = 4
WORD = later(f"[{BY_CHANCE}]{{{OF_A_WORD}}}")
ENCODINGS = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
# Units of the model. The bytes of letters side by side are whole characters, or the halves of their neighbours at both
# ends, which costs as much as an ordinary character; and what is no character costs as much as a very rare one.
HALVES, NONE = 60, 100
# With so much between the best and the next, of 660 texts of 20 to 600 characters two were named wrongly; named were
# 5 to 67 % of those of 60 characters, and 92 to 100 % of those of 600.
MARGIN = 80
CJK = "a CJK encoding"


class Legacy(NamedTuple):
    """A run of bytes of another encoding, and about how many characters they were."""

    start: int
    end: int
    lost: int


def find(text: str) -> list[Legacy]:
    """Return the runs of U+FFFD with letters in between that were made of bytes by chance."""
    found: list[Legacy] = []
    if not ANY_BY_CHANCE.count(text):
        return found
    for start, end in _runs(text):
        marks = text.count(REPLACEMENT, start, end)
        letters = end - start - marks
        if 1 < marks >= letters > 0 and not WORD.search(text, start, end) and not _in_a_word(text, start, end, letters):
            # Two bytes each, as those of most CJK encodings.
            found.append(Legacy(start, end, (marks + 2 * letters + 1) // 2))
    return found


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where U+FFFD stands, with the letters around it: in front of it no more than a word has.

    The mark is looked for, as an expression for all of a run takes ten times as long.
    """
    end = 0
    while (mark := text.find(REPLACEMENT, end)) >= 0:
        before = LETTERS_IF_ANY.match(text[max(end, mark - OF_A_WORD) : mark][::-1]).end()  # type: ignore[union-attr]
        start, end = mark - before, RUN.match(text, mark).end()  # type: ignore[union-attr]
        yield start, end


def _in_a_word(text: str, start: int, end: int, letters: int) -> bool:
    """Tell whether it is part of a Western word that lost accents: between ASCII letters, or one more beside them."""
    beside = text[start - 1 : start], text[end : end + 1]
    return sum(char.isascii() and char.isalpha() for char in beside) > (letters > 1)


def called(text: str) -> str:
    """Return what encoding the bytes of these runs were in, by what people call it, or that nothing tells."""
    costs = _costs(letters.encode() for letters in LETTERS.findall(text))
    best, next_best = sorted(costs, key=costs.__getitem__)[:2]
    return names.called(best) if costs[next_best] - costs[best] >= MARGIN else CJK


def _costs(pieces: Iterable[bytes]) -> dict[str, int]:
    """Return what it costs to take the bytes for each encoding."""
    from mojimend.models.plausibility import plausibility  # noqa: PLC0415  (most texts have nothing to weigh)

    singles = plausibility().singles
    costs = dict.fromkeys(ENCODINGS, 0)
    for data in pieces:
        for encoding in ENCODINGS:
            whole, halves = (
                sum(NONE if char == REPLACEMENT else singles[char] for char in decode(piece, encoding)[0])
                for piece in (data, data[1:-1])
            )
            costs[encoding] += min(whole, halves + HALVES)
    return costs
