"""Measure how much garbled text comes out right, and how much clean text is left alone; write docs/accuracy.md.

    python benchmarks/accuracy.py [FOLDER] [--per-cell N] [--seed N] [-j N] [--write docs/accuracy.md]

FOLDER holds clean text in UTF-8, files LANG__NAME.txt, a paragraph a line. Text in zhs, zht, ja and ko is garbled in
every way that damage.py knows, and read back; any other is only looked at for changes. Without FOLDER it is the
sentences of fixtures/clean. The same text, seed, size of cells and versions give the same document.

To measure more, make the cases in damage.py and add a function that returns a section.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from textwrap import fill
from typing import NamedTuple

import indistinct
import losses
from damage import LENGTHS, LENGTHS_IN_A_LINE, LENGTHS_IN_LAYERS, SHORT, WRITTEN, Maker, Text, load, ways
from figures import code, counted, percent, table
from measuring import Result, Tool, measure, tools

ROOT = Path(__file__).parents[1]
OWN_SENTENCES = ROOT / "fixtures" / "clean"
KNOWN_TEXTS = Path(__file__).with_name("texts.toml")

LONG = 8  # from here on nearly everything should come out
ENOUGH = 10  # cases in a cell for it to mean something by itself
MOST_CHANGES = 10
CONTEXT = 10
WIDTH = 120


class Run(NamedTuple):
    """What was measured, and how it can be measured again."""

    command: str
    seed: int
    per_cell: int
    tools: tuple[str, ...]
    texts: Sequence[Text]
    results: Sequence[Result]
    jobs: int = 1

    def share(self, wanted: Callable[[Result], bool], tool: int = 0) -> str:
        """Return the percentage of the wanted cases that a tool got right."""
        right = [result.right[tool] for result in self.results if wanted(result)]
        return percent(sum(right), len(right))

    def of_kind(self, *kinds: str) -> list[Result]:
        """Return the results of some kinds of cases."""
        return [result for result in self.results if result.case.kind in kinds]

    @property
    def languages(self) -> list[str]:
        """The languages of the texts, those that are garbled first."""
        present = {text.language for text in self.texts}
        return [name for name in WRITTEN if name in present] + sorted(present - WRITTEN.keys())


def header(run: Run) -> str:
    """Return how the document was made."""
    return "\n\n".join(
        [
            "# Accuracy",
            "How much garbled text mojimend gives back exactly, and how much clean text it leaves alone, beside the"
            " tools that do the same. How bytes of unknown encoding are read is told in [detection.md](detection.md).",
            f"Made by `{run.command}`: {counted(len(run.results), 'case')}, chance from seed {run.seed},"
            f" {run.per_cell} for each cell where the text allows. Versions: {', '.join(run.tools)}, Python"
            f" {python_version()}, whose codecs do the damage. The same again gives the same document.",
            "Every case is clean text damaged in a known way, so the right answer is known, and only that very answer"
            f" counts. ftfy is asked to repair encodings only (`fix_encoding`). {_about_plsfix(run.tools)}",
            *([f"With cells of {run.per_cell} only the totals mean much."] if run.per_cell < ENOUGH else []),
            _about(run.texts),
        ]
    )


def python_version() -> str:
    """Return the version of Python as far as its codecs depend on it."""
    return ".".join(platform.python_version_tuple()[:2])


def _about_plsfix(tools: Iterable[str]) -> str:
    if any(name.startswith("plsfix") for name in tools):
        return (
            "plsfix can't be asked that, so what it changes as ftfy does (widths, quotes and the like) is not counted."
        )
    return "plsfix was not installed."


def _about(texts: Iterable[Text]) -> str:
    known = {text["sha256"] for text in tomllib.loads(KNOWN_TEXTS.read_text("utf-8"))["text"]}
    own = {text.sha256 for text in load(OWN_SENTENCES)}
    seen = {text.sha256 for text in texts}
    if seen <= known:
        return (
            "The text is development text: not used in training the character model, but the odds by which mojimend"
            " decides were set with it in sight. So take these figures for what to expect at best. It is listed at"
            " the end."
        )
    if seen <= own:
        return "The text is the sentences of `fixtures/clean`, written for the tests: far too few to tell much."
    return "The text is listed at the end."


def at_a_glance(run: Run) -> str:
    """Return the figures by tool."""
    rows: list[tuple[str, Callable[[Result], bool]]] = [
        ("misread once, all lengths", lambda one: one.case.kind == "reversible"),
        (
            f"misread once, {LONG} characters and more",
            lambda one: one.case.kind == "reversible" and one.case.length >= LONG,
        ),
        ("misread twice", lambda one: one.case.kind == "layered"),
        ("a misread stretch inside a clean line", lambda one: one.case.kind == "embedded"),
        ("clean lines left alone", lambda one: one.case.kind == "clean" and not one.case.length),
        (
            f"clean snippets of {SHORT} characters left alone",
            lambda one: one.case.kind == "clean" and one.case.length > 0,
        ),
    ]
    return "\n\n".join(
        [
            "## At a glance",
            "Right in percent.",
            table(
                ["", "cases", *run.tools],
                [
                    [
                        what,
                        f"{sum(map(wanted, run.results)):,}",
                        *(run.share(wanted, tool) for tool in range(len(run.tools))),
                    ]
                    for what, wanted in rows
                ],
            ),
        ]
    )


def reversible(run: Run) -> str:
    """Return the figures for text misread once, with nothing lost, by tool, language and pair of encodings."""
    by_tool = [
        [name, *(run.share(_reversible(length=length), tool) for length in LENGTHS), run.share(_reversible(), tool)]
        for tool, name in enumerate(run.tools)
    ]
    by_language = [
        [
            code(language),
            *(run.share(_reversible(language=language, length=length)) for length in LENGTHS),
            run.share(_reversible(language=language)),
        ]
        for language in run.languages
        if language in WRITTEN
    ]
    by_way = [
        [*way, *(run.share(_reversible(way=way, length=length)) for length in LENGTHS), run.share(_reversible(way=way))]
        for way in dict.fromkeys(way for language in WRITTEN for way in ways(language))
    ]
    return "\n\n".join(
        [
            "## Misread once",
            "Text written in one encoding and read in another in which every byte makes some character. So nothing"
            " is lost, and whoever finds the two encodings has the text back. Right in percent, by the number of"
            " characters.",
            table(["", *map(str, LENGTHS), "all"], by_tool),
            "mojimend by language:",
            table(["", *map(str, LENGTHS), "all"], by_language),
            "mojimend by encoding, languages together. Where there is no figure, no text of that length was"
            " found that comes through whole: some byte is always no character, or nothing changes. What can't be told"
            " apart is shown [below](#what-cannot-be-told-apart).",
            table(["written", "read", *map(str, LENGTHS), "all"], by_way, words=(0, 1)),
        ]
    )


def _reversible(
    *, language: str | None = None, way: tuple[str, str] | None = None, length: int | None = None
) -> Callable[[Result], bool]:
    def wanted(result: Result) -> bool:
        case = result.case
        return (
            case.kind == "reversible"
            and language in {None, case.language}
            and way in {None, case.path}
            and length in {None, case.length}
        )

    return wanted


def in_layers_and_lines(run: Run) -> str:
    """Return the figures for text misread twice, and for stretches inside clean lines."""
    languages = [language for language in run.languages if language in WRITTEN]
    rows = []
    for kind, lengths, what in (
        ("layered", LENGTHS_IN_LAYERS, "misread twice"),
        ("embedded", LENGTHS_IN_A_LINE, "inside a clean line"),
    ):
        for length in lengths:
            cases = [one for one in run.of_kind(kind) if one.case.length == length]
            of_language = [[one.right[0] for one in cases if one.case.language == name] for name in languages]
            by_tool = [[one.right[tool] for one in cases] for tool in range(len(run.tools))]
            shares = [percent(sum(right), len(right)) for right in (*of_language, *by_tool)]
            rows.append([f"{what}, {length} characters", *shares])
    return "\n\n".join(
        [
            "## Misread twice, or inside a line",
            "UTF-8 misread, saved as UTF-8 and misread again; and a stretch misread once in the middle of a clean"
            " line, where its ends must be found as well. Right in percent: mojimend by language, then each tool"
            " over all of them.",
            table(["", *map(code, languages), *run.tools], rows),
        ]
    )


def with_bytes_lost(run: Run) -> str:
    """Return the figures for text that lost bytes as well."""
    return losses.section(losses.measure(run.texts, run.seed, run.per_cell, run.jobs))


def clean(run: Run) -> str:
    """Return how much clean text was changed, and by whom; what mojimend changed is shown."""
    rows = []
    for language in run.languages:
        for short in (False, True):
            cases = [
                one for one in run.of_kind("clean") if one.case.language == language and bool(one.case.length) == short
            ]
            changed = (sum(not one.right[tool] for one in cases) for tool in range(len(run.tools)))
            what = f"snippets of {SHORT}" if short else "lines"
            rows.append([code(language), what, f"{len(cases):,}", *(f"{number:,}" for number in changed)])
    changed_ones = [one for one in run.of_kind("clean") if not one.right[0]]
    parts = [
        "## Clean text",
        "Lines as they stand, and six characters out of each, by which little can be judged. Any change is a mistake."
        " ftfy and plsfix change widths and quotes too, where they are not told otherwise: that is not counted here.",
        table(["", "", "cases", *(f"changed by {name}" for name in run.tools)], rows, words=(0, 1)),
    ]
    if changed_ones:
        which = f"The first {MOST_CHANGES}" if len(changed_ones) > MOST_CHANGES else "All of them"
        parts.append(f"mojimend changed {len(changed_ones)}. {which}, with what stands around:")
        rows = [[code(one.case.language), *_change(one)] for one in changed_ones[:MOST_CHANGES]]
        parts.append(table(["", "before", "after"], rows, words=range(3)))
    else:
        parts.append("mojimend changed none.")
    return "\n\n".join(parts)


def _change(result: Result) -> tuple[str, str]:
    before, after = result.case.text, result.answer
    start = in_common(before, after)
    behind = in_common(before[start:][::-1], after[start:][::-1])
    first = max(0, start - CONTEXT)
    shown = [code(text[first : len(text) - max(0, behind - CONTEXT)]) for text in (before, after)]
    return shown[0], shown[1]


def in_common(first: str, second: str) -> int:
    """Return how many characters two texts have in common at the beginning.

    >>> in_common("您的订单", "您的"), in_common("", "您")
    (2, 0)
    """
    return next(
        (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )


def sources(run: Run) -> str:
    """Return which text was measured."""
    known = {text["sha256"]: text for text in tomllib.loads(KNOWN_TEXTS.read_text("utf-8"))["text"]}
    rows = []
    for text in run.texts:
        about = known.get(text.sha256, {})
        rows.append(
            [
                code(f"{text.language}__{text.name}" if text.name else text.language),
                about.get("what", ""),
                about.get("repository", ""),
                about.get("licence", ""),
                about.get("training", ""),
                f"{len(text.lines):,}",
            ]
        )
    return "\n\n".join(
        [
            "## The text",
            "What each file is, where `benchmarks/texts.toml` knows it. *In training* tells what the character model"
            " was trained on of the same source; of these lines, as far as they have twelve characters or more, it saw"
            " none.",
            table(["file", "what", "source on GitHub", "licence", "in training", "lines"], rows, words=range(5)),
        ]
    )


def not_told_apart(run: Run) -> str:
    """Return what no tool can know."""
    return indistinct.section(run.texts, run.results)


SECTIONS = (header, at_a_glance, reversible, in_layers_and_lines, with_bytes_lost, clean, not_told_apart, sources)


def document(run: Run) -> str:
    """Return the whole document."""
    parts = []
    for section in SECTIONS:
        print(f"section {section.__name__}", file=sys.stderr, flush=True)
        parts.append(section(run))
    return "\n\n".join(map(wrapped, "\n\n".join(parts).split("\n\n"))) + "\n"


def wrapped(paragraph: str) -> str:
    """Return a paragraph of prose in lines; a heading or a table as it is."""
    is_prose = paragraph[0] not in "#|`" and "\n" not in paragraph
    return fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False) if is_prose else paragraph


def run(folder: Path, seed: int, per_cell: int, tools: Sequence[Tool], jobs: int = 1) -> Run:
    """Measure the tools on the text of a folder."""
    texts = load(folder)
    if not texts:
        raise SystemExit(f"{folder} holds no text: files are to be named LANG__NAME.txt")
    named = "" if folder == OWN_SENTENCES else f" {folder.name}"
    command = f"python benchmarks/accuracy.py{named} --per-cell {per_cell} --seed {seed}"
    results = measure(list(Maker(texts, seed, per_cell).cases()), tools, jobs)
    return Run(command, seed, per_cell, tuple(tool.name for tool in tools), texts, results, jobs)


def main() -> int:
    """Write the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", nargs="?", default=OWN_SENTENCES)
    parser.add_argument("--per-cell", type=int, default=20, metavar="N", help="cases in a cell (20)")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("-j", "--jobs", type=int, default=1, metavar="N", help="processes (1)")
    parser.add_argument("--write", type=Path, metavar="PATH", help="where the document goes, if not to standard output")
    arguments = parser.parse_args()
    made = document(run(arguments.folder, arguments.seed, arguments.per_cell, tools(), arguments.jobs))
    if arguments.write:
        arguments.write.parent.mkdir(parents=True, exist_ok=True)
        arguments.write.write_text(made, "utf-8")
    else:
        sys.stdout.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
