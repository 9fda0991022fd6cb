"""Parquet: the strings of the columns are texts; schema, metadata, codecs and row groups stay.

Strings are found at any depth of lists, structs and the values of maps; those in one place of the schema, such as
``messages.content``, are a column of their own. A row of it travels as a line of JSON, so a table is mended by what
mends records. One row group is held at a time, as it was written.
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
    """The values of a column, those of a row on one line."""

    name: ClassVar[str] = "parquet"
    column: str = ""

    def places(self, text: str, fields: Sequence[Field]) -> list[str | None]:
        """Name the column, and behind it which value of the row it is where there are several."""
        named = super(Column, self).places(text, fields)
        return [place and f"[{self.column}]{place.removeprefix('$')}" for place in named]


# What the library calls otherwise when it writes.
_CODECS = {"UNCOMPRESSED": "NONE"}

# The way from a column to strings in it: the number of a field in a struct; in a list or map there is one way only.
Way = tuple[int, ...]


class _Rows(NamedTuple):
    """Values of a column from one row on; the last part of a row group has the table with it."""

    column: int
    way: Way
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
            except NotImplementedError as trouble:
                raise CannotRead(f"has columns (Parquet) that the library cannot read: {trouble}") from trouble
            for column, field in enumerate(table.schema):
                for way, names in _ways(field.type):
                    steps = (field.name, *names)
                    if self._is_wanted(steps):
                        for start, text in _texts(table.column(column), way):
                            form = Column(column=".".join(steps))
                            yield Part(text, form, first_row + start, original=_Rows(column, way, start, None))
            yield Part("", None, original=_Rows(0, (), 0, table))
            first_row += table.num_rows

    def _is_wanted(self, steps: tuple[str, ...]) -> bool:
        """Tell whether strings are to be read, by the column, the last name or the whole, ``$.messages.content``."""
        return not self._names or not {steps[0], steps[-1], ".".join(["$", *steps])}.isdisjoint(self._names)

    def writer(self, out: BinaryIO) -> Writer:
        """Return what writes the table as it was written."""
        return _ParquetWriter(out, self._file)


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types  # noqa: PLC0415

    kind = cast(Any, kind).value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _ways(kind: Any) -> Iterator[tuple[Way, tuple[str, ...]]]:
    """Yield the way to each place of a type that has strings, and the names on it."""
    from pyarrow import types  # noqa: PLC0415

    if _is_text(kind):
        yield (), ()
    elif types.is_struct(kind):
        for number, field in enumerate(kind):
            for way, steps in _ways(field.type):
                yield (number, *way), (field.name, *steps)
    elif types.is_list(kind) or types.is_large_list(kind):
        for way, steps in _ways(kind.value_type):
            yield (0, *way), steps
    elif types.is_map(kind):
        for way, steps in _ways(kind.item_type):
            yield (0, *way), steps


def _texts(column: pa.ChunkedArray, way: Way) -> Iterator[tuple[int, str]]:
    """Yield the values from one row on, in pieces of bounded size."""
    lines: list[str] = []
    start = row = size = 0
    for chunk in column.chunks:
        for line in _lines(chunk, way):
            lines.append(line)
            row += 1
            size += len(line)
            if size > PIECE:
                yield start, "\n".join(lines) + "\n"
                lines, start, size = [], row, 0
    if lines:
        yield start, "\n".join(lines) + "\n"


def _lines(array: Any, way: Way) -> Iterator[str]:
    """Yield each row: the value, or where the way leads through lists, all of them."""
    from pyarrow import types  # noqa: PLC0415

    ends: list[int] | None = None  # of each row, among the values
    for step in way:
        if types.is_struct(array.type):
            array = array.field(step)
            continue
        ends_here = _ends(array)
        ends = ends_here if ends is None else [ends_here[end - 1] if end else 0 for end in ends]
        array = _inside(array)
    values = _strings(array)
    if ends is None:
        yield from (json.dumps(value, ensure_ascii=False) for value in values)
        return
    start = 0
    for end in ends:
        yield json.dumps(values[start:end], ensure_ascii=False)
        start = end


def _inside(array: Any) -> Any:
    """Return the values of all lists, or of all maps."""
    from pyarrow import types  # noqa: PLC0415

    return _of(array, array.items if types.is_map(array.type) else array.values)


def _of(array: Any, children: Any) -> Any:
    """Return of the children those that a part of a longer array has."""
    first, last = array.offsets[0].as_py(), array.offsets[-1].as_py()
    return children.slice(first, last - first)


def _ends(array: Any) -> list[int]:
    """Return the end of each list among the values of all."""
    first, *ends = array.offsets.to_pylist()
    return [end - first for end in ends]


def _strings(array: Any) -> list[str | None]:
    """Return the values of an array of strings, bytes that are no UTF-8 as lone surrogates."""
    import pyarrow as pa  # noqa: PLC0415

    # As bytes, as some writers put what is no UTF-8 into a column of strings.
    values = array.cast(pa.large_string()).cast(pa.large_binary()).to_pylist()
    return [None if value is None else value.decode("utf-8", "surrogateescape") for value in values]


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
        self._mended: dict[tuple[int, Way], list[tuple[int, str]]] = {}

    def put(self, part: Part, text: str) -> None:
        """Take a column's values; behind the last of a row group the group is written."""
        rows: _Rows = part.original
        if text != part.text:
            self._mended.setdefault((rows.column, rows.way), []).append((rows.start, text))
        if rows.table is not None:
            table: Any = rows.table
            for (column, way), texts in self._mended.items():
                field = self._schema.field(column)
                table = table.set_column(column, field, _replaced(table.column(column), way, texts))
            self._mended = {}
            self._writer.write_table(table.cast(self._schema), row_group_size=max(1, table.num_rows))

    def finish(self) -> None:
        """Write the end of the table."""
        self._writer.close()


def _replaced(column: Any, way: Way, texts: list[tuple[int, str]]) -> Any:
    """Return a column with these values in place of its own."""
    import pyarrow as pa  # noqa: PLC0415

    pieces: list[Any] = []
    at = 0
    for start, text in texts:
        rows = [json.loads(line) for line in text.split("\n")[:-1]]
        end = start + len(rows)
        pieces += column.slice(at, start - at).chunks
        for chunk in column.slice(start, end - start).chunks:
            pieces.append(_put(chunk, way, rows[: len(chunk)]))
            del rows[: len(chunk)]
        at = end
    pieces += column.slice(at).chunks
    return pa.chunked_array(pieces, column.type)


def _put(array: Any, way: Way, rows: list[Any]) -> Any:
    """Return an array with these values at the end of the way, and all else as it is."""
    import pyarrow as pa  # noqa: PLC0415

    kind, is_null = array.type, array.is_null()
    if not way:
        return _array(rows, kind)
    if pa.types.is_struct(kind):
        children = [array.field(number) for number in range(kind.num_fields)]
        children[way[0]] = _put(children[way[0]], way[1:], rows)
        return pa.StructArray.from_arrays(children, fields=list(kind), mask=is_null)
    # Of lists in lists the rows of all are one list already.
    values = [value for row in rows for value in row] if rows and isinstance(rows[0], list) else rows
    inside = _put(_inside(array), way[1:], values)
    offsets = [0, *_ends(array)]
    if pa.types.is_map(kind):
        keys = _of(array, array.keys)
        return pa.MapArray.from_arrays(pa.array(offsets, pa.int32()), keys, inside, type=kind, mask=is_null)
    width = pa.int64() if pa.types.is_large_list(kind) else pa.int32()
    return type(array).from_arrays(pa.array(offsets, width), inside, type=kind, mask=is_null)


def _array(values: list[str | None], kind: Any) -> Any:
    """Return an array of strings of this type, bytes that are no UTF-8 as they were."""
    import pyarrow as pa  # noqa: PLC0415

    data = [None if value is None else value.encode("utf-8", "surrogateescape") for value in values]
    strings: Any = pa.array(data, pa.large_binary()).cast(pa.large_string(), safe=False)
    if pa.types.is_dictionary(kind):
        return strings.cast(kind.value_type).dictionary_encode().cast(kind)
    return strings.cast(kind)
