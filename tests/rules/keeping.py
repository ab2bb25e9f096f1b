"""What people say of what is live, and on which condition they agree."""

from dataclasses import replace
from datetime import datetime, timedelta

from registry import commands
from registry.changes import Verdict
from registry.conditions import Condition
from registry.decisions import Situation
from registry.documents import Document, dump, parse
from registry.events import Event
from registry.names import Digest, Ref
from registry.people import SESSION, Identity, recognise
from registry.policy_rules import Lapsed, ReviewRule
from tests.rules.assembly import Registry
from tests.rules.texts import PROMPT

BLOCKING = ReviewRule(tiers=(), notice_days=10, lapsed=Lapsed.BLOCK, seats=("legal",))


def reviewed_by(day: str, document: Document) -> Document:
    """*document*, to be reviewed by *day*."""
    return parse(dump({**document.value, "review_by": day}))


def password_set(registry: Registry, handle: str, at: datetime) -> Situation:
    """Of *handle*, who signed in with a password that somebody else set at *at*."""
    identity = Identity(handle=handle, via=SESSION, roles=None, reset_at=at)
    actor = recognise(identity, registry.state.people)
    return replace(registry.situation(handle), actor=actor)


def certify(
    registry: Registry,
    by: str = "product",
    *,
    document: str = PROMPT,
    digest: Digest | None = None,
    until: datetime | None = None,
    seat: str | None = None,
    environment: str = "production",
    **how,
) -> Event:
    """Args:
    digest: By default of what is live; *until* is a hundred days from now.
    """
    live = registry.environment(environment).live.get(Ref(document))
    command = commands.Certify(
        environment=environment,
        document=Ref(document),
        digest=digest or (live.document.digest if live else Digest("none")),
        until=until or registry.now + timedelta(days=100),
        seat=seat,
        reason="Read again.",
    )
    return registry.act(by, command, **how)


def approve_if(
    registry: Registry,
    change: int,
    by: str = "product",
    *,
    owner: str = "editor",
    days: float = 5,
    text: str = "Add the case of lost luggage.",
    verdict: Verdict = Verdict.APPROVE,
) -> Event:
    condition = Condition(
        text=text, owner=owner, due=registry.now + timedelta(days=days)
    )
    command = commands.Vote(
        change=change,
        review_digest=registry.change(change).revision.review_digest,
        verdict=verdict,
        seat=registry.state.people[by].seats[0],
        reason="Because.",
        condition=condition,
    )
    return registry.act(by, command)


def meet(
    registry: Registry, change: int, by: str = "editor", voter: str = "product", **how
) -> Event:
    command = commands.MeetCondition(change=change, voter=voter, note="Done in 43.")
    return registry.act(by, command, **how)
