"""`python -m ui`: serve the console; `placet console` and `placet up` start it so."""

import argparse
import os
import socket
from collections.abc import Sequence
from contextlib import suppress

from ui.settings import PUBLIC, REGISTRY


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ui", description=__doc__)
    parser.add_argument("--registry", required=True, help="where the registry is")
    parser.add_argument("--public-registry", help="where browsers find it")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--public-url", help="where browsers find the console")
    parser.add_argument("--fd", type=int, help="a socket that listens already")
    given = parser.parse_args(arguments)
    os.environ[REGISTRY] = given.registry
    os.environ[PUBLIC] = given.public_registry or given.registry
    url = given.public_url or f"http://{given.host}:{given.port}"

    from ui.serving import serve

    listening = None if given.fd is None else socket.socket(fileno=given.fd)
    with suppress(KeyboardInterrupt):  # of a terminal, for everything it started
        serve(url, host=given.host, port=given.port, listening=listening)


if __name__ == "__main__":
    main()
