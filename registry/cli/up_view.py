"""What `placet up` prints: where everything is, and what to try first."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from registry.cli import screen

if TYPE_CHECKING:  # slow to import
    from registry.cli.demo import Demo
    from registry.cli.library import Library
    from registry.documents import Document
    from registry.writer import Home as Place

PROMISE = "I promise you a refund."
"""What no chatbot of the example library may say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """`console` is `None` where there is none."""

    registry: str
    console: str | None


def show(
    at: Addresses, home: "Place", demo: "Demo", library: "Library", bot: str
) -> None:
    from registry.cli.demo import FILE, READS, accounts_of

    url = at.registry
    role, inputs = _example(library, bot)
    read = f"{url}/v1/environments/{READS}/bots/{bot}"
    screen.say(f"Placet is at {url}, Ctrl-C ends it.", "bold green")
    if at.console is not None:
        screen.say(f"The console is at {at.console}: sign in as product, for one.")
    screen.say()
    screen.say("What the bot is told, as a chatbot reads it:", "bold")
    screen.say(
        f"  curl -s -H 'Authorization: Bearer {demo.token}' {read} | head -c 400; echo"
    )
    screen.say()
    screen.say(f"The same in Python ({_shortly(sys.executable)}):", "bold")
    screen.say("  import placet")
    screen.say(f'  client = placet.Client("{url}", environment="{READS}",')
    screen.say(f'                         token="{demo.token}")')
    screen.say(f'  bot = client.bot("{bot}")')
    screen.say(f'  for message in bot.prompt("{role}").render({inputs}):')
    screen.say('      print(message["role"], message["content"][:70], sep=": ")')
    screen.say(f'  print(bot.guardrails.check("output", "{PROMISE}").action)')
    screen.say()
    screen.say("Sign in as one of these, and see what is being decided:", "bold")
    screen.say(f"  {_command()} login {url} --handle author")
    screen.say(f"  {_command()} changes")
    rows = [
        (one.handle, " ".join(one.roles), " ".join(one.seats), one.password)
        for one in accounts_of(demo)
    ]
    columns = ("account", "role", "seat", "password")
    screen.show(screen.table(columns, rows, indent=2))
    screen.say(f"  (kept in {home.path / FILE})")
    screen.say()
    screen.say(f"Edit with git: git clone {url}/git/{READS}.git", "bold")
    screen.say(f"The API: {url}/docs", "bold")


def _example(library: "Library", bot: str) -> tuple[str, str]:
    """A role of the bot, and what its prompt is rendered with in a case."""
    from registry.names import Kind, kind_of, ref

    roles = [
        (use.role, _rendered_with(library.documents[use.ref]))
        for use in library.documents[ref(Kind.BOT, bot)].uses
        if use.role is not None and kind_of(use.ref) is Kind.PROMPT
    ]
    role, values = min(roles, key=lambda one: len(one[1]))
    return role, ", ".join(f"{name}={value!r}" for name, value in values.items())


def _rendered_with(prompt: "Document") -> dict[str, object]:
    """The inputs of the prompt's first case, and no messages so far."""
    values: dict[str, object] = {}
    cases, messages = prompt.value.get("cases"), prompt.value.get("messages")
    if isinstance(cases, list) and cases and isinstance(cases[0], dict):
        inputs = cases[0].get("inputs")
        values.update(inputs if isinstance(inputs, dict) else {})
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict) and "placeholder" in message:
            values[str(message["placeholder"])] = []
    return values


def _command() -> str:
    """How `placet` is called in this shell."""
    return "placet" if shutil.which("placet") else _shortly(sys.argv[0])


def _shortly(path: str) -> str:
    """*path* from here, if it is below."""
    given, here = Path(path), Path.cwd()
    return str(given.relative_to(here)) if given.is_relative_to(here) else path
