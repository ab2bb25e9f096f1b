"""Effects: what an edit of some documents does to everything that uses them.

The rules:

 * The effect has every document that is edited and every live document that
   includes or refers to one of them, directly or through others.
 * What nothing may be left without cannot be deleted.
 * Every document of the effect must hold together afterwards: its references
   resolve, its inputs are declared, its cases pass.
 * A tier counts as the stricter of before and after, and owners of before and
   after both count: nobody lowers their own tier or hands away an owner's say.

A digest has only one content, so `documents`, which finds the parsed document
of a digest, keeps these functions pure however it is filled.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from registry.changes import Affected, Read
from registry.checks import check
from registry.composition import compose, compose_bundle
from registry.documents import Document, stricter
from registry.errors import InvalidDocument, NotFound, StillReferred
from registry.mistakes import Finding
from registry.names import Digest, Kind, Ref, kind_of, name_of
from registry.payloads import LiveDocument
from registry.state import Environment, Live

Documents = Mapping[Digest, Document]
Replacements = Mapping[Ref, Document | None]
"""What an edit puts in the place of each document; `None` deletes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an environment would be like after an edit.

    Attributes:
        affected: Sorted by document.
        documents: The affected ones that will not be live as they are now.
        deleted: The affected ones that will not be live any more.
        reads: What else their texts are made from.
        bundles: For each affected bot what it would be told, `None` if it is
            deleted.
    """

    affected: tuple[Affected, ...]
    documents: tuple[LiveDocument, ...]
    deleted: tuple[Ref, ...]
    reads: tuple[Read, ...]
    bundles: Mapping[str, Digest | None]


def effect(
    environment: Environment, replacements: Replacements, documents: Documents
) -> Effect:
    """What *replacements* do to *environment*.

    Raises:
        StillReferred: Something that stays refers to a deleted document.
        InvalidDocument: A document of the effect would not hold together.
    """
    get = overlay(environment, replacements, documents)
    names = dependents(environment, replacements)
    _refuse_dangling(environment, replacements, names, get)
    after = {ref: get(ref) for ref in names if replacements.get(ref, True)}
    for ref, findings in _by_document(check(after, get)):
        raise InvalidDocument(ref, findings)
    composed = {ref: compose(ref, get).digest for ref in after}
    return Effect(
        affected=tuple(
            _affected(ref, environment.live.get(ref), after.get(ref), composed)
            for ref in names
        ),
        documents=tuple(
            document
            for document in map(live_document, after.values(), composed.values())
            if differs(environment, document)
        ),
        deleted=tuple(ref for ref in names if ref not in after),
        reads=_reads(environment, after),
        bundles=_bundles(environment, names, after, get),
    )


def overlay(
    environment: Environment, replacements: Replacements, documents: Documents
) -> Callable[[Ref], Document]:
    """How to get a document as it would be after *replacements*."""

    def get(ref: Ref) -> Document:
        if ref in replacements:
            document = replacements[ref]
        else:
            live = environment.live.get(ref)
            document = documents[live.document.digest] if live else None
        if document is None:
            raise NotFound(
                f"{ref} is not live in {environment.name}",
                hint="Put it into the same change, or correct its name.",
            )
        return document

    return get


def dependents(environment: Environment, edited: Iterable[Ref]) -> tuple[Ref, ...]:
    """*edited* and every live document that uses one of them, sorted."""
    found = set(edited)
    waiting = list(found)
    while waiting:
        for user in environment.used_by.get(waiting.pop()) or ():
            if user not in found:
                found.add(user)
                waiting.append(user)
    return tuple(sorted(found))


def closure(environment: Environment, start: Ref) -> tuple[Ref, ...]:
    """*start* and every live document that it uses, sorted.

    Raises:
        NotFound: *start* is not live.
    """
    if start not in environment.live:
        raise NotFound(
            f"{start} is not live in {environment.name}",
            hint=f"`placet asof {environment.name}` lists what is live there.",
        )
    return used(environment.live, (start,))


def used(live: Mapping[Ref, Live], start: Iterable[Ref]) -> tuple[Ref, ...]:
    """*start* and what it uses among *live*, sorted."""
    found: set[Ref] = set()
    waiting = list(start)
    while waiting:
        ref = waiting.pop()
        if ref not in found and ref in live:
            found.add(ref)
            waiting.extend(live[ref].document.uses)
    return tuple(sorted(found))


def _refuse_dangling(
    environment: Environment,
    replacements: Replacements,
    names: Iterable[Ref],
    get: Callable[[Ref], Document],
) -> None:
    gone = {ref for ref, document in replacements.items() if document is None}
    for ref in sorted(gone):
        if ref not in environment.live:
            raise NotFound(
                f"{ref} is not live in {environment.name}, so it cannot be deleted",
                hint="Leave it out of the change.",
            )
    for ref in sorted(set(names) - gone) if gone else ():
        for use in get(ref).uses:
            if use.ref in gone:
                raise StillReferred(f"{ref} still refers to {use.ref}")


def _by_document(
    findings: Iterable[tuple[Ref, Finding]],
) -> Iterable[tuple[Ref, list[Finding]]]:
    grouped: dict[Ref, list[Finding]] = {}
    for ref, finding in findings:
        grouped.setdefault(ref, []).append(finding)
    return grouped.items()


def _affected(
    ref: Ref,
    before: Live | None,
    after: Document | None,
    composed: Mapping[Ref, Digest],
) -> Affected:
    tiers = [before.document.tier] if before else []
    owners = {before.document.owner} if before else set()
    if after is not None:
        tiers.append(after.tier)
        owners.add(after.owner)
    return Affected(
        document=ref,
        tier=stricter(tiers[0], tiers[-1]),
        owners=tuple(sorted(owners)),
        before=before.reading if before else None,
        after=composed[ref] if after else None,
    )


def live_document(document: Document, composed: Digest) -> LiveDocument:
    return LiveDocument(
        document=document.ref,
        version=document.version,
        digest=document.digest,
        owner=document.owner,
        tier=document.tier,
        uses=tuple(sorted({use.ref for use in document.uses})),
        composed=composed,
    )


def differs(environment: Environment, document: LiveDocument) -> bool:
    live = environment.live.get(document.document)
    return live is None or live.document != document


def _reads(environment: Environment, after: Mapping[Ref, Document]) -> tuple[Read, ...]:
    outside = {use.ref for document in after.values() for use in document.uses}
    return tuple(
        Read(document=ref, base=environment.live[ref].base)
        for ref in used(environment.live, outside - set(after))
        if ref not in after
    )


def _bundles(
    environment: Environment,
    names: Iterable[Ref],
    after: Mapping[Ref, Document],
    get: Callable[[Ref], Document],
) -> dict[str, Digest | None]:
    bundles: dict[str, Digest | None] = {}
    for ref in names:
        if kind_of(ref) is not Kind.BOT:
            continue
        bundles[name_of(ref)] = None
        if ref in after:
            stopped = stopped_reason(environment, name_of(ref))
            bundle = compose_bundle(
                after[ref], lambda used: compose(used, get), stopped=stopped
            )
            bundles[name_of(ref)] = bundle.digest
    return bundles


def stopped_reason(environment: Environment, bot: str) -> str | None:
    """Why *bot* is stopped, `None` while it is not."""
    held = environment.bots.get(bot)
    return held.told.stopped if held else None
