"""Tokens: what machines come in with, when each was used, and making another one."""

from datetime import timedelta
from functools import partial

import streamlit as st

from registry.remote import Remote
from registry.remote.people import NewToken, Token
from registry.remote.sessions import Current
from ui.parts import done
from ui.parts.marks import mark, table
from ui.parts.text import label, plain, shown_line
from ui.parts.times import ago_html, day, now

MAKE, CLONE, FOR_OTHERS = (
    "make tokens",
    "make tokens that clone",
    "make tokens for others",
)
CLONING = "clone"
"""The scope of the tokens that who may make no other makes."""

SOON = timedelta(days=14)
MOST = 200
_MADE = "_new_token"


def show(registry: Remote, me: Current) -> None:
    with st.container():  # there or not, what follows stays where it is
        _tell_made()
    found = list(registry.tokens.list())
    ended = [one for one in found if _is_over(one)]
    usable = [one for one in found if not _is_over(one)]
    whose = "Everybody's tokens" if FOR_OTHERS in me.may else "Your tokens"
    st.html(
        f"<p>{whose}: {len(usable)} that work, {len(ended)} that have ended. A token "
        "never votes, and never has more than its person has.</p>"
    )
    if usable:
        st.html(table("Tokens", _COLUMNS, [_row(one) for one in usable[:MOST]]))
        _revoke(registry, usable)
    elif not ended:
        st.info("There is none yet. A chatbot needs one with the scope read.")
    if MAKE in me.may or CLONE in me.may:
        with st.expander("Make a token", icon=":material/key:"):
            if _made() is None:
                _make(registry, me)
            else:
                st.info("Copy the token above first, and say that you have copied it.")
    if ended and st.toggle("Show those that have ended", key="ended"):
        st.html(table("Ended tokens", _COLUMNS, [_row(one) for one in ended[:MOST]]))


_COLUMNS = ("For", "Scope", "Only for", "Of", "Made", "Last used", "Ends")


def _row(one: Token) -> tuple[str, ...]:
    only = ", ".join(map(shown_line, (*one.environments, *one.bots)))
    by = "" if one.made_by in {None, one.handle} else f" by {shown_line(one.made_by)}"
    return (
        f'{shown_line(one.purpose)}<br><span class="muted">{shown_line(one.id)}</span>',
        shown_line(one.scope),
        only or "everything",
        shown_line(one.handle),
        f"{day(one.made)}{by}",
        ago_html(one.last_used) if one.last_used else "never",
        _end(one),
    )


def _end(one: Token) -> str:
    if one.revoked is not None:
        return f"{mark('revoked', 'grey')}{ago_html(one.revoked)}"
    left = one.expires - now()
    if left <= timedelta():
        return f"{mark('ended', 'grey')}{ago_html(one.expires)}"
    return (mark("soon", "amber") if left < SOON else "") + ago_html(one.expires)


def _is_over(one: Token) -> bool:
    return one.revoked is not None or one.expires <= now()


def _revoke(registry: Remote, tokens: list[Token]) -> None:
    with st.expander("Revoke a token", icon=":material/block:"):
        st.caption("It is refused at once, and does not come back.")
        with st.form("revoking"):
            by_id = {one.id: one for one in tokens}
            chosen = st.selectbox(
                "Which",
                list(by_id),
                index=None,
                format_func=lambda id: plain(
                    f"{by_id[id].purpose} ({by_id[id].scope}, of {by_id[id].handle}, "
                    f"{id})"
                ),
                placeholder="Choose a token",
            )
            revokes = st.form_submit_button("Revoke it for good")
    if not revokes:
        return
    if chosen is None:
        st.warning("Choose the token first.")
    else:
        said = f"The token for “{by_id[chosen].purpose}” is revoked."
        # It takes no key: what is revoked already stays as it is.
        done.attempt(
            partial(registry.tokens.revoke, chosen),
            lambda _: done.Happened(said=said, query={"view": "tokens"}),
        )


def _make(registry: Remote, me: Current) -> None:
    """The form of a new one, and its secret kept.

    There is no key with which to ask for the secret again: the registry tells it once,
    and keeps its hash. If the answer is lost, the token is in the list, to be revoked.

    A second click ends this run at its next word with Streamlit. The list is kept
    before the secret is there, so that no run ends between the two.
    """
    names = [one.name for one in registry.environments.list()]
    longest = me.longest_days.token
    with st.form("making"):
        purpose = st.text_input(
            "What uses it", max_chars=200, placeholder="support bot", key="purpose"
        )
        scope = _scope(registry, me)
        environments = st.multiselect(
            "Only for these environments", names, placeholder="All of them"
        )
        bots = st.multiselect(
            "Only for these bots",
            [],
            accept_new_options=True,
            placeholder="All of them; or a name such as acme-air/support",
            help="With the scope read only.",
        )
        days = st.number_input(
            "Days that it lives", min_value=1, max_value=longest, value=longest
        )
        handle = _whose(registry, me)
        makes = st.form_submit_button("Make the token", type="primary")
    if not makes:
        return
    kept: list[NewToken] = st.session_state.setdefault(_MADE, [])
    make = partial(
        registry.tokens.make,
        purpose=purpose,
        scope=scope,
        environments=tuple(environments),
        bots=tuple(one.removeprefix("bots/") for one in bots),
        days=int(days),
        handle=handle,
    )

    def shown_above(made: NewToken) -> done.Happened:
        kept.append(made)
        return done.Happened(said="")

    done.attempt(make, shown_above)


def _scope(registry: Remote, me: Current) -> str:
    allows = {one.scope: one.allows for one in registry.people.roles().scopes}
    scopes = list(allows) if MAKE in me.may else [CLONING]
    return st.selectbox(
        "Scope",
        scopes,
        format_func=lambda one: plain(f"{one}: {allows.get(one, '')}"),
    )


def _whose(registry: Remote, me: Current) -> str | None:
    if FOR_OTHERS not in me.may:
        return None
    handles = [one.handle for one in registry.people.list() if one.active]
    chosen: str | None = st.selectbox(
        "Who answers for it",
        handles,
        index=handles.index(me.handle) if me.handle in handles else None,
        format_func=plain,
        help="For somebody else with the scope read only.",
    )
    return None if chosen == me.handle else chosen


def _tell_made() -> None:
    """The secret, until it is put away; it is nowhere else."""
    made = _made()
    if made is None:
        return
    with st.container(border=True):
        st.warning(
            "This is the token. It is shown this once: copy it now to where it is "
            "used. The registry has only its hash.",
            icon=":material/key:",
        )
        st.code(made.token, language=None)  # ours: letters, digits and underscores
        st.caption(f"Its id is {label(made.id)}; that is how it is revoked.")
        st.button("I have copied it", on_click=_put_away, type="primary")


def _made() -> NewToken | None:
    """The one that was made and is not put away; until then no other is made."""
    return next(iter(st.session_state.get(_MADE, ())), None)


def _put_away() -> None:
    st.session_state.pop(_MADE, None)
