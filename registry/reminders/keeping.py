"""Reminders of what is live, and of people: reviews, ratifications, seats, tokens."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.administrators import could_confirm
from registry.answerable import SaidBy
from registry.judgements import standings
from registry.names import Kind, Ref, kind_of, name_of
from registry.ratification import Ratification
from registry.reminders.agreement import deputies
from registry.reminders.stages import Matter, board, stage
from registry.state import AskedFor, Environment, State
from registry.times import said, said_end
from registry.upkeep import Review, is_dated, review

TO_DEPUTY = timedelta(days=7)
TO_BOARD = timedelta(days=14)
"""After the day of a review."""

RATIFY_SOON = timedelta(hours=24)
RATIFY_DEPUTY = timedelta(hours=24)
RATIFY_BOARD = timedelta(hours=72)
CONFIRM = (timedelta(days=1), timedelta(days=5))
TOKEN_ENDS = (timedelta(days=14), timedelta(days=3))


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingToken:
    """A machine's token, and when it ends.

    Attributes:
        handle: The person who answers for it.
    """

    id: str
    handle: str
    purpose: str
    made: datetime
    expires: datetime


def of_reviews(
    state: State, environment: Environment, said_by: SaidBy, now: datetime
) -> Iterator[Matter]:
    """The owner before and on the day, then the deputy, then the board.

    Where the policy asks nobody to agree, nobody is reminded to review.
    """
    if not any(one.seat for one in environment.policy.requirements):
        return
    for live in environment.live.values():
        if is_dated(state, live, said_by):
            found = review(state, environment, live, said_by, now)
            yield from _review(environment, found, now)


def _review(environment: Environment, found: Review, now: datetime) -> Iterator[Matter]:
    due, notice = found.due, found.notice_from
    if due is None or notice is None or now < notice:
        return
    blocks = "It cannot be activated again after that." if found.blocks else ""
    name, is_bot = found.document, kind_of(found.document) is Kind.BOT
    yield Matter(
        kind="reminder-review",
        cause=(environment.name, name, found.digest, due.isoformat()),
        environment=environment.name,
        subject=f"The review of {name} in {environment.name} is due {said_end(due)}",
        body=(
            f"Version {found.version} is live; {found.answering.owner} owns it.",
            blocks,
            *found.unowned,
        ),
        path=f"/v1/environments/{environment.name}/reviews",
        due=due,
        bot=name_of(name) if is_bot else None,
        stages=(
            stage("soon", notice, found.answering.owner),
            stage("owner", due, found.answering.owner),
            stage("deputy", due + TO_DEPUTY, *found.answering.deputies),
            stage(
                "board",
                due + TO_BOARD,
                seats=found.seats or board(environment.policy),
            ),
        ),
    )


def of_ratification(
    state: State, one: Ratification, said_by: SaidBy, now: datetime
) -> Matter:
    """Whoever could judge it, twice; then the deputies of the bots, then the board."""
    environment = state.environments[one.environment]
    could = {
        handle
        for asked in standings(state, one, now)
        if not asked.met
        for handle in asked.could
    }
    touched = (Ref(name) for asked in one.opened.requirements for name in asked.because)
    due = one.opened.due
    return Matter(
        kind="reminder-ratification",
        cause=(str(one.id), one.activated),
        environment=one.environment,
        subject=f"Seq {one.seq} of {one.environment} has to be ratified by {said(due)}",
        body=(f"{one.by} made it live without agreement.", *one.opened.why),
        path=f"/v1/ratifications/{one.id}",
        due=due,
        change=one.change,
        stages=(
            stage("soon", max(due - RATIFY_SOON, one.at + (due - one.at) / 2), *could),
            stage("overdue", due, *could),
            stage(
                "deputy", due + RATIFY_DEPUTY, *deputies(environment, touched, said_by)
            ),
            stage("board", due + RATIFY_BOARD, seats=board(environment.policy)),
        ),
    )


def of_person(state: State, asked: AskedFor) -> Matter:
    others = could_confirm(state, asked)
    first, second = (asked.at + time for time in CONFIRM)
    return Matter(
        kind="reminder-person",
        cause=(str(asked.number), asked.person.handle),
        environment=None,
        subject=f"What {asked.person.handle} may do waits for a second administrator",
        body=(f"{asked.by} asked for it.",),
        path="/v1/people",
        due=second,
        stages=(stage("soon", first, *others), stage("late", second, *others)),
    )


def of_tokens(tokens: Iterable[EndingToken], now: datetime) -> Iterator[Matter]:
    """To whoever answers for a token; one that lives shortly is told less often."""
    for token in tokens:
        moments = [token.expires - time for time in TOKEN_ENDS]
        if now < token.expires and any(at > token.made for at in moments):
            yield Matter(
                kind="reminder-token",
                cause=(token.id,),
                environment=None,
                subject=f"A token ends {said(token.expires)}: {token.purpose}",
                body=("Whatever uses it needs a new one by then.",),
                path="/v1/tokens",
                due=token.expires,
                stages=tuple(
                    stage(f"{(token.expires - at).days} days", at, token.handle)
                    for at in moments
                    if at > token.made
                ),
            )
