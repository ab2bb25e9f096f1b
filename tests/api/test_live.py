"""The snapshots of a reader: only ever onward, whatever its tables become."""

import logging
from dataclasses import replace

import pytest
from sqlalchemy import text

from registry.api.bearer import Scope
from registry.api.live import LiveSnapshots
from registry.errors import Unavailable
from tests.api.conftest import Placet
from tests.api.texts import bot, prompt


@pytest.fixture
def engine(placet: Placet):
    return placet.parts.opened.engine


@pytest.fixture
def live(placet: Placet, engine) -> LiveSnapshots:
    """A reader's, with something that it serves."""
    placet.live(prompt())
    return LiveSnapshots(engine, kept={})


def rename(engine, old: str, new: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_tables_of_an_older_state_are_refused(live: LiveSnapshots, engine, caplog):
    served = live.current
    later = {name: replace(one, seq=one.seq + 5) for name, one in served.items()}

    reader = LiveSnapshots(engine, kept=later)
    reader.refresh()

    assert reader.current == later
    assert reader.stale
    assert reader.refused
    assert not reader.away
    assert "still in epoch 1" in reader.problem
    assert caplog.text.count("what was served before is served on") == 1


def test_tables_of_a_higher_epoch_are_taken(live: LiveSnapshots, engine):
    earlier = {
        name: replace(one, seq=one.seq + 5, source=replace(one.source, epoch=0))
        for name, one in live.current.items()
    }

    reader = LiveSnapshots(engine, kept=earlier)

    assert reader.current == live.current
    assert (reader.stale, reader.refused, reader.problem) == (False, False, None)


def test_what_was_kept_is_read_anew_where_the_tables_go_on_from_it(live, engine):
    damaged = {name: replace(one, documents={}) for name, one in live.current.items()}

    assert LiveSnapshots(engine, kept=damaged).current == live.current


def test_tables_that_are_gone_leave_what_was_served(live, engine, caplog):
    rename(engine, "moment", "elsewhere")

    with caplog.at_level(logging.WARNING):
        live.refresh()
        live.refresh()
        assert (live.away, live.problem) == (True, "the tables cannot be read")
        assert live.current["development"].documents
        rename(engine, "elsewhere", "moment")
        live.refresh()

    assert (live.away, live.stale, live.problem) == (False, False, None)
    assert caplog.text.count("could not be brought up to date") == 1
    assert "brought up to date again" in caplog.text


def test_what_has_not_changed_is_the_same_value(live: LiveSnapshots):
    before = live.current

    live.refresh()

    assert live.current is before


def test_a_reader_that_has_read_nothing_yet_says_so(placet: Placet, engine):
    rename(engine, "event", "elsewhere")

    reader = LiveSnapshots(engine, kept={})

    with pytest.raises(Unavailable, match="nothing could be read"):
        reader.get("development")


def test_a_bundle_that_is_live_is_served_without_tables(placet: Placet, engine):
    placet.live(bot(), prompt())
    chatbot = placet.machine(Scope.READ)
    other = placet.machine(Scope.READ, bots=("acme/other",))
    told = chatbot.get("/v1/environments/development/bots/acme/support")
    address = f"/v1/bundles/{told.headers['placet-digest']}"
    rename(engine, "served", "elsewhere")

    assert chatbot.get(address).content == told.content
    assert chatbot.get(address).headers["cache-control"] == (
        "private, max-age=31536000, immutable"
    )
    assert other.get(address).status_code == 404
