"""What holds for all tests: none depends on how fast the machine is, or writes where the user's own things are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

import mojimend
from mojimend.cli import main

settings.register_profile(
    "untimed", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")

# What is written at once cannot fail at the end, so a PYTHONUNBUFFERED of the caller's would hide that.
ENVIRONMENT = {
    "PYTHONPATH": str(Path(mojimend.__file__).parents[1]),
    "PYTHONUNBUFFERED": "",
    "PYTHONIOENCODING": "utf-8",
}


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> Iterator[None]:
    """Let commands that tests start hear Ctrl+C, though a shell that put the tests in the background made them deaf."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def _journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what the command overwrites in a folder of the tests' own, not in the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOJIMEND_JOURNAL", str(tmp_path_factory.mktemp("journal")))
        yield


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(main, list(arguments), input=stdin)

    return invoke


@pytest.fixture
def spawn(tmp_path: Path) -> Callable[..., subprocess.Popen[bytes]]:
    """Start the command in a process of its own, in an empty folder."""

    def start(
        *arguments: str | bytes,
        environment: Mapping[str, str] | None = None,
        stdin: int | IO[bytes] = subprocess.PIPE,
        stdout: int | IO[bytes] = subprocess.PIPE,
        stderr: int | IO[bytes] = subprocess.PIPE,
    ) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "mojimend", *arguments]
        variables = {**os.environ, **ENVIRONMENT, **(environment or {})}
        return subprocess.Popen(command, cwd=tmp_path, env=variables, stdin=stdin, stdout=stdout, stderr=stderr)

    return start
