r"""Encodings that shift into CJK text and out again in ASCII bytes: ISO-2022-JP, -KR and -CN, and HZ.

Each stretch is two bytes a character, the same as in EUC but without the high bit. So it is read as EUC, which also
finds the way back behind a lost byte. A stretch ends where it shifts back or at the end of its line.

>>> read(b"\x1b$B2q5D\x1b(B no \x1b$BOC\x1b(B")[:2]
('iso2022_jp', '会議 no 話')
>>> read(b"~{Dc:C~} ~~")[:2]
('hz', '你好 ~')
>>> read(b"cat ~{bin,lib}") is None
True
"""

from __future__ import annotations

from typing import NamedTuple

from mojimend.decoding import variant
from mojimend.encodings.lenient import REPLACEMENT
from mojimend.models.plausibility import UNITS_PER_NAT, plausibility
from mojimend.text.later import later

# What each escape shifts to: the encoding in EUC, or None for ASCII; and which member of ISO-2022 it is from.
_GRAPHIC = {
    b"$@": ("euc_jp", "iso2022_jp"),
    b"$B": ("euc_jp", "iso2022_jp"),
    b"$(B": ("euc_jp", "iso2022_jp"),
    b"$(D": ("jisx0212", "iso2022_jp_ext"),
    b"(I": ("katakana", "iso2022_jp_ext"),
    b"$A": ("gb2312", "iso2022_jp_2"),
    b"$(C": ("cp949", "iso2022_jp_2"),
    b"$(O": ("euc_jis_2004", "iso2022_jp_2004"),
    b"$(Q": ("euc_jis_2004", "iso2022_jp_2004"),
    b"(B": (None, None),
    b"(J": (None, None),
    b"(H": (None, None),
}
# What SO shifts to from then on.
_SHIFTED = {b"$)C": ("cp949", "iso2022_kr"), b"$)A": ("gb2312", "iso2022_cn"), b"$)G": ("euc_tw", "iso2022_cn")}

_TOKEN = later(
    rb"\x1b(?P<set>\$[@AB]|\$\([BCDOQ]|\([BJHI])|\x1b(?P<shifted>\$\)[ACG]|\$\*H)|\x1bN(?P<single>[!-~]{2})|(?P<out>\x0e)|(?P<in>\x0f)|(?P<line>\n)"
)
# ``~`` is no first byte, but is a second one, so the way out is looked for between pairs. Where a byte was lost, it is
# the first that there is on the line.
_PAIRS = rb"(?>[!-}\x80-\xff][!-~\x80-\xff])*+"
_HZ_TOKEN = later(rb"~(?:\{(?:(?P<pairs>" + _PAIRS + rb")~\}|(?P<other>[^\n]*?)(?:~\}|(?=\n)|\Z))|(?P<literal>[~\n]))")
# Python names them by what they add; each reads all that stand before it.
_WIDENING = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2", "iso2022_jp_2004")

# Two marks are others in Python's codecs of GB 2312 (hz, iso2022_jp_2) than in those of GBK.
_AS_IN_GB2312 = str.maketrans("\N{EM DASH}\N{MIDDLE DOT}", "\N{HORIZONTAL BAR}\N{KATAKANA MIDDLE DOT}")

_HIGH_BIT = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(0x100))
_ASCII = bytes(range(0x80))

# Such text has no bytes from 80 up but by damage.
_MOST_HIGH = 0.02
# Of longer files they are counted in so many from the beginning, from the middle and to the end; most that have many
# have enough of them in far fewer.
_COUNTED = 1 << 12
_COUNTED_AT_FIRST = 1 << 9
# Of the pairs of a text in one of these encodings, so many are no characters at most; ESC $ B in other data (terminals,
# binary files) is followed by anything.
_MOST_LOST = 0.2
# HZ needs no control character, so what it says must read like Chinese (8 nats a character) and not like two chance
# bytes (13).
_READS_AS_CHINESE = 10.5 * UNITS_PER_NAT
# A single one has to be among the 500 commonest of the 8,836 that two bytes can be.
_ALONE = 8.5 * UNITS_PER_NAT


class Escaped(NamedTuple):
    """What such bytes say."""

    encoding: str
    text: str
    errors: tuple[int, ...]
    shifts: int


def read(data: bytes) -> Escaped | None:
    """Read bytes in one of these encodings; None if they are in none."""
    # One byte is looked for much faster than two, and most files have neither; where one may be half of a character,
    # the file has too many high bytes.
    if not (b"\x1b" in data or b"~" in data) or _has_many_high(data):
        return None
    is_iso = b"\x1b$" in data or b"\x1b(I" in data
    if not (is_iso or b"~{" in data):
        return None
    reader = _Reader(data)
    if is_iso:
        reader.read_iso_2022()
        name = reader.name
    else:
        reader.read_hz()
        name = "hz"
    # Half a character at the end is no more than a cut.
    is_cut = reader.errors[-1:] == [len(data) - 1]
    if not name or reader.lost - is_cut > _MOST_LOST * reader.pairs:
        return None
    if name == "hz" and not reader.is_chinese:
        return None
    return Escaped(name, "".join(reader.pieces), tuple(reader.errors), reader.shifts)


def _has_many_high(data: bytes) -> bool:
    if data.isascii():
        return False
    if len(data) > 3 * _COUNTED:
        middle = len(data) // 2
        data = data[:_COUNTED] + data[middle : middle + _COUNTED] + data[-_COUNTED:]
    most = _MOST_HIGH * len(data)
    return len(data[:_COUNTED_AT_FIRST].translate(None, _ASCII)) > most or len(data.translate(None, _ASCII)) > most


class _Reader:
    """The state of one reading."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.pieces: list[str] = []
        self.errors: list[int] = []
        self.name = ""
        self.shifts = 0
        self.pairs = 0
        self.lost = 0
        self.cost = 0
        self.ended = 0

    @property
    def is_chinese(self) -> bool:
        """Whether what two bytes each say in HZ is Chinese."""
        if self.pairs <= 1:
            return self.ended == self.pairs == 1 and self.cost <= _ALONE
        return self.cost <= _READS_AS_CHINESE * self.pairs

    def read_iso_2022(self) -> None:
        """Read by escapes and by SO and SI."""
        graphic: str | None = None
        shifted: str | None = None
        is_out = False
        at = 0
        for token in _TOKEN.finditer(self._data):
            self._read(at, token.start(), shifted if is_out else graphic)
            at = token.end()
            if token["set"]:
                graphic, name = _GRAPHIC[token["set"]]
                self._widen(name)
            elif token["shifted"]:
                shifted, name = _SHIFTED.get(token["shifted"], (None, "iso2022_cn"))
                self._widen(name)
            elif token["line"]:
                graphic, is_out = None, False
                self.pieces.append("\n")
            elif token["single"]:
                self._say((b"\x8e\xa2" + token["single"].translate(_HIGH_BIT)).decode("euc_tw", "replace"))
            elif shifted or self.name == "iso2022_cn":
                is_out = token["out"] is not None
                self.shifts += is_out
            else:
                self.pieces.append(token[0].decode("ascii"))
        self._read(at, len(self._data), shifted if is_out else graphic)

    def read_hz(self) -> None:
        """Read by tildes."""
        at = 0
        for token in _HZ_TOKEN.finditer(self._data):
            self._read(at, token.start(), None)
            at = token.end()
            if token["literal"]:
                self.pieces.append("~" if token["literal"] == b"~" else "")
            else:
                self.shifts += 1
                self.ended += token["pairs"] is not None
                self._read(*token.span("other" if token["pairs"] is None else "pairs"), "gb2312")
        self._read(at, len(self._data), None)

    def _widen(self, name: str | None) -> None:
        if name is None:
            return
        self.shifts += 1
        if self.name in _WIDENING and name in _WIDENING:
            name = max(self.name, name, key=_WIDENING.index)
        self.name = name

    def _read(self, start: int, end: int, encoding: str | None) -> None:
        if start == end:
            return
        data = self._data[start:end]
        if encoding is None:
            self.pieces.append(data.decode("ascii", "replace"))
            self.errors.extend(start + at for at, byte in enumerate(data) if byte >= 0x80)
            return
        data = data.translate(_HIGH_BIT)
        if encoding == "katakana":
            text = data.decode("cp932", "replace")
        elif encoding == "jisx0212":
            pairs = (data[at : at + 2] for at in range(0, len(data), 2))
            text = b"".join(b"\x8f" + pair for pair in pairs).decode("euc_jp", "replace")
        else:
            is_gb2312 = encoding == "gb2312"
            _, text, lost = variant.read(data, "gb18030" if is_gb2312 else encoding, starts_whole=True)
            self.errors.extend(start + at for at in lost)
            if is_gb2312:
                text = text.translate(_AS_IN_GB2312)
        self._say(text)

    def _say(self, text: str) -> None:
        self.pieces.append(text)
        said = text.replace(REPLACEMENT, "")
        self.pairs += len(said)
        self.lost += len(text) - len(said)
        self.cost += plausibility().alone(said)
