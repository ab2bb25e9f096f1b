"""`placet reviews`, `certify`, `conditions` and `meet`."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.changes import named, tell
from registry.cli.options import AsJson, ChangeId, Limit, LiveIn, Reason, Yes
from registry.cli.session import connect
from registry.cli.times import parse_end, show_end
from registry.errors import Invalid
from registry.times import said_end

if TYPE_CHECKING:  # slow to import
    from registry.remote.conditions import ConditionStanding
    from registry.remote.reviews import Review

PRODUCTION = "production"


class ConditionStatus(StrEnum):
    """How a condition can be asked for."""

    OPEN = "open"
    OVERDUE = "overdue"
    MET = "met"


def reviews(
    environment: Annotated[
        str, typer.Argument(metavar="[ENV]", help="Such as production.")
    ] = PRODUCTION,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is certified, or names no day.")
    ] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List what is live and due for review, what has lapsed, and what nobody owns.

    Examples:
      placet reviews
      placet reviews staging --all
      placet reviews production --json
    """
    with connect() as remote:
        found = list(
            remote.reviews.list(environment, waiting=not everything, limit=limit)
        )
    if as_json:
        screen.print_json(found)
    elif found:
        columns = ("document", "version", "review", "due (UTC)", "owner", "certified")
        rows = [_review(one) for one in found]
        screen.show(screen.table((*columns, "unowned"), rows))
    elif everything:
        screen.note(f"Nothing is live in {environment}.")
    else:
        screen.note(
            f"Nothing in {environment} is due for review, and all of it is owned; "
            "--all shows everything."
        )


def certify(
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT", help="prompts/acme-air/refunds")
    ],
    environment: LiveIn,
    until: Annotated[
        str, typer.Option("--until", metavar="DAY", help="When to look again.")
    ],
    reason: Reason = "",
    seat: Annotated[
        str | None,
        typer.Option("--seat", help="As this, if you do not answer for it yourself."),
    ] = None,
    digest: Annotated[
        str | None,
        typer.Option("--digest", help="Refuse it if it is not this that is live."),
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Say that a live document is still right, until its next review.

    It takes the document's owner, a deputy or risk partner of a bot that uses
    it, or a seat that the policy names for reviews. It is for exactly what is
    live now, and for a year at most.

    Examples:
      placet certify prompts/acme-air/refunds --env production \\
        --until 2027-05-01 --reason "Read against the tariff of May."
      placet certify bots/acme-air/support --env production --seat risk \\
        --until 2027-05-01 --reason "Tried with this quarter's cases." --yes
    """
    moment = parse_end(until)
    reason = asking.given_reason(reason, "certify it")
    asking.check_askable(yes=yes)
    with connect() as remote:
        found = next(remote.reviews.list(environment, document=document), None)
        if found is None:
            raise Invalid(
                f"{document} is not live in {environment}",
                hint=f"`placet reviews {environment} --all` lists what is.",
            )
        name = screen.line(f"{found.document} {found.version}, live in {environment}")
        screen.note(f"{name}: {_due_in_words(found)}")
        screen.note(f"  digest {digest or found.digest}")
        asking.confirm(f"Certify it until {said_end(moment)}?", yes=yes)
        certified = remote.reviews.certify(
            environment,
            document,
            digest=digest or found.digest,
            until=moment,
            seat=seat,
            reason=reason,
        )
    if as_json:
        screen.print_json(certified)
    else:
        screen.say(
            screen.line(
                f"{certified.document} {certified.version} in {environment}: "
                f"{_due_in_words(certified)}."
            )
        )
        if found.due is not None and found.due >= moment:
            screen.note(
                f"That moves nothing: its review was due {said_end(found.due)} "
                "already; --until a later day does."
            )


def conditions(
    environment: Annotated[
        str | None, typer.Option("--env", help="Only in this environment.")
    ] = None,
    status: Annotated[
        ConditionStatus | None, typer.Option("--status", help="Only such ones.")
    ] = None,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only those whose day has passed.")
    ] = False,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="HANDLE", help="Only of theirs.")
    ] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List on which conditions people have approved, and whether they are met.

    Examples:
      placet conditions
      placet conditions --overdue
      placet conditions --owner author --status open --json
    """
    asked = ConditionStatus.OVERDUE if overdue else status
    with connect() as remote:
        found = list(
            remote.reviews.conditions(
                environment=environment, status=asked, owner=owner, limit=limit
            )
        )
    if as_json:
        screen.print_json(found)
    elif found:
        columns = ("change", "environment", "asked by", "owner", "due (UTC)")
        rows = [_condition(one) for one in found]
        screen.show(screen.table((*columns, "status", "condition"), rows))
    else:
        screen.note("No condition is overdue." if overdue else "There are none.")


def meet(
    change: ChangeId,
    voter: Annotated[
        str, typer.Option("--of", metavar="HANDLE", help="Whose approval has it.")
    ],
    note: Annotated[
        str, typer.Option("--note", help="How it is met; everybody will read it.")
    ],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Say that the condition of an approval is met; also after it went live.

    It takes whoever answers for the condition, or who asked for it.

    Examples:
      placet meet 42 --of risk --note "The case is there since change 45."
      placet meet 42 --of risk --note "The case is there since change 45." --yes
    """
    asking.check_askable(yes=yes)
    with connect(change=change) as remote:
        found = remote.changes.get(change)
        for one in found.conditions:
            if one.voter == voter:
                screen.note(screen.line(f"{voter} asked {one.owner}: {one.text}"))
        asking.confirm(f"Say that it is met, on {named(found)}?", yes=yes)
        met = remote.changes.meet(change, voter=voter, note=note)
    tell(met, f"Met the condition of {voter} on", as_json=as_json)


def _due_in_words(one: "Review") -> str:
    return f"{one.status}, due {said_end(one.due)}" if one.due else one.status


def _review(one: "Review") -> tuple[str, ...]:
    certified = ""
    if one.certified is not None:
        certified = f"until {show_end(one.certified.until)} by {one.certified.by}"
    blocked = ", blocks" if one.blocks and one.status == "lapsed" else ""
    return (
        one.document,
        one.version,
        f"{one.status}{blocked}",
        show_end(one.due),
        one.answering.owner,
        certified,
        "; ".join(one.unowned),
    )


def _condition(one: "ConditionStanding") -> tuple[str, ...]:
    met = f" by {one.met.by}: {one.met.note}" if one.met else ""
    return (
        str(one.change),
        one.environment,
        f"{one.voter} ({one.seat})",
        one.owner,
        show_end(one.due),
        f"{one.status}{met}",
        one.text,
    )
