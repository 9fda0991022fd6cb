"""``mojimend rules``: the pages of the rules."""

from __future__ import annotations

import click

from mojimend.rules.registry import all_rules, rule_named


def _complete(_ctx: click.Context, _name: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in all_rules() if name.startswith(incomplete)]


@click.command
@click.argument("name", required=False, shell_complete=_complete)
def rules(name: str | None) -> int:
    """List the rules, or show the page of one.

    A page tells what the rule finds, why that happens, and when it stays silent.

    \b
    Examples:
      mojimend rules
      mojimend rules punctuation/doubled-mark
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    if name is not None:
        print(rule_named(name).page, end="")
        return 0
    for rule in all_rules().values():
        print(rule.name)
        print(f"    {rule.page.splitlines()[0]}")
    return 0
