from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result

from mojimend.rules.registry import all_rules, rule_named

Run = Callable[..., Result]


def test_lists_all_rules_with_their_first_lines(run: Run) -> None:
    result = run("rules")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[::2] == list(all_rules())
    assert "    One mark written twice: ，， where ， was meant." in lines[1::2]


def test_shows_a_page(run: Run) -> None:
    result = run("rules", "punctuation/doubled-mark")
    assert (result.exit_code, result.stdout) == (0, rule_named("punctuation/doubled-mark").page)


@pytest.mark.parametrize("name", ["punctuation/double-mark", "punctuation/doubled_mark"])
def test_an_unknown_rule_has_a_neighbour(run: Run, name: str) -> None:
    result = run("rules", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"mojimend: no rule is named '{name}'; did you mean 'punctuation/doubled-mark'?\n"
