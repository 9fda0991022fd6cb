"""How far it is: on the terminal only, behind the first second, and gone when all is done."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from click.testing import Result

from mojimend import cli
from mojimend.cli import progress
from mojimend.cli.progress import Progress, in_words
from mojimend.cli.walk import Walk

Run = Callable[..., Result]
Spawn = Callable[..., subprocess.Popen[bytes]]

SELECT = ("--select", "punctuation/doubled-mark")
DIRTY = "今天天气很好，，我们去公园玩。\n"


class Terminal(io.StringIO):
    """A terminal that shows one line; what stands on it is ``line``, and what scrolled away is ``lines``."""

    def isatty(self) -> bool:
        return True

    def screen(self) -> list[str]:
        lines = []
        for line in self.getvalue().split("\n"):
            shown = ""
            for piece in line.split("\r"):
                shown = piece + shown[len(piece) :]
            lines.append(shown.rstrip())
        return lines


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each look at the clock take half a second."""
    ticks = count()
    monkeypatch.setattr(progress, "monotonic", lambda: next(ticks) / 2)


@pytest.mark.usefixtures("seconds")
def test_the_line_comes_and_goes() -> None:
    out = Terminal()
    with Progress(lambda: 1000, "auto", out) as shown:
        shown.at(10)
        assert out.getvalue() == ""  # not within the first second
        shown.at(100)
        assert out.screen()[-1].startswith(" 10%  [#")
        assert out.screen()[-1].endswith("left")
        # What is said in between stands alone on its line.
        cli.wipe()
        out.write("something said\n")
        shown.at(1000)
        assert out.screen()[0] == "something said"
        assert out.screen()[-1].startswith("100%")
    assert out.screen() == ["something said", ""]
    assert cli.wipe is cli.nothing


@pytest.mark.usefixtures("seconds")
@pytest.mark.parametrize(("when", "lines"), [("auto", 0), ("never", 0), ("always", 1)])
def test_elsewhere_than_on_a_terminal(when: progress.When, lines: int) -> None:
    out = io.StringIO()
    with Progress(lambda: 1000, when, out) as shown:
        for done in range(0, 60, 10):
            shown.at(done)
    assert out.getvalue().count("\n") == lines
    assert "\r" not in out.getvalue()


@pytest.mark.usefixtures("seconds")
def test_never_and_a_closed_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal()
    with Progress(lambda: 1000, "never", out) as shown:
        for done in range(0, 100, 10):
            shown.at(done)
    assert out.getvalue() == ""
    monkeypatch.setattr(sys, "stderr", None)
    with Progress(lambda: 1000, "always") as shown:
        for done in range(0, 100, 10):
            shown.at(done)


@pytest.mark.parametrize("done", [0, 1, 999, 10**6, 10**9, 10**15])
@pytest.mark.parametrize("total", [0, 1, 1000, 10**7, 3 * 10**12])
@pytest.mark.parametrize("width", [20, 40, 60, 79])
def test_the_line_fits(done: int, total: int, width: int) -> None:
    line = in_words(min(done, total), total, 1e5, width)
    assert len(line) <= width
    assert line.isascii()


def test_bytes_are_counted_to_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    import gzip

    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_bytes(DIRTY.encode() * 50_000)
    (tmp_path / "b.gz").write_bytes(gzip.compress(DIRTY.encode() * 50_000))
    (tmp_path / "sub" / "c.jsonl").write_text('{"text": "好"}\n' * 100, "utf-8")
    (tmp_path / "d.bin").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "empty").touch()
    seen: list[int] = []
    monkeypatch.setattr(Progress, "at", lambda self, done: seen.append(done))  # noqa: ARG005
    run("check", *SELECT, ".")
    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert seen == sorted(seen)
    assert len(set(seen)) == 5
    assert seen[-1] == Walk(["."]).size() == size


def on_a_terminal(spawn: Spawn, *arguments: str, until: bytes = b"", number: signal.Signals | None = None) -> bytes:
    """Return what the command sends to a terminal on stderr; when ``until`` was seen there, send it a signal."""
    ours, theirs = os.openpty()
    process = spawn(*arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
            if number is not None and until in shown:
                process.send_signal(number)
                number = None
    except OSError:  # on Linux the end of a terminal
        pass
    os.close(ours)
    process.wait()
    return shown


@pytest.mark.skipif(os.name == "nt", reason="terminals and signals are those of POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_line(spawn: Spawn, tmp_path: Path, jobs: str, number: signal.Signals) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in range(60):
        (folder / f"{name}.txt").write_bytes(DIRTY.encode() * 2_000)
    shown = on_a_terminal(spawn, "fix", "--diff", "-j", jobs, *SELECT, "in", until=b" left", number=number)
    assert b"] " in shown
    *_, last = shown.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
    assert last.rpartition("\r")[2].startswith("mojimend: ")
    before = last.rpartition("\r")[0].rpartition("\r")[2]
    assert before.strip() == ""  # wiped off


@pytest.mark.skipif(os.name == "nt", reason="terminals are those of POSIX")
def test_a_short_run_shows_no_line(spawn: Spawn, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    for flags in ((), ("-q",)):
        shown = on_a_terminal(spawn, "fix", "-w", *SELECT, *flags, "a.txt")
        assert b"\x1b" not in shown
        assert b"%" not in shown


def test_quiet_says_only_what_goes_wrong(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    assert run("check", "-q", "a.txt").stderr == ""
    assert run("check", "-q", "a.txt").stdout == run("check", "a.txt").stdout != ""
    assert run("names", "-q", ".").stderr == ""
    assert run("fix", "-q", "-w", ".").stderr == ""
    assert (tmp_path / "a.txt").read_text("utf-8") == DIRTY.replace("，，", "，")
    assert "there is no such file" in run("fix", "-q", "-w", "nowhere").stderr


def test_a_warning_is_given_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitignore").write_text("!\n")
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    monkeypatch.setattr(progress, "FIRST", 0)
    assert run("check", "--progress", "always", ".").stderr.count("is passed over") <= 1
