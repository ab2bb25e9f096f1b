"""A real registry behind a real server, and documents that no other test has."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.cli.worlds import PLACET, Library, World, begin


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with served(tmp_path_factory.mktemp("world") / "registry") as world:
        yield world


@pytest.fixture
def world_apart(tmp_path: Path) -> Iterator[World]:
    """One of its own, for a test that takes from people what others rely on."""
    with served(tmp_path / "apart" / "registry") as world:
        yield world


@contextmanager
def served(home: Path) -> Iterator[World]:
    passwords = begin(home)
    server = subprocess.Popen(
        [PLACET, "serve", "--home", home, "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield World(address_said(server.stderr), home, passwords)
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()


def address_said(said: IO[str]) -> str:
    """Where the server says that it is, after whatever else it says first."""
    lines = []
    for line in said:
        lines.append(line)
        url = re.search(r"http://\S+:\d+", line)
        if url is not None:
            return url[0]
    raise AssertionError("".join(lines))


@pytest.fixture
def library(tmp_path: Path, request: pytest.FixtureRequest) -> Library:
    """Documents that no other test has, so that tests do not meet."""
    name = re.sub(r"[^a-z0-9]", "-", request.node.name.lower())[:60].strip("-")
    return Library(tmp_path / "library", name)
