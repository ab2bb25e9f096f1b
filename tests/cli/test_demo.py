"""The demonstration: each thing that it is to show is really there."""

import fcntl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from registry.api.views.checks import attached_view
from registry.changes import ChangeType, Status
from registry.check_results import Source
from registry.cli import demo as demos
from registry.cli.demo.acts import Act, Say
from registry.cli.demo.building import UNFINISHED, Built
from registry.cli.demo.moments import Ago, Day, dated
from registry.cli.demo.story import HALF_A_YEAR
from registry.cli.demo.summary import summary
from registry.conditional_votes import ConditionStatus, conditions_of
from registry.db.alerts import Alert, Alerts
from registry.db.engine import disposing, reading
from registry.db.observations import Observations
from registry.db.operations import Operations
from registry.db.said import SaidTexts
from registry.db.texts import read_text
from registry.errors import Conflict
from registry.names import Ref
from registry.people import Role
from registry.policy_rules import FactName
from registry.ratification import RatificationStatus, status_of
from registry.standing import requirements, status
from registry.upkeep import ReviewStatus, reviews
from registry.writer import Home, Open, opened
from registry.writer.verify import verify

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
RECENTLY = timedelta(days=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(path=tmp_path_factory.mktemp("demo") / "var")


@pytest.fixture(scope="module")
def built(home: Home) -> Built:
    return demos.build(home, NOW)


@pytest.fixture(scope="module")
def registry(home: Home, built: Built) -> Iterator[Open]:
    with opened(home, clock=lambda: NOW) as registry:
        yield registry


@pytest.fixture(scope="module")
def alerts(home: Home, built: Built) -> tuple[Alert, ...]:
    with disposing(home.open_operations()) as operations:
        return Alerts(operations).list_alerts(
            environments=(), resolved=None, before=None, limit=100
        )


def change_of(built: Built, name: str):
    return built.state.change(built.changes[name])


def open_seats(built: Built, name: str) -> set[str]:
    found = requirements(built.state, change_of(built, name), built.now)
    return {one.seat for one in found if not one.met}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("quotes", Status.WAITING),
        ("next/again", Status.WAITING),
        ("language/staging", Status.WAITING),
        ("week", Status.WAITING),
        ("children", Status.WAITING),
        ("mourning", Status.APPROVED),
        ("winter", Status.SCHEDULED),
        ("desks", Status.SUSPENDED),
        ("six-lines", Status.STALE),
        ("first-name", Status.EXPIRED),
        ("vouchers", Status.REJECTED),
        ("emoji", Status.WITHDRAWN),
        ("papers", Status.ACTIVATED),
    ],
)
def test_a_change_is_in_every_state(built: Built, name: str, expected: Status):
    assert status(built.state, change_of(built, name), NOW) == expected


def test_no_state_of_a_change_is_left_out(built: Built):
    found = {status(built.state, one, NOW) for one in built.state.changes.values()}

    assert found == set(Status)


def test_a_change_has_a_veto_and_another_is_asked_to_be_changed(built: Built):
    vetoed, asked = change_of(built, "week"), change_of(built, "children")

    assert [one.by for one in vetoed.vetoes] == ["risk"]
    assert "ask-for-changes" in {vote.verdict for vote in asked.votes}


def test_a_weakened_guardrail_waits_in_production_with_answers_and_dissent(
    built: Built,
):
    change = change_of(built, "quotes")

    assert change.environment == "production"
    facts = {fact.name for fact in change.revision.facts}
    assert FactName.GUARDRAIL_WEAKENED in facts
    assert open_seats(built, "quotes") == {"risk", "legal", "board"}
    assert [one.result.failed for one in change.attached] == [9]
    assert {one.by for one in change.comments} >= {"author", "risk", "legal"}


def test_its_examples_are_from_production_and_some_got_worse(
    registry: Open, built: Built
):
    change = change_of(built, "quotes")

    with reading(registry.engine) as connection:
        told = attached_view(connection, change, change.attached[0])

    assert {one.source for one in told.result.examples} == {Source.PRODUCTION}
    assert {one.verdict for one in told.result.examples} == {"pass", "fail"}
    assert all(one.before for one in told.result.examples)


def test_one_waits_for_a_seat_that_nobody_holds(built: Built):
    held = {
        seat for one in built.state.people.values() if one.active for seat in one.seats
    }

    assert open_seats(built, "reference") == {"privacy"}
    assert "privacy" not in held


def test_an_emergency_waits_to_be_ratified_and_others_are_decided(built: Built):
    found = {status_of(one, NOW): one for one in built.state.ratifications.values()}

    assert set(found) == {
        RatificationStatus.OPEN,
        RatificationStatus.RATIFIED,
        RatificationStatus.REPUDIATED,
    }
    waits = found[RatificationStatus.OPEN]
    assert waits.opened.incident is not None
    assert waits.change == built.changes["phishing"]
    assert NOW - waits.at < RECENTLY


def test_a_bot_was_stopped_and_answers_again(built: Built):
    bots = built.state.environments["production"].bots
    resumed = change_of(built, "back")

    assert resumed.type is ChangeType.RESUME
    assert status(built.state, resumed, NOW) is Status.ACTIVATED
    assert all(bot.told.stopped is None for bot in bots.values())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("air", ChangeType.PROMOTION),
        ("rules", ChangeType.POLICY),
        ("back", ChangeType.RESUME),
        ("stopover/dev", ChangeType.EDIT),
    ],
)
def test_every_way_to_go_live_was_taken(built: Built, name: str, expected: ChangeType):
    change = change_of(built, name)

    assert change.type is expected
    assert status(built.state, change, NOW) is Status.ACTIVATED


def test_production_went_back_once_without_a_vote_and_once_after_a_repudiation(
    built: Built,
):
    moments = built.state.environments["production"].moments.values()

    titles = [one.title for one in moments if one.change is None]

    assert len([one for one in titles if "back to" in one]) == 2


def test_a_text_was_recalled_and_is_live_nowhere(built: Built):
    recalled = set(built.state.recalled)
    live = {
        one.document.digest
        for environment in built.state.environments.values()
        for one in environment.live.values()
    }

    assert recalled
    assert not recalled & live


def test_a_review_is_overdue_and_another_is_due(registry: Open, built: Built):
    said = SaidTexts(registry.engine).among(built.state)
    production = built.state.environments["production"]

    found = {
        one.document: one.status
        for one in reviews(built.state, production, said, NOW)
        if one.status in {ReviewStatus.LAPSED, ReviewStatus.DUE}
    }

    assert found == {
        "fragments/acme-bank/vulnerability": ReviewStatus.LAPSED,
        "bindings/acme-bank/chat": ReviewStatus.DUE,
    }


def test_somebody_has_certified_what_is_live(built: Built):
    assert {one.by for one in built.state.certified.values()} == {"legal", "risk"}


def test_a_model_is_about_to_retire(registry: Open, built: Built):
    binding = built.state.environments["production"].live[
        Ref("bindings/acme-bank/chat")
    ]
    with reading(registry.engine) as connection:
        text = read_text(connection, binding.document.digest).decode()

    assert f'shutdown_on: "{(NOW + timedelta(days=41)).date()}"' in text


def test_an_alert_is_open_and_an_older_one_is_resolved(alerts: tuple[Alert, ...]):
    is_open, resolved = sorted(alerts, key=lambda one: one.resolved is not None)

    assert is_open.environment == "production"
    assert is_open.got != is_open.expected
    assert NOW - is_open.last_seen < RECENTLY
    assert resolved.resolved_by == "operator"


def test_a_condition_is_due_soon_and_another_is_met(built: Built):
    found = conditions_of(change_of(built, "papers"), NOW)

    due = {one.status: one.due for one in found}

    assert set(due) == {ConditionStatus.OPEN, ConditionStatus.MET}
    assert timedelta(0) < due[ConditionStatus.OPEN] - NOW < timedelta(days=3)


def test_somebody_does_without_a_check(built: Built):
    assert [one.check for one in change_of(built, "note").waivers] == ["hidden-text"]


def test_staging_is_ahead_of_production(built: Built):
    staging, production = (
        built.state.environments[name].live for name in ("staging", "production")
    )

    ahead = Ref("bots/acme-bank/support")

    assert staging[ahead].document.version == "1.1.0"
    assert production[ahead].document.version == "1.0.0"


@pytest.mark.parametrize("name", ["tone", "stopover", "language/staging"])
def test_one_text_changes_how_several_prompts_read(built: Built, name: str):
    revision = change_of(built, name).revision

    prompts = [one for one in revision.effect if one.document.startswith("prompts/")]

    assert len(revision.edits) == 1
    assert len(prompts) > 1


def test_the_policy_asks_whom_it_did_not_ask_at_first(built: Built):
    seats = {
        one.seat for one in built.state.environments["production"].policy.requirements
    }

    assert "privacy" in seats


def test_people_have_joined_and_left(built: Built):
    people = built.state.people

    assert Role.AUTHOR in people["author2"].roles
    assert people["risk2"].seats == ("risk",)
    assert not people["privacy"].active


def test_everybody_who_is_active_can_sign_in(home: Home, built: Built):
    with disposing(home.open_operations()) as operations:
        kept = Operations(operations).list_accounts()

    active = {one.handle for one in built.state.people.values() if one.active}
    can = {handle for handle, one in kept.items() if one.password_hash is not None}
    assert active <= can
    assert set(built.demo.passwords) == active


def test_chatbots_have_reported_what_answered_them(home: Home, built: Built):
    with disposing(home.open_operations()) as operations:
        found = Observations(operations).list_observations(
            "production", None, offset=0, limit=100
        )

    assert {one.bot for one in found} == {"acme-air/support", "acme-bank/support"}


def test_the_ledger_is_as_the_rules_make_it(registry: Open, built: Built):
    found = verify(registry.ledger, registry.engine, lambda _: None)

    assert found.events == built.state.head.number


def test_the_story_ends_today_and_nothing_in_it_is_still_to_come(built: Built):
    at = built.state.head.at

    assert at is not None
    assert NOW - RECENTLY < at <= NOW


def test_half_a_year_lies_between_its_beginning_and_its_end(built: Built):
    first = built.state.environments["development"].moments[1].at

    assert timedelta(days=170) < NOW - first < timedelta(days=190)


def test_the_summary_counts_what_there_is_and_says_what_to_look_at(built: Built):
    told = list(summary(built))

    assert told[0].startswith(
        f"{built.state.head.number} events, {len(built.state.changes)} changes: "
    )
    assert len(told) == 4 + len(HALF_A_YEAR.look)
    assert any(str(built.changes["quotes"]) in line for line in told[4:])


def test_a_second_one_in_its_place_is_refused(home: Home, built: Built):
    with pytest.raises(Conflict, match="there is a registry in"):
        demos.build(home, NOW)

    assert demos.is_there(home)


def test_what_fails_half_way_leaves_nothing(tmp_path: Path):
    last = Act(Ago(0), "author", Say("nothing", "Where is it?"))
    story = replace(demos.A_MINUTE, acts=(*demos.A_MINUTE.acts, last))
    home = Home(path=tmp_path / "var")

    with pytest.raises(KeyError):
        demos.build(home, NOW, story=story)

    assert {path.name for path in home.path.iterdir()} <= {"writer.lock"}


def test_what_a_crash_left_half_begun_is_begun_again(tmp_path: Path):
    home = Home(path=tmp_path / "var")
    demos.build(home, NOW, story=demos.A_MINUTE)
    (home.path / UNFINISHED).touch()

    before = demos.is_there(home)
    again = demos.build(home, NOW, story=demos.A_MINUTE)

    assert not before
    assert demos.is_there(home)
    assert again.state.head.number == 23


def test_two_processes_do_not_begin_in_one_folder(tmp_path: Path):
    home = Home(path=tmp_path / "var")
    home.path.mkdir()
    with (home.path / UNFINISHED).open("ab") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)

        with pytest.raises(Conflict, match="another process is beginning"):
            demos.build(home, NOW, story=demos.A_MINUTE)


@pytest.mark.parametrize("day", range(7))
def test_nobody_works_on_a_weekend_and_days_keep_their_distance(day: int):
    told_on = NOW + timedelta(days=day)

    days = [Day(before, "09:00").moment(told_on) for before in range(1, 129)]

    assert all(one.weekday() < 5 for one in days)
    assert all(a - b >= timedelta(days=1) for a, b in pairwise(days))
    assert max(days) < told_on


def test_days_in_texts_are_counted_from_the_day_of_telling():
    assert dated('"{day:+6}", "{day:-1}"', NOW) == '"2026-12-01", "2026-11-24"'
