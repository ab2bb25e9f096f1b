"""The loop: nothing is lost, nothing is told twice, and nobody waits for a slow one."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from registry.db.alerts import Alerts
from registry.db.deliveries import Deliveries
from registry.db.delivery_list import Delivery, Outcome, list_deliveries
from registry.db.operations import Operations
from registry.db.targets import Targets
from registry.notices import Urgency, audience
from registry.outbox import PLAIN, MailServer, Outbox, Outgoing, Security, Sender
from registry.outbox.addresses import parse_allowed
from registry.outbox.signing import make_secret
from registry.targets import GIVE_UP_AFTER, Filters, Target, TargetKind
from registry.writer import Home, Open
from tests.outbox.conftest import make_notice
from tests.outbox.receivers import Receiver, mailing, receiving
from tests.writer import acts as acting
from tests.writer.conftest import acts, clock, failing_commits, home, registry

__all__ = ["acts", "clock", "failing_commits", "home", "registry"]

EVERYTHING = Filters(environments=(), kinds=(), urgency=Urgency.LOW)


class Bench:
    """A registry's outbox, and what is in it."""

    def __init__(self, registry: Open, operations: Engine, clock: acting.Clock) -> None:
        self.registry = registry
        self.operations = operations
        self.clock = clock
        self.targets = Targets(operations)
        self.opened: list[Outbox] = []

    def outbox(self, *receivers: Receiver, mail: MailServer | None = None) -> Outbox:
        """A server's outbox; there may be several."""
        allowed = parse_allowed([one.url for one in receivers])
        outgoing = Outgoing(allowed=allowed, mail=mail, url=None, console=None)
        outbox = Outbox(
            engine=self.registry.engine,
            operations_engine=self.operations,
            state=lambda: self.registry.writer.state,
            clock=self.clock,
            sender=Sender(outgoing, self.operations),
            chance=lambda: 0.5,
        )
        self.opened.append(outbox)
        return outbox

    def target(
        self, receiver: Receiver | None, name: str = "one", **filters: object
    ) -> Target:
        """Without a receiver it is one for e-mail."""
        target = Target(
            id=name,
            kind=TargetKind.WEBHOOK if receiver else TargetKind.EMAIL,
            name=name,
            address=f"{receiver.url}/{name}" if receiver else "",
            filters=replace(EVERYTHING, **filters),
            made=self.clock(),
            made_by="admin",
        )
        self.targets.add(target, make_secret() if receiver else None)
        return target

    def deliveries(self, outcome: Outcome | None = None) -> list[Delivery]:
        """Oldest first."""
        found = list_deliveries(self.operations, outcome=outcome, before=None, limit=99)
        return list(found[::-1])

    def waited_for(self) -> set[str]:
        return {one.target for one in self.deliveries(Outcome.WAITING)}

    def alerts(self, *, resolved: bool = False):
        return Alerts(self.operations).list_alerts(
            environments=(), resolved=resolved, before=None, limit=99
        )


@pytest.fixture
def bench(registry: Open, home: Home, clock: acting.Clock) -> Iterator[Bench]:
    operations = home.open_operations()
    bench = Bench(registry, operations, clock)
    yield bench
    for outbox in bench.opened:
        outbox.close()
    operations.dispose()


@pytest.fixture
def outbox(bench: Bench, receiver: Receiver, acts: acting.Acts) -> Outbox:
    """One that has begun, with a target, and a bot live to talk about."""
    acts.begin_support()
    bench.target(receiver)
    outbox = bench.outbox(receiver)
    outbox.once()
    return outbox


def kinds(deliveries: list[Delivery]) -> list[str]:
    return [one.kind for one in deliveries]


def test_what_happened_before_anybody_could_listen_is_told_nobody(
    bench: Bench, outbox: Outbox, receiver: Receiver
):
    assert receiver.received == []
    assert bench.deliveries() == []


def test_each_event_is_told_once(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    acts.stop("It shouts.")
    acts.say("Well done.")

    outbox.once()
    outbox.once()

    assert kinds(bench.deliveries(Outcome.DELIVERED)) == ["stopped", "change-commented"]
    assert len(set(receiver.ids)) == len(receiver.ids) == 2


def test_a_target_that_comes_later_is_told_of_what_comes_later(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    acts.stop("It shouts.")
    outbox.once()
    bench.target(receiver, "late")
    acts.say("Well done.")

    outbox.once()

    told = [(one.target, one.kind) for one in bench.deliveries()]
    assert ("late", "stopped") not in told
    assert ("late", "change-commented") in told


def test_a_target_takes_what_its_filters_take(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    bench.target(receiver, "elsewhere", environments=("production",))
    bench.target(receiver, "urgent", urgency=Urgency.HIGH)
    bench.target(receiver, "comments", kinds=("change-c*",))
    acts.stop("It shouts.")
    acts.say("Well done.")

    outbox.once()

    told = {(one.target, one.kind) for one in bench.deliveries()}
    assert told == {
        ("one", "stopped"),
        ("one", "change-commented"),
        ("urgent", "stopped"),
        ("comments", "change-commented"),
    }


def test_a_crash_while_notices_are_recorded_neither_loses_nor_doubles(
    bench: Bench,
    outbox: Outbox,
    receiver: Receiver,
    acts: acting.Acts,
    failing_commits: Callable[..., AbstractContextManager[None]],
):
    acts.stop("It shouts.")
    with failing_commits(bench.operations, times=1), pytest.raises(OperationalError):
        outbox.gather()
    assert bench.deliveries() == []

    bench.outbox(receiver).once()

    assert kinds(bench.deliveries()) == ["stopped"]
    assert len(receiver.received) == 1


def test_a_crash_after_sending_sends_again_with_the_same_id(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    acts.stop("It shouts.")
    outbox.gather()
    deliveries = Deliveries(bench.operations)
    until = bench.clock() + timedelta(minutes=2)
    claimed = deliveries.claim("one", now=bench.clock(), until=until)
    assert claimed is not None
    sender = Sender(
        Outgoing(
            allowed=parse_allowed([receiver.url]), mail=None, url=None, console=None
        ),
        bench.operations,
    )
    target = bench.targets.get("one")
    sender.send(target, claimed.notice, recipient="", now=bench.clock())

    other = bench.outbox(receiver)
    other.once()
    assert len(receiver.received) == 1
    bench.clock.move(minutes=3)
    other.once()

    assert len(receiver.received) == 2
    assert len(set(receiver.ids)) == 1
    assert [one.attempts for one in bench.deliveries(Outcome.DELIVERED)] == [2]


def test_what_a_claim_that_has_ended_comes_to_changes_nothing(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    acts.stop("It shouts.")
    outbox.gather()
    deliveries = Deliveries(bench.operations)
    now = bench.clock()
    stale = deliveries.claim("one", now=now, until=now + timedelta(minutes=2))
    bench.clock.move(minutes=3)
    bench.outbox(receiver).once()
    assert stale is not None

    target = bench.targets.get("one")
    deliveries.postpone(stale, "too late", now + timedelta(days=1))
    deliveries.give_up(stale, target, "too late", now, alert=True)

    (delivery,) = bench.deliveries()
    assert delivery.outcome is Outcome.DELIVERED
    assert bench.alerts() == ()


def test_several_servers_tell_each_notice_once(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    servers = [outbox, bench.outbox(receiver), bench.outbox(receiver)]
    for server in servers:
        server.start()
    for number in range(10):
        acts.say(f"Comment {number}.")
        servers[number % 3].wake()

    _until(lambda: len(bench.deliveries(Outcome.DELIVERED)) == 10)

    assert len(receiver.ids) == len(set(receiver.ids)) == 10


def test_a_server_that_comes_later_makes_notices_of_what_was_missed(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    outbox.close()
    acts.stop("It shouts.")
    acts.put_live(acting.fragment("1.1.0", "Speak up."))

    bench.outbox(receiver).once()

    assert kinds(bench.deliveries()) == [
        "stopped",
        "change-submitted",
        "change-activated",
    ]


def test_tables_from_an_older_backup_make_no_notice_again(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    deliveries = Deliveries(bench.operations)
    head = deliveries.read_number()
    assert head is not None
    deliveries.move(before=head, to=head + 100)

    outbox.once()
    acts.stop("It shouts.")
    outbox.once()

    assert kinds(bench.deliveries()) == ["stopped"]


def test_what_fails_is_tried_again_after_longer_and_longer_pauses(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    receiver.status = 500
    acts.stop("It shouts.")
    pauses = []
    for _ in range(8):
        outbox.once()
        (delivery,) = bench.deliveries(Outcome.WAITING)
        assert delivery.last_error == "it answered 500"
        assert delivery.next_try is not None
        pauses.append(round((delivery.next_try - bench.clock()).total_seconds()))
        bench.clock.at = delivery.next_try - timedelta(seconds=1)
        before = len(receiver.received)
        outbox.once()
        assert len(receiver.received) == before
        bench.clock.move(seconds=1)

    assert pauses == [10, 30, 90, 270, 810, 2430, 7290, 21600]
    assert len(set(receiver.ids)) == 1


def test_what_is_taken_after_all_is_delivered(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    receiver.status = 503
    acts.stop("It shouts.")
    outbox.once()
    receiver.status = 204
    bench.clock.move(seconds=15)

    outbox.once()

    (delivery,) = bench.deliveries()
    assert delivery.outcome is Outcome.DELIVERED
    assert (delivery.attempts, delivery.last_error) == (2, None)


def test_after_three_days_it_is_given_up_and_somebody_has_to_look(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    receiver.status = 500
    made = bench.clock()
    acts.stop("It shouts.")
    acts.say("Well done.")
    while True:
        outbox.once()
        waiting = bench.deliveries(Outcome.WAITING)
        if not waiting:
            break
        bench.clock.at = max(one.next_try for one in waiting if one.next_try)

    assert GIVE_UP_AFTER <= bench.clock() - made < GIVE_UP_AFTER * 1.1
    assert [one.last_error for one in bench.deliveries(Outcome.FAILED)] == [
        "it answered 500"
    ] * 2
    (alert,) = bench.alerts()
    assert (alert.kind, alert.role) == ("notices-not-delivered", "one")
    assert alert.got == "it answered 500"
    bench.clock.move(days=1)
    before = len(receiver.received)
    outbox.once()
    assert len(receiver.received) == before


def test_a_receiver_that_is_gone_for_good_is_given_up_at_once(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    receiver.status = 410
    acts.stop("It shouts.")

    outbox.once()

    assert [one.attempts for one in bench.deliveries(Outcome.FAILED)] == [1]
    assert [alert.got for alert in bench.alerts()] == ["it answered 410"]


def test_an_alert_is_raised_again_once_notices_have_arrived_in_between(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    alerts = Alerts(bench.operations)
    for status, expected in ((410, 1), (410, 0), (200, 0), (410, 1)):
        receiver.status = status
        bench.clock.move(minutes=1)
        acts.say(f"Comment at {bench.clock()}")
        outbox.once()
        raised = bench.alerts()
        assert len(raised) == expected
        for alert in raised:
            bench.clock.move(seconds=1)
            alerts.resolve(alert.id, at=bench.clock(), by="operator", reason="Mended.")


def test_a_slow_target_delays_no_other_and_nothing_that_is_written(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    going_on = Event()
    with receiving() as slow:
        slow.answer = lambda _: going_on.wait(60) and None
        bench.target(slow, "slow")
        server = bench.outbox(receiver, slow)
        server.start()
        acts.stop("It shouts.")
        server.wake()
        _until(lambda: len(slow.received) == 1)
        for number in range(3):
            acts.say(f"Comment {number}.")
            server.wake()
            _until(lambda number=number: len(receiver.received) == number + 2)

        # A target has it a moment before that is written down.
        _until(lambda: bench.waited_for() == {"slow"})
        going_on.set()
        server.close()


def test_what_waits_for_a_target_that_is_removed_is_given_up(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    receiver.status = 500
    acts.stop("It shouts.")
    outbox.once()

    bench.targets.remove("one", bench.clock())
    bench.clock.move(days=1)
    outbox.once()

    (delivery,) = bench.deliveries()
    assert delivery.last_error == "the target was removed"
    assert delivery.target_name == "one"
    assert len(receiver.received) == 1
    assert bench.alerts() == ()


def test_a_removed_target_leaves_no_address_and_no_secret(
    bench: Bench, outbox: Outbox, receiver: Receiver
):
    bench.targets.remove("one", bench.clock())

    with bench.operations.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM notification_target").one()
    assert "127.0.0.1" not in str(row)
    assert "whsec_" not in str(row)


def test_while_a_secret_is_replaced_both_sign_and_then_one(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    until = bench.clock() + timedelta(hours=24)
    bench.targets.rotate("one", make_secret(), old_until=until)
    acts.stop("It shouts.")
    outbox.once()
    bench.clock.at = until
    acts.say("Well done.")
    outbox.once()

    signatures = [one.headers["webhook-signature"] for one in receiver.received]
    assert [len(one.split()) for one in signatures] == [2, 1]
    assert signatures[0] != signatures[1]


def test_a_notice_that_time_gives_rise_to_is_told_once(
    bench: Bench, outbox: Outbox, receiver: Receiver
):
    notice = make_notice(environment="staging")

    assert [outbox.post([notice]), outbox.post([notice])] == [1, 0]
    outbox.once()

    assert receiver.ids == [notice.id]


def test_mails_go_to_those_whom_a_notice_is_for_and_each_is_recorded(
    bench: Bench, outbox: Outbox
):
    accounts = Operations(bench.operations)
    for handle in ("author", "product", "risk"):
        accounts.save_name(handle, name=None, email=f"{handle}@example.com")
    bench.target(None, "mails")
    notice = make_notice(audience=audience("author", seats=("risk",)), by="operator")
    with mailing() as mailbox:
        server = MailServer(
            host="127.0.0.1",
            port=mailbox.port,
            security=Security.NONE,
            user="",
            password="",
            sender="placet@example.com",
        )
        sending = bench.outbox(mail=server)
        sending.post([notice])
        sending.once()

    assert sorted(mail.to for mail in mailbox.mails) == [
        ["author@example.com"],
        ["risk@example.com"],
    ]
    told = [(d.recipient, d.outcome) for d in bench.deliveries() if d.target == "mails"]
    assert told == [("author", Outcome.DELIVERED), ("risk", Outcome.DELIVERED)]


def test_who_has_no_address_is_not_tried_again_and_that_is_no_alarm(
    bench: Bench, outbox: Outbox
):
    bench.target(None, "mails")
    with mailing() as mailbox:
        server = MailServer(
            host="127.0.0.1",
            port=mailbox.port,
            security=Security.NONE,
            user="",
            password="",
            sender="placet@example.com",
        )
        sending = bench.outbox(mail=server)
        sending.post([make_notice(audience=audience("risk"))])
        sending.once()

    failed = bench.deliveries(Outcome.FAILED)
    assert [one.last_error for one in failed] == ["risk has no e-mail address"]
    assert bench.alerts() == ()
    assert mailbox.mails == []


def test_an_address_that_is_not_allowed_any_more_is_not_called(
    bench: Bench, outbox: Outbox, receiver: Receiver, acts: acting.Acts
):
    strict = Outbox(
        engine=bench.registry.engine,
        operations_engine=bench.operations,
        state=lambda: bench.registry.writer.state,
        clock=bench.clock,
        sender=Sender(PLAIN, bench.operations),
    )
    bench.opened.append(strict)
    acts.stop("It shouts.")

    strict.once()

    assert receiver.received == []
    (delivery,) = bench.deliveries(Outcome.WAITING)
    assert "is not https" in str(delivery.last_error)


def _until(true: Callable[[], bool]) -> None:
    """Wait for other threads; a minute is for a machine that is busy."""
    for _ in range(6_000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to that")
