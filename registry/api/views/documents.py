"""Documents as people see them: their versions, and where each is live."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cmp_to_key

from registry.api.grants import Grant
from registry.api.views.catalogue import Shelves
from registry.db.catalogue import About
from registry.documents import Tier
from registry.errors import NotFound
from registry.names import Digest, Kind, Ref, ref
from registry.recalls import LiveUse, ServedFor, live_uses, served_for
from registry.state import Environment, Live, State
from registry.upkeep import Review
from registry.versions import compare


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """Attributes:
    change: By which it first went live, if by one.
    """

    version: str
    digest: Digest
    change: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    name: str
    prompt: Ref
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVersion:
    """Attributes:
    since: The environment's seq at which it went live.
    uses: What it names or includes directly, sorted.
    steps: Of a bot, the calls that it chains; `prompt` is a document here.
    """

    version: str
    digest: Digest
    since: int
    owner: str
    tier: Tier
    description: str
    labels: dict[str, str]
    uses: tuple[Ref, ...]
    steps: tuple[StepView, ...]
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document that is live, or was.

    Attributes:
        versions: Those that have ever been live, highest first.
        live: By environment.
        used_by: By environment, the live documents that use it directly.
    """

    document: Ref
    versions: tuple[VersionView, ...]
    live: dict[str, LiveVersion]
    used_by: dict[str, tuple[Ref, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallView:
    """A digest that never goes live again, and where it still is.

    Attributes:
        served_for: Whose text as it was served it is, with what it included: then
            the document itself can still go live with other texts in it.
    """

    digest: Digest
    reason: str
    live: tuple[LiveUse, ...]
    served_for: tuple[ServedFor, ...]


def seen(state: State, grant: Grant) -> dict[str, Environment]:
    """The environments that *grant* sees, in the order of their names."""
    names = sorted(name for name in state.environments if grant.sees(name))
    return {name: state.environments[name] for name in names}


def document_names(state: State, grant: Grant) -> list[Ref]:
    """Every document that was ever live; for a limited token, those that are."""
    if grant.environments:
        names = {ref for one in seen(state, grant).values() for ref in one.live}
    else:
        names = {ref for ref, _ in state.claims}
    return sorted(names)


def document_view(
    shelves: Shelves,
    document: Ref,
    versions: Mapping[str, Digest],
    changes: Mapping[str, int],
    about: Mapping[Digest, About],
) -> DocumentView:
    """Args:
        versions: Those that were ever live in an environment of *shelves*.
        changes: By which each first went live there.
        about: What is served of it says, by composed digest.

    Raises:
        NotFound: There are none.
    """
    if not versions:
        raise _never_live(document)
    highest_first = sorted(versions, key=cmp_to_key(compare), reverse=True)
    return DocumentView(
        document=document,
        versions=tuple(
            VersionView(
                version=version,
                digest=versions[version],
                change=changes.get(version),
            )
            for version in highest_first
        ),
        live={
            one.name: _live_version(shelves, one, live, about)
            for one, live in shelves.asked(document)
        },
        used_by={
            name: tuple(sorted(users))
            for name, one in shelves.environments.items()
            if (users := one.used_by.get(document))
        },
    )


def _live_version(
    shelves: Shelves,
    environment: Environment,
    live: Live,
    about: Mapping[Digest, About],
) -> LiveVersion:
    document = live.document
    # The tables may have gone on since the state was read; what it is stays true.
    says = about.get(document.composed, About())
    return LiveVersion(
        version=document.version,
        digest=document.digest,
        since=live.since,
        owner=document.owner,
        tier=document.tier,
        description=says.description,
        labels=says.labels,
        uses=document.uses,
        steps=tuple(
            StepView(
                name=step.name,
                prompt=ref(Kind.PROMPT, says.prompts[step.prompt].name),
                after=step.after,
            )
            for step in says.steps
            if step.prompt in says.prompts
        ),
        review=shelves.reviewed(environment, live),
    )


def version_digest(
    document: Ref, version: str, versions: Mapping[str, Digest]
) -> Digest:
    """Args:
        versions: Those that were ever live where whoever asks may look.

    Raises:
        NotFound: *version* is none of them.
    """
    digest = versions.get(version)
    if digest is None:
        raise NotFound(
            f"{document} {version[:64]} was never live",
            hint=f"`placet log ENV {document}` lists the versions that were.",
        )
    return digest


def recall_view(state: State, grant: Grant, digest: Digest) -> RecallView:
    seen = (one for one in state.environments.values() if grant.sees(one.name))
    return RecallView(
        digest=digest,
        reason=state.recalled[digest],
        live=tuple(u for u in live_uses(state, digest) if grant.sees(u.environment)),
        served_for=served_for(seen, state, digest),
    )


def _never_live(document: Ref) -> NotFound:
    return NotFound(
        f"{document} was never live",
        hint="Correct the name; `placet search` finds what is live.",
    )
