"""Reminders: what goes out when, to whom, and what does not: `registry/reminders`."""

from datetime import timedelta

import pytest

from registry import commands
from registry.answerable import said_among
from registry.changes import Status
from registry.notices import KINDS, Notice, recipients
from registry.people import Role, person
from registry.policy_rules import DecisionTime, EmergencyRule
from registry.reminders import EndingToken, due_reminders, unsaid
from tests.rules.assembly import Registry
from tests.rules.keeping import BLOCKING, approve_if, certify, meet, reviewed_by
from tests.rules.texts import make_bot, make_prompt


class Post:
    """What went out so far, as the outbox would have it."""

    def __init__(self, registry: Registry, *tokens: EndingToken) -> None:
        self.registry = registry
        self.tokens = tokens
        self.told: dict[str, Notice] = {}
        registry.wait(minutes=1)  # what just happened was a moment later than noon

    def round(self) -> list[tuple[str, tuple[str, ...]]]:
        """The kinds that go out now, and the people whom they go to."""
        registry = self.registry
        found = due_reminders(
            registry.state, self.tokens, said_among(registry.documents), registry.now
        )
        new = [notice for one in found if (notice := unsaid(one, self.told))]
        assert {notice.kind for notice in new} <= set(KINDS)
        self.told |= {notice.id: notice for notice in new}
        people = registry.state.people
        return [(one.kind, recipients(one, people)) for one in new]

    def wait(self, **by: float) -> list[tuple[str, tuple[str, ...]]]:
        self.registry.wait(**by)
        return self.round()


def ending(registry: Registry, **how) -> Registry:
    """With a prompt of product's in production that is to be reviewed by 20 May.

    A bot uses it whose deputy is editor.
    """
    registry.govern(reviews=(BLOCKING,))
    registry.put(
        reviewed_by("2026-05-20", make_prompt("1.0.0", **how)), make_bot("1.0.0")
    )
    return registry


# Escalation.


def test_a_review_is_told_to_the_owner_then_the_deputy_then_the_seats(registry):
    post = Post(ending(registry))

    told = [post.round(), *(post.wait(days=1) for _ in range(60))]

    assert [(day, one) for day, ones in enumerate(told) for one in ones] == [
        (8, ("reminder-review", ("product",))),
        (18, ("reminder-review", ("product",))),
        (25, ("reminder-review", ("editor",))),
        (32, ("reminder-review", ("legal",))),
    ]


def test_what_is_settled_is_told_no_further(registry):
    post = Post(ending(registry))
    post.wait(days=18)

    certify(registry)

    assert post.wait(days=20) == []


def test_after_a_pause_only_the_newest_stage_goes_out_and_to_everybody(registry):
    post = Post(ending(registry))

    told = post.wait(days=50)

    assert told == [("reminder-review", ("editor", "legal", "product"))]
    (notice,) = post.told.values()
    assert not any(line.startswith("Reminded before") for line in notice.body)
    assert post.wait(days=1) == []


def test_nobody_is_told_twice_because_of_a_pause(registry):
    post = Post(ending(registry))
    post.wait(days=18)

    assert post.wait(days=30) == [("reminder-review", ("editor", "legal"))]


def test_a_stage_that_reaches_nobody_is_passed_on_at_once(registry):
    registry.set_person("second-product", seats=())
    post = Post(ending(registry, owner="a-team"))

    assert post.wait(days=18) == [("reminder-review", ("editor",))]
    assert post.wait(days=7) == []
    assert post.wait(days=7) == [("reminder-review", ("legal",))]


def test_in_the_end_administrators_are_told(registry):
    post = Post(ending(registry, owner="a-team"))
    registry.set_person("editor", active=False)
    registry.set_person("legal", active=False)

    assert post.wait(days=18) == [("reminder-review", ("admin", "second-admin"))]
    assert post.wait(days=40) == []


def test_the_last_stages_say_who_was_reminded_before(registry):
    post = Post(ending(registry))
    post.wait(days=18)
    post.wait(days=7)

    last = list(post.told.values())[-1]

    assert "Reminded before: product." in last.body
    assert last.by == ""


def test_where_nobody_is_asked_nobody_is_reminded_to_review(registry):
    prompt = reviewed_by("2026-05-20", make_prompt("1.0.0"))
    registry.put(prompt, to="development")
    post = Post(registry)

    assert post.wait(days=100) == []


def test_a_notice_has_no_text_of_a_document(registry):
    post = Post(ending(registry))
    post.wait(days=18)

    (told,) = post.told.values()

    assert told.subject.startswith("The review of prompts/acme/refunds in production")
    assert "Be kind." not in " ".join(told.body)


# Changes.


def test_a_vote_about_to_lapse_is_told_to_its_voter_once(registry):
    registry.govern(vote_days=10)
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    registry.vote(change, "product")
    post = Post(registry)

    assert post.wait(days=7) == []
    assert post.wait(days=1) == [("reminder-vote", ("product",))]
    assert post.wait(days=1) == []


def test_a_vote_that_was_given_again_lapses_later(registry):
    registry.govern(vote_days=10)
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    registry.vote(change, "product")
    registry.wait(days=6)
    registry.vote(change, "product")

    assert Post(registry).wait(days=2) == []


def test_a_change_about_to_expire_is_told_to_its_author_and_who_could_vote(registry):
    registry.govern(change_days=10)
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    registry.vote(change, "product")
    post = Post(registry)

    assert post.wait(days=6) == []
    assert post.wait(days=1) == [("reminder-change", ("author", "risk"))]
    assert post.wait(days=4) == []


def test_one_that_is_agreed_to_is_told_to_operators(registry):
    registry.govern(change_days=10)
    registry.agree(registry.submit(make_prompt("1.0.0")))

    told = Post(registry).wait(days=7)

    assert told == [("reminder-change", ("author", "operator"))]


def test_nobody_is_reminded_of_what_is_stale_or_was_taken_back(registry):
    registry.govern(change_days=10)
    stale = registry.submit(make_prompt("1.0.0"))
    registry.put(make_prompt("1.0.1"))
    registry.withdraw(registry.submit(make_prompt("1.0.0", name="acme/other")))

    assert registry.status(stale) is Status.STALE
    assert Post(registry).wait(days=8) == []


def test_a_late_decision_goes_to_voters_then_deputies_then_the_board(registry):
    low = make_prompt("1.0.0").tier
    registry.govern(decisions=(DecisionTime(tier=low, hours=24),))
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"))
    registry.submit(make_prompt("1.0.1", "Be calm."))
    post = Post(registry)

    told = [post.wait(hours=12) for _ in range(10)]

    assert [(n, one) for n, ones in enumerate(told, 1) for one in ones] == [
        (2, ("reminder-decision", ("product", "second-product"))),
        (4, ("reminder-decision", ("editor",))),
        (6, ("reminder-decision", ("board",))),
    ]


def test_a_decision_that_was_made_is_not_late(registry):
    low = make_prompt("1.0.0").tier
    registry.govern(decisions=(DecisionTime(tier=low, hours=24),))
    registry.agree(registry.submit(make_prompt("1.0.0")))

    assert Post(registry).wait(days=2) == []


def test_a_schedule_that_was_missed_is_told_once(registry):
    registry.submit(make_prompt("1.0.0"), earliest=registry.now + timedelta(hours=2))
    post = Post(registry)

    assert post.wait(hours=2) == []
    assert post.wait(hours=1) == [("reminder-schedule", ("author", "operator"))]
    assert post.wait(hours=1) == []


def test_a_condition_goes_to_its_owner_then_to_who_asked_then_to_the_board(registry):
    change = registry.submit(make_prompt("1.0.0"))
    approve_if(registry, change, days=5)
    registry.activate(change)
    post = Post(registry)

    told = [post.wait(days=1) for _ in range(20)]

    assert [(n, one) for n, ones in enumerate(told, 1) for one in ones] == [
        (3, ("reminder-condition", ("editor",))),
        (5, ("reminder-condition", ("editor",))),
        (8, ("reminder-condition", ("product",))),
        (12, ("reminder-condition", ("board",))),
    ]


def test_a_condition_that_is_met_is_told_no_further(registry):
    change = registry.submit(make_prompt("1.0.0"))
    approve_if(registry, change, days=5)
    post = Post(registry)
    post.wait(days=5)

    meet(registry, change)

    assert post.wait(days=4) == []


# The rest.


def test_a_ratification_goes_to_who_could_judge_then_on_to_the_board(registry):
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(
        emergency=EmergencyRule(
            seats=("incident",), kinds=(), names=(), ratify_hours=72
        )
    )
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"))
    change = registry.submit(make_prompt("1.0.1", "Be calm."))
    registry.activate_in_emergency(change)
    post = Post(registry)

    told = [post.wait(days=1) for _ in range(8)]

    assert [(n, one) for n, ones in enumerate(told, 1) for one in ones] == [
        (2, ("reminder-ratification", ("product", "second-product"))),
        (3, ("reminder-ratification", ("product", "second-product"))),
        (4, ("reminder-ratification", ("editor",))),
        (6, ("reminder-ratification", ("board",))),
    ]


def test_a_seat_that_waits_for_an_administrator_is_told_to_the_others(registry):
    asked = person("viewer", roles=(Role.VIEWER,), seats=("board",), active=True)
    registry.act("admin", commands.SetPerson(person=asked))
    post = Post(registry)

    told = [post.wait(days=1) for _ in range(9)]

    assert [(n, one) for n, ones in enumerate(told, 1) for one in ones] == [
        (1, ("reminder-person", ("second-admin",))),
        (5, ("reminder-person", ("second-admin",))),
    ]


@pytest.mark.parametrize(("lives", "days"), [(30, [16, 27]), (10, [7]), (2, [])])
def test_a_token_about_to_end_is_told_to_its_person(registry, lives, days):
    token = EndingToken(
        id="7f3a",
        handle="operator",
        purpose="the pipeline",
        made=registry.now,
        expires=registry.now + timedelta(days=lives),
    )
    post = Post(registry, token)

    told = [post.wait(days=1) for _ in range(40)]

    found = [(n, one) for n, ones in enumerate(told, 1) for one in ones]
    assert found == [(day, ("reminder-token", ("operator",))) for day in days]


def test_ids_follow_from_the_cause_whoever_finds_it(registry):
    one, other = Post(ending(registry)), Post(registry)

    one.wait(days=18)
    other.round()

    assert set(one.told) == set(other.told)
