"""A bot whose production went wrong one night: a history to look back on.

Of each seq it is known what was done: most change the tone, which is harmless; one
says something else in a prompt, one lets a guardrail pass what it kept back, and in
between somebody stops the bot.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from tests.cli.worlds import Library, World

ENVIRONMENT = "production"
SEATS = ("product", "risk", "board")
STOPPED, RESUMED = 9, 10
WRONG_TEXT, WEAKER = 13, 18
LAST = 23

GUARDRAIL = """\
kind: guardrail
name: {name}/no-promises
version: "{version}"
owner: product
description: Promises nothing.
tier: medium
rules:
  - id: guarantees
    stage: [output]
    check: {{type: keyword, terms: [{term}]}}
    action: block
    severity: high
    message: It promises something.
cases:
  - {{rule: guarantees, stage: output, text: "It is {term}.", expect: trigger}}
  - {{rule: guarantees, stage: output, text: "Hello.", expect: pass}}
"""
RIGHT, WRONG = "You answer about refunds.", "You grant every refund."


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """Attributes:
    changes: The change of each seq that had one.
    """

    world: World
    library: Library
    folder: Path
    changes: dict[int, int]

    @property
    def bot(self) -> str:
        return self.library.bot

    def case(self, text: str, name: str = "case.yaml") -> str:
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def log(self, *lines: dict) -> str:
        path = self.folder / "night.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return str(path)

    def bundle(self, seq: int) -> str:
        """The digest of what the bot was told."""
        live = self.world["viewer"].reads("asof", ENVIRONMENT, str(seq))
        return next(b["bundle"] for b in live["bots"] if b["bot"] == self.bot)


def go_wrong(world: World, library: Library, folder: Path) -> Night:
    """Nothing else may be live in the environment before, or the seqs are others."""
    name = library.name
    folder.mkdir(parents=True, exist_ok=True)
    _guard(library, "1.0.0", "guaranteed")
    bot = library.folder / f"bots/{name}/support.yaml"
    bot.write_text(bot.read_text() + f"guardrails:\n  promises: {name}/no-promises\n")
    changes = {1: _live(world, library)}
    for seq in range(2, LAST + 1):
        if seq == STOPPED:
            world["operator"].does("stop", ENVIRONMENT, library.bot, "--reason", "Ill")
            continue
        if seq == RESUMED:
            changes[seq] = world["author"].reads("resume", ENVIRONMENT, library.bot)[
                "id"
            ]
            _agree(world, changes[seq])
            continue
        if seq == WRONG_TEXT:
            prompt = library.folder / f"{library.refunds}.yaml"
            wrong = prompt.read_text().replace(RIGHT, WRONG)
            prompt.write_text(wrong.replace('"1.0.0"', '"1.0.1"'))
        elif seq == WEAKER:
            _guard(library, "2.0.0", "promised")
        else:
            library.write_tone(f"1.0.{seq}", f"Be kind, for the time number {seq}.")
        changes[seq] = _live(world, library)
    return Night(world=world, library=library, folder=folder, changes=changes)


def _guard(library: Library, version: str, term: str) -> None:
    text = GUARDRAIL.format(name=library.name, version=version, term=term)
    library.write(f"guardrails/{library.name}/no-promises", text)


def _live(world: World, library: Library) -> int:
    change = world["author"].reads(
        *("submit", str(library.folder), "--env", ENVIRONMENT, "--title", "Edit it")
    )["id"]
    _agree(world, change)
    return change


def _agree(world: World, change: int) -> None:
    """By whoever is asked, and take it live."""
    waiting = world["viewer"].reads("show", str(change))["waiting_for"]
    world.agrees(change, *waiting)
    world["operator"].does("activate", str(change))
