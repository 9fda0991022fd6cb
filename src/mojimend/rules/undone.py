"""What a stretch of a line was if it was misread, and whether that reads like text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.lost import Lost
from mojimend.encodings.misread import KANA_ALIKE, Misread
from mojimend.kernel import Characters
from mojimend.models.plausibility import plausibility
from mojimend.rules import evidence
from mojimend.rules.evidence import LOSS
from mojimend.rules.lost_characters import FOR_A_TYPED_QUESTION, rarity, with_presumed
from mojimend.rules.suspicion import FIRST_WIDE
from mojimend.text.later import later

# The share of letters among what is new.
LEAST_CJK = 0.5
# Units a character. In 4,333 misreadings of 16 characters or more the text cost 37 on average, the misreading 95.
ORDINARY = 56
# A line that costs so much is looked at whole, whether or not a stretch of it stands out.
SUSPICIOUS = 43
# What reads no better than this was no text before either: so many units, and so many more a character. Of 4,761 texts
# of eight characters 0.1 % cost more, and of stretches found in random bytes, which cost 110 a character, nearly all.
NOISE_AT_FIRST, NOISE = 32, 76
QUESTIONS, TWO_QUESTIONS = later(r"\?+"), later(r"\?\?")


class Undone(NamedTuple):
    """A stretch of a line that was a misreading.

    What it was, how it was misread, the odds for that in nats, and which of its characters lost bytes.
    """

    start: int
    end: int
    text: str
    chain: tuple[Misread, ...]
    odds: float
    lost: tuple[Lost, ...] = ()


def is_field(text: str) -> bool:
    """Tell whether a whole line is a few characters, as a name, a word or a cell is."""
    return len(text) <= evidence.FIELD


def is_text(line: str, text: str) -> bool:
    """Tell whether what a line may have been costs no more than text does, so that no other way has to be tried.

    Where a question mark may have swallowed bytes, what is left must read better than most text.
    """
    return plausibility().cost(evidence.as_known(text)) < (SUSPICIOUS if LOSS.search(line) else ORDINARY) * len(text)


def is_cjk(line: str, undone: Undone) -> bool:
    """Tell whether what is new is CJK for the most part: letters and digits, or what checks itself to be its marks.

    Beside kana that were misread with them, marks are as good as letters.
    """
    tells = undone.chain[-1].written == "utf-8" or KANA_ALIKE.issuperset(undone.chain)
    wanted = evidence.ANY_WIDE if tells else evidence.ANY_LETTER_OR_DIGIT
    return _is_mostly(wanted, line, undone)


def is_wide(line: str, undone: Undone) -> bool:
    """Tell whether what is new is what CJK is written with, letters or not, for the most part."""
    return _is_mostly(evidence.ANY_WIDE, line, undone)


def _is_mostly(wanted: Characters, line: str, undone: Undone) -> bool:
    text = with_presumed(undone.text, undone.lost, undone.chain[-1].written)
    return evidence.share_of(wanted, line[undone.start : undone.end], text) >= LEAST_CJK


def is_western(text: str) -> bool:
    """Tell whether all letters of a text are of one alphabet, and none of CJK.

    >>> [is_western(text) for text in ("Türk", "мыÓ", "½", "Сѧ", "ʵ֤", "中")]
    [True, False, True, True, False, False]
    """
    if max(text) >= FIRST_WIDE:
        return False
    signs = (char for char in set(text) if char > "\x7f" or char.isalpha())
    alphabets = {
        unicodedata.name(char, "").partition(" ")[0] for char in signs if unicodedata.category(char)[0] in "LM"
    }
    return len(alphabets - {"COMBINING"}) <= 1


def is_noise(text: str) -> bool:
    """Tell whether a text reads no better than bytes by chance."""
    # Behind a lost character the model takes each by itself.
    text = evidence.as_known(text)
    costs = [cost for char, cost in zip(text, plausibility().costs(text), strict=True) if char != REPLACEMENT]
    return len(costs) > 1 and sum(costs) > NOISE_AT_FIRST + NOISE * len(costs)


def are_typed(text: str, misread: Misread) -> bool:
    """Tell whether the question marks of a text that was misread stand where some are typed, and lose nothing.

    >>> [are_typed(text, Misread("gb18030", "cp949")) for text in ("你去吗?我不去", "换证时带?旧的")]
    [True, False]
    """
    if "?" not in text:
        return True  # Most have none, and what is lost in a language takes milliseconds to work out at first.
    model = plausibility()
    languages = evidence.LANGUAGES_OF[misread.written]
    lost = rarity(misread, min(languages, key=lambda language: model.alone_in((language,), text)))
    text = f"\n{text}\n"
    for run in QUESTIONS.finditer(text):
        before, behind = text[run.start() - 1], text[run.end()]
        typed = model.pairs[f"{before}?"] + model.pairs[f"?{behind}"] - model.singles[behind]
        if typed > lost + FOR_A_TYPED_QUESTION:
            return False
    return True


def apart(found: Iterable[Undone]) -> Iterator[Undone]:
    """Yield those that do not overlap one before."""
    end = 0
    for undone in sorted(found):
        if undone.start >= end:
            yield undone
            end = undone.end
