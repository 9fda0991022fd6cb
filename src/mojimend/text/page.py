"""The text a rule looks at, and the text it came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Page:
    """A text on its way through the passes.

    ``text`` is what the earlier passes have left. ``origin`` is how it arrived: some damage can only be judged by
    other damage of the same page (a page whose commas were tampered with has also had its marks narrowed), and an
    earlier pass may have mended that already.
    """

    __slots__ = ("_known", "origin", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.origin = text
        self._known: dict[Callable[[str], Any], Any] = {}

    def after(self, text: str) -> Page:
        """Return the page as it stands after a pass, with its origin and what is known of that."""
        page = Page(text)
        page.origin = self.origin
        page._known = self._known
        return page

    def evidence(self, of: Callable[[str], T]) -> T:
        """Return what ``of`` says about the origin; it is asked once, whichever rules want to know.

        >>> Page("重慶市委,、市政府").after("重慶市委、市政府").evidence(len)
        9
        """
        if of not in self._known:
            self._known[of] = of(self.origin)
        answer: T = self._known[of]
        return answer
