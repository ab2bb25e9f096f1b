"""Certifying what is live: the rules in `certifications.py` and `upkeep.py`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry import commands
from registry.answerable import said_among
from registry.decide import decide
from registry.documents import dump, parse
from registry.errors import (
    Conflict,
    ContentMoved,
    Invalid,
    NotAllowed,
    NotFound,
    RecalledContent,
    SessionNeeded,
)
from registry.names import Ref, digest_of
from registry.people import Limit
from registry.policy_rules import Lapsed
from registry.upkeep import Review, ReviewStatus, review, rule_for
from tests.rules.assembly import Registry
from tests.rules.keeping import BLOCKING, certify, password_set, reviewed_by
from tests.rules.texts import BOT, PROMPT, make_bot, make_prompt

SOON = "2026-05-20"


def stands(registry: Registry, name: str = PROMPT, to: str = "production") -> Review:
    environment = registry.environment(to)
    said_by = said_among(registry.documents)
    live = environment.live[Ref(name)]
    return review(registry.state, environment, live, said_by, registry.now)


@pytest.fixture
def ending(registry: Registry) -> Registry:
    """In production a prompt that is to be reviewed by a day, where that counts."""
    registry.govern(reviews=(BLOCKING,))
    registry.put(reviewed_by(SOON, make_prompt("1.0.0")))
    return registry


# When it is due.


def test_a_document_is_certified_then_due_then_lapsed(ending):
    before = stands(ending).status
    ending.wait(days=10)
    near = stands(ending).status
    ending.wait(days=10)

    assert before is ReviewStatus.CERTIFIED
    assert near is ReviewStatus.DUE
    assert stands(ending).status is ReviewStatus.LAPSED


def test_the_day_itself_is_still_in_time(ending):
    ending.wait(days=17)

    assert ending.now.date().isoformat() == SOON
    assert stands(ending).status is ReviewStatus.DUE


def test_a_document_that_names_no_day_is_never_due(registry):
    registry.put(make_prompt("1.0.0"))
    registry.wait(days=4000)

    assert stands(registry).status is ReviewStatus.NONE


def test_a_certification_lasts_until_the_moment_that_it_names(ending):
    ending.wait(days=20)

    certify(ending, until=ending.now + timedelta(days=30))
    again = stands(ending)
    ending.wait(days=30)

    assert again.status is ReviewStatus.CERTIFIED
    assert again.certified.by == "product"
    assert stands(ending).status is ReviewStatus.LAPSED


def test_an_earlier_certification_takes_nothing_from_the_day_in_the_document(ending):
    certify(ending, until=ending.now + timedelta(days=1))

    assert stands(ending).due.date().isoformat() == "2026-05-21"


def test_of_two_certifications_of_the_same_bytes_the_longer_one_holds(ending):
    far, near = (ending.now + timedelta(days=days) for days in (300, 200))

    certify(ending, until=far)
    certify(ending, until=near)

    assert stands(ending).due == stands(ending).certified.until == far


def test_a_certification_says_nothing_of_other_bytes(ending):
    certify(ending)

    ending.put(reviewed_by(SOON, make_prompt("1.0.1", "Be calm.")))

    assert stands(ending).certified is None


def test_of_several_rules_the_strictest_counts(registry):
    lax = replace(BLOCKING, notice_days=40, lapsed=Lapsed.WARN, seats=("risk",))
    registry.govern(reviews=(BLOCKING, lax))

    rule = rule_for(registry.environment().policy, make_prompt("1.0.0").tier)

    assert (rule.notice_days, rule.lapsed) == (40, Lapsed.BLOCK)
    assert rule.seats == ("legal", "risk")


def test_a_rule_for_other_tiers_does_not_count(registry):
    high = make_prompt("1.0.0", tier="high").tier
    registry.govern(reviews=(replace(BLOCKING, tiers=(high,)),))
    low = make_prompt("1.0.0").tier

    assert rule_for(registry.environment().policy, low).lapsed is Lapsed.WARN


def test_who_cannot_answer_for_it_is_told(registry):
    registry.put(make_prompt("1.0.0", owner="nobody-here"))
    registry.put(make_bot("1.0.0"))
    registry.set_person("editor", active=False)

    assert stands(registry).unowned == ("the owner nobody-here is nobody here",)
    assert stands(registry, BOT).unowned == (
        "the deputy editor is not active any more",
        "it names no risk partner",
    )


# Who certifies, and what.


@pytest.mark.parametrize("by", ["product", "editor", "viewer"])
def test_the_owner_the_deputy_and_the_risk_partner_of_its_bots_certify(ending, by):
    bot = parse(dump({**make_bot("1.0.0").value, "risk_partner": "viewer"}))
    ending.put(bot)

    event = certify(ending, by)

    assert event.payload.seat is None
    assert event.message.startswith(f"Certify {PROMPT} 1.0.0 in production until ")


def test_somebody_in_a_seat_that_reviews_certifies(ending):
    certify(ending, "legal", seat="legal")

    assert stands(ending).certified.seat == "legal"


def test_nobody_else_certifies(ending):
    with pytest.raises(NotAllowed, match="may not certify"):
        certify(ending, "viewer")
    with pytest.raises(NotAllowed, match="does not answer for"):
        certify(ending, "risk")
    with pytest.raises(NotAllowed, match="in the seat 'risk'"):
        certify(ending, "risk", seat="risk")
    with pytest.raises(NotAllowed, match="in the seat 'legal'"):
        certify(ending, "product", seat="legal")


def test_a_password_that_somebody_else_has_set_answers_for_nothing(ending):
    ending.govern(seat_hours=24, reviews=(BLOCKING,))
    command = commands.Certify(
        environment="production",
        document=Ref(PROMPT),
        digest=ending.live()[Ref(PROMPT)],
        until=ending.now + timedelta(days=100),
        seat=None,
        reason="Read again.",
    )
    since = ending.now

    with pytest.raises(NotAllowed, match="the password of product"):
        decide(password_set(ending, "product", since), command)

    ending.wait(hours=24)
    assert decide(password_set(ending, "product", since), command)


def test_what_is_certified_in_a_seat_cools_down_wherever_it_would_count(registry):
    """In an environment without cool-down the same bytes would be certified at once."""
    document = reviewed_by(SOON, make_prompt("1.0.0"))
    registry.put(document, to="staging")
    registry.bring(PROMPT, source="staging")
    by_risk = (replace(BLOCKING, seats=("risk",)),)
    registry.govern(seat_hours=48, reviews=by_risk)
    registry.govern("staging", reviews=by_risk)
    command = commands.Certify(
        environment="staging",
        document=document.ref,
        digest=document.digest,
        until=registry.now + timedelta(days=100),
        seat="risk",
        reason="Read again.",
    )
    since = registry.now
    registry.wait(hours=48, seconds=-1)

    with pytest.raises(NotAllowed, match="the password of risk"):
        decide(password_set(registry, "risk", since), command)
    registry.wait(seconds=1)

    assert decide(password_set(registry, "risk", since), command)


def test_a_seat_for_other_documents_does_not_certify(ending):
    limit = Limit(held="legal", environments=(), names=("other/**",))
    ending.set_person("legal", limits=(limit,))

    with pytest.raises(NotAllowed):
        certify(ending, "legal", seat="legal")


def test_no_token_certifies(ending):
    with pytest.raises(SessionNeeded):
        certify(ending, via="token:1")


def test_only_what_is_live_now_is_certified(ending):
    with pytest.raises(ContentMoved):
        certify(ending, digest=digest_of(b"other"))
    with pytest.raises(NotFound, match="is not live in staging"):
        certify(ending, environment="staging")


def test_what_was_recalled_is_not_certified(ending):
    ending.recall(ending.live()[Ref(PROMPT)])

    with pytest.raises(RecalledContent):
        certify(ending)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_certification_ends_within_a_year(ending, days):
    with pytest.raises(Invalid, match="within a year"):
        certify(ending, until=ending.now + timedelta(days=days))


# What comes of it when it has lapsed.


def test_what_has_lapsed_stays_live(ending):
    ending.wait(days=400)

    assert ending.versions() == {PROMPT: "1.0.0"}


def test_what_is_overdue_is_not_proposed_where_that_counts(ending):
    ending.wait(days=20)
    late = reviewed_by(SOON, make_prompt("1.0.1", "Be calm."))

    with pytest.raises(Conflict, match="its review is overdue since 2026-05-21"):
        ending.submit(late)


def test_a_revision_brings_nothing_that_is_overdue_where_that_counts(ending):
    change = ending.submit(reviewed_by("2026-09-01", make_prompt("1.0.1", "Be calm.")))
    ending.wait(days=20)
    late = reviewed_by(SOON, make_prompt("1.0.1", "Be calm."))

    with pytest.raises(Conflict, match="its review is overdue since 2026-05-21"):
        ending.revise(change, late)


def test_what_has_become_overdue_is_not_activated_where_that_counts(ending):
    later = reviewed_by("2026-05-05", make_prompt("1.0.1", "Be calm."))
    change = ending.agree(ending.submit(later))
    ending.wait(days=4)

    with pytest.raises(Conflict, match="its review is overdue"):
        ending.activate(change)


def test_where_the_policy_only_warns_it_goes_live(registry):
    registry.wait(days=100)

    registry.put(reviewed_by(SOON, make_prompt("1.0.0")))

    assert registry.versions() == {PROMPT: "1.0.0"}


def test_a_promotion_of_what_has_lapsed_waits_for_a_certification(registry):
    registry.put(reviewed_by(SOON, make_prompt("1.0.0")), to="development")
    registry.govern(reviews=(BLOCKING,))
    registry.wait(days=20)

    with pytest.raises(Conflict, match="its review is overdue"):
        registry.promote(PROMPT)
    registry.govern("development", reviews=(BLOCKING,))
    certify(registry, "legal", seat="legal", environment="development")
    registry.bring(PROMPT)

    assert registry.versions() == {PROMPT: "1.0.0"}


def test_whoever_answers_for_a_document_certifies_it_where_they_do(registry):
    """Anybody can name themselves in a bot where nobody has to agree to it."""
    registry.put(reviewed_by(SOON, make_prompt("1.0.0")), to="development")
    registry.bring(PROMPT)
    registry.govern(reviews=(BLOCKING,))
    registry.wait(days=20)
    mine = {**make_bot("1.0.0", name="mine/bot").value, "owner": "promoter"}
    registry.put(parse(dump({**mine, "deputy": "promoter"})), to="development")

    certify(registry, "promoter", environment="development")

    assert stands(registry, to="development").status is ReviewStatus.CERTIFIED
    assert stands(registry).status is ReviewStatus.LAPSED


def test_a_seat_certifies_elsewhere_only_for_whoever_speaks_for_it_there(registry):
    only = Limit(held="legal", environments=("development",), names=())
    registry.set_person("legal", limits=(only,))
    registry.put(reviewed_by(SOON, make_prompt("1.0.0")), to="development")
    registry.bring(PROMPT)
    for environment in ("development", "production"):
        registry.govern(environment, reviews=(BLOCKING,))
    registry.wait(days=20)
    certify(registry, "legal", seat="legal", environment="development")
    limited = stands(registry).status

    registry.set_person("legal", limits=())

    assert limited is ReviewStatus.LAPSED
    assert stands(registry).status is ReviewStatus.CERTIFIED


def test_a_seat_of_another_environment_certifies_nothing_here(registry):
    registry.put(reviewed_by(SOON, make_prompt("1.0.0")), to="development")
    registry.govern("development", reviews=(replace(BLOCKING, seats=("board",)),))
    registry.govern(reviews=(BLOCKING,))
    registry.wait(days=20)
    certify(registry, "board", seat="board", environment="development")

    with pytest.raises(Conflict, match="its review is overdue"):
        registry.promote(PROMPT)


def test_a_rollback_to_what_has_lapsed_is_warned_of_and_goes_through(ending):
    ending.put(reviewed_by("2026-09-01", make_prompt("1.0.1", "Be calm.")))
    ending.wait(days=25)

    told = ending.preview(PROMPT, seq=1).lapsed
    ending.roll_back(PROMPT, seq=1, propose=True)
    ending.roll_back(PROMPT, seq=1)

    assert told == (f"{PROMPT} 1.0.0: its review is overdue since 2026-05-21",)
    assert ending.versions() == {PROMPT: "1.0.0"}
