from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"

DIRTY = "已经取消，，请重试。"
LIKELY = "好。。"


def test_clean_files(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("好。", "utf-8")
    (tmp_path / "b.txt").write_text("", "utf-8")
    result = run("check", "a.txt", "b.txt")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "mojimend: 0 findings in 0 of 2 files\n"


def test_findings_go_to_stdout_and_the_rest_to_stderr(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    (tmp_path / "b.txt").write_text("好", "utf-8")
    (tmp_path / "c.txt").write_text(LIKELY, "utf-8")
    result = run("check", "a.txt", "b.txt", "c.txt")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "a.txt:1:5  safe  punctuation/doubled-mark  ，， → ，  the mark ， written twice",
        "c.txt:1:2  likely  punctuation/doubled-mark  。。 → 。  the mark 。 written twice",
    ]
    assert result.stderr.splitlines() == [
        "mojimend: 2 findings (1 safe, 1 likely) in 2 of 3 files",
        "mojimend: to see the repairs: `mojimend fix --diff PATHS`",
        "mojimend: to make them: `mojimend fix -w PATHS`",
    ]


def test_the_hint_works_for_what_is_only_likely(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LIKELY, "utf-8")
    assert "`mojimend fix --accept likely --diff a.txt`" in run("check", "a.txt").stderr
    assert run("fix", "--accept", "likely", "--diff", "a.txt").exit_code == 1


def test_only_what_fix_would_repair_is_looked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    (tmp_path / "b.txt").write_text("好\N{REPLACEMENT CHARACTER}", "utf-8")
    (tmp_path / "c.txt").write_text(LIKELY, "utf-8")
    result = run("check", "--fixable", "a.txt", "b.txt", "c.txt")
    assert result.exit_code == 1
    assert result.stdout == "a.txt:1:5  safe  punctuation/doubled-mark  ，， → ，  the mark ， written twice\n"
    assert result.stderr.splitlines()[0] == "mojimend: 1 finding (1 safe) in 1 of 3 files"
    assert run("check", "--fixable", "c.txt").exit_code == 0
    assert run("check", "--fixable", "--accept", "likely", "c.txt").exit_code == 1


@pytest.mark.parametrize("page", sorted(PAGES.glob("*/damaged.*")), ids=lambda page: page.parent.name)
def test_what_fix_would_repair_is_what_is_safe(run: Run, page: Path) -> None:
    safe = [line for line in run("check", str(page)).stdout.splitlines() if "  safe  " in line]
    assert run("check", "--fixable", str(page)).stdout.splitlines() == safe


def test_standard_input(run: Run) -> None:
    result = run("check", "-", stdin=DIRTY.encode())
    assert result.exit_code == 1
    assert result.stdout.startswith("<stdin>:1:5  safe  ")


def test_a_file_is_asked_for(run: Run) -> None:
    result = run("check", stdin=DIRTY.encode())
    assert result.exit_code == 2
    assert "mojimend check page.txt" in result.stderr


def test_what_could_not_be_read_beats_findings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    result = run("check", "gone.txt", "a.txt", "nowhere/a.txt")
    assert result.exit_code == 2
    assert "a.txt:1:5" in result.stdout
    assert "mojimend: gone.txt: there is no such file" in result.stderr
    assert "mojimend: nowhere/a.txt: there is no such file" in result.stderr
    assert "in 1 file; 2 could not be read" in result.stderr


def test_binary_is_not_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    result = run("check", "a.png")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("mojimend: a.png: not text: ")
    assert result.stderr.count("\n") == 1  # where nothing was read there is no sum


def test_a_reading_in_doubt_is_not_clean(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("今天天气很好，我们去公园玩。".encode("utf-16") + b"x")
    result = run("check", "--select", "punctuation", "a.txt")
    assert result.exit_code == 1
    assert "a.txt: bytes lost: 1, the first at offset 30 (no utf-16-le)" in result.stderr


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        ((), 1),
        (("--select", "punctuation"), 1),
        (("--select", "characters"), 0),
        (("--select", "characters,punctuation/doubled-mark"), 1),
        (("--select", "characters", "--select", "punctuation"), 1),
        (("--ignore", "punctuation/doubled-mark"), 0),
        (("--select", "punctuation", "--ignore", "characters, punctuation"), 0),
        (("--lang", "zh-Hans,ja"), 1),
        (("--profile", "repair"), 1),
    ],
)
def test_rules_are_chosen(run: Run, flags: tuple[str, ...], code: int) -> None:
    assert run("check", *flags, "-", stdin=DIRTY.encode()).exit_code == code


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--select", "punctuation/double-mark"), "did you mean 'punctuation/doubled-mark'?"),
        (("--ignore", "punctuatoin"), "did you mean 'punctuation'?"),
        (("--lang", "xx"), "there are: ja, ko, zh"),
        (("--accept", "all"), "'safe', 'likely'"),
        (("--profile", "none"), "'repair'"),
        (("--selekt", "x"), "Did you mean '--select'?"),
    ],
)
def test_misspelt_choices_are_errors_before_any_file_is_read(run: Run, flags: tuple[str, ...], message: str) -> None:
    result = run("check", *flags, "gone.txt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert "no such file" not in result.stderr
    assert all(line.startswith("mojimend: ") for line in result.stderr.splitlines())


def test_nothing_goes_out_raw(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J.txt").write_text("\x1b]0;x\x07，，", "utf-8")
    result = run("check", "a\x1b[2J.txt", "b\x1b.txt")
    assert "\x1b" not in result.output
    assert "a⟦ESC⟧[2J.txt:1:7" in result.stdout
