from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojimend.encodings.seven_bit import IMAP, UTF_7, Kind
from mojimend.rules.mojibake.seven_bit import clues
from mojimend.text.later import later


@pytest.mark.parametrize("kind", [UTF_7, IMAP])
@given(st.text("AMTWgkn019+/,-= 中", max_size=14))
def test_what_has_too_few_digits_the_expression_does_not_take(kind: Kind, behind: str) -> None:
    ((shift, expression),) = kind.markers.items()
    (is_marked,) = (clue.confirms for clue in clues() if clue.first == shift)
    assert isinstance(is_marked, partial)
    assert is_marked(shift + behind, 0) == (later(expression).match(behind) is not None)
