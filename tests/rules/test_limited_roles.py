"""A role that is held for some names or environments, through every command."""

import pytest

from registry.authorization import parts
from registry.changes import Outcome
from registry.errors import NotAllowed
from registry.people import Limit, Role
from registry.resources import of_bot, of_change, of_effect
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.texts import BOT, make_bot, make_prompt

MINE = "bank/loans"


def limit(registry: Registry, handle: str, role: Role, *, names=(), environments=()):
    only = Limit(held=role, environments=environments, names=names)
    registry.set_person(handle, roles=(role,), limits=(only,))


@pytest.fixture
def limited(furnished: Registry) -> Registry:
    """Its author and its operator have their roles for the names `bank/**` only."""
    furnished.put(make_prompt("1.0.0", name=MINE))
    limit(furnished, "author", Role.AUTHOR, names=("bank/**",))
    limit(furnished, "operator", Role.OPERATOR, names=("bank/**",))
    return furnished


def mine(version: str = "1.1.0"):
    return make_prompt(version, name=MINE)


def theirs(version: str = "1.1.0"):
    return make_prompt(version)


def test_an_author_proposes_edits_of_their_own_names_only(limited):
    limited.submit(mine())

    for documents in ((theirs(),), (mine("1.2.0"), theirs())):
        with pytest.raises(NotAllowed, match="author may not submit a change"):
            limited.submit(*documents)


def test_an_author_deletes_their_own_names_only(limited):
    limited.submit(deleted=(f"prompts/{MINE}",))

    with pytest.raises(NotAllowed, match="author may not submit a change"):
        limited.submit(deleted=(BOT,))


def test_an_author_revises_into_their_own_names_only(limited):
    change = limited.submit(mine(), by="editor")
    limited.revise(change, mine("1.2.0"))

    with pytest.raises(NotAllowed, match="author may not revise a change"):
        limited.revise(change, mine("1.2.0"), theirs())


def test_an_author_revises_nothing_away_that_is_not_theirs(limited):
    change = limited.submit(theirs(), by="editor")

    with pytest.raises(NotAllowed, match="author may not revise a change"):
        limited.revise(change, mine())

    limited.revise(change, mine(), by="editor")
    limited.revise(change, mine("1.2.0"))


def test_an_author_withdraws_what_they_proposed_whatever_is_in_it_now(limited):
    change = limited.submit(mine())
    limited.revise(change, mine(), theirs(), by="editor")

    limited.withdraw(change)

    assert limited.change(change).outcome is Outcome.WITHDRAWN


def test_whoever_revised_withdraws_only_what_is_all_theirs(limited):
    change = limited.submit(mine(), by="editor")
    limited.revise(change, mine("1.2.0"))
    limited.revise(change, mine(), theirs(), by="editor")

    with pytest.raises(NotAllowed, match="author may not withdraw a change"):
        limited.withdraw(change)

    limited.revise(change, mine(), by="editor")
    limited.withdraw(change)


def test_an_author_of_some_names_proposes_no_policy(limited):
    with pytest.raises(NotAllowed, match="author may not propose a policy"):
        limited.submit_policy(PRODUCTION + "change_days: 7\n")


def test_an_author_of_another_environment_proposes_nothing_here(registry):
    limit(registry, "author", Role.AUTHOR, environments=("staging",))
    registry.submit(make_prompt("1.0.0"), to="staging")

    with pytest.raises(NotAllowed):
        registry.submit(make_prompt("1.0.0"))
    with pytest.raises(NotAllowed):
        registry.submit_policy(PRODUCTION + "change_days: 7\n")


def test_an_author_resumes_their_own_bots_only(limited):
    limited.stop(by="board")

    with pytest.raises(NotAllowed, match="author may not propose to resume"):
        limited.resume()
    limit(limited, "author", Role.AUTHOR, names=("acme/**",))
    limited.resume()


def test_an_operator_activates_what_touches_their_own_names_only(limited):
    own = limited.agree(limited.submit(mine()))
    other = limited.agree(limited.submit(theirs(), by="editor"))
    both = limited.agree(limited.submit(mine("1.2.0"), theirs(), by="editor"))

    for change in (other, both):
        with pytest.raises(NotAllowed, match="operator may not activate a change"):
            limited.activate(change)
    limited.activate(own)


def test_an_operator_stops_their_own_bots_only(limited):
    with pytest.raises(NotAllowed, match="operator may not stop a bot"):
        limited.stop()


def test_a_resumption_is_about_its_bot(limited):
    limited.stop(by="board")
    change = limited.agree(limited.resume(by="editor"))

    with pytest.raises(NotAllowed, match="operator may not activate a change"):
        limited.activate(change)
    limit(limited, "operator", Role.OPERATOR, names=("acme/**",))
    limited.activate(change)


def test_a_change_is_about_what_it_edits_now_and_who_proposed_it(limited):
    change = limited.submit(mine(), by="editor")
    limited.revise(change, mine("1.2.0"))

    about = of_change(limited.change(change))

    assert about.environment == "production"
    assert about.names == {MINE}
    assert about.authors == {"editor"}


def test_each_document_of_an_effect_is_somewhere_to_speak_about(limited):
    change = limited.submit(theirs(), by="editor")

    found = parts(of_effect(limited.change(change)))

    names = sorted(name for one in found for name in one.names)
    assert (len(found), names) == (2, ["acme/refunds", "acme/support"])
    assert {one.environment for one in found} == {"production"}


def test_what_has_no_effect_is_about_the_environment(limited):
    change = limited.submit_policy(PRODUCTION + "change_days: 7\n", by="editor")

    (about,) = parts(of_effect(limited.change(change)))

    assert (about.environment, about.names) == ("production", frozenset())


def test_a_bot_without_a_deputy_has_one_less_to_answer_for_it():
    bot = make_bot("1.0.0", owner="olga")
    for part in ("deputy", "on_call"):
        bot.value.pop(part, None)

    assert of_bot("production", bot).answering == {"olga"}


def test_owner_deputy_and_on_call_answer_for_a_bot():
    bot = make_bot("1.0.0", owner="olga")
    parts = {"deputy": "dan", "on_call": "cleo", "risk_partner": "rita"}
    bot.value.update(parts)

    about = of_bot("production", bot)

    assert about.answering == {"olga", "dan", "cleo"}
    assert (about.environment, about.names) == ("production", {"acme/support"})
