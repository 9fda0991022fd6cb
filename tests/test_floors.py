"""The house stands: imports point down only, and each dependency has one home."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src"
PACKAGE = ROOT / "mojimend"
FACE = "mojimend"

# From the ground up. What shares a floor can't see each other.
FLOORS = (
    ("errors", "kernel", "profiles"),
    ("finding",),
    ("text", "tables", "settings"),
    ("encodings",),
    ("models",),
    ("rules", "mending", "decoding", "garble", "workers"),
    ("report", "formats"),
    ("pipeline",),
    ("reporters",),
    ("corpus", "names"),
    (FACE,),
    ("cli", "integrations"),
    ("__main__",),
)
LEVELS = {name: level for level, names in enumerate(FLOORS) for name in names}

# The one place that turns each dependency's answer into our types: a module, or a package and all in it.
HOMES = {
    "_typeshed": "mojimend.encodings.euc_tw",
    "chardet": "mojimend.decoding.opinion",
    "charset_normalizer": "mojimend.decoding.opinion",
    "click": "mojimend.cli",
    "fastwarc": "mojimend.formats.warc",
    "pathspec": "mojimend.cli.folder",
    "pyarrow": "mojimend.formats.parquet",
    "ftfy": "mojimend.rules.mojibake.western",
    "tomllib": "mojimend.cli",
}
NOT_A_NAME = {"utils", "helpers", "common", "misc", "core"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def floor_name(module: str) -> str:
    """Return the part of the house that a module belongs to: ``rules`` of ``mojimend.rules.registry``."""
    return FACE if module == FACE else module.split(".")[1]


def imports(module: str) -> Iterator[str]:
    """Yield the full names of the modules that a module imports, at the top or inside a function."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                yield inner if inner in MODULES else source


OURS = {module: {name for name in imports(module) if name.split(".")[0] == FACE} for module in MODULES}
THEIRS = {module: {name.split(".")[0] for name in imports(module)} - {FACE} for module in MODULES}


@pytest.mark.parametrize("module", MODULES)
def test_module_has_a_floor(module: str) -> None:
    assert floor_name(module) in LEVELS


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module: str) -> None:
    here = floor_name(module)
    climbing = {name for name in OURS[module] if floor_name(name) != here and LEVELS[floor_name(name)] >= LEVELS[here]}
    assert climbing == set()


def test_nothing_imports_in_a_circle() -> None:
    try:
        TopologicalSorter(OURS).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' <- '.join(error.args[1])}")


@pytest.mark.parametrize("module", MODULES)
def test_dependencies_stay_at_home(module: str) -> None:
    foreign = {name for name in THEIRS[module] if name in HOMES or name not in sys.stdlib_module_names}
    homeless = {name for name in foreign if not f"{module}.".startswith(HOMES.get(name, "nowhere") + ".")}
    assert homeless == set()


@pytest.mark.parametrize("module", MODULES)
def test_names_say_what_is_inside(module: str) -> None:
    assert NOT_A_NAME.isdisjoint(module.split("."))


def test_imports_are_read_from_every_kind_of_statement() -> None:
    """The tests above are only as good as the reading: these three stand in the code for certain."""
    assert "mojimend.rules" in OURS["mojimend.rules.registry"]  # from mojimend import rules as package
    assert "chardet" in THEIRS["mojimend.decoding.opinion"]  # inside a function
    assert "mojimend.finding" in OURS["mojimend.report"]  # from mojimend.finding import Finding
