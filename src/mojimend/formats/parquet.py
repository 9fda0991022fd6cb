"""Parquet: the strings of the columns are texts; schema, metadata, codecs and row groups stay.

Columns of strings at the top of the schema are read; what is inside of lists, maps and structs is left. A value travels
as a line of JSON, so a table is mended by what mends records. One row group is held at a time, as it was written.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, NamedTuple, cast

from mojimend.formats.compression import CannotRead, MissingExtra
from mojimend.formats.format import Field
from mojimend.formats.json import JsonLines
from mojimend.formats.parts import Choices, Part, Writer
from mojimend.formats.reading import PIECE, Reading

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column(JsonLines):
    """The values of a column, one a line."""

    name: ClassVar[str] = "parquet"
    column: str = ""

    def places(self, text: str, fields: Sequence[Field]) -> list[str | None]:  # noqa: ARG002
        """Name the column."""
        return [f"[{self.column}]"] * len(fields)


# What the library calls otherwise when it writes.
_CODECS = {"UNCOMPRESSED": "NONE"}


class _Rows(NamedTuple):
    """Values of a column from one row on; the last part of a row group has the table with it."""

    column: int
    start: int
    table: pa.Table | None


class ParquetParts:
    """The string columns of a table, by row group."""

    def __init__(self, file: io.BufferedReader, choices: Choices) -> None:
        try:
            import pyarrow.parquet as pq  # noqa: PLC0415  (with numpy some 0.2 s, only for such a file)
        except ImportError as error:
            raise MissingExtra("Parquet", "parquet") from error
        try:
            self._file: Any = pq.ParquetFile(file)
        except (ValueError, OSError) as trouble:
            raise CannotRead(f"is a damaged table (Parquet): {trouble}") from trouble
        self._names = choices.names
        self.reading = Reading()
        self.target = "utf-8"

    def __iter__(self) -> Iterator[Part]:
        """Read the columns, a row group at a time."""
        first_row = 1
        for group in range(self._file.num_row_groups):
            try:
                table = self._file.read_row_group(group)
            except (ValueError, OSError) as trouble:
                raise CannotRead(f"is a damaged table (Parquet): {trouble}") from trouble
            for column, field in enumerate(table.schema):
                if _is_text(field.type) and (not self._names or field.name in self._names):
                    for start, text in _texts(table.column(column)):
                        form = Column(column=field.name)
                        yield Part(text, form, first_row + start, original=_Rows(column, start, None))
            yield Part("", None, original=_Rows(0, 0, table))
            first_row += table.num_rows

    def writer(self, out: BinaryIO) -> Writer:
        """Return what writes the table as it was written."""
        return _ParquetWriter(out, self._file)


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types  # noqa: PLC0415

    kind = cast(Any, kind).value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _texts(column: pa.ChunkedArray) -> Iterator[tuple[int, str]]:
    """Yield the values from one row on, in pieces of bounded size."""
    import pyarrow as pa  # noqa: PLC0415

    # As bytes, as some writers put what is no UTF-8 into a column of strings.
    lines: list[str] = []
    start = row = size = 0
    for chunk in cast(Any, column).chunks:
        for value in chunk.cast(pa.large_string()).cast(pa.large_binary()):
            data = value.as_py()
            text = None if data is None else data.decode("utf-8", "surrogateescape")
            lines.append(json.dumps(text, ensure_ascii=False))
            row += 1
            size += len(lines[-1])
            if size > PIECE:
                yield start, "\n".join(lines) + "\n"
                lines, start, size = [], row, 0
    if lines:
        yield start, "\n".join(lines) + "\n"


class _ParquetWriter:
    """Collects what was mended in a row group, and writes the group."""

    def __init__(self, out: BinaryIO, source: Any) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415

        meta = source.metadata
        columns = [meta.row_group(0).column(i) for i in range(meta.num_columns)] if meta.num_row_groups else []
        dictionaries = [c.path_in_schema for c in columns if c.has_dictionary_page]
        self._schema: Any = source.schema_arrow
        self._writer: Any = pq.ParquetWriter(
            out,
            self._schema,
            version=meta.format_version,
            compression={c.path_in_schema: _CODECS.get(c.compression, c.compression) for c in columns} or "snappy",
            use_dictionary=dictionaries or False,
            write_statistics=[c.path_in_schema for c in columns if c.is_stats_set] or False,
        )
        self._mended: dict[int, list[tuple[int, str]]] = {}

    def put(self, part: Part, text: str) -> None:
        """Take a column's values; behind the last of a row group the group is written."""
        rows: _Rows = part.original
        if text != part.text:
            self._mended.setdefault(rows.column, []).append((rows.start, text))
        if rows.table is not None:
            table: Any = rows.table
            for column, texts in self._mended.items():
                field = self._schema.field(column)
                table = table.set_column(column, field, _replaced(table.column(column), texts))
            self._mended = {}
            self._writer.write_table(table.cast(self._schema), row_group_size=max(1, table.num_rows))

    def finish(self) -> None:
        """Write the end of the table."""
        self._writer.close()


def _replaced(column: Any, texts: list[tuple[int, str]]) -> Any:
    """Return a column with these values in place of its own."""
    import pyarrow as pa  # noqa: PLC0415

    pieces: list[Any] = []
    at = 0
    for start, text in texts:
        values = [json.loads(line) for line in text.split("\n")[:-1]]
        data = [None if value is None else value.encode("utf-8", "surrogateescape") for value in values]
        new: Any = pa.array(data, pa.large_binary()).cast(pa.large_string(), safe=False)
        pieces += column.slice(at, start - at).cast(pa.large_string()).chunks
        pieces.append(new)
        at = start + len(values)
    pieces += column.slice(at).cast(pa.large_string()).chunks
    whole: Any = pa.chunked_array(pieces, pa.large_string())
    if pa.types.is_dictionary(column.type):
        kind = column.type.value_type
        return whole.combine_chunks().cast(kind).dictionary_encode().cast(column.type)
    return whole.cast(column.type)
