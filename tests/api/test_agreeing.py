"""What a policy asks of agreeing, over HTTP: a recent sign-in, and a reason."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.api import matrix_world
from tests.api.matrix import ROWS
from tests.api.matrix_world import POLICY, World, ask, world

ASKING = (
    POLICY + "recent_sign_in: {{tiers: [low, medium, high], minutes: 15}}\n"
    "reason_tiers: [low, medium, high]\n"
)
ACTS = ["vote", "judge"]
ADDRESSES = {row.asks: key[:2] for key, row in ROWS.items() if row.asks in ACTS}
AGAIN = "This takes a sign-in of the last 15 minutes."


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Every tier takes both."""
    with world(tmp_path_factory.mktemp("agreeing") / "registry", ASKING) as made:
        yield made


def asks(
    world: World, client: TestClient, act: str, reason: str = "I have read it."
) -> tuple[int, str]:
    asked = getattr(matrix_world, act)(world, "seat")
    body = {**asked.body, "reason": reason}
    return ask(client, *ADDRESSES[act], replace(asked, body=body))


def you(client: TestClient, change: dict) -> dict:
    return client.get(f"/v1/changes/{change['id']}").json()["you"]


@pytest.mark.parametrize("act", ACTS)
def test_agreeing_takes_a_new_sign_in_once_the_old_one_is_too_old(
    asking: World, act: str
):
    client = asking.placet.signed_in("seat")
    asking.placet.clock.forward(minutes=16)

    status, text = asks(asking, client, act)
    again, told = asks(asking, asking.placet.signed_in("seat"), act)

    assert (status, "session-needed" in text, AGAIN in text) == (403, True, True)
    assert again == 201, told


@pytest.mark.parametrize("act", ACTS)
def test_agreeing_takes_a_reason(asking: World, act: str):
    status, text = asks(asking, asking.placet.signed_in("seat"), act, reason="")

    assert (status, "needs a reason here" in text) == (422, True), text


def test_whoever_opens_a_change_is_told_what_approving_it_takes(asking: World):
    change = asking.submits()
    client = asking.placet.signed_in("seat")

    at_once = you(client, change)
    asking.placet.clock.forward(minutes=16)
    later = you(client, change)

    assert (at_once["sign_in_again"], at_once["reason_needed"]) == (None, True)
    assert (later["sign_in_again"], later["reason_needed"]) == (AGAIN, True)


def test_nothing_is_asked_where_the_policy_says_nothing(tmp_path: Path):
    with world(tmp_path / "registry") as made:
        client = made.placet.signed_in("seat")
        made.placet.clock.forward(minutes=29)

        told = you(client, made.submits())
        status, text = asks(made, client, "vote", reason="")

    assert (told["sign_in_again"], told["reason_needed"]) == (None, False)
    assert status == 201, text
