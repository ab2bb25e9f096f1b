"""`placet policy explain`: a policy in words, and who is asked for what."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson
from registry.cli.policy_checking import hint_of
from registry.cli.session import connect
from registry.errors import Invalid
from registry.times import said

if TYPE_CHECKING:  # slow to import
    from rich.text import Text

    from registry.remote.changes import ChangeView, Standing
    from registry.remote.policies import Explanation, Holder, Need, Needs


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
        str | None,
        typer.Option(
            "--tier", help="Its tier: low, medium or high; without, as it is live."
        ),
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option("--fact", help="What the edit does; give it again for another."),
    ] = None,
    owner: Annotated[
        list[str] | None,
        typer.Option(
            "--owner", help="Who will own it as well; give it again for another."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say in words who is asked for what and why, and who holds each seat now.

    With --change it says whom one change needs, why, and who could still agree.
    With --document it says whom an edit would need before anybody has made it, also
    because of what uses the document.

    Examples:
      placet policy explain production
      placet policy explain --change 42
      placet policy explain --document bots/acme-air/support --tier low
      placet policy explain draft.yaml --document bots/x --fact model-changed
    """
    if change is not None:
        _explain_change(change, as_json=as_json)
        return
    from registry.documents import Tier
    from registry.policy_rules import FactName

    with connect() as remote:
        environment, source = _policy(what or "production")
        if document is None:
            told = remote.policies.explain(environment, source)
            _explain_policy(told, as_json=as_json)
            return
        found = remote.policies.needs(
            environment,
            document,
            tier=None if tier is None else _one_of(tier, Tier, "a tier"),
            facts=tuple(_one_of(one, FactName, "a fact") for one in fact or ()),
            owners=tuple(owner or ()),
            source=source,
        )
    _explain_document(found, as_json=as_json)


def _policy(what: str) -> tuple[str, str | None]:
    """Whose policy it is, and its text if it is in a file."""
    from registry.policy_text import parse_policy

    file = Path(what)
    if file.is_file():
        text = parse_policy(file.read_bytes())
        return text.policy.environment, text.source.decode()
    if "/" in what or what.endswith((".yaml", ".yml")):
        raise Invalid(
            f"there is no file {what}", hint="Name an environment, or a policy's YAML."
        )
    return what, None


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


def _one_of(text: str, known: Iterable[str], noun: str) -> str:
    names = [str(one) for one in known]
    if text not in names:
        raise Invalid(
            f"{text[:60]!r} is not {noun}", hint=f"There are {', '.join(names)}."
        )
    return text


def _explain_document(found: "Needs", *, as_json: bool) -> None:
    if as_json:
        screen.print_json(found)
        return
    what = f"An edit of {found.document} in {found.environment} needs"
    screen.say(screen.line(what), "bold")
    rows = [
        (one.name, _whom(one), ", ".join(one.because), _could(one))
        for one in found.needs
    ]
    columns = ("requirement", "needs", "for", "who could")
    screen.show(screen.table(columns, rows, indent=2))
    screen.note("Whoever works on it is not counted, and one person fills one seat.")
    if not found.is_live:
        screen.note(
            screen.line(
                f"Nothing called {found.document} is live in {found.environment}: this "
                "is what a new one would need."
            )
        )


def _whom(one: "Need") -> str:
    if not one.covered:
        return "cannot go live: no requirement covers it"
    if one.seat is None:
        return f"{one.count} of any seat" if one.count else "nobody"
    return f"{one.count} of {one.seat}"


def _could(one: "Need") -> str:
    if not one.covered or not one.count:
        return ""
    who = ", ".join(_speaking(each.handle, each.speaks_from) for each in one.could)
    return who if one.enough else f"too few: {who or 'nobody'}"


def _speaking(handle: str, speaks_from: datetime | None) -> str:
    if speaks_from is None:
        return handle
    return f"{handle} (from {said(speaks_from)} on)"


def _explain_policy(found: "Explanation", *, as_json: bool) -> None:
    if as_json:
        screen.print_json(found)
        return
    screen.say(f"Who must agree in {found.environment}", "bold")
    asked = [(one.name, one.asks) for one in found.requirements]
    screen.show(screen.table(("requirement", "asks"), asked, indent=2))
    screen.say()
    screen.say("Seats", "bold")
    rows = [(one.seat, ", ".join(map(_held, one.holders))) for one in found.seats]
    rows = [(seat, who or "nobody") for seat, who in rows]
    screen.show(screen.table(("seat", "held by"), rows, indent=2))
    screen.say()
    for part in found.settings:
        for line in _listed(part.about, part.sentences):
            screen.show(line)
    told = dict.fromkeys(f"{one.sentence} ({hint_of(one.hint)})" for one in found.gaps)
    for line in _listed("Gaps", told):
        screen.show(line)


def _held(one: "Holder") -> str:
    names = f" for {', '.join(one.names)}" if one.names else ""
    return _speaking(one.handle, one.speaks_from) + names


def _listed(heading: str, lines: Iterable[str]) -> Iterator["Text"]:
    found = list(lines)
    if found:
        yield screen.styled(heading, "bold")
        yield from (screen.paragraph(one, indent=2) for one in found)
        yield screen.styled("")
