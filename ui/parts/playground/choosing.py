"""What is tried: of which environment, which bot or prompt, and of when.

Everything chosen stands in the address, so that a link shows somebody else the same.
What is filled in does not: it may be what a customer wrote.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

import streamlit as st

from registry.errors import RegistryError
from registry.remote import Remote
from registry.remote.changes import ChangeSummary
from registry.remote.documents import Listed, Wanted
from registry.remote.environments import Environment, Moment
from ui.parts import times
from ui.parts.choosing import picked, usual_environment
from ui.parts.pages import CHANGE
from ui.parts.playground import moments, versions
from ui.parts.playground.moments import NAMES, When
from ui.parts.playground.told import BOTS, PROMPTS, Subject, moments_of
from ui.parts.text import plain

AT_ONCE = 100
"""Of each kind that is offered; another is found by its name."""

_UNSAID = "?"
"""In the address, until somebody says which."""


def environment(found: list[Environment]) -> Environment:
    by_name = {one.name: one for one in found}
    first = usual_environment(by_name)
    asked = st.query_params.get("environment", first)
    chosen = st.selectbox(
        "Environment",
        list(by_name),
        format_func=plain,
        key=_follow("_playground_environment", asked if asked in by_name else first),
        on_change=_write_environment,
    )
    return by_name[chosen]


def _write_environment() -> None:
    """Another one has other numbers, and other changes."""
    for one in ("version", "seq", "change", moments.BEFORE):
        st.query_params.pop(one, None)
    st.query_params["environment"] = st.session_state["_playground_environment"]


def subject(remote: Remote, environment: str) -> Subject | None:
    """A bot, or a prompt by itself; `None` where there is none."""
    asked = _asked()
    names = {one.document: plain(one.document) for one in _offered(remote, environment)}
    if asked:
        names.setdefault(asked, plain(asked))
    if not names:
        return None
    chosen = st.selectbox(
        "Bot or prompt",
        list(names),
        format_func=lambda one: names.get(one, one),
        key=_follow("_playground_document", asked or next(iter(names))),
        on_change=_write_document,
        accept_new_options=True,
        help="Not in the list? Write its name: bots/acme-air/support.",
    )
    return Subject(environment=environment, document=_whole(chosen))


def role(roles: list[str]) -> str:
    """Which prompt of a bot."""
    names = {one: plain(one) for one in roles}
    return picked(
        "Prompt, by its role", names, of="role", default=roles[0], what="prompt of it"
    )


def when(remote: Remote, of: Subject, *, before: bool) -> When:
    """Of when, or with what it is compared."""
    now = moments.compared() if before else moments.shown()
    kinds = [kind for kind in NAMES if before or kind != "nothing"]
    side = "before" if before else "after"
    kind = st.selectbox(
        "Compared with" if before else "Version",
        kinds,
        format_func=lambda one: NAMES[one],
        key=_follow(f"_playground_kind_{side}", now.kind),
        on_change=_write_kind,
        args=(before,),
    )
    if kind == "version":
        found = versions.offered(remote, of.environment, of.document)
        known = {one: plain(words) for one, words in found}
        _value("Version number", known, now, before, "Choose a version, or write it")
    elif kind == "seq":
        _seq(remote, of, now, before)
    elif kind == "at":
        _moment(now, before)
    elif kind == "change":
        _change(remote, of, now, before)
    return now


def _asked() -> str:
    """The document that the address names."""
    asked = st.query_params
    if prompt := asked.get("prompt"):
        return PROMPTS + prompt.removeprefix(PROMPTS)
    if bot := asked.get("bot"):
        return BOTS + bot.removeprefix(BOTS)
    return ""


def _whole(document: str) -> str:
    is_whole = document.startswith((BOTS, PROMPTS))
    return document if is_whole else BOTS + document


def _offered(remote: Remote, environment: str) -> Iterator[Listed]:
    for kind in ("bot", "prompt"):
        looked_for = Wanted(kind=kind, environment=environment)
        yield from remote.documents.list(looked_for, limit=AT_ONCE)


def _write_document() -> None:
    chosen = _whole(str(st.session_state["_playground_document"]))
    parameter = "bot" if chosen.startswith(BOTS) else "prompt"
    for one in ("bot", "prompt", "role", *moments.ASKED, moments.BEFORE):
        st.query_params.pop(one, None)
    st.query_params[parameter] = chosen.partition("/")[2]


def _write_kind(before: bool) -> None:
    """What was chosen; the seq, moment or change of it comes next."""
    side = "before" if before else "after"
    kind = st.session_state[f"_playground_kind_{side}"]
    value = _UNSAID if kind in ("version", "seq", "change") else ""
    if kind == "at":
        value = times.now().strftime("%Y-%m-%dT%H:%M+00:00")
    moments.write(When(kind, value), before=before)


def _seq(remote: Remote, of: Subject, now: When, before: bool) -> None:
    known = dict(_seqs(remote, of))
    _value("Seq", known, now, before, "Choose a seq, or write one")


def _seqs(remote: Remote, of: Subject) -> Iterator[tuple[str, str]]:
    """At which it became another one, the last first."""
    try:
        found: Sequence[Moment] = (
            moments_of(remote, of.environment, of.name)
            if of.is_bot
            else list(
                remote.environments.history(
                    of.environment, document=of.document, limit=AT_ONCE
                )
            )
        )
    except RegistryError:  # what is not there is told where it is to be shown
        return
    for one in found:
        yield str(one.seq), plain(f"{one.seq}, {times.day(one.at)}: {one.title}")


def _moment(now: When, before: bool) -> None:
    side = "before" if before else "after"
    key = f"_playground_at_{side}"
    at = now.moment
    local = None if at is None else at.astimezone(times.zone()).replace(tzinfo=None)
    st.session_state[key] = local
    st.datetime_input(
        "Day and time",
        value=None,
        key=key,
        format="YYYY-MM-DD",
        on_change=_write_moment,
        args=(key, before),
    )


def _write_moment(key: str, before: bool) -> None:
    chosen = st.session_state[key]
    if isinstance(chosen, datetime):
        at = chosen.replace(tzinfo=times.zone()).isoformat()
        moments.write(When("at", at), before=before)


def _change(remote: Remote, of: Subject, now: When, before: bool) -> None:
    open_ = islice(remote.changes.list(environment=of.environment, status="open"), 50)
    known = {str(one.id): _titled(one) for one in open_}
    _value("Change", known, now, before, "Choose an open change, or write its number")
    if now.number is not None:
        st.page_link(
            CHANGE,
            label=f"Read change {now.number}",
            query_params={"id": str(now.number)},
            icon=":material/rate_review:",
        )


def _titled(change: ChangeSummary) -> str:
    return plain(f"{change.id}: {change.title}")


def _value(
    name: str, known: dict[str, str], now: When, before: bool, hint: str
) -> None:
    side = "before" if before else "after"
    key = f"_playground_{now.kind}_{side}"
    is_said = now.kind == "version" and now.value != _UNSAID
    chosen = now.value if is_said or now.number is not None else None
    if chosen is not None:
        known.setdefault(chosen, plain(chosen))
    st.session_state[key] = chosen
    st.selectbox(
        name,
        list(known),
        index=None,
        format_func=lambda one: known.get(one, one),
        key=key,
        placeholder=hint,
        accept_new_options=True,
        on_change=_write_value,
        args=(key, now.kind, before),
    )


def _write_value(key: str, kind: moments.Kind, before: bool) -> None:
    chosen = st.session_state[key]
    moments.write(When(kind, str(chosen or _UNSAID)), before=before)


def _follow(key: str, value: str) -> str:
    """The key of a widget, which has what the address says."""
    st.session_state[key] = value
    return key
