"""Source code in UTF-8 of which an editor or an agent on Windows made GBK: comments come back, good code stays."""

from __future__ import annotations

import re

import pytest

from mojimend import Settings, fix_text, garble

LIKELY = Settings(accept="likely")
C = """\
#include <stdio.h>
int pick(int x, int y) { return x > 0 ? y : -y; } /* 取正负号 */
int main(int argc, char **argv) {
    /* 读取配置文件，如果没有就用默认值。 */
    printf("找不到文件，请检查路径。");
    return load(path) ? 0 : fail("订单已取消！", 3);
}
"""
PYTHON = '''\
import re

WORD = re.compile(r"(?:\\w+)(?=\\?)")  # 问号前面的单词
def greet(name=None):
    """向用户问好，没有名字时叫朋友。"""
    return "您好，" + (name or "朋友") + "！"

raise ValueError("参数不能为空！")
'''
JAVASCRIPT = """\
const url = text.replace(/(?:https?:)\\/\\/[^?]+\\?/g, ""); // 去掉网址里的参数
alert("保存失败，请稍后再试。");
if (!ok) log(["网络错误！", "请重新登录。"]);
"""
FILES = {"C": C, "Python": PYTHON, "JavaScript": JAVASCRIPT}
GOOD_CODE = (
    'const label = order?.title ?? "未命名的订单";',
    "cache ??= new Map(); // 缓存查询结果，避免重复请求。",
    "const sign = x ? y : z; /* 三元运算符保持不变 */",
    'const last = items?.at(-1) ?? fail("列表是空的！");',
)
STAYS_LOST = pytest.mark.xfail(
    strict=True, reason="at the end of a line nothing shows whether the question mark swallowed something"
)


def converted(text: str, *, swallows: bool) -> str:
    """Read the text as GBK, as Windows does or as Python does."""
    if swallows:
        return garble.misread(text, written="utf-8", read="gb18030", lost="pair", mark="?")
    return garble.misread(text, written="utf-8", read="gb18030")


def may_be(mended: str, truth: str, *, swallows: bool) -> bool:
    """Tell whether all of the mended text was written: U+FFFD are no ASCII, but for one character swallowed."""
    lost = r"[^\x00-\x7f]+" + ".?" * swallows
    return (
        re.fullmatch(re.sub("\N{REPLACEMENT CHARACTER}+", lambda _: lost, re.escape(mended)), truth, re.DOTALL)
        is not None
    )


@pytest.mark.parametrize("swallows", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_comments_and_strings_come_back_and_what_was_lost_is_marked(name: str, *, swallows: bool) -> None:
    damaged = converted(FILES[name], swallows=swallows)
    mended = fix_text(damaged)
    assert mended != damaged
    assert may_be(mended, FILES[name], swallows=swallows)


@pytest.mark.parametrize("settings", [Settings(), LIKELY], ids=lambda settings: settings.accept)
@pytest.mark.parametrize("swallows", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_lines_of_good_code_stay(name: str, settings: Settings, *, swallows: bool) -> None:
    damaged = converted(FILES[name], swallows=swallows)
    good = [line for line in damaged.splitlines(keepends=True) if line.isascii()]
    assert [line for line in fix_text(damaged, settings).splitlines(keepends=True) if line.isascii()] == good


@pytest.mark.parametrize("swallows", [False, True])
@pytest.mark.parametrize("line", GOOD_CODE)
def test_operators_beside_a_garbled_comment_stay(line: str, *, swallows: bool) -> None:
    assert may_be(fix_text(converted(line, swallows=swallows)), line, swallows=swallows)


@pytest.mark.parametrize("swallows", [False, True])
def test_operators_stay_in_a_file_that_lost_bytes(*, swallows: bool) -> None:
    text = "\n".join(GOOD_CODE)
    assert may_be(fix_text(converted(text, swallows=swallows)), text, swallows=swallows)


@pytest.mark.parametrize(
    "line",
    [
        "    /* 读取配置文件，如果没有就用默认值。 */",
        'printf("找不到文件，请检查路径。");',
        'alert("保存失败，请稍后再试。");',
        'raise ValueError("参数不能为空！")',
        'if (!ok) log(["网络错误！", "请重新登录。"]);',
        pytest.param('return "您好，" + (name or "朋友") + "！"', marks=STAYS_LOST),
        "alert('网络错误！'); log('请重新登录。');",
    ],
)
def test_what_closes_comes_back_where_guesses_are_accepted(line: str) -> None:
    mended = fix_text(converted(line, swallows=True), LIKELY)
    # What stands before the closing mark may be another guess.
    assert re.findall(r"[\"\])*/;]", mended) == re.findall(r"[\"\])*/;]", line)
