"""Approving on a condition: the rules in `registry/conditional_votes.py`."""

import pytest

from registry.changes import Status, Verdict
from registry.conditional_votes import ConditionStatus, conditions, conditions_of
from registry.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotOpen,
    SessionNeeded,
)
from tests.rules.assembly import Registry
from tests.rules.keeping import approve_if, meet
from tests.rules.texts import make_prompt


@pytest.fixture
def asked(registry: Registry) -> tuple[Registry, int]:
    """A change that product has approved on a condition for editor."""
    change = registry.submit(make_prompt("1.0.0"))
    approve_if(registry, change)
    return registry, change


def standing(registry: Registry, change: int):
    (found,) = conditions_of(registry.change(change), registry.now)
    return found


def test_a_condition_holds_nothing_back(asked):
    registry, change = asked

    assert registry.status(change) is Status.APPROVED
    registry.activate(change)
    assert standing(registry, change).status is ConditionStatus.OPEN


def test_it_says_who_asked_what_of_whom(asked):
    registry, change = asked

    found = standing(registry, change)

    assert (found.voter, found.seat, found.owner) == ("product", "product", "editor")
    assert found.text == "Add the case of lost luggage."


def test_it_is_overdue_from_its_day_on_by_itself(asked):
    registry, change = asked
    registry.activate(change)
    events = len(registry.events)

    registry.wait(days=5)

    assert standing(registry, change).status is ConditionStatus.OVERDUE
    assert len(registry.events) == events


@pytest.mark.parametrize("by", ["editor", "product"])
def test_whoever_answers_for_it_or_asked_for_it_says_that_it_is_met(asked, by):
    registry, change = asked
    registry.activate(change)
    registry.wait(days=9)

    meet(registry, change, by)

    found = standing(registry, change)
    assert found.status is ConditionStatus.MET
    assert (found.met.by, found.met.note) == (by, "Done in 43.")


def test_nobody_else_says_so_and_no_token(asked):
    registry, change = asked

    with pytest.raises(NotAllowed, match="does not answer for this condition"):
        meet(registry, change, "author")
    with pytest.raises(SessionNeeded):
        meet(registry, change, via="token:1")


def test_it_is_met_once(asked):
    registry, change = asked
    meet(registry, change)

    with pytest.raises(Conflict, match="is met already"):
        meet(registry, change)


def test_what_nobody_asked_for_is_not_met(asked):
    registry, change = asked

    with pytest.raises(NotFound, match="no approval of risk"):
        meet(registry, change, voter="risk")


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.RETRACT, Verdict.ASK])
def test_voting_again_takes_the_condition_along(asked, verdict):
    registry, change = asked

    registry.vote(change, "product", verdict)

    assert conditions_of(registry.change(change), registry.now) == ()


def test_what_was_met_before_voting_again_is_another_condition(asked):
    registry, change = asked
    meet(registry, change)
    registry.wait(hours=1)

    approve_if(registry, change, text="Translate it.")

    assert standing(registry, change).status is ConditionStatus.OPEN


def test_a_new_revision_starts_without_conditions(asked):
    registry, change = asked

    registry.revise(change, make_prompt("1.0.0", "Be calm."))

    assert conditions_of(registry.change(change), registry.now) == ()


def test_of_a_change_that_came_to_nothing_nothing_is_left_to_do(asked):
    registry, change = asked
    registry.withdraw(change)

    assert list(conditions(registry.state, registry.now)) == []
    with pytest.raises(NotOpen, match="is withdrawn"):
        meet(registry, change)


def test_of_a_change_that_has_expired_nothing_is_left_to_do(asked):
    registry, change = asked
    registry.wait(days=400)

    assert list(conditions(registry.state, registry.now)) == []
    with pytest.raises(NotOpen, match="is expired"):
        meet(registry, change)


@pytest.mark.parametrize("verdict", [Verdict.ASK, Verdict.VETO, Verdict.RETRACT])
def test_only_an_approval_has_a_condition(asked, verdict):
    registry, change = asked

    with pytest.raises(Invalid, match="only an approval"):
        approve_if(registry, change, verdict=verdict)


def test_its_owner_is_known_and_active(registry):
    change = registry.submit(make_prompt("1.0.0"))
    registry.set_person("editor", active=False)

    with pytest.raises(NotFound, match="nobody active is called 'editor'"):
        approve_if(registry, change)
    with pytest.raises(NotFound, match="nobody active is called 'ghost'"):
        approve_if(registry, change, owner="ghost")


@pytest.mark.parametrize("days", [0, -1, 367])
def test_its_day_is_to_come_within_a_year(registry, days):
    change = registry.submit(make_prompt("1.0.0"))

    with pytest.raises(Invalid, match="on a day to come"):
        approve_if(registry, change, days=days)


def test_it_says_what_is_to_be_done(registry):
    change = registry.submit(make_prompt("1.0.0"))

    with pytest.raises(Invalid, match="a condition needs words"):
        approve_if(registry, change, text=" ")
