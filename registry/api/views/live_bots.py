"""A live bot as those who run it see it: since when, by whose yes, who may stop it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from registry.api.views.ratifications import RatificationSummary, of_moment
from registry.authorization import Action, why_not
from registry.changes import Verdict
from registry.decisions import Situation
from registry.documents import Document, Tier
from registry.drift import Held, held
from registry.effects import closure
from registry.names import Digest, Kind, Ref, ref
from registry.ratification import Judgement
from registry.resources import of_bot, of_documents
from registry.staleness import stale_because
from registry.state import Environment, Live, State
from registry.votes import counting_votes


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Somebody who said yes.

    Attributes:
        afterwards: Whether it was live already.
    """

    by: str
    seat: str
    at: datetime
    afterwards: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What made the bot what it is.

    Attributes:
        change: `None` for a stop, and for a rollback that took no votes.
        agreed: Who said yes; nobody where nobody was asked.
        ratification: What people were asked afterwards, if they were.
    """

    seq: int
    at: datetime
    by: str
    change: int | None
    title: str
    agreed: tuple[Agreed, ...]
    ratification: RatificationSummary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    seq: int
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """What customers read while the bot is stopped."""

    disclosure: str
    fallback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What keeps whoever asks from it, and whom it takes; `None` if nothing does."""

    why_not_stop: str | None
    why_not_resume: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBot:
    """Attributes:
    since: Since it is told what it is told.
    stopped: While it is stopped.
    resumed_by: The open changes that would have it answer again, and still could.
    """

    bot: str
    version: str
    digest: Digest
    tier: Tier
    owner: str
    deputy: str | None
    on_call: str | None
    description: str
    since: Since
    stopped: Stop | None
    instead: Instead
    resumed_by: tuple[int, ...]
    you: Running


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedDocument(Held):
    """What the bot is, or uses, and how that came to be live.

    Attributes:
        agreed: Who said yes to it.
    """

    document: Ref
    tier: Tier
    owner: str
    agreed: tuple[Agreed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBotWithUses(LiveBot):
    """Attributes:
    seq: Of the environment as this was read.
    documents: The bot itself, and everything that it uses.
    """

    seq: int
    documents: tuple[UsedDocument, ...]


def live_bot(situation: Situation, environment: Environment, bot: str) -> LiveBot:
    """Args:
    bot: Which is live there.
    """
    name = ref(Kind.BOT, bot)
    live = environment.live[name].document
    document = situation.documents[live.digest]
    return LiveBot(
        bot=bot,
        version=live.version,
        digest=live.digest,
        tier=live.tier,
        owner=live.owner,
        deputy=_said(document, "deputy"),
        on_call=_said(document, "on_call"),
        description=_said(document, "description") or "",
        since=since(
            situation.state, environment, environment.bots[bot].since, situation.now
        ),
        stopped=_stop(environment, bot),
        instead=Instead(
            disclosure=_said(document, "disclosure") or "",
            fallback=_said(document, "fallback") or "",
        ),
        resumed_by=tuple(_resuming(situation, environment, bot)),
        you=Running(
            why_not_stop=why_not(
                situation.actor, Action.STOP, of_bot(environment.name, document)
            ),
            why_not_resume=why_not(
                situation.actor,
                Action.PROPOSE_RESUMPTION,
                of_documents(environment.name, (name,)),
            ),
        ),
    )


def live_bot_with_uses(
    situation: Situation, environment: Environment, bot: str
) -> LiveBotWithUses:
    found = live_bot(situation, environment, bot)
    return LiveBotWithUses(
        **{field.name: getattr(found, field.name) for field in fields(found)},
        seq=environment.seq,
        documents=tuple(
            used_document(situation.state, environment, environment.live[name])
            for name in closure(environment, ref(Kind.BOT, bot))
        ),
    )


def used_document(state: State, environment: Environment, live: Live) -> UsedDocument:
    come = held(environment, live)
    assert come is not None  # noqa: S101 (narrows: it is live)
    return UsedDocument(
        **{field.name: getattr(come, field.name) for field in fields(come)},
        document=live.document.document,
        tier=live.document.tier,
        owner=live.document.owner,
        agreed=tuple(agreed(state, environment, live.since)),
    )


def since(state: State, environment: Environment, seq: int, now: datetime) -> Since:
    moment = environment.moments[seq]
    return Since(
        seq=seq,
        at=moment.at,
        by=moment.by,
        change=moment.change,
        title=moment.title,
        agreed=tuple(agreed(state, environment, seq)),
        ratification=of_moment(state, environment, seq, now),
    )


def agreed(state: State, environment: Environment, seq: int) -> Iterator[Agreed]:
    moment = environment.moments[seq]
    if moment.change is not None:
        for vote in counting_votes(state.changes[moment.change]):
            if vote.verdict is Verdict.APPROVE:
                yield Agreed(by=vote.by, seat=vote.seat, at=vote.at, afterwards=False)
    asked = state.ratifications.get(moment.number)
    if asked is not None:
        for by, last in {vote.by: vote for vote in asked.votes}.items():
            if last.judgement is Judgement.RATIFY:
                yield Agreed(by=by, seat=last.seat, at=last.at, afterwards=True)


def _stop(environment: Environment, bot: str) -> Stop | None:
    told = environment.bots[bot].told
    if told.stopped is None or told.stopped_at is None:
        return None
    moment = environment.moments[told.stopped_at]
    return Stop(seq=told.stopped_at, at=moment.at, by=moment.by, reason=told.stopped)


def _resuming(
    situation: Situation, environment: Environment, bot: str
) -> Iterator[int]:
    for number in sorted(situation.state.open_changes):
        change = situation.state.changes[number]
        resumption = change.revision.resumption
        if (
            resumption is not None
            and resumption.bot == bot
            and change.environment == environment.name
            and situation.now < change.revision.expires
            and stale_because(situation.state, change) is None
        ):
            yield number


def _said(document: Document, part: str) -> str | None:
    said = document.value.get(part)
    return said if isinstance(said, str) else None
