"""The figures of docs/detection.md: a tool that is always right gets all, one that reads nothing gets none."""

from __future__ import annotations

from pathlib import Path

import detection
from damage import load
from detection import Case, Reading, Tool, cases, document, file_cases, is_right, measure

SENTENCES = Path(__file__).parents[2] / "fixtures" / "clean"


def test_the_truth_is_right_and_nothing_is_not() -> None:
    made = list(cases(load(SENTENCES), 1, 1))
    truths = {case.data: case.truths[0] for case in made}
    right = Tool("right", lambda data: Reading(truths.get(data, ""), 0.9))
    wrong = Tool("wrong", lambda _: Reading("", 0.9))
    measured = measure(made, [right, wrong])
    assert {kind for kind, _ in measured.total} == {"cut behind", "cut on both sides", "damaged", "mixed"}
    assert all(measured.right[0, *key] == count for key, count in measured.total.items())
    assert all(measured.right[1, *key] == 0 for key in measured.total)
    assert "| 0.8 to 0.95 |" in document(measured, "command")


def test_cases_are_the_same_for_the_same_seed() -> None:
    texts = load(SENTENCES)
    assert list(cases(texts, 3, 1)) == list(cases(texts, 3, 1))


def test_other_characters_are_not_right() -> None:
    case = Case("cut behind", "8", b"", ("你好世界",))
    assert is_right(case, "你好世界\N{REPLACEMENT CHARACTER}")
    assert not is_right(case, "你好世间")
    assert not is_right(case, "你好世界你好世界")


def test_real_files_are_named_by_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "iso-8859-2-polish"
    folder.mkdir()
    (folder / "a.txt").write_bytes("zażółć gęślą jaźń".encode("iso8859-2"))
    made = list(file_cases(tmp_path))
    assert made[0].truths == ("zażółć gęślą jaźń",)
    assert {case.detail for case in made} == {"whole", *(f"{size} bytes" for size in detection.WINDOWS)}
    assert {case.kind for case in made} == {detection.SINGLE_FILES}


def test_real_files_are_counted_by_what_has_to_be_known(tmp_path: Path) -> None:
    for name in ("Big5", "EUC-TW", "KOI8-R", "UTF-16"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_bytes(b"\xa4\xa4")
    kinds = {case.kind for case in file_cases(tmp_path) if case.detail == "whole"}
    assert kinds == {detection.CJK_FILES, detection.SINGLE_FILES, detection.OTHER_FILES}
