"""Run the steps of a recorded repair again."""

from __future__ import annotations

from collections.abc import Iterable

from mojimend.finding import Step


def run(steps: Iterable[Step], found: str) -> str:
    """Take what a finding found through the steps of its repair.

    >>> run((Step("encode", "gb18030"), Step("decode", "utf-8")), "浣犲ソ")
    '你好'
    """
    value: str | bytes = found
    for action, argument in steps:
        if action == "replace":
            value = argument
        elif action == "encode":
            assert isinstance(value, str)
            value = value.encode(argument)
        else:
            assert isinstance(value, bytes)
            value = value.decode(argument)
    assert isinstance(value, str)
    return value
