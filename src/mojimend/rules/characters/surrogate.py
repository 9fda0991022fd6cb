r"""Half of a surrogate pair, or a byte that could not be decoded: \ud83d, \udcb7.

UTF-16 cut in the middle of a pair (a JSON ``\ud83d`` whose other half fell
off) leaves one half; it is no character and no UTF-8 can hold it. Python also
uses U+DC80 to U+DCFF for bytes that it could not decode (PEP 383), and so does
``mojimend.decode`` for bytes that are no text. Both are reported and kept: the
half may find its other half, and the bytes are still all there.

    >>> from mojimend import check
    >>> [f.message for f in check("好\ud83d")]
    ['half of a surrogate pair']
"""

from __future__ import annotations

from collections.abc import Iterator

from mojimend.finding import Applicability, Finding
from mojimend.rules.registry import Rule
from mojimend.text.later import later
from mojimend.text.page import Page

SURROGATES = "\ud800-\udfff"
RUN = later("(?P<escaped>[\udc80-\udcff]+)|[\ud800-\udfff]")

rule = Rule(__name__, trigger=SURROGATES, surest=Applicability.NOTE)


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each run of escaped bytes, and each other surrogate by itself."""
    for match in RUN.finditer(page.text):
        escaped = match["escaped"]
        size = len(match[0])
        message = f"{size} byte{'s' * (size > 1)} that could not be decoded" if escaped else "half of a surrogate pair"
        yield rule.finding(page, match.span(), message)
