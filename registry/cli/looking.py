"""`placet log`, `asof` and `search`: what was live, when, and who said yes."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson, Digests, Environment, Limit
from registry.cli.session import connect
from registry.cli.times import parse_time, show_minute, show_time
from registry.errors import Invalid, NotFound

if TYPE_CHECKING:  # slow to import
    from registry.remote import Remote
    from registry.remote.documents import Found
    from registry.remote.environments import Live, LiveDocument, Moment

Document = Annotated[
    str | None, typer.Argument(metavar="DOCUMENT", help="Such as prompts/NAME.")
]


NOW = "now"


def log(
    environment: Annotated[
        str | None, typer.Argument(metavar="ENV", help="Such as production.")
    ] = None,
    document: Document = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Show how an environment came to be what it is, newest first.

    Examples:
      placet log production
      placet log production prompts/acme-air/refunds
      placet log production --limit 1000 --json
    """
    with connect() as remote:
        if environment is None:
            raise _unnamed(remote)
        found = list(
            remote.environments.history(environment, document=document, limit=limit)
        )
    if as_json:
        screen.print_json(found)
    elif found:
        screen.show(
            screen.table(
                ("seq", "when (UTC)", "who", "what", "change", "title: documents"),
                [_moment(one) for one in found],
            )
        )
    else:
        screen.note("Nothing has happened there yet.")


def _unnamed(remote: "Remote") -> Invalid:
    known = ", ".join(one.name for one in remote.environments.list())
    return Invalid(
        "a log is of one environment, and none is named",
        hint=f"Name it, as in `placet log production`; there are {known}.",
    )


def asof(
    environment: Environment,
    time: Annotated[
        str,
        typer.Argument(
            metavar="TIME", help="'2026-05-03 14:07' in UTC, RFC 3339, or a seq."
        ),
    ] = NOW,
    document: Document = None,
    digests: Digests = False,
    as_json: AsJson = False,
) -> None:
    """Show what is live, or was at a moment; with a document, its text then.

    Into a pipe the text is byte for byte what was live.

    Examples:
      placet asof production
      placet asof production '2026-05-03 14:07'
      placet asof production 41
      placet asof production now prompts/acme-air/refunds > refunds.yaml
    """
    by_seq = time.isascii() and time.isdecimal()
    with connect() as remote:
        live = remote.environments.live(
            environment,
            at=None if by_seq or time == NOW else _moment_of(remote, environment, time),
            seq=int(time) if by_seq else None,
        )
        if document is not None:
            held = _held(live, document)
            source = remote.documents.read(document, held.version)
    if document is None:
        _show_live(live, digests=digests, as_json=as_json)
    elif as_json:
        screen.print_json({"document": held, "source": source.decode()})
    else:
        screen.print_bytes(source)


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD", help="What to find.")],
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Find live documents that have all the words, whatever their case.

    Examples:
      placet search 24 hours
      placet search "bereavement" --json
    """
    with connect() as remote:
        found = list(remote.documents.search(" ".join(words), limit=limit))
    if as_json:
        screen.print_json(found)
    elif found:
        _show_found(found)
    else:
        screen.note("Nothing that is live has all of these words.")


def _show_found(found: list["Found"]) -> None:
    """Each place once, with the environments in which it is live."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for one in found:
        at = (one.document, one.where, one.snippet)
        places.setdefault(at, []).append(one.environment)
    for (document, where, snippet), environments in places.items():
        screen.say(f"{document}, {where} ({', '.join(environments)})", "bold")
        screen.say(f"  {screen.line(snippet)}")


def _moment_of(remote: "Remote", environment: str, time: str) -> datetime:
    if "/" in time or time.replace("-", "").isalpha():
        live = remote.environments.live(environment).documents
        meant = [o.document for o in live if f"/{o.document}".endswith(f"/{time}")]
        if meant or "/" in time:
            document = meant[0] if meant else time
            raise Invalid(
                f"{screen.line(time)} stands where the time belongs",
                hint=f"Put `now` before it: placet asof {environment} now {document}",
            )
    return parse_time(time)


def _moment(moment: "Moment") -> tuple[str, ...]:
    from registry.cli.difference_view import step

    documents = [
        f"{one.document} {step(one.before_version, one.version)}"
        for one in moment.documents
    ]
    touched = screen.count(len(documents), "document")
    if len(documents) == 1:
        touched = documents[0]
    return (
        str(moment.seq),
        show_minute(moment.at),
        moment.by,
        _done(moment),
        str(moment.change or ""),
        f"{moment.title}: {touched}" if documents else moment.title,
    )


def _done(moment: "Moment") -> str:
    """What was done, and whether people had to agree to it afterwards."""
    if moment.ratification is None:
        return moment.type
    how = " in an emergency" if moment.ratification.incident else ""
    return f"{moment.type}{how} ({moment.ratification.status})"


def _held(live: "Live", document: str) -> "LiveDocument":
    for one in live.documents:
        if one.document == document:
            return one
    meant = [o.document for o in live.documents if o.document.endswith(f"/{document}")]
    raise NotFound(
        f"{document} was not live in {live.environment} at seq {live.seq}",
        hint=f"Did you mean {' or '.join(meant)}?"
        if meant
        else f"`placet asof {live.environment} {live.seq}` lists what was.",
    )


def _show_live(live: "Live", *, digests: bool, as_json: bool) -> None:
    if as_json:
        screen.print_json(live)
        return
    when = f" since {show_time(live.at)} UTC" if live.at else ""
    screen.say(f"{live.environment} at seq {live.seq}{when}", "bold")
    if digests:
        columns: tuple[str, ...] = ("digest", "document", "version")
        rows: list[tuple[str, ...]] = [
            (one.digest, one.document, one.version) for one in live.documents
        ]
    else:
        rows = [
            (one.document, one.version, str(one.since), one.tier, one.owner)
            for one in live.documents
        ]
        columns = ("document", "version", "since", "tier", "owner")
    screen.show(screen.table(columns, rows))
    for bot in live.bots:
        if bot.stopped:
            screen.say(f"bots/{bot.bot} is stopped since seq {bot.since}", "red")
