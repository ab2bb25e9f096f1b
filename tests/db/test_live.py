"""What is live, and what was: the tables say what the state says, at every seq."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry.db.engine import reading
from registry.db.live import (
    bots_told,
    read_bot,
    read_bundle,
    read_difference,
    read_document,
    read_moment,
    read_snapshots,
    seq_at,
)
from registry.errors import Deleted, NotFound
from registry.names import name_of
from registry.snapshots import advance
from registry.writer import opened
from tests.writer.acts import bot, fragment, prompt

GONE = "prompts/acme/hello"


@pytest.fixture
def busy(lived, acts):
    """Staging at seq 8: a document came, went, came back and changed its texts."""
    acts.put_live(prompt("1.0.0", "Hello.", name="acme/hello"))
    acts.activate(acts.submit(deleted=(GONE,)))
    acts.put_live(prompt("1.1.0", "Hello again.", name="acme/hello"))
    acts.put_live(fragment("1.4.0", "Hum."))
    return lived


@pytest.fixture
def staging(busy):
    return busy.writer.state.environment("staging")


@pytest.fixture
def connection(busy):
    with reading(busy.engine) as connection:
        yield connection


@pytest.fixture
def snapshot(connection):
    return read_snapshots(connection)["staging"]


def composed(live):
    return {name: held.document.composed for name, held in live.items()}


def test_a_snapshot_holds_what_the_state_holds(snapshot, staging):
    digests = {name: served.digest for name, served in snapshot.documents.items()}
    assert digests == composed(staging.live)
    assert (snapshot.seq, snapshot.at) == (8, staging.moments[8].at)
    assert dict(snapshot.gone) == {}


def test_an_environment_that_never_moved_is_empty(home, registry):
    with reading(registry.engine) as connection:
        snapshot = read_snapshots(connection)["production"]

    assert (snapshot.seq, snapshot.at, dict(snapshot.documents)) == (0, None, {})


def test_before_the_registry_began_there_is_nothing(home):
    with opened(home) as empty, reading(empty.engine) as connection:
        assert read_snapshots(connection) == {}


def test_every_document_reads_at_every_seq_as_it_did(connection, snapshot, staging):
    for seq in range(1, staging.seq + 1):
        for name, digest in composed(staging.moments[seq].live).items():
            assert read_document(connection, snapshot, name, seq).digest == digest


def test_a_document_that_was_deleted_says_when(connection, snapshot):
    with pytest.raises(Deleted) as told:
        read_document(connection, snapshot, GONE, 6)

    assert told.value.seq == 6
    assert read_document(connection, snapshot, GONE, 5).version == "1.0.0"
    assert read_document(connection, snapshot, GONE, 7).version == "1.1.0"


def test_a_document_that_was_not_there_yet_is_not_found(connection, snapshot):
    with pytest.raises(NotFound) as told:
        read_document(connection, snapshot, GONE, 4)

    assert not isinstance(told.value, Deleted)


def test_every_difference_leads_to_the_next_snapshot(busy, acts):
    """Whatever a reader has seen last, it comes to what one sees who begins now."""
    snapshots = [look(busy)["staging"]]
    for act in (
        lambda: acts.put_live(fragment("1.5.0", "Sing.")),
        lambda: acts.activate(acts.submit(deleted=(GONE,))),
        lambda: acts.roll_back(8),
        lambda: acts.put_live(bot("2.0.0")),
        lambda: acts.put_live(prompt("1.2.0", "Hello!", name="acme/hello")),
    ):
        act()
        snapshots.append(look(busy)["staging"])

    for earlier in snapshots[:-1]:
        with reading(busy.engine) as connection:
            difference = read_difference(connection, earlier)
        assert advance(earlier, difference) == snapshots[-1]


def look(registry):
    with reading(registry.engine) as connection:
        return read_snapshots(connection)


def test_without_a_change_there_is_no_difference(connection, snapshot):
    assert read_difference(connection, snapshot) is None


def test_a_moment_falls_into_the_seq_that_was_live_then(connection, staging):
    tick = timedelta(microseconds=1)
    for seq in range(1, staging.seq + 1):
        at = staging.moments[seq].at
        assert read_moment(connection, "staging", seq) == at
        assert seq_at(connection, "staging", at) == seq
        if seq > 1:
            assert seq_at(connection, "staging", at - tick) == seq - 1
    with pytest.raises(NotFound):
        seq_at(connection, "staging", staging.moments[1].at - tick)


@pytest.mark.parametrize("seq", [-1, 0, 9, 10_000])
def test_a_seq_that_never_was_is_not_found(seq, connection):
    with pytest.raises(NotFound, match=f"staging has no seq {seq}"):
        read_moment(connection, "staging", seq)


def test_a_bot_is_told_at_every_seq_what_its_events_say(connection, snapshot, staging):
    told = [read_bot(connection, snapshot, "acme/support", seq) for seq in range(1, 9)]

    assert [each.stopped for each in told] == [False, False, *[True] * 6]
    assert told[-1].bundle.digest == staging.bots["acme/support"].told.bundle
    assert [each.since for each in told] == [1, 2, *[3] * 6]
    assert [each.floor for each in told] == [0, 0, *[3] * 6]


def test_every_bundle_that_was_told_can_be_read_for_ever(connection, snapshot):
    for seq in range(1, 9):
        bundle = read_bot(connection, snapshot, "acme/support", seq).bundle
        forever = read_bundle(connection, bundle.digest)
        assert forever == replace(bundle, since=forever.since)
        assert bots_told(connection, bundle.digest) == {("staging", "acme/support")}


def test_what_was_served_otherwise_is_no_bundle(connection, staging):
    for name, digest in composed(staging.live).items():
        if name_of(name) != "acme/support":
            assert read_bundle(connection, digest) is None
