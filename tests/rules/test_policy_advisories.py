"""Three attacks that other systems of agreed policies have had, in our terms.

gittuf keeps a policy in git, as Placet does, and says who must sign what.  Three of its
published weaknesses are tried here; each test says what somebody would gain by it.
"""

from dataclasses import replace

import pytest

from registry import events
from registry.changes import Status
from registry.errors import LedgerBroken, NotAgreed, NotOpen, Stale
from registry.fold import apply
from registry.names import digest_of
from registry.people import Limit, Role
from tests.rules.assembly import Registry
from tests.rules.bench import PEOPLE, PRODUCTION
from tests.rules.texts import make_prompt

STRICTER = PRODUCTION.replace(
    "{name: product agrees, seat: product}",
    "{name: two of product agree, seat: product, count: 2}",
)
WITHOUT_THE_BOARD = PRODUCTION.replace(
    "  - {name: the board agrees, seat: board, kinds: [policy]}\n", ""
)
assert STRICTER != PRODUCTION != WITHOUT_THE_BOARD


def ask_for_two(registry: Registry) -> None:
    change = registry.submit_policy(STRICTER)
    registry.activate(registry.agree(change, "product", "second-product", "board"))


# CVE-2026-44544: a policy is rolled back.  Whoever can bring an older policy back that
# was agreed to once gets what it allowed and what has been forbidden since.


def test_a_policy_that_was_in_force_once_is_not_activated_again(registry):
    loose = registry.put_policy(PRODUCTION + "change_days: 90\n")
    registry.put_policy(PRODUCTION + "change_days: 10\n")

    with pytest.raises(NotOpen):
        registry.activate(loose)

    assert registry.environment().policy.change_days == 10


def test_a_policy_that_was_agreed_to_under_an_older_one_is_stale(registry):
    older = registry.agree(registry.submit_policy(PRODUCTION + "change_days: 90\n"))
    ask_for_two(registry)

    with pytest.raises(Stale, match="the policy of production has changed"):
        registry.activate(older)

    assert registry.status(older) is Status.STALE


def test_the_text_of_an_older_policy_has_to_be_agreed_to_as_if_it_were_new(registry):
    ask_for_two(registry)
    again = registry.agree(registry.submit_policy(PRODUCTION), "product", "board")

    with pytest.raises(NotAgreed, match="two of product agree"):
        registry.activate(again)


def test_what_is_pinned_is_when_a_policy_came_into_force_and_not_its_text(registry):
    """The text comes back, and agreements from its first time do not."""
    change = registry.agree(registry.submit(make_prompt("1.0.0")))
    registry.put_policy(PRODUCTION + "change_days: 90\n")
    registry.put_policy(PRODUCTION)

    with pytest.raises(Stale):
        registry.activate(change)


def test_the_event_that_brought_a_policy_in_cannot_be_said_twice(registry):
    registry.put_policy(PRODUCTION + "change_days: 90\n")
    event = registry.events[-1]
    registry.put_policy(PRODUCTION + "change_days: 10\n")
    body = events.dump(event)

    with pytest.raises(LedgerBroken):
        apply(registry.state, event, digest_of(body))
    renumbered = replace(event, number=registry.state.head.number + 1)
    with pytest.raises(LedgerBroken):
        apply(registry.state, renumbered, digest_of(events.dump(renumbered)))


# CVE-2026-128036: a policy between two others is trusted although nobody agreed to it.
# Whoever slips one in has the next one judged by rules that they wrote themselves.


def test_a_proposed_policy_says_nothing_about_the_next_one(registry):
    registry.submit_policy(WITHOUT_THE_BOARD)
    following = registry.submit_policy(WITHOUT_THE_BOARD + "change_days: 90\n")

    registry.vote(following, "product")

    assert "the board agrees" in registry.requirements(following)
    with pytest.raises(NotAgreed, match="the board agrees"):
        registry.activate(following)


def test_a_policy_does_not_vouch_for_itself(registry):
    """It asks nobody, and is asked for by the one in force all the same."""
    own = registry.submit_policy(
        "environment: production\nrequirements: [{name: nobody, open: true}]\n"
    )

    with pytest.raises(NotAgreed, match="product agrees"):
        registry.activate(own)


def test_a_policy_that_was_refused_leaves_nothing_behind(registry):
    refused = registry.submit_policy(WITHOUT_THE_BOARD)
    registry.withdraw(refused)
    following = registry.submit_policy(WITHOUT_THE_BOARD + "change_days: 90\n")

    registry.vote(following, "product")

    with pytest.raises(NotAgreed, match="the board agrees"):
        registry.activate(following)


def test_an_agreement_between_two_policies_is_for_neither(registry):
    """What was agreed to while another policy was in force is stale."""
    between = registry.agree(registry.submit_policy(PRODUCTION + "rollback_days: 3\n"))
    registry.put_policy(PRODUCTION + "change_days: 90\n")

    assert registry.status(between) is Status.STALE
    with pytest.raises(Stale):
        registry.activate(between)


def test_a_policy_that_asks_more_has_to_be_satisfied_before_it_is_in_force(registry):
    """The one in force is content; the proposed one is not yet."""
    change = registry.agree(registry.submit_policy(STRICTER), "product", "board")

    with pytest.raises(NotAgreed, match="two of product agree"):
        registry.activate(change)

    registry.vote(change, "second-product")
    registry.activate(change)


# CVE-2026-128037: a threshold for everything takes the place of a rule's own list of
# people.  Whoever has enough friends anywhere gets by the few who were to be asked.

WIDE = """\
environment: production
requirements:
  - {name: two of product, seat: product, count: 2}
  - {name: risk agrees, seat: risk, names: ["acme/**"]}
  - {name: the owner agrees, seat: owner, names: ["acme/**"]}
"""


@pytest.fixture
def wide() -> Registry:
    people = PEOPLE | {
        "third-product": ((Role.AUTHOR,), ("product",)),
        "owner": ((Role.VIEWER,), ("owner",)),
    }
    return Registry(production=WIDE, people=people)


def test_many_votes_in_a_wide_requirement_meet_no_narrow_one(wide):
    change = wide.submit(make_prompt("1.0.0"))

    wide.agree(change, "product", "second-product", "third-product")

    asked = wide.requirements(change)
    assert [name for name, one in asked.items() if one.met] == ["two of product"]
    with pytest.raises(NotAgreed, match=r"risk agrees.*the owner agrees"):
        wide.activate(change)


def test_a_vote_in_another_seat_does_not_stand_in_for_the_one_that_is_asked(wide):
    change = wide.submit(make_prompt("1.0.0"))

    wide.agree(change, "product", "second-product", "risk", "legal", "board")

    with pytest.raises(NotAgreed, match="the owner agrees"):
        wide.activate(change)
    wide.vote(change, "owner")
    wide.activate(change)


def test_a_wide_open_requirement_opens_no_narrow_one():
    registry = Registry(
        production="environment: production\n"
        "requirements:\n"
        "  - {name: everything is open, open: true}\n"
        '  - {name: risk agrees, seat: risk, names: ["acme/**"]}\n'
    )
    change = registry.submit(make_prompt("1.0.0"))
    registry.agree(change, "product", "legal", "board")

    with pytest.raises(NotAgreed, match="risk agrees"):
        registry.activate(change)


def test_who_holds_a_seat_for_other_names_meets_nothing_here(wide):
    wide.set_person("owner", active=False)
    elsewhere = Limit(held="owner", environments=(), names=("bank/**",))
    wide.set_person("banker", seats=("owner",), limits=(elsewhere,))
    change = wide.submit(make_prompt("1.0.0"))

    wide.agree(change, "product", "second-product", "risk")

    asked = wide.requirements(change)["the owner agrees"]
    assert (asked.met, asked.could) == (False, ())
    with pytest.raises(NotAgreed, match="nobody who holds it is free to vote"):
        wide.activate(change)
