"""`placet up`: a registry to try, with everything in it."""

import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import outgoing, screen
from registry.cli.options import HOME, Home
from registry.cli.places import home_at
from registry.cli.serving import (
    LOOPBACK,
    PORT,
    Port,
    address,
    listen,
    until_told,
)
from registry.errors import RegistryError

if TYPE_CHECKING:  # slow to import
    from registry.cli.demo import Demo
    from registry.cli.library import Library
    from registry.documents import Document
    from registry.outbox import Outgoing
    from registry.writer import Home as Place

DAYS = 90
CONSOLE = "http://127.0.0.1:8501"

_ENDS = (signal.SIGINT, signal.SIGTERM)

PROMISE = "I promise you a refund."
"""What no chatbot of the example library may say."""


def up(
    home: Home = HOME,
    port: Port = PORT,
    bare: Annotated[
        bool,
        typer.Option(
            "--bare",
            help="Only the two bots, live everywhere, without a history.",
            show_default=False,
        ),
    ] = False,
    allow_webhooks_to: outgoing.AllowWebhooksTo = None,
    console: outgoing.Console = CONSOLE,
) -> None:
    """Begin a registry to try if there is none, and serve it on this machine.

    It has an account for every role and seat, and half a year of what people did
    with the example library's two bots in development, staging and production,
    up to today. Their passwords are in demo-accounts.json in the registry's
    folder. Run it again to go on with what is there.

    Examples:
      placet up
      placet up --port 8001 --home /tmp/placet
      placet up --bare --home /tmp/small
      placet up --allow-webhooks-to http://127.0.0.1:9000
    """
    place = home_at(home)
    allowed = allow_webhooks_to or ()
    out = outgoing.outgoing_of(allowed, None, outgoing.NO_MAILS, console)
    with until_told(), listen(LOOPBACK, port) as listening:
        _begin(place, bare)
        failed = _serve(place, listening, out)
        if failed is not None:
            raise failed
    screen.note("Ended.")


def _begin(home: "Place", bare: bool) -> None:
    """Begin a registry with its history, if there is none."""
    from datetime import UTC, datetime

    from registry.cli import demo as demos
    from registry.cli.demo.summary import summary

    if demos.is_there(home):
        return
    story = demos.A_MINUTE if bare else demos.HALF_A_YEAR
    screen.note(f"Beginning a registry in {home.path}.")
    acts = len(story.acts)
    with _interruptible() as check, screen.progress("What people did", acts) as show:

        def tell(done: int) -> None:
            check()
            show(done)

        built = demos.build(home, datetime.now(UTC), story=story, tell=tell)
    for line in summary(built):
        screen.note(line)


@contextmanager
def _interruptible() -> Iterator[Callable[[], None]]:
    """Gives what raises again what was interrupted, if it has to.

    Where Python runs inside of a callback from C, as in a hook of the database, what
    a signal raises is printed or lost, and the block would go on.
    """
    seen = Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        seen.set()
        signal.default_int_handler(number, frame)

    def check() -> None:
        if seen.is_set():
            raise KeyboardInterrupt

    before = {one: signal.signal(one, interrupt) for one in _ENDS}
    try:
        yield check
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _serve(
    home: "Place", listening: socket.socket, out: "Outgoing"
) -> RegistryError | None:
    """Serve what there is, and tell what to do with it; why that failed."""
    from registry.cli import demo as demos
    from registry.cli.assembly import Server, assembled
    from registry.cli.library import read_library

    library = read_library([demos.library_folder()])
    demo = demos.read_demo(home)
    failed: list[RegistryError] = []

    def prepare() -> None:
        try:
            _prepare(address(listening), home, demo, library)
        except RegistryError as error:
            if not server.should_exit:  # else it failed because the server ends
                failed.append(error)
                server.should_exit = True

    beside = Thread(target=prepare, name="placet-demonstration")
    with assembled(home, outgoing=out) as application:
        server = Server(application, beside.start)
        try:
            server.run(sockets=[listening])
        finally:
            server.should_exit = True
            if beside.ident is not None:
                beside.join()
    return failed[0] if failed else None


def _prepare(url: str, home: "Place", demo: "Demo | None", library: "Library") -> None:
    if demo is None:
        screen.say(f"Placet is at {url}, Ctrl-C ends it. {url}/docs has the API.")
        return
    from registry.cli import demo as demos

    bot = next(ref for ref in sorted(library.documents) if ref.startswith("bots/"))
    name = bot.removeprefix("bots/")
    if not _works(url, demo.token, name):
        demo = replace(demo, token=_new_token(url, demo))
        demos.write_demo(home, demo)
    _print_next(url, home, demo, library, name)


def _new_token(url: str, demo: "Demo") -> str:
    """Another token, for the examples: the one that was kept has ended."""
    from registry.cli.demo import PURPOSE, READS
    from registry.remote import Remote

    with Remote(url) as door:
        session = door.sessions.begin("admin", demo.passwords["admin"])
    with Remote(url, session.token) as admin:
        made = admin.tokens.make(
            purpose=PURPOSE, scope="read", environments=(READS,), bots=(), days=DAYS
        )
        admin.sessions.end()
    return made.token


def _works(url: str, token: str | None, bot: str) -> bool:
    """Whether a chatbot with *token* reads *bot*."""
    import placet
    from registry.cli.demo import READS

    if token is None:
        return False
    with placet.Client(url, token=token, environment=READS, refresh="manual") as client:
        try:
            client.bot(bot)
        except placet.RegistryUnavailable:
            return False
    return True


def _print_next(
    url: str, home: "Place", demo: "Demo", library: "Library", bot: str
) -> None:
    from registry.cli.demo import FILE, READS, accounts_of

    role, inputs = _example(library, bot)
    read = f"{url}/v1/environments/{READS}/bots/{bot}"
    screen.say(f"Placet is at {url}, Ctrl-C ends it.", "bold green")
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
