"""`placet clients`: who was told what last, and who is behind what is live."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson, Environment, Limit
from registry.cli.session import connect
from registry.cli.times import show_minute, show_time

if TYPE_CHECKING:  # slow to import
    from registry.remote.fetches import Client


def clients(
    environment: Environment,
    bot: Annotated[
        str | None, typer.Option("--bot", metavar="BOT", help="Only of this bot.")
    ] = None,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """List what each client was told last, those first that are behind what is live.

    A client is a token: chatbots that share one are told apart by nobody, and are
    up to date as soon as one of them is. It is behind if it has not asked since
    something else went live. People who looked with a session are listed as well,
    and never behind. Who has not asked for 90 days is forgotten; the last few
    seconds may not be counted yet.

    Examples:
      placet clients production
      placet clients production --bot acme-air/support
      placet clients production --json
    """
    name = bot.removeprefix("bots/") if bot else None
    with connect() as remote:
        found = list(remote.fetches.clients(environment, bot=name, limit=limit))
    if as_json:
        screen.print_json(found)
    elif found:
        _show(found, limit)
    else:
        what = f"bots/{name} in {environment}" if name else f"anything in {environment}"
        screen.note(f"No client has fetched {what} in the last 90 days.")


def _show(found: "list[Client]", limit: int) -> None:
    now = datetime.now(UTC)
    columns = ("document", "client", "seq", "live", "behind since (UTC)")
    rows = [_row(one, now) for one in found]
    screen.show(screen.table((*columns, "asked last (UTC)", "token"), rows))
    behind = sum(one.behind_since is not None for one in found)
    if len(found) == limit:
        screen.note(f"These are the first {limit:,}; --limit shows more.")
    screen.note(f"{behind:,} behind, {len(found) - behind:,} up to date.")


def _row(client: "Client", now: datetime) -> tuple[str, ...]:
    return (
        client.document,
        _name(client),
        str(client.seq),
        str(client.live_seq),
        show_time(client.behind_since) if client.behind_since else "",
        show_time(client.last_seen),
        _token(client, now),
    )


def _name(client: "Client") -> str:
    """What a token is for comes from whoever made it, and need not be unique."""
    if not client.purpose:
        return client.handle
    return f"{client.purpose} ({client.handle})"


def _token(client: "Client", now: datetime) -> str:
    """The token's id; and that it has ended, so that nobody waits for its client."""
    id = client.via.removeprefix("token:")
    if client.via == id:
        return "a session"
    if client.ends is not None and client.ends <= now:
        return f"{id}, ended {show_minute(client.ends)}"
    return id
