"""Data about characters, each file with its source in its head; ``training/build_tables.py`` makes them anew."""

from __future__ import annotations

import pkgutil


def rows(name: str) -> list[list[str]]:
    """Return the rows of a table, split at tabs, without the head.

    >>> rows("readings.tsv")[0][0]
    'a'
    """
    data = pkgutil.get_data(__name__, name)
    assert data is not None
    return [line.split("\t") for line in data.decode("utf-8").splitlines() if not line.startswith("#")]
