r"""UTF-8 read as Windows-1252 or its like: cafÃ© for café, itâ€™s for it’s.

A program that takes each byte for a character, as the code pages of the West
do, shows a letter with an accent as two characters and a curly quote as three.
ftfy, Robyn Speer's library, finds and undoes this for ten code pages, over
several layers, in parts of a line, and where a no-break space has become a
plain one. Only its repair of encodings runs here: it straightens no quotes,
folds no widths and breaks no ligatures.

Safe, as ftfy is tuned to change nothing that somebody may have meant. A
character with a lost byte becomes U+FFFD, and the message says how many did.
Only Â and a no-break space among capitals is likely: Â may be the letter.
A page that is UTF-8 to its last byte, and shows enough of it, was misread as
a whole, and so were lines of it that would tell nothing by themselves. There
no-break spaces that have become plain ones tell by how many stand together
whether they were the last byte of à, or that and a space behind it.

Silent where the characters are CJK bytes taken one by one (ºÃºÃÑ§Ï° for
好好学习): ftfy takes a pair here and there for UTF-8 and destroys the rest.
And on a line with no more to show than a lone letter: Ã is one of Portuguese.

    >>> from mojimend import fix_text
    >>> fix_text("DÃ©jÃ vu? Itâ€™s “clean” now, and ＡＢＣ stays wide.")
    'Déjà vu? It’s “clean” now, and ＡＢＣ stays wide.'
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from mojimend.encodings.lenient import REPLACEMENT, lost_in_words
from mojimend.finding import Applicability, Finding, replace
from mojimend.kernel import Characters, Clue, Scan
from mojimend.rules import legacy_as_utf8
from mojimend.rules.registry import Rule
from mojimend.tables import characters, rows
from mojimend.text.edits import same_at_start
from mojimend.text.later import later
from mojimend.text.page import Page
from mojimend.text.scripts import ANY_BEYOND_ASCII

# What ftfy's plans call the encodings.
NAMES = {
    "latin-1": "Latin-1",
    "sloppy-windows-1252": "Windows-1252",
    "sloppy-windows-1251": "Windows-1251",
    "sloppy-windows-1250": "Windows-1250",
    "sloppy-windows-1253": "Windows-1253",
    "sloppy-windows-1254": "Windows-1254",
    "sloppy-windows-1257": "Windows-1257",
    "iso-8859-2": "Latin-2",
    "macroman": "Mac Roman",
    "cp437": "code page 437",
    "windows-1252": "Windows-1252",
    "utf-8": "UTF-8",
    "utf-8-variants": "CESU-8",
}
CODE_PAGES = ("latin-1", "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1257", "iso8859-2", "mac_roman", "cp437")

# ftfy changes nothing without a C1 control, or a lead byte of UTF-8 and one to continue it, or what has become of that
# one: a space, ? or U+FFFD. A lead byte does not count where it shows as a mark that clean text is full of: where there
# was one, there are letters with accents beside it. They are a table, as to import ten codecs takes 3 ms.
LEADS, LEADS_BEFORE_A_SPACE, CONTINUATIONS = (characters(digits) for _, digits in rows("western.tsv"))
BEGINNING = f"\x80-\x9f{LEADS}"
GOING_ON = f"(?:(?<=[\x80-\x9f])|[?\ufffd{CONTINUATIONS}]|(?<=[{LEADS_BEFORE_A_SPACE}]) )"
GARBLED = later(f"[{BEGINNING}]{GOING_ON}")
# Where a character begins, as a byte that goes on may look like a lead byte, too; and how far back it is looked for.
BEGINS, FURTHEST = later(f"(?<![{LEADS}])[{LEADS}]"), 32
LONGEST_LINE = 1_000_000  # ftfy cuts longer ones, too: its ``max_decode_length``.

SUBSTITUTE = "\x1a"  # what ftfy writes for it
# As what ftfy reads a line first, by our names of them: its own names of these.
PLAIN = {"latin-1": "latin-1", "cp1252": "sloppy-windows-1252"}
AROUND = 4
OF_SURROGATES, BAD_AT_FIRST = "\xed", ("Ã ", "Â ")
# What has two bytes in UTF-8 of which the first is C2 is shown behind Â as it is.
ANY_BUT_MARKS = Characters("\xc0-\U0010ffff")
# Latin, Greek, Cyrillic and marks: where they are, all is assigned.
ASSIGNED = "\x00-\u0377\u0384-\u038a\u038e-\u03a1\u03a3-\u052f\u1e00-\u1eff\u2010-\u205e"
ANY_ASSIGNED = Characters(ASSIGNED)
LETTERS = later("([0-9A-Za-z]+)")
LONE_LETTER = later(r" ?[^\W\d_] ?")
BEFORE_A_SPACE = "Â\N{NO-BREAK SPACE}"
AMONG_CAPITALS = later(f"[A-ZÀ-Þ]{{2}}{BEFORE_A_SPACE}[A-ZÀ-Þ]{{2}}")
# What may be bytes of CJK side by side; the second byte of a pair can be ASCII.
RUN = later("(?:[\x80-\u2e7f\ufb00-\ufeff\ufffd][@-~]?+)++")
# The rough ranges.
ANY_IN_CJK = Characters("\u3001-\u9fff\uac00-\ud7a3\uff01-\uff9f")
ANY_C1 = Characters("\x80-\x9f")
NOT_CJK = later("[\x80-\u2e7f\ufffd]")
ASCII = bytes(range(0x80))
UTF8 = later(rb"(?>[\xc2-\xdf][\x80-\xbf\x1a]|[\xe0-\xef][\x80-\xbf\x1a]{2}|[\xf0-\xf4][\x80-\xbf\x1a]{3})++")
# What of UTF-8 ftfy can undo, as bytes: whole, with one that was lost, or with a space in place of A0. What all begin
# with comes first, as the rest is passed over so in a quarter of the time.
UNDOABLE = later(
    rb"[\xc0\xc2-\xf4](?=[\x80-\xbf\x1a? ])(?:"
    rb"(?<=[\xc0-\xdf])[\x80-\xbf\x1a]|(?<=[\xc2\xc3])\?|(?<=[\xc2\xc3\xc5\xce\xd0\xd9]) "
    rb"|(?<=[\xe0-\xef])[\x80-\xbf\x1a?]{2}|(?<=[\xe2\xe3]) [\x80-\xbf]|(?<=[\xe0-\xe3])[\x80-\xbf] "
    rb"|(?<=[\xf0-\xf4])[\x80-\xbf\x1a? ]{3})"
)
CJK_CODECS = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
LEAST_BYTES = 4  # Fewer, and any two letters are a character in one of the codecs.
LEAST_SHARE_OF_CJK = 0.75

rule = Rule(
    __name__,
    clues=lambda: (
        Clue("\x80-\x9f"),
        Clue(LEADS, f"?{REPLACEMENT}{CONTINUATIONS}"),
        Clue(LEADS_BEFORE_A_SPACE, " "),
    ),
    local=False,
)


@cache
def to_c1() -> dict[int, int]:
    """Return for each character of Windows-1252 that a control of Latin-1 is shown as, that control."""
    return {ord(char): byte for byte in range(0x80, 0xA0) if (char := bytes((byte,)).decode("cp1252", "ignore"))}


class Change(NamedTuple):
    """A place in a line, and how much further on the same stands in the new line, at its start and at its end."""

    start: int
    end: int
    shift: int
    shift_at_end: int


@rule
def find(page: Page) -> Iterator[Finding]:
    """Yield each word or mark that ftfy changes."""
    text, at = page.text, 0
    if not may_be_bad(text):
        return
    from mojimend.rules.western_lines import all_of_the_west  # noqa: PLC0415  (clean text needs none of it)

    if all_of_it := page.now(all_of_the_west):
        fixed, read = all_of_it
        if _is_last_layer(text, fixed) and _are_assigned(fixed):
            yield from _all_of(page, fixed, read)
            return
    while hit := GARBLED.search(text, at):
        start = text.rfind("\n", at, hit.start()) + 1 or at
        at = text.find("\n", hit.end()) + 1 or len(text)
        while start < at:
            end = _end_of_piece(text, start, at)
            yield from _find_in_line(page, start, text[start:end], hit.start() - start)
            start = end


def _all_of(page: Page, fixed: str, read: str) -> Iterator[Finding]:
    """Yield what was misread on a page all of which was, whatever a line shows by itself."""
    text = page.text
    if not page.is_told:
        yield rule.finding(page, (0, len(text)), "", Applicability.SAFE, replace(fixed))
        return
    lines = zip(ANY_BEYOND_ASCII.lines(text), ANY_BEYOND_ASCII.lines(fixed), strict=True)
    for (start, end), mended in lines:
        line = text[start:end]
        yield from _found(page, start, line, fixed[slice(*mended)], cjk=[], plan=_plan(PLAIN[read]), is_certain=True)


def _end_of_piece(text: str, start: int, end: int) -> int:
    """Return where the first piece of text[start:end] ends that ftfy can take: if that is not all, before a lead byte.

    What is cut inside a character ftfy takes ten times as long over, and may mend it wrong.
    """
    longest = start + LONGEST_LINE
    if end <= longest:
        return end
    return next((at for at in range(longest, longest - FURTHEST, -1) if BEGINS.match(text, at)), longest)


def _find_in_line(page: Page, offset: int, line: str, garbled: int) -> Iterator[Finding]:
    if not (may_be_bad(line) and (_is_bad_at(line, garbled) or is_bad(line))):
        return
    if plain := _plainly(line):
        fixed, as_what = plain
        if not page.is_told and _is_all_meant(line, fixed):
            yield rule.finding(page, (offset, offset + len(line)), "", Applicability.SAFE, replace(fixed))
        else:
            yield from _found(page, offset, line, fixed, cjk=[], plan=_plan(as_what))
        return
    if not is_undoable(line) or _is_cjk(line):
        return
    import ftfy  # noqa: PLC0415  (40 ms that only text should pay of which ftfy itself says that it is bad)

    fixed, plan = ftfy.fix_encoding_and_explain(line)
    if fixed == line:
        return
    cjk = [run.span() for run in RUN.finditer(line) if _may_be_pairs(run[0]) and _is_cjk(run[0])]
    legacy = [run[:2] for run in legacy_as_utf8.find(line)]
    # Beside more of the same kind, ã and U+FFFD are UTF-8 read as Windows-1252.
    if 2 * sum(end - start for start, end in legacy) > len(NOT_CJK.findall(line)):
        cjk = sorted(cjk + legacy)
    yield from _found(page, offset, line, fixed, cjk=cjk, plan=plan or [])


def _found(
    page: Page,
    offset: int,
    line: str,
    fixed: str,
    *,
    cjk: Sequence[tuple[int, int]],
    plan: Sequence[tuple[str, str]],
    is_certain: bool = False,
) -> Iterator[Finding]:
    """Yield what ftfy changes in a line, but for the parts that are CJK, and what makes no sense.

    If other lines do not make it certain, lone letters alone may be meant, and Â among capitals.
    """
    changes = _changes(line, fixed)
    if not is_certain and all(LONE_LETTER.fullmatch(line, *change[:2]) for change in changes):
        return
    for start, end, shift, shift_at_end in changes:
        nearest = bisect_right(cjk, start, key=lambda span: span[1])
        found, replacement = line[start:end], fixed[start + shift : end + shift_at_end]
        beside = line[max(0, start - 1) : start], line[end : end + 1]
        if nearest < len(cjk) and cjk[nearest][0] < end:
            continue
        # Still bad: only a piece of a larger garble made sense, by chance.
        half_done = is_bad(replacement.join(beside).replace(REPLACEMENT, ""))
        if half_done or not _is_text(found, replacement, "".join(beside)):
            continue
        among_capitals = found == replacement + "Â" and AMONG_CAPITALS.match(line, max(0, end - 3))
        sure = Applicability.LIKELY if among_capitals and not is_certain else Applicability.SAFE
        message = _tell(_plan_alone(found, replacement) or plan) if page.is_told else ""
        if lost := replacement.count(REPLACEMENT):
            message += f"; {lost_in_words(lost)}"
        yield rule.finding(page, (offset + start, offset + end), message, sure, replace(replacement))


def _is_bad_at(line: str, at: int) -> bool:
    """Tell whether what is around a place is bad, so that the line is: ftfy's expression takes 30 ns a character."""
    around = line[max(0, at - AROUND) : max(0, at + 2 * AROUND)]
    # These are bad at the beginning of a line alone.
    return not around.startswith(BAD_AT_FIRST) and is_bad(around)


def _plainly(line: str) -> tuple[str, str] | None:
    """Return what a line was that is UTF-8 to its last byte, and as what ftfy reads it, so that it need not be asked.

    None also where ftfy may have more to change.

    >>> _plainly("Il a Ã©tÃ© crÃ©Ã©"), _plainly("Il a Ã©tÃ© créé")
    (('Il a été créé', 'latin-1'), None)
    """
    from mojimend.rules.western_lines import as_utf_8  # noqa: PLC0415  (clean text needs none of it)

    plain = as_utf_8(line)
    return (plain[0], PLAIN[plain[1]]) if plain and _is_last_layer(line, plain[0]) else None


def _is_last_layer(line: str, text: str) -> bool:
    """Tell whether ftfy has no more to change in what a line was.

    >>> _is_last_layer("crÃ©Ã©", "créé"), _is_last_layer("crÃƒÂ©", "crÃ©")
    (True, False)
    """
    # What begins with the first may be half of a pair of surrogates to ftfy; the other is its mark of a lost byte.
    if OF_SURROGATES in line or SUBSTITUTE in line:
        return False
    # It would go on; or a part of it, which begins with one of these, would still be bad by itself.
    return not (may_be_bad(text) and (is_bad(text) or any(beginning in text for beginning in BAD_AT_FIRST)))


def _is_all_meant(line: str, fixed: str) -> bool:
    """Tell whether each change of such a line can be made: it has more than lone letters to show, and each is assigned.

    >>> _is_all_meant("Â© 2026", "© 2026"), _is_all_meant("Â© cafÃ©", "© café")
    (False, True)
    """
    # What had another lead byte than C2 does not end as it is shown. All others are changed together.
    if not ANY_BUT_MARKS.count(fixed) or (BEFORE_A_SPACE in line and AMONG_CAPITALS.search(line)):
        return False
    return _are_assigned(fixed)


def _are_assigned(text: str) -> bool:
    """Tell whether all characters of a text are assigned."""
    return ANY_ASSIGNED.count(text) == len(text) or all(map(_is_assigned, set(text)))


@lru_cache(maxsize=1024)
def _is_assigned(char: str) -> bool:
    return unicodedata.category(char) != "Cn"


def _plan(as_what: str) -> tuple[tuple[str, str], ...]:
    """Return ftfy's plan for what was UTF-8 read so."""
    return ("encode", as_what), ("decode", "utf-8")


def _plan_alone(found: str, replacement: str) -> Sequence[tuple[str, str]]:
    """Return by which plan ftfy makes a replacement of what was found by itself; none if it makes another."""
    if not is_bad(found):
        return ()
    if (plain := _plainly(found)) and plain[0] == replacement:
        return _plan(plain[1])
    import ftfy  # noqa: PLC0415

    alone = ftfy.fix_encoding_and_explain(found)
    return (alone.text == replacement and alone.explanation) or ()


def _may_be_pairs(run: str) -> bool:
    """Tell whether a run has as many bytes beyond ASCII as it takes to be CJK."""
    return ANY_BEYOND_ASCII.count(run) >= LEAST_BYTES


def may_be_bad(text: str) -> bool:
    """Tell whether a text has two characters side by side without which ftfy does not take it for bad, nor any of it.

    >>> may_be_bad("Il a été créé"), may_be_bad("Il a Ã©tÃ© crÃ©Ã©")
    (False, True)
    """
    return _bad_pairs().any(text)


@cache
def _bad_pairs() -> Scan:
    pairs = [tuple(map(_inside, row)) for row in rows("bad_pairs.tsv")]
    return Scan((tuple(Clue(first, second) for first, second in pairs),))


def _inside(ranges: str) -> str:
    """Return ranges of characters as the inside of brackets."""
    edges = characters(ranges)
    return "".join(f"{first}-{last}" for first, last in zip(edges[::2], edges[1::2], strict=True))


def is_bad(line: str) -> bool:
    """Tell whether ftfy looks at a line at all, as it asks itself first.

    >>> is_bad("π² ≈ g"), is_bad("Il a Ã©tÃ© crÃ©Ã©")
    (False, True)
    """
    return _badness()(line)


@cache
def _badness() -> Callable[[str], bool]:
    """Return what ftfy asks: a module that is imported here without the rest of it, which takes a fifth of the time.

    Most clean lines go no further of which a part is UTF-8 in some code page.
    """
    from importlib.machinery import PathFinder  # noqa: PLC0415  (as much as to import ten rules)
    from importlib.util import find_spec, module_from_spec  # noqa: PLC0415

    package = find_spec("ftfy")
    spec = PathFinder.find_spec("badness", package.submodule_search_locations if package else None)
    if spec is None or spec.loader is None:  # It lies elsewhere than in a folder or a zip file.
        from ftfy.badness import is_bad  # noqa: PLC0415

        return is_bad
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    by_itself: Callable[[str], bool] = module.is_bad
    return by_itself


def is_undoable(line: str) -> bool:
    """Tell whether ftfy can change a line: in some code page a part of it is UTF-8, or was.

    In clean text what is a lead byte in one code page continues one only in another.

    >>> is_undoable("Il a été créé"), is_undoable("Il a Ã©tÃ© crÃ©Ã©")
    (False, True)
    """
    from mojimend.encodings.misread import SINGLE_BYTE, reading  # noqa: PLC0415  (clean CJK needs none of it)

    if ANY_C1.count(line):
        return True
    garbled = line.replace(REPLACEMENT, SUBSTITUTE)
    # Of all but one there are tables of ours; to import the codecs takes a fifth of a millisecond each.
    return any(
        UNDOABLE.search(
            reading(page).encode_what_fits(garbled) if page in SINGLE_BYTE else garbled.encode(page, "ignore")
        )
        for page in CODE_PAGES
    )


def _is_text(found: str, replacement: str, beside: str) -> bool:
    """Tell whether what comes out can be meant: assigned characters, and no controls of CJK bytes made marks."""
    only_controls = replacement.translate(to_c1()) == found
    is_lost = any(char == REPLACEMENT or "\ue000" <= char <= "\uf8ff" for char in beside)
    if only_controls and (is_lost or ANY_IN_CJK.count(beside)):
        return False
    return all(map(_is_assigned, replacement))


def _tell(plan: Sequence[tuple[str, str]]) -> str:
    """Say what happened, the last damage first."""
    layers = []
    read = ""
    for action, parameter in plan:
        if action == "encode":
            read = NAMES[parameter]
        elif action == "decode":
            layers.append(f"{NAMES[parameter]} read as {read}")
        elif parameter == "decode_inconsistent_utf8":
            layers.append("UTF-8 read as another encoding")
        elif parameter == "fix_c1_controls":
            layers.append("Windows-1252 read as Latin-1")
    several = f", {len(layers)} layers" if len(layers) > 1 else ""
    return ", after ".join(dict.fromkeys(layers)) + several


def _changes(line: str, fixed: str) -> list[Change]:
    """Return the words that differ. ASCII letters and digits are read alike everywhere, so they hold both together."""
    old, new = LETTERS.split(line), LETTERS.split(fixed)
    if old[1::2] != new[1::2]:
        old, new = [line], [fixed]
    changes: list[Change] = []
    at = shift = reach = 0
    for was, now in zip(old, new, strict=True):
        shift_at_end = shift + len(now) - len(was)
        if was != now:
            before, behind = _in_common(was, now)
            start, end = at + before, max(at + len(was) - behind, reach)
            while start > reach and _is_western(line[start - 1]):
                start -= 1
            shift_at_start = shift
            if changes and start <= reach:
                start, _, shift_at_start, _ = changes.pop()
            while end < len(line) and _is_western(line[end]) and not line[end - 1].isspace():
                end += 1
            changes.append(Change(start, end, shift_at_start, shift_at_end))
            reach = end
        at += len(was)
        shift = shift_at_end
    return changes


def _in_common(was: str, now: str) -> tuple[int, int]:
    """Return how many characters both have in common at their start and at their end, but never all of ``was``."""
    now = now.replace(REPLACEMENT, SUBSTITUTE)  # so that what was lost is part of the change
    most = max(0, min(len(was) - 1, len(now)))
    before = same_at_start(was[:most], now)
    return before, same_at_start(was[before:][::-1][: most - before], now[before:][::-1])


def _is_western(char: str) -> bool:
    return char < "\u1100" and char.isalnum()


def _is_cjk(garbled: str) -> bool:
    """Tell whether these are CJK bytes taken one by one, and not UTF-8."""
    readings = []
    for data in _bytes_of(garbled.replace(REPLACEMENT, SUBSTITUTE)):
        if _is_mostly_utf8(data):
            return False
        readings.append(data)
    return any(map(_is_mostly_cjk, readings))


def _bytes_of(garbled: str) -> Iterator[bytes]:
    """Yield the bytes that each code page shows so, if they are enough to judge by."""
    for name in CODE_PAGES:
        try:
            data = (garbled.translate(to_c1()) if name == "latin-1" else garbled).encode(name)
        except UnicodeEncodeError:
            continue
        if _count_high(data) >= LEAST_BYTES:
            yield data


def _is_mostly_utf8(data: bytes) -> bool:
    return (len(data) - len(UTF8.sub(b"", data))) * 2 > _count_high(data)


def _count_high(data: bytes) -> int:
    return len(data.translate(None, ASCII))


def _is_mostly_cjk(data: bytes) -> bool:
    for codec in CJK_CODECS:
        text = "".join(data.decode(codec, "ignore").split())
        if ANY_IN_CJK.count(text) >= LEAST_SHARE_OF_CJK * len(text):
            return True
    return False
