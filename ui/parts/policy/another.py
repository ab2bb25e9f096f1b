"""Another policy: what it would mean, what it would have decided, and proposing it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from registry.errors import InvalidDocument, RegistryError
from registry.remote import Remote
from registry.remote.changes import ChangeView
from registry.remote.policies import Differing, Explanation, Policy, Simulation
from registry.remote.sessions import Current
from ui.parts import done, frame
from ui.parts.differences import unified
from ui.parts.hints import here
from ui.parts.links import change_link
from ui.parts.marks import mark, table
from ui.parts.pages import CHANGE
from ui.parts.policy import writing
from ui.parts.policy.words import in_words, show_gaps
from ui.parts.text import label, shown_line
from ui.parts.times import day

PROPOSE = "propose a policy"
LAST = (50, 200, 1000)
MAX_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one text; another text is another try.

    Attributes:
        came: What it means and would have decided, or why it was refused.
    """

    source: str
    last: int
    came: tuple[Explanation, Simulation] | RegistryError


def show(registry: Remote, me: Current, environment: str) -> None:
    in_force = registry.policies.get(environment)
    held = f"_another_{environment}"
    _begin_anew(in_force, held)
    st.html(
        f"<p>Edit the policy of <strong>{shown_line(environment)}</strong>, or put "
        "another one in its place. Checking writes nothing, and asks nobody.</p>"
    )
    base = writing.base(in_force)
    source = writing.field(base, in_force)
    _help(registry)
    last = _last()
    if st.button("Check and simulate", type="primary", icon=":material/rule:"):
        st.session_state[held] = _tried(registry, environment, source, last)
    found = st.session_state.get(held)
    if not isinstance(found, Tried):
        return
    if (found.source, found.last) != (source, last):
        st.caption("The text has changed since it was checked: check it again.")
        return
    if isinstance(found.came, RegistryError):
        _tell_refused(found.came)
        return
    _tell(*found.came, source, in_force.source)
    if source == in_force.source:
        st.info("This is the policy in force, byte for byte.")
    elif base.digest != in_force.digest:
        st.caption("Say above what becomes of what you have written; then propose it.")
    elif PROPOSE in me.may:
        _propose(registry, environment, source, base)
    else:
        st.caption("An author proposes a policy; you do not hold that role.")


def _last() -> int:
    chosen = st.segmented_control(
        "Look at what is open, and at the last that went live",
        LAST,
        default=LAST[0],
        required=True,
        key="last",
        format_func=lambda count: f"{count:,}",
    )
    return chosen or LAST[0]


def _help(registry: Remote) -> None:
    """What can be written, in the words of the schema."""
    if not st.toggle("What can be written here", key="help"):
        return
    schema = registry.policies.schema()
    st.html(
        table(
            "What a policy can say",
            ("Name", "What it says", "Without it"),
            list(_options(schema)),
        )
    )


def _options(schema: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, one in schema.get("properties", {}).items():
        yield _option(name, one, needed=name in schema.get("required", ()))
        inner = one.get("items", one)
        place = str(inner.get("$ref", "")).removeprefix("#/$defs/")
        inner = schema.get("$defs", {}).get(place, inner)
        for part, each in inner.get("properties", {}).items():
            needed = part in inner.get("required", ())
            yield _option(f"{name}: {part}", each, needed=needed)


def _option(name: str, one: Mapping[str, Any], *, needed: bool) -> tuple[str, str, str]:
    return (
        f"<code>{shown_line(name)}</code>",
        shown_line(str(one.get("description", ""))),
        "needed" if needed else shown_line(_default(one.get("default"))),
    )


def _default(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
    )


def _tried(registry: Remote, environment: str, source: str, last: int) -> Tried:
    came: tuple[Explanation, Simulation] | RegistryError
    try:
        came = (
            registry.policies.explain(environment, source),
            registry.policies.simulate(environment, source, last),
        )
    except RegistryError as error:
        came = error
    return Tried(source=source, last=last, came=came)


def _tell_refused(error: RegistryError) -> None:
    if not isinstance(error, InvalidDocument):
        frame.show_error(error)
        return
    count = len(error.findings)
    st.error(
        f"This cannot be a policy: {count} {'mistake' if count == 1 else 'mistakes'}.",
        icon=":material/block:",
    )
    st.html(
        table(
            "Mistakes",
            ("Line", "What is wrong", "What to do"),
            [
                (
                    str(one.line or ""),
                    shown_line(one.message),
                    shown_line(here(one.hint)),
                )
                for one in error.findings
            ],
        )
    )


def _tell(
    explained: Explanation, simulated: Simulation, source: str, in_force: str
) -> None:
    looked = simulated.open + simulated.activated
    differ = len(simulated.differing)
    verdict = (
        f"{mark(f'{differ} differ', 'amber')}Of {looked:,} changes ({simulated.open:,} "
        f"open, {simulated.activated:,} that went live) {differ:,} would be decided "
        "differently."
        if differ
        else f"{mark('none differs', 'green')}Of {looked:,} changes "
        f"({simulated.open:,} open, {simulated.activated:,} that went live) none would "
        "be decided differently."
    )
    st.subheader("What it would decide differently")
    st.html(f"<p>{verdict}</p>")
    if differ:
        st.html(
            table(
                "Changes that would be decided differently",
                ("Change", "Title", "Is", "What differs"),
                [_row(one) for one in simulated.differing],
            )
        )
    if simulated.open and source != in_force:
        st.caption("Once it is in force every open change is stale, and is made again.")
    show_gaps(explained.gaps)
    with st.expander("The same policy in words"):
        st.html(in_words(explained))
    with st.expander("What changes in the text"):
        st.html(unified("What changes in the text", in_force, source))


def _row(one: Differing) -> tuple[str, ...]:
    told = "".join(f"<li>{shown_line(each.sentence)}</li>" for each in one.told)
    when = (
        mark("open")
        if one.activated_at is None
        else f"live since {day(one.activated_at)}"
    )
    return (
        change_link(one.change),
        shown_line(one.title),
        when,
        f'<ul class="sentences">{told}</ul>',
    )


def _propose(registry: Remote, environment: str, source: str, base: Policy) -> None:
    st.subheader("Propose it")
    st.caption(
        "It becomes a change of its own. It has to satisfy the policy in force and "
        "this one, and then cools down before it is in force."
    )
    with st.form("proposing"):
        title = st.text_input(
            "What changes, in one sentence for those who agree to it",
            max_chars=MAX_TITLE,
            key="title",
        )
        proposes = st.form_submit_button(
            label(f"Propose this policy for {environment}"),
            type="primary",
            icon=":material/send:",
        )
    if not proposes:
        return
    proposed = _proposed(environment)

    def told(change: ChangeView) -> done.Happened:
        proposed.append(change.id)
        return done.Happened(
            said=f"Change {change.id} proposes this policy.",
            page=CHANGE,
            query={"id": str(change.id)},
        )

    done.attempt(
        partial(
            registry.policies.submit,
            environment,
            title,
            source,
            edited_from=base.digest,
        ),
        told,
    )


def _begin_anew(in_force: Policy, held: str) -> None:
    """From what is in force, once what was written is proposed."""
    proposed = _proposed(in_force.environment)
    if proposed:
        proposed.clear()
        st.session_state.pop(held, None)
        writing.begin_again(in_force)


def _proposed(environment: str) -> list[int]:
    """Changes that were made of the text since this page was shown."""
    made: list[int] = st.session_state.setdefault(f"_proposed_{environment}", [])
    return made
