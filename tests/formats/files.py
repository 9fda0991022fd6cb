"""Files of every format with two texts in them, each in surroundings that a careless tool would change."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from backports import zstd
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Build = Callable[[str, str], str]


class Kind(NamedTuple):
    """A format: the end of its files' names, and a file with two texts in it."""

    name: str
    suffix: str
    build: Build


def jsonl(one: str, other: str) -> str:
    return (
        f'{{"id": 12345678901234567890123, "n": 1.10, "text": "{one}", "id": 2, "e": "\\u00e9\\/\\t"}}\n'
        "\n"
        f'{{"nested": {{"list": ["{other}", null, 1e5]}}, "text"  :\t"plain" }}\n'
    )


def json(one: str, other: str) -> str:
    return f'{{\n\t"z": 1.10,  "a": [ "{one}",\n  "{other}" ],\n\t"z": -0.0\n}}\n'


def csv(one: str, other: str) -> str:
    return f'id;"title";text\n1;"{one}";a\n2;"x ""y"" ; z";"{other}\nsecond line"\n3;;\n4; 1,5 ;"007"\n'


def tsv(one: str, other: str) -> str:
    return f"id\ttext\n1\t{one}\n2\t{other} \n\t\n"


def html(one: str, other: str) -> str:
    return (
        f"<!DOCTYPE html>\n<html lang=zh><head><title>{one}</title>\n"
        '<script>if (a < b && "x") { f("浣犲ソ，，世界") }</script><STYLE>p::before { content: "好，，" }</STYLE>\n'
        "</head><body class=a onclick=\"g('好，，')\"><!-- 浣犲ソ世界 好，，-->"
        f'<p id=x><a href="/好，，" title="{other}">{other}'
        "&nbsp;&#20320;</a><br><img alt=x src=1>\n</body></html>\n"
    )


def markdown(one: str, other: str) -> str:
    return f"---\ntitle: {one}\n---\n# {other}\n\n1. a  \n2. b\n\n```\ncode\n```\n"


def python(one: str, other: str) -> str:
    return f"#!/usr/bin/env python3\nx = 1  # {one}\ny = '''\n\t{other}\n'''\n"


def srt(one: str, other: str) -> str:
    return f"1\n00:00:01,000 --> 00:00:02,500\n{one}\n\n2\n00:00:03,000 --> 00:00:04,000 X1:1\n<i>{other}</i>\nx\n\n"


def vtt(one: str, other: str) -> str:
    return f"WEBVTT - x\n\n00:01.000 --> 00:02.000 align:start\n{one}\n\nid\n00:03.000 --> 00:04.000\n<v A>{other}\n"


def lrc(one: str, other: str) -> str:
    return f"[ti:{one}]\n[00:12.34]{other}\n[00:15.00][01:15.00]x\n"


def plain(one: str, other: str) -> str:
    return f"a\n  {one}\t\n\n{other}\x0c\nend"


TEXT_KINDS = (
    Kind("plain text", ".txt", plain),
    Kind("Markdown", ".md", markdown),
    Kind("source code", ".py", python),
    Kind("HTML", ".html", html),
    Kind("JSON Lines", ".jsonl", jsonl),
    Kind("JSON", ".json", json),
    Kind("CSV", ".csv", csv),
    Kind("TSV", ".tsv", tsv),
    Kind("SRT", ".srt", srt),
    Kind("WebVTT", ".vtt", vtt),
    Kind("LRC", ".lrc", lrc),
)

COMPRESSIONS: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    "": (bytes, bytes),
    ".gz": (gzip.compress, gzip.decompress),
    ".bz2": (bz2.compress, bz2.decompress),
    ".xz": (lzma.compress, lzma.decompress),
    ".zst": (zstd.compress, zstd.decompress),
}


def parquet(one: str, other: str) -> bytes:
    table = pa.table(
        {
            "id": pa.array([1, 2, 3], pa.int8()),
            "text": [one, None, "plain"],
            "label": pa.array([other, "b", "b"], pa.large_string()).dictionary_encode(),
            "tags": [["a"], None, []],
        }
    ).replace_schema_metadata({"made": "by hand"})
    out = io.BytesIO()
    codecs = {"id": "zstd", "text": "gzip", "label": "snappy", "tags.list.element": "none"}
    pq.write_table(table, out, compression=codecs, row_group_size=2)
    return out.getvalue()


def what_is_in_parquet(data: bytes) -> Any:
    """Return all that must stay but the texts, and the texts."""
    file = pq.ParquetFile(io.BytesIO(data))
    meta = file.metadata
    groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
    codecs = [[g.column(i).compression for i in range(meta.num_columns)] for g in groups]
    return file.schema_arrow.to_string(), [g.num_rows for g in groups], codecs, file.read().to_pydict()


def warc(one: str, other: str, *, compressed: bool) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed)

    def add(kind: str, data: bytes, content_type: str) -> None:
        http = StatusAndHeaders("200 OK", [("Content-Type", content_type)], protocol="HTTP/1.1")
        more = {"http_headers": http} if kind == "response" else {"warc_content_type": content_type}
        headers = {"WARC-Date": "2026-11-01T00:00:00Z"}
        record = writer.create_warc_record(
            "http://example.org/", kind, payload=io.BytesIO(data), warc_headers_dict=headers, **more
        )
        writer.write_record(record)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library leaves its temporary files to the interpreter
        add("response", html(one, other).encode(), "text/html")
        add("response", b"\x89PNG" + bytes(range(256)), "image/png")
        add("conversion", plain(one, other).encode(), "text/plain")
    return out.getvalue()


def records_of(data: bytes) -> list[tuple[str, bytes, str | None, str | None]]:
    """Read records with another library: type, content, what it refers to, and what is wrong with the digests."""
    found = []
    for record in ArchiveIterator(io.BytesIO(data), check_digests=True):
        content = record.content_stream().read()
        checker = record.digest_checker
        refers_to = record.rec_headers.get_header("WARC-Refers-To")
        found.append((record.rec_type, content, refers_to, None if checker.passed in (True, None) else "digest"))
    return found
