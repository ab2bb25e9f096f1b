"""`placet serve`, and what `placet up` shares with it."""

import errno
import signal
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import outgoing, screen
from registry.cli.model_keys import ModelKeys, models_of
from registry.cli.options import HOME, Database, Home
from registry.cli.places import home_at
from registry.errors import Conflict, Invalid

if TYPE_CHECKING:  # it runs git when it is imported
    from registry.writer import DatabaseLead
    from registry.writer import Home as Place

Answering = Callable[[socket.socket, Callable[[bool], None]], None]
"""Answers until it is told to end; tells, when it begins to, whether it leads."""

LOOPBACK = "127.0.0.1"
PORT = 8000

Host = Annotated[str, typer.Option("--host", help="The address to listen on.")]
Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")
]


def serve(
    home: Home = HOME,
    host: Host = LOOPBACK,
    port: Port = PORT,
    database: Database = None,
    retirements: Annotated[
        list[Path] | None,
        typer.Option(
            "--retirements",
            metavar="FILE",
            envvar="PLACET_RETIREMENTS",
            help="What says when models are retired; again for another.",
        ),
    ] = None,
    mirrors: Annotated[
        list[str] | None,
        typer.Option(
            "--mirror",
            metavar="URL",
            envvar="PLACET_MIRRORS",
            help="Where the ledger is pushed after each event; again for another.",
        ),
    ] = None,
    public_url: outgoing.PublicUrl = None,
    console: outgoing.Console = None,
    allow_webhooks_to: outgoing.AllowWebhooksTo = None,
    smtp_host: outgoing.SmtpHost = None,
    smtp_port: outgoing.SmtpPort = None,
    smtp_tls: outgoing.SmtpTls = outgoing.SmtpSecurity.STARTTLS,
    smtp_user: outgoing.SmtpUser = "",
    smtp_password_file: outgoing.SmtpPasswordFile = None,
    smtp_from: outgoing.SmtpFrom = "",
    model_keys: ModelKeys = None,
    reader: Annotated[
        bool,
        typer.Option(
            "--reader",
            help="Answer chatbots only, from a PostgreSQL that somebody else writes.",
            show_default=False,
        ),
    ] = False,
    standby: Annotated[
        bool,
        typer.Option(
            "--standby",
            help="Wait as a reader, and take over when nobody else leads.",
            show_default=False,
        ),
    ] = False,
    workers: Annotated[
        int,
        typer.Option("--workers", min=1, max=64, help="So many processes answer."),
    ] = 1,
) -> None:
    """Serve a registry over HTTP, until it is interrupted.

    Put a reverse proxy with TLS before it where others can reach it. With
    --workers several processes of this machine answer at the same address; one of
    them does what happens by itself, and another when that one ends. With --reader
    it needs no ledger and no git, keeps the last good snapshot in its folder, and
    goes on with it while the database is away. With --standby it waits as a reader
    until nobody else leads, writes the ledger again if it has none, and takes over.

    Examples:
      placet serve --home /srv/placet
      placet serve --retirements model_prices_and_context_window.json
      placet serve --home /srv/placet --host 0.0.0.0 --port 8080
      placet serve --mirror ssh://git@backup.internal/placet.git
      placet serve --smtp-host mail.internal --smtp-from placet@example.com
      placet serve --model-keys /etc/placet/models.yaml
      placet serve --console http://127.0.0.1:8501
      placet serve --home /srv/placet --workers 4
      placet serve --standby --database postgresql://placet@db/placet
      placet serve --reader --database postgresql://reader@db/placet
    """
    if reader:
        more = (retirements, mirrors, console, allow_webhooks_to, smtp_host)
        several = workers > 1 or any(more)
        _serve_reader(home, host, port, database, public_url, several)
        return
    place = _standby_at(home, database, workers) if standby else home_at(home, database)
    with until_told(), listen(host, port) as listening:
        from registry.cli.assembly import assembled
        from registry.cli.server import Server
        from registry.writer import parse_mirror

        mails = outgoing.Smtp(
            host=smtp_host,
            port=smtp_port,
            tls=smtp_tls,
            user=smtp_user,
            password_file=smtp_password_file,
            sender=smtp_from,
        )
        out = outgoing.outgoing_of(allow_webhooks_to or (), public_url, mails, console)
        copies = [parse_mirror(text) for text in mirrors or ()]
        words = _words(home, listening, (copy.address for copy in copies))
        lead = _stand_by(place, listening, public_url) if standby else None

        def answer(at: socket.socket, ready: Callable[[bool], None]) -> None:
            with assembled(
                place,
                retirements=retirements or (),
                mirrors=copies,
                outgoing=out,
                models=models_of(model_keys),
                one_of_many=workers > 1,
                lead=lead,
            ) as application:
                Server(application, lambda: ready(application.leads)).run(sockets=[at])

        if workers > 1:
            _serve_many(place, workers, listening, answer, words)
        else:
            answer(listening, lambda leads: screen.note(words + _successor(leads)))


def _words(home: Path, listening: socket.socket, mirrors: Iterable[str]) -> str:
    lines = [f"Serving {home} at {address(listening)}, Ctrl-C to end."]
    lines += [f"The ledger is mirrored to {screen.line(one)}." for one in mirrors]
    return "\n".join(lines)


def _standby_at(home: Path, database: str | None, workers: int) -> "Place":
    """Raises:
    Invalid: There is nothing to stand by at, or several would.
    """
    if database is None or workers > 1:
        raise Invalid(
            "a standby is one process, on a PostgreSQL that others have, too",
            hint="Name it: --standby --database postgresql://placet@db.internal/placet.",
        )
    return home_at(home, database)


def _stand_by(
    place: "Place", listening: socket.socket, registry: str | None
) -> "DatabaseLead":
    from registry.cli.standing_by import stand_by

    say = f"Standing by at {address(listening)}, Ctrl-C to end."
    return stand_by(place, listening, registry, say)


def _serve_many(
    place: "Place",
    workers: int,
    listening: socket.socket,
    answer: Answering,
    words: str,
) -> None:
    from registry.cli.workers import Workers, reserved

    place.check()
    host, port = listening.getsockname()[:2]
    listening.close()  # nobody else listened there
    with reserved(host, port) as at:
        Workers(
            workers,
            at,
            lambda listening, ready: answer(listening, lambda _: ready()),
            lambda: screen.note(f"{words}\n{workers} processes answer."),
        ).run()


def _successor(leads: bool) -> str:
    if leads:
        return ""
    return (
        "\nAnother process on this folder does what happens by itself: schedules, "
        "notices, mirrors, checkpoints.\nThis one takes over when that one ends."
    )


def _serve_reader(
    home: Path,
    host: str,
    port: int,
    database: str | None,
    registry: str | None,
    more: bool,
) -> None:
    """Raises:
    Invalid: There is no database, or there are options of a registry.
    """
    if database is None:
        raise Invalid(
            "a reader needs a database that the registry writes",
            hint="Name it: --database postgresql://reader@db.internal/placet.",
        )
    if more:
        raise Invalid(
            "a reader answers chatbots, and does nothing else",
            hint="Give what mails, mirrors and consoles need to the registry itself.",
        )
    with until_told(), listen(host, port) as listening:
        from registry.cli.reader import reader
        from registry.cli.server import Server

        words = f"Reading for chatbots at {address(listening)}, Ctrl-C to end."
        with reader(database, home, registry) as application:
            if application.stale:
                words += "\nThe database is away; this is what was kept in " + (
                    f"{screen.line(str(home))}."
                )
            server = Server(application, lambda: screen.note(words))
            server.run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """Raises:
    Conflict: Something else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        if error.errno != errno.EADDRINUSE:
            raise
        raise Conflict(
            f"something else listens on {host}:{port}",
            hint=f"End it, or take another port: --port {port + 1} "
            f"(make up PORT={port + 1}).",
        ) from None
    return listening


def address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def until_told() -> Iterator[None]:
    """Ctrl-C and SIGTERM end the block, which closes its files and threads.

    The server answers what is under way and then gives the signal on; without a
    handler SIGTERM would kill the process there.
    """
    for told in (signal.SIGTERM, signal.SIGINT):  # a shell may have it ignored
        signal.signal(told, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        yield
