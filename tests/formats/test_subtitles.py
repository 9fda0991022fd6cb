from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from mojimend.formats.subtitles import Subtitles

PIECES = ("\n", "\r\n", "12", "00:01 --> 00:02", "-->", "[00:12.3]", "<00:01>", "[ti:", "WEBVTT", "好，，", " ", "1")


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.randoms(use_true_random=False))
def test_what_is_kept_does_not_depend_on_what_was_asked_before(text: str, order: random.Random) -> None:
    spans = [(start, end) for start in range(len(text) + 1) for end in range(start, min(start + 4, len(text) + 1))]
    order.shuffle(spans)
    kept = Subtitles().kept(text)
    assert [kept(*span) for span in spans] == [Subtitles().kept(text)(*span) for span in spans]
