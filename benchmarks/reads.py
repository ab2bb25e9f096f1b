"""How many reads a second one worker answers.

A chatbot's read of a prompt of 2 kB, with its token looked up, its ETag and
every header, beside the same uvicorn that answers as many constant bytes, and
beside nginx that serves them as a file, all in one run and in turns, so that
whatever else the machine does falls on all of them alike.
"""

import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from benchmarks.load import free_port, per_second, running
from benchmarks.worlds import name_of, world_with
from registry.api.bearer import Scope, hash_of, make_token
from registry.db.operations import Operations, Token
from registry.writer import Home

PATH = f"/v1/environments/production/prompts/{name_of(0)}"


def measure(*, quick: bool) -> dict[str, float]:
    many, rounds, s = (2_000, 2, 1.0) if quick else (10_000, 5, 4.0)
    with TemporaryDirectory(prefix="placet-bench-") as folder, ExitStack() as stack:
        few_of = stack.enter_context(_served(Path(folder) / "few", 100))
        many_of = stack.enter_context(_served(Path(folder) / "many", many))
        body = httpx2.get(few_of.url + PATH, headers=few_of.headers).content
        servers = {"few": few_of, "many": many_of}
        servers["bare"] = stack.enter_context(_bare(len(body)))
        if shutil.which("nginx"):
            servers["nginx"] = stack.enter_context(_nginx(Path(folder), body))
        else:
            print(
                "nginx is not installed, so reads.of_nginx is left out", file=sys.stderr
            )
        found: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(rounds):
            for name, server in servers.items():
                found[name].append(
                    per_second(server.port, server.path, server.headers, s=s)
                )
    rate = {name: statistics.median(rates) for name, rates in found.items()}
    figures = {
        "reads.of_bare": rate["few"] / rate["bare"],
        "reads.growth": rate["many"] / rate["few"],
        "reads.per_s": rate["few"],
    }
    if "nginx" in rate:
        figures["reads.of_nginx"] = rate["few"] / rate["nginx"]
    return figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Something to read from."""

    port: int
    path: str
    headers: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def _served(folder: Path, documents: int) -> Iterator[Server]:
    home = world_with(documents).save(folder)
    token = token_of(home)
    port = free_port()
    command = ["placet", "serve", "--home", str(folder), "--port", str(port)]
    program = str(Path(sys.executable).parent / command[0])
    headers = {"Authorization": f"Bearer {token}"}
    with running([program, *command[1:]], port):
        yield Server(port=port, path=PATH, headers=headers)


def token_of(home: Home, scope: Scope = Scope.READ) -> str:
    """A token for production, put where the server finds it."""
    secret = make_token(scope)
    now = datetime.now(UTC)
    engine = home.open_operations()
    token = Token(
        id=f"benchmark-{scope}",
        handle="operator",
        purpose="a benchmark",
        scope=scope,
        environments=("production",),
        bots=(),
        made=now,
        expires=now + timedelta(days=1),
        revoked=None,
    )
    Operations(engine).add_token(token, hash_of(secret))
    engine.dispose()
    return secret


@contextmanager
def _bare(chars: int) -> Iterator[Server]:
    port = free_port()
    with running(
        [sys.executable, "-m", "benchmarks.bare", str(port), str(chars)], port
    ):
        yield Server(port=port, path="/", headers={})


@contextmanager
def _nginx(folder: Path, body: bytes) -> Iterator[Server]:
    port = free_port()
    (folder / "www").mkdir()
    (folder / "www" / "prompt.json").write_bytes(body)
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid;\n"
        f"error_log {folder}/nginx.log; events {{ worker_connections 256; }}\n"
        f"http {{ access_log off; keepalive_requests 100000000;\n"
        f"  server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}\n"
    )
    folder.chmod(0o755)  # its worker is another user
    with running(["nginx", "-c", str(config)], port):
        yield Server(port=port, path="/prompt.json", headers={})
