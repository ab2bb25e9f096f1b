"""How a change looks to somebody who has to decide on it."""

import re
from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from registry.changes import made_current
from registry.cli import check_view, difference_view, screen
from registry.cli.change_words import stands, style
from registry.remote.changes import (
    ChangeView,
    Comment,
    Fact,
    Standing,
    Vote,
)
from registry.remote.conditions import ConditionStanding
from registry.remote.differences import Advice, Difference
from registry.remote.environments import Moment
from registry.times import said, said_end


def view(
    change: ChangeView,
    difference: Difference,
    stopped: Moment | None,
    moved: int | None = None,
) -> Iterator[RenderableType]:
    """Everything about one change, top to bottom.

    Args:
        stopped: When the bot was stopped, if the change is to resume one.
        moved: Until which seq it is told something else since then, if it is.
    """
    yield from _head(change)
    if change.type == "resume":
        yield from _resumes(change, stopped, moved)
    else:
        yield from _asks(change, difference)
    yield from facts(change.facts)
    yield from requirements(change.requirements, is_open=change.outcome is None)
    yield from check_view.sections(change)
    yield from _said("Blocked by", map(_vote, change.blocks))
    yield from _said("Votes", map(_vote, change.votes))
    yield from _said("Conditions", map(_condition, change.conditions))
    yield from _said("Comments", map(_comment, change.comments))
    yield from _said("Worth a look", map(advised, difference.warnings))
    yield _heading("What reads differently")
    found = list(difference_view.summary(difference))
    yield from found or [screen.styled("  nothing")]
    if not found or str(found[-1]):
        yield Text()
    yield screen.styled(f"All of it: placet show {change.id} --diff")
    yield from _you(change)


def _head(change: ChangeView) -> Iterator[Text]:
    title = screen.line(change.title)
    yield Text(f"Change {change.id} in {change.environment}: {title}", style="bold")
    text = Text("Status  ").append(screen.line(stands(change)), style=style(change))
    if change.stale_because:
        text.append(screen.line(f": {change.stale_because}"))
    elif change.status == "approved" and change.why_not and not change.held_back:
        text.append(screen.line(f"; {change.why_not}"))
    elif change.closed_by and change.closed_at:
        text.append(screen.line(f" by {change.closed_by}, {said(change.closed_at)}"))
    if change.seq is not None:
        text.append(f", seq {change.seq}")
    yield text
    last = change.revisions[-1]
    is_open = change.outcome is None
    expires = f"; expires {said_end(change.expires)}" if is_open else ""
    yield screen.styled(
        screen.line(
            f"{change.type}, revision {last.number} by {last.by}, "
            f"{said(last.at)}{expires}"
        )
    )
    yield from _moment(change)
    yield screen.styled(f"Review digest {change.review_digest}")
    yield from check_view.answered(change)
    yield Text()


def _moment(change: ChangeView) -> Iterator[Text]:
    """When it goes live by itself and why not; what had to be ratified since."""
    if change.earliest is not None and change.outcome is None:
        when = said(change.earliest)
        never = change.status in {"stale", "expired"}
        yield screen.styled(
            f"Was to go live by itself at {when}"
            if change.is_overdue or never
            else f"Goes live by itself at {when}, and not before"
        )
        if change.status == "suspended":
            yield screen.styled(
                "It never does by itself any more: an operator can activate it "
                f"(placet activate {change.id}), or its author can "
                f"{made_current(change.type)}"
            )
        elif change.is_overdue and change.tried_until and not never:
            yield screen.styled(f"The registry tries until {said(change.tried_until)}")
        if change.why_not is not None and not never:
            yield screen.styled(screen.line(f"Not now: {change.why_not}"), "yellow")
    opened = change.ratification
    if opened is not None:
        due = f", due {said_end(opened.due)}" if opened.closed_at is None else ""
        yield screen.styled(
            screen.line(
                f"Went live in an emergency ({opened.incident}): {opened.status}{due}; "
                f"placet ratifications {opened.id}"
            ),
            "yellow",
        )


def _asks(change: ChangeView, difference: Difference) -> Iterator[RenderableType]:
    before = {
        one.document: difference_view.version(one.before)
        for one in difference.documents
    }
    asked = {
        edit.document: difference_view.step(before.get(edit.document), edit.version)
        for edit in change.edits
    }
    rows = [
        (
            one.document,
            asked.get(one.document, "uses what is edited"),
            one.tier,
            ", ".join(one.owners),
        )
        for one in change.effect
    ]
    if rows:
        yield _heading("Touches")
        yield screen.table(("document", "edit", "tier", "owners"), rows, indent=2)
        yield Text()


def facts(found: Iterable[Fact], *, error: bool = False) -> Iterator[Text]:
    """What an edit does, where a policy may want to know it: a line a reason.

    Args:
        error: It goes to standard error.
    """
    told = list(found)
    if told:
        yield _heading("What it does")
        for fact in told:
            yield screen.styled(f"  {screen.line(fact.name)}")
            for document, reasons in _reasons(fact):
                if document:
                    yield screen.styled(f"    {screen.line(document)}")
                for reason in reasons:
                    yield screen.paragraph(reason, indent=6, error=error)
        yield Text()


def _reasons(fact: Fact) -> list[tuple[str, list[str]]]:
    """What is true of each document; of all of them under no name.

    A fact's sentence strings together `document: reason`.
    """
    names = "|".join(map(re.escape, sorted(fact.documents, key=len, reverse=True)))
    begins = re.compile(rf"(?:{names or '(?!)'}): ")
    found: dict[str, list[str]] = {}
    for part in re.split(rf"; (?={begins.pattern}|and [0-9]+ more\Z)", fact.sentence):
        named = begins.match(part)
        document = named[0].removesuffix(": ") if named else ""
        found.setdefault(document, []).append(part[named.end() :] if named else part)
    return list(found.items())


def _resumes(
    change: ChangeView, stopped: Moment | None, moved: int | None
) -> Iterator[Text]:
    since = ""
    if stopped is not None:
        since = (
            f"; it was stopped at seq {stopped.seq}, {said(stopped.at)}, "
            f"by {stopped.by} ({stopped.title})"
        )
    yield screen.styled(screen.line(f"This bot answers again{since}."))
    if stopped is not None and moved is not None:
        seqs = f"--from {stopped.seq - 1} --to {moved}"
        yield screen.styled(
            "It is told something else than before it was stopped: "
            f"placet diff {change.environment} {seqs}",
            "yellow",
        )
    yield Text()


def requirements(
    standings: Iterable[Standing], *, is_open: bool = True
) -> Iterator[RenderableType]:
    """Which are met, why, and because of what; of what was decided, then."""
    waits = Text("open", style="yellow")
    unmet = waits if is_open else Text("not met", style="dim")
    rows = [
        (
            Text("met", style="green") if one.met else unmet,
            one.name,
            one.why,
            _for(one.because),
        )
        for one in standings
    ]
    if rows:
        yield _heading("Needs" if is_open else "Needed")
        columns = ("", "requirement", "why", "because of")
        yield screen.table(columns, rows, indent=2)
        yield Text()


def _for(because: tuple[str, ...]) -> str:
    if len(because) <= 2:
        return ", ".join(because)
    return f"{because[0]} and {len(because) - 1} more"


def _said(heading: str, said: Iterable[Text]) -> Iterator[Text]:
    found = list(said)
    if found:
        yield _heading(heading)
        yield from found
        yield Text()


def advised(warning: Advice) -> Text:
    """A warning, with the document and the line that it is about."""
    place = f"{warning.document}:{warning.line}" if warning.line else warning.document
    said = screen.line(f"  {place}: {warning.message} ({warning.hint})")
    return Text(said, style="yellow")


def _vote(vote: Vote) -> Text:
    return screen.styled(
        screen.line(
            f"  {said(vote.at)}  {vote.by} for {vote.seat}: {vote.verdict}"
            f" (revision {vote.revision}){': ' if vote.reason else ''}{vote.reason}"
        )
    )


def _condition(one: ConditionStanding) -> Text:
    style = {"overdue": "red", "met": "green"}.get(one.status, "yellow")
    met = f" by {one.met.by}: {one.met.note}" if one.met else ""
    said = (
        f"  due {said_end(one.due)}, {one.owner} for {one.voter}: {one.text} "
        f"({one.status}{met})"
    )
    return Text(screen.line(said), style=style)


def _comment(comment: Comment) -> Text:
    text = comment.text.replace("\n", "\n    ")
    return screen.styled(f"  {said(comment.at)}  {comment.by}: {text}")


def _you(change: ChangeView) -> Iterator[Text]:
    if change.you.may_vote:
        seats = " or ".join(change.you.may_vote)
        yield screen.styled(
            f"You may vote as {seats}: placet vote {change.id} --approve", "bold"
        )
        if change.you.sign_in_again:
            again = change.you.sign_in_again
            yield screen.styled(f"To approve, sign in again: placet login. {again}")
    elif change.you.why_not:
        yield screen.styled(f"You cannot vote: {change.you.why_not}")


def _heading(text: str) -> Text:
    return Text(text, style="bold")
