r"""HTML and XML: the text and the attributes that people read; markup, scripts and styles stay byte for byte.

A page is one text, as one who tampers with it works through all of it. It is read as it is written: damage eats the
``<`` of a tag as it eats any other byte, so a page cannot be taken apart before it is mended.

The scanner is ours, and short, because we need the exact place of everything: Python's ``html.parser`` tells the line
of a tag but not of its attributes, and what it takes for a script has changed between its patch releases.

>>> page = '<p title="好，，">好，，<script>"好，，"</script>'
>>> kept = Html().kept(page)
>>> [(place.start(), kept(*place.span())) for place in re.finditer("，，", page)]
[(11, False), (16, False), (28, True)]
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from mojimend.formats.format import Format
from mojimend.text.edits import Edit
from mojimend.text.later import later

# Attributes whose value is shown or spoken (HTML Living Standard, section 3.2.6.1 and the elements' own; WAI-ARIA).
# `value` is missing: most of the time it is what a form sends, not what a person reads.
_READ_BY_PEOPLE = frozenset(
    "abbr alt aria-description aria-label aria-placeholder aria-roledescription aria-valuetext caption content "
    "description label placeholder summary title".split()
)

# Elements whose content is no markup and no prose (HTML Living Standard, section 13.1.2, and what parsers treat alike).
_RAW = "script|style|xmp|iframe|noembed|noframes|plaintext"

# What follows the ``<`` of a tag. All but one kind of markup have that in front, once for all: it is found in half the
# time then.
_TAG = r"""[a-zA-Z](?>[^<>"'=]++|=\s*+(?>"[^"]*+"|'[^']*+')?+|["'])*+(?:>|\Z)"""
_MARKUP = later(
    rf"""
    < (?:
      !--.*?(?:-->|\Z)
    | !\[CDATA\[
    | (?=(?P<raw>{_RAW})[\s/>]) (?P<opening>{_TAG}) (?: (?<=/>) | (?>(?!</(?P=raw)[\s/>]).)*+ )
    | (?P<tag>{_TAG})
    | /[a-zA-Z][^<>]*+>
    | [!?][^<>]*+>
    ) | \]\]>
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = later(r"""([^\s"'<>/=]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|[^\s"'=<>`]++)""")

# A tag that lost its first byte and gets it back: without attributes, and no element that runs or loads something.
_HARMLESS_REST = later(
    r"/?(?!(?:script|style|iframe|object|embed|svg|math|base|form)\b)[a-z][a-z0-9]{0,15}\s*/?>", re.I
)


@dataclass(frozen=True, slots=True)
class Html(Format):
    """A page. One too long to be held whole is cut in front of a tag."""

    name: ClassVar[str] = "html"
    may_be_cut: ClassVar[bool] = False

    def boundary(self, text: str) -> int:
        """Return the start of the last tag that is not inside of something else."""
        last = 0
        for markup in _MARKUP.finditer(text):
            if markup.end() < len(text):
                last = markup.start()
        return last

    def kept(self, raw: str) -> Callable[[int, int], bool]:
        """Return the test whether a span touches markup."""
        starts, ends, ends_of_tags = [], [], []
        for markup in _MARKUP.finditer(raw):
            start, end = markup.span()
            starts.append(start)
            ends.append(end)
            kind = markup.lastgroup
            ends_of_tags.append(markup.end(kind) if kind else start)

        @cache
        def around_texts(i: int) -> tuple[list[int], list[int]]:
            # A page has thousands of tags, and few are asked about.
            texts = _texts(raw, starts[i], ends_of_tags[i])
            return [starts[i], *(end for _, end in texts)], [*(start for start, _ in texts), ends[i]]

        def touches(start: int, end: int) -> bool:
            i = bisect_right(starts, max(start, end - 1)) - 1
            if i < 0 or ends[i] <= start:
                return False
            kept_from, kept_to = around_texts(i)
            part = bisect_right(kept_from, max(start, end - 1)) - 1
            # An insertion on the edge of markup is outside of it.
            return start < kept_to[part] if start < end else kept_from[part] < start < kept_to[part]

        return touches

    def put(self, raw: str, edits: Iterable[Edit]) -> Iterator[Edit]:
        """Write what would open a tag as text, unless it gives the rest of a tag its first byte back."""
        tags = (markup.span() for markup in _MARKUP.finditer(raw) if markup["tag"])
        tag: tuple[int, int] | None = (0, 0)
        for start, end, replacement in edits:
            new = replacement
            if '"' in new or "'" in new:
                while tag is not None and tag[1] <= start:
                    tag = next(tags, None)
                if tag is not None and tag[0] < start:
                    new = new.replace('"', "&quot;").replace("'", "&#39;")
            if "<" in new and "<" not in raw[start:end]:
                rest = new.partition("<")[2] + raw[end : end + 20]
                is_first_byte = new.count("<") == 1 and _HARMLESS_REST.match(rest)
                new = new if is_first_byte else new.replace("<", "&lt;")
            yield Edit(start, end, new)


def _texts(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where in a tag the values that people read stand."""
    return [
        attribute.span(group)
        for attribute in _ATTRIBUTE.finditer(raw, start, end)
        if attribute[1].lower() in _READ_BY_PEOPLE and attribute.lastindex is not None
        for group in (2, 3)
        if attribute[group]
    ]
