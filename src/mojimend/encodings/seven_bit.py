r"""Encodings that write CJK text in ASCII bytes, shifting into it and out of it again.

ISO-2022-JP shifts by ``ESC $ B`` and ``ESC ( B``, ISO-2022-KR by the controls SO and SI, HZ by ``~{`` and ``~}``, UTF-7
by ``+`` and ``-``, the names of IMAP folders by ``&`` and ``-``. What stands between is two bytes a character, or
base64 of UTF-16. Each encoding is a Kind here: how to find its runs, and what each run says.

    >>> [run.readings["ISO-2022-JP"] for run in ISO_2022_JP.runs("Re: $B2q5D(B (B) $B$NOC(B")]
    ['会議', 'の話']
    >>> [run.readings["HZ"] for run in HZ.runs("~{Dc:C~} ~{broken")]
    ['你好']
    >>> [run.readings["UTF-7"] for run in UTF_7.runs("C++ +T2BZfQ-!")]
    ['你好']

A run's reading is what the bytes are, not what somebody meant: ``$BAR(B`` is a Perl variable, and one character.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT
from mojimend.text.later import later


class Run(NamedTuple):
    """What stands from one shift to the next."""

    start: int
    end: int
    shift: int
    """Where its kind's marker is: behind ESC, unless it is of halfwidth katakana."""
    readings: dict[str, str]
    """What it says, by the name of the encoding it may be in."""
    closed: bool = True
    """Whether it shifts back. A run that does not was cut, or is none."""
    spelled: bool = False
    """Whether its escape characters were made visible, as a person or a terminal does."""
    is_literal: bool = False
    """Whether it is no shift but stands for the character that shifts, or for nothing."""


class Kind:
    """One way of shifting.

    Arguments:
        markers: What every run that can be judged by itself has at its shift: a character, and a regular expression
            for what is behind that. It looks a bounded way ahead, and a run of one character, or of characters that
            CJK text does not begin with, need not have it.
        encodings: The encodings that shift so, the usual one first, and Python's codec for each if it reads such runs.
        shift: The character that shifts, where it has to be written otherwise when it is meant.
        runs: Yields the runs of a text by place, in time in proportion to its length.
    """

    def __init__(
        self,
        markers: dict[str, str],
        encodings: dict[str, str | None],
        shift: str,
        runs: Callable[[str], Iterator[Run]],
    ) -> None:
        self.markers = markers
        self.encodings = encodings
        self.shift = shift
        self.runs = runs

    def is_marked(self, text: str, run: Run) -> bool:
        """Tell whether the run has what its kind is known by."""
        behind = self.markers.get(text[run.shift])
        return behind is not None and re.compile(behind).match(text, run.shift + 1) is not None


# --- ISO-2022-JP -----------------------------------------------------------------------------------------------------

# The rows of JIS X 0208, NEC's marks in row 13, and the characters of IBM that NEC put in rows 89 to 92.
# ``(B`` is in row 8, which ends before it, so that no character is taken for the shift back.
LEAD, TRAIL = r"[!-(\-0-ty-|]", "[!-~]"
PAIR = LEAD + TRAIL
KANA_PAIR = "[$%][!-v]"
KANA = later("[\u3041-\u30fc]")
# ESC as it comes; as the mark of what can't be shown; as Unicode, terminals and gitweb picture it.
ESCAPES = r"\x1b|\ufffd|\u241b|\^\[|\\e|"
SPELLED = ("\u241b", "^[", "\\e")
# How programs and documents spell it. Those mean the bytes and not the text.
SPELLED_BEFORE = later(r"(?:[\\&#%=<xuU{][0xuU]*(?:1[bB]|33|27)[;>}]?|ESC[\]>) ]?)\Z")
LONGEST_SPELLING = 9
FARTHEST = 60

JIS_RUN = later(
    rf"""
      (?P<escape>{ESCAPES})
      (?: \$(?P<pairs>[@AB]|\([BCD]) (?P<body>(?>(?!(?P=escape)\([BJ]){PAIR})++)
        | \(I                        (?P<kana>(?>(?!(?P=escape)\([BJ])[!-_])++)
      )
      (?: (?P<close>(?P=escape)\([BJ]) | (?P<cut>{TRAIL}?)(?![^\r\n]) )?
    """,
    re.VERBOSE,
)
OF_SHIFT = {"@": "jisx0208", "B": "jisx0208", "(B": "jisx0208", "A": "gb2312", "(C": "ksx1001", "(D": "jisx0212"}


def _iso_2022_jp(text: str) -> Iterator[Run]:
    for run in JIS_RUN.finditer(text):
        escape, shift = run["escape"], run["pairs"]
        at = run.start() + len(escape)
        if not escape and (shift in {"A", "(B", "(C"} or _is_spelled_before(text, at)):
            continue
        closed = run["close"] is not None or (escape != "" and text.startswith(escape, run.end()))
        if not closed and (run["cut"] is None or shift is None):
            continue
        readings: dict[str, str | None] = {}
        if shift is None:
            readings["ISO-2022-JP"] = _katakana(run["kana"])
        else:
            readings["ISO-2022-JP"] = read(run["body"], OF_SHIFT[shift])
            # Mail programs of Japan sent what they were given, Chinese too, which has no kana.
            chinese = read(run["body"], "gb2312") if shift == "B" else None
            readings["GB 2312 as ISO-2022-JP"] = None if chinese and KANA.search(chinese) else chinese
        half = REPLACEMENT if run["cut"] else ""
        said = {name: reading + half for name, reading in readings.items() if reading is not None}
        if said:
            yield Run(run.start(), run.end(), run.start() if shift is None else at, said, closed, escape in SPELLED)


def _is_spelled_before(text: str, at: int) -> bool:
    return SPELLED_BEFORE.search(text[max(0, at - LONGEST_SPELLING) : at]) is not None


SHIFTS_BACK = r"(?:[\x1b\ufffd\u241b]|(?:\^\[|\\e)?\([BJ])"
# Closed, or with kana, or so long that one of both follows.
OR_KANA = rf"{KANA_PAIR}(?:{PAIR}){{0,8}}?{KANA_PAIR}"
JIS_BEHIND = rf"(?:(?:{PAIR}){{1,{FARTHEST}}}?(?:{SHIFTS_BACK}|{OR_KANA})|(?:{PAIR}){{{FARTHEST}}})"
ISO_2022_JP = Kind(
    # Without ESC, brackets before a capital I are in every text.
    {"$": rf"(?:[@AB]|\([BCD]){JIS_BEHIND}", "\x1b": r"\(I[!-_]{2}"},
    {"ISO-2022-JP": "iso2022_jp_ext", "GB 2312 as ISO-2022-JP": None},
    "",
    _iso_2022_jp,
)

# --- ISO-2022-KR, and the others that shift by SO and SI -------------------------------------------------------------

# What is shifted out to is told once, and says nothing itself.
SHIFTED_OUT = later(r"\x0e(?P<body>[!-~]++)\x0f|(?:\x1b|\A)\$\)[ACG]")


def _shift_out(text: str) -> Iterator[Run]:
    for run in SHIFTED_OUT.finditer(text):
        body = run["body"] or ""
        readings = {"ISO-2022-KR": read(body, "ksx1001"), "ISO-2022-CN": read(body, "gb2312")}
        said = {name: reading for name, reading in readings.items() if reading is not None}
        if said:
            yield Run(run.start(), run.end(), run.start(), said, is_literal=not body)


SHIFT_OUT = Kind({"\x0e": "[!-~]"}, {"ISO-2022-KR": None, "ISO-2022-CN": None}, "", _shift_out)

# --- HZ --------------------------------------------------------------------------------------------------------------

# RFC 1843: ``~`` is no first byte, so ``~}`` can't be a character, and a run ends on its line.
HZ_RUN = later(r"~(?:\{(?P<body>(?>[!-w][!-~])++)~\}|(?P<literal>[~\n]))")


def _hz(text: str) -> Iterator[Run]:
    for run in HZ_RUN.finditer(text):
        literal = run["literal"]
        reading = read(run["body"], "gb2312") if literal is None else literal.strip()
        if reading is not None:
            yield Run(run.start(), run.end(), run.start(), {"HZ": reading}, is_literal=literal is not None)


HZ_PAIR = "(?:[!-w][!-~])"
HZ = Kind({"~": rf"\{{(?:{HZ_PAIR}{{1,{FARTHEST}}}~\}}|{HZ_PAIR}{{{FARTHEST}}})"}, {"HZ": "hz"}, "~", _hz)

# --- UTF-7 and the names of IMAP folders -----------------------------------------------------------------------------

# Base64 of UTF-16 fills 3 digits of 8, 6 of 8 or 8 of 8, and the bits left over are zero. The first digits of eight
# tell the block: marks and kana, Han, Hangul, wide forms, quotes and dashes. Of '+' in base64 of anything else, one in
# 200 is followed by such digits for a line.
FIRST = "(?=M[A-P]|[T-Za-nr-z01]|[/,][w-z0-9+/,]|I[BC])"
FIRST_DIGIT = "[MT-Za-nr-z01/,I]"
GROUPS = 7


def _base64_behind(digit: str, close: str) -> str:
    group = rf"(?:{FIRST_DIGIT}{digit}{{7}})"
    of_6, of_3 = rf"{digit}{{4}}[AQgw]{close}", rf"{digit}[AEIMQUYcgkosw048]-"
    return (
        rf"{FIRST}(?:{group}{{{GROUPS + 1}}}|{group}{{0,{GROUPS}}}(?:{FIRST_DIGIT}(?:{of_6}|{of_3})"
        rf"|(?<={digit}{{8}}){close}))"
    )


UTF_7_RUN = later(r"&(?P<imap>[A-Za-z0-9+,]{3,}+)-|\+(?:(?P<body>[A-Za-z0-9+/]{3,}+)(?P<close>-?)(?!=)|-)")
IMAP_RUN = later("&(?P<body>(?:[A-Za-z0-9+,]{3,}+)?)-")
# A plus sign in base64 that goes on for long is one of its digits.
FAR_IN_BASE64 = 20
IN_BASE64 = later(f"[A-Za-z0-9+/]{{{FAR_IN_BASE64}}}")


def _utf_7(text: str) -> Iterator[Run]:
    for run in UTF_7_RUN.finditer(text):
        if run["imap"]:
            continue
        at, body = run.start(), run["body"] or ""
        reading = _base64(body) if body else "+"
        if reading is not None and not (at >= FAR_IN_BASE64 and IN_BASE64.match(text, at - FAR_IN_BASE64)):
            yield Run(at, run.end(), at, {"UTF-7": reading}, run["close"] != "", is_literal=not body)


def _imap(text: str) -> Iterator[Run]:
    for run in IMAP_RUN.finditer(text):
        reading = _base64(run["body"].replace(",", "/")) if run["body"] else "&"
        if reading is not None:
            yield Run(run.start(), run.end(), run.start(), {"IMAP's UTF-7": reading}, is_literal=not run["body"])


def _base64(body: str) -> str | None:
    if len(body) % 8 not in {0, 3, 6}:
        return None
    try:
        reading = f"+{body}-".encode("ascii").decode("utf-7")
        reading.encode("utf-8")
    except UnicodeError:
        return None
    return reading


UTF_7 = Kind({"+": _base64_behind("[A-Za-z0-9+/]", "(?![A-Za-z0-9+/=])")}, {"UTF-7": "utf-7"}, "+", _utf_7)
IMAP = Kind({"&": _base64_behind("[A-Za-z0-9+,]", "-")}, {"IMAP's UTF-7": None}, "&", _imap)

KINDS = (ISO_2022_JP, SHIFT_OUT, HZ, UTF_7, IMAP)

# --- The sets of characters ------------------------------------------------------------------------------------------


def read(body: str, charset: str) -> str | None:
    """Read bytes of seven bits as a set of characters with two bytes each; None if they are not.

    >>> read("2q5D", "jisx0208"), read("Dc:C", "gb2312"), read("~~", "gb2312"), read("-!", "jisx0208")
    ('会議', '你好', None, '①')
    """
    if len(body) % 2:
        return None
    data = bytes(ord(char) | 0x80 for char in body)
    try:
        if charset == "jisx0212":
            data = b"".join(b"\x8f" + data[i : i + 2] for i in range(0, len(data), 2))
        return data.decode(CODECS[charset], _NEC)
    except UnicodeDecodeError:
        return None


def _katakana(body: str) -> str | None:
    try:
        return bytes(ord(char) | 0x80 for char in body).decode("shift_jis") if max(body) <= "_" else None
    except UnicodeDecodeError:
        return None


CODECS = {"jisx0208": "euc_jp", "jisx0212": "euc_jp", "gb2312": "gb2312", "ksx1001": "euc_kr"}


def _as_cp932(error: UnicodeError) -> tuple[str, int]:
    """Read as Windows does what NEC added to JIS X 0208, such as ① and 髙."""
    if isinstance(error, UnicodeDecodeError) and error.encoding == "euc_jp" and error.object[error.start] != 0x8F:
        row, cell = (byte - 0xA1 for byte in error.object[error.start : error.start + 2])
        lead, trail = row // 2 + (0x81 if row < 62 else 0xC1), cell + 0x40 + 94 * (row % 2)
        return bytes((lead, trail + (trail >= 0x7F))).decode("cp932"), error.start + 2
    raise error


_NEC = "mojimend.nec"
codecs.register_error(_NEC, _as_cp932)
