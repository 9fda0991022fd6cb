r"""A file in several encodings: which stretch of it is in which.

Lines of many hands meet in a log, a mailbox or a scraped table, each as its program wrote it. No byte of a line end is
part of a character in any of the encodings here, so lines are judged one by one, and where a line still makes no sense,
its fields. To change the encoding from one line to the next has its price, so that a line that says little goes with
its neighbours.

>>> data = "这是第一行。\n".encode("gb18030") + "这是第二行。\n".encode()
>>> regions_of(data, ["gb18030"])
[Region(start=0, end=13, encoding='gb18030'), Region(start=13, end=32, encoding='utf-8')]
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from mojimend.decoding import resync
from mojimend.decoding.family import FAMILIES, cost_elsewhere, rank
from mojimend.decoding.result import Region
from mojimend.decoding.sample import IN_UTF_8, PIECE
from mojimend.encodings.lenient import REPLACEMENT
from mojimend.kernel import COMPILED, find_utf_8
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.text.later import later

# Lines are looked at in blocks, and singly only in blocks that are not all of one kind.
BLOCK = 1 << 16

# What it takes to believe that the encoding changes, in nats: two hanzi.
_CHANGE = 12.0
# A character that is cut at the end of a line or file costs no more than one that is there: fields and files are cut.
_CUT = 8.0
# A byte that says nothing has 5.5 nats (one of 256); text in its own encoding has 4, read in another 6 and more.
_NOISE = 5.3
_CONTROL = 10.0
# A few bytes that make no sense are damage, and no binary block.
_BINARY = 60.0
_SENSE = 4.7
_SURE = 10.0

_THREE, _SURELY_IN_UTF_8 = b"LTT" * 3, b"LTT" * 6

_LINE = later(rb"\x00{64,}+|(?>[^\n\x00]++|\x00(?!\x00{63}))*+(?:\n|(?=\x00{64})|\Z)")
# A hole that a crash or a sparse file left; single NULs are dirt in a text.
HOLE = bytes(64)
_FIELD = later(rb"[^\t,\"]*+[\t,\"]*+")
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\x0b\x0c\r\x1b")
_MOST_WEIGHED = 1024
_MOST_KNOWN = 5
# Lines that are looked at one by one for encodings that are new, and the fewest bytes that tell one.
_MOST_POOR = 16
_LEAST = 24

BINARY = None


def regions_of(data: bytes, encodings: Sequence[str]) -> list[Region]:
    """Return the regions of a file by place, given the encodings that were found in it, the commonest first.

    UTF-8 is always thought of. What reads as nothing is a region without an encoding.
    """
    return list(_merged(_walk(data, list(encodings))))


def read(
    data: bytes, found: Sequence[Region], codec_of: Mapping[str, str] = MappingProxyType({})
) -> tuple[str, tuple[int, ...], tuple[Region, ...]]:
    """Return the text of regions, the offsets of the bytes that were lost, and the regions by codec.

    ``codec_of`` names the codec that reads a family. A region without an encoding becomes one U+FFFD.
    """
    pieces: list[str] = []
    errors: list[int] = []
    named: list[Region] = []
    for start, end, family in found:
        if family is None:
            pieces.append(REPLACEMENT)
            errors.append(start)
            named.append(Region(start, end, None))
            continue
        codec = codec_of.get(family, family)
        text, lost = resync.decode(
            data[start:end], codec, starts_whole=start > 0, doubts_private_use=codec == "gb18030"
        )
        pieces.append(text)
        errors.extend(start + offset for offset in lost)
        named.append(Region(start, end, codec))
    return "".join(pieces), tuple(errors), tuple(named)


def _walk(data: bytes, known: list[str]) -> Iterator[Region]:
    before: str | None = known[0]
    at = 0
    while at < len(data):
        end = at + BLOCK
        if end < len(data):
            end = data.rfind(b"\n", at, end) + 1 or (data.find(b"\n", end) + 1 or len(data))
        block = data[at:end]
        if is_all_in(block, known[0]):
            yield Region(at, end, known[0])
            before = known[0]
        else:
            for start, stop, encoding in _judge(block, known, before):
                yield Region(at + start, at + stop, encoding)
                before = encoding
        at = end


def is_all_in(data: bytes, codec: str) -> bool:
    """Tell whether nothing in the bytes speaks against one encoding for all of them."""
    if b"\0" in data and HOLE in data:  # one byte is looked for much faster than many
        return False
    if codec == "utf-8":
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True
    end = 0
    while (found := _find_utf_8(data, end)) >= 0:
        start, end = data.rfind(b"\n", 0, found) + 1, data.find(b"\n", found)
        end = len(data) if end < 0 else end
        try:
            data[start:end].decode("utf-8")
        except UnicodeDecodeError:
            if data[found : found + len(_SURELY_IN_UTF_8)].translate(IN_UTF_8) != _SURELY_IN_UTF_8:
                continue
        return False
    return True


def has_utf_8(data: bytes) -> bool:
    """Tell whether three characters of three bytes each in UTF-8 stand side by side somewhere."""
    return _find_utf_8(data, 0) >= 0


def pure_find_utf_8(data: bytes, at: int) -> int:
    """Return where three characters of three bytes each in UTF-8 stand side by side, from a place on; -1 if nowhere.

    >>> pure_find_utf_8("a你好吗".encode(), 0), pure_find_utf_8("a你好吗".encode(), 2)
    (1, -1)
    """
    # In pieces that stay in the processor's cache; what begins in one may go on in the next.
    for begin in range(at, len(data), BLOCK):
        found = data[begin : begin + BLOCK + len(_THREE) - 1].translate(IN_UTF_8).find(_THREE)
        if found >= 0:
            return begin + found
    return -1


_find_utf_8 = find_utf_8 if COMPILED else pure_find_utf_8


def _judge(block: bytes, known: list[str], before: str | None) -> list[tuple[int, int, str | None]]:
    """Return the parts of a block with their encodings; those that are new are added to the known."""
    units = [found.span() for found in _LINE.finditer(block) if found.end() > found.start()]
    encodings = _cheapest(block, units, [*known, "utf-8"], before)
    poor = [block[start:end] for (start, end), encoding in zip(units, encodings, strict=True) if encoding is None]
    poor += [
        block[start:end]
        for (start, end), encoding in zip(units, encodings, strict=True)
        if encoding is not None and _is_poor(block[start:end], encoding)
    ]
    if poor and _add_what_is_new(poor, known):
        encodings = _cheapest(block, units, [*known, "utf-8"], before)
    judged: list[tuple[int, int, str | None]] = []
    for (start, end), encoding in zip(units, encodings, strict=True):
        line = block[start:end]
        if len(fields := _fields(line)) > 1 and _makes_sense_apart(line, fields, encoding, [*known, "utf-8"]):
            apart = _cheapest(line, fields, [*known, "utf-8"], encoding or known[0])
            judged += [(start + a, start + b, found) for (a, b), found in zip(fields, apart, strict=True)]
        else:
            judged.append((start, end, encoding))
    return judged


def _add_what_is_new(poor: Sequence[bytes], known: list[str]) -> bool:
    """Find the encodings of lines that read badly in the known ones, all together and one by one; tell if there are."""
    before = len(known)
    together = b"\n".join(filter(None, map(_weighed, poor)))[: 2 * _MOST_WEIGHED]
    pieces = (_weighed(line[start:end]) for line in poor[:_MOST_POOR] for start, end in _fields(line))
    for weighed in (together, *pieces):
        if len(known) == _MOST_KNOWN:
            break
        least = _SENSE * len(weighed)
        if len(weighed) < _LEAST or any(_cost(weighed, codec) < least for codec in (*known, "utf-8")):
            continue
        ranked = rank(weighed, [family for family in FAMILIES if family not in known])
        if ranked[0].cost < least and ranked[1].cost - ranked[0].cost > _SURE:
            known.append(ranked[0].codec)
    return len(known) > before


def _fields(line: bytes) -> list[tuple[int, int]]:
    return [found.span() for found in _FIELD.finditer(line) if found.end() > found.start()]


def _makes_sense_apart(
    line: bytes, fields: Sequence[tuple[int, int]], encoding: str | None, known: Sequence[str]
) -> bool:
    """Tell whether the fields of a line that makes no sense as a whole may make more."""
    if encoding is not None:
        return _is_poor(line, encoding)
    pieces = (_weighed(line[start:end]) for start, end in fields)
    return any(
        len(piece) >= _LEAST and min(_cost(piece, codec) for codec in known) < _SENSE * len(piece) for piece in pieces
    )


def _is_poor(line: bytes, encoding: str) -> bool:
    """Tell whether a line, or a field of it, makes no sense."""
    fields = _fields(line)
    pieces = [_weighed(line), *(_weighed(line[start:end]) for start, end in fields if len(fields) > 1)]
    return any(_cost(piece, encoding) > _SENSE * len(piece) + _CHANGE for piece in pieces if piece)


def _weighed(line: bytes) -> bytes:
    return b"\n".join(PIECE.findall(line, 0, 4 * _MOST_WEIGHED))[:_MOST_WEIGHED]


def _cost(weighed: bytes, encoding: str) -> float:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = decoder.decode(weighed)
    units = plausibility().alone(text) + (0 if encoding == "utf-8" else cost_elsewhere(text, encoding))
    return units / UNITS_PER_NAT + _CUT * bool(decoder.getstate()[0])


def _cheapest(
    block: bytes, units: Sequence[tuple[int, int]], known: Sequence[str], before: str | None
) -> list[str | None]:
    """Return the encoding of each unit, so that what they cost and the changes between them is the least."""
    choices: list[str | None] = [*dict.fromkeys(known), BINARY]
    prices = [_BINARY if choice is BINARY else _CHANGE for choice in choices]
    totals = [0.0 if choice == before else price for choice, price in zip(choices, prices, strict=True)]
    trails: list[list[int]] = []
    for start, end in units:
        unit = block[start:end]
        weighed = _weighed(unit)
        controls = len(unit) - len(unit.translate(None, _CONTROLS))
        cheapest = min(range(len(choices)), key=totals.__getitem__)
        least = totals[cheapest]
        trail = list(range(len(choices)))
        for number, choice in enumerate(choices):
            if totals[number] > least + prices[number]:
                totals[number], trail[number] = least + prices[number], cheapest
            if choice is None:
                # ASCII alone is text of some kind.
                totals[number] += _NOISE * len(weighed) + (0 if weighed or controls else _CONTROL)
            else:
                totals[number] += (_cost(weighed, choice) if weighed else 0.0) + _CONTROL * controls
        trails.append(trail)
    number = min(range(len(choices)), key=totals.__getitem__)
    encodings: list[str | None] = []
    for trail in reversed(trails):
        encodings.append(choices[number])
        number = trail[number]
    return encodings[::-1]


def _merged(regions: Iterator[Region]) -> Iterator[Region]:
    last: Region | None = None
    for region in regions:
        if last is None:
            last = region
        elif region.encoding == last.encoding:
            last = last._replace(end=region.end)
        else:
            yield last
            last = region
    if last is not None:
        yield last
