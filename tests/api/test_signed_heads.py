"""Signed heads over HTTP: what is told, when it is signed again, what is kept back."""

import json

import pytest

from registry.api.bearer import Scope
from registry.api.live import LiveSnapshots
from registry.db.engine import reading
from registry.db.heads import SignedHeads
from registry.db.source import read_source
from registry.db.standings import read_place
from registry.heads import LIFETIME, sign
from registry.writer import HeadSigning
from tests.api.texts import bot, prompt

HERE = "/v1/environments/development"
BOT = f"{HERE}/bots/acme/support"
HALF_S = LIFETIME.total_seconds() * 0.61


@pytest.fixture
def reader(placet):
    placet.live(bot(), prompt())
    return placet.machine(Scope.READ, environments=("development",))


def renewed(placet, signing, written):
    placet.clock.forward(seconds=HALF_S)
    signing.once()
    written[-1]()


def test_a_head_is_told_as_it_was_signed(reader, heads):
    told = reader.get(f"{BOT}/head")

    (stored,) = [
        one for one in heads.news(0).heads if one.standing.bot == "acme/support"
    ]
    assert told.content == stored.body
    assert told.json()["signatures"][0]["key"].startswith("placet/tested/heads+")


def test_what_goes_live_is_signed_when_it_is_answered(placet, reader):
    before = reader.get(f"{BOT}/head").json()

    placet.live(prompt(version="1.1.0", text="Other words."))

    after = reader.get(f"{BOT}/head").json()
    assert (before["seq"], after["seq"]) == (1, 2)
    assert after["bundle"] == json.loads(reader.get(f"{BOT}/head").content)["bundle"]
    assert reader.get(f"/v1/bundles/{after['bundle']}").status_code == 200


def test_an_environment_has_a_head_of_its_own(placet, reader):
    told = reader.get(f"{HERE}/head")

    head = told.json()
    assert (head["environment"], head["seq"]) == ("development", 1)
    assert head["content"].startswith("sha256:")
    assert told.headers["placet-seq"] == "1"


def test_the_content_changes_with_what_is_live_and_not_with_the_time(
    placet, reader, signing, written
):
    first = reader.get(f"{HERE}/head").json()
    renewed(placet, signing, written)
    again = reader.get(f"{HERE}/head").json()
    placet.live(prompt(version="1.1.0", text="Other words."))
    other = reader.get(f"{HERE}/head").json()

    assert again["issued"] > first["issued"]
    assert again["content"] == first["content"] != other["content"]


def test_an_environments_head_has_an_etag_as_everything_has(reader):
    etag = reader.get(f"{HERE}/head").headers["etag"]

    again = reader.get(f"{HERE}/head", headers={"If-None-Match": etag})

    assert again.status_code == 304


def test_a_token_for_some_bots_reads_the_environments_head(placet, reader):
    machine = placet.machine(
        Scope.READ, environments=("development",), bots=("acme/support",)
    )

    assert machine.get(f"{HERE}/head").status_code == 200


def test_a_token_for_another_environment_does_not(placet, reader):
    machine = placet.machine(Scope.READ, environments=("staging",))

    assert machine.get(f"{HERE}/head").status_code == 403


@pytest.mark.parametrize("query", ["at=2026-05-03T11:30:00Z", "seq=1", "version=1"])
def test_an_environments_head_is_of_now(reader, query):
    answer = reader.get(f"{HERE}/head?{query}")

    assert answer.status_code == 422
    assert "says what is live now" in answer.json()["detail"]


def test_an_environments_head_can_be_waited_for(reader):
    assert reader.get(f"{HERE}/head?min_seq=1").status_code == 200


def test_an_environments_head_is_not_counted_as_a_fetch(placet, reader, counting):
    reader.get(f"{HERE}/head")
    reader.get(f"{BOT}/head")
    counting.finish()

    said = placet.signed_in("viewer").get(f"{HERE}/fetches").json()["items"]
    assert [one["document"] for one in said] == ["bots/acme/support"]


def test_signed_again_it_is_another_answer_with_the_same_bundle(
    placet, reader, signing, written
):
    before = reader.get(f"{BOT}/head")

    renewed(placet, signing, written)
    after = reader.get(f"{BOT}/head", headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    same = ("bundle", "seq", "floor", "epoch")
    assert [after.json()[one] for one in same] == [before.json()[one] for one in same]


def test_without_its_head_signed_an_environment_stays_where_it_was(
    home, placet, reader, signing, written
):
    """Nothing is told that is not signed, and no head without its bundle."""
    before = reader.get(f"{BOT}/head").content
    keys = (home.path / "heads.keys").read_text()
    (home.path / "heads.keys").write_text("damaged\n")

    placet.live(prompt(version="1.1.0", text="Other words."))
    kept = reader.get(f"{BOT}/head")
    (home.path / "heads.keys").write_text(keys)
    signing.once()
    written[-1]()

    assert kept.content == before
    assert kept.headers["placet-seq"] == "1"
    assert reader.get(f"{BOT}/head").json()["seq"] == 2


@pytest.mark.parametrize("bots", [["acme/support"], [""]], ids=["bot", "own"])
def test_nothing_is_told_while_one_of_the_heads_is_missing(
    placet, reader, heads, written, clock, home, bots
):
    """The bot's and the environment's own belong together."""
    before = reader.get(f"{BOT}/head").content
    signer, *others = written
    written[:] = others  # nobody signs
    placet.live(prompt(version="1.1.0", text="Other words."))
    (place,) = [one for one in unsigned(placet, heads) if one.bot in bots]

    heads.save([sign(place, home.head_keys().active(), clock())])
    others[-1]()
    kept = reader.get(f"{BOT}/head")
    signer()
    others[-1]()

    assert (kept.content, kept.headers["placet-seq"]) == (before, "1")
    assert reader.get(f"{BOT}/head").json()["seq"] == 2


def unsigned(placet, heads):
    """What the heads of development have to say, and do not say yet."""
    there = {one.standing for one in heads.news(0).heads}
    with reading(placet.parts.opened.engine) as connection:
        source, _ = read_source(connection)
        place = read_place(connection, source, "development", None)
    return [one for one in place.changed if one not in there]


def test_an_environment_that_was_never_signed_is_not_told(registry, placet, home):
    engine = home.open_heads()
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM signed_head WHERE bot = ''")
    live = LiveSnapshots(registry.engine, SignedHeads(engine))
    engine.dispose()

    assert dict(live.current) == {}


def test_a_deleted_bots_answer_carries_a_signed_head_without_a_bundle(placet, reader):
    placet.activate(placet.submit(deleted=["bots/acme/support"]))

    for address in (BOT, f"{BOT}/head"):
        answer = reader.get(address)
        assert answer.status_code == 410
        head = answer.json()["head"]
        assert (head["bundle"], head["seq"]) == (None, answer.json()["seq"])
        assert head["signatures"]


def test_the_heads_of_the_past_are_not_signed(reader):
    head = reader.get(f"{BOT}/head?seq=1").json()

    assert "signatures" not in head
    assert "expires" not in head


def test_a_server_that_begins_tells_the_same_heads(registry, heads, reader):
    other = LiveSnapshots(registry.engine, heads)

    told = other.get("development").bots["acme/support"].head.body
    assert told == reader.get(f"{BOT}/head").content


def test_a_table_that_was_begun_anew_is_taken_in_whole(
    home, placet, registry, reader, heads, written
):
    engine = home.open_heads()
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM signed_head")
    engine.dispose()
    placet.clock.forward(minutes=1)
    HeadSigning(
        engine=registry.engine,
        heads=heads,
        keys=home.head_keys(),
        fence=home.heads_fence(),
        clock=placet.clock,
    ).sign_changed()
    written[-1]()

    assert reader.get(f"{BOT}/head").json()["issued"] == "2026-05-03T12:01:00Z"
