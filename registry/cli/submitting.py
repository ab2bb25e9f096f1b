"""`placet submit`: a change from a folder of documents."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import check, screen
from registry.cli.changes import tell
from registry.cli.options import AsJson
from registry.cli.session import connect
from registry.cli.times import parse_schedule
from registry.errors import Conflict, Invalid, InvalidDocument

if TYPE_CHECKING:  # slow to import
    from registry.cli.library import Library
    from registry.cli.working_copy import Began
    from registry.remote import Remote
    from registry.remote.changes import ChangeView, Proposal

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder of documents, or one file.")
]
Into = Annotated[
    str | None,
    typer.Option(
        "--env", metavar="ENV", help="Where it is to go live; else where DIR is from."
    ),
]
Title = Annotated[
    str | None, typer.Option("--title", help="One line: what the change does.")
]
Revised = Annotated[
    int | None,
    typer.Option("--change", metavar="ID", help="Revise this change instead."),
]
Deleted = Annotated[
    list[str] | None,
    typer.Option(
        "--delete", metavar="DOCUMENT", help="Delete this one; again for another."
    ),
]
Bumped = Annotated[
    bool,
    typer.Option("--bump", help="Set versions that are too small, without asking."),
]
Schedule = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="TIME",
        help="Goes live by itself then, once agreed to: 2026-12-01T08:00, in UTC; "
        "`none` for not by itself.",
    ),
]
IfChanged = Annotated[
    bool, typer.Option("--if-changed", help="Nothing to propose is no error.")
]


def submit(
    folder: Folder,
    environment: Into = None,
    title: Title = None,
    change: Revised = None,
    deleted: Deleted = None,
    at: Schedule = None,
    bump: Bumped = False,
    if_changed: IfChanged = False,
    as_json: AsJson = False,
) -> None:
    """Propose what a folder has and the environment has not.

    The folder is checked first. Documents that are as they are live are left
    out. In a folder from `placet pull` it also says what the editing began
    from, so that what moved meanwhile is not overwritten. Deleting a file
    deletes nothing: name the document with --delete.

    A version says how much a document changed. Where one says too little, you
    are told why, and asked whether it shall be set in the file. The file is
    changed when the change has been opened; if it is refused, no file is.

    Examples:
      placet submit work/ --env production --title "Refund limit wording"
      placet submit work/ --env production --change 42 --title "With the source"
      placet submit prompts/ --env development --title "From main" --if-changed
      placet submit work/ --title "A shorter answer" --bump
      placet submit work/ --title "Old prompt" --delete prompts/acme-air/old
      placet submit work/ --title "Winter fares" --at '2026-12-01T08:00+01:00'
    """
    from registry.cli.bumping import agree_on_versions, edited_in, set_versions
    from registry.cli.pins import check_pins
    from registry.cli.working_copy import read_began
    from registry.remote.changes import Proposal

    began = read_began(folder) if folder.is_dir() else None
    library = _checked(folder, began, bump=bump)
    check.print_linked([folder])
    with connect() as remote:
        environment = _environment(remote, environment, change, began)
        live = remote.environments.live(environment)
        edited = edited_in(library, live)
        versions = agree_on_versions(remote, library, edited, live, bump=bump)
        if versions or library.found:
            library = _checked(folder, began, versions)
            edited = edited_in(library, live)
        names = [document.ref for document in edited]
        if not names and not deleted:
            _nothing(environment, if_changed=if_changed, as_json=as_json)
            return
        check_pins(remote, library, edited, live)
        proposal = Proposal(
            title=_title(remote, title, change),
            sources=[document.source.decode() for document in edited],
            deleted=deleted or [],
            edited_from=_edited_from(began, environment, [*names, *(deleted or [])]),
            earliest=_earliest(remote, at, change),
        )
        done = _sent(remote, library, environment, change, proposal)
    set_versions(versions)
    if as_json:
        screen.print_json(done)
        return
    _tell(done, [*names, *(deleted or [])], new=change is None)


def _sent(
    remote: "Remote",
    library: "Library",
    environment: str,
    change: int | None,
    proposal: "Proposal",
) -> "ChangeView":
    from registry.cli.pins import tell_what_to_pull

    try:
        if change is None:
            return remote.changes.submit(environment, proposal)
        return remote.changes.revise(change, proposal)
    except InvalidDocument as refused:
        tell_what_to_pull(refused, library, environment)
        raise


def _tell(change: "ChangeView", names: list[str], *, new: bool) -> None:
    tell(change, "Opened" if new else f"Revision {change.revision} of", as_json=False)
    screen.say("  " + ", ".join(names))
    also = [one.document for one in change.effect if one.document not in names]
    if also:
        screen.say(f"  also reads differently: {', '.join(also)}")
    screen.note(f"See it with: placet show {change.id}")


def _checked(
    folder: Path,
    began: "Began | None",
    versions: Mapping[Path, bytes] = MappingProxyType({}),
    *,
    bump: bool = False,
) -> "Library":
    """Whatever is wrong is printed, and nothing is sent.

    Args:
        versions: Texts with other versions, which the files do not have yet.
        bump: Versions are still to be set, so that documents need not agree.
    """
    from registry.cli.library import read_library

    known = began.elsewhere if began else {}
    library = read_library([folder], elsewhere=known, instead=versions)
    readable = {*library.places.values()}
    if bump and all(found.path in readable for found in library.found):
        return library
    if library.found:
        check.print_findings(library, error=True)
        raise Invalid(
            f"{folder} cannot be submitted as it is",
            hint="Mend what is named above; nothing was sent, no file was changed.",
        )
    return library


def _environment(
    remote: "Remote", given: str | None, change: int | None, began: "Began | None"
) -> str:
    if change is not None:
        held = remote.changes.get(change).environment
        if given not in {None, held}:
            raise Conflict(
                f"change {change} is in {held}",
                hint="Leave out --env, or --change to open a new one.",
            )
        if given is None and began is not None and began.environment != held:
            raise Conflict(
                f"change {change} is in {held}, and the folder is from "
                f"{began.environment}",
                hint=f"Pull {held} into another folder and edit there; --env {held} "
                "proposes all that differs from it, edited or not.",
            )
        return held
    if given is not None:
        return given
    if began is None:
        raise Invalid("no environment is named", hint="Name it with --env.")
    return began.environment


def _nothing(environment: str, *, if_changed: bool, as_json: bool) -> None:
    if not if_changed:
        raise Conflict(
            f"everything is live in {environment} as it is in the folder",
            hint="Edit something first; with --if-changed this is no error.",
        )
    if as_json:
        screen.print_json(None)
    else:
        screen.say(f"Nothing to propose: {environment} has all of it.")


def _title(remote: "Remote", given: str | None, change: int | None) -> str:
    if given is not None:
        return given
    if change is None:
        raise Invalid("the change has no title", hint="Say what it does: --title.")
    return remote.changes.get(change).title


def _earliest(remote: "Remote", at: str | None, change: int | None) -> datetime | None:
    """As it is asked for; else a revision is for the moment of the one before."""
    if at == "none":
        return None
    if at is None and change is not None:
        return remote.changes.get(change).earliest
    return parse_schedule(at)


def _edited_from(
    began: "Began | None", environment: str, names: list[str]
) -> dict[str, str | None]:
    """What the folder says that *names* were edited from, if it says anything."""
    if began is None or began.environment != environment:
        return {}
    return {name: began.documents.get(name) for name in names}
