"""Data about characters, each file with its source in its head; ``training/build_tables.py`` makes them anew."""

from __future__ import annotations

import os.path


def body(name: str) -> str:
    """Return a table without its head."""
    # As pkgutil does it, which takes a millisecond to import.
    path = os.path.join(os.path.dirname(__file__), name)  # noqa: PTH118, PTH120
    text: str = __loader__.get_data(path).decode("utf-8")  # type: ignore[name-defined]
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
