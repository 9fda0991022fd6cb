"""``mojimend detect``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
TEXT = "昨天下午，学校图书馆举办了一场关于古代汉语的讲座，许多同学都参加了。\n"


def write(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return name


def test_a_line_for_each_file(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT.encode("gbk"))
    write(tmp_path, "b.txt", TEXT.encode())
    result = run("detect", "a.txt", "b.txt")
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first.startswith("a.txt: gb18030 (100%): its characters cost ")
    assert second == "b.txt: utf-8 (100%): every sequence is whole"


def test_declared_against_found_is_told(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.html", b"<meta charset=big5>" + TEXT.encode("gbk"))
    lines = run("detect", "a.html").stdout.splitlines()
    assert lines[0].startswith("a.html: gb18030 ")
    assert lines[1].startswith("    <meta> says big5, but ")


def test_regions_of_a_mixed_file_are_listed(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT.encode("gbk") + TEXT.encode())
    half = len(TEXT.encode("gbk"))
    lines = run("detect", "a.txt").stdout.splitlines()
    assert f"    0-{half}  gb18030" in lines
    assert f"    {half}-{half + len(TEXT.encode())}  utf-8" in lines


def test_one_word(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT.encode("gbk"))
    write(tmp_path, "b.bin", bytes(range(256)))
    result = run("detect", "-m", "a.txt", "b.bin")
    assert (result.exit_code, result.stdout) == (1, "gb18030\nunknown\n")


def test_json_has_everything(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT.encode("gbk"))
    (line,) = run("detect", "--json", "a.txt").stdout.splitlines()
    answer = json.loads(line)
    assert answer["encoding"] == "gb18030"
    assert answer["decided"] is True
    assert answer["newline"] == "\n"
    assert answer["regions"] == [{"start": 0, "end": len(TEXT.encode("gbk")), "encoding": "gb18030"}]


def test_what_is_not_decided_is_exit_code_1(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", b"caf\xe9")
    result = run("detect", "a.txt")
    assert result.exit_code == 1
    assert "undecided" in result.stdout
    assert "1 of 1 not decided" in result.stderr


def test_what_cannot_be_read_is_exit_code_2(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", b"a")
    result = run("detect", "a.txt", "none.txt")
    assert result.exit_code == 2
    assert result.stdout == "a.txt: utf-8 (100%): every sequence is whole\n"


def test_standard_input(run: Run) -> None:
    assert (
        run("detect", "-", "-m", stdin="昨天下午，學校圖書館舉辦了講座，許多同學都參加了。\n".encode("big5")).stdout
        == "cp950\n"
    )


def test_without_paths_it_says_how(run: Run) -> None:
    result = run("detect")
    assert result.exit_code == 2
    assert "mojimend detect page.txt" in result.stderr


def test_of_a_large_file_three_places_are_looked_at(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mojimend.cli.detect.WHOLE", 400_000)
    data = ("ascii only\n" * 20_000 + "今天天气很好，我们去公园散步。\n" * 20_000).encode("gb18030")
    (tmp_path / "large.txt").write_bytes(data)
    result = run("detect", "large.txt")
    assert result.exit_code == 0
    assert result.stdout.startswith("large.txt: gb18030 (")
    assert result.stdout.endswith(f"    told by the head, the middle and the end of {len(data):,} bytes\n")
    told = json.loads(run("detect", "--json", "large.txt").stdout)
    assert (told["encoding"], told["whole"], told["errors"], told["regions"]) == ("gb18030", False, None, None)
