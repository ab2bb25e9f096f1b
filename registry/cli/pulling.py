"""`placet pull`: what is live, into a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson, Environment
from registry.cli.session import connect
from registry.errors import Conflict, NotFound, Unavailable

if TYPE_CHECKING:  # slow to import
    from registry.cli.working_copy import Began
    from registry.remote import Remote
    from registry.remote.environments import Live, LiveDocument


def pull(
    environment: Environment,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Into this folder.")],
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DOCUMENT", help="Such as prompts/NAME; all that is live without."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Drop edits that were made in the folder.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch the live documents' texts into a folder, to read or to edit.

    The folder remembers what was fetched, so that `placet submit` can tell what
    was edited, and what has moved meanwhile.

    Examples:
      placet pull production --to work/
      placet pull production prompts/acme-air/refunds --to work/
    """
    from registry.cli import working_copy

    began = working_copy.read_began(to)
    _check_environment(to, began, environment)
    with connect() as remote:
        live = remote.environments.live(environment)
        wanted = _wanted(live, documents)
        gone = _gone(began, live, whole=not documents)
        digests = {one.document: one.digest for one in wanted}
        if not force:
            coming = {**digests, **dict.fromkeys(gone)}
            working_copy.check_unedited(to, began, coming)
        _fetch(remote, to, wanted)
    for document in gone:
        working_copy.place_of(to, document).unlink(missing_ok=True)
    working_copy.write_began(to, _begins(began, live, digests, gone))
    if as_json:
        screen.print_json({"seq": live.seq, "documents": digests})
    else:
        fetched = screen.count(len(wanted), "document")
        screen.say(f"{to} has {fetched} of {environment} at seq {live.seq}.")


def _begins(
    began: "Began | None", live: "Live", digests: dict[str, str], gone: list[str]
) -> "Began":
    from registry.cli import working_copy

    before = began.documents if began else {}
    known = {k: v for k, v in before.items() if k not in gone} | digests
    return working_copy.Began(
        format=working_copy.FORMAT,
        environment=live.environment,
        seq=live.seq,
        documents=known,
        others=tuple(
            one.document for one in live.documents if one.document not in known
        ),
        versions={one.document: one.version for one in live.documents},
    )


def _check_environment(to: Path, began: "Began | None", environment: str) -> None:
    if began is not None and began.environment != environment:
        raise Conflict(
            f"{to} holds documents of {began.environment}",
            hint="Fetch another environment into another folder.",
        )


def _wanted(live: "Live", documents: list[str] | None) -> list["LiveDocument"]:
    if not documents:
        return list(live.documents)
    held = {one.document: one for one in live.documents}
    missing = [document for document in documents if document not in held]
    if missing:
        raise NotFound(
            f"{', '.join(missing)} is not live in {live.environment}",
            hint=f"`placet asof {live.environment} {live.seq}` lists what is.",
        )
    return [held[document] for document in dict.fromkeys(documents)]


def _gone(began: "Began | None", live: "Live", *, whole: bool) -> list[str]:
    """Documents that were fetched before and are no longer live."""
    if began is None or not whole:
        return []
    return sorted(set(began.documents) - {one.document for one in live.documents})


def _fetch(remote: "Remote", to: Path, wanted: list["LiveDocument"]) -> None:
    from registry.cli.working_copy import held_digest, write_text
    from registry.names import digest_of

    with screen.progress("Fetching", len(wanted)) as progress:
        for number, one in enumerate(wanted, start=1):
            if held_digest(to, one.document) != one.digest:
                source = remote.documents.read(one.document, one.version)
                if digest_of(source) != one.digest:
                    raise Unavailable(
                        f"{one.document} did not come as it is live",
                        hint="Try again; something on the way changes the texts.",
                    )
                write_text(to, one.document, source)
            progress(number)
