"""Verifying: the registry does everything again and compares, while a person waits.

It can take minutes, so it runs beside the page: whoever looks elsewhere meanwhile
finds the result when they come back.  Who may is the registry's to say.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from threading import Thread

import streamlit as st

from registry.errors import LedgerBroken, NotFound, RegistryError
from registry.remote import Remote
from registry.remote.ledger import MirrorState, Verified
from ui.parts import differences, frame, marks, session
from ui.parts.ledger.words import short
from ui.parts.terms import term
from ui.parts.text import label, shown, shown_line
from ui.parts.times import ago_html, moment_html, now
from ui.settings import settings

VERIFY = "verify the ledger"
"""What the registry calls it, where it says what somebody may do."""

_RUN = "_ledger_verifying"
MAX_NAMED = 12


@dataclass(slots=True)
class Run:
    """One verification, under way or over."""

    began: float
    ended: datetime | None = None
    took_s: float | None = None
    verified: Verified | None = None
    error: RegistryError | None = None

    def do(self, remote: Remote) -> None:
        try:
            self.verified = remote.ledger.verify()
        except RegistryError as error:
            self.error = error
        finally:
            self.ended = now()
            self.took_s = time.monotonic() - self.began


def show(remote: Remote) -> None:
    st.write(
        "The registry reads every event again, computes everything that follows from "
        "them, and compares it with what it serves and with what it has signed. "
        "Nothing is changed by it."
    )
    if VERIFY in session.me().may:
        _show_button(remote)
    else:
        st.info(label(_who_can(remote), 400), icon=":material/lock:")
    _show_mirrors(remote.ledger.mirrors())
    _show_without_us(remote)


def _show_button(remote: Remote) -> None:
    run = st.session_state.get(_RUN)
    is_running = isinstance(run, Run) and run.took_s is None
    if st.button(
        "Verify now", type="primary", icon=":material/verified:", disabled=is_running
    ):
        st.session_state[_RUN] = begin(remote)
        st.rerun()
    if is_running:
        _wait()
    elif isinstance(run, Run):
        _show_result(run)


def begin(remote: Remote) -> Run:
    run = Run(began=time.monotonic())
    Thread(target=run.do, args=(remote,), name="verifying", daemon=True).start()
    return run


@st.fragment(run_every=1)
def _wait() -> None:
    run: Run = st.session_state[_RUN]
    if run.took_s is not None:
        st.rerun()
    passed = int(time.monotonic() - run.began)
    st.status(
        f"Verifying since {passed} s; about a minute for 100,000 events. You can "
        "look at other pages meanwhile.",
        state="running",
    )


def _show_result(run: Run) -> None:
    if run.ended is not None:
        _show_when(run.ended, run.verified)
    if run.error is not None:
        _show_error(run.error)
    elif run.verified is not None:
        _show_verified(run.verified, run.took_s or 0.0)


def _show_when(ended: datetime, found: Verified | None) -> None:
    """Of when the result is: events that came since are not in it."""
    of = f", of everything up to event {found.events:,}" if found else ""
    st.html(
        f'<p class="tight muted">Verified {moment_html(ended)}, '
        f"{ago_html(ended)}{of}.</p>"
    )


def _show_error(error: RegistryError) -> None:
    frame.show_error(error)
    if isinstance(error, LedgerBroken):
        st.warning(
            "Leave everything as it is, and tell whoever runs the registry and an "
            "auditor. Compare with a checkpoint that was kept elsewhere, and with a "
            "mirror, before anything is restored.",
            icon=":material/gpp_bad:",
        )


def _show_verified(found: Verified, took_s: float) -> None:
    st.success(
        f"Everything is as the ledger says. It took {max(1, round(took_s))} s.",
        icon=":material/verified:",
    )
    places = ", ".join(f"{n} at seq {seq}" for n, seq in found.environments.items())
    signed = f"{found.checkpoints:,}, the last one of event {found.signed:,}"
    rows = [
        ["Events", f"{found.events:,}"],
        ["Rows compared", f"{found.rows:,}"],
        ["Environments", shown_line(places)],
        ["Signed checkpoints", signed if found.checkpoints else "none yet"],
        ["Check mark of the last event", f"<code>{shown(short(found.head))}</code>"],
        ["Root of all events", f"<code>{shown(found.root)}</code>"],
    ]
    st.html(marks.table("What was verified", ("What", "Found"), rows))


def _who_can(remote: Remote) -> str:
    roles = {one.role for one in remote.people.roles().roles if VERIFY in one.may}
    people = [
        f"{one.handle} ({', '.join(role for role in one.roles if role in roles)})"
        for one in remote.people.list()
        if one.active and not roles.isdisjoint(one.roles)
    ]
    named = ", ".join(people[:MAX_NAMED]) or "nobody at the moment"
    more = f" and {len(people) - MAX_NAMED} more" if len(people) > MAX_NAMED else ""
    words = " or ".join(sorted(roles))
    return f"Whoever has the role {words} verifies: {named}{more}."


def _show_mirrors(mirrors: list[MirrorState]) -> None:
    st.subheader("Copies elsewhere")
    if not mirrors:
        st.caption(
            "Nobody keeps a copy. The registry is started with --mirror to send every "
            "event to a place that its operators cannot change."
        )
        return
    rows = [
        [
            shown_line(one.address),
            "not known yet" if one.event is None else f"event {one.event:,}",
            _standing(one),
            shown_line(one.problem or ""),
        ]
        for one in mirrors
    ]
    st.html(marks.table("Mirrors", ("Where", "Has up to", "", "Problem"), rows))


def _standing(one: MirrorState) -> str:
    if one.diverged is not None:
        return marks.mark("has something else", "red")
    if one.behind is None:
        return marks.mark("not known", "grey")
    if one.behind:
        return marks.mark(f"{one.behind} behind", "amber")
    return marks.mark("has everything", "green")


def _show_without_us(remote: Remote) -> None:
    st.subheader("Without trusting this registry")
    st.html(
        f"<p>Keep the {term('checkpoint')} where the registry's operators cannot "
        "change it: in the minutes, or with an auditor. From then on nothing before it "
        "can be rewritten without being found out.</p>"
    )
    try:
        checkpoint, keys = remote.ledger.checkpoint(), remote.ledger.keys()
    except NotFound as error:
        frame.show_error(error)
        return
    st.html(differences.whole("The checkpoint", checkpoint.decode("utf-8", "replace")))
    line = st.columns([1, 1, 2])
    line[0].download_button(
        "Download checkpoint",
        checkpoint,
        file_name="checkpoint.txt",
        mime="text/plain",
        on_click="ignore",
        icon=":material/download:",
    )
    line[1].download_button(
        "Download keys",
        keys,
        file_name="ledger.pub",
        mime="text/plain",
        on_click="ignore",
        icon=":material/key:",
    )
    _show_steps()


def _show_steps() -> None:
    st.write("Whoever may read the ledger proves it on their own computer:")
    st.html(
        differences.whole(
            "How to prove it",
            f"git clone --mirror {settings().public}/git/ledger.git placet.git\n"
            "placet verify --ledger placet.git --key ledger.pub "
            "--checkpoint checkpoint.txt",
        )
    )
    st.caption(
        "Compare the key with the line that was told when the registry began: whoever "
        "could rewrite the ledger could answer with another key, too."
    )
