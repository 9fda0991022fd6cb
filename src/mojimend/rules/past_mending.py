"""Whether what stands out is no misreading of text, but what is left of bytes that are gone.

>>> is_past_mending("烫烫烫烫"), is_past_mending("ï¿½ and ï¿½ï¿½"), is_past_mending("浣犲ソ")
(True, True, False)
"""

from __future__ import annotations

from mojimend.text.scripts import ANY_BEYOND_ASCII

# Of what is not ASCII; the rest is what was next to it.
LEAST_SHARE = 0.7


def is_past_mending(found: str) -> bool:
    """Tell whether nearly all of it is memory shown as text, or U+FFFD read again."""
    from mojimend.encodings import fills, reread  # noqa: PLC0415  (it is asked of what was found, and clean text has none)

    gone = sum(run.end - run.start for find in (fills.find, reread.find) for run in find(found))
    return gone > 0 and 0 < LEAST_SHARE * ANY_BEYOND_ASCII.count(found) <= gone
