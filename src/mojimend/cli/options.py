"""The flags that all commands share, and the one place where they become Settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Literal

import click

from mojimend.cli.progress import Progress, When
from mojimend.cli.walk import Walk
from mojimend.formats.choose import NAMES
from mojimend.formats.parts import Choices
from mojimend.pipeline import pipeline
from mojimend.profiles import PROFILES
from mojimend.rules.registry import all_rules
from mojimend.settings import LANGUAGES, Settings

# What cannot be read is said when its turn has come, and the others are read all the same.
PATH = click.Path(allow_dash=True, readable=False)


def _names(metavar: str, help_text: str, known: Callable[[], Iterable[str]] = tuple) -> dict[str, Any]:
    """Return what makes an option take names, several of them with commas; the shell completes those that are known."""

    def complete(_ctx: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        return [f"{before}{comma}{name}" for name in known() if name.startswith(last)]

    return {"multiple": True, "callback": _split, "metavar": metavar, "help": help_text, "shell_complete": complete}


def rules_and_families() -> list[str]:
    """Return all that can be selected."""
    return sorted({*all_rules(), *(rule.family for rule in all_rules().values())})


def _split(_ctx: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


accept_option = click.option(
    "--accept",
    type=click.Choice(("safe", "likely")),
    default="safe",
    show_default=True,
    help="The least sure repairs to make.",
)
languages_option = click.option(
    "--lang", "languages", **_names("TAGS", "Languages the text can be in, such as zh-Hans,ja.", lambda: LANGUAGES)
)
candidates_option = click.option(
    "--candidates", **_names("LABELS", "The only encodings to consider, such as gbk,big5.")
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say only what goes wrong.")


def settings_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the shared flags; it receives them as ``settings``.

    Raises:
        UnknownName: When the command is called, before it reads any file: a rule, family or language does not exist.
    """

    @click.option("--select", "select", **_names("RULES", "Look for these rules or families only.", rules_and_families))
    @click.option("--ignore", "ignore", **_names("RULES", "Do not look for these.", rules_and_families))
    @accept_option
    @languages_option
    @click.option(
        "--profile",
        type=click.Choice(tuple(PROFILES)),
        default="repair",
        show_default=True,
        help="A named selection of rules.",
    )
    @wraps(command)
    def with_settings(
        *args: Any,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        accept: Literal["safe", "likely"],
        languages: tuple[str, ...],
        profile: str,
        **others: Any,
    ) -> int:
        settings = Settings(select, ignore, accept, languages, profile)
        pipeline(settings)
        return command(*args, settings=settings, **others)

    return with_settings


def walk_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the flags about folders; it receives them as ``walk``, with its paths in it."""

    @click.option("--include", multiple=True, metavar="GLOB", help="In folders, only files that fit, such as *.jsonl.")
    @click.option("--exclude", multiple=True, metavar="GLOB", help="In folders, leave out what fits, as in .gitignore.")
    @click.option("--no-gitignore", is_flag=True, help="Also what .gitignore files leave out.")
    @click.option("--hidden", is_flag=True, help="Also what begins with a dot.")
    @wraps(command)
    def with_walk(
        *args: Any,
        paths: tuple[str, ...],
        include: tuple[str, ...],
        exclude: tuple[str, ...],
        no_gitignore: bool,
        hidden: bool,
        **others: Any,
    ) -> int:
        walk = Walk(paths, include, exclude, not no_gitignore, hidden)
        return command(*args, paths=paths, walk=walk, **others)

    return with_walk


def files_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the flags about files; it receives ``walk``, ``choices``, ``jobs``, ``progress`` and ``quiet``.

    Together with ``settings_options``, which must stand above it.
    """

    @walk_options
    @click.option("--format", "form", type=click.Choice(NAMES), help="What the files are, whatever they are called.")
    @click.option("--field", "fields", **_names("NAMES", "Of records and tables, read these fields only."))
    @click.option("-j", "--jobs", default=1, metavar="N", type=click.IntRange(0), help="Processes; 0: one a core.")
    @click.option(
        "--progress",
        "when",
        type=click.Choice(("auto", "always", "never")),
        default="auto",
        show_default=True,
        help="Show how far it is.",
    )
    @quiet_option
    @wraps(command)
    def with_files(
        *args: Any,
        form: str | None,
        fields: tuple[str, ...],
        jobs: int,
        when: When,
        quiet: bool,
        walk: Walk,
        settings: Settings,
        **others: Any,
    ) -> int:
        return command(
            *args,
            walk=walk,
            choices=Choices(form, fields, settings.languages),
            jobs=jobs or os.cpu_count() or 1,
            progress=Progress(walk.size, "never" if quiet else when),
            quiet=quiet,
            settings=settings,
            **others,
        )

    return with_files
