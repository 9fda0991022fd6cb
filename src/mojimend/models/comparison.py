"""How lines are compared with those that would stand there.

A module of its own, as the model is read for clean text, too, and to make a named tuple takes as long as to map it.
"""

from __future__ import annotations

from typing import NamedTuple

from mojimend.kernel import Characters


class Comparison(NamedTuple):
    """What counts of the lines, and how much.

    Arguments:
        weights: Of pairs of neighbours and of characters by themselves.
        of_new: How much more what is new weighs than what stands there.
        usual: The new line has to cost less than so many units a character,
        wanted: and have of these
        share: at least this share of what is not ASCII in it,
        least: and the gain has to be more than this, in units.
        ends: Of a longer line so many characters at either end are enough to be weighed by pairs, which takes ten times
            as long,
        usual_alone: if each of the rest costs less than so many units by itself.
    """

    weights: tuple[float, float]
    of_new: float
    usual: int
    wanted: Characters
    share: float
    least: float
    ends: int
    usual_alone: int
