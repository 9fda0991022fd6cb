"""mojimend mends garbled text, CJK first.

>>> import mojimend
>>> mojimend.fix_text("昌都與重慶市,、西藏就有關(guān)事宜,、工作進(jìn)行座談,。")
'昌都與重慶市、西藏就有關事宜、工作進行座談。'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mojimend.decoding.decide import decode
    from mojimend.decoding.result import Decoding, Evidence, Region
    from mojimend.decoding.stream import DecodedFile, open_text
    from mojimend.errors import MojimendError, UnknownName, WrongType
    from mojimend.finding import Applicability, Finding, Misreading, Repair, Span, Step
    from mojimend.pipeline import check, fix_text, repair
    from mojimend.report import Report
    from mojimend.reporters.story import explain
    from mojimend.settings import Settings
    from mojimend.text.edits import Edit

__version__ = "0.1.0"

# Imported when first asked for: who has text needs no codec, and who asks for the version needs nothing.
_NAMES = {
    "decoding.decide": ("decode",),
    "decoding.result": ("Decoding", "Evidence", "Region"),
    "decoding.stream": ("DecodedFile", "open_text"),
    "errors": ("MojimendError", "UnknownName", "WrongType"),
    "finding": ("Applicability", "Finding", "Misreading", "Repair", "Span", "Step"),
    "pipeline": ("check", "fix_text", "repair"),
    "report": ("Report",),
    "reporters.story": ("explain",),
    "settings": ("Settings",),
    "text.edits": ("Edit",),
}
_WHERE = {name: module for module, names in _NAMES.items() for name in names}

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
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415  (who asks for the version needs nothing)

        value = globals()[name] = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
