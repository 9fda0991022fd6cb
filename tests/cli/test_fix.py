from __future__ import annotations

import codecs
import gzip
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from mojimend.formats.reading import encoded

Run = Callable[..., Result]
Spawn = Callable[..., subprocess.Popen[bytes]]

DIRTY = "好。\r\n已经取消，，请重试。\n"
CLEAN = "好。\r\n已经取消，请重试。\n"
LIKELY = "好。。"
# A word of four bytes fits a dozen encodings.
DOUBTFUL = "café".encode("latin-1")
# An odd byte at the end: the encoding is certain, and a byte is lost.
LOSSY = "今天，，天气".encode("utf-16") + b"x"


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_bytes(DIRTY.encode())
    return path


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain\n",
        CLEAN.encode(),
        codecs.BOM_UTF8 + b"a\r\nb\rc\n\n",
        b"a\0b\x1b[31m\x7f",
        "\N{ZERO WIDTH JOINER}\ue100\N{LINE SEPARATOR}\uffff".encode(),
        LIKELY.encode(),
    ],
)
def test_what_needs_no_repair_comes_out_as_it_went_in(run: Run, tmp_path: Path, data: bytes) -> None:
    # Only punctuation is looked at, so that no other rule has an opinion on the controls.
    (tmp_path / "a.txt").write_bytes(data)
    result = run("fix", "--select", "punctuation", "a.txt")
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, data, "")
    assert run("fix", "--select", "punctuation", stdin=data).stdout_bytes == data


def test_the_repaired_text_goes_to_stdout_and_the_file_stays(run: Run, dirty: Path) -> None:
    result = run("fix", "a.txt")
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, CLEAN.encode(), "")
    assert dirty.read_bytes() == DIRTY.encode()


@pytest.mark.parametrize("arguments", [("fix",), ("fix", "-")])
def test_as_a_filter(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, stdin=DIRTY.encode()).stdout_bytes == CLEAN.encode()


def test_accept_goes_further(run: Run) -> None:
    assert run("fix", "--accept", "likely", stdin=LIKELY.encode()).stdout_bytes == "好。".encode()


@pytest.mark.parametrize(
    ("data", "mended"),
    [
        (codecs.BOM_UTF8 + DIRTY.encode(), codecs.BOM_UTF8 + CLEAN.encode()),
        (DIRTY.encode("utf-16"), CLEAN.encode()),
        (("今天天气很好，，我们去公园玩。" * 5).encode("gbk"), ("今天天气很好，我们去公园玩。" * 5).encode()),
    ],
)
def test_the_output_is_utf_8_and_only_its_own_mark_is_kept(run: Run, data: bytes, mended: bytes) -> None:
    assert run("fix", stdin=data).stdout_bytes == mended


def test_half_a_pair_does_not_stop_the_output() -> None:
    assert encoded("a\ud83d", "utf-8") == b"a\xed\xa0\xbd"


@pytest.mark.parametrize("mode", [(), ("--diff",), ("-w",), ("-o", "out.txt")])
@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not text: "),
        (gzip.compress(bytes(range(256)), mtime=0), "not text: "),
        (gzip.compress(DIRTY.encode(), mtime=0)[:-9], "ends before its end"),
        (gzip.compress(DIRTY.encode(), mtime=0)[:-8] + bytes(8), "damaged"),
    ],
)
def test_what_is_no_text_is_refused(run: Run, tmp_path: Path, mode: tuple[str, ...], data: bytes, why: str) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    result = run("fix", *mode, "a.bin")
    assert (result.exit_code, result.stdout_bytes) == (2, b"")
    assert f"mojimend: a.bin: {'is compressed and ' if why[0] in 'ed' else ''}{why}" in result.stderr
    assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_diff_shows_what_is_pending(run: Run, dirty: Path, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(CLEAN.encode())
    result = run("fix", "--diff", "b.txt", "a.txt")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "a.txt:2  punctuation/doubled-mark",
        "    2 - 已经取消，[-，-]请重试。",
        "    2 + 已经取消，请重试。",
    ]
    assert dirty.read_bytes() == DIRTY.encode()
    assert run("fix", "--diff", "b.txt").exit_code == 0
    assert run("fix", "--diff", "a.txt", "gone.txt").exit_code == 2


def test_diff_tells_of_a_new_encoding(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("好。".encode("utf-16"))
    result = run("fix", "--diff", "a.txt")
    assert (result.exit_code, result.stdout) == (1, "a.txt  utf-16-le → utf-8\n")


def test_write_in_place(run: Run, dirty: Path, tmp_path: Path) -> None:
    dirty.chmod(0o640)
    (tmp_path / "b.txt").write_bytes(LIKELY.encode())
    result = run("fix", "-w", "a.txt", "b.txt")
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    assert result.stderr.splitlines()[0] == "mojimend: fixed 1 finding in 1 of 2 files; 1 likely left (--accept likely)"
    assert dirty.read_bytes() == CLEAN.encode()
    assert dirty.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt"]
    assert run("check", "a.txt").exit_code == 0


@pytest.mark.usefixtures("dirty")
def test_write_names_the_only_file(run: Run) -> None:
    assert run("fix", "-w", "a.txt").stderr.splitlines()[0] == "mojimend: fixed 1 finding in a.txt"
    assert run("fix", "-w", "a.txt").stderr == "mojimend: fixed 0 findings in a.txt\n"


def test_write_does_not_touch_what_is_clean(run: Run, dirty: Path) -> None:
    dirty.write_bytes(codecs.BOM_UTF8 + CLEAN.encode())
    os.utime(dirty, ns=(1, 1))
    before = dirty.stat()
    assert run("fix", "-w", "a.txt").exit_code == 0
    after = dirty.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_write_makes_utf_8_and_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("好。".encode("utf-16"))
    result = run("fix", "-w", "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == "好。".encode()
    assert result.stderr.splitlines()[0] == "mojimend: fixed 0 findings in a.txt; now UTF-8, not utf-16-le"


@pytest.mark.parametrize("flags", [("--keep-encoding",), ("--to", "keep"), ("--to", "KEEP")])
def test_the_encoding_is_kept_where_that_is_asked_for(run: Run, tmp_path: Path, flags: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_bytes(f"{DIRTY}昨天下午，学校图书馆举办了讲座。".encode("gbk"))
    assert run("fix", "-w", *flags, "a.txt").exit_code == 0
    assert (tmp_path / "a.txt").read_bytes() == f"{CLEAN}昨天下午，学校图书馆举办了讲座。".encode("gbk")


def test_write_goes_on_after_trouble(run: Run, dirty: Path) -> None:
    result = run("fix", "-w", "gone.txt", "a.txt")
    assert result.exit_code == 2
    assert dirty.read_bytes() == CLEAN.encode()


@pytest.mark.parametrize(
    ("data", "why"), [(LOSSY, "bytes lost: 1, the first at offset 14"), (DOUBTFUL, "a mere guess")]
)
def test_a_reading_in_doubt_is_said_and_never_written_in_place(run: Run, tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    result = run("fix", "-w", "a.txt")
    assert result.exit_code == 2
    assert why in result.stderr
    assert "-o FILE" in result.stderr
    assert path.read_bytes() == data
    result = run("fix", "-o", "b.txt", "a.txt")
    assert result.exit_code == 0
    assert why in result.stderr
    assert (tmp_path / "b.txt").exists()
    assert why in run("fix", "a.txt").stderr
    assert why in run("fix", "--diff", "a.txt").stderr


def test_output_to_a_file(run: Run, dirty: Path, tmp_path: Path) -> None:
    result = run("fix", "a.txt", "-o", "b.txt")
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "b.txt").read_bytes() == CLEAN.encode()
    assert dirty.read_bytes() == DIRTY.encode()
    assert run("fix", "-o", "c.txt", stdin=DIRTY.encode()).exit_code == 0
    assert (tmp_path / "c.txt").read_bytes() == CLEAN.encode()


@pytest.mark.parametrize("name", ["a.txt", "./a.txt", "link.txt", "hard.txt"])
def test_output_is_never_the_source(run: Run, dirty: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "link.txt").symlink_to("a.txt")
    (tmp_path / "hard.txt").hardlink_to(dirty)
    result = run("fix", "a.txt", "-o", name)
    assert result.exit_code == 2
    assert "`mojimend fix -w a.txt`" in result.stderr
    assert dirty.read_bytes() == DIRTY.encode()


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("a.txt", "a.txt"), "`mojimend fix -w PATHS`"),
        (("--diff", "-w", "a.txt"), "take one"),
        (("-w", "-o", "b.txt", "a.txt"), "take one"),
        (("-w", "-"), "name a file"),
        (("-w",), "name a file"),
        (("gone.txt",), "check the name"),
        (("gone.txt", "-o", "a.txt"), "check the name"),
        (("a.txt", "-o", "gone/b.txt"), "cannot be written"),
        (("a.txt", "-o", "."), "is the file to repair"),
        (("a.txt", "-o", "/dev/null"), "is no regular file"),
        (("a.txt", "-o", "n" * 300), "cannot be written"),
    ],
)
def test_misuse_says_what_to_do(run: Run, dirty: Path, tmp_path: Path, arguments: tuple[str, ...], advice: str) -> None:
    result = run("fix", *arguments)
    assert (result.exit_code, result.stdout_bytes) == (2, b"")
    assert advice in result.stderr
    assert all(line.startswith("mojimend: ") for line in result.stderr.splitlines())
    assert list(tmp_path.iterdir()) == [dirty]
    assert dirty.read_bytes() == DIRTY.encode()


@pytest.mark.skipif(os.name == "nt", reason="terminals are those of POSIX")
@pytest.mark.parametrize(
    ("environment", "in_colour"),
    [({"TERM": "xterm", "NO_COLOR": ""}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colour_only_adds(run: Run, spawn: Spawn, tmp_path: Path, environment: dict[str, str], in_colour: bool) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY.encode())
    plain = run("fix", "--diff", "a.txt").stdout
    ours, theirs = os.openpty()
    process = spawn("fix", "--diff", "a.txt", environment=environment, stdout=theirs)
    os.close(theirs)
    process.communicate()
    on_terminal = os.read(ours, 10_000).decode().replace("\r\n", "\n")
    os.close(ours)
    assert ("\x1b[31m" in on_terminal, "\x1b[32m" in on_terminal) == (in_colour, in_colour)
    assert click.unstyle(on_terminal) == plain
    assert "\x1b" not in plain
