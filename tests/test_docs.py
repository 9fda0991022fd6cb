"""What the documents show is what happens. (Their ``>>>`` examples are run by pytest itself.)"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

import mojimend

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)


class Shown(NamedTuple):
    """A command in a document, and what the document says it prints."""

    document: str
    command: str
    output: str


def commands_in(document: str, text: str) -> list[Shown]:
    """Return our own commands of all ``console`` blocks; what others print is not ours to test."""
    sessions = [session for block in CONSOLE.findall(text) for session in SESSION.finditer(block)]
    return [Shown(document, s["command"], s["output"]) for s in sessions if s["command"].startswith("mojimend ")]


def run_in_root(command: str) -> str:
    """Return what a terminal would show: both streams, as they come."""
    shell = f'mojimend() {{ {shlex.quote(sys.executable)} -m mojimend "$@"; }}\n{command}'
    done = subprocess.run(
        ["sh", "-c", shell], cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60
    )
    return done.stdout.decode("utf-8")


SHOWN = [shown for path in DOCUMENTS for shown in commands_in(path.name, path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: f"{shown.document}: {shown.command}")
def test_command_prints_what_the_document_shows(shown: Shown) -> None:
    assert run_in_root(shown.command) == shown.output


def test_commands_are_cut_out_of_a_document_with_their_output() -> None:
    text = "\n".join(
        [
            "```console",
            "$ pip install mojimend",
            "Successfully installed",
            "$ mojimend check a.txt",
            "a.txt:1:5",
            "",
            "mojimend: 1 finding",
            "$ mojimend fix a.txt > b.txt",
            "```",
            "```python",
            "$ mojimend is no command here",
            "```",
            "",
        ]
    )
    assert commands_in("a.md", text) == [
        Shown("a.md", "mojimend check a.txt", "a.txt:1:5\n\nmojimend: 1 finding\n"),
        Shown("a.md", "mojimend fix a.txt > b.txt", ""),
    ]


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "mojimend.__version__"}
    first_entry = re.search(r"^## \[(.*?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first_entry is not None
    assert first_entry[1] == mojimend.__version__


@pytest.mark.parametrize("readme", ["README.md", "README.zh-Hans.md", "README.ja.md"])
def test_what_the_readme_shows_is_so(readme: str) -> None:
    """Each row of the first table is what fix_text does to it."""
    rows = re.findall(r"^\| `(.+)` \| `(.+)` \|$", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) >= 5
    assert [mojimend.fix_text(before) for before, _ in rows] == [after for _, after in rows]
