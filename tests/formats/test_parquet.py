"""Strings deep inside of a table are mended where they stand, and nothing else of it changes."""

import decimal
import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner

from mojimend.cli import main

DOUBLED, CLEAN = "今天天气很好，，我们去公园。", "今天天气很好，我们去公园。"
MESSAGE = pa.struct(
    [
        pa.field("role", pa.string(), nullable=False),
        ("content", pa.large_string()),
        ("score", pa.float32()),
        ("at", pa.timestamp("ns")),
    ]
)
SCHEMA = pa.schema(
    {
        "messages": pa.list_(MESSAGE),
        "tags": pa.large_list(pa.list_(pa.string())),
        "meta": pa.map_(pa.string(), pa.list_(pa.string())),
        "source": pa.struct([("title", pa.string()), ("price", pa.decimal128(9, 2))]),
        "numbers": pa.list_(pa.int64()),
    },
    metadata={"made": "by hand"},
)


def write(path: Path, text: str) -> None:
    message = {"role": "user", "content": text, "score": math.nan, "at": 812221807557817428}
    rows: list[dict[str, Any]] = [
        {
            "messages": [message, {**message, "content": None}],
            "tags": [[text, None], None, []],
            "meta": [(DOUBLED, [text]), ("b", None)],
            "source": {"title": text, "price": decimal.Decimal("1.10")},
            "numbers": [2**63 - 1, None],
        },
        dict.fromkeys(SCHEMA.names),
        {
            "messages": [],
            "tags": [[text], [""]],
            "meta": [],
            "source": {"title": None, "price": None},
            "numbers": [],
        },
    ]
    pq.write_table(pa.Table.from_pylist(rows * 4, SCHEMA), path, row_group_size=5, compression="zstd")


def run(*args: str) -> Any:
    return CliRunner().invoke(main, args)


def test_all_but_the_strings_stays(tmp_path: Path) -> None:
    mended, clean = tmp_path / "a.parquet", tmp_path / "b.parquet"
    write(mended, DOUBLED)
    write(clean, CLEAN)
    assert run("fix", "-w", str(mended)).exit_code == 0
    after, wanted = pq.ParquetFile(mended), pq.ParquetFile(clean)
    assert after.schema_arrow.equals(wanted.schema_arrow, check_metadata=True)
    assert after.num_row_groups == wanted.num_row_groups == 3
    for group in range(3):
        # As printed, where a value that is no number is equal to itself.
        told, same = ([str(column) for column in file.read_row_group(group).columns] for file in (after, wanted))
        assert told == same
    # Names in a map are left, like those of JSON.
    assert after.read_row_group(0).column("meta")[0].as_py() == [(DOUBLED, [CLEAN]), ("b", None)]
    before = mended.read_bytes()
    assert run("fix", "-w", str(mended)).exit_code == 0
    assert mended.read_bytes() == before


def test_a_finding_tells_the_row_and_the_place_in_it(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write(path, DOUBLED)
    told = run("check", str(path)).stdout
    for place in ("1:[messages.content][0]:7", "3:[tags][0]:7", "4:[meta][0]:7", "10:[source.title]:7"):
        assert f"{path}:{place}" in told
    assert f"{path}:2:" not in told


def test_a_field_is_named_by_column_by_name_or_by_the_whole_way(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write(path, DOUBLED)
    for name in ("messages", "content", "$.messages.content"):
        told = run("check", "--field", name, str(path)).stdout
        assert "[messages.content]" in told
        assert "[tags]" not in told
    assert run("check", "--field", "role", str(path)).exit_code == 0


def test_bytes_that_are_no_utf_8_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    data = [[DOUBLED.encode(), b"\xff" + DOUBLED.encode()]]
    strings = pa.array(data, pa.list_(pa.binary())).cast(pa.list_(pa.string()), safe=False)
    pq.write_table(pa.table({"tags": strings}), path)
    assert run("fix", "-w", str(path)).exit_code == 0
    after = pq.read_table(path).column("tags").combine_chunks().values.cast(pa.binary()).to_pylist()
    assert after == [CLEAN.encode(), b"\xff" + CLEAN.encode()]
