"""`placet policy`: who must agree."""

from pathlib import Path
from typing import Annotated

import typer

from registry.cli import screen
from registry.cli.changes import tell_opened
from registry.cli.options import AsJson, At
from registry.cli.session import connect
from registry.cli.times import parse_schedule, show_minute


def show_policy(
    environment: Annotated[
        str | None, typer.Argument(metavar="ENV", help="All of them without.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the policy in force, as it was written.

    Examples:
      placet policy show production > production.yaml
    """
    with connect() as remote:
        if environment is None:
            found = list(remote.policies.list())
        else:
            found = [remote.policies.get(environment)]
    if as_json:
        screen.print_json(found)
    elif environment is not None:
        screen.print_bytes(found[0].source.encode())
    else:
        rows = [
            (one.environment, str(one.since), screen.short(one.digest)) for one in found
        ]
        screen.show(screen.table(("environment", "since event", "digest"), rows))


def submit_policy(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The policy's YAML.")],
    title: Annotated[str, typer.Option("--title", help="What the change is called.")],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Propose another policy for the environment that it names.

    It has to satisfy the policy in force and the new one.

    Examples:
      placet policy submit production.yaml --title "Two people from risk"
      placet policy submit production.yaml --title "Later" --at 2026-12-01T08:00
    """
    from registry.policy_text import parse_policy

    text = parse_policy(file.read_bytes())
    earliest = parse_schedule(at)
    with connect() as remote:
        change = remote.policies.submit(
            text.policy.environment, title, text.source.decode(), earliest=earliest
        )
    tell_opened(change, as_json=as_json)


def simulate_policy(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The policy's YAML.")],
    last: Annotated[
        int,
        typer.Option(
            "--last", min=0, max=1000, help="So many changes that went live, at most."
        ),
    ] = 50,
    as_json: AsJson = False,
) -> None:
    """See which changes another policy would decide differently.

    Of the changes that are open, and of the last ones that went live, those are
    listed that would ask others, could not be agreed to, would need a waiver, or
    would have been held back. Nothing is written.

    Examples:
      placet policy simulate production.yaml
      placet policy simulate production.yaml --last 200
    """
    from registry.policy_text import parse_policy

    text = parse_policy(file.read_bytes())
    with connect() as remote:
        found = remote.policies.simulate(
            text.policy.environment, text.source.decode(), last
        )
    if as_json:
        screen.print_json(found)
        return
    for one in found.differing:
        went = f", live since {show_minute(one.activated_at)} UTC"
        when = ", open" if one.activated_at is None else went
        screen.say(screen.line(f"Change {one.change}{when}: {one.title}"), "bold")
        for told in one.told:
            screen.show(screen.paragraph(told.sentence, indent=2))
    looked = (
        f"{screen.count(found.open + found.activated, 'change')} in "
        f"{found.environment} ({found.open:,} open, {found.activated:,} that went live)"
    )
    differ = len(found.differing)
    screen.note(
        f"{differ:,} of {looked} would be decided differently."
        if differ
        else f"Of {looked} none would be decided differently."
    )
    if found.open:
        screen.note(
            "Once it is in force every open change is stale, and is made again."
        )
