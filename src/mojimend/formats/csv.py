r"""CSV and TSV: the cells are texts; separators, quotes and line ends stay as they are.

>>> csv = Csv(",", ("id", "title"))
>>> table = 'id,title\n1,"好""，，"\n'
>>> fields = list(csv.fields(table))
>>> [(read(table, field), csv.places(table, [field])) for field in fields][-1]
('好"，，', ['[title]'])
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from mojimend.formats.escapes import QUOTED
from mojimend.formats.format import Field, Format, read

SEPARATORS = ",\t;|"


@lru_cache(maxsize=len(SEPARATORS))
def _cells(separator: str) -> re.Pattern[str]:
    """Return the expression for a cell and what ends it.

    A quote opens a cell only where it stands first. What stands behind the closing one is no part of the text, and
    such a cell ends where Python's csv and most other readers end it.
    """
    s = re.escape(separator)
    return re.compile(
        rf'(?:"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"[^{s}\r\n]*+|(?P<bare>[^{s}\r\n]*+))(?P<end>{s}|\r\n|\r|\n|\Z)'
    )


@dataclass(frozen=True, slots=True)
class Csv(Format):
    """A table with one separator; ``header`` are the names of its columns, ``names`` those to read (empty: all)."""

    name: ClassVar[str] = "csv"
    may_be_cut: ClassVar[bool] = False
    separator: str
    header: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def boundary(self, text: str) -> int:
        """Return the end of the last line that ends outside of quotes."""
        last = 0
        for cell in _cells(self.separator).finditer(text):
            if cell["end"] in ("\n", "\r\n") or (cell["end"] == "\r" and cell.end() < len(text)):
                # A quote that was opened and never closed reads as a bare cell up to its line end.
                if cell["bare"] is not None and cell["bare"].startswith('"'):
                    break
                last = cell.end()
        return last

    def fields(self, text: str) -> Iterator[Field]:
        """Yield the cells that are not empty."""
        wanted = self._wanted()
        column = 0
        for cell in _cells(self.separator).finditer(text):
            start, end = cell.span("quoted" if cell["quoted"] is not None else "bare")
            if start < end and (wanted is None or column in wanted):
                yield Field(start, end, QUOTED if cell["quoted"] is not None else None)
            column = column + 1 if cell["end"] == self.separator else 0

    def places(self, text: str, fields: Sequence[Field]) -> list[str | None]:
        """Return the name of the column of each, or its number from 1."""
        columns: list[str | None] = []
        column = 0
        for cell in _cells(self.separator).finditer(text):
            if len(columns) == len(fields):
                break
            if cell.start() <= fields[len(columns)].start < cell.end():
                columns.append(f"[{self.header[column] if column < len(self.header) else column + 1}]")
            column = column + 1 if cell["end"] == self.separator else 0
        return columns

    def can_hold(self, field: Field, value: str) -> bool:
        """Tell whether a cell without quotes can do without them."""
        return field.escapes is not None or not re.search(rf'^"|[\r\n{re.escape(self.separator)}]', value)

    def _wanted(self) -> frozenset[int] | None:
        if not self.names:
            return None
        return frozenset(column for column, name in enumerate(self.header) if name in self.names)


def separator_of(head: str) -> str | None:
    r"""Return the separator that cuts the first rows into the same number of cells, two at least, or None.

    >>> separator_of("a;b\n1,5;2\n"), separator_of("no table\nat all, it seems\n")
    (';', None)
    """
    best: tuple[int, str] | None = None
    for separator in SEPARATORS:
        counts = [count for count in _cells_of_rows(head, separator) if count]
        if len(counts) > 1 and counts[0] > 1 and len(set(counts)) == 1 and (best is None or counts[0] > best[0]):
            best = counts[0], separator
    return best[1] if best else None


def header_of(head: str, separator: str) -> tuple[str, ...]:
    """Return the cells of the first row."""
    names = []
    for cell in _cells(separator).finditer(head):
        quoted = cell["quoted"] is not None
        start, end = cell.span("quoted" if quoted else "bare")
        names.append(read(head, Field(start, end, QUOTED if quoted else None)))
        if cell["end"] != separator:
            break
    return tuple(names)


def _cells_of_rows(head: str, separator: str) -> list[int]:
    counts, cells = [], 0
    for cell in _cells(separator).finditer(head[: head.rfind("\n") + 1]):
        cells += 1
        if cell["end"] != separator:
            counts.append(0 if cells == 1 and cell[0].strip() == "" else cells)
            cells = 0
    return counts[:20]
