"""What an open change waits for, and of whom.

* A vote: of whoever could meet a requirement that is not met, and has not asked for
  changes or vetoed; also of whoever could once their seat has cooled down.
* An appointment: of administrators, where too few could ever meet a requirement.
* A revision: of its author, where something that it is made on has moved, where
  somebody asks for changes, where a result that counts has failed, or where it cannot
  go live as it is.  What cannot be revised is withdrawn and made again.
* A veto: of who gave it, and of whoever may clear it for them.
* A check that everything else agrees with: of its author; and where it is not one of
  the registry's own, of the evaluators whose result would count.
* An activation: of whoever may make it live now.
* A schedule that was missed: of contributors and operators.  It is told from the
  moment on at which the change was to go live and something keeps it back.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from registry.activations import may_activate
from registry.attachments import may_vouch
from registry.changes import Change, Status, Verdict, made_current, revisable
from registry.check_results import OwnCheck
from registry.effects import Documents
from registry.evidence import score, tried
from registry.floors import SOMEBODY
from registry.held_back import AGREED, checks_among, flaws
from registry.quorums import Standing
from registry.reminders.stages import administrators, operators
from registry.schedules import late_from
from registry.staleness import stale_because
from registry.standing import is_agreed, requirements, status
from registry.state import State
from registry.times import said
from registry.timing import decide_by, late_since
from registry.vetoes import veto_clearers
from registry.votes import blocks
from registry.waits import Found, Waiting, WaitingFor, of_change

HeldBy = Callable[[Change], tuple[str, ...]]
"""What keeps a change back that everybody agrees to."""


def open_change(
    state: State,
    change: Change,
    documents: Documents,
    held_by: HeldBy,
    now: datetime,
) -> Iterator[Found]:
    """Everything that *change* waits for."""
    stands = status(state, change, now)
    if stands is Status.EXPIRED:
        return
    if stands in {Status.WAITING, Status.SUSPENDED}:
        yield from _votes(state, change, now)
    yield from _schedule(state, change, stands, held_by, now)
    yield from _revision(state, change, documents)
    yield from _vetoes(state, change, now)
    if stands in AGREED:
        yield from _checks(state, change, documents, held_by)
    if stands is Status.APPROVED:
        yield from _activation(state, change, held_by, now)


def _votes(state: State, change: Change, now: datetime) -> Iterator[Found]:
    open_ones = [one for one in requirements(state, change, now) if not one.met]
    if not open_ones:
        return
    stalled = [one for one in open_ones if one.stalled]
    if stalled:
        why = " ".join(f"{one.name}: {one.why} {_to_appoint(one)}" for one in stalled)
        yield Found(
            waiting=_decision(state, change, WaitingFor.APPOINTMENT, now),
            reasons=dict.fromkeys(administrators(state), why),
        )
    reasons = _asked(change, open_ones)
    if reasons or not stalled:
        yield Found(
            waiting=_decision(state, change, WaitingFor.VOTE, now), reasons=reasons
        )


def _decision(state: State, change: Change, kind: WaitingFor, now: datetime) -> Waiting:
    return of_change(
        change,
        kind,
        since=change.revision.at,
        due=_decided_by(state, change),
        is_late=late_since(state, change, now) is not None,
    )


def _asked(change: Change, open_ones: Iterable[Standing]) -> dict[str, str]:
    """Whom the requirements ask, and why; now before later."""
    now: dict[str, str] = {}
    later: dict[str, str] = {}
    for one in open_ones:
        now |= dict.fromkeys(one.could, f"{one.name}: {one.why}")
        for soon in one.later:
            when = f"Your seat speaks from {said(soon.until)} on; not before"
            later[soon.handle] = f"{one.name}: {when}."
    against = {vote.by for vote in blocks(change)}
    return {who: why for who, why in (later | now).items() if who not in against}


def _to_appoint(one: Standing) -> str:
    if one.seat is not None:
        return f"Somebody who has not worked on it has to be given the seat {one.seat}."
    if one.name == SOMEBODY:
        return "Somebody who has not worked on it has to be given a seat."
    return "Only another policy can cover it."


def _decided_by(state: State, change: Change) -> datetime:
    return decide_by(state, change) or change.revision.expires


def _schedule(
    state: State, change: Change, stands: Status, held_by: HeldBy, now: datetime
) -> Iterator[Found]:
    moment = change.revision.earliest
    late = late_from(state.environments[change.environment].policy, change.revision)
    if moment is None or late is None or now < moment:
        return
    if stands is Status.SUSPENDED:
        other = made_current(change.type)
        why = f"It did not go live when it was to: activate it, or {other}."
    else:
        held = held_by(change) if stands in AGREED else ("agreement",)
        if not held or stands is Status.STALE:
            return  # at once, or never
        why = (
            f"It was to go live at {said(moment)}, and waits for {', '.join(held)}; "
            f"the registry tries until {said(late)}."
        )
    yield Found(
        waiting=of_change(
            change,
            WaitingFor.SCHEDULE,
            since=change.revision.at,
            due=late if stands is Status.SUSPENDED else moment,
            is_late=True,
        ),
        reasons=dict.fromkeys((*change.contributors, *operators(state)), why),
    )


def _revision(state: State, change: Change, documents: Documents) -> Iterator[Found]:
    why = "; ".join(_to_revise(state, change, documents))
    if why:
        way_on = "" if revisable(change.type) else f": {made_current(change.type)}"
        yield Found(
            waiting=of_change(
                change,
                WaitingFor.REVISION,
                since=change.revision.at,
                due=change.revision.expires,
            ),
            reasons=dict.fromkeys(
                {change.author, change.revision.by}, _sentence(f"{why}{way_on}")
            ),
        )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _checks(
    state: State, change: Change, documents: Documents, held_by: HeldBy
) -> Iterator[Found]:
    """Not where only a revision helps: that waits for the author already."""
    names = checks_among(held_by(change))
    if not names or any(_to_revise(state, change, documents)):
        return
    told = f"Everybody agrees, and it waits for {_and_words(names)}."
    tried = any(name not in set(OwnCheck) for name in names)
    could = [h for h in state.people if tried and may_vouch(state, change, h)]
    yield Found(
        waiting=of_change(
            change,
            WaitingFor.CHECK,
            since=change.revision.at,
            due=change.revision.expires,
        ),
        reasons=dict.fromkeys((change.author, *could), told),
    )


def _and_words(names: tuple[str, ...]) -> str:
    noun = "the check" if len(names) == 1 else "the checks"
    return f"{noun} {', '.join(names)}"


def _to_revise(state: State, change: Change, documents: Documents) -> Iterator[str]:
    stale = stale_because(state, change)
    if stale is not None:
        yield f"it is stale: {stale}"
        return
    for vote in blocks(change):
        if vote.verdict is Verdict.ASK:
            yield f"{vote.by} asks for changes: {vote.reason.rstrip('.')}"
    for one in tried(change):
        if not one.last.result.passed:
            yield f"{one.name} failed: {score(one.last.result)}"
    yield from flaws(state, change, documents)


def _vetoes(state: State, change: Change, now: datetime) -> Iterator[Found]:
    others = veto_clearers(state, change, now) if change.vetoes else set()
    for veto in change.vetoes:
        said_so = _sentence(f"{veto.by} vetoed it: {veto.reason}")
        yield Found(
            waiting=of_change(
                change,
                WaitingFor.VETO,
                since=veto.at,
                due=_decided_by(state, change),
                is_late=late_since(state, change, now) is not None,
                voter=veto.by,
            ),
            reasons=dict.fromkeys(sorted({veto.by, *others}), said_so),
        )


def _activation(
    state: State, change: Change, held_by: HeldBy, now: datetime
) -> Iterator[Found]:
    if held_by(change):
        return
    asked = requirements(state, change, now)
    if not is_agreed(change, asked):
        return
    since = [one.since for one in asked if one.since is not None]
    yield Found(
        waiting=of_change(
            change,
            WaitingFor.ACTIVATION,
            since=max(since, default=change.revision.at),
            due=change.revision.expires,
        ),
        reasons={
            handle: "Everybody agrees."
            for handle in state.people
            if may_activate(state, change, handle, now)
        },
    )
