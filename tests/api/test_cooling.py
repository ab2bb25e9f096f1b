"""What somebody was just given cools down, in every act that a seat decides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.api import bound, matrix_world
from tests.api.matrix import ROWS
from tests.api.matrix_world import (
    HERE,
    PASSWORD,
    POLICY,
    World,
    ask,
    attach,
    world,
)

ANOTHER = "another horse battery"
ACTS = [
    "vote",
    "clear_veto",
    "waive",
    "activate_in_emergency",
    "judge",
    "certify",
]
COOLING = POLICY + "seat_hours: 24\n"
ADDRESSES = {row.asks: key[:2] for key, row in ROWS.items() if row.asks in ACTS}


@pytest.fixture(scope="module")
def cooling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Seats cool down for a day."""
    path = tmp_path_factory.mktemp("cooling") / "registry"
    with world(path, COOLING) as made:
        yield made


def asks(world: World, client: TestClient, act: str) -> tuple[int, str]:
    asked = getattr(matrix_world, act)(world, "seat")
    return ask(client, *ADDRESSES[act], asked)


def signs_in(world: World, handle: str, password: str = PASSWORD) -> TestClient:
    body = {"handle": handle, "password": password}
    answer = world.placet.anonymous().post("/v1/sessions", json=body)
    return world.placet.bearing(answer.json()["token"])


def appointed(world: World) -> str:
    """Somebody new, to whom two administrators have given the seat."""
    handle = world.fresh().replace("/", "-")
    body = {"roles": [], "seats": ["risk"], "active": True}
    asked = world.does("admin", "PUT", f"/v1/people/{handle}", body)["asked_for"]
    confirmation = {"proposed": asked["number"]}
    path = f"/v1/people/{handle}/confirmation"
    world.does("admin2", "POST", path, confirmation)
    return handle


def reset(world: World) -> None:
    """An administrator gives somebody who has long had the seat a new password."""
    answer = world.placet.signed_in("admin").post(
        "/v1/people/seat/password", json={"password": PASSWORD}
    )
    assert answer.status_code == 204


def changes_it(world: World) -> None:
    answer = signs_in(world, "seat").post(
        "/v1/people/seat/password", json={"password": ANOTHER, "current": PASSWORD}
    )
    assert answer.status_code == 204


@pytest.mark.parametrize("act", ACTS)
def test_what_the_first_people_held_never_cools_down(cooling: World, act: str):
    status, text = asks(cooling, cooling.placet.signed_in("seat"), act)

    assert status == 201, text


@pytest.mark.parametrize("act", ACTS)
def test_a_seat_that_two_administrators_gave_cools_down(cooling: World, act: str):
    newcomer = cooling.placet.signed_in(appointed(cooling))

    status, text = asks(cooling, newcomer, act)

    assert (status, "cools down" in text) == (403, True), text


def test_whoever_asks_is_told_which_seats_cool_down_and_until_when(cooling: World):
    handle = appointed(cooling)

    newcomer = cooling.placet.signed_in(handle).get("/v1/sessions/current").json()
    long_there = cooling.placet.signed_in("seat").get("/v1/sessions/current").json()

    assert {one["seat"] for one in newcomer["cooling"]} == {"risk"}
    assert all(
        one["until"] > cooling.placet.clock.at.isoformat()
        for one in newcomer["cooling"]
    )
    assert long_there["cooling"] == []


def test_a_change_says_from_when_on_a_new_seat_can_vote_on_it(cooling: World):
    number = cooling.submits()["id"]
    handle = appointed(cooling)

    newcomer = cooling.placet.signed_in(handle)
    you = newcomer.get(f"/v1/changes/{number}").json()["you"]
    seats = newcomer.get("/v1/sessions/current").json()["cooling"]

    assert you["may_vote"] == []
    assert f"The seat risk of {handle} was given by somebody else" in you["why_not"]
    assert f"It speaks from {seats[0]['until'][:10]}" in you["why_not"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("then", ["as it was given", "changed by the person"])
def test_a_password_that_an_administrator_set_cools_down(
    cooling: World, act: str, then: str
):
    reset(cooling)
    password = PASSWORD
    if then == "changed by the person":
        changes_it(cooling)
        password = ANOTHER

    status, text = asks(cooling, signs_in(cooling, "seat", password), act)

    assert (status, "the password of seat" in text) == (403, True), text


def test_no_administrator_confirms_with_the_password_that_they_gave_another(tmp_path):
    with world(tmp_path / "registry") as made:
        admin = made.placet.signed_in("admin")
        body = {"roles": [], "seats": ["risk"], "active": True}
        asked = admin.put("/v1/people/puppet", json=body).json()["asked_for"]
        admin.post("/v1/people/admin2/password", json={"password": ANOTHER})
        other = signs_in(made, "admin2", ANOTHER)
        confirmation = {"proposed": asked["number"]}

        at_once = other.post("/v1/people/puppet/confirmation", json=confirmation)
        asks_too = other.put("/v1/people/puppet", json=body)
        made.placet.clock.forward(hours=25)
        later = signs_in(made, "admin2", ANOTHER).post(
            "/v1/people/puppet/confirmation", json=confirmation
        )

    assert (at_once.status_code, asks_too.status_code) == (403, 403)
    assert "the password of admin2" in at_once.json()["detail"]
    assert later.status_code == 200


def test_one_administrator_alone_makes_nobody_who_answers_for_what_is_live(tmp_path):
    with world(tmp_path / "registry") as made:
        bot = bound.bot(name="acme/night", main="acme/chat")
        owned = bot.replace("owner: product", "owner: night-shift")
        made.placet.live(owned, environment=HERE)
        admin = made.placet.signed_in("admin")
        nothing = {"roles": [], "seats": [], "active": True}

        answer = admin.put("/v1/people/night-shift", json=nothing).json()
        password = admin.post(
            "/v1/people/night-shift/password", json={"password": ANOTHER}
        )

    assert (answer["active"], answer["asked_for"]["by"]) == (False, "admin")
    assert password.status_code == 404


def test_nobody_vouches_with_the_password_that_they_gave_an_evaluator(tmp_path):
    with world(tmp_path / "registry", COOLING) as made:
        admin = made.placet.signed_in("admin")
        admin.post("/v1/people/evaluator/password", json={"password": ANOTHER})
        token = {"purpose": "a test", "scope": "check", "days": 1}
        person = signs_in(made, "evaluator", ANOTHER)
        secret = person.post("/v1/tokens", json=token).json()["token"]

        answers = [
            ask(client, "POST", "/v1/changes/{change}/checks", attach(made, ""))
            for client in (person, made.placet.bearing(secret))
        ]

    for status, text in answers:
        assert (status, "the password of evaluator" in text) == (403, True), text


def test_nobody_clears_a_veto_with_the_password_that_they_gave_its_author(tmp_path):
    with world(tmp_path / "registry", COOLING) as made:
        change = made.submits()
        veto = {"verdict": "veto", "seat": "risk", "reason": "No."}
        path = f"/v1/changes/{change['id']}"
        body = {"review_digest": change["review_digest"], **veto}
        made.does("seat", "POST", f"{path}/votes", body)
        reset(made)

        answer = signs_in(made, "seat").post(
            f"{path}/veto-clearances", json={"veto_by": "seat", "reason": "Fine."}
        )

    assert (answer.status_code, "the password of seat" in answer.text) == (403, True)


def test_it_speaks_when_it_has_cooled_down(tmp_path: Path):
    with world(tmp_path / "registry", COOLING) as cooling:
        newcomer = appointed(cooling)
        reset(cooling)
        cooling.placet.clock.forward(hours=25)
        cooling.clients.clear()

        answers = [
            asks(cooling, client, act)
            for client in (
                cooling.placet.signed_in(newcomer),
                signs_in(cooling, "seat"),
            )
            for act in ACTS
        ]

    assert {status for status, _ in answers} == {201}, answers


def test_everybody_sees_until_when_a_seat_that_was_given_cools_down(cooling: World):
    handle = appointed(cooling)

    people = cooling.does("author", "GET", "/v1/people?limit=200", None)["items"]

    (new,) = [one for one in people if one["handle"] == handle]
    assert {one["seat"] for one in new["cooling"]} == {"risk"}
    (long_there,) = [one for one in people if one["handle"] == "seat"]
    assert long_there["cooling"] == []
