from __future__ import annotations

import subprocess
from collections.abc import Callable

from click.testing import Result

import mojimend

Run = Callable[..., Result]
Spawn = Callable[..., subprocess.Popen[bytes]]


def test_tells_what_the_library_tells(run: Run) -> None:
    result = run("explain", "已经取消，，请重试。")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == mojimend.explain("已经取消，，请重试。")


def test_clean_text(run: Run) -> None:
    result = run("explain", "好")
    assert result.exit_code == 0
    assert result.stdout.startswith("nothing found")


def test_obeys_the_settings(run: Run) -> None:
    assert "text:  好。" in run("explain", "--accept", "likely", "好。。").stdout
    assert run("explain", "--ignore", "punctuation", "好，，好").stdout.startswith("nothing found")


def test_says_how_to_go_further(run: Run) -> None:
    assert "--accept likely" in run("explain", "好。。").stderr
    assert run("explain", "--accept", "likely", "好。。").stderr == ""


def test_a_word_of_bytes_that_are_no_text(spawn: Spawn) -> None:
    process = spawn("explain", b"\xff\x1b\xff")
    output, errors = process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in errors
    assert b"\x1b" not in output
