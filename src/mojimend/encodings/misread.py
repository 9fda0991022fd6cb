"""Text written in one encoding and read in another, and the way back to its bytes.

To undo a misreading, write the text in the encoding it was read in. Codecs alone don't get all the way: code page 932
reads ED40 and FA5C as the same character and writes only one of them, Windows reads 80 as € in GBK, and the Web reads
C1 controls where a code page has a hole. So each reading has its whole table here, from characters to bytes; where a
character can have come from several, all that make text in the first encoding are candidates.

    >>> Misread("utf-8", "gb18030").garble("你好")
    '浣犲ソ'
    >>> Misread("utf-8", "gb18030").invert("浣犲ソ")
    '你好'
    >>> [data.hex() for data in Misread("gb18030", "cp932").candidates("纊")]
    ['ed40', 'fa5c']
"""

from __future__ import annotations

import codecs
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple

from mojimend.encodings.gbk import EURO_SIGN
from mojimend.kernel import Characters
from mojimend.tables import characters, rows
from mojimend.text.later import later

SINGLE_BYTE = (
    "cp1252", "latin-1", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "mac_roman", "cp437", "cp850", "koi8_r",
)  # fmt: skip
# CJK, Hangul and their marks: no encoding of one byte a character has any of them.
NOT_SINGLE_BYTE = Characters("\u3000-\ud7ff")
MULTIBYTE = ("gb18030", "cp950", "big5hkscs", "cp932", "euc_jp", "cp949")
WRITTEN = (
    "utf-8", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "johab", "shift_jis_2004", "euc_jis_2004",
)  # fmt: skip
# Read as a relative of itself, a text looks right but for a few characters: that is no misreading.
RELATIVES = {
    "big5hkscs": "cp950", "cp950": "big5hkscs", "shift_jis_2004": "cp932", "euc_jis_2004": "euc_jp",
}  # fmt: skip

# Code pages in which Windows reads byte 80 as the control of its number (bestfit949.txt and its like in Unicode's
# MAPPINGS); CPython does not.
OF_WINDOWS = ("cp932", "cp949", "cp950")
# The marks that CPython's big5hkscs reads otherwise than code page 950 and the Web do. In 8 MB of Traditional Chinese
# there are 378 of the latter and none of the former.
OTHERWISE_IN_HKSCS = "•､‾∼♁☉¥¢£￭"
MARKS_OF_CP950 = str.maketrans(OTHERWISE_IN_HKSCS, "‧﹑¯～⊕⊙￥￠￡▓")
ANY_OTHERWISE_IN_HKSCS = Characters(OTHERWISE_IN_HKSCS)
# What Korean is written in: no other has Hangul in pairs of bytes.
KOREAN = frozenset({"cp949", "johab"})
# Lead bytes of the characters in daily use, by which candidates are put in order: the first level of each standard.
IN_DAILY_USE = {
    "gb18030": range(0xB0, 0xD8),
    "big5hkscs": range(0xA4, 0xC7),
    "cp932": range(0x82, 0x98),
    "shift_jis_2004": range(0x82, 0x98),
    "euc_jp": range(0xA4, 0xD0),
    "euc_jis_2004": range(0xA4, 0xD0),
    "cp949": range(0xB0, 0xC9),
    "johab": range(0x88, 0xD4),
}
# In 1,700 garbled texts of 2 to 64 characters none had more candidates than 64, and one in 300 more than 16.
MOST_CANDIDATES = 16
# What the second byte of a pair is.
TRAILS = range(0x40, 0xFF)
# A character of UTF-8 that may be CJK, one beyond ASCII, and what begins one and does not end it, as expressions.
CJK_IN_UTF_8 = rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
UTF_8_SEQUENCE = rb"[\xc2-\xdf][\x80-\xbf]|" + CJK_IN_UTF_8
UTF_8_BEGUN = rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})"
# UTF-8 around a place, cut to both sides: of whole characters, and of parts of some by what stands for lost bytes.
NEAR = 3
_WHOLE = rb"[\x00-\x7e]|" + UTF_8_SEQUENCE
_PART = rb"[?\x7f][\x80-\xbf]{0,3}|%b(?=[?\x7f])" % UTF_8_BEGUN
WHOLE_UTF_8, PARTS_OF_UTF_8 = (
    later(rb"[\x80-\xbf]{0,3}(?:%b)*%b?" % (several, UTF_8_BEGUN)) for several in (_WHOLE, rb"%b|%b" % (_PART, _WHOLE))
)


class Reading:
    """How software reads one encoding: which bytes it takes for which characters."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._charmap = None
        self.every = ""
        """All characters that it can have, where each is one byte."""
        if name not in MULTIBYTE:
            self.every = _ASCII + characters(_beyond_ascii()[name])
            # Python's own of Latin-1 is no table, and takes a tenth of the time.
            self._charmap = None if name == "latin-1" else codecs.charmap_build(self.every)

    @cached_property
    def ambiguous(self) -> dict[str, tuple[bytes, ...]]:
        """The characters that can have come from several sequences of bytes, with those, the usual one first."""
        if self.every:
            return {}  # Where each is one byte, no two are the same.
        return {
            chr(int(code_point, 16)): tuple(map(bytes.fromhex, several))
            for code_point, *several in _ambiguous().get(self.name, ())
        }

    @cached_property
    def _any_ambiguous(self) -> Characters:
        return Characters("".join(self.ambiguous))

    @cached_property
    def bytes_of(self) -> Callable[[str], tuple[bytes, ...]]:
        """What tells each sequence of bytes that is read as a character, the usual one first."""
        return _Sequences(self).__getitem__

    def decode(self, data: bytes) -> str:
        """Read the bytes.

        Raises:
            UnicodeDecodeError: Some bytes are no character.
        """
        if self._charmap is not None:
            return codecs.charmap_decode(data, "strict", self.every)[0]
        return data.decode(self.name, _errors_of_reading(self.name))

    def encode(self, text: str) -> bytes:
        """Return the bytes that are read as this text, of each character the usual ones.

        Raises:
            UnicodeEncodeError: No bytes are read as one of its characters.
        """
        if self._charmap is not None:
            return codecs.charmap_encode(text, "strict", self._charmap)[0]
        return text.encode(self.name, _CONTROL if self.name in OF_WINDOWS else "strict")

    def has_all(self, text: str) -> bool:
        """Tell whether it has all characters of a text.

        >>> reading("cp1252").has_all("â€œ"), reading("latin-1").has_all("â€œ")
        (True, False)
        """
        try:
            self.encode(text)
        except UnicodeEncodeError:
            return False
        return True

    def encode_utf_8(self, text: str) -> bytes:
        """Return the bytes that are read as this text; of what can have come from several those that are UTF-8 there.

        Raises:
            UnicodeEncodeError: No bytes are read as one of its characters.

        >>> reading("gb18030").encode("涓€").hex(), reading("gb18030").encode_utf_8("涓€").decode()
        ('e4b8a2e3', '一')
        """
        return (
            b"".join(piece for piece, _ in self.chosen_as_utf_8(text)) if self.is_ambiguous(text) else self.encode(text)
        )

    def chosen_as_utf_8(self, text: str) -> Iterator[tuple[bytes, bool]]:
        """Yield the text in pieces, as the bytes that are UTF-8 there, and whether they were chosen from several.

        Raises:
            UnicodeEncodeError: No bytes are read as one of its characters.
        """
        pieces = list(self.alternatives(text))
        before = b""
        for several, behind in zip(pieces, [*pieces[1:], (b"\n",)], strict=True):
            piece = _part_of_utf_8(before, several, behind[0][:NEAR]) if len(several) > 1 else several[0]
            yield piece, len(several) > 1
            before = (before + piece[-NEAR:])[-NEAR:]

    def encode_what_fits(self, text: str) -> bytes:
        """Return the bytes of the characters that have any, but for the control that Windows reads byte 80 as."""
        if self._charmap is not None:
            return codecs.charmap_encode(text, "ignore", self._charmap)[0]
        return text.encode(self.name, "ignore")

    def is_ambiguous(self, text: str) -> bool:
        """Tell whether some character of the text can have come from several sequences of bytes."""
        return bool(self.ambiguous) and self._any_ambiguous.count(text) > 0

    def ambiguous_places(self, text: str) -> list[int]:
        """Return where such characters stand."""
        return self._any_ambiguous.places(text) if self.ambiguous else []

    def alternatives(self, text: str) -> Iterator[tuple[bytes, ...]]:
        """Yield the text in pieces, each as the sequences of bytes it can have come from.

        Raises:
            UnicodeEncodeError: No bytes are read as one of its characters.
        """
        end = 0
        for at in self.ambiguous_places(text):
            if end < at:
                yield (self.encode(text[end:at]),)
            yield self.ambiguous[text[at]]
            end = at + 1
        if end < len(text):
            yield (self.encode(text[end:]),)


class _Sequences(dict[str, tuple[bytes, ...]]):
    """Each sequence of bytes that is read as a character, the usual one first; found out when it is asked for.

    >>> [data.hex() for data in reading("cp932").bytes_of("≡")], reading("cp932").bytes_of("简")
    (['81df', '8791'], ())
    """

    def __init__(self, read: Reading) -> None:
        super().__init__(read.ambiguous)
        self._encode = read.encode

    def __missing__(self, char: str) -> tuple[bytes, ...]:
        known: tuple[bytes, ...] = ()
        with suppress(UnicodeEncodeError):
            known = (self._encode(char),)
        self[char] = known
        return known


@cache
def reading(name: str) -> Reading:
    """Return how an encoding is read; its table is made once, when it is first asked for."""
    return Reading(name)


@lru_cache(maxsize=4096)
def _part_of_utf_8(before: bytes, several: tuple[bytes, ...], behind: bytes) -> bytes:
    """Return the one of several pieces that is UTF-8 with what is around it, or the usual one if none is.

    By what may stand for lost bytes it is the one that lacks none: a question mark may be meant, as behind 지.
    """
    parts = [piece for piece in several if PARTS_OF_UTF_8.fullmatch(before + piece + behind)]
    return max(parts, key=lambda piece: WHOLE_UTF_8.fullmatch(before + piece + behind) is not None, default=several[0])


class _Trail:
    """Bytes that have led here, as the last of them and the trail they go on from."""

    __slots__ = ("before", "piece", "rare")

    def __init__(self, rare: int, before: _Trail | None, piece: bytes) -> None:
        self.rare = rare
        self.before = before
        self.piece = piece

    def whole(self) -> bytes:
        pieces = []
        trail: _Trail | None = self
        while trail is not None:
            pieces.append(trail.piece)
            trail = trail.before
        return b"".join(reversed(pieces))


# Pieces of one text come again and again. So many take 7 MB with what they give.
REMEMBERED = 20_000


@lru_cache(maxsize=REMEMBERED)
def feed(written: str, waiting: bytes, piece: bytes) -> tuple[str, bytes] | None:
    r"""Return the characters that a piece of bytes completes, and the bytes that then wait for more.

    ``waiting`` are the bytes that wait before it. None if the piece can't follow them.

    >>> feed("utf-8", b"", b"\xe4\xbd"), feed("utf-8", b"\xe4\xbd", b"\xa0\xe5"), feed("utf-8", b"\xe4", b"A")
    (('', b'\xe4\xbd'), ('你', b'\xe5'), None)
    """
    decoder = codecs.getincrementaldecoder(written)(lenient_errors(written))
    decoder.setstate((waiting, 0))
    try:
        text = decoder.decode(piece)
    except UnicodeDecodeError:
        return None
    return as_the_web_shows(written, text), decoder.getstate()[0]


def decode(data: bytes, written: str) -> str:
    r"""Read bytes as software reads the encoding they were written in: in GBK the byte 80, in Big5 the marks of CP950.

    Raises:
        UnicodeDecodeError: They were not written in it.

    >>> decode(b"\x80", "gb18030"), decode(b"\xa1E", "big5hkscs")
    ('€', '‧')
    """
    return as_the_web_shows(written, data.decode(written, lenient_errors(written)))


def _errors_of_reading(name: str) -> str:
    return _EURO if name == "gb18030" else _CONTROL if name in OF_WINDOWS else "strict"


def lenient_errors(written: str) -> str:
    """Return the name of the handler of errors by which software reads what was written in an encoding."""
    return _LENIENT.get(written, "strict")


def as_the_web_shows(written: str, text: str) -> str:
    """Return what was written in an encoding with the marks that the Web has for what Python's codec reads."""
    if written != "big5hkscs" or not ANY_OTHERWISE_IN_HKSCS.count(text):
        return text
    return text.translate(MARKS_OF_CP950)


class Misread(NamedTuple):
    """A text ``written`` in one encoding and ``read`` in another, both named as Python names its codecs."""

    written: str
    read: str

    def garble(self, text: str) -> str:
        """Do the damage.

        Raises:
            UnicodeError: A character can't be written, or a byte can't be read.
        """
        return reading(self.read).decode(self.encode(text))

    def may_show(self, text: str, garbled: str) -> bool:
        """Tell whether the damage makes the one of the other."""
        try:
            return self.garble(text) == garbled
        except UnicodeError:
            return False

    def encode(self, text: str) -> bytes:
        """Write the text as it was written.

        Raises:
            UnicodeEncodeError: The encoding has no such character.
        """
        return text.encode(self.written, lenient_errors(self.written))

    def decode(self, data: bytes) -> str:
        """Read bytes in the encoding they were written in.

        Raises:
            UnicodeDecodeError: They were not written in it.
        """
        return decode(data, self.written)

    def bytes_behind(self, text: str) -> bytes:
        """Return the bytes that were read as this text: of each character the usual ones, or those that are UTF-8.

        Raises:
            UnicodeEncodeError: No bytes are read as one of its characters.
        """
        read = reading(self.read)
        return read.encode_utf_8(text) if self.written == "utf-8" else read.encode(text)

    def candidates(self, text: str) -> Iterator[bytes]:
        """Yield the bytes that were read as this text and are text as written; likelier ones first.

        There are none where the text can't be such a misreading. Takes time in proportion to the length of the text.
        """
        with suppress(UnicodeEncodeError):
            yield from self.combinations(list(reading(self.read).alternatives(text)))

    def combinations(self, pieces: list[tuple[bytes, ...]]) -> Iterator[bytes]:
        """Yield the same of a text in pieces, each as the sequences of bytes it can have come from."""
        try:
            if len(pieces) == 1 and len(pieces[0]) == 1:
                self.decode(pieces[0][0])
                yield pieces[0][0]
            else:
                yield from self._combine(pieces)
        except UnicodeError:
            return

    def invert(self, text: str) -> str | None:
        """Undo the damage with the first candidate; None if there is none."""
        return next(map(self.decode, self.candidates(text)), None)

    def _combine(self, pieces: list[tuple[bytes, ...]]) -> list[bytes]:
        """Choose one of each piece's alternatives so that the whole can be decoded, in up to MOST_CANDIDATES ways.

        Trails that leave the decoder in the same state have the same future, so each state goes on once.
        """
        trails = {b"": [_Trail(0, None, b"")]}
        for alternatives in pieces:
            forked = len(alternatives) > 1 or len(trails) > 1
            onward: dict[bytes, list[_Trail]] = {}
            for waiting, here in trails.items():
                for piece in alternatives:
                    fed = feed(self.written, waiting, piece)
                    if fed is None:
                        continue
                    text, waits = fed
                    rare = self._count_rare(text) if forked else 0
                    onward.setdefault(waits, []).extend(_Trail(trail.rare + rare, trail, piece) for trail in here)
            if not onward:
                return []
            trails = {waits: sorted(here, key=attrgetter("rare"))[:MOST_CANDIDATES] for waits, here in onward.items()}
        return [trail.whole() for trail in trails.get(b"", ())]

    def _count_rare(self, text: str) -> int:
        if self.written not in IN_DAILY_USE:
            return 0
        daily = IN_DAILY_USE[self.written]
        return sum(char.encode(self.written, "replace")[0] not in daily for char in text)


# What was misread so has its kana as they were.
KANA_ALIKE = frozenset({Misread("euc_jp", "gb18030")})


_ASCII = "".join(map(chr, range(0x80)))


@cache
def _beyond_ascii() -> dict[str, str]:
    """Return what encodings of one byte a character read the bytes from 80 on as, in eight hexadecimal digits each."""
    return dict(rows("single_byte.tsv"))


@cache
def _ambiguous() -> dict[str, list[list[str]]]:
    """Return the characters that each encoding reads several sequences of bytes as, the usual one first, as digits."""
    read: defaultdict[str, list[list[str]]] = defaultdict(list)
    for name, *row in rows("ambiguous.tsv"):
        read[name].append(row)
    return read


def _euro(error: UnicodeError) -> tuple[str, int]:
    """Read byte 80 as code page 936 does."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return EURO_SIGN, error.start + 1
    raise error


def _control(error: UnicodeError) -> tuple[str | bytes, int]:
    """Read and write byte 80 as the control of its number, as Windows does."""
    assert isinstance(error, UnicodeDecodeError | UnicodeEncodeError)
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "\x80", error.start + 1
    if isinstance(error, UnicodeEncodeError) and error.object[error.start] == "\x80":
        return b"\x80", error.start + 1
    raise error


def _as_cp950(error: UnicodeError) -> tuple[str | bytes, int]:
    """Read and write as code page 950 what HKSCS has not, such as the euro sign."""
    if isinstance(error, UnicodeDecodeError):
        with suppress(UnicodeDecodeError):
            return error.object[error.start : error.start + 2].decode("cp950"), error.start + 2
        raise error
    assert isinstance(error, UnicodeEncodeError)
    char = error.object[error.start]
    data = char.encode("cp950")
    if Misread("big5hkscs", "latin-1").decode(data) != char:
        raise error
    return data, error.start + 1


_EURO, _CONTROL, _CP950 = "mojimend.euro", "mojimend.control", "mojimend.cp950"
_LENIENT = {"gb18030": _EURO, "big5hkscs": _CP950}
codecs.register_error(_EURO, _euro)
codecs.register_error(_CONTROL, _control)
codecs.register_error(_CP950, _as_cp950)

PAIRS = tuple(
    Misread(written, read)
    for written in WRITTEN
    for read in (*SINGLE_BYTE, *MULTIBYTE)
    if read not in {written, RELATIVES.get(written)}
)
