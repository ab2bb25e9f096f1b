"""Activations: how what was agreed to goes live.

The steps, numbered at the code:

 0. The change is open, has not expired, and the actor may activate it.
 1. The actor names the review digest that they mean to activate.
 2. Nothing that the change is bound to has moved.
 3. Every requirement is met and nothing blocks it.
 4. Nothing in it was recalled since.
 5. No version in it names other bytes by now.
 6. Composed and compared again, the effect is what was agreed to, does what was
    told of it, and asks for nothing else.
 7. What differs between before and after is exactly what was approved.

There is no merge of texts: what was approved goes live byte for byte, or
nothing does.
"""

from collections.abc import Iterable, Mapping

from rpds import HashTrieMap

from registry import commands
from registry.changes import Affected, Change, ChangeType, Revision
from registry.composition import compose, compose_bundle
from registry.decisions import (
    Decision,
    Situation,
    activation_trailers,
    live_path,
    policy_path,
    version_path,
)
from registry.documents import Document
from registry.effects import (
    Effect,
    Replacements,
    effect,
    overlay,
    stopped_reason,
    used,
)
from registry.errors import (
    ContentMoved,
    NotAllowed,
    Stale,
    VersionTaken,
)
from registry.names import Digest, Kind, Ref, ref
from registry.payloads import (
    Activated,
    BundleSet,
    PolicyActivated,
    Resumed,
)
from registry.people import Role
from registry.proposals import open_one
from registry.revisions import (
    afterwards,
    digests_of,
    incoming,
    refuse_other,
    refuse_recalled,
)
from registry.standing import refuse_not_agreed, refuse_not_current
from registry.state import Environment, Live, State


def activate(situation: Situation, command: commands.Activate) -> Decision:
    state = situation.state
    change = open_one(situation, command.change)  # (0)
    environment = state.environment(change.environment)
    _check_activator(situation, change, environment)
    if command.review_digest != change.revision.review_digest:  # (1)
        raise ContentMoved(
            f"change {change.id} has review digest {change.revision.review_digest}"
        )
    refuse_not_current(state, change)  # (2)
    refuse_not_agreed(state, change)  # (3)
    if change.type is ChangeType.POLICY:
        return _policy(situation, environment, change)
    if change.type is ChangeType.RESUME:
        return _resume(situation, environment, change)
    return _documents(situation, environment, change)


def put_in_place(
    situation: Situation,
    environment: Environment,
    replacements: Replacements,
    outlook: Effect,
    *,
    change: int | None,
    restored: int | None,
    reason: str,
) -> tuple[Activated, dict[str, bytes | None]]:
    """The payload and files that make *replacements* live at the next seq.

    Raises:
        VersionTaken: A version names other bytes by now.
        RecalledContent: Something in it was recalled.
        Stale: Something besides *replacements* would differ.
    """
    state = situation.state
    refuse_recalled(state, incoming(environment, outlook))  # (4)
    _check_claims(state, replacements.values())  # (5)
    _check_difference(environment, replacements, outlook)  # (7)
    payload = Activated(
        change=change,
        environment=environment.name,
        seq=environment.seq + 1,
        restored=restored,
        reason=reason,
        documents=outlook.documents,
        deleted=outlook.deleted,
        bundles=_bundles(state, environment, outlook),
    )
    return payload, _files(state, environment.name, replacements)


def replacements_of(
    revision: Revision, documents: Mapping[Digest, Document]
) -> dict[Ref, Document | None]:
    """What the revision's edits put in place."""
    return {
        edit.document: documents[edit.digest] if edit.digest else None
        for edit in revision.edits
    }


def _documents(
    situation: Situation, environment: Environment, change: Change
) -> Decision:
    revision = change.revision
    replacements = replacements_of(revision, situation.documents)
    outlook = effect(environment, replacements, situation.documents)  # (6)
    if _bound(outlook.affected, revision) != _bound(revision.effect, revision):
        raise Stale(f"change {change.id} would not read as it did when it was made")
    refuse_other(situation, environment, change, replacements, outlook)
    payload, files = put_in_place(
        situation,
        environment,
        replacements,
        outlook,
        change=change.id,
        restored=None,
        reason=revision.title,
    )
    return Decision(
        payload=payload,
        subject=f"Activate change {change.id} in {environment.name}: {revision.title}",
        trailers=activation_trailers(change.id, payload.seq, revision.review_digest),
        files=files,
    )


def _policy(situation: Situation, environment: Environment, change: Change) -> Decision:
    revision = change.revision
    proposed = revision.proposed_policy
    if proposed is None:
        raise Stale(f"change {change.id} has no policy in it")
    refuse_recalled(situation.state, (proposed.digest,))  # (4)
    return Decision(
        payload=PolicyActivated(
            change=change.id,
            environment=environment.name,
            policy=proposed.policy,
            digest=proposed.digest,
        ),
        subject=f"Put the policy of change {change.id} in force in "
        f"{environment.name}: {revision.title}",
        trailers=(
            ("Change", str(change.id)),
            ("Review-Digest", revision.review_digest),
        ),
        files={policy_path(environment.name): proposed.source.encode()},
    )


def _resume(situation: Situation, environment: Environment, change: Change) -> Decision:
    revision = change.revision
    resumption = revision.resumption
    if resumption is None:
        raise Stale(f"change {change.id} has no bot in it")
    bot = ref(Kind.BOT, resumption.bot)
    names = used(environment.live, (bot,))
    refuse_recalled(situation.state, digests_of(environment.live, names))  # (4)
    get = overlay(environment, {}, situation.documents)
    bundle = compose_bundle(get(bot), lambda r: compose(r, get), stopped=None)
    if bundle.digest != resumption.bundle:  # (6)
        raise Stale(f"{resumption.bot} would not come back as it was agreed to")
    seq = environment.seq + 1
    return Decision(
        payload=Resumed(
            change=change.id,
            environment=environment.name,
            seq=seq,
            bundle=BundleSet(
                bot=resumption.bot,
                bundle=bundle.digest,
                floor=environment.bots[resumption.bot].told.floor,
                stopped=None,
                stopped_at=None,
            ),
        ),
        subject=f"Resume {resumption.bot} in {environment.name}: {revision.title}",
        trailers=activation_trailers(change.id, seq, revision.review_digest),
        files={},
    )


def _check_activator(
    situation: Situation, change: Change, environment: Environment
) -> None:
    actor = situation.actor
    if Role.OPERATOR in actor.roles:
        return
    if environment.policy.authors_activate and actor.handle == change.author:
        actor.require("activate their change", Role.AUTHOR)
        return
    raise NotAllowed(
        f"{actor.handle} may not activate in {environment.name}",
        hint="An operator can; in some environments the change's author, too.",
    )


def _check_claims(state: State, documents: Iterable[Document | None]) -> None:
    for document in documents:
        if document is None:
            continue
        claimed = state.claims.get((document.ref, document.version))
        if claimed is not None and claimed != document.digest:
            raise VersionTaken(
                f"{document.ref} {document.version} names other bytes by now"
            )


def _bound(effect: Iterable[Affected], revision: Revision) -> list[object]:
    """As much of *effect* as a vote for *revision* agrees to."""
    return [
        (a.document, a.tier, a.owners, a.after if revision.strict else None)
        for a in effect
    ]


def _check_difference(
    environment: Environment, replacements: Replacements, outlook: Effect
) -> None:
    approved = {name: d.digest if d else None for name, d in replacements.items()}
    found: dict[Ref, Digest | None] = dict.fromkeys(outlook.deleted)
    for document in outlook.documents:
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
