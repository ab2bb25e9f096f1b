"""What chatbots read: what the answers carry, and what a token may read."""

import hashlib
import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from registry.api.bearer import Scope
from registry.api.live import LiveSnapshots
from tests.api.test_connections import counting
from tests.api.texts import bot, fragment, prompt

HERE = "/v1/environments/development"
BOT = f"{HERE}/bots/acme/support"
PROMPT = f"{HERE}/prompts/acme/refunds"


@pytest.fixture
def reader(placet):
    """A chatbot's token for the environment, with a bot live in it."""
    placet.live(bot(), prompt())
    return placet.machine(Scope.READ, environments=("development",))


def test_an_answer_names_environment_epoch_seq_and_digest(reader):
    answer = reader.get(PROMPT)

    digest = "sha256:" + hashlib.sha256(answer.content).hexdigest()
    assert answer.headers["placet-environment"] == "development"
    assert answer.headers["placet-epoch"] == "1"
    assert answer.headers["placet-seq"] == "1"
    assert answer.headers["placet-digest"] == digest
    assert answer.headers["etag"] == f'"{digest}"'
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_client_has_already_is_not_sent_again(reader, form):
    etag = reader.get(BOT).headers["etag"]

    answer = reader.get(BOT, headers={"If-None-Match": form.format(etag)})

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == etag


def test_another_etag_gets_the_whole_answer(reader):
    answer = reader.get(BOT, headers={"If-None-Match": '"sha256:other"'})

    assert answer.status_code == 200


def test_the_head_names_the_bundle_that_its_address_gives(reader):
    head = reader.get(f"{BOT}/head").json()
    bundle = reader.get(f"/v1/bundles/{head['bundle']}")

    assert (head["seq"], head["floor"], head["stopped"]) == (1, 0, False)
    assert bundle.content == reader.get(BOT).content
    assert "immutable" in bundle.headers["cache-control"]


def test_the_heads_seq_moves_only_when_the_bot_is_told_something_else(placet, reader):
    placet.live(prompt(name="acme/other"))

    assert reader.get(f"{BOT}/head").json()["seq"] == 1
    assert reader.get(BOT).headers["placet-seq"] == "2"


def test_a_stop_raises_the_floor_and_leaves_the_fallback(placet, reader):
    placet.signed_in("risk").post(
        f"{HERE}/stops", json={"bot": "acme/support", "reason": "It promises"}
    )

    head, bundle = reader.get(f"{BOT}/head").json(), reader.get(BOT).json()
    assert (head["seq"], head["floor"], head["stopped"]) == (2, 2, True)
    assert bundle["stopped"] == {"reason": "It promises"}
    assert bundle["prompts"] == {}


def test_the_past_reads_as_it_was_by_seq_and_by_moment(placet, reader):
    placet.clock.forward(minutes=1)
    then = placet.clock()
    placet.clock.forward(hours=1)
    placet.live(prompt(version="1.1.0", text="Answer briefly."))
    placet.clock.forward(hours=1)

    by_seq = reader.get(PROMPT, params={"seq": 1})
    by_moment = reader.get(PROMPT, params={"at": then.isoformat()})

    assert "politely" in by_seq.text
    assert by_seq.content == by_moment.content
    assert by_moment.headers["placet-seq"] == "1"
    assert "briefly" in reader.get(PROMPT).text


def test_a_bots_past_is_its_bundle_and_its_head(placet, reader):
    before = reader.get(BOT).content
    placet.live(prompt(version="1.1.0", text="Answer briefly."))

    assert reader.get(BOT, params={"seq": 1}).content == before
    assert reader.get(f"{BOT}/head", params={"seq": 1}).json()["seq"] == 1


def test_a_moment_that_is_not_over_is_refused(placet, reader):
    answer = reader.get(PROMPT, params={"at": placet.clock().isoformat()})

    assert answer.status_code == 409
    assert answer.json()["type"].endswith("not-settled")


@pytest.mark.parametrize(
    "query",
    [
        "at=yesterday",
        "at=2026-05-03T12:00:00",
        "at=9999-12-31T23:59:59-14:00",
        "at=0001-01-01T00:00:00%2B14:00",
        "seq=-1",
        "seq=1.5",
        "seq=99999999999999999999",
        "seq=1&seq=2",
        "seq=1&at=2026-05-03T12:00:00Z",
        "version=banana",
        "min_seq=soon",
        "colour=red",
        "seq",
        "%ff",
    ],
)
def test_a_query_that_cannot_be_read_is_refused_with_a_hint(reader, query):
    answer = reader.get(f"{PROMPT}?{query}")

    assert answer.status_code == 422, answer.text
    assert answer.json()["hint"]


def test_a_seq_that_never_was_is_not_found(reader):
    assert reader.get(PROMPT, params={"seq": 7}).status_code == 404
    assert reader.get(PROMPT, params={"seq": 0}).status_code == 404


def test_a_range_is_answered_if_the_live_version_fits(reader):
    fits = reader.get(PROMPT, params={"version": "^1.0"})
    refused = reader.get(PROMPT, params={"version": "^2.0"})

    assert fits.status_code == 200
    assert refused.status_code == 409
    assert "1.0.0" in refused.json()["detail"]


def test_a_bot_is_asked_for_without_a_range(reader):
    assert reader.get(BOT, params={"version": "^1.0"}).status_code == 422


def test_a_seq_that_is_reached_is_answered_at_once(reader):
    assert reader.get(PROMPT, params={"min_seq": 1}).status_code == 200


@pytest.mark.slow
def test_a_seq_that_is_not_reached_in_time_is_unavailable(reader):
    answer = reader.get(PROMPT, params={"min_seq": 2})

    assert answer.status_code == 503
    assert answer.json()["hint"]


def test_what_was_deleted_says_when(placet, reader):
    placet.live(prompt(name="acme/other"))
    placet.activate(placet.submit(deleted=["prompts/acme/other"]))

    answer = reader.get(f"{HERE}/prompts/acme/other")

    assert answer.status_code == 410
    assert (answer.json()["epoch"], answer.json()["seq"]) == (1, 3)


def test_a_deleted_bot_says_when_also_at_its_head(placet, reader):
    placet.activate(placet.submit(deleted=["bots/acme/support"]))

    for path in (BOT, f"{BOT}/head"):
        answer = reader.get(path)
        assert answer.status_code == 410
        assert answer.json()["seq"] == 2


def test_what_was_deleted_can_be_read_as_it_was(placet, reader):
    placet.activate(placet.submit(deleted=["bots/acme/support"]))

    assert reader.get(BOT, params={"seq": 1}).json()["bot"]["name"] == "acme/support"
    assert reader.get(BOT, params={"seq": 2}).status_code == 410


def test_what_never_was_is_not_found(reader):
    assert reader.get(f"{HERE}/prompts/acme/nothing").status_code == 404
    assert reader.get(f"{HERE}/bots/acme/nobody/head").status_code == 404
    nowhere = reader.get("/v1/environments/nowhere/prompts/acme/refunds")
    assert nowhere.status_code in {403, 404}


@pytest.mark.parametrize("name", ["..", "acme/../refunds", "Ä", "a" * 300, "%00"])
def test_a_name_that_cannot_be_is_a_problem_and_no_crash(reader, name):
    answer = reader.get(f"{HERE}/prompts/{quote(name)}")

    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_nobody_reads_without_a_token(placet, reader):
    assert placet.anonymous().get(PROMPT).status_code == 401
    assert placet.bearing("plc_read_nonsense").get(BOT).status_code == 401


def test_a_token_for_other_environments_reads_nothing_here(placet, reader):
    other = placet.machine(Scope.READ, environments=("staging",))

    assert other.get(PROMPT).status_code == 403
    assert other.get(BOT).status_code == 403
    digest = reader.get(BOT).headers["placet-digest"]
    assert other.get(f"/v1/bundles/{digest}").status_code == 404


def test_a_token_for_a_bot_reads_its_bundle_and_head_and_nothing_else(placet, reader):
    placet.live(bot(name="acme/other"))
    limited = placet.machine(
        Scope.READ, environments=("development",), bots=("acme/support",)
    )
    other = reader.get(f"{HERE}/bots/acme/other").headers["placet-digest"]

    assert limited.get(BOT).status_code == 200
    assert limited.get(f"{BOT}/head").status_code == 200
    assert limited.get(PROMPT).status_code == 403
    assert limited.get(f"{HERE}/bots/acme/other").status_code == 403
    assert limited.get(f"/v1/bundles/{other}").status_code == 404


def test_a_token_for_a_bot_reads_every_bundle_that_it_was_ever_told(placet, reader):
    first = reader.get(BOT).headers["placet-digest"]
    placet.live(prompt(version="1.1.0", text="Answer briefly."))
    limited = placet.machine(Scope.READ, bots=("acme/support",))

    answer = limited.get(f"/v1/bundles/{first}")

    assert "politely" in json.dumps(answer.json())


def test_an_expired_token_reads_nothing(placet, reader):
    placet.clock.forward(days=2)

    assert reader.get(PROMPT).status_code == 401


def test_a_digest_address_takes_no_query(reader):
    digest = reader.get(BOT).headers["placet-digest"]

    assert reader.get(f"/v1/bundles/{digest}?at=x").status_code == 422
    assert reader.get("/v1/bundles/sha256:short").status_code == 422


def test_an_edit_of_a_fragment_reaches_every_prompt_at_one_seq(placet, reader):
    including = prompt(name="acme/kind", text="{{> fragments/acme/tone }}")
    placet.live(fragment(), including)

    placet.live(fragment(version="1.1.0", text="Be brief."))

    answer = reader.get(f"{HERE}/prompts/acme/kind")
    assert "Be brief." in answer.json()["messages"][0]["content"]
    assert answer.headers["placet-seq"] == "3"


def test_a_snapshot_of_a_ledger_that_was_replaced_is_read_anew(placet, registry):
    live = LiveSnapshots(registry.engine)
    placet.live(prompt())
    ahead = LiveSnapshots(registry.engine)
    ahead.current = {
        **ahead.current,
        "development": _later(ahead.current["development"]),
    }

    ahead.refresh()
    live.refresh()

    assert ahead.get("development") == live.get("development")


def _later(snapshot):
    return replace(snapshot, seq=snapshot.seq + 5)


def test_a_bundle_that_is_live_is_answered_by_its_digest_without_the_tables(
    placet, reader
):
    head = reader.get(f"{BOT}/head").json()

    with counting(placet.parts.opened.engine) as counts:
        bundle = reader.get(f"/v1/bundles/{head['bundle']}")
        again = reader.get(
            f"/v1/bundles/{head['bundle']}",
            headers={"If-None-Match": bundle.headers["etag"]},
        )

    assert counts == []
    assert bundle.content == reader.get(BOT).content
    assert "immutable" in bundle.headers["cache-control"]
    assert again.status_code == 304


def test_a_bundle_that_was_live_is_answered_by_its_digest_all_the_same(placet, reader):
    head = reader.get(f"{BOT}/head").json()
    before = reader.get(BOT).content
    placet.live(prompt(version="1.1.0", text="Answer briefly."))

    assert reader.get(f"/v1/bundles/{head['bundle']}").content == before


def test_a_live_bundle_is_not_told_to_a_token_for_another_bot(placet, reader):
    placet.live(bot(name="acme/other"))
    head = reader.get(f"{BOT}/head").json()
    other = placet.machine(Scope.READ, bots=("acme/other",))
    away = placet.machine(Scope.READ, environments=("staging",))

    for one in (other, away):
        assert one.get(f"/v1/bundles/{head['bundle']}").status_code == 404
