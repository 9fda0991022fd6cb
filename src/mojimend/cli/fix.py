"""``mojimend fix``: the repaired text, to standard output, to files beside the old ones, or in place."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Literal, Protocol

import click

from mojimend.cli import CannotDo, say, shown, tell
from mojimend.cli.files import STDIN
from mojimend.cli.options import PATH, files_options, settings_options
from mojimend.cli.progress import Progress
from mojimend.cli.walk import Walk, skipped_in_words
from mojimend.cli.work import File, Job, field_is_missing, run, text_of
from mojimend.corpus import Mended, Show
from mojimend.finding import Applicability
from mojimend.formats.parts import Choices, Part, Writer
from mojimend.settings import Settings
from mojimend.text.later import later

_SIDE = later(r" *\d* ([-+]) ")


@click.command
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--diff", "as_diff", is_flag=True, help="Show what would change; exit 1 if anything would.")
@click.option("-w", "--write", "in_place", is_flag=True, help="Change the files themselves.")
@click.option(
    "-o", "--output", type=click.Path(), metavar="PATH", help="Write to this file; several files to this folder."
)
@click.option(
    "--to",
    type=click.Choice(("utf-8", "keep"), case_sensitive=False),
    default="utf-8",
    show_default=True,
    help="The encoding to write: UTF-8, or the one a file is in.",
)
@click.option("--keep-encoding", is_flag=True, help="The same as --to keep.")
@click.option("--no-journal", is_flag=True, help="Keep nothing of what is overwritten; undo cannot bring it back.")
@click.option("--resume", is_flag=True, help="After an interruption, do the files that were not done.")
@settings_options
@files_options
def fix(  # noqa: PLR0917  (click passes them by name)
    paths: tuple[str, ...],
    as_diff: bool,
    in_place: bool,
    output: str | None,
    to: Literal["utf-8", "keep"],
    keep_encoding: bool,
    no_journal: bool,
    resume: bool,
    walk: Walk,
    choices: Choices,
    jobs: int,
    progress: Progress,
    quiet: bool,
    settings: Settings,
) -> int:
    """Repair files, or standard input, and print the text as UTF-8.

    Only texts change: line ends, a UTF-8 byte order mark, markup, the form of
    records and tables stay as they are, and -w and -o DIR keep compression.
    On a terminal invisible characters are shown as in ⟦ZWSP⟧.

    \b
    Exit code: 0 done, 1 changes are pending (--diff), 2 could not be done.

    \b
    Examples:
      mojimend fix page.txt > clean.txt
      mojimend fix --diff *.txt
      mojimend fix -w -j 4 corpus/
      mojimend fix -w -j 4 --resume corpus/
      mojimend fix --field text -o clean/ crawl/*.jsonl.gz
      mojimend fix --accept likely -o clean.txt page.txt

    \b
    What -w and -o overwrite is kept: `mojimend undo` brings it back.
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    if not paths:
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError(
                "name a file: `mojimend fix page.txt`\nor pipe a text in: `cat page.txt | mojimend fix`"
            )
        walk.paths = (STDIN,)
    if resume and not (in_place or output):
        raise click.UsageError("--resume goes on with -w or -o DIR")
    if as_diff + in_place + (output is not None) > 1:
        raise click.UsageError("--diff shows, -w and -o write: take one of the three")
    if in_place and STDIN in walk.paths:
        raise click.UsageError("-w changes files, and standard input is none: leave -w out, or name a file")
    if output is None and not (as_diff or in_place) and not walk.is_one_file:
        raise click.UsageError(
            "several files at once: `mojimend fix --diff PATHS` shows the repairs,\n"
            "`mojimend fix -w PATHS` makes them, `-o DIR` puts what comes of them into a folder"
        )
    choices = choices._replace(keep_encoding=keep_encoding or to == "keep")
    way: Way
    if in_place or output is not None:
        from mojimend.cli.writing import writing  # noqa: PLC0415  (with what keeps and restores, 10 ms)

        way = writing(walk, choices, settings, output, journal=not no_journal, resume=resume)
    elif as_diff:
        way = Shown(choices)
    elif sys.stdout.isatty():
        progress.hide()
        way = ToTerminal()
    else:
        way = ToStdout()
    is_summed = not quiet and (in_place or (output is not None and not walk.is_one_file))
    show = Show.CHANGES if as_diff else Show.COUNTS if is_summed else Show.NOTHING
    job = Job(settings, choices, show, way.verifies, jobs)
    sum_ = Sum()
    is_over = False
    try:
        with progress:
            for file, part, mended in run(walk.files(), job, progress):
                if file.trouble is None and part is not None:
                    way.take(file, part, mended)
                elif part is None:
                    sum_.take(file, walk, way)
        sum_.failed += walk.failed + field_is_missing(job, sum_.fields)
        is_over = True
    finally:
        way.give_up()
        way.close(is_over=is_over, all_done=is_over and not sum_.failed)
    if not quiet:
        words = [skipped_in_words(walk.skipped)] if walk.skipped else []
        if is_summed and (sum_.files or walk.skipped):
            words.insert(0, sum_.in_words(walk.paths[0] if walk.is_one_file else None, choices.keep_encoding))
        if words:
            say("; ".join(words))
        for line in way.told:
            say(line)
    return 2 if sum_.failed else way.code


class Way(Protocol):
    """What becomes of the parts of the files."""

    verifies: bool
    code: int

    @property
    def told(self) -> Sequence[str]:
        """What is to be known when all is over."""

    def take(self, file: File, part: Part, mended: Mended | None) -> None:
        """Take the next part of a file. Trouble is noted in the file, which ends it."""

    def end(self, file: File) -> None:
        """Finish a file all of which has been mended.

        Raises:
            CannotDo: It was left as it was.
        """

    def give_up(self) -> None:
        """Leave a file that was not finished."""

    def close(self, *, is_over: bool, all_done: bool) -> None:
        """End, whether all files have been seen or the run was interrupted."""


class Sum:
    """What was done with all the files."""

    def __init__(self) -> None:
        self.files = self.fields = self.changed = self.fixed = self.failed = 0
        self.left: Counter[Applicability] = Counter()
        self.recoded: set[str] = set()

    def take(self, file: File, walk: Walk, way: Way) -> None:
        """Finish a file, and add it."""
        if file.is_binary and not file.is_named:
            walk.skipped["binary"] += 1
            return
        try:
            if file.trouble is not None:
                way.give_up()
                raise file.trouble
            for remark in file.remarks():
                say(f"{file.name}: {remark}")
            way.end(file)
        except CannotDo as trouble:
            say(trouble.message)
            self.failed += 1
            return
        self.failed += bool(file.refused)
        self.files += 1
        self.fields += file.fields
        self.changed += bool(file.fixed)
        self.fixed += file.fixed
        self.left.update(file.left)
        assert file.parts is not None
        self.recoded |= {file.parts.reading.encoding, *file.parts.reading.others} - {"utf-8"}

    def in_words(self, only: str | None, keep_encoding: bool) -> str:
        """Say it in a line."""
        where = only or f"{self.changed} of {self.files} files"
        parts = [f"fixed {self.fixed} finding{'s' * (self.fixed != 1)} in {where}"]
        if self.recoded and not keep_encoding:
            parts.append(f"now UTF-8, not {', '.join(sorted(self.recoded))}")
        if likely := self.left[Applicability.LIKELY]:
            parts.append(f"{likely} likely left (--accept likely)")
        if notes := self.left[Applicability.NOTE]:
            parts.append(f"{notes} note{'s' * (notes != 1)} (mojimend check {only or 'PATHS'})")
        return "; ".join(parts)


class Shown:
    """The repairs are shown, and none is made."""

    verifies = False
    told = ()

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self.code = 0
        self._headed: File | None = None
        # https://no-color.org; what the colours say, the marks say too.
        self._in_colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def take(self, file: File, part: Part, mended: Mended | None) -> None:
        """Show the changes of a part, under what becomes of the file's encoding."""
        reading = file.parts.reading if file.parts else None
        if part.is_recoded and reading is not None and self._headed is not file:
            self._headed = file
            tell(f"{shown(file.name)}  {' and '.join([reading.encoding, *sorted(reading.others)])} → utf-8")
        for line in mended.told if mended else ():
            tell(_coloured(line) if self._in_colour else line)

    def end(self, file: File) -> None:
        """Remember that changes are pending."""
        reading = file.parts.reading if file.parts else None
        recoded = not self._choices.keep_encoding and reading is not None and reading.encoding != "utf-8"
        if file.is_changed or recoded:
            self.code = 1
        if recoded and reading is not None and self._headed is not file:
            tell(f"{shown(file.name)}  {reading.encoding} → utf-8")

    def give_up(self) -> None:
        """There is nothing to leave."""

    def close(self, *, is_over: bool, all_done: bool) -> None:
        """There is nothing to close."""


def _coloured(line: str) -> str:
    """Return a line of a diff: red what goes, green what comes."""
    side = _SIDE.match(line)
    return line if side is None else click.style(line, fg="red" if side[1] == "-" else "green")


class ToTerminal:
    """A text for people: nothing in it works on the terminal."""

    verifies = False
    code = 0
    told = ()

    def take(self, file: File, part: Part, mended: Mended | None) -> None:
        """Show a part."""
        if part.original is not None:
            file.trouble = CannotDo(f"{file.name}: is not for a terminal; use -o FILE")
            return
        text = text_of(part, mended)
        visible = "\n".join(shown(line.removesuffix("\r")) for line in text.split("\n"))
        try:
            visible.encode(sys.stdout.encoding)
        except UnicodeEncodeError as trouble:
            lacks = f"this terminal ({sys.stdout.encoding}) lacks characters of the text; use -o FILE"
            raise CannotDo(lacks) from trouble
        sys.stdout.write(visible)

    def end(self, file: File) -> None:
        """All has been shown."""

    def give_up(self) -> None:
        """Leave what was shown; it is on the screen."""

    def close(self, *, is_over: bool, all_done: bool) -> None:
        """There is nothing to close."""


class ToStdout:
    """The file goes to standard output; what was compressed comes out plain, as from zcat."""

    verifies = False
    code = 0
    told = ()

    def __init__(self) -> None:
        self._writer: Writer | None = None

    def take(self, file: File, part: Part, mended: Mended | None) -> None:
        """Write a part."""
        assert file.parts is not None
        if self._writer is None:
            self._writer = file.parts.writer(sys.stdout.buffer)
        self._writer.put(part, text_of(part, mended))

    def end(self, file: File) -> None:
        """Write what comes last."""
        assert file.parts is not None
        (self._writer or file.parts.writer(sys.stdout.buffer)).finish()

    def give_up(self) -> None:
        """Say so where part of the output is out already."""

    def close(self, *, is_over: bool, all_done: bool) -> None:
        """There is nothing to close."""
