"""Threads share what is loaded, and each interpreter has its own."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mojimend import check, fix_text
from mojimend.kernel import COMPILED

GARBLED = ["浣犲ソ锛屼笘鐣岋紒", "ÄãºÃ£¬ÊÀ½ç", "您的订单已鍙栨秷，请重试。", "已经取消，，请重试。"]
MENDED = ["你好，世界！", "你好，世界", "您的订单已取消，请重试。", "已经取消，请重试。"]
CLEAN = ["今天天气很好，我们去公园散步。", "昨日の午後、公園を散歩していた。", "어제 오후에 공원에서 산책을 했다."]

# In a process of its own all threads meet at once what is loaded at the first text.
IN_THREADS = f"""
from concurrent.futures import ThreadPoolExecutor
from mojimend import fix_text
with ThreadPoolExecutor(8) as threads:
    print(list(threads.map(fix_text, {GARBLED * 8!r})) == {MENDED * 8!r})
"""
# What Python called them before they had a public name, and before that.
MODULE = next((name for name in ("_interpreters", "_xxsubinterpreters") if importlib.util.find_spec(name)), None)
IN_INTERPRETERS = f"""
import {MODULE} as interpreters
code = '''
from mojimend import fix_text
from mojimend.kernel import COMPILED
print(COMPILED, [fix_text(text) for text in {GARBLED!r}] == {MENDED!r})
'''
for one in (interpreters.create(), interpreters.create()):
    interpreters.run_string(one, code)
"""


def said_by(script: str) -> str:
    return subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout


def test_threads_get_what_one_gets() -> None:
    texts = [*GARBLED, *CLEAN] * 20
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(fix_text, texts)) == [*MENDED, *CLEAN] * 20
        assert list(threads.map(check, texts)) == list(map(check, texts))


def test_threads_may_be_the_first_to_ask() -> None:
    assert said_by(IN_THREADS) == "True\n"


@pytest.mark.skipif(MODULE is None, reason="this Python has one interpreter")
def test_each_interpreter_mends() -> None:
    assert said_by(IN_INTERPRETERS) == f"{COMPILED} True\n" * 2
