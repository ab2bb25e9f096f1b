"""What a proposal would meet, as the page shows on which it is written."""

from dataclasses import dataclass

from registry.api.views.changes import ChangeView, view
from registry.api.views.differences import Difference, difference
from registry.people import Identity
from registry.proposal_previews import Obstacle, Preview, Submission
from registry.proposed_texts import ProposedText
from registry.rivals import Rival


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposing:
    """Attributes:
    why_not: Why whoever asks may not propose it; `None` if they may.
    """

    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPreview:
    """What submitting would come to, were it done now by somebody who may.

    Attributes:
        documents: The texts, in the order in which they were sent.
        obstacles: What else stands in the way, in none of the texts.
        change: As it would be.  `None` as long as something else is in the way than
            a version, the title, and who asks.
        difference: What it would change.
        rivals: Open changes that edit one of its documents, too; whichever goes live
            first makes the others stale.
    """

    environment: str
    documents: tuple[ProposedText, ...]
    obstacles: tuple[Obstacle, ...]
    change: ChangeView | None
    difference: Difference | None
    rivals: tuple[Rival, ...]
    you: Proposing


def proposal_preview(
    environment: str, preview: Preview, asking: Identity, *, scope: str | None
) -> ProposalPreview:
    """Args:
    scope: Why the token of whoever asks cannot propose.
    """
    outcome = preview.submission
    return ProposalPreview(
        environment=environment,
        documents=preview.texts,
        obstacles=preview.obstacles,
        change=_change(outcome, asking) if outcome else None,
        difference=_difference(outcome) if outcome else None,
        rivals=preview.rivals,
        you=Proposing(why_not=scope or preview.why_not),
    )


def _change(outcome: Submission, asking: Identity) -> ChangeView:
    return view(outcome.state, outcome.change, outcome.at, asking, outcome.documents)


def _difference(outcome: Submission) -> Difference:
    """What is live now is what it would be made on."""
    state, change = outcome.state, outcome.change
    return difference(
        state.environments[change.environment],
        change,
        outcome.documents,
        today=outcome.at.date(),
        people=state.people,
    )
