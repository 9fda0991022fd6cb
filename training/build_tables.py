"""Make the tables of src/mojimend/tables anew, or check that they are what the sources give.

    python training/build_tables.py            # writes them
    python training/build_tables.py --check    # exit 1 if one differs

The sources are the packages of the dependency group `training`, at the versions pinned there, and for one table the
program iconv of the GNU C Library; without it that table stays as it is.
"""

from __future__ import annotations

import argparse
import re._parser as regex  # type: ignore[import-not-found]
import shutil
import subprocess
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import version
from itertools import chain, combinations, pairwise
from math import exp, log
from pathlib import Path
from typing import TypeAlias

from ftfy.badness import BADNESS_RE

from mojimend.encodings.bytes_of import BLOCK, MOST_BYTES, PLANES, READ, number_of
from mojimend.encodings.lenient import REPLACEMENT, decode
from mojimend.encodings.misread import MULTIBYTE, PAIRS, SINGLE_BYTE, Misread
from mojimend.encodings.misread import reading as reading_of
from mojimend.encodings.pairs import BEHIND_8F, IN_PAIRS, LEADS, NOT_TOLD, PLANE_2, SIZE, TRAILS
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.models.runs import WEIGHED, made_of_costs
from mojimend.rules.evidence import LANGUAGES_OF
from mojimend.rules.lost_characters import NO_CHARACTER, made_of_losses
from mojimend.rules.mojibake.western import CODE_PAGES
from mojimend.rules.suspicion import is_rare

TABLES = Path(__file__).parent.parent / "src" / "mojimend" / "tables"

HEADER = """\
# {what}
# source: {source}
# made by: python training/build_tables.py
"""

# Scripts the model was never shown. Text in them is none of ours.
OTHER_SCRIPTS = (
    range(0x370, 0x1100), range(0x1200, 0x2000), range(0xA000, 0xA960), range(0xA980, 0xAC00), range(0xFB00, 0xFE00),
)  # fmt: skip
# The model knows one of a kind; capitals aside, these are the others.
SPACES_AND_DIGITS = (
    "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000０１２３４５６７８９"
)

# Pages have it wherever a word may be parted, and show it nowhere. Misread text has others beside it: of 14,733 texts
# none is missed without it.
SOFT_HYPHEN = "\N{SOFT HYPHEN}"

# With how many hiragana, before or behind, a kanji must have been met to be common, and with how many at the most one
# that stands for it, which counts twice. Of kana and Han side by side 35 in 100 have one that was met with none in
# EUC-JP read as GBK, and 3 in 10,000 in Japanese. Of 133 misread lines of 32 characters that the rest of a look passes
# over 100 have one by hiragana, and of 2,915 clean lines 16.
MANY_PAIRS, FEW_PAIRS = 12, 4

# The first and the last of each range of characters.
Ranges: TypeAlias = tuple[tuple[int, int], ...]
# A scan has 32 clues, and one is for what is bad by itself.
MOST_PAIRS = 31

# Marks that the code pages of the West show lead bytes of UTF-8 as, and that clean text is full of.
COMMON = frozenset("“”‘’…—–·÷«»±≤≥∞€\N{NO-BREAK SPACE}")

# What CPython's gb18030 does not read, but other software does: byte 80 (code page 936), and in place of the Private
# Use Area the characters of GB 18030-2005 and -2022, annex D. CPython 3.11 follows the edition of 2000.
NEWER_GB18030 = {
    "\N{EURO SIGN}": "80", "\u1e3f": "a8bc",
    "\ufe10": "a6d9", "\ufe12": "a6da", "\ufe11": "a6db", "\ufe13": "a6dc", "\ufe14": "a6dd", "\ufe15": "a6de",
    "\ufe16": "a6df", "\ufe17": "a6ec", "\ufe18": "a6ed", "\ufe19": "a6f3",
    "\u9fb4": "fe59", "\u9fb5": "fe61", "\u9fb6": "fe66", "\u9fb7": "fe67", "\u9fb8": "fe6d", "\u9fb9": "fe7e",
    "\u9fba": "fe90", "\u9fbb": "fea0",
    "\U00020087": "fe51", "\U00020089": "fe52", "\U000200cc": "fe53", "\U000215d7": "fe6c", "\U0002298f": "fe76",
    "\U000241fe": "fe91",
}  # fmt: skip


def two_byte_han() -> Iterator[str]:
    """Yield the Han characters of GBK, the only ones that the damage in question can stand on."""
    for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00)):
        char = chr(code)
        if len(char.encode("gb18030")) == 2:
            yield char


def readings() -> str:
    """Make readings.tsv: a reading with its tone mark, the characters read so first of all, and those read so too."""
    from pypinyin.constants import PINYIN_DICT

    first: defaultdict[str, list[str]] = defaultdict(list)
    other: defaultdict[str, list[str]] = defaultdict(list)
    for char in two_byte_han():
        for i, reading in enumerate(PINYIN_DICT.get(ord(char), "").split(",")):
            if reading:
                (other if i else first)[unicodedata.normalize("NFC", reading)].append(char)
    header = HEADER.format(
        what="Readings of the Han characters of GBK: reading, characters read so first, characters read so too",
        source=f"pypinyin {version('pypinyin')} (MIT), pypinyin.constants.PINYIN_DICT",
    )
    rows = (f"{r}\t{''.join(first[r])}\t{''.join(other[r])}\n" for r in sorted({*first, *other}))
    return header + "".join(rows)


def traditional() -> str:
    """Make traditional.tsv: characters that a text in Simplified Chinese does not have, and what it has for them."""
    import opencc

    simplified = opencc.OpenCC("t2s").convert
    header = HEADER.format(
        what="Han characters of GBK that are Traditional forms, and on the second line their Simplified forms",
        source=f"OpenCC {version('opencc')} (Apache-2.0), configuration t2s, character by character",
    )
    forms = [char for char in two_byte_han() if simplified(char) != char]
    return f"{header}{''.join(forms)}\n{''.join(map(simplified, forms))}\n"


def rare() -> str:
    """Make rare.tsv: the ranges of characters that are rare, which are the gaps between those that are usual."""
    usual = set(chain(range(0x80), *OTHER_SCRIPTS, map(ord, SPACES_AND_DIGITS + SOFT_HYPHEN)))
    model = plausibility()
    for char in model.known:
        kind = {ord(char), *map(ord, char.upper())}
        if is_rare(char, model.singles[char]):
            usual -= kind
        else:
            usual |= kind
    # What is not known is rare.
    header = HEADER.format(
        what="Characters that clean text hardly has: the first and the last of each range, in eight hexadecimal digits",
        source="src/mojimend/models/characters.bin",
    )
    gaps = pairwise([-1, *sorted(usual), sys.maxunicode + 1])
    return header + "".join(f"{a + 1:08x}\t{b - 1:08x}\n" for a, b in gaps if b - a > 1)


def not_japanese() -> str:
    """Make not_japanese.tsv: the Han of GB 2312 that no Japanese encoding has."""
    pairs = (bytes((lead, trail)) for lead in range(0xB0, 0xF8) for trail in range(0xA1, 0xFF))
    han = b"".join(pairs).decode("gb2312", "ignore")
    header = HEADER.format(
        what="Han of GB 2312 that EUC-JP has not, in eight hexadecimal digits",
        source="Python's codecs",
    )
    alien = set(han) - set(han.encode("euc_jp", "ignore").decode("euc_jp"))
    return header + "".join(f"{ord(char):08x}\n" for char in sorted(alien))


def seldom_japanese() -> str:
    """Make seldom_japanese.tsv: the Han that hardly a hiragana stands by but where EUC-JP was read as GBK."""
    hiragana = [chr(code) for code in range(0x3041, 0x3094)]
    known = plausibility().count_known_pairs

    def count(char: str) -> int:
        return sum(known(one + char) + known(char + one) for one in hiragana)

    header = HEADER.format(
        what="Han that the model never met by hiragana, and seldom, in eight hexadecimal digits each; it did the\n"
        "# kanji of the same bytes in EUC-JP with many",
        source="src/mojimend/models/characters.bin",
    )
    euc_jp = {char: char.encode("gb2312", "ignore").decode("euc_jp", "ignore") for char in two_byte_han()}
    times = {char: count(char) for char, kanji in euc_jp.items() if kanji and char.encode("euc_jp", "ignore")}
    found = [char for char, few in times.items() if few <= FEW_PAIRS and count(euc_jp[char]) >= MANY_PAIRS + 2 * few]
    kinds = {"never": [char for char in found if not times[char]], "seldom": [char for char in found if times[char]]}
    rows = (f"{kind}\t{' '.join(f'{ord(char):08x}' for char in chars)}\n" for kind, chars in kinds.items())
    return header + "".join(rows)


def western() -> str:
    """Make western.tsv: what the code pages that ftfy knows show the bytes of UTF-8 as."""
    header = HEADER.format(
        what="What the lead bytes of UTF-8 are shown as, those that come before A0, and the bytes that continue:\n"
        "# characters, in eight hexadecimal digits each",
        source="the codecs of CPython 3.11, without marks that clean text is full of",
    )
    rows = {
        "leads": shown(*range(0xC2, 0xF5)) - COMMON,
        "leads before a space": shown(0xC2, 0xC3, 0xC5, 0xCE, 0xD0, 0xD9, 0xE2, 0xE3, 0xF0) - COMMON,
        "continuations": shown(*range(0x80, 0xC0)),
    }
    return header + "".join(
        f"{name}\t{' '.join(f'{ord(char):08x}' for char in sorted(chars))}\n" for name, chars in rows.items()
    )


def bad_pairs() -> str:
    """Make bad_pairs.tsv: what ftfy takes for bad text has two such characters side by side, or one of the first row.

    Of each alternative of its expression those two neighbours are taken that are least often met, and alternatives are
    joined where they match no more together, or as a scan has no room for as many.
    """
    header = HEADER.format(
        what="Characters, and those behind one of them without which nothing is bad text to ftfy, if that takes two:\n"
        "# the first and the last of each range, in eight hexadecimal digits each",
        source=f"badness.BADNESS_RE of ftfy {version('ftfy')}",
    )
    ((_, (_, alternatives)),) = regex.parse(BADNESS_RE.pattern, BADNESS_RE.flags)
    alone, pairs = [], []
    for alternative in alternatives:
        sets = [ranges_of(op, argument) for op, argument in alternative]
        if len(sets) == 1:
            alone.append((sets[0], ()))
        else:
            pairs.append(min(filter(all, pairwise(sets)), key=matches))
    while True:
        joined = [(join(one, other), one, other) for one, other in combinations(pairs, 2)]
        both, one, other = min(joined, key=lambda each: matches(each[0]) - matches(each[1]) - matches(each[2]))
        if matches(both) > matches(one) + matches(other) and len(pairs) < MOST_PAIRS:
            break
        pairs = [both, *(pair for pair in pairs if pair not in {one, other})]
    return header + "".join(
        "\t".join(" ".join(f"{edge:08x}" for edge in chain.from_iterable(ranges)) for ranges in row) + "\n"
        for row in (*alone, *sorted(pairs))
    )


def ranges_of(op: object, argument: object) -> Ranges:
    """Return what an item of an expression matches; nothing where that is not one character of a few."""
    if op == regex.LITERAL and isinstance(argument, int):
        return ((argument, argument),)
    if op != regex.IN or not isinstance(argument, list) or any(kind == regex.CATEGORY for kind, _ in argument):
        return ()
    several = [(value, value) if kind == regex.LITERAL else value for kind, value in argument if kind != regex.NEGATE]
    if len(several) == len(argument):
        return joined_ranges(several)
    edges = [-1, *chain.from_iterable(joined_ranges(several)), sys.maxunicode + 1]
    return tuple((last + 1, first - 1) for last, first in zip(edges[::2], edges[1::2], strict=True))


def joined_ranges(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return ranges in order, those that touch as one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        touches = bool(joined) and first <= joined[-1][1] + 1
        before = joined.pop() if touches else (first, last)
        joined.append((before[0], max(before[1], last)))
    return tuple(joined)


def join(one: tuple[Ranges, Ranges], other: tuple[Ranges, Ranges]) -> tuple[Ranges, Ranges]:
    """Return pairs that match what either does."""
    return joined_ranges(one[0] + other[0]), joined_ranges(one[1] + other[1])


def matches(pair: tuple[Ranges, Ranges]) -> int:
    """Return how many different texts of two characters a pair matches."""
    first, second = (sum(last - first + 1 for first, last in ranges) for ranges in pair)
    return first * second


def shown(*several: int) -> frozenset[str]:
    """Return what the code pages show these bytes as."""
    return frozenset(char for page in CODE_PAGES for char in bytes(several).decode(page, "ignore"))


def single_byte() -> str:
    """Make single_byte.tsv: encodings of one byte a character, and what they read the bytes from 80 on as."""
    header = HEADER.format(
        what="What encodings of one byte a character read the bytes from 80 on as, in eight hexadecimal digits each",
        source="Python's codecs; for the bytes that they leave undefined the WHATWG Encoding Standard",
    )
    read = {name: decode(bytes(range(0x80, 0x100)), name)[0] for name in SINGLE_BYTE}
    return header + "".join(f"{name}\t{''.join(f'{ord(char):08x}' for char in read[name])}\n" for name in SINGLE_BYTE)


def unreadable() -> str:
    """Make unreadable.tsv: how rare characters are whose bytes are none where they were read, -log P in units."""
    header = HEADER.format(
        what="How rare characters are that another encoding does not read: written, read, language, -log P in units",
        source="src/mojimend/models/characters.bin; Python's codecs",
    )
    return header + "".join(
        f"{pair.written}\t{pair.read}\t{language}\t{rarity(pair, language)}\n"
        for pair in PAIRS
        for language in LANGUAGES_OF[pair.written]
    )


def rarity(misread: Misread, language: str) -> int:
    """Return how rare the characters of a language are that one encoding writes and the other does not read."""
    known = {char: single for char, single in plausibility().known_in(language).items() if char > "\x7f"}
    # All at once, as to write and read each by itself takes ten times as long.
    written = "\n".join(known).encode(misread.written, "ignore")
    shown = written.decode(misread.read, "replace").split("\n")
    total, lost = 0.0, 0.0
    for data, shows, single in zip(written.split(b"\n"), shown, known.values(), strict=True):
        if len(data) > 1:
            total += (share := exp(-single / UNITS_PER_NAT))
            lost += share if REPLACEMENT in shows else 0
    return min(NO_CHARACTER, round(-UNITS_PER_NAT * log(lost / total))) if lost else NO_CHARACTER


def ambiguous() -> str:
    """Make ambiguous.tsv: the encoding, the character, and all that is read as it, what the codec writes first."""
    header = HEADER.format(
        what="Characters that an encoding reads several sequences of bytes as: encoding, code point, those sequences",
        source="the codecs of CPython 3.11; GB 18030-2005 and -2022, annex D; code page 936 of Windows",
    )
    return header + "".join(
        f"{name}\t{ord(char):x}\t" + "\t".join(data.hex() for data in several) + "\n"
        for name in MULTIBYTE
        for char, several in sorted(sequences_of(name).items())
        if len(several) > 1
    )


def sequences_of(name: str) -> dict[str, list[bytes]]:
    """Return the sequences of up to two bytes, or three in EUC-JP, that are read as each character."""
    read = dict(bytes_and_characters(name))
    if name == "gb18030":
        read |= {bytes.fromhex(digits): char for char, digits in NEWER_GB18030.items()}
    sequences = {char: [char.encode(name)] for char in read.values()}
    for data, char in read.items():
        if data not in sequences[char]:
            sequences[char].append(data)
    return sequences


def bytes_and_characters(name: str) -> Iterator[tuple[bytes, str]]:
    """Yield what is one character, a byte but NUL, a pair, or in EUC-JP three, and that, in the order of pairs.bin."""
    for part in (name, BEHIND_8F) if name == "euc_jp" else (name,):
        alone, each = shown_in_pairs(part)
        before = b"\x8f" if part == BEHIND_8F else b""
        bytes_of_pairs = (before + bytes((lead, trail)) for lead in LEADS for trail in TRAILS)
        singles = ((bytes((byte,)), char) for byte, char in enumerate(alone))
        for data, char in chain(singles, zip(bytes_of_pairs, each, strict=True)):
            if char not in {REPLACEMENT, NOT_TOLD}:
                yield data, char


def pairs() -> bytes:
    """Make pairs.bin: what each byte and each pair of bytes is, in the encodings that have pairs."""
    return b"".join(map(table_in_pairs, IN_PAIRS))


def table_in_pairs(name: str) -> bytes:
    """Return the table of an encoding as pairs.bin has it."""
    alone, each = shown_in_pairs(name)
    numbers = [ord(char) for char in (*alone, *each)]
    in_plane_2 = [number >= PLANE_2 for number in numbers[len(alone) :]]
    bits = bytes(sum(beyond << i for i, beyond in enumerate(several)) for several in batched(in_plane_2))
    data = b"".join((number % PLANE_2).to_bytes(2, "little") for number in numbers) + bits
    return data + bytes(SIZE - len(data))


def batched(flags: list[bool]) -> Iterator[list[bool]]:
    """Yield eight of them at a time."""
    for at in range(0, len(flags), 8):
        yield flags[at : at + 8]


@cache
def shown_in_pairs(name: str) -> tuple[list[str], list[str]]:
    """Return what each byte is in an encoding, or U+FFFD, and each pair of bytes."""
    codec, _, before = name.partition(" behind ")
    alone = [REPLACEMENT if before else shown_as(bytes((byte,)), codec) for byte in range(0x100)]
    each = [
        REPLACEMENT if alone[lead] != REPLACEMENT else shown_as(bytes.fromhex(before) + bytes((lead, trail)), codec)
        for lead in LEADS
        for trail in TRAILS
    ]
    if name.startswith("euc_j") and not before:  # there it begins three bytes
        at = (0x8F - LEADS.start) * len(TRAILS)
        each[at : at + len(TRAILS)] = NOT_TOLD * len(TRAILS)
    return alone, each


def shown_as(data: bytes, name: str) -> str:
    """Return the one character that bytes are, U+FFFD if they are none, or what stands for more than one."""
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return REPLACEMENT
    return text if len(text) == 1 else NOT_TOLD


def bytes_of_characters() -> bytes:
    """Make bytes.bin: which bytes each character was read from, in the encodings that text is read in by mistake."""
    tables = {bytes(2 * BLOCK): 0}
    directory = [
        tables.setdefault(table_of_block(first, read), len(tables))
        for plane in PLANES
        for first in range(plane.start, plane.stop, BLOCK)
        for read in READ
    ]
    return b"".join(number.to_bytes(2, "little") for number in directory) + b"".join(tables)


def table_of_block(first: int, read: str) -> bytes:
    """Return the table of a block of characters as bytes.bin has it."""
    usual = (usual_bytes(code, read) for code in range(first, first + BLOCK))
    return b"".join(number_of(data).to_bytes(2, "little") for data in usual)


def usual_bytes(code: int, read: str) -> bytes:
    """Return the bytes of a character beyond ASCII, up to three; nothing of what has none."""
    if code < 0x80 or 0xD800 <= code < 0xE000:
        return b""
    data = next(iter(reading_of(read).bytes_of(chr(code))), b"")
    return data if len(data) <= MOST_BYTES else b""


def costs() -> bytes:
    """Make costs.bin: what each pair of bytes costs by the model, in the encodings that text is written in."""
    return b"".join(map(made_of_costs, WEIGHED))


def cns11643() -> str | None:
    """Make cns11643.tsv, or return None where there is no iconv that knows EUC-TW."""
    chars = [chr(code) for code in range(0x80, 0x10000) if not 0xD800 <= code < 0xF900]
    iconv = shutil.which("iconv")
    if iconv is None:
        return None
    command = [iconv, "-c", "-f", "UTF-8", "-t", "EUC-TW"]
    written = subprocess.run(command, input="\n".join(chars).encode(), capture_output=True, check=False).stdout
    if not written:
        return None
    codes = {}
    for char, data in zip(chars, written.split(b"\n"), strict=True):
        if len(data) == 2 or data.startswith(b"\x8e\xa2"):
            codes[1 if len(data) == 2 else 2, (data[-2] - 0xA1) * 94 + data[-1] - 0xA1] = char
    header = HEADER.format(
        what="Planes 1 and 2 of CNS 11643 in EUC: plane, first code, and the characters, or else the first code of a\n"
        "# range of code page 950 and how many there are",
        source="iconv of the GNU C Library 2.28 or later, which code page 950 gives in ranges",
    )
    runs: list[list[int]] = []  # plane, first place in CNS 11643, first place in Big5 or -1, count
    for (plane, place), char in sorted(codes.items()):
        big5 = place_in_big5(char)
        if runs:
            last_plane, first, in_big5, count = runs[-1]
            follows = (plane, place) == (last_plane, first + count)
            if follows and big5 == (in_big5 if big5 < 0 else in_big5 + count):
                runs[-1][3] += 1
                continue
        runs.append([plane, place, big5, 1])
    return header + "".join(
        f"{plane}\t{pair(*divmod(place, 94))}\t"
        + ("".join(codes[plane, place + i] for i in range(count)) if big5 < 0 else f"{of_big5(big5)}\t{count}")
        + "\n"
        for plane, place, big5, count in runs
    )


def place_in_big5(char: str) -> int:
    """Return the place of a character in the order of code page 950, or -1."""
    data = char.encode("cp950", "ignore")
    # Some are written as another one that looks like it.
    if len(data) != 2 or data.decode("cp950") != char:
        return -1
    lead, trail = data
    return (lead - 0xA1) * 157 + (trail - 0x40 if trail < 0x7F else trail - 0xA1 + 63)


def of_big5(place: int) -> str:
    """Return the code at a place, in hexadecimal."""
    lead, trail = divmod(place, 157)
    return f"{lead + 0xA1:x}{trail + 0x40 if trail < 63 else trail - 63 + 0xA1:x}"


def pair(row: int, cell: int) -> str:
    """Return a code of EUC in hexadecimal."""
    return f"{row + 0xA1:x}{cell + 0xA1:x}"


ALL: dict[str, Callable[[], str | bytes | None]] = {
    "ambiguous.tsv": ambiguous,
    "single_byte.tsv": single_byte,
    "pairs.bin": pairs,
    "bytes.bin": bytes_of_characters,
    "costs.bin": costs,
    "lost.bin": made_of_losses,
    "cns11643.tsv": cns11643,
    "readings.tsv": readings,
    "traditional.tsv": traditional,
    "rare.tsv": rare,
    "not_japanese.tsv": not_japanese,
    "seldom_japanese.tsv": seldom_japanese,
    "unreadable.tsv": unreadable,
    "bad_pairs.tsv": bad_pairs,
    "western.tsv": western,
}


def main() -> int:
    """Write the tables, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only, exit 1 if a table differs")
    check = parser.parse_args().check
    differ = []
    for name, make in ALL.items():
        path, made = TABLES / name, make()
        data = made.encode() if isinstance(made, str) else made
        if data is None:
            print(f"{name} stays as it is: its source is not on this machine", file=sys.stderr)
        elif check:
            if path.read_bytes() != data:
                differ.append(name)
        else:
            path.write_bytes(data)
    for name in differ:
        print(f"{name} is not what its source gives; run python training/build_tables.py", file=sys.stderr)
    return bool(differ)


if __name__ == "__main__":
    sys.exit(main())
