"""Count how many of ftfy's own test cases mojimend repairs as ftfy does.

    python benchmarks/ftfy_cases.py path/to/python-ftfy/tests/test-cases

A case is passed if fix_text gives what ftfy's repair of encodings gives. Where a case states only what all of ftfy
gives, ftfy's other fixers (widths, quotes, entities, ligatures, line ends, controls, NFC) are run over our answer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ftfy

import mojimend


def passes(case: dict[str, str]) -> bool:
    """Tell whether mojimend gives what the case wants."""
    ours = mojimend.fix_text(case["original"])
    if "fixed-encoding" in case:
        return ours == case["fixed-encoding"]
    return ftfy.fix_text(ours, fix_encoding=False) == case["fixed"]


def main(folder: Path) -> int:
    """Print the count and the misses; return 1 if there are any."""
    cases = [case for file in sorted(folder.glob("*.json")) for case in json.loads(file.read_text(encoding="utf-8"))]
    expected = [case for case in cases if case["expect"] == "pass"]
    missed = [case for case in expected if not passes(case)]
    print(f"{len(expected) - len(missed)} of {len(expected)}")
    for case in missed:
        print(case["label"])
        print(f"  from  {case['original']!r}")
        print(f"  want  {case.get('fixed-encoding', case['fixed'])!r}")
        print(f"  have  {mojimend.fix_text(case['original'])!r}")
    return int(bool(missed))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
