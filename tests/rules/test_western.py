import pytest

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
