"""Bytes or text in, a Report out: decode, then the passes in order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from mojimend.errors import WrongType
from mojimend.finding import Applicability, Finding
from mojimend.mending.apply import Find, Record, mend, mended
from mojimend.mending.passes import in_order
from mojimend.rules.registry import Look, Rule, all_rules, selected

if TYPE_CHECKING:
    from mojimend.decoding.result import Decoding
    from mojimend.report import Report
    from mojimend.settings import Settings

# Whoever imports this has text to mend, and first text that waits for no file of a rule; processes forked from here on
# share them.
all_rules()


class Road:
    """Rules dealt out to the passes, for findings of some level; a look passes on what concerns none of them.

    Nearly all text of the world is clean and pays for that look, and for nothing more.
    """

    def __init__(self, rules: Iterable[Rule], level: Applicability) -> None:
        rules = tuple(rule for rule in rules if rule.surest >= level)
        look = Look(rules, level)
        self.concerned = look.concerned
        self.passes: tuple[Find, ...] = tuple(map(look.finder, in_order(rules)))


class Pipeline:
    """What one choice of settings asks for, ready to run.

    Without any it is made without them: to import what a dataclass takes is a third of all that is imported.
    """

    def __init__(self, settings: Settings | None) -> None:
        self._rules = selected(settings)
        self._accept = Applicability.SAFE if settings is None else Applicability[settings.accept.upper()]

    @cached_property
    def _mending(self) -> Road:
        """The road of text that is mended, and no record kept: what is never sure enough has no place there."""
        return Road(self._rules, self._accept)

    @cached_property
    def _telling(self) -> Road:
        """The road of text of which everything is told."""
        return Road(self._rules, Applicability.NOTE)

    def fix(self, text: str) -> str:
        """Take a text through the passes, and keep no record."""
        road = self._mending
        if not (concerned := road.concerned(text)):
            return text
        return mended(text, road.passes, self._accept, {road.concerned: concerned})

    def repair(self, text: str, decoding: Decoding | None = None) -> Report:
        """Take a text through the passes, and tell how it was read if it was bytes."""
        from mojimend.report import Report  # noqa: PLC0415  (who wants the text alone needs no record)

        return self.tell(text, decoding) or Report(text, text, (), (), (), decoding)

    def tell(self, text: str, decoding: Decoding | None = None) -> Report | None:
        """Do the same, and return None where there is nothing to tell, as in nearly all texts of a corpus."""
        if not (concerned := self._telling.concerned(text)):
            return None
        from mojimend.report import Report  # noqa: PLC0415  (who wants the text alone needs no record)

        record = self._record(text, concerned)
        return Report(text, record.text, record.findings(), record.mended_by_place(), record.edits, decoding)

    def mend(self, text: str) -> Report | None:
        """Take a text through the passes, and tell only what was mended; None where nothing was."""
        road = self._mending
        if not (concerned := road.concerned(text)):
            return None
        record = mend(text, road.passes, self._accept, {road.concerned: concerned}, wants_guesses=False)
        if not record.mended:
            return None
        from mojimend.report import Report  # noqa: PLC0415  (who wants the text alone needs no record)

        done = record.mended_by_place()
        return Report(text, record.text, done, done, record.edits)

    def check(self, text: str) -> tuple[Finding, ...]:
        """Take a text through the passes, and tell only what is found."""
        if not (concerned := self._telling.concerned(text)):
            return ()
        return self._record(text, concerned).findings()

    def _record(self, text: str, concerned: frozenset[Rule]) -> Record:
        """Return the record of a text that concerns these rules."""
        road = self._telling
        return mend(text, road.passes, self._accept, {road.concerned: concerned})


@lru_cache(maxsize=32)
def pipeline(settings: Settings | None = None) -> Pipeline:
    """Return the pipeline for these settings; it holds no state of any text, so all calls and threads share it.

    Raises:
        UnknownName: The settings name a rule or family that does not exist.
    """
    return Pipeline(settings)


# Text comes by the line, and to ask for it there takes as long as to look at one.
_USUAL = pipeline()


def fix_text(text: str, settings: Settings | None = None) -> str:
    """Return the text as its author wrote it, as far as that is certain.

    Text that is clean comes back as it is. To know what was changed and what could not be, call ``repair``.

    Raises:
        UnknownName: The settings name a rule or family that does not exist.
        WrongType: Bytes were given; those go to ``repair``, which also finds out their encoding.

    >>> fix_text("已经取消，，请重试。")
    '已经取消，请重试。'
    """
    if not isinstance(text, str):
        raise WrongType(f"fix_text() mends text, not {type(text).__name__}; for bytes call repair(data).text")
    return (_USUAL if settings is None else pipeline(settings)).fix(text)


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

    decoding = decode(bytes(source), declared=declared, languages=settings.languages if settings else ())
    return chosen.repair(decoding.text, decoding)


def check(source: str | bytes, settings: Settings | None = None, *, declared: str | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with a text, by place, and change nothing.

    It walks the same road as ``repair`` and returns its findings: those that ``repair`` would act upon, and the rest.

    >>> [(f.rule, f.span.start, str(f.applicability)) for f in check("已经取消，，请重试。")]
    [('punctuation/doubled-mark', 4, 'safe')]
    """
    if isinstance(source, str):
        return (_USUAL if settings is None else pipeline(settings)).check(source)
    return repair(source, settings, declared=declared).findings
