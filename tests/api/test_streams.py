"""The rules at the top of `registry/api/streams.py`, on real connections."""

import json
import socket
import time
from contextlib import closing
from dataclasses import replace
from selectors import EVENT_READ, DefaultSelector

import pytest

from registry.api.bearer import Scope
from registry.api.pace import PACE
from tests.api.served import EVENTS, PATIENCE_S, Listener, World, soon
from tests.api.texts import bot, prompt

HEAD = "/v1/environments/development/bots/acme/support/head"
QUICK = replace(PACE, heartbeat_s=0.2)


@pytest.fixture
def listen():
    """Opens streams, and closes them in the end."""
    opened = []

    def listening(*args, **headers) -> Listener:
        opened.append(Listener(*args, **headers))
        return opened[-1]

    yield listening
    for one in opened:
        one.close()


def reader(world: World, **limits):
    return world.placet.machine(Scope.READ, **limits)


def test_the_first_event_comes_at_once_and_says_where_the_environment_is(serve, listen):
    with serve() as world:
        world.placet.live(prompt())

        stream = listen(world, reader(world))

        retry, *event = stream.block()
        assert stream.status == "200 OK"
        assert stream.headers["content-type"] == "text/event-stream"
        assert stream.headers["cache-control"] == "no-store"
        assert stream.headers["x-accel-buffering"] == "no"
        assert 750 <= int(retry.removeprefix("retry: ")) <= 2250
        assert event == ["id: 1.1", "event: seq", 'data: {"epoch":1,"seq":1}']


def test_an_activation_is_told_when_it_is_answered_and_no_sooner_read(serve, listen):
    with serve() as world:
        world.placet.live(bot(), prompt())
        client = reader(world)
        stream = listen(world, client)
        assert stream.told() == {"epoch": 1, "seq": 1}

        done = world.placet.live(prompt(version="1.1.0", text="Say less."))

        assert stream.told() == {"epoch": 1, "seq": done["seq"]}
        assert client.get(HEAD).json()["seq"] == done["seq"]


def test_what_goes_live_elsewhere_is_not_told(serve, listen):
    with serve() as world:
        stream = listen(world, reader(world))
        assert stream.told()["seq"] == 0

        world.placet.live(prompt(), environment="development")
        other = listen(world, reader(world), "/v1/environments/staging/events")

        assert stream.told()["seq"] == 1
        assert other.told()["seq"] == 0


def test_a_token_for_a_bot_hears_of_its_environment_and_of_no_other(serve, listen):
    with serve() as world:
        world.placet.live(bot(), prompt())
        limits = {"environments": ("development",), "bots": ("acme/support",)}
        client = reader(world, **limits)

        assert listen(world, client).told()["seq"] == 1
        away = listen(world, client, "/v1/environments/staging/events")
        assert away.status == "403 Forbidden"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (EVENTS, {"Authorization": "Bearer nonsense"}, "401 Unauthorized"),
        (EVENTS, {"Authorization": "Basic abc"}, "401 Unauthorized"),
        (EVENTS + "?since=3", {}, "422 Unprocessable Entity"),
        ("/v1/environments/elsewhere/events", {}, "404 Not Found"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_and_no_stream(
    serve, listen, path, headers, status
):
    with serve() as world:
        refused = listen(world, reader(world), path, **headers, Connection="close")

        assert refused.status == status
        assert refused.headers["content-type"] == "application/problem+json"
        assert json.loads(refused.rest())["hint"]
        assert world.connected == 0
        assert world.chatbots.news.held == 0


def test_a_last_event_id_changes_nothing(serve, listen):
    with serve() as world:
        stream = listen(world, reader(world), Last_Event_ID="1.99")

        assert stream.told() == {"epoch": 1, "seq": 0}


def test_a_comment_shows_now_and_then_that_the_stream_is_alive(serve, listen):
    with serve(QUICK) as world:
        stream = listen(world, reader(world))
        stream.told()

        assert [stream.block() for _ in range(3)] == [[":"]] * 3


def test_comments_of_many_streams_do_not_come_together(serve, listen):
    with serve(replace(PACE, heartbeat_s=0.5)) as world, DefaultSelector() as selector:
        client = reader(world)
        for stream in [listen(world, client) for _ in range(20)]:
            stream.told()
            selector.register(stream.socket, EVENT_READ)
        moments = set()
        while selector.get_map():
            for key, _ in selector.select(PATIENCE_S):
                moments.add(round(time.monotonic(), 2))
                selector.unregister(key.fileobj)

        assert len(moments) > 5


def test_a_stream_ends_cleanly_after_a_while(serve, listen):
    with serve(replace(QUICK, max_age_s=0.5)) as world:
        stream = listen(world, reader(world))

        assert stream.rest().endswith(b"\n\n")
        soon(lambda: world.connected == 0)


def test_a_token_that_is_revoked_ends_its_stream_and_no_other(serve, listen):
    with serve(QUICK) as world:
        kept, other = reader(world), reader(world)
        mine = world.placet.signed_in("operator")
        stream, ending = listen(world, kept), listen(world, other)
        stream.told()
        ids = [one["id"] for one in mine.get("/v1/tokens").json()["items"]]
        secret = other.headers["authorization"].removeprefix("Bearer ")
        grant = world.placet.parts.grants.get(secret, world.placet.clock())

        assert grant.via.removeprefix("token:") in ids
        mine.delete(f"/v1/tokens/{grant.via.removeprefix('token:')}")

        ending.rest()
        assert stream.block() == [":"]
        assert world.connected == 1


def test_a_token_that_expired_hears_of_no_activation(serve, listen):
    with serve() as world:
        client = reader(world)
        stream = listen(world, client)
        stream.told()

        world.placet.clock.forward(days=2)
        world.placet.live(prompt())

        assert stream.rest() == b""


def test_beyond_the_bound_a_stream_is_refused_and_told_when_to_come_back(serve, listen):
    with serve(most=2) as world:
        client = reader(world)
        first, _ = listen(world, client), listen(world, client)

        refused = listen(world, client, Connection="close")
        first.close()
        soon(lambda: world.connected == 1)

        assert refused.status == "503 Service Unavailable"
        assert 20 <= int(refused.headers["retry-after"]) <= 60
        assert json.loads(refused.rest())["type"].endswith("too-many-waiting")
        assert listen(world, client).told()["seq"] == 0


def test_whoever_hangs_up_leaves_nothing_behind(serve, listen):
    with serve() as world:
        streams = [listen(world, reader(world)) for _ in range(3)]
        assert world.connected == 3

        for stream in streams:
            stream.close()

        soon(lambda: world.connected == 0)
        assert world.chatbots.news.held == 0


def test_the_end_of_the_server_ends_streams_and_waits_for_none(serve, listen):
    with serve() as world:
        stream, stuck = (listen(world, reader(world)) for _ in range(2))
        fill(world, stuck)
        began = time.monotonic()

        world.server.should_exit = True

        assert stream.rest().endswith(b"\n\n")
    assert time.monotonic() - began < 5


def fill(world: World, stuck: Listener) -> None:
    """Have the server send to a client that reads nothing, until it cannot."""
    port = stuck.socket.getsockname()[1]
    (one,) = [
        stream
        for stream in world.chatbots.streams._open
        if stream.transport.get_extra_info("peername")[1] == port
    ]
    loop = world.chatbots.news._loop

    def is_full() -> bool:
        loop.call_soon_threadsafe(one.transport.write, b":" * 2**18 + b"\n\n")
        return one.full is not None

    soon(is_full)


def test_a_client_that_takes_nothing_delays_nobody_and_is_cut_off(serve, listen):
    with serve(replace(QUICK, drain_s=1.0)) as world:
        stuck, stream = (listen(world, reader(world)) for _ in range(2))
        stream.told()
        fill(world, stuck)

        world.placet.live(prompt())

        assert stream.told()["seq"] == 1
        soon(lambda: world.connected == 1)


def test_a_client_that_reads_again_is_told_the_newest_and_nothing_else(serve, listen):
    with serve(replace(PACE, drain_s=60.0)) as world:
        stuck = listen(world, reader(world))
        stuck.told()
        fill(world, stuck)
        for n in range(3):
            world.placet.live(prompt(version=f"1.{n}.0", text=f"Say {n}."))

        while set(line := stuck._file.readline()) <= set(b":\n"):
            pass

        assert line == b"id: 1.3\n"


def test_whatever_a_client_sends_after_its_request_is_ignored(serve, listen):
    with serve() as world:
        stream = listen(world, reader(world))
        stream.told()

        stream.socket.sendall(b"GET /livez HTTP/1.1\r\nHost: here\r\n\r\n" * 10)
        world.placet.live(prompt())

        assert stream.told()["seq"] == 1


def test_events_are_no_fetches(serve, listen, counting):
    with serve() as world:
        world.placet.live(prompt())

        listen(world, reader(world)).told()

        counting.finish()
        told = world.placet.signed_in("viewer").get(
            "/v1/environments/development/clients"
        )

        assert told.json()["items"] == []


def test_under_another_server_a_stream_says_where_it_is_and_ends(placet):
    placet.live(prompt())

    answer = placet.machine(Scope.READ).get(EVENTS)

    assert answer.status_code == 200
    assert answer.text.startswith("retry: ")
    assert answer.text.endswith('event: seq\ndata: {"epoch":1,"seq":1}\n\n')


def test_whoever_asks_for_the_headers_of_events_gets_no_stream(serve):
    with (
        serve() as world,
        closing(socket.create_connection(("127.0.0.1", world.port))) as connection,
    ):
        bearer = reader(world).headers["authorization"]
        connection.settimeout(PATIENCE_S)
        lines = [f"HEAD {EVENTS} HTTP/1.1", "Host: here", f"Authorization: {bearer}"]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        said = b""
        while more := connection.recv(65536):
            said += more

    assert said.startswith(b"HTTP/1.1 200 OK\r\n")
    assert said.endswith(b"\r\n\r\n")
