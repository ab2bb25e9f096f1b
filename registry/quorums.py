"""Quorums: whether a requirement is met, by whom, and who could still meet it.

* A requirement is met when each document that it is asked for is covered by as many
  people as it asks: who agree, and hold its seat now, for that document.  So the
  owners of two names agree together to a change of both.
* A seat that cools down counts for nothing yet.
* What nobody can meet is not met.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.changes import Vote
from registry.policies import Matched
from registry.seats import cools_until, held_for, spoken_for
from registry.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One requirement of a change, and where it stands.

    Attributes:
        seat: Who is asked; `None` for nobody, or with a count for anybody.
        why: One sentence for people.
        by: Who has met it so far.
        could: Who could still meet it.
        because: The documents that it is asked for.
        missing: Those of them for which somebody has still to agree.
        since: When it was met; `None` if it is not, or asks nobody.
    """

    name: str
    seat: str | None
    count: int
    met: bool
    why: str
    by: tuple[str, ...]
    could: tuple[str, ...]
    because: tuple[str, ...]
    missing: tuple[str, ...]
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Who speaks about one requirement.

    Attributes:
        agreeing: Who agrees, in the requirement's seat, and when they said so.
        free: Who could still speak.
        lapsed: Whose approval is too old to count.
    """

    agreeing: Mapping[str, datetime]
    free: Iterable[str]
    lapsed: tuple[str, ...]


def standing_of(
    state: State, asked: Matched, *, environment: str, voices: Voices, now: datetime
) -> Standing:
    """Where one requirement stands, in that environment."""
    because, count, seat = asked.because, asked.count, asked.seat
    if seat is None or not asked.covered:
        return _of_nobody(asked)

    def about(handle: str) -> tuple[str, ...]:
        return spoken_for(
            state, handle, seat, environment=environment, because=because, now=now
        )

    times: dict[str, list[datetime]] = {what: [] for what in because}
    by = []
    for handle, at in sorted(voices.agreeing.items(), key=lambda one: one[1]):
        found = about(handle)
        by += [handle] if found else []
        for what in found:
            times[what].append(at)
    lacking = {w: count - len(t) for w, t in times.items() if len(t) < count}
    could = {h: f for h in sorted(voices.free) if (f := lacking.keys() & about(h))}
    met = bool(because) and not lacking
    return Standing(
        name=asked.name,
        seat=seat,
        count=count,
        met=met,
        why=f"Agreed by {', '.join(sorted(by))}."
        if met
        else _why(asked, lacking, could)
        + _lapsed(voices.lapsed)
        + _cooling(state, asked, environment, voices, now),
        by=tuple(sorted(by)),
        could=tuple(could),
        because=because,
        missing=tuple(lacking),
        since=max(t[count - 1] for t in times.values()) if met else None,
    )


def _of_nobody(asked: Matched) -> Standing:
    return Standing(
        name=asked.name,
        seat=None,
        count=asked.count,
        met=asked.covered,
        why="Open: the policy asks nobody."
        if asked.covered
        else "No requirement of the policy covers it, so nobody can agree to it.",
        by=(),
        could=(),
        because=asked.because,
        missing=() if asked.covered else asked.because,
        since=None,
    )


def of_anybody(
    state: State, asked: Matched, votes: list[Vote], free: Iterable[str]
) -> Standing:
    by = tuple(sorted(vote.by for vote in votes))
    could = tuple(sorted(h for h in free if _sits(state, h)))
    return Standing(
        name=asked.name,
        seat=None,
        count=asked.count,
        met=bool(by),
        why=f"Agreed by {', '.join(by)}."
        if by
        else "The policy asks nobody, and here somebody has to agree, in any seat; "
        + (f"{', '.join(could)} could." if could else "nobody is free to vote."),
        by=by,
        could=() if by else could,
        because=asked.because,
        missing=() if by else asked.because,
        since=min((vote.at for vote in votes), default=None),
    )


def _sits(state: State, handle: str) -> bool:
    person = state.people[handle]
    return person.active and bool(person.seats)


def _why(
    asked: Matched, lacking: Mapping[str, int], could: Mapping[str, Iterable[str]]
) -> str:
    needs = f"Needs {max(lacking.values())} more from the seat {asked.seat}"
    if len(lacking) < len(asked.because):
        needs += f" for {', '.join(lacking)}"
    if not could:
        return f"{needs}; nobody who holds it is free to vote."
    free = Counter(what for found in could.values() for what in found)
    if all(free[what] >= number for what, number in lacking.items()):
        return f"{needs}; {', '.join(could)} could."
    return f"{needs}; only {', '.join(could)} could, which is not enough."


def _lapsed(handles: tuple[str, ...]) -> str:
    if not handles:
        return ""
    which = "approval" if len(handles) == 1 else "approvals"
    verb = "has" if len(handles) == 1 else "have"
    return f" The {which} of {', '.join(handles)} {verb} lapsed."


def _cooling(
    state: State, asked: Matched, environment: str, voices: Voices, now: datetime
) -> str:
    told = []
    for handle in sorted({*voices.free, *voices.agreeing}):
        seat = str(asked.seat)
        until = cools_until(state, handle, seat, environment)
        if (
            until is not None
            and now < until
            and held_for(
                state, handle, seat, environment=environment, because=asked.because
            )
        ):
            told.append(f" {handle} could from {until:%Y-%m-%d %H:%M} UTC on.")
    return "".join(told)
