"""``mojimend fix``: the repaired text, to standard output, to a file, or in place."""

from __future__ import annotations

import codecs
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import click

from mojimend.cli import CannotDo, say
from mojimend.cli.files import STDIN, doubt, for_each, mend, write
from mojimend.cli.options import settings_options
from mojimend.finding import Applicability
from mojimend.report import Report
from mojimend.settings import Settings
from mojimend.text.visible import show


class Written(NamedTuple):
    """What is kept of a file that was mended in place; its text is not, as there may be thousands."""

    fixed: int
    left: Counter[Applicability]
    encoding: str | None


@click.command
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True))
@click.option("--diff", "as_diff", is_flag=True, help="Show what would change; exit 1 if anything would.")
@click.option("-w", "--write", "in_place", is_flag=True, help="Change the files themselves.")
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="Write the repaired text to this file.")
@settings_options
def fix(paths: tuple[str, ...], as_diff: bool, in_place: bool, output: str | None, settings: Settings) -> int:
    """Repair a file, or standard input, and print the text as UTF-8.

    Line ends and a UTF-8 byte order mark are kept. On a terminal invisible
    characters are shown as in ⟦ZWSP⟧; a pipe or a file gets them as they are.

    \b
    Exit code: 0 done, 1 changes are pending (--diff), 2 could not be done.

    \b
    Examples:
      mojimend fix page.txt > clean.txt
      mojimend fix --diff *.txt
      mojimend fix -w *.txt
      mojimend fix --accept likely -o clean.txt page.txt
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    if not paths and (sys.stdin is None or sys.stdin.isatty()):
        raise click.UsageError("name a file: `mojimend fix page.txt`\nor pipe a text in: `cat page.txt | mojimend fix`")
    paths = paths or (STDIN,)
    if as_diff + in_place + (output is not None) > 1:
        raise click.UsageError("--diff shows, -w and -o write: take one of the three")
    if as_diff:
        return _show(paths, settings)
    if in_place:
        return _write(paths, settings)
    if len(paths) > 1:
        raise click.UsageError(
            "several files at once: `mojimend fix --diff PATHS` shows the repairs,\n`mojimend fix -w PATHS` makes them"
        )
    return _give(paths[0], output, settings)


def _give(path: str, output: str | None, settings: Settings) -> int:
    """Hand the repaired text on, to a file or to standard output."""
    _, report = mend(path, settings)
    if output is not None and path != STDIN and _is_same_file(path, output):
        raise click.UsageError(f"{output}: is the file to repair; to change it in place: `mojimend fix -w {path}`")
    if output is not None:
        write(output, _encoded(report))
    elif sys.stdout.isatty():
        _show_text(report.text)
    else:
        sys.stdout.buffer.write(_encoded(report))
    return 0


def _is_same_file(path: str, other: str) -> bool:
    try:
        return Path(path).samefile(other)
    except OSError:  # the other is not there, or nowhere: writing will tell
        return False


def _show_text(text: str) -> None:
    """Print a text for people: nothing in it works on the terminal."""
    visible = "\n".join(show(line.removesuffix("\r")) for line in text.split("\n"))
    try:
        visible.encode(sys.stdout.encoding)
    except UnicodeEncodeError as trouble:
        raise CannotDo(f"this terminal ({sys.stdout.encoding}) lacks characters of the text; use -o FILE") from trouble
    sys.stdout.write(visible)


def _show(paths: tuple[str, ...], settings: Settings) -> int:
    """Show the repairs, and make none."""
    from mojimend.reporters.diff import diff  # noqa: PLC0415  (only --diff needs it)

    def show_one(path: str) -> bool:
        source, report = mend(path, settings)
        for line in diff(report, source.name):
            print(line)
        return _encoded(report) != source.data

    pending, failed = for_each(paths, show_one)
    return 2 if failed else int(any(pending))


def _write(paths: tuple[str, ...], settings: Settings) -> int:
    """Change the files themselves, those that need it."""
    if STDIN in paths:
        raise click.UsageError("-w changes files, and standard input is none: leave -w out, or name a file")

    def write_one(path: str) -> Written:
        source, report = mend(path, settings)
        if doubt(report):
            raise CannotDo(f"{path}: left as it is; see what comes of it with -o FILE")
        mended = _encoded(report)
        if mended != source.data:
            write(path, mended, source)
        assert report.decoding is not None
        left = Counter(finding.applicability for finding in report.left)
        return Written(len(report.mended), left, report.decoding.encoding)

    written, failed = for_each(paths, write_one)
    if written:
        say(_summary(written, paths[0] if len(paths) == 1 else None))
    return 2 if failed else 0


def _summary(written: list[Written], only: str | None) -> str:
    fixed = sum(one.fixed for one in written)
    where = only or f"{sum(bool(one.fixed) for one in written)} of {len(written)} files"
    parts = [f"fixed {fixed} finding{'s' * (fixed != 1)} in {where}"]
    if recoded := sorted({str(one.encoding) for one in written} - {"utf-8"}):
        parts.append(f"now UTF-8, not {', '.join(recoded)}")
    left = sum((one.left for one in written), Counter[Applicability]())
    if likely := left[Applicability.LIKELY]:
        parts.append(f"{likely} likely left (--accept likely)")
    if notes := left[Applicability.NOTE]:
        parts.append(f"{notes} note{'s' * (notes != 1)} (mojimend check {only or 'PATHS'})")
    return "; ".join(parts)


def _encoded(report: Report) -> bytes:
    """Return the repaired text as UTF-8 bytes; the mark of a source that was UTF-8 with one is kept."""
    decoding = report.decoding
    assert decoding is not None
    mark = codecs.BOM_UTF8 if decoding.bom and decoding.encoding == "utf-8" else b""
    # Some codecs (UTF-7) read lone surrogates from bytes; they go out as they came in, not as an exception.
    return mark + report.text.encode("utf-8", "surrogatepass")
