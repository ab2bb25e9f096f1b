"""What cannot be told keeps nobody from acting who has said that they will."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from tests.cli.test_emergencies import alarmed, edited, live
from tests.cli.worlds import Library, Person, World

__all__ = ["alarmed", "live"]

pytestmark = pytest.mark.slow


@contextmanager
def blind(world: World) -> Iterator[str]:
    """The registry at an address at which nothing can be previewed."""

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "preview" in self.path:
                self.send_error(503)
                return
            length = int(self.headers.get("Content-Length") or 0)
            left_out = {"host", "connection", "content-length", "accept-encoding"}
            kept = {k: v for k, v in self.headers.items() if k.lower() not in left_out}
            answer = httpx2.request(
                self.command,
                f"{world.url}{self.path}",
                headers=kept,
                content=self.rfile.read(length),
            )
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Passing) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def at(url: str, person: Person, folder: Path) -> Person:
    """The same person, who talks to another address."""
    there = Person(
        url=url, handle=person.handle, password=person.password, configuration=folder
    )
    typed = f"{person.password}\n"
    there.does("login", url, "--handle", person.handle, "--password-stdin", typed=typed)
    return there


def test_an_emergency_does_not_wait_for_what_it_makes_stale(
    live: World, library: Library, tmp_path: Path
):
    change = edited(live, library, "1.0.1", "Be calm.")

    with blind(live) as url:
        done = at(url, live["risk"], tmp_path / "risk").run(
            *("activate", str(change), "--emergency", "--incident", "INC-7"),
            *("--reason", "It names a customer.", "--yes"),
        )

    assert done.exit_code == 0, done.output
    assert "what it makes stale could not be told: " in done.stderr
    assert f"Change {change} is live: " in done.stdout


@pytest.mark.parametrize("yes", [True, False])
def test_a_rollback_does_not_wait_for_what_nobody_reads(
    live: World, library: Library, tmp_path: Path, yes: bool
):
    edited(live, library, "1.0.1", "Be calm.")
    live.lives(library.folder, "staging", "product")
    words = ("rollback", "staging", "--document", library.tone, "--to", "1.0.0")

    with blind(live) as url:
        there = at(url, live["operator"], tmp_path / "operator")
        more = ("--yes",) if yes else ("--propose",)
        done = there.run(*words, "--reason", "Wrong", *more)

    assert (done.exit_code == 0) == yes, done.output
    assert ("what it does could not be told: " in done.stderr) == yes
