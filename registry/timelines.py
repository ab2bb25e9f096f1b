"""Timelines: what has become of a bot in one environment, to be drawn.

* A band is one version of one document that the bot uses, from the seq at which the
  bot began to use these bytes to the seq at which it no longer did.
* A mark is something that happened to the bot at a moment: what made it read
  differently, what stopped it and let it answer again, and what people said of that.
* A proposal, and every vote on it, is the bot's if a revision touches the bot: through
  whatever the bot uses, as its effect says.
* What went live in an emergency is an emergency, and what was put back is a rollback,
  with votes or without.
* A recall is the bot's if what was recalled was ever in one of its bands.
* A period takes the marks within it and the bands that reach into it; its end is not
  in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.changes import Change, ChangeType
from registry.effects import used
from registry.events import Event
from registry.marks import Mark, MarkKind, judged, said
from registry.names import Digest, Kind, Ref, ref
from registry.payloads import Recalled
from registry.state import Environment, Live, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One version of a document that the bot used.

    Attributes:
        since: The first seq at which the bot used these bytes.
        until: The first at which it no longer did; `None` while it does.
        begins: When `since` was, and `ends` when `until` was.
        change: By which the bot came to it; `None` for a rollback at once.
    """

    document: Ref
    version: str
    digest: Digest
    since: int
    until: int | None
    begins: datetime
    ends: datetime | None
    change: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Attributes:
    seq: The environment's, when it was asked.
    bands: By document, then by time.
    marks: Oldest first.
    """

    environment: str
    bot: str
    seq: int
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Attributes:
    since: `None` for the beginning.
    until: The first moment after it; `None` for no end.
    """

    since: datetime | None
    until: datetime | None

    def has(self, at: datetime) -> bool:
        began = self.since is None or at >= self.since
        return began and (self.until is None or at < self.until)

    def meets(self, begins: datetime, ends: datetime | None) -> bool:
        began = self.until is None or begins < self.until
        return began and (self.since is None or ends is None or ends > self.since)


def timeline(
    state: State,
    environment: Environment,
    bot: str,
    *,
    told: Mapping[int, str | None],
    others: Iterable[Mark],
    period: Period,
) -> Timeline:
    """Args:
    told: The seqs from which the bot was told something else, and why it was
        stopped then; `None` where it was not.
    others: Marks that the state does not hold: recalls and alerts.
    """
    bands = tuple(_bands(environment, ref(Kind.BOT, bot)))
    marks = [*_moves(state, environment, bands, told), *others]
    for change in _touching(state, environment.name, bot):
        marks += said(change, bot)
    moved = {mark.seq for mark in marks}
    for one in state.ratifications.values():
        if one.environment == environment.name and one.seq in moved:
            marks += judged(one)
    return Timeline(
        environment=environment.name,
        bot=bot,
        seq=environment.seq,
        bands=tuple(one for one in bands if period.meets(one.begins, one.ends)),
        marks=tuple(
            sorted(
                (mark for mark in marks if period.has(mark.at)),
                key=lambda mark: (mark.at, mark.kind),
            )
        ),
    )


def recalls(
    environment: Environment, bot: str, events: Iterable[Event]
) -> Iterator[Mark]:
    """Those of *events* that recalled something that the bot ever used.

    A recall names a text, or what was served for it.
    """
    names: dict[Digest, str] = {}
    for _, held in _held(environment, ref(Kind.BOT, bot)):
        for live in held.values():
            one = live.document
            words = f"{one.document} {one.version}"
            names |= {one.digest: words, one.composed: words}
    for event in events:
        payload = event.payload
        if isinstance(payload, Recalled) and payload.digest in names:
            by = event.actor.handle
            yield Mark(
                kind=MarkKind.RECALLED,
                at=event.at,
                seq=None,
                by=by,
                change=None,
                sentence=f"{by} recalled {names[payload.digest]}: {payload.reason}",
            )


def _held(
    environment: Environment, bot: Ref
) -> Iterator[tuple[int, Mapping[Ref, Live]]]:
    """What the bot used at each seq that replaced a document, oldest first."""
    before: Mapping[Ref, Live] | None = None
    for seq in range(1, environment.seq + 1):
        live = environment.moments[seq].live
        if live is not before:
            names = used(live, (bot,))
            yield seq, {name: live[name] for name in names}
        before = live


def _bands(environment: Environment, bot: Ref) -> Iterator[Band]:
    open_ones: dict[Ref, tuple[int, Live]] = {}
    found: list[Band] = []
    for seq, held in _held(environment, bot):
        for name, (since, live) in list(open_ones.items()):
            now = held.get(name)
            if now is None or now.document.digest != live.document.digest:
                found.append(_band(environment, open_ones.pop(name)[1], since, seq))
        for name, live in held.items():
            open_ones.setdefault(name, (seq, live))
    found += [_band(environment, live, at, None) for at, live in open_ones.values()]
    yield from sorted(found, key=lambda band: (band.document, band.since))


def _band(environment: Environment, live: Live, since: int, until: int | None) -> Band:
    moments = environment.moments
    return Band(
        document=live.document.document,
        version=live.document.version,
        digest=live.document.digest,
        since=since,
        until=until,
        begins=moments[since].at,
        ends=None if until is None else moments[until].at,
        change=moments[since].change,
    )


def _moves(
    state: State,
    environment: Environment,
    bands: Iterable[Band],
    told: Mapping[int, str | None],
) -> Iterator[Mark]:
    """What was done to the bot, and to what it uses while it is stopped."""
    edges = {seq for band in bands for seq in (band.since, band.until)}
    for seq in sorted({*told, *(edge for edge in edges if edge is not None)}):
        moment = environment.moments[seq]
        yield Mark(
            kind=_kind(state, environment, seq, told),
            at=moment.at,
            seq=seq,
            by=moment.by,
            change=moment.change,
            sentence=moment.title,
        )


def _kind(
    state: State, environment: Environment, seq: int, told: Mapping[int, str | None]
) -> MarkKind:
    moment = environment.moments[seq]
    if seq > 1 and moment.live is environment.moments[seq - 1].live:
        return MarkKind.RESUMED if told.get(seq) is None else MarkKind.STOPPED
    opened = state.ratifications.get(moment.number)
    if opened is not None and opened.opened.incident is not None:
        return MarkKind.EMERGENCY
    change = None if moment.change is None else state.changes[moment.change]
    if change is None or change.type is ChangeType.ROLLBACK:
        return MarkKind.ROLLED_BACK
    return MarkKind.ACTIVATED


def _touching(state: State, environment: str, bot: str) -> Iterator[Change]:
    name = ref(Kind.BOT, bot)
    for change in state.changes.values():
        if change.environment == environment and any(
            name in {one.document for one in revision.effect}
            or (revision.resumption is not None and revision.resumption.bot == bot)
            for revision in change.revisions
        ):
            yield change
