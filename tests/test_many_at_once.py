"""Threads share what is loaded, each interpreter has its own, and what goes to another process arrives whole."""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import mojimend
from mojimend import Settings, check, decode, fix_text, repair
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
from concurrent.futures import ThreadPoolExecutor
import {MODULE} as interpreters
code = '''
from mojimend import fix_text
from mojimend.kernel import COMPILED
print(f"{{COMPILED}} {{[fix_text(text) for text in {GARBLED!r}] == {MENDED!r}}};", end="")
'''
with ThreadPoolExecutor(2) as threads:
    list(threads.map(lambda one: interpreters.run_string(one, code), [interpreters.create() for _ in range(2)]))
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
    assert said_by(IN_INTERPRETERS) == f"{COMPILED} True;" * 2


@pytest.mark.parametrize("function", [fix_text, repair, check, decode, mojimend.explain])
def test_functions_can_be_sent(function: object) -> None:
    assert pickle.loads(pickle.dumps(function)) is function


def test_settings_and_results_can_be_sent() -> None:
    settings = Settings(ignore=("gloss",), accept="likely", languages=("ja",))
    reports = [repair(GARBLED[0], settings), repair(GARBLED[2].encode(), settings)]
    assert pickle.loads(pickle.dumps((settings, reports))) == (settings, reports)
