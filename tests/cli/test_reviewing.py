"""Approving on a condition, certifying and one's inbox, on the command line."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.test_folders import SEATS
from tests.cli.worlds import Library, World

pytestmark = pytest.mark.slow


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


@pytest.fixture
def change(world: World, library: Library) -> str:
    words = ("--env", "production", "--title", "Begin")
    return str(world["author"].reads("submit", str(library.folder), *words)["id"])


def approve(world: World, change: str, *words: str) -> tuple[str, ...]:
    return ("vote", change, "--approve", "--seat", "risk", "--yes", *words)


def test_an_approval_on_a_condition_is_shown_until_it_is_met(world, change):
    condition = ("--condition", "Add a case.", "--condition-owner", "author")
    due = day(5)

    world["risk"].does(*approve(world, change, *condition, "--condition-due", due))
    shown = world["viewer"].does("show", change)
    listed = world["viewer"].does("conditions", "--owner", "author")
    inbox = world["author"].reads("inbox")
    world["author"].does(
        "meet", change, "--of", "risk", "--note", "Change 45.", "--yes"
    )

    assert f"due {due}, author for risk: Add a case. (open)" in shown
    assert "Add a case." in listed
    mine = [one for one in inbox if str(one["change"]) == change]
    assert [one["kind"] for one in mine] == ["condition"]
    after = world["viewer"].does("show", change)
    assert "Add a case. (met by author: Change 45.)" in after
    overdue = world["viewer"].run("conditions", "--overdue")
    assert "No condition is overdue." in overdue.stderr


def test_what_waits_for_others_is_listed_with_whom_it_waits_for(world, change):
    theirs = world["viewer"].reads("inbox", "--others")
    risks_own = world["risk"].reads("inbox", "--others")

    (found,) = [one for one in theirs if str(one["change"]) == change]
    assert found["kind"] == "vote"
    assert "risk" in found["asked"]
    assert change not in {str(one["change"]) for one in risks_own}


def test_half_a_condition_is_refused_before_anything_is_sent(world, change):
    said = world["risk"].is_refused(*approve(world, change, "--condition", "Add."))

    assert "a condition says what, who and by when" in said
    assert "--condition-owner" in said


def test_a_condition_for_nobody_or_for_yesterday_is_refused(world, change):
    condition = ("--condition", "Add a case.", "--condition-owner")
    for owner, due in (("ghost", day(5)), ("author", day(-1)), ("author", "soon")):
        words = (*condition, owner, "--condition-due", due)
        world["risk"].is_refused(*approve(world, change, *words))

    assert world["viewer"].reads("show", change)["votes"] == []


def test_a_bot_is_reviewed_and_certified_by_its_owner(world, library, change):
    world.agrees(int(change), *SEATS)
    world["operator"].does("activate", change)
    (bot,) = [
        one
        for one in world["viewer"].reads("reviews", "--all", "--limit", "9999")
        if one["document"] == f"bots/{library.name}/support"
    ]
    owner = world[bot["answering"]["owner"]]
    words = ("certify", bot["document"], "--env", "production", "--yes")
    reason = ("--reason", "Tried with this quarter's cases.")

    early = owner.run(*words, "--until", day(30), *reason).stderr
    done = owner.does(*words, "--until", day(360), *reason)
    refused = world["viewer"].is_refused(*words, "--until", day(30), *reason)
    late = owner.is_refused(*words, "--until", day(800), *reason)

    assert re.search(r"production: certified, due \d{4}-\d\d-\d\d\.", done)
    assert "That moves nothing" in early
    assert "may not certify a document" in refused
    assert "within a year" in late


def test_a_shorter_certification_moves_nothing_and_says_so(world, library, change):
    world.agrees(int(change), *SEATS)
    world["operator"].does("activate", change)
    words = ("certify", library.refunds, "--env", "production", "--yes")
    reason = ("--reason", "Read again.", "--until")

    longer = world["product"].does(*words, *reason, day(300))
    shorter = world["product"].run(*words, *reason, day(100))

    assert shorter.stdout == longer
    assert f"its review was due {day(300)} already" in shorter.stderr


def test_empty_lists_explain_themselves(world):
    assert "Nothing waits for you." in world["evaluator"].run("inbox").stderr
    assert "Nothing is late." in world["viewer"].run("inbox", "--late").stderr
    assert world["viewer"].is_refused("inbox", "--late", "--others")
    assert "There are none." in (
        world["viewer"].run("conditions", "--owner", "evaluator").stderr
    )
