"""Effects: what is told of what is live, and of who may do what."""

from collections.abc import Iterable

from registry.announcements.happenings import Happened, called, count
from registry.names import Kind, ref
from registry.notices import Notice, Urgency, audience
from registry.payloads import (
    Activated,
    EpochRaised,
    Judged,
    PersonProposed,
    PersonSet,
    PolicyActivated,
    Recalled,
    Resumed,
    Stopped,
)
from registry.people import Role, held_in_words
from registry.ratification import Ratified
from registry.times import said


def activated(it: Happened, payload: Activated) -> Iterable[Notice]:
    """Without a change it is a rollback that needed no vote."""
    change = None if payload.change is None else it.change(payload.change)
    names = [*(one.document for one in payload.documents), *payload.deleted]
    told = it.owners(payload.environment, names)
    if change is not None:
        told |= it.concerned(change)
    if change is None or payload.restored is not None:
        kind, urgency = "rolled-back", Urgency.HIGH
        told |= set(it.operators())
        subject = (
            f"{it.event.actor.handle} has rolled back {payload.environment} to what "
            f"was live at seq {payload.restored}"
        )
    else:
        kind, urgency = "change-activated", Urgency.NORMAL
        subject = f"{called(change, 'Change')} is live"
        if payload.ratification is not None:
            kind, urgency = "emergency-activated", Urgency.HIGH
            subject += ", in an emergency"
    yield it.notice(
        kind,
        subject,
        payload.reason if kind == "rolled-back" else "",
        f"It is seq {payload.seq}; {count(len(names), 'document')} read differently.",
        _bots([one.bot for one in payload.bundles]),
        *_afterwards(payload),
        to=audience(*told, seats=_judges(payload)),
        environment=payload.environment,
        change=payload.change,
        path=_history(payload.environment) if change is None else None,
        urgency=urgency,
        due=payload.ratification.due if payload.ratification else None,
    )


def _afterwards(payload: Activated) -> tuple[str, ...]:
    if payload.ratification is None:
        return ()
    return ("It has to be ratified.", *payload.ratification.why)


def _judges(payload: Activated) -> tuple[str, ...]:
    asked = payload.ratification.requirements if payload.ratification else ()
    return tuple(one.seat for one in asked if one.seat is not None)


def judged(it: Happened, payload: Judged) -> Iterable[Notice]:
    """Once it is decided."""
    if payload.outcome is None:
        return
    found = it.after.ratifications[payload.ratification]
    yield it.notice(
        payload.outcome,
        f"What went live in {payload.environment} at seq {found.seq} is "
        f"{payload.outcome}",
        payload.reason,
        to=audience(found.by, *found.opened.excluded, *it.operators()),
        environment=payload.environment,
        change=found.change,
        path=_history(payload.environment),
        urgency=Urgency.NORMAL
        if payload.outcome is Ratified.RATIFIED
        else Urgency.HIGH,
    )


def policy_activated(it: Happened, payload: PolicyActivated) -> Iterable[Notice]:
    change = it.change(payload.change)
    seats = {
        seat
        for state in (it.before, it.after)
        for one in state.environment(payload.environment).policy.requirements
        if (seat := one.seat) is not None
    }
    yield it.notice(
        "policy-activated",
        f"A new policy is in force in {payload.environment}",
        "It says who must agree from now on; what was proposed before is stale.",
        to=audience(*change.contributors, seats=tuple(seats)),
        environment=payload.environment,
        change=change.id,
        path=f"/v1/policies/{payload.environment}",
    )


def stopped(it: Happened, payload: Stopped) -> Iterable[Notice]:
    bot = payload.bundle.bot
    owners = it.owners(payload.environment, [ref(Kind.BOT, bot)])
    yield it.notice(
        "stopped",
        f"{it.event.actor.handle} has stopped {bot} in {payload.environment}",
        payload.reason,
        "It says its fallback until it is resumed, which takes agreement.",
        to=audience(*owners, *it.operators()),
        environment=payload.environment,
        bot=bot,
        path=_history(payload.environment),
        urgency=Urgency.HIGH,
    )


def resumed(it: Happened, payload: Resumed) -> Iterable[Notice]:
    bot = payload.bundle.bot
    owners = it.owners(payload.environment, [ref(Kind.BOT, bot)])
    told = {*owners, *it.operators(), *it.change(payload.change).contributors}
    yield it.notice(
        "resumed",
        f"{bot} answers again in {payload.environment}",
        f"{it.event.actor.handle} has carried out change {payload.change}.",
        to=audience(*told),
        environment=payload.environment,
        change=payload.change,
        bot=bot,
    )


def recalled(it: Happened, payload: Recalled) -> Iterable[Notice]:
    live = [
        (environment.name, held.document)
        for environment in it.after.environments.values()
        for held in environment.live.values()
        if held.document.digest == payload.digest
    ]
    where = sorted(f"{one.document} in {name}" for name, one in live)
    yield it.notice(
        "recalled",
        f"{it.event.actor.handle} has recalled a text; it never goes live again",
        payload.reason,
        f"It is still live: {', '.join(where)}." if where else "It is live nowhere.",
        to=audience(*it.operators(), *(one.owner for _, one in live)),
        environment=None,
        path="/v1/recalls",
        urgency=Urgency.HIGH,
    )


def epoch_raised(it: Happened, payload: EpochRaised) -> Iterable[Notice]:
    of = "" if payload.taken is None else f" of {said(payload.taken)}"
    number = it.before.head.number
    lost = None if payload.known is None else max(payload.known - number, 0)
    yield it.notice(
        "restored",
        f"The registry was restored from a backup{of}",
        payload.reason,
        f"What was decided after event {number} is lost, if anything was."
        if lost is None
        else f"At least {count(lost, 'event')} after event {number} are lost."
        if lost
        else f"As far as is known, nothing was decided after event {number}.",
        "Look whether what you remember is still there. What the ledger signs is "
        "verified with another key from now on.",
        to=audience(everybody=True),
        environment=None,
        path="/v1/ledger/keys",
        urgency=Urgency.HIGH,
    )


def person_set(it: Happened, payload: PersonSet) -> Iterable[Notice]:
    person = payload.person
    held = held_in_words((*person.roles, *person.seats), person.limits) or "nothing"
    yield it.notice(
        "person-set",
        f"{it.event.actor.handle} has set what {person.handle} may do",
        f"Roles and seats now: {held}." if person.active else "Nothing any more.",
        to=audience(person.handle),
        environment=None,
        path="/v1/people",
        urgency=Urgency.LOW,
    )


def person_proposed(it: Happened, payload: PersonProposed) -> Iterable[Notice]:
    person = payload.person
    wanted = held_in_words((*person.roles, *person.seats), person.limits)
    held = (wanted or "an active account") if person.active else "an inactive account"
    admins = (one.handle for one in it.after.people.values() if Role.ADMIN in one.roles)
    yield it.notice(
        "person-proposed",
        f"A second administrator has to confirm what {person.handle} may do",
        f"{it.event.actor.handle} asks for: {held}.",
        to=audience(*admins),
        environment=None,
        path="/v1/people",
    )


def _bots(bots: list[str]) -> str:
    return f"Bots that are told something else: {', '.join(bots)}." if bots else ""


def _history(environment: str) -> str:
    return f"/v1/environments/{environment}/history"
