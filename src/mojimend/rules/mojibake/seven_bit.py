r"""CJK text in seven bits, read as ASCII: $B$3$s$K$A$O(B for こんにちは.

Mail and news once carried seven bits a byte and nothing else, so CJK text was
written in ASCII bytes, with shifts before and behind. ISO-2022-JP shifts by
ESC $ B and ESC ( B, and gateways, web archives and sanitizers drop the ESC, as
it is a control. HZ shifts by ~{ and ~}, UTF-7 by + and -, and nothing drops
those: a program that does not know the encoding shows them. The folders of an
IMAP server have names in a UTF-7 of their own, &T2BZfQ- for 你好.

What stands between the shifts is read back, and a character model tells
whether it is text. A word of two characters can be enough. One character is
not, as in $BG-(B, unless the line or the page has more that is certain.

Safe: both shifts are there and the odds are far in favour. Likely: the odds
are good, the second shift was cut off at the end of the line, ESC is spelled
^[ or \e as in a listing, Chinese was sent as ISO-2022-JP, or it is the name of
an IMAP folder, which a program may need as it is. Steps lead there by Python's
codecs where those give the same bytes back.

Silent on base64, addresses, variables of shells and Perl, LaTeX; on a document
that quotes the bytes between backticks or shows what they say beside them; on
escapes spelled \x1b or =1B. ISO-2022-KR is mended only where its shifts, SO
and SI, are left, and GB 2312 or EUC that lost the eighth bit of each byte
(DcCG for 你们) never: with no shifts it looks like any ASCII.

    >>> from mojimend import fix_text
    >>> fix_text("Re: $B2q5D(B on 5$B7n(B6$BF|(B"), fix_text("~{Dc:C#,J@=g!#~}"), fix_text("+T2BZfQ-, Ken!")
    ('Re: 会議 on 5月6日', '你好，世界。', '你好, Ken!')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.encodings.seven_bit import IMAP, ISO_2022_JP, KANA, KINDS, SHIFT_OUT, Kind, Run
from mojimend.finding import Applicability, Finding, Repair, Step, replace
from mojimend.kernel import Characters, Clue
from mojimend.rules.registry import Rule
from mojimend.text.later import later
from mojimend.text.page import Page

# In units of the model. Of real words of two characters half gain 63 and 19 in 20 gain 13; of four, 19 in 20 gain 57.
# Of 105 runs in 313 MB of code and documents that have the shape and mean something else, none gains anything.
MOST_OF_TEXT = 80
LEAST_FOR_LIKELY = 30
LEAST_FOR_SAFE = 50
# What more is asked of a run with no shift back.
FOR_AN_OPEN_END = 40
# What a page must gain more in a rarer encoding of the same shape: a rare Japanese word can look like a common Chinese.
FOR_A_RARE_ENCODING = 100

# The quick test, in C, that stops nearly all base64 before the model is asked.
TEXT = later(
    "[ -~\u00a0-\u00ff\u0391-\u03c9\u0401-\u0451\u2010-\u2312\u2460-\u266f\u3000-\u318f\u3200-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffee\ufffd]+"
)
WORDS = later("[\u3041-\u30fc\u3400-\u9fff\uac00-\ud7a3\uff66-\uff9d]")
# Where the bytes may stand on purpose is looked for this far.
BESIDE = 100
QUOTES_OF_NAMES = ("`", "'", '"')
IN_ADDRESS = later(r"://[^\s<>\"']*\Z")

# What can stand right behind a shift where it is a marker: a first look at what costs more to tell.
BEHIND_SHIFTS = {
    "$": "@AB(",
    "\x1b": "(",
    "\x0e": "!-~",
    "~": "{",
    "+": "MIT-Za-nr-z01/,",
    "&": "MIT-Za-nr-z01/,",
}
# Behind a shift into base64 are so many digits at the least. Other text has +1, and the expression that tells the one
# from the other takes half a millisecond to compile.
INTO_BASE64, DIGIT, LEAST_DIGITS = "+&", Characters("A-Za-z0-9+/,"), 3


def clues() -> Iterator[Clue]:
    """Yield what every run has that can be judged by itself."""
    for kind in KINDS:
        for shift, behind in kind.markers.items():
            yield Clue(shift, BEHIND_SHIFTS[shift], confirms=partial(_is_marked, later(behind)))


def _is_marked(behind: re.Pattern[str], text: str, at: int) -> bool:
    if text[at] in INTO_BASE64 and DIGIT.count(text, at + 1, at + 1 + LEAST_DIGITS) < LEAST_DIGITS:
        return False
    return behind.match(text, at + 1) is not None


rule = Rule(__name__, clues=clues, local=False)


class Judged(NamedTuple):
    """A run as one encoding reads it, and what the page gains by it."""

    run: Run
    encoding: str
    text: str
    gain: int
    is_evidence: bool


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each run that says something; what one line makes certain counts in the others."""
    for kind in KINDS:
        if judged := _judge_all(page.text, kind):
            yield from _find(page, kind, judged)


def _find(page: Page, kind: Kind, judged: list[Judged]) -> Iterator[Finding]:
    lines: dict[int, list[Judged]] = {}
    number = reach = 0
    for one in judged:
        number += page.text.count("\n", reach, one.run.start)
        reach = one.run.start
        lines.setdefault(number, []).append(one)
    how_sure = [_how_sure(line) for line in lines.values()]
    page_is_sure = Applicability.SAFE in how_sure
    for line, line_is_sure in zip(lines.values(), how_sure, strict=True):
        sure_line = line_is_sure is Applicability.SAFE
        # No clean text has SO and SI.
        all_of_it = page_is_sure if kind is SHIFT_OUT else sure_line and _is_all(page.text, kind, line)
        for one in line:
            level = Applicability.SAFE if page_is_sure else max(line_is_sure, _how_sure([one]))
            # Capitals are as good halfwidth katakana as any: ``(INST_ARCHAUTODIR)$(B`` of a makefile gains 188.
            is_bracket = page.text.startswith("(", one.run.start)
            may_be_text = sure_line if is_bracket else level > Applicability.NOTE
            if all_of_it or (may_be_text and _may_be_text(one)):
                yield _finding(page, kind, one, min(level, _most(kind, one)))


def _judge_all(text: str, kind: Kind) -> list[Judged]:
    """Judge the runs as that encoding reads them by which the page gains most."""
    by_encoding: dict[str, list[Judged]] = {encoding: [] for encoding in kind.encodings}
    for run in kind.runs(text):
        readings = {encoding: said for encoding, said in run.readings.items() if run.is_literal or _is_text(said)}
        if readings and (run.is_literal or not _is_meant(text, kind, run)):
            for encoding, said in readings.items():
                by_encoding[encoding].append(_judge(text, kind, run, encoding, said))
    usual = next(iter(by_encoding))

    def gained(encoding: str) -> int:
        gain = sum(one.gain for one in by_encoding[encoding] if one.is_evidence)
        return gain - FOR_A_RARE_ENCODING * (encoding != usual)

    return by_encoding[max(by_encoding, key=gained)]


def _judge(text: str, kind: Kind, run: Run, encoding: str, said: str) -> Judged:
    if run.is_literal:
        return Judged(run, encoding, said, 0, is_evidence=False)
    before = text[run.start - 1] if run.start and text[run.start - 1].isdigit() else "\n"
    from mojimend.models.plausibility import plausibility  # noqa: PLC0415  (most texts have nothing to weigh)

    costs = plausibility().costs(before + unicodedata.normalize("NFKC", said.rstrip(REPLACEMENT)))[1:]
    is_evidence = (
        WORDS.search(said) is not None
        and kind.is_marked(text, run)
        and (run.closed or kind is not ISO_2022_JP or KANA.search(said) is not None)
    )
    return Judged(run, encoding, said, MOST_OF_TEXT * len(costs) - sum(costs), is_evidence)


def _is_text(said: str) -> bool:
    from mojimend.models.plausibility import is_never_text  # noqa: PLC0415

    return TEXT.fullmatch(said) is not None and not any(is_never_text(char) for char in said if char != REPLACEMENT)


def _is_meant(text: str, kind: Kind, run: Run) -> bool:
    """Tell whether the bytes are shown on purpose: quoted, part of an address, or with what they say beside them."""
    before, behind = text[max(0, run.start - BESIDE) : run.start], text[run.end : run.end + BESIDE]
    if before[-1:] == behind[:1] and before.endswith(QUOTES_OF_NAMES if kind is IMAP else "`"):
        return True
    beside = before[before.rfind("\n") + 1 :], behind.partition("\n")[0]
    if IN_ADDRESS.search(beside[0]):
        return True
    return any(len(said) > 1 and said in near for said in run.readings.values() for near in beside)


def _is_all(text: str, kind: Kind, line: list[Judged]) -> bool:
    """Tell whether the whole line is in the encoding: the character that shifts stands nowhere else."""
    if not kind.shift:
        return False
    start, stop = text.rfind("\n", 0, line[0].run.start) + 1, text.find("\n", line[-1].run.start)
    inside = sum(text.count(kind.shift, one.run.start, one.run.end) for one in line)
    return text.count(kind.shift, start, len(text) if stop < 0 else stop) == inside


def _may_be_text(one: Judged) -> bool:
    if one.run.is_literal:
        return False
    return one.gain >= 0 if one.run.closed else one.is_evidence and one.gain >= FOR_AN_OPEN_END


def _how_sure(together: Iterable[Judged]) -> Applicability:
    """Tell how sure these runs make one another. A character by itself can be any two letters."""
    evidence = [one for one in together if one.is_evidence]
    gain = sum(one.gain - FOR_AN_OPEN_END * (not one.run.closed) for one in evidence)
    if gain < LEAST_FOR_LIKELY or sum(len(one.text) for one in evidence) < 2:
        return Applicability.NOTE
    return Applicability.SAFE if gain >= LEAST_FOR_SAFE else Applicability.LIKELY


def _most(kind: Kind, one: Judged) -> Applicability:
    """Return how sure such a run can be at most."""
    cut = kind is ISO_2022_JP and not one.run.closed
    if kind is IMAP or cut or one.run.spelled or one.encoding == "GB 2312 as ISO-2022-JP":
        return Applicability.LIKELY
    return Applicability.SAFE


def _finding(page: Page, kind: Kind, one: Judged, level: Applicability) -> Finding:
    found = page.text[one.run.start : one.run.end]
    how = f"{one.encoding} read as ASCII"
    if kind is ISO_2022_JP and found.startswith(("$", "(")):
        how += ", its escape characters lost"
    if not one.run.closed and kind is ISO_2022_JP:
        how += "; cut at the end of the line"
    return rule.finding(page, (one.run.start, one.run.end), how, level, _repair(found, kind, one))


def _repair(found: str, kind: Kind, one: Judged) -> Repair:
    """Return the repair, by decoding where Python's own codec leads there and back."""
    codec = kind.encodings[one.encoding]
    with suppress(UnicodeError):
        if codec and (found.encode().decode(codec), one.text.encode(codec).decode()) == (one.text, found):
            return Repair(one.text, (Step("encode", "ascii"), Step("decode", codec)))
    return replace(one.text)
