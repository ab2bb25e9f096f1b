"""When a change is to go live by itself: `registry/schedules.py` and the timetable."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import commands
from registry.changes import Status, Verdict
from registry.documents import Tier
from registry.errors import Conflict, Contributed, Invalid, NotAllowed, RegistryError
from registry.freezes import Freeze
from registry.payloads import Activated, PolicyActivated, Resumed
from registry.people import REGISTRY, TIMER, Role
from registry.timetable import ITSELF, due, next_due, why_not
from tests.rules.assembly import Registry
from tests.rules.bench import NOON, PRODUCTION
from tests.rules.texts import BOT, PROMPT, make_prompt

MORNING = NOON + timedelta(hours=20)
LATE = MORNING + timedelta(minutes=60)


@pytest.fixture
def scheduled(registry: Registry) -> Registry:
    """Change 1 was agreed to for tomorrow morning."""
    registry.agree(registry.submit(make_prompt("1.0.0"), earliest=MORNING))
    return registry


# What may be scheduled.


@pytest.mark.parametrize("earliest", [NOON, NOON - timedelta(days=1)])
def test_a_moment_that_is_over_is_refused(registry, earliest):
    with pytest.raises(Invalid, match="is over"):
        registry.submit(make_prompt("1.0.0"), earliest=earliest)


def test_a_moment_after_the_change_has_expired_is_refused(registry):
    with pytest.raises(Invalid, match="will have expired"):
        registry.submit(make_prompt("1.0.0"), earliest=NOON + timedelta(days=400))


def test_a_moment_without_a_time_zone_is_refused(registry):
    with pytest.raises(Invalid, match="time zone"):
        registry.submit(make_prompt("1.0.0"), earliest=MORNING.replace(tzinfo=None))


def test_a_moment_is_kept_in_utc(registry):
    summer = timezone(timedelta(hours=2))

    change = registry.submit(
        make_prompt("1.0.0"), earliest=datetime(2026, 5, 4, 8, tzinfo=summer)
    )

    earliest = registry.change(change).revision.earliest
    assert earliest == datetime(2026, 5, 4, 6, tzinfo=UTC)
    assert earliest.tzinfo is UTC


def test_another_moment_asks_everybody_again(scheduled):
    scheduled.revise(1, make_prompt("1.0.0"), earliest=MORNING + timedelta(hours=1))

    assert scheduled.status(1) is Status.WAITING


# Before and after.


@pytest.mark.parametrize("before", [timedelta(hours=19), timedelta(microseconds=1)])
def test_before_its_moment_nobody_activates_it(scheduled, before):
    scheduled.now = MORNING - before

    with pytest.raises(Conflict, match="and not before"):
        scheduled.activate(1)

    assert scheduled.tick() == []
    assert scheduled.status(1) is Status.SCHEDULED


def test_at_its_moment_it_goes_live_by_itself(scheduled):
    scheduled.now = MORNING

    (event,) = scheduled.tick()

    assert scheduled.versions() == {PROMPT: "1.0.0"}
    assert scheduled.status(1) is Status.ACTIVATED
    assert (event.actor.handle, event.actor.via) == (REGISTRY, TIMER)
    assert event.at == MORNING


def test_what_went_live_does_so_only_once(scheduled):
    scheduled.now = MORNING
    scheduled.tick()

    assert scheduled.tick() == []
    scheduled.wait(hours=1)
    assert scheduled.tick() == []


def test_without_a_schedule_nothing_goes_live_by_itself(registry):
    registry.agree(registry.submit(make_prompt("1.0.0")))
    registry.wait(days=1)

    assert registry.tick() == []
    assert registry.status(1) is Status.APPROVED


def test_what_is_due_goes_live_in_the_order_of_its_moments(registry):
    for minutes, name in ((2, "acme/late"), (1, "acme/early")):
        registry.agree(
            registry.submit(
                make_prompt("1.0.0", name=name),
                earliest=NOON + timedelta(minutes=minutes),
            )
        )
    registry.wait(minutes=2)

    assert [event.payload.change for event in registry.tick()] == [2, 1]


def test_a_promotion_a_policy_and_a_resumption_are_scheduled_too(developed):
    promotion = developed.agree(developed.promote(BOT, earliest=MORNING))
    developed.now = MORNING
    assert [type(e.payload) for e in developed.tick()] == [Activated]
    assert developed.change(promotion).seq == 1

    developed.stop()
    again = MORNING + timedelta(days=1)
    developed.agree(developed.resume(earliest=again))
    developed.now = again
    assert [type(e.payload) for e in developed.tick()] == [Resumed]

    last = again + timedelta(days=1)
    developed.agree(
        developed.submit_policy(PRODUCTION + "change_days: 8\n", earliest=last)
    )
    developed.now = last
    assert [type(e.payload) for e in developed.tick()] == [PolicyActivated]


# When it cannot go live.


def _retracted(registry: Registry) -> None:
    registry.vote(1, "product", Verdict.RETRACT)


def _vetoed(registry: Registry) -> None:
    registry.vote(1, "legal", Verdict.VETO)


def _left(registry: Registry) -> None:
    registry.set_person("product", active=False)


def _stale(registry: Registry) -> None:
    registry.put(make_prompt("0.9.0", "Be brief."))


OBSTACLES = [_retracted, _vetoed, _left, _stale]


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_when_it_comes_everything_is_checked_again(scheduled, obstacle):
    obstacle(scheduled)
    scheduled.now = MORNING
    before = scheduled.state

    assert scheduled.tick() == []
    assert scheduled.state is before
    assert why_not(scheduled.state, scheduled.change(1), scheduled.now)


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_the_rules_refuse_the_timer_what_they_refuse_a_person(scheduled, obstacle):
    obstacle(scheduled)
    scheduled.now = MORNING

    with pytest.raises(Conflict):
        scheduled.activate(1, REGISTRY, via=TIMER)


def test_it_is_tried_again_until_it_is_late(scheduled):
    scheduled.vote(1, "product", Verdict.RETRACT)
    scheduled.now = MORNING
    assert scheduled.tick() == []

    scheduled.now = LATE - timedelta(seconds=1)
    scheduled.vote(1, "product")

    assert len(scheduled.tick()) == 1


def test_what_is_late_is_suspended_and_never_goes_live_by_itself(scheduled):
    scheduled.now = LATE

    assert scheduled.status(1) is Status.SUSPENDED
    assert scheduled.tick() == []
    with pytest.raises(NotAllowed, match="nor in the 60 minutes after"):
        scheduled.activate(1, REGISTRY, via=TIMER)


def test_how_late_is_the_policys(scheduled):
    scheduled.govern(late_minutes=0)
    scheduled.now = MORNING

    assert scheduled.tick() == []
    assert scheduled.status(1) is Status.SUSPENDED


def test_an_operator_activates_by_hand_what_was_suspended(scheduled):
    scheduled.now = LATE

    scheduled.activate(1)

    assert scheduled.versions() == {PROMPT: "1.0.0"}


def test_what_was_suspended_can_be_scheduled_again(scheduled):
    scheduled.now = LATE
    later = LATE + timedelta(hours=1)
    scheduled.revise(1, make_prompt("1.0.0"), earliest=later)
    scheduled.agree(1)
    scheduled.now = later

    assert len(scheduled.tick()) == 1


def test_an_operator_may_be_earlier_than_the_timer(scheduled):
    scheduled.now = MORNING
    scheduled.activate(1)

    assert scheduled.tick() == []


def test_who_contributed_to_a_separated_tier_does_not_activate_it(registry):
    registry.govern(separate_tiers=(Tier.LOW,))
    registry.set_person("author", roles=(Role.AUTHOR, Role.OPERATOR))
    registry.agree(registry.submit(make_prompt("1.0.0"), earliest=MORNING))
    registry.now = MORNING

    with pytest.raises(Contributed):
        registry.activate(1, by="author")

    assert len(registry.tick()) == 1


def test_a_policy_is_of_tier_high_for_whoever_activates_it(registry):
    registry.govern(separate_tiers=(Tier.HIGH,))
    registry.set_person("author", roles=(Role.AUTHOR, Role.OPERATOR))
    change = registry.agree(registry.submit_policy(PRODUCTION + "change_days: 7\n"))

    with pytest.raises(Contributed):
        registry.activate(change, by="author")

    registry.activate(change)


def test_a_freeze_keeps_it_back_until_it_thaws(scheduled):
    window = Freeze(
        name="the launch",
        zone="UTC",
        start=f"{MORNING - timedelta(minutes=5):%Y-%m-%d %H:%M}",
        end=f"{MORNING + timedelta(minutes=5):%Y-%m-%d %H:%M}",
        names=(),
    )
    scheduled.govern(freezes=(window,))
    scheduled.now = MORNING

    assert scheduled.tick() == []
    assert scheduled.status(1) is Status.SCHEDULED
    assert "the launch" in why_not(scheduled.state, scheduled.change(1), scheduled.now)

    scheduled.now = MORNING + timedelta(minutes=5)
    assert len(scheduled.tick()) == 1


# Who the timer is.


@pytest.mark.parametrize(
    "command",
    [
        commands.Stop(environment="production", bot="acme/support", reason="x"),
        commands.Comment(change=1, text="x"),
        commands.Withdraw(change=1, reason="x"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_the_timer_does_nothing_else(scheduled, command):
    scheduled.now = MORNING

    with pytest.raises(NotAllowed, match="nothing by itself but what was scheduled"):
        scheduled.act(REGISTRY, command, via=TIMER)


def test_the_timer_activates_nothing_that_has_no_schedule(registry):
    registry.agree(registry.submit(make_prompt("1.0.0")))

    with pytest.raises(NotAllowed, match="has no schedule"):
        registry.activate(1, REGISTRY, via=TIMER)


def test_nobody_is_called_like_the_registry(registry):
    with pytest.raises(Invalid, match="is the registry itself"):
        registry.set_person(REGISTRY, roles=(Role.OPERATOR,))


def test_a_person_of_that_handle_is_not_the_timer(scheduled):
    scheduled.now = MORNING

    with pytest.raises(RegistryError):
        scheduled.activate(1, REGISTRY)


def test_every_try_of_a_revision_has_the_same_key(scheduled):
    scheduled.now = MORNING
    (first,) = due(scheduled.state, scheduled.now)
    scheduled.wait(minutes=5)
    (second,) = due(scheduled.state, scheduled.now)

    assert first == second
    assert ITSELF.handle == REGISTRY


# Clocks.


def test_the_next_moment_is_that_of_what_is_still_to_come(scheduled):
    assert next_due(scheduled.state, NOON) == MORNING
    assert next_due(scheduled.state, MORNING) is None


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(st.integers(min_value=-7200, max_value=7200), max_size=40),
    zone=st.integers(min_value=-14, max_value=14),
    minutes=st.integers(min_value=1, max_value=600),
)
def test_however_the_clock_moves_it_goes_live_at_most_once_and_never_early(
    steps, zone, minutes
):
    registry = Registry()
    moment = (NOON + timedelta(minutes=minutes)).astimezone(
        timezone(timedelta(hours=zone))
    )
    registry.agree(registry.submit(make_prompt("1.0.0"), earliest=moment))
    happened = []
    for seconds in steps:
        registry.now += timedelta(seconds=seconds)
        happened += registry.tick()

    assert len(happened) <= 1
    late = moment + timedelta(minutes=60)
    assert all(moment <= event.at < late for event in happened)


def test_an_hour_that_comes_twice_is_one_moment(registry):
    """In Copenhagen 02:30 comes twice on that day; each is a moment of its own."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    second = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1)))
    registry.now = datetime(2026, 10, 24, tzinfo=UTC)
    registry.agree(registry.submit(make_prompt("1.0.0"), earliest=second))

    registry.now = first
    assert registry.tick() == []
    registry.now = second
    assert len(registry.tick()) == 1
