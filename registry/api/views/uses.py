"""What uses a document and what it uses, directly and through others.

Nearest first, and so many each way at most: beyond that nobody reads a picture.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from registry.documents import Tier
from registry.errors import NotFound
from registry.names import Ref
from registry.state import Environment

MAX_EACH_WAY = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedDocument:
    """Attributes:
    version: What is live.
    steps: How far away; below 0 for what uses it, 0 for itself.
    """

    document: Ref
    version: str
    owner: str
    tier: Tier
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    document: Ref
    uses: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesView:
    """A live document among those that it is connected with.

    Attributes:
        documents: The nearest; itself among them.
        uses: Which of them names or includes which.
        users_left_out: How many more use it than are told.
        used_left_out: How many more it uses than are told.
    """

    environment: str
    document: Ref
    documents: tuple[UsedDocument, ...]
    uses: tuple[Use, ...]
    users_left_out: int
    used_left_out: int


def uses_view(environment: Environment, document: Ref) -> UsesView:
    """Raises:
    NotFound: It is not live there.
    """
    if document not in environment.live:
        raise NotFound(
            f"{document} is not live in {environment.name}",
            hint="`placet search` finds what is live.",
        )
    users = list(_nearest(document, lambda one: environment.used_by.get(one) or ()))
    used = list(_nearest(document, lambda one: _uses(environment, one)))
    told = {one: -steps for one, steps in users[:MAX_EACH_WAY]}
    told |= dict(used[:MAX_EACH_WAY])
    told[document] = 0
    in_order = sorted(told.items(), key=lambda one: (one[1], one[0]))
    return UsesView(
        environment=environment.name,
        document=document,
        documents=tuple(_used(environment, one, steps) for one, steps in in_order),
        uses=tuple(
            Use(document=one, uses=other)
            for one, _ in in_order
            for other in _uses(environment, one)
            if other in told
        ),
        users_left_out=max(0, len(users) - MAX_EACH_WAY),
        used_left_out=max(0, len(used) - MAX_EACH_WAY),
    )


def _nearest(
    document: Ref, next_to: Callable[[Ref], Iterable[Ref]]
) -> Iterator[tuple[Ref, int]]:
    """What is reached from it, with how far away, nearest first."""
    seen, edge, steps = {document}, [document], 0
    while edge:
        steps += 1
        edge = sorted({far for one in edge for far in next_to(one)} - seen)
        seen |= set(edge)
        yield from ((one, steps) for one in edge)


def _uses(environment: Environment, document: Ref) -> tuple[Ref, ...]:
    """Only what is live: a fallback's range may be of something that is not."""
    live = environment.live.get(document)
    named = live.document.uses if live else ()
    return tuple(one for one in named if one in environment.live)


def _used(environment: Environment, document: Ref, steps: int) -> UsedDocument:
    live = environment.live[document].document
    return UsedDocument(
        document=document,
        version=live.version,
        owner=live.owner,
        tier=live.tier,
        steps=steps,
    )
