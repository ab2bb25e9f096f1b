"""Finding events in the ledger, and what each says."""

from collections.abc import Callable

import pytest

from tests.api import texts
from tests.api.conftest import JsonObject, Placet

ACTS = "/v1/ledger/acts"


@pytest.fixture
def busy(placet: Placet) -> Placet:
    """Seven events: begun, two texts live in development, one vote in production."""
    placet.live(texts.prompt())
    placet.clock.forward(hours=1)
    placet.live(texts.prompt(version="1.1.0", text="Say less."))
    placet.clock.forward(hours=1)
    other = texts.prompt(name="acme/fares")
    change = placet.submit(other, environment="production")
    placet.vote(change, "risk")
    return placet


@pytest.fixture(params=["/v1/ledger/events", ACTS])
def numbers(busy: Placet, request: pytest.FixtureRequest) -> Callable[..., list[int]]:
    def ask(**query: object) -> list[int]:
        answer = busy.signed_in("viewer").get(request.param, params=query)
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        return [one.get("number") or one["event"] for one in items]

    return ask


def test_an_act_says_who_did_what_where_when_and_as_what(busy: Placet):
    items = busy.signed_in("viewer").get(f"{ACTS}?type=voted").json()["items"]

    (voted,) = items
    assert voted["what"] == "Approve change 3 in production for risk"
    assert (voted["by"], voted["seats"], voted["via"]) == ("risk", ["risk"], "session")
    assert (voted["environment"], voted["change"], voted["type"]) == (
        "production", 3, "voted",
    )  # fmt: skip
    assert voted["reason"] == "because"
    assert voted["at"].startswith("2026-05-03T14:00")
    assert voted["event_digest"].startswith("sha256:")


def test_events_are_of_one_environment(numbers):
    assert numbers(environment="production") == [6, 7]


def test_events_are_of_one_type(numbers):
    assert numbers(type="activated") == [3, 5]


def test_events_are_of_one_person(numbers):
    assert numbers(actor="operator") == [3, 5]


def test_events_are_of_one_change(numbers):
    assert numbers(change=2) == [4, 5]


def test_a_period_has_its_beginning_and_not_its_end(numbers):
    # an event that came at the same moment as another one is a microsecond later
    assert numbers(**{"from": "2026-05-03T13:00:00Z"}) == [4, 5, 6, 7]
    assert numbers(to="2026-05-03T13:00:00Z") == [1, 2, 3]
    assert numbers(
        **{"from": "2026-05-03T13:00:00Z", "to": "2026-05-03T14:00:00Z"}
    ) == [4, 5]
    assert numbers(**{"from": "2026-05-04T00:00:00Z"}) == []
    assert numbers(to="2027-01-01T00:00:00Z") == [1, 2, 3, 4, 5, 6, 7]


def test_all_conditions_hold_at_once(numbers):
    assert numbers(type="submitted", environment="development", after=2) == [4]
    assert numbers(actor="risk", change=1) == []


def test_the_newest_can_come_first(numbers):
    assert numbers(order="desc") == [7, 6, 5, 4, 3, 2, 1]
    assert numbers(order="desc", after=5) == [7, 6]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_leave_nothing_out_and_repeat_nothing(busy: Placet, order: str):
    viewer, found, cursor = busy.signed_in("viewer"), [], {}
    while True:
        query = {"order": order, "limit": 2, "environment": "development", **cursor}
        page = viewer.get(ACTS, params=query).json()
        found += [one["event"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert found == ([2, 3, 4, 5] if order == "asc" else [5, 4, 3, 2])


def test_a_full_last_page_has_no_next_one(busy: Placet):
    page = busy.signed_in("viewer").get("/v1/ledger/events?limit=7").json()

    assert (len(page["items"]), page["next"]) == (7, None)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"type": "vote"}, 422, "'vote' is no type of event"),
        ({"environment": "moon"}, 404, "moon"),
        ({"order": "upwards"}, 422, "order"),
        ({"from": "2026-05-03T13:00:00"}, 422, "from"),
        ({"from": "2026-05-03T13:00:00Z", "to": "2026-05-03T13:00:00Z"}, 422, "ends"),
        ({"cursor": "&"}, 422, "cursor"),
    ],
)
def test_a_condition_that_cannot_be_is_refused(
    busy: Placet, query: JsonObject, status: int, said: str
):
    answer = busy.signed_in("viewer").get(ACTS, params=query)

    assert answer.status_code == status
    assert said in answer.json()["detail"]
    assert answer.json()["hint"]
