"""A new policy, which the old and the new one have to agree to."""

from dataclasses import replace

import pytest

from registry import commands
from registry.changes import Status
from registry.errors import (
    Conflict,
    NotAgreed,
    RecalledContent,
    Stale,
)
from registry.policy_text import parse_policy
from tests.rules.bench import PRODUCTION
from tests.rules.texts import (
    make_prompt,
)

OPEN_POLICY = """\
environment: production
requirements: [{name: nobody is asked, open: true}]
"""


def test_a_policy_change_asks_for_what_the_old_policy_asks_for(registry):
    change = registry.submit_policy(OPEN_POLICY)

    assert list(registry.requirements(change)) == [
        *("product agrees", "the board agrees", "nobody is asked"),
    ]


def test_a_policy_change_asks_for_what_the_new_policy_asks_for(registry):
    stricter = PRODUCTION.replace("seat: board", "seat: board, count: 2").replace(
        "the board agrees", "two of the board agree"
    )
    change = registry.agree(registry.submit_policy(stricter), "product", "board")

    assert not registry.requirements(change)["two of the board agree"].met
    with pytest.raises(NotAgreed):
        registry.activate(change)


def test_a_policy_that_nobody_could_change_again_is_not_agreed_to(registry):
    blind = (
        "environment: production\nrequirements: [{name: a, seat: risk, kinds: [bot]}]"
    )
    change = registry.agree(registry.submit_policy(blind), "product", "board")

    with pytest.raises(NotAgreed, match="No requirement of the policy covers it"):
        registry.activate(change)


def test_a_policy_is_in_force_once_it_is_activated(registry):
    registry.put_policy(OPEN_POLICY)

    change = registry.submit(make_prompt("1.0.0"))

    assert "product agrees" not in registry.requirements(change)


def test_a_policy_that_was_edited_from_another_than_is_in_force_is_refused(registry):
    began = registry.state.environment("production").policy_digest
    registry.put_policy(OPEN_POLICY)
    edit = commands.SubmitPolicy(
        title="Ask others",
        text=parse_policy(f"{OPEN_POLICY}change_days: 7\n".encode()),
        edited_from=began,
    )

    with pytest.raises(Stale, match="another policy is in force in production"):
        registry.act("author", edit)

    now = registry.state.environment("production").policy_digest
    registry.act("author", replace(edit, edited_from=now))


def test_a_proposed_policy_keeps_its_text(registry):
    change = registry.submit_policy(OPEN_POLICY)

    revision = registry.change(change).revision
    assert revision.number == 1
    assert revision.proposed_policy.source == OPEN_POLICY
    assert [(edit.path, edit.digest) for edit in registry.events[-1].edits] == [
        ("proposals/000/1/1/policy/production.yaml", revision.proposed_policy.digest)
    ]


def test_until_then_the_old_policy_is_in_force(registry):
    registry.agree(registry.submit_policy(OPEN_POLICY))

    change = registry.submit(make_prompt("1.0.0"))

    assert registry.status(change) is Status.WAITING


def test_a_policy_takes_the_environment_to_no_new_seq(furnished):
    furnished.put_policy(OPEN_POLICY)

    assert furnished.environment().seq == 1


def test_the_policy_in_force_is_not_proposed_again(registry):
    with pytest.raises(Conflict, match="that is the policy of production already"):
        registry.submit_policy(PRODUCTION)


def test_the_author_of_a_policy_does_not_vote_for_it(registry):
    registry.set_person("board", roles=("author",))
    change = registry.submit_policy(OPEN_POLICY, by="board")

    assert registry.requirements(change)["the board agrees"].could == ()


def test_a_recalled_policy_does_not_come_into_force(registry):
    change = registry.agree(registry.submit_policy(OPEN_POLICY))
    proposed = registry.change(change).revision.proposed_policy
    registry.recall(proposed.digest)

    with pytest.raises(RecalledContent):
        registry.activate(change)


def test_nobody_is_exempt_from_the_policy(registry):
    registry.set_person("operator", roles=("admin", "author", "operator"))
    change = registry.submit(make_prompt("1.0.0"), by="operator")

    with pytest.raises(NotAgreed):
        registry.activate(change)
