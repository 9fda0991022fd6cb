"""Importing the library is cheap, and all its names are there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import mojimend
from mojimend.kernel import COMPILED
from mojimend.rules.mojibake import western
from mojimend.rules.registry import Look, all_rules

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


# What makes classes from a description, what brings in as much, and who chose nothing needs not.
NEEDLESS = {"dataclasses", "inspect", "mojimend.settings", "pkgutil"}
# A table tells what codecs of one byte a character read, and who wants the text alone needs no record.
NOT_TO_MEND_TEXT = NEEDLESS | {"encodings.cp1252", "encodings.mac_roman", "mojimend.report"}


@pytest.mark.parametrize("text", ["我们昨天在公园里散步。", "浣犲ソ锛屼笘鐣岋紒浠婂ぉ", "ä½\xa0å¥½ï¼Œä¸–ç•Œ"])
def test_to_mend_text_takes_no_settings_nor_codecs_of_one_byte(text: str) -> None:
    imported = imported_by(f"import mojimend; mojimend.fix_text({text!a})") - imported_by("pass")
    assert "mojimend.rules.mojibake.misread" in imported
    assert imported & NOT_TO_MEND_TEXT == set()


@pytest.mark.parametrize("text", ["Il a été créé à Rome.", "Το 2005 από την Αθήνα"])
def test_clean_western_text_takes_no_ftfy(text: str) -> None:
    imported = imported_by(f"import mojimend; mojimend.fix_text({text!a})")
    # It was looked at.
    assert western.rule in Look(all_rules().values()).concerned(text)
    assert imported.isdisjoint({"encodings.iso8859_2", "encodings.mac_roman", "importlib.machinery", "ftfy"})


# ≈ and a space are š in Mac Roman, Ł and a space a digit of Arabic in code page 1257, ─│ a letter in code page 437.
@pytest.mark.parametrize("text", ["今天 16 °C ≈ 61 °F，很冷。", "作者：MICHAŁ KOWALSKI", "───│ 第一章"])
def test_what_is_utf_8_by_chance_takes_no_ftfy(text: str) -> None:
    imported = imported_by(f"import mojimend; mojimend.fix_text({text!a})")
    assert western.is_undoable(text)
    assert imported.isdisjoint({"importlib.machinery", "ftfy"})


# π and ¬ side by side are bad behind a letter alone.
def test_what_may_be_bad_takes_a_part_of_ftfy() -> None:
    imported = imported_by("import mojimend; mojimend.fix_text('Ã? 1π¬')")
    assert "importlib.machinery" in imported
    assert "ftfy" not in imported


@pytest.mark.parametrize("text", ["我们昨天在公园里散步。", "浣犲ソ锛屼笘鐣岋紒浠婂ぉ"])
def test_to_tell_of_bytes_takes_no_settings(text: str) -> None:
    imported = imported_by(f"import mojimend; mojimend.check({text!a}.encode('gb18030'))") - imported_by("pass")
    assert "mojimend.decoding.plain" in imported
    assert imported & NEEDLESS == set()


# What only damage needs, or bytes in other encodings than UTF-8, or files of one format, folders, or writing.
NOT_FOR_A_CLEAN_FILE = {
    "mojimend.cli.folder",
    "mojimend.cli.journal",
    "mojimend.cli.replacement",
    "mojimend.cli.writing",
    "mojimend.decoding.stages",
    "mojimend.encodings.fills",
    "mojimend.encodings.misread",
    "mojimend.encodings.reread",
    "mojimend.formats.csv",
    "mojimend.formats.html",
    "mojimend.formats.json",
    "mojimend.models.plausibility",
    "mojimend.reporters.concise",
    "mojimend.reporters.diff",
    "mojimend.rules.evidence",
    "mojimend.rules.misreading",
    "mojimend.rules.search",
    "mojimend.text.visible",
    "encodings.cp1252",
    "ftfy",
    "hashlib",
    "json",
    "pathlib",
    "pathspec",
    "shutil",
    "zlib",
}
CLEAN = "我们昨天下午在公园里散步的时候遇到了一位很久没有见面的老朋友，一起去喝了茶。\n"
# So many modules are imported that click has not imported already: 73 of ours, a tenth of a millisecond each, and 14 of
# Python's when this was written.
MOST_MODULES = 90
# To compile an expression takes up to 15 ms, and there are some hundred in the rules.
MOST_EXPRESSIONS = 6


def running(*arguments: str) -> str:
    """Return code that runs the command."""
    return f"""
from mojimend.cli import main
try:
    main({list(arguments)!r})
except SystemExit:
    pass
"""


@pytest.mark.parametrize("text", [CLEAN, "Nothing is wrong here.\n"], ids=["Chinese", "ASCII"])
@pytest.mark.parametrize("arguments", [("check",), ("check", "-q"), ("fix",), ("fix", "--diff")])
def test_a_clean_file_needs_little(tmp_path: Path, arguments: tuple[str, ...], text: str) -> None:
    path = tmp_path / "page.txt"
    path.write_text(text, "utf-8")
    aside = f"import os\nout = os.dup(1)\nos.dup2(2, 1){running(*arguments, str(path))}os.dup2(out, 1)"
    imported = imported_by(aside)
    assert "mojimend.rules.mojibake.misread" in imported
    assert imported & NOT_FOR_A_CLEAN_FILE == set()
    assert len(imported - imported_by("import click")) <= MOST_MODULES


@pytest.mark.skipif(not COMPILED, reason="what C does elsewhere are expressions here")
def test_little_is_compiled_for_a_clean_file(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(CLEAN, "utf-8")
    counting = """
import re._compiler
import click
compile, compiled = re._compiler.compile, []
def count(expression, flags=0):
    compiled.append(expression)
    return compile(expression, flags)
re._compiler.compile = count
"""
    script = counting + running("check", "-q", str(path)) + "print(*map(ascii, compiled), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert 0 < len(done.stdout.splitlines()) <= MOST_EXPRESSIONS, done.stdout


@pytest.mark.parametrize(("argument", "more"), [("--version", {"mojimend.kernel"}), ("--help", set())])
def test_what_reads_no_file_needs_next_to_nothing(argument: str, more: set[str]) -> None:
    imported = {name for name in imported_by(running(argument)) if name.startswith("mojimend")}
    # The version tells of the kernel whether it is in C.
    of_kernel = {name for name in imported if name.startswith("mojimend.kernel.")}
    assert imported - of_kernel == {"mojimend", "mojimend.cli", "mojimend.errors"} | more
    assert bool(of_kernel) == bool(more)


def test_the_program_searches_for_circles_while_it_works() -> None:
    script = """
import gc
from mojimend import __main__, cli
from mojimend.cli import rules
rules.all_rules = lambda: print(gc.isenabled()) or {}
sys = __import__("sys")
sys.argv = ["mojimend", "rules"]
__main__.run()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_all_names_are_listed_and_there() -> None:
    assert set(mojimend.__all__) <= set(dir(mojimend))
    assert all(getattr(mojimend, name) is not None for name in mojimend.__all__)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'decodes'"):
        _ = mojimend.decodes  # type: ignore[attr-defined]
