"""The way into decoding: bytes in, text and what is known of it out.

Nearly every file is UTF-8 with nothing odd in it, and is told here. All others go through ``stages``, which is imported
then: it takes longer to import than a small file takes to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from functools import cache

from mojimend.decoding.plain import InUtf8, in_utf_8, plain_utf_8
from mojimend.decoding.result import Decoding
from mojimend.encodings.labels import codec_name
from mojimend.errors import UnknownName, WrongType


def decode(
    data: bytes,
    *,
    declared: str | None = None,
    languages: Iterable[str] = (),
    candidates: Iterable[str] = (),
    domain: str = "",
) -> Decoding:
    r"""Read bytes whose encoding is unknown or doubtful.

    Arguments:
        data: The bytes, of any kind.
        declared: The label that came with them, in an HTTP header for instance. It is believed only if the bytes fit
            it, and so is the one that stands in them (``<meta>``, XML declaration, ``coding:`` and the like).
        languages: BCP 47 tags of the languages expected; they break ties, they exclude nothing.
        candidates: Labels of the only encodings to consider where the bytes are not UTF-8. Empty means any.
        domain: The host they came from, or the end of its name: ``www.example.com.tw``, ``jp``. What is usual there is
            likelier, and nothing is excluded.

    Returns:
        A Decoding. Its ``encoding`` is ``None`` where the bytes are no text.

    Raises:
        UnknownName: A candidate is not an encoding. An unknown ``declared`` label is dirt, and only noted.
        WrongType: ``data`` is not bytes.

    >>> decode("汉字编码".encode("gbk"), declared="gb2312").encoding
    'gb18030'
    >>> decode(b"\xef\xbb\xbfplain").text
    'plain'
    >>> decode("漢字と仮名".encode("euc_jp")[1:]).text
    '\ufffd字と仮名'
    """
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise WrongType(f"decode() reads bytes, not {type(data).__name__}; text that is decoded goes to repair()")
    data = bytes(data)
    allowed = set()
    for label in candidates:
        codec = codec_name(label)
        if codec is None:
            raise UnknownName("encoding", label, ("utf-8", "gb18030", "big5", "cp932", "euc_jp", "cp949"))
        allowed.add(codec)
    read = in_utf_8(data)
    if plain := plain_utf_8(read):
        return plain
    return _other_stages()(read, declared, languages, allowed, domain)


@cache
def _other_stages() -> Callable[[InUtf8, str | None, Iterable[str], Set[str], str], Decoding]:
    from mojimend.decoding.stages import decide  # noqa: PLC0415  (see the head)

    return decide
