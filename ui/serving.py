"""Serving: Streamlit behind the gate, on one address."""

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.middleware import Middleware

from ui.settings import settings

SCRIPT = Path(__file__).parent / "app.py"


def serve(url: str, *, host: str, port: int, listening: socket.socket | None) -> None:
    """Serve until told to end.

    Args:
        url: Where browsers find the console.
        listening: Used instead of *host* and *port*.
    """
    # Streamlit reads these when it is first imported.
    os.environ["STREAMLIT_SERVER_ALLOWED_HOSTS"] = urlsplit(url).hostname or host
    os.environ["STREAMLIT_SERVER_PORT"] = str(port)
    os.environ["STREAMLIT_BROWSER_SERVER_ADDRESS"] = urlsplit(url).hostname or host

    import altair  # noqa: F401 (or the first page with a chart waits a second for it)
    import streamlit

    from ui.gate import Gate

    app = streamlit.App(
        SCRIPT, middleware=[Middleware(Gate, settings=settings(), url=url)]
    )
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        ws_max_size=16 * 1024 * 1024,
    )
    uvicorn.Server(config).run(sockets=None if listening is None else [listening])
