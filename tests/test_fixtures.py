"""The cases that are kept as data: every file under fixtures/ holds."""

from __future__ import annotations

import runpy
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from mojimend import Applicability, Settings, check, fix_text, repair
from mojimend.rules.registry import all_rules

FIXTURES = Path(__file__).parents[1] / "fixtures"
KINDS_OF_SOURCE = ("synthetic", "found: ", "issue: ")


@dataclass(frozen=True, slots=True)
class Case:
    """One ``[[case]]`` of ``fixtures/rules/<family>/<rule>.toml``.

    ``found`` are the quotes of the rule's findings at the default settings; without them the rule must stay silent.
    ``repaired`` is the text after ``fix_text`` with ``accept``; without it the text stays as it is. TOML can't hold
    lone surrogates: the original has them in ``original_hex``, and the rest writes them out as ``'\\ud83d'``.
    """

    rule: str
    label: str
    source: str
    original: str
    found: tuple[str, ...]
    repaired: str | None
    accept: Literal["safe", "likely"]
    known_failure: str | None


@dataclass(frozen=True, slots=True)
class DamagedPage:
    """One folder ``fixtures/pages/<slug>``: a page as it was scraped, and as it should be."""

    slug: str
    damaged: bytes
    mended: str


def read_case(rule: str, row: dict[str, Any]) -> Case:
    """Turn a row into a case, and refuse what it does not know."""
    row = dict(row)
    try:
        original_hex = row.pop("original_hex", None)
        case = Case(
            rule,
            label=row.pop("label"),
            source=row.pop("source"),
            original=row.pop("original") if original_hex is None else unhex(original_hex),
            found=tuple(row.pop("found", ())),
            repaired=row.pop("repaired", None),
            accept=row.pop("accept", "safe"),
            known_failure=row.pop("known_failure", None),
        )
    except KeyError as missing:
        raise ValueError(f"{rule}: a case has no {missing}: {row}") from None
    if row:
        raise ValueError(f"{rule}: {case.label!r} has keys that mean nothing: {', '.join(row)}")
    if not case.source.startswith(KINDS_OF_SOURCE):
        raise ValueError(f"{rule}: {case.label!r} comes from {case.source!r}, which is none of {KINDS_OF_SOURCE}")
    return case


def unhex(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-8", "surrogatepass")


def shown(text: str) -> str:
    """Write lone surrogates out, as the fixtures do."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def read_cases() -> Iterator[Case]:
    for path in sorted(FIXTURES.glob("rules/*/*.toml")):
        rule = f"{path.parent.name}/{path.stem}"
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield read_case(rule, row)


def read_pages() -> Iterator[DamagedPage]:
    for folder in sorted(path for path in FIXTURES.glob("pages/*") if path.is_dir()):
        (damaged,) = folder.glob("damaged.*")
        (mended,) = folder.glob("mended.*")
        yield DamagedPage(folder.name, damaged.read_bytes(), mended.read_bytes().decode("utf-8"))


CASES = tuple(read_cases())
PAGES = tuple(read_pages())
CLEAN = {path.stem: path.read_bytes().decode("utf-8") for path in sorted(FIXTURES.glob("clean/*.txt"))}


def of_case(case: Case) -> Any:
    """Make the test's parameter: a known failure must fail, or its line in the fixture is out of date."""
    marks = [pytest.mark.xfail(reason=case.known_failure, strict=True)] if case.known_failure else []
    return pytest.param(case, marks=marks, id=f"{case.rule}: {case.label}")


@pytest.mark.parametrize("case", [of_case(case) for case in CASES])
def test_case(case: Case) -> None:
    found = [shown(finding.found) for finding in check(case.original) if finding.rule == case.rule]
    assert found == list(case.found)
    mended = fix_text(case.original, Settings(accept=case.accept))
    assert shown(mended) == shown(case.original if case.repaired is None else case.repaired)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"source": "synthetic", "original": "甲"}, "has no 'label'"),
        ({"label": "a", "source": "synthetic", "original": "甲", "repared": "乙"}, "mean nothing: repared"),
        ({"label": "a", "source": "somewhere", "original": "甲"}, "comes from 'somewhere'"),
    ],
)
def test_a_case_that_is_not_well_formed_is_refused(row: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_case("family/rule", row)


def test_every_rule_has_a_fixture_file_and_every_file_a_rule() -> None:
    assert sorted({case.rule for case in CASES}) == sorted(all_rules())


@pytest.mark.parametrize("rule", all_rules())
def test_a_rule_has_at_least_as_many_silent_cases_as_mended_ones(rule: str) -> None:
    cases = [case for case in CASES if case.rule == rule]
    silent = [case for case in cases if not case.found]
    mended = [case for case in cases if case.found and case.repaired is not None]
    assert len(silent) >= max(1, len(mended))


@pytest.mark.parametrize("rule", all_rules())
def test_labels_are_unique(rule: str) -> None:
    labels = [case.label for case in CASES if case.rule == rule]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_page_is_mended(page: DamagedPage) -> None:
    assert repair(page.damaged).text == page.mended


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_mended_page_has_nothing_left_to_mend(page: DamagedPage) -> None:
    assert [finding for finding in check(page.mended) if finding.applicability is Applicability.SAFE] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_page_says_what_it_is(page: DamagedPage) -> None:
    about = tomllib.loads((FIXTURES / "pages" / page.slug / "about.toml").read_text(encoding="utf-8"))
    assert about["label"]


@pytest.mark.parametrize("language", CLEAN)
def test_clean_text_comes_out_as_it_is(language: str) -> None:
    text = CLEAN[language]
    changed = [(line, mended) for line in text.split("\n") if (mended := fix_text(line)) != line]
    assert changed == []
    assert fix_text(text) == text


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "ja", "ko", "en"])
def test_there_is_enough_clean_text(language: str) -> None:
    assert len(CLEAN[language].splitlines()) >= 25


def test_the_damaged_pages_are_what_their_script_makes() -> None:
    make = runpy.run_path(str(FIXTURES / "pages" / "make.py"))
    folders = [about.parent for about in (FIXTURES / "pages").glob("*/about.toml")]
    assert folders
    for folder in folders:
        assert next(folder.glob("damaged.*")).read_bytes() == make["damage"](folder)
