"""`placet bindings`: which models are live, which retire, and which really answered."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson, Limit
from registry.cli.session import connect
from registry.cli.times import show_minute
from registry.errors import Invalid

if TYPE_CHECKING:  # slow to import
    from registry.remote import Remote
    from registry.remote.bindings import Binding, BoundBot, Retirement, Saying

InEnvironment = Annotated[
    str | None,
    typer.Option(
        "--env", "--environment", metavar="ENV", help="Only there; all without."
    ),
]

_WITHIN = re.compile(r"(0|[1-9][0-9]{0,4})d\Z")


def list_bindings(environment: InEnvironment = None, as_json: AsJson = False) -> None:
    """List the model bindings that are live: how each is pinned, and for how long.

    Examples:
      placet bindings list
      placet bindings list --env production
    """
    today = datetime.now(UTC).date()
    with connect() as remote:
        found = [
            (name, binding)
            for name in _environments(remote, environment)
            for binding in remote.bindings.list(name)
        ]
    if as_json:
        screen.print_json([{"environment": n, "binding": one} for n, one in found])
    elif found:
        columns = ("environment", "binding", "version", "model", "pin", "until", "bots")
        rows = [_row(name, binding, today) for name, binding in found]
        screen.show(screen.table(columns, rows))
    else:
        screen.note("No model binding is live.")


def list_retiring(
    within: Annotated[
        str, typer.Option("--within", metavar="DAYS", help="How soon, as 90d.")
    ] = "90d",
    environment: InEnvironment = None,
    as_json: AsJson = False,
) -> None:
    """List live models that are shut down soon or were: who says so, seen when.

    The day in the binding's document counts before any other; what sources say
    differently is shown below it.

    Examples:
      placet bindings retiring
      placet bindings retiring --within 30d --env production
    """
    days = _days(within)
    with connect() as remote:
        names = _environments(remote, environment)
        found = [
            (name, retirement)
            for name in names
            for retirement in remote.bindings.retiring(name, within_days=days)
        ]
        unknown = [
            f"{binding.binding} ({name})"
            for name in names
            for binding in remote.bindings.list(name)
            if binding.shutdown_on is None
        ]
    if as_json:
        screen.print_json([{"environment": n, "retirement": one} for n, one in found])
    elif found:
        _show_retiring(found)
    else:
        screen.note(f"No live model is known to be shut down within {days} days.")
    if unknown:
        screen.note("Of these nobody says a day: " + ", ".join(unknown) + ".")


def list_seen(
    environment: Annotated[
        str,
        typer.Argument(metavar="ENV", help="Such as production.", show_default=False),
    ],
    bot: Annotated[
        str | None, typer.Option("--bot", metavar="BOT", help="Only of this bot.")
    ] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List which models really answered, as chatbots reported; seen last first.

    Examples:
      placet bindings seen production
      placet bindings seen production --bot acme-air/support
    """
    name = bot.removeprefix("bots/") if bot else None
    with connect() as remote:
        found = list(remote.observations.list(environment, bot=name, limit=limit))
    if as_json:
        screen.print_json(found)
    elif found:
        rows = [
            (
                one.bot,
                one.role,
                str(one.seq),
                one.response_model,
                one.fingerprint,
                one.binding or "nobody agreed to it",
                show_minute(one.last_seen),
                f"{one.count:,}",
            )
            for one in found
        ]
        columns = ("bot", "role", "seq", "answered", "fingerprint", "binding")
        screen.show(screen.table((*columns, "last seen (UTC)", "times"), rows))
    else:
        screen.note("No chatbot has reported which model answered.")


def _environments(remote: "Remote", only: str | None) -> list[str]:
    return [only] if only else [one.name for one in remote.environments.list()]


def _row(environment: str, binding: "Binding", today: date) -> tuple[str, ...]:
    return (
        environment,
        binding.binding,
        binding.version,
        _model(binding),
        _pin(binding, today),
        str(binding.shutdown_on or "nobody says"),
        _bots(binding.bots),
    )


def _pin(binding: "Binding", today: date) -> str:
    expires = binding.waiver_expires
    if expires is None:
        return binding.pin
    ended = "ended" if expires < today else "until"
    return f"{binding.pin}, waiver {ended} {expires}"


def _show_retiring(found: list[tuple[str, "Retirement"]]) -> None:
    columns = ("environment", "binding", "model", "shut down", "says", "looked on")
    rows = [row for name, one in found for row in _sayings(name, one)]
    screen.show(screen.table((*columns, "instead", "bots"), rows))


def _sayings(environment: str, one: "Retirement") -> Iterator[tuple[str, ...]]:
    """A line for each source, the one that counts first."""
    leading = next(s for s in one.says if (s.source, s.shutdown_on) == _leader(one))
    for said in (leading, *(other for other in one.says if other is not leading)):
        yield (
            environment,
            one.binding,
            _model(one),
            _when(one, said, leading),
            _source(said),
            str(said.checked_on or "not said"),
            said.replacement or "",
            _bots(one.bots),
        )


def _leader(one: "Retirement") -> tuple[str, date]:
    return one.by, one.shutdown_on


def _when(one: "Retirement", said: "Saying", leading: "Saying") -> str:
    if said is leading:
        left = f"in {one.days} days" if one.days >= 0 else f"{-one.days} days ago"
        return f"{said.shutdown_on}, {left}"
    return f"{'agrees' if said.shutdown_on == one.shutdown_on else 'differs'}: " + str(
        said.shutdown_on
    )


def _source(said: "Saying") -> str:
    firm = {True: ", firm", False: ", not before", None: ""}[said.firm]
    return said.source + firm + (", of any version" if said.of_name else "")


def _model(one: "Binding | Retirement") -> str:
    version = f" {one.model_version}" if one.model_version else ""
    return f"{one.platform} {one.model}{version}"


def _bots(bots: tuple["BoundBot", ...]) -> str:
    return ", ".join(
        f"{one.bot} as {one.role}" + (" (fallback)" if one.fallback else "")
        for one in bots
    )


def _days(within: str) -> int:
    found = _WITHIN.match(within.strip())
    if found is None:
        raise Invalid(
            f"{screen.line(within)} is no number of days", hint="Write it as 90d."
        )
    return int(found[1])
