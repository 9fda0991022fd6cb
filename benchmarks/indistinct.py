"""What the text alone can't tell: where damage can't be seen, and where two texts come out the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import combinations, pairwise
from typing import NamedTuple

from damage import READ, RELATIVES, WRITTEN, Text, garble, read, ways, write
from figures import NONE, code, counted, percent, table
from measuring import Result

from mojimend.models.plausibility import plausibility

TWO_BYTES = ("gb18030", "big5hkscs", "cp950", "cp932", "euc_jp", "cp949")
# What is written in the one and read as the other without anybody noticing.
TAKEN_FOR = (
    ("gb18030", "gbk"),
    ("big5hkscs", "cp950"),
    ("cp932", "shift_jis"),
    ("cp932", "shift_jis_2004"),
    ("euc_jp", "euc_jis_2004"),
    ("cp949", "euc_kr"),
)
KINDS = ("kana", "Greek, Cyrillic", "wide letters, digits", "marks", "Han", "Hangul")

LETTERS = re.compile("[\u3400-\u9fff々ぁ-ゖァ-ヺー가-힣]+")
# The commonest stretches of letters are taken for real text, whatever stands around them: so many of each language
# and length.
COMMON = 2000
LONGEST = 4
LENGTHS_TO_JUDGE = (2, 4, 8)
MOST_ROWS = 12  # of a table of ways; the rest is only counted
MOST_EXAMPLES = 6

Way = tuple[str, str]
AS_IT_STANDS: Way = ("", "")


# --- characters at the same bytes ---


@cache
def characters(encoding: str) -> Mapping[bytes, str]:
    """Return the characters of an encoding that take two or three bytes."""
    leads = [bytes((lead,)) for lead in range(0x80, 0x100)]
    if encoding.startswith("euc_j"):  # JIS X 0212
        leads += [b"\x8f" + lead for lead in leads]
    read_so = {}
    for lead in leads:
        for trail in range(0x30, 0xFF):
            data = lead + bytes((trail,))
            with suppress(UnicodeDecodeError):
                text = data.decode(encoding)
                if len(text) == 1:
                    read_so[data] = text
    return read_so


def kind_of(char: str) -> str:
    """Return which of KINDS a character is.

    >>> [kind_of(char) for char in "ひЖＡ、漢한"]
    ['kana', 'Greek, Cyrillic', 'wide letters, digits', 'marks', 'Han', 'Hangul']
    """
    name = unicodedata.name(char, "")
    if char.isalpha() and re.match("HIRAGANA|KATAKANA", name):
        return "kana"
    if re.match("GREEK|CYRILLIC", name):
        return "Greek, Cyrillic"
    if char.isalnum() and name.startswith("FULLWIDTH"):
        return "wide letters, digits"
    if name.startswith("CJK UNIFIED"):
        return "Han"
    return "Hangul" if name.startswith("HANGUL SYLLABLE") else "marks"


@cache
def unchanged(first: str, second: str) -> frozenset[str]:
    """Return the characters that have the same bytes in two encodings."""
    other = characters(second)
    return frozenset(char for data, char in characters(first).items() if other.get(data) == char)


def nothing_to_see(texts: Sequence[Text]) -> str:
    """Tell which characters come out as they went in."""
    rows = []
    for first, second in combinations(TWO_BYTES, 2):
        same = unchanged(first, second)
        if same and not RELATIVES & {(first, second), (second, first)}:
            kinds = Counter(map(kind_of, same))
            rows.append([code(first), code(second), *(str(kinds[kind] or NONE) for kind in KINDS)])
    parts = [
        "### Nothing to see",
        "Some encodings have characters at the same bytes. Read in the other, these come out as they went in:"
        " nothing is broken, and there is nothing to find. A stretch of damage may begin or end among them, which"
        " changes nothing in the repair.",
        table(["one", "other", *KINDS], rows, words=(0, 1)),
    ]
    shares = []
    for language in WRITTEN:
        neighbours = neighbours_in(text for text in texts if text.language == language)
        for written, misread in ways(language):
            same = unchanged(written, misread) if {written, misread} <= set(TWO_BYTES) else frozenset()
            kept = sum(times for (a, b), times in neighbours.items() if a in same and b in same)
            if kept:
                share = percent(kept, neighbours.total())
                shares.append(f"{share} % of `{language}` written in {written} and read as {misread}")
    if shares:
        parts.append("Of the neighbours that are not ASCII, both come out unchanged in " + ", ".join(shares) + ".")
    return "\n\n".join(parts)


def neighbours_in(texts: Iterable[Text]) -> Counter[tuple[str, str]]:
    """Count the pairs of neighbours of which none is ASCII."""
    counts = Counter(pair for text in texts for line in text.lines for pair in pairwise(line))
    return Counter({pair: times for pair, times in counts.items() if min(pair) > "\x7f"})


def relatives() -> str:
    """Tell by how much relatives differ."""
    rows = []
    for written, misread in TAKEN_FOR:
        ours, theirs = characters(written), characters(misread)
        both = [data for data in ours if data in theirs]
        other = [data for data in both if ours[data] != theirs[data]]
        examples = ", ".join(f"{code(ours[data])} {code(theirs[data])}" for data in other[:MOST_EXAMPLES])
        rows.append([written, misread, f"{len(both):,}", f"{len(other):,}", examples or NONE])
    return "\n\n".join(
        [
            "### Relatives",
            "Read as its relative, a text comes out as it was but for a few characters (in the last column as"
            " written and as read). One other mark in a line is no evidence of a misreading, so mojimend does not"
            " look for these, and no other table has them.",
            table(
                ["written", "read", "characters in both", "of which come out otherwise", "the first of them"],
                rows,
                words=(0, 1, 4),
            ),
        ]
    )


# --- two texts that come out the same ---


class Snippet(NamedTuple):
    """A common stretch of letters: how often it stands in the texts of its language, and what it is."""

    per_million: int
    language: str
    text: str


class Twins(NamedTuple):
    """Two texts that come out the same, and how."""

    first: Snippet
    second: Snippet
    garbled: str
    ways: tuple[Way, Way]

    @property
    def rank(self) -> tuple[int, int, str, str]:
        """Where it stands among examples: the longest first, then the commonest."""
        shorter = min(len(self.first.text), len(self.second.text))
        rarer = min(self.first.per_million, self.second.per_million)
        return -shorter, -rarer, self.first.text, self.second.text


Causes = dict[tuple[str, ...], list[Twins]]


def common_snippets(texts: Iterable[Text], most: int = COMMON) -> list[Snippet]:
    """Return the commonest stretches of one to four letters, so many of each language and length."""
    counts: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for text in texts:
        for line in text.lines if text.language in WRITTEN else ():
            for letters in LETTERS.findall(line):
                for length in range(1, LONGEST + 1):
                    starts = range(len(letters) - length + 1)
                    counts[text.language, length].update(letters[at : at + length] for at in starts)
    snippets = []
    for (language, _), count in sorted(counts.items()):
        best = sorted(count.items(), key=lambda item: (-item[1], item[0]))[:most]
        snippets += [Snippet(round(1e6 * times / count.total()), language, snippet) for snippet, times in best]
    return snippets


def find_twins(snippets: Iterable[Snippet]) -> Iterator[Twins]:
    """Yield any two different snippets that come out the same, or of which one comes out as the other is written."""
    forms: defaultdict[str, list[tuple[Way, Snippet]]] = defaultdict(list)
    for snippet in snippets:
        forms[snippet.text].append((AS_IT_STANDS, snippet))
        for way in ways(snippet.language):
            garbled = garble(snippet.text, *way)
            if garbled is not None:
                forms[garbled].append((way, snippet))
    for garbled, several in forms.items():
        for (way, first), (other, second) in combinations(sorted(several), 2):
            if first.text != second.text:
                yield Twins(first, second, garbled, (way, other))


def by_cause(twins: Iterable[Twins]) -> tuple[Causes, Causes, Causes]:
    """Return the twins of the same bytes, those that are real text as they stand, and the others.

    Each pair of texts counts once for a cause.
    """
    same: defaultdict[tuple[str, ...], dict[tuple[str, str], Twins]] = defaultdict(dict)
    stands, other = same.copy(), same.copy()
    for one in twins:
        written, second_written = one.ways[0][0], one.ways[1][0]
        cause: tuple[str, ...]
        if one.ways[0] == AS_IT_STANDS:
            kind, cause = stands, one.ways[1]
        elif one.first.text.encode(written) == one.second.text.encode(second_written):
            kind, cause = same, (written, second_written)
        else:
            kind, cause = other, (*one.ways[0], *one.ways[1])
        kind[cause].setdefault((one.first.text, one.second.text), one)
    return _in_order(same), _in_order(stands), _in_order(other)


def _in_order(causes: Mapping[tuple[str, ...], Mapping[tuple[str, str], Twins]]) -> Causes:
    """Return the causes with the most long texts first, and of each the best example first."""
    found = {cause: sorted(twins.values(), key=lambda one: one.rank) for cause, twins in causes.items()}
    return dict(sorted(found.items(), key=lambda item: (-longer_than_one(item[1]), -len(item[1]), item[0])))


def longer_than_one(twins: Iterable[Twins]) -> int:
    """Count the twins of which both have more than one character."""
    return sum(one.rank[0] < -1 for one in twins)


def two_texts_one_form(texts: Sequence[Text]) -> str:
    """Tell which real texts come out the same."""
    snippets = common_snippets(texts)
    twins = list(find_twins(snippets))
    same, stands, other = by_cause(twins)
    parts = [
        "### Two texts, one garbled form",
        f"The commonest stretches of one to four letters in these texts, {len(snippets):,} in all and of each"
        f" language and length no more than {COMMON:,}, were garbled in all ways. Where two of them come out the"
        " same, only what stands around them can tell which it was. Length helps more than anything:",
        _twins_by_length(snippets, twins),
        _beyond_one_character(same, stands),
        _about_utf_8(twins),
        "**The same bytes.** The one text in one encoding is the other in another, byte for byte. Whatever encoding"
        " these bytes are read in, the two come out the same.",
        _ways(["one", "other"], same, lambda one: f"{code(one.first.text)}, {code(one.second.text)}"),
        "**Real text as it stands.** What comes out is itself common text: nothing looks broken.",
        _ways(["written", "read"], stands, lambda one: f"{code(one.second.text)} as {code(one.garbled)}"),
        "**Other bytes, the same characters.** The two have different bytes and are read in different encodings, or"
        " in one that reads several bytes as the same character.",
        _ways(
            ["one written", "read", "other written", "read"],
            other,
            lambda one: f"{code(one.first.text)}, {code(one.second.text)} as {code(one.garbled)}",
        ),
    ]
    proof = [line for causes in (same, stands, other) for line in _proof(causes)]
    if proof:
        parts.append("The first of each, by Python's own codecs:\n\n```python\n" + "\n".join(proof) + "\n\n```")
    parts.append(
        "Where one text comes out the same in two ways, as in Latin-1 and Windows-1252, the way can't be told either."
        " But the repair is the same, so that does no harm."
    )
    return "\n\n".join(filter(None, parts))


def _twins_by_length(snippets: Iterable[Snippet], twins: Iterable[Twins]) -> str:
    not_alone = {one.second.text for one in twins} | {one.first.text for one in twins if one.ways[0] != AS_IT_STANDS}
    looks_like = {one.first.text for one in twins if one.ways[0] == AS_IT_STANDS}
    of_length = Counter(map(len, {snippet.text for snippet in snippets}))
    lengths = range(1, LONGEST + 1)
    rows = [
        [what, *(percent(sum(len(text) == length for text in found), of_length[length]) for length in lengths)]
        for what, found in (
            ("% that in some way come out as another does, or as another is written", not_alone),
            ("% that are what another comes out as", looks_like),
        )
    ]
    return table(["characters", *map(str, lengths)], rows)


def _beyond_one_character(same: Causes, stands: Causes) -> str:
    """Name the pairs of encodings that matter, as no tool mends one character by itself."""
    alike = [" and ".join(cause) for cause, twins in same.items() if longer_than_one(twins)]
    read_so = [" read as ".join(cause) for cause, twins in stands.items() if longer_than_one(twins)]
    told = [
        what + ", ".join(found)
        for what, found in (("of the same bytes in ", alike), ("that are real text as they stand, ", read_so))
        if found
    ]
    return "Beyond one character, there are texts " + "; ".join(told) + "." if told else ""


def _about_utf_8(twins: Sequence[Twins]) -> str:
    of_utf_8 = {(one.first.text, one.second.text) for one in twins if "utf-8" in dict(one.ways)}
    if not of_utf_8:
        return "None of these pairs has a text written in UTF-8: its bytes hardly ever make sense in another encoding."
    pairs = {(one.first.text, one.second.text) for one in twins}
    return f"Of {counted(len(pairs), 'pair')} of such texts, {len(of_utf_8):,} have one written in UTF-8."


def _ways(head: list[str], causes: Causes, example: Callable[[Twins], str]) -> str:
    if not causes:
        return "None in these texts."
    rows = [
        [*cause, f"{len(twins):,}", f"{longer_than_one(twins):,}", example(twins[0])]
        for cause, twins in list(causes.items())[:MOST_ROWS]
    ]
    left = list(causes.values())[MOST_ROWS:]
    shown = table([*head, "pairs", "longer than one", "for example"], rows, words=(*range(len(head)), len(head) + 2))
    if not left:
        return shown
    longer = sum(map(longer_than_one, left))
    pairs = sum(map(len, left))
    return (
        f"{shown}\n\nAnd {counted(len(left), 'other way')}, with {pairs:,} pairs, {longer:,} of them longer than one."
    )


def _proof(causes: Causes) -> Iterator[str]:
    for twins in list(causes.values())[:1]:
        one = twins[0]
        for snippet, (written, misread) in zip((one.first, one.second), one.ways, strict=True):
            if written:
                yield f">>> {snippet.text!r}.encode({written!r}).decode({misread!r})\n{one.garbled!r}"


def two_characters_read_as_one(texts: Sequence[Text]) -> str:
    """Tell which encodings read several bytes as one character, and which characters that makes the same."""
    counts = Counter(char for text in texts for line in text.lines for char in line)
    rows = []
    for misread in READ:
        came_from: defaultdict[str, list[bytes]] = defaultdict(list)
        for data, char in characters(misread).items() if misread in TWO_BYTES else ():
            came_from[char].append(data)
        for written in dict.fromkeys(way[0] for language in WRITTEN for way in ways(language) if way[1] == misread):
            ours = characters(written) if written in TWO_BYTES else {}
            pairs = [
                (min(counts[a], counts[b]), a, b, char)
                for char, several in came_from.items()
                for a, b in combinations(sorted({ours[data] for data in several if data in ours}), 2)
            ]
            if pairs:
                least, a, b, char = max(pairs)
                example = f"{code(a)}, {code(b)} as {code(char)}" if least else NONE
                rows.append([written, misread, str(len(pairs)), str(sum(pair[0] > 0 for pair in pairs)), example])
    return "\n\n".join(
        [
            "### Two characters read as one",
            "Some encodings read several bytes as the same character. Two characters that are written with these"
            " come out the same, and only the text around can tell which it was.",
            table(["written", "read", "such pairs", "both stand in these texts", "for example"], rows, words=(0, 1, 4)),
        ]
    )


# --- what the character model can tell ---


def readings(garbled: str) -> Iterator[tuple[str, Way]]:
    """Yield what a text may have been before one misreading, and what it is as it stands."""
    yield garbled, AS_IT_STANDS
    written_in = dict.fromkeys(written for several in WRITTEN.values() for written in several)
    for misread in READ:
        with suppress(UnicodeEncodeError):
            data = write(garbled, misread)
            for written in written_in:
                with suppress(UnicodeDecodeError):
                    if written != misread and (written, misread) not in RELATIVES:
                        yield read(data, written), (written, misread)


def reads_better(garbled: str, truth: str) -> str | None:
    """Return the reading that costs least under the character model, if it costs less than the truth.

    >>> reads_better("浣犲ソ", "你好") is None
    True
    """
    best = min((text for text, _ in readings(garbled)), key=lambda text: (_cost(text), text))
    return best if _cost(best) < _cost(truth) else None


def _cost(text: str) -> int:
    return plausibility().cost(f"{text}\n")


def what_the_model_can_tell(results: Iterable[Result]) -> str:
    """Tell how often another reading is likelier than the truth, beside how often mojimend was right."""
    cases: Counter[tuple[Way, int]] = Counter()
    right, better, both = cases.copy(), cases.copy(), cases.copy()
    examples: dict[Way, str] = {}
    for result in results:
        case = result.case
        if case.kind != "reversible" or case.length not in LENGTHS_TO_JUDGE:
            continue
        way = (case.path[0], case.path[1])
        cell = way, case.length
        rival = reads_better(case.text, case.truth)
        cases[cell] += 1
        right[cell] += result.right[0]
        if rival is not None:
            better[cell] += 1
            both[cell] += not result.right[0]
            rival = "itself" if rival == case.text else code(rival)
            examples.setdefault(way, f"{code(case.text)}: {code(case.truth)} or {rival}")
    order = sorted(examples, key=lambda way: [-better[way, n] / max(1, cases[way, n]) for n in LENGTHS_TO_JUDGE])
    rows = [
        [
            *way,
            *(percent(better[way, length], cases[way, length]) for length in LENGTHS_TO_JUDGE),
            *(percent(right[way, length], cases[way, length]) for length in LENGTHS_TO_JUDGE),
            examples[way],
        ]
        for way in order
    ]
    head = ["written", "read"]
    head += [f"other likelier, {length}" for length in LENGTHS_TO_JUDGE]
    head += [f"mended, {length}" for length in LENGTHS_TO_JUDGE]
    missed = cases.total() - right.total()
    everywhere = len({way for way, _ in cases})
    return "\n\n".join(
        [
            "### What the characters can tell",
            "A garbled text was read back in all ways, and the character model of mojimend weighed what came out,"
            " with the garbled text itself. Where something else is likelier than the truth, the text alone speaks"
            " against the repair, for this model at least. Shares in percent, for texts of 2, 4 and 8 characters,"
            " beside the share that mojimend mended; the example is the first of the shortest.",
            table([*head, "for example"], rows, words=(0, 1, len(head))) if rows else "There were none.",
            f"In the other {everywhere - len(order)} of {everywhere} ways the truth was always the likeliest. Of"
            f" {counted(cases.total(), 'case')} mojimend missed {missed:,}; in {both.total():,} of these something"
            f" else is likelier. Of the {better.total():,} in which something else is likelier, it mended"
            f" {better.total() - both.total():,}.",
        ]
    )


def section(texts: Sequence[Text], results: Sequence[Result]) -> str:
    """Return the section of what can't be told apart."""
    return "\n\n".join(
        [
            "## What cannot be told apart",
            "Bytes carry no name of their encoding. Some damage leaves nothing that shows it, and some can be read"
            " back in two ways that are both text. No tool can be right there but by chance, or by what stands"
            " around.",
            nothing_to_see(texts),
            relatives(),
            two_texts_one_form(texts),
            two_characters_read_as_one(texts),
            what_the_model_can_tell(results),
        ]
    )
