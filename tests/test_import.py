"""Importing the library is cheap, and all its names are there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


# What only damage needs, or bytes in other encodings than UTF-8, or files of one format.
ONLY_FOR_DAMAGE = (
    "mojimend.decoding.stages",
    "mojimend.encodings.fills",
    "mojimend.encodings.misread",
    "mojimend.encodings.reread",
    "mojimend.formats.csv",
    "mojimend.formats.html",
    "mojimend.formats.json",
    "mojimend.models.plausibility",
    "mojimend.rules.evidence",
    "mojimend.rules.misreading",
    "ftfy",
    "json",
)
CLEAN = "我们昨天下午在公园里散步的时候遇到了一位很久没有见面的老朋友，一起去喝了茶。\n"


def test_a_clean_file_needs_little(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(CLEAN, "utf-8")
    command = f"from mojimend.cli import main\ntry: main(['check', '-q', {str(path)!r}])\nexcept SystemExit: pass"
    imported = imported_by(command)
    assert "mojimend.rules.mojibake.misread" in imported
    assert imported.isdisjoint(ONLY_FOR_DAMAGE)


def test_all_names_are_listed_and_there() -> None:
    assert set(mojimend.__all__) <= set(dir(mojimend))
    assert all(getattr(mojimend, name) is not None for name in mojimend.__all__)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'decodes'"):
        _ = mojimend.decodes  # type: ignore[attr-defined]
