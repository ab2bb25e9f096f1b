"""The page: which environment, bot and moment; then one of three ways to look."""

import streamlit as st

from registry.errors import NotFound, NotSettled
from registry.remote import Remote
from registry.remote.environments import Environment
from registry.remote.timelines import MomentThen
from ui.parts import frame
from ui.parts.choosing import choice, picked, usual_environment
from ui.parts.pages import PROPOSE
from ui.parts.text import label, plain
from ui.parts.time import became, then, two
from ui.parts.time.when import (
    FIRST,
    SECOND,
    When,
    asked,
    choose,
    keep,
    remember,
    shown_at,
)
from ui.parts.times import moment as said

EVERYTHING = "*"
"""In place of a bot's name, which it can never be."""
MOST_BOTS = 200
VIEWS = {"then": "As it was then", "two": "Two moments", "became": "Timeline"}


def show(registry: Remote) -> None:
    found = {one.name: one for one in registry.environments.list()}
    first = usual_environment(found)
    names = {name: name for name in found}
    line = st.columns([3, 3, 3.2])
    with line[0]:
        env = choice(
            "Environment",
            names,
            of="environment",
            default=first,
            what="environment",
            resets=("bot", "prompt", "document"),
        )
    keep(env)
    if found[env].seq == 0:
        st.info(label(f"Nothing has gone live in {env} yet, so it has no past."))
        st.page_link(PROPOSE, label="Propose something")
        return
    when = asked(FIRST)
    at_all = _moment(registry, found[env], when, None)
    with line[1]:
        bot = _bot(registry, found[env], at_all)
    moment = at_all
    if at_all is not None and bot is not None:
        moment = registry.timelines.moment(env, seq=at_all.seq, bot=bot)
    remember(env, FIRST, moment)
    with line[2]:
        view = choice("Show", VIEWS, of="view", default="then")
    choose(FIRST, when, moment, found[env].seq)
    if moment is None:
        _refused(registry, found[env], when)
    elif view == "two":
        _two(registry, found[env], moment, bot)
    else:
        st.html(then.told(moment))
        _one(registry, view, when, moment, bot)


def _one(
    registry: Remote, view: str, when: When, moment: MomentThen, bot: str | None
) -> None:
    at = shown_at(when, moment)
    if view == "then":
        then.show(registry, moment, bot)
        then.evidence(registry, moment.environment, when.at or moment.at)
    elif bot is None:
        st.info("A timeline is of one bot: choose one above.")
    else:
        became.show(registry, moment.environment, bot, at, is_now=moment.until is None)


def _two(
    registry: Remote, environment: Environment, moment: MomentThen, bot: str | None
) -> None:
    when = asked(SECOND)
    other = _moment(registry, environment, when, bot)
    remember(environment.name, SECOND, other)
    choose(SECOND, when, other, environment.seq)
    if other is None:
        _refused(registry, environment, when)
    else:
        two.show(registry, moment, other, bot)


def _moment(
    registry: Remote, environment: Environment, when: When, bot: str | None
) -> MomentThen | None:
    """What the environment was; `None` if that is refused, which is told later."""
    try:
        return registry.timelines.moment(
            environment.name, at=when.at, seq=when.seq, bot=bot
        )
    except (NotFound, NotSettled):
        return None


def _refused(registry: Remote, environment: Environment, when: When) -> None:
    """Why there is nothing to show: before the beginning, or not over yet."""
    try:
        registry.timelines.moment(environment.name, at=when.at, seq=when.seq)
    except NotSettled:
        at = "" if when.at is None else f"{said(when.at)} is not over yet. "
        st.warning(
            label(
                f"{at}What will be live then, nobody knows: choose a moment that is "
                "past, or Now."
            ),
            icon=":material/update:",
        )
    except NotFound as error:
        if when.at is None:
            frame.show_error(error)
            return
        first = registry.timelines.moment(environment.name, seq=1)
        st.info(
            label(
                f"Nothing was live in {environment.name} on {said(when.at)}, so no bot "
                f"could say anything. The first documents went live on "
                f"{said(first.at)}: seq 1.",
                300,
            ),
            icon=":material/info:",
        )


def _bot(
    registry: Remote, environment: Environment, moment: MomentThen | None
) -> str | None:
    """The bot that is chosen; `None` for everything."""
    seq = environment.seq if moment is None else moment.seq
    found = registry.timelines.documents(
        environment.name, seq=seq, kind="bot", limit=MOST_BOTS
    )
    names = [one.document.partition("/")[2] for one in found.items]
    options = {name: plain(name) for name in names}
    wanted = st.query_params.get("bot")
    if wanted and wanted != EVERYTHING and wanted not in options:
        options[wanted] = plain(f"{wanted} (not live then)")
    options[EVERYTHING] = f"Everything in {plain(environment.name)}"
    chosen = picked(
        "Bot",
        options,
        of="bot",
        default=next(iter(options)),
        what="bot",
        resets=("prompt", "document"),
    )
    if found.next is not None:
        st.caption(f"The first {MOST_BOTS}; find others under Everything.")
    return None if chosen == EVERYTHING else chosen
