r"""Files that are no text, by how they begin and by the control characters in them.

>>> kind_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), kind_of(b"GIF89a is a format")
('begins as a PNG image does', None)
"""

from __future__ import annotations

BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (WAV, AVI, WebP)"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"PK\x03\x04", "a ZIP archive (or a DOCX, XLSX, EPUB, JAR)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an XZ archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an OLE document (DOC, XLS)"),
    (b"\x7fELF", "an ELF program"),
    (b"MZ", "a Windows program"),
    (b"\xca\xfe\xba\xbe", "a Java class"),
    (b"PAR1", "a Parquet table"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"wOFF", "a WOFF font"),
    (b"wOF2", "a WOFF2 font"),
)  # fmt: skip
_ANY_BEGINNING = tuple(beginning for beginning, _ in BEGINNINGS)

# Text has no control characters but white space and escape; one in a hundred is no text. The cleanest random bytes that
# chardet took for a text (1,000 blocks of 3,000 bytes) had six times that.
_MOST_CONTROLS = 0.01
# Valid UTF-8 is text unless there is little else.
_MOST_CONTROLS_IN_UTF_8 = 0.3
_LEAST = 8
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\x0b\x0c\r\x1b")
_LOOKED_AT = 1 << 16


def kind_of(data: bytes) -> str | None:
    """Say what the bytes are by their beginning, if they have control characters as well; None if not known."""
    if not data.startswith(_ANY_BEGINNING):
        return None
    kind = next(kind for beginning, kind in BEGINNINGS if data.startswith(beginning))
    return f"begins as {kind} does" if _count_controls(data[:_LOOKED_AT]) else None


def controls_in(data: bytes, *, is_utf_8: bool = False) -> str | None:
    """Say how many control characters there are, where there are too many for a text."""
    looked_at = data[:_LOOKED_AT]
    count = _count_controls(looked_at)
    most = _MOST_CONTROLS_IN_UTF_8 if is_utf_8 else _MOST_CONTROLS
    if count <= most * len(looked_at) or (is_utf_8 and count < _LEAST):
        return None
    return f"{count} of {len(looked_at)} bytes are control characters"


def _count_controls(data: bytes) -> int:
    return len(data) - len(data.translate(None, _CONTROLS))
