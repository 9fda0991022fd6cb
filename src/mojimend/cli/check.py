"""``mojimend check``: what is wrong, and where. Reads only."""

from __future__ import annotations

import sys
from collections import Counter
from typing import NamedTuple

import click

from mojimend.cli import say
from mojimend.cli.files import STDIN, doubt, for_each, mend
from mojimend.cli.options import settings_options
from mojimend.finding import Applicability
from mojimend.reporters.concise import lines
from mojimend.settings import Settings


class Checked(NamedTuple):
    """What is kept of a file that was checked; its text is not, as there may be thousands."""

    tally: Counter[Applicability]
    in_doubt: bool


@click.command
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True))
@settings_options
def check(paths: tuple[str, ...], settings: Settings) -> int:
    """Show what is wrong in files; change nothing.

    A finding is safe (what the author wrote is certain), likely (one best
    reading) or a note (mojimend changes nothing there).

    \b
    Exit code: 0 clean, 1 findings, 2 a file could not be read.

    \b
    Examples:
      mojimend check page.txt
      mojimend check --ignore punctuation corpus/*.txt
      curl -s example.org | mojimend check -
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    if not paths:
        raise click.UsageError("name a file: `mojimend check page.txt`, or `-` for standard input")

    def check_one(path: str) -> Checked:
        source, report = mend(path, settings)
        for line in lines(report, source.name):
            print(line)
        return Checked(Counter(finding.applicability for finding in report.findings), doubt(report) is not None)

    checked, failed = for_each(paths, check_one)
    if not checked:
        return 2
    # Where both go to one place, the findings stand above their sum.
    sys.stdout.flush()
    tally = sum((one.tally for one in checked), Counter[Applicability]())
    with_findings = sum(bool(one.tally) for one in checked)
    files = "1 file" if len(checked) == 1 else f"{with_findings} of {len(checked)} files"
    say(_sum(tally, files) + (f"; {failed} could not be read" if failed else ""))
    if tally[Applicability.SAFE] or tally[Applicability.LIKELY]:
        say(_next(paths, settings.accept == "likely" or bool(tally[Applicability.SAFE])))
    return 2 if failed else int(any(one.tally or one.in_doubt for one in checked))


def _sum(tally: Counter[Applicability], files: str) -> str:
    kinds = ", ".join(f"{tally[kind]} {kind}" for kind in reversed(Applicability) if tally[kind])
    return f"{tally.total()} finding{'s' * (tally.total() != 1)}{f' ({kinds})' if kinds else ''} in {files}"


def _next(paths: tuple[str, ...], accepted_as_it_is: bool) -> str:
    """Say what to type to see the repairs and to make them."""
    fix = "mojimend fix" if accepted_as_it_is else "mojimend fix --accept likely"
    if STDIN in paths:
        return f"to repair: `… | {fix}`"
    path = paths[0] if len(paths) == 1 else "PATHS"
    return f"to see the repairs: `{fix} --diff {path}`\nto make them: `{fix} -w {path}`"
