"""`placet check` and `placet bundle`: documents in files, without a registry."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson
from registry.cli.session import connect

if TYPE_CHECKING:  # reading documents is slow to import
    from registry.cli.library import Found, Library

FOUND = 1


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Files, and folders of files."),
    ],
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings count as well.")
    ] = False,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="ENV", help="Compare with what is live."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check documents in files: what is wrong, on which line, how to mend it.

    Also whether they agree with each other: what they include is there, inputs
    are declared, cases pass, bots accept the versions of their prompts. Nothing
    is sent anywhere. The exit status is 1 when something is wrong.

    With --against it asks the registry that you are signed in to what is live in
    an environment: whether each version says as much as differs, whether a tool
    has another schema under the same version, and, as a warning, whether the
    people whom a bot needs are there and active.

    In a folder from `placet pull` whatever else was live is taken as there; what
    only its text could tell is passed over, and which documents that is about is
    said.

    Text that only a model would read is wrong, and so is a credential. What is
    worth a look and nothing is refused for is a warning: comments, words of two
    scripts and the like, terms that have expired today, words that a glossary
    says to avoid, a bot whose answers no guardrail looks at. With --strict the
    exit status is 1 for those, too.

    Examples:
      placet check prompts/
      placet check --strict prompts/
      placet check --against production prompts/
      placet check prompts/prompts/acme-air/refunds.yaml
      placet check --json prompts/ > findings.json
    """
    from registry.cli.document_files import list_files
    from registry.cli.library import read_library
    from registry.cli.working_copy import find_elsewhere

    with screen.progress("Checking", len(list_files(paths))) as progress:
        library = read_library(
            paths,
            elsewhere=find_elsewhere(paths),
            today=_today(),
            progress=progress,
        )
    if against is not None:
        library = _beside_live(library, against)
    if as_json:
        _print_json(library)
    else:
        print_findings(library)
        _print_warnings(library)
        _print_passed_over(library)
        print_linked(paths)
        screen.note(_summary(library, strict=strict))
    if library.found or (strict and library.warned):
        raise typer.Exit(FOUND)


def _beside_live(library: "Library", environment: str) -> "Library":
    from registry.cli.against import beside_live

    with connect() as remote:
        return beside_live(remote, library, environment)


def print_findings(library: "Library", *, error: bool = False) -> None:
    """Args:
    error: To standard error, where it is not the answer.
    """
    tell = screen.note if error else screen.say
    for found in library.found:
        tell(_told(found))


def _print_warnings(library: "Library") -> None:
    for found in library.warned:
        screen.say(f"warning: {_told(found)}")


def _print_passed_over(library: "Library") -> None:
    if library.passed_over:
        screen.note(
            "not judged whole, because what they use was not pulled: "
            f"{', '.join(library.passed_over)}"
        )


def print_linked(paths: Iterable[Path]) -> None:
    """What is not looked at, and looks as if it were."""
    from registry.cli.document_files import list_links

    for link in list_links(paths):
        screen.note(screen.line(f"{link} is a symbolic link and is not looked at"))


def _told(found: "Found") -> str:
    finding = found.finding
    place = f"{found.path}:{finding.line}" if finding.line else str(found.path)
    return f"{place}: {finding.message} ({finding.hint})"


def _summary(library: "Library", *, strict: bool = False) -> str:
    files = screen.count(library.files, "file")
    broken = len({found.path for found in library.found})
    findings = screen.count(len(library.found), "finding")
    wrong = f"{findings} in {broken} of {files}"
    told = wrong if library.found else f"{files}, nothing wrong"
    warnings = screen.count(len(library.warned), "warning")
    if not library.warned:
        return told
    count = "counts" if len(library.warned) == 1 else "count"
    return f"{told}, {warnings}" + (f", which {count}: --strict" if strict else "")


def _today() -> date:
    return datetime.now(UTC).date()


def _print_json(library: "Library") -> None:
    refs = {path: ref for ref, path in library.places.items()}

    def listed(found: "Found") -> dict[str, str | int | None]:
        finding = found.finding
        return {
            "file": str(found.path),
            "document": refs.get(found.path),
            "line": finding.line,
            "where": finding.where,
            "message": finding.message,
            "hint": finding.hint,
        }

    screen.print_json(
        {
            "files": library.files,
            "findings": [listed(found) for found in library.found],
            "warnings": [listed(found) for found in library.warned],
            "passed_over": list(library.passed_over),
        }
    )


def bundle(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder of documents.")
    ],
    to: Annotated[
        Path, typer.Option("--to", metavar="OUT", help="Where the bundles go.")
    ],
    as_json: AsJson = False,
) -> None:
    """Compose bundles from a folder of documents, for work without a server.

    The client then reads them with placet.Client("dir:OUT"). The folder is
    checked first, and OUT stays as it is if something is wrong.

    Examples:
      placet bundle prompts/ --to bundles/
      python -c 'import placet; print(placet.Client("dir:bundles"))'
    """
    from registry.cli.bundles import compose_all, in_no_bundle, write_bundles
    from registry.cli.library import read_library

    library = read_library([folder])
    if library.found:
        print_findings(library)
        screen.note(_summary(library))
        raise typer.Exit(FOUND)
    index = write_bundles(to, compose_all(library.documents))
    alone = in_no_bundle(library.documents)
    if as_json:
        screen.print_json(index)
    else:
        bots, prompts = len(index["bots"]), len(index["prompts"])
        screen.say(
            f"{to} has {screen.count(bots, 'bot')} and "
            f"{screen.count(prompts, 'prompt')}: read it with "
            f'placet.Client("dir:{to}")'
        )
    if alone:
        screen.note(f"In no bundle: {', '.join(alone)}")
