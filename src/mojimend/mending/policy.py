"""Which findings are accepted, and which of two that want the same place."""

from __future__ import annotations

from collections.abc import Iterable

from mojimend.finding import PLACE, Applicability, Finding


def accepted(findings: Iterable[Finding], level: Applicability) -> list[Finding]:
    """Return the findings to act upon, sorted by place, no two of them overlapping.

    Of two that overlap the surer wins, then the longer, then the one that begins first; the rules' names break what
    ties are left, so the order in which rules were asked never matters.
    """
    able = [finding for finding in findings if finding.applicability >= level and finding.repair is not None]
    able.sort(key=PLACE)
    taken: list[Finding] = []
    rivals: list[Finding] = []
    reach = -1
    for finding in able:
        if finding.span.start >= reach:
            taken += _best(rivals)
            rivals = []
        rivals.append(finding)
        reach = max(reach, finding.span.end)
    return taken + _best(rivals)


def _best(rivals: list[Finding]) -> list[Finding]:
    """Choose among findings that overlap one another, directly or through a third."""
    if len(rivals) < 2:
        return rivals
    taken: list[Finding] = []
    for finding in sorted(rivals, key=lambda f: (-f.applicability, f.span.start - f.span.end, f.span, f.rule)):
        if all(finding.span.end <= other.span.start or other.span.end <= finding.span.start for other in taken):
            taken.append(finding)
    return sorted(taken, key=lambda f: f.span)
