"""`placet init`: a new registry."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import HOME, AsJson, Database, Home
from registry.cli.places import home_at
from registry.errors import Conflict

if TYPE_CHECKING:  # slow to import
    from registry.cli.beginning import Account
    from registry.commands import PolicyText

FIRST = ["admin:admin", "admin2:admin"]


def init(
    home: Home = HOME,
    people: Annotated[
        list[str] | None,
        typer.Option(
            "--person",
            metavar="HANDLE:ROLES:SEATS",
            help="One of the first people; give it again for the next one.",
            show_default="admin:admin and admin2:admin",
        ),
    ] = None,
    policies: Annotated[
        list[Path] | None,
        typer.Option(
            "--policy",
            metavar="FILE",
            help="An environment's policy; give it again for the next one.",
            show_default="development, staging, production",
        ),
    ] = None,
    database: Database = None,
    generate: Annotated[
        bool,
        typer.Option("--generate-passwords", help="Make passwords, ask for none."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Begin a registry: environments with policies, and first accounts.

    It asks for a password for each account; an empty answer, or no terminal to
    ask on, makes one, which is printed once. An administrator never changes
    their own roles, so begin with two of them.

    Examples:
      placet init --home /srv/placet
      placet init --person admin:admin --person admin2:admin
      placet init --policy policies/production.yaml --policy policies/test.yaml
    """
    place = home_at(home, database)
    if place.ledger_path.exists():
        raise Conflict(
            f"there is a registry in {home} already",
            hint="Choose another folder with --home, or use the one that is there.",
        )
    from registry.cli.beginning import begin, parse_account
    from registry.signed_notes import dump_verifier

    asks = not generate and not as_json and screen.is_terminal()
    accounts = [
        parse_account(text, _password(text.partition(":")[0], asks=asks))
        for text in people or FIRST
    ]
    key = dump_verifier(begin(place, _policies(policies), accounts))
    if as_json:
        screen.print_json({one.handle: one.password for one in accounts})
        return
    screen.say(f"There is a registry in {home}.", "bold")
    screen.show(
        screen.table(("account", "roles", "seats", "password"), _rows(accounts))
    )
    screen.note("The passwords are shown this once.")
    if sum("admin" in one.roles for one in accounts) == 1:
        screen.note(
            "There is one administrator, and giving somebody a seat takes two: begin "
            "with --person NAME:admin twice if anybody is to get one later."
        )
    screen.note("This line verifies what the ledger signs; give it to the board:")
    screen.say(key)
    screen.note(f"Start it with: placet serve --home {home}")


def _policies(files: list[Path] | None) -> tuple["PolicyText", ...]:
    from registry.cli.beginning import demo_policies
    from registry.policy_text import parse_policy

    if not files:
        return demo_policies()
    return tuple(parse_policy(file.read_bytes()) for file in files)


def _password(handle: str, *, asks: bool) -> str:
    from registry.cli.beginning import make_password

    given: str = ""
    if asks:
        given = typer.prompt(
            f"Password for {screen.line(handle)} (empty: make one)",
            default="",
            show_default=False,
            hide_input=True,
            confirmation_prompt=True,
            err=True,
        )
    return given or make_password()


def _rows(accounts: list["Account"]) -> list[tuple[str, str, str, str]]:
    return [
        (one.handle, " ".join(one.roles), " ".join(one.seats), one.password)
        for one in accounts
    ]
