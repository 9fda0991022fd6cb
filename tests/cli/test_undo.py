"""Undoing: exactly the former bytes come back, or the file is left and that is said."""

from __future__ import annotations

import bz2
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

from mojimend.cli.journal import Journal, forget, size

Run = Callable[..., Result]
Spawn = Callable[..., subprocess.Popen[bytes]]

DIRTY = "今天天气很好，，我们去公园玩。\n"
CLEAN = DIRTY.replace("，，", "，")
SELECT = ("--select", "punctuation/doubled-mark")


@pytest.fixture(autouse=True)
def journal(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the journal, which is empty."""
    folder = tmp_path_factory.mktemp("journal") / "runs"
    monkeypatch.setenv("MOJIMEND_JOURNAL", str(folder))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def many(folder: Path) -> dict[str, bytes]:
    """Make damaged files that nothing could compute back: levels of compression, encodings, broken bytes."""
    record = json.dumps({"text": DIRTY}, ensure_ascii=True)
    files = {
        "in/a.txt": DIRTY.encode() * 3,
        "in/b.txt.gz": gzip.compress(DIRTY.encode() * 50, 1),
        "in/c.txt.bz2": bz2.compress(DIRTY.encode() * 50, 1),
        "in/d.jsonl": f'{record}\r\n{{"a":1.10}}\r\n'.encode(),
        "in/sub/e.txt": (DIRTY * 20).encode("gb18030"),
        "in/f.txt": DIRTY.encode() + b"\xff\n",
        "in/g.txt": b"\xef\xbb\xbf" + DIRTY.encode()[:-1],
        "in/h.txt": CLEAN.encode(),
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return files


def test_the_former_bytes_come_back(run: Run, tmp_path: Path, journal: Path) -> None:
    before = many(tmp_path)
    (tmp_path / "in" / "a.txt").chmod(0o604)
    written = run("fix", "-w", "in")
    after = contents(tmp_path)
    assert [name for name in before if before[name] == after[name]] == ["in/h.txt"]
    (name,) = [path.name for path in journal.iterdir()]
    assert f"to undo: `mojimend undo {name}`" in written.stderr
    listed = run("undo", "--list").stdout
    assert listed.startswith(f"{name}  {tmp_path / 'in' / 'a.txt'} and 6 more  ")
    undone = run("undo")
    assert (undone.exit_code, undone.stdout) == (0, "")
    assert f"put back 7 of 7 files of {name}" in undone.stderr
    assert contents(tmp_path) == before
    assert (tmp_path / "in" / "a.txt").stat().st_mode & 0o777 == 0o604 or os.name == "nt"
    assert list(journal.iterdir()) == []


def test_a_file_that_changed_since_is_left(run: Run, tmp_path: Path) -> None:
    before = many(tmp_path)
    run("fix", "-w", "in")
    (tmp_path / "in" / "a.txt").write_bytes(CLEAN.encode() + b"more")
    (tmp_path / "in" / "f.txt").unlink()
    fixed = contents(tmp_path)
    result = run("undo")
    assert result.exit_code == 2
    assert "a.txt: has changed since and was left as it is" in result.stderr
    assert "f.txt: is gone and was not put back" in result.stderr
    assert "put back 5 of 7 files" in result.stderr
    rest = {**before, "in/a.txt": fixed["in/a.txt"]}
    del rest["in/f.txt"]
    assert contents(tmp_path) == rest
    # What could not be put back can be later, once the change is taken back.
    (tmp_path / "in" / "a.txt").write_bytes(CLEAN.encode() * 3)
    assert "put back 1 of 7 files" in run("undo").stderr
    assert (tmp_path / "in" / "a.txt").read_bytes() == before["in/a.txt"]


def test_a_damaged_journal_changes_nothing(run: Run, tmp_path: Path, journal: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(DIRTY.encode())
    run("fix", "-w", "a.txt")
    (folder,) = journal.iterdir()
    other = gzip.compress(b"something else")
    for damage in (other, other[:-9], b"no gzip", None):
        (folder / "000001.gz").unlink()
        if damage is not None:
            (folder / "000001.gz").write_bytes(damage)
        result = run("undo")
        assert result.exit_code == 2
        assert "are damaged; left as it is" in result.stderr
        assert contents(tmp_path) == {"a.txt": CLEAN.encode()}
    (folder / "files.jsonl").write_text("[]\n")
    result = run("undo")
    assert result.exit_code == 2
    assert "files.jsonl: is damaged; nothing was undone" in result.stderr


def test_what_o_overwrites_is_kept_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY.encode())
    (tmp_path / "b.txt").write_bytes(b"was here")
    assert "to undo" not in run("fix", "-o", "new.txt", "a.txt").stderr
    assert "to undo" in run("fix", "-o", "b.txt", "a.txt").stderr
    assert (tmp_path / "b.txt").read_bytes() == CLEAN.encode()
    assert run("undo").exit_code == 0
    assert contents(tmp_path) == {"a.txt": DIRTY.encode(), "b.txt": b"was here", "new.txt": CLEAN.encode()}


def test_runs_are_undone_one_by_one(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for number in range(11):
        path.write_bytes(DIRTY.encode() * (number + 1))
        run("fix", "-w", "a.txt")
    names = [line.split()[0] for line in run("undo", "--list").stdout.splitlines()]
    assert [name.rpartition("-")[2] for name in names] == [str(number) for number in range(1, 12)]
    assert run("undo").exit_code == 0
    assert path.read_bytes() == DIRTY.encode() * 11
    assert "has changed since" in run("undo", names[0]).stderr
    assert run("undo", "--forget", names[0]).exit_code == 0
    assert [line.split()[0] for line in run("undo", "--list").stdout.splitlines()] == names[1:-1]


def test_no_journal(run: Run, tmp_path: Path, journal: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY.encode())
    assert "to undo" not in run("fix", "-w", "--no-journal", "a.txt").stderr
    (tmp_path / "b.txt").write_bytes(CLEAN.encode())
    run("fix", "-w", "b.txt")
    assert not journal.exists()
    result = run("undo")
    assert result.exit_code == 2
    assert "there is nothing to undo" in result.stderr
    assert run("undo", "--list").stdout == ""


def test_a_journal_that_cannot_be_written_leaves_the_file(run: Run, tmp_path: Path, journal: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY.encode())
    journal.write_bytes(b"a file where the folder should be")
    result = run("fix", "-w", "a.txt")
    assert result.exit_code == 2
    assert "write without one: --no-journal" in result.stderr
    assert contents(tmp_path) == {"a.txt": DIRTY.encode()}


@pytest.mark.parametrize("name", ["..", "20261123-1", "xyzzy", "/"])
def test_a_run_that_is_none(run: Run, name: str) -> None:
    for flags in ((), ("--forget",)):
        result = run("undo", *flags, name)
        assert result.exit_code == 2
        assert "`mojimend undo --list` shows them" in result.stderr


def test_flags_that_contradict(run: Run) -> None:
    assert run("undo", "--forget").exit_code == 2
    assert run("undo", "--list", "--forget").exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="links, signals and names of bytes are those of POSIX")
def test_links_and_names_that_are_no_text(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "\udcff.txt"
    path.write_bytes(DIRTY.encode())
    (tmp_path / "link.txt").symlink_to("\udcff.txt")
    run("fix", "-w", "link.txt")
    assert path.read_bytes() == CLEAN.encode()
    assert run("undo").exit_code == 0
    assert path.read_bytes() == DIRTY.encode()
    assert (tmp_path / "link.txt").is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_a_run_that_was_killed_is_undone(run: Run, spawn: Spawn, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    old, new = DIRTY.encode() * 1000, CLEAN.encode() * 1000
    names = [f"{number:02}.txt" for number in range(40)]
    for name in names:
        (folder / name).write_bytes(old)
    process = spawn("fix", "-w", *SELECT, "in")
    deadline = time.monotonic() + 60
    while (folder / names[3]).read_bytes() == old and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert new in {(folder / name).read_bytes() for name in names}
    assert run("undo").exit_code == 0
    assert {(folder / name).read_bytes() for name in names} == {old}


def test_a_line_that_was_cut_belongs_to_no_file(run: Run, tmp_path: Path, journal: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY.encode())
    run("fix", "-w", "a.txt")
    (folder,) = journal.iterdir()
    with (folder / "files.jsonl").open("ab") as file:
        file.write(b'{"path": "/x')
    assert run("undo").exit_code == 0
    assert (tmp_path / "a.txt").read_bytes() == DIRTY.encode()


def test_the_room_of_a_run_is_noted_when_it_ends(run: Run, tmp_path: Path, journal: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    run("fix", "-w", "a.txt")
    (folder,) = journal.iterdir()
    takes = sum(path.stat().st_size for path in folder.iterdir() if path.name != "bytes")
    assert size(folder.name) == int((folder / "bytes").read_text()) == takes
    # Of a run that was killed it is asked of each file.
    (folder / "bytes").unlink()
    assert size(folder.name) == takes


def test_a_journal_that_is_forgotten_under_way_can_be_closed(tmp_path: Path, journal: Path) -> None:
    old, new = tmp_path / "a.txt", tmp_path / "b.txt"
    old.write_text(DIRTY, "utf-8")
    new.write_text("好", "utf-8")
    kept = Journal()
    kept.keep(old, new)
    assert kept.run is not None
    forget(kept.run)
    kept.close()
    assert list(journal.iterdir()) == []


def test_much_room_is_said_and_freed(run: Run, tmp_path: Path, journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, "utf-8")
    assert "takes" not in run("fix", "-w", "a.txt").stderr
    monkeypatch.setattr("mojimend.cli.writing.MUCH_ROOM", 10)
    (tmp_path / "b.txt").write_text(DIRTY, "utf-8")
    said = run("fix", "-w", "b.txt").stderr.splitlines()[-1]
    assert said == "mojimend: all that can be undone takes 0.0 GB; to free it: `mojimend undo --forget all`"
    assert len(run("undo", "--list").stdout.splitlines()) == len(list(journal.iterdir())) > 1
    assert run("undo", "--forget", "all").exit_code == 0
    assert list(journal.iterdir()) == []
