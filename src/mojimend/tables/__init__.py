"""Data about characters, each file with its source in its head; ``training/build_tables.py`` makes them anew.

The files of numbers alone, which have none, are told of where they are read: ``pairs.bin`` in ``encodings/pairs.py``,
``bytes.bin`` in ``encodings/bytes_of.py``, ``costs.bin`` in ``models/runs.py``, ``lost.bin`` in
``rules/lost_characters.py``.
"""

from __future__ import annotations

import mmap
import os.path


def mapped(path: str) -> memoryview:
    """Return the bytes of a file of this package: mapped, so that processes share them, but for one in a zip file."""
    # To import pathlib takes as long as to map the file and check it, and pkgutil a millisecond.
    if not os.path.isfile(path):  # noqa: PTH113
        return memoryview(__loader__.get_data(path))  # type: ignore[name-defined]
    with open(path, "rb") as file:  # noqa: PTH123
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def path_of(name: str) -> str:
    """Return where a table stands."""
    return os.path.join(os.path.dirname(__file__), name)  # noqa: PTH118, PTH120


def body(name: str) -> str:
    """Return a table without its head."""
    text: str = __loader__.get_data(path_of(name)).decode("utf-8")  # type: ignore[name-defined]
    while text.startswith("#"):
        text = text.partition("\n")[2]
    return text


def rows(name: str) -> list[list[str]]:
    """Return the rows of a table, split at tabs.

    >>> rows("readings.tsv")[0][0]
    'a'
    """
    return [line.split("\t") for line in body(name).splitlines()]


def characters(digits: str) -> str:
    """Return the characters with these numbers, of eight hexadecimal digits each; white space is passed over.

    >>> characters("00006c49 00005b57")
    '汉字'
    """
    # Read as UTF-32 with a mark in front, which takes a third of the time of int() and imports no codec.
    return bytes.fromhex("0000feff" + digits).decode("utf-32", "surrogatepass")
