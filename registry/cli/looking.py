"""`placet log`, `diff` and `asof`: what was live, when, and who said yes."""

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
    from registry.remote.changes import DocumentDifference, Text
    from registry.remote.documents import Found
    from registry.remote.environments import Live, LiveDocument, Moment

Document = Annotated[
    str | None, typer.Argument(metavar="DOCUMENT", help="Such as prompts/NAME.")
]


NOW = "now"


def log(
    environment: Environment,
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


def diff(
    environment: Environment,
    other: Annotated[
        str | None, typer.Argument(metavar="ENV", help="What to compare with.")
    ] = None,
    before: Annotated[
        int | None, typer.Option("--from", metavar="SEQ", min=0, help="From this seq.")
    ] = None,
    after: Annotated[
        int | None, typer.Option("--to", metavar="SEQ", min=0, help="To this seq.")
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Only which documents, not their texts.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two environments, or two moments of one.

    Examples:
      placet diff staging production
      placet diff production --from 41 --to 44
      placet diff staging production --names
    """
    if (other is None) != (before is not None or after is not None):
        raise Invalid(
            "it takes two environments, or two sequence numbers of one",
            hint="`placet diff staging production`, or "
            "`placet diff production --from 41 --to 44`.",
        )
    with connect() as remote:
        old = remote.environments.live(environment, seq=before)
        new = remote.environments.live(other or environment, seq=after)
        pairs = _pairs(old, new)
        texts = [] if names else [_texts(remote, *pair) for pair in pairs]
    if as_json:
        screen.print_json(texts if texts else [_step(*pair) for pair in pairs])
    elif not pairs:
        screen.note("Nothing differs.")
    elif names:
        _show_pairs(old, new, pairs)
    else:
        from registry.cli import difference_view

        screen.show(*difference_view.sources(texts))


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
        moment.type,
        str(moment.change or ""),
        f"{moment.title}: {touched}" if documents else moment.title,
    )


_Pair = tuple["LiveDocument | None", "LiveDocument | None"]


def _pairs(old: "Live", new: "Live") -> list[_Pair]:
    before = {one.document: one for one in old.documents}
    after = {one.document: one for one in new.documents}
    pairs = ((before.get(n), after.get(n)) for n in sorted({*before, *after}))
    return [(a, b) for a, b in pairs if (a and a.digest) != (b and b.digest)]


def _texts(
    remote: "Remote", old: "LiveDocument | None", new: "LiveDocument | None"
) -> "DocumentDifference":
    from registry.remote.changes import DocumentDifference

    return DocumentDifference(
        document=_document(old, new),
        before=_text(remote, old),
        after=_text(remote, new),
    )


def _text(remote: "Remote", live: "LiveDocument | None") -> "Text | None":
    from registry.remote.changes import Text

    if live is None:
        return None
    source = remote.documents.read(live.document, live.version)
    return Text(version=live.version, source=source.decode())


def _step(
    old: "LiveDocument | None", new: "LiveDocument | None"
) -> dict[str, str | None]:
    return {
        "document": _document(old, new),
        "before": old.version if old else None,
        "after": new.version if new else None,
    }


def _document(old: "LiveDocument | None", new: "LiveDocument | None") -> str:
    either = old or new
    return either.document if either else ""


def _show_pairs(old: "Live", new: "Live", pairs: list[_Pair]) -> None:
    columns = [f"{live.environment} {live.seq}" for live in (old, new)]
    rows = [
        (_document(a, b), a.version if a else "", b.version if b else "")
        for a, b in pairs
    ]
    screen.show(screen.table(("document", *columns), rows))


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
