"""Floors: what no policy can lower.

They are code and not configuration, so that no text that was agreed to in a hurry
takes them away:

 * Nobody agrees to what they contributed to (`registry.votes`).
 * In production at least one person agrees, however open the policy is.
 * Where nobody is eligible, nothing goes live: a requirement that nobody can meet
   is not met (`registry.standing`).
 * What no requirement covers does not go live (`registry.policies`).
 * A policy is changed by what the old and the new one ask for (`registry.proposals`).
 * A seat is given by two administrators (`registry.appointments`).
"""

from collections.abc import Iterable

from registry.policies import Matched

PRODUCTION = "production"

SOMEBODY = "somebody agrees"
"""What the requirement is called that production has when its policy asks nobody."""


def floor(environment: str, asked: Iterable[Matched]) -> Matched | None:
    """What *asked* lacks in that environment; `None` if it asks somebody.

    It has a count and no seat: anybody who votes meets it, in any seat.
    """
    asked = tuple(asked)
    if environment != PRODUCTION or any(one.seat is not None for one in asked):
        return None
    if any(not one.covered for one in asked):
        return None
    because = sorted({what for one in asked for what in one.because})
    return Matched(
        name=SOMEBODY, seat=None, count=1, because=tuple(because), covered=True
    )
