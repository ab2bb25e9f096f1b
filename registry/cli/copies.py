"""`placet ledger`: what proves the ledger, and where copies of it are."""

from pathlib import Path
from typing import Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson
from registry.cli.session import connect
from registry.errors import Invalid


def checkpoint(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Write it there, and say so."),
    ] = None,
) -> None:
    """Print what was signed last; keep it outside the registry.

    `placet verify --checkpoint FILE` tells later whether anything before it was
    rewritten.

    Examples:
      placet ledger checkpoint
      placet ledger checkpoint --to board-2026-05.txt
    """
    with connect() as remote:
        note = remote.ledger.checkpoint()
    if to is None:
        screen.say(note.decode().rstrip("\n"))
        return
    try:
        with to.open("xb") as file:  # an older one is evidence
            file.write(note)
    except OSError as error:
        raise Invalid(
            f"{to} cannot be written: {error.strerror}", hint="Name another file."
        ) from error
    screen.note(f"Kept in {to}.")


def keys() -> None:
    """Print the keys that checkpoints are verified with, the newest last.

    Whoever could rewrite the ledger could print another: compare it with what
    `placet init` printed.

    Examples:
      placet ledger keys
    """
    with connect() as remote:
        screen.say(remote.ledger.keys().decode().rstrip("\n"))


def mirrors(as_json: AsJson = False) -> None:
    """List where the ledger is copied to, and what each copy lacks.

    Examples:
      placet ledger mirrors
      placet ledger mirrors --json
    """
    with connect() as remote:
        found = remote.ledger.mirrors()
    if as_json:
        screen.print_json(found)
        return
    if not found:
        screen.say("The ledger is not mirrored: see `placet serve --mirror`.")
        return
    rows = [
        (
            one.address,
            "-" if one.event is None else str(one.event),
            "?" if one.behind is None else str(one.behind),
            one.problem or "up to date",
        )
        for one in found
    ]
    screen.show(screen.table(("mirror", "event", "behind", "standing"), rows))
