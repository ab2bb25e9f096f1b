"""Lists of changes: what is in them, and in what order."""

import pytest

from tests.api import texts
from tests.api.conftest import Placet


@pytest.fixture(autouse=True)
def several(placet: Placet) -> None:
    """1 activated, 2 stale, 3 waiting, 4 withdrawn, 5 approved, 6 waiting."""
    placet.live(texts.prompt())
    placet.submit(texts.prompt(version="1.1.0", text="One."))
    placet.submit(texts.template(), environment="staging", handle="author2")
    placet.submit(texts.fragment())
    placet.signed_in("author").post(
        "/v1/changes/4/withdrawal", json={"reason": "no need"}
    )
    placet.submit(texts.fragment(version="1.1.0"))
    placet.submit(texts.prompt("acme/other"), environment="production")
    overtaking = placet.submit(texts.prompt(version="1.2.0", text="Two."))
    placet.activate(overtaking)


def ids(placet: Placet, **query: object) -> list[int]:
    answer = placet.signed_in("viewer").get("/v1/changes", params=query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def test_the_list_is_newest_first(placet: Placet):
    assert ids(placet) == [7, 6, 5, 4, 3, 2, 1]


def test_the_list_can_be_of_one_status(placet: Placet):
    expected = {
        "waiting": [6, 3],
        "approved": [5],
        "stale": [2],
        "open": [6, 5, 3, 2],
        "activated": [7, 1],
        "withdrawn": [4],
        "rejected": [],
        "expired": [],
    }

    found = {status: ids(placet, status=status) for status in expected}

    assert found == expected


def test_the_list_can_be_of_an_environment_and_an_author(placet: Placet):
    assert ids(placet, environment="staging") == [3]
    assert ids(placet, author="author2") == [3]
    assert ids(placet, author="author2", environment="production") == []


def test_the_list_can_be_of_words_in_a_title_or_a_documents_name(placet: Placet):
    assert ids(placet, q="ACME/Other") == [6]
    assert ids(placet, q="say tone") == [5, 4]
    assert ids(placet, q="better nowhere") == []


def test_an_unknown_status_is_refused(placet: Placet):
    answer = placet.signed_in("viewer").get("/v1/changes?status=done")

    assert answer.status_code == 422


def test_pages_follow_each_other_without_a_gap(placet: Placet):
    viewer, seen, cursor = placet.signed_in("viewer"), [], None
    for _ in range(4):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = viewer.get("/v1/changes", params=query).json()
        seen.append([one["id"] for one in page["items"]])
        cursor = page["next"]

    assert seen == [[7, 6], [5, 4], [3, 2], [1]]
    assert cursor is None


def test_what_is_added_meanwhile_repeats_nothing(placet: Placet):
    viewer = placet.signed_in("viewer")
    first = viewer.get("/v1/changes", params={"limit": 3}).json()
    placet.submit(texts.prompt("acme/new"))

    second = viewer.get("/v1/changes", params={"cursor": first["next"]}).json()

    assert [one["id"] for one in second["items"]] == [4, 3, 2, 1]
