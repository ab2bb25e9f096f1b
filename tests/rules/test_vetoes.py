"""Who clears a veto."""

import pytest

from registry import commands
from registry.changes import Status, Verdict
from registry.decide import decide
from registry.errors import (
    Contributed,
    NotAllowed,
    NotFound,
    SessionNeeded,
)
from registry.people import Limit, Role
from registry.standing import unmet
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.keeping import password_set
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


def test_a_password_that_somebody_else_has_set_clears_no_veto(registry, vetoed):
    registry.govern(seat_hours=24)
    clear = commands.ClearVeto(change=vetoed, veto_by="legal", reason="Solved.")
    since = registry.now
    fresh = password_set(registry, "legal", since)

    with pytest.raises(NotAllowed, match="the password of legal"):
        decide(fresh, clear)

    registry.wait(hours=24)
    assert decide(password_set(registry, "legal", since), clear)


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


def test_a_seat_that_clears_for_the_bot_clears_a_veto_on_its_resumption(furnished):
    limit = Limit(held="board", environments=(), names=("acme/support",))
    furnished.set_person("board", limits=(limit,))
    furnished.stop()
    change = furnished.resume()
    furnished.vote(change, "legal", Verdict.VETO)

    left = unmet(furnished.state, furnished.change(change), furnished.now)

    assert left[-1].could == ("board", "legal")
    furnished.clear_veto(change, "legal", by="board")


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


def test_of_two_seats_that_clear_vetoes_the_older_one_does(registry, vetoed):
    registry.govern(seat_hours=24, veto_clearers=("risk", "board"))
    registry.set_person("board", seats=("board", "risk"))

    registry.clear_veto(vetoed, "legal", by="board")

    assert registry.change(vetoed).vetoes == ()


# Who could clear it, as whoever looks at the change is told.


def could_clear(registry: Registry, change: int) -> tuple[str, ...]:
    left = unmet(registry.state, registry.change(change), registry.now)
    return next(one.could for one in left if one.requirement == "legal (veto)")


def test_it_is_told_who_could_clear_a_veto():
    clearers = PRODUCTION.replace("clearers: [board]", "clearers: [board, risk]")
    registry = Registry(production=clearers)
    change = registry.submit(make_prompt("1.0.0"))

    registry.vote(change, "legal", Verdict.VETO)

    assert could_clear(registry, change) == ("board", "legal", "risk")


def test_whose_seat_cools_down_is_told_to_clear_a_veto_later(registry):
    registry.govern(seat_hours=24)
    registry.set_person("viewer", seats=("board",))
    change = registry.submit(make_prompt("1.0.0"))
    registry.vote(change, "legal", Verdict.VETO)
    at_once = could_clear(registry, change)

    registry.wait(hours=25)

    assert at_once == ("board", "legal")
    assert could_clear(registry, change) == ("board", "legal", "viewer")


def test_a_contributor_is_not_told_to_clear_a_veto(registry):
    registry.set_person("board", roles=(Role.AUTHOR,))
    change = registry.submit(make_prompt("1.0.0"), by="board")

    registry.vote(change, "legal", Verdict.VETO)

    assert could_clear(registry, change) == ("legal",)


@pytest.mark.parametrize(
    ("names", "told"), [("acme/**", ("board", "legal")), ("bank/**", ("legal",))]
)
def test_whoever_clears_for_some_names_is_told_about_those(registry, names, told):
    limit = Limit(held="board", environments=(), names=(names,))
    registry.set_person("board", limits=(limit,))
    change = registry.submit(make_prompt("1.0.0"))

    registry.vote(change, "legal", Verdict.VETO)

    assert could_clear(registry, change) == told


def test_whoever_clears_for_some_names_clears_no_veto_of_a_policy(registry):
    limit = Limit(held="board", environments=(), names=("acme/**",))
    registry.set_person("board", limits=(limit,))
    change = registry.submit_policy(PRODUCTION + "change_days: 7\n")

    registry.vote(change, "legal", Verdict.VETO)

    assert could_clear(registry, change) == ("legal",)
    with pytest.raises(NotAllowed):
        registry.clear_veto(change, "legal", by="board")
