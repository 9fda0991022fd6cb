"""Tables and figures in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mojimend.text.visible import show

NONE = "–"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, words: Sequence[int] = (0,)) -> str:
    """Return a table; the columns numbered in ``words`` hold words, the others figures.

    >>> print(table(["language", "right"], [["Korean", "97.5"]]))
    | language | right |
    |---|--:|
    | Korean | 97.5 |
    """
    rule = ["---" if column in words else "--:" for column in range(len(head))]
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(rule)}|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def percent(part: int, whole: int) -> str:
    """Return a share in percent; it is rounded neither to all nor to none where it is not so.

    >>> percent(2, 2), percent(19_999, 20_000), percent(1, 3), percent(1, 9_000), percent(0, 0)
    ('100', '99.995', '33.3', '0.01', '–')
    """
    if not whole:
        return NONE
    if part in {0, whole}:
        return str(100 * part // whole)
    decimals = 1
    while f"{100 * part / whole:.{decimals}f}" in {f"{0:.{decimals}f}", f"{100:.{decimals}f}"}:
        decimals += 1
    return f"{100 * part / whole:.{decimals}f}"


def code(text: str) -> str:
    r"""Return the text as code, fit for a table: what can't be seen is made visible.

    >>> print(code("a|b"), code("`"), code("\x85"))
    `a\|b` `` ` `` `⟦0085⟧`
    """
    shown = show(text, spaces=True).replace("|", "\\|")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with what it counts.

    >>> counted(1, "case"), counted(1200, "case"), counted(2, "reading back", "readings back")
    ('1 case', '1,200 cases', '2 readings back')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
