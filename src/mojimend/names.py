"""Names of files mended: each part of a path by itself, and all of them together as evidence.

A name is too short to be sure of by itself, but what happened to one name of a folder or an archive happened to the
others. So the names are mended as the lines of one text, and those whose bytes are known and are not UTF-8 are read as
the lines of one file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import filterfalse
from typing import Literal, TypeVar

from mojimend.decoding.decide import decode
from mojimend.encodings.misread import Misread
from mojimend.finding import Misreading
from mojimend.pipeline import repair
from mojimend.rules.evidence import DRAWN
from mojimend.settings import Settings
from mojimend.text.scripts import HAN, HANGUL, KANA

LOST = "\N{REPLACEMENT CHARACTER}"
# The mending of marks and glosses is for running text; what stands in a name may be meant so.
FAMILY = "mojibake"
CJK_LETTER = re.compile(f"[{HAN}{KANA}{HANGUL}]")
# Confidence is a likelihood. Of single words in KOI8-R, code pages 737 and 850 and Windows-1250, one in three comes out
# wrong with less than this, and none with more.
SURE, A_GUESS = 0.8, 0.5
# What no name can hold on one of the systems that it may come to, or what would lead elsewhere.
BARRED = "/\\\0"
LONGEST = 255  # bytes, on nearly every file system

Name = TypeVar("Name", str, bytes)


@dataclass(frozen=True, slots=True)
class Mended:
    """What a name should be, or why that cannot be said; both None where it is well as it is."""

    new: str | None = None
    trouble: str | None = None


WELL = Mended()
UNCERTAIN = Mended(trouble="its encoding is not certain; name it, such as --candidates gbk")


def mend(
    names: Iterable[str | bytes],
    accept: Literal["safe", "likely"] = "safe",
    languages: tuple[str, ...] = (),
    candidates: tuple[str, ...] = (),
) -> dict[str | bytes, Mended]:
    """Mend names that are from one place.

    Arguments:
        names: Parts of paths; as bytes those that are in an encoding that is not known, as str the others.
        accept: The least sure repairs to make.
        languages: Languages the names can be in, such as ``zh-Hans``.
        candidates: The only encodings to consider for bytes.

    Returns:
        What becomes of each name. One that is given as bytes is never well as it is.

    >>> mend(["ÎÒµÄÎÄµµ", "a.txt", "Ä¿Â¼.txt"])["ÎÒµÄÎÄµµ"].new
    '我的文档'
    >>> mend([name.encode("gbk") for name in ("目录", "照片")])["目录".encode("gbk")].new
    '目录'
    """
    known = list(dict.fromkeys(names))
    raw = [name for name in known if isinstance(name, bytes)]
    read = dict(
        zip(raw, _together(raw, (b"\n", b"\r"), lambda data: _read(data, accept, languages, candidates)), strict=True)
    )
    texts: dict[str | bytes, str] = {name: name for name in known if isinstance(name, str)}
    texts |= {name: text for name, text in read.items() if text is not None}
    settings = Settings((FAMILY,), accept=accept, languages=languages)
    seen: Counter[Misreading] = Counter()

    def repaired(text: str) -> str:
        report = repair(text, settings)
        seen.update(one for found in report.mended if found.repair for one in found.repair.misreadings)
        return report.text

    mended = _together(list(texts.values()), ("\n", "\r"), repaired)
    usual = Misread(*max(seen, key=seen.__getitem__)) if seen else None
    new = {
        name: text if done is None else _likewise(text, done, usual)
        for (name, text), done in zip(texts.items(), mended, strict=True)
    }
    return {name: _judged(name, new.get(name)) for name in known}


def _together(names: Sequence[Name], breaks: tuple[Name, Name], do: Callable[[Name], str | None]) -> list[str | None]:
    """Do it to all names as lines of one text; those that are no lines, and all if they do not come back, by one."""
    lines = [name for name in names if not any(one in name for one in breaks)]
    whole = do(breaks[0].join(lines))
    done = [] if whole is None else whole.split("\n")
    if len(done) != len(lines):
        done = []
    found: dict[Name, str] = dict(zip(lines, done, strict=False))
    return [found[name] if name in found else do(name) for name in names]


def _read(
    data: bytes, accept: Literal["safe", "likely"], languages: tuple[str, ...], candidates: tuple[str, ...]
) -> str | None:
    """Return what bytes say, or None where that is not certain enough."""
    decoding = decode(data, languages=languages, candidates=candidates)
    least = 0 if candidates else SURE if accept == "safe" else A_GUESS
    # No name is in UTF-16: it would have NULs, and those end names.
    is_name = decoding.encoding is not None and not decoding.encoding.startswith(("utf-16", "utf-32"))
    return decoding.text if is_name and decoding.confidence >= least else None


def _likewise(text: str, mended: str, usual: Misread | None) -> str:
    """Return what a name was if it was misread as the others were, where by itself it is a drawing or Western.

    The bytes of 目录 in GBK, of all names, are UTF-8 too, and then say Ŀ¼; in code page 437 they are a frame.
    """
    is_doubtful = DRAWN.fullmatch(text) if mended == text else not CJK_LETTER.search(mended)
    if not is_doubtful or usual is None or usual.written == "utf-8":
        return mended
    likewise = usual.invert(text)
    if likewise is not None and all(map(CJK_LETTER.match, filterfalse(str.isascii, likewise))):
        return likewise
    return mended


def _judged(old: str | bytes, new: str | None) -> Mended:
    if new == old:
        return WELL
    if new is None:
        return UNCERTAIN
    if LOST in new and LOST not in (old if isinstance(old, str) else ""):
        return Mended(trouble=f"has lost bytes, and what it was is not certain: {new}")
    before = old if isinstance(old, str) else old.decode("latin-1")
    if new in {"", ".", ".."} or any(new.count(one) > before.count(one) for one in BARRED):
        return Mended(trouble=f"would become a name that is none: {new}")
    if len(new.encode("utf-8", "surrogateescape")) > LONGEST:
        return Mended(trouble=f"would become longer than {LONGEST} bytes: {new}")
    return Mended(new)
