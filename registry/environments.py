"""What an activation, a stop and a resumption do to an environment.

Each takes the environment to its next sequence number.  A document that reads
as before keeps the number since which it does; what it read like until now is
remembered with the time when that ended, for rollbacks.
"""

from collections.abc import Iterable
from dataclasses import replace

from rpds import HashTrieMap

from registry import payloads
from registry.documents import Tier
from registry.errors import LedgerBroken
from registry.events import Event
from registry.names import Ref
from registry.payloads import BundleSet, LiveDocument
from registry.state import Bot, Environment, Live, Moment


def activate(
    environment: Environment, event: Event, payload: payloads.Activated
) -> Environment:
    """The environment with the payload's documents live in it."""
    used_by, was_live = environment.used_by, environment.was_live
    gone = environment.gone
    replaced = [document.document for document in payload.documents]
    for ref in (*payload.deleted, *replaced):
        before = environment.live.get(ref)
        if before is not None:
            was_live = was_live.insert((ref, before.document.composed), event.at)
            used_by = _unlink(used_by, before.document)
    for ref in payload.deleted:
        gone = gone.insert(ref, environment.live[ref].document.digest)
    for document in payload.documents:
        gone = gone.discard(document.document)
        was_live = was_live.insert((document.document, document.composed), None)
        used_by = _link(used_by, document)
    return replace(
        _advance(
            environment,
            event,
            payload,
            live=with_documents(
                environment.live, payload.documents, payload.deleted, payload.seq
            ),
            bundles=payload.bundles,
            title=payload.reason,
        ),
        used_by=used_by,
        was_live=was_live,
        gone=gone,
    )


def with_documents(
    live: "HashTrieMap[Ref, Live]",
    documents: Iterable[LiveDocument],
    deleted: Iterable[Ref],
    seq: int,
) -> "HashTrieMap[Ref, Live]":
    """*live* with *documents* in it from *seq* on, and without *deleted*."""
    for ref in deleted:
        live = live.remove(ref)
    for document in documents:
        ref = document.document
        live = live.insert(ref, _live(live.get(ref), document, seq))
    return live


def regoverned(environment: Environment, payload: payloads.Activated) -> frozenset[Ref]:
    """The documents whose tier, owner or direct users the payload changes.

    Documents that begin or stop being live are among them.
    """
    found = set(payload.deleted)
    for ref in payload.deleted:
        found.update(environment.live[ref].document.uses)
    for document in payload.documents:
        live = environment.live.get(document.document)
        before = live.document if live else None
        if before is None or _governed(before) != _governed(document):
            found.add(document.document)
        found.update(set(document.uses) ^ set(before.uses if before else ()))
    return frozenset(found)


def _governed(document: LiveDocument) -> tuple[Tier, str]:
    return document.tier, document.owner


def _live(before: Live | None, document: LiveDocument, seq: int) -> Live:
    same_bytes = before is not None and before.document.digest == document.digest
    same_text = before is not None and before.document.composed == document.composed
    return Live(
        document=document,
        since=before.since if before and same_bytes else seq,
        composed_since=before.composed_since if before and same_text else seq,
    )


def stop(
    environment: Environment, event: Event, payload: payloads.Stopped
) -> Environment:
    """The environment with one bot answering with its fallback."""
    return _advance(
        environment,
        event,
        payload,
        live=environment.live,
        bundles=(payload.bundle,),
        title=f"Stopped {payload.bundle.bot}: {payload.reason}",
    )


def resume(
    environment: Environment, event: Event, payload: payloads.Resumed, *, title: str
) -> Environment:
    """The environment with a stopped bot answering again."""
    return _advance(
        environment,
        event,
        payload,
        live=environment.live,
        bundles=(payload.bundle,),
        title=title,
    )


def _advance(
    environment: Environment,
    event: Event,
    payload: payloads.Activated | payloads.Stopped | payloads.Resumed,
    *,
    live: "HashTrieMap[Ref, Live]",
    bundles: tuple[BundleSet, ...],
    title: str,
) -> Environment:
    """The environment at its next seq, with some bots told something else."""
    seq = payload.seq
    if seq != environment.seq + 1:
        raise LedgerBroken(
            f"event {event.number} takes {environment.name} from seq "
            f"{environment.seq} to {seq}"
        )
    bots = environment.bots
    for told in bundles:
        bots = bots.insert(told.bot, Bot(told=told, since=seq))
    moment = Moment(
        at=event.at,
        number=event.number,
        by=event.actor.handle,
        change=None if isinstance(payload, payloads.Stopped) else payload.change,
        title=title,
        live=live,
    )
    return replace(
        environment,
        seq=seq,
        live=live,
        bots=bots,
        moments=environment.moments.insert(seq, moment),
    )


def _link(
    used_by: "HashTrieMap[Ref, frozenset[Ref]]", document: LiveDocument
) -> "HashTrieMap[Ref, frozenset[Ref]]":
    for used in document.uses:
        users = used_by.get(used) or frozenset()
        used_by = used_by.insert(used, users | {document.document})
    return used_by


def _unlink(
    used_by: "HashTrieMap[Ref, frozenset[Ref]]", document: LiveDocument
) -> "HashTrieMap[Ref, frozenset[Ref]]":
    for used in document.uses:
        users = (used_by.get(used) or frozenset()) - {document.document}
        used_by = used_by.insert(used, users)
    return used_by
