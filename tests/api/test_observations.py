"""What chatbots report of the models that answered, and the alerts that come of it."""

import logging
from datetime import timedelta

import pytest

from registry.api import observing
from registry.api.bearer import Scope
from registry.db.alerts import MAX_OPEN
from registry.db.observations import MAX_ROWS
from tests.api import texts
from tests.api.bound import (
    BACKUP,
    BOT,
    MODEL,
    OBSERVATIONS,
    binding,
    bot,
    go_live,
    observed,
)
from tests.api.conftest import JsonObject, Placet

OTHER = "gpt-4o-2026-01-01"


@pytest.fixture
def bound(placet: Placet) -> Placet:
    """A registry with a bot that has a binding, which has a fallback."""
    go_live(placet)
    return placet


def report(placet: Placet, *observations: JsonObject, **token: tuple[str, ...]):
    machine = placet.machine(Scope.READ, **token)
    return machine.post(OBSERVATIONS, json={"observations": list(observations)})


def seen(placet: Placet) -> list[JsonObject]:
    return placet.signed_in("viewer").get(OBSERVATIONS).json()["items"]


def alerts(placet: Placet, query: str = "") -> list[JsonObject]:
    return placet.signed_in("viewer").get(f"/v1/alerts{query}").json()["items"]


def resolve(placet: Placet, alert: JsonObject, reason: str = "it was put back"):
    return placet.signed_in("operator").post(
        f"/v1/alerts/{alert['id']}/resolution", json={"reason": reason}
    )


def test_a_chatbot_reports_with_the_token_that_it_reads_with(bound: Placet):
    said = observed(bound, fingerprint="fp_1", count=3)

    answer = report(bound, said, environments=("development",), bots=(BOT,))

    assert answer.status_code == 200
    assert answer.json() == {"taken": 1, "refused": []}
    assert seen(bound) == [
        {
            "environment": "development",
            "bot": BOT,
            "role": "main",
            "seq": said["seq"],
            "bundle": said["bundle"],
            "response_model": MODEL,
            "fingerprint": "fp_1",
            "binding": "acme/chat",
            "first_seen": "2026-05-03T12:00:00Z",
            "last_seen": "2026-05-03T12:00:00Z",
            "count": 3,
        }
    ]
    assert alerts(bound) == []


def test_the_same_is_added_up_in_one_row(bound: Placet):
    report(bound, observed(bound, count=2), observed(bound))
    bound.clock.forward(hours=2)
    earlier = (bound.clock() - timedelta(hours=3)).isoformat()

    report(bound, observed(bound, count=4), observed(bound, at=earlier))

    (row,) = seen(bound)
    assert row["count"] == 8
    assert row["first_seen"] == "2026-05-03T11:00:00Z"
    assert row["last_seen"] == "2026-05-03T14:00:00Z"


def test_a_report_whose_answer_was_lost_may_be_sent_again(bound: Placet):
    said = observed(bound, OTHER)

    answers = [report(bound, said) for _ in range(3)]

    assert [answer.json()["taken"] for answer in answers] == [1, 1, 1]
    assert len(seen(bound)) == 1
    assert len(alerts(bound)) == 1


def test_nothing_that_is_governed_is_written(bound: Placet):
    writer = bound.parts.opened.writer
    before = writer.state

    report(bound, observed(bound, OTHER))

    assert writer.state is before


def test_the_first_sight_of_another_model_raises_an_alert(bound: Placet, caplog):
    said = observed(bound, OTHER)

    with caplog.at_level(logging.WARNING, logger="registry.api.observing"):
        report(bound, said)

    (alert,) = alerts(bound)
    assert alert == {
        "id": alert["id"],
        "kind": "model-changed-underneath",
        "environment": "development",
        "bot": BOT,
        "role": "main",
        "expected": MODEL,
        "got": OTHER,
        "seq": said["seq"],
        "bundle": said["bundle"],
        "first_seen": "2026-05-03T12:00:00Z",
        "last_seen": "2026-05-03T12:00:00Z",
        "resolved": None,
        "resolved_by": None,
        "reason": None,
    }
    (record,) = caplog.records
    assert f"expected {MODEL} and got {OTHER}" in record.getMessage()


def test_the_same_difference_raises_no_second_alert(bound: Placet, caplog):
    report(bound, observed(bound, OTHER))
    bound.clock.forward(minutes=10)
    caplog.clear()

    with caplog.at_level(logging.WARNING, logger="registry.api.observing"):
        report(bound, observed(bound, OTHER), observed(bound, OTHER))

    (alert,) = alerts(bound)
    assert alert["last_seen"] == "2026-05-03T12:10:00Z"
    assert caplog.records == []


def test_another_difference_raises_another_alert(bound: Placet):
    report(bound, observed(bound, OTHER), observed(bound, "gpt-5"))

    assert [alert["got"] for alert in alerts(bound)] == ["gpt-5", OTHER]


def test_a_fallback_that_answers_was_agreed_to(bound: Placet):
    report(bound, observed(bound, BACKUP))

    assert alerts(bound) == []
    assert seen(bound)[0]["binding"] == "acme/backup"


def test_a_model_that_nobody_agreed_to_is_of_no_binding(bound: Placet):
    report(bound, observed(bound, OTHER))

    assert seen(bound)[0]["binding"] == ""


def test_an_alert_is_resolved_with_a_reason_by_an_operator(bound: Placet):
    report(bound, observed(bound, OTHER))
    (alert,) = alerts(bound)
    bound.clock.forward(hours=1)

    answer = resolve(bound, alert)

    assert answer.status_code == 200
    assert answer.json()["resolved"] == "2026-05-03T13:00:00Z"
    assert answer.json()["resolved_by"] == "operator"
    assert alerts(bound, "?resolved=false") == []
    assert alerts(bound, "?resolved=true") == [answer.json()]


def test_an_alert_that_was_resolved_keeps_its_reason(bound: Placet):
    report(bound, observed(bound, OTHER))
    (alert,) = alerts(bound)
    first = resolve(bound, alert).json()
    bound.clock.forward(hours=1)

    assert resolve(bound, alert, "another reason").json() == first


@pytest.mark.parametrize("handle", ["viewer", "author", "admin", "risk"])
def test_nobody_but_an_operator_resolves(bound: Placet, handle: str):
    report(bound, observed(bound, OTHER))
    (alert,) = alerts(bound)

    answer = bound.signed_in(handle).post(
        f"/v1/alerts/{alert['id']}/resolution", json={"reason": "no"}
    )

    assert answer.status_code == 403
    assert alerts(bound)[0]["resolved"] is None


@pytest.mark.parametrize("reason", ["", "   ", "a" * 1001, "a\0b", "a\u202eb"])
def test_a_reason_is_plain_text(bound: Placet, reason: str):
    report(bound, observed(bound, OTHER))
    (alert,) = alerts(bound)

    assert resolve(bound, alert, reason).status_code == 422


def test_an_alert_that_is_not_there_cannot_be_resolved(bound: Placet):
    assert resolve(bound, {"id": 7}).status_code == 404


def test_after_resolving_the_same_goes_on_without_a_new_alert(bound: Placet):
    report(bound, observed(bound, OTHER))
    resolve(bound, alerts(bound)[0])
    bound.clock.forward(minutes=1)

    report(bound, observed(bound, OTHER))

    assert len(alerts(bound)) == 1


def test_a_model_that_changes_again_after_it_was_put_back_raises_again(bound: Placet):
    report(bound, observed(bound, OTHER))
    resolve(bound, alerts(bound)[0])
    bound.clock.forward(minutes=1)
    report(bound, observed(bound))
    bound.clock.forward(minutes=1)

    report(bound, observed(bound, OTHER))

    assert [alert["resolved"] is None for alert in alerts(bound)] == [True, False]


def test_what_was_seen_before_resolving_does_not_count_as_put_back(bound: Placet):
    before = observed(bound)
    report(bound, observed(bound, OTHER))
    bound.clock.forward(minutes=1)
    resolve(bound, alerts(bound)[0])
    bound.clock.forward(minutes=1)

    report(bound, before)
    report(bound, observed(bound, OTHER))

    assert len(alerts(bound)) == 1


def test_an_observation_of_an_older_bundle_is_held_to_what_that_expected(
    bound: Placet,
):
    before = observed(bound)
    bound.live(
        binding(version="2.0.0", model=OTHER, expect={"response_model": OTHER}),
    )

    answer = report(bound, before, observed(bound, OTHER))

    assert answer.json() == {"taken": 2, "refused": []}
    assert alerts(bound) == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"bundle": "sha256:" + "0" * 64}, "was not told that bundle"),
        ({"seq": 2}, "was not told that bundle"),
        ({"bot": "acme/other"}, "was not told that bundle"),
        ({"bot": "No/Bot\x00"}, "was not told that bundle"),
        ({"role": "other"}, "no binding in that role"),
        ({"at": "2026-05-03T12:06:00Z"}, "in the future"),
        ({"at": "9999-12-31T23:59:59-14:00"}, "in the future"),
        ({"at": "2026-04-26T11:00:00Z"}, "more than 7 days ago"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "more than 7 days ago"),
        ({"response_model": "gpt\u202e4o"}, "not plain text"),
        ({"response_model": "gpt\x004o"}, "not plain text"),
        ({"response_model": " "}, "not plain text"),
        ({"fingerprint": "a\nb"}, "not plain text"),
    ],
)
def test_what_cannot_be_true_is_refused_and_nothing_of_it_is_kept(
    bound: Placet, wrong: JsonObject, reason: str
):
    answer = report(bound, observed(bound, OTHER) | wrong, observed(bound))

    (refused,) = answer.json()["refused"]
    assert answer.json()["taken"] == 1
    assert refused["index"] == 0
    assert reason in refused["reason"]
    assert [row["response_model"] for row in seen(bound)] == [MODEL]
    assert alerts(bound) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"response_model": "a" * 201},
        {"response_model": ""},
        {"fingerprint": "a" * 201},
        {"bot": "a" * 201},
        {"role": "Main"},
        {"role": "a" * 65},
        {"bundle": "latest"},
        {"seq": 0},
        {"seq": 2**31},
        {"count": 0},
        {"count": 1_000_001},
        {"at": "2026-05-03T12:00:00"},
        {"at": "yesterday"},
        {"model": MODEL},
    ],
)
def test_a_batch_with_something_of_another_form_is_refused_whole(
    bound: Placet, wrong: JsonObject
):
    answer = report(bound, observed(bound), observed(bound) | wrong)

    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.json()["detail"]
    assert seen(bound) == []


@pytest.mark.parametrize("size", [0, 1001])
def test_a_batch_has_up_to_a_thousand_observations(bound: Placet, size: int):
    answer = report(bound, *[observed(bound)] * size)

    assert answer.status_code == 422
    assert seen(bound) == []


def test_a_whole_batch_is_one_answer(bound: Placet):
    said = observed(bound)

    answer = report(bound, *[said | {"fingerprint": str(n)} for n in range(1000)])

    assert answer.json()["taken"] == 1000


def test_a_token_reports_of_the_bots_that_it_is_for(bound: Placet):
    bound.live(bot("acme/other", main="acme/chat"))

    answer = report(bound, observed(bound), bots=("acme/other",))

    assert answer.json()["taken"] == 0
    assert "not for the bot acme/support" in answer.json()["refused"][0]["reason"]
    assert seen(bound) == []


def test_a_token_reports_of_the_environments_that_it_is_for(bound: Placet):
    answer = report(bound, observed(bound), environments=("production",))

    assert answer.status_code == 403
    assert seen(bound) == []


def test_what_was_told_in_one_environment_is_not_reported_in_another(bound: Placet):
    answer = bound.machine(Scope.READ).post(
        "/v1/environments/production/observations",
        json={"observations": [observed(bound)]},
    )

    assert answer.json()["taken"] == 0


def test_an_environment_that_is_not_there_is_not_found(bound: Placet):
    answer = bound.machine(Scope.READ).post(
        "/v1/environments/nowhere/observations",
        json={"observations": [observed(bound)]},
    )

    assert answer.status_code == 404


def test_a_bot_without_bindings_has_nothing_to_report(placet: Placet):
    placet.live(texts.prompt(), texts.bot())

    answer = report(placet, observed(placet))

    assert "no binding in that role" in answer.json()["refused"][0]["reason"]


def test_a_token_that_reports_without_end_has_to_wait(bound: Placet):
    machine = bound.machine(Scope.READ)
    body = {"observations": [observed(bound, role="other")]}

    answers = [
        machine.post(OBSERVATIONS, json=body) for _ in range(observing.BURST + 1)
    ]

    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert answers[-1].json()["detail"] == "too many reports from this token"


def test_a_bot_has_a_bounded_number_of_rows_the_latest_ones(bound: Placet):
    said = observed(bound)
    report(bound, said | {"fingerprint": "first"})
    bound.clock.forward(seconds=1)
    later = {"at": bound.clock().isoformat()}
    for part in range(2):
        prints = range(part * 1000, part * 1000 + 1000)

        report(bound, *[said | later | {"fingerprint": f"{n:04d}"} for n in prints])

    rows = bound.parts.observing.observations.list_observations(
        "development", BOT, offset=0, limit=3 * MAX_ROWS
    )
    assert len(rows) == MAX_ROWS
    assert "first" not in {row.fingerprint for row in rows}


def test_a_bot_has_a_bounded_number_of_open_alerts(bound: Placet):
    names = [f"model-{number}" for number in range(MAX_OPEN + 20)]

    report(bound, *[observed(bound, name) for name in names])
    report(bound, *[observed(bound, name) for name in names])

    found = bound.parts.observing.alerts.list_alerts(
        environments=(), resolved=None, before=None, limit=1000
    )
    assert len(found) == MAX_OPEN


def test_observations_come_in_pages_and_for_one_bot(bound: Placet):
    bound.live(bot("acme/other", main="acme/chat"))
    said = observed(bound)
    report(bound, *[said | {"fingerprint": str(n)} for n in range(3)])
    client = bound.signed_in("viewer")

    first = client.get(f"{OBSERVATIONS}?limit=2").json()
    rest = client.get(f"{OBSERVATIONS}?limit=2&cursor={first['next']}").json()

    found = [row["fingerprint"] for row in first["items"] + rest["items"]]
    assert found == ["0", "1", "2"]
    assert rest["next"] is None
    assert client.get(f"{OBSERVATIONS}?bot=acme/other").json()["items"] == []
    assert client.get(f"{OBSERVATIONS}?bot=%00").status_code == 422


def test_alerts_come_in_pages_and_for_one_environment(bound: Placet):
    report(bound, *[observed(bound, f"model-{n}") for n in range(3)])
    client = bound.signed_in("viewer")

    first = client.get("/v1/alerts?limit=2").json()
    rest = client.get(f"/v1/alerts?limit=2&cursor={first['next']}").json()

    got = [alert["got"] for alert in first["items"] + rest["items"]]
    assert got == ["model-2", "model-1", "model-0"]
    assert alerts(bound, "?environment=production") == []
    assert client.get("/v1/alerts?environment=nowhere").status_code == 404


def test_a_limited_token_sees_the_alerts_of_its_environments(bound: Placet):
    report(bound, observed(bound, OTHER))
    elsewhere = bound.machine(Scope.OPERATE, environments=("production",))
    here = bound.machine(Scope.OPERATE, environments=("development",))

    assert elsewhere.get("/v1/alerts").json()["items"] == []
    assert elsewhere.get("/v1/alerts?environment=development").status_code == 403
    assert len(here.get("/v1/alerts").json()["items"]) == 1


def test_an_open_alert_is_in_the_inbox_of_operators_until_it_is_resolved(bound: Placet):
    report(bound, observed(bound, OTHER))
    (alert,) = alerts(bound)

    def inbox(handle: str) -> list[JsonObject]:
        return bound.signed_in(handle).get("/v1/inbox").json()["items"]

    before = {who: inbox(who) for who in ("operator", "author", "admin")}
    resolve(bound, alert)

    (found,) = before["operator"]
    assert (found["kind"], found["alert"], found["bot"]) == ("alert", alert["id"], BOT)
    assert found["why"].startswith(f"{OTHER} answered as main; agreed to was {MODEL}.")
    assert before["author"] == before["admin"] == []
    assert inbox("operator") == []


def test_an_open_alert_is_among_what_waits_for_others(bound: Placet):
    report(bound, observed(bound, OTHER))

    def waits(**token: tuple[str, ...]) -> list[JsonObject]:
        client = bound.machine(Scope.CHECK, **token)
        return client.get("/v1/waiting?kind=alert").json()["items"]

    (found,) = waits()
    assert found["asked"] == ["operator"]
    assert waits(environments=("production",)) == []
