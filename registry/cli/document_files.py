"""Which files a command about documents looks at.

* A folder gives every `*.yaml` file in it; files may also be named one by one.
* Symbolic links in a folder are not followed: what is checked is what is there.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from registry.errors import Invalid, NotFound


def list_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files among *paths* and in the folders among them, each once.

    Raises:
        NotFound: There is no such file or folder.
        Invalid: There is no document in any of them.
    """
    files: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise NotFound(
                f"there is no file or folder {path}", hint="Check the spelling."
            )
        for file in _inside(path) if path.is_dir() else [path]:
            files.setdefault(file)
    if not files:
        raise Invalid(
            "there is no document to look at",
            hint="Documents are files that end in .yaml.",
        )
    return tuple(files)


def _inside(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.yaml")):
        inner = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inner.parts)
        if path.is_file() and not hidden and not _is_linked(path, folder):
            yield path


def list_links(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files and folders in the folders among *paths* that are left out as links."""
    return tuple(link for path in paths if path.is_dir() for link in _links(path))


def _links(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in inner.parts)
        wanted = path.suffix == ".yaml" or path.is_dir()
        if path.is_symlink() and wanted and not is_hidden:
            yield path


def _is_linked(path: Path, folder: Path) -> bool:
    within = (place for place in path.parents if place.is_relative_to(folder))
    return path.is_symlink() or any(p.is_symlink() for p in within if p != folder)
