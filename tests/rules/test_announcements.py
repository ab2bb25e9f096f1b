"""What is told of each event, and to whom: the rules of `registry/announcements`."""

import pytest

from registry import commands, events
from registry.announcements import announce
from registry.changes import Verdict
from registry.events import Event
from registry.fold import EMPTY, apply
from registry.names import digest_of
from registry.notices import KINDS, Notice, Urgency
from tests.rules.assembly import Registry
from tests.rules.test_emergencies import alarmed
from tests.rules.texts import PROMPT, make_bot, make_prompt

__all__ = ["alarmed"]

CANARY = "The canary sings at dawn."


def told(registry: Registry, event: Event | None = None) -> tuple[Notice, ...]:
    """The notices of *event*, or of the last one."""
    wanted = event or registry.events[-1]
    state = EMPTY
    for one in registry.events:
        after = apply(state, one, digest_of(events.dump(one)))
        if one.number == wanted.number:
            notices = announce(state, after, one)
            assert {notice.kind for notice in notices} <= set(KINDS)
            return notices
        state = after
    raise AssertionError("the event is not of this registry")


def all_told(registry: Registry) -> list[Notice]:
    return [notice for event in registry.events for notice in told(registry, event)]


def only(registry: Registry) -> Notice:
    (notice,) = told(registry)
    return notice


def test_a_change_is_told_to_whoever_could_meet_a_requirement(furnished: Registry):
    change = furnished.submit(make_prompt("1.1.0", CANARY, tier="high"))

    notice = only(furnished)

    assert notice.kind == "change-submitted"
    assert notice.audience.handles == ("product", "risk", "second-product")
    assert notice.audience.seats == ()
    assert (notice.change, notice.path) == (change, f"/v1/changes/{change}")
    assert notice.due == furnished.change(change).revision.expires
    assert any("risk agrees: Needs 1 more" in line for line in notice.body)


def test_whoever_contributed_is_not_asked(furnished: Registry):
    furnished.submit(make_prompt("1.1.0", "New."), by="second-product")

    assert only(furnished).audience.handles == ("product",)


def test_where_nobody_is_asked_nobody_is_told(registry: Registry):
    registry.submit(make_prompt("1.0.0"), to="development")

    notice = only(registry)

    assert notice.audience.handles == ()
    assert any("Open: the policy asks nobody." in line for line in notice.body)


def test_a_revision_says_that_the_voting_starts_again(furnished: Registry):
    change = furnished.submit(make_prompt("1.1.0", "New."))
    furnished.revise(change, make_prompt("1.1.0", "Newer."))

    notice = only(furnished)

    assert notice.kind == "change-revised"
    assert "the voting starts again" in notice.body[0]


def test_a_comment_is_told_to_those_it_is_about_without_its_words(
    furnished: Registry,
):
    change = furnished.submit(make_prompt("1.1.0", "New."))
    furnished.vote(change, "product", Verdict.ASK)
    furnished.act("author", commands.Comment(change=change, text=CANARY))

    notice = only(furnished)

    assert (notice.kind, notice.urgency) == ("change-commented", Urgency.LOW)
    assert notice.audience.handles == ("product",)


def test_an_approval_that_was_not_the_last_is_not_told(furnished: Registry):
    change = furnished.submit(make_prompt("1.1.0", "New.", tier="high"))
    furnished.vote(change, "product")

    assert told(furnished) == ()


def test_the_approval_that_was_missing_is_told_to_who_can_activate(
    furnished: Registry,
):
    change = furnished.submit(make_prompt("1.1.0", "New.", tier="high"))
    furnished.agree(change)

    notice = only(furnished)

    assert notice.kind == "change-approved"
    assert notice.subject.startswith(f"Change {change} in production (")
    assert {"author", "operator"} <= set(notice.audience.handles)


def test_an_approval_more_than_it_takes_tells_nothing_again(furnished: Registry):
    change = furnished.submit(make_prompt("1.1.0", "New."))
    furnished.agree(change, "product", "second-product")

    assert [one.kind for one in all_told(furnished)].count("change-approved") == 2
    assert told(furnished) == ()


@pytest.mark.parametrize(
    ("verdict", "kind", "urgency"),
    [
        (Verdict.ASK, "changes-requested", Urgency.NORMAL),
        (Verdict.VETO, "vetoed", Urgency.HIGH),
    ],
)
def test_an_objection_is_told_to_authors_and_owners_with_its_reason(
    furnished: Registry, verdict: Verdict, kind: str, urgency: Urgency
):
    change = furnished.submit(make_prompt("1.1.0", "New.", owner="editor"))
    furnished.vote(change, "second-product", verdict)

    notice = only(furnished)

    assert (notice.kind, notice.urgency) == (kind, urgency)
    assert {"author", "editor", "product"} <= set(notice.audience.handles)
    assert notice.body == ("As product: Because.",)


def test_a_rejection_is_told_as_one(furnished: Registry):
    change = furnished.submit_policy(_policy())
    furnished.vote(change, "board", Verdict.REJECT)

    assert only(furnished).kind == "change-rejected"


def test_a_cleared_veto_is_told_to_whoever_cast_it_and_may_complete_the_change(
    furnished: Registry,
):
    change = furnished.submit(make_prompt("1.1.0", "New."))
    furnished.vote(change, "product")
    furnished.vote(change, "risk", Verdict.VETO)
    furnished.clear_veto(change, "risk", by="board")

    cleared, approved = told(furnished)

    assert cleared.kind == "veto-cleared"
    assert "risk" in cleared.audience.handles
    assert approved.kind == "change-approved"
    assert cleared.id != approved.id


def test_a_withdrawal_is_told_to_whoever_has_voted(furnished: Registry):
    change = furnished.submit(make_prompt("1.1.0", "New."))
    furnished.vote(change, "product", Verdict.ASK)
    furnished.withdraw(change)

    notice = only(furnished)

    assert notice.kind == "change-withdrawn"
    assert notice.audience.handles == ("product",)


def test_what_went_live_is_told_to_authors_and_to_owners_before_and_after(
    furnished: Registry,
):
    change = furnished.submit(make_prompt("1.1.0", "New.", owner="editor"))
    furnished.activate(furnished.agree(change))

    notice = only(furnished)

    assert notice.kind == "change-activated"
    assert {"author", "editor", "product"} <= set(notice.audience.handles)
    assert "operator" not in notice.audience.handles
    assert any("acme/support" in line for line in notice.body)


def test_a_rollback_is_urgent_and_told_to_owners(moved: Registry):
    moved.roll_back(None, seq=1)

    notice = only(moved)

    assert (notice.kind, notice.urgency) == ("rolled-back", Urgency.HIGH)
    assert "product" in notice.audience.handles
    assert notice.path == "/v1/environments/production/history"


def test_a_stop_is_urgent_and_told_to_the_owner_and_to_operators(
    furnished: Registry,
):
    furnished.stop(by="risk")

    notice = only(furnished)

    assert (notice.kind, notice.urgency) == ("stopped", Urgency.HIGH)
    assert notice.audience.handles == ("operator", "product")
    assert notice.bot == "acme/support"
    assert notice.body[0] == "It lied."


def test_a_recall_is_told_to_owners_wherever_the_text_is_live(furnished: Registry):
    digest = furnished.live()[PROMPT]
    furnished.act("operator", commands.Recall(digest=digest, reason="It lies."))

    notice = only(furnished)

    assert notice.environment is None
    assert "product" in notice.audience.handles
    assert f"It is still live: {PROMPT} in production." in notice.body


def test_a_policy_that_comes_into_force_is_told_to_every_seat_of_it(
    furnished: Registry,
):
    change = furnished.submit_policy(_policy())
    furnished.activate(furnished.agree(change, "product", "legal", "board"))

    notice = only(furnished)

    assert notice.kind == "policy-activated"
    assert set(notice.audience.seats) == {"product", "risk", "board", "legal"}


def test_what_somebody_may_do_is_told_to_them(registry: Registry):
    registry.set_person("viewer", seats=("legal",))

    (notice,) = (one for one in all_told(registry) if one.kind == "person-set")

    assert notice.audience.handles == ("viewer",)
    assert "Roles and seats now: viewer, legal." in notice.body


def test_an_emergency_is_urgent_and_told_to_whoever_has_to_ratify_it(
    alarmed: Registry,
):
    alarmed.activate_in_emergency(2)

    notice = only(alarmed)

    assert (notice.kind, notice.urgency) == ("emergency-activated", Urgency.HIGH)
    assert set(notice.audience.seats) == {"product", "risk"}
    assert notice.due is not None
    assert "It insults customers." in notice.body


def test_a_ratification_is_told_once_it_is_decided(alarmed: Registry):
    event = alarmed.activate_in_emergency(2)
    alarmed.judge(event.number, "product")
    assert told(alarmed) == ()
    alarmed.judge(event.number, "risk")

    notice = only(alarmed)

    assert notice.kind == "ratified"
    assert "responder" in notice.audience.handles


def test_another_administrator_is_asked_to_confirm_what_somebody_may_do(
    registry: Registry,
):
    registry.set_person("viewer", seats=("legal",))

    (notice,) = (one for one in all_told(registry) if one.kind == "person-proposed")

    assert notice.audience.handles == ("second-admin",)


def test_the_beginning_of_a_registry_is_told_nobody(registry: Registry):
    assert told(registry, registry.events[0]) == ()


def test_no_words_of_a_document_are_told(furnished: Registry):
    change = furnished.submit(
        make_prompt("1.1.0", CANARY), make_bot("1.1.0", purpose=CANARY)
    )
    furnished.act("author", commands.Comment(change=change, text=CANARY))
    furnished.activate(furnished.agree(change))
    furnished.stop()
    furnished.roll_back(None, seq=1)

    notices = all_told(furnished)

    assert len(notices) >= 6
    assert CANARY not in repr(notices)


def test_a_credential_that_somebody_gave_as_a_reason_is_left_out(
    furnished: Registry,
):
    key = "sk-ant-api03-" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 4
    stop = commands.Stop(
        environment="production", bot="acme/support", reason=f"It says {key}"
    )
    furnished.act("operator", stop)

    notice = only(furnished)

    assert key[:30] not in repr(notice)
    assert "Left out" in notice.body[0]


def test_every_notice_has_an_id_of_its_own_and_keeps_it(moved: Registry):
    first, again = all_told(moved), all_told(moved)

    assert first == again
    assert len({one.id for one in first}) == len(first)


def test_the_same_history_elsewhere_gives_other_ids(furnished: Registry):
    other = Registry()
    change = furnished.submit(make_prompt("1.1.0", "New."))
    other.wait(days=1)
    other_change = other.submit(make_prompt("1.1.0", "New."))

    assert change
    assert other_change
    assert only(furnished).id != only(other).id


def _policy() -> str:
    return """\
environment: production
rejecters: [board]
veto_clearers: [board]
requirements:
  - {name: product agrees, seat: product}
  - {name: legal agrees, seat: legal}
  - {name: the board agrees, seat: board, kinds: [policy]}
"""
