"""Bytes that were lost: what stands around them comes back, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from mojimend import fix_text, garble

LOST = "\N{REPLACEMENT CHARACTER}"
TEXTS = {
    "zh": "图书馆的旧报纸都按年份放好了，要看请先在前台登记。",
    "ja": "昨日の会議で決まったことを、来週までに書いて送ります。",
    "ko": "다음 주부터 도서관은 아침 아홉 시에 문을 엽니다.",
}


def is_subsequence(some: str, of: str) -> bool:
    rest = iter(of)
    return all(char in rest for char in some)


@pytest.mark.parametrize("read", ["cp1252", "cp1251", "gb18030", "cp932", "cp949"])
@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("as_questions", [False, True])
def test_nothing_is_invented(language: str, read: str, as_questions: bool) -> None:
    original = TEXTS[language]
    how: dict[str, Any] = {"lost": "pair", "mark": "?"} if as_questions else {}
    garbled = garble.misread(original, written="utf-8", read=read, **how)
    mended = fix_text(garbled)
    assert is_subsequence(mended.replace(LOST, ""), original)
    assert len(mended.replace(LOST, "")) >= len(original) / 4


@pytest.mark.parametrize(
    ("garbled", "mended"),
    [
        # The quote was swallowed, and nothing proves that it was one.
        ('msg = "浣犲ソ锛?;', f'msg = "你好{LOST}{LOST};'),
        # Nothing was behind the last byte.
        ("// 鑾峰彇鐢ㄦ埛淇℃伅锛?", f"// 获取用户信息{LOST}"),
        ("æˆ�å°±å¥½", f"{LOST}就好"),
    ],
)
def test_each_loss_is_marked(garbled: str, mended: str) -> None:
    assert fix_text(garbled) == mended


def test_text_with_questions_and_losses_stays() -> None:
    for text in ("是吗？?？真的吗?", f"这里丢了一个{LOST}字，那里丢了{LOST}{LOST}。", "何？？ 本当? え?"):
        assert fix_text(text) == text
