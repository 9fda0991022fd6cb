"""The bytes behind a misreading, layer by layer.

>>> [layer.data.hex(" ") for layer in trace("浣犲ソ", "你好", [Misread("utf-8", "gb18030")]) or ()]
['e4 bd a0 e5 a5 bd']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mojimend.encodings.misread import Misread

_NO_BREAK = "\N{NO-BREAK SPACE}"


class Layer(NamedTuple):
    """One misreading of a text: what was written, its bytes, and what they were read as."""

    misread: Misread
    written: str
    data: bytes
    read: str

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of each character that was written; where the codec would write others, all that follow.

        >>> (layer,) = trace("浣犲ソ", "你好", [Misread("utf-8", "gb18030")]) or ()
        >>> [piece.hex() for piece in layer.pieces()]
        ['e4bda0', 'e5a5bd']
        """
        at = 0
        for char in self.written:
            try:
                piece = self.misread.encode(char)
            except UnicodeEncodeError:
                break
            if not self.data.startswith(piece, at):
                break
            yield piece
            at += len(piece)
        if at < len(self.data):
            yield self.data[at:]


def trace(garbled: str, text: str, misreads: Sequence[Misread]) -> tuple[Layer, ...] | None:
    """Return the layers that lead from ``text`` to ``garbled``, in the order in which they happened.

    ``misreads`` stand in that order, too. None where they do not lead there, as where bytes were lost.

    >>> trace("浣犲ソ", "你们", [Misread("utf-8", "gb18030")])
    """
    return _back(garbled, text, misreads) or _on(text, garbled, misreads)


def _back(garbled: str, text: str, misreads: Sequence[Misread]) -> tuple[Layer, ...] | None:
    """Return the layers by the bytes that the last may have read: several are read alike, and only one leads there."""
    if not misreads:
        return () if garbled == text else None
    *before, last = misreads
    for data in last.candidates(garbled):
        written = last.decode(data)
        layers = _back(written, text, before)
        if layers is not None:
            return (*layers, Layer(last, written, data, garbled))
    return None


def _on(text: str, garbled: str, misreads: Sequence[Misread]) -> tuple[Layer, ...] | None:
    """Return the layers by what was written, where no-break spaces that they lead to became spaces.

    >>> [layer.data.hex(" ") for layer in _on("你", "ä½ ", [Misread("utf-8", "cp1252")]) or ()]
    ['e4 bd a0']
    """
    layers, written = [], text
    for misread in misreads:
        try:
            data, read = misread.encode(written), misread.garble(written)
        except UnicodeError:
            return None
        layers.append(Layer(misread, written, data, read))
        written = read
    return tuple(layers) if written.replace(_NO_BREAK, " ") == garbled.replace(_NO_BREAK, " ") else None
