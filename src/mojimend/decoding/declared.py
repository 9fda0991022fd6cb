r"""The label that a file carries itself: of HTML, XML, CSS, Python (PEP 263), Emacs and Vim.

>>> label_in(b'<!doctype html><meta charset="gb2312">')
('gb2312', '<meta>')
>>> label_in(b"# vim: set fileencoding=euc-jp :")
('euc-jp', 'the coding line')
"""

from __future__ import annotations

import re

from mojimend.kernel import COMPILED, has_word
from mojimend.text.later import later

# As far as browsers look, and then some: scripts and styles stand before it on many pages.
HEAD = 4096

_LABEL = rb"[\"']?\s*(?P<label>[A-Za-z0-9][A-Za-z0-9_.:\-]{1,39})"
# One of these stands before each label.
_WORDS = (b"charset", b"coding", b"fenc")
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
    if not _has_word(head, _WORDS):
        return None
    lower = head.lower()
    if b"<!--" in head:
        head = _IN_COMMENT.sub(b"", head)
    for words, pattern, place in _PLACES:
        if any(word in lower for word in words) and (found := pattern.search(head)):
            return found["label"].decode("ascii", "replace"), place
    return None


def pure_has_word(data: bytes, words: tuple[bytes, ...]) -> bool:
    """Tell whether one of some words stands in bytes, in small or capital letters; they are given in small ones.

    >>> pure_has_word(b"A CHARset", (b"coding", b"charset")), pure_has_word(b"char set", (b"charset",))
    (True, False)
    """
    lower = data.lower()
    return any(word in lower for word in words)


_has_word = has_word if COMPILED else pure_has_word
