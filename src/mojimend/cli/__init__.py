"""The command: one file a subcommand, and what is true of all of them.

A subcommand returns its exit code: 0 all is well, 1 there are findings or pending changes, 2 the job could not be
done. What is for machines and pipes goes to stdout, everything else to stderr through ``say``.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from io import TextIOWrapper
from types import FrameType
from typing import Any, NoReturn

import click

from mojimend import __version__
from mojimend.errors import MojimendError

# In the order in which people meet them, with the first line of their help. A subcommand is imported when it is called,
# so that none pays for what another needs.
COMMANDS = {
    "check": "Show what is wrong in files; change nothing.",
    "fix": "Repair files, or standard input, and print the text as UTF-8.",
    "names": "Show names of files that were misread; with -w rename them.",
    "undo": "Put back what a run of fix or names has changed.",
    "explain": "Tell how a text was broken, and how it is undone.",
    "detect": "Tell which encoding files are in; change nothing.",
    "rules": "List the rules, or show the page of one.",
}

# The shell's own answer for a program ended by a signal: 128 and the number of SIGINT, which is Ctrl-C, or SIGTERM.
INTERRUPTED, TERMINATED = 130, 143


class Terminated(KeyboardInterrupt):
    """Someone asked the program to end, as systems do that shut down and batch systems whose time is over."""


class CannotDo(click.ClickException):
    """The job, or the part of it about one file, cannot be done; the message says why and what to do next."""

    exit_code = 2


def nothing() -> None:
    """Do nothing."""


# What takes the line of progress off the terminal, while there is one.
wipe: Callable[[], None] = nothing


def tell(lines: str) -> None:
    """Print a line of what was asked for, or several."""
    if wipe is not nothing and sys.stdout.isatty():
        wipe()
    print(lines)


def say(message: str) -> None:
    """Tell the person at the terminal something; nothing that came from a file goes out raw."""
    wipe()
    for line in message.split("\n"):
        # Closed by the caller (2>&-) it is None, and print would take stdout in its place.
        if sys.stderr is not None:
            print(f"mojimend: {shown(line)}", file=sys.stderr)


def shown(text: str) -> str:
    """Show what cannot be seen; nearly everything is said in ASCII and needs no tables for that."""
    if text.isascii() and text.isprintable():
        return text
    from mojimend.text.visible import show  # noqa: PLC0415

    return show(text)


class Commands(click.Group):
    """The subcommands, and how the program ends."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Return the names."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  (as above)
        """Write the list of subcommands, none of which is imported for that."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (as above)
        """Import a subcommand."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"mojimend.cli.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand; what is none was meant somehow, and the message says how."""
        if args[0] not in COMMANDS:
            raise click.UsageError(_meant(args[0]))
        found = super().resolve_command(ctx, args)
        gc.enable()  # the program turns it off until all is imported
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and write out all output while a failure can still be told."""
        if sys.stdout is None:
            raise CannotDo("standard output is closed; send it to a file or a pipe")
        code = super().invoke(ctx)
        sys.stdout.flush()
        return code

    def main(self, *args: Any, **options: Any) -> NoReturn:
        """Run and exit; whatever happens, people get a sentence and scripts a code, never a traceback."""
        for stream in (sys.stdout, sys.stderr):
            # A terminal or log that lacks the characters of the text shows their numbers.
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            with _ending_on_sigterm():
                code = super().main(*args, **{**options, "standalone_mode": False})
        except click.Abort as abort:
            is_terminated = isinstance(abort.__cause__, Terminated)
            say(f"{'terminated' if is_terminated else 'interrupted'}; no file is half-written")
            code = TERMINATED if is_terminated else INTERRUPTED
        except click.ClickException as trouble:
            say(trouble.format_message())
            if isinstance(trouble, click.UsageError) and trouble.ctx:
                say(f"see `{trouble.ctx.command_path} --help`")
            code = trouble.exit_code
        except MojimendError as misuse:
            say(str(misuse))
            code = 2
        except OSError as trouble:
            # Files have their own messages, so this is stdout: a full disk, most often. What it still holds is lost.
            say(f"cannot write the output: {trouble.strerror}; it is incomplete")
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 2
        except SystemExit as end:
            # click's only exits in this mode: whoever read the output has closed the pipe and knows, or the shell asked
            # for completions.
            code = 2 if end.code else 0
        sys.exit(code)


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """End as on Ctrl-C, but where a caller has other plans for the signal, or signals are not ours to take."""
    try:
        before = signal.getsignal(signal.SIGTERM)
        if before is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _end)
    except ValueError:  # not in the main thread
        before = None
    try:
        yield
    finally:
        if before is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, before)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # one is enough: what is under way is being cleared
    raise Terminated


def typed(path: str) -> str:
    """Return a path as it has to be typed in a shell.

    >>> typed("坏文件.txt"), typed("two words.txt")
    ('坏文件.txt', "'two words.txt'")
    """
    from shlex import quote  # noqa: PLC0415  (2 ms for messages)

    return path if re.fullmatch(r"[\w@%+=:,./-]+", path) else quote(path)


def _meant(word: str) -> str:
    """Say what someone may have meant who gave this word for a command."""
    from difflib import get_close_matches  # noqa: PLC0415  (5 ms that only this error should pay)

    if word == "-" or os.path.exists(word):  # noqa: PTH110  (Path.exists raises where the word is too long for a name)
        path = typed(word)
        return f"did you mean `mojimend check {path}` (reads only)\nor `mojimend fix {path}`?"
    if near := get_close_matches(word, COMMANDS, n=1):
        return f"no command is named {word!r}; did you mean `mojimend {near[0]}`?"
    if not word.isascii() or " " in word:
        return f"no file or command is named '{word}'; for a text: `mojimend explain TEXT`"
    return f"no file or command is named {word!r}; the commands are {', '.join(COMMANDS)}"


def _tell_version(ctx: click.Context, _: click.Parameter, is_asked: bool) -> None:
    """Tell it, and what else tells how fast it is: pip says nothing where there was no compiler for the loops in C."""
    if is_asked and not ctx.resilient_parsing:
        from mojimend.kernel import COMPILED  # noqa: PLC0415  (only this needs it)

        click.echo(f"mojimend {__version__} (loops in {'C' if COMPILED else 'Python'})")
        ctx.exit()


@click.group("mojimend", cls=Commands, invoke_without_command=True)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Show the version and exit.",
)
@click.pass_context
def main(ctx: click.Context) -> int:
    """Mend garbled text, CJK first.

    Nothing is written unless you say so with -w or -o.

    \b
    Examples:
      mojimend check page.txt           what is wrong, and where
      mojimend fix --diff page.txt      what would change
      mojimend fix -w page.txt          change it
      cat page.txt | mojimend fix       as a filter
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return 0
