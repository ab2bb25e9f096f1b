"""The safety net: the way back, when it was last gone, the switch, who is on call."""

from collections.abc import Iterator
from itertools import islice

import streamlit as st

from registry.errors import NotFound
from registry.remote.changes import ChangeView
from registry.remote.environments import Moment
from registry.remote.people import Person
from ui.parts import session
from ui.parts.change import bots
from ui.parts.change.reach import SOME
from ui.parts.marks import mark, table
from ui.parts.pages import LIVE, path_of
from ui.parts.terms import term
from ui.parts.text import shown_line
from ui.parts.times import ago_html

LOOKED_AT = 100
"""Of what moved a document, how much is looked through."""

_WHO = ("Bot", "On call", "Owner", "Deputy", "When stopped it says")


def show(change: ChangeView, seq: int) -> None:
    """Args:
    seq: Of the environment, now.
    """
    names = bots.of(change)[:SOME]
    st.html(table("Safety net", ("What", "How"), _net(change, names, seq)))
    people = list(session.registry().people.list())
    if names:
        rows = _on_call(change.environment, names, seq, people)
        st.html(table("Who answers for the bots", _WHO, rows))
    st.html(f'<p class="tight muted">{_operators(people)}</p>')


def _net(change: ChangeView, names: list[str], seq: int) -> Iterator[tuple[str, str]]:
    where = shown_line(change.environment)
    if change.seq is None:
        back = f"{term('seq')} {seq} of {where}, which is live now: what this replaces"
    else:
        back = f"seq {change.seq - 1} of {where}, which this replaced"
    links = _links(change, names, "back", "Go back with")
    yield "Way back", f"a {term('rollback')} puts back {back}. {links}"
    for name in names or list(change.documents[:1]):
        document = f"bots/{name}" if names else name
        went = last(change.environment, document, "rolled-back")
        yield f"Last rollback of {shown_line(name)}", _told(went)
    switches = _links(change, names, "stop", "Stop") or "there is no bot to stop"
    yield (
        "Kill switch",
        f"a stopped bot says its fallback, at once, without a vote. {switches}",
    )
    yield "Rollout", "everything at once, for every conversation that begins then"
    yield (
        "Backs out by itself",
        "no: the registry measures no outcome, and somebody has to decide",
    )


def last(environment: str, document: str, type_: str) -> Moment | None:
    """The last moment of that type; of a bot, also where only what it uses moved."""
    environments = session.registry().environments
    found: Iterator[Moment]
    if document.startswith("bots/"):
        found = environments.bundles(environment, document.removeprefix("bots/"))
    else:
        found = environments.history(environment, document=document, limit=LOOKED_AT)
    try:
        lately = list(islice(found, LOOKED_AT))
    except NotFound:
        # It never was live here.
        return None
    return next((one for one in lately if one.type == type_), None)


def _told(went: Moment | None) -> str:
    if went is None:
        return (
            f"{mark('never', 'amber')}none among the last {LOOKED_AT} moves here: "
            "nobody has gone back, also not as a drill"
        )
    return (
        f"{ago_html(went.at)} by {shown_line(went.by)}, as seq {went.seq}: "
        f"{shown_line(went.title)}"
    )


def _links(change: ChangeView, names: list[str], do: str, verb: str) -> str:
    return " · ".join(
        f'<a href="{path_of(LIVE, env=change.environment, do=do, bot=name)}" '
        f'target="_self">{verb} {shown_line(name)}…</a>'
        for name in names
    )


def _on_call(
    environment: str, names: list[str], seq: int, people: list[Person]
) -> Iterator[tuple[str, ...]]:
    active = {one.handle for one in people if one.active}
    for name in names:
        bot = bots.says(environment, name, seq)
        who = (
            _person(bot.get(part), active) for part in ("on_call", "owner", "deputy")
        )
        yield shown_line(name), *who, bots.told(bot, "fallback")


def _person(handle: object, active: set[str]) -> str:
    """Somebody whom the bot names, and whether they are there."""
    if not isinstance(handle, str) or not handle:
        return bots.UNKNOWN
    gone = "" if handle in active else mark("not active here", "red")
    return f"{shown_line(handle)} {gone}".rstrip()


def _operators(people: list[Person]) -> str:
    found = [one.handle for one in people if one.active and "operator" in one.roles]
    told = shown_line(", ".join(found)) or "nobody"
    return f"Operators, who can stop and roll back whatever is live: {told}."
