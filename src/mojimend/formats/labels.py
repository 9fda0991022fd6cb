r"""The label inside a file that says which encoding the file is in; it must follow when that changes.

>>> relabelled('<meta charset="gb2312"><p>', "utf-8", ".html")
[Edit(start=15, end=21, replacement='utf-8')]
"""

from __future__ import annotations

import re

from mojimend.encodings.labels import codec_name
from mojimend.text.edits import Edit
from mojimend.text.later import later

# HTML (<meta charset=…> and http-equiv, which browsers seek in the first 1024 bytes) and XML's declaration.
_IN_MARKUP = (
    later(r"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE),
    later(r"""\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE),
)
_IN_STYLES = (later(r'\A@charset "([\w.:-]+)";'),)
# The first two lines of source code (PEP 263, which Ruby and Perl share, and which reads what Emacs and Vim write).
_IN_CODE = (later(r"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([\w.:-]+)"),)
_BY_SUFFIX = {
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml", ".xml", ".rss", ".atom", ".svg"), _IN_MARKUP),
    ".css": _IN_STYLES,
    **dict.fromkeys((".py", ".pyi", ".pyw", ".rb", ".pl", ".pm"), _IN_CODE),
}
_HEAD = 4096


def relabelled(head: str, encoding: str, suffix: str) -> list[Edit]:
    """Return the edits that make the labels in the first text of a file say this encoding.

    ``suffix`` is the end of the file's name: only in a file of its kind is a label one.
    """
    labels = _BY_SUFFIX.get(suffix, ())
    found = {match.span(1) for label in labels for match in label.finditer(head, 0, _HEAD)}
    return [
        Edit(start, end, encoding)
        for start, end in sorted(found)
        if head[start:end].lower() != encoding and codec_name(head[start:end])
    ]
