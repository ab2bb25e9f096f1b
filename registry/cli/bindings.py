"""`placet bindings`: which models are live, which retire, and which really answered."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
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
        columns = ("environments", "binding", "version", "model", "pin", "until")
        environments: dict[tuple[str, ...], list[str]] = {}
        for name, binding in found:
            environments.setdefault(_row(binding, today), []).append(name)
        rows = [(", ".join(names), *row) for row, names in environments.items()]
        screen.say(fitted((*columns, "bots"), rows, screen.console().width))
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

    The day in the binding's document counts before any other, and who agrees is
    told beside it; a day that differs is shown on a line of its own below it.

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
        screen.say(fitted(*retiring_rows(found), screen.console().width))
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


def fitted(columns: Sequence[str], rows: Sequence[tuple[str, ...]], width: int) -> str:
    """A table, or where that would break a name, a paragraph for each row."""
    from rich.text import Text

    from registry.cli.tables import lay_out

    safe = [tuple(map(screen.line, row)) for row in rows]
    table = lay_out(columns, [list(map(Text, row)) for row in safe], width).plain
    words = {word for row in safe for cell in row for word in cell.split()}
    is_whole = words <= set(table.split())
    if is_whole and all(len(line) <= width for line in table.splitlines()):
        return table
    return "\n\n".join(_paragraph(columns, row, width) for row in safe)


def _paragraph(columns: Sequence[str], row: tuple[str, ...], width: int) -> str:
    lines = (
        textwrap.fill(
            f"{column}: {cell}",
            width,
            initial_indent="" if column == columns[0] else "  ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for column, cell in zip(columns, row, strict=True)
        if cell
    )
    return "\n".join(lines)


def _row(binding: "Binding", today: date) -> tuple[str, ...]:
    return (
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


def retiring_rows(
    found: list[tuple[str, "Retirement"]],
) -> tuple[Sequence[str], list[tuple[str, ...]]]:
    """The columns and rows for what retires in each environment."""
    columns = ("binding", "environments", "shut down", "model", "who says so", "bots")
    return columns, [
        row for names, one in _joined(found) for row in _sayings(names, one)
    ]


def _joined(
    found: list[tuple[str, "Retirement"]],
) -> list[tuple[str, "Retirement"]]:
    """One for each binding and day, with all its environments and their bots."""
    names: dict[object, list[str]] = {}
    whole: dict[object, Retirement] = {}
    for name, one in found:
        key = (one.shutdown_on, one.binding, one.version, one.by, one.says)
        names.setdefault(key, []).append(name)
        known = whole.get(key)
        bots = dict.fromkeys((*(known.bots if known else ()), *one.bots))
        whole[key] = replace(one, bots=tuple(bots))
    joined = [(", ".join(names[key]), one) for key, one in whole.items()]
    return sorted(joined, key=lambda entry: (entry[1].shutdown_on, entry[1].binding))


def _sayings(environments: str, one: "Retirement") -> Iterator[tuple[str, ...]]:
    """A line for the day that counts, and one for each day that differs."""
    by_day: dict[date, list[Saying]] = {one.shutdown_on: []}
    for said in one.says:
        by_day.setdefault(said.shutdown_on, []).append(said)
    left = f"in {one.days} days" if one.days >= 0 else f"{-one.days} days ago"
    instead = f", instead: {one.replacement}" if one.replacement else ""
    for day, says in by_day.items():
        if day == one.shutdown_on:
            yield (
                one.binding,
                environments,
                f"{day}, {left}",
                _model(one) + instead,
                _told_by(sorted(says, key=lambda said: said.source != one.by)),
                _bots(one.bots),
            )
        else:
            differs = f"differs: {day}"
            yield one.binding, environments, differs, "", _told_by(says), ""


def _told_by(says: "Sequence[Saying]") -> str:
    """Who says a day: the first and when it looked, then who else."""
    first = f"{_source(says[0])}, looked on {says[0].checked_on or 'no day it says'}"
    others = dict.fromkeys(map(_source, says[1:]))
    return first + ("; also says so: " + ", ".join(others) if others else "")


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
