from hypothesis import given
from hypothesis import strategies as st

from mojimend.kernel import Scan
from mojimend.text import zones

PIECES = ("<", ">", "<b>", "<script>", "</script>", "`", "```", ":/", "://", "http", "https", "\n", " ", "中")


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_what_begins_where_none_can_is_no_zone(text: str) -> None:
    places = list(range(len(text)))
    in_zones = {place for zone in zones.ZONE.finditer(text) for place in range(*zone.span())}
    (beginnings,) = Scan((zones.BEGINNINGS,)).places(text)
    assert zones.in_prose(text, places, beginnings) == [place for place in places if place not in in_zones]
