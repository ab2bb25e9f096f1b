"""Changes of a world, proposed and decided on behind the console's back."""

from registry.remote.changes import ChangeView, Proposal
from tests.api import texts
from tests.ui.world import World

PRODUCTION = "production"


def proposes(
    world: World,
    name: str,
    text: str = "Answer politely.",
    *,
    version: str = "1.0.0",
    title: str = "Say it better",
    environment: str = PRODUCTION,
    tier: str = "medium",
) -> ChangeView:
    """A change of a prompt by its author, made on what is live now."""
    return world["author"].changes.submit(
        environment,
        Proposal(
            title=title,
            sources=[texts.prompt(name, version, text, tier)],
            deleted=[],
            edited_from={},
        ),
    )


def revises(world: World, change: ChangeView, name: str, text: str) -> ChangeView:
    return world["author"].changes.revise(
        change.id,
        Proposal(
            title="Say it otherwise",
            sources=[texts.prompt(name, "1.0.0", text)],
            deleted=[],
            edited_from={},
        ),
    )


def votes(
    world: World,
    change: ChangeView,
    handle: str,
    verdict: str = "approve",
    reason: str = "Read it all.",
) -> ChangeView:
    return world[handle].changes.vote(
        change.id,
        review_digest=change.review_digest,
        verdict=verdict,
        seat=handle,
        reason=reason,
    )


def goes_live(world: World, change: ChangeView, *seats: str) -> None:
    for seat in seats or ("product", "risk"):
        votes(world, change, seat)
    world["operator"].changes.activate(change.id, change.review_digest)
