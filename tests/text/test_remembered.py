"""What was said of lines is remembered, and what is remembered has a bound."""

from __future__ import annotations

from mojimend.text.remembered import MOST_CHARACTERS, remembered


def test_what_was_said_is_not_asked_again() -> None:
    asked: list[tuple[str, object]] = []

    @remembered
    def ask(line: str, other: object = None, *, more: object = None) -> str:
        asked.append((line, other or more))
        return line.upper()

    for _ in range(2):
        assert [ask("a"), ask("a", 1), ask("a", more=2), ask("b", 1)] == ["A", "A", "A", "B"]
    assert asked == [("a", None), ("a", 1), ("a", 2), ("b", 1)]


def test_no_more_is_kept_than_so_many_characters() -> None:
    kept = 0

    class Said:
        """What is said of a line, and counts how many characters of lines it is kept for."""

        def __init__(self, line: str) -> None:
            nonlocal kept
            self.size = len(line)
            kept += self.size

        def __del__(self) -> None:
            nonlocal kept
            kept -= self.size

    ask = remembered(Said)
    for number in range(500):
        ask(f"{number:2000}")
        ask(f"{number:{MOST_CHARACTERS + 1}}")
        assert kept <= MOST_CHARACTERS


def test_a_page_of_one_line_is_remembered_no_longer_than_others() -> None:
    asked: list[str] = []
    ask = remembered(asked.append)
    for line in ("a", "b" * (MOST_CHARACTERS + 1), "c", "c"):
        ask(line)
    assert [line[0] for line in asked] == ["a", "b", "c"]
