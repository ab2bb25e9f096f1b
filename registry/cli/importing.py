"""`placet import`: prompts and guardrails that were written for something else."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson
from registry.errors import Conflict, Invalid, NotFound, RegistryError, TooLarge

if TYPE_CHECKING:  # reading documents is slow to import
    from registry.imports import Asked, Format, Imported
    from registry.names import Ref

REFUSED = 2
VERSION = "0.1.0"
OWNER = "imported"

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH", help="Files, and folders of files.")
]
Into = Annotated[
    Path, typer.Option("--into", metavar="DIR", help="Where the documents go.")
]
As = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help="What the files are; else seen."),
]
Called = Annotated[
    str | None,
    typer.Option(
        "--name", help="The document's name; of several, what it begins with."
    ),
]
Owner = Annotated[
    str, typer.Option("--owner", help="The handle of who answers for it.")
]
Version = Annotated[str, typer.Option("--version", help="The documents' version.")]
Force = Annotated[
    bool, typer.Option("--force", help="Write over documents that are there.")
]


@dataclass(frozen=True, slots=True)
class Source:
    """A file to import.

    Attributes:
        place: Where it is within the folder that was named; its name otherwise.
        found: It was found in a folder, and may be something else entirely.
    """

    path: Path
    place: str
    found: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A file, and what came of it or why nothing did."""

    source: Source
    outcome: "Imported | RegistryError"


def import_files(
    paths: Paths,
    into: Into = Path(),
    format: As = None,
    name: Called = None,
    owner: Owner = OWNER,
    version: Version = VERSION,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Make documents of prompts and guardrails in other projects' formats.

    Dotprompt, Prompty, GitHub's .prompt.yml, Semantic Kernel, Jinja, Markdown and
    text become prompts; LiteLLM's and NeMo's rules and lists of words become
    guardrails. The files are data: nothing in them is run, rendered or followed.
    What has no place in a document is listed. The exit status is 2 when a file
    cannot be carried over.

    Examples:
      placet import prompts/refund.prompty --name acme-air/refunds --into work/
      placet import old-prompts/ --into work/ --owner product
      placet import blocked.txt --format words --into work/
    """
    read = list(_read_all(_sources(paths), _format(format), name, owner, version))
    made = _places(read, into)
    _check_free(made, force=force)
    for _, place, text in made:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
    if as_json:
        _print_json(read, made)
    else:
        _print(read, made)
    if any(isinstance(one.outcome, RegistryError) for one in read):
        raise typer.Exit(REFUSED)


def _format(given: str | None) -> "Format | None":
    from registry.imports import Format

    if given is None:
        return None
    try:
        return Format(given)
    except ValueError:
        hint = "The formats are " + ", ".join(Format) + "."
        raise Invalid(f"{given[:40]!r} is no format that is read", hint=hint) from None


def _sources(paths: list[Path]) -> list[Source]:
    found: dict[Path, Source] = {}
    for path in paths:
        if path.is_dir():
            for file in sorted(_inside(path)):
                place = file.relative_to(path).as_posix()
                found.setdefault(file, Source(file, place, found=True))
        elif path.is_file():
            place = "/".join(path.parts[-2:]) if _says_little(path) else path.name
            found.setdefault(path, Source(path, place, found=False))
        else:
            raise NotFound(f"there is no file or folder {path}", hint="Check it.")
    return list(found.values())


def _says_little(path: Path) -> bool:
    return path.name.lower() in {"skprompt.txt", "config.yml", "config.yaml"}


def _inside(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inner = path.relative_to(folder)
        links = [folder / part for part in (inner, *inner.parents)]
        hidden = any(part.startswith(".") for part in inner.parts)
        if (
            path.is_file()
            and not hidden
            and not any(p.is_symlink() for p in links[:-1])
        ):
            yield path


def _read_all(
    sources: list[Source],
    format: "Format | None",
    name: str | None,
    owner: str,
    version: str,
) -> Iterator[Read]:
    from registry.imports import Asked, name_from
    from registry.names import check_name
    from registry.versions import parse_version

    parse_version(version)
    several = len(sources) > 1
    with screen.progress("Reading", len(sources)) as progress:
        for number, source in enumerate(sources, start=1):
            called = name_from(source.place)
            if name is not None:
                called = check_name(f"{name}/{called}" if several else name)
            asked = Asked(name=called, owner=owner, version=version)
            outcome = _outcome(source, asked, format)
            if outcome is not None:
                yield Read(source, outcome)
            progress(number)


def _outcome(
    source: Source, asked: "Asked", format: "Format | None"
) -> "Imported | RegistryError | None":
    """None for a file in a folder that is in no format that is read."""
    from registry.documents import MAX_BYTES
    from registry.imports import UnknownFormat, detect, read

    try:
        size = source.path.stat().st_size
        if size > MAX_BYTES:
            hint = "Split the file; a document may have at most 256 KiB."
            raise TooLarge(f"the file has {size:,} bytes", hint=hint)
        data = source.path.read_bytes()
        return read(data, asked, format or detect(source.path.name, data))
    except UnknownFormat as error:
        return None if source.found else error
    except RegistryError as error:
        return error


def _places(read: list[Read], into: Path) -> list[tuple[Source, Path, str]]:
    from registry.cli.working_copy import place_of

    return [
        (one.source, place_of(into, ref), text)
        for one in read
        if not isinstance(one.outcome, RegistryError)
        for ref, text in one.outcome.documents
    ]


def _check_free(made: list[tuple[Source, Path, str]], *, force: bool) -> None:
    """Nothing is written unless all of it can be."""
    taken: dict[Path, Source] = {}
    for source, place, _ in made:
        if place in taken:
            raise Conflict(
                f"{taken[place].path} and {source.path} would both be {place}",
                hint="Import them one by one, each with --name.",
            )
        taken[place] = source
        if place.exists() and not force:
            raise Conflict(
                f"{place} is there already",
                hint="Choose another --name or --into, or write over it with --force.",
            )


def _print(read: list[Read], made: list[tuple[Source, Path, str]]) -> None:
    rows = [
        (str(one.source.path), one.outcome.format.value, str(ref))
        for one in read
        if not isinstance(one.outcome, RegistryError)
        for ref, _ in one.outcome.documents
    ]
    if rows:
        screen.show(screen.table(("FILE", "FORMAT", "DOCUMENT"), rows))
    for one in read:
        if isinstance(one.outcome, RegistryError) or not one.outcome.leftovers:
            continue
        screen.say(f"\n{one.source.path}: not carried over, or assumed")
        for leftover in one.outcome.leftovers:
            where = f"{leftover.where}: " if leftover.where else ""
            screen.say(f"  {screen.line(where + leftover.message)}")
    for one in read:
        if isinstance(one.outcome, RegistryError):
            told = screen.line(f"{one.outcome} ({one.outcome.hint})")
            screen.note(f"{one.source.path}: {told}")
    refused = sum(isinstance(one.outcome, RegistryError) for one in read)
    left = f", {screen.count(refused, 'file')} refused" if refused else ""
    screen.note(f"{screen.count(len(made), 'document')} written{left}")


def _print_json(read: list[Read], made: list[tuple[Source, Path, str]]) -> None:
    places: dict[Path, list[str]] = {}
    for source, place, _ in made:
        places.setdefault(source.path, []).append(str(place))
    screen.print_json([_told(one, places.get(one.source.path, [])) for one in read])


def _told(one: Read, places: list[str]) -> dict[str, object]:
    if isinstance(one.outcome, RegistryError):
        error = {"message": str(one.outcome), "hint": one.outcome.hint}
        return {"file": str(one.source.path), "error": error}
    documents: list[Ref] = [ref for ref, _ in one.outcome.documents]
    return {
        "file": str(one.source.path),
        "format": one.outcome.format,
        "documents": documents,
        "written": places,
        "leftovers": one.outcome.leftovers,
    }
