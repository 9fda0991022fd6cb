"""Bytes that were lost: what stands around them comes back, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from mojimend import Applicability, Settings, fix_text, garble, repair
from mojimend.encodings.misread import Misread

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


LIKELY = Settings(accept="likely")


@pytest.mark.parametrize(
    ("garbled", "mended"),
    [
        ("浠栦滑鐜板湪閮藉緢濂姐?", "他们现在都很好。"),
        # What closes the string was swallowed.
        ('printf("浣犲ソ銆?);', 'printf("你好。");'),
        # 90 is nothing in code page 1252, and 91, the last byte of 我, is a quote.
        ("å®Œæˆ�å°±å¥½", "完成就好"),
        # Whether it was 我 or 成, the neighbours do not tell.
        ("莉冶ｯｴ譛画?蟆ｱ螂ｽ", f"他说有{LOST}就好"),
        # What vanished without a trace: no-break spaces that became spaces, and the end of a field.
        ("ä½ å¥½", "你好"),
    ],
)
def test_the_lost_is_filled_where_asked(garbled: str, mended: str) -> None:
    assert fix_text(garbled, LIKELY) == mended


def test_each_guess_is_a_finding_with_its_alternatives() -> None:
    garbled = "å®Œæˆ�å°±å¥½"
    for settings, is_mended in ((Settings(), False), (LIKELY, True)):
        report = repair(garbled, settings)
        guess = next(finding for finding in report.findings if finding.applicability is Applicability.LIKELY)
        assert (guess in report.mended) is is_mended
        assert (guess.span, guess.found) == ((3, 6), garbled[3:6])
        assert guess.repair is not None
        shares = [share for _, share in guess.repair.alternatives]
        assert guess.repair.replacement == guess.repair.alternatives[0].text == "成"
        assert shares == sorted(shares, reverse=True)
        assert 0.5 <= sum(shares) <= 1


def test_a_line_cut_in_a_character_marks_it() -> None:
    garbled = "图书馆的旧报纸".encode()[:-1].decode("cp1252", "replace").replace(LOST, "\x9d")
    assert fix_text(garbled).startswith("图书馆的旧报")
    assert fix_text(garbled).endswith(LOST)


@pytest.mark.parametrize("mark", ["\N{MIDDLE DOT}", "\N{WHITE SQUARE}", "\N{BLACK SQUARE}"])
@pytest.mark.parametrize("read", ["gb18030", "cp949"])
def test_a_dot_or_a_square_is_read_back_as_a_loss(read: str, mark: str) -> None:
    original = TEXTS["ko"]
    as_losses = fix_text(garble.misread(original, written="utf-8", read=read))
    assert LOST in as_losses
    assert fix_text(garble.misread(original, written="utf-8", read=read, mark=mark)) == as_losses


@pytest.mark.parametrize("mark", ["\N{MIDDLE DOT}", "\N{WHITE SQUARE}", "\N{BLACK SQUARE}"])
def test_letters_that_were_lost_for_other_reasons_make_no_misreading(mark: str) -> None:
    for text in TEXTS.values():
        for every in (2, 3):
            some_lost = "".join(mark if at % every == 0 else char for at, char in enumerate(text))
            assert fix_text(some_lost, Settings(select=("mojibake/misread",))) == some_lost


def test_a_question_mark_in_a_misread_line_stays_one_where_the_misreading_loses_nothing() -> None:
    for text in ("你去不去?我在门口等你。", "이 책 재미있나요?? 저도 읽고 싶어요."):
        for written, read in (("gb18030", "latin-1"), ("cp949", "gb18030"), ("cp949", "mac_roman")):
            with suppress(UnicodeEncodeError):
                assert fix_text(Misread(written, read).garble(text)) == text


def test_one_question_mark_between_letters_is_a_loss_where_the_misreading_loses_some() -> None:
    original = "借书证每年要换一次，换证时带上旧的。"
    garbled = garble.misread(original, written="gb18030", read="cp949", lost="pair", mark="?")
    assert fix_text(garbled) == original.replace("上", LOST)


def test_no_wide_space_is_guessed_for_a_full_stop() -> None:
    # Both begin with the byte that is left; to the model, a wide space is a space.
    garbled = garble.misread('log("请重新登录。");', written="utf-8", read="gb18030", lost="pair", mark="?")
    assert fix_text(garbled, LIKELY) == 'log("请重新登录。");'


def test_no_letter_is_read_out_of_the_mark_of_code_page_932() -> None:
    # The mark itself has the bytes of half a comma and an E.
    original = "昨日は雨が降った」"
    garbled = garble.misread(original, written="utf-8", read="cp932", lost="pair", mark="\N{KATAKANA MIDDLE DOT}")
    assert garbled.endswith("\N{KATAKANA MIDDLE DOT}")
    assert fix_text(garbled) == original[:-1] + LOST
