"""How a bisection is told: what it begins with, each try, and what it found."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self

from registry.bisection import Verdict, narrowed
from registry.cli import screen
from registry.cli.difference_view import step
from registry.cli.times import show_minute, show_time

if TYPE_CHECKING:
    from registry.bot_cases import Judged
    from registry.cli.bisecting import Search
    from registry.remote.changes import ChangeView
    from registry.remote.environments import BundleMoment


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One try, in the order in which they were made."""

    seq: int
    at: datetime
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way back: which document, or which bot, to which version or seq."""

    document: str
    to: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a bisection came to.

    Attributes:
        suspects: The activation that broke it; several where some could not be
            tried, none if nothing broke it.
        good: The seq of the last bundle that is known to be good.
        bad: The seq of the first that is known to be bad; `None` if none is.
        why: What was wrong at `bad`.
        agreed_by: Who approved the change, with their seats.
        see: Commands that show it.
        ways: Back, the one that undoes least first.
        roll_back: Commands that show what going back would do; what can be done at
            once comes first.
        not_at_once: Those of them that take votes, or are refused.
    """

    bot: str
    environment: str
    suspects: tuple["BundleMoment", ...]
    good: int
    bad: int | None
    why: str
    agreed_by: tuple[str, ...]
    tries: tuple[Tried, ...]
    see: tuple[str, ...]
    ways: tuple[Way, ...]
    roll_back: tuple[str, ...]
    not_at_once: tuple[str, ...]

    @classmethod
    def of(cls, search: "Search", bot: str, environment: str) -> Self:
        steps = search.steps
        left = narrowed(len(steps), search.verdicts)
        suspects = [steps[n] for n in left.suspects] if search.is_broken else []
        good = steps[left.good].seq if suspects else steps[-1].seq
        ways = tuple(_ways(suspects, environment, bot, good))
        return cls(
            bot=bot,
            environment=environment,
            suspects=tuple(suspects),
            good=good,
            bad=suspects[-1].seq if suspects else None,
            why=search.judged[left.bad].why,
            agreed_by=(),
            tries=tuple(
                Tried(
                    seq=steps[n].seq,
                    at=steps[n].at,
                    verdict=one.verdict,
                    why=one.why,
                )
                for n, one in search.judged.items()
            ),
            see=tuple(_see(suspects, environment)),
            ways=ways,
            roll_back=tuple(way.command for way in ways),
            not_at_once=(),
        )

    def with_change(self, change: "ChangeView | None") -> "Found":
        """The same, with who agreed to the change."""
        if change is None:
            return self
        votes = (
            f"{vote.by} ({vote.seat})"
            for vote in change.votes
            if vote.verdict == "approve" and vote.review_digest == change.review_digest
        )
        return replace(self, agreed_by=tuple(dict.fromkeys(votes)))


def begins(bot: str, environment: str, steps: tuple["BundleMoment", ...]) -> str:
    first, last = steps[0], steps[-1]
    told = screen.count(len(steps) - 1, "moment")
    return (
        f"{bot} in {environment} from seq {first.seq} ({show_minute(first.at)}) to "
        f"seq {last.seq} ({show_minute(last.at)}): {told} that could have broken it."
    )


def tried(moment: "BundleMoment", judged: "Judged", left: int, *, skips: bool) -> str:
    """Args:
    left: How many tries are left if none is skipped; 0 if that is not known.
    skips: Whether some were skipped, so that more of them may be.
    """
    most = f"{'about' if skips else 'at most'} {left} more" if left else ""
    why = screen.line(judged.why)
    return (
        f"seq {moment.seq:<6} {judged.verdict:<5} {why}{f' ({most})' if most else ''}"
    )


def show(found: Found) -> None:
    if not found.suspects:
        screen.say("No activation broke it.", "bold")
        first = min(one.seq for one in found.tries)
        screen.say(f"It holds at seq {first}, and still at seq {found.good}.")
        screen.note("If it was broken in between, give --bad a moment when it was;")
        screen.note("else look at the model that answered, and at what it was given.")
        return
    if len(found.suspects) == 1:
        _culprit(found, found.suspects[0])
    else:
        _range(found)
    screen.say(
        "This holds if it broke once and stayed broken: what was not tried is taken "
        "to be like its neighbours."
    )
    for command in found.see:
        screen.note(f"See it with: {command}")
    for command in found.roll_back:
        votes = ", by votes" if command in found.not_at_once else ""
        screen.note(f"See what going back would do{votes}: {command}")


def _culprit(found: Found, moment: "BundleMoment") -> None:
    change = "none" if moment.change is None else str(moment.change)
    screen.say(f"Seq {moment.seq} of {found.environment} broke it.", "bold red")
    rows = [
        ("when", f"{show_time(moment.at)} UTC"),
        ("what", f"{moment.type}: {moment.title}"),
        ("change", change),
        ("by", moment.by),
        ("agreed by", _agreement(found, moment)),
        ("why", found.why),
    ]
    for one in moment.documents:
        versions = step(one.before_version, one.version)
        rows.append(("document", f"{one.document} {versions}"))
    for name, told in rows:
        screen.say(f"  {name:<10} {screen.line(told)}")


_JUDGED = {"ratified": "ratified since", "repudiated": "repudiated since"}


def _agreement(found: Found, moment: "BundleMoment") -> str:
    """Who agreed before it went live, and what people say who were asked after."""
    afterwards, before = moment.ratification, ", ".join(found.agreed_by)
    if afterwards is None:
        return before or "nobody: it needed no votes"
    how = "a rollback"
    if afterwards.incident is not None:
        how = f"in an emergency ({afterwards.incident}), by {moment.by}"
    judged = _JUDGED.get(afterwards.status)
    if judged is None:
        whom = ", ".join(afterwards.waiting_for) or "somebody"
        late = ", overdue" if afterwards.status == "overdue" else ""
        judged = f"waits for ratification by {whom}{late}"
    told = f"{how}; {judged}"
    return f"{before}; {told}" if before else f"nobody before: {told}"


def _range(found: Found) -> None:
    first, last = found.suspects[0], found.suspects[-1]
    screen.say(
        f"One of {len(found.suspects)} broke it, from seq {first.seq} to {last.seq}: "
        "those between could not be tried.",
        "bold yellow",
    )
    reasons = {one.seq: one.why for one in found.tries}
    rows = [
        (
            str(one.seq),
            show_minute(one.at),
            one.type,
            str(one.change or ""),
            one.title,
            reasons.get(one.seq, ""),
        )
        for one in found.suspects
    ]
    columns = ("seq", "when (UTC)", "what", "change", "title", "why")
    screen.show(screen.table(columns, rows, indent=2))


def _see(suspects: list["BundleMoment"], environment: str) -> list[str]:
    if not suspects:
        return []
    before, last = suspects[0].seq - 1, suspects[-1].seq
    changes = dict.fromkeys(one.change for one in suspects if one.change is not None)
    return [
        *(f"placet show {change}" for change in changes),
        f"placet diff {environment} --from {before} --to {last}",
    ]


def _ways(
    suspects: list["BundleMoment"], environment: str, bot: str, good: int
) -> Iterator[Way]:
    """The one document alone, if that is all that was replaced; then the bot."""
    replaced = suspects[0].documents if len(suspects) == 1 else ()
    begin = f"placet rollback {environment}"
    if len(replaced) == 1 and replaced[0].before_version is not None:
        document, version = replaced[0].document, replaced[0].before_version
        command = f"{begin} --document {document} --to {version} --preview"
        yield Way(document=document, to=version, command=command)
    if suspects:
        command = f"{begin} --bot {bot} --to {good} --preview"
        yield Way(document=f"bots/{bot}", to=str(good), command=command)
