"""`placet serve`: until it is told to end."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.worlds import PLACET, begin


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_it_is_told_to(tmp_path: Path, told: signal.Signals):
    begin(tmp_path / "registry")
    server = subprocess.Popen(
        [PLACET, "serve", "--home", tmp_path / "registry", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    said = server.stderr.readline()

    server.send_signal(told)

    assert server.communicate()[1] == ""
    assert server.returncode == 0
    assert said.startswith(f"Serving {tmp_path}/registry at http://127.0.0.1:")


def test_a_folder_without_a_registry_is_named(tmp_path: Path):
    done = subprocess.run(
        [PLACET, "serve", "--home", tmp_path, "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert f"placet: there is no registry in {tmp_path}" in done.stderr
