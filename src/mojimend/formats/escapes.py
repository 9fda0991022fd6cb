r"""How a text is written inside another: ``\"`` and ``\u4f60`` in JSON, ``""`` in CSV.

An edit of what a text says becomes an edit of how it is written, and what it does not touch keeps its spelling.

>>> JSON.read(r"\u4f60\u597d\/"), JSON.edits(r"\u4f60a\/b", [Edit(1, 2, '"')])
('你好/', [Edit(start=6, end=7, replacement='\\"')])
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from mojimend.text.edits import Edit
from mojimend.text.later import later

if TYPE_CHECKING:
    import json


class Escapes(NamedTuple):
    """One way to write a text inside another.

    ``mark`` is the character without which nothing is escaped; ``escaped`` matches what stands for one code point,
    ``read_escaped`` reads a text that has some, and ``write`` writes one so. All are functions of a module, so that it
    can be pickled.
    """

    mark: str
    escaped: re.Pattern[str]
    read_escaped: Callable[[str], str]
    write: Callable[[str], str]

    def read(self, raw: str) -> str:
        """Return what is meant by what is written."""
        return self.read_escaped(raw) if self.mark in raw else raw

    def edits(self, raw: str, edits: Iterable[Edit]) -> list[Edit]:
        """Turn edits of what is meant into edits of what is written."""
        meant, written = [0], [0]  # the ends of the escapes, counted both ways
        for match in self.escaped.finditer(raw):
            meant.append(meant[-1] + match.start() - written[-1] + 1)
            written.append(match.end())

        def at(place: int) -> int:
            i = bisect_right(meant, place) - 1
            return written[i] + place - meant[i]

        return [Edit(at(start), at(end), self.write(replacement)) for start, end, replacement in edits]


_HALF = later("[\ud800-\udfff]")
_NAMED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
# RFC 8259, section 7. Two escapes that make a pair of surrogates are one character; what is no escape is left to
# whoever asks whether the record is whole.
_ESCAPED = later(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u([0-9a-fA-F]{4})|(.))", re.DOTALL)


@cache
def _decoder() -> json.JSONDecoder:
    import json  # noqa: PLC0415  (files of other formats know these escapes by name only)

    return json.JSONDecoder(strict=False)


def _read_json(raw: str) -> str:
    try:
        # To read them one by one takes twice as long, and most texts have some, as line ends are.
        text: str = _decoder().decode(f'"{raw}"')
    except ValueError:
        return _ESCAPED.sub(_read_one_of_json, raw)
    return text


def _read_one_of_json(escaped: re.Match[str]) -> str:
    code, other = escaped.groups()
    if code:
        return chr(int(code, 16))
    if other:
        return _NAMED.get(other, other)
    high, low = int(escaped[0][2:6], 16), int(escaped[0][8:12], 16)
    return chr(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF))


def _dumped(text: str, *, ensure_ascii: bool = True) -> str:
    import json  # noqa: PLC0415  (files of other formats know these escapes by name only)

    return json.dumps(text, ensure_ascii=ensure_ascii)[1:-1]


def _write_json(text: str) -> str:
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", _dumped(text, ensure_ascii=False))


def _write_json_in_ascii(text: str) -> str:
    return _dumped(text)


def _write_json_in_capitals(text: str) -> str:
    return re.sub(r"(?<=\\u)[0-9a-f]{4}", lambda digits: digits[0].upper(), _dumped(text))


JSON = Escapes("\\", _ESCAPED, _read_json, _write_json)
JSON_IN_ASCII = Escapes("\\", _ESCAPED, _read_json, _write_json_in_ascii)
JSON_IN_CAPITALS = Escapes("\\", _ESCAPED, _read_json, _write_json_in_capitals)


def _read_doubled(raw: str) -> str:
    return raw.replace('""', '"')


def _write_doubled(text: str) -> str:
    return text.replace('"', '""')


# RFC 4180, section 2, rule 7.
QUOTED = Escapes('"', later('""'), _read_doubled, _write_doubled)
