"""Take the training text out of git repositories: one file LANG__NAME.txt for each source that says how.

    python training/extract_text.py MIRRORS FOLDER           # holds them to the digests in sources.toml
    python training/extract_text.py MIRRORS FOLDER --pin     # writes newest revisions and their digests there

MIRRORS holds git directories OWNER+NAME/repo or OWNER/NAME. What to take, and from which revision, stands in
sources.toml beside this file. Only what git has stored is read, so the same revision gives the same bytes.
One paragraph, sentence, verse or name a line.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).with_name("sources.toml")

# What is left of a page written in Markdown when its code, comments, tags, addresses and emphasis are gone.
_FENCED = re.compile(r"^([ \t]*)(`{3,}|~{3,}).*?^\1\2", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"\{/\*.*?\*/\}|<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LINK = re.compile(r"!?\[([^\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])")
_HEAD_OF_LINE = re.compile(r"^[ \t]*(?:#+|[-*+>]|\d+\.)[ \t]+(?:\[[ x]\][ \t]+)?")
_EMPHASIS = re.compile(r"\*+|`+|(?<!\w)_+|_+(?!\w)")

# Treebanks of Vietnamese set a space in front of each mark.
_SPACED_MARK = re.compile(r" +([,.;:!?…)\]”])|([(\[“]) +")

# The word in front of what a dictionary says of it.
_HEAD_OF_ENTRY = re.compile(r"[^,:\t #]+")

# What a corpus of named entities puts around a name.
_ENTITY = re.compile(r"<([^<>]*):[A-Z]{2}>")

# Where sets of questions and of pairs of sentences keep their text.
_TEXT_KEYS = frozenset(
    {"context", "context_text", "question", "query_text", "sentence1", "sentence2", "premise", "hypothesis", "text"}
)

LEAST_COUNT = 10

_PACKED = ".msgpack.gz"


class Repository:
    """A git directory at one revision, read without a work tree."""

    def __init__(self, mirrors: Path, name: str, revision: str) -> None:
        places = [mirrors / name.replace("/", "+") / "repo", mirrors / name]
        self.path = next((place for place in places if place.is_dir()), places[0])
        self.revision = revision

    def git(self, *arguments: str) -> bytes:
        """Return what a git command prints."""
        command = ["git", "-c", "core.quotePath=off", "-C", str(self.path), *arguments]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout

    def files(self, pattern: str) -> list[str]:
        """Return the paths that match a regular expression from end to end, sorted."""
        listed = self.git("ls-tree", "-r", "-z", "--name-only", self.revision).decode("utf-8").split("\0")
        return sorted(path for path in listed if re.fullmatch(pattern, path))

    def read(self, path: str, encoding: str) -> str:
        """Return a file's text, lines ended by a line feed."""
        data = self.git("show", f"{self.revision}:{path}")
        return unpacked(data) if path.endswith(_PACKED) else data.decode(encoding).replace("\r\n", "\n")


def unpacked(data: bytes) -> str:
    """Return the words of a list that is packed by how frequent they are, a word a line."""
    import msgpack

    _, *equally_frequent = msgpack.unpackb(gzip.decompress(data))
    return "".join(f"{word}\n" for words in equally_frequent for word in words)


def treebank(text: str) -> Iterator[str]:
    """Yield the sentences of a file in CoNLL-U."""
    for line in text.splitlines():
        if line.startswith("# text ="):
            yield line.removeprefix("# text =")


def spaced_treebank(text: str) -> Iterator[str]:
    """Yield the sentences of a treebank that sets marks apart, with the marks where people write them."""
    return (_SPACED_MARK.sub(r"\1\2", sentence) for sentence in treebank(text))


def markdown(text: str) -> Iterator[str]:
    """Yield the prose of a page: no code, no tags, no addresses."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    for pattern in _FENCED, _COMMENT, _TAG:
        text = pattern.sub("", text)
    for line in _LINK.sub(r"\1", text).splitlines():
        yield _EMPHASIS.sub("", _HEAD_OF_LINE.sub("", line))


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of poems and classics kept as JSON: the strings in lists, however deep."""

    def walk(node: list[Any] | dict[str, Any]) -> Iterator[str]:
        for item in node.values() if isinstance(node, dict) else node:
            if isinstance(item, list | dict):
                yield from walk(item)
            elif isinstance(node, list):
                yield item

    return walk(json.loads(text))


def names(text: str) -> Iterator[str]:
    """Yield the names of a list behind its head, which says who made it and when."""
    return iter(text.split("\n\n", 1)[-1].splitlines() if "\n\n" in text else text.splitlines()[3:])


def words(text: str) -> Iterator[str]:
    """Yield the words of a list with counts, those that are no slips or oddities of one place."""
    for line in text.replace("\r", "\n").split("\n"):
        match line.split():
            case [word, count] if count.isdecimal() and int(count) >= LEAST_COUNT:
                yield word.lstrip("\ufeff")


def heads(text: str) -> Iterator[str]:
    """Yield the words of a dictionary, an entry a line; what stands behind # is none."""
    return (match[0] for match in map(_HEAD_OF_ENTRY.match, text.splitlines()) if match)


def strings(text: str) -> Iterator[str]:
    """Yield each text of a set of questions or pairs of sentences once: JSON, whole or a value a line."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in _TEXT_KEYS and isinstance(value, str):
                    yield from value.splitlines()
                else:
                    yield from walk(value)
        elif isinstance(node, list):
            for value in node:
                yield from walk(value)

    values = [json.loads(text)] if text.lstrip()[:1] == "[" else map(json.loads, text.splitlines())
    return iter(dict.fromkeys(walk(list(values))))


def unmarked(text: str) -> Iterator[str]:
    """Yield the lines that are no comments."""
    return (line for line in text.splitlines() if not line.startswith("#"))


def unspaced(text: str) -> Iterator[str]:
    """Yield sentences whose words were set apart, as Japanese is written: without spaces."""
    return iter(text.replace(" ", "").splitlines())


def annotated(text: str) -> Iterator[str]:
    """Yield the sentences in front of their annotation, without the marks of names in them."""
    lines = (line for line in text.splitlines() if line.startswith("## "))
    return (_ENTITY.sub(r"\1", line.partition("\t")[2]) for line in lines)


def behind(mark: str) -> Callable[[str], Iterator[str]]:
    """Return what yields the lines that begin with a mark, without it."""
    return lambda text: (line.removeprefix(mark) for line in text.splitlines() if line.startswith(mark))


KINDS: dict[str, Callable[[str], Iterable[str]]] = {
    "treebank": treebank,
    "spaced-treebank": spaced_treebank,
    "markdown": markdown,
    "paragraphs": paragraphs,
    "names": names,
    "words": words,
    "heads": heads,
    "strings": strings,
    "lines": str.splitlines,
    "unmarked": unmarked,
    "unspaced": unspaced,
    "annotated": annotated,
    "classical-of-two": behind("古文："),
    "modern-of-two": behind("现代文："),
}


def extract(source: dict[str, Any], mirrors: Path) -> Iterator[str]:
    """Yield the lines of a source, stripped, none of them empty; only those with a ``must_have`` where it is given."""
    repository = Repository(mirrors, source["repository"], source["revision"])
    paths: Iterable[str] = repository.files(source["files"])
    if "only" in source:  # a list in the repository names those that belong to the training split
        wanted = set(repository.read(source["only"], "utf-8").split())
        paths = [path for path in paths if any(path.endswith("/" + name) for name in wanted)]
    must_have = re.compile(source.get("must_have", ""))
    kind = KINDS[source["extract"]]
    encoding = source.get("encoding", "utf-8")
    lines = (line.strip() for path in paths for line in kind(repository.read(path, encoding)))
    kept = (line for line in lines if line and must_have.search(line))
    every = source.get("every", 1)
    return (line for i, line in enumerate(kept) if i % every == 0)


def pin(name: str, key: str, value: str) -> None:
    """Write a value of a source into sources.toml, where the key stands behind that source's file."""
    text = SOURCES.read_text("utf-8")
    place = re.compile(rf'(^file = "{re.escape(name)}"$(?:(?!\[\[).)*?^{key} = )"[0-9a-f]*"', re.MULTILINE | re.DOTALL)
    text, found = place.subn(rf'\g<1>"{value}"', text)
    if found != 1:
        sys.exit(f"{SOURCES}: no {key} for {name}")
    SOURCES.write_text(text, "utf-8")


def main() -> int:
    """Write the files, and say how large they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mirrors", type=Path, metavar="MIRRORS")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--pin", action="store_true", help="take the newest revisions, and write them and the digests down"
    )
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    differ = []
    for source in tomllib.loads(SOURCES.read_text("utf-8"))["source"]:
        if "extract" not in source:
            continue
        name = source["file"]
        if arguments.pin:
            newest = Repository(arguments.mirrors, source["repository"], "HEAD").git("rev-parse", "HEAD")
            source["revision"] = newest.decode("ascii").strip()
            pin(name, "revision", source["revision"])
        data = "".join(f"{line}\n" for line in extract(source, arguments.mirrors)).encode("utf-8")
        (arguments.folder / name).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        if arguments.pin:
            pin(name, "sha256", digest)
        elif digest != source["sha256"]:
            differ.append(name)
        print(f"{name}: {data.count(10):,} lines, {len(data):,} bytes")
    for name in differ:
        print(f"{name} is not what sources.toml says: sha256 differs", file=sys.stderr)
    return bool(differ)


if __name__ == "__main__":
    sys.exit(main())
