"""Which findings are accepted, and which of two that want the same place."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from mojimend.finding import Applicability, Finding

BY_RULE, BY_SPAN = attrgetter("rule"), attrgetter("span")


def accepted(findings: Iterable[Finding], level: Applicability) -> list[Finding]:
    """Return the findings to act upon, sorted by place, no two of them overlapping.

    Of two that overlap the surer wins, then the longer, then the one that begins first; the rules' names break what
    ties are left, so the order in which rules were asked never matters.
    """
    able = by_place([f for f in findings if f.applicability >= level and f.repair is not None])
    taken: list[Finding] = []
    rivals: list[Finding] = []
    reach = -1
    for finding in able:
        start, end = finding.span
        if start >= reach:
            taken += _best(rivals)
            rivals = []
        rivals.append(finding)
        reach = max(reach, end)
    return taken + _best(rivals)


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings by place, and at the same place by rule.

    Sorted twice, as a key made of both would take as much as the finding does.
    """
    sorted_by_rule = sorted(findings, key=BY_RULE)
    sorted_by_rule.sort(key=BY_SPAN)
    return sorted_by_rule


def _best(rivals: list[Finding]) -> list[Finding]:
    """Choose among findings that overlap one another, directly or through a third."""
    if len(rivals) < 2:
        return rivals
    taken: list[Finding] = []
    for finding in sorted(rivals, key=lambda f: (-f.applicability, f.span.start - f.span.end, f.span, f.rule)):
        if all(finding.span.end <= other.span.start or other.span.end <= finding.span.start for other in taken):
            taken.append(finding)
    return sorted(taken, key=lambda f: f.span)
