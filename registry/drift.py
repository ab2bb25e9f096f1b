"""Drift: how what one environment has differs from what another has.

The environment that is asked about is here, the other one is there:

 * same: the same bytes are live in both.
 * only-here, only-there: the other one has no such document.
 * ahead, behind: one of the two was made from the other, or was replaced by it;
   the higher version says which way.
 * diverged: neither was made from the other, and neither environment ever had what
   the other one has: each was edited by itself.

What a text was made from is followed through everything that was ever proposed.  What
an environment had and has no more (it was rolled back, or deleted) is told with the seq
at which that ended.  The same bytes can read differently, where what they include does.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.changes import Change
from registry.effects import dependents, used
from registry.errors import Invalid, NotFound
from registry.names import Digest, Kind, Ref, kind_of, name_of
from registry.state import Environment, Live, State
from registry.versions import higher


class Relation(StrEnum):
    """How what is here is related to what is there."""

    SAME = "same"
    ONLY_HERE = "only-here"
    ONLY_THERE = "only-there"
    AHEAD = "ahead"
    BEHIND = "behind"
    DIVERGED = "diverged"


FORWARD = {Relation.ONLY_HERE, Relation.AHEAD}
"""What a promotion would bring there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one environment has of a document, and since when.

    Attributes:
        since: The seq at which its bytes went live.
        change: The change that brought it; `None` for a rollback.
    """

    version: str
    digest: Digest
    since: int
    at: datetime
    by: str
    change: int | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedBy:
    """An open change there that edits the document.

    Attributes:
        brings: Whether it brings exactly what is here.
    """

    change: int
    title: str
    brings: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDrift:
    """Attributes:
    reads_alike: Whether it reads the same in both, includes resolved.
    ended_here: The seq at which the environment stopped having what is there.
    ended_there: The seq at which the other one stopped having what is here.
    bots: Those that use it, in either.
    proposed_by: The open changes there that edit it.
    """

    document: Ref
    relation: Relation
    reads_alike: bool
    here: Held | None
    there: Held | None
    ended_here: int | None
    ended_there: int | None
    bots: tuple[str, ...]
    proposed_by: tuple[ProposedBy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Attributes:
    documents: Everything that is live in either, or that one bot uses; sorted.
    promote: What to name in a promotion to bring there all that is ahead or new.
    """

    environment: str
    seq: int
    against: str
    against_seq: int
    documents: tuple[DocumentDrift, ...]
    promote: tuple[Ref, ...]


def drift(
    state: State,
    here: Environment,
    there: Environment,
    *,
    bot: Ref | None,
    now: datetime,
) -> Drift:
    """Args:
        bot: Only this bot, with what it uses in either environment.
        now: Changes that have expired by then propose nothing.

    Raises:
        Invalid: Both are the same environment, or *bot* is none.
        NotFound: *bot* is live in neither.
    """
    if here.name == there.name:
        raise Invalid(
            f"{here.name} does not drift from itself",
            hint="Name two environments, such as staging and production.",
        )
    names = _names(here, there, bot)
    proposals = _proposals(state, there, now)
    documents = tuple(
        _document(state, here, there, name, proposals.get(name, ())) for name in names
    )
    return Drift(
        environment=here.name,
        seq=here.seq,
        against=there.name,
        against_seq=there.seq,
        documents=documents,
        promote=_to_promote(here, documents, bot),
    )


def relation(
    state: State, here: Environment, there: Environment, document: Ref
) -> Relation:
    """How *document*, which is live in one of the two at least, is related."""
    mine, other = here.live.get(document), there.live.get(document)
    if other is None:
        return Relation.ONLY_HERE
    if mine is None:
        return Relation.ONLY_THERE
    ours, theirs = mine.document.digest, other.document.digest
    if ours == theirs:
        return Relation.SAME
    if not (
        _came_after(state, here, document, ours, theirs)
        or _came_after(state, there, document, theirs, ours)
    ):
        return Relation.DIVERGED
    above = higher(mine.document.version, other.document.version)
    return Relation.AHEAD if above else Relation.BEHIND


def _names(here: Environment, there: Environment, bot: Ref | None) -> tuple[Ref, ...]:
    if bot is None:
        return tuple(sorted({*here.live, *there.live}))
    if kind_of(bot) is not Kind.BOT:
        raise Invalid(f"{bot} is no bot", hint="Name a bot, or leave it out.")
    if bot not in here.live and bot not in there.live:
        raise NotFound(
            f"{bot} is live neither in {here.name} nor in {there.name}",
            hint="`placet search` finds what is live.",
        )
    return tuple(sorted({*used(here.live, (bot,)), *used(there.live, (bot,))}))


def _document(
    state: State,
    here: Environment,
    there: Environment,
    name: Ref,
    proposals: Iterable[Change],
) -> DocumentDrift:
    mine, other = here.live.get(name), there.live.get(name)
    found = relation(state, here, there, name)
    same = found is Relation.SAME
    return DocumentDrift(
        document=name,
        relation=found,
        reads_alike=bool(
            mine and other and mine.document.composed == other.document.composed
        ),
        here=held(here, mine),
        there=held(there, other),
        ended_here=None if same else _ended(here, name, _digest(other)),
        ended_there=None if same else _ended(there, name, _digest(mine)),
        bots=_bots((here, there), name),
        proposed_by=tuple(_proposed_by(one, name, _digest(mine)) for one in proposals),
    )


def _proposed_by(change: Change, name: Ref, digest: Digest | None) -> ProposedBy:
    edits = change.revision.edits
    brings = any(one.document == name and one.digest == digest for one in edits)
    return ProposedBy(change=change.id, title=change.revision.title, brings=brings)


def held(environment: Environment, live: Live | None) -> Held | None:
    if live is None:
        return None
    moment = environment.moments[live.since]
    return Held(
        version=live.document.version,
        digest=live.document.digest,
        since=live.since,
        at=moment.at,
        by=moment.by,
        change=moment.change,
        title=moment.title,
    )


def _digest(live: Live | None) -> Digest | None:
    return live.document.digest if live else None


def _came_after(
    state: State, environment: Environment, document: Ref, new: Digest, old: Digest
) -> bool:
    """Whether *new*, live in *environment*, was made from *old* or took its place."""
    return old in _made_from(state, document, new) or (
        _ended(environment, document, old) is not None
    )


def _made_from(state: State, document: Ref, digest: Digest) -> set[Digest]:
    found: set[Digest] = set()
    waiting = [digest]
    while waiting:
        for origin in state.origins.get((document, waiting.pop())) or ():
            if origin.base is not None and origin.base not in found:
                found.add(origin.base)
                waiting.append(origin.base)
    return found


def _ended(
    environment: Environment, document: Ref, digest: Digest | None
) -> int | None:
    """When *environment* last stopped having *digest*; any, if it has none any more."""
    is_gone = document not in environment.live
    seq = 0 if is_gone and document not in environment.gone else environment.seq
    while seq > 0:
        held = environment.moments[seq].live.get(document)
        if held is not None and (is_gone or held.document.digest == digest):
            return seq + 1 if seq < environment.seq else None
        # Nothing else was live under that name since `since`.
        seq = held.since - 1 if held is not None else seq - 1
    return None


def _bots(environments: Iterable[Environment], name: Ref) -> tuple[str, ...]:
    users = {u for one in environments for u in dependents(one, (name,))}
    return tuple(sorted(name_of(u) for u in users if kind_of(u) is Kind.BOT))


def _proposals(
    state: State, environment: Environment, now: datetime
) -> Mapping[Ref, list[Change]]:
    """The open changes of *environment* by what they edit, oldest first."""
    found: dict[Ref, list[Change]] = {}
    for number in sorted(state.open_changes):
        change = state.changes[number]
        if change.environment == environment.name and now < change.revision.expires:
            for edit in change.revision.edits:
                found.setdefault(edit.document, []).append(change)
    return found


def _to_promote(
    here: Environment, documents: tuple[DocumentDrift, ...], bot: Ref | None
) -> tuple[Ref, ...]:
    """What brings the rest with it; a bot that was asked about brings everything."""
    forward = {one.document for one in documents if one.relation in FORWARD}
    relations = {one.document: one.relation for one in documents}
    if bot and forward and relations.get(bot) in {*FORWARD, Relation.SAME}:
        return (bot,)
    return tuple(sorted(_uppermost(here, forward)))


def _uppermost(here: Environment, names: set[Ref]) -> Iterator[Ref]:
    """Those that none of the others uses."""
    for name in names:
        if names.isdisjoint({*dependents(here, (name,))} - {name}):
            yield name
