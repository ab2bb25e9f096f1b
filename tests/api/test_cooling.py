"""What somebody was just given cools down, in every act that a seat decides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.api import matrix_world
from tests.api.matrix import ROWS
from tests.api.matrix_world import PASSWORD, POLICY, World, ask, world

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
