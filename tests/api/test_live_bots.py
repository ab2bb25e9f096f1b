"""Live bots over HTTP: since when each is as it is, by whose yes, who may stop it."""

import pytest

from tests.api import texts
from tests.api.conftest import JsonObject, Placet

HERE = "/v1/environments/development"
BOTS = f"{HERE}/live/bots"
BOT = f"{BOTS}/acme/support"


@pytest.fixture
def live(placet: Placet) -> Placet:
    placet.live(texts.prompt(), texts.bot())
    return placet


def read(placet: Placet, path: str = BOT, by: str = "viewer", **query) -> JsonObject:
    answer = placet.signed_in(by).get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def stop(placet: Placet, by: str = "risk") -> None:
    body = {"bot": "acme/support", "reason": "It sings."}
    answer = placet.signed_in(by).post(f"{HERE}/stops", json=body)
    assert answer.status_code == 201, answer.text


def test_a_bot_says_since_when_it_is_as_it_is_and_by_which_change(live):
    change = live.live(texts.prompt(version="1.1.0", text="Say less."))

    since = read(live)["since"]

    assert (since["seq"], since["change"]) == (2, change["change"])
    assert (since["by"], since["title"]) == ("operator", "Say it better")


def test_a_bot_says_who_agreed_and_in_which_seat(placet):
    change = placet.submit(texts.prompt(), texts.bot(), environment="staging")
    assert placet.vote(change, "product").status_code == 201
    placet.activate(change)

    found = read(placet, "/v1/environments/staging/live/bots/acme/support")

    (agreed,) = found["since"]["agreed"]
    assert (agreed["by"], agreed["seat"]) == ("product", "product")
    assert agreed["afterwards"] is False
    assert {one["agreed"][0]["by"] for one in found["documents"]} == {"product"}


def test_where_nobody_was_asked_nobody_has_agreed(live):
    assert read(live)["since"]["agreed"] == []


def test_a_bot_comes_with_all_that_it_uses(live):
    live.live(texts.prompt(version="1.1.0", text="Say less."))

    used = {one["document"]: one for one in read(live)["documents"]}

    assert set(used) == {"bots/acme/support", "prompts/acme/refunds"}
    assert used["bots/acme/support"]["since"] == 1
    assert used["prompts/acme/refunds"]["since"] == 2
    assert used["prompts/acme/refunds"]["version"] == "1.1.0"


def test_what_customers_read_is_told_before_anybody_stops_the_bot(live):
    assert read(live)["instead"] == {
        "disclosure": "You talk to a machine.",
        "fallback": "Please call us.",
    }


def test_a_stopped_bot_says_by_whom_and_why_whatever_goes_live_beneath(live):
    stop(live)
    live.live(texts.prompt(version="1.1.0", text="Say less."))

    stopped = read(live)["stopped"]

    assert (stopped["by"], stopped["reason"]) == ("risk", "It sings.")
    assert stopped["seq"] == 2


def test_whoever_asks_is_told_whether_they_may_stop_it_and_who_may_else(live):
    may = {
        who: read(live, by=who)["you"]["why_not_stop"] for who in ("risk", "operator")
    }
    may_not = read(live, by="viewer")["you"]["why_not_stop"]

    assert may == {"risk": None, "operator": None}
    assert "It takes the role operator or a seat" in may_not


def test_who_may_have_it_answer_again_is_who_may_propose(live):
    stop(live)

    you = {who: read(live, by=who)["you"] for who in ("author", "risk")}

    assert you["author"]["why_not_resume"] is None
    assert "the role author" in you["risk"]["why_not_resume"]


def test_an_open_proposal_to_resume_it_is_told(live):
    stop(live)
    body = {"bot": "acme/support", "title": "Again"}
    change = live.signed_in("author").post(f"{HERE}/resumptions", json=body).json()

    assert read(live)["resumed_by"] == [change["id"]]
    live.activate(change)
    assert read(live)["resumed_by"] == []


def test_bots_are_listed_by_name_a_page_at_a_time(live):
    live.live(texts.bot("acme/other"), texts.bot("bank/support"))

    first = read(live, BOTS, limit=2)
    rest = read(live, BOTS, limit=2, cursor=first["next"])

    names = [one["bot"] for one in first["items"] + rest["items"]]
    assert names == ["acme/other", "acme/support", "bank/support"]
    assert rest["next"] is None
    found = read(live, BOTS, q="BANK")["items"]
    assert [one["bot"] for one in found] == ["bank/support"]


def test_only_stopped_ones_can_be_asked_for(live):
    live.live(texts.bot("acme/other"))
    stop(live)

    stopped, others = (
        read(live, BOTS, stopped=asked)["items"] for asked in ("true", "false")
    )

    assert [one["bot"] for one in stopped] == ["acme/support"]
    assert [one["bot"] for one in others] == ["acme/other"]


def test_a_deleted_bot_is_not_live_any_more(live):
    live.activate(live.submit(deleted=["bots/acme/support"]))

    assert read(live, BOTS)["items"] == []
    assert live.signed_in("viewer").get(BOT).status_code == 404


@pytest.mark.parametrize(
    "path", ["/v1/environments/nowhere/live/bots", f"{BOTS}/acme/none"]
)
def test_what_is_not_there_is_not_found(live, path):
    assert live.signed_in("viewer").get(path).status_code == 404
