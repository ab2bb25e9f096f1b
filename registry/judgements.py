"""Judgements: people agree to what went live without them, or do not.

The rules:

 * A ratification is for one activation, and a vote on it names the digest of that
   activation's event.
 * Whoever holds one of the seats that are asked votes, in person: never whoever
   activated, nor who contributed to what went live.
 * It is ratified when every requirement is met by distinct people.  It is
   repudiated when any one requirement is refused: for each document that it is asked
   for, as many people say no as would have to say yes.  So a limited seat speaks, here
   as there, for its own documents, and several repudiate together.  Either is final,
   and about the activation as a whole.
 * Ratifying may take a recent sign-in, and a reason (`registry.agreeing`).
 * Of each person the last vote counts, in one seat, for as long as they hold it.
 * Nobody eligible means that it stays open.  It is overdue from its deadline on,
   until it is decided; what went live later changes nothing of that.
 * Repudiating takes nothing back by itself: what was live before may be put back
   without a vote (see `registry.rollbacks`).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from registry import commands
from registry.agreeing import check_reason, refuse_old_sign_in, tiers_judged
from registry.authorization import Action, Resource, authorize
from registry.decisions import Decision, Situation, check_text
from registry.errors import (
    ContentMoved,
    Contributed,
    NotAllowed,
    NotFound,
    NotOpen,
)
from registry.payloads import Judged
from registry.policies import Matched
from registry.quorums import Standing, Voices, standing_of
from registry.ratification import (
    Judgement,
    Ratification,
    RatificationVote,
    Ratified,
)
from registry.seats import refuse_cooling, spoken_for
from registry.state import State

_VERBS = {
    Judgement.RATIFY: "Ratify",
    Judgement.REPUDIATE: "Repudiate",
    Judgement.RETRACT: "Retract the vote on",
}


def judge(situation: Situation, command: commands.Judge) -> Decision:
    ratification = get_ratification(situation.state, command.ratification)
    if ratification.outcome is not None:
        raise NotOpen(
            f"it was {ratification.outcome} already",
            hint="That is final; what is live is changed by a change or a rollback.",
        )
    if command.activated != ratification.activated:
        raise ContentMoved(
            f"event {ratification.id} has the digest {ratification.activated}"
        )
    _check_voter(situation, ratification, command)
    reason = _reason(situation, ratification, command)
    vote = RatificationVote(
        by=situation.actor.handle,
        at=situation.now,
        judgement=command.judgement,
        seat=command.seat,
        reason=reason,
    )
    judged = replace(ratification, votes=(*ratification.votes, vote))
    return Decision(
        payload=Judged(
            ratification=ratification.id,
            environment=ratification.environment,
            activated=ratification.activated,
            judgement=command.judgement,
            seat=command.seat,
            reason=reason,
            outcome=_outcome(situation.state, judged, situation.now),
        ),
        subject=f"{_VERBS[command.judgement]} seq {ratification.seq} of "
        f"{ratification.environment} for {command.seat}",
        trailers=(
            ("Ratification", str(ratification.id)),
            ("Activated", ratification.activated),
        ),
        files={},
    )


def _reason(
    situation: Situation, ratification: Ratification, command: commands.Judge
) -> str:
    """What is written down as one; ratifying is held to what agreeing takes."""
    if command.judgement is Judgement.RATIFY:
        where = ratification.environment
        tiers = tiers_judged(situation.state, ratification)
        refuse_old_sign_in(situation, where, tiers)
        policy = situation.state.environment(where).policy
        return check_reason(policy, tiers, command.reason, "ratifying")
    if command.judgement is Judgement.RETRACT and not command.reason:
        return ""
    return check_text(command.reason, "a judgement's reason")


def get_ratification(state: State, number: int) -> Ratification:
    """Raises:
    NotFound: That event opened none.
    """
    if number not in state.ratifications:
        raise not_there(number)
    return state.ratifications[number]


def not_there(number: int) -> NotFound:
    return NotFound(
        f"there is no ratification {number}",
        hint="`placet ratifications --all` lists every one.",
    )


def standings(
    state: State, ratification: Ratification, now: datetime
) -> tuple[Standing, ...]:
    """Every requirement of *ratification*, met or not, and who could meet it."""
    return tuple(
        _standing(state, ratification, asked, now, Judgement.RATIFY)
        for asked in ratification.opened.requirements
    )


def may_judge(
    state: State, ratification: Ratification, handle: str, now: datetime
) -> tuple[str, ...]:
    """The seats in which *handle* could vote on it."""
    if ratification.outcome is not None or handle in ratification.opened.excluded:
        return ()
    seats = (
        asked.seat
        for asked in ratification.opened.requirements
        if asked.seat is not None and _speaks(state, ratification, handle, asked, now)
    )
    return tuple(dict.fromkeys(seats))


def _standing(
    state: State,
    ratification: Ratification,
    asked: Matched,
    now: datetime,
    said: Judgement,
) -> Standing:
    last = _last(ratification.votes)
    spoken = {*ratification.opened.excluded, *(vote.by for vote in last)}
    return standing_of(
        state,
        asked,
        environment=ratification.environment,
        voices=Voices(
            agreeing={
                vote.by: vote.at
                for vote in last
                if vote.judgement is said and vote.seat == asked.seat
            },
            free=[handle for handle in state.people if handle not in spoken],
            lapsed=(),
        ),
        now=now,
    )


def _outcome(
    state: State, ratification: Ratification, now: datetime
) -> Ratified | None:
    asked = ratification.opened.requirements
    refused = (
        _standing(state, ratification, one, now, Judgement.REPUDIATE).met
        for one in asked
        if one.seat is not None
    )
    if any(refused):
        return Ratified.REPUDIATED
    agreed = standings(state, ratification, now)
    return Ratified.RATIFIED if all(one.met for one in agreed) else None


def _last(votes: Iterable[RatificationVote]) -> tuple[RatificationVote, ...]:
    last = {vote.by: vote for vote in votes}
    return tuple(v for v in last.values() if v.judgement is not Judgement.RETRACT)


def _speaks(
    state: State,
    ratification: Ratification,
    handle: str,
    asked: Matched,
    now: datetime,
) -> tuple[str, ...]:
    """What *handle* may speak about, of what *asked* is about."""
    if asked.seat is None:
        return ()
    return spoken_for(
        state,
        handle,
        asked.seat,
        environment=ratification.environment,
        because=asked.because,
        now=now,
    )


def _check_voter(
    situation: Situation, ratification: Ratification, command: commands.Judge
) -> None:
    actor = situation.actor
    authorize(actor, Action.JUDGE, _resource(situation, ratification))
    if actor.handle in ratification.opened.excluded:
        why = "activated it" if actor.handle == ratification.by else "contributed to it"
        raise Contributed(
            f"{actor.handle} {why}", hint="Somebody else has to judge it."
        )
    if command.judgement is Judgement.RETRACT and all(
        vote.by != actor.handle for vote in ratification.votes
    ):
        raise NotFound(
            f"{actor.handle} has not judged it", hint="There is nothing to retract."
        )
    if command.seat in actor.seats:
        refuse_cooling(
            situation.state,
            situation.actor,
            ratification.environment,
            command.seat,
            situation.now,
        )
    seats = may_judge(situation.state, ratification, actor.handle, situation.now)
    if command.seat not in seats or command.seat not in actor.seats:
        asked = {one.seat for one in ratification.opened.requirements if one.seat}
        raise NotAllowed(
            f"{actor.handle} cannot judge it in the seat {command.seat[:64]!r}",
            hint=f"It asks for {', '.join(sorted(asked)) or 'nobody'}; yours that "
            f"fit: {', '.join(seats) or 'none'}.",
        )


def _resource(situation: Situation, ratification: Ratification) -> Resource:
    """What the actor would speak about: as much of it as they may, or all of it."""
    asked = ratification.opened.requirements
    handle, now = situation.actor.handle, situation.now
    theirs = (_speaks(situation.state, ratification, handle, one, now) for one in asked)
    everything = tuple(what for one in asked for what in one.because)
    about = next(filter(None, theirs), everything)
    return Resource(
        environment=ratification.environment,
        names=frozenset(what.partition("/")[2] for what in about),
    )
