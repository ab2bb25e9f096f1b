"""Places: whoever is slow, or comes many times at once, leaves room for the others."""

import asyncio
import socket
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest

from registry.api.git.places import ALL, EACH, SENDING_EACH, Places
from registry.api.git.routes import in_time
from tests.api.git.conftest import Served, run_git


def test_one_account_leaves_most_places_to_the_others():
    async def crowd() -> tuple[bool, bool]:
        places = Places()
        async with AsyncExitStack() as held:
            for _ in range(EACH):
                await held.enter_async_context(places.held("greedy"))
            more = held.enter_async_context(places.held("greedy"))
            waiting = asyncio.ensure_future(more)
            for number in range(ALL - EACH):
                await held.enter_async_context(places.held(f"other-{number}"))
            await asyncio.sleep(0)
            still_waiting = not waiting.done()
            waiting.cancel()
            return still_waiting, True

    assert asyncio.run(crowd()) == (True, True)
    assert EACH * 3 <= ALL


def test_whoever_sends_slowly_holds_no_place(served: Served, tmp_path: Path):
    host, port = served.world.url.removeprefix("http://").split(":")
    begin = (
        "POST /git/ledger.git/git-upload-pack HTTP/1.1\r\n"
        f"Host: {host}\r\nAuthorization: Bearer {served.secret('viewer')}\r\n"
        "Content-Type: application/x-git-upload-pack-request\r\n"
        "Content-Length: 1000\r\n\r\n0"
    ).encode()
    with ExitStack() as slow:
        for _ in range(SENDING_EACH - 1):
            one = slow.enter_context(socket.create_connection((host, int(port))))
            one.sendall(begin)

        address = served.address("ledger", served.secret("viewer"))
        done = run_git(tmp_path, "clone", "-q", "--mirror", address, "ledger.git")

    assert SENDING_EACH - 1 > EACH
    assert done.returncode == 0, done.stderr


def test_whoever_takes_nothing_of_an_answer_holds_no_place():
    async def never_takes(_: object) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        asyncio.run(in_time(never_takes, idle_s=0.01)({"type": "http.response.body"}))
