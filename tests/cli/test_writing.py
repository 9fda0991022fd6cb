"""Writing: whatever happens in between, each file is the old one or the new one, whole."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
Spawn = Callable[..., subprocess.Popen[bytes]]

DIRTY = "今天天气很好，，我们去公园玩。\n"
CLEAN = DIRTY.replace("，，", "，")
SELECT = ("--select", "punctuation/doubled-mark")

posix = pytest.mark.skipif(os.name == "nt", reason="links, signals and owners are those of POSIX")


@posix
@pytest.mark.parametrize(
    ("signal_number", "jobs"),
    [
        *((number, jobs) for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM) for jobs in ("1", "2")),
    ],
)
def test_killed_at_any_moment(spawn: Spawn, tmp_path: Path, signal_number: signal.Signals, jobs: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    old, new = DIRTY.encode() * 1000, CLEAN.encode() * 1000
    names = [f"{number:02}.txt" for number in range(40)]
    for name in names:
        (folder / name).write_bytes(old)
    process = spawn("fix", "-w", "-j", jobs, *SELECT, "in")
    deadline = time.monotonic() + 60
    while (folder / names[3]).read_bytes() == old and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal_number)
    process.communicate()
    assert process.returncode == {signal.SIGKILL: -9, signal.SIGINT: 130, signal.SIGTERM: 143}[signal_number]
    after = [(folder / name).read_bytes() for name in names]
    assert set(after) <= {old, new}
    assert after == sorted(after, key=lambda data: data != new)  # in their order
    assert new in after
    assert old in after
    rest = [path.name for path in folder.iterdir() if path.name not in names]
    assert len(rest) <= (signal_number == signal.SIGKILL)
    assert all(name.startswith(".mojimend-") for name in rest)
    # The run that follows does the rest, and does not mind what was left.
    process = spawn("fix", "-w", *SELECT, "in")
    process.communicate()
    assert {(folder / name).read_bytes() for name in names} == {new}


@posix
def test_workers_end_with_the_command(spawn: Spawn, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY.encode() * 300_000)
    process = spawn("fix", "-w", "-j", "2", *SELECT, "a.txt")
    children: list[str] = []
    listing = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not listing.exists():
        pytest.skip("this system does not list processes there")
    deadline = time.monotonic() + 60
    while len(children) < 3 and process.poll() is None and time.monotonic() < deadline:
        children = listing.read_text().split()
        time.sleep(0.01)
    assert children
    process.kill()
    process.communicate()

    def alive(child: str) -> bool:
        try:
            return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    deadline = time.monotonic() + 30
    while any(map(alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, children))
    assert (tmp_path / "a.txt").read_bytes() == DIRTY.encode() * 300_000


@posix
def test_a_worker_that_is_killed_is_said(spawn: Spawn, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY.encode() * 300_000)
    process = spawn("fix", "-w", "-j", "2", *SELECT, "a.txt")
    listing = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not listing.exists():
        pytest.skip("this system does not list processes there")
    children: list[str] = []
    deadline = time.monotonic() + 60
    while len(children) < 3 and process.poll() is None and time.monotonic() < deadline:
        children = listing.read_text().split()
        time.sleep(0.01)
    # The first sees to what the others share.
    os.kill(int(children[-1]), signal.SIGKILL)
    _, errors = process.communicate()
    assert process.returncode == 2
    assert "a process was ended from outside" in errors.decode()
    assert "Traceback" not in errors.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == DIRTY.encode() * 300_000


@posix
def test_what_the_system_knows_of_a_file_stays(run: Run, tmp_path: Path) -> None:
    path, link = tmp_path / "a.txt", tmp_path / "link.txt"
    path.write_bytes(DIRTY.encode())
    path.chmod(0o604)
    os.utime(path, ns=(1_000_000_000, 2_000_000_000))
    link.symlink_to("a.txt")
    assert run("fix", "-w", "link.txt").exit_code == 0
    assert link.is_symlink()
    assert path.read_bytes() == CLEAN.encode()
    assert (path.stat().st_mode & 0o777, path.stat().st_mtime_ns) == (0o604, 2_000_000_000)


@posix
def test_links_in_folders_are_not_followed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_bytes(DIRTY.encode())
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.txt").symlink_to("../out/a.txt")
    (tmp_path / "in" / "folder").symlink_to("../out")
    result = run("fix", "-w", "in")
    assert (tmp_path / "out" / "a.txt").read_bytes() == DIRTY.encode()
    assert "2 skipped" in result.stderr


def big(folder: Path) -> None:
    """Make files of several pieces and of one, in several formats."""
    record = json.dumps({"text": CLEAN * 20}, ensure_ascii=False)
    dirty = json.dumps({"text": CLEAN * 20 + DIRTY}, ensure_ascii=False)
    folder.mkdir()
    (folder / "a.jsonl").write_text(f"{record}\n" * 2500 + f"{dirty}\n" + f"{record}\n" * 100, "utf-8", newline="")
    (folder / "b.txt.gz").write_bytes(gzip.compress(CLEAN.encode() * 30_000 + DIRTY.encode()))
    (folder / "c.csv").write_text("id,text\n" + f'1,"{CLEAN}"\n' * 30_000 + f'2,"{DIRTY}"\n', "utf-8", newline="")
    (folder / "d.txt").write_text(DIRTY, "utf-8")
    (folder / "e.txt").write_text(CLEAN * 30_000, "utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    data = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return {name: gzip.decompress(one) if name.endswith(".gz") else one for name, one in data.items()}


def test_the_order_and_the_outcome_are_the_same_on_any_number_of_processes(run: Run, tmp_path: Path) -> None:
    big(tmp_path / "in")
    wanted = {name: one.replace("，，".encode(), "，".encode()) for name, one in contents(tmp_path / "in").items()}
    checked = [run("check", "-j", jobs, *SELECT, "in") for jobs in ("1", "3")]
    assert [result.exit_code for result in checked] == [1, 1]
    assert checked[0].stdout == checked[1].stdout
    assert [line.split("  ")[0] for line in checked[0].stdout.splitlines()] == [
        "in/a.jsonl:2501:$.text:307",
        "in/b.txt.gz:30001:7",
        "in/c.csv:60002:[text]:7",
        "in/d.txt:1:7",
    ]
    for jobs in ("1", "3"):
        assert run("fix", "-j", jobs, *SELECT, "-o", f"out{jobs}", "in").exit_code == 0
        assert contents(tmp_path / f"out{jobs}") == wanted
    assert run("fix", "-w", "-j", "2", *SELECT, "in").exit_code == 0
    assert contents(tmp_path / "in") == wanted


def test_a_clean_file_of_several_pieces_is_not_written(run: Run, tmp_path: Path) -> None:
    big(tmp_path / "in")
    before = (tmp_path / "in" / "e.txt").stat()
    run("fix", "-w", *SELECT, "in")
    after = (tmp_path / "in" / "e.txt").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_several_files_into_a_folder(run: Run, tmp_path: Path) -> None:
    for path in ("in/x/a.txt", "in/b.txt", "c.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(DIRTY.encode())
    assert run("fix", "-o", "out", "in", "c.txt").exit_code == 0
    found = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.txt"))
    assert found == ["b.txt", "c.txt", "x/a.txt"]
    assert {p.read_bytes() for p in (tmp_path / "out").rglob("*.txt")} == {CLEAN.encode()}
    result = run("fix", "-o", "out", "in/b.txt", "in/x/../b.txt", "c.txt", "in/x/a.txt")
    assert "is what comes of" in result.stderr
    assert result.exit_code == 2
    result = run("fix", "-o", ".", "c.txt", "in")
    assert "is the file to repair" in result.stderr
    assert (tmp_path / "c.txt").read_bytes() == DIRTY.encode()


def test_the_folder_that_is_written_to_is_not_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "z.txt").write_bytes(DIRTY.encode())
    for skipped in ("", "1 skipped (1 output folder)"):
        result = run("fix", "-o", "in/out", "in")
        assert result.exit_code == 0
        assert skipped in result.stderr
        assert [path.name for path in (tmp_path / "in" / "out").iterdir()] == ["z.txt"]
    result = run("fix", "-o", "in/", ".", "in")
    assert result.exit_code == 2
    assert "mojimend: in/: is the folder to repair; to change it in place: `mojimend fix -w in`" in result.stderr
    assert (tmp_path / "in" / "z.txt").read_bytes() == DIRTY.encode()


def test_a_compressed_name_is_compressed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY.encode())
    assert run("fix", "-o", "b.txt.gz", "a.txt").exit_code == 0
    assert gzip.decompress((tmp_path / "b.txt.gz").read_bytes()) == CLEAN.encode()
    assert run("fix", "-o", "c.txt", "b.txt.gz").exit_code == 0
    assert (tmp_path / "c.txt").read_bytes() == CLEAN.encode()


def test_trouble_in_the_middle_of_a_file_leaves_it(run: Run, tmp_path: Path) -> None:
    data = gzip.compress(DIRTY.encode() * 30_000)[:-10]
    (tmp_path / "a.txt.gz").write_bytes(data)
    (tmp_path / "b.txt").write_bytes(DIRTY.encode())
    result = run("fix", "-w", *SELECT, "a.txt.gz", "b.txt")
    assert result.exit_code == 2
    assert "ends before its end" in result.stderr
    assert (tmp_path / "a.txt.gz").read_bytes() == data
    assert (tmp_path / "b.txt").read_bytes() == CLEAN.encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt.gz", "b.txt"]


def test_what_the_encoding_lacks_is_left(run: Run, tmp_path: Path) -> None:
    """Hangul has no place in Shift_JIS, so what is garbled there stays garbled, and that is said."""
    text = "今日は天気がとても良いです、、公園へ行きましょう。データを保存しました。\n" * 3
    (tmp_path / "a.txt").write_bytes(text.encode("cp932"))
    assert run("fix", "--keep-encoding", "-w", "a.txt").exit_code == 0
    assert (tmp_path / "a.txt").read_bytes() == text.replace("、、", "、").encode("cp932")


def test_a_broken_record_is_left_and_said(run: Run, tmp_path: Path) -> None:
    good = json.dumps({"text": DIRTY}, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_text(f"{good}\n{good[:-1]}\n{good}\n", "utf-8")
    result = run("fix", "-w", "a.jsonl")
    assert result.exit_code == 2
    assert "1 repair left out in a record that is broken" in result.stderr
    lines = (tmp_path / "a.jsonl").read_text("utf-8").splitlines()
    assert lines == [good.replace("，，", "，"), good[:-1], good.replace("，，", "，")]


def test_a_cell_that_cannot_hold_its_text_is_left(run: Run, tmp_path: Path) -> None:
    """UTF-7 can hide the separator; put into a cell without quotes it would make two of one."""
    (tmp_path / "a.csv").write_text("id,text\n1,+T2BZfQAsT2BZfQ-\n2,x\n", "utf-8")
    result = run("fix", "--accept", "likely", "-w", "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8").count(",") == 3
    if result.exit_code == 2:
        assert "that their place cannot hold" in result.stderr


@pytest.mark.parametrize("flags", [("--include", "*.jsonl"), ("--exclude", "*.txt", "--exclude", "sub/")])
def test_files_of_a_folder_are_chosen(run: Run, tmp_path: Path, flags: tuple[str, ...]) -> None:
    record = json.dumps({"text": DIRTY}, ensure_ascii=False) + "\n"
    for name in ("a.txt", "b.jsonl", "sub/c.txt", ".hidden.jsonl", "ignored/d.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(record if "json" in name else DIRTY, "utf-8")
    (tmp_path / ".gitignore").write_text("ignored/\n!b.jsonl\n")
    result = run("check", *flags, ".")
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == ["b.jsonl"]
    assert "1 ignored folder" in result.stderr
    assert "2 hidden" in result.stderr
    both = run("check", *flags, "--no-gitignore", "--hidden", ".").stdout
    assert {line.partition(":")[0] for line in both.splitlines()} == {".hidden.jsonl", "b.jsonl", "ignored/d.jsonl"}


def test_the_nearest_gitignore_decides(run: Run, tmp_path: Path) -> None:
    for name in ("sub/a.txt", "sub/b.txt", "b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(DIRTY, "utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("a.txt\nb.txt\n")
    (tmp_path / "sub" / ".gitignore").write_text("!a.txt\n")
    for top in (".", "sub"):
        found = {line.partition(":")[0] for line in run("check", top).stdout.splitlines()}
        assert found == {"sub/a.txt"}


def test_an_extra_that_is_missing_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for module in ("backports.zstd", "compression.zstd", "pyarrow.parquet", "fastwarc.warc"):
        monkeypatch.setitem(sys.modules, module, None)
    for name, data, extra in (
        ("a.zst", b"\x28\xb5\x2f\xfd" + bytes(9), "zstd"),
        ("a.parquet", b"PAR1" + bytes(20), "parquet"),
        ("a.warc", b"WARC/1.0\r\n", "warc"),
    ):
        (tmp_path / name).write_bytes(data)
        result = run("check", name)
        assert result.exit_code == 2
        assert f"pip install 'mojimend[{extra}]'" in result.stderr
