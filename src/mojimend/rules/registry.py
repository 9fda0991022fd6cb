"""A rule is a file in a family's folder. Its path is its name, its docstring is its page.

``src/mojimend/rules/punctuation/doubled_mark.py`` is the rule ``punctuation/doubled-mark``. Put a file there and it is
found; its fixture is ``fixtures/rules/punctuation/doubled-mark.toml``.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import NamedTuple

from mojimend import rules as package
from mojimend.errors import UnknownName
from mojimend.finding import Applicability, Finding, Repair, Span
from mojimend.settings import PROFILES, Settings
from mojimend.text.page import Page

Find = Callable[[Page], Iterator[Finding]]
ASCII = "".join(map(chr, range(0x80)))


class Clue(NamedTuple):
    """What every text has in which a rule can fire.

    Arguments:
        characters: One of these, as the inside of a regular expression's brackets.
        around: What must stand around it, as an expression that begins behind it and looks no farther than a bounded
            way, forward or back.
        confirms: Takes the match of both, and tells whether it is worth asking the rule. It sees to it that its own
            work does not grow with the text.
        tells: Takes a text, and tells in place of a search for all this whether it is worth asking the rule.
        in_ascii: Whether all of a text with it can be ASCII.
        few: A text of no more characters than this needs none.
    """

    characters: str = ""
    around: str = ""
    confirms: Callable[[re.Match[str]], object] | None = None
    tells: Callable[[str], object] | None = None
    in_ascii: bool = True
    few: int = 0


class Rule:
    """What a file in ``rules/`` makes of itself.

    Arguments:
        module: The file's ``__name__``.
        trigger: The characters without one of which the rule cannot fire, as the inside of a regular expression's
            brackets. A text that has none of any rule's is passed on untouched.
        clue: In place of a trigger, what the text must have beside them; a function that is asked for it when first
            needed.
        markers: For a rule about characters that all texts have, in place of a trigger: characters, and for each a
            regular expression. Where there is none with a match of its expression behind it, the rule cannot fire.
            The expression must not look farther than a bounded way.
        languages: Primary language subtags the rule is about. Empty means any.
        local: Whether a finding rests on its own line alone, so that a text may be cut at line ends and read in pieces.
    """

    def __init__(
        self,
        module: str,
        *,
        trigger: str = "",
        clue: Callable[[], Clue] | None = None,
        markers: Mapping[str, str] | None = None,
        languages: Iterable[str] = (),
        local: bool = True,
    ) -> None:
        family, name = module.rsplit(".", 2)[1:]
        self.family = family
        self.name = f"{family}/{name.replace('_', '-')}"
        self.module = module
        self._clue = clue or (lambda: Clue(trigger))
        self.markers = dict(markers or {})
        self.languages = frozenset(languages)
        self.local = local
        self._find: Find

    @cached_property
    def clue(self) -> Clue:
        """What a text has in which the rule can fire, unless it has one of the markers."""
        return self._clue()

    @cached_property
    def may_fire(self) -> Callable[[str], object]:
        """The test whether a text can concern the rule."""
        return any_of((self,))

    def __call__(self, find: Find) -> Find:
        """Take the function that finds; used as a decorator."""
        self._find = find
        return find

    def find(self, page: Page) -> Iterator[Finding]:
        """Yield what the rule finds on the page as it stands, in places of ``page.text``."""
        # What it goes by may have been mended since the page arrived, and still be evidence.
        may_fire = self.may_fire(page.text) or (page.text is not page.origin and self.may_fire(page.origin))
        return self.ask(page) if may_fire else iter(())

    def ask(self, page: Page) -> Iterator[Finding]:
        """Yield what the rule finds, whether or not the page has its clue."""
        return self._find(page)

    def finding(
        self,
        page: Page,
        span: tuple[int, int],
        message: str,
        applicability: Applicability = Applicability.NOTE,
        repair: Repair | None = None,
        *,
        kind: str = "",
    ) -> Finding:
        """Make a finding of this rule."""
        start, end = span
        return Finding(self.name, Span(start, end), page.text[start:end], message, applicability, repair, kind)

    @property
    def page(self) -> str:
        """The rule's page: what it finds, why the world does that, when it stays silent."""
        return (sys.modules[self.module].__doc__ or "").strip() + "\n"


def any_of(rules: Iterable[Rule]) -> Callable[[str], bool]:
    """Return the test whether a text can concern any of the rules: scans in C, and little more.

    >>> rules = all_rules().values()
    >>> [any_of(rules)(text) for text in ("Nothing is wrong here", "浣犲ソ", "+T2BZfQ-")]
    [False, True, True]
    """
    rules = tuple(rules)
    clues = [rule.clue for rule in rules]
    few = max((clue.few for clue in clues), default=0)
    # Characters that need nothing around them are searched by themselves, as in the expression for several their class
    # would stand twice.
    alone = [_has_one_of([clue]) for clue in clues if clue.confirms and not clue.around]
    together = _has_one_of(clue for clue in clues if clue.around or not (clue.confirms or clue.tells))
    has_clue = [together, *alone, *(clue.tells for clue in clues if clue.tells)]
    has_clue_in_ascii = _has_one_of(clue for clue in clues if clue.in_ascii and _is_in_ascii(clue.characters))
    # The class takes 5 ns a character; the search for one character takes 0.05 ns, and the expression that begins with
    # one 0.5 ns. Two characters, or an alternation, would take ten times as long.
    markers = [
        (char, re.compile(re.escape(char) + behind).search) for rule in rules for char, behind in rule.markers.items()
    ]

    def may_concern(text: str) -> bool:
        if text.isascii():
            if has_clue_in_ascii(text):
                return True
        elif len(text) <= few:
            return True
        else:
            for has in has_clue:  # any() takes as long again on a short line
                if has(text):
                    return True
        for char, found in markers:  # noqa: SIM110
            if char in text and found(text):
                return True
        return False

    return may_concern


def _is_in_ascii(characters: str) -> bool:
    return characters != "" and re.search(f"[{characters}]", ASCII) is not None


def _has_one_of(clues: Iterable[Clue]) -> Callable[[str], bool]:
    """Return the search for several clues at once."""
    by_rest: dict[tuple[str, Callable[[re.Match[str]], object] | None], str] = {}
    for clue in clues:
        if clue.characters:
            rest = clue.around, clue.confirms
            by_rest[rest] = by_rest.get(rest, "") + clue.characters
    if not by_rest:
        return lambda _: False
    # A class in front lets the expression pass over all others at full speed. Only one alternative is told of a place,
    # so those that are to be confirmed come last, and of these that with most characters.
    several = [(characters, *rest) for rest, characters in by_rest.items()]
    several.sort(key=lambda one: (one[2] is not None, len(one[0])))
    if len(several) == 1:
        ((characters, around, confirm),) = several
        expression, confirms = f"[{characters}]{around}", [confirm]
    else:
        alternatives = "|".join(f"((?<=[{characters}])){around}" for characters, around, _ in several)
        expression = f"[{''.join(one[0] for one in several)}](?:{alternatives})"
        confirms = [None, *(one[2] for one in several)]
    if not any(confirms):
        search = re.compile(expression).search
        return lambda text: search(text) is not None
    matches = re.compile(expression).finditer

    def found(text: str) -> bool:
        for match in matches(text):
            confirm = confirms[match.lastindex or 0]
            if confirm is None or confirm(match):
                return True
        return False

    return found


@cache
def all_rules() -> dict[str, Rule]:
    """Import every file of every family and return the rules by name, sorted.

    >>> "punctuation/doubled-mark" in all_rules()
    True
    """
    found = {}
    for family in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if not family.ispkg:
            continue
        folder = importlib.import_module(family.name)
        for file in pkgutil.iter_modules(folder.__path__, folder.__name__ + "."):
            rule: Rule = importlib.import_module(file.name).rule
            found[rule.name] = rule
    return dict(sorted(found.items()))


def rule_named(name: str) -> Rule:
    """Return one rule.

    Raises:
        UnknownName: No rule has that name; the message names the nearest.
    """
    known = all_rules()
    if name not in known:
        raise UnknownName("rule", name, known)
    return known[name]


def selected(settings: Settings) -> tuple[Rule, ...]:
    """Return the rules that the settings ask for, sorted by name.

    Raises:
        UnknownName: ``select`` or ``ignore`` names neither a rule nor a family.

    >>> [rule.name for rule in selected(Settings(select=("gloss",), ignore=("gloss/byte-shift",)))]
    ['gloss/pinyin']
    """
    known = all_rules()
    names = {*known, *(rule.family for rule in known.values())}
    for name in (*settings.select, *settings.ignore):
        if name not in names:
            raise UnknownName("rule or family", name, names)
    wanted = set(settings.select or PROFILES[settings.profile])
    languages = {tag.partition("-")[0].lower() for tag in settings.languages}
    return tuple(
        rule
        for rule in known.values()
        if not wanted.isdisjoint((rule.name, rule.family))
        and {rule.name, rule.family}.isdisjoint(settings.ignore)
        and not (languages and rule.languages and languages.isdisjoint(rule.languages))
    )
