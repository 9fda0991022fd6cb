"""``mojimend check``: what is wrong, and where. Reads only."""

from __future__ import annotations

import sys
from collections import Counter

import click

from mojimend.cli import say, tell, typed
from mojimend.cli.files import STDIN
from mojimend.cli.options import PATH, files_options, settings_options
from mojimend.cli.progress import Progress
from mojimend.cli.walk import Walk, skipped_in_words
from mojimend.cli.work import File, Job, field_is_missing, run
from mojimend.corpus import Show
from mojimend.finding import Applicability
from mojimend.formats.parts import Choices
from mojimend.settings import Settings


class Checked:
    """The sum over all files."""

    def __init__(self) -> None:
        self.tally: Counter[Applicability] = Counter()
        self.files = self.fields = self.with_findings = self.in_doubt = self.failed = 0

    def take(self, file: File, walk: Walk) -> None:
        """Add a file whose last part has been checked."""
        if file.trouble is not None:
            if file.is_binary and not file.is_named:
                walk.skipped["binary"] += 1
                return
            say(file.trouble.message)
            self.failed += 1
            return
        remarks = file.remarks()
        for remark in remarks:
            say(f"{file.name}: {remark}")
        self.tally.update(file.found)
        self.files += 1
        self.fields += file.fields
        self.with_findings += bool(file.found)
        self.in_doubt += bool(remarks)

    def in_words(self) -> str:
        """Say it in a line."""
        total = self.tally.total()
        kinds = ", ".join(f"{self.tally[kind]} {kind}" for kind in reversed(Applicability) if self.tally[kind])
        files = "1 file" if self.files == 1 else f"{self.with_findings} of {self.files} files"
        failed = f"; {self.failed} could not be read" if self.failed else ""
        return f"{total} finding{'s' * (total != 1)}{f' ({kinds})' if kinds else ''} in {files}{failed}"


@click.command
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--fixable", is_flag=True, help="Look only for what `mojimend fix` would repair.")
@settings_options
@files_options
def check(  # noqa: PLR0917  (click passes them by name)
    paths: tuple[str, ...],
    fixable: bool,
    walk: Walk,
    choices: Choices,
    jobs: int,
    progress: Progress,
    quiet: bool,
    settings: Settings,
) -> int:
    """Show what is wrong in files; change nothing.

    A finding is safe (what the author wrote is certain), likely (one best
    reading) or a note (mojimend changes nothing there).

    \b
    Exit code: 0 clean, 1 findings, 2 a file could not be read.

    \b
    Examples:
      mojimend check page.txt
      mojimend check -j 4 --exclude raw corpus/
      mojimend check --fixable --field text crawl.jsonl.gz
      curl -s example.org | mojimend check -
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    if not paths:
        raise click.UsageError("name a file: `mojimend check page.txt`, or `-` for standard input")
    checked = Checked()
    job = Job(settings, choices, Show.REPAIRS if fixable else Show.FINDINGS, jobs=jobs)
    with progress:
        for file, part, mended in run(walk.files(), job, progress):
            if mended and mended.told:
                tell("\n".join(mended.told))
            if part is None:
                checked.take(file, walk)
    checked.failed += walk.failed
    if field_is_missing(job, checked.fields):
        return 2
    if not checked.files and checked.failed:
        return 2
    # Where both go to one place, the findings stand above their sum.
    sys.stdout.flush()
    if not quiet:
        say(checked.in_words() + (f"; {skipped_in_words(walk.skipped)}" if walk.skipped else ""))
    tally = checked.tally
    if not quiet and (tally[Applicability.SAFE] or tally[Applicability.LIKELY]):
        say(_next(paths, settings.accept == "likely" or bool(tally[Applicability.SAFE])))
    return 2 if checked.failed else int(checked.with_findings > 0 or checked.in_doubt > 0)


def _next(paths: tuple[str, ...], accepted_as_it_is: bool) -> str:
    """Say what to type to see the repairs and to make them."""
    fix = "mojimend fix" if accepted_as_it_is else "mojimend fix --accept likely"
    if STDIN in paths:
        return f"to repair: `… | {fix}`"
    path = typed(paths[0]) if len(paths) == 1 else "PATHS"
    return f"to see the repairs: `{fix} --diff {path}`\nto make them: `{fix} -w {path}`"
