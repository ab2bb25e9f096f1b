"""`placet bisect`: which activation broke a case."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.bisection import Verdict, next_step, tries_left
from registry.cli import screen
from registry.cli.check import FOUND
from registry.cli.moving import bot_name
from registry.cli.options import AsJson, Bot, LiveIn
from registry.cli.session import connect
from registry.errors import Invalid, InvalidDocument, NotFound, RegistryError

if TYPE_CHECKING:  # slow to import
    from registry.bot_cases import Case, Judged
    from registry.cli.bisect_view import Found
    from registry.cli.past import Past
    from registry.remote import Remote
    from registry.remote.environments import BundleMoment

Judge = Callable[["BundleMoment"], "Judged"]

CaseFile = Annotated[
    Path,
    typer.Option("--case", metavar="FILE", help="What has to hold, as YAML."),
]
Good = Annotated[
    str,
    typer.Option("--good", metavar="TIME|SEQ", help="When it held: a time, or a seq."),
]
Bad = Annotated[
    str | None,
    typer.Option("--bad", metavar="TIME|SEQ", help="When it did not; now without it."),
]


def bisect(
    bot: Bot,
    case: CaseFile,
    good: Good,
    bad: Bad = None,
    environment: LiveIn = "production",
    as_json: AsJson = False,
) -> None:
    """Find the activation that broke something, in few tries.

    It tries the case with what the bot was told at --good and at --bad, then half
    way between, and so on. A case is a rendering (prompt, inputs, expect), what
    guardrails do (text, expect) or a command of yours; docs/at-night.md has the
    form. It is taken to have broken once and stayed broken. The exit status is 1
    if no single activation can be named.

    Examples:
      placet bisect acme-air/support --case refund.yaml --good '2026-05-03 14:07'
      placet bisect acme-air/support --case refund.yaml --good 41 --bad 62 --json
      placet bisect acme-air/support --case run.yaml --good 41 --env staging
    """
    from registry.cli import bisect_view
    from registry.cli.past import Past

    bot = bot_name(bot)
    wanted = _read(case)
    with connect() as remote:
        past = Past(remote)
        steps = _steps(
            past,
            list(remote.environments.bundles(environment, bot)),
            environment,
            good,
            bad,
        )
        search = Search(steps=steps, judge=_judge(past, wanted, case, environment, bot))
        screen.note(bisect_view.begins(bot, environment, steps))
        search.check_ends()
        search.narrow()
        found = bisect_view.Found.of(search, bot, environment)
        found = _at_once_first(remote, found)
        suspects = found.suspects
        change = suspects[0].change if len(suspects) == 1 else None
        view = None if change is None else remote.changes.get(change)
    if as_json:
        screen.print_json(found.with_change(view))
    else:
        bisect_view.show(found.with_change(view))
    if len(suspects) != 1:
        raise typer.Exit(FOUND)


def _at_once_first(remote: "Remote", found: "Found") -> "Found":
    """The ways back that can be taken now, before those that take votes."""
    from registry.cli.rollback import read_wanted

    later = []
    for way in found.ways:
        wanted = read_wanted(way.to, "", way.document, None)
        try:
            outlook = remote.environments.preview(found.environment, wanted)
        except RegistryError:
            later.append(way.command)  # the preview says why, to whoever may do it
            continue
        if outlook.needs_vote or outlook.recalled:
            later.append(way.command)
    now = [way.command for way in found.ways if way.command not in later]
    return replace(found, roll_back=(*now, *later), not_at_once=tuple(later))


class Search:
    """A search, as far as it has come.

    Args:
        steps: The moments from which the bot was told something else, oldest first.
        judge: Tries the case with what the bot was told.
    """

    def __init__(self, steps: tuple["BundleMoment", ...], judge: Judge) -> None:
        self.steps = steps
        self.judged: dict[int, Judged] = {}
        self._judge = judge

    @property
    def verdicts(self) -> dict[int, Verdict]:
        return {number: one.verdict for number, one in self.judged.items()}

    def check_ends(self) -> None:
        """Raises:
        Invalid: What is said to be good is not, or one cannot be tried.
        """
        for number, option in ((0, "--good"), (len(self.steps) - 1, "--bad")):
            if self._try(number).verdict is Verdict.SKIP:
                raise Invalid(
                    f"it cannot be tried at seq {self.steps[number].seq}, where "
                    f"{option} is: {self.judged[number].why}",
                    hint=f"Give another {option}; `placet log ENV` lists the seqs.",
                )
            if number == 0 and self.judged[0].verdict is not Verdict.GOOD:
                raise Invalid(
                    f"it does not hold at seq {self.steps[0].seq}, where --good is: "
                    f"{self.judged[0].why}",
                    hint="Give an earlier --good, or correct the case.",
                )

    @property
    def is_broken(self) -> bool:
        """Whether it does not hold at its end."""
        return self.judged[len(self.steps) - 1].verdict is Verdict.BAD

    def narrow(self) -> None:
        while self.is_broken:
            number = next_step(len(self.steps), self.verdicts)
            if number is None:
                return
            self._try(number)

    def _try(self, number: int) -> "Judged":
        if number in self.judged:
            return self.judged[number]
        from registry.cli.bisect_view import tried

        step = self.steps[number]
        # The same bundle comes to the same, and a command may take long.
        known = (n for n in self.judged if self.steps[n].bundle == step.bundle)
        same = next(known, None)
        judged = self._judge(step) if same is None else self.judged[same]
        self.judged[number] = judged
        ends = {0, len(self.steps) - 1} <= self.judged.keys()
        verdicts = self.verdicts
        left = tries_left(len(self.steps), verdicts) if ends and self.is_broken else 0
        skips = Verdict.SKIP in verdicts.values()
        screen.note(tried(step, judged, left, skips=skips))
        return judged


def _read(path: Path) -> "Case":
    from registry.bot_cases import MAX_BYTES, parse_case

    try:
        with path.open("rb") as file:
            return parse_case(file.read(MAX_BYTES + 1))
    except OSError as error:
        raise NotFound(
            f"{path} cannot be read: {error.strerror}", hint="Check the spelling."
        ) from error
    except InvalidDocument as error:
        for finding in error.findings:
            place = f"{path}:{finding.line}"
            screen.note(f"{place}: {finding.message} ({finding.hint})", "red")
        raise Invalid(
            f"{path} is no case", hint="Mend what is named above first."
        ) from error


def _steps(
    past: "Past",
    told: list["BundleMoment"],
    environment: str,
    good: str,
    bad: str | None,
) -> tuple["BundleMoment", ...]:
    """From what the bot was told at *good* to what it was told at *bad*."""
    oldest_first = told[::-1]
    steps = [
        one
        for before, one in zip([None, *oldest_first], oldest_first, strict=False)
        if before is None or before.bundle != one.bundle
    ]
    first = past.seq_of(environment, good)
    named = None if bad is None else past.seq_of(environment, bad)
    last = _last([one for one in steps if named is None or one.seq <= named], named)
    if last < first:
        raise Invalid(
            f"--good is seq {first}, which is after --bad, seq {last}",
            hint="It has to have held first, and to have broken afterwards.",
        )
    if steps[0].seq > first:
        raise NotFound(
            f"the bot was not live in {environment} at seq {first}, where --good is",
            hint=f"It is since seq {steps[0].seq}; give that or a later one.",
        )
    begin = max(n for n, one in enumerate(steps) if one.seq <= first)
    end = max(n for n, one in enumerate(steps) if one.seq <= last)
    return tuple(steps[begin : end + 1])


def _last(steps: list["BundleMoment"], named: int | None) -> int:
    """The last one that can be tried: somebody may have stopped the bot by then.

    Args:
        steps: Those until `--bad`, which is the seq *named*, if it is given.
    """
    if not steps:
        return named or 0
    alive = (s.seq for s in reversed(steps) if s.bundle and s.stopped is None)
    last = steps[-1]
    found = next(alive, last.seq)
    if found == last.seq:
        return found if named is None else named
    what = "stopped" if last.bundle else "deleted"
    screen.note(f"It is {what} since seq {last.seq}: seq {found} is taken as bad.")
    return found


def _judge(past: "Past", case: "Case", path: Path, environment: str, bot: str) -> Judge:
    from registry.bot_cases import CommandCase, Judged, judge
    from registry.cli.past import check_digest
    from registry.cli.running import run

    def tried(step: "BundleMoment") -> Judged:
        bundle = past.bundle(environment, bot, step.seq)
        if step.bundle is not None:
            check_digest(bundle, step.bundle, f"{bot} at seq {step.seq}")
        if bundle.told is None:
            return Judged(verdict=Verdict.SKIP, why=bundle.why_not)
        if not isinstance(case, CommandCase):
            return judge(case, bundle.told)
        folder = path.resolve().parent
        return run(
            case,
            folder,
            bundle.body,
            environment=environment,
            bot=bot,
            seq=step.seq,
        )

    return tried
