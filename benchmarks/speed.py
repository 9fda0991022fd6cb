"""Measure how fast text is mended beside the tools that do the same; write docs/performance.md.

    python benchmarks/speed.py [FOLDER] [--write docs/performance.md]

FOLDER holds clean text in UTF-8, files LANG__NAME.txt, a paragraph a line. Without it, it is the sentences of
fixtures/clean. Seconds differ from machine to machine, so what counts are the ratios of one run: the tools take turns
with each set of texts, in one process and thread, and the processor's time is counted. Every other text of all sets
comes before the clock starts, so that what is loaded and compiled at first use is not part of it; those that are
measured were not seen before, and each is measured once, so that nothing is remembered of it.

To measure more, add a set of texts in sets(). The words around the tables, and what was measured by hand, stand in
performance.template.md beside this file.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, reduce
from importlib.util import find_spec
from itertools import compress, zip_longest
from pathlib import Path
from pydoc_data.topics import topics
from string import Template
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import NamedTuple, TypeVar

import detection
import ftfy
from accuracy import OWN_SENTENCES, python_version
from damage import HOLES, WRITTEN, Text, load, read
from figures import NONE, code, table
from measuring import Tool, tools

import mojimend
from mojimend.kernel import COMPILED

WORDS = Path(__file__).with_name("performance.template.md")
DOCUMENT = 2000  # code points
LINE = 40
# So many bytes of a set are enough, if there are as many; of garbled ones so many documents.
MOST = 4_000_000
MOST_GARBLED = 200


# New processes keep what they compile, as those of users do.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

T = TypeVar("T")


class Way(NamedTuple):
    """What was written in one encoding is read in another, and ``loses`` what Python's codec has no character for."""

    written: str
    read: str
    loses: bool = False


WAYS = (
    Way("utf-8", "cp1252"),
    *(Way(written, "latin-1") for written in ("gb18030", "big5hkscs", "cp932", "cp949")),
    Way("utf-8", "gb18030", loses=True),
    Way("utf-8", "cp1252", loses=True),
)
OF_THE_WEST = "other"
ONE_IN = 100
CLEAN, READ_AS = f"clean documents of {DOCUMENT:,} characters", " read as "
# What has some of each damage, so that all is loaded that they need.
DAMAGED = "cafÃ©\n浣犲ソ锛屼笘鐣岋紒\n重慶市委,、市政府,。測(cè)量?jī)x器"


class Set(NamedTuple):
    """Texts that are measured together."""

    what: str
    language: str
    texts: Sequence[str]


def documents(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines put together to documents.

    >>> [len(text) for text in documents(["天" * 999] * 5)]
    [1999, 1999]
    """
    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line) + 1
        if size >= DOCUMENT:
            yield "\n".join(waiting)
            waiting, size = [], 0


def enough(texts: Iterable[str]) -> list[str]:
    """Return as many of the texts as are worth measuring, in pairs: of each pair the second is measured."""
    taken, size = [], 0
    for text in texts:
        taken.append(text)
        size += len(text.encode("utf-8", "surrogatepass"))
        if size > MOST:
            break
    return taken[: max(1, len(taken) // 2 * 2)]


def in_turn(several: Sequence[Iterator[str]]) -> Iterator[str]:
    """Yield one of each in turn.

    >>> list(in_turn([iter("ad"), iter("b"), iter("ce")]))
    ['a', 'b', 'c', 'd', 'e']
    """
    for row in zip_longest(*several):
        yield from (one for one in row if one is not None)


def cut(lines: Iterable[str]) -> Iterator[str]:
    """Yield the beginnings of the lines that are long enough."""
    return (line[:LINE] for line in lines if len(line) >= LINE)


def garbled(text: str, way: Way) -> str:
    r"""Return a text as misread, without what it cannot be written in.

    >>> garbled("你好がく", Way("utf-8", "cp1252")).count("\ufffd")
    0
    >>> garbled("你好がく", Way("utf-8", "cp1252", loses=True)).count("\ufffd")
    3
    """
    data = text.encode(way.written, "ignore")
    if way.read in HOLES and not way.loses:
        return read(data, way.read)
    return data.decode(way.read, "replace")


def sets(texts: Sequence[Text]) -> Iterator[Set]:
    """Yield what is measured."""
    by_language = {language: [one for one in texts if one.language == language] for language in WRITTEN}
    for language, several in by_language.items():
        # Something of each file: some are news, some are what people write in haste.
        if not several:
            continue
        whole = enough(in_turn([documents(one.lines) for one in several]))
        if not whole:
            # Our own sentences are fewer than a document has.
            whole = ["\n".join(line for one in several for line in one.lines)]
        yield Set(CLEAN, language, whole)
        yield Set(
            f"clean lines of {LINE} characters", language, enough(cut(in_turn([iter(one.lines) for one in several])))
        )
        for way in WAYS:
            if way.written in WRITTEN[language]:
                bad = [garbled(text, way) for text in whole[:MOST_GARBLED]]
                lost = ", bytes lost" if way.loses else ""
                yield Set(f"{way.written}{READ_AS}{way.read}{lost}", language, bad)
    if of_the_west := [one for one in texts if one.language == OF_THE_WEST]:
        whole = enough(in_turn([documents(one.lines) for one in of_the_west]))
        yield Set("clean documents of the West", "", whole)
        bad = [garbled(text, Way("utf-8", "cp1252")) for text in whole[:MOST_GARBLED]]
        yield Set("documents of the West, their utf-8 taken for cp1252", "", bad)
    # The folder has too few lines of it: what Python's help says.
    ascii_lines = [line for topic in topics.values() for line in topic.splitlines() if line.isascii()]
    yield Set("clean documents in ASCII", "", enough(documents(ascii_lines)))
    yield Set("clean lines in ASCII", "", enough(cut(ascii_lines)))


def warm_up(texts: Sequence[str], fix: Callable[[str], object]) -> None:
    """Show a tool some damage, and every other of the texts."""
    for text in (DAMAGED, *texts[::2]):
        fix(text)


def rest_of(texts: Sequence[T]) -> Sequence[T]:
    """Return those that are measured.

    >>> rest_of("abcd"), rest_of("a")
    ('bd', 'a')
    """
    return texts[1::2] or texts


class Spent(NamedTuple):
    """How many megabytes of UTF-8 so many texts had, and how many seconds each tool took for them."""

    texts: int
    megabytes: float
    seconds: Sequence[float]

    def plus(self, other: Spent) -> Spent:
        """Return what both took."""
        seconds = [sum(both) for both in zip(self.seconds, other.seconds, strict=True)]
        return Spent(self.texts + other.texts, self.megabytes + other.megabytes, seconds)

    def times(self, texts: float) -> Spent:
        """Return what so many texts of the kind would take."""
        share = texts / self.texts
        return Spent(round(texts), self.megabytes * share, [one * share for one in self.seconds])

    @property
    def speeds(self) -> list[float]:
        """How many megabytes each tool takes a second."""
        return [self.megabytes / one for one in self.seconds]


def measure(texts: Sequence[str], tools: Iterable[Tool]) -> Spent:
    """Return how long the tools take for every other text, when they have seen the rest."""
    rest, seconds = rest_of(texts), []
    for tool in tools:
        # What lies in the processor's memory is from the tool before.
        warm_up(texts[-8:], tool.fix)
        start = process_time()
        for text in rest:
            tool.fix(text)
        seconds.append(process_time() - start)
    return Spent(len(rest), sum(len(text.encode("utf-8", "surrogatepass")) for text in rest) / 1e6, seconds)


def together(spent: Sequence[tuple[Set, Spent]]) -> Iterator[tuple[Set, Spent]]:
    """Yield what all clean documents take, and what they take if one in so many is garbled."""
    clean = [of for one, of in spent if one.what == CLEAN]
    bad = [of for one, of in spent if READ_AS in one.what]
    if clean and bad:
        all_clean, all_bad = reduce(Spent.plus, clean), reduce(Spent.plus, bad)
        bad_ones = all_clean.texts / ONE_IN
        some = all_clean.times(all_clean.texts - bad_ones).plus(all_bad.times(bad_ones))
        texts = [text for one, _ in spent if one.what == CLEAN for text in one.texts]
        yield Set("all clean documents together", "", texts), all_clean
        yield Set(f"the same, one in {ONE_IN} garbled, by their times", "", texts), some


SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)


def growth(text: str) -> list[list[str]]:
    """Return rows of how many megabytes a second go through, by how long the text is and how damaged."""
    kinds = {
        "clean": text,
        "clean, one line": text.replace("\n", " "),
        "utf-8 read as cp1252": text.encode().decode("latin-1"),
        "utf-8 read as gb18030, bytes lost": garbled(text, Way("utf-8", "gb18030", loses=True)),
    }
    return [[kind, *(f"{throughput(long_as(one, size)):.1f}" for size in SIZES)] for kind, one in kinds.items()]


def long_as(text: str, size: int) -> str:
    """Return as much of a text, again and again, as has so many bytes in UTF-8."""
    times = size // len(text.encode("utf-8", "surrogatepass")) + 1
    return (f"{text}\n" * times).encode("utf-8", "surrogatepass")[:size].decode("utf-8", "ignore")


def throughput(text: str) -> float:
    """Return how many megabytes of a text go through a second."""
    size, spent = len(text.encode("utf-8", "surrogatepass")), 0.0
    done = 0
    mojimend.fix_text(text[: SIZES[0]])
    while done == 0 or (spent < 0.5 and done < 100):
        start = process_time()
        mojimend.fix_text(text)
        spent += process_time() - start
        done += 1
    return size * done / spent / 1e6


CHECKED_BY = ("fix_text", "check", "repair")
# Each in a process of its own, as what one has searched and remembers is not searched by the other.
TIMES = """\
import json, sys
from time import process_time
from mojimend import {function} as run
before, measured = json.load(sys.stdin)
for text in before:
    run(text)
times = []
for text in measured:
    start = process_time()
    run(text)
    times.append(process_time() - start)
print(json.dumps(times))
"""


def checking(several: Sequence[Set]) -> list[list[str]]:
    """Return how long fix_text, check and repair take for the same texts, in microseconds each.

    That is for all that are clean, for those in which check finds nothing, and for the others, if there are any; and
    for what was UTF-8 and is misread, with bytes lost or none.
    """
    clean = [text for one in several if one.what == CLEAN for text in one.texts]
    taken = times_of(clean)
    has_findings = [bool(mojimend.check(text)) for text in rest_of(clean)]
    kinds = {
        "all": [True] * len(has_findings),
        "nothing found": [not has for has in has_findings],
        "findings": has_findings,
    }
    rows = [checked(kind, taken, chosen) for kind, chosen in kinds.items() if any(chosen)]
    for kind in dict.fromkeys(one.what for one in several if one.what.startswith(f"utf-8{READ_AS}")):
        taken = times_of([text for one in several if one.what == kind for text in one.texts])
        rows.append(checked(kind, taken, [True] * len(taken[0])))
    return rows


def times_of(texts: Sequence[str]) -> list[list[float]]:
    """Return how many seconds each function takes for every other text, each in a process of its own."""
    return [
        json.loads(told_by(TIMES.format(function=one), [[DAMAGED, *texts[::2]], rest_of(texts)])) for one in CHECKED_BY
    ]


def checked(kind: str, taken: Sequence[Sequence[float]], chosen: Sequence[bool]) -> list[str]:
    """Return a row of how long each function takes for the texts that are chosen."""
    count = sum(chosen)
    return [kind, f"{count:,}", *(f"{1e6 * sum(compress(each, chosen)) / count:.0f}" for each in taken)]


def told_by(script: str, about: object) -> str:
    """Return what a script prints that is told something in JSON, in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(about),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


# What pages of a language were written in before UTF-8, and how many bytes are a note, a page, a long one and a book.
OF_PAGES = {"zhs": "gb18030", "zht": "big5", "ja": "cp932", "ko": "euc_kr"}
PIECES = (4_000, 16_000, 64_000, 1_000_000)


# charset-normalizer takes minutes for all pieces.
FEW_PIECES = 8
# What is soon over is measured so many times.
PASSES = 5


def decoding(documents: Iterable[Set]) -> list[list[str]]:
    """Return rows of how many megabytes a second are decoded, when their encoding is known and when it is found out."""
    rows = []
    for one in documents:
        data, encoding = "\n".join(one.texts).encode(OF_PAGES[one.language], "ignore"), OF_PAGES[one.language]
        for size in PIECES:
            known: Callable[[bytes], object] = partial(bytes.decode, encoding=encoding)
            pieces = list(cut_at_lines(data, size))
            each = [size_and_time(run, pieces, PASSES) for run in (known, mojimend.decode)]
            each += [size_and_time(tool.read, pieces[:FEW_PIECES]) for tool in detectors()]
            speeds = [megabytes / seconds for megabytes, seconds in each]
            shown = (f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}" for speed in speeds)
            rows.append([code(encoding), f"{size:,}", *shown, f"{speeds[1] / speeds[0]:.2f}"])
    return rows


def detectors() -> tuple[detection.Tool, ...]:
    """Return those that find out an encoding, too."""
    return detection.tools()[1:]


# So many bytes are the first pass of a process, which is run so many times.
FIRST_PASS = 1_000_000
PASSED_BY = ("mojimend", "plsfix")
A_PASS = """\
import json, sys
from time import process_time
from {module} import fix_text
texts = json.load(sys.stdin)
before = process_time()
fix_text(texts[0])
first = process_time()
for text in texts[1:]:
    fix_text(text)
print(first - before, process_time() - before)
"""


def first_passes(several: Iterable[Set]) -> list[list[str]]:
    """Return rows of how long clean and garbled documents take in a process that has met none, the best of some."""
    rows = []
    for one in several:
        if one.what not in {CLEAN, f"utf-8{READ_AS}cp1252"}:
            continue
        size, texts = 0, []
        for text in one.texts:
            texts.append(text)
            size += len(text.encode())
            if size > FIRST_PASS:
                break
        took = [first_pass(module, texts) for module in PASSED_BY if find_spec(module)]
        speeds = [size / 1e6 / whole for _, whole in took]
        ratio = f"{speeds[0] / speeds[1]:.1f}" if len(speeds) > 1 else NONE
        numbers = (f"{len(texts):,}", f"{1000 * took[0][0]:.1f}", *(f"{speed:.0f}" for speed in speeds), ratio)
        rows.append([one.what, code(one.language), *numbers])
    return rows


def first_pass(module: str, texts: Sequence[str]) -> tuple[float, float]:
    """Return how many seconds the first text takes, and all of them."""
    took = [list(map(float, told_by(A_PASS.format(module=module), texts).split())) for _ in range(PASSES)]
    return min(first for first, _ in took), min(whole for _, whole in took)


def cut_at_lines(data: bytes, size: int) -> Iterator[bytes]:
    r"""Yield pieces of so many bytes, or up to the end of the line there, or fewer at the end.

    >>> list(cut_at_lines(b"ab\ncd\ne", 2))
    [b'ab\n', b'cd\n', b'e']
    """
    at = 0
    while at < len(data):
        end = data.find(b"\n", at + size) + 1 or len(data)
        yield data[at:end]
        at = end


def size_and_time(run: Callable[[bytes], object], pieces: Sequence[bytes], passes: int = 1) -> tuple[float, float]:
    """Return how many megabytes every other piece has, and how many seconds they take when the rest was seen.

    That is the least of some passes, each of which may be as short as 2 ms; of bytes nothing is remembered.
    """
    for piece in pieces[::2]:
        run(piece)
    rest, took = rest_of(pieces), []
    for _ in range(passes):
        start = process_time()
        for piece in rest:
            run(piece)
        took.append(process_time() - start)
    return sum(map(len, rest)) / 1e6, min(took)


def memory() -> list[list[str]]:
    """Return how many megabytes a process has resident over an empty Python, before and after a damaged text."""
    rows = []
    empty = resident("")
    for what, code_to_run in (
        ("`import mojimend`", "import mojimend"),
        ("a clean text", "import mojimend; mojimend.fix_text('今天天气很好。' * 300)"),
        ("a damaged one", "import mojimend; mojimend.fix_text('浣犲ソ锛屼笘鐣岋紒' * 300)"),
    ):
        rows.append([what, f"{resident(code_to_run) - empty:.0f}"])
    return rows


def resident(code_to_run: str) -> float:
    """Return how much memory a process has that runs some code, in megabytes, as Linux tells it."""
    script = f"{code_to_run}\nprint(open('/proc/self/status').read())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    (kilobytes,) = re.findall(r"^VmRSS:\s+(\d+) kB$", done.stdout, re.MULTILINE)
    return int(kilobytes) / 1024


# A small page that is plain; those of fixtures/clean were chosen to be hard.
PAGE = """\
我们昨天下午在公园里散步的时候遇到了一位很久没有见面的老朋友，一起去喝了茶。
我們昨天下午在公園裡散步的時候遇到了一位很久沒有見面的老朋友，一起去喝了茶。
昨日の午後、公園を散歩していたら、長い間会っていなかった古い友人に出会いました。
어제 오후에 공원에서 산책을 하다가 오랫동안 만나지 못한 옛 친구를 만났습니다.
"""


def starts(folder: Path) -> list[list[str]]:
    """Return rows of how many milliseconds each start takes over an empty Python, with a page put into the folder."""
    page, misread = folder / "page.txt", folder / "misread.txt"
    page.write_text(PAGE, "utf-8")
    misread.write_text(garbled(PAGE, Way("utf-8", "cp1252")), "utf-8")
    ways = {
        "`import mojimend`": ["-c", "import mojimend"],
        "`mojimend --version`": ["-m", "mojimend", "--version"],
        f"`mojimend check`, {page.stat().st_size:,} clean bytes": ["-m", "mojimend", "check", str(page)],
        "`mojimend fix`, the same misread": ["-m", "mojimend", "fix", str(misread)],
        "`import ftfy`": ["-c", "import ftfy"],
        "`ftfy`, the clean page": ["-m", "ftfy.cli", str(page)],
    }
    empty = best_time(["-c", "pass"])
    return [[way, f"{1000 * (best_time(arguments) - empty):.0f}"] for way, arguments in ways.items()]


def best_time(arguments: Sequence[str]) -> float:
    """Return how many seconds Python takes at the best of many, once what it keeps of modules is written."""
    times = []
    for _ in range(15):
        start = perf_counter()
        subprocess.run([sys.executable, *arguments], env=ENVIRONMENT, check=False, capture_output=True)
        times.append(perf_counter() - start)
    return min(times)


class Grown(NamedTuple):
    """The tables beside that of the tools."""

    started: list[list[str]]
    first: list[list[str]]
    by_size: list[list[str]]
    checked: list[list[str]]
    decoded: list[list[str]]
    resident: list[list[str]]


def document(command: str, measured: Sequence[tuple[Set, list[float]]], named: Sequence[str], grown: Grown) -> str:
    """Return the whole document."""
    rows = []
    for one, speeds in measured:
        ratios = (f"{speeds[0] / other:.1f}" if other else NONE for other in speeds[1:])
        language = code(one.language) if one.language else ""
        rows.append([one.what, language, f"{len(one.texts):,}", *(f"{each:.2f}" for each in speeds), *ratios])
    head = ["", "", "texts", *named, *(f"× {name}" for name in named[1:])]
    return Template(WORDS.read_text("utf-8")).substitute(
        command=command,
        python=python_version(),
        cores=os.cpu_count(),
        kernel="C" if COMPILED else "Python",
        tools=table(head, rows, words=(0, 1)),
        started=table(["", "ms"], grown.started, words=(0,)),
        by_size=table(["", *(f"{size:,}" for size in SIZES)], grown.by_size, words=(0,)),
        checked=table(["", "texts", *map(code, CHECKED_BY)], grown.checked, words=(0,)),
        characters=f"{DOCUMENT:,}",
        first=table(["", "", "texts", "first text, ms", *PASSED_BY, "×"], grown.first, words=(0, 1)),
        decoded=table(
            ["", "bytes", "`bytes.decode`", "`decode`", *(tool.name for tool in detectors()), "share"],
            grown.decoded,
            words=(0,),
        ),
        resident=table(["", "MB"], grown.resident, words=(0,)),
    )


def main() -> int:
    """Write the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", nargs="?", default=OWN_SENTENCES)
    parser.add_argument("--write", type=Path, metavar="PATH", help="where the document goes, if not to standard output")
    arguments = parser.parse_args()
    # What plsfix does cannot be asked of it in part, so that ftfy is asked for all as well.
    compared = (*tools(), Tool("ftfy, all", ftfy.fix_text))
    several = list(sets(load(arguments.folder)))
    for tool in compared:
        for one in several:
            warm_up(one.texts, tool.fix)
    # To go through all that is loaded by now takes 10 ms, and always came while the same set was measured.
    gc.freeze()
    spent = []
    for one in several:
        spent.append((one, measure(one.texts, compared)))
        print(one.what, one.language, *(f"{each:.2f}" for each in spent[-1][1].speeds), file=sys.stderr, flush=True)
    measured = [(one, of.speeds) for one, of in (*spent, *together(spent))]
    named = "" if arguments.folder == OWN_SENTENCES else f" {arguments.folder.name}"
    names = [tool.name for tool in compared]
    with TemporaryDirectory() as folder:
        started = starts(Path(folder))
    of_clean = [one for one in several if one.what == CLEAN]
    clean = [text for one in of_clean for text in one.texts]
    grown = Grown(
        started,
        first_passes(several),
        growth("\n".join(clean[:4])),
        checking(several),
        decoding(of_clean),
        memory(),
    )
    made = document(f"python benchmarks/speed.py{named}", measured, names, grown)
    if arguments.write:
        arguments.write.write_text(made, "utf-8")
    else:
        sys.stdout.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
