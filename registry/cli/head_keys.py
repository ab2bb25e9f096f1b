"""`placet keys`: what signs the heads that chatbots poll, on a registry's folder."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.options import HOME, AsJson, Home, Yes
from registry.cli.places import home_at
from registry.cli.times import show_minute

if TYPE_CHECKING:  # it runs git when it is imported
    from registry.writer import HeadKey

KeyId = Annotated[
    str, typer.Argument(metavar="ID", help="The key's id: 8 digits, as listed.")
]


def list_keys(home: Home = HOME, as_json: AsJson = False) -> None:
    """List the keys that sign what chatbots read, and that have signed it.

    Every active key signs each head. A chatbot needs to know one of them.

    Examples:
      placet keys list
      placet keys list --home /srv/placet
      placet keys list --json
    """
    found = home_at(home).head_keys().list()
    if as_json:
        screen.print_json([_told(one) for one in found])
        return
    if not found:
        screen.note("There is no key yet: `placet serve` makes the first.")
        return
    rows = [
        (
            one.verifier.id,
            "active" if one.retired is None else "retired",
            show_minute(one.retired or one.made),
            show_minute(one.made),
        )
        for one in found
    ]
    screen.show(screen.table(("id", "state", "since (UTC)", "made (UTC)"), rows))


def show_keys(
    home: Home = HOME,
    id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Only this one, also if retired."),
    ] = None,
) -> None:
    """Print the public line of each active key, which a chatbot's client is given.

    It is no secret; take it to the chatbot by another way than the registry's own
    address.

    Examples:
      placet keys show
      placet keys show --home /srv/placet --id 3f9ac2d1
    """
    found = home_at(home).head_keys().some()
    from registry.signed_notes import dump_verifier
    from registry.writer.head_keys import named

    if id is None:
        wanted = [one for one in found if one.retired is None]
    else:
        wanted = [named(found, id)]
    for one in wanted:
        screen.say(dump_verifier(one.verifier))


def rotate_keys(home: Home = HOME) -> None:
    """Add a key, which signs beside those that do, and print its public line.

    A server that runs takes it in within seconds. Give the line to every chatbot,
    in `verify_keys`, and retire the old key when all of them have it.

    Examples:
      placet keys rotate
      placet keys rotate --home /srv/placet
    """
    from registry.signed_notes import dump_verifier

    made = home_at(home).head_keys().rotate(_now())
    screen.say(dump_verifier(made.verifier))
    screen.note(
        f"{made.verifier.id} signs beside the others from now on. When every chatbot "
        "has this line, retire the old key: placet keys retire ID."
    )


def retire_key(id: KeyId, home: Home = HOME, yes: Yes = False) -> None:
    """Have a key sign no more, for good; its private half is deleted.

    Chatbots that know no other key stay at their last good copy, and say that it is
    stale.

    Examples:
      placet keys retire 3f9ac2d1
      placet keys retire 3f9ac2d1 --home /srv/placet --yes
    """
    keys = home_at(home).head_keys()
    asking.check_askable(yes=yes)
    asking.confirm(
        f"Retire {screen.line(id)}, for good? A chatbot that knows no other key gets "
        "no news any more.",
        yes=yes,
    )
    ended = keys.retire(id, _now())
    screen.say(f"The key {ended.verifier.id} is retired and signs no more.")


def _now() -> datetime:
    from registry.writer import now

    return now()


def _told(key: "HeadKey") -> dict[str, object]:
    from registry.signed_notes import dump_verifier

    return {
        "id": key.verifier.id,
        "state": "active" if key.retired is None else "retired",
        "made": key.made,
        "retired": key.retired,
        "public": dump_verifier(key.verifier),
    }
