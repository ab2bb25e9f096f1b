"""The rules at the top of `registry/api/news.py`: requests that wait, over HTTP."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import httpx2
import pytest

from registry.api.asked import MAX_WAIT_S, preferred_wait_s
from registry.api.bearer import Scope
from registry.api.live import LiveSnapshots
from tests.api.served import World, soon
from tests.api.texts import bot, prompt

HERE = "/v1/environments/development"
HEAD = f"{HERE}/bots/acme/support/head"
LONG = "wait=50"
QUICKLY_S = 20
"""Well under what was asked for."""


@pytest.fixture
def world(serve):
    with serve() as world:
        world.placet.live(bot(), prompt())
        yield world


class Chatbot:
    """Asks a server over a connection of its own."""

    def __init__(self, world: World):
        token = world.placet.machine(Scope.READ).headers["authorization"]
        self.client = httpx2.Client(
            base_url=f"http://127.0.0.1:{world.port}",
            headers={"Authorization": token},
            timeout=60,
        )

    def head(self, **headers):
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(HEAD, headers=told)


@pytest.fixture
def chatbot(world):
    chatbot = Chatbot(world)
    with chatbot.client:
        yield chatbot


@pytest.fixture
def waiting(world, chatbot):
    """The answer to come of a chatbot that has the head and waits for another."""
    etag = chatbot.head().headers["etag"]
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(chatbot.head, If_None_Match=etag, Prefer=LONG)
        soon(lambda: world.chatbots.news.waiting == 1)
        yield answer


def test_another_head_is_told_as_soon_as_it_is_live(world, waiting):
    began = time.monotonic()

    done = world.placet.live(prompt(version="1.1.0", text="Say less."))

    answer = waiting.result(QUICKLY_S)
    assert answer.status_code == 200
    assert answer.json()["seq"] == done["seq"]
    assert answer.headers["preference-applied"] == LONG
    assert time.monotonic() - began < QUICKLY_S


def test_what_concerns_another_bot_wakes_nobody(world, waiting):
    world.placet.live(prompt(name="acme/other"))
    time.sleep(0.3)

    assert world.chatbots.news.waiting == 1
    assert not waiting.done()
    world.placet.live(prompt(version="1.1.0", text="Say less."))
    assert waiting.result(QUICKLY_S).status_code == 200


def test_a_bot_that_is_deleted_meanwhile_is_told_as_deleted(world, waiting):
    world.placet.activate(world.placet.submit(deleted=["bots/acme/support"]))

    assert waiting.result(QUICKLY_S).status_code == 410


def test_a_token_that_ends_meanwhile_is_refused(world, waiting):
    world.placet.clock.forward(days=2)
    world.placet.live(prompt(version="1.1.0", text="Say less."))

    assert waiting.result(QUICKLY_S).status_code == 401


def test_the_end_of_the_server_answers_whoever_waits(world, waiting):
    world.server.should_exit = True

    assert waiting.result(QUICKLY_S).status_code == 304


def test_whoever_hangs_up_waits_no_longer(world, chatbot):
    etag = chatbot.head().headers["etag"]
    headers = {"If-None-Match": etag, "Prefer": LONG}
    gone = Thread(target=given_up, args=(chatbot.client, headers))
    gone.start()
    soon(lambda: world.chatbots.news.waiting == 1)
    gone.join()

    soon(lambda: world.chatbots.news.waiting == 0)
    assert world.chatbots.news.held == 0


def given_up(client, headers) -> None:
    with pytest.raises(httpx2.ReadTimeout):
        client.get(HEAD, headers=headers, timeout=1.0)


def test_the_same_head_is_not_changed_when_the_time_is_over(chatbot):
    etag = chatbot.head().headers["etag"]

    began = time.monotonic()
    answer = chatbot.head(If_None_Match=etag, Prefer="wait=1")

    assert answer.status_code == 304
    assert answer.headers["preference-applied"] == "wait=1"
    assert answer.headers["etag"] == etag
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Prefer": LONG},
        {"Prefer": LONG, "If_None_Match": '"sha256:other"'},
        {"Prefer": "wait=soon", "If_None_Match": "*"},
        {"Prefer": "wait=0", "If_None_Match": "*"},
        {"Prefer": "return=minimal", "If_None_Match": "*"},
    ],
)
def test_whoever_has_nothing_to_wait_for_is_answered_at_once(world, chatbot, headers):
    answer = chatbot.head(**headers)

    assert answer.status_code == (304 if headers.get("If_None_Match") == "*" else 200)
    assert "preference-applied" not in answer.headers


def test_beyond_the_bound_nobody_waits(serve):
    with serve(most=0) as world:
        world.placet.live(bot(), prompt())
        chatbot = Chatbot(world)
        with chatbot.client:
            answer = chatbot.head(If_None_Match="*", Prefer=LONG)

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["hint"]


def test_a_wait_is_one_fetch(world, waiting, counting):
    world.placet.live(prompt(version="1.1.0", text="Say less."))
    waiting.result(QUICKLY_S)
    counting.finish()

    told = world.placet.signed_in("viewer").get(f"{HERE}/fetches?bot=acme/support")
    seqs = {one["seq"]: one["count"] for one in told.json()["items"]}
    assert seqs == {1: 1, 2: 1}


def test_a_seq_that_is_waited_for_is_answered_as_soon_as_it_is_there(world, chatbot):
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(chatbot.client.get, f"{HEAD}?min_seq=2")
        soon(lambda: world.chatbots.news.waiting == 1)
        world.placet.live(prompt(version="1.1.0", text="Say less."))

        assert answer.result(QUICKLY_S).headers["placet-seq"] == "2"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ([b"wait=30"], 30),
        ([b"respond-async, WAIT=5;x=y"], 5),
        ([b'wait="7"'], 7),
        ([b"return=minimal", b"wait=8"], 8),
        ([b"wait=9, wait=3"], 9),
        ([b"wait=3600"], MAX_WAIT_S),
        ([b"wait=" + b"9" * 5000], 0),
        ([b"wait=-1"], 0),
        ([b"wait"], 0),
        ([b""], 0),
        ([], 0),
    ],
)
def test_how_long_a_request_would_rather_wait(said, meant):
    assert preferred_wait_s((b"prefer", one) for one in said) == meant


@pytest.fixture
def live(registry):
    return LiveSnapshots(registry.engine)


def test_a_change_is_told_once_and_what_has_not_changed_is_not(live, placet):
    told = []
    live.subscribe(lambda: told.append(live.get("development").seq))

    live.refresh()
    placet.live(prompt())
    placet.live(prompt(version="1.1.0", text="Say less."))
    live.refresh()
    live.refresh()

    assert told == [2]


def test_a_listener_that_fails_keeps_no_other_from_hearing(live, placet, caplog):
    told = []
    live.subscribe(lambda: 1 / 0)
    live.subscribe(lambda: told.append(1))

    placet.live(prompt())
    live.refresh()

    assert told == [1]
    assert live.get("development").seq == 1
    assert "could not be told" in caplog.text
