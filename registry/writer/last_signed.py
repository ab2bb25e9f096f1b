"""The last checkpoint that was signed, kept beside the key and outside the ledger.

ledger.signed   the newest checkpoint, a signed note

Whoever puts back an old copy of the ledger and its tables, or cuts off their end,
leaves this file behind; so the key does not sign a second history without noticing.
"""

from pathlib import Path

from registry import checkpoints, signed_notes
from registry.checkpoints import Checkpoint
from registry.errors import Invalid, LedgerBroken, Unavailable
from registry.ledger import Ledger
from registry.writer.fence import Fence
from registry.writer.keys import write_whole

LAST = "ledger.signed"


class LastSigned:
    """Args:
    folder: The registry's home.
    """

    def __init__(self, folder: Path, fence: Fence) -> None:
        self.path = folder / LAST
        self._fence = fence

    def note(self) -> bytes | None:
        """The checkpoint as it was signed; `None` before the first.

        Raises:
            Unavailable: It cannot be read.
        """
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unusable(self.path, error) from error

    def note_beside(self, ledger: Ledger) -> bytes | None:
        """The same, unless the branch of *ledger* ends with it."""
        branch = ledger.checkpoints
        tip, note = branch.tip(), self.note()
        same = tip is not None and branch.read(tip).note == note
        return None if same else note

    def read(self) -> Checkpoint | None:
        """Raises:
        LedgerBroken: There is something else in its place.
        Unavailable: It cannot be read.
        """
        note = self.note()
        if note is None:
            return None
        try:
            return checkpoints.parse(signed_notes.parse(note).text)
        except Invalid as error:
            raise LedgerBroken(
                f"{self.path} does not hold the last checkpoint: {error}",
                hint="Restore it from a backup. Before you move it away, compare the "
                "ledger with checkpoints that others have kept: `placet verify "
                "--checkpoint FILE`.",
            ) from error

    def keep(self, note: bytes) -> None:
        """Keep *note*, unless a later one is kept already.

        Raises:
            LedgerBroken: There is something else in its place.
            Unavailable: It cannot be written.
        """
        size = checkpoints.parse(signed_notes.parse(note).text).size
        with self._fence.held():
            before = self.read()
            if before is not None and before.size >= size:
                return
            try:
                write_whole(self.path, note.decode(), mode=0o644)
            except OSError as error:
                raise _unusable(self.path, error) from error


def _unusable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"{path} cannot be used: {error.strerror}",
        hint="See that this account may read and write the folder.",
    )
