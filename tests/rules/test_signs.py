"""Signs that stand by themselves in a cell, a heading or a message are left alone, whatever bytes they could be."""

import pytest

from mojimend import fix_text

FIELDS = [
    *"①Ⅲ㎡㏄¾²º¹⇒πЖ犇뷁",
    *("①②③", "③①", "⑦ ⑧ ⑨", "Ⅰ・Ⅱ", "ⅳ", "2㎡", "5㎏ 3㏄", "℃/℉", "№ 3", "★★☆", "┌┐", "→↓"),
    *("ㅇㅋ", "ㄱㄱ", "ㅎㅇ", "ㅋㅋㅋㅋ", "ㅂㅂ", "ㄱㄴㄷ", "ㅏㅑㅓㅕ", "ㄅㄆㄇ", "ㄧㄨㄩ"),
    *("ざざざ", "ヵヵ", "ぁぃぅぇぉ", "氵忄扌", "⺍ ⺌"),
    *("ヽ(^o^)丿", "┬─┬ノ( º _ ºノ)", "ㄋㄧˇ ㄏㄠˇ", "naïve café¶"),
    *("¢£", "€¥£", "├├├", "╔╕╖╗", "¤¥¦§¨"),
    *("°±²", "¼½¾", "€ / ¥", "£5–£9", "≤ ±", "±∞", "ÀÁÂ", "αβγ", "№①"),
]


@pytest.mark.parametrize("field", FIELDS)
def test_signs_by_themselves_are_left_alone(field: str) -> None:
    assert fix_text(field) == field


@pytest.mark.parametrize(
    ("garbled", "text"),
    [
        ("£Á£Â£Ã¹«Ë¾", "ＡＢＣ公司"),
        ("£²£°£²£³Äê", "２０２３年"),
        ("㎡ ÄãºÃ£¬ÊÀ½ç", "㎡ 你好，世界"),
        ("ㅸㅽㅇㄿㄺ닿ㄴㅇㅮㅉ", "よろしくお願いします"),
    ],
)
def test_what_signs_stand_in_is_mended_all_the_same(garbled: str, text: str) -> None:
    assert fix_text(garbled) == text


@pytest.mark.parametrize("unit", ["µA", "µs", "ярд²", "Вт·ч", "лм·с", "µm·s", "κ·Ω²", "öS", "πR"])
def test_units_and_variables_are_left_alone(unit: str) -> None:
    assert fix_text(unit) == unit


@pytest.mark.parametrize("word", ["각주", "예제", "루멘"])
def test_words_of_common_hangul_are_left_alone(word: str) -> None:
    assert fix_text(word) == word
