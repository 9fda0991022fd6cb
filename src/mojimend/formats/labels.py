r"""The label inside a file that says which encoding the file is in; it must follow when that changes.

>>> relabelled('<meta charset="gb2312"><p>', "utf-8")
[Edit(start=15, end=21, replacement='utf-8')]
"""

from __future__ import annotations

import re

from mojimend.decoding.opinion import codec_name
from mojimend.text.edits import Edit

# HTML (<meta charset=…> and http-equiv, which browsers seek in the first 1024 bytes), XML's declaration, CSS's
# @charset, and the first two lines of source code (PEP 263, which also reads what Emacs and Vim write).
_LABELS = (
    re.compile(r"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE),
    re.compile(r"""\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE),
    re.compile(r'\A@charset "([\w.:-]+)";'),
    re.compile(r"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([\w.:-]+)"),
)
_HEAD = 4096


def relabelled(head: str, encoding: str) -> list[Edit]:
    """Return the edits that make the labels in the first text of a file say this encoding."""
    found = {match.span(1) for label in _LABELS for match in label.finditer(head, 0, _HEAD)}
    return [
        Edit(start, end, encoding)
        for start, end in sorted(found)
        if head[start:end].lower() != encoding and codec_name(head[start:end])
    ]
