"""Going live: documents of one environment are replaced, together, at its next seq.

Whatever takes documents live ends here: an activation, an emergency and a rollback.
The numbers are those of the steps in `registry.activations`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rpds import HashTrieMap

from registry.changes import Affected, Change, Revision
from registry.decisions import Situation, live_path, version_path
from registry.documents import Document
from registry.effects import Effect, Replacements, effect, stopped_reason, used
from registry.errors import Stale, VersionTaken
from registry.names import Digest, Kind, Ref, ref
from registry.payloads import Activated, BundleSet
from registry.ratification import Opened
from registry.recalled_content import (
    afterwards,
    digests_of,
    incoming,
    refuse_recalled,
)
from registry.revisions import refuse_other
from registry.state import Environment, Live, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What replaces what, and what comes of it."""

    replacements: Replacements
    outlook: Effect


def replacements_of(
    revision: Revision, documents: Mapping[Digest, Document]
) -> dict[Ref, Document | None]:
    """What the revision's edits put in place."""
    return {
        edit.document: documents[edit.digest] if edit.digest else None
        for edit in revision.edits
    }


def as_told(situation: Situation, environment: Environment, change: Change) -> Edited:
    """What *change* does today, which has to be what people were told.

    Raises:
        Stale: It is not.
    """
    revision = change.revision
    replacements = replacements_of(revision, situation.documents)
    outlook = effect(environment, replacements, situation.documents)  # (7)
    if _bound(outlook.affected, revision) != _bound(revision.effect, revision):
        raise Stale(f"change {change.id} would not read as it did when it was made")
    refuse_other(situation, environment, change, replacements, outlook)
    return Edited(replacements=replacements, outlook=outlook)


def put_in_place(
    situation: Situation,
    environment: Environment,
    edited: Edited,
    *,
    change: int | None,
    restored: int | None,
    reason: str,
    ratification: Opened | None,
) -> tuple[Activated, dict[str, bytes | None]]:
    """The payload and files that make *edited* live at the next seq.

    Raises:
        VersionTaken: A version stands for another text by now.
        RecalledContent: Something in it was recalled.
        Stale: Something else would differ.
    """
    state, outlook = situation.state, edited.outlook
    refuse_recalled(state, incoming(environment, outlook))  # (8)
    _check_claims(state, edited.replacements.values())  # (9)
    _check_difference(environment, edited)  # (10)
    payload = activated(
        state,
        environment,
        outlook,
        change=change,
        restored=restored,
        reason=reason,
        ratification=ratification,
    )
    return payload, _files(state, environment.name, edited.replacements)


def activated(
    state: State,
    environment: Environment,
    outlook: Effect,
    *,
    change: int | None,
    restored: int | None,
    reason: str,
    ratification: Opened | None,
) -> Activated:
    """What is recorded of *outlook* when it goes live, at the next seq."""
    return Activated(
        change=change,
        environment=environment.name,
        seq=environment.seq + 1,
        restored=restored,
        reason=reason,
        documents=outlook.documents,
        deleted=outlook.deleted,
        bundles=_bundles(state, environment, outlook),
        ratification=ratification,
    )


def _check_claims(state: State, documents: Iterable[Document | None]) -> None:
    for document in documents:
        if document is None:
            continue
        claimed = state.claims.get((document.ref, document.version))
        if claimed is not None and claimed != document.digest:
            raise VersionTaken(
                f"{document.ref} {document.version} stands for another text by now"
            )


def _bound(effect: Iterable[Affected], revision: Revision) -> list[object]:
    """As much of *effect* as a vote for *revision* agrees to."""
    return [
        (a.document, a.tier, a.owners, a.after if revision.strict else None)
        for a in effect
    ]


def _check_difference(environment: Environment, edited: Edited) -> None:
    approved = {
        name: d.digest if d else None for name, d in edited.replacements.items()
    }
    found: dict[Ref, Digest | None] = dict.fromkeys(edited.outlook.deleted)
    for document in edited.outlook.documents:
        live = environment.live.get(document.document)
        if live is None or live.document.digest != document.digest:
            found[document.document] = document.digest
    if found != approved:
        names = sorted({name for name, _ in found.items() ^ approved.items()})
        raise Stale(f"{', '.join(names)} would not differ as was agreed to")


def _bundles(
    state: State, environment: Environment, outlook: Effect
) -> tuple[BundleSet, ...]:
    after = afterwards(environment, outlook)
    bundles = []
    for bot, digest in sorted(outlook.bundles.items()):
        held = environment.bots.get(bot)
        if held is not None and held.told.bundle == digest:
            continue
        name = ref(Kind.BOT, bot)
        left = _recalled(state, environment.live, name) - _recalled(state, after, name)
        raised = bool(left) or digest is None
        bundles.append(
            BundleSet(
                bot=bot,
                bundle=digest,
                floor=environment.seq + 1 if raised else held.told.floor if held else 0,
                stopped=stopped_reason(environment, bot),
                stopped_at=held.told.stopped_at if held else None,
            )
        )
    return tuple(bundles)


def _recalled(state: State, live: "HashTrieMap[Ref, Live]", bot: Ref) -> set[Digest]:
    """What was recalled of what *bot* is told."""
    return {d for d in digests_of(live, used(live, (bot,))) if d in state.recalled}


def _files(
    state: State, environment: str, replacements: Replacements
) -> dict[str, bytes | None]:
    files: dict[str, bytes | None] = {}
    for document_ref, document in replacements.items():
        files[live_path(environment, document_ref)] = None
        if document is not None:
            files[live_path(environment, document_ref)] = document.source
            if (document.ref, document.version) not in state.claims:
                files[version_path(document.ref, document.version)] = document.source
    return files
