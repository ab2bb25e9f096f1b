"""News as events: there at once, and nothing depends on them."""

import os
import ssl
import subprocess
import sys
import threading
import time
from dataclasses import replace
from threading import Event

import pytest

import placet
from placet.events import Events, NoEvents
from placet.fetch import Fetcher
from placet.keeper import Keeper
from placet.refreshing import Refreshing
from placet.remote import Registry
from placet.shelf import Shelf
from tests.client.pipes import Pipe
from tests.client.test_tls import certificate

__all__ = ["certificate"]

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"
NEVER_S = 3600
EVENTS = "/v1/environments/production/events"


@pytest.fixture
def listening(registry, eventually):
    """A client that would poll once an hour, and hears of news."""
    with registry.client(refresh="background", poll_s=NEVER_S) as client:
        client.bot(BOT)
        eventually(lambda: client.health().events)
        settled(registry)
        yield client


def settled(registry) -> None:
    """Wait until nothing more is asked."""
    while True:
        before = len(registry.requests)
        time.sleep(0.15)
        if len(registry.requests) == before:
            return


def heads(registry) -> int:
    return sum(path.endswith("/head") for path in registry.requests)


def says(*pieces, then=None):
    """A stream of these; nothing comes after them, and it stays open until *then*."""

    def stream():
        yield from pieces
        if then is not None:
            then.wait(10)

    def tamper(path, reply):
        return replace(reply, more=stream()) if path == EVENTS else reply

    return tamper


def event(epoch, seq):
    return b'event: seq\ndata: {"epoch":%d,"seq":%d}\n\n' % (epoch, seq)


def test_news_is_there_at_once_however_rarely_is_polled(
    registry, listening, eventually, said
):
    registry.put_prompt(PROMPT, "second: {{ question }}")

    eventually(lambda: said(listening.bot(BOT)) == "second: ?")


def test_an_event_is_one_question_for_the_head_and_one_for_the_bundle(
    registry, listening, eventually, said
):
    before = len(registry.requests)

    registry.put_prompt(PROMPT, "second: {{ question }}")
    eventually(lambda: said(listening.bot(BOT)) == "second: ?")
    settled(registry)

    head, bundle = registry.requests[before:]
    assert head.endswith("/head")
    assert bundle == f"/v1/bundles/{listening.bot(BOT).digest}"


def test_with_a_stream_nothing_is_polled_until_something_happens(registry, eventually):
    with registry.client(refresh="background", poll_s=0.01) as client:
        client.bot(BOT)
        eventually(lambda: client.health().events)
        settled(registry)
        before = len(registry.requests)
        time.sleep(0.3)

        assert len(registry.requests) == before


def test_what_was_missed_while_there_was_no_stream_is_read_when_there_is_one(
    registry, listening, eventually, said
):
    registry.go_down()
    eventually(lambda: not listening.health().events)
    registry.put_prompt(PROMPT, "second: {{ question }}")
    registry.come_back()

    eventually(lambda: said(listening.bot(BOT)) == "second: ?")


def test_a_stream_that_is_ended_is_opened_again_and_read_after(
    registry, listening, eventually
):
    streams, before = registry.requests.count(EVENTS), heads(registry)

    registry.end_streams()

    eventually(lambda: registry.requests.count(EVENTS) > streams)
    eventually(lambda: heads(registry) > before)


@pytest.mark.parametrize("events", [True, False])
def test_without_events_news_comes_by_polling(registry, eventually, said, events):
    registry.tamper = lambda path, reply: (
        replace(reply, status=404, more=None) if path == EVENTS else reply
    )
    with registry.client(
        refresh="background", poll_s=0.01, events=events, timeout_s=0.5
    ) as client:
        client.bot(BOT)
        registry.put_prompt(PROMPT, "second: {{ question }}")

        eventually(lambda: said(client.bot(BOT)) == "second: ?")
        assert not client.health().events
        assert client.health().ok
        assert registry.requests.count(EVENTS) == (1 if events else 0)


def test_a_client_that_refreshes_by_hand_opens_no_stream(registry, client):
    client.bot(BOT)
    client.refresh()

    assert EVENTS not in registry.requests
    assert not client.health().events


def test_a_proxy_that_keeps_events_back_is_as_good_as_no_stream(
    registry, eventually, said
):
    done = Event()
    registry.tamper = says(then=done)
    with registry.client(refresh="background", poll_s=0.02, timeout_s=0.3) as client:
        client.bot(BOT)
        registry.put_prompt(PROMPT, "second: {{ question }}")

        eventually(lambda: said(client.bot(BOT)) == "second: ?")
        assert not client.health().events
        done.set()


def test_a_proxy_that_swallows_the_question_is_as_good_as_no_stream(
    registry, eventually, said
):
    with (
        Pipe(registry.url, swallows=b"/events") as pipe,
        placet.Client(
            f"http://127.0.0.1:{pipe.port}",
            token=registry.token,
            environment="production",
            poll_s=0.02,
            timeout_s=0.3,
        ) as client,
    ):
        client.bot(BOT)
        registry.put_prompt(PROMPT, "second: {{ question }}")

        eventually(lambda: said(client.bot(BOT)) == "second: ?")
        assert not client.health().events


def test_a_connection_that_is_cut_is_opened_again(registry, eventually, said):
    with (
        Pipe(registry.url) as pipe,
        placet.Client(
            f"http://127.0.0.1:{pipe.port}",
            token=registry.token,
            environment="production",
            poll_s=NEVER_S,
        ) as client,
    ):
        client.bot(BOT)
        eventually(lambda: client.health().events)
        pipe.cut()
        registry.put_prompt(PROMPT, "second: {{ question }}")

        eventually(lambda: said(client.bot(BOT)) == "second: ?")


@pytest.mark.parametrize(
    "nothing",
    [
        [event(1, 2)] * 5,
        [event(1, 1), event(0, 99), event(1, 2), event(1, 0)],
        [b"event: seq\ndata: nonsense\n\n", b"data: x\n\n", b"garbage\n\n"],
        [b"event: seq\ndata: \xff\xfe\n\n", b": comment\n\n", b"id: \0\n\n"],
    ],
    ids=["doubled", "reordered", "garbage", "no text"],
)
def test_what_is_no_news_causes_no_question(registry, eventually, nothing):
    done, more = Event(), Event()

    def stream():
        yield event(1, 2)
        more.wait(10)
        yield from nothing
        done.wait(10)

    registry.tamper = lambda path, reply: (
        replace(reply, more=stream()) if path == EVENTS else reply
    )
    assert registry.seq == 2
    with registry.client(refresh="background", poll_s=NEVER_S) as client:
        client.bot(BOT)
        eventually(lambda: client.health().events)
        settled(registry)
        before = list(registry.requests)

        more.set()
        settled(registry)

        assert registry.requests == before
        assert client.health().events
        done.set()


@pytest.mark.slow
def test_an_event_that_nothing_bears_out_is_asked_about_for_a_while_only(
    registry, listening
):
    before = heads(registry)
    listening._refreshing._hear((1, 999))
    time.sleep(8)
    asked = heads(registry) - before

    settled(registry)

    assert 2 <= asked <= 8
    assert heads(registry) - before == asked


def test_an_endless_line_ends_the_stream_and_nothing_else(registry, eventually, said):
    registry.tamper = says(event(1, 2), b"x" * 100_000)
    with registry.client(refresh="background", poll_s=0.02) as client:
        client.bot(BOT)
        registry.put_prompt(PROMPT, "second: {{ question }}")

        eventually(lambda: said(client.bot(BOT)) == "second: ?")


def test_a_server_that_is_behind_the_event_is_asked_again(registry, eventually, said):
    old = {}

    def lag(path, reply):
        if path.endswith("/head"):
            replies = old.setdefault("replies", [])
            replies.append(replies[0] if 1 <= len(replies) <= 3 else reply)
            return replies[-1]
        return reply

    with registry.client(refresh="background", poll_s=NEVER_S) as client:
        client.bot(BOT)
        eventually(lambda: client.health().events)
        settled(registry)
        registry.tamper = lag
        client.refresh()
        registry.put_prompt(PROMPT, "second: {{ question }}")

        eventually(lambda: said(client.bot(BOT)) == "second: ?")
        assert len(old["replies"]) > 3


def test_it_is_polled_now_and_then_with_a_stream_as_well(registry, eventually):
    fetcher = Fetcher(registry.url, registry.token, 5.0, None)
    keeper = Keeper(Shelf(), Registry(fetcher, "production"), None, "production", None)
    keeper.first(f"bots/{BOT}")
    refreshing = Refreshing(
        keeper, 0.01, ask=keeper.round, between=lambda: None, rare_s=0.2
    )
    refreshing.listen_to(fetcher, "production")
    refreshing.start(now=False)
    eventually(lambda: refreshing.connected)
    settled_at = heads(registry)

    eventually(lambda: heads(registry) > settled_at + 2)
    refreshing.stop()
    keeper.close()


def test_a_stream_that_falls_silent_is_given_up(registry, eventually):
    registry.heartbeat_s = NEVER_S
    ended = Event()
    events = Events(
        Fetcher(registry.url, registry.token, 5.0, None),
        "production",
        connected=lambda: None,
        heard=lambda place: None,
        ended=ended.set,
        silence_s=0.2,
    )
    events.start()

    assert ended.wait(10)
    events.stop()


def test_comments_keep_a_stream_from_being_given_up(registry, eventually):
    registry.heartbeat_s = 0.05
    ended, heard = Event(), Event()
    events = Events(
        Fetcher(registry.url, registry.token, 5.0, None),
        "production",
        connected=heard.set,
        heard=lambda place: None,
        ended=ended.set,
        silence_s=2.0,
    )
    events.start()

    assert heard.wait(10)
    assert not ended.wait(3)
    events.stop()


@pytest.fixture
def unopened(registry):
    return Events(
        Fetcher(registry.url, registry.token, 5.0, None),
        "production",
        connected=lambda: None,
        heard=lambda place: None,
        ended=lambda: None,
    )


def test_a_server_says_after_how_long_it_may_be_asked_again(unopened):
    assert 120 <= unopened._pause_s(NoEvents(503, 120), 0.0) <= 150


def test_pauses_grow_and_stay_bounded_and_begin_anew_after_a_good_stream(unopened):
    pauses = [unopened._pause_s(None, 0.0) for _ in range(20)]

    assert min(pauses[10:]) >= 30 > 5 > pauses[0]
    assert max(pauses) <= 90
    assert unopened._pause_s(None, 100.0) < 2.5


def test_closing_ends_a_stream_at_once_and_leaves_no_thread(registry, eventually):
    registry.heartbeat_s = NEVER_S
    before = threading.active_count()
    client = registry.client(refresh="background", poll_s=NEVER_S, timeout_s=60)
    client.bot(BOT)
    eventually(lambda: client.health().events)

    began = time.monotonic()
    client.close()

    assert time.monotonic() - began < 0.9
    names = {thread.name for thread in threading.enumerate()}
    assert not names & {"placet", "placet-events"}
    registry.go_down()
    assert threading.active_count() <= before


def test_closing_ends_a_stream_over_tls_at_once(registry, certificate, eventually):
    registry.heartbeat_s = NEVER_S
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with Pipe(registry.url, tls=server) as pipe:
        client = placet.Client(
            f"https://localhost:{pipe.port}",
            token=registry.token,
            environment="production",
            poll_s=NEVER_S,
            tls=trusting,
        )
        client.bot(BOT)
        eventually(lambda: client.health().events)

        began = time.monotonic()
        client.close()

        assert time.monotonic() - began < 0.9
        assert "placet-events" not in {one.name for one in threading.enumerate()}


FORKING = """
import os, sys, time, placet
client = placet.Client(
    sys.argv[1], token=sys.argv[2], environment="production", poll_s=3600
)
def listens(client):
    deadline = time.monotonic() + 10
    while not client.health().events and time.monotonic() < deadline:
        time.sleep(0.01)
def hears(before):
    deadline = time.monotonic() + 10
    while client.bot("acme-air/support") == before and time.monotonic() < deadline:
        time.sleep(0.01)
    return client.bot("acme-air/support").stopped
before = client.bot("acme-air/support")
listens(client)
child = os.fork()
listens(client)
if child == 0:
    print("forked", flush=True)
    os._exit(0 if hears(before) else 1)
heard = hears(before)
_, status = os.waitpid(child, 0)
client.close()
sys.exit(os.waitstatus_to_exitcode(status) or not heard)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_parent_and_child_hear_of_a_stop_each_by_a_stream_of_its_own(registry):
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKING]
    with subprocess.Popen(
        [*command, registry.url, registry.token], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"forked\n"

        registry.stop(BOT, reason="it promised too much")

        assert process.wait(20) == 0
    assert registry.requests.count(EVENTS) == 2
