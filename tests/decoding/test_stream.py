"""Files of any size, read in pieces."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from test_decide import LEGACY, SENTENCE

from mojimend import decode, open_text
from mojimend.decoding import stream


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "text"


@pytest.mark.parametrize("codec", [*LEGACY, "utf-8", "utf-16-le", "iso2022_jp", "iso2022_kr"])
@pytest.mark.parametrize("end", ["\n", ""])
def test_pieces_make_the_whole(path: Path, monkeypatch: pytest.MonkeyPatch, codec: str, end: str) -> None:
    monkeypatch.setattr(stream, "_BLOCK", 1000)
    language = {"utf-8": "cp949", "utf-16-le": "gb18030", "iso2022_jp": "cp932", "iso2022_kr": "cp949"}
    text = (LEGACY[language.get(codec, codec)] + end) * 100
    path.write_bytes(text.encode(codec))
    with open_text(path, newline="") as file:
        assert file.read() == text
        assert file.decoding.encoding == codec


def test_a_mark_is_taken_off_and_line_ends_are_those_of_open(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\r\n")
    with open_text(path) as file:
        assert list(file) == ["a\n", "b\n"]
        assert file.decoding.bom


def test_evidence_is_taken_far_behind_the_head(path: Path) -> None:
    path.write_bytes(b"plain ascii\n" * 200_000 + (SENTENCE + "\n").encode("gb18030") * 20)
    with open_text(path) as file:
        assert file.decoding.encoding == "gb18030"
        assert file.read().endswith(SENTENCE + "\n")


def test_lines_in_another_encoding_are_read_in_it(path: Path) -> None:
    path.write_bytes((SENTENCE + "\n").encode("gb18030") * 30_000 + (SENTENCE + "\n").encode() * 100)
    with open_text(path) as file:
        assert all(line == SENTENCE + "\n" for line in file)


def test_what_is_no_text_keeps_its_bytes(path: Path) -> None:
    data = bytes(range(256)) * 10
    path.write_bytes(data)
    with open_text(path, newline="") as file:
        assert file.decoding.encoding is None
        assert file.read() == decode(data).text


def test_memory_does_not_grow_with_the_file(path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(300):
            file.write((SENTENCE + "\n").encode("gb18030") * 2000)
    tracemalloc.start()
    with open_text(path) as text:
        assert sum(1 for _ in text) == 600_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < path.stat().st_size // 2


def test_a_file_that_is_not_there_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_text(tmp_path / "none")
