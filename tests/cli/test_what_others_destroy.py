"""Files that other linters and fixers destroy, pass over in silence or pass as clean: not here.

Each was seen to happen to files like these (GBK, Shift_JIS and Big5 rewritten as UTF-8 full of U+FFFD, UTF-16 without
its mark, a folder or a missing file that counts as clean, two encodings in one file made one).
"""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

ZH = "今天天气很好，，我们去公园玩。请先登录，然后再试一次。\n这是第二行，没有什么问题。\n"
HANT = "今天天氣很好，，我們去公園玩。請先登錄，然後再試一次。\n這是第二行，沒有什麼問題。\n"
JA = "今日は天気がとても良いです、、公園へ行きましょう。\nデータを保存しました。テストは成功です。\n"
CODE = "# -*- coding: gbk -*-\n# 今天天气很好，，我们去公园玩。请先登录，然后再试一次。\nx = '，'\n"

LOST = "\N{REPLACEMENT CHARACTER}"


def mended(text: str) -> str:
    return text.replace("，，", "，").replace("、、", "、")


FILES = {
    "GBK text": ("a.txt", ZH, "gbk"),
    "GBK code with its label": ("a.py", CODE, "gbk"),
    "GB18030": ("a.txt", ZH + "㐀\N{CJK UNIFIED IDEOGRAPH-20000}\n", "gb18030"),
    "Shift_JIS": ("a.txt", JA, "cp932"),
    "EUC-JP": ("a.txt", JA, "euc_jp"),
    "Big5": ("a.txt", HANT, "cp950"),
    "UTF-16 with mark": ("a.txt", ZH, "utf-16"),
    "UTF-8 with mark": ("a.txt", "\ufeff" + ZH, "utf-8"),
}


@pytest.mark.parametrize("name", FILES)
def test_check_sees_what_is_wrong_in_any_encoding(run: Run, tmp_path: Path, name: str) -> None:
    path, text, encoding = FILES[name]
    (tmp_path / path).write_bytes(text.encode(encoding))
    result = run("check", path)
    assert result.exit_code == 1
    assert "punctuation/doubled-mark" in result.stdout
    assert LOST not in result.output
    assert (tmp_path / path).read_bytes() == text.encode(encoding)


@pytest.mark.parametrize("name", FILES)
def test_fix_loses_nothing_in_any_encoding(run: Run, tmp_path: Path, name: str) -> None:
    path, text, encoding = FILES[name]
    before = text.encode(encoding)
    wanted = mended(text).replace("coding: gbk", "coding: utf-8")
    for flags, after in (((), wanted.encode()), (("--keep-encoding",), mended(text).encode(encoding))):
        (tmp_path / path).write_bytes(before)
        result = run("fix", *flags, "-o", "out", path)
        assert result.exit_code == 0
        assert (tmp_path / "out").read_bytes() == after
        assert run("fix", *flags, path).stdout_bytes == after
        assert (tmp_path / path).read_bytes() == before


@pytest.mark.parametrize("name", [name for name in FILES if name != "GBK code with its label"])
def test_fix_in_place_loses_nothing(run: Run, tmp_path: Path, name: str) -> None:
    path, text, encoding = FILES[name]
    text *= 4  # so that no reading is a mere guess
    (tmp_path / path).write_bytes(text.encode(encoding))
    assert run("fix", "-w", path).exit_code == 0
    assert (tmp_path / path).read_bytes() == mended(text).encode()


def test_code_with_a_new_encoding_runs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes((CODE * 2).encode("gbk"))
    assert run("fix", "-w", "a.py").exit_code == 0
    compile((tmp_path / "a.py").read_bytes(), "a.py", "exec")


@pytest.mark.parametrize("count", [1, 3, 40])
@pytest.mark.parametrize("order", [("utf-8", "gbk"), ("gbk", "utf-8")])
@pytest.mark.parametrize("flags", [("-w",), ("-o", "a.txt.new")])
def test_two_encodings_in_one_file(
    run: Run, tmp_path: Path, count: int, order: tuple[str, str], flags: tuple[str, ...]
) -> None:
    """In place, either both are read, or what is not of the one is left byte for byte; nothing is lost."""
    one, other = "今天天气很好，，我们去公园玩。\n", "旧的文件是这样保存的，没有人知道为什么。\n"
    path = tmp_path / "a.txt"
    before = one.encode(order[0]) * count + other.encode(order[1])
    path.write_bytes(before)
    result = run("fix", *flags, "a.txt")
    if flags == ("-w",):
        texts = (one, mended(one))
        kept = [text.encode(order[0]) * count + other.encode(order[1]) for text in texts]
        read = [(text * count + other).encode() for text in texts]
        assert path.read_bytes() in (*kept, *read)
        assert (result.exit_code, path.read_bytes() == before) in ((2, True), (0, False))
    else:
        assert path.read_bytes() == before
    assert LOST.encode() not in path.read_bytes()


def test_what_is_compressed_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(ZH.encode()))
    assert "a.txt.gz:1:7" in run("check", "a.txt.gz").stdout
    assert run("fix", "a.txt.gz").stdout_bytes == mended(ZH).encode()
    assert run("fix", "-w", "a.txt.gz").exit_code == 0
    assert gzip.decompress((tmp_path / "a.txt.gz").read_bytes()) == mended(ZH).encode()


def test_what_cannot_be_read_is_never_clean(run: Run, tmp_path: Path) -> None:
    assert run("check", "gone.txt").exit_code == 2
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(ZH.encode())[:-4])
    assert run("check", "a.txt.gz").exit_code == 2
    assert run("fix", "-w", "a.txt.gz").exit_code == 2


def test_a_folder_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(ZH.encode())
    (tmp_path / "in" / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    result = run("check", "in")
    assert result.exit_code == 1
    assert result.stdout.startswith("in/a.txt:1:7")
    assert "1 skipped (1 binary)" in result.stderr


def test_clean_is_not_touched(run: Run, tmp_path: Path) -> None:
    """What others normalise: fullwidth marks, curly quotes, the mark, line ends, blanks at line ends, a missing end."""
    clean = codecs.BOM_UTF8 + "“你好”，Ｗｏｒｌｄ！！！……——  \r\nﾃｽﾄ\t\n\n㈱①~\N{NO-BREAK SPACE}x".encode()
    (tmp_path / "a.txt").write_bytes(clean)
    assert run("fix", "-w", "a.txt").exit_code == 0
    assert (tmp_path / "a.txt").read_bytes() == clean
