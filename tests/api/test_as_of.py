"""A moment of an environment over HTTP: how it came to it, and what was live then."""

import pytest

from tests.api import texts
from tests.api.conftest import JsonObject, Placet

BOT = "acme/support"
PROMPT = "prompts/acme/refunds"
HERE = "/v1/environments/development"


@pytest.fixture
def two(placet: Placet) -> Placet:
    """Two versions of a bot's prompt, an hour apart."""
    placet.live(texts.prompt(), texts.bot())
    placet.clock.forward(hours=1)
    placet.live(texts.prompt(version="1.1.0", text="Say less."))
    placet.clock.forward(hours=1)
    return placet


def asked(placet: Placet, path: str, **query: object):
    return placet.signed_in("viewer").get(f"{HERE}/{path}", params=query)


def read(placet: Placet, path: str, **query: object) -> JsonObject:
    answer = asked(placet, path, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def stop(placet: Placet) -> None:
    body = {"bot": BOT, "reason": "It lied."}
    answer = placet.signed_in("operator").post(f"{HERE}/stops", json=body)
    assert answer.status_code == 201, answer.text


def test_a_moment_says_how_long_it_lasted(two):
    first, now = read(two, "moment", seq=1), read(two, "moment")

    assert (first["seq"], first["latest"], now["seq"]) == (1, 2, 2)
    assert (first["until"], now["until"]) == (now["at"], None)
    assert first["live"] == 2


def test_a_time_falls_into_the_moment_that_lasted_then(two):
    at = two.clock().isoformat()
    two.clock.forward(hours=1)
    two.live(texts.prompt(version="1.2.0", text="Say nothing."))

    assert read(two, "moment", at=at)["seq"] == 2


def test_a_moment_says_who_agreed_to_what_was_done(placet):
    change = placet.submit(texts.prompt(), texts.bot(), environment="staging")
    assert placet.vote(change, "product").status_code == 201
    placet.activate(change)

    path = "/v1/environments/staging/moment"
    found = placet.signed_in("viewer").get(path).json()

    assert [one["by"] for one in found["agreed"]] == ["product"]
    assert found["change"] == change["id"]


def test_a_bot_stands_as_it_did_at_the_moment(two):
    stop(two)

    then = read(two, "moment", seq=2, bot=BOT)["bot"]
    now = read(two, "moment", bot=BOT)["bot"]

    assert (then["stopped"], then["since"]["seq"]) == (None, 2)
    assert now["stopped"]["reason"] == "It lied."
    assert then["bundle"] != now["bundle"]


def test_a_bot_was_stopped_by_whoever_did_it_whatever_went_live_beneath(two):
    stop(two)
    bot = texts.bot(version="1.1.0").replace("Please call us.", "Please write.")
    two.live(bot)

    found = read(two, "moment", bot=BOT)

    assert found["seq"] == 4
    assert found["bot"]["since"]["seq"] == 4
    assert found["bot"]["stopped"]["seq"] == 3
    assert found["bot"]["stopped"]["by"] == "operator"


def test_a_bot_that_was_not_live_then_is_none(two):
    assert read(two, "moment", seq=1, bot="acme/nobody")["bot"] is None


def test_documents_are_those_of_then_with_what_brought_them(two):
    first = read(two, "live/documents", seq=1)["items"]
    now = {one["document"]: one for one in read(two, "live/documents")["items"]}

    assert [one["version"] for one in first] == ["1.0.0", "1.0.0"]
    assert now[PROMPT]["version"] == "1.1.0"
    assert (now[PROMPT]["since"], now[f"bots/{BOT}"]["since"]) == (2, 1)
    assert now[PROMPT]["title"] == "Say it better"


def test_documents_of_a_bot_are_what_it_used_then(two):
    two.live(texts.fragment())
    used = read(two, "live/documents", bot=BOT)["items"]

    assert {one["document"] for one in used} == {PROMPT, f"bots/{BOT}"}
    assert read(two, "live/documents", bot="acme/nobody")["items"] == []


def test_documents_are_found_by_kind_and_by_part_of_the_name(two):
    bots = read(two, "live/documents", kind="bot")["items"]
    named = read(two, "live/documents", q="REFUNDS")["items"]

    assert [one["document"] for one in bots] == [f"bots/{BOT}"]
    assert [one["document"] for one in named] == [PROMPT]


@pytest.mark.parametrize("path", ["moment", "live/documents"])
def test_what_is_not_over_and_what_never_was_is_refused_with_words(two, path):
    later = asked(two, path, at="2999-01-01T00:00:00Z")
    earlier = asked(two, path, at="1999-01-01T00:00:00Z")
    never = asked(two, path, seq=99)

    assert (later.status_code, earlier.status_code, never.status_code) == (
        409,
        404,
        404,
    )
    assert "not over yet" in later.json()["detail"]
    assert "nothing was live" in earlier.json()["detail"]


@pytest.mark.parametrize("path", ["moment", "live/documents"])
def test_where_nothing_has_gone_live_there_is_no_moment(placet, path):
    answer = asked(placet, path)

    assert answer.status_code == 404
    assert "nothing has gone live in development yet" in answer.json()["detail"]
