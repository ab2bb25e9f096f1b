"""A working copy: live documents in a folder, to be edited and proposed.

    DIR/prompts/acme-air/refunds.yaml    the text, byte for byte
    DIR/.placet.json                     where it came from

`.placet.json` says of which environment the folder is, at which seq it was
fetched, and the digest of each document then: what the editing began from.  It
also names the live documents that were not fetched, and the versions that were
live, so that whoever checks one by itself knows that the rest exists.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shutil import copymode

import msgspec

from registry.errors import Conflict, Invalid
from registry.names import digest_of

FILE = ".placet.json"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """What the editing of a folder began from.

    Attributes:
        documents: The digest of each document that was fetched.
        others: Live documents that were not.
        versions: Which version of each was live; older folders do not say.
    """

    format: int
    environment: str
    seq: int
    documents: Mapping[str, str]
    others: tuple[str, ...]
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def elsewhere(self) -> dict[str, str | None]:
        """Every document that is known to be live, with its version if it is known."""
        return {
            name: self.versions.get(name) for name in (*self.documents, *self.others)
        }


def read_began(folder: Path) -> Began | None:
    """Raises:
    Invalid: The file is not what `placet pull` wrote.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        began = msgspec.json.decode(path.read_bytes(), type=Began)
    except msgspec.MsgspecError as error:
        raise _unusable(path, str(error)) from error
    if began.format != FORMAT:
        raise _unusable(path, f"format {began.format}")
    return began


def find_elsewhere(paths: Iterable[Path]) -> dict[str, str | None]:
    """What the working copies that *paths* are in know to be live."""
    found: dict[str, str | None] = {}
    for path in paths:
        whole = path.resolve()
        folders = (one for one in (whole, *whole.parents) if (one / FILE).is_file())
        began = next(map(read_began, folders), None)
        found |= began.elsewhere if began else {}
    return found


def write_began(folder: Path, began: Began) -> None:
    folder.mkdir(parents=True, exist_ok=True)  # where nothing is live there is no text
    _replace(folder / FILE, (json.dumps(asdict(began), indent=2) + "\n").encode())


def write_text(folder: Path, document: str, source: bytes) -> None:
    path = place_of(folder, document)
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, source)


def replace_text(path: Path, source: bytes) -> None:
    """Put another text into a file that is there, whole or not at all."""
    path = path.resolve()
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(source)
    copymode(path, beside)
    beside.replace(path)


def place_of(folder: Path, document: str) -> Path:
    return folder / f"{document}.yaml"


def held_digest(folder: Path, document: str) -> str | None:
    """The digest of the text in the folder; `None` if there is none."""
    path = place_of(folder, document)
    return digest_of(path.read_bytes()) if path.is_file() else None


def check_unedited(
    folder: Path, began: Began | None, coming: Mapping[str, str | None]
) -> None:
    """Args:
    coming: The digest that each text will have, `None` if it is taken away.

    Raises:
        Conflict: A text that would be replaced or taken away was edited.
    """
    known = began.documents if began else {}
    edited = [
        document
        for document, digest in sorted(coming.items())
        if held_digest(folder, document) not in {None, known.get(document), digest}
    ]
    if edited:
        raise Conflict(
            f"{folder} has edits that would be lost: {', '.join(edited)}",
            hint="Submit them first, or fetch into another folder; --force drops them.",
        )


def _unusable(path: Path, why: str) -> Invalid:
    return Invalid(
        f"{path} is not what `placet pull` wrote: {why}",
        hint="Fetch into a new folder: `placet pull production --to work`.",
    )


def _replace(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(data)
    beside.replace(path)
