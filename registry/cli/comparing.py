"""`placet diff`: what differs between environments, or two moments of one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.moving import bot_name
from registry.cli.options import AsJson, Environment
from registry.cli.session import connect
from registry.errors import Invalid

if TYPE_CHECKING:  # slow to import
    from registry.remote import Remote
    from registry.remote.comparing import Drift
    from registry.remote.differences import DocumentDifference, Text
    from registry.remote.environments import Live

Before = Annotated[
    int | None, typer.Option("--from", metavar="SEQ", min=1, help="From this seq.")
]
After = Annotated[
    int | None, typer.Option("--to", metavar="SEQ", min=1, help="To this seq.")
]


def diff(
    environment: Environment,
    other: Annotated[
        str | None, typer.Argument(metavar="ENV", help="What to compare with.")
    ] = None,
    before: Before = None,
    after: After = None,
    bot: Annotated[
        str | None, typer.Option("--bot", help="This bot, with what it uses, alone.")
    ] = None,
    texts: Annotated[
        bool, typer.Option("--texts", help="The texts, line by line.")
    ] = False,
    names: Annotated[
        bool, typer.Option("--names", help="Only which documents, not their texts.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also documents that are the same.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show how two environments differ, or what happened between two moments of one.

    Of two environments it tells which documents are ahead in the first, behind,
    only in one, or went their own way; since when and by which change; which bots
    use them; and the command that proposes in the second what the first has more.
    Of two moments it shows the texts; --names leaves them out. Lines with - are of
    the first, and lines with + of the second. What was recalled is said.

    Examples:
      placet diff staging production
      placet diff staging production --bot acme-air/support
      placet diff staging production --texts
      placet diff production --from 41 --to 44
    """
    of_moments = before is not None or after is not None
    if (other is None) != of_moments:
        raise Invalid(
            "it takes two environments, or two sequence numbers of one",
            hint="`placet diff staging production`, or "
            "`placet diff production --from 41 --to 44`.",
        )
    if other is not None:
        _of_environments(environment, other, bot, texts, everything, as_json)
        return
    if bot is not None or everything:
        raise Invalid(
            "--bot and --all are for two environments",
            hint="Leave them out, or name another environment to compare with.",
        )
    _of_moments(environment, before, after, names=names, as_json=as_json)


def _of_environments(
    environment: str,
    other: str,
    bot: str | None,
    texts: bool,
    everything: bool,
    as_json: bool,
) -> None:
    with connect() as remote:
        found = remote.comparisons.drift(
            environment, other, bot=None if bot is None else bot_name(bot)
        )
        shown = [
            difference_of(
                remote,
                one.document,
                one.here.version if one.here else None,
                one.there.version if one.there else None,
            )
            for one in found.documents
            if texts and one.relation != "same"
        ]
        recalled = _recalled(remote, _held(found))
    if as_json:
        screen.print_json(shown if texts else found)
        return
    from registry.cli import difference_view, drift_view

    if texts and shown:
        screen.say(f"- {environment}, + {other}", "bold")
        screen.show(*difference_view.sources(shown))
        _tell_recalled(recalled)
    elif texts:
        screen.note("Nothing differs.")
    else:
        drift_view.show(found, recalled, bot=bot, everything=everything)


def _of_moments(
    environment: str,
    before: int | None,
    after: int | None,
    *,
    names: bool,
    as_json: bool,
) -> None:
    with connect() as remote:
        old = remote.environments.live(environment, seq=before)
        new = remote.environments.live(environment, seq=after)
        steps = list(steps_between(old, new))
        shown = [] if names else [difference_of(remote, *step) for step in steps]
        differing = {name for name, _, _ in steps}
        recalled = _recalled(
            remote,
            (
                (one.document, one.version, one.digest)
                for one in (*old.documents, *new.documents)
                if one.document in differing
            ),
        )
    if as_json:
        keys = ("document", "before", "after")
        screen.print_json(
            shown or [dict(zip(keys, step, strict=True)) for step in steps]
        )
    elif not steps:
        screen.note("Nothing differs.")
    elif names:
        columns = [f"{live.environment} {live.seq}" for live in (old, new)]
        rows = [(name, was or "", now or "") for name, was, now in steps]
        screen.show(screen.table(("document", *columns), rows))
        _tell_recalled(recalled)
    else:
        from registry.cli import difference_view

        screen.say(f"- seq {old.seq}, + seq {new.seq} of {environment}", "bold")
        screen.show(*difference_view.sources(shown))
        _tell_recalled(recalled)


def _held(found: "Drift") -> Iterator[tuple[str, str, str]]:
    for one in found.documents:
        for held in (one.here, one.there):
            if held is not None:
                yield one.document, held.version, held.digest


def _recalled(remote: "Remote", held: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """A sentence for each digest of *held* (document, version, digest) recalled."""
    reasons = {one.digest: one.reason for one in remote.recalls.list()}
    return {
        digest: f"{document} {version} was recalled: {reasons[digest]}"
        for document, version, digest in held
        if digest in reasons
    }


def _tell_recalled(recalled: Mapping[str, str]) -> None:
    for sentence in recalled.values():
        screen.say(screen.line(sentence), "bold red")


def steps_between(
    old: "Live", new: "Live"
) -> Iterable[tuple[str, str | None, str | None]]:
    """What differs: the document, its version before and after."""
    before = {one.document: one for one in old.documents}
    after = {one.document: one for one in new.documents}
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if (was and was.digest) != (now and now.digest):
            yield name, was.version if was else None, now.version if now else None


def difference_of(
    remote: "Remote", document: str, before: str | None, after: str | None
) -> "DocumentDifference":
    from registry.remote.differences import DocumentDifference

    return DocumentDifference(
        document=document,
        before=_text(remote, document, before),
        after=_text(remote, document, after),
        rules=(),
    )


def _text(remote: "Remote", document: str, version: str | None) -> "Text | None":
    from registry.remote.differences import Text

    if version is None:
        return None
    source = remote.documents.read(document, version)
    return Text(version=version, source=source.decode(), review_by=None)
