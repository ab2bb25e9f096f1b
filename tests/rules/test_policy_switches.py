"""Every option of a policy bites: what goes with it off is refused with it on.

A switch is two policies that differ in one option, and one scenario: it is true under
the first, and false under the second.  That the list is complete is tested against the
schema and against what a policy is in the code: an option without a scenario fails
here.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta

import pytest

from registry import commands, schemas
from registry.answerable import said_among
from registry.changes import Verdict
from registry.documents import dump, parse
from registry.errors import Conflict, Invalid, NotAllowed
from registry.freezes import Freeze
from registry.names import Ref
from registry.people import Role
from registry.policies import Policy, Requirement
from registry.policy_rules import (
    DecisionTime,
    EmergencyRule,
    RequiredCheck,
    ReviewRule,
    SignInRule,
)
from registry.ratification import is_overdue
from registry.timing import late_since
from registry.upkeep import ReviewStatus, review
from tests.rules.assembly import Registry
from tests.rules.bench import PEOPLE
from tests.rules.checking import attach
from tests.rules.texts import including, make_bot, make_fragment, make_prompt

PROMPT = "prompts/acme/refunds"
LABELS = {"environment", "requirements.name", "freezes.name"}
"""They say what something is called, and change nothing else."""

CAST = PEOPLE | {
    "operator": ((Role.OPERATOR, Role.AUTHOR), ()),
    "responder": ((Role.VIEWER,), ("incident",)),
    "lawyer": ((Role.VIEWER,), ("counsel",)),
    "evaluator": ((Role.EVALUATOR,), ()),
}

PRODUCT = {"name": "product agrees", "seat": "product"}
WINDOW = {"name": "quiet", "zone": "UTC", "start": "sat 00:00", "end": "mon 00:00"}
RULE = {"seats": ["incident"], "ratify_hours": 24}
CHECK = {"name": "answers"}
REVIEW = {"tiers": ["low"], "notice_days": 30, "lapsed": "warn"}


@dataclass(frozen=True)
class Switch:
    option: str
    off: dict
    on: dict
    scenario: Callable[[Registry], bool]


SWITCHES: list[Switch] = []


def switch(option: str, off: dict, on: dict):
    def keep(scenario):
        SWITCHES.append(Switch(option, off, on, scenario))
        return scenario

    return keep


def asks_also(**what) -> dict:
    """Product, and legal as far as *what* says."""
    return {
        "requirements": [PRODUCT, {"name": "legal agrees", "seat": "legal", **what}]
    }


def checks(**what) -> dict:
    return {"checks": [CHECK | what]}


def text(**options) -> str:
    return json.dumps(
        {"environment": "production", "requirements": [PRODUCT]} | options
    )


def goes(act: Callable[[], object]) -> bool:
    try:
        act()
    except (Conflict, NotAllowed):
        return False
    return True


def opens(registry: Registry, version: str = "1.0.0", by: str = "author", **what):
    """A change of a prompt that product has agreed to."""
    change = registry.submit(make_prompt(version, **what), by=by)
    registry.vote(change, "product")
    return change


# Whom it asks.


@switch("requirements", {}, asks_also())
@switch("requirements.seat", {}, {"requirements": [{"name": "one", "seat": "risk"}]})
@switch("requirements.count", {}, {"requirements": [PRODUCT | {"count": 2}]})
@switch("requirements.kinds", asks_also(kinds=["bot"]), asks_also(kinds=["prompt"]))
@switch("requirements.names", asks_also(names=["bank/**"]), asks_also(names=["acme/*"]))
@switch("requirements.tiers", asks_also(tiers=["high"]), asks_also(tiers=["low"]))
@switch("requirements.owners", asks_also(owners=["bank*"]), asks_also(owners=["pro*"]))
@switch("freezes", {}, {"freezes": [WINDOW]})
@switch(
    "freezes.zone",
    {"freezes": [WINDOW | {"start": "sun 13:00", "end": "sun 13:30"}]},
    {
        "freezes": [
            WINDOW | {"start": "sun 13:00", "end": "sun 13:30", "zone": "Europe/London"}
        ]
    },
)
@switch(
    "freezes.start",
    {"freezes": [WINDOW | {"start": "sun 12:30"}]},
    {"freezes": [WINDOW | {"start": "sun 11:30"}]},
)
@switch(
    "freezes.end",
    {"freezes": [WINDOW | {"end": "sun 11:30"}]},
    {"freezes": [WINDOW | {"end": "sun 12:30"}]},
)
@switch(
    "freezes.names",
    {"freezes": [WINDOW | {"names": ["bank/**"]}]},
    {"freezes": [WINDOW | {"names": ["acme/**"]}]},
)
@switch("checks", {}, checks())
@switch("checks.name", checks(name="schema"), checks(name="answers"))
@switch("checks.kinds", checks(kinds=["bot"]), checks(kinds=["prompt"]))
@switch("checks.names", checks(names=["bank/**"]), checks(names=["acme/**"]))
@switch("checks.tiers", checks(tiers=["high"]), checks(tiers=["low"]))
def what_product_has_agreed_to_goes_live(registry: Registry) -> bool:
    change = opens(registry)

    return goes(lambda: registry.activate(change))


@switch(
    "requirements.facts",
    asks_also(facts=["model-changed"]),
    asks_also(facts=["wording-only"]),
)
@switch("checks.facts", checks(facts=["model-changed"]), checks(facts=["wording-only"]))
def other_words_go_live(registry: Registry) -> bool:
    registry.activate(opens(registry))
    change = opens(registry, "1.0.1", text="Be brief.")

    return goes(lambda: registry.activate(change))


@switch(
    "requirements.open",
    {},
    {"requirements": [{"name": "nobody is asked", "open": True}]},
)
def what_somebody_else_agreed_to_waits(registry: Registry) -> bool:
    change = registry.submit(make_prompt("1.0.0"))
    registry.vote(change, "legal")

    return not goes(lambda: registry.activate(change))


# Votes.


@switch("change_days", {"change_days": 30}, {"change_days": 7})
@switch("vote_days", {}, {"vote_days": 7})
def an_agreement_of_last_week_is_carried_out(registry: Registry) -> bool:
    change = opens(registry)
    registry.wait(days=8)

    return goes(lambda: registry.activate(change))


@switch("rejecters", {"rejecters": ["legal"]}, {"rejecters": ["board"]})
def legal_rejects(registry: Registry) -> bool:
    change = opens(registry)

    return goes(lambda: registry.vote(change, "legal", Verdict.REJECT))


@switch("veto_clearers", {"veto_clearers": ["board"]}, {"veto_clearers": ["risk"]})
def the_board_clears_a_veto(registry: Registry) -> bool:
    change = opens(registry)
    registry.vote(change, "legal", Verdict.VETO)

    return goes(lambda: registry.clear_veto(change, "legal", by="board"))


@switch("bind_composed", {"bind_composed": []}, {"bind_composed": ["low"]})
def an_agreement_outlives_a_change_of_what_is_included(registry: Registry) -> bool:
    registry.put(make_fragment("1.0.0"), make_prompt("1.0.0", including()))
    change = opens(registry, "1.1.0", text=including(text="Be brief."))
    registry.put(make_fragment("1.1.0", "Be calm."))

    return goes(lambda: registry.activate(change))


@switch("seat_hours", {"seat_hours": 0}, {"seat_hours": 24})
def a_seat_that_was_just_given_votes(registry: Registry) -> bool:
    registry.set_person("viewer", seats=("product",))
    change = registry.submit(make_prompt("1.0.0"))
    registry.wait(minutes=1)

    return goes(lambda: registry.vote(change, "viewer"))


@switch(
    "recent_sign_in", {}, {"recent_sign_in": {"tiers": ["low", "high"], "minutes": 15}}
)
@switch(
    "recent_sign_in.tiers",
    {"recent_sign_in": {"tiers": ["high"], "minutes": 15}},
    {"recent_sign_in": {"tiers": ["low"], "minutes": 15}},
)
@switch(
    "recent_sign_in.minutes",
    {"recent_sign_in": {"tiers": ["low"], "minutes": 30}},
    {"recent_sign_in": {"tiers": ["low"], "minutes": 15}},
)
def an_approval_goes_with_a_sign_in_of_20_minutes_ago(registry: Registry) -> bool:
    change = registry.submit(make_prompt("1.0.0"))
    registry.signed_in_ago = timedelta(minutes=20)

    return goes(lambda: registry.vote(change, "product"))


@switch("reason_tiers", {"reason_tiers": ["high"]}, {"reason_tiers": ["low"]})
def an_approval_goes_without_a_reason(registry: Registry) -> bool:
    change = registry.submit(make_prompt("1.0.0"))
    try:
        registry.vote(change, "product")
    except Invalid:
        return False
    return True


# Going live.


@switch("authors_activate", {"authors_activate": True}, {"authors_activate": False})
def an_author_activates(registry: Registry) -> bool:
    change = opens(registry)

    return goes(lambda: registry.activate(change, by="author"))


@switch("separate_tiers", {"separate_tiers": ["high"]}, {"separate_tiers": ["low"]})
def an_operator_activates_what_they_wrote(registry: Registry) -> bool:
    change = opens(registry, by="operator")

    return goes(lambda: registry.activate(change, by="operator"))


@switch("late_minutes", {"late_minutes": 120}, {"late_minutes": 30})
def a_schedule_is_kept_an_hour_late(registry: Registry) -> bool:
    hence = registry.now + timedelta(hours=1)
    change = registry.submit(make_prompt("1.0.0"), earliest=hence)
    registry.vote(change, "product")
    registry.wait(hours=2)

    return bool(registry.tick())


@switch("rollback_days", {"rollback_days": 30}, {"rollback_days": 7})
def what_was_live_last_week_comes_back(registry: Registry) -> bool:
    registry.activate(opens(registry))
    registry.activate(opens(registry, "1.0.1", text="Be brief."))
    registry.wait(days=8)

    return goes(lambda: registry.roll_back(PROMPT, seq=1))


@switch("policy_hours", {"policy_hours": 0}, {"policy_hours": 24})
def another_policy_comes_into_force_at_once(registry: Registry) -> bool:
    change = registry.submit_policy(text(change_days=20))
    registry.vote(change, "product")
    registry.wait(hours=23)

    return goes(lambda: registry.activate(change))


# Emergencies.


@switch("emergency", {"emergency": RULE}, {})
@switch(
    "emergency.seats", {"emergency": RULE}, {"emergency": RULE | {"seats": ["legal"]}}
)
@switch(
    "emergency.kinds",
    {"emergency": RULE | {"kinds": ["prompt"]}},
    {"emergency": RULE | {"kinds": ["guardrail"]}},
)
@switch(
    "emergency.names",
    {"emergency": RULE | {"names": ["acme/**"]}},
    {"emergency": RULE | {"names": ["bank/**"]}},
)
def somebody_activates_in_an_emergency(registry: Registry) -> bool:
    change = registry.submit(make_prompt("1.0.0"))

    return goes(lambda: registry.activate_in_emergency(change))


@switch(
    "emergency.ratify_hours",
    {"emergency": RULE | {"ratify_hours": 48}},
    {"emergency": RULE | {"ratify_hours": 12}},
)
def an_emergency_is_not_overdue_after_a_day(registry: Registry) -> bool:
    change = registry.submit(make_prompt("1.0.0"))
    number = registry.activate_in_emergency(change).number
    registry.wait(hours=24)

    return not is_overdue(registry.state.ratifications[number], registry.now)


@switch("ratify_hours", {"ratify_hours": 48}, {"ratify_hours": 12})
def a_rollback_is_not_overdue_after_a_day(registry: Registry) -> bool:
    registry.activate(opens(registry, tier="high"))
    registry.activate(opens(registry, "1.0.1", text="Be brief.", tier="high"))
    number = registry.roll_back(PROMPT, seq=1).number
    registry.wait(hours=24)

    return not is_overdue(registry.state.ratifications[number], registry.now)


# Checks.


@switch("checks.waived_by", checks(waived_by=["legal"]), checks(waived_by=["board"]))
def legal_does_without_a_check(registry: Registry) -> bool:
    change = opens(registry)
    command = commands.WaiveCheck(
        change=change,
        review_digest=registry.change(change).revision.review_digest,
        check="answers",
        seat="legal",
        reason="The pipeline is down.",
        expires=registry.now + timedelta(days=2),
    )

    return goes(lambda: registry.act("legal", command)) and goes(
        lambda: registry.activate(change)
    )


@switch("checks.max_age_days", checks(), checks(max_age_days=1))
@switch("checks.min_samples", checks(min_samples=100), checks(min_samples=101))
@switch("checks.min_production", checks(min_production=10), checks(min_production=11))
def a_result_of_two_days_ago_and_a_hundred_samples_is_enough(registry: Registry):
    change = opens(registry)
    attach(registry, change, total=100, production=10)
    registry.wait(days=2)

    return goes(lambda: registry.activate(change))


# Time to decide, and to look again.


@switch("decisions", {}, {"decisions": [{"tier": "low", "hours": 24}]})
@switch(
    "decisions.tier",
    {"decisions": [{"tier": "high", "hours": 24}]},
    {"decisions": [{"tier": "low", "hours": 24}]},
)
@switch(
    "decisions.hours",
    {"decisions": [{"tier": "low", "hours": 72}]},
    {"decisions": [{"tier": "low", "hours": 24}]},
)
def nobody_is_late_after_two_days(registry: Registry) -> bool:
    change = registry.submit(make_prompt("1.0.0"))
    registry.wait(days=2)

    late = late_since(registry.state, registry.change(change), registry.now)
    return late is None


def reviewed(registry: Registry):
    """A bot that is live, and has to be reviewed in twenty days."""
    until = (registry.now + timedelta(days=20)).date().isoformat()
    bot = dated(make_bot("1.0.0"), until)
    change = registry.submit(make_prompt("1.0.0"), bot)
    registry.vote(change, "product")
    registry.activate(change)
    return bot


def dated(document, until: str):
    return parse(dump({**document.value, "review_by": until}))


@switch("reviews", {}, {"reviews": [REVIEW | {"lapsed": "block"}]})
@switch(
    "reviews.tiers",
    {"reviews": [REVIEW | {"tiers": ["high"], "lapsed": "block"}]},
    {"reviews": [REVIEW | {"tiers": ["low"], "lapsed": "block"}]},
)
@switch(
    "reviews.lapsed",
    {"reviews": [REVIEW | {"lapsed": "warn"}]},
    {"reviews": [REVIEW | {"lapsed": "block"}]},
)
def what_is_overdue_for_review_goes_live_again(registry: Registry) -> bool:
    until = (registry.now + timedelta(days=20)).date().isoformat()
    bot = dated(make_bot("1.0.0"), until)
    change = registry.submit(make_prompt("1.0.0"), bot)
    registry.vote(change, "product")
    registry.wait(days=21)

    return goes(lambda: registry.activate(change))


@switch(
    "reviews.notice_days",
    {"reviews": [REVIEW | {"notice_days": 7}]},
    {"reviews": [REVIEW | {"notice_days": 30}]},
)
def nobody_is_told_three_weeks_before_a_review(registry: Registry) -> bool:
    bot = reviewed(registry)
    environment = registry.environment()
    found = review(
        registry.state,
        environment,
        environment.live[bot.ref],
        said_among(registry.documents),
        registry.now,
    )

    return found.status is ReviewStatus.CERTIFIED


@switch(
    "reviews.seats",
    {"reviews": [REVIEW | {"seats": ["legal"]}]},
    {"reviews": [REVIEW | {"seats": ["board"]}]},
)
def legal_certifies(registry: Registry) -> bool:
    bot = reviewed(registry)
    command = commands.Certify(
        environment="production",
        document=Ref(bot.ref),
        digest=bot.digest,
        until=registry.now + timedelta(days=90),
        seat="legal",
        reason="Read again.",
    )

    return goes(lambda: registry.act("legal", command))


# The list.


def bench(options: dict) -> Registry:
    return Registry(production=text(**options), people=CAST)


@pytest.mark.parametrize("one", SWITCHES, ids=lambda one: one.option)
def test_an_option_bites(one: Switch):
    assert one.scenario(bench(one.off)) is True
    assert one.scenario(bench(one.on)) is False


def options_of_the_schema() -> set[str]:
    """Every option, the parts of its entries included."""
    schema = json.loads(schemas.read_policy())

    def below(definition: dict) -> set[str]:
        found = set()
        for name, what in definition["properties"].items():
            part = what.get("items", what).get("$ref", "").removeprefix("#/$defs/")
            inner = schema["$defs"].get(part, {})
            found |= {name}
            if "properties" in inner:
                found |= {f"{name}.{one}" for one in below(inner)}
        return found

    return below(schema)


PARTS = {
    "requirements": Requirement,
    "freezes": Freeze,
    "emergency": EmergencyRule,
    "checks": RequiredCheck,
    "decisions": DecisionTime,
    "reviews": ReviewRule,
    "recent_sign_in": SignInRule,
}


def options_of_the_code() -> set[str]:
    inner = {
        f"{part}.{one.name}" for part, kind in PARTS.items() for one in fields(kind)
    }
    return {one.name for one in fields(Policy)} | inner


def test_every_option_has_a_switch():
    switched = {one.option for one in SWITCHES} | LABELS

    assert switched == options_of_the_schema()
    assert switched == options_of_the_code()


def test_two_policies_of_a_switch_differ():
    assert all(one.off != one.on for one in SWITCHES)
