"""``mojimend detect``: which encoding files are in. Reads only."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import click

from mojimend.cli import say
from mojimend.cli.files import STDIN, STDIN_NAME, for_each, open_file, read, unreadable
from mojimend.cli.options import PATH, candidates_option, languages_option
from mojimend.decoding.decide import decode
from mojimend.decoding.result import Decoding
from mojimend.decoding.stream import looked_at

# A file of more bytes is told by its head, middle and end, as ``open_text`` does.
WHOLE = 32 << 20
# Below this it is as likely to be something else.
_DECIDED = 0.5
_MOST_REGIONS = 10


@click.command
@click.argument("paths", nargs=-1, type=PATH)
@click.option("-m", "--minimal", is_flag=True, help="One word a file: the encoding, or `unknown`.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@languages_option
@candidates_option
def detect(
    paths: tuple[str, ...], minimal: bool, as_json: bool, languages: tuple[str, ...], candidates: tuple[str, ...]
) -> int:
    """Tell which encoding files are in; change nothing.

    A line for each file: the encoding, how sure that is, and why. What is said
    of the file in the file itself is believed only if the bytes fit it. For a
    mixed file the regions are listed, by byte offsets. Of a file of more than
    32 MB the head, the middle and the end are looked at.

    \b
    Exit code: 0 all decided, 1 some not, 2 a file could not be read.

    \b
    Examples:
      mojimend detect page.html
      mojimend detect -m *.txt
      mojimend detect --json corpus/*.csv
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    if not paths:
        raise click.UsageError("name a file: `mojimend detect page.txt`, or `-` for standard input")

    def detect_one(path: str) -> bool:
        name, data, size = _evidence(path)
        decoding = decode(data, languages=languages, candidates=candidates)
        if as_json:
            print(json.dumps(_as_object(name, decoding, size), ensure_ascii=True))
        elif minimal:
            print(decoding.encoding or "unknown")
        else:
            print("\n".join(_lines(name, decoding, size)))
        return is_decided(decoding)

    decided, failed = for_each(paths, detect_one)
    sys.stdout.flush()
    if (undecided := decided.count(False)) and not minimal:
        say(f"{undecided} of {len(decided)} not decided; `--lang` or `--candidates` may help")
    return 2 if failed else int(not all(decided))


def _evidence(path: str) -> tuple[str, bytes, int | None]:
    """Return the name of a file and its bytes, or of a large one some, and then how many it has."""
    if path != STDIN:
        file, _ = open_file(path)
        try:
            with file:
                if file.seekable() and (size := file.seek(0, os.SEEK_END)) > WHOLE:
                    return path, looked_at(file), size
        except OSError as trouble:
            raise unreadable(path, trouble) from trouble
    return STDIN_NAME if path == STDIN else path, read(path), None


def is_decided(decoding: Decoding) -> bool:
    """Tell whether the encoding is likelier than not."""
    return decoding.encoding is not None and decoding.confidence >= _DECIDED


def _lines(name: str, decoding: Decoding, size: int | None) -> list[str]:
    why = decoding.evidence[0].reason
    if decoding.encoding is None:
        return [f"{name}: unknown: {why}"]
    certainty = f"{decoding.confidence:.0%}" if is_decided(decoding) else f"undecided, {decoding.confidence:.0%}"
    mark = " with byte order mark" if decoding.bom else ""
    lines = [f"{name}: {decoding.encoding}{mark} ({certainty}): {why}"]
    if decoding.runner_up and not is_decided(decoding):
        lines.append(f"    or {decoding.runner_up}")
    lines += [f"    {e.reason}" for e in decoding.evidence[1:] if e.stage in {"declared", "label"}]
    if size is not None:
        lines.append(f"    told by the head, the middle and the end of {size:,} bytes")
        return lines
    if decoding.errors:
        count = len(decoding.errors)
        lost = f"{count:,} bytes lost, the first" if count > 1 else "1 byte lost,"
        lines.append(f"    {lost} at offset {decoding.errors[0]}")
    if len(decoding.regions) > 1:
        shown = decoding.regions[:_MOST_REGIONS]
        lines += [f"    {start}-{end}  {encoding or 'no text'}" for start, end, encoding in shown]
        if more := len(decoding.regions) - len(shown):
            lines.append(f"    and {more} more (--json lists all)")
    return lines


def _as_object(name: str, decoding: Decoding, size: int | None) -> dict[str, Any]:
    whole = size is None
    return {
        "path": name,
        "encoding": decoding.encoding,
        "decided": is_decided(decoding),
        "confidence": round(decoding.confidence, 4),
        "runner_up": decoding.runner_up,
        "margin": round(decoding.margin, 1),
        "bom": decoding.bom,
        "newline": decoding.newline,
        "whole": whole,
        "errors": decoding.errors if whole else None,
        "regions": [region._asdict() for region in decoding.regions] if whole else None,
        "evidence": [evidence._asdict() for evidence in decoding.evidence],
    }
