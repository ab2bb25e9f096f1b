"""Shortages: where people are too few for all the seats of a change together.

* Whoever agrees in one seat fills no second one, so seats that each have somebody can
  still be more than the people who hold them.
* It is a matching of people to seats (P. Hall, "On Representatives of Subsets", 1935):
  where one is missing, the seats that are short are those that could not get anybody
  from each other either.
"""

from collections.abc import Collection, Mapping


def short(
    needs: Mapping[str, int], could: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """The seats that those who *could* fill them are too few for.

    Args:
        needs: How many people each seat still asks for.
        could: Who could speak in each of them, in one only.
    """
    found: set[str] = set()
    sits: dict[str, str] = {}
    for seat, number in needs.items():
        for _ in range(number):
            tried: set[str] = set()
            if not _seated(seat, could, sits, tried):
                found |= {seat, *(sits[who] for who in tried)}
    return frozenset(found)


def _seated(
    seat: str,
    could: Mapping[str, Collection[str]],
    sits: dict[str, str],
    tried: set[str],
) -> bool:
    """Whether somebody sits in *seat* now, if others had to change theirs for it."""
    for who in could[seat]:
        if who in tried:
            continue
        tried.add(who)
        if who not in sits or _seated(sits[who], could, sits, tried):
            sits[who] = seat
            return True
    return False
