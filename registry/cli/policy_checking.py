"""`placet policy check`: a policy in a file, before anybody is asked to agree."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson
from registry.cli.session import connect
from registry.errors import InvalidDocument
from registry.mistakes import Finding

if TYPE_CHECKING:  # slow to import
    from registry.commands import PolicyText
    from registry.people import Person
    from registry.policy_gaps import Gap
    from registry.remote import Remote

FOUND = 1


def check_policy(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The policy's YAML.")],
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
    """Check a policy: what is wrong, on which line, and what it leaves to nobody.

    What contradicts itself is wrong, and so is what the registry would refuse: the
    exit status is 1. A gap is a warning: a kind of document that no requirement
    covers, a policy that nobody could change, a freeze without an end. With
    --against a seat that nobody holds is one, too. Without it nothing is sent
    anywhere.

    Examples:
      placet policy check production.yaml
      placet policy check production.yaml --against --strict
      placet policy check production.yaml --json > findings.json
    """
    wrong, warned = _looked_at(file, against=against)
    if as_json:
        screen.print_json({"findings": wrong, "gaps": warned})
    else:
        for one in wrong:
            screen.say(_told(file, one))
        for one in warned:
            screen.say(f"warning: {_told(file, one)}")
        screen.note(_summary(wrong, warned))
    if wrong or (strict and warned):
        raise typer.Exit(FOUND)


def _looked_at(file: Path, *, against: bool) -> tuple[list[Finding], list[Finding]]:
    """What is wrong, and what is a gap."""
    from registry.policy_gaps import empty_seats, gaps
    from registry.policy_text import parse_policy

    try:
        text = parse_policy(file.read_bytes())
    except InvalidDocument as error:
        return list(error.findings), []
    found = list(gaps(text.policy, datetime.now(UTC)))
    if against:
        with connect() as remote:
            found += empty_seats(text.policy, people_of(remote))
    return [], _placed(text, found)


def people_of(remote: "Remote") -> tuple["Person", ...]:
    """Everybody, as the rules know them."""
    from registry.people import Limit, Person, Role

    return tuple(
        Person(
            handle=one.handle,
            roles=tuple(map(Role, one.roles)),
            seats=one.seats,
            active=one.active,
            limits=tuple(
                Limit(held=each.held, environments=each.environments, names=each.names)
                for each in one.limits
            ),
        )
        for one in remote.people.list()
    )


def _placed(text: "PolicyText", found: "Sequence[Gap]") -> list[Finding]:
    """Each gap with the line that it is about."""
    from registry import yaml_text
    from registry.findings import Problem, in_order, locate

    problems = (
        Problem(
            path=(gap.part,) if gap.entry is None else (gap.part, gap.entry),
            message=gap.sentence,
            hint=gap.hint,
        )
        for gap in found
    )
    return list(in_order(locate(problems, yaml_text.parse(text.source).place)))


def _told(file: Path, finding: Finding) -> str:
    place = f"{file}:{finding.line}" if finding.line else str(file)
    return f"{place}: {finding.message} ({finding.hint})"


def _summary(wrong: list[Finding], warned: list[Finding]) -> str:
    if wrong:
        return f"{screen.count(len(wrong), 'finding')}: it would be refused"
    if warned:
        return f"well-formed, with {screen.count(len(warned), 'gap')}"
    return "well-formed, without gaps"
