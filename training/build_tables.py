"""Make the tables of src/mojimend/tables anew, or check that they are what the sources give.

    python training/build_tables.py            # writes them
    python training/build_tables.py --check    # exit 1 if one differs

The sources are the packages of the dependency group `training`, at the versions pinned there.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

TABLES = Path(__file__).parent.parent / "src" / "mojimend" / "tables"

HEADER = """\
# {what}
# source: {source}
# made by: python training/build_tables.py
"""


def two_byte_han() -> Iterator[str]:
    """Yield the Han characters of GBK, the only ones that the damage in question can stand on."""
    for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00)):
        char = chr(code)
        if len(char.encode("gb18030")) == 2:
            yield char


def readings() -> str:
    """Make readings.tsv: a reading with its tone mark, the characters read so first of all, and those read so too."""
    from pypinyin.constants import PINYIN_DICT

    first: defaultdict[str, list[str]] = defaultdict(list)
    other: defaultdict[str, list[str]] = defaultdict(list)
    for char in two_byte_han():
        for i, reading in enumerate(PINYIN_DICT.get(ord(char), "").split(",")):
            if reading:
                (other if i else first)[unicodedata.normalize("NFC", reading)].append(char)
    header = HEADER.format(
        what="Readings of the Han characters of GBK: reading, characters read so first, characters read so too",
        source=f"pypinyin {version('pypinyin')} (MIT), pypinyin.constants.PINYIN_DICT",
    )
    rows = (f"{r}\t{''.join(first[r])}\t{''.join(other[r])}\n" for r in sorted({*first, *other}))
    return header + "".join(rows)


def traditional() -> str:
    """Make traditional.tsv: characters that a text in Simplified Chinese does not have, and what it has for them."""
    import opencc

    simplified = opencc.OpenCC("t2s").convert
    header = HEADER.format(
        what="Han characters of GBK that are Traditional forms, and on the second line their Simplified forms",
        source=f"OpenCC {version('opencc')} (Apache-2.0), configuration t2s, character by character",
    )
    forms = [char for char in two_byte_han() if simplified(char) != char]
    return f"{header}{''.join(forms)}\n{''.join(map(simplified, forms))}\n"


ALL = {"readings.tsv": readings, "traditional.tsv": traditional}


def main() -> int:
    """Write the tables, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only, exit 1 if a table differs")
    check = parser.parse_args().check
    differ = []
    for name, make in ALL.items():
        path, made = TABLES / name, make()
        if check:
            if path.read_text("utf-8") != made:
                differ.append(name)
        else:
            path.write_text(made, "utf-8")
    for name in differ:
        print(f"{name} is not what its source gives; run python training/build_tables.py", file=sys.stderr)
    return bool(differ)


if __name__ == "__main__":
    sys.exit(main())
