"""Make src/mojimend/tables/letters.tsv, or check that it is what the words of letters.toml give.

    python training/build_letters.py MIRRORS            # writes it
    python training/build_letters.py MIRRORS --check    # exit 1 if it differs

MIRRORS holds git directories as for extract_text.py. Of each language the table tells which letter follows which, so
that bytes in an encoding of one byte a character can be told from the same bytes misread. What an encoding leaves open
is one of a few letters, and words say enough of those: sentences, marks and capitals are left to decoding/single.py.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import string
import sys
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extract_text import LEAST_COUNT, Repository

from mojimend.tables.letters import BOUNDARY, FIRST_OF_COSTS, UNITS_PER_NAT

NAMED = Path(__file__).with_name("letters.toml")
TABLE = Path(__file__).parent.parent / "src" / "mojimend" / "tables" / "letters.tsv"

HEADER = """\
# Letters of languages that encodings of one byte a character are for, and what each costs by itself and behind each:
# language, script, letters in eight hexadecimal digits each, costs in quarters of a nat from "!" up, row after row.
# A boundary of a word is the first letter; the first row is of letters by themselves.
# source: the words that training/letters.toml names (hermitdave/FrequencyWords, CC BY-SA 4.0)
# made by: python training/build_letters.py
"""

# A word is not as many times as telling as it is frequent: names and rare words are full of rare pairs.
DAMPED = 0.75
# As if there were so many letters of each language; and how much of them a letter takes that no word has.
LETTERS = 1e6
UNSEEN = 1e-6
# By how many times the number of different letters behind a letter its pairs that were not seen are likelier.
BACKED_OFF = 3
DEAREST = 60
# Slips and syllables that were cut off are short, where words are not set apart.
SHORTEST_UNSPACED = 3

TONES = (
    "\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}\N{COMBINING TILDE}"
    "\N{COMBINING HOOK ABOVE}\N{COMBINING DOT BELOW}"
)
CEDILLAS = str.maketrans("șț", "şţ")


def spelt(word: str, language: str) -> str:
    """Return a word as its encodings spell it, in small letters."""
    word = word.lower().strip("'’-")
    if language == "ro":
        return word.translate(CEDILLAS)
    if language == "vi":
        return "".join(map(toned, unicodedata.normalize("NFC", word)))
    return word


def toned(char: str) -> str:
    """Set the accent that tells a tone behind its letter."""
    parts = unicodedata.normalize("NFD", char)
    bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
    return bare + "".join(part for part in parts if part in TONES)


def words(text: str, language: str, letters: str) -> Iterator[tuple[str, float]]:
    """Yield the words of a list that are all of the letters, with what each counts."""
    known = set(letters)
    for line in text.splitlines():
        match line.split():
            case [word, count] if int(count) >= LEAST_COUNT:
                word = spelt(word, language)
                if known.issuperset(word) and len(word) >= (SHORTEST_UNSPACED if language == "th" else 1):
                    yield word, int(count) ** DAMPED


def costs(text: str, language: str, letters: str) -> Iterator[int]:
    """Yield what each letter costs by itself, and then behind each, row by row."""
    pairs: Counter[str] = Counter()
    for word, count in words(text, language, letters):
        spaced = BOUNDARY + word + BOUNDARY
        for i in range(len(word) + 1):
            pairs[spaced[i : i + 2]] += count  # type: ignore[assignment]
    total = sum(pairs.values())
    alone: Counter[str] = Counter()
    before: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for pair, count in pairs.items():
        alone[pair[1]] += count
        before[pair[0]] += count
        kinds[pair[0]] += 1
    share = {letter: (alone[letter] / total + UNSEEN) / (1 + UNSEEN * len(letters)) for letter in letters}
    yield from (cost(share[letter]) for letter in letters)
    for first in letters:
        behind = before[first] / total * LETTERS
        new = max(1, kinds[first]) * BACKED_OFF
        for second in letters:
            seen = pairs[first + second] / total * LETTERS
            yield cost((seen + new * share[second]) / (behind + new))


def cost(probability: float) -> int:
    """Return -log P in the units of the table."""
    return min(DEAREST, round(-math.log(probability) * UNITS_PER_NAT))


def table(mirrors: Path) -> str:
    """Return the table; a list of words that is another than the one named ends the program."""
    named: dict[str, Any] = tomllib.loads(NAMED.read_text("utf-8"))
    repository = Repository(mirrors, named["repository"], named["revision"])
    rows = [HEADER]
    for language, told in named["languages"].items():
        text = repository.read(named["file"].format(language), "utf-8")
        if hashlib.sha256(text.encode()).hexdigest() != told["sha256"]:
            sys.exit(f"the words of {language} are not those that training/letters.toml names: their sha256 differs")
        own = set(told["letters"]) | (set(string.ascii_lowercase) if told["script"] == "Latn" else set())
        letters = BOUNDARY + "".join(sorted(own))
        cells = "".join(chr(FIRST_OF_COSTS + cost) for cost in costs(text, language, letters))
        digits = "".join(f"{ord(letter):08x}" for letter in letters)
        rows.append(f"{language}\t{told['script']}\t{digits}\t{cells}\n")
    return "".join(rows)


def main() -> int:
    """Write the table, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mirrors", type=Path, metavar="MIRRORS")
    parser.add_argument("--check", action="store_true", help="compare only, exit 1 if the table differs")
    arguments = parser.parse_args()
    made = table(arguments.mirrors)
    if not arguments.check:
        TABLE.write_text(made, "utf-8")
    elif TABLE.read_text("utf-8") != made:
        print("letters.tsv is not what its source gives; run python training/build_letters.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
