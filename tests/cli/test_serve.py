"""`placet serve`: until it is told to end."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.worlds import PLACET, begin, is_not_served


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


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        (["--console", "8501"], "is not the address of a console"),
        (["--console", "http://10.0.0.7:8501"], "nobody has said where people reach"),
        (
            ["--public-url", "https://a.test", "--console", "https://b.test"],
            "no session reaches a console at https://b.test from https://a.test",
        ),
    ],
)
def test_a_console_that_no_session_would_reach_is_refused(
    tmp_path: Path, options: list[str], wrong: str
):
    assert wrong in is_not_served(tmp_path / "registry", *options)


def test_a_folder_without_a_registry_is_named(tmp_path: Path):
    done = subprocess.run(
        [PLACET, "serve", "--home", tmp_path, "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert f"placet: there is no registry in {tmp_path}" in done.stderr
