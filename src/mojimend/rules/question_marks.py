"""Question marks in place of words: ?? ????? ???, 2023?10?1?????.

An encoding that has not the characters of a text writes ? for each of them. That leaves ASCII and nothing else, and the
question marks stand where words would: between digits, before colons and commas, in groups of many lengths. In a
question, they stand behind a word.

    >>> [span for span in find("?? ????? ??? ?????")]
    [(0, 18)]
    >>> [span for span in find("what???? Are you ok ???? (a ?? b)")]
    []
"""

from __future__ import annotations

from collections.abc import Iterator

from mojimend.kernel import Clue
from mojimend.text.later import later
from mojimend.text.page import on_its_line

# Where there is none of these, there is nothing to find: two side by side, or the marks of a date.
HINT = later(r"\?(?:\?|\d{1,2}\?\d{1,2}\?)")
LINE = later(r"[^\r\n]+")
RUN = later(r"\?+")
# Before what stands for a word: the beginning, a space, a digit, or what joins. A letter before it makes it a question.
OPENS = later(r"(?:^|(?<=[\s\d,.:;=>\"'(/\[{|#*_&-]))\?+")
# Behind it: more of the sentence.
GOES_ON = later(r"$|\.(?!\w)|[,:;(/\[=<&|\w]|[\"')\]] *[,:;]| +[\w(?]")
# What no question looks like: 2023?10?1?, words to both sides of a comma, a word that begins where the marks end.
CERTAIN = later(r"(?<![\w/?.-])\d{4}\?\d{1,2}\?\d{1,2}\?|(?<!\?)\?{2,}+,\?{3}|(?:^|(?<=[\s,:;\"'(]))\?{4,}[A-Za-z0-9]")
# A mask, as for a date that is not known or the names of files, and what languages write with two question marks.
MASK = later(r"(?:^|(?<=[\s\"'(]))[\w*]*\?+(?:[-/.:*_]+\?+)+[\w*.]*(?=$|[\s\"')])")

# A line is certain with so many words in its place, of two lengths at least, and so many question marks. In 54 MB of
# clean text, 4 MB of it comments on films, no line is.
LEAST_WORDS, LEAST_LENGTHS, LEAST_MARKS = 3, 2, 6
NEARBY = 40  # so much of a line tells most of those that are not ASCII
LEAST_SHARE = 0.4  # of question marks, among them and what letters and digits are left
# On a page of ASCII alone, a line of question marks that nobody would type is so beside others of other lengths.
MORE_THAN_TYPED, LEAST_LINES = 10, 3


def is_hint(text: str, at: int) -> bool:
    """Tell whether question marks begin here that may stand in place of words: such a line has nothing but ASCII."""
    if HINT.match(text, at) is None:
        return False
    before, behind = on_its_line(text, at, NEARBY, 0), on_its_line(text, at, 0, NEARBY)
    return before.rpartition("\r")[2].isascii() and behind.partition("\r")[0].isascii()


# Behind what is not ASCII, as most stand, nothing has to be asked.
CLUE = Clue("?", "?0-9", confirms=is_hint, before="\x00-\x7f")


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretch of each line, from the first question mark to the last, that stands in place of words."""
    certain, others = [], {}
    at = 0
    while hint := HINT.search(text, at):
        start = max(text.rfind(end_of_line, at, hint.start()) for end_of_line in "\r\n") + 1 or at
        at = LINE.match(text, start).end()  # type: ignore[union-attr]
        line = text[start:at]
        if line.isascii():
            span = start + line.index("?"), start + line.rindex("?") + 1
            if _is_certain(line):
                certain.append(span)
            elif line.count("?") >= MORE_THAN_TYPED and _share(line) >= LEAST_SHARE and not MASK.search(line):
                others[span] = line.count("?")
    if text.isascii() and (certain or len(set(others.values())) >= LEAST_LINES):
        certain += others
    yield from sorted(certain)


def _is_certain(line: str) -> bool:
    if MASK.search(line) or _share(line) < LEAST_SHARE / 2:
        return False
    if CERTAIN.search(line):
        return True
    words = [len(run[0]) for run in OPENS.finditer(line) if GOES_ON.match(line, run.end())]
    enough = len(words) >= LEAST_WORDS and len(set(words)) >= LEAST_LENGTHS and sum(words) >= LEAST_MARKS
    return enough and _share(line) >= LEAST_SHARE


def _share(line: str) -> float:
    marks = line.count("?")
    return marks / (marks + sum(map(str.isalnum, line)))
