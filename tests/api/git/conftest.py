"""A real registry behind a real server, and people who use git's own client on it."""

import hashlib
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.cli.worlds import PLACET, Library, World, begin

PLAIN = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.org",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_COMMITTER_EMAIL": "somebody@example.org",
    "LC_ALL": "C",
}


def run_git(
    folder: Path, *words: str | Path, given: bytes = b"", **more: str
) -> subprocess.CompletedProcess:
    """What git says, whether it went well or not."""
    return subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**PLAIN, **more},
        input=given,
        capture_output=True,
        check=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What git's client said, and whether it was content."""

    status: int
    text: str

    @property
    def change(self) -> int:
        """The change that the push was told of."""
        found = re.search(r"change (\d+) in ", self.text)
        assert self.status == 0, self.text
        assert found is not None, self.text
        return int(found[1])

    @property
    def rejected(self) -> str:
        """Why the push was refused, as the line about the reference says it."""
        found = re.search(r"! \[remote rejected\] .*?\((.*)\)$", self.text, re.M)
        assert self.status == 1, self.text
        assert found is not None, self.text
        return found[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """A clone of an environment, with what its owner does in it."""

    folder: Path
    library: Library

    def does(self, *words: str, given: bytes = b"") -> str:
        """What git prints, which has to go well."""
        ran = run_git(self.folder, *words, given=given)
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout.decode()

    def commit(self, title: str) -> str:
        """Commit everything that is in the folder; the commit's id."""
        self.does("add", "-A")
        self.does("commit", "-q", "-m", title)
        return self.does("rev-parse", "HEAD").strip()

    def push(self, *words: str) -> Said:
        ran = run_git(self.folder, "push", "origin", *words)
        return Said(status=ran.returncode, text=ran.stderr.decode())

    def proposes(self, title: str, to: str = "refs/for/development") -> int:
        """Commit and push everything that is in the folder; the change's number."""
        self.commit(title)
        return self.push(f"HEAD:{to}").change


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A served registry, and secrets of people in it."""

    world: World
    log: Path
    secrets: dict[str, str]

    @property
    def ledger(self) -> Path:
        return self.world.home / "ledger.git"

    @property
    def pushes(self) -> Path:
        return self.world.home / "git" / "pushes"

    def secret(self, handle: str) -> str:
        """The secret of a session of somebody."""
        if handle not in self.secrets:
            person = self.world[handle]
            body = {"handle": handle, "password": person.password}
            answer = httpx2.post(f"{self.world.url}/v1/sessions", json=body)
            self.secrets[handle] = answer.json()["token"]
        return self.secrets[handle]

    def token(self, handle: str, scope: str, *environments: str) -> str:
        """The secret of a new token that somebody makes."""
        body = {
            "purpose": "a test",
            "scope": scope,
            "days": 1,
            "environments": environments,
        }
        answer = self.ask("POST", "/v1/tokens", handle, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["token"]

    def ask(
        self,
        method: str,
        path: str,
        handle: str,
        *,
        content_type: str = "application/json",
        **more: Any,
    ) -> httpx2.Response:
        headers = {
            "Authorization": f"Bearer {self.secret(handle)}",
            "Content-Type": content_type,
        }
        url = f"{self.world.url}{path}"
        return httpx2.request(method, url, headers=headers, **more)

    def address(self, repository: str, secret: str) -> str:
        host = self.world.url.removeprefix("http://")
        return f"http://anybody:{secret}@{host}/git/{repository}.git"

    def comes_to_rest(self) -> None:
        """Wait until nothing more follows from what was written."""
        before = None
        while before != (before := self.evidence()):
            time.sleep(1.5)  # what follows is looked for every second

    def evidence(self) -> tuple[str, str]:
        """Every reference and every object of the ledger, to see that none moved."""
        references = run_git(self.ledger, "for-each-ref").stdout.decode()
        listing = ("cat-file", "--batch-all-objects", "--batch-check", "--unordered")
        objects = run_git(self.ledger, *listing).stdout.decode()
        return references, "\n".join(sorted(objects.splitlines()))


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    passwords = begin(folder / "registry")
    with serving(folder / "registry", folder / "log") as url:
        world = World(url, folder / "registry", passwords)
        yield Served(world=world, log=folder / "log", secrets={})


def serving(home: Path, log: Path) -> "_Serving":
    return _Serving(home, log)


class _Serving:
    """A server process while a block lasts; the block gets its address."""

    def __init__(self, home: Path, log: Path) -> None:
        self._home = home
        self._log = log

    def __enter__(self) -> str:
        self.process = subprocess.Popen(
            [PLACET, "serve", "--home", self._home, "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
        )
        said = ""
        while (url := re.search(r"Serving .* at (http://\S+:\d+)", said)) is None:
            line = self.process.stderr.readline()
            assert line, said
            said += line
        return url[1]

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
        self._log.write_text(self.process.stderr.read())
        self.process.stderr.close()


@pytest.fixture
def clone(
    served: Served, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[..., Clone]:
    """Clone an environment, by default with the secret of the author."""
    digest = hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    name = f"t{digest}"  # documents that no other test has

    def clone(
        environment: str = "development", secret: str = "", to: str = "clone"
    ) -> Clone:
        address = served.address(environment, secret or served.secret("author"))
        cloned = run_git(tmp_path, "clone", "-q", address, to)
        assert cloned.returncode == 0, cloned.stderr.decode()
        run_git(tmp_path / to, "symbolic-ref", "HEAD", "refs/heads/main")
        return Clone(
            folder=tmp_path / to, library=Library(tmp_path / "elsewhere" / to, name)
        )

    return clone


def put(clone: Clone) -> None:
    """Put the test's library into the clone."""
    for path in sorted(clone.library.folder.rglob("*.yaml")):
        to = clone.folder / path.relative_to(clone.library.folder)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(path.read_bytes())
