"""Serve one scenario, and judge what a client makes of it: the README says how.

python -m tests.conformance.serve tests/conformance/scenarios/old-head.json
"""

import argparse
import base64
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Event, Thread

CONTROL = "/conformance/"
JUDGED = ("outcome", "bundle", "seq", "floor")


class Scenario:
    """One scenario, at some step of it."""

    def __init__(self, told: dict) -> None:
        self.told = told
        self.wrong: list[str] = []
        self.ended = Event()
        self._step = -1
        self._judged = True

    @property
    def step(self) -> dict:
        return self.told["steps"][self._step]

    def next(self) -> dict | None:
        """Begin the next step; None at the end."""
        if not self._judged:
            self.wrong.append(f"step {self._step + 1}: no outcome was told")
        self._step += 1
        if self._step == len(self.told["steps"]):
            self.ended.set()
            return None
        self._judged = False
        return {"now": self.step["now"], "restart": self.step["restart"]}

    def judge(self, outcome: dict) -> dict:
        expected = self.step["expect"]
        given = {name: outcome.get(name) for name in JUDGED}
        self._judged = True
        if given != expected:
            self.wrong.append(f"step {self._step + 1}: {given}, not {expected}")
        return {"right": given == expected, "expected": expected}

    def answer(self, path: str) -> tuple[int, dict, bytes]:
        answer = self.step["answers"].get(path)
        if answer is None:
            return 404, {"content-type": "application/problem+json"}, b"{}"
        if "base64" in answer:
            body = base64.b64decode(answer["base64"])
        else:
            body = answer["text"].encode()
        return answer["status"], answer["headers"], body


class Server(ThreadingMixIn, HTTPServer):
    """Serves a scenario while the block lasts."""

    daemon_threads = True

    def __init__(self, scenario: Scenario, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Connection)
        self.scenario = scenario
        self._thread = Thread(target=self.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> "Server":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Connection(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path == CONTROL + "client":
            self._say(self.server.scenario.told["client"])
        else:
            self._send(*self.server.scenario.answer(self.path))

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path == CONTROL + "next":
            self._say(self.server.scenario.next())
        elif self.path == CONTROL + "outcome":
            self._say(self.server.scenario.judge(json.loads(sent)))
        else:
            self._send(404, {}, b"")

    def _say(self, value: dict | None) -> None:
        if value is None:
            self._send(204, {}, b"")
        else:
            body = json.dumps(value).encode()
            self._send(200, {"content-type": "application/json"}, body)

    def _send(self, status: int, headers: dict, body: bytes) -> None:
        self.send_response(status)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if status not in (204, 304):
            self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """The driver says what it wants to say."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve one scenario.")
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one.")
    given = parser.parse_args()
    scenario = Scenario(json.loads(given.scenario.read_text()))
    with Server(scenario, given.port) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        scenario.ended.wait()
    for line in scenario.wrong:
        sys.stdout.write(f"{line}\n")
    return 1 if scenario.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
