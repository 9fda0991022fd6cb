r"""JSON Lines and JSON: the strings are texts, and nothing else of a record is touched.

A library that reads a record and writes it anew is not lossless (12345678901234567890123, 1.10, a key given twice,
``\/``), so strings are found where they stand and are changed there. Names of members are left: a record whose names
change is another record.

>>> line = '{"id": 1.10, "text": "好\\n，，"}\n'
>>> jsonl = JsonLines()
>>> from mojimend.formats.format import read
>>> fields = list(jsonl.fields(line))
>>> [read(line, field) for field in fields], jsonl.places(line, fields)
(['好\n，，'], ['$.text'])
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from mojimend.formats.escapes import JSON, JSON_IN_ASCII, JSON_IN_CAPITALS, Escapes
from mojimend.formats.format import Field, Format
from mojimend.kernel import leaf
from mojimend.text.later import later
from mojimend.text.page import line_around

# A string holds no line end, so after one that is never closed (group 3) the scan is right again on the next line.
_INSIDE, _END = r'[^"\\\n\r]*+(?>\\.[^"\\\n\r]*+)*+', r'(?:"(\s*+:)?+|())'
_A_STRING = f'"({_INSIDE}){_END}'
# Within a line it ends at the next quotation mark, if that is not escaped: to look for nothing else takes 14 ms instead
# of 35 for 24 MB of records, and 38 instead of 176 for 36 MB in which each character is an escape.
_A_STRING_IN_LINE = rf'"([^"]*+(?=")(?<!\\)|{_INSIDE}){_END}'
_OTHER_TOKENS = "[][{},]"
_STRING, _STRING_IN_LINE = later(_A_STRING), later(_A_STRING_IN_LINE)
_TOKEN, _TOKEN_IN_LINE = later(f"{_A_STRING}|{_OTHER_TOKENS}"), later(f"{_A_STRING_IN_LINE}|{_OTHER_TOKENS}")
# A name and its colon may stand on two lines.
_CUT = later(r",|\n(?=\s*+[^\s:])")
_ESCAPED_CODE = later(r"\\u(?!00[01])([0-9a-fA-F]{4})")
_SIMPLE_NAME = later(r"[^\W\d]\w*")

_LAST_ESCAPE = later(r"\\?\Z")

# Of a string that lies deeper, the path tells these steps only: all of them for each would be work without end.
_DEEPEST = 32

# The steps from the top of a record: the name of a member, or a number in a list.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Json(Format):
    """JSON: one record, over as many lines as it likes.

    One too long to be held is cut between its tokens, and paths then begin where the piece does. ``names`` are the
    members to read, as ``text`` (wherever it stands) or from the top, ``$.meta.title``; empty means all.
    """

    name: ClassVar[str] = "json"
    may_be_cut: ClassVar[bool] = False
    names: tuple[str, ...] = ()

    def boundary(self, text: str) -> int:
        """Return the end of the last comma or line outside of a string."""
        last = end = 0
        for string in self._strings(text):
            last = self._cut(text, end, string.start()) or last
            end = string.end()
            if string[3] is not None and _LAST_ESCAPE.match(text, end):
                return last  # the string goes on where the text ends
        return self._cut(text, end, len(text)) or last

    def fields(self, text: str) -> Iterator[Field]:
        """Yield the strings that are values."""
        style = _style(text)
        for string in self._named(text) if self.names else self._strings(text):
            inside, name, open_ = string.groups()
            if inside and name is None and open_ is None:
                # A corpus has millions, and the escapes that they lead to are constants.
                yield leaf(Field, (*string.span(1), style or _style_of(inside)))

    def places(self, text: str, fields: Sequence[Field]) -> list[str | None]:
        """Return the path to each, in JSONPath."""
        return self._places_from(0, text, fields)

    def _places_from(self, start: int, text: str, fields: Sequence[Field]) -> list[str | None]:
        """Return the same where the record around them begins at a place."""
        if not fields:
            return []
        wanted = {field.start for field in fields}
        paths = {at: path for at, path in self._paths(text, start, fields[-1].end + 1) if at in wanted}
        return [
            "$" + "".join(map(_step, paths[field.start])) if _is_json(f'"{text[field.start : field.end]}"') else None
            for field in fields
        ]

    def _cut(self, text: str, start: int, end: int) -> int:
        return max((cut.end() for cut in _CUT.finditer(text, start, end)), default=0)

    def _named(self, text: str) -> Iterator[re.Match[str]]:
        wanted = {start for start, path in self._paths(text, 0, len(text)) if self._is_named(path)}
        return (string for string in self._strings(text) if string.start(1) in wanted)

    def _is_named(self, path: Path) -> bool:
        steps = [step for step in path if isinstance(step, str)]
        return any(".".join(["$", *steps]) == name or steps[-1:] == [name] for name in self.names)

    def _records(self, text: str, start: int, end: int) -> Iterable[tuple[int, int]]:  # noqa: ARG002  (lines need it)
        """Return what is read by itself between two places: all, as a record goes over as many lines as it likes."""
        return ((start, end),)

    def _strings(self, text: str) -> Iterator[re.Match[str]]:
        records = self._records(text, 0, len(text))
        return chain.from_iterable(_found(_STRING, _STRING_IN_LINE, text, *record) for record in records)

    def _paths(self, text: str, start: int, end: int) -> Iterator[tuple[int, Path]]:
        """Yield where each string that is a value begins, and the way to it; what is broken gets one all the same."""
        for record in self._records(text, start, end):
            yield from _paths_by(_found(_TOKEN, _TOKEN_IN_LINE, text, *record))


@dataclass(frozen=True, slots=True)
class JsonLines(Json):
    """JSON Lines: a record a line, and a line that is no record is left as it is."""

    name: ClassVar[str] = "jsonl"

    def boundary(self, text: str) -> int:
        """Return the end of the last line."""
        return text.rfind("\n") + 1

    def places(self, text: str, fields: Sequence[Field]) -> list[str | None]:
        """Return the path to each, in JSONPath, and None on a line that is no record."""
        named: list[str | None] = []
        while len(named) < len(fields):
            start, end = line_around(text, fields[len(named)].start)
            of_line = fields[len(named) : bisect_left(fields, (end,), len(named))]
            is_record = _is_json(text[start:end])
            named += self._places_from(start, text, of_line) if is_record else [None] * len(of_line)
        return named

    def _records(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        while start < end:
            feed = text.find("\n", start, end)
            yield start, end if feed < 0 else feed
            start = end if feed < 0 else feed + 1


def _found(
    pattern: re.Pattern[str], in_line: re.Pattern[str], text: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """Return what a pattern finds between two places, by its way for within a line if there is no line end."""
    is_one_line = text.find("\n", start, end) < 0 and text.find("\r", start, end) < 0
    return (in_line if is_one_line else pattern).finditer(text, start, end)


def _paths_by(tokens: Iterable[re.Match[str]]) -> Iterator[tuple[int, Path]]:
    """Yield the paths in a record, by its tokens."""
    steps: list[str | int] = []
    for token in tokens:
        match token[0][0]:
            case "{":
                steps.append("")
            case "[":
                steps.append(0)
            case "}" | "]":
                if steps:
                    steps.pop()
            case ",":
                if steps and isinstance(steps[-1], int):
                    steps[-1] += 1
            case _ if token[2] is None:
                yield token.start(1), tuple(steps if len(steps) <= _DEEPEST else ["…", *steps[-_DEEPEST:]])
            case _ if steps:
                steps[-1] = JSON.read(token[1])


def _style(text: str) -> Escapes | None:
    """Return how a text of ASCII alone writes the rest; None where it is not of ASCII alone."""
    if not text.isascii():
        return None
    code = _ESCAPED_CODE.search(text) if "\\u" in text else None
    if code is None:
        return JSON
    return JSON_IN_CAPITALS if code[1] != code[1].lower() else JSON_IN_ASCII


def _style_of(raw: str) -> Escapes:
    return _style(raw) or JSON


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _SIMPLE_NAME.fullmatch(step) else f"[{json.dumps(step, ensure_ascii=False)}]"
