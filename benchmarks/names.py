"""Count the names in all languages that are changed, though nothing is wrong with them.

    python benchmarks/names.py [--show]

Names of countries, languages, scripts, currencies, months and days, and units of measurement in the locales of CLDR, as
Babel ships it (`pip install babel`): short fields by themselves, of which a tool knows nothing but their letters.
``--show`` lists those that mojimend changes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib.metadata import version
from itertools import chain
from typing import Any

import ftfy

import mojimend

KINDS = ("territories", "languages", "scripts", "variants", "currencies", "currency_symbols")


def names(locale: Any) -> Iterator[str]:
    """Yield the names of a locale that are not ASCII."""
    lists: Iterator[Any] = chain((getattr(locale, kind) for kind in KINDS), _calendar(locale), _units(locale))
    for values in lists:
        yield from (value for value in values.values() if isinstance(value, str) and not value.isascii())


def _calendar(locale: Any) -> Iterator[Any]:
    for contexts in (locale.months, locale.days):
        for widths in contexts.values():
            yield from widths.values()


def _units(locale: Any) -> Iterator[Any]:
    yield from locale.unit_display_names.values()
    # Babel has no other way to ask for all.
    for forms in locale._data["unit_patterns"].values():
        yield from (patterns for patterns in forms.values() if isinstance(patterns, dict))


def everywhere() -> list[str]:
    """Return the names of all locales, each once."""
    from babel import Locale, localedata  # noqa: PLC0415  (nothing else here needs it)

    return sorted({name for code in localedata.locale_identifiers() for name in names(Locale.parse(code))})


def main() -> None:
    """Print how many names each tool changes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", action="store_true", help="list the names that mojimend changes")
    shown = parser.parse_args().show
    whole = everywhere()
    print(f"{len(whole):,} names of Babel {version('babel')}")
    # plsfix can't be told to leave out what it tidies.
    for package, fix in (("ftfy", ftfy.fix_encoding), ("mojimend", mojimend.fix_text)):
        changed = [name for name in whole if fix(name) != name]
        print(f"{package} {version(package)}: {len(changed):,} changed")
    if shown:
        print(*(f"    {name} -> {mojimend.fix_text(name)}" for name in changed), sep="\n")


if __name__ == "__main__":
    main()
