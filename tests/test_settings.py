"""Settings are values."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from mojimend import Settings, UnknownName, check, fix_text, repair


def test_what_nobody_chose() -> None:
    assert Settings() == Settings(select=(), ignore=(), accept="safe", languages=(), profile="repair")


def test_they_cannot_be_changed_but_replaced() -> None:
    settings = Settings()
    with pytest.raises(FrozenInstanceError):
        settings.accept = "likely"  # type: ignore[misc]
    assert replace(settings, accept="likely").accept == "likely"
    assert settings.accept == "safe"


@pytest.mark.parametrize("field", ["select", "ignore", "languages"])
@pytest.mark.parametrize("given", ["zh", ["zh"], ("zh",)])
def test_one_name_or_a_list_of_names_becomes_a_tuple(field: str, given: Any) -> None:
    choice: dict[str, Any] = {field: given}
    settings = Settings(**choice)
    assert getattr(settings, field) == ("zh",)
    assert settings in {Settings(**{**choice, field: ("zh",)})}


@pytest.mark.parametrize(
    ("wrong", "kind", "hint"),
    [
        ({"profile": "repiar"}, "profile", "did you mean 'repair'"),
        ({"accept": "likly"}, "level of acceptance", "did you mean 'likely'"),
        ({"accept": "note"}, "level of acceptance", "there are: likely, safe"),
        ({"languages": ("zh", "fr-FR")}, "language", "there are: ja, ko, zh"),
        ({"languages": "chinese"}, "language", "no language is named 'chinese'"),
    ],
)
def test_what_does_not_exist_is_refused(wrong: dict[str, Any], kind: str, hint: str) -> None:
    with pytest.raises(UnknownName, match=hint) as caught:
        Settings(**wrong)
    assert caught.value.kind == kind


@pytest.mark.parametrize("tag", ["zh", "zh-Hans", "zh-Hant-TW", "JA", "ko-KR"])
def test_languages_are_tags(tag: str) -> None:
    assert Settings(languages=(tag,)).languages == (tag,)


def test_unknown_rules_are_refused_when_the_settings_are_used() -> None:
    settings = Settings(select=("no/such-rule",))
    with pytest.raises(UnknownName, match="no/such-rule"):
        fix_text("clean", settings)


def test_every_call_heeds_them() -> None:
    text, settings = "好，，好", Settings(ignore=("punctuation",))
    assert check(text) != ()
    assert check(text, settings) == repair(text, settings).findings == ()
    assert fix_text(text, settings) == text
