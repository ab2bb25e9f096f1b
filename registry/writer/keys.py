"""The ledger's key: what signs its checkpoints, and what others check them with.

ledger.key   the signing key, one line; nobody but the registry's account reads it
ledger.pub   the verifier keys, one a line, the newest last; may be told to everybody

A registry without a key is given one.  A key is replaced by moving `ledger.key` away:
the next one is added to `ledger.pub`, and the old line stays, for what it has signed.
"""

import logging
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from registry.errors import Conflict, Invalid, Unavailable
from registry.signed_notes import (
    SigningKey,
    VerifierKey,
    dump_signing,
    dump_verifier,
    parse_signing,
    parse_verifier,
    signing_key,
)
from registry.writer.fence import Fence

SIGNING = "ledger.key"
VERIFIERS = "ledger.pub"
_SEED_BYTES = 32

log = logging.getLogger(__name__)


class Keys:
    """Args:
    folder: The registry's home.
    """

    def __init__(self, folder: Path, fence: Fence) -> None:
        self._signing = folder / SIGNING
        self._verifiers = folder / VERIFIERS
        self._fence = fence

    def signing(self, name: str) -> SigningKey:
        """The key of the ledger called *name*; made if there is none.

        Raises:
            Conflict: The key in the folder is another ledger's.
            Unavailable: It cannot be read, or not be kept.
        """
        try:
            with self._fence.held():
                made = not self._signing.exists()
                if made:
                    self._keep(signing_key(name, secrets.token_bytes(_SEED_BYTES)))
                key = self._read()
                self._tell(key)
        except OSError as error:
            raise Unavailable(
                f"the ledger's key cannot be used: {error}",
                hint="See that this account may read and write the folder.",
            ) from error
        if key.name != name:
            raise Conflict(
                f"{self._signing} is the key of {key.name}, and this is {name}",
                hint="Restore the ledger's own key, or move this one away.",
            )
        if made:
            log.warning(
                "made a key that signs the ledger's checkpoints: %s; keep a backup of "
                "%s, and tell others the line in %s",
                key.verifier.short,
                self._signing,
                self._verifiers,
            )
        return key

    def verifiers(self) -> tuple[VerifierKey, ...]:
        """Every key that the ledger has had, oldest first; none before the first.

        Raises:
            Invalid: A line of the file is not a verifier key.
        """
        with suppress(FileNotFoundError):
            return parse_verifiers(self._verifiers.read_text())
        return ()

    def _read(self) -> SigningKey:
        try:
            return parse_signing(self._signing.read_text())
        except (Invalid, UnicodeDecodeError) as error:
            raise Unavailable(
                f"{self._signing} does not hold a signing key",
                hint="Restore it from a backup, or move it away for a new key.",
            ) from error

    def _keep(self, key: SigningKey) -> None:
        write_whole(self._signing, f"{dump_signing(key)}\n", mode=0o600)

    def _tell(self, key: SigningKey) -> None:
        known = self.verifiers()
        if key.verifier not in known:
            write_whole(
                self._verifiers, dump_verifiers([*known, key.verifier]), mode=0o644
            )


def parse_verifiers(text: str) -> tuple[VerifierKey, ...]:
    """A verifier key a line; empty lines mean nothing.

    Raises:
        Invalid: A line is something else.
    """
    return tuple(parse_verifier(line) for line in text.splitlines() if line.strip())


def dump_verifiers(keys: Iterable[VerifierKey]) -> str:
    return "".join(f"{dump_verifier(key)}\n" for key in keys)


def write_whole(path: Path, text: str, *, mode: int) -> None:
    """Put *text* at *path*, whole and durably or not at all."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
