"""`placet export`: a document in the format of another product."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.check import FOUND, print_findings
from registry.cli.options import AsJson, LiveIn
from registry.cli.session import connect
from registry.errors import Conflict, Invalid

if TYPE_CHECKING:  # slow to import
    from registry.exports import Exported
    from registry.remote.environments import Export


def export(
    document: Annotated[
        str,
        typer.Argument(
            metavar="DOCUMENT",
            help="Such as guardrails/NAME or bindings/NAME; or a file of a document.",
        ),
    ],
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="nemo, guardrails-ai, litellm, openai or bedrock.",
        ),
    ],
    environment: LiveIn = "production",
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            "-o",
            metavar="DIR",
            help="A folder, made if it is not there; the file in it has its own name.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say a guardrail or a binding in the format of another product.

    What the other product cannot say is left out or said otherwise, and each
    such loss is told on standard error: read them before you rely on it. A rule
    that could stop the other product's engine is not exported.

    Examples:
      placet export guardrails/acme-air/no-promises --format nemo
      placet export guardrails/acme-air/no-promises --format litellm -o proxy/
      placet export bindings/acme-air/chat --format litellm > models.yaml
      placet export prompts/guardrails/acme-air/no-promises.yaml --format bedrock
    """
    path = Path(document)
    if path.is_file():
        made: Exported | Export = _of_file(path, format_)
    else:
        with connect() as remote:
            made = remote.environments.export(environment, _ref(document), format_)
    if to is not None:
        _write(to, made, force=force)
    if as_json:
        screen.print_json(made)
        return
    if to is None:
        screen.print_bytes(made.text.encode())
    else:
        screen.say(str(to / made.file_name))
    _tell_losses(made)


def _write(folder: Path, made: "Exported | Export", *, force: bool) -> None:
    place = folder / made.file_name
    if folder.exists() and not folder.is_dir():
        raise Conflict(
            f"{folder} is a file, and -o names a folder",
            hint="Name a folder, or leave -o out and write with > FILE.",
        )
    if place.exists() and not force:
        raise Conflict(
            f"{place} is there already",
            hint="Name another folder, or write over it with --force.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    place.write_text(made.text, encoding="utf-8")


def _of_file(path: Path, format_: str) -> "Exported":
    from registry.cli.library import read_library
    from registry.exports.formats import export as exported

    library = read_library([path])
    if library.found:
        print_findings(library, error=True)
        raise typer.Exit(FOUND)
    if not library.documents:
        raise Invalid(f"{path} is no document", hint="A policy is not exported.")
    (document,) = library.documents.values()
    return exported(document.value, format_)


def _ref(document: str) -> str:
    """A name without its kind is a guardrail's."""
    from registry.names import Kind

    kind = document.partition("/")[0]
    known = {each.plural for each in Kind}
    return document if kind in known else f"guardrails/{document}"


def _tell_losses(made: "Exported | Export") -> None:
    if not made.losses:
        screen.note("Nothing is lost.")
        return
    screen.note(f"Lost on the way to {made.format}:", "bold")
    rows = [(loss.rule or "all of it", loss.message) for loss in made.losses]
    screen.show(screen.table(("rule", "what is lost"), rows, error=True), error=True)
