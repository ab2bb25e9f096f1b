"""The playground's page, below what is chosen: values, and what comes of them."""

import streamlit as st

from placet.prompts import Prompt
from registry.remote import Remote
from ui.parts.choosing import choice
from ui.parts.links import document_link
from ui.parts.playground import asking, cases, choosing, filling, guarding, saying
from ui.parts.playground.inputs import Input, inputs_of, placeholders_of
from ui.parts.playground.rendering import Rendered, rendered
from ui.parts.playground.told import Subject, Told
from ui.parts.said_instead import said_instead
from ui.parts.text import label, shown_line

PARTS = {
    "messages": "Messages",
    "guardrails": "Guardrails",
    "answers": "Answers",
}


def show(remote: Remote, subject: Subject, after: Told, before: Told | None) -> None:
    """Args:
    before: What it is compared with; `None` for nothing.
    """
    with st.container():  # so that the fields below stay where they are
        for one in filter(None, (before, after)):
            _say_why_not(one)
            if one.stopped and not one.why_not:
                _say_beneath(one)
    ready = [one for one in (after, before) if one is not None and one.prompts]
    if not ready:
        return
    after, before = ready[0], ready[1] if len(ready) > 1 else None
    part = choice("Try", PARTS, of="part", default="messages", shown=False)
    if part == "guardrails":
        guarding.show(after, before)
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        role = _role(after, before)
        values, missing = _fill(remote, subject, after, before, role)
    with right:
        if part == "answers":
            question = asking.Question(
                subject=subject, role=role, values=values, missing=missing
            )
            asking.show(remote, question, after, before)
        else:
            _messages(after, before, role, (values, missing))


def _say_why_not(told: Told) -> None:
    if not told.why_not:
        return
    words = f"{told.name}: {told.why_not}".removeprefix(": ")
    if told.instead is None:
        st.warning(label(words, 600), icon=":material/info:")
        return
    st.error(label(words, 600), icon=":material/block:")
    st.html(said_instead(told.instead))


def _say_beneath(told: Told) -> None:
    st.error(label(told.stopped, 600), icon=":material/block:")
    if told.instead is not None:
        st.html(said_instead(told.instead))
    st.info(
        "What stands below lies beneath the stop: what the bot would be told if it "
        "answered again now. Until then nobody is told any of it.",
        icon=":material/layers:",
    )


def _role(after: Told, before: Told | None) -> str:
    roles = list(after.prompts)
    if before is not None:
        roles += [role for role in before.prompts if role not in after.prompts]
    return roles[0] if roles == [""] else choosing.role(roles)


def _fill(
    remote: Remote, subject: Subject, after: Told, before: Told | None, role: str
) -> tuple[dict[str, object], str]:
    """The values of both versions: what either asks for can be filled in."""
    sides = [(one, one.prompts.get(role)) for one in (after, before) if one]
    prompts = [(told, prompt) for told, prompt in sides if prompt is not None]
    fields: dict[str, Input] = {}
    names: dict[str, None] = {}
    for _, prompt in prompts:
        for field in inputs_of(prompt.document):
            fields.setdefault(field.name, field)
        names |= dict.fromkeys(placeholders_of(prompt.document))
    told, prompt = prompts[0]
    found = cases.cases_of(remote, prompt, told.change)
    st.html(_about(prompt))
    return filling.fill(subject.document, list(fields.values()), list(names), found)


def _about(prompt: Prompt) -> str:
    return (
        f'<p class="tight">{document_link(f"prompts/{prompt.name}")} '
        f"{shown_line(prompt.version)}</p>"
    )


def _messages(
    after: Told,
    before: Told | None,
    role: str,
    given: tuple[dict[str, object], str],
) -> None:
    now = _rendered(after, role, given)
    then = None if before is None else _rendered(before, role, given)
    words = (before.words if before else "", after.words)
    saying.show(now, then, words)


def _rendered(told: Told, role: str, given: tuple[dict[str, object], str]) -> Rendered:
    prompt = told.prompts.get(role)
    if prompt is None:
        return Rendered(messages=(), wrong=f"The bot has no prompt in the role {role}.")
    return rendered(prompt, *given)
