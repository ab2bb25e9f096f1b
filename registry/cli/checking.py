"""`placet attach` and `waive`: what was tried on a change, and doing without it."""

import sys
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.changes import ReviewDigest, named, tell
from registry.cli.options import AsJson, ChangeId, Reason, Yes
from registry.cli.session import connect
from registry.cli.times import END, parse_end
from registry.errors import Invalid
from registry.times import said_end

if TYPE_CHECKING:  # slow to import
    from registry.check_formats import Format as KnownFormat
    from registry.check_formats import Reading
    from registry.remote import Remote
    from registry.remote.changes import ChangeView

MAX_SHARE = 1.0


class Format(StrEnum):
    """What the file is."""

    PROMPTFOO = "promptfoo"
    JUNIT = "junit"
    JSON = "json"


class Source(StrEnum):
    """Where the inputs come from."""

    CURATED = "curated"
    PRODUCTION = "production"


File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="What a test runner wrote; - for the input."),
]


def attach(
    change: ChangeId,
    file: File,
    format: Annotated[
        Format | None, typer.Option("--format", help="Else as the file looks.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="The check's, as the policy has it.")
    ] = None,
    source: Annotated[
        Source | None,
        typer.Option("--source", help="Whether the inputs are real ones."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold", max=MAX_SHARE, help="The share to pass, 0.95; else all."
        ),
    ] = None,
    content: Annotated[
        str | None,
        typer.Option("--content", help="Of what it was tried; else as it is now."),
    ] = None,
    link: Annotated[
        str | None, typer.Option("--link", help="Where the pipeline's report is.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Attach what was tried on a change: how many answers pass, and some of them.

    It is no vote. A token with the scope check can attach and cannot vote. What you
    have worked on yourself you can attach, and it meets no requirement.

    What is attached stays in the ledger for ever: take personal data out first.
    At most fifty samples are kept as examples, those that fail before others.

    Take --content before the tests run, from `placet show ID --json`, so that a
    revision that comes meanwhile does not count as tried.

    Examples:
      placet attach 42 results.json --name answers --threshold 0.95
      placet attach 42 results.json --name answers --source production
      placet attach 42 report.xml --name unit --content sha256:4ab1...
    """
    from registry.check_formats import Format as Known
    from registry.check_formats import Told, read
    from registry.check_results import Source as Where
    from registry.names import parse_digest

    data = _read(file)
    known = Known(format) if format is not None else _format(data)
    with connect(change=change) as remote:
        tried = content or remote.changes.get(change).content
        told = Told(
            name=name,
            content=parse_digest(tried),
            source=None if source is None else Where(source),
            threshold=threshold,
            link=link,
        )
        reading = read(data, known, told)
        attached = remote.checks.attach(change, reading.result)
    _tell(attached, reading, as_json=as_json)


def _tell(change: "ChangeView", reading: "Reading", *, as_json: bool) -> None:
    result = reading.result
    tell(change, f"Attached {result.name} to", as_json=as_json)
    if as_json:
        return
    good = result.total - result.failed
    passed = "passed" if result.passed else "failed"
    said = f"It {passed}: {good:,} of {result.total:,} pass"
    kept = f"; of {screen.count(reading.left_out, 'sample')} only the result is kept"
    screen.note(f"{said}{kept if reading.left_out else ''}.")
    if result.content != change.content:
        screen.note(
            "It is of an earlier revision, and says nothing about the present one.",
            "yellow",
        )


def _format(data: bytes) -> "KnownFormat":
    """What the file looks like."""
    from registry.check_formats import Format as Known

    begin = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if begin.startswith(b"<"):
        return Known.JUNIT
    return Known.PROMPTFOO if b'"results"' in data[:65_536] else Known.JSON


def _read(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(
            f"{file} cannot be read: {error.strerror}", hint="Check the path."
        ) from error


def waive(
    change: ChangeId,
    check: Annotated[str, typer.Argument(metavar="CHECK", help="Its name.")],
    until: Annotated[
        str, typer.Option("--until", help="A time in UTC, or days from now: 7d.")
    ],
    seat: Annotated[
        str | None,
        typer.Option("--seat", help="As this; needed if you could as several."),
    ] = None,
    reason: Reason = "",
    digest: ReviewDigest = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Do without a check that the policy requires, for this revision and a time.

    It lasts thirty days at most, and ends with the revision. `placet show ID` says
    which checks are required, and who could do without them.

    Examples:
      placet waive 42 answers --until 7d --reason "It is down."
      placet waive 42 people --seat risk --until 30d --reason "Hired soon." --yes
    """
    reason = asking.given_reason(reason, "do without a check")
    asking.check_askable(yes=yes)
    expires = _until(until)
    with connect(change=change) as remote:
        found = remote.changes.get(change)
        for one in found.required_checks:
            if one.name == check:
                screen.note(screen.line(f"{check} is {one.state}: {one.why}"))
        chosen = seat or _waiving_seat(remote, found.environment, check)
        until_then = f"until {said_end(expires)}, as {chosen}"
        asking.confirm(f"Do without it {until_then}, for {named(found)}?", yes=yes)
        waived = remote.checks.waive(
            change,
            review_digest=digest or found.review_digest,
            check=check,
            seat=chosen,
            reason=reason,
            expires=expires,
        )
    tell(waived, f"Without {check}, of", as_json=as_json)


def _waiving_seat(remote: "Remote", environment: str, check: str) -> str:
    """The one seat of whoever asks that the policy lets do without *check*.

    Raises:
        Invalid: They hold none, or several.
    """
    from registry.policy_text import parse_policy

    policy = parse_policy(remote.policies.get(environment).source.encode()).policy
    allowed = [s for one in policy.checks if one.name == check for s in one.waived_by]
    mine = [seat for seat in remote.sessions.current().seats if seat in allowed]
    if len(mine) == 1:
        return mine[0]
    raise Invalid(
        f"you could do without {check} in several seats"
        if mine
        else f"you hold no seat that may do without {check} in {environment}",
        hint=f"Name one of {', '.join(mine)}: --seat."
        if mine
        else f"It takes one of: {', '.join(allowed) or 'nobody'}.",
    )


def _until(text: str) -> datetime:
    days = text.removesuffix("d")
    if text.endswith("d") and days.isascii() and days.isdecimal() and len(days) < 4:
        return datetime.now(UTC) + timedelta(days=int(days))
    return parse_end(text, hint=f"Write it as 7d. {END}")
