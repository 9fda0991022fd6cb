"""Pages and lines that were words of the West in UTF-8, read byte by byte: for mojibake/western, and no CJK."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from mojimend.encodings.misread import SINGLE_BYTE, Misread, reading
from mojimend.kernel import Characters
from mojimend.rules.lossy_throughout import has_no_mark
from mojimend.rules.suspicion import FIRST_WIDE, is_suspicious
from mojimend.text.later import later

# What shows that a text is of the West: letters with accents beside others, and marks. Of 4,000,000 pieces of CJK of up
# to 400 characters, written in its encodings, 30,000 are UTF-8 of no CJK, of which 14 show it once and none more often.
SHOWS_THE_WEST = later(
    "[A-Za-z][\xc0-\u024f\u1e00-\u1eff]|[\xc0-\u024f\u1e00-\u1eff][A-Za-z]"
    "|[\u2013-\u2014\u2018-\u201e\u2022\u2026\u20ac\u2122]"
)
ENOUGH = 2
# So do so many different characters of it: of 2,100,000 pieces of CJK of up to 30 characters none has more than five.
SEVERAL = 8
# Code points of a page: so many tell that it is not of the West, and so many have enough letters of any alphabet.
A_FEW, AMPLE = 64, 512
# One in so many characters of a misread line is a letter of ASCII at the least: in Vietnamese, which has fewest, two in
# five are, and CJK has hardly any.
LETTERS, ONE_IN = Characters("A-Za-z"), 4
BEYOND_THE_WEST = Characters(f"{FIRST_WIDE}-\U0010ffff")
# As what ftfy reads text first, too; and what neither shows text of the West as in UTF-8.
AT_FIRST = ("latin-1", "cp1252")
NONE_OF_THE_WEST = Characters("\xe3-\xef\u3000-\ud7ff")
# A space that was the last byte of a character in use; behind other leads it is itself, and a byte before it was lost.
# And what à and a space behind it have become, as two or as one; this is ftfy's, as Portuguese has àquele, àquela,
# àquilo and às.
WAS_A_BYTE = later(rb" (?:(?<=[\xc2\xc3\xc5\xc6\xce\xd0\xd9] )|(?<=\xe1[\xba\xbb] ))")
TWO_SPACES, A_BEFORE_A_WORD = b"\xc3  ", later(rb"\xc3 (?!quele|quela|quilo|s )")
LONGEST = 4  # bytes of a character


def all_of_the_west(text: str) -> tuple[str, str] | None:
    r"""Return what all of a page was that is UTF-8 of the West for certain, and what it was read in.

    A line by itself may show too little. No-break spaces that have become plain ones count as what they were.

    >>> [all_of_the_west(text) is not None for text in ("Ã©cole", "Ã©cole\nÃ  crÃ©Ã©e", "école")]
    [False, True, False]
    """
    # Pages of CJK have some at once.
    if NONE_OF_THE_WEST.count(text, 0, A_FEW) or NONE_OF_THE_WEST.count(text):
        return None
    plain = as_utf_8(text, _decode_with_spaces)
    if plain is None or not (_has_several(plain[0]) or _shows_the_west(plain[0])):
        return None
    return plain if _is_of_the_west(plain[0]) else None


def as_utf_8(text: str, decode: Callable[[bytes], str] = bytes.decode) -> tuple[str, str] | None:
    """Return what a text was that is UTF-8 to its last byte, and what it was read in, of the two that are tried first.

    >>> as_utf_8("crÃ©Ã©e"), as_utf_8("créée")
    (('créée', 'latin-1'), None)
    """
    for read in AT_FIRST:
        try:
            data = reading(read).encode(text)
        except UnicodeEncodeError:
            continue
        try:
            return decode(data), read
        except UnicodeDecodeError:
            return None
    return None


def _decode_with_spaces(data: bytes) -> str:
    r"""Decode UTF-8 of which bytes A0, which Latin-1 shows as a no-break space, may have become spaces.

    Raises:
        UnicodeDecodeError: It is no such.

    >>> _decode_with_spaces(b"l\xc3  h\xc3 ng"), _decode_with_spaces(b"l\xc3 bas")
    ('là hàng', 'là bas')
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if b" " not in data[error.start + 1 : error.start + LONGEST]:
            raise
    # Where two spaces stand side by side they were not made one, as HTML does: then each à before a word has its own.
    if TWO_SPACES not in data:
        data = A_BEFORE_A_WORD.sub(b"\xc3\xa0 ", data)
    return WAS_A_BYTE.sub(b"\xa0", data).decode()


def fits_the_west(line: str, misread: Misread) -> bool:
    """Tell whether all of a line can have been misread so and is none of CJK.

    >>> misread = Misread("utf-8", "cp1252")
    >>> [fits_the_west(misread.garble(text), misread) for text in ("été", "到été")]
    [True, False]
    """
    return misread.written == "utf-8" and misread.read in SINGLE_BYTE and _is_of_the_west(misread.invert(line))


def way_to_the_west(line: str, likely: Misread | None) -> Misread | None:
    """Return how a line of the West was misread, if it may be as is likely, or else if what it was shows it.

    >>> [way_to_the_west(line, None) is not None for line in ("crÃ©Ã©e", "Ã©cole")]
    [True, False]
    """
    if likely is not None and fits_the_west(line, likely):
        return likely
    if ONE_IN * LETTERS.count(line) < len(line) or not has_no_mark(line):
        return None
    # Hardly any that has all characters of one code page is UTF-8 by another.
    misread = next((Misread("utf-8", name) for name in SINGLE_BYTE if reading(name).has_all(line)), None)
    text = misread and misread.invert(line)
    return misread if text and _shows_the_west(text) and _is_of_the_west(text) else None


def _has_several(text: str) -> bool:
    """Tell whether a text begins with many characters by which no bytes of CJK are UTF-8 of the West."""
    return len([char for char in set(text[:AMPLE]) if char > "\x7f"]) >= SEVERAL


def _shows_the_west(text: str) -> bool:
    """Tell whether a text has enough places that show it to be of the West; no more are looked for."""
    return sum(1 for _ in islice(SHOWS_THE_WEST.finditer(text), ENOUGH)) == ENOUGH


def _is_of_the_west(text: str | None) -> bool:
    """Tell whether a text is one without CJK, and shows no damage that was done before."""
    if not text:
        return False
    return not BEYOND_THE_WEST.count(text) and not is_suspicious(text)
