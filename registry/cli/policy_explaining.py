"""`placet policy explain`: a policy in words, and who is asked for what."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson
from registry.cli.policy_checking import as_known
from registry.cli.session import connect
from registry.errors import Invalid, NotFound
from registry.times import said

if TYPE_CHECKING:  # slow to import
    from rich.text import Text

    from registry.policies import Matched, Policy
    from registry.remote import Remote
    from registry.remote.changes import ChangeView, Standing
    from registry.remote.people import Person


def explain_policy(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[ENV|FILE]",
            help="An environment, or a policy in a file; `production` without.",
        ),
    ] = None,
    change: Annotated[
        int | None,
        typer.Option("--change", metavar="ID", min=1, help="Whom this change needs."),
    ] = None,
    document: Annotated[
        str | None,
        typer.Option(
            "--document", metavar="REF", help="Whom an edit of this would need."
        ),
    ] = None,
    tier: Annotated[
        str, typer.Option("--tier", help="Its tier: low, medium or high.")
    ] = "high",
    fact: Annotated[
        list[str] | None,
        typer.Option("--fact", help="What the edit does; give it again for another."),
    ] = None,
    owner: Annotated[
        list[str] | None,
        typer.Option("--owner", help="Who owns it; give it again for another."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say in words who is asked for what and why, and who holds each seat now.

    With --change it says whom one change needs, why, and who could still agree.
    With --document it says whom an edit would need before anybody has made it.

    Examples:
      placet policy explain production
      placet policy explain --change 42
      placet policy explain --document bots/acme-air/support --tier low
      placet policy explain draft.yaml --document bots/x --fact model-changed
    """
    if change is not None:
        _explain_change(change, as_json=as_json)
        return
    with connect() as remote:
        policy = _policy(remote, what or "production")
        people = list(remote.people.list())
        is_new = document is not None and not _is_live(remote, policy, document)
    if document is not None:
        asked = _asked(policy, document, tier, fact or [], owner or [])
        _explain_document(policy, document, asked, people, as_json=as_json)
        if is_new:
            screen.note(
                screen.line(
                    f"Nothing called {document} is live in {policy.environment}: this "
                    "is what a new one would need."
                )
            )
        return
    _explain_policy(policy, people, as_json=as_json)


def _policy(remote: "Remote", what: str) -> "Policy":
    from registry.policy_text import parse_policy

    file = Path(what)
    if file.is_file():
        return parse_policy(file.read_bytes()).policy
    if "/" in what or what.endswith((".yaml", ".yml")):
        raise Invalid(
            f"there is no file {what}", hint="Name an environment, or a policy's YAML."
        )
    return parse_policy(remote.policies.get(what).source.encode()).policy


def _is_live(remote: "Remote", policy: "Policy", document: str) -> bool:
    """Of an environment that there is not, nothing can be told."""
    if document.startswith("policy/"):
        return True
    try:
        found = remote.reviews.list(policy.environment, document=document)
        return next(found, None) is not None
    except NotFound:
        return True


def _explain_change(number: int, *, as_json: bool) -> None:
    with connect(change=number) as remote:
        found = remote.changes.get(number)
    if as_json:
        screen.print_json(found.requirements)
        return
    screen.say(f"Change {number} in {found.environment}: {found.title}", "bold")
    for one in found.requirements:
        _tell_standing(one)
    for note in _notes(found):
        screen.say(note)


def _tell_standing(one: "Standing") -> None:
    state = "met" if one.met else "not met"
    screen.show(screen.paragraph(f"{one.name} ({state}): {one.why}", indent=2))
    screen.show(screen.paragraph(f"for {', '.join(one.because)}", indent=4))


def _notes(found: "ChangeView") -> Iterator[str]:
    if not found.requirements:
        yield "  Nobody is asked."
    for vote in found.blocks:
        yield f"  Blocked by {vote.by} ({vote.verdict}): {vote.reason}"
    if found.stale_because:
        yield f"  Stale: {found.stale_because}"


def _asked(
    policy: "Policy", document: str, tier: str, facts: list[str], owners: list[str]
) -> tuple["Matched", ...]:
    from registry.documents import Tier
    from registry.floors import floor
    from registry.names import parse_ref
    from registry.policies import match, policy_subject, subject
    from registry.policy_rules import FactName

    if document == f"policy/{policy.environment}":
        return match(policy, [policy_subject(policy.environment)])
    about = subject(
        parse_ref(document),
        Tier(_one_of(tier, Tier, "a tier")),
        {FactName(_one_of(one, FactName, "a fact")) for one in facts},
        tuple(sorted(owners)),
    )
    asked = match(policy, [about])
    least = floor(policy.environment, asked)
    return (*asked, *([least] if least else []))


def _one_of(text: str, known: Iterable[str], noun: str) -> str:
    names = [str(one) for one in known]
    if text not in names:
        raise Invalid(
            f"{text[:60]!r} is not {noun}", hint=f"There are {', '.join(names)}."
        )
    return text


def _explain_document(
    policy: "Policy",
    document: str,
    asked: tuple["Matched", ...],
    people: list["Person"],
    *,
    as_json: bool,
) -> None:
    if as_json:
        screen.print_json(asked)
        return
    screen.say(f"An edit of {document} in {policy.environment} needs", "bold")
    rows = [(one.name, _whom(one), _told(policy, people, one.seat)) for one in asked]
    columns = ("requirement", "needs", "held by")
    screen.show(screen.table(columns, rows, indent=2))
    screen.note("Whoever works on it is not counted, and one person fills one seat.")


def _whom(one: "Matched") -> str:
    if not one.covered:
        return "cannot go live: no requirement covers it"
    if one.seat is None:
        return f"{one.count} of any seat" if one.count else "nobody"
    return f"{one.count} of {one.seat}"


def _who(policy: "Policy", people: list["Person"], seat: str | None) -> tuple[str, ...]:
    from registry.policy_gaps import holders

    if seat is None:
        return ()
    return holders(policy, map(as_known, people), seat) or ("nobody",)


def _told(policy: "Policy", people: list["Person"], seat: str | None) -> str:
    """Who holds *seat*; of whom it cools down, from when on it speaks."""
    cools = {
        one.handle: said(each.until)
        for one in people
        for each in one.cooling
        if (each.seat, each.environment) == (seat, policy.environment)
    }
    return ", ".join(
        f"{one} (from {cools[one]} on)" if one in cools else one
        for one in _who(policy, people, seat)
    )


def _explain_policy(policy: "Policy", people: list["Person"], *, as_json: bool) -> None:
    from registry.policy_gaps import empty_seats, gaps, named_seats
    from registry.policy_words import asked, settings

    found = [
        *gaps(policy, datetime.now(UTC)),
        *empty_seats(policy, map(as_known, people)),
    ]
    seats = {one: _who(policy, people, one) for one in named_seats(policy)}
    if as_json:
        screen.print_json(
            {
                "environment": policy.environment,
                "requirements": dict(asked(policy)),
                "settings": settings(policy),
                "seats": seats,
                "gaps": found,
            }
        )
        return
    screen.say(f"Who must agree in {policy.environment}", "bold")
    screen.show(screen.table(("requirement", "asks"), asked(policy), indent=2))
    screen.say()
    screen.say("Seats", "bold")
    rows = [(seat, _told(policy, people, seat)) for seat in seats]
    screen.show(screen.table(("seat", "held by"), rows, indent=2))
    screen.say()
    for line in _listed("What else it says", settings(policy)):
        screen.show(line)
    told = dict.fromkeys(f"{one.sentence} ({one.hint})" for one in found)
    for line in _listed("Gaps", told):
        screen.show(line)


def _listed(heading: str, lines: Iterable[str]) -> Iterator["Text"]:
    found = list(lines)
    if found:
        yield screen.styled(heading, "bold")
        yield from (screen.paragraph(one, indent=2) for one in found)
        yield screen.styled("")
