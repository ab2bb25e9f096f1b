"""What somebody has to know before they agree afterwards, or do not."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from registry.cli import difference_view, screen
from registry.cli.change_view import requirements
from registry.cli.comparing import difference_of, steps_between
from registry.remote.judging import RatificationView
from registry.remote.ratifications import RatificationSummary
from registry.times import said, said_end

if TYPE_CHECKING:  # it brings an HTTP client
    from registry.remote import Remote


def asked(
    remote: "Remote", found: RatificationView, judgement: str
) -> Iterator[RenderableType]:
    """What it is about, what it replaced, and what a judgement counts for."""
    yield screen.styled(screen.line(f"{what(found)}: {found.title}"))
    yield from _why(found)
    for one in found.requirements if judgement == "ratify" else ():
        if not one.met:
            yield screen.styled(screen.line(f"  asks for {one.name}: {one.why}"))
    yield from _difference(remote, found)
    yield screen.styled(f"  every word of it: {_diff(found)}")
    yield screen.styled(f"  event {found.id}, digest {found.activated}")


def whole(found: RatificationView) -> Iterable[RenderableType]:
    yield screen.styled(
        screen.line(f"Ratification {found.id}: {what(found)}: {found.title}"), "bold"
    )
    yield screen.styled(
        screen.line(f"Status  {stands(found)}; due {said_end(found.due)}")
    )
    yield screen.styled(f"by {found.by}, {said(found.at)}")
    yield from _why(found)
    yield screen.styled(f"What it replaced: {_diff(found)}")
    yield screen.styled("")
    yield from requirements(found.requirements)
    for vote in found.votes:
        reason = f": {vote.reason}" if vote.reason else ""
        yield screen.styled(
            screen.line(
                f"  {said(vote.at)}  {vote.by} for {vote.seat}: "
                f"{vote.judgement}{reason}"
            )
        )
    yield screen.styled(f"Left out: {', '.join(found.excluded)}")
    if found.you.seats:
        yield screen.styled(
            f"You may judge it as {' or '.join(found.you.seats)}: "
            f"placet ratify {found.id}, or placet repudiate {found.id}",
            "bold",
        )
        if found.you.sign_in_again:
            again = found.you.sign_in_again
            yield screen.styled(f"To ratify, sign in again: placet login. {again}")
    elif found.you.why_not:
        yield screen.styled(f"You cannot judge it: {found.you.why_not}")


def _why(found: RatificationView) -> Iterator[Text]:
    """Why it has to be ratified, without what stands among the requirements."""
    asked = found.requirements
    for why in found.why:
        if not any(why.startswith(f"{one.name}: ") for one in asked):
            yield screen.styled(screen.line(f"  {why}"))


def _difference(remote: "Remote", found: RatificationView) -> Iterator[Text]:
    """The texts that it replaced, as far as they can be told line by line."""
    before = remote.environments.live(found.environment, seq=found.seq - 1)
    after = remote.environments.live(found.environment, seq=found.seq)
    steps = list(steps_between(before, after))
    yield from difference_view.sources(difference_of(remote, *one) for one in steps)


def _diff(found: RatificationSummary) -> str:
    return f"placet diff {found.environment} --from {found.seq - 1} --to {found.seq}"


def what(found: RatificationSummary) -> str:
    """Which activation it is about, in words."""
    where = f"seq {found.seq} of {found.environment}"
    if found.change is None:
        return f"the rollback to {where}"
    return f"change {found.change} ({found.incident}), {where}"


def stands(found: RatificationSummary) -> str:
    if found.closed_at is not None or not found.waiting_for:
        return found.status
    return f"{found.status}, waiting for {', '.join(found.waiting_for)}"
