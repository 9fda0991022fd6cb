"""The flags that all commands share, and the one place where they become Settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

import click

from mojimend.pipeline import pipeline
from mojimend.settings import PROFILES, Settings


def settings_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the shared flags; it receives them as ``settings``.

    Raises:
        UnknownName: When the command is called, before it reads any file: a rule, family or language does not exist.
    """

    @click.option("--select", "select", **_names("RULES", "Look for these rules or families only."))
    @click.option("--ignore", "ignore", **_names("RULES", "Do not look for these."))
    @click.option(
        "--accept",
        type=click.Choice(("safe", "likely")),
        default="safe",
        show_default=True,
        help="The least sure repairs to make.",
    )
    @click.option("--lang", "languages", **_names("TAGS", "Languages the text can be in, such as zh-Hans,ja."))
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


def _names(metavar: str, help_text: str) -> dict[str, Any]:
    return {"multiple": True, "callback": _split, "metavar": metavar, "help": help_text}


def _split(_ctx: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())
