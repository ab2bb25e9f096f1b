"""What only time keeps back, and when a decision is late."""

from datetime import timedelta

import pytest

from registry.changes import Status, Verdict
from registry.documents import Tier
from registry.errors import Frozen, NotAgreed, TooEarly
from registry.freezes import Freeze
from registry.policy_rules import DecisionTime
from registry.standing import agreed_since
from registry.timing import decide_by, in_force_from, late_since
from tests.rules.bench import DEVELOPMENT, PRODUCTION
from tests.rules.texts import including, make_bot, make_fragment, make_prompt

SLOW = PRODUCTION + "policy_hours: 24\n"
SUNDAY = Freeze(
    name="the weekend", zone="UTC", start="sat 00:00", end="mon 00:00", names=()
)
"""Noon of the tests is on a Sunday."""


def proposed(registry, text: str = SLOW + "change_days: 20\n") -> int:
    registry.govern(policy_hours=24)
    return registry.submit_policy(text)


# The cool-down of a policy.


def test_a_policy_cools_down_after_the_last_approval_that_it_needed(registry):
    change = proposed(registry)
    registry.vote(change, "product")
    registry.wait(hours=5)
    registry.vote(change, "board")
    registry.wait(hours=23)

    with pytest.raises(TooEarly, match="can come into force at 2026-05-04 17:00 UTC"):
        registry.activate(change)
    registry.wait(hours=1, minutes=1)
    registry.activate(change)

    assert registry.environment().policy.change_days == 20


def test_an_approval_that_was_not_needed_prolongs_nothing(registry):
    change = proposed(registry)
    registry.agree(change, "product", "board")
    registry.wait(hours=23)
    registry.vote(change, "second-product")
    registry.wait(hours=1, minutes=1)

    registry.activate(change)


def test_a_policy_that_lowers_the_cool_down_waits_the_old_one(registry):
    change = proposed(registry, PRODUCTION + "policy_hours: 0\nchange_days: 20\n")
    registry.agree(change, "product", "board")
    registry.wait(hours=23)

    with pytest.raises(TooEarly):
        registry.activate(change)


def test_while_it_cools_down_people_can_still_object(registry):
    change = proposed(registry)
    registry.agree(change, "product", "board")
    registry.vote(change, "risk", Verdict.VETO)
    registry.wait(hours=25)

    with pytest.raises(NotAgreed, match=r"risk \(veto\)"):
        registry.activate(change)


def test_a_policy_cools_down_after_the_last_veto_was_cleared(registry):
    change = proposed(registry)
    registry.agree(change, "product", "board")
    registry.vote(change, "risk", Verdict.VETO)
    registry.wait(days=10)
    registry.clear_veto(change, "risk", by="risk")

    with pytest.raises(TooEarly, match="can come into force at 2026-05-14 12:00 UTC"):
        registry.activate(change)
    registry.wait(hours=24, minutes=1)
    registry.activate(change)


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.RETRACT])
def test_a_policy_cools_down_after_whoever_asked_for_changes_is_content(
    registry, verdict
):
    change = proposed(registry)
    registry.agree(change, "product", "board")
    registry.vote(change, "risk", Verdict.ASK)
    registry.wait(days=10)
    registry.vote(change, "risk", verdict)
    registry.vote(change, "legal")

    assert in_force_from(registry.state, registry.change(change), registry.now) == (
        registry.events[-2].at + timedelta(hours=24)
    )


def test_who_was_content_once_is_so_from_then_on(registry):
    change = proposed(registry)
    registry.agree(change, "product", "board")
    registry.vote(change, "risk", Verdict.ASK)
    content = registry.vote(change, "risk").at
    registry.wait(hours=5)
    registry.vote(change, "risk")

    found = agreed_since(registry.state, registry.change(change), registry.now)

    assert found == content


def test_what_was_asked_of_another_revision_is_over_with_it(registry):
    change = registry.submit(make_prompt("1.0.0"))
    registry.vote(change, "risk", Verdict.ASK)
    registry.revise(change, make_prompt("1.0.0", "Be brief."))
    agreed = registry.vote(change, "product").at
    registry.vote(change, "risk")

    found = agreed_since(registry.state, registry.change(change), registry.now)

    assert found == agreed


def test_a_policy_that_asks_nobody_cools_down_from_when_it_was_made(registry):
    registry.govern("development", policy_hours=24)
    change = registry.submit_policy(DEVELOPMENT + "change_days: 20\n")
    made = registry.change(change).revision.at

    registry.wait(hours=5)

    found = in_force_from(registry.state, registry.change(change), registry.now)
    assert found == made + timedelta(hours=24)


def test_a_policy_that_is_not_agreed_to_has_no_time_yet(registry):
    change = proposed(registry)

    assert in_force_from(registry.state, registry.change(change), registry.now) is None


def test_documents_do_not_cool_down(registry):
    registry.govern(policy_hours=24)
    change = registry.agree(registry.submit(make_prompt("1.0.0")))

    registry.activate(change)


def test_a_policy_that_cools_down_is_approved(registry):
    change = registry.agree(proposed(registry), "product", "board")

    assert registry.status(change) is Status.APPROVED


# Freeze windows.


def test_nothing_goes_live_while_a_window_is_open(registry):
    registry.govern(freezes=(SUNDAY,))
    change = registry.agree(registry.submit(make_prompt("1.0.0")))

    with pytest.raises(Frozen, match="the weekend, until 2026-05-04 00:00") as refused:
        registry.activate(change)
    registry.wait(hours=12)
    registry.activate(change)

    assert "2026-05-04 00:00 UTC" in refused.value.hint


def test_a_window_is_about_everything_that_reads_differently(registry):
    registry.put(
        make_fragment("1.0.0", name="shared/tone"),
        make_prompt("1.0.0", including("fragments/shared/tone"), name="bank/loans"),
    )
    bank = Freeze(
        name="year end", zone="UTC", start="sat 00:00", end="mon 00:00",
        names=("bank/**",),
    )  # fmt: skip
    registry.govern(freezes=(bank,))
    edited = make_fragment("1.1.0", "Be calm.", name="shared/tone")
    change = registry.agree(registry.submit(edited))

    with pytest.raises(Frozen, match="bank/loans"):
        registry.activate(change)


def test_a_rollback_and_a_stop_go_through_a_freeze(moved):
    moved.govern(freezes=(_always(),))

    moved.stop()
    moved.roll_back(None, seq=2)

    assert moved.environment().seq == 5


def test_a_proposed_rollback_goes_through_a_freeze(moved):
    moved.govern(freezes=(_always(),))
    change = moved.roll_back(None, seq=2, propose=True).payload.change

    moved.activate(moved.agree(change))


def test_resuming_a_bot_does_not_go_through_a_freeze(furnished):
    furnished.stop()
    furnished.govern(freezes=(_always(),))
    change = furnished.agree(furnished.resume())

    with pytest.raises(Frozen):
        furnished.activate(change)


def test_a_policy_comes_into_force_during_a_freeze_and_ends_it(registry):
    registry.govern(freezes=(SUNDAY,))
    registry.put_policy(PRODUCTION + "change_days: 20\n")
    change = registry.agree(registry.submit(make_prompt("1.0.0")))

    registry.activate(change)


def _always() -> Freeze:
    return Freeze(
        name="for ever", zone="UTC", start="2000-01-01 00:00", end="2100-01-01 00:00",
        names=(),
    )  # fmt: skip


# Late decisions.


def times(**hours: int) -> dict:
    found = (DecisionTime(tier=Tier(tier), hours=h) for tier, h in hours.items())
    return {"decisions": tuple(found)}


def late(registry, change: int):
    return late_since(registry.state, registry.change(change), registry.now)


def test_a_decision_is_late_some_hours_after_the_revision(registry):
    registry.govern(**times(low=24))
    change = registry.submit(make_prompt("1.0.0"))
    registry.wait(hours=23)
    assert late(registry, change) is None

    registry.wait(hours=1, minutes=1)

    made = registry.change(change).revision.at
    assert late(registry, change) == made + timedelta(hours=24)


def test_another_revision_begins_the_time_again(registry):
    registry.govern(**times(low=24))
    change = registry.submit(make_prompt("1.0.0"))
    registry.wait(hours=20)
    registry.revise(change, make_prompt("1.0.0", "Be brief."))

    registry.wait(hours=20)

    assert late(registry, change) is None


def test_what_is_agreed_to_is_not_late(registry):
    registry.govern(**times(low=24))
    change = registry.agree(registry.submit(make_prompt("1.0.0")))

    registry.wait(hours=48)

    assert late(registry, change) is None


def test_what_is_decided_or_expired_is_not_late(registry):
    registry.govern(**times(low=24))
    withdrawn = registry.submit(make_prompt("1.0.0"))
    expired = registry.submit(make_prompt("1.0.0", name="acme/other"))
    registry.withdraw(withdrawn)

    registry.wait(days=31)

    assert late(registry, withdrawn) is None
    assert late(registry, expired) is None


def test_the_strictest_tier_says_when(registry):
    registry.govern(**times(low=24, high=72))
    change = registry.submit(make_prompt("1.0.0"), make_bot("1.0.0", tier="high"))

    found = decide_by(registry.state, registry.change(change))

    assert found - registry.change(change).revision.at == timedelta(hours=72)


def test_a_tier_without_a_time_is_never_late(registry):
    registry.govern(**times(low=24))
    change = registry.submit(make_prompt("1.0.0", tier="high"))

    registry.wait(days=20)

    assert late(registry, change) is None


def test_a_policy_is_decided_as_tier_high(registry):
    registry.govern(**times(high=24))
    change = registry.submit_policy(SLOW)

    registry.wait(hours=25)

    assert late(registry, change) is not None
