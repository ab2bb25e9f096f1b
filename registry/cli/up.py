"""`placet up`: a registry to try, with everything in it."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import outgoing, screen, up_view
from registry.cli.console import PORT as CONSOLE_PORT
from registry.cli.console import running
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
from registry.cli.up_view import Addresses
from registry.errors import Conflict, RegistryError

if TYPE_CHECKING:  # slow to import
    from registry.cli.demo import Demo
    from registry.cli.library import Library
    from registry.outbox import Outgoing
    from registry.writer import Home as Place

DAYS = 90

_ENDS = (signal.SIGINT, signal.SIGTERM)


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
    console_port: Annotated[
        int,
        typer.Option(
            "--console-port",
            min=0,
            max=65535,
            help="Of the console; 0: a free one.",
        ),
    ] = CONSOLE_PORT,
    no_console: Annotated[
        bool,
        typer.Option("--no-console", help="Only the registry.", show_default=False),
    ] = False,
) -> None:
    """Begin a registry to try if there is none; serve it and the console here.

    It has an account for every role and seat, and half a year of what people did
    with the example library's two bots in development, staging and production,
    up to today. Their passwords are in demo-accounts.json in the registry's
    folder. Run it again to go on with what is there.

    Examples:
      placet up
      placet up --port 8001 --console-port 8502 --home /tmp/placet
      placet up --bare --home /tmp/small
      placet up --allow-webhooks-to http://127.0.0.1:9000
    """
    place = home_at(home)
    allowed = allow_webhooks_to or ()
    with until_told(), listen(LOOPBACK, port) as listening, ExitStack() as beside:
        at = None
        if not no_console:
            at = beside.enter_context(_listen_for_console(console_port))
        out = outgoing.outgoing_of(
            allowed, None, outgoing.NO_MAILS, address(at) if at else None
        )
        _begin(place, bare)
        if at is not None:
            url = address(listening)
            beside.enter_context(running(at, url, address(at), None))
        failed = _serve(place, listening, out)
        if failed is not None:
            raise failed
    screen.note("Ended.")


def _listen_for_console(port: int) -> socket.socket:
    """Raises:
    Conflict: Something else listens there.
    """
    try:
        return listen(LOOPBACK, port)
    except Conflict as error:
        raise Conflict(
            str(error),
            hint=f"End it, or take another port for the console: --console-port "
            f"{port + 1} (make up CONSOLE_PORT={port + 1}); --no-console does without.",
        ) from None


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
    from registry.cli.assembly import assembled
    from registry.cli.library import read_library
    from registry.cli.server import Server

    library = read_library([demos.library_folder()])
    demo = demos.read_demo(home)
    failed: list[RegistryError] = []

    def prepare() -> None:
        try:
            _prepare(address(listening), out.console, home, demo, library)
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


def _prepare(
    url: str,
    console: str | None,
    home: "Place",
    demo: "Demo | None",
    library: "Library",
) -> None:
    if demo is None:
        screen.say(f"Placet is at {url}, Ctrl-C ends it. {url}/docs has the API.")
        return
    from registry.cli import demo as demos

    bot = next(ref for ref in sorted(library.documents) if ref.startswith("bots/"))
    name = bot.removeprefix("bots/")
    if not _works(url, demo.token, name):
        demo = replace(demo, token=_new_token(url, demo))
        demos.write_demo(home, demo)
    up_view.show(Addresses(registry=url, console=console), home, demo, library, name)


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
