"""Where notices go, and what went out, over HTTP."""

import json

import pytest
from sqlalchemy import Engine, select
from standardwebhooks import Webhook

from registry.api.app import create_app, routes_of
from registry.api.bearer import Scope
from registry.db.deliveries import NOTICE, Deliveries, parse_notice
from registry.notices import recipients
from registry.outbox import Outgoing, parse_allowed
from registry.writer import Open
from tests.api.conftest import Placet
from tests.conftest import SettableClock
from tests.outbox.conftest import make_notice, receiver
from tests.outbox.receivers import Receiver

__all__ = ["receiver"]

TARGETS = "/v1/notification-targets"


@pytest.fixture
def placet(
    registry: Open, operations: Engine, clock: SettableClock, receiver: Receiver
) -> Placet:
    """One whose operator allows the receiver, and that sends no mails."""
    allowed = parse_allowed([receiver.url])
    outgoing = Outgoing(
        allowed=allowed, mail=None, url="https://placet.example.com", console=None
    )
    app = create_app(registry, operations, clock, outgoing=outgoing)
    return Placet(app=app, parts=routes_of(app).state.parts, clock=clock)


def webhook(receiver: Receiver, name: str = "ci", **more) -> dict:
    body = {"kind": "webhook", "name": name, "address": f"{receiver.url}/x?token=1"}
    return {**body, **more}


def added(placet: Placet, body: dict) -> dict:
    answer = placet.signed_in("admin").post(TARGETS, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_administrator_adds_a_target_and_its_secret_is_told_once(
    placet: Placet, receiver: Receiver
):
    made = added(placet, webhook(receiver, environments=["production"]))

    listed = placet.signed_in("admin").get(TARGETS)
    assert made["secret"].startswith("whsec_")
    assert listed.json()["items"] == [made | {"secret": None}]
    assert made["host"] == receiver.url.removeprefix("http://")
    assert "token=1" not in listed.text
    assert made["environments"] == ["production"]


@pytest.mark.parametrize("handle", ["author", "operator", "board", "viewer"])
def test_nobody_else_says_where_notices_go(
    placet: Placet, receiver: Receiver, handle: str
):
    target = added(placet, webhook(receiver))["id"]
    client = placet.signed_in(handle)

    answers = [
        client.get(TARGETS),
        client.post(TARGETS, json=webhook(receiver, "other")),
        client.delete(f"{TARGETS}/{target}"),
        client.post(f"{TARGETS}/{target}/secret"),
        client.post(f"{TARGETS}/{target}/test"),
        client.get("/v1/notifications"),
    ]

    assert {one.status_code for one in answers} == {403}
    assert len(placet.signed_in("admin").get(TARGETS).json()["items"]) == 1
    assert receiver.received == []


def test_a_token_of_an_administrator_says_nothing_of_where_notices_go(placet: Placet):
    client = placet.machine(Scope.OPERATE, handle="admin")

    answer = client.get(TARGETS)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"address": "https://127.0.0.1/"}, 403),
        ({"address": "https://169.254.169.254/latest"}, 403),
        ({"address": "https://[::ffff:127.0.0.1]/"}, 403),
        ({"address": "http://hooks.example.com/"}, 422),
        ({"address": "https://user@hooks.example.com/"}, 422),
        ({"address": "https://2130706433/"}, 422),
        ({"address": ""}, 422),
        ({"kind": "slack", "address": "https://10.0.0.1/"}, 403),
        ({"kind": "email"}, 422),
        ({"kind": "email", "address": ""}, 422),
        ({"kind": "pigeon"}, 422),
        ({"name": ""}, 422),
        ({"name": "two\nlines"}, 422),
        ({"kinds": ["Not One"]}, 422),
        ({"urgency": "very"}, 422),
        ({"environments": ["nowhere"]}, 404),
        ({"secret": "whsec_mine"}, 422),
    ],
)
def test_what_cannot_be_a_target_is_refused_with_what_to_do(
    placet: Placet, receiver: Receiver, body: dict, status: int
):
    client = placet.signed_in("admin")

    answer = client.post(TARGETS, json=webhook(receiver, **body))

    assert answer.status_code == status, answer.text
    assert answer.json()["hint"]
    assert client.get(TARGETS).json()["items"] == []


def test_no_two_targets_are_called_the_same(placet: Placet, receiver: Receiver):
    added(placet, webhook(receiver))

    answer = placet.signed_in("admin").post(TARGETS, json=webhook(receiver))

    assert answer.status_code == 409


def test_there_are_fifty_targets_at_most(placet: Placet, receiver: Receiver):
    for number in range(50):
        added(placet, webhook(receiver, f"n{number}"))

    answer = placet.signed_in("admin").post(TARGETS, json=webhook(receiver, "more"))

    assert answer.status_code == 409
    assert "50 targets" in answer.json()["detail"]


def test_a_target_is_tried_out_at_once_and_signed(placet: Placet, receiver: Receiver):
    made = added(placet, webhook(receiver))

    answer = placet.signed_in("admin").post(f"{TARGETS}/{made['id']}/test")

    assert answer.json() == {"delivered": True, "problem": ""}
    (received,) = receiver.received
    assert json.loads(received.body)["type"] == "trial"
    signature = received.headers["webhook-signature"].partition(",")[2]
    at = placet.clock()
    text = received.body.decode()
    signed = Webhook(made["secret"]).sign(received.headers["webhook-id"], at, text)
    assert signed.partition(",")[2] == signature


def test_a_target_that_refuses_is_told_when_it_is_tried_out(
    placet: Placet, receiver: Receiver
):
    made = added(placet, webhook(receiver))
    receiver.status = 404

    answer = placet.signed_in("admin").post(f"{TARGETS}/{made['id']}/test")

    assert answer.json() == {"delivered": False, "problem": "it answered 404"}


def test_a_new_secret_signs_at_once_and_the_one_before_for_a_day(
    placet: Placet, receiver: Receiver
):
    made, client = added(placet, webhook(receiver)), placet.signed_in("admin")

    rotated = client.post(f"{TARGETS}/{made['id']}/secret").json()
    client.post(f"{TARGETS}/{made['id']}/test")

    assert rotated["secret"] not in {made["secret"], None}
    assert rotated["old_until"] == "2026-05-04T12:00:00Z"
    (received,) = receiver.received
    assert len(received.headers["webhook-signature"].split()) == 2


def test_a_slack_target_has_no_secret_to_replace(placet: Placet, receiver: Receiver):
    made = added(placet, webhook(receiver, kind="slack"))

    answer = placet.signed_in("admin").post(f"{TARGETS}/{made['id']}/secret")

    assert made["secret"] is None
    assert answer.status_code == 409


def test_a_target_that_is_removed_is_not_there_any_more(
    placet: Placet, receiver: Receiver
):
    made, client = added(placet, webhook(receiver)), placet.signed_in("admin")
    path = f"{TARGETS}/{made['id']}"

    removed = client.delete(path)

    assert removed.status_code == 204
    assert client.get(TARGETS).json()["items"] == []
    assert client.delete(path).status_code == 404
    assert client.post(f"{path}/test").status_code == 404


def test_what_went_out_is_listed_newest_first_and_a_page_at_a_time(
    placet: Placet, receiver: Receiver, operations: Engine
):
    added(placet, webhook(receiver))
    deliveries = Deliveries(operations)
    for cause in "abc":
        deliveries.post([make_notice(cause, subject=cause)], {}, at=placet.clock())
    client = placet.signed_in("admin")

    first = client.get("/v1/notifications", params={"limit": 2}).json()
    rest = client.get("/v1/notifications", params={"cursor": first["next"]}).json()

    assert [one["subject"] for one in first["items"]] == ["c", "b"]
    assert [one["subject"] for one in rest["items"]] == ["a"]
    assert {one["outcome"] for one in first["items"]} == {"waiting"}
    only = client.get("/v1/notifications", params={"outcome": "failed"}).json()
    assert only["items"] == []


def test_what_the_list_says_of_a_target_has_no_secret_in_it(
    placet: Placet, receiver: Receiver, operations: Engine
):
    made = added(placet, webhook(receiver))
    Deliveries(operations).post([make_notice()], {}, at=placet.clock())

    text = placet.signed_in("admin").get("/v1/notifications").text

    assert made["secret"] not in text
    assert "token=1" not in text


def test_a_password_that_an_administrator_sets_is_told(
    placet: Placet, receiver: Receiver, operations: Engine
):
    added(placet, webhook(receiver))
    body = {"password": "correct horse battery"}

    placet.signed_in("admin").post("/v1/people/author/password", json=body)

    listed = placet.signed_in("admin2").get("/v1/notifications").json()["items"]
    (told,) = [one for one in listed if one["kind"] == "password-set"]
    assert told["subject"] == "admin has set the password of author"
    with operations.connect() as connection:
        (notice,) = connection.execute(select(NOTICE.c.body)).scalars()
    who = recipients(parse_notice(notice), placet.parts.opened.writer.state.people)
    assert who == ("admin2", "author")
