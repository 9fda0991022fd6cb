from __future__ import annotations

import os
from pathlib import Path

import pytest

from mojimend.cli import CannotDo
from mojimend.cli.files import read, state_of
from mojimend.cli.replacement import Replacement


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    return path


def write(path: str, data: bytes, state: tuple[int, ...] | None = None) -> None:
    new = Replacement(path)
    try:
        new.file.write(data)
        new.commit(state)
    finally:
        new.discard()


def only_file_in(folder: Path) -> str:
    (path,) = folder.iterdir()
    return path.name


def test_writes_a_new_file_with_the_mode_of_new_files(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    write(str(tmp_path / "b.txt"), b"new")
    assert (tmp_path / "b.txt").read_bytes() == b"new"
    assert (tmp_path / "b.txt").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_follows_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "folder" / "link.txt"
    link.parent.mkdir()
    link.symlink_to(path)
    write(str(link), b"new", state_of(link.stat()))
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


def test_refuses_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(CannotDo, match="cannot be written"):
        write(str(tmp_path / "a"), b"new")


@pytest.mark.parametrize("change", ["longer than it was", "OLD"])
def test_leaves_a_file_that_changed_since_it_was_read(path: Path, tmp_path: Path, change: str) -> None:
    state = state_of(path.stat())
    path.write_text(change)
    os.utime(path, ns=(1, 1))
    with pytest.raises(CannotDo, match="changed since"):
        write(str(path), b"new", state)
    assert path.read_text() == change
    assert only_file_in(tmp_path) == "a.txt"


@pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("where", ["os.fsync", "pathlib.Path.replace"])
def test_trouble_leaves_the_old_file_and_nothing_else(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException, where: str
) -> None:
    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(where, fail)
    with pytest.raises((CannotDo, KeyboardInterrupt)):
        write(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert only_file_in(tmp_path) == "a.txt"


def test_a_read_only_file_is_left(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everything
    with pytest.raises(CannotDo, match="is read-only"):
        write(str(path), b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_never_replaces_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CannotDo, match="no regular file"):
        write(str(tmp_path / "pipe"), b"new")
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize(
    ("error", "advice"),
    [(PermissionError(13, "Permission denied"), "may not read it"), (OSError(5, "Bad disk"), "Bad disk")],
)
def test_what_cannot_be_read_is_said(path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, advice: str) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("builtins.open", fail)
    with pytest.raises(CannotDo, match=advice):
        read(str(path))
