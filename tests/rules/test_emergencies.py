"""Going live without agreement: the rules in `registry/emergencies.py`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry.changes import Status, Verdict
from registry.errors import (
    Conflict,
    ContentMoved,
    Frozen,
    Invalid,
    NotAgreed,
    NotAllowed,
    NotOpen,
    RecalledContent,
    SessionNeeded,
    Stale,
)
from registry.freezes import Freeze
from registry.people import Limit, Role
from registry.policy_rules import EmergencyRule, RequiredCheck
from registry.ratification import Judgement
from tests.rules.assembly import Registry
from tests.rules.bench import NOON, PRODUCTION
from tests.rules.checking import attach, require, required
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_fragment,
    make_prompt,
)

RULE = EmergencyRule(seats=("incident",), kinds=(), names=(), ratify_hours=24)


@pytest.fixture
def alarmed(furnished: Registry) -> Registry:
    """`furnished`, with a responder, and change 2 that nobody has agreed to."""
    furnished.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    furnished.set_person("second", roles=(), seats=("incident",))
    furnished.govern(emergency=RULE)
    furnished.submit(make_prompt("1.1.0", "Be brief.", tier="high"))
    return furnished


def opened(registry: Registry):
    """The one ratification that is open."""
    (number,) = registry.state.open_ratifications
    return registry.state.ratifications[number]


def test_going_back_says_that_it_undoes_an_emergency_and_what_people_said(alarmed):
    alarmed.activate_in_emergency(2)
    number = opened(alarmed).id

    (before,) = alarmed.preview(PROMPT, seq=1).undoes
    alarmed.judge(number, "product", Judgement.REPUDIATE)
    (after,) = alarmed.preview(PROMPT, seq=1).undoes

    incident = alarmed.state.ratifications[number].opened.incident
    assert (before.ratification, before.incident) == (number, incident)
    assert incident is not None
    assert (before.judged, after.judged) == (None, "repudiated")


# What it does.


def test_what_nobody_agreed_to_is_live_at_once(alarmed):
    event = alarmed.activate_in_emergency(2)

    assert alarmed.versions()[PROMPT] == "1.1.0"
    assert alarmed.status(2) is Status.ACTIVATED
    assert event.message.startswith(
        "Activate change 2 in production in an emergency (INC-7): Say it better\n"
    )
    assert "Incident: INC-7" in event.message


def test_it_opens_exactly_one_ratification_with_whom_the_policy_asks(alarmed):
    event = alarmed.activate_in_emergency(2)

    found = opened(alarmed)
    assert found.id == event.number
    assert (found.by, found.change, found.seq) == ("responder", 2, 2)
    assert found.opened.incident == "INC-7"
    assert found.opened.requirements == alarmed.change(2).revision.requirements
    assert found.opened.excluded == ("author", "responder")
    assert found.opened.due == event.at + timedelta(hours=24)


def test_it_says_what_it_did_without(alarmed):
    alarmed.submit(make_fragment("1.1.0", "Be calm."))

    alarmed.activate_in_emergency(3)

    why = opened(alarmed).opened.why
    assert why[0] == "It insults customers."
    assert any(one.startswith("product agrees: Needs 1 more") for one in why)
    assert f"it also changes {BOT}, {PROMPT}" in why


def test_it_does_not_say_that_it_did_without_what_it_had(alarmed):
    require(alarmed, required(), required("tone"))
    alarmed.set_person("editor", roles=(Role.EVALUATOR,))
    attach(alarmed, 2, by="editor")
    alarmed.vote(2, "product")

    alarmed.activate_in_emergency(2)

    _, asked, check, _ = opened(alarmed).opened.why
    assert asked.startswith("risk agrees: ")
    assert check.startswith("check tone: ")


def test_the_author_may_and_does_not_ratify_it(alarmed):
    change = alarmed.submit(make_prompt("1.2.0", "Be short."), by="responder")

    alarmed.activate_in_emergency(change)

    assert opened(alarmed).opened.excluded == ("responder",)


def test_where_the_policy_asks_nobody_another_holder_of_the_seat_ratifies(alarmed):
    alarmed.govern("development", emergency=RULE)
    change = alarmed.submit(make_prompt("2.0.0"), to="development")

    alarmed.activate_in_emergency(change)

    (asked,) = opened(alarmed).opened.requirements
    assert (asked.seat, asked.count) == ("incident", 1)
    alarmed.judge(opened(alarmed).id, "second")
    assert not alarmed.state.open_ratifications


def test_what_the_policy_leaves_open_takes_somebody_else_beside_whom_it_asks():
    product = "{name: product agrees, seat: product, names: ['acme/**']}"
    left_open = "{name: anything goes, open: true, names: ['bank/**']}"
    text = PRODUCTION.replace(
        "{name: product agrees, seat: product}", f"{product}\n  - {left_open}"
    )
    registry = Registry(production=text)
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.set_person("second", roles=(), seats=("incident",))
    registry.govern(emergency=RULE)
    registry.submit(make_prompt("1.0.0"), make_prompt("1.0.0", name="bank/refunds"))

    registry.activate_in_emergency(1)

    number = opened(registry).id
    assert [(m.seat, m.because) for m in opened(registry).opened.requirements] == [
        ("product", (PROMPT,)),
        ("incident", ("prompts/bank/refunds",)),
    ]
    registry.judge(number, "product")
    assert registry.state.open_ratifications
    registry.judge(number, "second")
    assert not registry.state.open_ratifications


def test_what_only_reads_differently_and_is_left_open_takes_somebody_else_too(
    alarmed,
):
    alarmed.govern("development", emergency=RULE)
    alarmed.put(
        *(make_fragment("5.0.0"), make_prompt("5.0.0", including())), to="development"
    )
    change = alarmed.submit(make_fragment("6.0.0", "Be calm."), to="development")

    alarmed.activate_in_emergency(change)

    (asked,) = opened(alarmed).opened.requirements
    assert (asked.seat, asked.because) == ("incident", (TONE, PROMPT))


def test_what_nobody_covers_falls_to_those_who_agree_to_the_policy():
    uncovered = PRODUCTION.replace(
        "{name: product agrees, seat: product}",
        "{name: product agrees, seat: product, kinds: [policy]}",
    )
    registry = Registry(production=uncovered)
    registry.set_person("responder", seats=("incident",))
    registry.govern(emergency=RULE)
    registry.submit(make_prompt("1.0.0"))

    registry.activate_in_emergency(1)

    asked = opened(registry).opened.requirements
    assert [(one.seat, one.because) for one in asked] == [
        ("product", (PROMPT,)),
        ("board", (PROMPT,)),
    ]


# Who may, and what.


def test_without_a_rule_nobody_may(alarmed):
    alarmed.govern(emergency=None)

    with pytest.raises(NotAllowed, match="allows no emergency"):
        alarmed.activate_in_emergency(2)


@pytest.mark.parametrize("seat", ["board", "nobody"])
def test_only_the_seats_of_the_rule_may(alarmed, seat):
    alarmed.set_person("responder", seats=("board", "incident"))

    with pytest.raises(NotAllowed, match="activates nothing in an emergency"):
        alarmed.activate_in_emergency(2, seat=seat)


def test_only_who_holds_the_seat_may(alarmed):
    with pytest.raises(NotAllowed, match="does not hold the seat incident"):
        alarmed.activate_in_emergency(2, by="risk")


def test_no_token_may(alarmed):
    with pytest.raises(SessionNeeded):
        alarmed.activate_in_emergency(2, via="token:1")


def test_a_limited_seat_has_to_cover_every_edited_document(alarmed):
    limit = Limit(held="incident", environments=(), names=("other/**",))
    alarmed.set_person("responder", limits=(limit,))

    with pytest.raises(NotAllowed):
        alarmed.activate_in_emergency(2)

    alarmed.set_person("responder", limits=(replace(limit, names=("acme/**",)),))
    alarmed.activate_in_emergency(2)


def test_a_seat_that_was_just_given_cools_down_first(alarmed):
    alarmed.govern(seat_hours=24)

    with pytest.raises(NotAllowed, match="cools down"):
        alarmed.activate_in_emergency(2)

    alarmed.wait(hours=25)
    alarmed.activate_in_emergency(2)


@pytest.mark.parametrize(
    "rule",
    [
        replace(RULE, kinds=("fragment",)),
        replace(RULE, names=("other/**",)),
        replace(RULE, kinds=("prompt",), names=("acme/tone",)),
    ],
)
def test_the_rule_has_to_cover_every_edited_document(alarmed, rule):
    alarmed.govern(emergency=rule)

    with pytest.raises(NotAllowed, match="allows no emergency for prompts/acme"):
        alarmed.activate_in_emergency(2)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (replace(RULE, kinds=("bot", "fragment")), "bot, fragment"),
        (replace(RULE, names=("a/*", "b/*")), "every kind called a/*, b/*"),
        (replace(RULE, kinds=("bot",), names=("a/*",)), "bot called a/*"),
    ],
)
def test_it_is_told_what_the_rule_covers(alarmed, rule, told):
    alarmed.govern(emergency=rule)

    with pytest.raises(NotAllowed) as refused:
        alarmed.activate_in_emergency(2)

    assert refused.value.hint == f"In production it does for {told}."


def test_the_rule_need_not_cover_what_only_reads_differently(alarmed):
    alarmed.govern(emergency=replace(RULE, kinds=("fragment",)))
    change = alarmed.submit(make_fragment("1.1.0", "Be calm."))

    alarmed.activate_in_emergency(change)

    assert alarmed.versions()[TONE] == "1.1.0"


def test_no_policy_and_no_resumption_goes_live_in_an_emergency(alarmed):
    alarmed.stop()
    for change in (
        alarmed.submit_policy(PRODUCTION + "change_days: 8\n"),
        alarmed.resume(),
    ):
        with pytest.raises(NotAllowed, match="no emergency makes live"):
            alarmed.activate_in_emergency(change)


@pytest.mark.parametrize("incident", ["", "  ", "x" * 101, "INC\n7"])
def test_it_needs_an_incident(alarmed, incident):
    with pytest.raises(Invalid, match="incident"):
        alarmed.activate_in_emergency(2, incident=incident)


def test_an_incident_is_as_long_as_a_hundred_characters(alarmed):
    alarmed.activate_in_emergency(2, incident="x" * 100)

    assert opened(alarmed).opened.incident == "x" * 100


# What holds all the same.


def test_another_digest_is_refused(alarmed):
    old = alarmed.change(2).revision.review_digest
    alarmed.revise(2, make_prompt("1.2.0", "Be short."))

    with pytest.raises(ContentMoved):
        alarmed.activate_in_emergency(2, digest=old)


def test_what_is_stale_is_refused(alarmed):
    alarmed.put(make_prompt("1.0.1", "Be quick."))

    with pytest.raises(Stale):
        alarmed.activate_in_emergency(2)


def test_what_was_recalled_is_refused(alarmed):
    alarmed.recall(alarmed.change(2).revision.edits[0].digest)

    with pytest.raises(RecalledContent):
        alarmed.activate_in_emergency(2)


def test_what_was_decided_is_refused(alarmed):
    alarmed.withdraw(2)

    with pytest.raises(NotOpen):
        alarmed.activate_in_emergency(2)


@pytest.mark.parametrize("verdict", [Verdict.VETO, Verdict.ASK])
def test_what_somebody_held_back_is_refused(alarmed, verdict):
    alarmed.vote(2, "legal", verdict)

    with pytest.raises(NotAgreed, match=f"legal \\({verdict}\\): Because."):
        alarmed.activate_in_emergency(2)


def test_the_moment_that_was_agreed_to_holds(alarmed):
    change = alarmed.submit(
        make_prompt("1.2.0", "Be short."), earliest=NOON + timedelta(days=1)
    )

    with pytest.raises(Conflict, match="and not before"):
        alarmed.activate_in_emergency(change)


# What it goes over.


def test_a_freeze_does_not_keep_it_back(alarmed):
    window = Freeze(
        name="the launch",
        zone="UTC",
        start="2026-05-01 00:00",
        end="2026-06-01 00:00",
        names=(),
    )
    alarmed.govern(freezes=(window,))
    with pytest.raises(Frozen):
        alarmed.activate(alarmed.agree(2))

    alarmed.activate_in_emergency(2)

    assert alarmed.versions()[PROMPT] == "1.1.0"


def test_a_missing_check_does_not_keep_it_back_and_is_told(alarmed):
    check = RequiredCheck(
        name="evaluation",
        kinds=(),
        names=(),
        tiers=(),
        facts=(),
        waived_by=(),
        max_age_days=None,
        min_samples=0,
        min_production=0,
    )
    alarmed.govern(checks=(check,))

    alarmed.activate_in_emergency(2)

    why = opened(alarmed).opened.why
    assert any(one.startswith("check evaluation: ") for one in why)


# What is overdue.


@pytest.fixture
def late(alarmed: Registry) -> Registry:
    """Change 2 went live in an emergency, and nobody ratified it in time."""
    alarmed.activate_in_emergency(2)
    alarmed.submit(make_prompt("1.2.0", "Be short."))
    alarmed.wait(hours=25)
    return alarmed


def test_nobody_activates_in_an_environment_with_one_overdue(late):
    with pytest.raises(Conflict, match="is overdue since"):
        late.activate_in_emergency(3, "second")


def test_whoever_has_one_overdue_activates_nowhere(late):
    late.govern("development", emergency=RULE)
    change = late.submit(make_prompt("9.0.0"), to="development")

    with pytest.raises(Conflict, match="is overdue since"):
        late.activate_in_emergency(change, "responder")

    late.activate_in_emergency(change, "second")


def test_until_its_deadline_nothing_is_overdue(late):
    late.now -= timedelta(hours=2)

    late.activate_in_emergency(3, "second")


def test_once_it_is_decided_they_may_again(late):
    late.judge(opened(late).id, "risk", Judgement.REPUDIATE)

    late.activate_in_emergency(3)
