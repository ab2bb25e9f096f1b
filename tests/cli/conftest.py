"""A real registry behind a real server, and documents that no other test has."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.worlds import PLACET, Library, World, begin


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("world") / "registry"
    passwords = begin(home)
    server = subprocess.Popen(
        [PLACET, "serve", "--home", home, "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = server.stderr.readline()
        url = re.search(r"http://\S+:\d+", said)
        assert url is not None, said + server.stderr.read()
        yield World(url[0], home, passwords)
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()


@pytest.fixture
def library(tmp_path: Path, request: pytest.FixtureRequest) -> Library:
    """Documents that no other test has, so that tests do not meet."""
    name = re.sub(r"[^a-z0-9]", "-", request.node.name.lower())[:60].strip("-")
    return Library(tmp_path / "library", name)
