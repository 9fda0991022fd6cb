"""The text a rule looks at, and the text it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from mojimend.text.edits import OffsetMap

T = TypeVar("T")
# What functions say about a text.
Known: TypeAlias = Mapping[Callable[[str], Any], Any]
NOTHING: Known = {}


class Page:
    """A text on its way through the passes.

    ``text`` is what the earlier passes have left. ``origin`` is how it arrived: some damage can only be judged by
    other damage of the same page (a page whose commas were tampered with has also had its marks narrowed), and an
    earlier pass may have mended that already. ``wants_guesses`` tells whether anybody asks what lost characters may
    have been: to work that out takes longer than to mend what is around them. ``is_told`` tells whether anybody asks
    how a repair can be done otherwise. ``places`` leads back to the places of the text that was given, where a record
    is kept and something was mended.
    """

    __slots__ = ("_found", "_known", "_known_now", "is_told", "origin", "places", "text", "wants_guesses")

    def __init__(self, text: str, known: Known = NOTHING, *, wants_guesses: bool = True, is_told: bool = True) -> None:
        self.text = text
        self.origin = text
        self.places: OffsetMap | None = None
        self.wants_guesses = wants_guesses
        self.is_told = is_told
        self._known: dict[Callable[..., Any], Any] = dict(known)
        # What arrived is what stands, so far.
        self._known_now = self._known
        self._found: dict[Callable[..., Any], tuple[Any, ...]] = {}

    def after(self, text: str, places: OffsetMap | None = None) -> Page:
        """Return the page as it stands after a pass, with its origin and what is known of that."""
        page = Page(text, wants_guesses=self.wants_guesses, is_told=self.is_told)
        page.origin = self.origin
        page.places = places
        page._known = self._known
        return page

    def again(self) -> Page:
        """Return the page as it stands, as one that has just arrived, with what is known of it."""
        page = Page(self.text, wants_guesses=self.wants_guesses, is_told=self.is_told)
        page.places = self.places
        page._known = page._known_now = self._known_now
        page._found = self._found
        return page

    def found(self, ask: Callable[[Page], Iterable[T]]) -> tuple[T, ...]:
        """Return what ``ask`` finds on the page as it stands, for what looks at nothing else; it is asked once.

        >>> page = Page("重慶市委,、市政府").after("重慶市委、市政府")
        >>> page.found(lambda page: [page.text.index("、")])
        (4,)
        """
        try:
            return self._found[ask]
        except KeyError:
            found = self._found[ask] = tuple(ask(self))
        return found

    def now(self, of: Callable[[str], T]) -> T:
        """Return what ``of`` says about the text as it stands; it is asked once, whichever rules want to know.

        >>> Page("重慶市委,、市政府").after("重慶市委、市政府").now(len)
        8
        """
        answer: T
        try:
            answer = self._known_now[of]
        except KeyError:
            answer = self._known_now[of] = of(self.text)
        return answer

    def evidence(self, of: Callable[[str], T]) -> T:
        """Return what ``of`` says about the origin; it is asked once, whichever rules want to know.

        >>> Page("重慶市委,、市政府").after("重慶市委、市政府").evidence(len)
        9
        """
        answer: T
        try:
            answer = self._known[of]
        except KeyError:
            answer = self._known[of] = of(self.origin)
        return answer


def on_its_line(text: str, at: int, before: int, behind: int) -> str:
    r"""Return what stands around a place of a text on its line, so many code points at most to either side.

    >>> on_its_line("一\n二三四五\n", 4, 2, 9)
    '二三四五'
    """
    start = max(0, at - before)
    around = text[start : at + behind]
    # Most lines go on for longer.
    if "\n" not in around:
        return around
    end = around.find("\n", at - start)
    return around[around.rfind("\n", 0, at - start) + 1 : end if end >= 0 else None]


def line_around(text: str, at: int) -> tuple[int, int]:
    r"""Return from where to where the line goes that has a place of a text.

    >>> line_around("一\n二三四五\n", 4)
    (2, 6)
    """
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end
