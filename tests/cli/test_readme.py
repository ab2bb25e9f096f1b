"""The walkthrough of README.md, typed as it stands there."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.worlds import PLACET

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
ADDRESS = "http://127.0.0.1:8000"
ASKS = ("vote", "activate", "rollback")
"""What asks a person before it does something."""


def commands_under(heading: str) -> list[str]:
    """Each line of shell in a section, without what is said about it."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    lines = "".join(blocks).splitlines()
    return [re.sub(r"\s+# .*", "", line) for line in lines]


class Shell:
    """Somebody who types, and puts in the numbers that they were told.

    Attributes:
        said: What the last command printed.
        folder: Where they are.
    """

    def __init__(self, url: str, home: Path, folder: Path) -> None:
        self.url = url
        self.said = ""
        self._passwords = json.loads((home / "demo-accounts.json").read_bytes())[
            "passwords"
        ]
        self.folder = folder
        self._variables: dict[str, str] = {}
        self._env = {
            **os.environ,
            "PATH": f"{Path(PLACET).parent}{os.pathsep}{os.environ['PATH']}",
            "XDG_CONFIG_HOME": str(folder / "configuration"),
            "PLACET_HOME": str(home),
        }

    def type(self, line: str) -> str:
        name, is_number, _ = line.partition("=...")
        if is_number:
            self._variables[name] = self._number_of(name)
            return ""
        done = subprocess.run(
            ["bash", "-c", self._answered(line)],
            cwd=self.folder,
            env={**self._env, **self._variables},
            input=self._password(line),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        self.said = done.stdout + done.stderr
        return self.said

    def _number_of(self, name: str) -> str:
        """The change that the walkthrough is about, or the seq that was told."""
        rows = [row for row in self.said.splitlines() if "Shorter answers" in row]
        told = rows[-1] if rows and name == "CHANGE" else self.said
        found = re.search(
            r"(?i)seq (\d+)" if name == "SEQ" else r"(?i)change (\d+)", told
        )
        assert found is not None, self.said
        return found[1]

    def _answered(self, line: str) -> str:
        line = line.replace(ADDRESS, self.url)
        words = line.split()
        if words[:2] == ["placet", "login"]:
            return f"{line} --password-stdin"
        asks = len(words) > 1 and words[0] == "placet" and words[1] in ASKS
        return f"{line} --yes" if asks else line

    def _password(self, line: str) -> str | None:
        handle = re.search(r"^placet login .*--handle (\S+)", line)
        return None if handle is None else f"{self._passwords[handle[1]]}\n"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("readme")
    home = folder / "var"
    server = subprocess.Popen(
        [PLACET, "up", "--home", home, "--port", "0", "--no-console"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = ""
        while "The API: " not in said:
            line = server.stdout.readline()
            assert line, said
            said += line
        yield Shell(re.search(r"Placet is at (http://[^,\s]+)", said)[1], home, folder)
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate()


def test_an_engineer_and_the_board_can_type_what_stands_there(shell: Shell):
    typed = [
        *commands_under("You are an engineer"),
        *commands_under("You are on the board"),
    ]

    for line in typed:
        if line and not line.startswith("export PATH"):
            shell.type(line)

    key = re.search(r"--key '([^']+)'", shell.said)[1]
    checked = subprocess.run(
        [sys.executable, "evidence/verify.py", "--key", key],
        cwd=shell.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Shorter answers" in (shell.folder / "evidence/evidence.html").read_text()
