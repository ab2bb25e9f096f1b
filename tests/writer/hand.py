"""Somebody's hand in the ledger: what people and broken tools do to it with git."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from registry.events import Event, dump, path_of
from registry.names import digest_of

MAIN = "refs/heads/main"
PLAIN = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


class Hand:
    """Args:
    scratch: A file for git's index, outside the ledger.
    """

    def __init__(self, ledger: Path, scratch: Path) -> None:
        self.ledger = ledger
        self._environment = {
            **PLAIN,
            "GIT_INDEX_FILE": str(scratch),
            "PATH": os.environ["PATH"],
        }

    def git(self, *arguments: str, given: bytes = b"", **variables: str) -> str:
        return self.read(*arguments, given=given, **variables).decode().rstrip("\n")

    def read(self, *arguments: str, given: bytes = b"", **variables: str) -> bytes:
        run = subprocess.run(
            ["git", "-c", "user.name=p", "-c", "user.email=p@placet", *arguments],
            cwd=self.ledger,
            env={**self._environment, **variables},
            input=given,
            capture_output=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    def commits(self, branch: str = MAIN) -> list[str]:
        """Oldest first."""
        return self.git("rev-list", "--reverse", branch).split()

    def move(self, to: str, branch: str = MAIN) -> None:
        self.git("update-ref", branch, to)

    def commit(
        self,
        files: Mapping[str, bytes] | None = None,
        *,
        onto: str | None = MAIN,
        parents: Iterable[str] = (MAIN,),
        message: str = "By hand",
    ) -> None:
        """Move `main` to a commit of the files of *onto*, some of them replaced."""
        self.git("read-tree", *([onto] if onto else ["--empty"]))
        for path, data in (files or {}).items():
            blob = self.git("hash-object", "-w", "--stdin", given=data)
            self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
        options = [word for parent in parents for word in ("-p", parent)]
        tree = self.git("write-tree")
        self.move(self.git("commit-tree", "-m", message, *options, tree))

    def add_event(self, last: Event, payload: Any, **files: bytes) -> None:
        """Commit an event that follows *last*, as its chain has it."""
        event = replace(
            last,
            number=last.number + 1,
            previous=digest_of(dump(last)),
            at=last.at + timedelta(seconds=1),
            key=None,
            payload=payload,
            edits=(),
        )
        body = {path_of(event.number): dump(event)}
        self.commit({**body, **files}, message=event.message)

    def rewrite(self, old: bytes, new: bytes) -> None:
        """Replace some bytes everywhere in the history of `main`."""
        assert len(old) == len(new)
        exported = self.read("fast-export", "main")
        assert old in exported
        self.git("fast-import", "--quiet", "--force", given=exported.replace(old, new))
