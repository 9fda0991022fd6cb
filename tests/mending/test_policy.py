"""Who wins where two findings want the same place."""

from __future__ import annotations

from itertools import permutations

from mojimend.finding import Applicability, Finding, Span, replace
from mojimend.mending.policy import accepted

NOTE, LIKELY, SAFE = Applicability.NOTE, Applicability.LIKELY, Applicability.SAFE


def finding(start: int, end: int, level: Applicability = SAFE, rule: str = "family/rule") -> Finding:
    return Finding(rule, Span(start, end), "x" * (end - start), "", level, replace("y"))


def test_nothing_is_accepted_of_nothing() -> None:
    assert accepted([], NOTE) == []


def test_only_what_is_sure_enough_is_accepted() -> None:
    note, likely, safe = finding(0, 1, NOTE), finding(2, 3, LIKELY), finding(4, 5, SAFE)
    assert accepted([note, likely, safe], SAFE) == [safe]
    assert accepted([note, likely, safe], LIKELY) == [likely, safe]


def test_a_finding_without_a_repair_is_never_accepted() -> None:
    lost = Finding("family/rule", Span(0, 1), "x", "", SAFE, None)
    assert accepted([lost], NOTE) == []


def test_neighbours_do_not_overlap() -> None:
    left, right = finding(0, 2), finding(2, 4)
    assert accepted([right, left], SAFE) == [left, right]


def test_the_surer_wins_though_it_is_shorter() -> None:
    long, short = finding(0, 9, LIKELY), finding(3, 4, SAFE)
    assert accepted([long, short], LIKELY) == [short]


def test_an_unsure_rival_that_is_not_accepted_does_no_harm() -> None:
    long, short = finding(0, 9, LIKELY), finding(3, 4, SAFE)
    assert accepted([long, short], SAFE) == [short]


def test_the_longer_wins_though_it_begins_later() -> None:
    early, long = finding(0, 3), finding(2, 9)
    assert accepted([early, long], SAFE) == [long]


def test_the_first_of_two_alike_wins() -> None:
    first, second = finding(0, 3), finding(2, 5)
    assert accepted([second, first], SAFE) == [first]


def test_the_name_decides_between_findings_of_one_place() -> None:
    a, b = finding(0, 3, rule="family/a"), finding(0, 3, rule="family/b")
    assert accepted([b, a], SAFE) == [a]


def test_losing_to_the_middle_one_does_not_take_the_far_one_along() -> None:
    # Left and right both overlap the middle, which is surest; without it both would stand.
    left, middle, right = finding(0, 3, LIKELY), finding(2, 6, SAFE), finding(5, 8, LIKELY)
    assert accepted([left, middle, right], LIKELY) == [middle]
    chain = [finding(0, 4), finding(3, 6), finding(5, 9)]
    assert accepted(chain, SAFE) == [chain[0], chain[2]]


def test_the_order_of_asking_does_not_matter() -> None:
    findings = [
        finding(0, 4, rule="family/a"),
        finding(0, 4, rule="family/b"),
        finding(2, 6, LIKELY),
        finding(5, 6),
        finding(6, 7),
    ]
    outcomes = {tuple(accepted(order, LIKELY)) for order in permutations(findings)}
    assert outcomes == {(findings[0], findings[3], findings[4])}
