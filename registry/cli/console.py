"""`placet console`: the console in the browser, as a process of its own."""

import importlib.util
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Annotated

import typer

from registry.cli import screen
from registry.cli.serving import LOOPBACK, Host, address, listen, until_told
from registry.errors import NotFound, Unavailable

PORT = 8501

Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")
]


def console(
    registry: Annotated[
        str,
        typer.Option(
            metavar="URL", envvar="PLACET_URL", help="Where the registry answers."
        ),
    ] = "http://127.0.0.1:8000",
    host: Host = LOOPBACK,
    port: Port = PORT,
    public_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where browsers find the console."),
    ] = None,
    public_registry: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where browsers find the registry."),
    ] = None,
) -> None:
    """Serve the console: what the board decides on and everybody looks at.

    It has no power of its own and keeps nothing. The registry has to know where
    it is (`placet serve --console`), and both have one host name, since whoever
    signs in to the registry is known to the console by a cookie of that host.
    Behind a reverse proxy, say with --public-url and --public-registry what
    browsers call the two.

    Examples:
      placet serve --console http://127.0.0.1:8501
      placet console --registry http://127.0.0.1:8000
      placet console --registry http://127.0.0.1:8001 --port 8502
    """
    from registry.remote.connection import check_address

    for given in (registry, public_url, public_registry):
        if given is not None:
            check_address(given)
    with until_told(), listen(host, port) as listening:
        url = public_url or address(listening)
        with running(listening, registry, url, public_registry) as process:
            screen.note(f"The console is at {url}, Ctrl-C to end.")
            status = process.wait()
        raise Unavailable(
            f"the console ended by itself, with status {status}",
            hint="What it said before that stands above; start it again.",
        )


@contextmanager
def running(
    listening: socket.socket, registry: str, url: str, public_registry: str | None
) -> Iterator[subprocess.Popen[bytes]]:
    """The console's process, which ends with the block.

    If it ends before, that is said.

    Raises:
        NotFound: What it needs is not installed.
    """
    if importlib.util.find_spec("streamlit") is None:
        raise NotFound(
            "the console needs Streamlit, which is not installed",
            hint="Install it: pip install 'placet-server[console]'.",
        )
    words = ["--registry", registry, "--public-url", url]
    words += ["--public-registry", public_registry or registry]
    words += ["--fd", str(listening.fileno())]
    process = subprocess.Popen(  # noqa: S603 (our own module, no shell)
        [sys.executable, "-m", "ui", *words], pass_fds=[listening.fileno()]
    )
    over = Event()

    def watch() -> None:
        status = process.wait()
        if not over.is_set():
            screen.note(f"The console has ended, with status {status}.", "bold red")

    Thread(target=watch, name="placet-console", daemon=True).start()
    try:
        yield process
    finally:
        over.set()
        process.terminate()
        process.wait()
