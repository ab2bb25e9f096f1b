"""`placet rebuild` and `placet verify`: on a registry's folder, without a server."""

from pathlib import Path
from typing import Annotated

import typer

from registry.cli import screen
from registry.cli.options import HOME, AsJson, Database, Home
from registry.cli.places import home_at
from registry.errors import LedgerBroken

FOUND = 1


def rebuild(
    home: Home = HOME,
    ledger: Annotated[
        bool,
        typer.Option(
            "--ledger", help="The other way: write a lost ledger from the tables."
        ),
    ] = False,
    branches: Annotated[
        bool, typer.Option("--branches", help="Only the branches env/*, for people.")
    ] = False,
    database: Database = None,
) -> None:
    """Make the tables again from the ledger, or the ledger from the tables.

    Either can be lost. Rows come out the same, and so do commit ids. Accounts,
    sessions and tokens are not touched. For the ledger, move what is left of
    ledger.git out of the way first.

    Examples:
      placet rebuild --home /srv/placet
      placet rebuild --home /srv/placet --ledger
      placet rebuild --home /srv/placet --branches
    """
    place = home_at(home, database)
    from registry.cli import rebuilding

    if ledger:
        number = rebuilding.write_ledger(place)
        screen.say(f"The ledger was written again: {screen.count(number, 'event')}.")
        if place.last_signed().note() is not None:
            screen.note(
                "Its branch checkpoints is not in the tables: fetch it from a mirror, "
                "or nothing will be signed. The server's log says how."
            )
    if branches:
        names = rebuilding.write_branches(place)
        screen.say("Made again: " + ", ".join(f"env/{name}" for name in names))
    if not ledger and not branches:
        number = rebuilding.write_tables(place)
        screen.say(f"The tables were made again: {screen.count(number, 'event')}.")


def verify(
    home: Home = HOME,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="CLONE", help="A clone; needs no registry."),
    ] = None,
    keys: Annotated[
        list[str] | None,
        typer.Option(
            "--key", metavar="KEY", help="A verifier key, or a file of them; again."
        ),
    ] = None,
    checkpoints: Annotated[
        list[Path] | None,
        typer.Option(
            "--checkpoint", metavar="FILE", help="One that you kept; again for more."
        ),
    ] = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Do everything again, beside what is there, and compare.

    Every event, text, commit, table, branch and checkpoint. The first thing that
    is wrong is named, and the exit status is then 1.

    With --ledger it proves a clone with nothing but the key that `placet init`
    printed: no registry, no database, no server. A checkpoint that you kept
    shows whether anything before it was rewritten since.

    Examples:
      placet verify --home /srv/placet
      placet verify --home /srv/placet --checkpoint board-2026-05.txt
      placet verify --ledger placet.git --key ledger.pub --checkpoint kept.txt
    """
    place = None if ledger is not None else home_at(home, database)
    from registry.cli import proof_view, proving

    try:
        if ledger is not None:
            proven = proving.prove_clone(ledger, keys or (), checkpoints or ())
            proof_view.show_proven(proven, as_json=as_json)
        elif place is not None:
            verified = proving.verify_home(place, keys or (), checkpoints or ())
            proof_view.show_verified(verified, as_json=as_json)
    except LedgerBroken as error:
        if as_json:
            screen.print_json({"wrong": str(error), "hint": error.hint})
        screen.note(f"placet: {error}", "bold red")
        screen.note(f"  {error.hint}")
        raise typer.Exit(FOUND) from None
