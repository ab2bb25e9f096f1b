"""What a pack says: the rules in `registry/evidence_packs/`."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import payloads
from registry.changes import Verdict
from registry.errors import NotFound
from registry.events import Event
from registry.evidence_packs.acts import Seen
from registry.evidence_packs.change import change_evidence
from registry.evidence_packs.check_report import checks
from registry.evidence_packs.history import History, history_of, until
from registry.evidence_packs.moment import moment_evidence
from registry.evidence_packs.period import LISTS, period_evidence
from registry.evidence_packs.proofs import Tree
from registry.evidence_packs.report import Table
from registry.merkle import inclusion_proof, leaf_of, root_of
from registry.people import Role
from tests.evidence_packs.conftest import Pack, recorded
from tests.rules.assembly import Registry
from tests.rules.texts import PROMPT, make_prompt

BEGIN = datetime(2026, 5, 4, tzinfo=UTC)
END = datetime(2026, 7, 1, tzinfo=UTC)


def day(number: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 5, number, hour, minute, tzinfo=UTC)


@pytest.fixture
def registry() -> Registry:
    """Without git and SQL, and with nothing in it."""
    return Registry()


# Proofs.


@given(st.integers(1, 70), st.data())
def test_a_tree_that_remembers_makes_the_same_proofs(size: int, data):
    leaves = [leaf_of(bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))

    tree = Tree(leaves)

    assert tree.root() == root_of(leaves)
    assert tree.proof(index) == inclusion_proof(leaves, index)


# A change.


def test_a_change_tells_every_revision_and_vote_and_which_of_them_count(
    history: History,
):
    found = change_evidence(history, 2, ())

    assert [one.revision.number for one in found.revisions] == [1, 2]
    assert [(v.act.by, v.verdict, v.counts) for v in found.votes] == [
        ("product", "ask-for-changes", False),
        ("product", "approve", True),
        ("risk", "approve", True),
    ]
    assert found.votes[1].review_digest == found.revisions[1].revision.review_digest
    assert found.votes[2].act.seats == ("risk",)


def test_a_change_is_approved_by_the_vote_that_completes_the_requirements(
    history: History,
):
    live = change_evidence(history, 2, ()).live

    assert live is not None
    assert live.times.approved is not None
    assert (live.times.approved.event, live.times.approved.at) == (12, day(4, 13))
    assert live.times.live.replace(microsecond=0) == day(4, 14)
    assert [(one.seat, one.by, one.met) for one in live.asked] == [
        ("product", ("product",), True),
        ("risk", ("risk",), True),
    ]


def test_an_emergency_was_approved_by_nobody_and_tells_its_ratification(
    history: History,
):
    found = change_evidence(history, 4, ())

    assert found.live is not None
    assert found.live.incident == "INC-7"
    assert found.live.times.approved is None
    assert found.live.times.approved_told == "It was not agreed to when it went live."
    assert found.ratification is not None
    assert found.ratification.status == "ratified"
    assert [vote.by for vote in found.ratification.votes] == ["product", "risk"]


def test_a_change_that_did_not_go_live_has_no_fate(history: History):
    found = change_evidence(history, 3, ())

    assert (found.status, found.live, found.fate) == ("withdrawn", None, ())
    assert [act.type for act in found.acts] == [
        "submitted",
        "voted",
        "veto-cleared",
        "closed",
    ]


def test_an_approval_that_a_veto_ended_is_not_the_one_that_counts(registry: Registry):
    change = registry.submit(make_prompt("1.0.0"))
    registry.vote(change, "product")
    registry.vote(change, "board", Verdict.VETO, seat="board")
    cleared = registry.clear_veto(change, "board", "board")
    registry.activate(change)

    live = change_evidence(recorded(registry.events), change, ()).live

    assert live is not None
    assert live.times.approved is not None
    assert live.times.approved.event == cleared.number


def test_a_second_vote_does_not_move_the_approval(registry: Registry):
    change = registry.submit(make_prompt("1.0.0"))
    first = registry.vote(change, "product")
    registry.vote(change, "second-product")
    registry.activate(change)

    live = change_evidence(recorded(registry.events), change, ()).live

    assert live is not None
    assert live.times.approved is not None
    assert live.times.approved.event == first.number


def test_what_became_of_a_change_is_told(history: History):
    def fate(number: int) -> list[tuple[str, str]]:
        found = change_evidence(history, number, ())
        return [(one.part, one.told) for one in found.fate]

    assert fate(2) == [(PROMPT, "was replaced by 1.3.0")]
    assert fate(4) == [
        (PROMPT, "was rolled back by 1.1.0"),
        (PROMPT, "was recalled: it can never be activated again"),
    ]
    assert fate(8) == [("prompts/acme/hostile", "is still live")]
    assert fate(9) == [("prompts/acme/farewell", "was deleted")]
    assert fate(10) == [("prompts/acme/farewell", "is still deleted")]


def test_checks_waivers_conditions_and_comments_are_told(history: History):
    found = change_evidence(history, 2, ())

    assert [(c.result.name, c.result.failed, c.counts) for c in found.checks] == [
        ("answers", 2, True)
    ]
    assert [waiver.act.reason for waiver in found.waivers] == ["Two are known."]
    assert [comment.by for comment in found.comments] == ["viewer"]
    assert found.votes[1].condition is not None
    assert found.votes[1].met is not None
    assert found.votes[1].met.by == "editor"


def test_the_report_says_what_was_required_tried_and_waived_until_when(
    packs: Pack, history: History
):
    page = (packs("2") / "evidence.md").read_text()
    (waiver,) = change_evidence(history, 2, ()).waivers
    (made,) = change_evidence(history, 2, ()).checks

    assert "| required by its policy |" in page
    assert "| answers | high | results from outside, or a waiver |" in page
    assert "| has to pass | from production |" in page
    production = f"{made.result.production} of {made.result.total}"
    assert f"| {production} | yes |" in page
    assert f"| {waiver.expires:%Y-%m-%d %H:%M:%S} UTC | Two are known. |" in page


def test_a_check_of_the_registrys_own_is_said_to_be_answered_by_it(
    packs: Pack, history: History
):
    found = change_evidence(history, 2, ())
    texts = {
        f"sha256:{path.stem}": path.read_bytes().replace(
            b"name: answers", b"name: secrets"
        )
        for path in (packs("2") / "texts").iterdir()
    }

    asked, attached, _ = checks(replace(found, checks=()), texts)

    assert isinstance(asked, Table)
    assert isinstance(attached, Table)
    assert asked.rows[0][2].startswith("the registry itself")
    assert attached.empty == "No results from outside were attached."


def test_a_change_that_is_not_there_is_not_found(history: History):
    with pytest.raises(NotFound, match="there is no change 99"):
        change_evidence(history, 99, ())


# When a client was last seen.


def test_a_client_was_last_seen_on_an_earlier_seq_or_that_was_not_measured(
    history: History,
):
    def seen(seq: int, hour: int, **where: str) -> Seen:
        place = {"environment": "production", "bot": "acme/support", **where}
        return Seen(seq=seq, at=day(4, hour), **place)

    before = [
        seen(1, 9),
        seen(1, 15),
        seen(2, 18),
        seen(1, 20, bot="acme/other"),
        seen(1, 21, environment="staging"),
    ]

    def last(found: list[Seen]) -> datetime | None:
        live = change_evidence(history, 2, found).live
        assert live is not None
        return live.times.last_seen_before

    assert last(before) == day(4, 15)
    assert last(before[2:]) is None


# A moment.


def at(history: History, moment: datetime, environment: str = "production"):
    then = history_of(until(history.records, moment))
    return moment_evidence(then, environment, moment, (), None)


def test_a_moment_tells_what_was_live_then_and_who_had_agreed(history: History):
    found = at(history, day(4, 20))

    told = {one.document.document: one for one in found.documents}
    assert found.seq == 2
    assert told[PROMPT].document.version == "1.1.0"
    assert told[PROMPT].agreed_in == 2
    assert [one.by for one in told[PROMPT].agreed] == [("product",), ("risk",)]
    assert told["bots/acme/support"].since == 1
    assert not found.stops


def test_what_a_rollback_put_back_was_agreed_to_when_it_first_went_live(
    history: History,
):
    found = at(history, day(6))

    prompt = next(o for o in found.documents if o.document.document == PROMPT)
    assert (prompt.since, prompt.brought.act.event) == (6, 28)
    assert prompt.agreed_in == 2


def test_a_moment_tells_stops_what_was_to_be_ratified_and_who_held_what(
    history: History,
):
    stopped = at(history, history.record(24).at)
    urgent = at(history, day(5, 15, 30))
    late = at(history, END)

    assert [(one.bot, one.reason) for one in stopped.stops] == [
        ("acme/support", "It lied.")
    ]
    assert [(o.act.event, o.status) for o in urgent.ratifications] == [(20, "open")]
    assert ("legal", "risk") not in {(h.handle, h.held) for h in urgent.holders}
    held = {(h.handle, h.held) for h in late.holders}
    assert ("legal", "risk") in held
    assert ("second-product", "product") not in held


def test_a_moment_before_anything_was_live_is_refused(history: History):
    with pytest.raises(NotFound, match="nothing was live in staging"):
        at(history, day(20), "staging")
    with pytest.raises(NotFound, match="there was no registry yet"):
        at(history, day(1))


# A period.


def test_the_counts_of_a_period_are_those_of_its_events(
    history: History, events: list[Event]
):
    found = period_evidence(history, BEGIN, END, None, ())

    inside = [event for event in events if BEGIN <= event.at < END]
    counted = Counter(type(event.payload) for event in inside)
    told = {one.name: one.count for one in found.lists}
    for name, types in LISTS.items():
        assert told[name] == sum(counted[one] for one in types), name
    assert sum(told[name] for name in LISTS) == found.events == len(inside) == 45
    assert (told["emergencies"], told["rollbacks"], told["vetoes"]) == (1, 1, 1)


def test_every_type_of_event_is_in_exactly_one_list():
    listed = [one for types in LISTS.values() for one in types]

    assert sorted(map(repr, listed)) == sorted(map(repr, payloads.TYPES.values()))


def test_a_period_of_one_environment_leaves_out_the_others_and_says_how_many(
    history: History, events: list[Event]
):
    found = period_evidence(history, BEGIN, END, "production", ())

    listed = {act.event for one in found.lists for act in one.acts}
    elsewhere = {
        event.number
        for event in events
        if getattr(event.payload, "environment", None) == "development"
    }
    assert elsewhere
    assert not listed & elsewhere
    assert found.elsewhere == len(elsewhere)
    assert {33, 34, 35} <= listed  # people hold what they hold everywhere


def test_a_period_tells_who_held_which_seat_from_when_to_when(history: History):
    found = period_evidence(history, BEGIN, END, None, ())

    held = {(h.handle, h.held): h for h in found.holders}
    given_ = held["legal", "risk"]
    assert given_.asked is not None
    assert (given_.asked.by, given_.since.by) == ("admin", "second-admin")
    assert given_.until is None
    taken = held["second-product", "product"]
    assert taken.until is not None
    assert taken.until.event == 35
    assert {h.kind for h in found.holders if h.held in set(Role)} == {"role"}


def test_a_period_tells_the_policies_and_their_terms(history: History):
    found = period_evidence(history, BEGIN, END, "production", ())

    assert [(p.since.event, p.until and p.until.event) for p in found.policies] == [
        (1, 39),
        (39, None),
    ]


def test_what_there_was_nothing_of_is_said(packs: Pack):
    page = packs("--from", "2026-05-03", "--to", "2026-05-04") / "evidence.md"

    for absent in ("No emergencies.", "No vetoes.", "No recalls.", "No rollbacks."):
        assert absent in page.read_text()


def test_the_end_of_a_period_is_not_in_it(history: History):
    at_vote = history.record(12).at

    before = period_evidence(history, BEGIN, at_vote, None, ())
    after = period_evidence(history, at_vote, END, None, ())

    assert (before.last, after.first) == (11, 12)


def test_the_events_of_a_period_have_their_neighbours_with_them(packs: Pack):
    folder = packs("--from", "2026-05-05", "--to", "2026-05-06")

    told = json.loads((folder / "evidence.json").read_bytes())
    assert (told["evidence"]["first"], told["evidence"]["last"]) == (15, 32)
    assert {14, 33} <= set(told["events"])
