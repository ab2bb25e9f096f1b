"""Quorums: whether a requirement is met, by whom, and who could still meet it.

* A requirement is met when each document that it is asked for is covered by as many
  people as it asks: who agree, and hold its seat now, for that document.  So the
  owners of two names agree together to a change of both.
* Where anybody may agree, whatever seat they do it in has to be held for that
  document, too.
* A seat that cools down counts for nothing yet; from when on it does is told.
* What nobody can meet is not met.  It is stalled where those who could, now or once
  their seat has cooled down, are too few: then somebody has to be given the seat.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from registry.changes import Vote
from registry.policies import Matched
from registry.seats import Soon, speaking_soon, spoken_for
from registry.state import State
from registry.times import said


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Somebody who could meet a requirement once their seat has cooled down."""

    handle: str
    until: datetime


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
        later: Who could meet it from a moment on.
        stalled: Whether they all together are too few.
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
    later: tuple[Later, ...]
    stalled: bool


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coverage:
    """Attributes:
    by: Who agrees to any of it.
    lacking: How many are missing, by document.
    could: Who could still agree to what of that.
    since: When the last document was covered; `None` while one is not.
    """

    by: tuple[str, ...]
    lacking: Mapping[str, int]
    could: Mapping[str, Collection[str]]
    since: datetime | None


def standing_of(
    state: State, asked: Matched, *, environment: str, voices: Voices, now: datetime
) -> Standing:
    """Where a requirement stands that asks for a seat, or nobody, in *environment*."""
    seat = asked.seat
    if seat is None or not asked.covered:
        return _asking_nobody(asked)
    about = partial(_about, state, environment, asked, now)
    coverage = _coverage(
        asked,
        [(who, at, about(who, (seat,))) for who, at in voices.agreeing.items()],
        {who: about(who, (seat,)) for who in voices.free},
    )
    theirs = dict.fromkeys((*voices.free, *voices.agreeing), (seat,))
    soon = _soon(state, environment, asked, now, coverage, theirs)
    why = (
        _needs(asked, coverage) + _lapsed(voices.lapsed) + _from(soon)
        if coverage.lacking
        else ""
    )
    return _covered_so_far(asked, coverage, soon, why)


def standing_of_anybody(
    state: State,
    asked: Matched,
    *,
    environment: str,
    votes: Iterable[Vote],
    free: Iterable[str],
    now: datetime,
) -> Standing:
    """Where a requirement stands that anybody meets, in any seat of theirs."""
    about = partial(_about, state, environment, asked, now)
    seats = {who: state.people[who].seats for who in free}
    coverage = _coverage(
        asked,
        [(vote.by, vote.at, about(vote.by, (vote.seat,))) for vote in votes],
        {who: about(who, held) for who, held in seats.items()},
    )
    soon = _soon(state, environment, asked, now, coverage, seats)
    part = len(coverage.lacking) < len(asked.because)
    what = f" to {', '.join(coverage.lacking)}" if part else ""
    could = ", ".join(coverage.could)
    why = (
        f"The policy asks nobody, and here somebody has to agree{what}, in any seat; "
        + (f"{could} could." if could else "nobody is free to vote.")
        + _from(soon)
    )
    return _covered_so_far(asked, coverage, soon, why)


def _asking_nobody(asked: Matched) -> Standing:
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
        later=(),
        stalled=not asked.covered,
    )


def _covered_so_far(
    asked: Matched, coverage: _Coverage, soon: Collection[Soon], why: str
) -> Standing:
    """Args:
    why: What to say while something is lacking.
    """
    met = bool(asked.because) and not coverage.lacking
    return Standing(
        name=asked.name,
        seat=asked.seat,
        count=asked.count,
        met=met,
        why=f"Agreed by {', '.join(coverage.by)}." if met else why,
        by=coverage.by,
        could=tuple(coverage.could),
        because=asked.because,
        missing=tuple(coverage.lacking),
        since=coverage.since,
        later=()
        if met
        else tuple(Later(handle=one.handle, until=one.until) for one in soon),
        stalled=not _suffice(
            coverage.lacking,
            (*coverage.could.values(), *(one.about for one in soon)),
        ),
    )


def _about(
    state: State,
    environment: str,
    asked: Matched,
    now: datetime,
    handle: str,
    seats: Iterable[str],
) -> frozenset[str]:
    """The documents of *asked* for which *handle* speaks now, in one of *seats*."""
    return frozenset(
        document
        for seat in seats
        for document in spoken_for(
            state,
            handle,
            seat,
            environment=environment,
            because=asked.because,
            now=now,
        )
    )


def _coverage(
    asked: Matched,
    agreeing: Iterable[tuple[str, datetime, Collection[str]]],
    free: Mapping[str, Collection[str]],
) -> _Coverage:
    """Args:
    agreeing: Who agrees, since when, and to what.
    free: Who could still agree, and to what.
    """
    agreeing, count = list(agreeing), asked.count
    times: dict[str, list[datetime]] = {what: [] for what in asked.because}
    for _, at, about in sorted(agreeing, key=lambda one: one[1]):
        for what in about:
            times[what].append(at)
    lacking = {w: count - len(t) for w, t in times.items() if len(t) < count}
    last = [t[count - 1] for t in times.values()] if not lacking else []
    return _Coverage(
        by=tuple(sorted(handle for handle, _, about in agreeing if about)),
        lacking=lacking,
        could={h: f for h in sorted(free) if (f := lacking.keys() & free[h])},
        since=max(last, default=None),
    )


def _soon(
    state: State,
    environment: str,
    asked: Matched,
    now: datetime,
    coverage: _Coverage,
    seats: Mapping[str, Iterable[str]],
) -> list[Soon]:
    """Who could agree to what is lacking once their seat has cooled down.

    Args:
        seats: In which of theirs each could.
    """
    found = speaking_soon(
        state,
        {who: held for who, held in seats.items() if who not in coverage.could},
        environment=environment,
        because=asked.because,
        now=now,
    )
    return [one for one in found if not coverage.lacking.keys().isdisjoint(one.about)]


def _needs(asked: Matched, coverage: _Coverage) -> str:
    lacking, could = coverage.lacking, coverage.could
    needs = f"Needs {max(lacking.values())} more from the seat {asked.seat}"
    if len(lacking) < len(asked.because):
        needs += f" for {', '.join(lacking)}"
    if coverage.by:
        needs += f" ({', '.join(coverage.by)} agreed)"
    if not could:
        return f"{needs}; nobody who holds it is free to vote."
    if _suffice(lacking, could.values()):
        return f"{needs}; {', '.join(could)} could."
    return f"{needs}; only {', '.join(could)} could, which is not enough."


def _lapsed(handles: tuple[str, ...]) -> str:
    if not handles:
        return ""
    which = "approval" if len(handles) == 1 else "approvals"
    verb = "has" if len(handles) == 1 else "have"
    return f" The {which} of {', '.join(handles)} {verb} lapsed."


def _suffice(lacking: Mapping[str, int], about: Iterable[Collection[str]]) -> bool:
    """Whether people who speak *about* so much are as many as it takes."""
    free = Counter(document for each in about for document in each)
    return all(free[document] >= number for document, number in lacking.items())


def _from(soon: Iterable[Soon]) -> str:
    return "".join(f" {one.handle} could from {said(one.until)} on." for one in soon)
