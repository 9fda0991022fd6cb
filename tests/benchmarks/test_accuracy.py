"""The figures of docs/accuracy.md: a tool that is always right gets all, one that does nothing gets what is clean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import accuracy
import indistinct
import pytest
from damage import Case, Maker, Sampler, Text, garble, load, write
from measuring import Result, Tool, measure

SENTENCES = {
    "zh-Hans": "气象台发布预警，今天夜里到明天白天有大雨，请注意安全。\n图书馆下周一起延长开放时间，欢迎读者前来借阅。",
    "ja__news": "きょう午前九時ごろ、東北地方で地震がありました。\n図書館は来週から夜八時まで開いています。",
    "en": "The library stays open until eight in the evening.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in SENTENCES.items():
        (tmp_path / f"{name}.txt").write_text(text + "\n", "utf-8")
    return tmp_path


def answers(folder: Path) -> dict[str, str]:
    return {case.text: case.truth for case in Maker(load(folder), 1, 1).cases()}


def measured(folder: Path, *fixes: Callable[[str], str]) -> accuracy.Run:
    tools = [Tool(f"tool {number}", fix) for number, fix in enumerate(fixes)]
    return accuracy.run(folder, 1, 1, tools)


def cells(section: str, label: str) -> list[str]:
    """Return the cells of the row of a table that begins with the label."""
    (row,) = [line for line in section.splitlines() if line.startswith(f"| {label} |")]
    return [cell.strip() for cell in row.strip("|").split("|")][1:]


def test_one_that_knows_gets_all_and_one_that_does_nothing_only_what_is_clean(folder: Path) -> None:
    truth = answers(folder)
    run = measured(folder, lambda text: truth[text], str)
    summary = accuracy.at_a_glance(run)
    for damaged in ("misread once, all lengths", "misread twice", "a misread stretch inside a clean line"):
        cases, *shares = cells(summary, damaged)
        assert int(cases) > 0
        assert shares == ["100", "0"]
    assert cells(summary, "clean lines left alone") == ["5", "100", "100"]
    assert cells(summary, "clean snippets of 6 characters left alone") == ["5", "100", "100"]
    assert "mojimend changed none." in accuracy.clean(run)
    assert cells(accuracy.reversible(run), "tool 1")[-1] == "0"


def test_a_share_is_of_the_cases_of_its_own_cell() -> None:
    def result(language: str, length: int, *right: bool) -> Result:
        return Result(Case("reversible", language, ("utf-8", "cp1252"), length, "ä½ ", "你"), "", right)

    results = [result("zhs", 2, True, False), result("zhs", 2, False, False), result("ja", 4, True, True)]
    texts = [Text("zhs", "", (), ""), Text("ja", "", (), "")]
    section = accuracy.reversible(accuracy.Run("", 1, 1, ("ours", "theirs"), texts, results))
    assert cells(section, "ours") == ["50.0", "100", "–", "–", "–", "–", "66.7"]
    assert cells(section, "theirs") == ["0", "100", "–", "–", "–", "–", "33.3"]
    assert cells(section, "`zhs`") == ["50.0", "–", "–", "–", "–", "–", "50.0"]
    assert cells(section, "utf-8 | cp1252")[1:] == ["50.0", "100", "–", "–", "–", "–", "66.7"]


def test_what_was_changed_in_clean_text_is_shown_up_to_ten(folder: Path) -> None:
    section = accuracy.clean(measured(folder, lambda text: text.replace("library", "lib|rary")))
    assert "mojimend changed 1. All of them" in section
    assert "| `en` | `The library stays` | `The lib\\|rary stays` |" in section
    section = accuracy.clean(measured(folder, lambda text: text + "!"))
    assert "mojimend changed 10. All of them" in section
    assert section.count("!` |") == 10


def test_what_a_tool_tidies_is_not_held_against_it() -> None:
    case = Case("clean", "en", (), 0, "“so”", "“so”")
    quotes = str.maketrans("“”", '""')
    tidy: Callable[[str], str] = lambda text: text.translate(quotes)  # noqa: E731
    assert measure([case], [Tool("strict", tidy), Tool("tidy", tidy, tidy)]) == [Result(case, '"so"', (False, True))]


def test_the_same_again_gives_the_same_document(folder: Path) -> None:
    first, second = (accuracy.document(measured(folder, str)) for _ in range(2))
    assert first == second
    assert str(folder.parent) not in first


def test_more_cells_leave_the_others_as_they_were(folder: Path) -> None:
    texts = load(folder)
    alone = [text for text in texts if text.language == "ja"]
    assert [case for case in Maker(texts, 1, 1).cases() if case.language == "ja"] == list(Maker(alone, 1, 1).cases())


def test_every_case_is_damaged_as_it_says(folder: Path) -> None:
    for case in Maker(load(folder), 1, 1).cases():
        if case.kind in {"reversible", "layered"}:
            assert garble(case.truth, *case.path) == case.text
            assert len(case.truth) == case.length
        elif case.kind == "embedded":
            assert case.text != case.truth
            assert case.text[:5] == case.truth[:5]


def test_text_is_found_by_the_names_of_the_corpus_and_of_the_fixtures(folder: Path) -> None:
    assert [(text.language, text.name) for text in load(folder)] == [("en", ""), ("ja", "news"), ("zhs", "")]


def test_no_text_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="holds no text"):
        measured(tmp_path, str)


@pytest.mark.parametrize(
    ("text", "path", "garbled"),
    [
        ("你好", ("utf-8", "gb18030"), "浣犲ソ"),
        ("你好", ("gb18030", "latin-1"), "ÄãºÃ"),
        ("丁", ("utf-8", "cp1252"), "ä¸\x81"),
        ("И", ("utf-8", "cp1251"), "Р\x98"),
        ("の", ("euc_jp", "gb18030"), None),
        ("简", ("cp932", "gb18030"), None),
    ],
)
def test_garbling_is_what_python_and_the_web_do(text: str, path: tuple[str, str], garbled: str | None) -> None:
    assert garble(text, *path) == garbled
    if garbled is not None:
        assert write(garbled, path[1]) == text.encode(path[0])


def test_snippets_are_mostly_cjk() -> None:
    from random import Random

    sampler = Sampler([Text("ja", "", ("abc 気象庁 def",), "")])
    drawn = {sampler.snippet(Random(seed), 2) for seed in range(50)} - {None}
    assert drawn == {"気象", "象庁"}


def test_kana_have_the_same_bytes_in_euc_jp_and_gbk() -> None:
    assert set("のアЖ") <= indistinct.unchanged("euc_jp", "gb18030")
    assert not set("ー気一") & indistinct.unchanged("euc_jp", "gb18030")


def test_twins_are_found_with_what_makes_them_so() -> None:
    snippets = [
        indistinct.Snippet(2, language, text)
        for language, text in (("zht", "日內"), ("ja", "らず"), ("ja", "方を"), ("ja", "数を"))
    ]
    same, stands, _ = indistinct.by_cause(indistinct.find_twins(snippets))
    assert [(one.first.text, one.second.text) for one in same["big5hkscs", "euc_jp"]] == [("日內", "らず")]
    assert [(one.second.text, one.garbled) for one in stands["euc_jp", "cp950"]] == [("らず", "日內")]
    assert indistinct.longer_than_one(same["big5hkscs", "euc_jp"]) == 1


def test_the_commonest_snippets_come_first() -> None:
    texts = [Text("ja", "", ("雨、雨、雨。", "雪、雪"), ""), Text("en", "", ("rain",), "")]
    assert indistinct.common_snippets(texts, most=1) == [indistinct.Snippet(600_000, "ja", "雨")]


def test_a_likelier_reading_is_told_from_the_truth() -> None:
    assert indistinct.reads_better("浣犲ソ", "你好") is None
    assert indistinct.reads_better("今天", "浠婂ぉ") == "今天"
