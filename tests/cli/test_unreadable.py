"""What cannot be read is said and makes the exit code 2; all the rest is done."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from mojimend.cli.walk import Walk

Run = Callable[..., Result]

DIRTY = "已经取消，，请重试。\n"
CLEAN = "已经取消，请重试。\n"
DENIED = PermissionError(13, "Permission denied")


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with a file, a folder that nobody may enter, and another file."""
    folder = tmp_path / "corpus"
    for name in ("a", "locked", "z"):
        (folder / name).mkdir(parents=True)
        (folder / name / "page.txt").write_text(DIRTY, "utf-8")
    scandir = os.scandir

    def scan(path: Any) -> Any:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)  # root may enter everything
    return folder


SAID = "mojimend: corpus/locked: cannot be entered: Permission denied"


def test_the_rest_of_a_folder_is_checked(run: Run, locked: Path) -> None:
    assert locked.is_dir()
    result = run("check", "corpus")
    assert (result.exit_code, result.stdout.count("，，")) == (2, 2)
    assert result.stderr.count(SAID) == 1
    assert "2 findings (2 safe) in 2 of 2 files; 1 could not be read" in result.stderr


def test_the_rest_of_a_folder_is_mended(run: Run, locked: Path) -> None:
    result = run("fix", "-w", "corpus")
    assert (result.exit_code, result.stderr.count(SAID)) == (2, 1)
    pages = [(locked / name / "page.txt").read_text("utf-8") for name in ("a", "locked", "z")]
    assert pages == [CLEAN, DIRTY, CLEAN]


def test_it_is_counted_once_though_the_bytes_were_counted_before(
    locked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk = Walk([str(locked)])
    assert walk.size() == 2 * len(DIRTY.encode())
    assert len(list(walk.files())) == 2
    assert walk.failed == 1
    assert capsys.readouterr().err.count("cannot be entered") == 1


def test_names_go_on(run: Run, locked: Path) -> None:
    (locked / "z" / "浣犲ソ.txt").touch()
    result = run("names", "corpus")
    assert (result.exit_code, result.stdout) == (2, "corpus/z/浣犲ソ.txt → 你好.txt\n")
    assert result.stderr.count(SAID) == 1


@pytest.mark.parametrize("command", ["check", "fix --diff", "detect"])
def test_a_file_nobody_may_read_is_one_of_many(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    for name in ("a.txt", "z.txt"):
        (tmp_path / name).write_text(DIRTY, "utf-8")

    def may(path: str, mode: int) -> bool:
        return mode == os.F_OK or path != "a.txt"

    def open_file(path: Any, *arguments: Any, **named: Any) -> Any:
        if path == "a.txt":
            raise DENIED
        return open_it(path, *arguments, **named)

    open_it = open
    monkeypatch.setattr(os, "access", may)
    monkeypatch.setattr("builtins.open", open_file)
    result = run(*command.split(), "a.txt", "z.txt")
    assert result.exit_code == 2
    assert "a.txt: you may not read it" in result.stderr
    assert "z.txt" in result.stdout


@pytest.mark.parametrize("flag", ["--include", "--exclude"])
def test_a_pattern_that_is_none(run: Run, tmp_path: Path, flag: str) -> None:
    result = run("check", flag, "!", str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "take patterns as in .gitignore" in result.stderr


@pytest.mark.parametrize("arguments", [("check",), ("fix", "--diff"), ("fix", "-w")])
def test_a_field_that_no_file_has(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    line = '{"text": "已经取消，，请重试。"}\n'
    (tmp_path / "a.jsonl").write_text(line, "utf-8")
    (tmp_path / "b.csv").write_text("id,title\n1,，，\n", "utf-8")
    result = run(*arguments, "--field", "txet", "a.jsonl", "b.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nothing was read: there is no field txet" in result.stderr
    assert (tmp_path / "a.jsonl").read_text("utf-8") == line
    assert run(*arguments, "--field", "txet,title", "a.jsonl", "b.csv").exit_code != 2


@pytest.mark.parametrize("command", ["check", "names"])
def test_what_is_to_be_typed_next_is_quoted(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "two words").mkdir()
    (tmp_path / "two words" / "浣犲ソ.txt").write_text(DIRTY, "utf-8")
    assert "-w 'two words'`" in run(command, "two words").stderr
