"""What waits for whom: the rules in `registry/waiting.py`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry import commands
from registry.answerable import said_among
from registry.changes import Verdict
from registry.documents import Tier
from registry.errors import Conflict, NotAllowed
from registry.freezes import Freeze
from registry.held_back import held_back
from registry.open_changes import HeldBy
from registry.people import Limit, Role, person
from registry.policy_rules import DecisionTime, EmergencyRule
from registry.required_checks import check_standings
from registry.waiting import all_of, attention, everything, inbox
from registry.waits import Found, Waiting, WaitingFor
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.checking import attach, required
from tests.rules.keeping import BLOCKING, approve_if, certify, meet, reviewed_by
from tests.rules.texts import PROMPT, make_bot, make_prompt

OTHER = make_prompt("1.0.0", name="acme/other")
QUIET = Freeze(
    name="quiet", zone="UTC", start="2026-05-01 00:00", end="2026-06-01 00:00", names=()
)


def box(registry: Registry, handle: str) -> tuple[Waiting, ...]:
    return inbox(waiting(registry), handle)


def late(registry: Registry) -> list[WaitingFor]:
    return [one.kind for one in attention(waiting(registry))]


def waiting(registry: Registry) -> tuple[Found, ...]:
    documents, now = registry.documents, registry.now
    said_by = said_among(documents)
    return everything(registry.state, documents, said_by, held_by(registry), now)


def held_by(registry: Registry) -> HeldBy:
    state, documents, now = registry.state, registry.documents, registry.now
    return lambda change: held_back(
        state,
        change,
        documents,
        lambda one: check_standings(state, one, documents, now),
        now,
    )


def kinds(found: tuple[Waiting, ...]) -> list[WaitingFor]:
    return [one.kind for one in found]


@pytest.fixture
def reviewing(registry: Registry) -> Registry:
    """With a prompt that is due for review, and a bot that uses it."""
    registry.govern(reviews=(BLOCKING,))
    registry.put(reviewed_by("2026-05-06", make_prompt("1.0.0")), make_bot("1.0.0"))
    return registry


def test_a_vote_waits_for_whoever_could_give_it(registry):
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    registry.vote(change, "product")

    (found,) = box(registry, "risk")

    assert (found.kind, found.change) == (WaitingFor.VOTE, change)
    assert found.why == "risk agrees: Needs 1 more from the seat risk; risk could."
    assert found.tier == "high"
    assert box(registry, "product") == ()
    assert box(registry, "author") == ()


def test_what_was_decided_waits_for_nobody(registry):
    change = registry.submit(make_prompt("1.0.0"))
    registry.withdraw(change)

    assert box(registry, "product") == ()


def test_a_vote_is_late_when_the_policy_says_so(registry):
    low = make_prompt("1.0.0").tier
    registry.govern(decisions=(DecisionTime(tier=low, hours=24),))
    registry.submit(make_prompt("1.0.0"))
    registry.wait(hours=23)
    before = late(registry)
    registry.wait(hours=2)

    assert before == []
    assert late(registry) == [WaitingFor.VOTE]


def test_a_condition_waits_for_whoever_answers_for_it(registry):
    change = registry.submit(make_prompt("1.0.0"))
    approve_if(registry, change, days=5)
    registry.activate(change)

    (found,) = box(registry, "editor")
    registry.wait(days=5)
    overdue = late(registry)
    meet(registry, change)

    assert (found.kind, found.voter) == (WaitingFor.CONDITION, "product")
    assert not found.is_late
    assert overdue == [WaitingFor.CONDITION]
    assert box(registry, "editor") == ()


def test_a_ratification_waits_for_whoever_could_judge(registry):
    rule = EmergencyRule(seats=("incident",), kinds=(), names=(), ratify_hours=24)
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=rule)
    change = registry.submit(make_prompt("1.0.0"))
    number = registry.activate_in_emergency(change).number

    (found,) = box(registry, "product")

    assert (found.kind, found.ratification) == (WaitingFor.RATIFICATION, number)
    assert found.subject.startswith("Ratify the emergency at seq ")
    assert box(registry, "responder") == ()
    registry.wait(hours=25)
    assert late(registry) == [WaitingFor.RATIFICATION]


def test_a_review_waits_for_those_who_answer_for_the_document(reviewing):
    (owner,), (deputy,) = box(reviewing, "product"), box(reviewing, "editor")

    assert (owner.why, deputy.why) == ("You are its owner.", "You are its deputy.")
    assert box(reviewing, "legal") == ()
    reviewing.wait(days=4)
    assert late(reviewing) == [WaitingFor.REVIEW]
    certify(reviewing)
    assert box(reviewing, "product") == ()


def test_what_nobody_could_answer_for_waits_for_the_seats_that_review(reviewing):
    reviewing.set_person("product", active=False)
    reviewing.set_person("editor", active=False)

    assert kinds(box(reviewing, "legal")) == [WaitingFor.REVIEW]


def test_a_confirmation_waits_for_the_other_administrators(registry):
    asked = person("viewer", roles=(Role.VIEWER,), seats=("board",), active=True)
    registry.act("admin", commands.SetPerson(person=asked))

    (found,) = box(registry, "second-admin")

    assert (found.kind, found.person) == (WaitingFor.CONFIRMATION, "viewer")
    assert box(registry, "admin") == ()
    registry.wait(days=7, seconds=1)
    assert box(registry, "second-admin") == ()


def test_a_schedule_that_was_missed_waits_for_author_and_operators(registry):
    registry.submit(make_prompt("1.0.0"), earliest=registry.now + timedelta(hours=1))
    registry.wait(hours=3)

    assert kinds(box(registry, "author")) == [WaitingFor.SCHEDULE]
    assert kinds(box(registry, "operator")) == [WaitingFor.SCHEDULE]
    assert late(registry) == [WaitingFor.SCHEDULE]


def test_a_schedule_whose_moment_is_over_is_told_while_something_keeps_it_back(
    registry,
):
    moment = registry.now + timedelta(hours=1)
    change = registry.submit(make_prompt("1.0.0"), earliest=moment)
    before = box(registry, "operator")
    registry.wait(minutes=70)

    (found,) = box(registry, "operator")
    registry.agree(change)

    assert before == ()
    assert (found.kind, found.due, found.is_late) == (
        WaitingFor.SCHEDULE,
        moment,
        True,
    )
    assert "2026-05-03 13:00 UTC, and waits for agreement" in found.why
    assert "tries until 2026-05-03 14:00 UTC" in found.why
    assert box(registry, "operator") == ()  # it goes live at once


def test_what_everybody_agrees_to_waits_for_whoever_may_activate_it(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))

    (found,) = box(registry, "operator")

    assert (found.kind, found.change) == (WaitingFor.ACTIVATION, change)
    assert found.why == "Everybody agrees."
    assert box(registry, "author") == ()
    registry.activate(change)
    assert box(registry, "operator") == ()


@pytest.mark.parametrize("kept_back", ["a check", "a freeze", "a recall"])
def test_what_cannot_go_live_now_waits_for_no_operator(registry, kept_back):
    if kept_back == "a check":
        registry.govern(checks=(required("answers"),))
    if kept_back == "a freeze":
        registry.govern(freezes=(QUIET,))
    change = registry.agree(registry.submit(make_prompt("1.0.0")))
    if kept_back == "a recall":
        registry.recall(registry.change(change).revision.edits[0].digest)

    found = box(registry, "operator")

    assert found == ()
    assert held_by(registry)(registry.change(change)) != ()


def test_what_only_a_check_keeps_back_waits_for_its_author_and_evaluators(registry):
    registry.set_person("evaluator", roles=(Role.EVALUATOR,))
    registry.govern(checks=(required("answers"),))
    change = registry.agree(registry.submit(make_prompt("1.0.0")))

    (theirs,), (told,) = box(registry, "evaluator"), box(registry, "author")

    assert (theirs.kind, told.kind) == (WaitingFor.CHECK, WaitingFor.CHECK)
    assert theirs.why == "Everybody agrees, and it waits for the check answers."
    assert told.why == theirs.why
    assert box(registry, "product") == ()
    attach(registry, change)
    assert box(registry, "evaluator") == box(registry, "author") == ()


def test_a_check_of_the_registry_itself_waits_for_no_evaluator(registry):
    registry.set_person("evaluator", roles=(Role.EVALUATOR,))
    registry.govern(checks=(required("people"),))
    change = registry.agree(registry.submit(make_bot("1.0.0"), make_prompt("1.0.0")))

    assert held_by(registry)(registry.change(change)) == ("the check people",)
    assert kinds(box(registry, "author")) == [WaitingFor.CHECK]
    assert box(registry, "evaluator") == ()


def test_a_confirmation_says_where_somebody_is_to_hold_it(registry):
    limit = Limit(held="operator", environments=("staging",), names=())
    known = registry.state.people["viewer"]
    asked = replace(known, roles=(Role.OPERATOR,), limits=(limit,))
    registry.act("admin", commands.SetPerson(person=asked))

    (found,) = box(registry, "second-admin")

    assert found.subject == "viewer is to hold: operator (in staging)"


def test_a_question_stays_a_question(registry):
    change = registry.submit(make_prompt("1.0.0"))
    vote = commands.Vote(
        change=change,
        review_digest=registry.change(change).revision.review_digest,
        verdict=Verdict.ASK,
        seat="product",
        reason="Which tests?",
        condition=None,
    )
    registry.act("product", vote)

    (found,) = box(registry, "author")

    assert found.why == "product asks for changes: Which tests?"


def test_a_stale_change_waits_for_its_author(furnished):
    furnished.submit(make_prompt("1.1.0"))
    furnished.put(make_prompt("1.2.0", "Be brief."))

    (found,) = box(furnished, "author")

    assert found.kind is WaitingFor.REVISION
    assert found.why == "it is stale: prompts/acme/refunds was replaced since."
    assert box(furnished, "product") == ()


def test_what_cannot_be_revised_is_to_be_made_again(registry):
    registry.put(make_prompt("1.0.0"), to="development")
    change = registry.promote(PROMPT)
    registry.put(make_prompt("1.1.0", "Be brief."))

    (found,) = box(registry, "promoter")

    assert found.why == (
        "it is stale: prompts/acme/refunds was added since: "
        "withdraw it and make it again."
    )
    with pytest.raises(Conflict) as refused:
        registry.activate(change)
    assert "withdraw it and make it again" in refused.value.hint
    with pytest.raises(Conflict, match="cannot be revised"):
        registry.revise(change, make_prompt("1.2.0"), by="promoter")


def test_a_suspended_change_that_cannot_be_revised_is_activated_or_made_again(
    registry,
):
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"))
    registry.stop()
    registry.resume(earliest=registry.now + timedelta(hours=1))
    registry.wait(hours=3)

    (found,) = box(registry, "operator")

    assert found.why.endswith("activate it, or withdraw it and make it again.")


def test_what_can_never_go_live_on_schedule_is_told_to_author_and_operators(registry):
    registry.put(OTHER, make_prompt("1.0.0"), make_bot("1.0.0"))
    bot = make_bot("1.1.0", ("acme/refunds", "acme/other"))
    moment = registry.now + timedelta(hours=1)
    registry.agree(registry.submit(bot, earliest=moment))
    registry.recall(OTHER.digest)
    registry.wait(minutes=70)

    theirs, operators = box(registry, "author"), box(registry, "operator")

    assert set(kinds(theirs)) == {WaitingFor.SCHEDULE, WaitingFor.REVISION}
    (found,) = operators
    assert "waits for a revision: prompts/acme/other 1.0.0 was recalled" in found.why


def test_a_decision_is_late_while_only_a_veto_is_left(registry):
    registry.govern(decisions=(DecisionTime(tier=Tier.LOW, hours=24),))
    change = registry.submit(make_prompt("1.0.0"))
    registry.agree(change)
    registry.vote(change, "legal", Verdict.VETO)
    before = late(registry)

    registry.wait(hours=25)

    assert before == []
    assert late(registry) == [WaitingFor.VETO]


def test_whoever_asked_for_changes_waits_for_the_author(registry):
    change = registry.submit(make_prompt("1.0.0"))
    registry.vote(change, "product", Verdict.ASK)

    (found,) = box(registry, "author")

    assert found.kind is WaitingFor.REVISION
    assert found.why == "product asks for changes: Because."
    assert box(registry, "product") == ()
    assert kinds(box(registry, "second-product")) == [WaitingFor.VOTE]


def test_a_veto_waits_for_whoever_gave_it_and_for_whoever_may_clear_it(registry):
    registry.govern(veto_clearers=("board",))
    change = registry.submit(make_prompt("1.0.0"))
    registry.vote(change, "product", Verdict.VETO)

    theirs, clearer = box(registry, "product"), box(registry, "board")

    assert kinds(theirs) == kinds(clearer) == [WaitingFor.VETO]
    assert clearer[0].voter == "product"
    assert clearer[0].why == "product vetoed it: Because."
    registry.clear_veto(change, "product", "board")
    assert WaitingFor.VETO not in kinds(box(registry, "product"))


def test_a_review_waits_for_no_seat_that_does_not_reach_the_document(reviewing):
    reviewing.set_person("product", active=False)
    reviewing.set_person("editor", active=False)
    elsewhere = Limit(held="legal", environments=(), names=("bank/**",))

    reviewing.set_person("legal", limits=(elsewhere,))

    assert box(reviewing, "legal") == ()
    with pytest.raises(NotAllowed):
        certify(reviewing, "legal", seat="legal")


def test_a_review_waits_for_no_seat_that_cools_down(reviewing):
    reviewing.govern(seat_hours=24)
    for handle in ("product", "editor", "legal"):
        reviewing.set_person(handle, active=False)
    reviewing.set_person("new", seats=("legal",))

    before = box(reviewing, "new")
    reviewing.wait(hours=25)

    assert before == ()
    assert kinds(box(reviewing, "new")) == [WaitingFor.REVIEW]


def test_what_is_late_stands_first_then_what_is_due_first(reviewing):
    reviewing.govern(change_days=30)
    reviewing.submit(make_prompt("1.0.0", name="acme/other"))
    reviewing.govern(change_days=5)
    sooner = reviewing.submit(make_prompt("1.0.0", name="acme/third"))
    reviewing.wait(days=4)

    found = box(reviewing, "product")

    assert kinds(found) == [WaitingFor.REVIEW, WaitingFor.VOTE, WaitingFor.VOTE]
    assert [one.change for one in found][1] == sooner


def test_what_nobody_holds_the_seat_for_waits_for_administrators(registry):
    registry.set_person("risk", seats=())
    change = registry.submit(make_prompt("1.0.0", tier="high"))

    found = [one for one in all_of(waiting(registry)) if one.change == change]

    told = {one.kind: one for one in found}
    assert set(told) == {WaitingFor.APPOINTMENT, WaitingFor.VOTE}
    assert told[WaitingFor.APPOINTMENT].asked == ("admin", "second-admin")
    assert told[WaitingFor.APPOINTMENT].is_stalled
    assert not told[WaitingFor.VOTE].is_stalled
    (mine,) = box(registry, "admin")
    assert mine.why == (
        "risk agrees: Needs 1 more from the seat risk; nobody who holds it is free to "
        "vote. Somebody who has not worked on it has to be given the seat risk."
    )


def test_what_all_holders_worked_on_is_stalled_alone(registry):
    change = registry.submit(make_prompt("1.0.0", tier="high"), by="risk")
    registry.agree(change, "product")

    (found,) = (one for one in all_of(waiting(registry)) if one.change == change)

    assert (found.kind, found.is_stalled) == (WaitingFor.APPOINTMENT, True)


def test_what_is_agreed_to_or_waits_for_somebody_is_not_stalled(registry):
    registry.submit(make_prompt("1.0.0", tier="high"))
    agreed = registry.submit(OTHER)
    registry.agree(agreed)

    found = all_of(waiting(registry))

    assert found
    assert not [one for one in found if one.is_stalled]
    assert box(registry, "admin") == ()


def test_whoever_could_vote_soon_is_told_from_when_on(registry):
    registry.set_person("risk", seats=())
    registry.govern(seat_hours=48)
    registry.set_person("viewer", seats=("risk",))
    change = registry.submit(make_prompt("1.0.0", tier="high"))

    (found,) = box(registry, "viewer")

    assert (found.kind, found.change) == (WaitingFor.VOTE, change)
    assert found.why.startswith("risk agrees: Your seat speaks from 2026-05-05 ")
    assert box(registry, "admin") == ()  # it moves by itself
    registry.wait(hours=49)
    (now,) = box(registry, "viewer")
    assert "viewer could." in now.why


def test_too_few_who_could_vote_soon_are_not_enough(registry):
    registry.put_policy(
        PRODUCTION.replace("seat: risk,", "seat: risk, count: 2,") + "seat_hours: 48\n"
    )
    registry.set_person("viewer", seats=("risk",))
    change = registry.submit(make_prompt("1.0.0", tier="high"), by="risk")

    asked = registry.requirements(change)["risk agrees"]

    assert [one.handle for one in asked.later] == ["viewer"]
    assert asked.stalled


def test_seats_that_have_one_person_between_them_are_stalled_together(registry):
    registry.set_person("second-product", seats=())
    registry.set_person("product", seats=())
    registry.set_person("risk", seats=("product", "risk"))
    change = registry.submit(make_prompt("1.0.0", tier="high"))

    asked = registry.requirements(change).values()
    assert all(one.could == ("risk",) and one.stalled for one in asked)
    waits = {one.kind: one for one in all_of(waiting(registry)) if one.change == change}
    assert waits[WaitingFor.APPOINTMENT].is_stalled
    assert "product and risk have only risk" in waits[WaitingFor.APPOINTMENT].why
