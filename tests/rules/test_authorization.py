"""Who may do what, where: `registry/authorization.py`."""

import re
from pathlib import Path

import pytest

from registry.authorization import (
    RULES,
    Action,
    Resource,
    Rule,
    authorize,
    holds,
    may,
)
from registry.errors import NotAllowed, SessionNeeded
from registry.people import SESSION, TIMER, Actor, Limit, Role

ABOUT = Resource(
    environment="production",
    names=frozenset({"acme/support"}),
    answering=frozenset({"owner"}),
    authors=frozenset({"writer"}),
)


def actor(handle: str = "somebody", *roles: Role, seats=(), via=SESSION, limits=()):
    return Actor(handle=handle, roles=roles, seats=seats, via=via, limits=limits)


SESSIONS = {
    **{str(role): actor("somebody", role) for role in Role},
    "seat": actor(seats=("risk",)),
    "owner": actor("owner"),
    "writer": actor("writer"),
}
TOKENS = {
    "author's token": actor("writer", Role.AUTHOR, via="token:1"),
    "operator's token": actor("owner", Role.AUTHOR, Role.OPERATOR, via="token:2"),
    "chatbot's token": actor("owner", via="token:3"),
    "writer's token without a role": actor("writer", via="token:4"),
}
EVERYBODY = set(SESSIONS)
WRITERS = {"author", "author's token", "operator's token"}
ALLOWED = {
    Action.SUBMIT: WRITERS,
    Action.REVISE: WRITERS,
    Action.PROPOSE_POLICY: {"author"},
    Action.PROMOTE: WRITERS | {"operator"},
    Action.PROPOSE_ROLLBACK: WRITERS | {"operator"},
    Action.PROPOSE_RESUMPTION: WRITERS | {"operator"},
    Action.COMMENT: EVERYBODY - {"owner", "writer"}
    | {"author's token", "operator's token"},
    Action.WITHDRAW: {"writer", "author's token"},
    Action.ATTACH: WRITERS | {"evaluator"},
    Action.VOTE: {"seat"},
    Action.CLEAR_VETO: EVERYBODY - {"admin"},
    Action.WAIVE: {"seat"},
    Action.MEET_CONDITION: EVERYBODY,
    Action.ACTIVATE: {"operator", "operator's token"},
    Action.ACTIVATE_OWN: WRITERS,
    Action.ACTIVATE_IN_EMERGENCY: {"seat"},
    Action.JUDGE: {"seat"},
    Action.CERTIFY: {"seat", "owner"},
    Action.ROLL_BACK: {"operator", "owner", "operator's token"},
    Action.STOP: {"operator", "owner", "seat", "operator's token"},
    Action.ASK: {"author", "operator", "seat"},
    Action.RECALL: {"operator", "seat", "operator's token"},
    Action.MANAGE_PEOPLE: {"admin"},
    Action.MAKE_TOKENS: {"author", "operator", "evaluator", "admin"},
    Action.MAKE_CLONING_TOKENS: EVERYBODY - {"owner", "writer"},
    Action.MANAGE_TOKENS: {"admin"},
    Action.MANAGE_TARGETS: {"admin"},
    Action.RESOLVE_ALERT: {"operator"},
    Action.READ: EVERYBODY - {"owner", "writer"}
    | {"author's token", "operator's token"},
    Action.VERIFY: {"operator", "auditor", "admin", "operator's token"},
    Action.READ_ALL: {"admin", "auditor"},
}

IN_PERSON = [
    Action.PROPOSE_POLICY,
    Action.VOTE,
    Action.CLEAR_VETO,
    Action.WAIVE,
    Action.MEET_CONDITION,
    Action.ACTIVATE_IN_EMERGENCY,
    Action.JUDGE,
    Action.CERTIFY,
    Action.MANAGE_PEOPLE,
    Action.MAKE_TOKENS,
    Action.MAKE_CLONING_TOKENS,
    Action.MANAGE_TOKENS,
    Action.MANAGE_TARGETS,
    Action.RESOLVE_ALERT,
]


def limited(*, environments=(), names=(), role=Role.AUTHOR) -> Actor:
    limit = Limit(held=role, environments=environments, names=names)
    return actor("somebody", role, limits=(limit,))


def about(*names: str, environment: str | None = "production") -> Resource:
    return Resource(environment=environment, names=frozenset(names))


def test_every_act_has_a_rule_and_a_row():
    assert set(RULES) == set(Action) == set(ALLOWED)


@pytest.mark.parametrize("action", Action)
def test_an_act_belongs_to_exactly_these(action):
    allowed = {
        name for name, who in (SESSIONS | TOKENS).items() if may(who, action, ABOUT)
    }

    assert allowed == ALLOWED[action]


@pytest.mark.parametrize("action", Action)
def test_the_timer_activates_and_does_nothing_else(action):
    timer = actor("placet", *Role, seats=("risk", "board"), via=TIMER)

    assert may(timer, action, ABOUT) == (action is Action.ACTIVATE)


@pytest.mark.parametrize("action", IN_PERSON)
@pytest.mark.parametrize("via", ["token:1", "local"])
def test_what_takes_somebody_signed_in_says_so(action, via):
    everything = actor("somebody", *Role, seats=("risk",), via=via)

    with pytest.raises(SessionNeeded, match="a token cannot"):
        authorize(everything, action, ABOUT)


@pytest.mark.parametrize(
    ("limit", "resource", "covered"),
    [
        ({"environments": ("production",)}, about("acme/a"), True),
        ({"environments": ("staging",)}, about("acme/a"), False),
        ({"names": ("acme/**",)}, about("acme/a", "acme/b/c"), True),
        ({"names": ("acme/**",)}, about("acme/a", "bank/a"), False),
        ({"names": ("acme/*",)}, about("acme/b/c"), False),
        ({"environments": ("production",)}, about(), True),
        ({"names": ("acme/**",)}, about(), False),
        ({"environments": ("production",)}, about(environment=None), False),
        ({"names": ("acme/**",)}, about("acme/a", environment=None), False),
        ({"environments": ("staging",)}, about(), False),
        ({"names": ("**",)}, about(), False),
    ],
)
def test_a_limited_role_counts_where_its_limit_covers_everything(
    limit, resource, covered
):
    assert may(limited(**limit), Action.SUBMIT, resource) == covered


@pytest.mark.parametrize(
    "action", [Action.READ, Action.MAKE_TOKENS, Action.MAKE_CLONING_TOKENS]
)
def test_a_limit_does_not_matter_to_what_has_no_place(action):
    elsewhere = limited(environments=("staging",), names=("bank/**",))

    assert may(elsewhere, action)


def test_a_vote_takes_a_seat_for_one_of_the_documents_and_a_waiver_for_all():
    limit = Limit(held="risk", environments=(), names=("acme/**",))
    risk = actor(seats=("risk",), limits=(limit,))
    both, other = about("acme/a", "bank/a"), about("bank/a")

    assert may(risk, Action.VOTE, both)
    assert not may(risk, Action.VOTE, other)
    assert not may(risk, Action.VOTE, about())
    assert not may(risk, Action.WAIVE, both)


def test_a_limit_of_one_role_leaves_the_others_alone():
    limit = Limit(held=Role.OPERATOR, environments=("staging",), names=())
    both = actor("somebody", Role.AUTHOR, Role.OPERATOR, limits=(limit,))

    assert holds(both, Role.AUTHOR, about("acme/a"))
    assert not holds(both, Role.OPERATOR, about("acme/a"))


@pytest.mark.parametrize("role", Role)
def test_a_seat_that_is_called_like_a_role_is_not_the_role(role):
    """Nor the other way round.  Older ledgers have such seats."""
    seat, held = actor(seats=(str(role),)), actor("somebody", role)

    assert not holds(seat, role, about("acme/a"))
    assert not holds(held, str(role), about("acme/a"))
    assert holds(seat, str(role), about("acme/a"))
    assert not may(seat, Action.MANAGE_PEOPLE)
    assert not may(seat, Action.SUBMIT, ABOUT)
    assert not may(seat, Action.ACTIVATE, ABOUT)


@pytest.mark.parametrize(
    "action", [Action.VOTE, Action.JUDGE, Action.WAIVE, Action.CLEAR_VETO]
)
def test_an_administrator_agrees_to_nothing_in_whatever_seat(action):
    """Older ledgers have administrators with seats."""
    boss = actor("boss", Role.ADMIN, seats=("risk",))

    with pytest.raises(NotAllowed, match="as an administrator") as refused:
        authorize(boss, action, ABOUT)

    assert "another account, held by another person" in refused.value.hint


def test_a_refusal_names_what_it_takes_and_what_is_limited():
    with pytest.raises(NotAllowed, match="may not submit a change in production") as it:
        authorize(limited(names=("acme/**",)), Action.SUBMIT, about("bank/a"))

    assert "the role author" in it.value.hint
    assert "limited to some places: author" in it.value.hint


@pytest.mark.parametrize(
    ("action", "takes"),
    [
        (Action.SUBMIT, "the role author"),
        (Action.PROMOTE, "the role author or the role operator"),
        (Action.WITHDRAW, "having written the change"),
        (
            Action.STOP,
            "the role operator or a seat or being the bot's owner, deputy or on-call",
        ),
    ],
)
def test_a_refusal_names_everything_that_would_do(action, takes):
    with pytest.raises(NotAllowed) as refused:
        authorize(actor(), action, ABOUT)

    assert refused.value.hint.startswith(f"It takes {takes}; ")


def test_a_refusal_names_no_place_where_there_is_none():
    with pytest.raises(NotAllowed, match=r"somebody may not manage people\Z"):
        authorize(actor(), Action.MANAGE_PEOPLE)


def test_a_token_comments_only_for_an_author():
    assert may(actor("x", Role.AUTHOR, via="token:1"), Action.COMMENT, ABOUT)
    assert not may(actor("x", Role.VIEWER, via="token:1"), Action.COMMENT, ABOUT)


def test_whoever_holds_something_for_other_names_comments_all_the_same():
    limit = Limit(held="risk", environments=("staging",), names=("bank/**",))

    assert may(actor(seats=("risk",), limits=(limit,)), Action.COMMENT, ABOUT)


def test_a_token_brings_no_relation_to_a_bot():
    assert not may(actor("owner", via="token:1"), Action.STOP, ABOUT)


def test_the_page_about_people_has_this_table():
    page = Path(__file__).parents[2] / "docs/people.md"
    table = page.read_text().partition("| act | who | with a token |")[2]
    rows = re.findall(r"^\| ([a-z ]+) \| (.+) \| (.+) \|$", table, re.MULTILINE)

    told = {act: (who, token != "no") for act, who, token in rows if act in set(Action)}

    assert told == {
        str(action): (_who(rule), not rule.session) for action, rule in RULES.items()
    }


def _who(rule: Rule) -> str:
    if set(rule.roles) == set(Role):
        who = ["every role"]
    else:
        who = [f"`{role}`" for role in rule.roles]
    who += ["anybody with a seat"] * rule.seats
    who += ["whoever answers for it"] * rule.answering
    who += ["whoever wrote it"] * rule.authors
    who += ["anybody"] * rule.anybody
    told = ", ".join(who) + "; limits do not matter" * rule.anywhere
    told += ", for one of its documents at least" * rule.partly
    return told + "; no administrator" * rule.apart
