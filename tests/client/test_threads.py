"""One client, many threads; and a fork."""

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

import placet

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"
THREADS = 8


def together(work):
    """Call *work* in many threads at the same moment and return the results."""
    gate = Barrier(THREADS)

    def run():
        gate.wait()
        return work()

    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(run) for _ in range(THREADS)]
        return [future.result() for future in futures]


def test_threads_that_read_first_together_ask_once(registry, client):
    bundles = together(lambda: client.bot(BOT))

    assert all(bundle is bundles[0] for bundle in bundles)
    assert len(registry.requests) == 2


@pytest.mark.slow
def test_threads_that_fail_first_together_wait_once():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0.5)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = placet.Client(url, token="t", environment="production", timeout_s=0.5)

        def fail():
            with pytest.raises(placet.NoAnswer):
                client.bot(BOT)

        with client:
            together(fail)

        assert accepted(silent) == 1


def accepted(listening):
    """How many connections were made."""
    count = 0
    while True:
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            return count
        connection.close()
        count += 1


def test_i22_i23_readers_see_whole_bundles_that_never_go_back(registry, eventually):
    done = Event()

    def read(client):
        seqs = []
        while not done.is_set():
            bundle = client.bot(BOT)
            text = bundle.prompt("refunds").render(question="?")[0]["content"]
            assert bundle.prompt("refunds").version == text.partition(":")[0]
            seqs.append(bundle.seq)
            time.sleep(0)
        return seqs

    registry.put_prompt(PROMPT, "1.0.0: {{ question }}")
    with (
        registry.client(refresh="background", poll_s=0.005) as client,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        readers = [pool.submit(read, client) for _ in range(3)]
        for patch in range(1, 10):
            version = f"1.0.{patch}"
            registry.put_prompt(PROMPT, version + ": {{ question }}", version=version)
            eventually(lambda: client.bot(BOT).seq == registry.seq)
        done.set()
        seen = [reader.result() for reader in readers]

    assert all(seqs == sorted(seqs) for seqs in seen)


def test_a_reader_does_not_wait_for_a_refresh_under_way(registry, client):
    client.bot(BOT)
    asked, go_on = Event(), Event()

    def hold(path, reply):
        asked.set()
        go_on.wait(5)
        return reply

    registry.tamper = hold
    with ThreadPoolExecutor(1) as pool:
        refreshing = pool.submit(client.refresh)
        asked.wait(5)

        bundle = client.bot(BOT)
        was_under_way = not refreshing.done()
        go_on.set()

    assert bundle.name == BOT
    assert was_under_way


def test_a_slow_bot_does_not_keep_others_from_being_read_first(registry, client, said):
    registry.put_bot("acme-air/sales", {"refunds": PROMPT})
    asked, go_on = Event(), Event()

    def hold(path, reply):
        if "sales" in path:
            asked.set()
            go_on.wait(5)
        return reply

    registry.tamper = hold
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(client.bot, "acme-air/sales")
        asked.wait(5)

        assert said(client.bot(BOT)) == "first: ?"
        assert not slow.done()
        go_on.set()


FORKING = """
import os, sys, time, placet
client = placet.Client(
    sys.argv[1], token=sys.argv[2], environment="production", poll_s=0.02
)
before = client.bot("acme-air/support")
child = os.fork()
if child == 0:
    print("forked", flush=True)
    deadline = time.monotonic() + 10
    while client.bot("acme-air/support") == before and time.monotonic() < deadline:
        time.sleep(0.01)
    os._exit(0 if client.bot("acme-air/support").stopped else 1)
_, status = os.waitpid(child, 0)
client.close()
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_after_a_fork_hears_of_a_stop(registry):
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKING]
    with subprocess.Popen(
        [*command, registry.url, registry.token], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"forked\n"

        registry.stop(BOT, reason="it promised too much")

        assert process.wait(20) == 0
