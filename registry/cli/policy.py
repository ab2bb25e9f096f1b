"""`placet policy`: who must agree."""

from pathlib import Path
from typing import Annotated

import typer

from registry.cli import screen
from registry.cli.changes import tell_opened
from registry.cli.options import AsJson
from registry.cli.session import connect


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
    as_json: AsJson = False,
) -> None:
    """Propose another policy for the environment that it names.

    It has to satisfy the policy in force and the new one.

    Examples:
      placet policy submit production.yaml --title "Two people from risk"
    """
    from registry.policy_text import parse_policy

    text = parse_policy(file.read_bytes())
    with connect() as remote:
        change = remote.policies.submit(
            text.policy.environment, title, text.source.decode()
        )
    tell_opened(change, as_json=as_json)
