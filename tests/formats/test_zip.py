"""ZIP archives under other names: all data as it was, and the standard library and Info-ZIP read what comes out."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from mojimend.formats.compression import CannotRead
from mojimend.formats.zip import Archive, Name

NAMES = ["目录/", "目录/照片.txt", "目录/说明.txt", "plain.txt"]


class Raw(zipfile.ZipInfo):
    """A member whose name is written in GBK and not marked, as Windows did for decades."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  (the name in the standard library)
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def made(
    *, compression: int = zipfile.ZIP_DEFLATED, before: bytes = b"", zip64: bool = False, stream: bool = False
) -> bytes:
    """Make an archive, behind other bytes, with sizes in 64 bits, or written where nothing can be put right later."""

    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    file: io.BytesIO = Stream() if stream else io.BytesIO(before)
    if not stream:
        file.seek(len(before))
    with zipfile.ZipFile(file, "w" if stream or not before else "a", compression) as archive:
        archive.comment = b"a comment"
        for name in NAMES:
            member = Raw(name)
            member.compress_type = compression
            member.comment = "注释".encode("gbk")
            # A field of another's that has to stay: the time in full, with a byte of its own.
            member.extra = struct.pack("<2H5s", 0x5455, 5, b"\1abcd")
            with archive.open(member, "w", force_zip64=zip64) as out:
                out.write(b"" if name.endswith("/") else name.encode() * 1000)
    return file.getvalue()


def renamed(data: bytes, names: dict[int, Name]) -> bytes:
    out = io.BytesIO()
    Archive(io.BytesIO(data)).write(out, names)
    return out.getvalue()


def packed(data: bytes, member: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a member as they stand in the archive."""
    start = member.header_offset + 30 + sum(struct.unpack_from("<2H", data, member.header_offset + 26))
    return data[start : start + member.compress_size]


NEW = {number: Name(name, "注释") for number, name in enumerate(NAMES[:3])}
ARCHIVES = {
    "deflated": made(),
    "stored": made(compression=zipfile.ZIP_STORED),
    "bzip2": made(compression=zipfile.ZIP_BZIP2),
    "behind a program": made(before=b"#!/bin/sh\nexit\n" * 100),
    "sizes in 64 bits": made(zip64=True),
    "streamed": made(stream=True),
    "with something behind it": made() + b"more",
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_nothing_but_names_changes(kind: str, tmp_path: Path) -> None:
    data = ARCHIVES[kind]
    after = renamed(data, NEW)
    old, new = zipfile.ZipFile(io.BytesIO(data)), zipfile.ZipFile(io.BytesIO(after))
    assert new.namelist() == NAMES
    assert new.testzip() is None
    assert new.comment == old.comment == b"a comment"
    for was, now in zip(old.infolist(), new.infolist(), strict=True):
        assert old.read(was) == new.read(now)
        for what in ("CRC", "compress_size", "file_size", "date_time", "external_attr", "extra", "compress_type"):
            assert getattr(was, what) == getattr(now, what)
        marked = 0x800 if now.filename != "plain.txt" else 0
        assert now.flag_bits == was.flag_bits | marked
        assert now.comment == ("注释".encode() if marked else "注释".encode("gbk"))
        assert packed(data, was) == packed(after, now)  # not compressed anew
    if (unzip := shutil.which("unzip")) and kind != "with something behind it":
        (tmp_path / "a.zip").write_bytes(after)
        done = subprocess.run([unzip, "-tq", "a.zip"], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode <= ("program" in kind), done.stdout + done.stderr


@pytest.mark.parametrize("kind", ARCHIVES)
def test_no_new_name_is_no_new_byte(kind: str) -> None:
    assert renamed(ARCHIVES[kind], {}) == ARCHIVES[kind]


def test_names_of_which_the_encoding_is_known() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("目录.txt", "")
        archive.writestr("plain.txt", "")
        member = Raw("照片")
        archive.writestr(member, "")
    assert [member.known_name for member in Archive(data).members] == ["目录.txt", "plain.txt", None]


def test_a_name_that_is_said_twice_goes_with_the_first() -> None:
    """Info-ZIP says the name in UTF-8 beside the one in the code page; with a new name that would be the old one."""
    from zlib import crc32

    name = "照片.txt"
    second = b"\1" + crc32(name.encode("gbk")).to_bytes(4, "little") + name.encode()
    member = Raw(name)
    member.extra = struct.pack("<2H", 0x7075, len(second)) + second + struct.pack("<2H5s", 0x5455, 5, b"\1abcd")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(member, "x")
    assert Archive(data).members[0].known_name == name
    after = Archive(io.BytesIO(renamed(data.getvalue(), {0: Name("other.txt", "")}))).members[0]
    assert after.known_name == "other.txt"
    assert after.extra == struct.pack("<2H5s", 0x5455, 5, b"\1abcd")


def test_no_bytes_raise_anything_else() -> None:
    for data in ARCHIVES.values():
        for at in [*range(0, len(data), 7), *range(max(0, len(data) - 600), len(data))]:
            for damaged in (data[:at], data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]):
                try:
                    archive = Archive(io.BytesIO(damaged))
                    archive.write(io.BytesIO(), dict.fromkeys(range(len(archive.members)), Name("a", "b")))
                except CannotRead as trouble:
                    assert "ZIP" in str(trouble) or "encrypted" in str(trouble)  # noqa: PT017


def test_an_archive_in_64_bits() -> None:
    """More members than 16 bits count."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for number in range(0x10000):
            archive.writestr(zipfile.ZipInfo(f"{number:x}"), b"")
    assert b"PK\x06\x06" in data.getvalue()
    after = renamed(data.getvalue(), {7: Name("目录", "")})
    names = zipfile.ZipFile(io.BytesIO(after)).namelist()
    assert len(names) == 0x10000
    assert names[6:9] == ["6", "目录", "8"]
