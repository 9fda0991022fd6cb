"""A name that is taken is never taken over, whenever it was taken."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

import pytest

from mojimend.cli import renaming
from mojimend.cli.renaming import rename

WAYS = {"as the system does it": renaming._renameat2, "by a look first": lambda: None, "refused": lambda: refuse}


def refuse(*_: object) -> int:
    """Answer as a file system does that cannot rename exclusively."""
    ctypes.set_errno(errno.EINVAL)
    return -1


@pytest.fixture(params=WAYS)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renaming, "_renameat2", WAYS[request.param])


@pytest.mark.usefixtures("_way")
def test_a_file_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "folder").mkdir()
    rename(str(tmp_path / "a"), str(tmp_path / "文件"))
    rename(str(tmp_path / "folder"), str(tmp_path / "文件夹"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["文件", "文件夹"]
    assert (tmp_path / "文件").read_text() == "a"


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("taken", ["file", "folder", "link"])
def test_what_has_the_name_stays(tmp_path: Path, taken: str) -> None:
    (tmp_path / "a").write_text("a")
    target = tmp_path / "b"
    if taken == "file":
        target.write_text("b")
    elif taken == "folder":
        target.mkdir()
    else:
        target.symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        rename(str(tmp_path / "a"), str(target))
    assert (tmp_path / "a").read_text() == "a"
    assert target.is_dir() == (taken == "folder")
    assert target.is_symlink() == (taken == "link")
    assert taken != "file" or target.read_text() == "b"


@pytest.mark.usefixtures("_way")
def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rename(str(tmp_path / "gone"), str(tmp_path / "b"))


@pytest.mark.skipif(renaming._renameat2() is None, reason="only Linux can be asked")
def test_a_name_taken_after_the_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    monkeypatch.setattr(os.path, "lexists", lambda _: False)
    with pytest.raises(FileExistsError):
        rename(str(tmp_path / "a"), str(tmp_path / "b"))
    assert (tmp_path / "b").read_text() == "b"
