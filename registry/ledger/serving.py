"""Serving clones: git's own `http-backend`, for one request.

* It is asked for two things only: what branches there are, and a pack of objects
  for somebody who fetches.  It never learns of anything else that a request may
  ask for, so that nothing is written and no file is given out by its name.
* It runs in an environment with nothing in it but what is listed here.
* No configuration but the repository's own is read, and what that says about
  hooks and about who may write is overruled.
* It is given a file to read from and is read from as fast as the client takes it.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from subprocess import PIPE
from typing import BinaryIO, cast

from registry.errors import LedgerBroken
from registry.ledger.gitpython import Git
from registry.ledger.processes import FAILURES, Process, broken

LONGEST_S = 600.0

_SETTINGS = {
    "advice.graftFileDeprecated": "false",  # it is said of the empty one, too
    "core.hooksPath": os.devnull,
    "http.getanyfile": "false",
    "http.receivepack": "false",
    "http.uploadpack": "true",
    "pack.threads": "1",
    "pack.windowMemory": "64m",
    "safe.directory": "*",  # an address leads nowhere else than into our own folder
    "transfer.hideRefs": "refs/placet",
}
_PROTOCOL = re.compile(r"version=[012]\Z")
_MAX_HEAD_LINES = 50
_MAX_LINE_BYTES = 8192
_CHUNK_BYTES = 2**16


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What somebody who clones or fetches asks for.

    Attributes:
        body: What they send, of `length` bytes; without it they ask what branches
            there are.
        protocol: What they say about git's protocol, as they sent it.
    """

    protocol: str
    body: BinaryIO | None
    length: int


class Serving:
    """An answer that is being made.

    Attributes:
        status: Of HTTP.
        headers: Those of the answer.

    Leaving its context ends it.

    Raises:
        LedgerBroken: git cannot answer.
    """

    def __init__(self, repository: Path, fetch: Fetch) -> None:
        try:
            self._process = _start(repository, fetch)
            self._out = cast(BufferedReader, self._process.stdout)
        except FAILURES as error:
            raise broken(error) from error
        try:
            self.status, self.headers = _head(self._process)
        except BaseException:
            self.close()
            raise

    def read(self) -> bytes:
        """The next bytes of the body; none at its end."""
        return self._out.read1(_CHUNK_BYTES)

    def close(self) -> None:
        self._process.stop()
        self._process.close()


def _start(repository: Path, fetch: Fetch) -> Process:
    variables = {**_environment(), **_request(repository, fetch)}
    words = [f"{name}={value}" for name, value in variables.items()]
    started = Git(repository).execute(
        ["env", "-i", *words, Git.GIT_PYTHON_GIT_EXECUTABLE, "http-backend"],
        istream=fetch.body or PIPE,
        as_process=True,
        start_new_session=True,
    )
    return Process(started, longest_s=LONGEST_S)


def _environment() -> Mapping[str, str]:
    found = {
        "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "HOME": os.devnull,
        "LC_ALL": "C",
        "PATH": os.environ.get("PATH", os.defpath),
    }
    for index, (key, value) in enumerate(_SETTINGS.items()):
        found[f"GIT_CONFIG_KEY_{index}"] = key
        found[f"GIT_CONFIG_VALUE_{index}"] = value
    return found


def _request(repository: Path, fetch: Fetch) -> Mapping[str, str]:
    """What the gateway interface says of a request; nothing of it is a stranger's."""
    asks = fetch.body is not None
    found = {
        "GIT_PROJECT_ROOT": str(repository.parent),
        "PATH_INFO": f"/{repository.name}/{'git-upload-pack' if asks else 'info/refs'}",
        "QUERY_STRING": "" if asks else "service=git-upload-pack",
        "REQUEST_METHOD": "POST" if asks else "GET",
    }
    if asks:
        found["CONTENT_LENGTH"] = str(fetch.length)
        found["CONTENT_TYPE"] = "application/x-git-upload-pack-request"
    if _PROTOCOL.match(fetch.protocol):
        found["GIT_PROTOCOL"] = fetch.protocol
    return found


def _head(process: Process) -> tuple[int, dict[str, str]]:
    status = 200
    headers: dict[str, str] = {}
    for _ in range(_MAX_HEAD_LINES):
        line = process.stdout.readline(_MAX_LINE_BYTES)
        if not line.endswith(b"\n"):
            break
        name, _, value = line.decode("latin-1").strip().partition(": ")
        if not name:
            return status, headers
        if name == "Status":
            status = int(value[:3])
        else:
            headers[name] = value
    raise LedgerBroken("git does not answer who wants to clone")
