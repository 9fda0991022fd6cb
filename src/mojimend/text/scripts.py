"""Classes of characters by script, as the inside of a regular expression's brackets.

    >>> import re
    >>> re.findall(f"[{HAN}]+", "東京タワー、333 m")
    ['東京']
    >>> re.findall(f"[{CJK}]+", "東京タワー、333 m")
    ['東京タワー、']

Ranges are those of the blocks in Unicode 16.0, Blocks.txt. What only has to be counted is a set, as an expression with
all of Han takes some milliseconds to compile:

    >>> ANY_HAN.count("東京タワー、333 m")
    2
"""

from mojimend.kernel import Characters

# 々 and 〇 are written as letters though Unicode counts them among symbols.
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af々〇"
KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"

# Marks that only CJK typesetting uses: CJK Symbols and Punctuation, the fullwidth forms, and the quotes, dash and
# ellipsis that Chinese shares with the West but sets as wide.
MARKS = "\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’—…·"

# What stands in running Chinese or Japanese text.
CJK = HAN + KANA + MARKS

ANY_HAN, ANY_KANA, ANY_HANGUL, ANY_CJK = Characters(HAN), Characters(KANA), Characters(HANGUL), Characters(CJK)
ANY_BEYOND_ASCII = Characters("\x80-\U0010ffff")
