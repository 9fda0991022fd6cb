from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import mojimend
from mojimend.cli import COMMANDS
from mojimend.kernel import COMPILED

Run = Callable[..., Result]
Spawn = Callable[..., subprocess.Popen[bytes]]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes, signals and terminals are those of POSIX")

DIRTY = "已经取消，，请重试。\n"
PUNCTUATION = ["punctuation/doubled-mark", "punctuation/halfwidth-in-cjk", "punctuation/injected-comma"]
HEAVY = {
    *("ftfy", "chardet", "charset_normalizer", "difflib", "tempfile", "importlib.metadata"),
    *("pathspec", "pyarrow", "fastwarc", "gzip", "bz2", "lzma", "shutil", "multiprocessing", "concurrent.futures"),
}


def test_bare_command_helps(run: Run) -> None:
    result = run()
    assert result.exit_code == 0
    assert result.stdout == run("--help").stdout
    assert result.stdout.count("mojimend check page.txt") == 1
    assert all(name in result.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_help_of_a_command_says(run: Run, name: str) -> None:
    assert run(name, "--help").stdout.splitlines()[2].strip() == COMMANDS[name]


def test_help_imports_no_command(spawn: Spawn) -> None:
    process = spawn("--help", environment={"PYTHONPROFILEIMPORTTIME": "1"})
    _, errors = process.communicate()
    assert b"mojimend.cli\n" in errors
    assert b"mojimend.pipeline\n" not in errors


@pytest.mark.parametrize("arguments", [(), *((name, "--help") for name in COMMANDS)])
def test_help_fits_and_has_examples(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "Examples:" in result.stdout
    assert "..." not in result.stdout.partition("Commands:")[2]  # no summary is cut short


def test_version(run: Run) -> None:
    loops = "C" if COMPILED else "Python"
    assert run("--version").stdout == f"mojimend {mojimend.__version__} (loops in {loops})\n"


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("坏文件.txt", "`mojimend check 坏文件.txt` (reads only)"),
        ("坏文件.txt", "`mojimend fix 坏文件.txt`"),
        ("two words.txt", "`mojimend check 'two words.txt'`"),
        ("-", "`mojimend check -`"),
        ("浠婂ぉ", "`mojimend explain TEXT`"),
        ("å¥½ å¥½" * 100, "`mojimend explain TEXT`"),
        ("chekc", "did you mean `mojimend check`?"),
        ("rule", "did you mean `mojimend rules`?"),
        ("xyzzy", "check, fix, names, undo, explain, detect, rules"),
    ],
)
def test_what_is_no_command_was_meant_somehow(run: Run, tmp_path: Path, word: str, advice: str) -> None:
    for name in ("坏文件.txt", "two words.txt"):
        (tmp_path / name).write_text("好", "utf-8")
    result = run(word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert advice in result.stderr
    assert all(line.startswith("mojimend: ") for line in result.stderr.splitlines())


@pytest.mark.parametrize("arguments", [("--version",), ("check", "a.txt"), ("fix", "a.txt")])
def test_little_is_imported(spawn: Spawn, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text("今天天气很好。\n", "utf-8")
    process = spawn(*arguments, environment={"PYTHONPROFILEIMPORTTIME": "1"})
    _, errors = process.communicate()
    assert process.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in errors.decode().splitlines()}
    assert "mojimend.cli" in imported
    assert imported.isdisjoint(HEAVY)


def test_version_imports_no_command(spawn: Spawn) -> None:
    process = spawn("--version", environment={"PYTHONPROFILEIMPORTTIME": "1"})
    _, errors = process.communicate()
    assert not [name for name in COMMANDS if f"mojimend.cli.{name}\n" in errors.decode()]


@pytest.mark.parametrize("arguments", [("check", "a.txt"), ("fix", "a.txt"), ("fix", "--diff", "a.txt"), ("--help",)])
def test_a_closed_pipe_is_quiet(spawn: Spawn, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    # More than a pipe holds, so that writing meets the closed end in any case.
    (tmp_path / "a.txt").write_text(DIRTY * 20_000, "utf-8")
    end, start = os.pipe()
    os.close(end)
    process = spawn(*arguments, stdout=start)
    os.close(start)
    _, errors = process.communicate()
    assert process.returncode == 2
    assert errors == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [("check", "a.txt"), ("fix", "a.txt")])
def test_a_full_disk_is_said(spawn: Spawn, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    with Path("/dev/full").open("wb") as full:
        process = spawn(*arguments, stdout=full)
        _, errors = process.communicate()
    assert process.returncode == 2
    assert "cannot write the output" in errors.decode().splitlines()[-1]
    assert "Traceback" not in errors.decode()


@pytest.mark.parametrize(
    ("redirection", "arguments", "code"),
    [
        (">&-", "fix a.txt", 2),
        (">&-", "check a.txt", 2),
        ("<&-", "fix", 2),
        ("<&-", "check -", 2),
        ("2>&-", "check a.txt", 1),
    ],
)
def test_closed_streams(tmp_path: Path, redirection: str, arguments: str, code: int) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    command = f"{sys.executable} -m mojimend {arguments} {redirection}"
    environment = {**os.environ, "PYTHONPATH": str(Path(mojimend.__file__).parents[1]), "PYTHONUTF8": "1"}
    done = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"mojimend:" not in done.stdout


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_an_interrupted_run(spawn: Spawn, tmp_path: Path, number: signal.Signals, code: int, word: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    process = spawn("fix", "pipe")
    # Opening a named pipe waits for the other side: behind this line the command is reading.
    with (tmp_path / "pipe").open("wb"):
        process.send_signal(number)
        output, errors = process.communicate()
    assert process.returncode == code
    assert output == b""
    assert errors.decode().strip() == f"mojimend: {word}; no file is half-written"


def on_a_terminal(spawn: Spawn, *arguments: str, encoding: str = "utf-8") -> tuple[int, str]:
    """What the command shows on a terminal of this encoding, and its exit code."""
    ours, theirs = os.openpty()
    process = spawn(*arguments, stdin=theirs, stdout=theirs, stderr=theirs, environment={"PYTHONIOENCODING": encoding})
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # on Linux the end of a terminal
        pass
    os.close(ours)
    return process.wait(), shown.decode(encoding)


def test_on_a_terminal_text_does_nothing(spawn: Spawn, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("一，，\x1b[31m二\r\n三\n".encode())
    assert on_a_terminal(spawn, "fix", "a.txt") == (0, "一，⟦ESC⟧[31m二\r\n三\r\n")


def test_a_terminal_that_lacks_the_characters(spawn: Spawn, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    code, shown = on_a_terminal(spawn, "fix", "a.txt", encoding="ascii")
    assert code == 2
    assert "use -o FILE" in shown
    code, shown = on_a_terminal(spawn, "check", "a.txt", encoding="ascii")
    assert code == 1
    assert r"\uff0c\uff0c \u2192 \uff0c" in shown


def test_a_terminal_gives_no_text(spawn: Spawn) -> None:
    code, shown = on_a_terminal(spawn, "fix")
    assert code == 2
    assert "cat page.txt | mojimend fix" in shown


def test_reports_survive_any_encoding(spawn: Spawn, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    process = spawn("check", "a.txt", environment={"PYTHONIOENCODING": "latin-1"})
    output, errors = process.communicate()
    assert process.returncode == 1
    assert rb"\uff0c\uff0c \u2192 \uff0c" in output
    assert b"Traceback" not in errors


def test_names_that_are_no_text(spawn: Spawn, tmp_path: Path) -> None:
    (tmp_path / "\udcff\x1b.txt").write_text(DIRTY, "utf-8")
    process = spawn("check", b"\xff\x1b.txt")
    output, _ = process.communicate()
    assert process.returncode == 1
    assert output.startswith("⟦DCFF⟧⟦ESC⟧.txt:1:5".encode())


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("mojimend un", ["undo"]),
        ("mojimend check --for", ["--format"]),
        ("mojimend check --format js", ["json", "jsonl"]),
        ("mojimend check --select pun", ["punctuation", *PUNCTUATION]),
        ("mojimend fix --ignore gloss,punctuation/d", ["gloss,punctuation/doubled-mark"]),
        ("mojimend fix --lang zh,j", ["zh,ja"]),
        ("mojimend rules punctuation/", PUNCTUATION),
        ("mojimend undo 2", ["20261123-1"]),
        ("mojimend fix --out", ["--output"]),
    ],
)
def test_the_shell_completes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, completed: list[str]
) -> None:
    monkeypatch.setenv("MOJIMEND_JOURNAL", str(tmp_path))
    (tmp_path / "20261123-1").mkdir()
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    monkeypatch.setenv("_MOJIMEND_COMPLETE", "bash_complete")
    assert run().stdout.split() == [f"plain,{word}" for word in completed]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_is_told_how_to_complete(run: Run, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setenv("_MOJIMEND_COMPLETE", f"{shell}_source")
    assert f"_MOJIMEND_COMPLETE={shell}_complete" in run().stdout
