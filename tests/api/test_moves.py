"""Promoting, rolling back, stopping and resuming over HTTP."""

import pytest

from registry.api.bearer import Scope
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

HERE = "/v1/environments/development"
BOT = {"bot": "acme/support"}
BOT_REF = "bots/acme/support"
PROMPT = "prompts/acme/refunds"


@pytest.fixture
def two(placet: Placet) -> Placet:
    """A bot and its prompt, and a second version of the prompt."""
    placet.live(texts.prompt(), texts.bot())
    placet.live(texts.prompt(version="1.1.0", text="Say less."))
    return placet


def versions(placet: Placet, environment: str = "development") -> JsonObject:
    live = placet.signed_in("viewer").get(f"/v1/environments/{environment}/live").json()
    return {one["document"]: one["version"] for one in live["documents"]}


def roll_back(placet: Placet, handle: str = "operator", part: str = "", **body: object):
    said = {"document": "bots/acme/support", "to_seq": 1, "reason": "worse"} | body
    return placet.signed_in(handle).post(f"{HERE}/rollbacks{part}", json=said)


def test_a_promotion_proposes_a_bot_with_everything_it_uses(two: Placet):
    answer = two.signed_in("author").post(
        "/v1/environments/production/promotions",
        json={
            "source": "development",
            "documents": ["bots/acme/support"],
            "title": "Bring the bot",
        },
    )

    assert answer.status_code == 201
    change = answer.json()
    assert (change["type"], change["environment"]) == ("promotion", "production")
    assert change["documents"] == ["bots/acme/support", PROMPT]


def test_a_promotion_brings_what_was_read_or_nothing(two: Placet):
    path = "/v1/environments/production/promotions"
    body = {"source": "development", "documents": [BOT_REF], "title": "Bring the bot"}
    read = two.signed_in("author").post(f"{path}/preview", json=body).json()["taken"]
    body["expected"] = {one["document"]: one["digest"] for one in read}
    two.live(texts.prompt(version="1.2.0", text="Say it well."))

    refused = two.signed_in("author").post(path, json=body)
    nonsense = two.signed_in("author").post(path, json=body | {"expected": {"x": "y"}})

    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:placet:problem:content-moved"
    assert f"another {PROMPT} than" in refused.json()["detail"]
    assert nonsense.status_code == 422
    body["expected"] = None
    assert two.signed_in("author").post(path, json=body).status_code == 201


def test_a_bot_goes_back_at_once_with_what_it_used(two: Placet):
    answer = roll_back(two)

    assert answer.status_code == 201
    assert answer.json() == {
        "event": answer.json()["event"],
        "environment": "development",
        "seq": 3,
        "change": None,
        "ratification": None,
    }
    assert versions(two)[PROMPT] == "1.0.0"


@pytest.mark.parametrize(
    "to",
    [
        {"to_seq": 1},
        {"to_seq": None, "to_moment": "2026-05-03T12:30:00Z"},
        {"to_seq": None, "to_version": "1.0.0", "document": PROMPT},
        {"document": None, "all": True},
    ],
)
def test_one_goes_back_to_a_seq_a_moment_or_a_version(placet: Placet, to: JsonObject):
    placet.live(texts.prompt(), texts.bot())
    placet.clock.forward(hours=1)
    placet.live(texts.prompt(version="1.1.0", text="Say less."))

    answer = roll_back(placet, **to)

    assert answer.status_code == 201, answer.text
    assert versions(placet)[PROMPT] == "1.0.0"


@pytest.mark.parametrize(
    "wrong",
    [
        {"all": True},
        {"document": None},
        {"to_seq": None},
        {"to_version": "1.0.0"},
        {"reason": ""},
        {"to_moment": "2026-05-03T12:30:00", "to_seq": None},
    ],
)
def test_a_rollback_says_one_scope_one_target_and_why(two: Placet, wrong: JsonObject):
    answer = roll_back(two, **wrong)

    assert answer.status_code == 422
    assert versions(two)[PROMPT] == "1.1.0"


def test_a_preview_says_what_would_be_and_changes_nothing(two: Placet):
    answer = roll_back(two, "viewer", "/preview", reason="")

    assert answer.status_code == 200
    preview = answer.json()
    assert preview.keys() == {
        "environment",
        "seq",
        "restored",
        "replaced",
        "affected",
        "undoes",
        "recalled",
        "needs_vote",
        "ratify",
        "facts",
        "stronger",
        "lapsed",
        "warnings",
        "makes_stale",
        "you",
    }
    assert [one["name"] for one in preview["facts"]] == ["wording-only"]
    assert preview["replaced"] == [
        {"document": PROMPT, "now": "1.1.0", "afterwards": "1.0.0"}
    ]
    assert [one["seq"] for one in preview["undoes"]] == [2]
    assert versions(two)[PROMPT] == "1.1.0"


def test_what_was_decided_on_at_another_seq_is_refused_and_nothing_changes(two: Placet):
    read = roll_back(two, part="/preview").json()["seq"]
    two.live(texts.prompt(version="1.2.0", text="Say it well."))

    refused = roll_back(two, expected_seq=read)

    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:placet:problem:content-moved"
    assert "at seq 3 now" in refused.json()["detail"]
    assert "Read again" in refused.json()["hint"]
    assert versions(two)[PROMPT] == "1.2.0"
    assert roll_back(two, expected_seq=3).json()["seq"] == 4


def test_a_resumption_is_decided_on_at_a_seq_and_a_stop_is_not(two: Placet):
    stop = BOT | {"reason": "It lies", "expected_seq": 1}
    resume = BOT | {"title": "Mended", "expected_seq": 1}

    told = two.signed_in("operator").post(f"{HERE}/stops", json=stop)
    two.signed_in("operator").post(f"{HERE}/stops", json=BOT | {"reason": "It lies"})
    found = two.signed_in("author").get(f"{HERE}/live/bots/acme/support").json()
    refused = two.signed_in("author").post(f"{HERE}/resumptions", json=resume)

    assert told.status_code == 422
    assert (refused.status_code, found["seq"]) == (409, 3)
    resume["expected_seq"] = found["seq"]
    proposed = two.signed_in("author").post(f"{HERE}/resumptions", json=resume)
    assert proposed.status_code == 201


def test_an_author_proposes_a_rollback_and_an_operator_does_it(two: Placet):
    refused = roll_back(two, "author")
    proposed = roll_back(two, "author", propose=True)

    assert refused.status_code == 403
    assert proposed.status_code == 201
    assert proposed.json()["type"] == "rollback"


def test_a_token_that_submits_proposes_a_rollback_and_does_none(two: Placet):
    machine = two.machine(Scope.SUBMIT, handle="author2")
    body = {"document": "bots/acme/support", "to_seq": 1, "reason": "worse"}

    refused = machine.post(f"{HERE}/rollbacks", json=body)
    proposed = machine.post(f"{HERE}/rollbacks", json={**body, "propose": True})

    assert refused.status_code == 403
    assert proposed.status_code == 201


@pytest.mark.parametrize(
    ("handle", "status"),
    [("operator", 201), ("author2", 201), ("risk", 201), ("viewer", 403)],
)
def test_a_bot_is_stopped_by_those_who_answer_for_it_and_by_seats(
    two: Placet, handle: str, status: int
):
    answer = two.signed_in(handle).post(
        f"{HERE}/stops", json={**BOT, "reason": "odd answers"}
    )

    assert answer.status_code == status


def test_a_stop_reaches_chatbots_at_once(two: Placet):
    machine = two.machine(Scope.READ)
    path = f"{HERE}/bots/acme/support"

    two.signed_in("operator").post(
        f"{HERE}/stops", json={**BOT, "reason": "odd answers"}
    )

    assert machine.get(path).json()["stopped"] == {"reason": "odd answers"}
    assert machine.get(f"{path}/head").json()["floor"] == 3


def test_resuming_is_a_change_that_has_to_be_agreed_to(two: Placet):
    two.signed_in("operator").post(
        f"{HERE}/stops", json={**BOT, "reason": "odd answers"}
    )

    change = two.signed_in("author").post(
        f"{HERE}/resumptions", json={**BOT, "title": "It is mended"}
    )
    done = two.activate(change.json())

    assert change.status_code == 201
    assert change.json()["type"] == "resume"
    assert change.json()["documents"] == ["bots/acme/support"]
    assert done["seq"] == 4
    machine = two.machine(Scope.READ)
    assert machine.get(f"{HERE}/bots/acme/support").json()["stopped"] is None


def test_stopping_what_is_not_there_finds_nothing(placet: Placet):
    answer = placet.signed_in("operator").post(
        f"{HERE}/stops", json={**BOT, "reason": "odd answers"}
    )

    assert answer.status_code == 404


def test_a_preview_says_whether_whoever_asks_may_do_it_and_who_may_else(two: Placet):
    you = {
        who: roll_back(two, who, "/preview").json()["you"]
        for who in ("operator", "author", "viewer")
    }

    assert you["operator"] == {"why_not": None, "why_not_propose": None}
    assert "It takes the role operator" in you["author"]["why_not"]
    assert you["author"]["why_not_propose"] is None
    assert "It takes the role author" in you["viewer"]["why_not_propose"]


def test_a_preview_of_a_promotion_says_whether_whoever_asks_may_propose_it(two: Placet):
    body = {
        "source": "development",
        "documents": ["bots/acme/support"],
        "title": "Bring the bot",
    }
    path = "/v1/environments/production/promotions/preview"

    why_not = {
        who: two.signed_in(who).post(path, json=body).json()["why_not"]
        for who in ("author", "viewer")
    }

    assert why_not["author"] is None
    assert "It takes the role author or the role operator" in why_not["viewer"]
