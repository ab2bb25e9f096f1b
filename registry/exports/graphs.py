"""Loops in a graph: places from which a way leads back to them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

Place = TypeVar("Place")


def components(
    places: Iterable[Place], after: Callable[[Place], Iterable[Place]]
) -> list[frozenset[Place]]:
    """Places that lead to each other, together; what leads on comes first.

    Without recursion: a long pattern would go too deep.
    """
    left = _left(places, after)
    before: dict[Place, list[Place]] = {}
    for place in left:
        for to in after(place):
            before.setdefault(to, []).append(place)
    found: list[frozenset[Place]] = []
    seen: set[Place] = set()
    for place in reversed(left):
        if place not in seen:
            members = _back(place, before, seen)
            seen |= members
            found.append(members)
    return found


def _left(
    places: Iterable[Place], after: Callable[[Place], Iterable[Place]]
) -> list[Place]:
    """Every place, in the order in which a search is done with it."""
    left: list[Place] = []
    seen: set[Place] = set()
    for begin in places:
        path: list[tuple[Place, Iterator[Place]]] = []
        following: Place | None = None if begin in seen else begin
        while path or following is not None:
            if following is not None:
                seen.add(following)
                path.append((following, iter(after(following))))
            following = next((to for to in path[-1][1] if to not in seen), None)
            if following is None:
                left.append(path.pop()[0])
    return left


def _back(
    place: Place, before: Mapping[Place, list[Place]], seen: set[Place]
) -> frozenset[Place]:
    members = {place}
    waiting = [place]
    while waiting:
        for one in before.get(waiting.pop(), ()):
            if one not in seen and one not in members:
                members.add(one)
                waiting.append(one)
    return frozenset(members)
