"""``mojimend explain``: what happened to a text and how it was undone."""

from __future__ import annotations

import click

from mojimend.cli import say
from mojimend.cli.options import settings_options
from mojimend.finding import Applicability
from mojimend.pipeline import repair
from mojimend.reporters.story import tell
from mojimend.settings import Settings


@click.command
@click.argument("text")
@settings_options
def explain(text: str, settings: Settings) -> int:
    """Tell how a text was broken, and how it is undone.

    \b
    Examples:
      mojimend explain '浣犲ソ'
      mojimend explain '已经取消，，请重试。'
      mojimend explain --accept likely '好。。'
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    report = repair(text, settings)
    print(tell(report), end="")
    if settings.accept == "safe" and any(finding.applicability is Applicability.LIKELY for finding in report.left):
        say("what is likely is mended with --accept likely")
    return 0
