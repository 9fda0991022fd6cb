"""What holds for every text: each fixture, each clean line, and whatever hypothesis can make of the rules' triggers."""

from __future__ import annotations

import re
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal

import pytest
from counting import operations
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from test_fixtures import CASES, CLEAN, PAGES

from mojimend import (
    Applicability,
    Edit,
    Finding,
    Repair,
    Report,
    Settings,
    Span,
    Step,
    check,
    decode,
    explain,
    fix_text,
    repair,
)
from mojimend.decoding.binary import controls_in
from mojimend.encodings.misread import Misread
from mojimend.encodings.seven_bit import KINDS
from mojimend.encodings.trace import trace
from mojimend.finding import replace
from mojimend.mending.apply import Find, mend
from mojimend.mending.passes import in_order
from mojimend.mending.replay import run
from mojimend.pipeline import pipeline
from mojimend.reporters.story import tell
from mojimend.rules.mojibake import western
from mojimend.rules.registry import Look, Rule, all_rules, selected
from mojimend.text import remembered
from mojimend.text.columns import columns_of
from mojimend.text.edits import OffsetMap, apply, compose, invert
from mojimend.text.page import Page

SAFE, LIKELY = Settings(), Settings(accept="likely")
RULES = tuple(all_rules().values())
LOCAL = tuple(rule.name for rule in RULES if rule.local)

# --- The texts -------------------------------------------------------------------------------------------------------

TEXTS = {
    **{f"{case.rule}: {case.label}": case.original for case in CASES},
    **{f"page {page.slug}": repair(page.damaged).source for page in PAGES},
    **{
        f"clean {language}:{n}": line for language, text in CLEAN.items() for n, line in enumerate(text.splitlines(), 1)
    },
}
EVERY_CHARACTER = "".join(map(chr, range(sys.maxunicode + 1)))
TRIGGERS = {
    rule.name: re.findall("|".join(f"[{clue.first}]" for clue in rule.clues(Applicability.NOTE)), EVERY_CHARACTER)
    for rule in RULES
}
MARKERS = [
    *(re.escape(shift) + behind for kind in KINDS for shift, behind in kind.markers.items()),
    r"\?(?:\?|\d{1,2}\?\d{1,2}\?)",
]
ORIGINALS = [case.original for case in CASES]

# Short enough that the pieces of several cases meet, and cut anywhere, so that damage is cut too.
scraps = st.builds(
    lambda text, start, length: text[start : start + length],
    st.sampled_from(ORIGINALS),
    st.integers(0, 60),
    st.integers(1, 16),
)
han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
ascii_characters = st.characters(max_codepoint=0x7F)
markers = st.one_of([st.from_regex(marker) for marker in MARKERS])
triggers = st.one_of([st.sampled_from(characters) for characters in TRIGGERS.values()])
cjk = st.text(triggers | han | ascii_characters, max_size=30)
# What rules really fire on: scraps of the fixtures between characters of all kinds; some lines repeat.
damaged = st.lists(scraps | triggers | markers | han | ascii_characters | st.just("\n"), max_size=20).map("".join)
any_text = st.text(st.characters())  # of all code points, lone surrogates among them
# Few kinds, many times: so that marks meet their like.
units = st.lists(triggers | scraps | han, min_size=1, max_size=4)
dense = units.flatmap(lambda some: st.lists(st.sampled_from(some), max_size=24)).map("".join)
texts = damaged | dense | cjk | any_text | st.lists(st.sampled_from(ORIGINALS), max_size=3).map("\n".join)

# --- The laws of a report --------------------------------------------------------------------------------------------


def it_replays_to_its_text(report: Report) -> None:
    assert report.replay() == report.text


def it_runs_backwards_to_its_source(report: Report) -> None:
    assert report.reverse() == report.source


def findings_quote_what_stands_there(report: Report) -> None:
    for finding in report.findings:
        assert report.source[finding.span.start : finding.span.end] == finding.found != ""


def findings_are_sorted(report: Report) -> None:
    places = [(finding.span, finding.rule) for finding in report.findings]
    assert places == sorted(places)


def steps_lead_from_what_was_found_to_the_replacement(report: Report) -> None:
    for finding in report.findings:
        if finding.repair is not None:
            assert run(finding.repair.steps, finding.found) == finding.repair.replacement


def safe_transcodings_run_backwards(report: Report) -> None:
    inverse: dict[str, Literal["encode", "decode"]] = {"encode": "decode", "decode": "encode"}
    for finding in report.findings:
        if finding.repair is None or finding.applicability < Applicability.SAFE:
            continue
        if all(step.action in inverse for step in finding.repair.steps):
            back = [Step(inverse[action], argument) for action, argument in reversed(finding.repair.steps)]
            assert run(back, finding.repair.replacement) == finding.found


def the_bytes_behind_a_safe_misreading_are_known(report: Report) -> None:
    for finding in report.findings:
        if finding.repair is not None and finding.applicability is Applicability.SAFE:
            misreads = [Misread(*misreading) for misreading in finding.repair.misreadings]
            # Where some were lost on the way, what is left does not lead there.
            lost = "\N{REPLACEMENT CHARACTER}" in finding.repair.replacement
            assert not misreads or lost or trace(finding.found, finding.repair.replacement, misreads) is not None


def no_line_of_its_story_is_too_wide(report: Report) -> None:
    # The text itself stands at the end and is not folded.
    story = tell(report._replace(text=report.source))
    assert [line for line in story.splitlines() if columns_of(line) > 80] == []


def nothing_changes_without_a_finding(report: Report) -> None:
    assert not report.changed or report.findings


every_law_of_a_report = pytest.mark.parametrize(
    "law",
    [
        it_replays_to_its_text,
        it_runs_backwards_to_its_source,
        findings_quote_what_stands_there,
        findings_are_sorted,
        steps_lead_from_what_was_found_to_the_replacement,
        safe_transcodings_run_backwards,
        the_bytes_behind_a_safe_misreading_are_known,
        no_line_of_its_story_is_too_wide,
        nothing_changes_without_a_finding,
    ],
    ids=lambda law: law.__name__,
)
every_level = pytest.mark.parametrize("chosen", [SAFE, LIKELY], ids=lambda chosen: chosen.accept)


@every_law_of_a_report
@every_level
@pytest.mark.parametrize("label", TEXTS)
def test_report_on_what_we_keep(law: Callable[[Report], None], chosen: Settings, label: str) -> None:
    law(repair(TEXTS[label], chosen))


@every_law_of_a_report
@every_level
@given(text=texts)
def test_report_on_what_can_be_made(law: Callable[[Report], None], chosen: Settings, text: str) -> None:
    law(repair(text, chosen))


# Our rules seldom meet one another; these do nothing else.


@st.composite
def toys(draw: st.DrawFn, name: str) -> Callable[[Page], Iterator[Finding]]:
    """Draw a rule that finds one string wherever it stands, also where it overlaps itself, and lets no text grow."""
    found = draw(st.sampled_from(["a", "b", "c", "ab", "ba", "bb", "bca"]))
    level = draw(st.sampled_from(Applicability))
    transcoded = Repair(found.encode("cp037").decode("latin-1"), (Step("encode", "cp037"), Step("decode", "latin-1")))
    proposal = draw(st.text("abc", max_size=len(found)).map(replace) | st.just(transcoded) | st.none())

    def find(page: Page) -> Iterator[Finding]:
        for match in re.finditer(f"(?={found})", page.text):
            yield Finding(name, Span(match.start(), match.start() + len(found)), found, "", level, proposal)

    return find


Toys = Sequence[Callable[[Page], Iterator[Finding]]]
toy_passes = st.tuples(*(st.tuples(*(toys(f"{row}/{n}") for n in range(3))) for row in range(3)))


def asked_in_turn(toys: Toys) -> Find:
    """Return what finds all that some toys do."""
    return lambda page: [finding for find in toys for finding in find(page)]


@every_law_of_a_report
@given(text=st.text("abcd", max_size=12), passes=toy_passes, level=st.sampled_from(Applicability))
def test_report_whatever_the_rules(
    law: Callable[[Report], None], text: str, passes: Sequence[Toys], level: Applicability
) -> None:
    record = mend(text, [*map(asked_in_turn, passes)], level)
    law(Report(text, record.text, record.findings(), record.mended_by_place(), record.edits))


@given(st.text("abcd", max_size=12), toy_passes, st.sampled_from(Applicability), st.data())
def test_rules_of_a_pass_may_be_asked_in_every_order_whatever_they_are(
    text: str, passes: Sequence[Toys], level: Applicability, data: st.DataObject
) -> None:
    record = mend(text, [*map(asked_in_turn, passes)], level)
    other = mend(text, [asked_in_turn(data.draw(st.permutations(toys))) for toys in passes], level)
    assert (other.text, other.edits, other.findings()) == (record.text, record.edits, record.findings())


# --- The laws of a text ----------------------------------------------------------------------------------------------


def mending_twice_changes_nothing_more(text: str, chosen: Settings) -> None:
    once = fix_text(text, chosen)
    assert fix_text(once, chosen) == once


def what_was_mended_has_nothing_left_to_mend(text: str, chosen: Settings) -> None:
    left = check(fix_text(text, chosen), chosen)
    assert [finding for finding in left if finding.applicability >= Applicability[chosen.accept.upper()]] == []


def every_call_tells_the_same(text: str, chosen: Settings) -> None:
    report = repair(text, chosen)
    assert report.source == text
    assert check(text, chosen) == report.findings
    assert fix_text(text, chosen) == report.text
    mended = pipeline(chosen).mend(text) or Report(text, text, (), (), ())
    assert (mended.text, mended.edits) == (report.text, report.edits)
    assert [finding[:3] for finding in mended.findings] == [finding[:3] for finding in report.mended]


def pieces_make_the_whole(text: str, chosen: Settings) -> None:
    local = Settings(select=LOCAL, accept=chosen.accept)
    pieces = re.split(r"(?<=\n)", text)
    assert "".join(fix_text(piece, local) for piece in pieces) == fix_text(text, local)


def rules_may_be_asked_in_reverse(text: str, chosen: Settings) -> None:
    assert_order_does_not_matter(text, chosen, reversed(selected(chosen)))


def assert_order_does_not_matter(text: str, chosen: Settings, rules: Iterable[Rule]) -> None:
    rules = tuple(rules)
    passes = [*map(Look(rules).finder, in_order(rules))]
    record = mend(text, passes, Applicability[chosen.accept.upper()])
    report = repair(text, chosen)
    assert (record.text, record.edits, record.findings()) == (report.text, report.edits, report.findings)


every_law_of_a_text = pytest.mark.parametrize(
    "law",
    [
        mending_twice_changes_nothing_more,
        what_was_mended_has_nothing_left_to_mend,
        every_call_tells_the_same,
        pieces_make_the_whole,
        rules_may_be_asked_in_reverse,
    ],
    ids=lambda law: law.__name__,
)


@every_law_of_a_text
@every_level
@pytest.mark.parametrize("label", TEXTS)
def test_law_holds_for_what_we_keep(law: Callable[[str, Settings], None], chosen: Settings, label: str) -> None:
    law(TEXTS[label], chosen)


@every_law_of_a_text
@every_level
@given(text=texts)
def test_law_holds_for_what_can_be_made(law: Callable[[str, Settings], None], chosen: Settings, text: str) -> None:
    law(text, chosen)


@given(st.permutations(RULES), st.sampled_from(list(TEXTS.values())) | damaged, st.sampled_from([SAFE, LIKELY]))
def test_rules_may_be_asked_in_every_order(rules: list[Rule], text: str, chosen: Settings) -> None:
    wanted = selected(chosen)
    assert_order_does_not_matter(text, chosen, [rule for rule in rules if rule in wanted])


def test_generated_texts_make_every_rule_fire() -> None:
    """Without this the laws above could hold of nothing."""
    silent = {rule.name for rule in RULES}

    @settings(max_examples=1000, derandomize=True, database=None)
    @given(texts)
    def fires(text: str) -> None:
        silent.difference_update(finding.rule for finding in check(text))

    fires()
    assert silent == set()


def find_unasked(rule: Rule, text: str) -> list[Finding]:
    """Ask a rule about a text that may have nothing of what it cannot fire without."""
    return list(rule.ask(Page(text)))


LOOKS = {(rule, level): Look([rule], level) for rule in RULES for level in Applicability}


def assert_cannot_fire_where_it_says_so(rule: Rule, text: str) -> None:
    surest = max((finding.applicability for finding in find_unasked(rule, text)), default=None)
    for level in Applicability:
        assert LOOKS[rule, level].concerned(text) or surest is None or surest < level


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("label", TEXTS)
def test_a_rule_cannot_fire_where_it_says_so(rule: Rule, label: str) -> None:
    for line in TEXTS[label].splitlines():
        assert_cannot_fire_where_it_says_so(rule, line)
    assert_cannot_fire_where_it_says_so(rule, TEXTS[label])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@given(texts)
def test_a_rule_cannot_fire_where_it_says_so_whatever_the_text(rule: Rule, text: str) -> None:
    assert_cannot_fire_where_it_says_so(rule, text)


# --- Clean text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", CLEAN)
@given(data=st.data())
def test_clean_lines_stay_clean_in_any_company(language: str, data: st.DataObject) -> None:
    lines = CLEAN[language].splitlines()
    text = "\n".join(data.draw(st.lists(st.sampled_from(lines), min_size=1, max_size=len(lines))))
    assert fix_text(text) == text


@given(st.text(ascii_characters))
def test_ascii_is_clean(text: str) -> None:
    assert fix_text(text, LIKELY) == text


# --- No input raises -------------------------------------------------------------------------------------------------


@given(any_text | texts)
@example("")
@example("\0")
@example("\ud83d\ude00 \udcb7")
def test_no_text_raises(text: str) -> None:
    explain(text)
    repair(text, Settings(select=tuple(all_rules()), accept="likely"))


LABELS = ("utf-8", "gb2312", "GBK", "big5", "shift_jis", "euc-kr", "utf-16", "utf-7", "x-unknown", "", "\0", "\ud800")
NOT_OF_TEXT = ("hex", "base64", "rot13", "zlib", "undefined", "idna", "punycode", "unicode_escape", "mbcs")
CODECS = ("utf-8", "gb18030", "big5", "cp932", "euc_jp", "cp949", "utf-16", "utf-32", "latin-1")
encoded = st.builds(lambda text, codec: text.encode(codec, "replace"), texts, st.sampled_from(CODECS))
cut = st.builds(lambda data, at: data[at % (len(data) + 1) :], encoded, st.integers(min_value=0))


@settings(max_examples=200)
@given(st.binary() | encoded | cut, st.none() | st.sampled_from(LABELS + NOT_OF_TEXT) | any_text)
def test_no_bytes_raise(data: bytes, declared: str | None) -> None:
    report = repair(data, declared=declared)
    decoding = decode(data, declared=declared)
    assert report.decoding == decoding
    assert report.source == decoding.text
    assert report.reverse() == decoding.text
    assert all(0 <= offset < len(data) for offset in decoding.errors)
    if decoding.encoding is None:
        assert decoding.text.encode("ascii", "surrogateescape") == data


@given(texts)
def test_a_text_that_is_utf_8_is_read_as_it_is(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode().removeprefix("\ufeff")
    # In ASCII alone, what begins with ESC or ~{ is text in seven bits.
    assume(not text.isascii())
    # And what is controls for the most part is no text.
    assume(controls_in(text.encode(), is_utf_8=True) is None)
    assert repair(text.encode()).text == fix_text(text)


# --- Edits, against a model that tells each character where it is from -----------------------------------------------

Drawn = tuple[str, list[Edit]]


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> list[Edit]:
    """Draw edits that are sorted, not empty, and do not overlap; many touch."""
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    spans = [(start, end) for start, end in pairwise(places) if start < end]
    chosen = draw(st.lists(st.booleans(), min_size=len(spans), max_size=len(spans)))
    replacements = st.text("xyz", max_size=3)
    return [Edit(*span, draw(replacements)) for span, taken in zip(spans, chosen, strict=True) if taken]


@st.composite
def edited(draw: st.DrawFn) -> Drawn:
    text = draw(st.text("abcdef", max_size=16))
    return text, draw(edits_of(text))


def origins(text: str, edits: list[Edit]) -> list[Span]:
    """Return, for each character of the edited text, the span that it stands for."""
    behind = 0
    spans = []
    for edit in edits:
        spans += [Span(i, i + 1) for i in range(behind, edit.start)]
        spans += [Span(edit.start, edit.end)] * len(edit.replacement)
        behind = edit.end
    return spans + [Span(i, i + 1) for i in range(behind, len(text))]


def places_in(spans: Iterable[Span | Edit]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


def is_replaced(span: Span, edits: list[Edit]) -> bool:
    return any((edit.start, edit.end) == span for edit in edits)


@given(edited())
def test_edits_do_what_they_say(drawn: Drawn) -> None:
    text, edits = drawn
    model = text
    for start, end, replacement in reversed(edits):
        model = model[:start] + replacement + model[end:]
    assert apply(text, edits) == model
    assert apply(model, invert(text, edits)) == text


@given(edited(), st.data())
def test_offset_map_tells_where_characters_are_from(drawn: Drawn, data: st.DataObject) -> None:
    text, edits = drawn
    stands_for = origins(text, edits)
    if not stands_for:
        return
    start = data.draw(st.integers(0, len(stands_for) - 1))
    end = data.draw(st.integers(start + 1, len(stands_for)))
    first, last = stands_for[start], stands_for[end - 1]
    widened_start, widened_end = start, end
    if is_replaced(first, edits):
        widened_start = stands_for.index(first)
    if is_replaced(last, edits):
        widened_end = len(stands_for) - stands_for[::-1].index(last)
    assert OffsetMap(edits).back(Span(start, end)) == (
        Span(first.start, last.end),
        Span(widened_start, widened_end),
    )


@given(edited(), st.data())
def test_two_rounds_of_edits_fold_into_one(drawn: Drawn, data: st.DataObject) -> None:
    text, first = drawn
    between = apply(text, first)
    second = data.draw(edits_of(between))
    folded = compose(first, between, second)
    assert apply(text, folded) == apply(between, second)
    assert all(before.end <= after.start for before, after in pairwise(folded))
    # What neither round touched, no edit covers.
    stands_for = origins(text, first)
    touched: list[Span | Edit] = [*first]
    touched += [span for edit in second for span in stands_for[edit.start : edit.end]]
    assert places_in(folded) == places_in(touched)


# --- Work grows linearly ---------------------------------------------------------------------------------------------


def nested(text: str, depth: int) -> str:
    """Read a text in the wrong encoding again and again."""
    for _ in range(depth):
        text = text.encode("utf-8", "replace").decode("gb18030", "replace")
    return text


SHIFTS = (
    "$B", "$B$", "$B$3", "$@$3(", "\x1b$B$3", "(I", "~{", "~{<:", "~~", "~\n",
    "+", "+-", "+AAAA", "+T2BZfQ", "&-", "&T2BZfQ",
)  # fmt: skip
# Each is repeated until it is long.
SEEDS = {
    **{f"triggers of {rule}": "".join(characters[:50]) for rule, characters in TRIGGERS.items()},
    **{f"one trigger of {rule}": characters[0] for rule, characters in TRIGGERS.items()},
    **{
        f"the cases of {name}": "".join(c.original for c in CASES if c.rule == name)
        for name in sorted({c.rule for c in CASES})
    },
    "every case": "".join(ORIGINALS),
    "every clean line": "".join(CLEAN.values()).replace("\n", ""),
    "open brackets": "关(gu",
    "open glosses": "關(guān",
    "shifted glosses": "?g)",
    "damage three deep": nested("您的订单已取消，请重新下单。", 3),
    "damage eight deep": nested("取消", 8),
    "commas": "，,、,，，,,。,",
    "question marks": "中?文?！?",
    "lone surrogates": "\ud83d\udcb7好",
    "lead bytes": "Ã",
    "lead bytes in lines": "Ã\n",
    "what became of U+FFFD": "ï¿½",
    "rare characters apart": "龘 and so on ",
    "misread lines": "浣犲ソ锛屼笘鐣岋紒\n",
    "misread and clean in turn": "您的订单已鍙栨秷，请重试。",
    **{f"shifts without end, {shift!r}": shift for shift in SHIFTS},
}
LENGTH = 1_500


@pytest.mark.parametrize("shift", SHIFTS)
def test_search_for_markers_comes_to_an_end(shift: str) -> None:
    """The search runs in C, where operations can't be counted: were it not linear, this would take hours."""
    assert isinstance(fix_text(shift * 20_000, LIKELY), str)


@pytest.mark.parametrize("seed", SEEDS)
def test_work_grows_linearly(seed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # What was said of lines is forgotten when there is much of it, whenever that is.
    monkeypatch.setattr(remembered, "MOST_CHARACTERS", sys.maxsize)
    # An even number of times: then both are whole pairs of bytes in the same encodings, or neither is.
    short = SEEDS[seed] * (2 * (LENGTH // len(SEEDS[seed]) // 2 + 1))
    long = 4 * short
    mender = pipeline(LIKELY)
    mender.repair(long)  # so that both find the caches warm
    # Linear is 4, and n log n is less than 5; quadratic is 16.
    assert operations(lambda: mender.repair(long)) <= 6 * operations(lambda: mender.repair(short)) + 1_000


class Searched(str):
    """A text that counts how many characters are passed over where something is looked for, which C does unseen."""

    passed = 0

    def _pass(self, found: int, start: int | None, end: int | None, *, backwards: bool = False) -> int:
        first, last, _ = slice(start, end).indices(len(self))
        missed = found < 0
        self.passed += max(0, last - first if missed else last - found if backwards else found - first)
        return found

    def find(self, sub: str, start: Any = None, end: Any = None, /) -> int:
        return self._pass(super().find(sub, start, end), start, end)

    def rfind(self, sub: str, start: Any = None, end: Any = None, /) -> int:
        return self._pass(super().rfind(sub, start, end), start, end, backwards=True)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_searches_grow_linearly(rule: Rule) -> None:
    unit = "".join(case.original for case in CASES).replace("\n", "")
    few, many = (Searched(unit * times) for times in (2, 8))
    for text in (few, many):
        list(rule.ask(Page(text)))
    assert many.passed <= 6 * few.passed + 1_000


# --- Memory is a few times the text ----------------------------------------------------------------------------------


# Times its bytes in UTF-8. What is found and mended is an object for each place, and of these there is one in 7 bytes.
@pytest.mark.parametrize(("seed", "most"), [("ï¿½", 10), ("關(guān)", 2), ("測(cè)量", 2), ("好,、", 60)])
def test_mending_takes_little_memory(seed: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # So many characters at once are all that ftfy ever takes, and here they would be all of the text.
    monkeypatch.setattr(western, "LONGEST_LINE", 10_000)
    text = seed * (300_000 // len(seed.encode()))
    fix_text(text[:1_000])  # so that what is loaded at first use is loaded
    tracemalloc.start()
    fix_text(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak <= most * len(text.encode())
