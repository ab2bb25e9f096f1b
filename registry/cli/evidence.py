"""`placet evidence`: what somebody outside is given, and can check without us."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson, Database
from registry.cli.places import home_at
from registry.cli.session import connect
from registry.cli.times import parse_time
from registry.errors import Conflict, Invalid, NotSettled
from registry.times import said_exactly

if TYPE_CHECKING:  # slow to import
    from registry.cli.evidence_sources import Source
    from registry.evidence_packs.folder import Question


def evidence(
    change: Annotated[
        int | None, typer.Argument(metavar="CHANGE", min=1, help="A change's number.")
    ] = None,
    environment: Annotated[
        str | None,
        typer.Option(
            "--environment", "--env", metavar="ENV", help="Such as production."
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="Everything that was live then."),
    ] = None,
    begin: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="Every act from then on."),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="TIME", help="Up to then, and not at it."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="A new or empty folder."),
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="CLONE", help="A clone; needs no registry."),
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="DIR", help="A registry's folder; no server."),
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            "--checkpoint", metavar="FILE", help="What is signed there, and no more."
        ),
    ] = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Write a folder that shows what was decided, and how to check it without us.

    For a change: the texts, who agreed in which seat to which digest under
    which policy, the checks, and what became of it. For a moment: everything
    that was live. For a period: every act, listed and counted, to take samples
    from. As JSON, as Markdown and as a page to print, with the events, the
    proofs that they were signed, and a program that checks all of it.

    Without --ledger or --home it asks the server that you are signed in to. The
    same question about the same checkpoint gives the same bytes.

    Examples:
      placet evidence 42 -o change-42
      placet evidence --environment production --at 2026-05-03T14:07Z
      placet evidence --from 2026-01-01 --to 2026-04-01 --environment production
      placet evidence 42 --ledger placet.git --checkpoint board-2026-05.txt
    """
    question = question_of(change, environment, at, begin, end)
    from registry.writer.packs import name_of

    target = folder or Path(name_of(question))
    check_free(target)
    if ledger is not None and home is not None:
        raise Invalid("--ledger and --home are two ways to say where the ledger is")
    with _source(ledger, home, database) as source:
        made, told = collect(source, question, checkpoint)
    write(target, made)
    told = {"folder": str(target), **told}
    if as_json:
        screen.print_json(told)
        return
    screen.say(f"Written to {target}: {screen.count(len(made), 'file')}.", "bold")
    screen.say(f"{told['events']} of {told['signed']} signed events, {told['texts']}")
    screen.say(f"manifest.json {told['manifest']}")
    screen.say(f"To check it: python3 {target / 'verify.py'} --key '{told['key']}'")
    screen.note(
        "Compare that key with the one that was told when the registry began, and give "
        "the manifest's digest along by another way."
    )


def question_of(
    change: int | None,
    environment: str | None,
    at: str | None,
    begin: str | None,
    end: str | None,
) -> "Question":
    """Raises:
    Invalid: It is none, or several at once.
    NotSettled: It is about what is not over yet.
    """
    from registry.evidence_packs.folder import AboutChange, AboutMoment, AboutPeriod

    asked = [change is not None, at is not None, (begin or end) is not None]
    if sum(asked) != 1:
        raise Invalid(
            "evidence is of a change, of a moment or of a period",
            hint="Give the number of a change, or --environment and --at, or --from "
            "and --to.",
        )
    if change is not None:
        return AboutChange(change=change)
    if at is not None:
        if environment is None:
            raise Invalid(
                "a moment is one of an environment", hint="Add --environment."
            )
        return AboutMoment(environment=environment, at=_over(at))
    if begin is None or end is None:
        raise Invalid("a period has a beginning and an end", hint="Add --from or --to.")
    first, last = parse_time(begin), _over(end)
    if first >= last:
        raise Invalid("the period ends before it begins", hint="Swap --from and --to.")
    return AboutPeriod(environment=environment, begin=first, end=last)


def check_free(folder: Path) -> None:
    """Raises:
    Conflict: There is something already.
    """
    if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        raise Conflict(
            f"there is something in {folder} already",
            hint="Evidence is not written over: name a new folder with -o.",
        )


def collect(
    source: "Source", question: "Question", checkpoint: Path | None
) -> tuple[dict[str, bytes], dict[str, str | int]]:
    """Every file of the pack, and what to say about it."""
    from registry.cli.evidence_sources import read_note
    from registry.evidence_packs.folder import MANIFEST, environments, find
    from registry.names import digest_of
    from registry.signed_notes import dump_verifier
    from registry.writer.packs import pack

    with screen.progress("Reading the ledger", None) as progress:
        signed = source.signed(read_note(checkpoint), progress)
    found = find(signed, question, source.seen(environments(signed, question)))
    with screen.progress("Reading texts", len(found.texts)) as progress:
        texts = source.texts(found.texts, signed.records, progress)
    made = pack(signed, found, texts)
    return made, {
        "events": len(found.numbers),
        "signed": signed.checkpoint.size,
        "texts": screen.count(len(found.texts), "text"),
        "manifest": digest_of(made[MANIFEST]),
        "key": dump_verifier(signed.keys[-1]),
    }


def write(folder: Path, files: dict[str, bytes]) -> None:
    """All of them, or nothing.

    Raises:
        Invalid: The folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=".evidence-") as scratch:
            beside = Path(scratch) / "pack"
            for name, data in files.items():
                (beside / name).parent.mkdir(parents=True, exist_ok=True)
                (beside / name).write_bytes(data)
            beside.rename(folder)
    except OSError as error:
        raise Invalid(
            f"{folder} cannot be written: {error.strerror}", hint="Name another folder."
        ) from error


def _over(text: str) -> datetime:
    """Raises:
    NotSettled: It is not over yet.
    """
    time = parse_time(text)
    if time > datetime.now(UTC):
        raise NotSettled(f"{said_exactly(time)} is not over yet")
    return time


@contextmanager
def _source(
    ledger: Path | None, home: Path | None, database: str | None
) -> Iterator["Source"]:
    from registry.cli.evidence_sources import CloneSource, ServerSource

    if ledger is not None:
        yield CloneSource(ledger)
    elif home is not None:
        place = home_at(home, database)
        yield CloneSource(place.ledger_path, place)
    else:
        with connect() as remote:
            yield ServerSource(remote)
