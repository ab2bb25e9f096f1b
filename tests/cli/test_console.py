"""`placet console`: where it is told to be, and what is said when that cannot be."""

import subprocess

import pytest

from tests.cli.worlds import PLACET


@pytest.mark.parametrize("option", ["--registry", "--public-url", "--public-registry"])
def test_what_is_no_address_is_one_sentence(option: str):
    done = subprocess.run(
        [PLACET, "console", "--port", "0", option, "nonsense"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "'nonsense' is not the address" in done.stderr
    assert "The console is at" not in done.stderr
