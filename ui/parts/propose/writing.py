"""Writing one document: its text, what is wrong with it, and the schema's help."""

import streamlit as st

from registry.mistakes import Finding
from registry.remote import Remote
from registry.remote.previews import ProposedText
from ui.parts import differences
from ui.parts.hints import here
from ui.parts.kinds import KINDS
from ui.parts.marks import mark
from ui.parts.propose import numbers
from ui.parts.propose.checking import Answer, again, live, read_live
from ui.parts.propose.drafts import MAX_KIB, Basket, Draft
from ui.parts.propose.schema_help import members
from ui.parts.propose.schemas import schema_of
from ui.parts.text import label, shown, shown_line

FEWEST, MOST = 14, 26
"""Of lines that are seen at once."""

LINE_PX = numbers.LINE_PX
MAX_FINDINGS = 50

NUMBERS = "propose-numbers"
FINDINGS, HELP = "What the checks say", "What it may say"


def show(remote: Remote, kept: Basket, draft: Draft, answer: Answer | None) -> None:
    told = None if answer is None else answer.of(draft, kept)
    name = (told.document if told else None) or draft.name
    st.header(label(name, 200))
    if draft.text is None:
        st.info(
            label(
                f"{name} is deleted from {kept.environment} when this goes live. "
                "What else uses it has to be edited in the same proposal.",
                400,
            ),
            icon=":material/delete:",
        )
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _show_text(kept, draft)
    with right:
        _show_beside(remote, kept, draft, told)


def show_moved(remote: Remote, kept: Basket, draft: Draft) -> None:
    """That something else is live by now, what has changed, and two ways on."""
    base = draft.base
    if base is None:
        return
    now = live(remote, kept.environment, base.document)
    what = f"{now.version} is live now" if now.version else "it is not live any more"
    began = f"you began from {base.version}" if base.version else "nothing was live"
    st.warning(
        label(f"{base.document} has moved: {began}, and {what}.", 400),
        icon=":material/sync_problem:",
    )
    with st.expander("What has changed meanwhile", expanded=True):
        before, after = read_live(remote, base), read_live(remote, now)
        name = f"What has changed in {base.document}"
        st.html(differences.side_by_side(name, before, after))
        key = f"moved-{kept.key}-{draft.id}"
        differences.show_downloads(base.document, before, after, key)
    with st.container(horizontal=True):
        st.button(
            "Read it again, and keep my text",
            icon=":material/check:",
            help="Your text is compared with what is live now, and replaces it.",
            key=f"keep-{kept.key}-{draft.id}",
            on_click=_go_on_from,
            args=(kept, draft, None, remote),
        )
        st.button(
            "Read it again, and begin from what is live",
            icon=":material/refresh:",
            help="Your text is given up: download it first if you need it.",
            key=f"take-{kept.key}-{draft.id}",
            on_click=_go_on_from,
            args=(kept, draft, after, remote),
            disabled=after is None or draft.text is None,
        )


def _go_on_from(kept: Basket, draft: Draft, text: str | None, remote: Remote) -> None:
    kept.rebase(draft.id, live(remote, kept.environment, _document(draft)))
    if text is not None:
        write(kept, draft.id, text)


def _document(draft: Draft) -> str:
    return draft.base.document if draft.base else draft.name


def write(kept: Basket, id: int, text: str) -> None:
    """Put *text* into a draft, and into its field."""
    kept.write(id, text)
    st.session_state[_key(kept, id)] = text


def field(kept: Basket, draft: Draft) -> str | None:
    """What stands in a draft's field, which comes with any click after it."""
    text: str | None = st.session_state.get(_key(kept, draft.id), draft.text)
    return text


def _key(kept: Basket, id: int) -> str:
    return f"propose-text-{kept.key}-{id}"


def _show_text(kept: Basket, draft: Draft) -> None:
    key = _key(kept, draft.id)
    if key not in st.session_state:
        st.session_state[key] = draft.text
    text = draft.text or ""
    style = numbers.style(text) if st.session_state.get(NUMBERS, True) else ""
    with st.container(key="propose-numbered" if style else "propose-wrapped"):
        st.text_area(
            "Its text, as YAML",
            key=key,
            height=LINE_PX * min(max(text.count("\n") + 2, FEWEST), MOST),
            on_change=_committed,
            args=(kept, draft.id, key),
        )
    if style:
        st.html(style)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Check",
            icon=":material/fact_check:",
            on_click=again,
            args=(kept,),
            key=f"check-{kept.key}",
        )
        st.toggle(
            "Line numbers",
            value=True,
            key=NUMBERS,
            persist_state="session",
            help="Without them, long lines are wrapped.",
        )
    st.caption(
        "It is checked as soon as you leave the field, or press Ctrl and Enter. "
        f"{_size(text)} of at most {MAX_KIB} KiB."
    )


def _size(text: str) -> str:
    kib = len(text.encode("utf-8", "surrogatepass")) / 1024
    return f"{len(text):,} characters, {kib:,.1f}"


def _committed(kept: Basket, id: int, key: str) -> None:
    kept.write(id, st.session_state[key])


def _show_beside(
    remote: Remote, kept: Basket, draft: Draft, told: ProposedText | None
) -> None:
    which = st.segmented_control(
        "Beside the text",
        (FINDINGS, HELP),
        default=FINDINGS,
        required=True,
        key=f"beside-{kept.key}",
        label_visibility="collapsed",
    )
    if which == HELP:
        _show_help(remote, draft, told)
    elif told is None:
        st.info("It has not been checked yet.")
    else:
        _show_findings(kept, draft, told)


def _show_findings(kept: Basket, draft: Draft, told: ProposedText) -> None:
    _show_version(kept, draft, told)
    lines = (draft.text or "").split("\n")
    rows = "".join(_finding(one, lines) for one in told.findings[:MAX_FINDINGS])
    more = len(told.findings) - MAX_FINDINGS
    left = f'<p class="tight muted">and {more} more</p>' if more > 0 else ""
    if rows:
        st.html(f'<ul class="findings" aria-label="Mistakes">{rows}</ul>{left}')
    elif told.differs:
        st.success("No mistake in this text.", icon=":material/check_circle:")
    else:
        st.info("This is what is live: change something.")


def _show_version(kept: Basket, draft: Draft, told: ProposedText) -> None:
    """The smallest version that it may have, why, and a button that sets it."""
    if told.smallest is None:
        return
    reasons = "".join(f"<li>{shown_line(one)}</li>" for one in told.reasons)
    because = f", {shown_line(told.bump)}" if told.bump else ""
    st.html(
        f'<p class="tight">Smallest version <strong>{shown_line(told.smallest)}'
        f"</strong>{because}</p>"
        f'<ul class="sentences">{reasons}</ul>'
    )
    if told.proposed_text is not None:
        st.button(
            label(f"Set version {told.smallest}"),
            type="primary",
            icon=":material/arrow_upward:",
            on_click=_set_version,
            args=(kept, draft, told.proposed_text),
            key=f"bump-{kept.key}-{draft.id}",
        )


def _set_version(kept: Basket, draft: Draft, text: str) -> None:
    """Unless something else was typed since *text* was made of the draft."""
    if field(kept, draft) == draft.text:
        write(kept, draft.id, text)


def _finding(one: Finding, lines: list[str]) -> str:
    place = mark(f"line {one.line}", "red") if one.line else mark("as a whole", "red")
    line = lines[one.line - 1] if 0 < one.line <= len(lines) else ""
    quoted = f'<div class="quoted">{shown(line.strip()[:300])}</div>' if line else ""
    return (
        f'<li>{place}{shown_line(one.message)} <span class="muted">'
        f"{shown_line(here(one.hint))}</span>{quoted}</li>"
    )


def _show_help(remote: Remote, draft: Draft, told: ProposedText | None) -> None:
    document = (told.document if told else None) or _document(draft)
    kind = KINDS.get(document.partition("/")[0])
    if kind is None:
        st.info("Write kind: prompt, or another kind, to see what it may say.")
        return
    with st.container(height=LINE_PX * MOST, border=False):
        st.html(members(schema_of(remote, kind)))
