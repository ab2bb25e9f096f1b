"""Floors: what no policy can lower.

They are code and not configuration, so that no text that was agreed to in a hurry
takes them away:

 * Nobody agrees to what they contributed to (`registry.votes`).
 * In production at least one person agrees to each document, however open the policy
   is: in a seat that they hold for it.
 * Where nobody is eligible, nothing goes live: a requirement that nobody can meet
   is not met (`registry.standing`).
 * What no requirement covers does not go live (`registry.policies`).
 * A policy is changed by what the old and the new one ask for (`registry.proposals`).
 * A seat is given by two administrators (`registry.appointments`), and whoever is one
   agrees to nothing (`registry.authorization`).
 * In production a password that somebody else has set waits a day before it decides
   anything (`registry.seats`).
"""

from collections.abc import Iterable

from registry.policies import Matched

PRODUCTION = "production"

RESET_HOURS = 24
"""So long a password that somebody else has set decides nothing there."""

SOMEBODY = "somebody agrees"
"""What the requirement is called that production has when its policy asks nobody."""


def floor(environment: str, asked: Iterable[Matched]) -> Matched | None:
    """What *asked* lacks there: somebody for each document that it asks nobody about.

    It has a count and no seat: anybody who votes meets it, in any seat.  `None` if it
    lacks nothing, or leaves a document to nobody, which no vote can mend.
    """
    asked = tuple(asked)
    if environment != PRODUCTION or any(not one.covered for one in asked):
        return None
    left = {what for one in asked for what in one.because}
    for one in asked:
        left -= set(one.because if one.seat is not None else ())
    because = sorted(left)
    if not because:
        return None
    return Matched(
        name=SOMEBODY, seat=None, count=1, because=tuple(because), covered=True
    )
