"""Rules are found by their place, and chosen by name, family and language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mojimend import Applicability, Finding, Settings, UnknownName
from mojimend.kernel import Clue
from mojimend.profiles import PROFILES
from mojimend.rules.registry import Look, Rule, all_rules, rule_named, selected
from mojimend.text.page import Page


def names(settings: Settings) -> set[str]:
    return {rule.name for rule in selected(settings)}


def test_the_path_of_a_file_is_the_name_of_its_rule() -> None:
    for name, rule in all_rules().items():
        assert name == rule.name == rule.module.removeprefix("mojimend.rules.").replace(".", "/").replace("_", "-")
        assert rule.family == name.partition("/")[0]


def test_rules_are_sorted() -> None:
    assert list(all_rules()) == sorted(all_rules())
    assert [rule.name for rule in selected(Settings())] == sorted(names(Settings()))


def test_the_docstring_of_a_file_is_the_page_of_its_rule() -> None:
    for rule in all_rules().values():
        title = rule.page.splitlines()[0]
        assert title.endswith(".")
        assert ">>>" in rule.page
        assert rule.page.endswith("\n")


def test_a_rule_says_in_which_languages_it_is_at_home() -> None:
    for rule in all_rules().values():
        assert rule.languages <= {"zh", "ja", "ko"}


def test_nothing_selected_is_what_the_profile_has() -> None:
    assert names(Settings()) == {rule.name for rule in all_rules().values() if rule.family in PROFILES["repair"]}


def test_select_takes_names_and_families() -> None:
    assert names(Settings(select=("punctuation/doubled-mark",))) == {"punctuation/doubled-mark"}
    family = {name for name in all_rules() if name.startswith("punctuation/")}
    assert names(Settings(select=("punctuation",))) == family
    assert names(Settings(select=("punctuation", "punctuation/doubled-mark"))) == family


def test_ignore_wins_over_select() -> None:
    assert names(Settings(select=("punctuation/doubled-mark",), ignore=("punctuation",))) == set()
    left = names(Settings(ignore=("punctuation/doubled-mark",)))
    assert left == names(Settings()) - {"punctuation/doubled-mark"}


@pytest.mark.parametrize("tag", ["ja", "ja-JP", "JA"])
def test_rules_about_other_languages_do_not_run(tag: str) -> None:
    chosen = names(Settings(languages=(tag,)))
    assert chosen == {r.name for r in selected(Settings()) if not r.languages or "ja" in r.languages}
    assert "punctuation/doubled-mark" in chosen


def test_a_rule_for_one_language_runs_where_any_of_several_fits() -> None:
    for rule in all_rules().values():
        if rule.languages:
            assert rule.name in names(Settings(languages=("ko", "ja", "zh-Hant")))


@pytest.mark.parametrize("settings", [Settings(select=("punctuation/double-mark",)), Settings(ignore=("punctuatoin",))])
def test_an_unknown_name_is_an_error_that_names_a_near_one(settings: Settings) -> None:
    with pytest.raises(UnknownName, match="did you mean 'punctuation") as caught:
        selected(settings)
    assert caught.value.kind == "rule or family"


def test_an_unknown_name_with_nothing_near_names_what_there_is() -> None:
    with pytest.raises(UnknownName, match=r"there are: .*punctuation/doubled-mark"):
        rule_named("qqqq")


def test_a_rule_can_be_had_by_name() -> None:
    assert rule_named("punctuation/doubled-mark").family == "punctuation"


@pytest.mark.parametrize("by_origin", [True, False])
def test_a_rule_is_not_asked_about_a_text_without_its_triggers(by_origin: bool) -> None:
    rule = Rule("mojimend.rules.family.some_name", trigger="!", by_origin=by_origin)
    asked = []

    @rule
    def find(page: Page) -> Iterator[Finding]:
        asked.append(page.text)
        yield rule.finding(page, (0, 1), "seen")

    assert rule.name == "family/some-name"
    find_it = Look([rule]).finder([rule])
    assert list(find_it(Page("abc"))) == []
    assert [finding.found for finding in find_it(Page("abc!"))] == ["a"]
    assert [finding.found for finding in find_it(Page("abc!").after("abc"))] == ["a"] * by_origin
    assert asked == ["abc!", "abc"][: 1 + by_origin]


@pytest.mark.parametrize("by_origin", [True, False])
def test_a_rule_is_asked_again_about_the_same_text_only_if_it_looks_at_another(by_origin: bool) -> None:
    rule = Rule("mojimend.rules.family.some_name", trigger="!", by_origin=by_origin)
    asked = []

    @rule
    def find(page: Page) -> Iterator[Finding]:
        asked.append(page.origin)
        yield rule.finding(page, (0, 1), "seen")

    find_it = Look([rule]).finder([rule])
    page = Page("abc!").after("ab!")
    assert list(find_it(page)) == list(find_it(page.again()))
    assert asked == ["abc!", "ab!"][: 1 + by_origin]


def test_a_rule_is_asked_about_a_text_with_one_of_its_clues() -> None:
    clues = Clue("+", "A-Z", confirms=lambda text, at: text[at:].startswith("+AB")), Clue("~", "{", 1)
    rule = Rule("mojimend.rules.family.some_name", clues=lambda: clues)
    assert [bool(Look([rule]).concerned(text)) for text in ("a+b", "+A", "C++", "x+AB", "~{", "~ {", "~  {", "{~")] == [
        False, False, False, True, True, True, False, False,
    ]  # fmt: skip


def test_a_rule_that_is_never_sure_enough_is_not_asked() -> None:
    rule = Rule("mojimend.rules.family.some_name", trigger="!", surest=Applicability.LIKELY)
    assert [bool(Look([rule], level).concerned("a!")) for level in Applicability] == [True, True, False]


def test_a_safe_finding_may_need_more() -> None:
    rule = Rule("mojimend.rules.family.some_name", trigger="!?", clues_to_safe=lambda: (Clue("!"),))
    assert [bool(Look([rule], level).concerned("a?")) for level in Applicability] == [True, True, False]
    assert [bool(Look([rule], level).concerned("a!")) for level in Applicability] == [True, True, True]


def test_a_few_characters_that_are_not_ascii_need_no_clue() -> None:
    rule = Rule("mojimend.rules.family.some_name", trigger="!", few=3)
    assert [bool(Look([rule]).concerned(text)) for text in ("天地人", "天地人和", "abc")] == [True, False, False]


def test_no_rules_are_never_asked() -> None:
    assert not Look([]).concerned("+T2BZfQ- 浣犲ソ")
