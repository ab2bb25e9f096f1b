"""What other processes change, and what happens when a table cannot be written."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from registry.api.bearer import Scope
from registry.db.operations import Operations
from registry.writer import Home
from tests.api import texts
from tests.api.conftest import Placet

PATIENCE_S = 10


def refuse(placet: Placet, engine, words: str) -> None:
    """From now on the database refuses statements that begin with *words*."""

    @event.listens_for(engine, "before_cursor_execute")
    def fail(connection, cursor, statement, *rest):
        if statement.startswith(words):
            raise OperationalError(statement, None, Exception("the disk is full"))


def test_what_another_process_revokes_is_refused_about_a_second_later(
    placet: Placet, home: Home
):
    placet.live(texts.prompt())
    machine = placet.machine(Scope.READ)
    path = "/v1/environments/development/prompts/acme/refunds"
    other = home.open_operations()

    with TestClient(placet.app):  # begins what goes on while it is served
        Operations(other).end_everything("operator", placet.clock())
        until = time.monotonic() + PATIENCE_S
        while machine.get(path).status_code == 200 and time.monotonic() < until:
            time.sleep(0.05)

    other.dispose()
    assert machine.get(path).status_code == 401


def test_what_is_operational_survives_a_power_cut(home: Home):
    engine = home.open_operations()

    with engine.connect() as connection:
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()

    engine.dispose()
    assert synchronous == 2


def test_nobody_is_told_of_a_vote_that_could_not_be_written(placet: Placet):
    change = placet.submit(texts.prompt(), environment="production")
    client = placet.signed_in("product")
    refuse(placet, placet.parts.opened.engine, "INSERT INTO event")

    answer = client.post(
        f"/v1/changes/{change['id']}/votes",
        json={
            "review_digest": change["review_digest"],
            "verdict": "approve",
            "seat": "product",
        },
    )

    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:placet:problem:unavailable"
    assert client.get(f"/v1/changes/{change['id']}").json()["votes"] == []


def test_nobody_is_told_a_token_that_could_not_be_kept(placet: Placet, operations):
    client = placet.signed_in("operator")
    refuse(placet, operations, "INSERT INTO token")

    answer = client.post(
        "/v1/tokens", json={"purpose": "bot", "scope": "read", "days": 1}
    )

    assert answer.status_code == 503
    assert "plc_" not in answer.text
    assert "disk" not in answer.text


def test_reading_goes_on_when_a_session_cannot_be_kept_alive(
    placet: Placet, operations
):
    client = placet.signed_in("viewer")
    refuse(placet, operations, "UPDATE session")

    placet.clock.forward(minutes=5)

    assert client.get("/v1/changes").status_code == 200


def test_ended_sessions_are_forgotten(placet: Placet):
    placet.signed_in("viewer")
    placet.clock.forward(hours=13)

    placet.signed_in("author")

    longest = timedelta(days=1000)
    sessions, _, _ = placet.parts.operations.usable(
        placet.clock() - timedelta(hours=13), longest
    )
    assert [session.handle for session in sessions] == ["author"]


@pytest.mark.parametrize("name", ["", "A Name"])
def test_a_password_keeps_the_name_and_the_name_keeps_the_password(
    placet: Placet, name: str
):
    operations = placet.parts.operations

    operations.save_password("author", "a hash")
    operations.save_name("author", name=name, email=None)
    account = operations.find_account("author")

    assert account is not None
    assert (account.password_hash, account.name) == ("a hash", name)
