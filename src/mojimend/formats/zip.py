"""ZIP archives: the names of their members, and the same archive under other names, all else byte for byte.

A name is in UTF-8 if bit 11 of the member's flags says so. Otherwise it is in code page 437 by the standard, and in
the code page of whoever made the archive by custom. Sections named below are those of PKWARE's APPNOTE.TXT 6.3.10.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO, NamedTuple
from zlib import crc32

from mojimend.errors import MojimendError
from mojimend.formats.compression import CannotRead

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")  # of an archive with members, and of one without
BY_STANDARD = "cp437"

# 4.3.7 local header, 4.3.12 central record, 4.3.16 end, 4.3.15 locator, 4.3.14 end in 64 bits
_LOCAL = struct.Struct("<4s5H3I2H")
_RECORD = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCATOR = struct.Struct("<4sIQI")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_IS_UTF_8, _IS_ENCRYPTED = 1 << 11, 1 << 13
_FULL, _FULL_64 = 0xFFFF, 0xFFFFFFFF
# 4.5.3, 4.6.9 and 4.6.8: sizes and offset in 64 bits, the name and the comment in UTF-8
_EXTRA_64, _EXTRA_NAME, _EXTRA_COMMENT = 0x0001, 0x7075, 0x6375
_LONGEST_COMMENT = 0xFFFF
_PIECE = 1 << 20


class CannotHold(MojimendError):
    """An archive has no room for what it should say."""


class Name(NamedTuple):
    """What a member is called, and what is noted on it."""

    name: str
    comment: str


class _Record(NamedTuple):
    """The fixed part of what the directory has on a member."""

    signature: bytes
    made_by: int
    needs: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    compressed: int
    size: int
    name: int
    extra: int
    comment: int
    disk: int
    attributes: int
    attributes_of_system: int
    offset: int


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the directory of its archive has it; ``at`` is where its local header begins."""

    name: bytes
    extra: bytes
    comment: bytes
    record: _Record
    at: int

    @property
    def is_utf_8(self) -> bool:
        """Whether the name is marked as UTF-8."""
        return bool(self.record.flags & _IS_UTF_8)

    @property
    def known_name(self) -> str | None:
        """The name if its encoding is certain: marked, in ASCII, or said a second time in UTF-8 (4.6.9)."""
        for tag, start, end in _extras(self.extra):
            # Version 1, and the CRC-32 of the name that it stands for.
            head = b"\1" + crc32(self.name).to_bytes(4, "little")
            if tag == _EXTRA_NAME and self.extra.startswith(head, start + 4):
                return _utf_8(self.extra[start + 9 : end])
        return _utf_8(self.name) if self.is_utf_8 or self.name.isascii() else None


class Archive:
    """A ZIP archive, opened.

    Raises:
        CannotRead: It is damaged, in several files, or encrypted to the last name.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        size = file.seek(0, os.SEEK_END)
        self._end_at = self._find_end(size)
        end = _END.unpack(self._read(self._end_at, _END.size))
        count, length, offset = end[4], end[5], end[6]
        self._tail_at = self._end_at
        locator = self._read(max(0, self._end_at - _LOCATOR.size), _LOCATOR.size)
        if locator.startswith(b"PK\x06\x07"):
            # What stands before the archive, as a program that unpacks it does, is not counted in its offsets.
            at = max(0, self._end_at - _LOCATOR.size - _END_64.size)
            end_64 = self._read(at, _END_64.size)
            if not end_64.startswith(b"PK\x06\x06"):
                at = _LOCATOR.unpack(locator)[2]
                end_64 = self._read(at, _END_64.size)
            if not end_64.startswith(b"PK\x06\x06"):
                raise _damaged("its directory")
            count, length, offset = _END_64.unpack(end_64)[7:10]
            self._tail_at = at
        if end[1] or end[2]:
            raise CannotRead("is one of several files of a ZIP archive; join them first")
        self._directory_at = self._tail_at - length
        self._before = self._directory_at - offset
        if self._directory_at < 0 or self._before < 0:
            raise _damaged("its directory")
        directory = self._read(self._directory_at, length)
        self.members, used = self._members(directory, count)
        self._behind_members = directory[used:]

    def _read(self, at: int, size: int) -> bytes:
        self._file.seek(at)
        data = self._file.read(size)
        if len(data) < size:
            raise _damaged("it ends too early")
        return data

    def _find_end(self, size: int) -> int:
        if size < _END.size:
            raise _damaged("it has no directory")
        start = max(0, size - _END.size - _LONGEST_COMMENT)
        last = self._read(start, size - start)
        at = len(last) - _END.size + 1
        while (at := last.rfind(b"PK\x05\x06", 0, at + 3)) >= 0:
            comment = int.from_bytes(last[at + _END.size - 2 : at + _END.size], "little")
            if at + _END.size + comment <= len(last):
                return start + at
        raise _damaged("it has no directory")

    def _members(self, directory: bytes, count: int) -> tuple[Sequence[Member], int]:
        members, at = [], 0
        for _ in range(count):
            if at + _RECORD.size > len(directory) or not directory.startswith(b"PK\x01\x02", at):
                raise _damaged("its directory")
            record = _Record(*_RECORD.unpack_from(directory, at))
            ends = [at + _RECORD.size]
            for length in (record.name, record.extra, record.comment):
                ends.append(ends[-1] + length)
            at = ends[-1]
            if at > len(directory):
                raise _damaged("its directory")
            name, extra, comment = (directory[a:b] for a, b in pairwise(ends))
            if record.flags & _IS_ENCRYPTED:
                raise CannotRead("is an archive with encrypted names; unpack it first")
            offset = record.offset
            if offset == _FULL_64 and (place := _offset_64(record, extra)) is not None:
                offset = int.from_bytes(extra[place : place + 8], "little")
            members.append(Member(name, extra, comment, record, self._before + offset))
        return members, at

    def write(self, out: BinaryIO, names: Mapping[int, Name]) -> None:
        """Write the archive with other names, by the numbers of the members; they are marked as UTF-8.

        Data is copied as it is, compressed or encrypted, and so is all that is not known.

        Raises:
            CannotRead: A member is not where the directory says.
            CannotHold: A name, or the archive with its new names, is too long for its form.
        """
        try:
            self._write(out, names)
        except struct.error as trouble:
            raise CannotHold("would become too big for its form; make it anew as ZIP64") from trouble

    def _write(self, out: BinaryIO, names: Mapping[int, Name]) -> None:
        moved: dict[int, int] = {}
        here = out_at = 0
        for number in sorted(range(len(self.members)), key=lambda number: self.members[number].at):
            member = self.members[number]
            if member.at < here or member.at + _LOCAL.size > self._directory_at:
                raise _damaged("its members")
            out_at += self._copy(here, member.at, out)
            here = member.at
            moved[number] = out_at
            header = _LOCAL.unpack(self._read(here, _LOCAL.size))
            if header[0] != b"PK\x03\x04":
                raise _damaged("its members")
            if number in names:
                name = names[number].name.encode("utf-8", "surrogateescape")
                extra = _without_names(self._read(here + _LOCAL.size + header[9], header[10]))
                new = _LOCAL.pack(*header[:2], header[2] | _IS_UTF_8, *header[3:9], len(name), len(extra))
                out_at += out.write(new + name + extra)
                here += _LOCAL.size + header[9] + header[10]
        out_at += self._copy(here, self._directory_at, out)
        directory = b"".join(
            _entry(member, names.get(number), moved[number] - self._before)
            for number, member in enumerate(self.members)
        )
        directory += self._behind_members
        out.write(directory)
        self._write_end(out, out_at - self._before, len(directory))

    def _write_end(self, out: BinaryIO, directory_at: int, length: int) -> None:
        tail = bytearray(self._read(self._tail_at, self._end_at - self._tail_at))
        if tail:
            # From the end in 64 bits to the locator, which says where that is.
            struct.pack_into("<2Q", tail, _END_64.size - 16, length, directory_at)
            struct.pack_into("<Q", tail, len(tail) - 12, directory_at + length)
        out.write(tail)
        end = list(_END.unpack(self._read(self._end_at, _END.size)))
        if end[5] != _FULL_64:
            end[5] = length
        if end[6] != _FULL_64:
            end[6] = directory_at
        out.write(_END.pack(*end))
        self._copy(self._end_at + _END.size, self._file.seek(0, os.SEEK_END), out)

    def _copy(self, start: int, end: int, out: BinaryIO) -> int:
        for at in range(start, end, _PIECE):
            out.write(self._read(at, min(_PIECE, end - at)))
        return end - start


def _utf_8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _entry(member: Member, new: Name | None, offset: int) -> bytes:
    """Return what the directory has on a member, with its new name and its new place."""
    name, extra, comment, record = member.name, bytearray(member.extra), member.comment, member.record
    place = _offset_64(record, extra)
    if record.offset != _FULL_64:
        record = record._replace(offset=offset)
    elif place is not None:
        struct.pack_into("<Q", extra, place, offset)
    if new is not None:
        name, comment = new.name.encode("utf-8", "surrogateescape"), new.comment.encode("utf-8", "surrogateescape")
        extra = bytearray(_without_names(bytes(extra)))
        record = record._replace(flags=record.flags | _IS_UTF_8, name=len(name), extra=len(extra), comment=len(comment))
    return _RECORD.pack(*record) + name + extra + comment


def _extras(extra: bytes | bytearray) -> Iterator[tuple[int, int, int]]:
    """Yield the tags of the extra fields (4.5), and where each begins and ends."""
    at = 0
    while at + 4 <= len(extra):
        tag, size = struct.unpack_from("<2H", extra, at)
        yield tag, at, at + 4 + size
        at += 4 + size


def _offset_64(record: _Record, extra: bytes | bytearray) -> int | None:
    """Return where in the extra fields the offset stands in 64 bits, behind the sizes that do."""
    for tag, start, end in _extras(extra):
        place = start + 4 + 8 * ((record.size == _FULL_64) + (record.compressed == _FULL_64))
        if tag == _EXTRA_64 and record.offset == _FULL_64 and place + 8 <= min(end, len(extra)):
            return place
    return None


def _without_names(extra: bytes) -> bytes:
    """Return the extra fields without those that say a name or comment a second time: they would say the old one."""
    for tag, start, end in reversed(list(_extras(extra))):
        if tag in {_EXTRA_NAME, _EXTRA_COMMENT}:
            extra = extra[:start] + extra[end:]
    return extra


def _damaged(what: str) -> CannotRead:
    return CannotRead(f"is a damaged ZIP archive ({what}); `zip -F` may help")
