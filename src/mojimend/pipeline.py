"""Bytes or text in, a Report out: decode, then the passes in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from mojimend.errors import WrongType
from mojimend.finding import Applicability
from mojimend.mending.apply import Rules, mend
from mojimend.mending.passes import in_order
from mojimend.report import Report
from mojimend.rules.registry import Rule, any_of, selected
from mojimend.settings import Settings


class Pipeline:
    """The rules that one choice of settings asks for, dealt out to the passes and ready to run."""

    def __init__(self, settings: Settings) -> None:
        rules = selected(settings)
        self._accept = Applicability[settings.accept.upper()]
        self._passes = finders(rules)
        # What is never sure enough to be acted upon is asked only where a record is kept.
        self._mending_passes = finders(rule for rule in rules if rule.surest >= self._accept)
        # A scan for all rules together: nearly all text of the world is clean and pays for little more.
        self._needs_a_rule = any_of(rules)
        self._may_be_mended = any_of(rules, self._accept)

    def fix(self, text: str) -> str:
        """Take a text through the passes, and keep no record."""
        if not self._may_be_mended(text):
            return text
        fills_in = self._accept <= Applicability.LIKELY
        return mend(text, self._mending_passes, self._accept, wants_guesses=fills_in).text

    def repair(self, text: str) -> Report:
        """Take a text through the passes."""
        if not self._needs_a_rule(text):
            return Report(text, text, (), (), ())
        record = mend(text, self._passes, self._accept)
        return Report(text, record.text, record.findings(), record.mended_by_place(), record.edits)


def finders(rules: Iterable[Rule]) -> tuple[Rules, ...]:
    """Return what finds in each pass."""
    return tuple(tuple(rule.find for rule in row) for row in in_order(rules))


@lru_cache(maxsize=32)
def pipeline(settings: Settings | None = None) -> Pipeline:
    """Return the pipeline for these settings; it holds no state of any text, so all calls and threads share it.

    Raises:
        UnknownName: The settings name a rule or family that does not exist.
    """
    return Pipeline(settings or Settings())


def repair(source: str | bytes, settings: Settings | None = None, *, declared: str | None = None) -> Report:
    """Find what broke a text, mend what may be mended, and return the record of it.

    Arguments:
        source: Text, or bytes in any encoding.
        settings: What to look for and how far to go; by default, what the author certainly wrote.
        declared: For bytes, the label of the encoding that came with them.

    Raises:
        UnknownName: The settings name something that does not exist.
        WrongType: ``source`` is neither text nor bytes.

    >>> report = repair("重慶市委,、市政府,。昌都與重慶,、西藏")
    >>> report.text
    '重慶市委、市政府。昌都與重慶、西藏'
    >>> report.reverse() == report.source
    True
    """
    chosen = pipeline(settings)
    if isinstance(source, str):
        return chosen.repair(source)
    if not isinstance(source, bytes | bytearray | memoryview):
        raise WrongType(f"repair() takes text or bytes, not {type(source).__name__}")
    from mojimend.decoding.decide import decode  # noqa: PLC0415  (only bytes need it)

    decoding = decode(bytes(source), declared=declared, languages=(settings or Settings()).languages)
    return replace(chosen.repair(decoding.text), decoding=decoding)
