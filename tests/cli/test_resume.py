"""Going on: after an interruption only what was not done is done, and whatever changed since is done again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mojimend.cli import files

Run = Callable[..., Result]
Spawn = Callable[..., subprocess.Popen[bytes]]

DIRTY = "今天天气很好，，我们去公园玩。\n"
CLEAN = DIRTY.replace("，，", "，")
SELECT = ("--select", "punctuation/doubled-mark")
NAMES = [f"{number}.txt" for number in range(6)]


@pytest.fixture(autouse=True)
def journal(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the journal, which is empty."""
    folder = tmp_path_factory.mktemp("journal") / "runs"
    monkeypatch.setenv("MOJIMEND_JOURNAL", str(folder))
    return folder


@pytest.fixture
def interrupted(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run over six files, every other of them clean, and interrupt that when the fifth is opened."""
    (tmp_path / "in").mkdir()
    for number, name in enumerate(NAMES):
        (tmp_path / "in" / name).write_text(CLEAN if number % 2 else DIRTY, "utf-8")
    opened = files.open_file

    def end_at_the_fifth(path: str) -> object:
        if path.endswith(NAMES[4]):
            raise KeyboardInterrupt
        return opened(path)

    def start(*arguments: str) -> Result:
        with monkeypatch.context() as patch:
            patch.setattr("mojimend.cli.work.open_file", end_at_the_fifth)
            return run("fix", *SELECT, *arguments)

    return start


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that are read, as it grows."""
    names: list[str] = []
    opened = files.open_file

    def noted(path: str) -> object:
        names.append(Path(path).name)
        return opened(path)

    monkeypatch.setattr("mojimend.cli.work.open_file", noted)
    return names


WAYS = [("-w", "in"), ("-o", "out", "in")]


@pytest.mark.parametrize("way", WAYS)
def test_only_the_rest_is_done(  # noqa: PLR0917  (fixtures come by name)
    run: Run, interrupted: Callable[..., Result], read: list[str], tmp_path: Path, journal: Path, way: tuple[str, ...]
) -> None:
    first = interrupted(*way)
    assert first.exit_code == 130
    assert "to go on where it stopped: the same command with --resume" in first.stderr
    read.clear()
    second = run("fix", *SELECT, "--resume", *way)
    assert second.exit_code == 0
    assert "4 skipped (4 done before)" in second.stderr
    # What is written is read a second time only where it had been passed over at first.
    assert read == NAMES[4:]
    assert {path.read_text("utf-8") for path in (tmp_path / way[-2 if way[0] == "-o" else -1]).iterdir()} == {CLEAN}
    assert not list(journal.glob("done-*"))
    # All is done, so there is nothing to go on with.
    assert "no run with these paths and settings was interrupted" in run("fix", *SELECT, "--resume", *way).stderr


@pytest.mark.parametrize("way", WAYS)
def test_what_changed_since_is_done_again(
    run: Run, interrupted: Callable[..., Result], read: list[str], tmp_path: Path, way: tuple[str, ...]
) -> None:
    interrupted(*way)
    read.clear()
    (tmp_path / "in" / NAMES[0]).write_text(DIRTY * 2, "utf-8")
    (tmp_path / "in" / NAMES[1]).write_text(DIRTY, "utf-8")
    run("fix", *SELECT, "--resume", *way)
    assert sorted(set(read)) == [*NAMES[:2], *NAMES[4:]]
    folder = tmp_path / ("out" if "out" in way else "in")
    assert (folder / NAMES[0]).read_text("utf-8") == CLEAN * 2
    assert (folder / NAMES[1]).read_text("utf-8") == CLEAN


def test_what_was_written_and_is_gone_is_done_again(
    run: Run, interrupted: Callable[..., Result], tmp_path: Path
) -> None:
    interrupted("-o", "out", "in")
    (tmp_path / "out" / NAMES[1]).unlink()
    (tmp_path / "out" / NAMES[2]).write_text("something else", "utf-8")
    assert run("fix", *SELECT, "--resume", "-o", "out", "in").exit_code == 0
    assert {path.read_text("utf-8") for path in (tmp_path / "out").iterdir()} == {CLEAN}
    assert len(list((tmp_path / "out").iterdir())) == len(NAMES)


@pytest.mark.parametrize(
    "other",
    [
        ("-w", "in", "--accept", "likely"),
        ("-w", "in", "--keep-encoding"),
        ("-w", "in", "--format", "text"),
        ("-o", "out", "in"),
    ],
)
def test_with_other_settings_all_is_done(
    run: Run, interrupted: Callable[..., Result], read: list[str], other: tuple[str, ...]
) -> None:
    interrupted("-w", "in")
    read.clear()
    result = run("fix", *SELECT, "--resume", *other)
    assert "no run with these paths and settings was interrupted" in result.stderr
    assert sorted(set(read)) == NAMES


def test_without_resume_all_is_done(run: Run, interrupted: Callable[..., Result], read: list[str]) -> None:
    interrupted("-w", "in")
    read.clear()
    assert run("fix", *SELECT, "-w", "in").exit_code == 0
    assert sorted(set(read)) == NAMES


def test_what_was_undone_is_done_again(run: Run, interrupted: Callable[..., Result], tmp_path: Path) -> None:
    interrupted("-w", "in")
    assert run("undo").exit_code == 0
    assert run("fix", *SELECT, "--resume", "-w", "in").exit_code == 0
    assert {path.read_text("utf-8") for path in (tmp_path / "in").iterdir()} == {CLEAN}


def test_what_could_not_be_done_is_tried_again(run: Run, tmp_path: Path, read: list[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(DIRTY, "utf-8")
    (tmp_path / "in" / "b.jsonl").write_text(f'{{"text": "{DIRTY.strip()}"\n', "utf-8")  # a broken record
    assert run("fix", *SELECT, "-w", "in").exit_code == 2
    read.clear()
    assert run("fix", *SELECT, "-w", "--resume", "in").exit_code == 2
    assert read == ["b.jsonl"]


def test_two_files_do_not_become_one(run: Run, interrupted: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / NAMES[0]).write_text("another\n", "utf-8")
    interrupted("-o", "out", "in", "other")
    result = run("fix", *SELECT, "--resume", "-o", "out", "in", "other")
    assert result.exit_code == 2
    assert "is what comes of" in result.stderr
    assert (tmp_path / "out" / NAMES[0]).read_text("utf-8") == CLEAN


def test_a_list_that_is_damaged_costs_time_only(
    run: Run, interrupted: Callable[..., Result], tmp_path: Path, journal: Path
) -> None:
    interrupted("-w", "in")
    (path,) = journal.glob("done-*")
    path.write_bytes(b'[]\n{"a": 1}\n\xff\n"x"\n' + path.read_bytes()[:-20])
    assert run("fix", *SELECT, "--resume", "-w", "in").exit_code == 0
    assert {path.read_text("utf-8") for path in (tmp_path / "in").iterdir()} == {CLEAN}


@pytest.mark.parametrize(
    "arguments", [("in/0.txt",), ("--diff", "in"), ("-w", "in/0.txt"), ("-w", "--no-journal", "in")]
)
def test_what_cannot_be_resumed_is_said(
    run: Run, interrupted: Callable[..., Result], arguments: tuple[str, ...]
) -> None:
    del interrupted
    result = run("fix", "--resume", *arguments)
    assert result.exit_code == 2
    assert "--resume goes on with -w or -o DIR" in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_killed_and_resumed(run: Run, spawn: Spawn, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    names = [f"{number:02}.txt" for number in range(30)]
    for name in names:
        (folder / name).write_bytes(DIRTY.encode() * 1000)
    process = spawn("fix", "-w", *SELECT, "in")
    deadline = time.monotonic() + 60
    while (folder / names[3]).read_bytes()[:40] == DIRTY.encode()[:40] and time.monotonic() < deadline:
        if process.poll() is not None:
            break
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    result = run("fix", *SELECT, "-w", "--resume", "in")
    assert result.exit_code == 0
    assert "done before" in result.stderr
    assert {(folder / name).read_bytes() for name in names} == {CLEAN.encode() * 1000}
