"""Every format, whatever is wrong with the file, however it is compressed: the texts are mended, and nothing else."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from files import COMPRESSIONS, TEXT_KINDS, Kind, parquet, plain, records_of, warc, what_is_in_parquet
from files import html as html_file

from mojimend.cli import main

DOCUMENT = Path(__file__).parents[2] / "docs" / "files.md"

CLEAN = "今天天气很好，我们去公园。", "已经取消，请重试。"
DOUBLED = "今天天气很好，，我们去公园。", "已经取消，，请重试。"


class Damage(NamedTuple):
    """What is wrong: the two texts, how the file is written, how it is to come out, and that in words."""

    name: str
    texts: tuple[str, str]
    write: Callable[[str], bytes]
    mended: Callable[[str], bytes]
    outcome: str


def with_bad_byte(text: str) -> bytes:
    return text.encode().replace("取消".encode(), "取".encode() + b"\xff" + "消".encode())


def with_mark(text: str) -> bytes:
    return codecs.BOM_UTF8 + text.encode()


def with_crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


DAMAGES = (
    Damage("clean", CLEAN, str.encode, str.encode, "same bytes"),
    Damage("misread", ("浣犲ソ世界", CLEAN[1]), str.encode, str.encode, "mended"),
    Damage("doubled mark", DOUBLED, str.encode, str.encode, "mended"),
    Damage("byte order mark", DOUBLED, with_mark, with_mark, "mended, mark kept"),
    Damage("CR LF", DOUBLED, with_crlf, with_crlf, "mended, CR LF kept"),
    Damage("bad byte", DOUBLED, with_bad_byte, with_bad_byte, "mended, byte kept"),
    Damage("UTF-16", DOUBLED, lambda t: t.encode("utf-16"), str.encode, "mended, now UTF-8"),
    Damage("UTF-16, kept", DOUBLED, lambda t: t.encode("utf-16"), lambda t: t.encode("utf-16"), "mended"),
    Damage("GB18030", DOUBLED, lambda t: t.encode("gb18030"), str.encode, "mended, now UTF-8"),
    Damage("GB18030, kept", DOUBLED, lambda t: t.encode("gb18030"), lambda t: t.encode("gb18030"), "mended"),
)
MENDED = {"misread": ("你好世界", CLEAN[1])}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def outcome(kind: Kind, damage: Damage, compression: str, folder: Path) -> str:
    """Mend a file in place, and say what came of it."""
    compress, decompress = COMPRESSIONS[compression]
    path = folder / f"a{kind.suffix}{compression}"
    before = compress(damage.write(kind.build(*damage.texts)))
    path.write_bytes(before)
    keep = ["--keep-encoding"] if damage.name.endswith("kept") else []
    done = run("fix", "-w", *keep, str(path))
    wanted = damage.mended(kind.build(*MENDED.get(damage.name, CLEAN)))
    if done.exit_code != 0:
        return f"exit {done.exit_code}: {done.stderr}"
    after = path.read_bytes()
    if decompress(after) != wanted:
        return f"other bytes: {decompress(after)!r}"
    if damage.name == "clean":
        return "same bytes" if after == before else "written anew"
    again = run("fix", "-w", *keep, str(path))
    if again.exit_code != 0 or path.read_bytes() != after:
        return f"a second run changed it: {again.stderr}"
    return damage.outcome


def row(kind: Kind, folder: Path) -> list[str]:
    """Return what came of each damage; the same whatever the compression, or else what each came to."""
    cells = []
    for damage in DAMAGES:
        came = {compression or "none": outcome(kind, damage, compression, folder) for compression in COMPRESSIONS}
        one = set(came.values())
        cells.append(one.pop() if len(one) == 1 else str(came))
    return cells


HEAD = f"| what is wrong | {' | '.join(kind.name for kind in TEXT_KINDS)} |\n|{'---|' * (len(TEXT_KINDS) + 1)}\n"
TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\n)+")


def table(columns: list[list[str]]) -> str:
    """Return the table of the document: a row a damage, a column a format."""
    rows = zip(*columns, strict=True)
    return HEAD + "".join(f"| {d.name} | {' | '.join(cells)} |\n" for d, cells in zip(DAMAGES, rows, strict=True))


def test_the_document_tells_what_comes_out() -> None:
    (told,) = TABLE.findall(DOCUMENT.read_text(encoding="utf-8"))
    assert told == table([[damage.outcome for damage in DAMAGES] for _ in TEXT_KINDS])


@pytest.mark.parametrize("kind", TEXT_KINDS, ids=lambda kind: kind.name)
def test_only_texts_change(kind: Kind, tmp_path: Path) -> None:
    assert row(kind, tmp_path) == [damage.outcome for damage in DAMAGES]


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet(*DOUBLED))
    assert run("fix", "-w", str(path)).exit_code == 0
    assert what_is_in_parquet(path.read_bytes()) == what_is_in_parquet(parquet(*CLEAN))
    after = path.read_bytes()
    assert run("check", str(path)).exit_code == 0
    run("fix", "-w", str(path))
    assert path.read_bytes() == after


def test_parquet_that_is_clean_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(before := parquet(*CLEAN))
    assert run("fix", "-w", str(path)).exit_code == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize("suffix", [".warc", ".warc.gz"])
def test_warc(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    before = warc(*DOUBLED, compressed=suffix.endswith("gz"))
    path.write_bytes(before)
    assert run("fix", "-w", str(path)).exit_code == 0
    response, image, _ = records_of(before)
    after = records_of(path.read_bytes())
    assert after[0] == response
    assert after[1][:2] == ("conversion", html_file(*CLEAN).encode())
    assert after[1][2] is not None
    assert after[2] == image
    assert after[3][:2] == ("conversion", plain(*CLEAN).encode())
    assert [record[3] for record in after] == [None] * 4
    mended = path.read_bytes()
    assert run("check", str(path)).exit_code == 0
    run("fix", "-w", str(path))
    assert path.read_bytes() == mended
    path.write_bytes(clean := warc(*CLEAN, compressed=suffix.endswith("gz")))
    run("fix", "-w", str(path))
    assert path.read_bytes() == clean


def test_a_page_of_no_known_encoding_is_counted_aloud(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    text = plain(*CLEAN).encode()
    path.write_bytes(warc(*CLEAN, compressed=False).replace(text, bytes(range(256)) * 9 + text[:0], 1))
    told = run("check", str(path)).stderr
    assert "1 record is in no encoding that could be told, and left" in told
