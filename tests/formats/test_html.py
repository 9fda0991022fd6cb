from __future__ import annotations

import re

import pytest
from counting import operations

from mojimend import Settings
from mojimend.corpus import Piece, mend
from mojimend.formats.html import Html
from mojimend.text.edits import Edit, apply

X = "，，"


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        (f"<p>{X}</p>", 1),
        (f"{X}<br/>{X}", 2),
        (f'<p title="{X}" alt=\'{X}\' data-x="{X}" href="{X}" class={X}>', 2),
        (f"<a data-x='title=\"{X}\"'>", 0),
        (f'<meta name="description" content="{X}">', 1),
        (f"<title>{X}</title><textarea>{X}</textarea>", 2),
        (f"<script>{X}</script>{X}<STYLE a>{X}</style >{X}", 2),
        (f"<script>'</scripty>{X}'</script>", 0),
        (f"<script src=x />{X}", 1),
        (f"<!--{X}--><!DOCTYPE {X}><?php {X} ?>{X}", 1),
        (f"<!-- never closed {X}", 0),
        (f"a < b {X} > c", 1),
        (f"<{X}>", 1),
        (f"x?/p>{X}", 1),
        (f"<![CDATA[{X}]]>", 1),
        (f'<p title="never closed {X}>{X}', 1),
    ],
)
def test_what_is_text(page: str, texts: int) -> None:
    kept = Html().kept(page)
    assert sum(not kept(*place.span()) for place in re.finditer(X, page)) == texts


def test_the_edge_of_markup_is_outside() -> None:
    kept = Html().kept("a<b>c")
    assert [kept(place, place) for place in range(6)] == [False, False, True, True, False, False]


@pytest.mark.parametrize(
    ("page", "edit", "mended"),
    [
        ("好?/p>", Edit(1, 2, "）<"), "好）</p>"),  # the tag gets its first byte back
        ("好?br>", Edit(1, 2, "<"), "好<br>"),
        ("好?script>x", Edit(1, 2, "<"), "好&lt;script>x"),  # nothing that runs comes to life
        ("好?img src=x onerror=y>", Edit(1, 2, "<"), "好&lt;img src=x onerror=y>"),
        ("+ADw-script+AD4-", Edit(0, 16, "<script>"), "&lt;script>"),
        ('<p title="a">', Edit(10, 11, '"b'), '<p title="&quot;b">'),
        ("<p>a</p>", Edit(3, 4, '"b"'), '<p>"b"</p>'),
    ],
)
def test_text_stays_text(page: str, edit: Edit, mended: str) -> None:
    assert apply(page, Html().put(page, [edit])) == mended


def test_work_on_a_page_with_edits_in_its_markup_grows_with_its_length() -> None:
    # In the class nothing may be changed, and what is put into the text has quotes.
    unit = '<p class="好，，">已经鍙栨秷"鍙栨秷"鍙栨秷，，</p>\n'

    def work(times: int) -> int:
        piece = Piece("", Html(), unit * times, 1, Settings(), verify=True)
        assert mend(piece).fixed >= 2 * times
        return operations(lambda: mend(piece))

    work(10)  # so that both find the caches warm
    assert work(160) <= 10 * work(20)
