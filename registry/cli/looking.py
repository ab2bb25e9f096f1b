"""`placet log`, `diff` and `asof`: what was live, when, and who said yes."""

from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson, Environment, Limit
from registry.cli.session import connect
from registry.cli.times import parse_time, show_time
from registry.errors import Invalid, NotFound

if TYPE_CHECKING:  # slow to import
    from registry.remote import Remote
    from registry.remote.changes import DocumentDifference, Text
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
                ("seq", "when (UTC)", "who", "what", "change", "title", "documents"),
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
    as_json: AsJson = False,
) -> None:
    """Show what is live, or was at a moment; with a document, its text then.

    Into a pipe the text is byte for byte what was live.

    Examples:
      placet asof production
      placet asof production '2026-05-03 14:07'
      placet asof production 41
      placet asof production 2026-05-03T14:07:00Z prompts/acme-air/refunds > then.yaml
    """
    by_seq = time.isascii() and time.isdecimal()
    with connect() as remote:
        live = remote.environments.live(
            environment,
            at=None if by_seq or time == NOW else parse_time(time),
            seq=int(time) if by_seq else None,
        )
        if document is not None:
            held = _held(live, document)
            source = remote.documents.read(document, held.version)
    if document is None:
        _show_live(live, as_json=as_json)
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
        screen.show(
            screen.table(
                ("environment", "document", "where", "there"),
                [(f.environment, f.document, f.where, f.snippet) for f in found],
            )
        )
    else:
        screen.note("Nothing that is live has all of these words.")


def _moment(moment: "Moment") -> tuple[str, ...]:
    from registry.cli.difference_view import step

    documents = [
        f"{one.document} {step(one.before_version, one.version)}"
        for one in moment.documents
    ]
    more = f" and {len(documents) - 1} more" if len(documents) > 1 else ""
    return (
        str(moment.seq),
        show_time(moment.at),
        moment.by,
        moment.type,
        str(moment.change or ""),
        moment.title,
        (documents[0] if documents else "") + more,
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
    raise NotFound(
        f"{document} was not live in {live.environment} at seq {live.seq}",
        hint=f"`placet log {live.environment} {document}` says when it was.",
    )


def _show_live(live: "Live", *, as_json: bool) -> None:
    if as_json:
        screen.print_json(live)
        return
    when = f" since {show_time(live.at)} UTC" if live.at else ""
    screen.say(f"{live.environment} at seq {live.seq}{when}", "bold")
    screen.show(
        screen.table(
            ("document", "version", "since seq", "tier", "owner", "digest"),
            [
                (
                    one.document,
                    one.version,
                    str(one.since),
                    one.tier,
                    one.owner,
                    one.digest,
                )
                for one in live.documents
            ],
        )
    )
    for bot in live.bots:
        if bot.stopped:
            screen.say(f"bots/{bot.bot} is stopped since seq {bot.since}", "red")
