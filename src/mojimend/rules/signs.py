"""Signs that people write by themselves: ③, ★★★, ⅠⅡⅢ, ㄱㄴㄷ, ㎡.

Encodings of CJK have rows of them where others have letters, so that signs by themselves may be bytes of some word:
①②③ in Big5 are 情顷请 in GBK. A field, a heading or a key to a table often holds nothing else, and what remains of a
word is seldom signs of one kind.
"""

from __future__ import annotations

from itertools import pairwise

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.kernel import Characters
from mojimend.text.later import later

# Signs of Latin-1, tone marks, general punctuation, letterlike signs, numbers, arrows, mathematics, enclosed and drawn
# ones, dingbats; CJK's own marks, enclosed and squared ones, fullwidth marks; the arms of faces: ヽ(^o^)丿.
SYMBOLS = (
    "\x00-\x7f\xa1-\xbf\xd7\xf7\u02c6-\u02dd\u2010-\u2bff\u3000-\u303f\u3200-\u33ff"
    "\u309d\u309e\u30ce\u30fd\u30fe\u4e3f\uff89"
    f"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffe6{REPLACEMENT}"
)
# Parts of characters, bopomofo, and the letters of Hangul that are written by themselves, consonants and ㅠㅜㅡ: kana
# in EUC-JP are such letters in EUC-KR, and the commonest of them vowels and those out of use.
LETTERS = ("\u2e80-\u2fdf\u31c0-\u31ef", "\u3100-\u312f\u31a0-\u31bf", "\u3131-\u314e\u315c\u3160\u3161")
# Greek as formulas have it: katakana in EUC-JP are Greek, and numbers of chapters and the like, in EUC-KR.
FORMULAS = "\x00-\x7f\xa1-\xbf\xd7\xf7\u0391-\u03c9\u2010-\u214f\u2190-\u22ff"
SIGNS = [Characters(kind) for kind in (FORMULAS, *(SYMBOLS + letters for letters in LETTERS))]
# Of these Windows-1252 and Mac Roman have few, which misread text mixes with their letters.
MONEY, MATHEMATICS = "\xa2\xa3\xa5\u20ac", "\xb1\xd7\xf7\u2200-\u22ff"
SIGNS_OF_THE_WEST = [Characters(f"\x00-\x7f{kind}") for kind in (MONEY, MATHEMATICS)]
# Signs that stand on keyboards for nothing; one in front of a letter with an accent, or of another sign, but the marks
# of Spanish; and parts of frames, as those that fit are drawn.
ODD = later(
    "[¤¦¨¬¯´¸\u2500-\u257f]|[°±²³µ£¥§©®¶¹»¼½¾][À-ÖØ-öø-ÿ]|(?!«[¡¿]|¡¿|¿¡|©®|®©|[£¢¥]{2})([£¢¥§©«®¶·»¡¿])(?!\\1)[£¢¥§©«®¶·»¡¿]"
)
# A Han or a syllable of Hangul is a word by itself; twice or thrice it is written seldom enough for a misreading.
ANY_WORD, ANY_ASCII = Characters("\u4e00-\u9fff\uac00-\ud7a3"), Characters("\x00-\x7f")
# Kana have the small ones in between.
LONGEST_STEP = 2
# So many follow each other, or are signs of one kind, by chance, where they are odd.
MANY_BY_CHANCE = 2


def are_meant(text: str, *, of_bytes: bool) -> bool:
    """Tell whether a text was likely written as it stands, as signs are.

    So is a character by itself, one that repeats, and those that follow each other in their table; prices and formulas;
    and signs of one kind, where characters do not stand for bytes each (``of_bytes``).

    >>> [are_meant(text, of_bytes=False) for text in ("Ⅲ", "ぁぃぅ", "① ③ ⑤", "2㎡", "ㅇㅋ", "浣犲ソ", "ㅃㅀㅎㅻ")]
    [True, True, True, True, True, False, False]
    >>> [are_meant(text, of_bytes=True) for text in ("¾", "°±²", "£1, €2", "≤ ±", "╣╬╞╗", "ÄãºÃ")]
    [True, True, True, True, False, False]
    """
    if of_bytes and len(set(text)) == MANY_BY_CHANCE and ODD.search(text):
        return False
    alone = text.strip()
    if alone and not ANY_ASCII.count(alone) and (len(alone) == 1 or not ANY_WORD.count(alone)):
        steps = (ord(behind) - ord(before) for before, behind in pairwise(alone))
        if all(0 <= step <= LONGEST_STEP for step in steps):
            return True
    return any(kind.count(text) == len(text) for kind in (SIGNS_OF_THE_WEST if of_bytes else SIGNS))
