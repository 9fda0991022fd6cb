"""Clean text, and what becomes of it when it is written in one encoding and read in another.

Only Python's own codecs do the damage, and the control characters that the Web reads where cp1252 and cp1251 have
holes. What is measured with it does not lean on the tables of mojimend.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

WRITTEN = {
    "zhs": ("utf-8", "gb18030"),
    "zht": ("utf-8", "big5hkscs", "gb18030"),
    "ja": ("utf-8", "cp932", "euc_jp"),
    "ko": ("utf-8", "cp949"),
}
READ = ("cp1252", "latin-1", "gb18030", "cp950", "cp932", "euc_jp", "cp949", "mac_roman", "cp437", "cp1251")
# Read as its relative, Big5 looks right but for a few marks: there is nothing to repair.
RELATIVES = {("big5hkscs", "cp950")}
LAYERS = (
    ("cp1252", "cp1252"),
    ("latin-1", "cp1252"),
    ("gb18030", "cp1252"),
    ("cp1252", "gb18030"),
    ("gb18030", "gb18030"),
    ("cp932", "cp932"),
    ("mac_roman", "cp1252"),
)
LANGUAGES = {"zh-Hans": "zhs", "zh-Hant": "zht"}

LENGTHS = (2, 4, 8, 16, 32, 64)
LENGTHS_IN_LAYERS = (4, 12, 40)
LENGTHS_IN_A_LINE = (8, 24)
SHORT = 6
SHORTEST_LINE = 4
# Of a line that is garbled inside, and how much of it is left before and behind at least.
SHORTEST_AROUND, LEFT_WHOLE = 21, 5
# Clean lines of each file, for one case in a cell: clean text is cheap, and a change in it is rare.
LINES = 60
# A cell stays empty if so many tries a case give none: some characters are in no other encoding.
TRIES = 25

# The bytes that a code page leaves undefined, which the Web reads as C1 controls.
HOLES = {"cp1252": b"\x81\x8d\x8f\x90\x9d", "cp1251": b"\x98"}
MOSTLY_CJK = "\u2e7f"


class Text(NamedTuple):
    """One file of clean text."""

    language: str
    name: str
    lines: tuple[str, ...]
    sha256: str


class Case(NamedTuple):
    """A text to repair, and what it was. ``path`` is the encodings it was written and read in, by turns."""

    kind: str
    language: str
    path: tuple[str, ...]
    length: int
    text: str
    truth: str


def load(folder: Path) -> list[Text]:
    """Read the files LANG__NAME.txt or LANG.txt of a folder."""
    texts = []
    for path in sorted(folder.glob("*.txt")):
        data = path.read_bytes()
        language, _, name = path.stem.partition("__")
        lines = tuple(line for line in data.decode("utf-8").splitlines() if len(line) >= SHORTEST_LINE)
        if lines:
            texts.append(Text(LANGUAGES.get(language, language), name, lines, hashlib.sha256(data).hexdigest()))
    return texts


def write(text: str, encoding: str) -> bytes:
    """Return the bytes of a text.

    Raises:
        UnicodeEncodeError: The encoding has not all of its characters.
    """
    if encoding not in HOLES:
        return text.encode(encoding)
    holes = HOLES[encoding]
    return b"".join(
        bytes((ord(char),)) if char < "\u0100" and ord(char) in holes else char.encode(encoding) for char in text
    )


def read(data: bytes, encoding: str) -> str:
    """Return what bytes look like in an encoding.

    Raises:
        UnicodeDecodeError: Some bytes are no characters.
    """
    if encoding not in HOLES:
        return data.decode(encoding)
    return data.decode("latin-1").translate(_code_page(encoding))


@cache
def _code_page(encoding: str) -> dict[int, str]:
    return {byte: bytes((byte,)).decode(encoding) for byte in range(0x100) if byte not in HOLES[encoding]}


def garble(text: str, *path: str) -> str | None:
    """Return the text written and read in the encodings by turns; None if bytes would be lost or nothing changes."""
    garbled = text
    try:
        for written, misread in zip(path[::2], path[1::2], strict=True):
            garbled = read(write(garbled, written), misread)
    except UnicodeError:
        return None
    return garbled if garbled != text else None


def ways(language: str) -> list[tuple[str, str]]:
    """Return the pairs of encodings in which text of the language is written and read."""
    return [
        (written, misread)
        for written in WRITTEN.get(language, ())
        for misread in READ
        if written != misread and (written, misread) not in RELATIVES
    ]


class Sampler:
    """Draws from the texts of one language; each file has the same chance, whatever it holds."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.texts = texts
        self._longer: dict[int, list[list[str]]] = {}

    def line(self, random: Random, shortest: int) -> str | None:
        """Return a line of at least so many characters, if there is any."""
        if shortest not in self._longer:
            files = [[line for line in text.lines if len(line) >= shortest] for text in self.texts]
            self._longer[shortest] = [lines for lines in files if lines]
        longer = self._longer[shortest]
        return random.choice(random.choice(longer)) if longer else None

    def snippet(self, random: Random, length: int) -> str | None:
        """Return so many characters of a line, at least half of them CJK; None where it was none."""
        line = self.line(random, length)
        if line is None:
            return None
        start = random.randrange(len(line) - length + 1)
        snippet = line[start : start + length]
        good = snippet == snippet.strip() and sum(char > MOSTLY_CJK for char in snippet) * 2 >= length
        return snippet if good else None


class Maker:
    """Makes the cases. Each cell has chance of its own, so one more cell changes nothing in the others."""

    def __init__(self, texts: Sequence[Text], seed: int, per_cell: int) -> None:
        self.texts = texts
        self.seed = seed
        self.per_cell = per_cell
        present = {text.language for text in texts}
        self.samplers = {
            language: Sampler([text for text in texts if text.language == language])
            for language in WRITTEN
            if language in present
        }

    def chance(self, *cell: object) -> Random:
        """Return the chance of one cell."""
        return Random(" ".join(map(str, (self.seed, *cell))))

    def cases(self) -> Iterator[Case]:
        """Yield all cases."""
        for language in self.samplers:
            for way in ways(language):
                for length in LENGTHS:
                    yield from self.misread("reversible", language, way, length, self.per_cell)
                for length in LENGTHS_IN_A_LINE:
                    yield from self.misread("embedded", language, way, length, max(1, self.per_cell // 2))
            for first, second in LAYERS:
                for length in LENGTHS_IN_LAYERS:
                    path = ("utf-8", first, "utf-8", second)
                    yield from self.misread("layered", language, path, length, max(2, self.per_cell // 3))
        for text in self.texts:
            yield from self.clean(text)

    def misread(self, kind: str, language: str, path: tuple[str, ...], length: int, wanted: int) -> Iterator[Case]:
        """Yield the cases of one cell."""
        random = self.chance(kind, language, *path, length)
        sampler = self.samplers[language]
        for _ in range(wanted * TRIES):
            snippet = sampler.snippet(random, length)
            garbled = garble(snippet, *path) if snippet else None
            if snippet is None or garbled is None:
                continue
            before = behind = ""
            if kind == "embedded":
                line = sampler.line(random, SHORTEST_AROUND)
                if line is None:
                    return
                cut = random.randrange(LEFT_WHOLE, len(line) - LEFT_WHOLE)
                before, behind = line[:cut], line[cut:]
            yield Case(kind, language, path, length, before + garbled + behind, before + snippet + behind)
            wanted -= 1
            if not wanted:
                return

    def clean(self, text: Text) -> Iterator[Case]:
        """Yield lines of a file, and six characters out of each."""
        random = self.chance("clean", text.language, text.name)
        for line in random.sample(text.lines, min(len(text.lines), self.per_cell * LINES)):
            yield Case("clean", text.language, (), 0, line, line)
            if len(line) > 2 * SHORT:
                start = random.randrange(len(line) - SHORT + 1)
                snippet = line[start : start + SHORT]
                yield Case("clean", text.language, (), SHORT, snippet, snippet)
