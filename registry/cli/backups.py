"""`placet backup`, `placet restore` and `placet move`: on a registry's folder."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import HOME, AsJson, Database, Home
from registry.cli.places import home_at
from registry.errors import Invalid
from registry.times import said

if TYPE_CHECKING:  # slow to import
    from registry.writer.backup import Taken
    from registry.writer.new_epoch import Raised
    from registry.writer.restore import Restored

Reason = Annotated[
    str, typer.Option("--reason", help="Why; everybody will read it in the ledger.")
]


def backup(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where your backups are.")
    ],
    home: Home = HOME,
    database: Database = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="Leave secret keys out.")
    ] = False,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep", min=1, help="Then remove all but so many of this registry."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take a backup, while the registry is at work.

    A new folder in DIR: the ledger, accounts, tokens, notices and keys, of one
    moment. It is read back before it gets its name. Who is signed in and what was
    fetched is not in it, nor tables that are made again from the ledger.

    Examples:
      placet backup /var/backups/placet --home /srv/placet
      placet backup /var/backups/placet --home /srv/placet --keep 30
      placet backup /mnt/usb --without-keys
    """
    place = home_at(home, database)
    from registry.cli import keeping

    with screen.progress("Backing up", keeping.STEPS) as progress:
        taken = keeping.take(place, folder, keys=not without_keys, done=progress)
    removed = keeping.remove_older(folder, taken, keep) if keep else []
    if as_json:
        screen.print_json(
            {"path": str(taken.path), "manifest": taken.manifest, "removed": removed}
        )
        return
    _show_taken(taken)
    for name in removed:
        screen.say(f"Removed {screen.line(name)}")


def restore(
    backup: Annotated[
        Path | None,
        typer.Argument(metavar="BACKUP", help="The folder of one backup."),
    ] = None,
    home: Home = HOME,
    database: Database = None,
    reason: Reason = "",
    checkpoints: Annotated[
        list[Path] | None,
        typer.Option(
            "--checkpoint",
            metavar="FILE",
            help="What was signed later; again for more.",
        ),
    ] = None,
    keys: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="KEY", help="What it is verified with; again."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only try it, in a place of its own.")
    ] = False,
    here: Annotated[
        bool,
        typer.Option("--here", help="You have put the files back: raise the epoch."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a registry from a backup, in an empty folder, and verify it.

    What came after the backup is gone. So the epoch is raised, by an event:
    chatbots that were told of the lost days believe what comes now. The ledger's
    old key signs nothing more, and everybody signs in again.

    With --checkpoint it says how much is lost: give ledger.signed of the old
    folder, or what a mirror has on its branch checkpoints. With --here, where you
    have put back the folder or its ledger yourself, it only raises the epoch.

    Examples:
      placet restore backups/placet-20261124T020000Z-event-1042 --check
      placet restore BACKUP --home /srv/placet --reason "The disk is gone."
      placet restore BACKUP --reason "A mistake." --checkpoint old/ledger.signed
      placet restore --here --home /srv/placet --reason "From the mirror."
    """
    _check_asked(backup, reason, here=here, check=check)
    place = home_at(home, database)
    from registry.cli import keeping

    asked = (reason, checkpoints or (), keys or ())
    if backup is None:
        raised = keeping.raise_here(place, *asked)
        told = {
            "epoch": raised.epoch,
            "events": raised.events,
            "known": raised.known,
            "verifier": raised.verifier,
        }
        _print(told, raised.lost, as_json, lambda: _show_raised(raised))
        return
    restored = (
        keeping.try_out(backup, *asked)
        if check
        else keeping.restore(backup, place, *asked)
    )
    at = None if check else home
    _print(restored, restored.lost, as_json, lambda: _show_restored(restored, at))


def _check_asked(backup: Path | None, reason: str, *, here: bool, check: bool) -> None:
    if here == (backup is not None) or (here and check):
        raise Invalid(
            "there is nothing to restore" if backup is None else "that is two things",
            hint="Name the folder of one backup, or give --here for what you have put "
            "back yourself.",
        )
    if not check and not reason.strip():
        raise Invalid(
            "restoring needs a reason", hint="Give it with --reason, for those who ask."
        )


def _print(
    done: object, lost: int | None, as_json: bool, show: Callable[[], None]
) -> None:
    if as_json:
        screen.print_json({"lost": lost, "restored": done})
    else:
        show()


def move(
    to: Annotated[
        str,
        typer.Option("--to", metavar="URL", help="An empty database: postgresql://..."),
    ],
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Move the tables of a registry from its folder to PostgreSQL.

    End the server first. Accounts, tokens, notices and what was fetched are
    copied, the rest is made from the ledger, and all of it is compared row by
    row. The ledger and the keys stay in the folder. What fails leaves everything
    as it was.

    Examples:
      placet move --home /srv/placet --to postgresql://placet@db.internal/placet
    """
    place = home_at(home)
    from registry.cli import keeping

    moved = keeping.move(place, to)
    if as_json:
        kept = [path.name for path in moved.kept]
        screen.print_json({"events": moved.events, "rows": moved.rows, "kept": kept})
        return
    screen.say(
        f"The tables are in PostgreSQL: {screen.count(moved.events, 'event')}, "
        f"{screen.count(moved.rows, 'row')}, each compared.",
        "bold green",
    )
    screen.note("From now on give the URL with every command, and to the server:")
    screen.note("  export PLACET_DATABASE=postgresql://...")
    screen.note(
        "The files from before are kept, and nobody uses them: "
        + ", ".join(path.name for path in moved.kept)
        + ". Remove them when all is well; there are password hashes in them."
    )


def _show_taken(taken: "Taken") -> None:
    manifest = taken.manifest
    size = sum(one.bytes for one in manifest.files)
    screen.say(f"The backup is whole: {screen.line(str(taken.path))}", "bold green")
    screen.say(
        f"{screen.count(manifest.event, 'event')}, epoch {manifest.epoch}, "
        f"{screen.count(sum(one.rows for one in manifest.tables), 'row')}, "
        f"{size:,} bytes"
    )
    screen.note(
        "It holds secrets: hashes of passwords and tokens, what signs notices"
        + (", and the registry's keys" if manifest.keys else "")
        + ". Keep it where nobody else reads it, and not on this machine alone.",
        "bold",
    )
    screen.note(f"Try it out: placet restore {screen.line(str(taken.path))} --check")


def _show_restored(restored: "Restored", home: Path | None) -> None:
    manifest = restored.manifest
    where = "It can be restored" if home is None else f"There is a registry in {home}"
    screen.say(f"{where}, as it was on {said(manifest.taken)}.", "bold green")
    screen.say(
        f"{screen.count(manifest.event, 'event')}, verified; epoch {restored.epoch}"
    )
    for name, seq in sorted(restored.verified.environments.items()):
        screen.say(f"{name} is at seq {seq}")
    screen.say(_lost(restored.lost, manifest.event))
    if home is None:
        return
    screen.note(
        "Everybody signs in again. Passwords that were changed and tokens that were "
        "revoked since then count as before: see `placet token list`.",
        "bold",
    )
    _say_key(restored.verifier)
    screen.note(f"Start it with: placet serve --home {home}")


def _show_raised(raised: "Raised") -> None:
    screen.say(f"It is epoch {raised.epoch} now.", "bold green")
    screen.say(_lost(raised.lost, raised.events))
    if raised.kept is not None:
        screen.note(f"The old key is kept, and signs nothing: {raised.kept}")
    _say_key(raised.verifier)


def _lost(lost: int | None, number: int) -> str:
    if lost is None:
        return f"What happened after event {number:,} is lost, if anything did."
    if not lost:
        return f"As far as is known, nothing happened after event {number:,}."
    return f"At least {screen.count(lost, 'event')} after event {number:,} are lost."


def _say_key(verifier: str) -> None:
    screen.note(
        "This line verifies what the ledger signs from now on; give it to the board "
        "with the old one:"
    )
    screen.say(verifier)
