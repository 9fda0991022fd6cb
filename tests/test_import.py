"""Importing the library is cheap, and all its names are there."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mojimend

LATER = (
    "mojimend.decoding.decide",
    "mojimend.encodings.misread",
    "mojimend.models",
    "ftfy",
    "chardet",
    "click",
    "json",
)


def imported_by(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_what_text_needs_not_is_imported_later() -> None:
    assert imported_by("import mojimend").isdisjoint(LATER)
    assert "mojimend.decoding.decide" in imported_by("import mojimend; mojimend.decode")
    assert "mojimend.decoding.decide" not in imported_by("import mojimend; mojimend.fix_text('plain')")


def test_all_names_are_listed_and_there() -> None:
    assert set(mojimend.__all__) <= set(dir(mojimend))
    assert all(getattr(mojimend, name) is not None for name in mojimend.__all__)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'decodes'"):
        _ = mojimend.decodes  # type: ignore[attr-defined]
