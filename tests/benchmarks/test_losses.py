"""The figures for text that lost bytes: what came back, what was lost, and what a share is worth."""

from __future__ import annotations

import losses
import pytest
from damage import Case, Text

from mojimend import Settings, fix_text, garble, repair

TEXTS = [
    Text("zhs", "", ("气象台发布预警，今天夜里到明天白天有大雨，请注意安全。",), ""),
    Text("ko", "", ("도서관은 다음 주부터 저녁 여덟 시까지 문을 엽니다.",), ""),
]
MADE = list(losses.cases(TEXTS, 1, 1))


def cells(section: str, label: str) -> list[str]:
    (row,) = [line for line in section.splitlines() if line.startswith(f"| {label} |")]
    return [cell.strip() for cell in row.strip("|").split("|")][1:]


def test_every_case_lost_bytes_and_says_how() -> None:
    assert {(case.path[1], mark) for case, mark in MADE} == {(loss.read, loss.mark) for loss in losses.LOSSES}
    for case, mark in MADE:
        assert mark in case.text
        assert mark not in case.truth
        assert len(case.truth) == case.length


@pytest.mark.parametrize("case", [case for case, mark in MADE if case.path[1] == "cp1252"])
def test_windows_1252_loses_what_python_finds_undefined(case: Case) -> None:
    assert case.text == case.truth.encode().decode("cp1252", "replace")


@pytest.mark.parametrize("case", [case for case, _ in MADE])
def test_a_guess_is_found_where_the_safe_text_has_a_mark(case: Case) -> None:
    safe, likely = fix_text(case.text), repair(case.text, Settings(accept="likely"))
    places = [at for at, _ in losses.guesses_in(likely)]
    assert len(safe) == len(likely.text)
    assert places == [at for at, char in enumerate(safe) if char == losses.MARK != likely.text[at]]


def test_what_comes_back_is_told_from_what_was_invented() -> None:
    case = Case("lossy", "zhs", ("utf-8", "gb18030"), 4, "", "你好世界")
    safe, likely, theirs = (losses.compare(answer, case.truth)[0] for answer in ("你好��", "你好世人", "浣犲ソ"))
    guesses = (losses.Guessed(0.9, right=True), losses.Guessed(0.8, right=False), losses.Guessed(1.0, right=True))
    section = losses.section([losses.Outcome(case, "?", safe, likely, theirs, guesses)])
    assert cells(section, "all")[1:] == ["1", "50.0", "0", "75.0", "25.0", "50.0", "0", "100"]
    assert cells(section, "80 to 90 %") == ["1", "80.0", "0"]
    assert cells(section, "90 to 100 %") == ["2", "95.0", "100"]


def test_losses_are_those_of_garble() -> None:
    loss = losses.LOSSES[1]
    assert loss.garble('"你好！"') == garble.misread('"你好！"', written="utf-8", read="gb18030", lost="pair", mark="?")
