"""The stages in order, and the reason for the choice.

A byte order mark, then UTF-8, whole or with a few bad bytes (text in another encoding is next to never valid UTF-8 by
chance), then the label that came with the bytes if they fit it, then the opinions of chardet and charset-normalizer.
"""

from __future__ import annotations

from collections.abc import Iterable

from mojimend.decoding.bom import mark_of
from mojimend.decoding.opinion import codec_name, opinions
from mojimend.decoding.result import Decoding, Evidence, Region
from mojimend.encodings import lenient
from mojimend.errors import UnknownName, WrongType

# Few bytes of text in another encoding stand in whole sequences of UTF-8 by chance: of 163,173 lines of 16 bytes or
# more in GB18030, Big5, Shift_JIS, EUC-JP and CP949, 5 have as many as this (ほほほほほほ and its like).
_LEAST_IN_SEQUENCES = 0.85
_ASCII = bytes(range(0x80))

# A text in a legacy encoding has no control characters but white space and escape; one in a hundred is no text.
# The cleanest random bytes that chardet took for a text (1,000 blocks of 3,000 bytes) had six times that.
_MOST_CONTROLS = 0.01
_CONTROLS = bytes(b for b in range(0x20) if b not in b"\t\n\x0b\x0c\r\x1b")


def decode(
    data: bytes, *, declared: str | None = None, languages: Iterable[str] = (), candidates: Iterable[str] = ()
) -> Decoding:
    r"""Read bytes whose encoding is unknown or doubtful.

    Arguments:
        data: The bytes, of any kind.
        declared: The label that came with them (HTTP header, ``<meta>``). It is believed only if the bytes fit it.
        languages: BCP 47 tags of the languages expected; they break ties, they exclude nothing.
        candidates: Labels of the only encodings to consider where the bytes are not UTF-8. Empty means any.

    Returns:
        A Decoding. Its ``encoding`` is ``None`` where the bytes are no text.

    Raises:
        UnknownName: A candidate is not an encoding. An unknown ``declared`` label is dirt, and only noted.
        WrongType: ``data`` is not bytes.

    >>> decode("汉字编码".encode("gbk"), declared="gb2312").encoding
    'gb18030'
    >>> decode(b"\xef\xbb\xbfplain").text
    'plain'
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise WrongType(f"decode() reads bytes, not {type(data).__name__}; text that is decoded goes to repair()")
    data = bytes(data)
    candidates = tuple(candidates)
    for label in candidates:
        if codec_name(label) is None:
            raise UnknownName("encoding", label, ("utf-8", "gb18030", "big5", "cp932", "euc_jp", "cp949"))
    if marked := mark_of(data):
        mark, encoding = marked
        text, errors = lenient.decode(data[len(mark) :], encoding)
        shifted = tuple(offset + len(mark) for offset in errors)
        return _decoding(data, text, shifted, Evidence("bom", encoding, 1.0, f"begins with {mark.hex(' ')}"), bom=True)
    try:
        return _decoding(data, data.decode("utf-8"), (), Evidence("utf-8", "utf-8", 1.0, "every sequence is whole"))
    except UnicodeDecodeError as error:
        refused = [Evidence("utf-8", None, 1.0, f"byte {data[error.start]:02X} at {error.start}: {error.reason}")]
    text, errors = lenient.decode(data, "utf-8")
    share = 1 - len(errors) / len(data.translate(None, _ASCII))
    if share >= _LEAST_IN_SEQUENCES:
        why = Evidence("utf-8", "utf-8", share, f"{len(errors)} bytes are in no sequence, all others are")
        return _decoding(data, text, errors, why, refused)
    if declared is not None:
        encoding_declared = codec_name(declared)
        if encoding_declared is None:
            refused.append(Evidence("declared", None, 1.0, f"{declared!r} is not an encoding"))
        else:
            text, errors = lenient.decode(data, encoding_declared)
            if not errors:
                why = Evidence("declared", encoding_declared, 0.9, f"declared as {declared}, and the bytes fit")
                return _decoding(data, text, errors, why, refused)
            why_not = f"declared as {declared}, but {len(errors)} bytes do not fit"
            refused.append(Evidence("declared", None, 0.9, why_not))
    return _by_opinion(data, opinions(data, languages, candidates), refused)


def _by_opinion(data: bytes, heard: list[Evidence], refused: list[Evidence]) -> Decoding:
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > _MOST_CONTROLS * len(data):
        why = Evidence("binary", None, 1.0, f"{controls} of {len(data)} bytes are control characters")
        return _undecided(data, [*refused, why, *heard])
    readings = [(*lenient.decode(data, e.encoding), e) for e in heard if e.encoding]
    if not readings:
        return _undecided(data, [*refused, *heard])
    # Opinions come the surer first; the fewest lost bytes decides before that.
    text, errors, best = min(readings, key=lambda reading: len(reading[1]))
    return _decoding(data, text, errors, best, [*refused, *(e for e in heard if e is not best)])


def _decoding(
    data: bytes,
    text: str,
    errors: tuple[int, ...],
    why: Evidence,
    refused: Iterable[Evidence] = (),
    *,
    bom: bool = False,
) -> Decoding:
    assert why.encoding is not None
    regions = (Region(0, len(data), why.encoding),) if data else ()
    return Decoding(text, why.encoding, why.confidence, errors, regions, (why, *refused), bom)


def _undecided(data: bytes, evidence: list[Evidence]) -> Decoding:
    return Decoding(data.decode("ascii", "surrogateescape"), None, 0.0, evidence=tuple(evidence))
