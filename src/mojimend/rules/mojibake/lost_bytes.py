r"""U+FFFD, the mark of a character whose bytes were lost: �.

A decoder that meets bytes of another encoding, or half a character, puts
U+FFFD in their place. What stood there is gone from this text; whoever has the
bytes should decode them anew. So this only tells where and how many, that a
corpus's owner can count and drop.

    >>> from mojimend import check
    >>> [(f.span.start, f.message) for f in check("重要作用\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}于此")]
    [(4, '2 characters lost')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mojimend.encodings.lenient import REPLACEMENT, lost_in_words
from mojimend.finding import Finding
from mojimend.rules.registry import Rule
from mojimend.text.page import Page

RUN = re.compile(f"{REPLACEMENT}+")

rule = Rule(__name__, trigger=REPLACEMENT)


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each run of lost characters."""
    for run in RUN.finditer(page.text):
        lost = len(run[0])
        yield rule.finding(page, run.span(), lost_in_words(lost))
