"""The chain: what is wrong with a list of events that do not follow one another.

Every event has a number and names the digest of the one before it.  Where that does
not hold, the events beside it mostly show what somebody has done:

 * A number is passed over: an event was removed.
 * Two neighbours fit the other way round: they have changed places.
 * An event follows the one before its neighbour: the neighbour was put in.
 * The next event names what stands before it by another digest: that was changed.

An event whose neighbours were all written again to fit cannot be told in this way;
that is what checkpoints are for.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.events import NOTHING_BEFORE, Event
from registry.names import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What the chain says of an event."""

    number: int
    digest: Digest
    previous: Digest
    at: datetime | None


BEGINNING = Link(number=0, digest=NOTHING_BEFORE, previous=NOTHING_BEFORE, at=None)
"""What the first event follows."""


def link_of(event: Event, digest: Digest) -> Link:
    return Link(
        number=event.number, digest=digest, previous=event.previous, at=event.at
    )


def follows(link: Link, before: Link) -> bool:
    later = before.at is None or (link.at is not None and link.at > before.at)
    return link.number == before.number + 1 and link.previous == before.digest and later


def explain(
    earlier: Link | None, before: Link, found: Link, following: Link | None
) -> str:
    """What was done where *found* does not follow *before*, as a sentence.

    Args:
        earlier: The one before *before*.
        following: The one after *found*; None if there is none, or it is no event.
    """
    number = before.number + 1
    if _swapped(before, found, following):
        return f"events {number} and {number + 1} have changed places"
    if found.number > number:
        return f"event {number} was removed: event {found.number} stands in its place"
    if earlier is not None and found.previous == earlier.digest:
        return f"event {before.number} was put in: what comes next does not follow it"
    if found.number != number:
        return f"event {number} was put in: it says that it is event {found.number}"
    if found.previous == before.digest:
        return f"event {number} was changed: it is not later than the one before it"
    if before.number and (following is None or following.previous == found.digest):
        return (
            f"event {before.number} was changed: event {number} names another digest "
            "as that of the event before it"
        )
    return f"event {number} was changed: it does not follow event {before.number}"


def _swapped(before: Link, found: Link, following: Link | None) -> bool:
    if following is None:
        return False
    back = following.previous == before.digest
    return back and (
        found.previous == following.digest or found.number == following.number + 1
    )
