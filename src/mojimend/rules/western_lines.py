"""Lines that were words of the West in UTF-8, read byte by byte: for mojibake/western, and not to be tried as CJK."""

from __future__ import annotations

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
# One in so many characters of a misread line is a letter of ASCII at the least: in Vietnamese, which has fewest, two in
# five are, and CJK has hardly any.
LETTERS, ONE_IN = Characters("A-Za-z"), 4
BEYOND_THE_WEST = Characters(f"{FIRST_WIDE}-\U0010ffff")


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
    return misread if text and len(SHOWS_THE_WEST.findall(text)) >= ENOUGH and _is_of_the_west(text) else None


def _is_of_the_west(text: str | None) -> bool:
    """Tell whether a text is one without CJK, and shows no damage that was done before."""
    if not text:
        return False
    return not BEYOND_THE_WEST.count(text) and not is_suspicious(text)
