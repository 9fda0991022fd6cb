"""Stretches of UTF-8 in files of another encoding are seen wherever they stand."""

from __future__ import annotations

import pytest

from mojimend.decoding.regions import BLOCK, is_all_in

SENTENCE = "您的订单已经取消，请重新登录后再试。"
UTF_8 = SENTENCE.encode()
LINE = f"{SENTENCE}\n".encode("gb18030")


def other(size: int) -> bytes:
    """Return so many bytes of lines in GB18030, and then ASCII."""
    lines = LINE * (size // len(LINE))
    return lines + b"-" * (size - len(lines))


@pytest.mark.parametrize("before", [0, 100, *range(BLOCK - len(UTF_8) - 2, BLOCK + 3), 2 * BLOCK - 9, 3 * BLOCK])
@pytest.mark.parametrize("line", [UTF_8, UTF_8 + "您好".encode("gb18030")])
def test_utf_8_is_seen_in_each_piece_and_between_two(before: int, line: bytes) -> None:
    assert not is_all_in(other(before) + b"\n" + line + b"\n" + LINE, "gb18030")


@pytest.mark.parametrize("size", [1, BLOCK - 1, BLOCK, 2 * BLOCK + 1])
def test_one_encoding_is_all(size: int) -> None:
    assert is_all_in(other(size), "gb18030")


def test_what_is_a_few_sequences_by_chance_is_not_utf_8() -> None:
    few = LINE + "汉汉汉".encode() + "您好".encode("gb18030") + b"\n" + LINE
    assert is_all_in(few, "gb18030")
    assert is_all_in(other(BLOCK - 5) + b"\n" + few, "gb18030")
