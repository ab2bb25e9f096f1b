"""Load: how many answers a second an HTTP server gives.

`wrk` where it is installed, because it costs the machine least; otherwise a
loop over connections that never parses more of an answer than its length.
"""

import re
import selectors
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

CONNECTIONS = 32


def per_second(port: int, path: str, headers: Mapping[str, str], *, s: float) -> float:
    """Answers a second over *s* seconds on kept-alive connections, on loopback."""
    if shutil.which("wrk"):
        return _wrk(port, path, headers, s)
    return _own(port, path, headers, s)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running(
    command: list[str],
    port: int,
    *,
    wait_s: float = 60,
    env: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> Iterator[int]:
    """A server process that listens on *port*, with its process id."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if quiet else None,
        env=env,
    )
    try:
        _wait_for(process, port, wait_s)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(process: subprocess.Popen[bytes], port: int, wait_s: float) -> None:
    give_up = time.monotonic() + wait_s
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"no server came up: {process.args}")


def _wrk(port: int, path: str, headers: Mapping[str, str], s: float) -> float:
    given = [
        part for name, value in headers.items() for part in ("-H", f"{name}: {value}")
    ]
    done = subprocess.run(
        [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{max(1, round(s))}s",
            *given,
            f"http://127.0.0.1:{port}{path}",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    if "Non-2xx" in done:
        raise RuntimeError(f"not every answer was a good one:\n{done}")
    found = re.search(r"Requests/sec:\s+([0-9.]+)", done)
    if found is None:
        raise RuntimeError(f"wrk said something else:\n{done}")
    return float(found[1])


def _own(port: int, path: str, headers: Mapping[str, str], s: float) -> float:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    size = _answer_size(port, request)
    selector = selectors.DefaultSelector()
    left: dict[socket.socket, int] = {}
    for _ in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        selector.register(connection, selectors.EVENT_READ)
        left[connection] = size
        connection.sendall(request)
    answers, began = 0, time.perf_counter()
    while time.perf_counter() - began < s:
        for key, _ in selector.select(timeout=1):
            ready = key.fileobj
            if not isinstance(ready, socket.socket):
                continue
            left[ready] -= len(ready.recv(65536))
            if left[ready] == 0:
                answers += 1
                left[ready] = size
                ready.sendall(request)
    took = time.perf_counter() - began
    for connection in left:
        connection.close()
    return answers / took


def _answer_size(port: int, request: bytes) -> int:
    """How many bytes an answer has; all of them have as many."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the server answered {head.splitlines()[0]!r}")
        found = re.search(rb"content-length: ([0-9]+)", head, re.IGNORECASE)
        if found is None:
            raise RuntimeError("the answer does not say how long it is")
        while len(body) < int(found[1]):
            body += connection.recv(65536)
        return len(head) + 4 + int(found[1])
