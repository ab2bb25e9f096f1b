"""Products that read exports, each in an environment of its own.

`make test-peers` installs them and names the folder; elsewhere these tests are left
out.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ENVIRONMENTS = os.environ.get("PLACET_PEERS")
PEERS = {
    "nemo": ("nemoguardrails", "nemo_peer.py"),
    "guardrails-ai": ("guardrails-ai", "guardrails_ai_peer.py"),
    "litellm": ("litellm", "litellm_peer.py"),
    "openai": ("openai-guardrails", "openai_peer.py"),
    "bedrock": ("botocore", "bedrock_peer.py"),
}
"""By format: the environment, and what runs in it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    needed = pytest.mark.skip(reason="`make test-peers` runs these: they need products")
    for item in items:
        if ENVIRONMENTS is None and "peers" in getattr(item, "fixturenames", ()):
            item.add_marker(needed)


class Peer:
    """One product, running; it reads exports and says what it makes of texts."""

    def __init__(self, environment: str, script: str, home: Path) -> None:
        self._said = (home / "said.txt").open("w")
        self._process = subprocess.Popen(
            [
                Path(ENVIRONMENTS or "") / environment / "bin/python",
                "-W",
                "ignore",
                HERE / script,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            cwd=home,
            env={"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        )

    def ask(self, text: str, cases: list[Mapping]) -> dict:
        """What came of each case, or why the export was not read."""
        line = json.dumps({"text": text, "cases": cases})
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._said.close()


@pytest.fixture(scope="session")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Peer]]:
    running: dict[str, Peer] = {}

    class Started(dict):
        def __missing__(self, name: str) -> Peer:
            home = tmp_path_factory.mktemp(name)
            running[name] = self[name] = Peer(*PEERS[name], home)
            return running[name]

    yield Started()
    for peer in running.values():
        peer.end()
