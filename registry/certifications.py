"""Certifications: somebody who answers for a live document says it is still right.

The rules:

 * It is for exactly the bytes that are live when it is said, for a year at most, with
   a reason.
 * It takes a person who signed in: the owner, a deputy or a risk partner of the
   document, or somebody in a seat that the policy names for reviews.  A seat that was
   just given, or a password that somebody else has just set, cools down first: where
   it is said, and wherever it would count.
 * What was recalled is certified by nobody.

What comes of it, and of its end, is told by `registry.upkeep`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from registry import commands, payloads
from registry.answerable import Answering, answering, said_among
from registry.authorization import Action, Resource, authorize
from registry.decisions import Decision, Situation, check_text
from registry.documents import Tier
from registry.errors import (
    ContentMoved,
    Invalid,
    NotAllowed,
    NotFound,
    RecalledContent,
)
from registry.names import name_of
from registry.seats import refuse_cooling, refuse_reset, speaks
from registry.state import Environment, Live
from registry.times import last_day, said_end
from registry.upkeep import rule_for

MAX_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Certifying:
    """As what somebody could certify a live document; told before they try.

    Attributes:
        part: `owner`, `deputy` or `risk partner`, if they could as that.
        seats: In which they could.
        why_not: If they could in no way.
        last_day: Until which it can be certified, at the latest.
    """

    part: str | None
    seats: tuple[str, ...]
    why_not: str | None
    last_day: date


def certify(situation: Situation, command: commands.Certify) -> Decision:
    environment = situation.state.environment(command.environment)
    live = environment.live.get(command.document)
    if live is None:
        raise NotFound(
            f"{command.document} is not live in {environment.name}",
            hint=f"`placet reviews {environment.name}` lists what is.",
        )
    found = answering(environment, command.document, said_among(situation.documents))
    _check_certifier(situation, environment, live, found, command.seat)
    digest = live.document.digest
    if command.digest != digest:
        raise ContentMoved(
            f"{command.document} is live in {environment.name} with digest {digest}",
            hint="Read what is live now, and certify that.",
        )
    if digest in situation.state.recalled:
        raise RecalledContent(f"{command.document}, which is live, was recalled")
    _check_until(situation, command)
    return Decision(
        payload=payloads.Certified(
            environment=environment.name,
            document=command.document,
            digest=digest,
            until=command.until,
            seat=command.seat,
            reason=check_text(command.reason, "certifying"),
        ),
        subject=f"Certify {command.document} {live.document.version} in "
        f"{environment.name} until {said_end(command.until)}",
        trailers=(("Document", command.document), ("Digest", digest)),
        files={},
    )


def certifying(
    situation: Situation, environment: Environment, live: Live, found: Answering
) -> Certifying:
    """As what the actor could certify *live*, for which *found* answer."""
    actor, why_not = situation.actor, None
    part = found.part_of(actor.handle)
    seats = rule_for(environment.policy, live.document.tier).seats
    held = [seat for seat in seats if seat in actor.seats]
    could: list[str | None] = []
    for way in [*held, *([None] if part or not held else [])]:
        try:
            _check_certifier(situation, environment, live, found, way)
        except NotAllowed as error:
            why_not = str(error)
        else:
            could.append(way)
    return Certifying(
        part=part if None in could else None,
        seats=tuple(seat for seat in could if seat is not None),
        why_not=None if could else why_not,
        last_day=last_day(situation.now + timedelta(days=MAX_DAYS)),
    )


def _check_certifier(
    situation: Situation,
    environment: Environment,
    live: Live,
    found: Answering,
    seat: str | None,
) -> None:
    actor, document = situation.actor, live.document
    resource = Resource(
        environment=environment.name,
        names=frozenset({name_of(document.document)}),
        answering=found.everybody,
    )
    authorize(actor, Action.CERTIFY, resource)
    seats = rule_for(environment.policy, document.tier).seats
    told = (
        f"{found.owner} owns it; seats that review here: {', '.join(seats) or 'none'}."
    )
    if seat is None:
        if actor.handle not in found.everybody:
            raise NotAllowed(
                f"{actor.handle} does not answer for {document.document}", hint=told
            )
        refuse_reset(situation.state, actor, environment.name, situation.now)
        return
    if seat not in seats or seat not in actor.seats:
        raise NotAllowed(
            f"{actor.handle} cannot certify it in the seat {seat[:64]!r}",
            hint=told,
        )
    _refuse_cooling(situation, document.tier, seat)
    if not speaks(
        situation.state,
        actor.handle,
        seat,
        environment=environment.name,
        because=(document.document,),
        now=situation.now,
    ):
        raise NotAllowed(
            f"{actor.handle} holds the seat {seat} for other documents",
            hint=told,
        )


def _refuse_cooling(situation: Situation, tier: Tier, seat: str) -> None:
    """The same bytes are certified in every environment where *seat* reviews them."""
    state = situation.state
    for name in sorted(state.environments):
        if seat in rule_for(state.environments[name].policy, tier).seats:
            refuse_cooling(state, situation.actor, name, seat, situation.now)


def _check_until(situation: Situation, command: commands.Certify) -> None:
    latest = situation.now + timedelta(days=MAX_DAYS)
    if command.until.tzinfo is None or not situation.now < command.until <= latest:
        raise Invalid(
            "a certification ends, in the future and within a year",
            hint=f"Say until when, {last_day(latest)} at the latest.",
        )
