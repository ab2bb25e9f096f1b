"""What becomes stale, on the pages where it is decided, and the way on from it."""

import pytest

from registry.remote.rollbacks import Rollback
from tests.ui.proposing import PRODUCTION, goes_live, proposes, votes
from tests.ui.test_change import button, opens, text
from tests.ui.world import World


@pytest.fixture
def two(world: World):
    """Two changes of one live prompt; the first has a vote."""
    name = f"stale/{len(list(world['viewer'].changes.list()))}"
    goes_live(world, proposes(world, name))
    first = proposes(world, name, "Otherwise.", version="1.0.1", title="First")
    votes(world, first, "risk")
    return first, proposes(world, name, "Again.", version="1.0.1", title="Second")


def test_who_makes_it_live_reads_first_what_that_makes_stale(world, two):
    first, second = two
    for seat in ("product", "risk"):
        votes(world, second, seat)

    with opens(world, "operator", second) as page:
        told = text(page)
        assert "<strong>1 open change</strong> stale" in told
        assert f">change {first.id}</a> (1 vote)" in told
        assert "its votes are lost" in told


def test_the_way_on_from_what_is_stale_is_offered_to_whoever_may(world, two):
    first, second = two
    goes_live(world, second)

    with opens(world, "author", first) as page:
        assert button(page, "Revise it on what is live now")
    with opens(world, "product", first) as page:
        assert "You cannot agree" in text(page)
        assert not any("Revise" in one.label for one in page.button)


def test_what_cannot_be_revised_is_made_again_where_that_is_done(world, two):
    first, second = two
    goes_live(world, second)
    back = Rollback(
        document=first.documents[0],
        all=False,
        to_seq=None,
        to_moment=None,
        to_version="1.0.0",
        reason="Wrong",
    )
    change = world["operator"].environments.propose_rollback(PRODUCTION, back)
    name = first.documents[0].removeprefix("prompts/")
    goes_live(world, proposes(world, name, "New.", version="1.0.2"))

    with opens(world, "operator", change) as page:
        assert "Roll back again" in [one.label for one in page.get("page_link")]
    with opens(world, "viewer", change) as page:
        assert "Roll back again" not in [one.label for one in page.get("page_link")]


def test_going_back_says_which_open_changes_it_makes_stale(world, two):
    first, _ = two
    name = first.documents[0].removeprefix("prompts/")
    goes_live(world, proposes(world, name, version="1.0.2"))
    third = proposes(world, name, "New.", version="1.0.3")
    seq = world["viewer"].environments.live(PRODUCTION).seq
    where = {"env": PRODUCTION, "do": "back", "undo": str(seq)}

    with world.page("operator", "live", **where) as page:
        assert f">change {third.id}</a>" in text(page)


def test_before_a_bot_is_stopped_it_is_told_who_has_to_agree_afterwards(demo):
    where = {"env": PRODUCTION, "bot": "acme-air/support", "do": "stop"}

    with demo.page("risk", "live", **where) as page:
        told = text(page)
        assert "Who has to agree before it answers again" in told
        assert "As things stand it could not answer again" in told
        assert "nobody who holds it is free to vote" in told


def test_what_nobody_could_agree_to_is_in_the_inbox_of_administrators(demo):
    with demo.page("admin") as page:
        assert "has to be given the seat privacy" in text(page)
