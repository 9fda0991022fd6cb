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
from functools import cache

from mojimend import rules as package
from mojimend.errors import UnknownName
from mojimend.finding import Applicability, Finding, Repair, Span
from mojimend.settings import PROFILES, Settings
from mojimend.text.page import Page

Find = Callable[[Page], Iterator[Finding]]


class Rule:
    """What a file in ``rules/`` makes of itself.

    Arguments:
        module: The file's ``__name__``.
        trigger: The characters without one of which the rule cannot fire, as the inside of a regular expression's
            brackets. A text that has none of any rule's is passed on untouched.
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
        markers: Mapping[str, str] | None = None,
        languages: Iterable[str] = (),
        local: bool = True,
    ) -> None:
        family, name = module.rsplit(".", 2)[1:]
        self.family = family
        self.name = f"{family}/{name.replace('_', '-')}"
        self.module = module
        self.trigger = trigger
        self.markers = dict(markers or {})
        self.languages = frozenset(languages)
        self.local = local
        self.may_fire = any_of((self,))
        self._find: Find

    def __call__(self, find: Find) -> Find:
        """Take the function that finds; used as a decorator."""
        self._find = find
        return find

    def find(self, page: Page) -> Iterator[Finding]:
        """Yield what the rule finds on the page as it stands, in places of ``page.text``."""
        return self._find(page) if self.may_fire(page.text) else iter(())

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


def any_of(rules: Iterable[Rule]) -> Callable[[str], object]:
    """Return the test whether a text can concern any of the rules: scans in C, and nothing more.

    >>> rules = all_rules().values()
    >>> [bool(any_of(rules)(text)) for text in ("Nothing is wrong here", "浣犲ソ", "+T2BZfQ-")]
    [False, True, True]
    """
    rules = tuple(rules)
    triggers = "".join(rule.trigger for rule in rules)
    has_trigger: Callable[[str], object] = re.compile(f"[{triggers}]").search if triggers else _never
    # The class, with half of Unicode in it, takes 10 ns a character; the search for one character takes 0.03 ns, and
    # the expression that begins with one 0.5 ns. Two characters, or an alternation, would take ten times as long.
    markers = [
        (char, re.compile(re.escape(char) + behind).search) for rule in rules for char, behind in rule.markers.items()
    ]
    if not markers:
        return has_trigger
    return lambda text: has_trigger(text) or any(char in text and found(text) for char, found in markers)


def _never(_: str) -> None:
    """Find nothing, as no rule was chosen or none has a trigger."""


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
