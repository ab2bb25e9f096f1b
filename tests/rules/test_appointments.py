"""Beginning a registry, and who holds what: `registry/appointments.py`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry import commands
from registry.appointments import still_asked
from registry.decide import decide
from registry.decisions import Situation
from registry.documents import dump, parse
from registry.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    SessionNeeded,
)
from registry.fold import EMPTY
from registry.payloads import PersonProposed
from registry.people import Actor, Limit, Role, person
from registry.policy_text import parse_policy
from tests.rules.bench import DEVELOPMENT, NOON, STAGING
from tests.rules.keeping import password_set
from tests.rules.texts import make_bot, make_prompt

ADMIN = person("admin", roles=(Role.ADMIN,), seats=(), active=True)
CREATE = commands.Create(
    repository="tested", policies=(parse_policy(STAGING.encode()),), people=(ADMIN,)
)


def begin(command: commands.Create):
    actor = Actor(handle="admin", roles=(Role.ADMIN,), seats=(), via="local")
    situation = Situation(state=EMPTY, actor=actor, now=NOON, documents={})
    return decide(situation, command)


# Beginning.


def test_a_registry_begins_with_policies_and_people():
    decision = begin(CREATE)

    assert decision.payload.repository == "tested"
    assert decision.payload.epoch == 1
    assert [made.environment for made in decision.payload.environments] == ["staging"]
    assert decision.payload.people == (ADMIN,)
    assert set(decision.files) == {
        "people.yaml",
        "policy/staging.yaml",
        "registry.json",
    }


def test_the_first_people_are_written_down_in_order():
    more = [person(one, roles=(), seats=(), active=True) for one in ("zoe", "ada")]

    decision = begin(replace(CREATE, people=(*more, ADMIN)))

    assert [one.handle for one in decision.payload.people] == ["ada", "admin", "zoe"]


PEOPLE_FILE = b"""\
admin:
  roles:
    - admin
  seats: []
  active: true
zoe:
  roles:
    - author
  seats:
    - risk
  active: false
  limits:
    risk:
      environments:
        - staging
      names:
        - acme/**
"""


def test_the_file_of_people_says_what_each_holds():
    limit = Limit(held="risk", environments=("staging",), names=("acme/**",))
    zoe = person("zoe", roles=(Role.AUTHOR,), seats=("risk",), active=False)
    zoe = replace(zoe, limits=(limit,))

    decision = begin(replace(CREATE, people=(zoe, ADMIN)))

    assert decision.files["people.yaml"] == PEOPLE_FILE


def test_a_registry_begins_once(registry):
    with pytest.raises(Conflict, match="the ledger has begun already"):
        registry.act("admin", CREATE)


@pytest.mark.parametrize(
    "people",
    [
        (),
        (person("admin", roles=(Role.OPERATOR,), seats=("board",), active=True),),
        (replace(ADMIN, active=False),),
    ],
    ids=["nobody", "no administrator", "an inactive one"],
)
def test_a_registry_needs_an_active_administrator(people):
    with pytest.raises(Invalid, match="a registry needs an administrator"):
        begin(replace(CREATE, people=people))


def test_a_registry_has_each_person_once():
    twice = (ADMIN, replace(ADMIN, roles=(Role.ADMIN, Role.AUTHOR)))

    with pytest.raises(Invalid, match="two people have the same handle"):
        begin(replace(CREATE, people=twice))


@pytest.mark.parametrize("texts", [(), (STAGING, STAGING)], ids=["none", "twice"])
def test_a_registry_has_one_policy_for_each_environment(texts):
    policies = tuple(parse_policy(text.encode()) for text in texts)

    with pytest.raises(Invalid, match="environments, each with one policy"):
        begin(replace(CREATE, policies=policies))


def test_a_registry_may_have_any_environments():
    policies = tuple(parse_policy(t.encode()) for t in (DEVELOPMENT, STAGING))

    decision = begin(replace(CREATE, policies=policies))

    assert len(decision.payload.environments) == 2


# People.


def test_an_administrator_gives_roles_and_seats(registry):
    registry.set_person("legal", roles=(Role.AUTHOR,), seats=("board", "legal"))

    legal = registry.state.people["legal"]
    assert (legal.roles, legal.seats) == ((Role.AUTHOR,), ("board", "legal"))


def test_an_administrator_adds_people(registry):
    registry.set_person("newcomer", roles=(Role.AUTHOR,))

    assert registry.submit(make_prompt("1.0.0"), by="newcomer") == 1


@pytest.mark.parametrize("by", ["author", "operator", "board", "viewer"])
def test_nobody_else_manages_people(registry, by):
    with pytest.raises(NotAllowed, match=f"{by} may not manage people"):
        registry.set_person("legal", by=by, seats=())


@pytest.mark.parametrize(
    "what",
    [{"roles": (Role.ADMIN, Role.OPERATOR)}, {"roles": ()}, {"active": False}],
    ids=str,
)
def test_administrators_do_not_change_themselves(registry, what):
    with pytest.raises(NotAllowed, match="nobody changes their own roles or seats"):
        registry.set_person("admin", by="admin", **what)


def test_another_administrator_can(registry):
    registry.set_person("admin", by="second-admin", active=False)

    assert not registry.state.people["admin"].active


def test_an_administrators_power_takes_two_others(registry):
    registry.set_person("operator", roles=(Role.ADMIN, Role.OPERATOR))
    more = (Role.ADMIN, Role.EVALUATOR)
    asked = ask(registry, "admin", by="second-admin", roles=more)

    confirm(registry, asked, by="operator")

    assert registry.state.people["admin"].roles == more


def test_an_administrator_holds_no_seat(registry):
    both = {"roles": (Role.ADMIN,), "seats": ("board",)}

    with pytest.raises(Invalid, match="an administrator and hold a seat") as refused:
        ask(registry, **both)
    with pytest.raises(Invalid, match="an administrator and hold a seat"):
        begin(replace(CREATE, people=(replace(ADMIN, **both),)))

    assert "another account, held by another person" in refused.value.hint


@pytest.mark.parametrize("role", Role)
def test_no_seat_is_called_like_a_role(registry, role):
    named = {"seats": (str(role),)}

    with pytest.raises(Invalid, match=f"no seat is called {role}, which is a role"):
        ask(registry, **named)
    with pytest.raises(Invalid, match=f"no seat is called {role}, which is a role"):
        begin(replace(CREATE, people=(ADMIN, replace(ADMIN, handle="x", **named))))


def test_who_holds_what_is_refused_by_now_can_be_deactivated(registry):
    """Older ledgers have such people."""
    older = {"roles": (Role.ADMIN,), "seats": ("operator", "risk")}
    person = replace(registry.state.people["legal"], **older)
    people = registry.state.people.insert("legal", person)
    registry.state = replace(registry.state, people=people)

    ask(registry, active=False)

    assert not registry.state.people["legal"].active


def test_a_role_is_asked_for_also_of_somebody_whose_seat_is_called_like_it(registry):
    older = replace(registry.state.people["legal"], seats=("operator",))
    people = registry.state.people.insert("legal", older)
    registry.state = replace(registry.state, people=people)

    ask(registry, roles=(Role.OPERATOR,), seats=())

    assert registry.state.people["legal"] == older


def test_an_administrator_has_no_vote_because_of_it(registry):
    change = registry.submit(make_prompt("1.0.0"))

    with pytest.raises(NotAllowed):
        registry.vote(change, "admin", seat="product")


def test_one_administrator_always_stays(registry):
    registry.set_person("second-admin", active=False)

    assert registry.state.people["admin"].active


def test_nothing_new_is_refused(registry):
    with pytest.raises(Conflict, match="holds exactly that already"):
        registry.set_person("legal")


@pytest.mark.parametrize(
    ("handle", "seats"),
    [("Bad Handle", ()), ("a\nActor: board", ()), ("x", ("a seat",)), ("x", ("\n",))],
)
def test_handles_and_seats_that_could_be_something_else_are_refused(
    registry, handle, seats
):
    strange = replace(ADMIN, handle=handle, seats=seats, roles=())

    with pytest.raises(Invalid, match="cannot be a handle or a seat"):
        registry.act("admin", commands.SetPerson(person=strange))
    with pytest.raises(Invalid, match="cannot be a handle or a seat"):
        begin(replace(CREATE, people=(ADMIN, strange)))


def test_a_deactivated_person_keeps_their_past(registry):
    registry.put(make_prompt("1.0.0"))

    registry.set_person("author", active=False)

    assert registry.change(1).author == "author"
    assert registry.state.people["author"].roles == (Role.AUTHOR,)


# What takes a second administrator.


def ask(registry, handle="legal", by="admin", **what):
    """Ask for it, and leave it there."""
    asked = replace(registry.state.people[handle], **what)
    return registry.act(by, commands.SetPerson(person=asked))


def confirm(registry, event, by="second-admin"):
    return registry.act(by, confirming(event))


def confirming(event):
    handle = event.payload.person.handle
    return commands.ConfirmPerson(handle=handle, proposed=event.number)


@pytest.mark.parametrize(
    "what",
    [
        {"seats": ("board", "legal")},
        {"roles": (Role.OPERATOR,)},
        {"roles": (Role.ADMIN,), "seats": ()},
        {"roles": (Role.EVALUATOR,)},
    ],
    ids=["a seat", "operator", "admin", "evaluator"],
)
def test_what_gives_power_waits_for_a_second_administrator(registry, what):
    before = registry.state.people["legal"]

    asked = ask(registry, **what)

    assert registry.state.people["legal"] == before
    confirm(registry, asked)
    assert registry.state.people["legal"] == replace(before, **what)


@pytest.mark.parametrize(
    "what",
    [{"seats": ()}, {"active": False}, {"roles": (Role.AUTHOR, Role.VIEWER)}],
    ids=["a seat less", "inactive", "an author"],
)
def test_everything_else_is_done_at_once(registry, what):
    ask(registry, **what)

    legal = registry.state.people["legal"]
    assert {name: getattr(legal, name) for name in what} == what


def test_an_account_that_nothing_live_names_is_made_at_once(registry):
    newcomer = person("newcomer", roles=(Role.VIEWER,), seats=(), active=True)

    registry.act("admin", commands.SetPerson(person=newcomer))

    assert registry.state.people["newcomer"] == newcomer


def test_what_an_inactive_account_holds_is_changed_at_once(registry):
    registry.set_person("viewer", active=False)

    ask(registry, "viewer", roles=(Role.AUTHOR,))

    assert registry.state.people["viewer"].roles == (Role.AUTHOR,)


def test_nobody_confirms_with_a_token(registry):
    asked = ask(registry, seats=("board",))

    with pytest.raises(SessionNeeded):
        registry.act("second-admin", confirming(asked), via="token:one")


def test_becoming_active_again_gives_the_seats_again(registry):
    registry.set_person("legal", active=False)

    ask(registry, active=True)

    assert not registry.state.people["legal"].active


def test_becoming_active_again_takes_a_second_administrator_whatever_one_holds(
    registry,
):
    """They may answer for a bot, and what is live changes."""
    registry.set_person("viewer", active=False)

    asked = ask(registry, "viewer", active=True)

    assert asked.message.startswith("Ask to make viewer active again\n")
    assert not registry.state.people["viewer"].active
    confirm(registry, asked)
    assert registry.state.people["viewer"].active


@pytest.mark.parametrize("part", ["owner", "deputy", "on_call", "risk_partner"])
def test_an_account_that_something_live_names_takes_a_second_administrator(
    registry, part
):
    bot = {**make_bot("1.0.0").value, part: "night-shift"}
    registry.put(make_prompt("1.0.0"), parse(dump(bot)))
    newcomer = person("night-shift", roles=(), seats=(), active=True)

    asked = registry.act("admin", commands.SetPerson(person=newcomer))

    assert "night-shift" not in registry.state.people
    assert asked.message.startswith(
        "Ask to let night-shift be there, who answers for bots/acme/support\n"
    )
    with pytest.raises(NotSignedIn):
        registry.stop(by="night-shift")
    confirm(registry, asked)
    assert registry.state.people["night-shift"] == newcomer


def test_an_account_that_owns_a_live_document_takes_a_second_administrator(registry):
    registry.put(make_prompt("1.0.0", owner="refunds-team"))
    newcomer = person("refunds-team", roles=(), seats=(), active=True)

    registry.act("admin", commands.SetPerson(person=newcomer))

    assert "refunds-team" not in registry.state.people


@pytest.mark.parametrize("what", [{"roles": ()}, {"active": False}])
def test_taking_away_the_last_administrator_but_one_takes_their_agreement(
    registry, what
):
    asked = ask(registry, "second-admin", **what)
    before = registry.state.people["second-admin"]

    confirm(registry, asked, by="second-admin")

    assert isinstance(asked.payload, PersonProposed)
    assert Role.ADMIN in before.roles
    assert registry.state.people["second-admin"] == asked.payload.person


def test_of_three_administrators_one_is_taken_away_at_once(registry):
    registry.set_person("legal", roles=(Role.ADMIN,), seats=())

    registry.act(
        "admin",
        commands.SetPerson(person=replace(registry.state.people["legal"], roles=())),
    )

    assert registry.state.people["legal"].roles == ()


def test_whoever_is_to_go_confirms_nothing_that_they_are_given(registry):
    asked = ask(registry, "second-admin", roles=(), seats=("board",))

    with pytest.raises(NotAllowed, match="nobody changes their own") as refused:
        confirm(registry, asked, by="second-admin")

    assert refused.value.hint == "Another administrator has to do it."


def test_lifting_a_limit_gives_more(registry):
    limit = Limit(held="legal", environments=("staging",), names=())
    registry.set_person("legal", limits=(limit,))

    ask(registry, limits=())

    assert registry.state.people["legal"].limits == (limit,)


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ("admin", "asked for it, and does not confirm it as well"),
        ("operator", "may not manage people"),
    ],
)
def test_only_another_administrator_confirms(registry, by, why):
    asked = ask(registry, seats=("board",))

    with pytest.raises(NotAllowed, match=why):
        confirm(registry, asked, by=by)


@pytest.mark.parametrize(
    ("seat_hours", "waits"), [(0, 24), (12, 24), (72, 72), (720, 168)]
)
def test_whose_password_somebody_else_has_set_neither_asks_nor_confirms(
    registry, seat_hours, waits
):
    """An administrator who sets another one's password could do both.

    No policy makes it longer than a week: one environment's could lock all out.
    """
    registry.govern("staging", seat_hours=seat_hours)
    since = registry.now
    registry.wait(hours=max(waits - 24, 0))
    asked = ask(registry, seats=("board",))
    confirms = commands.ConfirmPerson(handle="legal", proposed=asked.number)
    viewer = replace(registry.state.people["viewer"], seats=("board",))
    asks = commands.SetPerson(person=viewer)
    registry.now = since + timedelta(hours=waits, seconds=-1)

    for command in (asks, confirms):
        with pytest.raises(NotAllowed, match="the password of second-admin"):
            decide(password_set(registry, "second-admin", since), command)

    registry.wait(seconds=1)
    for command in (asks, confirms):
        assert decide(password_set(registry, "second-admin", since), command)


def test_whose_password_somebody_else_has_set_takes_away_all_the_same(registry):
    less = replace(registry.state.people["legal"], seats=())
    situation = password_set(registry, "second-admin", registry.now)

    assert decide(situation, commands.SetPerson(person=less))


def test_what_is_asked_for_counts_for_seven_days(registry):
    asked = ask(registry, seats=("board",))
    registry.wait(days=7, seconds=-1)
    assert decide(registry.situation("second-admin"), confirming(asked))
    registry.wait(seconds=2)

    with pytest.raises(Conflict, match="admin asked for it on 2026-05-03") as refused:
        confirm(registry, asked)

    assert "asked for again" in refused.value.hint
    confirm(registry, ask(registry, seats=("board",)))


def test_what_is_asked_for_waits_until_the_moment_of_its_end(registry):
    asked = ask(registry, seats=("board",))
    before = list(still_asked(registry.state, asked.at + timedelta(days=7, seconds=-1)))

    registry.now = asked.at + timedelta(days=7)

    assert [one.number for one in before] == [asked.number]
    assert list(still_asked(registry.state, registry.now)) == []
    with pytest.raises(Conflict, match="that is void"):
        confirm(registry, asked)


@pytest.mark.parametrize("what", [{"active": False}, {"roles": ()}], ids=str)
def test_what_somebody_asked_for_who_is_no_administrator_any_more_is_void(
    registry, what
):
    registry.set_person("operator", roles=(Role.ADMIN,))
    asked = ask(registry, seats=("board",))
    registry.set_person("admin", by="second-admin", **what)

    with pytest.raises(Conflict, match="that is void"):
        confirm(registry, asked, by="operator")

    assert registry.state.people["legal"].seats == ("legal",)


def test_what_is_void_can_be_refused(registry):
    asked = ask(registry, seats=("board",))
    registry.wait(days=8)

    registry.act(
        "second-admin",
        commands.RefusePerson(
            handle="legal", proposed=asked.number, reason="It is too old."
        ),
    )

    assert "legal" not in registry.state.asked_for


def test_whoever_asked_is_told_who_else_could_confirm_it(registry):
    for handle in ("viewer", "editor", "author", "risk"):
        registry.set_person(handle, roles=(Role.ADMIN,), seats=())
    registry.set_person("editor", active=False)
    asked = ask(registry, seats=("board",))

    with pytest.raises(NotAllowed) as refused:
        confirm(registry, asked, by="admin")

    assert refused.value.hint == (
        "Another administrator has to: author, risk, second-admin, viewer."
    )


def test_nobody_confirms_what_is_for_themselves(registry):
    registry.set_person("operator", roles=(Role.ADMIN, Role.OPERATOR))
    more = (Role.ADMIN, Role.EVALUATOR, Role.OPERATOR)
    asked = ask(registry, "operator", roles=more)

    with pytest.raises(NotAllowed, match="nobody changes their own"):
        confirm(registry, asked, by="operator")


def test_what_was_changed_in_between_has_to_be_asked_for_again(registry):
    asked = ask(registry, seats=("board", "legal"))
    registry.set_person("legal", active=False)

    with pytest.raises(NotFound, match="nothing is asked for legal"):
        confirm(registry, asked)

    assert not registry.state.people["legal"].active


def test_what_is_asked_for_again_takes_the_place_of_what_was(registry):
    before = ask(registry, seats=("board", "legal"))
    ask(registry, seats=("legal", "risk"))

    with pytest.raises(NotFound, match="nothing is asked for legal"):
        confirm(registry, before)


def test_what_was_asked_for_can_be_refused(registry):
    asked = ask(registry, seats=("board",))
    refuse = commands.RefusePerson(
        handle="legal", proposed=asked.number, reason="They have left."
    )

    registry.act("admin", refuse)

    with pytest.raises(NotFound, match="nothing is asked for legal"):
        confirm(registry, asked)


def test_refusing_needs_a_reason(registry):
    asked = ask(registry, seats=("board",))
    refuse = commands.RefusePerson(handle="legal", proposed=asked.number, reason=" ")

    with pytest.raises(Invalid, match="refusing needs words"):
        registry.act("admin", refuse)


def test_only_an_administrator_refuses(registry):
    asked = ask(registry, seats=("board",))
    refuse = commands.RefusePerson(
        handle="legal", proposed=asked.number, reason="They have left."
    )

    with pytest.raises(NotAllowed, match="operator may not manage people"):
        registry.act("operator", refuse)


@pytest.mark.parametrize(
    ("what", "subject"),
    [
        ({"roles": (Role.AUTHOR,)}, "Let legal hold author, legal"),
        ({"seats": ()}, "Let legal hold viewer"),
        ({"roles": (), "seats": ()}, "Let legal hold nothing"),
        ({"active": False}, "Deactivate legal"),
    ],
    ids=str,
)
def test_the_subject_says_what_somebody_holds_from_now_on(registry, what, subject):
    legal = replace(registry.state.people["legal"], **what)

    decision = decide(registry.situation("admin"), commands.SetPerson(person=legal))

    assert decision.subject == subject


@pytest.mark.parametrize(
    "limits",
    [
        (Limit(held="board", environments=("staging",), names=()),),
        (Limit(held="legal", environments=(), names=()),),
        (Limit(held="legal", environments=("staging",), names=()),) * 2,
    ],
    ids=["not held", "empty", "twice"],
)
def test_a_limit_limits_what_somebody_holds(registry, limits):
    with pytest.raises(Invalid):
        ask(registry, limits=limits)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUDITOR, Role.ADMIN])
def test_a_role_that_has_no_place_is_not_limited(registry, role):
    limit = Limit(held=role, environments=("staging",), names=())

    with pytest.raises(Invalid, match="held everywhere or not at all"):
        ask(registry, roles=(role,), seats=(), limits=(limit,))
    with pytest.raises(Invalid, match="held everywhere or not at all"):
        begin(replace(CREATE, people=(replace(ADMIN, roles=(role,), limits=(limit,)),)))


def test_a_limit_names_environments_that_there_are(registry):
    limit = Limit(held="legal", environments=("mars",), names=())

    with pytest.raises(NotFound, match="no environment 'mars'"):
        ask(registry, limits=(limit,))
