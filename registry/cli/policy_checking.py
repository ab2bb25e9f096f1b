"""`placet policy check`: policies in files, before anybody is asked to agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson
from registry.cli.session import connect
from registry.errors import InvalidDocument, NotFound
from registry.mistakes import Finding

if TYPE_CHECKING:  # slow to import
    from registry.commands import PolicyText
    from registry.people import Person
    from registry.policy_gaps import Gap
    from registry.remote import Remote
    from registry.remote.people import Person as Listed

FOUND = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of one file.

    Attributes:
        environment: Whose policy it is; `None` if it cannot be read as one.
        findings: What is wrong.
        gaps: What it leaves to nobody.
    """

    file: str
    environment: str | None
    findings: tuple[Finding, ...]
    gaps: tuple[Finding, ...]


def check_policy(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|DIR", help="A policy's YAML, or a folder of several."
        ),
    ],
    against: Annotated[
        bool,
        typer.Option(
            "--against",
            help="Ask the registry that you are signed in to who holds which seat.",
        ),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Gaps count as well.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check policies: what is wrong, on which line, and what they leave to nobody.

    A file is the policy of one environment, and it is said of which; of a folder
    every *.yaml in it is checked.

    What contradicts itself is wrong, and so is what the registry would refuse: the
    exit status is 1. A gap is a warning: a kind of document that no requirement
    covers, a policy that nobody could change, a freeze without an end. With
    --against a seat that nobody holds is one, too, and an environment that the
    registry has not is refused. Without it nothing is sent anywhere.

    Examples:
      placet policy check production.yaml
      placet policy check production.yaml --against --strict
      placet policy check policies/ --against
      placet policy check production.yaml --json > findings.json
    """
    found = [_looked_at(one, against=against) for one in _files(file)]
    if as_json:
        screen.print_json(found if file.is_dir() else found[0])
    else:
        for one in found:
            _tell(one)
    if any(one.findings or (strict and one.gaps) for one in found):
        raise typer.Exit(FOUND)


def _files(place: Path) -> list[Path]:
    """Raises:
    NotFound: There is no policy to check.
    """
    found = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    if not found or not found[0].exists():
        what = f"there is no *.yaml in {place}" if not found else f"{place} is no file"
        raise NotFound(
            what,
            hint="Write one that is in force into a file first: "
            "`placet policy show production > production.yaml`.",
        )
    return found


def _looked_at(file: Path, *, against: bool) -> Checked:
    from registry.policy_gaps import empty_seats, gaps
    from registry.policy_text import parse_policy

    try:
        text = parse_policy(file.read_bytes())
    except InvalidDocument as error:
        wrong = tuple(error.findings)
        return Checked(file=str(file), environment=None, findings=wrong, gaps=())
    environment = text.policy.environment
    found = list(gaps(text.policy, datetime.now(UTC)))
    if against:
        with connect() as remote:
            remote.policies.get(environment)  # it refuses one that there is not
            found += empty_seats(text.policy, people_of(remote))
    return Checked(
        file=str(file),
        environment=environment,
        findings=(),
        gaps=_placed(text, found),
    )


def people_of(remote: "Remote") -> tuple["Person", ...]:
    """Everybody, as the rules know them."""
    return tuple(map(as_known, remote.people.list()))


def as_known(one: "Listed") -> "Person":
    """Somebody as the rules know them."""
    from registry.people import Limit, Person, Role

    return Person(
        handle=one.handle,
        roles=tuple(map(Role, one.roles)),
        seats=one.seats,
        active=one.active,
        limits=tuple(
            Limit(held=each.held, environments=each.environments, names=each.names)
            for each in one.limits
        ),
    )


def hint_of(hint: str) -> str:
    """What to do about a gap, with the commands for it."""
    from registry.policy_gaps import GIVEN

    commands = "`placet people set` asks for it, `placet people confirm` agrees."
    return f"{hint} {commands}" if hint == GIVEN else hint


def _placed(text: "PolicyText", found: "Sequence[Gap]") -> tuple[Finding, ...]:
    """Each gap with the line that it is about."""
    from registry import yaml_text
    from registry.findings import Problem, in_order, locate

    problems = (
        Problem(
            path=(gap.part,) if gap.entry is None else (gap.part, gap.entry),
            message=gap.sentence,
            hint=hint_of(gap.hint),
        )
        for gap in found
    )
    return tuple(in_order(locate(problems, yaml_text.parse(text.source).place)))


def _tell(one: Checked) -> None:
    for finding in one.findings:
        screen.say(_told(one.file, finding))
    for gap in one.gaps:
        screen.say(f"warning: {_told(one.file, gap)}")
    what = one.environment or one.file
    screen.note(f"{what}: {_summary(one)}")


def _told(file: str, finding: Finding) -> str:
    place = f"{file}:{finding.line}" if finding.line else file
    return f"{place}: {finding.message} ({finding.hint})"


def _summary(one: Checked) -> str:
    if one.findings:
        return f"{screen.count(len(one.findings), 'finding')}, it would be refused"
    if one.gaps:
        return f"well-formed, with {screen.count(len(one.gaps), 'gap')}"
    return "well-formed, without gaps"
