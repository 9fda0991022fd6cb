"""mojimend mends garbled text, CJK first.

>>> import mojimend
>>> mojimend.fix_text("昌都與重慶市,、西藏就有關(guān)事宜,、工作進(jìn)行座談,。")
'昌都與重慶市、西藏就有關事宜、工作進行座談。'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from mojimend.decoding.result import Decoding, Evidence, Region
from mojimend.errors import MojimendError, UnknownName, WrongType
from mojimend.finding import Applicability, Finding, Misreading, Repair, Span, Step
from mojimend.pipeline import pipeline, repair
from mojimend.report import Report
from mojimend.settings import Settings
from mojimend.text.edits import Edit

if TYPE_CHECKING:
    from mojimend.decoding.decide import decode
    from mojimend.decoding.stream import DecodedFile, open_text

__version__ = "0.1.0"

# Imported when first asked for: who has text already needs no codec, and importing them all takes three times as long.
_OF_BYTES = {
    "DecodedFile": "mojimend.decoding.stream",
    "decode": "mojimend.decoding.decide",
    "open_text": "mojimend.decoding.stream",
}

__all__ = [
    "Applicability",
    "DecodedFile",
    "Decoding",
    "Edit",
    "Evidence",
    "Finding",
    "Misreading",
    "MojimendError",
    "Region",
    "Repair",
    "Report",
    "Settings",
    "Span",
    "Step",
    "UnknownName",
    "WrongType",
    "check",
    "decode",
    "explain",
    "fix_text",
    "open_text",
    "repair",
]


if not TYPE_CHECKING:  # A checker of types would take any name for one of ours.

    def __getattr__(name: str) -> object:
        if name not in _OF_BYTES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(importlib.import_module(_OF_BYTES[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


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
    return pipeline(settings).fix(text)


def check(source: str | bytes, settings: Settings | None = None, *, declared: str | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with a text, by place, and change nothing.

    It walks the same road as ``repair`` and returns its findings: those that ``repair`` would act upon, and the rest.

    >>> [(f.rule, f.span.start, str(f.applicability)) for f in check("已经取消，，请重试。")]
    [('punctuation/doubled-mark', 4, 'safe')]
    """
    return repair(source, settings, declared=declared).findings


def explain(text: str) -> str:
    """Tell a person what happened to a text and how it was undone.

    >>> print(explain("已经取消，，请重试。"), end="")
    1:5  punctuation/doubled-mark  safe
        ，， → ，
        the mark ， written twice
    text:  已经取消，请重试。
    """
    from mojimend.reporters.story import tell  # noqa: PLC0415  (only explanations need it)

    return tell(repair(text))
