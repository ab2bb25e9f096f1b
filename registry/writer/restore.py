"""Restoring a backup: into an empty place, whole or not at all.

 1. Every file of the backup has its digest, and the place is empty.
 2. In a folder beside the one that is to be there: the ledger, the small files of the
    home, the operational rows in the form that they had, brought to this version's.
 3. The projection is made from the ledger, every event, text and composed digest
    looked at.
 4. The epoch is raised, by an event; the ledger's next key signs it.
 5. All of it is verified.  Then the folder gets its name.

**The ledger's old key signs nothing more.**  It may have signed events after the
backup, and nobody can know that it has not; what goes on from the backup is another
history, and a key never signs two.  So the registry gets a new one.  The old
verifier stays, for what it has signed, and so do checkpoints that others keep: one
that is of more events than the backup tells how much is lost.

**The epoch is always raised.**  Nobody can prove that the old server has ended and
wrote nothing after the backup, nor that a backup is restored only once.  A planned
move needs no backup: the server is ended and its folder is moved.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from registry.checkpoints import origin_of
from registry.db.engine import disposing, open_engine, writing
from registry.db.rows import add_rows, parse_row, refuse_rows, take_rows_away
from registry.db.schema import OPERATIONS, migrate, revise, revisions
from registry.errors import Conflict, Invalid, Unavailable
from registry.ledger import flush, read_archive
from registry.signed_notes import dump_verifier
from registry.writer.home import OPERATIONS_FILE, Home, opened
from registry.writer.keys import SIGNING, VERIFIERS, parse_verifiers, write_whole
from registry.writer.manifest import (
    ARCHIVE,
    HOME,
    ROWS,
    Manifest,
    check_files,
    damaged,
    is_kept,
    is_secret,
    read_manifest,
)
from registry.writer.new_epoch import Asked, raise_epoch
from registry.writer.rebuild import rebuild_tables
from registry.writer.signed import Held, read_checkpoint
from registry.writer.verify import Verified, verify

_BESIDE = "restoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A registry that was restored, and verified.

    Attributes:
        epoch: The one that has begun.
        known: How many events there are known to have been; None if nobody knows.
        verifier: What verifies the ledger's checkpoints from now on.
    """

    manifest: Manifest
    epoch: int
    known: int | None
    verifier: str
    verified: Verified

    @property
    def lost(self) -> int | None:
        """How many events are lost, at least; None if nobody knows."""
        return None if self.known is None else max(self.known - self.manifest.event, 0)


def restore(backup: Path, home: Home, asked: Asked) -> Restored:
    """Make the registry of *backup* at *home*, in an epoch of its own.

    Raises:
        Conflict: There is something at *home* already, or in its database.
        Invalid: The backup is damaged, or of a later version.
        LedgerBroken: What is in it does not hold together.
        Unavailable: It cannot be written.
    """
    manifest = read_manifest(backup)
    check_files(backup, manifest, lambda _: None)
    held = _held(backup, asked)
    _refuse_there(home)
    beside = home.path.absolute().with_name(f".{home.path.name}.{_BESIDE}")
    shutil.rmtree(beside, ignore_errors=True)  # of a restoration that was killed
    try:
        with _emptied_if_it_fails(home):
            restored = _restore(
                backup, manifest, replace(home, path=beside), asked, held
            )
            beside.rename(home.path)
            flush(home.path.absolute().parent)
    except (OSError, SQLAlchemyError) as error:
        raise Unavailable(
            f"the registry cannot be restored: {getattr(error, 'strerror', error)}",
            hint="See that there is room, and that this account may write there. "
            "Nothing was left behind.",
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return restored


def _refuse_there(home: Home) -> None:
    if home.path.exists() and any(home.path.iterdir()):
        raise Conflict(
            f"{home.path} is not empty",
            hint="Name an empty or a new folder with --home. What is left of the old "
            "registry stays where it is.",
        )
    if home.database is not None:
        with disposing(open_engine(home.database)) as engine:
            refuse_rows(engine)


@contextmanager
def _emptied_if_it_fails(home: Home) -> Iterator[None]:
    """Leave no rows of half a registry in a database that was empty."""
    try:
        yield
    except BaseException:
        if home.database is not None:
            with disposing(open_engine(home.database)) as engine:
                take_rows_away(engine)
        raise


def _restore(
    backup: Path, manifest: Manifest, home: Home, asked: Asked, held: Sequence[Held]
) -> Restored:
    home.path.mkdir(parents=True, mode=0o700)
    read_archive(backup / ARCHIVE, home.ledger_path)
    _restore_files(backup, manifest, home)
    _restore_rows(backup, manifest, home)
    if home.database is not None:
        home.mark_moved()
    with home.open_ledger() as ledger, disposing(home.open_projection()) as engine:
        state = rebuild_tables(ledger, engine, home.fence(), asked.progress)
    if (state.head.number, state.head.digest) != (manifest.event, manifest.head):
        raise damaged(backup, "its ledger ends at another event")
    sizes = [one.checkpoint.size for one in held]
    known = max(sizes) if sizes else None
    with opened(home, clock=asked.clock) as registry:
        epoch = raise_epoch(registry, asked.reason, taken=manifest.taken, known=known)
        verified = verify(
            registry.ledger,
            registry.engine,
            lambda number: asked.progress(manifest.event + number),
            keys=home.keys().verifiers(),
            outside=[one for one in held if one.checkpoint.size <= manifest.event],
        )
        key = home.keys().signing(origin_of(state.repository))
    return Restored(
        manifest=manifest,
        epoch=epoch,
        known=known,
        verifier=dump_verifier(key.verifier),
        verified=verified,
    )


def _held(backup: Path, asked: Asked) -> list[Held]:
    """Checkpoints that others kept, each signed by a key of this ledger."""
    file = backup / HOME / VERIFIERS
    known = parse_verifiers(file.read_text()) if file.exists() else ()
    keys = (*known, *asked.keys)
    return [read_checkpoint(data, where, keys) for where, data in asked.checkpoints]


def _restore_files(backup: Path, manifest: Manifest, home: Home) -> None:
    """All but the key that signed; what it has signed stays beside the new one."""
    for one in manifest.files:
        folder, _, name = one.path.partition("/")
        if folder != HOME or name == SIGNING:
            continue
        if not is_kept(name):
            raise damaged(backup, f"{one.path[:80]} belongs into no home")
        mode = 0o600 if is_secret(name) else 0o644
        write_whole(home.path / name, (backup / one.path).read_text(), mode=mode)


def _restore_rows(backup: Path, manifest: Manifest, home: Home) -> None:
    if manifest.revision not in revisions(OPERATIONS):
        raise Invalid(
            f"the tables in {backup} are of a later version, {manifest.placet[:40]}",
            hint="Restore it with that version, or a later one.",
        )
    with disposing(open_engine(home.url_of(OPERATIONS_FILE), flush=True)) as engine:
        revise(engine, OPERATIONS, manifest.revision)
        with writing(engine) as connection:
            for table in manifest.tables:
                with (backup / ROWS / f"{table.name}.jsonl").open("rb") as lines:
                    rows = map(parse_row, lines)
                    count = add_rows(connection, table.name, table.columns, rows)
                if count != table.rows:
                    raise damaged(backup, f"rows of {table.name} are missing")
        migrate(engine, OPERATIONS)
