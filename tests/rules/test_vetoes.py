"""Who clears a veto."""

import pytest

from registry.changes import Status, Verdict
from registry.errors import (
    Contributed,
    NotAllowed,
    NotFound,
    SessionNeeded,
)
from registry.people import Role
from tests.rules.assembly import Registry
from tests.rules.texts import make_prompt


@pytest.fixture
def change(registry: Registry) -> int:
    return registry.submit(make_prompt("1.0.0"))


@pytest.fixture
def vetoed(registry: Registry, change: int) -> int:
    registry.agree(change)
    registry.vote(change, "legal", Verdict.VETO)
    return change


def test_whoever_cast_a_veto_clears_it(registry, vetoed):
    registry.clear_veto(vetoed, "legal", by="legal")

    assert registry.status(vetoed) is Status.APPROVED


def test_whoever_cast_a_veto_clears_it_also_without_the_seat(registry, vetoed):
    registry.set_person("legal", seats=())

    registry.clear_veto(vetoed, "legal", by="legal")

    assert registry.change(vetoed).vetoes == ()


def test_a_seat_that_the_policy_names_clears_a_veto(registry, vetoed):
    registry.set_person("legal", active=False)

    registry.clear_veto(vetoed, "legal", by="board")

    assert registry.status(vetoed) is Status.APPROVED


@pytest.mark.parametrize("by", ["author", "admin", "operator", "risk", "product"])
def test_nobody_else_clears_a_veto(registry, vetoed, by):
    with pytest.raises(NotAllowed):
        registry.clear_veto(vetoed, "legal", by=by)


def test_a_contributor_does_not_clear_the_veto_of_somebody_else(registry):
    registry.set_person("board", roles=(Role.AUTHOR,))
    change = registry.submit(make_prompt("1.0.0"), by="board")
    registry.vote(change, "legal", Verdict.VETO)

    with pytest.raises(Contributed):
        registry.clear_veto(change, "legal", by="board")


def test_a_token_clears_no_veto(registry, vetoed):
    with pytest.raises(SessionNeeded):
        registry.clear_veto(vetoed, "legal", by="legal", via="token:1")


def test_clearing_a_veto_leaves_those_of_others(registry, vetoed):
    registry.vote(vetoed, "risk", Verdict.VETO)

    registry.clear_veto(vetoed, "legal", by="board")

    assert [veto.by for veto in registry.change(vetoed).vetoes] == ["risk"]


def test_a_veto_that_is_not_there_is_not_cleared(registry, vetoed):
    with pytest.raises(NotFound, match="risk has no veto"):
        registry.clear_veto(vetoed, "risk", by="board")


def test_a_cleared_veto_is_no_approval(registry, change):
    registry.vote(change, "product", Verdict.VETO)

    registry.clear_veto(change, "product", by="board")

    assert registry.requirements(change)["product agrees"].by == ()


def test_a_veto_can_be_cast_on_a_stale_change(registry, change):
    registry.put(make_prompt("1.0.0", "Be brief."))

    registry.vote(change, "legal", Verdict.VETO)

    assert [veto.by for veto in registry.change(change).vetoes] == ["legal"]
