"""Names of files: shown first, renamed when asked, never over another, and back again."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mojimend.cli.renaming import rename

Run = Callable[..., Result]
Spawn = Callable[..., subprocess.Popen[bytes]]

NAMES = ["目录", "照片001.jpg", "2024年度总结.pdf", "新建文本文档.txt", "报告(最终版).docx"]
posix = pytest.mark.skipif(os.name == "nt", reason="links and names of bytes are those of POSIX")


@pytest.fixture(autouse=True)
def journal(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the journal, which is empty."""
    folder = tmp_path_factory.mktemp("journal") / "runs"
    monkeypatch.setenv("MOJIMEND_JOURNAL", str(folder))
    return folder


def garbled(name: str) -> str:
    return name.encode("gbk").decode("latin-1")


def unpacked(folder: Path) -> None:
    """Make what an unpacker leaves that took GBK for Latin-1: folders in folders, files with a content of their own."""
    inner = folder / garbled("我的文档") / garbled("音乐")
    inner.mkdir(parents=True)
    for name in NAMES:
        (inner / garbled(name)).write_text(name, "utf-8")
        (folder / garbled(name)).write_text(name, "utf-8")
    (folder / "clean.txt").write_text("", "utf-8")


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") if path.is_file() else "/"
        for path in folder.rglob("*")
    }


def test_nothing_is_renamed_unless_asked(run: Run, tmp_path: Path) -> None:
    unpacked(tmp_path / "in")
    before = tree(tmp_path)
    result = run("names", "in")
    assert (result.exit_code, tree(tmp_path)) == (1, before)
    assert f"in/{garbled('照片001.jpg')} → 照片001.jpg\n" in result.stdout
    assert "in/ÎÒµÄÎÄµµ/ÒôÀÖ → 音乐\n" in result.stdout
    assert result.stderr.splitlines() == [
        "mojimend: 12 of 14 names to mend",
        "mojimend: to rename: `mojimend names -w in`",
    ]


def test_renamed_and_renamed_back(run: Run, tmp_path: Path, journal: Path) -> None:
    unpacked(tmp_path / "in")
    before = tree(tmp_path)
    result = run("names", "-w", "in")
    assert result.exit_code == 0
    assert "12 of 14 names mended" in result.stderr
    wanted = {"in": "/", "in/clean.txt": "", "in/我的文档": "/", "in/我的文档/音乐": "/"}
    wanted |= {f"in/{where}{name}": name for name in NAMES for where in ("", "我的文档/音乐/")}
    assert tree(tmp_path) == wanted
    again = run("names", "in")
    assert (again.exit_code, again.stdout) == (0, "")
    # Whatever was written since comes along.
    (tmp_path / "in" / "目录").write_text("more", "utf-8")
    assert run("undo").exit_code == 0
    assert tree(tmp_path) == {**before, f"in/{garbled('目录')}": "more"}
    assert list(journal.iterdir()) == []


def test_a_run_that_was_killed_is_undone(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked(tmp_path / "in")
    before = tree(tmp_path)
    left = [5]

    def rename_some(path: str, target: str) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr("mojimend.cli.names.rename", rename_some)
        assert run("names", "-w", "in").exit_code == 130
    assert tree(tmp_path) != before
    result = run("undo")
    assert "put back 5 of 6 files" in result.stderr
    assert (result.exit_code, tree(tmp_path)) == (0, before)


def test_a_name_that_is_taken_is_never_taken_over(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    unpacked(folder)
    (folder / "目录").write_text("was here", "utf-8")
    # Two that would be one.
    (folder / "文档.txt".encode("gbk").decode("latin-1")).write_text("one", "utf-8")
    (folder / "文档.txt".encode().decode("latin-1")).write_text("two", "utf-8")
    for flags in ((), ("-w",)):
        result = run("names", *flags, "in")
        assert result.exit_code == 2
        assert f"in/{garbled('目录')}: 目录 is there already; rename one of them" in result.stderr
        assert "文档.txt is there already" in result.stderr
        assert "2 cannot be mended" in result.stderr
    assert (folder / "目录").read_text("utf-8") == "was here"
    assert (folder / garbled("目录")).read_text("utf-8") == "目录"
    assert sorted(text for name, text in tree(folder).items() if name.endswith(".txt")) == sorted(
        ["", "one", "two", *["新建文本文档.txt"] * 2]
    )


def test_undo_leaves_what_has_its_former_name_again(run: Run, tmp_path: Path) -> None:
    unpacked(tmp_path)
    run("names", "-w", ".")
    (tmp_path / garbled("目录")).write_text("another", "utf-8")
    (tmp_path / "照片001.jpg").unlink()
    result = run("undo")
    assert result.exit_code == 2
    assert "is there again" in result.stderr
    assert "is gone and was not renamed" in result.stderr
    assert (tmp_path / "目录").read_text("utf-8") == "目录"
    assert (tmp_path / garbled("目录")).read_text("utf-8") == "another"


@posix
def test_names_that_are_not_utf_8(run: Run, tmp_path: Path) -> None:
    for name in NAMES:
        Path(os.fsdecode(bytes(tmp_path / "x")[:-1] + name.encode("gbk"))).write_text(name, "utf-8")
    shown = run("names", ".")
    assert "⟦D5 D5 C6 AC⟧001.jpg → 照片001.jpg" in shown.stdout
    result = run("names", "-w", ".")
    assert result.exit_code == 0
    assert set(tree(tmp_path)) >= {"照片001.jpg", "2024年度总结.pdf", "新建文本文档.txt", "报告(最终版).docx"}
    (tmp_path / os.fsdecode("Übung.doc".encode("cp850"))).touch()
    result = run("names", ".")
    assert result.exit_code == 2
    assert "⟦9A⟧bung.doc: its encoding is not certain" in result.stderr


@posix
def test_links_are_left(run: Run, tmp_path: Path) -> None:
    unpacked(tmp_path / "out")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / garbled("我的文档")).symlink_to("../out")
    before = tree(tmp_path)
    result = run("names", "-w", "in")
    assert (result.exit_code, tree(tmp_path)) == (0, before)
    assert "1 skipped (1 link" in result.stderr


@posix
def test_nothing_in_a_name_works_on_the_terminal(spawn: Spawn, tmp_path: Path) -> None:
    (tmp_path / f"{garbled('目录照片')}\x1b[31m\u202e\n.txt").touch()
    process = spawn("names", ".")
    output, errors = process.communicate()
    assert process.returncode == 1
    assert output.decode() == f"{garbled('目录照片')}⟦ESC⟧[31m⟦RLO⟧⟦LF⟧.txt → 目录照片⟦ESC⟧[31m⟦RLO⟧⟦LF⟧.txt\n"
    assert b"\x1b" not in errors


def test_a_long_name_takes_two_lines(run: Run, tmp_path: Path) -> None:
    name = "2024年度工作总结报告最终版.docx"
    (tmp_path / garbled(name)).touch()
    (tmp_path / garbled("我的文档")).touch()
    assert f"{garbled(name)} → {name}\n" in run("names", ".").stdout
    folder = tmp_path / "a folder with a long name"
    folder.mkdir()
    (tmp_path / garbled(name)).rename(folder / garbled(name))
    assert f"{garbled(name)}\n    → {name}\n" in run("names", ".").stdout


def archive(path: Path, names: list[str] = NAMES) -> bytes:
    class Raw(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  (the name in the standard library)
            return self.filename.encode("gbk"), self.flag_bits & ~0x800

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(Raw(f"文件/{name}"), name * 100, zipfile.ZIP_DEFLATED)
    return path.read_bytes()


def test_members_of_an_archive(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    before = archive(path)
    path.chmod(0o604)
    shown = run("names", "a.zip")
    assert (shown.exit_code, path.read_bytes()) == (1, before)
    old = "文件/目录".encode("gbk").decode("cp437")
    assert shown.stdout.splitlines()[0] == f"a.zip:{old} → 文件/目录"
    result = run("names", "-w", "a.zip")
    assert result.exit_code == 0
    assert result.stdout == shown.stdout
    with zipfile.ZipFile(path) as file:
        assert file.namelist() == [f"文件/{name}" for name in NAMES]
        assert file.testzip() is None
        assert all(member.flag_bits & 0x800 for member in file.infolist())
    assert path.stat().st_mode & 0o777 == 0o604 or os.name == "nt"
    assert run("names", "a.zip").exit_code == 0
    assert run("undo").exit_code == 0
    assert path.read_bytes() == before


def test_an_archive_in_a_folder_keeps_its_members(run: Run, tmp_path: Path) -> None:
    before = archive(tmp_path / "a.zip")
    assert run("names", "-w", ".").exit_code == 0
    assert (tmp_path / "a.zip").read_bytes() == before


def test_an_archive_is_renamed_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / garbled("我的文档.zip")
    before = archive(path)
    assert run("names", "-w", path.name).exit_code == 0
    with zipfile.ZipFile(tmp_path / "我的文档.zip") as file:
        assert file.namelist()[0] == "文件/目录"
    assert run("undo").exit_code == 0
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_two_members_of_one_name(run: Run, tmp_path: Path) -> None:
    archive(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as file:
        file.writestr("文件/目录", "was here")
    result = run("names", "-w", "a.zip")
    assert result.exit_code == 2
    assert "文件/目录 is in the archive already" in result.stderr
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert len(set(file.namelist())) == len(file.namelist()) == len(NAMES) + 1
        assert file.read("文件/目录") == b"was here"


def test_western_names_by_the_standard(run: Run, tmp_path: Path) -> None:
    data = io.BytesIO()

    class Raw(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  (as above)
            return self.filename.encode("cp437"), self.flag_bits & ~0x800

    with zipfile.ZipFile(data, "w") as file:
        file.writestr(Raw("Übung.doc"), "")
    (tmp_path / "a.zip").write_bytes(data.getvalue())
    result = run("names", "-w", "a.zip")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 left as code page 437, which is the standard" in result.stderr
    assert (tmp_path / "a.zip").read_bytes() == data.getvalue()


def test_a_damaged_archive_is_left(run: Run, tmp_path: Path) -> None:
    data = archive(tmp_path / "a.zip")
    for damaged in (data[:-30], data[:200], b"PK\x03\x04" + bytes(100)):
        (tmp_path / "a.zip").write_bytes(damaged)
        result = run("names", "-w", "a.zip")
        assert result.exit_code == 2
        assert "is a damaged ZIP archive" in result.stderr
        assert (tmp_path / "a.zip").read_bytes() == damaged


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ((), "name a folder"),
        (("nowhere",), "there is no such file or folder"),
        (("--candidates", "xyzzy", "."), "no encoding is named 'xyzzy'"),
        (("--lang", "xyzzy", "."), "no language is named 'xyzzy'"),
    ],
)
def test_misuse(run: Run, arguments: tuple[str, ...], advice: str) -> None:
    result = run("names", *arguments)
    assert result.exit_code == 2
    assert advice in result.stderr


def test_files_of_a_folder_are_chosen(run: Run, tmp_path: Path) -> None:
    unpacked(tmp_path)
    assert run("names", "--include", "*.pdf", ".").stdout.count(".pdf\n") == 2
    assert ".pdf" not in run("names", "--exclude", "*.pdf", ".").stdout
