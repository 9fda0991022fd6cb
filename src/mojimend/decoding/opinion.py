"""What chardet and charset-normalizer think of bytes that no rule decides.

Both are imported here, and only when they are asked: together they cost some 70 ms.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from mojimend.decoding.result import Evidence

# A label for a national standard is used in the wild for the vendor's superset; reading it as that loses nothing.
SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
}

# Codecs of Python's that turn text into text or that no file is in.
NOT_OF_FILES = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})

# Detectors read this much from the head (chardet's own limit is the same), which bounds their cost.
SAMPLE = 200_000


def codec_name(label: str) -> str | None:
    """Return the codec of Python's that reads what is labelled so, or None if there is none.

    >>> codec_name("GB2312"), codec_name("Shift-JIS"), codec_name("x-unknown")
    ('gb18030', 'cp932', None)
    """
    try:
        "".encode(label)  # looking a codec up also finds those that take bytes (hex, zlib); this does not
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return None if name in NOT_OF_FILES else SUPERSETS.get(name, name)


def opinions(data: bytes, languages: Iterable[str], candidates: Iterable[str]) -> list[Evidence]:
    """Ask both; the surer answer comes first, and among equals one in a language that was expected."""
    sample = data[:SAMPLE]
    allowed = {codec_name(label) for label in candidates}
    expected = {tag.partition("-")[0].lower() for tag in languages}
    heard = [_chardet(sample), _charset_normalizer(sample)]
    fitting = [(e, language) for e, language in heard if e.encoding and (not allowed or e.encoding in allowed)]
    fitting.sort(key=lambda pair: (pair[1] in expected, pair[0].confidence), reverse=True)
    refused = [e for e, _ in heard if all(e is not kept for kept, _ in fitting)]
    return [e for e, _ in fitting] + [e._replace(encoding=None) for e in refused]


def _chardet(sample: bytes) -> tuple[Evidence, str]:
    import chardet  # noqa: PLC0415

    answer = chardet.detect(sample)
    label = answer["encoding"]
    reason = f"chardet says {label}" if label else f"chardet says {answer['mime_type']}"
    return Evidence("opinion", codec_name(label) if label else None, answer["confidence"], reason), (
        answer["language"] or ""
    )


def _charset_normalizer(sample: bytes) -> tuple[Evidence, str]:
    import charset_normalizer  # noqa: PLC0415

    best = charset_normalizer.from_bytes(sample).best()
    if best is None:
        return Evidence("opinion", None, 0.0, "charset-normalizer finds none"), ""
    # It measures disorder, not likelihood, and finds none in most readings of a few bytes (caf\xe9 as UTF-16, 你 as
    # Big5): so it is heard where chardet is silent or as good as that.
    reason = f"charset-normalizer says {best.encoding}"
    return Evidence("opinion", codec_name(best.encoding), 0.15 * (1 - best.chaos), reason), _TAGS.get(best.language, "")


_TAGS = {"Chinese": "zh", "Japanese": "ja", "Korean": "ko"}
