from array import array
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from mojimend.kernel.clue import Clue

T = TypeVar("T", bound=tuple[Any, ...])

class Characters:
    def __new__(cls, inside: str) -> Characters: ...
    def count(self, text: str, start: int = ..., end: int = ..., /) -> int: ...
    def lines(self, text: str, one_in: int = ..., /) -> list[tuple[int, int]]: ...
    def places(self, text: str, /) -> list[int]: ...
    def without(self, text: str, /) -> str: ...

class Scan:
    def __new__(cls, groups: tuple[tuple[Clue, ...], ...]) -> Scan: ...
    def any(self, text: str, /) -> bool: ...
    def which_of(self, text: str, parts: list[tuple[int, int]], most: int = ..., /) -> list[int]: ...
    def which(self, text: str, /) -> int: ...
    def places(self, text: str, /) -> tuple[list[int], ...]: ...

class Costs:
    def __new__(
        cls,
        code_points: Sequence[int],
        rows: Sequence[int],
        unigrams: Sequence[int],
        backoffs: Sequence[int],
        high: Sequence[int],
        low: Sequence[int],
        pairs: Sequence[int],
        look_up: Callable[[str], tuple[int, int, bool]],
        unknown: Callable[[str], int],
        apart: Characters,
        alike: Characters,
        cost_of_alike: int,
    ) -> Costs: ...
    def cost(self, text: str, /) -> int: ...
    def costs(self, text: str, /) -> list[int]: ...
    def alone(self, text: str, /) -> int: ...
    def gains_of_lines(
        self,
        old: str,
        new: str,
        weights: tuple[float, float],
        of_new: float,
        usual: int,
        wanted: Characters,
        share: float,
        least: float,
        ends: int,
        usual_alone: int,
        /,
    ) -> list[float]: ...
    def dear_parts(self, text: str, usual: int, least: int, drop: int, unsaid: str, /) -> list[tuple[int, int]]: ...
    def likeliest(
        self,
        of: type[T],
        options: list[tuple[str, list[float]]],
        beside: tuple[str, str],
        weights: array[float],
        least: float,
        /,
    ) -> list[tuple[T, ...]]: ...
    def count_known_pairs(self, text: str, /) -> int: ...
    def difference(
        self, old: str, new: str, of_old: tuple[float, float], of_new: tuple[float, float], /
    ) -> tuple[tuple[float, float], tuple[float, float]]: ...
    def excess(self, text: str, start: int, end: int, usual: int, /) -> int: ...
    def excess_alone(self, text: str, start: int, end: int, usual: int, passes_ascii: bool, /) -> int: ...

class Bytes:
    def __new__(cls, costs: Costs, told: memoryview, *, which: int, of: int, is_single: bool) -> Bytes: ...

class Pairs:
    def __new__(
        cls,
        table: memoryview,
        first_of: Callable[[bytes], tuple[str, int, bool]],
        doubted: Characters,
    ) -> Pairs: ...
    def read(self, data: bytes, /) -> tuple[str, int]: ...

class Runs:
    def __new__(
        cls,
        costs: Costs,
        kana: Characters,
        begins: memoryview | None,
        shown: memoryview | None,
        first_of: Callable[[bytes], tuple[str, int, bool]] | None,
        least_width: int,
    ) -> Runs: ...
    @classmethod
    def weigh(cls, runs: tuple[Runs, ...], pieces: tuple[bytes, ...], /) -> list[tuple[int, int, int, int]]: ...

class Glance:
    def __new__(
        cls,
        codecs: tuple[str, ...],
        runs: tuple[Runs, ...],
        *,
        part: int,
        apart: int,
        ahead: int,
        head: int,
        counted_at_first: int,
        counted: int,
        different: int,
        units: float,
        far: float,
        doubted: float,
    ) -> Glance: ...
    def look(
        self, data: bytes, priors: dict[str, float], first: int, /
    ) -> tuple[str, float, str | None, int, int, int, int] | None: ...

class Suspicion:
    def __new__(
        cls,
        costs: Callable[[], Costs],
        with_kana: Callable[[], Bytes],
        then: Callable[[str, bool], object],
        rare: Characters,
        kana: Characters,
        *,
        marked_is_enough: bool,
        first_wide: str,
        between: int,
        around: int,
        far: int,
        brief: int,
        usual: int,
        least: int,
        least_of_many: int,
        usual_alone: int,
        least_alone: int,
        least_alone_of_many: int,
    ) -> Suspicion: ...
    def __call__(self, text: str, at: int, /) -> bool: ...

class Gains:
    def __new__(cls, ways: tuple[tuple[Bytes | Runs, ...], ...]) -> Gains: ...
    def of(self, text: str, broken: int, is_cut: bool, in_pairs_from: int, most_in_pairs: int, /) -> list[int]: ...
    def reach(
        self, broken: int, is_cut: bool, in_pairs_from: int, most_in_pairs: int, least: int, text: str, /
    ) -> bool: ...
    def reach_at(
        self,
        broken: int,
        is_cut: bool,
        in_pairs_from: int,
        most_in_pairs: int,
        least: int,
        before: int,
        behind: int,
        text: str,
        at: int,
        /,
    ) -> bool: ...

class Walks:
    def __new__(
        cls,
        costs: Costs,
        alphabets: tuple[Characters, ...],
        *,
        beam: int,
        of_pairs: float,
        of_characters: float,
        of_lost: float,
        for_a_lost_character: float,
        for_a_foreign_character: float,
        first_of_cjk: str,
        for_a_gap: float,
        against_a_cut: float,
        hopeless: float,
    ) -> Walks: ...
    def best(
        self,
        misreading: tuple[
            int,
            int,
            Callable[[bytes, str, bool, bool], tuple[tuple[Sequence[str], bytes, int], ...] | None],
            Callable[[str], bytes],
            Callable[[bytes], int],
            str,
            bool,
        ],
        asked: tuple[str, int, int, float, float, bool, set[int], float],
        /,
    ) -> tuple[float, list[tuple[int, int, str, list[tuple[int, int, int, bytes]]]]]: ...

def leaf(of: type[T], items: tuple[Any, ...], /) -> T: ...
def left_of_utf_8(data: bytes, /) -> str: ...
def lost_of_utf_8(
    of: type[T], text: str, marked: bytes, bytes_of: Callable[[str], tuple[bytes, ...]], /
) -> list[T]: ...
def find_utf_8(data: bytes, at: int, /) -> int: ...
def has_word(data: bytes, words: tuple[bytes, ...], /) -> bool: ...
