r"""The label that a file carries itself: of HTML, XML, CSS, Python (PEP 263), Emacs and Vim.

>>> label_in(b'<!doctype html><meta charset="gb2312">')
('gb2312', '<meta>')
>>> label_in(b"# vim: set fileencoding=euc-jp :")
('euc-jp', 'the coding line')
"""

from __future__ import annotations

import re

from mojimend.text.later import later

# As far as browsers look, and then some: scripts and styles stand before it on many pages.
HEAD = 4096

_LABEL = rb"[\"']?\s*(?P<label>[A-Za-z0-9][A-Za-z0-9_.:\-]{1,39})"
_WORDS = (b"charset", b"coding", b"fenc")
_BEFORE_A_LABEL = (b"=", b":", b'"')
_LOWER, _BEYOND_ASCII = bytes(range(0x100)).lower(), bytes(range(0x80, 0x100))
_IN_COMMENT = later(rb"<!--.*?-->", re.DOTALL)
# Each with words without which it is not there: those are found much faster.
_PLACES = (
    ((b"<?xml",), later(rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*" + _LABEL, re.IGNORECASE), "the XML declaration"),
    ((b"@charset",), later(rb"\A\s*@charset\s+\"(?P<label>[^\"\n]{1,40})\"", re.IGNORECASE), "@charset"),
    ((b"<meta",), later(rb"<meta\b[^>]*?\bcharset\s*=\s*" + _LABEL, re.IGNORECASE), "<meta>"),
    ((b"coding",), later(rb"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=]\s*(?P<label>[-\w.]+)"), "the coding line"),
    ((b"-*-",), later(rb"-\*-[^\n]*?coding:\s*(?P<label>[-\w.]+)[^\n]*-\*-"), "the coding line"),
    (
        (b"vi:", b"vim:", b"ex:"),
        later(rb"\b(?:vim?|ex):[^\n]*?\b(?:fileencoding|fenc|encoding)\s*=\s*(?P<label>[-\w.]+)"),
        "the modeline",
    ),
)


def label_in(data: bytes) -> tuple[str, str] | None:
    """Return the label that stands in the bytes, and where; None if there is none."""
    head = data[:HEAD]
    if not any(mark in head for mark in _BEFORE_A_LABEL):
        return None
    # Without the others, which are most in a CJK encoding, words are soon seen not to be there.
    lower = head.translate(_LOWER, _BEYOND_ASCII)
    if not any(word in lower for word in _WORDS):
        return None
    if b"<!--" in head:
        head = _IN_COMMENT.sub(b"", head)
    for words, pattern, place in _PLACES:
        if any(word in lower for word in words) and (found := pattern.search(head)):
            return found["label"].decode("ascii", "replace"), place
    return None
