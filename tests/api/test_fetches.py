"""Who fetched what: what counts, who is behind, and that reads never wait for it."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from registry.api.app import create_app
from registry.api.asked import parse_path
from registry.api.bearer import Scope
from registry.api.counting import Counting
from registry.db.fetches import Fetches
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

HERE = "/v1/environments/development"
BOT = f"{HERE}/bots/acme/support"
PROMPT = f"{HERE}/prompts/acme/refunds"
NOON = "2026-05-03T12:00:00Z"

Told = Callable[..., list[JsonObject]]


@pytest.fixture
def reader(placet: Placet) -> TestClient:
    """A chatbot, with a bot live for it."""
    placet.live(texts.bot(), texts.prompt())
    return placet.machine(Scope.READ)


@pytest.fixture
def told(placet: Placet, counting: Counting) -> Told:
    """What a viewer reads of `fetches` or `clients`, when everything is written."""

    def told(what: str, **query: object) -> list[JsonObject]:
        counting.finish()
        answer = placet.signed_in("viewer").get(f"{HERE}/{what}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    return told


def reword(placet: Placet, version: str = "1.1.0") -> None:
    placet.live(texts.prompt(version=version, text=f"Answer briefly, {version}."))


def minute(moment: str | None) -> str | None:
    """No two events are of one moment, so that they differ by microseconds."""
    return moment and moment[11:16]


def counts(found: list[JsonObject]) -> dict[tuple[str, int], int]:
    return {(one["document"], one["seq"]): one["count"] for one in found}


def test_what_is_fetched_is_told_by_document_and_seq(
    placet: Placet, reader: TestClient, told: Told
):
    for path in (BOT, PROMPT, PROMPT):
        reader.get(path)
    placet.clock.forward(minutes=90)
    placet.machine(Scope.READ, environments=("development",)).get(BOT)

    assert told("fetches") == [
        {
            "document": "bots/acme/support",
            "seq": 1,
            "count": 2,
            "clients": 2,
            "first_seen": NOON,
            "last_seen": "2026-05-03T13:30:00Z",
            "live": True,
        },
        {
            "document": "prompts/acme/refunds",
            "seq": 1,
            "count": 2,
            "clients": 1,
            "first_seen": NOON,
            "last_seen": NOON,
            "live": True,
        },
    ]


def test_a_poll_of_the_head_counts_whether_or_not_something_is_new(
    reader: TestClient, told: Told
):
    etag = reader.get(f"{BOT}/head").headers["etag"]

    again = reader.get(f"{BOT}/head", headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert counts(told("fetches")) == {("bots/acme/support", 1): 2}


def test_who_asks_again_was_seen_then(placet: Placet, reader: TestClient, told: Told):
    reader.get(BOT)
    placet.clock.forward(seconds=1)
    reader.get(BOT)

    (client,) = told("clients")

    assert client["first_seen"] == NOON
    assert client["last_seen"] == "2026-05-03T12:00:01Z"


def test_the_seq_is_the_one_since_which_it_reads_like_that(
    placet: Placet, reader: TestClient, told: Told
):
    placet.live(texts.prompt(name="acme/other"))

    reader.get(BOT)
    reader.get(PROMPT)

    assert reader.get(PROMPT).headers["placet-seq"] == "2"
    assert {one["seq"] for one in told("fetches")} == {1}


def test_a_read_that_waits_or_wants_a_range_counts_when_it_is_answered(
    reader: TestClient, told: Told
):
    reader.get(PROMPT, params={"min_seq": 1})
    reader.get(PROMPT, params={"version": "^1.0"})
    refused = reader.get(PROMPT, params={"version": "^2.0"})

    assert refused.status_code == 409
    assert counts(told("fetches")) == {("prompts/acme/refunds", 1): 2}


def test_nothing_else_counts(placet: Placet, reader: TestClient, told: Told):
    digest = reader.get(f"{BOT}/head", params={"seq": 1}).json()["bundle"]
    away = placet.machine(Scope.READ, environments=("staging",))

    answers = [
        reader.get(BOT, params={"seq": 1}),
        reader.get(f"/v1/bundles/{digest}"),
        reader.get(f"{HERE}/bots/acme/nobody"),
        away.get(BOT),
        placet.anonymous().get(BOT),
    ]

    assert [one.status_code for one in answers] == [200, 200, 404, 403, 401]
    assert told("fetches") == told("clients") == []


def test_since_says_from_which_hour_on(
    placet: Placet, reader: TestClient, counting: Counting, told: Told
):
    reader.get(BOT)
    counting.finish()
    placet.clock.forward(hours=2)
    now = placet.clock().isoformat()
    reader.get(BOT)
    placet.clock.forward(hours=23)

    assert counts(told("fetches")) == {("bots/acme/support", 1): 1}
    assert counts(told("fetches", since=NOON)) == {("bots/acme/support", 1): 2}
    assert counts(told("fetches", since=now)) == {("bots/acme/support", 1): 1}
    assert len(told("fetches", since="0001-01-01T00:00:00+14:00")) == 1


def test_a_moment_that_has_not_come_is_no_begin(placet: Placet, reader: TestClient):
    answer = placet.signed_in("viewer").get(
        f"{HERE}/fetches", params={"since": "9999-12-31T23:59:59-14:00"}
    )

    assert answer.status_code == 422
    assert answer.json()["hint"]


def test_who_has_what_is_live_is_not_behind(reader: TestClient, told: Told):
    reader.get(BOT)

    (client,) = told("clients")

    assert client == {
        "document": "bots/acme/support",
        "handle": "operator",
        "via": client["via"],
        "seq": 1,
        "first_seen": NOON,
        "last_seen": NOON,
        "purpose": "a test",
        "ends": "2026-05-04T12:00:00Z",
        "live_seq": 1,
        "behind_since": None,
    }
    assert client["via"].startswith("token:")


def test_who_has_not_asked_since_something_else_went_live_is_behind(
    placet: Placet, reader: TestClient, told: Told
):
    reader.get(f"{BOT}/head")
    placet.clock.forward(minutes=10)
    reword(placet)
    placet.clock.forward(minutes=10)
    reword(placet, "1.2.0")

    (client,) = told("clients")
    (fetched,) = told("fetches")
    reader.get(f"{BOT}/head")
    (caught_up,) = told("clients")

    assert (client["seq"], client["live_seq"]) == (1, 3)
    assert minute(client["behind_since"]) == "12:10"
    assert fetched["live"] is False
    assert (caught_up["seq"], caught_up["behind_since"]) == (3, None)


def test_a_rollback_leaves_behind_who_has_what_it_undid(
    placet: Placet, reader: TestClient, told: Told
):
    reword(placet)
    placet.clock.forward(minutes=1)
    reader.get(BOT)
    operator = placet.signed_in("operator")
    body = {"undo": 2, "reason": "It is too brief"}
    done = operator.post(f"{HERE}/rollbacks", json=body)

    (client,) = told("clients")

    assert done.is_success, done.text
    assert (client["seq"], client["live_seq"]) == (2, 3)


def test_what_changes_for_others_leaves_nobody_behind(
    placet: Placet, reader: TestClient, told: Told
):
    reader.get(BOT)
    reader.get(PROMPT)

    placet.live(texts.prompt(name="acme/other"))

    assert {one["behind_since"] for one in told("clients")} == {None}


def test_a_bot_that_was_stopped_is_something_else(
    placet: Placet, reader: TestClient, told: Told
):
    reader.get(BOT)
    reader.get(PROMPT)
    stop = {"bot": "acme/support", "reason": "It promises"}
    placet.signed_in("risk").post(f"{HERE}/stops", json=stop)

    behind = {one["document"]: minute(one["behind_since"]) for one in told("clients")}

    assert behind == {"bots/acme/support": "12:00", "prompts/acme/refunds": None}


def test_what_a_stopped_bot_would_say_leaves_nobody_behind(
    placet: Placet, reader: TestClient, told: Told
):
    stop = {"bot": "acme/support", "reason": "It promises"}
    placet.signed_in("risk").post(f"{HERE}/stops", json=stop)
    reader.get(BOT)

    seq = reader.get(f"{BOT}/head").json()["seq"]
    reword(placet)

    (client,) = told("clients")
    assert reader.get(f"{BOT}/head").json()["seq"] == seq == client["live_seq"]
    assert client["behind_since"] is None


def test_who_has_what_was_deleted_is_behind(
    placet: Placet, reader: TestClient, told: Told
):
    reader.get(PROMPT)
    placet.clock.forward(minutes=5)
    placet.activate(
        placet.submit(deleted=["bots/acme/support", "prompts/acme/refunds"])
    )

    (client,) = told("clients")
    (fetched,) = told("fetches")

    assert (client["live_seq"], minute(client["behind_since"])) == (2, "12:05")
    assert fetched["live"] is False


@pytest.mark.parametrize("path", [BOT, f"{BOT}/head", PROMPT])
def test_who_was_told_that_it_is_deleted_is_not_behind(
    placet: Placet, reader: TestClient, told: Told, path: str
):
    other = placet.machine(Scope.READ, bots=("acme/support",))
    for client in (reader, other):
        client.get(path)
    gone = ["bots/acme/support", "prompts/acme/refunds"]
    placet.activate(placet.submit(deleted=gone))

    answer = reader.get(path)

    assert answer.status_code == 410
    found = {one["seq"]: minute(one["behind_since"]) for one in told("clients")}
    assert found == ({2: None} if path == PROMPT else {1: "12:00", 2: None})


def test_those_behind_come_first_page_by_page(
    placet: Placet, reader: TestClient, counting: Counting
):
    readers = [placet.machine(Scope.READ) for _ in range(4)]
    for client in readers:
        client.get(BOT)
    reword(placet)
    for client in readers[:2]:
        client.get(BOT)
    counting.finish()
    viewer = placet.signed_in("viewer")

    found: list[JsonObject] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = viewer.get(f"{HERE}/clients", params=query).json()
        found += page["items"]
        cursor = page["next"]

    assert [bool(one["behind_since"]) for one in found] == [True, True, False, False]
    assert len({one["via"] for one in found}) == 4


def test_lists_of_one_bot_have_nothing_else(
    placet: Placet, reader: TestClient, told: Told
):
    placet.live(texts.bot(name="acme/other"))
    for path in (BOT, PROMPT, f"{HERE}/bots/acme/other"):
        reader.get(path)

    for what in ("fetches", "clients"):
        found = told(what, bot="acme/other")
        assert [one["document"] for one in found] == ["bots/acme/other"]


@pytest.mark.parametrize("what", ["fetches", "clients"])
def test_a_bot_that_was_never_live_is_not_found(
    placet: Placet, reader: TestClient, what: str
):
    answer = placet.signed_in("viewer").get(
        f"{HERE}/{what}", params={"bot": "acme/misspelt"}
    )

    assert answer.status_code == 404
    assert "placet search" in answer.json()["hint"]


def test_a_bot_that_nobody_has_fetched_has_an_empty_list(reader, told: Told):
    assert told("clients", bot="acme/support") == []
    assert told("fetches", bot="acme/support") == []


def test_a_person_is_a_client_without_a_token(
    placet: Placet, reader: TestClient, told: Told
):
    for _ in range(2):
        placet.signed_in("viewer").get(BOT)

    (client,) = told("clients")

    assert (client["handle"], client["via"]) == ("viewer", "session")
    assert (client["purpose"], client["ends"]) == ("", None)


def test_a_person_keeps_no_copy_and_is_never_behind(
    placet: Placet, reader: TestClient, told: Told
):
    placet.signed_in("viewer").get(BOT)
    reword(placet)

    (client,) = told("clients")

    assert (client["seq"], client["live_seq"]) == (1, 2)
    assert client["behind_since"] is None


def test_a_client_whose_token_was_revoked_still_has_what_it_was_told(
    placet: Placet, reader: TestClient, told: Told
):
    reader.get(BOT)
    placet.clock.forward(minutes=1)
    placet.parts.operations.end_everything("operator", placet.clock())
    reword(placet)

    (client,) = told("clients")

    assert client["ends"] == "2026-05-03T12:01:00Z"
    assert minute(client["behind_since"]) == "12:01"


def test_no_secret_of_a_token_is_kept(
    placet: Placet, reader: TestClient, counting: Counting, home
):
    reader.get(BOT)
    counting.finish()

    secret = reader.headers["authorization"].split()[1].encode()
    files = [path.read_bytes() for path in home.path.glob("fetches.db*")]

    assert files
    assert all(secret not in data and b"plc_" not in data for data in files)


def refusing(engine: Engine, failing: list[bool]) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def fail(connection, cursor, statement, *rest):
        if failing and statement.startswith(("INSERT", "DELETE")):
            raise OperationalError(statement, None, Exception("the disk is full"))


def test_what_cannot_be_written_is_written_later_and_said_once(
    placet: Placet, reader: TestClient, counting: Counting, told: Told, caplog
):
    failing = [True]
    refusing(counting.fetches._engine, failing)

    with caplog.at_level(logging.WARNING, logger="registry.api.counting"):
        for _ in range(3):
            assert reader.get(BOT).status_code == 200
            counting.finish()
        failing.clear()
        found = told("fetches")

    assert counts(found) == {("bots/acme/support", 1): 3}
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_what_waits_to_be_written_is_bounded(
    placet: Placet, reader: TestClient, counting: Counting, told: Told
):
    failing = [True]
    refusing(counting.fetches._engine, failing)
    few = Counting(counting.fetches, placet.clock, most=3)
    asked, grant = parse_path(BOT), next(iter(placet.parts.grants._grants.values()))

    for seq in range(1, 10):
        few.add(grant, asked, seq, placet.clock())
        few.finish()
    few.add(grant, asked, 1, placet.clock())
    failing.clear()
    few.finish()

    assert sum(one["count"] for one in told("fetches")) == 4


def test_a_read_is_written_by_the_second_round_after_it(
    placet: Placet, reader: TestClient, counting: Counting
):
    reader.get(BOT)
    fetches, since = counting.fetches, placet.clock() - timedelta(hours=1)

    written = []
    for _ in range(3):
        counting.flush()
        found = fetches.list_fetched("development", None, since=since)
        written.append(sum(one.count for one in found))

    assert written == [0, 1, 1]


def test_what_is_old_is_forgotten_once_an_hour(
    placet: Placet, reader: TestClient, counting: Counting, told: Told
):
    reader.get(BOT)
    counting.finish()
    placet.clock.forward(days=80)
    placet.machine(Scope.READ).get(BOT)
    counting.finish()

    hours = counting.fetches.list_fetched(
        "development", None, since=placet.clock() - timedelta(days=100)
    )
    before = len(told("clients"))
    placet.clock.forward(days=11)

    assert [one.count for one in hours] == [1]
    assert (before, len(told("clients"))) == (2, 1)


def test_a_server_that_answers_no_chatbots_says_that_it_counts_nothing(
    placet: Placet, operations: Engine
):
    app = create_app(placet.parts.opened, operations, placet.clock)
    other = Placet(app=app, parts=placet.parts, clock=placet.clock)
    secret = placet.signed_in("viewer").headers["authorization"].split()[1]
    app.behind.state.parts.grants.refresh()

    answer = other.bearing(secret).get(f"{HERE}/clients")

    assert answer.status_code == 503
    assert answer.json()["hint"]


def test_two_servers_add_to_the_same_counts(
    placet: Placet, reader: TestClient, counting: Counting, told: Told
):
    other = Counting(Fetches(counting.fetches._engine), placet.clock)
    asked, grant = parse_path(BOT), next(iter(placet.parts.grants._grants.values()))

    reader.get(BOT)
    counting.finish()
    for _ in range(4):
        other.add(grant, asked, 1, placet.clock())
    other.finish()

    assert counts(told("fetches")) == {("bots/acme/support", 1): 5}


def test_whose_token_has_ended_can_be_left_out(
    placet: Placet, reader: TestClient, told: Told
):
    reader.get(PROMPT)
    (token,) = placet.signed_in("admin").get("/v1/tokens").json()["items"]
    (both,) = (told("clients", ended=False), told("clients", ended=True))[:1]
    placet.signed_in("admin").delete(f"/v1/tokens/{token['id']}")

    assert [one["via"] for one in both] == [f"token:{token['id']}"]
    assert told("clients", ended=False) == []
    assert [one["via"] for one in told("clients", ended=True)] == [both[0]["via"]]
