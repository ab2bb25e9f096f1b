"""A real registry, people who use `placet` on it, and documents of theirs."""

import atexit
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from typer.testing import CliRunner, Result

from registry.cli.app import app

PLACET = str(Path(sys.executable).with_name("placet"))
PEOPLE = (
    "admin:admin",
    "admin2:admin",
    "author:author",
    "operator:operator",
    "viewer:viewer",
    "evaluator:evaluator",
    "auditor:auditor",
    "product:viewer:product",
    "risk:viewer:risk",
    "legal:viewer:legal",
    "board:viewer:board",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at a command line of their own."""

    url: str
    handle: str
    password: str
    configuration: Path

    def run(self, *words: str, typed: str | None = None, **env: str | None) -> Result:
        """Run `placet`, in this process; what went wrong is in the result."""
        return CliRunner().invoke(
            app,
            list(words),
            input=typed,
            env={
                "XDG_CONFIG_HOME": str(self.configuration),
                "PLACET_URL": None,
                "PLACET_TOKEN": None,
                **env,
            },
            prog_name="placet",
        )

    def does(self, *words: str, **more: Any) -> str:
        """What a command prints, which has to go well."""
        result = self.run(*words, **more)
        assert result.exit_code == 0, result.output
        return result.stdout

    def reads(self, *words: str) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.does(*words, "--json"))

    def is_refused(self, *words: str, **more: Any) -> str:
        """What a command that is refused says."""
        result = self.run(*words, **more)
        assert result.exit_code == 2, result.output
        return result.stderr


class World:
    """A served registry, and the people in it."""

    def __init__(self, url: str, home: Path, passwords: dict[str, str]) -> None:
        self.url = url
        self.home = home
        self._passwords = passwords
        self._people: dict[str, Person] = {}

    def __getitem__(self, handle: str) -> Person:
        if handle not in self._people:
            person = Person(
                url=self.url,
                handle=handle,
                password=self._passwords[handle],
                configuration=self.home.parent / f"configuration-{handle}",
            )
            person.does(
                "login",
                self.url,
                "--handle",
                handle,
                "--password-stdin",
                typed=f"{person.password}\n",
            )
            self._people[handle] = person
        return self._people[handle]

    def agrees(self, change: int, *seats: str) -> None:
        for seat in seats:
            said = ("--reason", "I have read it.")
            self[seat].does("vote", str(change), "--approve", "--yes", *said)

    def lives(self, folder: Path, environment: str, *seats: str) -> int:
        """Take a folder live; the change's number."""
        change = self["author"].reads(
            "submit", str(folder), "--env", environment, "--title", "Take it live"
        )["id"]
        self.agrees(change, *seats)
        self["operator"].does("activate", str(change))
        return change


def begin(home: Path, *more: str) -> dict[str, str]:
    """A registry with somebody in every role and seat; their passwords.

    Args:
        more: Others beside them.
    """
    begun, passwords = _begun(*more)
    shutil.copytree(begun, home)
    return dict(passwords)


@cache
def _begun(*more: str) -> tuple[Path, dict[str, str]]:
    """One to copy, which takes less than to begin one."""
    folder = Path(mkdtemp(prefix="placet-begun-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    people = [word for person in (*PEOPLE, *more) for word in ("--person", person)]
    made = subprocess.run(
        [PLACET, "init", "--home", folder / "registry", "--json", *people],
        check=True,
        capture_output=True,
    )
    return folder / "registry", json.loads(made.stdout)


def is_not_served(home: Path, *words: str | Path) -> str:
    """What `placet serve` says where it ends before it looks for a registry.

    It runs in this process: to start one takes longer than all of the rest.
    """
    done = CliRunner().invoke(
        app, ["serve", "--home", str(home), "--port", "0", *map(str, words)]
    )
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)
    return done.stderr


FRAGMENT = """\
kind: fragment
name: {name}/tone
version: "{version}"
owner: product
description: How the bot speaks.
tier: low
template: none
text: |
  {text}
"""
PROMPT = """\
kind: prompt
name: {name}/{role}
version: "{version}"
owner: product
description: Answers questions about {role}.
tier: medium
template: simple
inputs:
  type: object
  properties:
    question: {{type: string}}
  required: [question]
  additionalProperties: false
messages:
  - role: system
    content: |
      You answer about {role}.
      {{{{> fragments/{name}/tone }}}}
  - role: user
    content: "{{{{ question }}}}"
"""
BOT = """\
kind: bot
name: {name}/support
version: "{version}"
owner: product
description: Support.
tier: medium
review_by: "2030-01-01"
purpose: Answers questions.
audience: Customers.
deputy: author
on_call: operator
disclosure: You are talking to a machine.
fallback: Please call us.
prompts:
  refunds: {name}/refunds
  fares: {name}/fares
"""


class Library:
    """A small library in a folder: a bot, two prompts, and what both include."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.bot = f"{name}/support"
        self.tone = f"fragments/{name}/tone"
        self.refunds = f"prompts/{name}/refunds"
        self.fares = f"prompts/{name}/fares"
        self.write(f"bots/{name}/support", BOT.format(name=name, version="1.0.0"))
        self.write_tone("1.0.0", "Be kind.")
        for role in ("refunds", "fares"):
            self.write_prompt(role, "1.0.0")

    def write_prompt(self, role: str, version: str) -> None:
        text = PROMPT.format(name=self.name, role=role, version=version)
        self.write(f"prompts/{self.name}/{role}", text)

    def write_tone(self, version: str, text: str) -> None:
        self.write(
            self.tone, FRAGMENT.format(name=self.name, version=version, text=text)
        )

    def write(self, document: str, text: str) -> Path:
        path = self.folder / f"{document}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path
