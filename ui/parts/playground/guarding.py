"""Guardrails: what a bot's own rules say of a text, by the chatbot's own code."""

from collections.abc import Sequence

import streamlit as st

from placet.errors import PlacetError
from placet.guardrails import Guardrails, Hit, Outcome
from registry.remote.answers import Guarded, GuardrailHit
from ui.parts import differences
from ui.parts.choosing import choice
from ui.parts.marks import mark, table
from ui.parts.playground.told import Told
from ui.parts.text import label, shown, shown_line

STAGES = {
    "input": "Input",
    "output": "Output",
    "retrieval": "Retrieval",
    "tool_result": "Tool result",
}
EXAMPLES = {
    "input": "What a customer writes",
    "output": "What the bot would answer",
    "retrieval": "What was looked up for the bot",
    "tool_result": "What a tool gave back to the bot",
}
TEXT = "_playground_text"
MAX_CHARS = 100_000
AROUND = 30

_SAYS = {
    "allow": ("green", "the text goes through as it is"),
    "flag": ("amber", "the text goes through, and is marked for people to look at"),
    "redact": ("amber", "the text goes through with parts of it replaced"),
    "escalate": ("red", "the text is not said, and a person takes over"),
    "block": ("red", "the text is not said"),
}


def show(after: Told, before: Told | None) -> None:
    """A text to check, and what the guardrails of one or two versions say."""
    stage = choice("Stage", STAGES, of="stage", default="input")
    kept = st.session_state.get(f"{TEXT}_kept", "")
    st.session_state[TEXT] = kept
    text = st.text_area(
        "Text to check",
        key=TEXT,
        height=110,
        max_chars=MAX_CHARS,
        placeholder=EXAMPLES.get(stage, ""),
        on_change=_keep,
    )
    st.caption(
        "It is checked here and goes nowhere else. "
        "Ctrl + Enter, or leaving the field, checks it."
    )
    if not text:
        st.info("Write a text: what the guardrails say of it stands here then.")
        return
    if before is None:
        _said(after, stage, text)
        return
    if _is_same(before, after, stage, text):
        st.html('<p class="tight">Both versions say the same of it:</p>')
        _said(after, stage, text)
        return
    left, right = st.columns(2)
    with left:
        _said(before, stage, text, named=True)
    with right:
        _said(after, stage, text, named=True)


def guarded_html(guarded: Guarded, text: str) -> str:
    """The same of an answer that the registry has checked."""
    hits = [(one.guardrail, one) for one in guarded.findings]
    return _outcome(guarded.action, hits, text, guarded.text)


def _is_same(before: Told, after: Told, stage: str, text: str) -> bool:
    if not before.guardrails or not after.guardrails:
        return False
    if not before.guardrails.by_role or not after.guardrails.by_role:
        return False
    return _checked(before.guardrails, stage, text) == _checked(
        after.guardrails, stage, text
    )


def _said(told: Told, stage: str, text: str, *, named: bool = False) -> None:
    if named:
        st.html(f'<h2 class="part">{shown_line(told.name)}</h2>')
    if told.guardrails is None:
        st.info(label(told.why_not or "A prompt by itself has no guardrails.", 400))
    elif not told.guardrails.by_role:
        st.info("This bot has no guardrails: it lets every text through.")
    else:
        found = _checked(told.guardrails, stage, text)
        if isinstance(found, str):
            st.error(label(found, 400))
        else:
            hits = [(one.guardrail, one) for one in found.findings]
            st.html(_outcome(str(found.action), hits, text, found.text))


def _checked(guardrails: Guardrails, stage: str, text: str) -> Outcome | str:
    """What they say, or why they cannot."""
    try:
        return guardrails.check(stage, text)
    except (ValueError, TypeError, PlacetError) as error:
        return f"It cannot be checked: {error}."


def _outcome(
    action: str, hits: Sequence[tuple[str, Hit | GuardrailHit]], text: str, after: str
) -> str:
    tone, words = _SAYS.get(action, ("grey", ""))
    told = f'<p class="head">{mark(action, tone)}{words}</p>'
    if not hits:
        return told + '<p class="tight muted">No rule finds anything in it.</p>'
    columns = ("Guardrail and rule", "Does", "Finds", "Says")
    rows = [_row(guardrail, hit, text) for guardrail, hit in hits[:100]]
    told += table("What the rules found", columns, rows)
    if len(hits) > len(rows):
        told += f'<p class="muted">{len(hits) - len(rows)} more findings.</p>'
    if after != text:
        told += '<p class="tight"><strong>The text after redaction</strong></p>'
        told += differences.unified("The text after redaction", text, after)
    return told


def _row(guardrail: str, hit: Hit | GuardrailHit, text: str) -> tuple[str, ...]:
    action = str(hit.action)
    tone = _SAYS.get(action, ("grey", ""))[0]
    says = shown_line(hit.message)
    if hit.error:
        says += f" {mark('not decided', 'red')}{shown_line(hit.error)}"
    return (
        f"{shown_line(guardrail)}<br>{shown_line(hit.rule)}",
        f"{mark(action, tone)}<span class='muted'>{shown_line(hit.severity)} "
        "severity</span>",
        _found(hit.span, text),
        says,
    )


def _found(span: tuple[int, int] | None, text: str) -> str:
    if span is None:
        return '<span class="muted">the text as a whole</span>'
    start, end = span
    before = "…" if start > AROUND else ""
    after = "…" if end + AROUND < len(text) else ""
    return (
        f"{before}{shown(text[max(0, start - AROUND) : start])}"
        f"<strong>{shown(text[start : min(end, start + 200)])}</strong>"
        f"{shown(text[end : end + AROUND])}{after}"
    )


def _keep() -> None:
    st.session_state[f"{TEXT}_kept"] = st.session_state[TEXT]
