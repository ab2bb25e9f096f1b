"""Signing heads: at once, again before they expire, and by one process at a time."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.db.engine import disposing
from registry.db.heads import SignedHeads
from registry.heads import LIFETIME
from registry.writer import HeadSigning, Home, opened
from tests.writer.acts import Acts, fragment, prompt

BOT = ("staging", "acme/support")
OWN = ("staging", "")


def signing_of(home: Home, registry, heads: SignedHeads, clock) -> HeadSigning:
    return HeadSigning(
        engine=registry.engine,
        heads=heads,
        keys=home.head_keys(),
        fence=home.heads_fence(),
        clock=clock,
    )


@pytest.fixture
def running(registry, acts):
    """A registry with a bot that answers."""
    acts.begin_support()
    return registry


@pytest.fixture
def heads(home) -> Iterator[SignedHeads]:
    with disposing(home.open_heads()) as engine:
        yield SignedHeads(engine)


@pytest.fixture
def signing(home, registry, heads, clock) -> HeadSigning:
    return signing_of(home, registry, heads, clock)


@pytest.fixture
def bodies(heads):
    def bodies() -> dict[tuple[str, str], dict]:
        return {
            one.standing.subject: json.loads(one.body) for one in heads.news(0).heads
        }

    return bodies


def test_every_bot_and_every_environment_is_signed(lived, signing, bodies):
    signing.sign_changed()

    environments = lived.writer.state.environments
    wanted = {(name, "") for name in environments} | {
        (name, bot) for name, one in environments.items() for bot in one.bots
    }
    assert set(bodies()) == wanted
    assert BOT in wanted


def test_a_head_says_what_the_bot_is_told(lived, signing, bodies):
    signing.sign_changed()

    told = lived.writer.state.environment("staging").bots["acme/support"]
    head = bodies()[BOT]
    assert head["seq"] == told.since
    assert (head["bundle"], head["floor"]) == (told.told.bundle, told.told.floor)
    assert head["stopped"] is (told.told.stopped is not None)
    assert bodies()[OWN]["seq"] == lived.writer.state.environment("staging").seq


def test_only_what_has_changed_is_signed_again(running, acts, signing, heads, clock):
    signing.sign_changed()
    serial = heads.news(0).serial
    clock.move(seconds=1)

    acts.stop("it promised too much")
    signing.sign_changed()

    new = {one.standing.subject for one in heads.news(serial).heads}
    assert OWN in new
    assert new <= {BOT, OWN}


def test_the_content_is_the_same_for_whoever_begins_now(
    home, lived, acts, signing, heads, clock, bodies
):
    """One has followed every change, deletions too; the other one sees the end."""
    signing.sign_changed()
    for act in (
        lambda: acts.put_live(prompt("1.0.0", "Hello.", name="acme/hello")),
        lambda: acts.activate(acts.submit(deleted=("prompts/acme/hello",))),
        lambda: acts.put_live(fragment("1.5.0", "Sing.")),
    ):
        act()
        signing.sign_changed()
    followed = bodies()[OWN]["content"]

    home.head_keys().rotate(clock())  # so that it signs all of it again
    signing_of(home, lived, heads, clock).once()

    assert len(bodies()[OWN]["signatures"]) == 2
    assert bodies()[OWN]["content"] == followed


def test_nothing_is_signed_again_before_it_is_due(lived, signing, heads, clock):
    signing.sign_changed()
    serial = heads.news(0).serial

    clock.move(seconds=LIFETIME.total_seconds() * 0.39)
    signing.once()

    assert heads.news(0).serial == serial


def test_everything_is_signed_again_well_before_it_expires(
    lived, signing, clock, bodies
):
    signing.sign_changed()
    old = bodies()

    clock.move(seconds=LIFETIME.total_seconds() * 0.61)
    signing.once()

    new = bodies()
    assert all(new[one]["issued"] > old[one]["issued"] for one in old)
    assert {one: new[one]["seq"] for one in new} == {
        one: old[one]["seq"] for one in old
    }


def test_a_clock_that_was_set_back_has_everything_signed_again(
    lived, signing, clock, bodies
):
    signing.sign_changed()
    old = bodies()

    clock.move(hours=-1)
    signing.once()

    assert all(bodies()[one]["issued"] < old[one]["issued"] for one in old)


def test_a_second_process_signs_nothing_twice(home, lived, signing, heads, clock):
    other = signing_of(home, lived, heads, clock)

    signing.sign_changed()
    serial = heads.news(0).serial
    other.sign_changed()
    other.once()
    clock.move(seconds=LIFETIME.total_seconds() * 0.61)
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(one.once) for one in (signing, other)]:
            done.result()

    assert heads.news(0).serial == serial + 1


def test_what_another_process_wrote_is_signed(home, running, signing, clock, bodies):
    signing.sign_changed()
    with opened(home, clock=clock) as elsewhere:
        Acts(elsewhere.writer).stop("from elsewhere")

    signing.once()

    assert bodies()[BOT]["stopped"] is True


def test_a_new_key_signs_everything_beside_the_old_one(
    home, lived, signing, clock, bodies
):
    signing.sign_changed()
    old = {one["signatures"][0]["key"] for one in bodies().values()}

    added = home.head_keys().rotate(clock())
    signing.once()

    names = [[one["key"] for one in head["signatures"]] for head in bodies().values()]
    assert names == [[*old, added.verifier.short]] * len(names)


def test_a_retired_key_signs_nothing_any_more(home, lived, signing, clock, bodies):
    signing.sign_changed()
    keys = home.head_keys()
    added = keys.rotate(clock())

    keys.retire(keys.list()[0].verifier.id, clock())
    signing.once()

    assert {one["key"] for head in bodies().values() for one in head["signatures"]} == {
        added.verifier.short
    }


def test_heads_that_were_lost_are_signed_again(home, lived, signing, heads, clock):
    signing.sign_changed()
    wanted = {one.standing for one in heads.news(0).heads}

    with disposing(home.open_heads()) as engine, engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM signed_head")
    signing_of(home, lived, heads, clock).sign_changed()

    assert {one.standing for one in heads.news(0).heads} == wanted


def test_heads_that_are_lost_meanwhile_are_signed_again_by_who_signs(
    home, lived, signing, heads, clock
):
    signing.sign_changed()
    wanted = {one.standing for one in heads.news(0).heads}

    with disposing(home.open_heads()) as engine, engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM signed_head")
    signing.once()

    assert {one.standing for one in heads.news(0).heads} == wanted


def test_who_writes_hears_nothing_of_a_key_that_cannot_be_used(
    home, running, signing, acts, caplog
):
    signing.sign_changed()
    there = home.path / "heads.keys"
    kept = there.read_text()
    there.write_text("damaged\n")
    acts.stop("it has happened")

    signing.written()

    assert "does not hold keys" in signing.wrong
    assert "will be signed later" in caplog.text
    there.write_text(kept)
    signing.written()
    assert signing.wrong is None


def test_what_could_not_be_signed_is_signed_later(
    home, running, signing, acts, bodies, caplog
):
    signing.sign_changed()
    there = home.path / "heads.keys"
    kept = there.read_text()
    there.write_text("damaged\n")
    acts.stop("it has happened")
    signing.written()

    there.write_text(kept)
    signing.once()

    assert bodies()[BOT]["stopped"] is True


def test_a_key_that_is_gone_is_replaced_and_told(
    home, lived, signing, heads, clock, bodies, caplog
):
    signing.sign_changed()
    assert "heads.keys was gone" not in caplog.text
    before = bodies()[BOT]["signatures"]

    (home.path / "heads.keys").unlink()
    signing.once()

    assert "heads.keys was gone" in caplog.text
    assert bodies()[BOT]["signatures"][0]["key"] != before[0]["key"]
