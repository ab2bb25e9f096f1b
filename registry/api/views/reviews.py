"""Reviews as people see them: with what whoever asks could do about each."""

from dataclasses import dataclass, fields

from registry.certifications import Certifying, certifying
from registry.decisions import Situation
from registry.upkeep import Review


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView(Review):
    """Attributes:
    you: As what whoever asks could certify it.
    """

    you: Certifying


def review_view(situation: Situation, found: Review) -> ReviewView:
    """*found*, which was worked out of the same state."""
    environment = situation.state.environment(found.environment)
    you = certifying(
        situation, environment, environment.live[found.document], found.answering
    )
    # Field by field: `asdict` would take apart what a review is made of.
    told = {one.name: getattr(found, one.name) for one in fields(Review)}
    return ReviewView(**told, you=you)
