import ftfy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend import fix_text
from mojimend.finding import Applicability
from mojimend.mending.apply import edits_of
from mojimend.rules.mojibake import western
from mojimend.text.edits import apply
from mojimend.text.page import Page


@pytest.mark.parametrize("garbled", ["ï¿½", "itâ€™s a cafÃ© ", "Ð¿Ñ€Ð¸Ð²ÐµÑ‚"])
def test_a_long_line_is_cut_between_characters(garbled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    line = garbled * 40
    together = fix_text(line)
    assert together != line
    for longest in range(48, 54):
        monkeypatch.setattr(western, "LONGEST_LINE", longest)
        assert apply(line, edits_of(western.rule.ask(Page(line)), Applicability.SAFE)) == together


# What the code pages show any byte as, and what has become of lost ones.
SHOWN = sorted({char for page in western.CODE_PAGES for char in bytes(range(0x80, 0x100)).decode(page, "ignore")})
LINES = st.text(st.sampled_from([*SHOWN, *" ?a\ufffd中"]), max_size=12)
GARBLED = st.builds(
    lambda text, page: text.encode().decode(page, "replace"),
    st.text("éàпβ’“中 a?", max_size=6),
    st.sampled_from(western.CODE_PAGES),
)


@given(LINES | GARBLED | st.builds("".join, st.lists(LINES | GARBLED)))
def test_what_cannot_be_undone_ftfy_leaves_alone(line: str) -> None:
    assert western.is_undoable(line) or ftfy.fix_encoding_and_explain(line).text == line


@given(LINES | GARBLED | st.builds("".join, st.lists(LINES | GARBLED)))
def test_what_is_not_bad_ftfy_leaves_alone(line: str) -> None:
    assert western.is_bad(line) or ftfy.fix_encoding_and_explain(line).text == line


def test_ftfy_is_asked_in_full_where_its_files_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.machinery.PathFinder.find_spec", lambda *_: None)
    assert western._badness.__wrapped__() is ftfy.badness.is_bad
