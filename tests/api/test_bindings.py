"""Which models are live, and which of them will not be there for long."""

from dataclasses import replace
from datetime import date

import pytest

from registry.api.app import create_app
from registry.api.bearer import Scope
from registry.retirements import Calendar, Record
from tests.api.bound import BACKUP, BOT, MODEL, binding, go_live
from tests.api.conftest import JsonObject, Placet

BINDINGS = "/v1/environments/development/bindings"
RETIREMENTS = "/v1/environments/development/retirements"
LIFECYCLE = {
    "status": "active",
    "shutdown_on": "2026-07-01",
    "source": "https://example.org",
    "checked_on": "2026-05-01",
}


@pytest.fixture
def listed(placet: Placet, operations) -> Placet:
    """The same registry, which also has a list of retirements; today is 3 May 2026."""
    known = Record(
        platform="openai",
        model=MODEL,
        region=None,
        shutdown_on=date(2026, 6, 2),
        firm=None,
        source="a list",
        link="https://example.org/list",
        checked_on=date(2026, 4, 30),
        replacement="gpt-5",
    )
    calendar = Calendar(
        [known, replace(known, source="b", shutdown_on=date(2026, 6, 9))]
    )
    app = create_app(placet.parts.opened, operations, placet.clock, calendar=calendar)
    app._grants = placet.parts.grants
    return replace(placet, app=app)


def items(placet: Placet, path: str) -> list[JsonObject]:
    answer = placet.signed_in("viewer").get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_live_bindings_are_listed_with_the_bots_that_they_answer_for(placet: Placet):
    go_live(placet)

    backup, chat = items(placet, BINDINGS)

    assert backup["binding"] == "acme/backup"
    assert backup["bots"] == [{"bot": BOT, "role": "main", "fallback": True}]
    assert chat == {
        "binding": "acme/chat",
        "version": "1.0.0",
        "digest": chat["digest"],
        "owner": "product",
        "tier": "medium",
        "platform": "openai",
        "model": MODEL,
        "model_version": None,
        "pin": "snapshot",
        "waiver_expires": None,
        "response_model": MODEL,
        "shutdown_on": None,
        "bots": [{"bot": BOT, "role": "main", "fallback": False}],
    }


def test_what_is_no_longer_live_is_not_listed(placet: Placet):
    placet.live(binding("acme/old"), binding())

    placet.activate(placet.submit(deleted=["bindings/acme/old"]))

    assert [one["binding"] for one in items(placet, BINDINGS)] == ["acme/chat"]


def test_a_waiver_is_listed_with_its_last_day(placet: Placet):
    waiver = {"reason": "compared daily", "expires": "2026-06-01"}
    placet.live(binding(pin={"kind": "alias", "waiver": waiver}))

    (one,) = items(placet, BINDINGS)

    assert (one["pin"], one["waiver_expires"]) == ("alias", "2026-06-01")


def test_bindings_come_in_pages(placet: Placet):
    placet.live(*(binding(f"acme/m{number}") for number in range(3)))
    client = placet.signed_in("viewer")

    first = client.get(f"{BINDINGS}?limit=2").json()
    rest = client.get(f"{BINDINGS}?limit=2&cursor={first['next']}").json()

    names = [one["binding"] for one in first["items"] + rest["items"]]
    assert names == ["acme/m0", "acme/m1", "acme/m2"]
    assert rest["next"] is None


def test_the_day_in_the_document_is_told_without_any_list(placet: Placet):
    placet.live(binding(lifecycle=LIFECYCLE))

    (one,) = items(placet, f"{RETIREMENTS}?within=90d")

    assert one == {
        "binding": "acme/chat",
        "version": "1.0.0",
        "platform": "openai",
        "model": MODEL,
        "model_version": None,
        "shutdown_on": "2026-07-01",
        "days": 59,
        "firm": None,
        "by": "the document",
        "replacement": None,
        "disputed": False,
        "says": [
            {
                "source": "the document",
                "shutdown_on": "2026-07-01",
                "firm": None,
                "link": "https://example.org",
                "checked_on": "2026-05-01",
                "replacement": None,
                "of_name": False,
            }
        ],
        "bots": [],
    }


def test_what_lists_say_otherwise_is_told_beside_it(listed: Placet):
    listed.live(binding(lifecycle=LIFECYCLE))

    (one,) = items(listed, RETIREMENTS)

    assert one["by"] == "the document"
    assert one["disputed"]
    assert one["replacement"] == "gpt-5"
    said = [(saying["source"], saying["shutdown_on"]) for saying in one["says"]]
    assert said == [
        ("the document", "2026-07-01"),
        ("a list", "2026-06-02"),
        ("b", "2026-06-09"),
    ]


def test_without_a_day_in_the_document_the_earliest_counts(listed: Placet):
    listed.live(binding())

    (retirement,) = items(listed, RETIREMENTS)
    (bound,) = items(listed, BINDINGS)

    assert retirement["shutdown_on"] == bound["shutdown_on"] == "2026-06-02"
    assert (retirement["by"], retirement["days"]) == ("a list", 30)
    assert retirement["says"][0]["checked_on"] == "2026-04-30"


@pytest.mark.parametrize(("within", "count"), [("59d", 1), ("58d", 0), ("0d", 0)])
def test_what_retires_later_is_left_out(placet: Placet, within: str, count: int):
    placet.live(binding(lifecycle=LIFECYCLE))

    assert len(items(placet, f"{RETIREMENTS}?within={within}")) == count


def test_what_has_retired_is_told_whatever_is_asked_for(placet: Placet):
    placet.live(binding(lifecycle=LIFECYCLE))
    placet.clock.forward(days=100)

    (one,) = items(placet, f"{RETIREMENTS}?within=0d")

    assert one["days"] == -41


def test_the_soonest_comes_first_and_the_rest_in_pages(placet: Placet):
    days = {"acme/a": "2026-06-03", "acme/b": "2026-06-01", "acme/c": "2026-06-02"}
    placet.live(
        *(
            binding(name, lifecycle=LIFECYCLE | {"shutdown_on": day})
            for name, day in days.items()
        )
    )
    client = placet.signed_in("viewer")

    first = client.get(f"{RETIREMENTS}?limit=2").json()
    rest = client.get(f"{RETIREMENTS}?limit=2&cursor={first['next']}").json()

    names = [one["binding"] for one in first["items"] + rest["items"]]
    assert names == ["acme/b", "acme/c", "acme/a"]


@pytest.mark.parametrize("within", ["90", "", "-1d", "1.5d", "999999d", "90d\n"])
def test_a_number_of_days_is_written_as_such(placet: Placet, within: str):
    answer = placet.signed_in("viewer").get(RETIREMENTS, params={"within": within})

    assert answer.status_code == 422


@pytest.mark.parametrize("path", [BINDINGS, RETIREMENTS])
def test_an_environment_that_is_not_there_is_not_found(placet: Placet, path: str):
    client = placet.signed_in("viewer")

    assert client.get(path.replace("development", "nowhere")).status_code == 404


@pytest.mark.parametrize("path", [BINDINGS, RETIREMENTS])
def test_a_limited_token_looks_where_it_may(placet: Placet, path: str):
    elsewhere = placet.machine(Scope.OPERATE, environments=("production",))

    assert elsewhere.get(path).status_code == 403


def test_a_chatbot_reads_its_binding_and_what_it_falls_back_to(placet: Placet):
    go_live(placet)
    machine = placet.machine(Scope.READ, bots=(BOT,))

    bundle = machine.get(f"/v1/environments/development/bots/{BOT}").json()

    assert bundle["bindings"]["main"]["document"]["model"] == MODEL
    assert bundle["fallbacks"]["acme/backup"]["document"]["model"] == BACKUP
