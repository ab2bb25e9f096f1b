"""Reminders leave through the outbox, each stage once, by the clock that is set."""

from datetime import timedelta

import pytest

from registry.db.operations import Operations, Token
from registry.outbox import Outbox
from tests.outbox.receivers import Receiver
from tests.outbox.test_outbox import Bench, acting, bench, kinds, outbox
from tests.writer.conftest import acts, clock, failing_commits, home, registry

__all__ = ["acts", "bench", "clock", "failing_commits", "home", "outbox", "registry"]


@pytest.fixture
def expiring(bench: Bench, outbox: Outbox, clock: acting.Clock) -> Outbox:
    """A token of operator's that ends in twenty days."""
    operations = Operations(bench.operations)
    operations.add_token(
        Token(
            id="7f3a",
            handle="operator",
            purpose="the pipeline",
            scope="check",
            environments=(),
            bots=(),
            made=clock(),
            expires=clock() + timedelta(days=20),
            revoked=None,
        ),
        "hash",
    )
    return outbox


def rounds(outbox: Outbox, clock: acting.Clock, days: int) -> None:
    for _ in range(days * 2):
        clock.move(hours=12)
        outbox.once()


def test_each_stage_goes_out_once(
    bench: Bench, expiring: Outbox, clock: acting.Clock, receiver: Receiver
):
    rounds(expiring, clock, days=19)

    assert kinds(bench.deliveries()) == ["reminder-token", "reminder-token"]
    assert len(receiver.received) == 2


def test_a_server_that_starts_again_and_one_beside_it_tell_nothing_twice(
    bench: Bench, expiring: Outbox, clock: acting.Clock, receiver: Receiver
):
    clock.move(days=7)
    expiring.once()

    bench.outbox(receiver).once()
    bench.outbox(receiver).once()

    assert kinds(bench.deliveries()) == ["reminder-token"]


def test_after_a_pause_only_the_newest_stage_goes_out(
    bench: Bench, expiring: Outbox, clock: acting.Clock
):
    clock.move(days=18)

    expiring.once()
    rounds(expiring, clock, days=1)

    assert kinds(bench.deliveries()) == ["reminder-token"]


def test_a_token_that_was_revoked_is_told_no_further(
    bench: Bench, expiring: Outbox, clock: acting.Clock
):
    Operations(bench.operations).revoke_token("7f3a", clock())

    rounds(expiring, clock, days=19)

    assert bench.deliveries() == []


def test_a_review_is_told_from_the_texts_in_the_tables(
    bench: Bench, outbox: Outbox, clock: acting.Clock, acts: acting.Acts
):
    """The bot names the first of January as the day of its review."""
    acts.put_live(
        acting.bot("1.0.1"),
        acting.prompt("1.0.1"),
        acting.fragment("1.0.1"),
        environment="production",
    )
    outbox.once()
    already = len(bench.deliveries())
    clock.move(days=200)
    outbox.once()
    before = len(bench.deliveries())
    clock.move(days=20)
    outbox.once()
    outbox.once()

    told = bench.deliveries()[already:]
    assert before == already
    assert kinds(told) == ["reminder-review"]
