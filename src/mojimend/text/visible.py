r"""Show the invisible: what came from a file goes to a terminal or a log only through here.

Controls, marks of direction, zero-width and private-use characters, unassigned code points, lone surrogates and
U+FFFD become tokens in brackets that no keyboard has, so a hidden character is seen and a hostile one does nothing.

    >>> print(show("好\N{ZERO WIDTH SPACE}\x1b[31m\ue100\N{REPLACEMENT CHARACTER}"))
    好⟦ZWSP⟧⟦ESC⟧[31m⟦E100⟧⟦U+FFFD⟧
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from mojimend.kernel import COMPILED, Characters
from mojimend.text.columns import columns_of
from mojimend.text.later import later

# Abbreviations are those of Unicode 16.0, NameAliases.txt; those of C0 stand in the order of their code points.
_C0 = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI "
    "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
)
_NAMES = {
    **{chr(code): name for code, name in enumerate(_C0.split())},
    "\N{DELETE}": "DEL",
    "\N{NO-BREAK SPACE}": "NBSP",
    "\N{SOFT HYPHEN}": "SHY",
    "\N{COMBINING GRAPHEME JOINER}": "CGJ",
    "\N{ARABIC LETTER MARK}": "ALM",
    "\N{HANGUL CHOSEONG FILLER}": "HCF",
    "\N{HANGUL JUNGSEONG FILLER}": "HJF",
    "\N{MONGOLIAN VOWEL SEPARATOR}": "MVS",
    "\N{ZERO WIDTH SPACE}": "ZWSP",
    "\N{ZERO WIDTH NON-JOINER}": "ZWNJ",
    "\N{ZERO WIDTH JOINER}": "ZWJ",
    "\N{LEFT-TO-RIGHT MARK}": "LRM",
    "\N{RIGHT-TO-LEFT MARK}": "RLM",
    "\N{LINE SEPARATOR}": "LS",
    "\N{PARAGRAPH SEPARATOR}": "PS",
    "\N{LEFT-TO-RIGHT EMBEDDING}": "LRE",
    "\N{RIGHT-TO-LEFT EMBEDDING}": "RLE",
    "\N{POP DIRECTIONAL FORMATTING}": "PDF",
    "\N{LEFT-TO-RIGHT OVERRIDE}": "LRO",
    "\N{RIGHT-TO-LEFT OVERRIDE}": "RLO",
    "\N{NARROW NO-BREAK SPACE}": "NNBSP",
    "\N{WORD JOINER}": "WJ",
    "\N{LEFT-TO-RIGHT ISOLATE}": "LRI",
    "\N{RIGHT-TO-LEFT ISOLATE}": "RLI",
    "\N{FIRST STRONG ISOLATE}": "FSI",
    "\N{POP DIRECTIONAL ISOLATE}": "PDI",
    "\N{IDEOGRAPHIC SPACE}": "U+3000",
    "\N{HANGUL FILLER}": "HF",
    "\N{ZERO WIDTH NO-BREAK SPACE}": "BOM",
    "\N{HALFWIDTH HANGUL FILLER}": "HHF",
    "\N{REPLACEMENT CHARACTER}": "U+FFFD",
    **{chr(0xFE00 + i): f"VS{i + 1}" for i in range(16)},
    **{chr(0xE0100 + i): f"VS{i + 17}" for i in range(240)},
}

# Blank, but at home in running text: told apart only where the difference between two spaces is the news.
_SPACES = "\t\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}"

# Categories of Unicode that show nothing or do something: Cc, Cf, Cn, Co, Cs, Zl, Zp.
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})

# Blocks in which every code point has been assigned since Unicode 14 (Python 3.11) and is seen. Nearly all text lies
# here and is passed over in C; the rest is looked up one by one.
_SEEN = (
    " -~\u00a1-\u00ac\u00ae-\u034e\u0400-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u23ff\u2500-\u27ff"
    "\u3001-\u303f\u3041-\u3096\u3099-\u30ff\u3131-\u3163\u3165-\u318e\u3400-\u9fff\uac00-\ud7a3"
    "\uff01-\uff9f\U00020000-\U0002a6df"
)
_ANY_SEEN = Characters(_SEEN)
_DOUBTFUL = later(f"[^{_SEEN}]")


def show(text: str, *, spaces: bool = False) -> str:
    r"""Return the text with what cannot be seen as tokens; the rest stays as it is.

    The spaces that differ from the usual one (TAB, NBSP, U+3000 and their kind) become tokens only if ``spaces`` says
    so, which is for text that was changed: there a swapped space must be seen.

    >>> show("a\tb\N{NO-BREAK SPACE}c\r\n") == "a\tb\N{NO-BREAK SPACE}c⟦CR⟧⟦LF⟧"
    True
    >>> show("a\tb\N{NO-BREAK SPACE}c\udc80", spaces=True)
    'a⟦TAB⟧b⟦NBSP⟧c⟦DC80⟧'
    """
    # To compile the expression takes as long as to read a small file.
    if (text.isascii() and text.isprintable()) or (COMPILED and _ANY_SEEN.count(text) == len(text)):
        return text
    return _DOUBTFUL.sub(_with_spaces if spaces else _without_spaces, text)


def quote(text: str, columns: int) -> str:
    """Show a text in no more than so many columns of a terminal: a long one loses its middle.

    Nothing is shown as ``⟦⟧``, so that a removal can be told from a gap.

    >>> quote("浠婂ぉ澶╂皵寰堝ソ锛屾垜浠", 16)
    '浠婂ぉ…屾垜浠'
    >>> quote("", 16)
    '⟦⟧'
    """
    if not text:
        return "⟦⟧"
    if len(text) <= columns:
        pieces = [_piece(character) for character in text]
        if sum([width for _, width in pieces]) <= columns:
            return "".join([shown for shown, _ in pieces])
    half = (columns - 1) // 2
    return "".join(_fitting(text, half)) + "…" + "".join(reversed(_fitting(reversed(text), half)))


def _fitting(characters: Iterable[str], columns: int) -> list[str]:
    shown = []
    for piece, width in map(_piece, characters):
        columns -= width
        if columns < 0:
            break
        shown.append(piece)
    return shown


@lru_cache(maxsize=4096)
def _piece(character: str) -> tuple[str, int]:
    """Return what stands for a character, and how many columns that takes."""
    shown = show(character, spaces=True)
    return shown, columns_of(shown)


def _with_spaces(doubtful: re.Match[str]) -> str:
    return _token(doubtful[0], spaces=True)


def _without_spaces(doubtful: re.Match[str]) -> str:
    return _token(doubtful[0], spaces=False)


@lru_cache(maxsize=4096)
def _token(character: str, *, spaces: bool) -> str:
    category = unicodedata.category(character)
    is_space = character in _SPACES or category == "Zs"
    hidden = spaces if is_space else category in _UNSEEN or character in _NAMES
    return f"⟦{_NAMES.get(character) or f'{ord(character):04X}'}⟧" if hidden else character
