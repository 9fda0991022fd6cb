"""Make src/mojimend/models/characters.bin and its card from the text that sources.toml names.

    python training/train_model.py FOLDER [--keep-out DIR] [--held-out DIR]

FOLDER holds the files LANG__NAME.txt of sources.toml; each must have the sha256 that stands there. Lines of fixtures/
and of the folders kept out, where they are long enough to mean something, are left out of the training. The same text
gives the same bytes; OpenCC, which fills up Traditional Chinese, is pinned in the dependency group `training`.

A bigram model of characters with Witten-Bell smoothing, P(b|a) = (c(ab) + T(a) P(b)) / (c(a) + T(a)), where T(a) is how
many different characters follow a. That a pair was met tells words from misreadings by itself, so those are kept, too,
whose cost the back-off T(a) / (c(a) + T(a)) P(b) tells as well.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from importlib.metadata import version
from operator import add
from pathlib import Path
from typing import Any, NamedTuple

from mojimend.models.plausibility import (
    LANGUAGES,
    NOT_IN_LANGUAGE,
    UNITS_PER_NAT,
    Plausibility,
    fold,
    is_alphabetic,
    is_never_text,
)
from mojimend.models.store import pack, unpack

ROOT = Path(__file__).parent.parent
SOURCES = Path(__file__).with_name("sources.toml")
FIXTURES = ROOT / "fixtures"
MODEL = ROOT / "src" / "mojimend" / "models" / "characters.bin"

# A shorter line says too little to be told from chance: 谢谢！ stands everywhere.
KEEP_OUT_FROM = 12

# A group of weight 1 counts as so many characters, about what the smallest of them has: what was seen once in the
# larger ones weighs less than once, and falls under RAREST_PAIR.
CHARACTERS_PER_GROUP = 3_000_000

# Rarer characters are left to the rules for unknown ones.
RAREST_CHARACTER = 0.8

# A script that appears only as an example in texts of others is better left to the rule for unknown scripts. This share
# of all characters lies between Arabic (0.000003) and the letters that only Vietnamese has (0.0012).
SMALLEST_SCRIPT = 0.0005

# What the rules for unknown characters give: a rare one that is known should not look worse than one that is not.
DEAREST = 15 * UNITS_PER_NAT
DEAREST_LATIN = 9 * UNITS_PER_NAT

# Pairs of running text are not kept that are rarer: down to 0.5 they take a seventh more to ship and bring nothing
# back of fields of two characters; only from 1.1 up, what is met once in Korean is missing, and rare lines change.
# Those of lists of words are kept however rare: that a pair is a word is what they are for. What a pair costs is told
# in steps of three quarters of a nat, as that takes a tenth less to ship.
RAREST_PAIR = 0.8
STEP = 6
# The part of the corpus that holds those lists.
WORDS = "words"

# How common a character is in a language, its running text tells; lists of words and names have the rare ones.
RUNNING_TEXT = dict(zip(LANGUAGES, ("zhs", "zht", "ja", "ko", "classical"), strict=True))

_TEXT = frozenset({".txt", ".toml", ".html"})


class Dropped(NamedTuple):
    """Lines left out: they stand in what is kept out, or hold characters that no clean text has."""

    kept_out: int
    dirty: int


def lines_of(folder: Path) -> Iterator[str]:
    """Yield the lines of all text files under a folder, stripped; of TOML the lines of its strings."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in _TEXT:
            text = path.read_text("utf-8", errors="surrogateescape")
            for piece in strings(tomllib.loads(text)) if path.suffix == ".toml" else [text]:
                yield from (line.strip() for line in piece.splitlines())


def strings(node: Any) -> Iterator[str]:
    """Yield all strings of a TOML document."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | dict):
        for item in node.values() if isinstance(node, dict) else node:
            yield from strings(item)


def fixtures() -> dict[str, str]:
    """Return the digest of each fixture file that is kept out, by its path."""
    paths = sorted(path for path in FIXTURES.rglob("*") if path.suffix in _TEXT)
    return {path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def is_dirty(line: str) -> bool:
    """Tell whether a line holds what no clean text has."""
    return any(is_never_text(char) or unicodedata.category(char) == "Co" for char in set(line))


class Folding(dict[int, str]):
    """A table for ``str.translate`` that folds each character as looking up does."""

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = fold(chr(code_point))
        return folded


class Corpus:
    """Counts of characters and pairs, weighed by group."""

    def __init__(self) -> None:
        self.pairs: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._folding = Folding()

    def add(self, part: str, lines: Iterable[str]) -> None:
        """Count lines under the part of the corpus whose weight they share."""
        text = "".join(["\n", *(f"{line}\n" for line in lines)]).translate(self._folding)
        self.pairs[part].update(map(add, text, text[1:]))

    def weighed(self, weights: Mapping[str, float]) -> dict[str, float]:
        """Return the pairs of all parts, each part as large as its weight says."""
        total: defaultdict[str, float] = defaultdict(float)
        for part, pairs in sorted(self.pairs.items()):
            scale = weights[part] * CHARACTERS_PER_GROUP / pairs.total()
            for pair, count in pairs.items():
                total[pair] += count * scale
        return total

    def characters(self, part: str) -> Counter[str]:
        """Return how often each character stands in a part."""
        counts: Counter[str] = Counter()
        for pair, count in self.pairs[part].items():
            counts[pair[1]] += count
        return counts


def read_sources(folder: Path) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Yield each source with its lines; a file that is missing or another than the one named ends the program."""
    named = tomllib.loads(SOURCES.read_text("utf-8"))["source"]
    problems = []
    for source in named:
        path = folder / source["file"]
        if not path.is_file():
            problems.append(f"{path} is missing: training/sources.toml names it")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != source["sha256"]:
            problems.append(f"{path} is not the text that training/sources.toml names: its sha256 differs")
    strangers = {path.name for path in folder.glob("*.txt")} - {source["file"] for source in named}
    problems += [f"{folder / name} is not named in training/sources.toml" for name in sorted(strangers)]
    if problems:
        sys.exit("\n".join(problems))
    for source in named:
        yield source, (folder / source["file"]).read_text("utf-8").split("\n")


def converted(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines of Simplified Chinese in Traditional characters: OpenCC's standard and Taiwan's, in turn."""
    import opencc

    convert = [opencc.OpenCC(name).convert for name in ("s2t", "s2tw")]
    return (convert[i % 2](line) for i, line in enumerate(lines))


def read_corpus(folder: Path, kept_out: frozenset[str]) -> tuple[Corpus, dict[str, Dropped], dict[str, float]]:
    """Count all sources; return the counts, what was dropped of each file, and the weight of each part."""
    corpus = Corpus()
    dropped = {}
    groups = tomllib.loads(SOURCES.read_text("utf-8"))["weights"]
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for source, every_line in read_sources(folder):
        known = [line for line in map(str.strip, every_line) if line]
        unseen = [line for line in known if len(line) < KEEP_OUT_FROM or line not in kept_out]
        lines = [line for line in unseen if not is_dirty(line)]
        dropped[source["file"]] = Dropped(len(known) - len(unseen), len(unseen) - len(lines))
        group = source["group"]
        part = f"{group} {source['language']}" if group == "other" else group
        parts[group].add(part)
        corpus.add(part, lines)
        if group == "zhs":
            parts["zht"].add("zht")
            corpus.add("zht", converted(lines))
        elif source.get("traditional_too"):
            corpus.add(part, converted(lines))
    weights = {part: groups[group] / len(members) for group, members in parts.items() for part in members}
    return corpus, dropped, weights


def vocabulary(counts: Mapping[str, float]) -> dict[str, float]:
    """Return the characters to keep with their counts; for the rest the rules for unknown ones do as well."""
    total = sum(counts.values())
    scripts: defaultdict[int, float] = defaultdict(float)
    for char, count in counts.items():
        scripts[ord(char) >> 7] += count
    kept = {}
    for char, count in sorted(counts.items()):
        rare = count < RAREST_CHARACTER
        strange = is_alphabetic(char) and scripts[ord(char) >> 7] < SMALLEST_SCRIPT * total
        dear_latin = char.isalpha() and 0xC0 <= ord(char) < 0x2B0 and cost(count / total) > DEAREST_LATIN
        if not (rare or strange or dear_latin):
            kept[char] = count
    return kept


def cost(probability: float) -> int:
    """Return -log P in the units of the model."""
    return round(-math.log(probability) * UNITS_PER_NAT)


def train(pairs: Mapping[str, float], of_words: Container[str], languages: Iterable[Counter[str]]) -> bytes:
    """Return the packed model of weighed pair counts, all pairs of words among them, and of characters in languages."""
    characters: defaultdict[str, float] = defaultdict(float)
    for pair, count in pairs.items():
        characters[pair[1]] += count
    kept = vocabulary(characters)
    total = sum(kept.values())
    inside = {pair: count for pair, count in pairs.items() if pair[0] in kept and pair[1] in kept}
    behind: defaultdict[str, float] = defaultdict(float)
    types: defaultdict[str, float] = defaultdict(float)
    for pair, count in inside.items():
        behind[pair[0]] += count
        types[pair[0]] += min(count, 1.0)  # a pair seen in a part that weighs little is no whole type
    unigrams = {char: min(cost(count / total), DEAREST) for char, count in kept.items()}
    backoffs = {char: cost(types[char] / (behind[char] + types[char])) for char in behind}
    explicit = {}
    for pair, count in inside.items():
        if count >= RAREST_PAIR or pair in of_words:
            first, second = pair[0], pair[1]
            seen = cost((count + types[first] * kept[second] / total) / (behind[first] + types[first]))
            explicit[first, second] = round(seen / STEP) * STEP
    return pack(unigrams, backoffs, explicit, [in_language(counts, kept) for counts in languages])


def in_language(counts: Counter[str], kept: Iterable[str]) -> dict[str, int]:
    """Return what each character to keep costs by itself in a language."""
    total = counts.total()
    seen = {char: cost(counts[char] / total) for char in kept if counts[char]}
    return {char: min(seen.get(char, NOT_IN_LANGUAGE), NOT_IN_LANGUAGE) for char in kept}


def bits_per_character(model: Plausibility, folder: Path) -> dict[str, float]:
    """Return for each file of a folder how many bits its characters cost."""
    bits = {}
    for path in sorted(folder.glob("*.txt")):
        lines = [line for line in map(str.strip, path.read_text("utf-8").split("\n")) if line]
        units = sum(map(model.cost, lines))
        bits[path.stem] = units / UNITS_PER_NAT / math.log(2) / sum(map(len, lines))
    return bits


def card(data: bytes, arguments: argparse.Namespace, dropped: Mapping[str, Dropped]) -> str:
    """Return the card: what the model is, what it was made from, and how well it does on text it has not seen."""
    tables = unpack(data)
    told = tomllib.loads(SOURCES.read_text("utf-8"))
    kept_out = "".join(f" --keep-out {folder.name}" for folder in arguments.keep_out)
    held_out = f" --held-out {arguments.held_out.name}" if arguments.held_out else ""
    lines = [
        "# Made by training/train_model.py, with the model beside it.",
        f'file = "{MODEL.name}"',
        f'sha256 = "{hashlib.sha256(data).hexdigest()}"',
        f'command = "python training/train_model.py {arguments.folder.name}{kept_out}{held_out}"',
        f'opencc = "{version("opencc")}"',
        f"characters = {len(tables.code_points)}",
        f"pairs = {len(tables.costs)}",
        f"units_per_nat = {UNITS_PER_NAT}",
        f"characters_per_group = {CHARACTERS_PER_GROUP}",
        "",
        "[weights]",
        *(f"{group} = {weight}" for group, weight in told["weights"].items()),
        "",
        "# Digest of each fixture file as it was when its lines were kept out of the training.",
        "[kept_out]",
        *(f'"{name}" = "{digest}"' for name, digest in fixtures().items()),
    ]
    for source in told["source"]:
        name = source["file"]
        lines += [
            "",
            "[[source]]",
            f'file = "{name}"',
            f'sha256 = "{source["sha256"]}"',
            f"lines_kept_out = {dropped[name].kept_out}",
            f"lines_dirty = {dropped[name].dirty}",
        ]
    if arguments.held_out:
        bits = bits_per_character(Plausibility(tables), arguments.held_out)
        lines += ["", "# Bits per character on text it was not trained on.", "[held_out]"]
        lines += [f"{name} = {value:.3f}" for name, value in bits.items()]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--keep-out", type=Path, action="append", default=[], metavar="DIR")
    parser.add_argument("--held-out", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    kept_out = frozenset(line for folder in (FIXTURES, *arguments.keep_out) for line in lines_of(folder))
    corpus, dropped, weights = read_corpus(arguments.folder, kept_out)
    data = train(corpus.weighed(weights), corpus.pairs[WORDS], map(corpus.characters, RUNNING_TEXT.values()))
    # A running mojimend may have the old file mapped: it keeps that, and is not cut off from under it.
    new = MODEL.with_suffix(".new")
    new.write_bytes(data)
    new.replace(MODEL)
    MODEL.with_suffix(".card.toml").write_text(card(data, arguments, dropped), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
