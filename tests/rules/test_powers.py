"""What somebody could do about a change, told before they try."""

from dataclasses import replace

import pytest

from registry.changes import Verdict
from registry.people import Limit, Role
from registry.policy_rules import EmergencyRule
from registry.powers import Act, powers
from tests.rules.assembly import Registry
from tests.rules.checking import require, required
from tests.rules.keeping import approve_if
from tests.rules.texts import make_prompt


def told(registry: Registry, handle: str, change: int = 1, **how):
    """Each act with whom or what it is about, and in which seats."""
    found = powers(registry.situation(handle, **how), registry.change(change))
    return {(one.act, one.about): one.seats for one in found}


def acts(registry: Registry, handle: str, **how) -> set[Act]:
    return {act for act, _ in told(registry, handle, **how)}


@pytest.fixture
def change(registry: Registry) -> int:
    return registry.submit(make_prompt("1.0.0"))


def test_an_author_could_comment_revise_and_withdraw(registry, change):
    assert acts(registry, "author") == {Act.COMMENT, Act.REVISE, Act.WITHDRAW}


def test_what_is_no_edit_is_not_revised(furnished):
    furnished.put(make_prompt("1.1.0"))
    furnished.stop()
    change = furnished.resume()

    assert (Act.REVISE, None) not in told(furnished, "author", change)


def test_an_operator_could_comment_and_activate(registry, change):
    assert acts(registry, "operator") == {Act.COMMENT, Act.ACTIVATE}


def test_who_approved_could_take_it_back_in_the_same_seat(registry, change):
    registry.vote(change, "risk")

    assert told(registry, "risk")[Act.RETRACT, None] == ("risk",)


def test_who_vetoed_could_clear_it_and_cannot_retract_it(registry, change):
    registry.vote(change, "legal", Verdict.VETO)

    found = told(registry, "legal")

    assert (Act.CLEAR_VETO, "legal") in found
    assert (Act.RETRACT, None) not in found


def test_a_seat_that_the_policy_names_could_clear_anybodys_veto(registry, change):
    registry.govern(veto_clearers=("board",))
    registry.vote(change, "legal", Verdict.VETO)

    assert told(registry, "board")[Act.CLEAR_VETO, "legal"] == ("board",)
    assert (Act.CLEAR_VETO, "legal") not in told(registry, "risk")


def test_a_seat_that_the_policy_names_could_reject(registry, change):
    registry.govern(rejecters=("board",))

    assert told(registry, "board")[Act.REJECT, None] == ("board",)
    assert Act.REJECT not in acts(registry, "risk")


def test_a_seat_that_covers_a_part_of_it_could_not_end_all_of_it(registry):
    registry.govern(rejecters=("board",))
    limit = Limit(held="board", environments=(), names=("acme/other",))
    registry.set_person("board", roles=(), seats=("board",), limits=(limit,))
    registry.submit(make_prompt("1.0.0"), make_prompt("1.0.0", name="acme/other"))

    assert Act.REJECT not in acts(registry, "board")


def test_a_seat_that_cools_down_could_reject_later(registry, change):
    registry.govern(rejecters=("board",), seat_hours=24)
    registry.set_person("editor", roles=(), seats=("board",))

    assert Act.REJECT not in acts(registry, "editor")
    registry.wait(hours=25)
    assert Act.REJECT in acts(registry, "editor")


def test_a_check_that_is_met_could_be_done_without_by_nobody(registry):
    require(registry, required(waived_by=("risk",)), required("secrets"))
    registry.submit(make_prompt("1.0.0"))

    found = told(registry, "risk")

    assert found[Act.WAIVE, "answers"] == ("risk",)
    assert (Act.WAIVE, "secrets") not in found
    assert Act.WAIVE not in acts(registry, "product")


def test_a_seat_that_the_policy_names_could_activate_in_an_emergency(registry, change):
    rule = EmergencyRule(seats=("risk",), kinds=(), names=(), ratify_hours=24)
    registry.govern(emergency=rule)

    assert told(registry, "risk")[Act.EMERGENCY, None] == ("risk",)
    assert Act.EMERGENCY not in acts(registry, "product")

    registry.govern(emergency=replace(rule, names=("other/*",)))
    assert Act.EMERGENCY not in acts(registry, "risk")


def test_whoever_answers_for_a_condition_could_say_that_it_is_met(registry, change):
    approve_if(registry, change)

    assert (Act.MEET_CONDITION, "product") in told(registry, "editor")
    assert (Act.MEET_CONDITION, "product") in told(registry, "product")
    assert (Act.MEET_CONDITION, "product") not in told(registry, "risk")


def test_of_what_has_ended_one_could_only_speak(registry, change):
    registry.withdraw(change)

    assert acts(registry, "author") == {Act.COMMENT}
    assert acts(registry, "operator") == {Act.COMMENT}


def test_a_token_brings_no_seat(registry, change):
    registry.govern(rejecters=("board",))

    assert acts(registry, "board", via="token:t", roles=[Role.VIEWER]) == set()


def test_the_registry_that_separates_a_tier_lets_no_contributor_activate(registry):
    registry.govern(separate_tiers=("medium",))
    registry.set_person("author", roles=(Role.AUTHOR, Role.OPERATOR), seats=())
    registry.submit(make_prompt("1.0.0", tier="medium"))

    assert Act.ACTIVATE not in acts(registry, "author")
    assert Act.ACTIVATE in acts(registry, "operator")


def test_of_what_is_stale_one_can_still_ask_for_changes_or_veto(furnished):
    change = furnished.submit(make_prompt("1.1.0"))
    before = told(furnished, "second-product", change)
    furnished.put(make_prompt("1.2.0", "Be brief."))

    after = told(furnished, "second-product", change)

    assert not {(Act.ASK, None), (Act.VETO, None)} & before.keys()
    assert after[Act.ASK, None] == after[Act.VETO, None] == ("product",)
    assert (Act.VETO, None) not in told(furnished, "author", change)
    assert (Act.VETO, None) not in told(furnished, "viewer", change)


def test_beside_a_veto_of_ones_own_one_only_rejects(furnished):
    change = furnished.submit(make_prompt("1.1.0"))
    furnished.vote(change, "second-product", Verdict.VETO)
    furnished.put(make_prompt("1.2.0", "Be brief."))

    assert (Act.VETO, None) not in told(furnished, "second-product", change)
