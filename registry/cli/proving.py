"""Verifying: a registry in its folder, or a clone of its ledger and a key."""

from collections.abc import Sequence
from pathlib import Path

from registry.cli import screen
from registry.db.engine import disposing, reading
from registry.db.projection import read_head
from registry.errors import Invalid
from registry.signed_notes import VerifierKey
from registry.writer import Clone, Home
from registry.writer.keys import parse_verifiers
from registry.writer.proving import Proven, prove
from registry.writer.signed import Held, read_checkpoint
from registry.writer.verify import Verified, verify

MAX_FILE_BYTES = 1024 * 1024


def verify_home(
    home: Home, keys: Sequence[str], checkpoints: Sequence[Path]
) -> Verified:
    """Raises:
    Invalid: A key or a checkpoint is not one.
    LedgerBroken: It names the first thing that is wrong.
    """
    with home.open_ledger() as ledger, disposing(home.open_projection()) as engine:
        known = (*home.keys().verifiers(), *read_keys(keys))
        if checkpoints and not known:
            raise Invalid(
                f"there is no key in {home.path} to verify checkpoints with",
                hint="Give the ledger's verifier key with --key.",
            )
        held = read_checkpoints(checkpoints, known)
        last = home.last_signed()
        note = last.note_beside(ledger)
        if known and note is not None:
            held.append(read_checkpoint(note, last.path.name, known))
        with reading(engine) as connection:
            number, _ = read_head(connection)
        with screen.progress("Verifying", number) as progress:
            return verify(ledger, engine, progress, keys=known, outside=held)


def prove_clone(path: Path, keys: Sequence[str], checkpoints: Sequence[Path]) -> Proven:
    """Raises:
    Invalid: A key or a checkpoint is not one, or there is no clone at *path*.
    LedgerBroken: It names the first event that is wrong.
    """
    known = read_keys(keys)
    if not known:
        raise Invalid(
            "without a key nothing can be proved about a clone",
            hint="Give the line that `placet init` printed: --key KEY, or a file with "
            "it. The one inside the clone proves nothing by itself.",
        )
    clone = Clone(path)
    held = read_checkpoints(checkpoints, known)
    with screen.progress("Proving", None) as progress:
        return prove(clone, known, held, progress)


def read_keys(given: Sequence[str]) -> tuple[VerifierKey, ...]:
    """Each is a verifier key, or a file of them.

    Raises:
        Invalid: One is neither.
    """
    found: dict[VerifierKey, None] = {}
    for text in given:
        told = _read(Path(text)).decode("utf-8", "replace") if _is_file(text) else text
        keys = parse_verifiers(told)
        if not keys:
            raise Invalid(f"there is no key in {text[:200]!r}")
        found.update(dict.fromkeys(keys))
    return tuple(found)


def read_checkpoints(files: Sequence[Path], keys: Sequence[VerifierKey]) -> list[Held]:
    """Raises:
    Invalid: A file is not a checkpoint.
    LedgerBroken: No key has signed one, or a signature is not right.
    """
    return [read_checkpoint(data, name, keys) for name, data in read_files(files)]


def read_files(files: Sequence[Path]) -> list[tuple[str, bytes]]:
    """Each with what to call it."""
    return [(str(file), _read(file)) for file in files]


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_FILE_BYTES)
    except OSError as error:
        raise Invalid(
            f"{file} cannot be read: {error.strerror}", hint="Check the path."
        ) from error
