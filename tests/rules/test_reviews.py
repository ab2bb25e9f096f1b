"""Votes, comments and taking back: the rules in `registry/reviews.py`."""

import pytest

from registry import commands
from registry.changes import Outcome, Status, Verdict
from registry.errors import (
    Contributed,
    Invalid,
    NotAgreed,
    NotAllowed,
    NotFound,
    NotOpen,
    NotSignedIn,
    SessionNeeded,
)
from registry.people import Role
from registry.votes import blocks, counting_votes
from tests.rules.assembly import Registry
from tests.rules.texts import make_prompt


@pytest.fixture
def change(registry: Registry) -> int:
    return registry.submit(make_prompt("1.0.0"))


def comment(registry, change: int, by: str, text: str = "Why?", **how):
    return registry.act(by, commands.Comment(change=change, text=text), **how)


# Who votes.


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("via", ["token:1", "local"])
def test_only_a_person_who_signed_in_votes(registry, change, verdict, via):
    registry.set_person("product", seats=("board", "product"))

    with pytest.raises(SessionNeeded):
        registry.vote(change, "product", verdict, seat="board", via=via)


def test_a_vote_needs_a_seat_that_is_held(registry, change):
    with pytest.raises(NotAllowed, match="product does not hold the seat 'risk'"):
        registry.vote(change, "product", seat="risk")


def test_whoever_names_another_seat_is_told_which_they_hold(registry, change):
    registry.set_person("product", seats=("legal", "product"))

    with pytest.raises(NotAllowed) as refused:
        registry.vote(change, "product", seat="risk")

    assert refused.value.hint.startswith("Seats held: legal, product. ")


def test_a_role_is_no_seat(registry, change):
    with pytest.raises(NotAllowed, match="admin may not vote in production"):
        registry.vote(change, "admin", seat="product")


def test_a_seat_that_was_lost_does_not_vote(registry, change):
    registry.set_person("product", seats=())

    with pytest.raises(NotAllowed):
        registry.vote(change, "product", seat="product")


def test_an_inactive_person_does_nothing(registry, change):
    registry.set_person("product", active=False)

    with pytest.raises(NotSignedIn):
        registry.vote(change, "product")


def test_a_change_that_was_decided_takes_no_vote(registry, change):
    registry.activate(registry.agree(change))

    with pytest.raises(NotOpen, match="was activated already"):
        registry.vote(change, "risk")


@pytest.mark.parametrize("verdict", Verdict)
def test_a_change_that_has_expired_takes_no_vote(registry, change, verdict):
    registry.now = registry.change(change).revision.expires

    with pytest.raises(NotOpen, match="expired"):
        registry.vote(change, "board", verdict)


def test_who_has_not_voted_has_nothing_to_retract(registry, change):
    with pytest.raises(NotFound, match="board has no vote"):
        registry.vote(change, "board", Verdict.RETRACT)


@pytest.fixture
def made_theirs(registry) -> int:
    """A change that risk asks to be changed, and then has had a hand in.

    Risk wrote something in development, and somebody else proposes on top of it there
    exactly what is proposed in production.
    """
    registry.submit(make_prompt("1.0.0", "Of risk."), by="risk", to="development")
    registry.activate(1, by="risk")
    change = registry.agree(registry.submit(make_prompt("2.0.0")))
    registry.vote(change, "risk", Verdict.ASK)

    registry.submit(make_prompt("2.0.0"), to="development")

    assert "risk" in registry.change(change).contributors
    return change


def test_nobody_else_makes_an_objection_vanish(registry, made_theirs):
    assert [vote.by for vote in blocks(registry.change(made_theirs))] == ["risk"]
    with pytest.raises(NotAgreed, match="risk \\(ask-for-changes\\)"):
        registry.activate(made_theirs)


def test_a_contributor_retracts_their_own_objection_and_votes_no_more(
    registry, made_theirs
):
    with pytest.raises(Contributed):
        registry.vote(made_theirs, "risk")

    registry.vote(made_theirs, "risk", Verdict.RETRACT)

    assert registry.status(made_theirs) is Status.APPROVED
    for verdict in Verdict:
        with pytest.raises(Contributed):
            registry.vote(made_theirs, "risk", verdict)


# Reasons.


@pytest.mark.parametrize("verdict", [Verdict.ASK, Verdict.VETO, Verdict.REJECT])
@pytest.mark.parametrize("reason", ["", " "])
def test_a_vote_against_needs_a_reason(registry, change, verdict, reason):
    with pytest.raises(Invalid, match="the reason of a vote needs words"):
        registry.act("board", _vote(registry, change, verdict, reason))


@pytest.mark.parametrize(
    ("verdict", "verb"),
    [
        (Verdict.APPROVE, "Approve"),
        (Verdict.ASK, "Ask for changes to"),
        (Verdict.VETO, "Veto"),
        (Verdict.REJECT, "Reject"),
        (Verdict.RETRACT, "Retract the vote on"),
    ],
    ids=str,
)
def test_the_commit_says_what_was_voted(registry, change, verdict, verb):
    registry.vote(change, "board")

    event = registry.vote(change, "board", verdict)

    assert event.message.startswith(f"{verb} change 1 in production for board\n")


def test_taking_a_vote_back_needs_no_reason(registry, change):
    registry.vote(change, "board", Verdict.ASK)

    registry.act("board", _vote(registry, change, Verdict.RETRACT, ""))

    assert counting_votes(registry.change(change)) == ()


def test_an_approval_needs_no_reason(registry, change):
    registry.act("product", _vote(registry, change, Verdict.APPROVE, "", "product"))

    assert registry.status(change) is Status.APPROVED


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("reason", ["\x1b[2J", "bell\a", "nul\0", "\u202e", "x" * 4001])
def test_a_reason_has_no_control_characters_and_an_end(
    registry, change, verdict, reason
):
    registry.vote(change, "board", Verdict.ASK)

    with pytest.raises(Invalid):
        registry.act("board", _vote(registry, change, verdict, reason))


def test_a_reason_may_have_lines_and_tabs(registry, change):
    registry.act("board", _vote(registry, change, Verdict.ASK, "First.\n\tSecond."))

    assert registry.change(change).votes[-1].reason == "First.\n\tSecond."


# Rejecting.


def test_rejecting_is_final(registry, change):
    registry.agree(change)

    registry.vote(change, "board", Verdict.REJECT)

    assert registry.change(change).outcome is Outcome.REJECTED
    assert registry.status(change) is Status.REJECTED
    for act in (registry.activate, registry.withdraw, registry.revise):
        with pytest.raises(NotOpen):
            act(change)


@pytest.mark.parametrize("verdict", [Verdict.VETO, Verdict.REJECT])
def test_whoever_has_vetoed_may_say_so_again_or_reject(registry, change, verdict):
    registry.vote(change, "board", Verdict.VETO)

    registry.vote(change, "board", verdict)

    assert registry.change(change).votes[-1].verdict is verdict


def test_only_seats_that_the_policy_names_reject(registry, change):
    with pytest.raises(NotAllowed, match="the seat legal may not reject a change here"):
        registry.vote(change, "legal", Verdict.REJECT)


def test_rejecting_takes_the_seat_that_the_policy_names(registry, change):
    registry.set_person("board", seats=("board", "legal"))

    with pytest.raises(NotAllowed):
        registry.vote(change, "board", Verdict.REJECT, seat="legal")


# Taking back.


def test_its_author_withdraws_a_change(registry, change):
    registry.withdraw(change)

    assert registry.status(change) is Status.WITHDRAWN
    with pytest.raises(NotOpen):
        registry.activate(change)


def test_whoever_revised_a_change_may_withdraw_it(registry, change):
    registry.revise(change, make_prompt("1.0.0", "Be brief."), by="editor")

    registry.withdraw(change, by="editor")

    assert registry.status(change) is Status.WITHDRAWN


def test_whoever_revised_a_change_withdraws_it_as_an_author_only(registry, change):
    registry.revise(change, make_prompt("1.0.0", "Be brief."), by="editor")
    registry.set_person("editor", roles=(Role.VIEWER,))

    with pytest.raises(NotAllowed, match="editor may not withdraw a change"):
        registry.withdraw(change, by="editor")


@pytest.mark.parametrize("by", ["editor", "operator", "admin", "product", "board"])
def test_nobody_else_withdraws_a_change(registry, change, by):
    with pytest.raises(NotAllowed, match=f"{by} may not withdraw a change"):
        registry.withdraw(change, by=by)


def test_who_wrote_what_a_promotion_brings_does_not_withdraw_it(registry):
    registry.put(make_prompt("1.0.0"), to="development")
    change = registry.promote("prompts/acme/refunds")

    with pytest.raises(NotAllowed):
        registry.withdraw(change, by="author")


def test_withdrawing_needs_a_reason(registry, change):
    with pytest.raises(Invalid, match="withdrawing needs words"):
        registry.act("author", commands.Withdraw(change=change, reason=""))


def test_a_token_withdraws_only_for_an_author(registry, change):
    with pytest.raises(NotAllowed):
        registry.withdraw(change, via="token:1", roles=())

    registry.withdraw(change, via="token:1", roles=(Role.AUTHOR,))

    assert registry.status(change) is Status.WITHDRAWN


# Comments.


@pytest.mark.parametrize("by", ["author", "viewer", "product", "operator"])
def test_everybody_comments(registry, change, by):
    comment(registry, change, by, "Why is that?")

    (said,) = registry.change(change).comments
    assert (said.by, said.revision, said.text) == (by, 1, "Why is that?")


def test_a_comment_is_no_vote(registry, change):
    comment(registry, change, "product", "I approve.")

    assert registry.status(change) is Status.WAITING


def test_a_change_that_was_decided_can_be_commented(registry, change):
    registry.withdraw(change)

    comment(registry, change, "board")

    assert len(registry.change(change).comments) == 1


def test_a_token_comments_only_for_an_author(registry, change):
    with pytest.raises(NotAllowed):
        comment(registry, change, "author", via="token:1", roles=())
    with pytest.raises(NotAllowed):
        comment(registry, change, "product", via="token:1", roles=())

    comment(registry, change, "author", via="token:1", roles=(Role.AUTHOR,))

    assert len(registry.change(change).comments) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a comment needs words"),
        ("  \n", "a comment needs words"),
        ("ab\x1b[31m", r"have U\+001B .*at character 3, which cannot be seen"),
        ("x\u202ey", r"have U\+202E .*at character 2, which cannot be seen"),
        ("x" * 4001, "have 4,001 characters, and 4,000 are taken"),
    ],
)
def test_a_comment_is_words_that_can_be_seen(registry, change, text, why):
    with pytest.raises(Invalid, match=why):
        comment(registry, change, "author", text)


def test_an_unknown_change_is_refused(registry):
    with pytest.raises(NotFound, match="there is no change 7"):
        comment(registry, 7, "author")


def _vote(
    registry, change: int, verdict: Verdict, reason: str, seat: str = "board"
) -> commands.Vote:
    return commands.Vote(
        change=change,
        review_digest=registry.change(change).revision.review_digest,
        verdict=verdict,
        seat=seat,
        reason=reason,
    )
