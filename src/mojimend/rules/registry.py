"""A rule is a file in a family's folder. Its path is its name, its docstring is its page.

``src/mojimend/rules/punctuation/doubled_mark.py`` is the rule ``punctuation/doubled-mark``. Put a file there and it is
found; its fixture is ``fixtures/rules/punctuation/doubled-mark.toml``.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

from mojimend import rules as package
from mojimend.errors import UnknownName
from mojimend.finding import Applicability, Finding, Repair, Span
from mojimend.kernel import Clue, Scan, leaf
from mojimend.profiles import PROFILES, USUAL
from mojimend.text.page import Page

if TYPE_CHECKING:
    from mojimend.settings import Settings

Find = Callable[[Page], Iterator[Finding]]
# What is said of something, how sure it is, and how it is mended.
Told: TypeAlias = tuple[str, Applicability, Repair]
NONE: frozenset[Rule] = frozenset()


class Rule:
    """What a file in ``rules/`` makes of itself.

    Arguments:
        module: The file's ``__name__``.
        trigger: The characters without one of which the rule cannot fire, as the inside of a regular expression's
            brackets. A text that has nothing of any rule's is passed on untouched.
        clues: In place of a trigger, what the text must have one of; a function that is asked for it when first needed.
        clues_to_safe: What a text must have for a finding of the rule to be safe, where that is more.
        few: A text of no more characters than this needs none, unless it is ASCII.
        surest: How sure a finding of the rule can be at the most.
        by_origin: Whether a finding can rest on what was on the page when it arrived and has been mended since.
        languages: Primary language subtags the rule is about. Empty means any.
        local: Whether a finding rests on its own line alone, so that a text may be cut at line ends and read in pieces.
    """

    def __init__(
        self,
        module: str,
        *,
        trigger: str = "",
        clues: Callable[[], Iterable[Clue]] | None = None,
        clues_to_safe: Callable[[], Iterable[Clue]] | None = None,
        few: int = 0,
        surest: Applicability = Applicability.SAFE,
        by_origin: bool = False,
        languages: Iterable[str] = (),
        local: bool = True,
    ) -> None:
        family, name = module.rsplit(".", 2)[1:]
        self.family = family
        self.name = f"{family}/{name.replace('_', '-')}"
        self.module = module
        self._clues = clues or (lambda: (Clue(trigger),) if trigger else ())
        self._clues_to_safe = clues_to_safe or self._clues
        self.few = few
        self.surest = surest
        self.by_origin = by_origin
        self.languages = frozenset(languages)
        self.local = local
        self._find: Find

    def clues(self, level: Applicability) -> Iterable[Clue]:
        """Return what a text has one of in which a finding of the rule can be so sure."""
        return self._clues_to_safe() if level is Applicability.SAFE else self._clues()

    def __call__(self, find: Find) -> Find:
        """Take the function that finds; used as a decorator."""
        self._find = find
        return find

    def ask(self, page: Page) -> Iterator[Finding]:
        """Yield what the rule finds, whether or not the page has one of its clues."""
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
        # A page may have a million.
        return leaf(Finding, (self.name, leaf(Span, span), page.text[start:end], message, applicability, repair, kind))

    def findings_of_marks(self, page: Page, places: Iterable[int], told: Mapping[str, Told]) -> list[Finding]:
        """Return a finding of this rule for the character at each of the places, with what is told of such."""
        text, name = page.text, self.name
        return [leaf(Finding, (name, leaf(Span, (at, at + 1)), text[at], *told[text[at]], "")) for at in places]

    def is_among(self, names: Container[str]) -> bool:
        """Tell whether it or its family is named."""
        return self.name in names or self.family in names

    @property
    def page(self) -> str:
        """The rule's page: what it finds, why the world does that, when it stays silent."""
        return (sys.modules[self.module].__doc__ or "").strip() + "\n"


class Look:
    """One look at each character of a text, which tells for many rules at once whether it can concern them.

    Arguments:
        rules: The rules.
        level: How sure the findings have to be that are looked for.

    >>> look = Look(all_rules().values())
    >>> texts = ("Nothing is wrong here", "您的订单已经取消，，请稍后再试一次。", "+T2BZfQ-")
    >>> [[rule.name for rule in look.concerned(text)] for text in texts]
    [[], ['punctuation/doubled-mark'], ['mojibake/seven-bit']]
    """

    def __init__(self, rules: Iterable[Rule], level: Applicability = Applicability.NOTE) -> None:
        able = [rule for rule in rules if rule.surest >= level]
        owners: dict[Clue, tuple[Rule, ...]] = {}
        for rule in able:
            for clue in rule.clues(level):
                owners[clue] = (*owners.get(clue, ()), rule)
        self._groups: dict[tuple[Rule, ...], tuple[Clue, ...]] = {}
        for clue, group in owners.items():
            self._groups[group] = (*self._groups.get(group, ()), clue)
        self._which = Scan(tuple(self._groups.values())).which
        self._few = max((rule.few for rule in able), default=0)
        self._able = able
        self._with = cache(self._rules_with)

    def concerned(self, text: str) -> frozenset[Rule]:
        """Return the rules that the text can concern."""
        found = self._which(text)
        is_short = len(text) <= self._few and not text.isascii()
        if not (found or is_short):
            return NONE
        rules = self._with(found)
        return rules.union(rule for rule in self._able if len(text) <= rule.few) if is_short else rules

    def _rules_with(self, found: int) -> frozenset[Rule]:
        """Return the rules that have a clue in one of the groups that were found."""
        return frozenset(rule for n, group in enumerate(self._groups) if found >> n & 1 for rule in group)

    def finder(self, rules: Iterable[Rule]) -> Callable[[Page], list[Finding]]:
        """Return what finds all that some of the rules do, each on the pages that concern it."""
        concerned = self.concerned
        rules = tuple(rules)

        def find(page: Page) -> list[Finding]:
            now, at_first = page.now(concerned), page.evidence(concerned)
            findings: list[Finding] = []
            for rule in rules:
                if rule in now or (rule.by_origin and rule in at_first):
                    findings += rule.ask(page) if rule.by_origin else page.found(rule.ask)
            return findings

        return find


@cache
def all_rules() -> dict[str, Rule]:
    """Import every file of every family and return the rules by name, sorted.

    >>> "punctuation/doubled-mark" in all_rules()
    True
    """
    found = {}
    families = (name for name, is_folder in _inside(package) if is_folder)
    for family in (importlib.import_module(f"{package.__name__}.{name}") for name in families):
        for name, _ in _inside(family):
            rule: Rule = importlib.import_module(f"{family.__name__}.{name}").rule
            found[rule.name] = rule
    return dict(sorted(found.items()))


def _inside(folder: ModuleType) -> Iterator[tuple[str, bool]]:
    """Yield the name of each module inside a package, and whether it is a folder itself."""
    for path in folder.__path__:
        if os.path.isdir(path):  # noqa: PTH112
            # As pkgutil does it, which takes a millisecond to import, and 5 for what it imports then.
            for name, dot, kind in (entry.partition(".") for entry in os.listdir(path)):  # noqa: PTH208
                if not name.startswith("_") and kind in {"", "py", "pyc"}:
                    yield name, not dot
        else:
            from pkgutil import iter_modules  # noqa: PLC0415  (few run from a zip file)

            yield from ((module.name, module.ispkg) for module in iter_modules([path]))


def rule_named(name: str) -> Rule:
    """Return one rule.

    Raises:
        UnknownName: No rule has that name; the message names the nearest.
    """
    known = all_rules()
    if name not in known:
        raise UnknownName("rule", name, known)
    return known[name]


def selected(settings: Settings | None = None) -> tuple[Rule, ...]:
    """Return the rules that the settings ask for, sorted by name; without any, those of the usual profile.

    Raises:
        UnknownName: ``select`` or ``ignore`` names neither a rule nor a family.

    >>> from mojimend import Settings
    >>> [rule.name for rule in selected(Settings(select=("gloss",), ignore=("gloss/byte-shift",)))]
    ['gloss/pinyin']
    """
    known = all_rules()
    if settings is None:
        return tuple(rule for rule in known.values() if rule.is_among(PROFILES[USUAL]))
    names = {*known, *(rule.family for rule in known.values())}
    for name in (*settings.select, *settings.ignore):
        if name not in names:
            raise UnknownName("rule or family", name, names)
    wanted = set(settings.select or PROFILES[settings.profile])
    languages = {tag.partition("-")[0].lower() for tag in settings.languages}
    return tuple(
        rule
        for rule in known.values()
        if rule.is_among(wanted)
        and not rule.is_among(settings.ignore)
        and not (languages and rule.languages and languages.isdisjoint(rule.languages))
    )
