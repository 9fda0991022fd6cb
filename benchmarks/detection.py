"""Measure how many bytes of unknown encoding are read right, beside detectors; write docs/detection.md.

    python benchmarks/detection.py [FOLDER] [--files FOLDER] [--per-cell N] [--seed N] [--write docs/detection.md]

FOLDER holds clean text in UTF-8, files LANG__NAME.txt, a paragraph a line. Text in zhs, zht, ja and ko is written in
the encodings of its language, cut, damaged and mixed, and read back. Without FOLDER it is the sentences of
fixtures/clean. ``--files`` is a folder of real files whose subfolders are named after their encodings, as the test data
of chardet is. The same text, seed, size of cells and versions give the same document but for the times.
"""

from __future__ import annotations

import argparse
import codecs
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

from accuracy import OWN_SENTENCES, python_version, wrapped
from damage import Text, load
from figures import counted, percent, table

import mojimend
import mojimend.kernel

# EUC-TW and ISO-2022-CN are not among them: Python writes neither.
ENCODINGS = {
    "zhs": ("utf-8", "gb18030", "hz", "utf-16-le"),
    "zht": ("utf-8", "big5hkscs", "gb18030", "utf-16-le"),
    "ja": ("utf-8", "cp932", "euc_jp", "iso2022_jp"),
    "ko": ("utf-8", "cp949", "johab"),
}
TWO_BYTES = {"zhs": ("gb18030",), "zht": ("big5hkscs", "gb18030"), "ja": ("cp932", "euc_jp"), "ko": ("cp949",)}
LENGTHS = (8, 16, 32, 64, 200, 1000, 4000)
DAMAGE: dict[str, Callable[[Random], bytes]] = {
    "one byte FF": lambda _: b"\xff",
    "one byte a question mark": lambda _: b"?",
    "one byte gone": lambda _: b"",
    "five random bytes": lambda chance: bytes((chance.randrange(0x80, 0x100),)),
}
SIZE_OF_DAMAGED = 2000
LINES_OF_MIXED = 30
# Of the characters of a damaged text, so many have to be right.
NEARLY_ALL = 0.98
WINDOWS = (64, 200, 1000, 4000)
BINS = (0.0, 0.5, 0.8, 0.95, 0.99, 0.999, 1.01)

# What a label covers: all that read the files labelled so.
COVERED = {
    "gb2312": ("gb18030",),
    "big5": ("cp950", "big5hkscs"),
    "shift_jis": ("cp932", "shift_jis_2004"),
    "euc_jp": ("euc_jis_2004",),
    "euc_kr": ("cp949",),
    "iso8859-1": ("cp1252",),
    "iso8859-9": ("cp1254",),
    "tis-620": ("cp874",),
    "ascii": ("utf-8",),
}
# The real files are told apart by what has to be known for them.
CJK_FILES = "files in CJK encodings"
SINGLE_FILES = "files in encodings of one byte a character"
OTHER_FILES = "files in Unicode and seven bits"
FILES = (CJK_FILES, SINGLE_FILES, OTHER_FILES)
IN_UNICODE = re.compile("utf|ascii|iso2022|hz")

LOOPS = "were compiled" if mojimend.kernel.COMPILED else "ran in Python"
HIGH = re.compile(rb"[\x80-\xff]")


class Case(NamedTuple):
    """Bytes, and the texts that are a right reading of them."""

    kind: str
    detail: str
    data: bytes
    truths: tuple[str, ...]


class Reading(NamedTuple):
    """What a tool read, and how sure it was."""

    text: str
    confidence: float


class Tool(NamedTuple):
    """A way from bytes to text."""

    name: str
    read: Callable[[bytes], Reading]


def tools() -> tuple[Tool, ...]:
    """Return mojimend and the detectors; those are given what their answer decodes to, bad bytes marked."""
    import chardet  # noqa: PLC0415
    import charset_normalizer  # noqa: PLC0415

    def by_mojimend(data: bytes) -> Reading:
        decoding = mojimend.decode(data)
        return Reading(decoding.text, decoding.confidence)

    def by_chardet(data: bytes) -> Reading:
        answer = chardet.detect(data)
        try:
            return Reading(data.decode(answer["encoding"] or "utf-8", "replace"), answer["confidence"])
        except LookupError:
            return Reading("", 0.0)

    def by_charset_normalizer(data: bytes) -> Reading:
        best = charset_normalizer.from_bytes(data).best()
        return Reading(str(best) if best else "", 0.0)

    return (
        Tool(f"mojimend {mojimend.__version__}", by_mojimend),
        Tool(f"chardet {version('chardet')}", by_chardet),
        Tool(f"charset-normalizer {version('charset-normalizer')}", by_charset_normalizer),
    )


def cases(texts: Sequence[Text], seed: int, per_cell: int) -> Iterator[Case]:
    """Make the cases of clean text."""
    chance = Random(seed)
    for language, encodings in ENCODINGS.items():
        own = [text for text in texts if text.language == language]
        if not own:
            continue
        for encoding in encodings:
            for length in LENGTHS:
                for _ in range(per_cell):
                    yield from _cut(_document(chance, own), encoding, length, chance)
        for encoding in ("utf-8", *TWO_BYTES[language]):
            for what, damage in DAMAGE.items():
                for _ in range(per_cell):
                    yield from _damaged(_document(chance, own), encoding, what, damage, chance)
        for encoding in TWO_BYTES[language]:
            for _ in range(per_cell):
                lines = _document(chance, own).splitlines(keepends=True)[:LINES_OF_MIXED]
                pieces = [line.encode(chance.choice((encoding, "utf-8")), "ignore") for line in lines]
                truth = "".join(line.encode(encoding, "ignore").decode(encoding) for line in lines)
                whole = "".join(line for line in lines)
                if truth == whole:
                    yield Case("mixed", "", b"".join(pieces), (whole,))


def _document(chance: Random, texts: Sequence[Text]) -> str:
    lines = chance.choice(texts).lines
    start = chance.randrange(len(lines))
    return "\n".join(lines[start : start + 200]) + "\n"


def _cut(text: str, encoding: str, length: int, chance: Random) -> Iterator[Case]:
    data = text.encode(encoding, "ignore")
    head = data[:length]
    truth = codecs.getincrementaldecoder(encoding)().decode(head)
    if not truth.isascii():
        yield Case("cut behind", str(length), head, (truth,))
    if encoding not in TWO_BYTES["zhs"] + TWO_BYTES["zht"] + TWO_BYTES["ja"] + TWO_BYTES["ko"]:
        return
    start = chance.randrange(max(1, len(data) - length))
    piece = data[start : start + length]
    before = len(data[:start].decode(encoding, "ignore").encode(encoding))
    whole = codecs.getincrementaldecoder(encoding)().decode(data[start + (before != start) : start + length])
    if not whole.isascii():
        yield Case("cut on both sides", str(length), piece, (whole,))


def _damaged(text: str, encoding: str, what: str, damage: Callable[[Random], bytes], chance: Random) -> Iterator[Case]:
    truth = text.encode(encoding, "ignore")[:SIZE_OF_DAMAGED].decode(encoding, "ignore")
    data = bytearray(truth.encode(encoding))
    if len(data) < SIZE_OF_DAMAGED // 4:
        return
    for _ in range(5 if what.startswith("five") else 1):
        at = chance.choice([place for place, byte in enumerate(data) if byte >= 0x80])
        data[at : at + 1] = damage(chance)
    yield Case("damaged", what, bytes(data), (truth,))


def file_cases(folder: Path) -> Iterator[Case]:
    """Make the cases of real files: each whole, and a piece from the first byte that is not ASCII."""
    for path in sorted(folder.glob("*/*")):
        label = re.sub(r"-(?!mac)[a-z]{5,}$", "", path.parent.name.lower())
        try:
            codec = codecs.lookup(label).name
        except LookupError:
            codec = label
        data = path.read_bytes()
        if not path.is_file() or path.suffix == ".py":
            continue
        kind = _kind_of(codec)
        yield Case(kind, "whole", data, _truths(data, codec))
        if first := HIGH.search(data):
            width = 4 if "32" in codec else 2 if "16" in codec else 1
            start = first.start() // width * width
            for length in WINDOWS:
                piece = data[start : start + length]
                if truths := _truths(piece, codec):
                    yield Case(kind, f"{length} bytes", piece, truths)


def _kind_of(codec: str) -> str:
    if IN_UNICODE.match(codec):
        return OTHER_FILES
    try:
        return SINGLE_FILES if len(bytes(range(0x80, 0x100)).decode(codec, "replace")) == 0x80 else CJK_FILES
    except LookupError:  # EUC-TW
        return CJK_FILES


def _truths(data: bytes, codec: str) -> tuple[str, ...]:
    truths = []
    for name in (codec, *COVERED.get(codec, ())):
        try:
            truths.append(codecs.getincrementaldecoder(name)().decode(data).removeprefix("\ufeff"))
        except (UnicodeError, LookupError):
            continue
    return tuple(truths)


def is_right(case: Case, text: str) -> bool:
    """Tell whether a text is a right reading: all of it, but for a character that was cut."""
    if case.kind == "damaged":
        return _in_common(text, case.truths[0]) >= NEARLY_ALL * len(case.truths[0])
    text = text.removeprefix("\ufeff")
    if case.kind == "cut on both sides":
        return any(truth in text and len(text) - len(truth) <= 4 for truth in case.truths)
    return any(text.startswith(truth) and len(text) - len(truth) <= 3 for truth in case.truths)


def _in_common(text: str, truth: str) -> int:
    from difflib import SequenceMatcher  # noqa: PLC0415

    return sum(block.size for block in SequenceMatcher(None, text, truth, autojunk=False).get_matching_blocks())


class Measured(NamedTuple):
    """What came of the cases, by tool."""

    names: tuple[str, ...]
    right: Counter[tuple[int, str, str]]
    total: Counter[tuple[str, str]]
    seconds: Counter[tuple[int, str]]
    size: Counter[str]
    stated: list[tuple[float, bool]]


def measure(made: Sequence[Case], tools: Sequence[Tool]) -> Measured:
    """Put all cases to all tools."""
    right: Counter[tuple[int, str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    seconds: Counter[tuple[int, str]] = Counter()
    size: Counter[str] = Counter()
    stated: list[tuple[float, bool]] = []
    for tool in tools:  # so that none pays for being first
        tool.read("昨日の午後".encode("cp932"))
        tool.read("Вчера после обеда".encode("cp1251"))
    for case in made:
        total[case.kind, case.detail] += 1
        kind = _timed_as(case)
        size[kind] += len(case.data)
        for number, tool in enumerate(tools):
            before = time.process_time()
            reading = tool.read(case.data)
            seconds[number, kind] += time.process_time() - before  # type: ignore[assignment]
            good = is_right(case, reading.text)
            right[number, case.kind, case.detail] += good
            # Where the first character is half lost, more is at stake than the encoding.
            if number == 0 and case.kind != "cut on both sides":
                stated.append((reading.confidence, good))
    return Measured(tuple(tool.name for tool in tools), right, total, seconds, size, stated)


def _timed_as(case: Case) -> str:
    """Return the row of the times that a case counts in."""
    if case.kind not in FILES:
        return case.kind
    return "files, whole" if case.detail == "whole" else "files, pieces"


def document(measured: Measured, command: str) -> str:
    """Return the whole document."""
    parts = [
        "# Reading bytes",
        "How many bytes of unknown encoding come out as the text they were, beside detectors of encodings. Those name"
        " an encoding, and are given what that decodes to.",
        f"Made by `{command}`: {counted(sum(measured.total.values()), 'case')}, with Python {python_version()}, whose"
        " codecs write the text. Nothing is declared but in the files that say it themselves. The clean text is"
        " development text: not used in training the character model, but the odds by which mojimend decides were set"
        " with it in"
        " sight.",
    ]
    about = {
        "cut behind": "The first bytes of a text, by their number; the last character may be cut. Right in percent.",
        "cut on both sides": "The same from anywhere in a text, so that the first character may be cut as well. Each"
        " character that is whole has to come out.",
        "damaged": f"{SIZE_OF_DAMAGED} bytes with damage. {100 * NEARLY_ALL:.0f} in 100 characters have to be right.",
        "mixed": "Lines of one file, each in UTF-8 or in another encoding by chance. The whole file has to be right.",
        CJK_FILES: "Real files, whole, and pieces of them from the first byte that is not ASCII.",
        SINGLE_FILES: "The same of Cyrillic, Greek, Hebrew, Arabic, Thai and Latin script. Letters were learnt from"
        " words of subtitles; what marks cost, and when an answer is sure, was set with these files in sight.",
        OTHER_FILES: "The same of all others.",
    }
    for kind, what in about.items():
        details = [detail for name, detail in measured.total if name == kind]
        if not details:
            continue
        rows = [
            [
                detail or "all",
                f"{measured.total[kind, detail]:,}",
                *(
                    percent(measured.right[number, kind, detail], measured.total[kind, detail])
                    for number in range(len(measured.names))
                ),
            ]
            for detail in details
        ]
        parts += [f"## {kind[0].upper()}{kind[1:]}", what, table(["", "cases", *measured.names], rows)]
    rows = []
    for low, high in pairwise(BINS):
        inside = [(confidence, good) for confidence, good in measured.stated if low <= confidence < high]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            good = sum(right for _, right in inside)
            rows.append(
                [f"{low} to {min(high, 1.0)}", f"{len(inside):,}", f"{100 * mean:.1f}", percent(good, len(inside))]
            )
    parts += [
        "## Confidence",
        "What `Decoding.confidence` stated, and how often that was right, over all cases but those cut on both"
        " sides, in percent. A wrong"
        " character in a damaged file counts against it.",
        table(["confidence", "cases", "stated", "observed"], rows),
        "## Speed",
        "Megabytes a second of processor time over the cases above, in one run, each case read once; the detectors'"
        f" time includes decoding with what they name. The loops of mojimend {LOOPS}.",
        table(
            ["", *measured.names],
            [
                [
                    kind,
                    *(
                        f"{measured.size[kind] / 1e6 / measured.seconds[n, kind]:.1f}"
                        for n in range(len(measured.names))
                    ),
                ]
                for kind in measured.size
            ],
        ),
    ]
    return "\n\n".join(map(wrapped, parts)) + "\n"


def main() -> int:
    """Write the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", nargs="?", default=OWN_SENTENCES)
    parser.add_argument("--files", type=Path, metavar="FOLDER", help="real files, in folders named by encoding")
    parser.add_argument("--per-cell", type=int, default=20, metavar="N", help="cases in a cell (20)")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--write", type=Path, metavar="PATH", help="where the document goes, if not to standard output")
    arguments = parser.parse_args()
    made = list(cases(load(arguments.folder), arguments.seed, arguments.per_cell))
    named = "" if arguments.folder == OWN_SENTENCES else f" {arguments.folder.name}"
    if arguments.files:
        made += file_cases(arguments.files)
        named += " --files tests"
    command = f"python benchmarks/detection.py{named} --per-cell {arguments.per_cell} --seed {arguments.seed}"
    text = document(measure(made, tools()), command)
    if arguments.write:
        arguments.write.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
