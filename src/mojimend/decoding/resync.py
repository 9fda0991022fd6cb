r"""Decode CJK bytes to the end, and find the way back behind every byte that is bad.

In an encoding of two bytes a character, a byte that is missing turns everything behind it into other characters, up to
the next byte that can't be half of one. Nothing is wrong with most of those; the error shows at the end of the run or
nowhere. So wherever a codec meets a bad byte, the whole run around it is read anew, and of all ways to cut it into
characters and lost bytes the one is taken that reads most like text.

>>> decode("今天天气很好。\n".encode("gb18030")[1:], "gb18030")
('\ufffd天天气很好。\n', (0,))
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from mojimend.encodings import lenient, pairs
from mojimend.encodings.gbk import EURO_SIGN
from mojimend.encodings.lenient import BOUNDARY, REPLACEMENT
from mojimend.encodings.misread import decode as decode_strictly
from mojimend.encodings.pairs import STRAY_IN_CP932
from mojimend.kernel import Characters
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.models.runs import weigh
from mojimend.text.katakana import is_narrow, widened
from mojimend.text.later import later

TWO_BYTES = frozenset({
    "gb18030", "cp950", "big5hkscs", "cp932", "shift_jis_2004", "euc_jp", "euc_jis_2004", "cp949", "johab",
})  # fmt: skip

_UP_TO_BOUNDARY = later(rb".*[\x00-\x2f]", re.DOTALL)

# A byte lost on the way is about as rare as a character that the model has not met, so that one of those stays whole.
_LOST = 14 * UNITS_PER_NAT
# Nor has it met katakana of half width, which are a byte each in code page 932. One may be what is left of another
# character; those behind it are text.
_NARROW_BESIDE_NARROW = 9 * UNITS_PER_NAT
# A text that was cut ends in half a character as often as not.
_CUT = 5 * UNITS_PER_NAT
# What a byte of running text costs, for ends at different places: of Chinese; of Japanese and Korean it is less.
_USUAL = 4 * UNITS_PER_NAT
# Runs that end in half a character at the end of the data are believed to be cut if they read like this or better.
_READS_WELL = 4.7 * UNITS_PER_NAT

# A byte that was lost shifts all that is behind it, so that is what must read well.
_TAIL = 12

# A run of bytes with no boundary is taken in pieces: the model is sure of its way after a few characters.
_CHUNK = 8192
_AHEAD = 256
_LONGEST_CHARACTER = 4
# Three characters of which two are of another text; in their own, three cost so much only in names and rare words.
_SHIFTED = 24 * UNITS_PER_NAT
_LONG = 64
# Bytes by which a piece is seen to be cut at its start, and the nats by which it has to read better for that: of 12,429
# lines none gained more than 7.2 without their first byte; of 8,248 cut in a character, 99 in 100 gained 11 and more.
_WEIGHED = 48
_FIRST = 6
_SURELY = 10 * UNITS_PER_NAT
# By how many nats it has to read better by its characters alone to be looked at so closely, which takes five times as
# long: of 68,000 pieces of so many bytes cut in a character 7 did less, and of 37,000 whole lines in Shift_JIS and Big5
# five in six. Of pieces of 8 bytes one in 15 did less, and one in 1,300 was worse by 10.
_PERHAPS = 2 * UNITS_PER_NAT
# What the first byte costs then, if it is lost: with 7 nats 3 of 1,432 pieces cut on both sides come out wrong, with 10
# 12. A byte that was lost right behind the first character is taken for this as seldom.
_LOST_FIRST = 7 * UNITS_PER_NAT
_INFINITE = 1 << 60
_OF_JIS_X_0213 = frozenset({"shift_jis_2004", "euc_jis_2004"})
# Where 8F shifts to JIS X 0212 or to the second plane of JIS X 0213.
_THREE_BYTES = frozenset({"euc_jp", "euc_jis_2004"})

# One in twelve pairs of bytes is for private use in GB18030, so what is shifted has it again and again, and real text
# hardly twice in a few words.
_ANY_PRIVATE_USE = Characters("\ue000-\uf8ff")
_ASTRAY = later("[\ue000-\uf8ff].{0,15}[\ue000-\uf8ff]")
# Python reads these single bytes as controls and private use.
_ANY_STRAY = later(f"[{STRAY_IN_CP932}]")


def decode(
    data: bytes, encoding: str, *, starts_whole: bool = False, doubts_private_use: bool = False
) -> tuple[str, tuple[int, ...]]:
    """Return the text, and the byte offset of each byte that was lost; each of those stands as U+FFFD.

    ``starts_whole`` tells that the first byte is the first of a character, unless it was lost;
    ``doubts_private_use``, to look there for what was shifted.

    Takes time in proportion to the length of the data.
    """
    if encoding not in TWO_BYTES:
        return lenient.decode(data, encoding)
    may_be_cut = not starts_whole and _may_be_cut_at_start(data, encoding)
    if not may_be_cut:
        text, stop = _until_error(data, encoding, doubts_private_use=doubts_private_use)
        if stop == len(data):
            return text, ()
    pieces: list[str] = []
    errors: list[int] = []
    at = 0
    while at < len(data):
        chunk = data[at : at + _CHUNK]
        is_last = at + len(chunk) == len(data)
        if not is_last:
            chunk = chunk[: chunk.rfind(b"\n") + 1] or chunk
        # Behind half a character all is wrong though nothing is bad.
        doubted = may_be_cut and at == 0
        text, stop = ("", 0) if doubted else _until_error(chunk, encoding, doubts_private_use=doubts_private_use)
        if stop == len(chunk) or (not is_last and stop > len(chunk) - _LONGEST_CHARACTER):
            pieces.append(text)
            at += stop
            continue
        back = _UP_TO_BOUNDARY.match(chunk, 0, stop)
        start = back.end() if back else 0
        ahead = BOUNDARY.search(chunk, stop)
        end = min(ahead.start() if ahead else len(chunk), stop + _AHEAD)
        whole = decode_strictly(chunk[:start], encoding)
        is_end = is_last and end == len(chunk)
        run, before = chunk[start:end], text[len(whole) :]
        if not doubted and is_end and end - stop < _LONGEST_CHARACTER and _reads_well(before, stop - start):
            read, lost, taken = before + REPLACEMENT * (end - stop), list(range(stop - start, len(run))), len(run)
        elif not doubted and (reading := _where_codec_goes_on(run, encoding)):
            (read, lost), taken = reading, len(run)
        else:
            is_open = not is_end and (ahead is None or end < ahead.start())
            first = _LOST_FIRST if doubted else _LOST
            read, lost, taken = _read_most_plausibly(run, encoding, first=first, is_open=is_open, is_end=is_end)
        pieces += (whole, read)
        errors.extend(at + start + offset for offset in lost)
        at += start + taken
    return "".join(pieces), tuple(errors)


def _may_be_cut_at_start(data: bytes, encoding: str) -> bool:
    """Tell whether the second half of a character may stand first, as in a piece cut out of a file.

    Up to the next boundary all characters are others then, or only two, and no error may show it.
    """
    head = data[:_WEIGHED]
    if len(head) < _FIRST or head[0] < 0x80:
        return False
    if encoding not in _OF_JIS_X_0213:
        as_it_stands, cut = weigh((head, head[1:]), (encoding,))
        if as_it_stands[0] - cut[0] < (_PERHAPS if len(head) == _WEIGHED else -_SURELY):
            return False
    return _cost_of_head(head[1:], encoding, in_a_line=True) + _SURELY < _cost_of_head(head, encoding)


_decoder = cache(codecs.getincrementaldecoder)


def _cost_of_head(data: bytes, encoding: str, *, in_a_line: bool = False) -> int:
    text, start = pairs.read(data, encoding)
    cut = 0
    if start < len(data):
        decoder = _decoder(encoding)("replace")
        text += decoder.decode(data[start:])
        cut = _CUT * bool(decoder.getstate()[0])
    text = widened(text)
    model = plausibility()
    if in_a_line and text:
        cut += model.singles[text[0]] - model.cost(text[0])
    return model.cost(text) + cut


def _until_error(data: bytes, encoding: str, *, doubts_private_use: bool = False) -> tuple[str, int]:
    """Return the text up to the first byte that is bad, and the offset of that."""
    text, start = pairs.read(data, encoding)
    if start == len(data):
        return text, start
    rest = data[start:] if start else data
    try:
        text, stop = text + decode_strictly(rest, encoding), len(data)
    except UnicodeDecodeError as error:
        text, stop = text + decode_strictly(rest[: error.start], encoding), start + error.start
    if doubts_private_use and has_private_use(text) and (astray := _ASTRAY.search(text)):
        before = text[: astray.start()]
        if EURO_SIGN not in before:  # which is one byte or two
            text, stop = before, len(before.encode("gb18030"))
    if encoding == "cp932" and (stray := _ANY_STRAY.search(text)):
        text = text[: stray.start()]
        stop = len(text.encode("cp932"))
    return text, stop


def has_private_use(text: str) -> bool:
    """Tell whether a text has characters for private use, as Big5 makes them when it is read as GBK."""
    return _ANY_PRIVATE_USE.count(text) > 0


class _Characters(dict[bytes, str]):
    """The characters of an encoding by their bytes; empty where bytes are none."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    def __missing__(self, data: bytes) -> str:
        text, stop = _until_error(data, self._encoding)
        char = text if stop == len(data) and len(text) <= (2 if len(data) > 1 else 1) else ""
        # Two bytes that are two characters are no character of two bytes.
        if len(data) > 1 and char and self[data[:1]]:
            char = ""
        self[data] = char
        return char


@cache
def _characters(encoding: str) -> _Characters:
    return _Characters(encoding)


def _read_most_plausibly(
    run: bytes, encoding: str, *, first: int, is_open: bool, is_end: bool
) -> tuple[str, list[int], int]:
    """Return the text of a run that has bad bytes, the offsets of the lost ones, and how far it was read.

    ``first`` is what it costs if the first byte is lost. A run that is open goes on behind its end, and one at the end
    of the data may have been cut.
    """
    model = plausibility()
    characters = _characters(encoding)
    size = len(run)
    costs = [0] + [_INFINITE] * size
    steps: list[tuple[int, str]] = [(0, "\n")] * (size + 1)
    for at in range(size):
        cost, before = costs[at], steps[at][1][-1]
        if cost == _INFINITE:
            continue
        byte = run[at]
        lost = cost + (_LOST if at else first)
        if lost < costs[at + 1]:
            costs[at + 1], steps[at + 1] = lost, (at, REPLACEMENT)
        if is_end and byte >= 0x80 and size - at < _lengths(run, at, encoding)[-1] and cost + _CUT < costs[size]:
            costs[size], steps[size] = cost + _CUT, (at, REPLACEMENT * (size - at))
        for length in _lengths(run, at, encoding):
            char = characters[run[at : at + length]] if at + length <= size else ""
            if char:
                if is_narrow(before) and is_narrow(char):
                    total = cost + _NARROW_BESIDE_NARROW
                else:
                    total = cost + (model.singles[char[0]] if before == REPLACEMENT else model.pairs[before + char[0]])
                if total < costs[at + length]:
                    costs[at + length], steps[at + length] = total, (at, char)
    end = size
    if is_open:
        end = min(range(max(1, size - _LONGEST_CHARACTER), size + 1), key=lambda at: costs[at] + _USUAL * (size - at))
    pieces: list[str] = []
    errors: list[int] = []
    at = end
    while at:
        at, piece = steps[at]
        pieces.append(piece)
        if piece[0] == REPLACEMENT:
            errors.extend(range(at + len(piece) - 1, at - 1, -1))
    return "".join(reversed(pieces)), errors[::-1], end


def _where_codec_goes_on(run: bytes, encoding: str) -> tuple[str, list[int]] | None:
    """Return what the codec itself makes of a run, if that is text behind the bad bytes too; it costs far less."""
    if len(run) < _LONG:
        return None
    text, lost = lenient.decode(run, encoding)
    if not lost or any(run[offset] < 0x80 for offset in lost):
        return None
    costs = plausibility().costs(text.replace(REPLACEMENT, "\n"))
    if any(a + b + c > _SHIFTED for a, b, c in zip(costs, costs[1:], costs[2:], strict=False)):
        return None
    return text, list(lost)


def _lengths(run: bytes, at: int, encoding: str) -> tuple[int, ...]:
    """Return how many bytes a character may have that begins here."""
    byte = run[at]
    if byte < 0x80:
        return (1,)
    if byte == 0x8F and encoding in _THREE_BYTES:
        return (3,)
    if encoding == "gb18030" and run[at + 1 : at + 2].isdigit():
        return (1, 4)
    return (1, 2)


def _reads_well(text: str, size: int) -> bool:
    costs = plausibility().costs(text)
    tail = costs[-_TAIL:]
    return sum(costs) <= _READS_WELL * size and sum(tail) <= _READS_WELL * 2 * len(tail)
