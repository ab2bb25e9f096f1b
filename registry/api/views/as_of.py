"""An environment at one of its moments: how it came to it, and what a bot was told.

What people agreed to afterwards is told as well, and as that: whoever asks about the
past wants to know what came of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from registry.api.views.live_bots import Agreed, Since, Stop, agreed, since
from registry.api.views.moments import MomentView
from registry.db.history import Telling
from registry.names import Digest, name_of
from registry.state import Environment, Live, State


@dataclass(frozen=True, slots=True, kw_only=True)
class BotThen:
    """What one bot was told at a seq.

    Attributes:
        since: Since it was told this.
        stopped: If it was stopped then.
        bundle: The digest of what it was told.
    """

    bot: str
    version: str
    since: Since
    stopped: Stop | None
    bundle: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentThen(MomentView):
    """A moment, as those ask who look back.

    Attributes:
        until: When the environment moved on; `None` while this is what is live.
        latest: The seq that the environment is at now.
        agreed: Who said yes to what was done.
        live: How many documents were live.
        bot: The bot that was asked about; `None` if it was not live.
    """

    environment: str
    until: datetime | None
    latest: int
    agreed: tuple[Agreed, ...]
    live: int
    bot: BotThen | None


def moment_then(
    state: State, environment: Environment, moment: MomentView, bot: BotThen | None
) -> MomentThen:
    after = environment.moments.get(moment.seq + 1)
    return MomentThen(
        **{field.name: getattr(moment, field.name) for field in fields(moment)},
        environment=environment.name,
        until=None if after is None else after.at,
        latest=environment.seq,
        agreed=tuple(agreed(state, environment, moment.seq)),
        live=len(environment.moments[moment.seq].live),
        bot=bot,
    )


def bot_then(
    state: State,
    environment: Environment,
    live: Live,
    tellings: Iterable[Telling],
    now: datetime,
) -> BotThen | None:
    """Args:
    live: Its own document then.
    tellings: What it had been told by then, newest first.
    """
    told = iter(tellings)
    newest = next(told, None)
    if newest is None or newest.bundle is None:
        return None
    return BotThen(
        bot=name_of(live.document.document),
        version=live.document.version,
        since=since(state, environment, newest.seq, now),
        stopped=_stopped(environment, newest, told),
        bundle=newest.bundle,
    )


def _stopped(
    environment: Environment, newest: Telling, earlier: Iterable[Telling]
) -> Stop | None:
    """The stop of *newest*: what went live beneath it did not end it."""
    if newest.stopped is None:
        return None
    first = newest
    for telling in earlier:
        if telling.stopped is None:
            break
        first = telling
    begun = environment.moments[first.seq]
    return Stop(seq=first.seq, at=begun.at, by=begun.by, reason=newest.stopped)
