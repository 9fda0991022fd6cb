"""Which format a file is in: its name says, and its first text must bear that out; without a name, the text alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from os.path import basename, splitext

from mojimend.formats.compression import compression_named
from mojimend.formats.format import Format
from mojimend.text.later import later

BY_SUFFIX = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".geojson": "json",
    ".ipynb": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".xml": "html",
    ".rss": "html",
    ".atom": "html",
    ".svg": "html",
    ".srt": "subtitles",
    ".vtt": "subtitles",
    ".lrc": "subtitles",
}
NAMES = ("text", "html", "json", "jsonl", "csv", "subtitles")

_HTML = later(r"\s*+(?:<\?xml\b[^>]*+>\s*+)?(?:<!--.*?-->\s*+)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)


def choose(name: str, head: str, format_name: str | None = None, names: tuple[str, ...] = ()) -> Format:
    r"""Return the format of a file, set for it.

    Arguments:
        name: The file's name; the end that tells a compression is passed over.
        head: Its first text, some thousand code points.
        format_name: One of ``NAMES``, where the user says so; it is believed.
        names: The members of records, or the columns, to read. Empty means all.

    >>> choose("a.txt", "好").name, choose("a.csv.gz", "id;title\n1;好\n"), choose("<stdin>", '{"text": "好"}\n')
    ('text', Csv(separator=';', header=('id', 'title'), names=()), JsonLines(names=()))
    """
    wanted = format_name or _by_name(name) or _by_content(head)
    return _MAKERS.get(wanted, _text)(name, head, names)


def suffix_of(name: str) -> str:
    """Return the end of a name that tells the format, in small letters.

    >>> suffix_of("crawl/Page.HTML.gz")
    '.html'
    """
    stem, suffix = splitext(basename(name.lower()).rstrip("."))
    return splitext(stem)[1] if compression_named(suffix) else suffix


def _by_name(name: str) -> str | None:
    suffix = suffix_of(name)
    if suffix:
        return BY_SUFFIX.get(suffix, "text")
    return None


def _by_content(head: str) -> str:
    if _HTML.match(head):
        return "html"
    if head.lstrip()[:1] in ("{", "["):
        return "jsonl" if _is_record(head.partition("\n")[0]) else "json"
    return "text"


# Each format is imported when a file has it: together they take as long as a small file.


def _is_record(line: str) -> bool:
    import json  # noqa: PLC0415

    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _text(_name: str, _head: str, _names: tuple[str, ...]) -> Format:
    return Format()


def _html(_name: str, _head: str, _names: tuple[str, ...]) -> Format:
    from mojimend.formats.html import Html  # noqa: PLC0415

    return Html()


def _subtitles(_name: str, _head: str, _names: tuple[str, ...]) -> Format:
    from mojimend.formats.subtitles import Subtitles  # noqa: PLC0415

    return Subtitles()


def _jsonl(_name: str, _head: str, names: tuple[str, ...]) -> Format:
    from mojimend.formats.json import JsonLines  # noqa: PLC0415

    return JsonLines(names)


def _json(_name: str, head: str, names: tuple[str, ...]) -> Format:
    from mojimend.formats.json import Json, JsonLines  # noqa: PLC0415

    # Many a file of records, one a line, is called .json.
    lines = head.split("\n", 2)
    return JsonLines(names) if len(lines) > 2 and all(map(_is_record, lines[:2])) else Json(names)


def _csv(name: str, head: str, names: tuple[str, ...]) -> Format:
    from mojimend.formats.csv import Csv, header_of, separator_of  # noqa: PLC0415

    separator = "\t" if suffix_of(name) in (".tsv", ".tab") else separator_of(head) or ","
    return Csv(separator, header_of(head, separator), names)


_MAKERS: dict[str, Callable[[str, str, tuple[str, ...]], Format]] = {
    "html": _html,
    "json": _json,
    "jsonl": _jsonl,
    "csv": _csv,
    "subtitles": _subtitles,
}
