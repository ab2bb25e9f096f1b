"""Notices: where they go, for administrators; and what did not arrive."""

from functools import partial

import streamlit as st

from registry.errors import Conflict
from registry.remote import Remote
from registry.remote.notifications import Target
from ui.parts import done
from ui.parts.marks import mark, table
from ui.parts.text import plain, shown_line
from ui.parts.times import ago_html

TARGETS = "say where notices go"
MOST = 20


def show(registry: Remote) -> None:
    targets = list(registry.notifications.list_targets())
    if not targets:
        st.info(
            "Notices go nowhere yet. At a terminal, an administrator can have them go "
            "to a webhook, to Slack or by e-mail."
        )
    else:
        st.html(table("Targets", _COLUMNS, [_row(one) for one in targets]))
        _try(registry, targets)
    failed = list(registry.notifications.list(outcome="failed", limit=MOST))
    waiting = list(registry.notifications.list(outcome="waiting", limit=MOST))
    if not failed and not waiting:
        st.caption("Nothing waits, and nothing was given up.")
        return
    st.subheader("Did not arrive yet")
    st.html(
        table(
            "Notices that did not arrive",
            ("Notice", "To", "Is", "Tries", "Why"),
            [
                (
                    shown_line(one.subject),
                    shown_line(one.recipient or one.target_name),
                    mark("given up", "red") if one.given_up else mark("waits", "amber"),
                    f"{one.attempts:,}",
                    shown_line(one.last_error or ""),
                )
                for one in (*failed, *waiting)
            ],
        )
    )


_COLUMNS = ("Name", "Kind", "To", "What", "Since")


def _row(one: Target) -> tuple[str, ...]:
    what = ", ".join(map(shown_line, (*one.environments, *one.kinds))) or "everything"
    urgent = "" if one.urgency == "low" else f", {shown_line(one.urgency)} or more"
    return (
        shown_line(one.name),
        shown_line(one.kind),
        shown_line(one.host) or "those whom it is for",
        what + urgent,
        f"{ago_html(one.made)}, by {shown_line(one.made_by)}",
    )


def _try(registry: Remote, targets: list[Target]) -> None:
    by_id = {one.id: one for one in targets}
    with st.form("trying"):
        chosen = st.selectbox(
            "Send a notice now, to see whether it arrives",
            list(by_id),
            format_func=lambda id: plain(f"{by_id[id].name} ({by_id[id].kind})"),
        )
        tries = st.form_submit_button("Send it")
    if not tries or chosen is None:
        return
    # It takes no key: whoever lost the answer looks whether the notice has arrived.
    said = f"{by_id[chosen].name} has taken the notice."
    done.attempt(partial(_send, registry, chosen), said)


def _send(registry: Remote, target: str) -> None:
    tried = registry.notifications.try_target(target)
    if not tried.delivered:
        raise Conflict(
            f"the notice was not taken: {tried.problem}",
            hint="Look at the address of the target and its secret, and try again.",
        )
