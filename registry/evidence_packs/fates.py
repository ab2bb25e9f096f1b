"""What became of a change after it went live.

Each document that it put in place is followed until something else took its place,
it was deleted or its digest was recalled; a policy until the next one came into
force; a bot that answered again until it was stopped again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.changes import Change
from registry.evidence_packs.acts import Act, act_of
from registry.evidence_packs.history import History
from registry.evidence_packs.signed import Record
from registry.names import Digest, Ref
from registry.payloads import Activated, PolicyActivated, Recalled, Resumed, Stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a part of the change; `act` is `None` while nothing did."""

    part: str
    told: str
    act: Act | None


def fates(history: History, change: Change, live: Record) -> Iterator[Fate]:
    later = list(history.records[live.number :])
    revision = change.revision
    for edit in revision.edits:
        yield _of_document(change, later, edit.document, edit.digest)
    digests = {edit.digest for edit in revision.edits}
    for one in history.records:
        payload = one.event.payload
        if isinstance(payload, Recalled) and payload.digest in digests:
            parts = [e.document for e in revision.edits if e.digest == payload.digest]
            told = "was recalled: it can never be activated again"
            act = act_of(one)
            yield Fate(part=", ".join(parts), told=told, act=act)
    yield from _of_what_else(change, live, later)


def _of_document(
    change: Change,
    later: list[Record],
    document: Ref,
    digest: Digest | None,
) -> Fate:
    for one in later:
        payload = one.event.payload
        if not isinstance(payload, Activated):
            continue
        if payload.environment != change.environment:
            continue
        new = {d.document: d for d in payload.documents}
        back = "was rolled back" if payload.restored is not None else "was replaced"
        told = ""
        if document in payload.deleted and digest is not None:
            told = "was deleted"
        elif document in new and new[document].digest != digest:
            told = f"{back} by {new[document].version}"
        if told:
            return Fate(part=document, told=told, act=act_of(one))
    told = "is still deleted" if digest is None else "is still live"
    return Fate(part=document, told=told, act=None)


def _of_what_else(change: Change, live: Record, later: list[Record]) -> Iterator[Fate]:
    """A policy that was replaced, a bot that was stopped again."""
    payload = live.event.payload
    for one in later:
        after = one.event.payload
        if isinstance(payload, PolicyActivated) and isinstance(after, PolicyActivated):
            if after.environment == payload.environment:
                part, told = f"policy/{payload.environment}", "was replaced"
                yield Fate(part=part, told=told, act=act_of(one))
                return
        elif isinstance(payload, Resumed) and isinstance(after, Stopped):
            same = after.bundle.bot == payload.bundle.bot
            if same and after.environment == change.environment:
                part, told = f"bots/{payload.bundle.bot}", "was stopped again"
                yield Fate(part=part, told=told, act=act_of(one))
                return
