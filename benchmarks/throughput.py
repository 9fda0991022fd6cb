"""Measure how fast the command mends big files, and with how much memory, beside cat, iconv and a loop around ftfy.

    python benchmarks/throughput.py [FOLDER] [--megabytes N] [-j N] [--dirty SHARE] [--only jsonl|text] [--flags FLAGS]

FOLDER holds clean text in UTF-8, a paragraph a line; without it, it is the sentences of fixtures/clean. Its lines are
repeated to the size that is asked for, and a share of them is damaged: read as GBK, or with a mark doubled. Every tool
gets the same file, one after the other, and is a process of its own; its output goes to a file. FLAGS go to
`mojimend fix`. Memory is the most that the tool's processes held together, looked at twenty times a second: on Linux
pages that several of them share count once (their proportional size), elsewhere it is not told.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
OWN_SENTENCES = ROOT / "fixtures" / "clean"
CHARACTERS_A_RECORD = 500

FTFY = {
    "text": "import sys, ftfy\nfor line in sys.stdin: sys.stdout.write(ftfy.fix_encoding(line))",
    "jsonl": """
import sys, json, ftfy
for line in sys.stdin:
    record = json.loads(line)
    record["text"] = ftfy.fix_encoding(record["text"])
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\\n")
""",
}


def lines_of(folder: Path, dirty: float, seed: int) -> Iterator[str]:
    """Yield lines without end, of which a share is damaged."""
    random = Random(seed)
    lines = [
        line.strip()
        for path in sorted(folder.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line.strip()) > 3
    ]
    random.shuffle(lines)
    for line in cycle(lines):
        if random.random() >= dirty:
            yield line
        elif random.random() < 0.5:
            yield line.replace("，", "，，", 1)
        else:
            yield line.encode().decode("gb18030", "replace")


def write(path: Path, kind: str, size: int, lines: Iterator[str]) -> None:
    """Write a file of this size, at the end of a line or record."""
    with path.open("wb") as file:
        number = 0
        while file.tell() < size:
            number += 1
            if kind == "text":
                file.write(f"{next(lines)}\n".encode("utf-8", "replace"))
                continue
            text = next(lines)
            while len(text) < CHARACTERS_A_RECORD:
                text += "\n" + next(lines)
            record = {"id": number, "url": f"https://example.org/{number}", "text": text, "score": 0.5}
            file.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def held(process: int) -> int:
    """Return the proportional size of a process and those under it, in bytes; 0 where the system does not tell."""
    total = 0
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        total = 1024 * int(rollup.partition("\nPss:")[2].split()[0])
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except (OSError, IndexError):
        return total
    return total + sum(held(int(child)) for child in children)


def measure(command: list[str], source: Path, target: Path) -> tuple[float, int, int]:
    """Run a tool; return the seconds, the most memory in bytes, and how it ended."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    with source.open("rb") as stdin, target.open("wb") as stdout:
        start = time.perf_counter()
        running = subprocess.Popen(command, stdin=stdin, stdout=stdout, env=environment)
        most = 0
        while running.poll() is None:
            most = max(most, held(running.pid))
            time.sleep(0.05)
        return time.perf_counter() - start, most, running.returncode


def main() -> int:
    """Make the files, put every tool to them, and print a table for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=OWN_SENTENCES)
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("--dirty", type=float, default=0.01)
    parser.add_argument("--only", choices=tuple(FTFY))
    parser.add_argument("--tools", default="cat,iconv,ftfy,mojimend", help="which to run")
    parser.add_argument("--flags", default="", help="more flags for `mojimend fix`, in one word")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for kind in (chosen.only,) if chosen.only else FTFY:
            source, target = Path(folder, f"in.{kind}"), Path(folder, "out")
            write(source, kind, int(chosen.megabytes * 1e6), lines_of(chosen.folder, chosen.dirty, 0))
            fix = [sys.executable, "-m", "mojimend", "fix", "-j", str(chosen.jobs), *shlex.split(chosen.flags)]
            tools = {
                "cat": ["cat"],
                "iconv": ["iconv", "-f", "utf-8", "-t", "utf-8"],
                "ftfy": [sys.executable, "-c", FTFY[kind]],
                "mojimend": fix,
            }
            size = source.stat().st_size
            print(f"{kind}, {size / 1e6:,.0f} MB, {chosen.dirty:.1%} of the lines damaged")
            for name, command in tools.items():
                if name not in chosen.tools.split(",") or shutil.which(command[0]) is None:
                    continue
                seconds, most, code = measure(command, source, target)
                mark = "" if code == 0 else f"  exit {code}"
                print(f"  {name:10} {size / 1e6 / seconds:8.1f} MB/s  {most / 1e6:6.0f} MB of memory{mark}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
