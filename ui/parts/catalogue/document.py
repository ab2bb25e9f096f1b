"""One document: whose it is, where it is live, what it says, what it is used by."""

import streamlit as st

from registry.remote import Remote
from registry.remote.documents import Document, Step
from ui.parts import marks
from ui.parts.catalogue import texts, uses
from ui.parts.choosing import usual_environment
from ui.parts.kinds import KINDS
from ui.parts.links import document_link
from ui.parts.pages import CATALOGUE, CHANGE, PLAYGROUND, PROPOSE, TIME, path_of
from ui.parts.reviewing import review_html
from ui.parts.terms import term
from ui.parts.text import label, plain, shown, shown_line

FORMATS = {
    "guardrails": ("nemo", "guardrails-ai", "litellm", "openai", "bedrock"),
    "bindings": ("litellm",),
}
_PARTS = ("Text", "Differences", "Uses", "Versions", "Steps", "Formats")


def show(remote: Remote, name: str) -> None:
    kinds, _, short = name.partition("/")
    with st.container(horizontal=True):
        st.page_link(CATALOGUE, label="All documents", icon=":material/arrow_back:")
        st.page_link(PROPOSE, label="Propose an edit", query_params={"document": name})
        if kinds in ("prompts", "bots"):
            tried = {kinds.removesuffix("s"): short}
            st.page_link(PLAYGROUND, label="Try it", query_params=tried)
    st.title(label(short or name, 200))
    document = remote.documents.get(name)
    _show_head(document, kinds)
    parts = [one for one in _PARTS if _has(document, kinds, one)]
    part = st.segmented_control(
        "What to look at",
        parts,
        default="Text",
        required=True,
        key="part",
        bind="query-params",
        label_visibility="collapsed",
    )
    if part == "Differences":
        texts.show_compared(remote, document)
    elif part == "Uses":
        uses.show(remote, document)
    elif part == "Versions":
        _show_versions(document)
    elif part == "Steps":
        _show_steps(document)
    elif part == "Formats":
        texts.show_exports(remote, document, FORMATS[kinds])
    else:
        texts.show_text(remote, document)


def _has(document: Document, kinds: str, part: str) -> bool:
    if part == "Differences":
        return len(document.versions) > 1
    if part == "Uses":
        return bool(document.live)
    if part == "Steps":
        return any(one.steps for one in document.live.values())
    if part == "Formats":
        return kinds in FORMATS and bool(document.live)
    return True


def _show_head(document: Document, kinds: str) -> None:
    says = document.live[usual_environment(document.live)] if document.live else None
    told = [marks.mark(KINDS.get(kinds, plain(kinds)))]
    told.append(marks.tier(says.tier) if says else marks.mark("not live anywhere"))
    described = f"<p>{shown_line(says.description)}</p>" if says else ""
    labels = " · ".join(
        f'<span class="muted nowrap">{shown_line(f"{name} = {value}")}</span>'
        for name, value in sorted(says.labels.items() if says else ())
    )
    st.html(f"<p>{''.join(told)}{labels}</p>{described}")
    if document.live:
        st.html(marks.table("Where it is live", _LIVE_COLUMNS, _live_rows(document)))
    unowned = {s for one in document.live.values() for s in one.review.unowned}
    for sentence in sorted(unowned):
        st.warning(label(f"Nobody answers for this: {sentence}.", 300))


_LIVE_COLUMNS = (
    "Live in",
    "Version",
    "Since",
    "Owner",
    "Deputy",
    "Risk partner",
    "Review",
)


def _live_rows(document: Document) -> list[list[str]]:
    rows = []
    for name, one in document.live.items():
        found = one.review
        since = path_of(TIME, environment=name, seq=one.since)
        rows.append(
            [
                shown_line(name),
                document_version(document.document, one.version),
                f'<a href="{shown(since)}" target="_self">seq {one.since}</a>',
                shown_line(one.owner),
                shown_line(", ".join(found.answering.deputies)),
                shown_line(", ".join(found.answering.risk_partners)),
                review_html(found.status, found.due),
            ]
        )
    return rows


def document_version(document: str, version: str) -> str:
    """HTML of a link to the text of a version."""
    address = path_of(CATALOGUE, document=document, version=version)
    return f'<a href="{shown(address)}" target="_self">{shown_line(version)}</a>'


def _show_versions(document: Document) -> None:
    live: dict[str, list[str]] = {}
    for name, one in document.live.items():
        live.setdefault(one.version, []).append(name)
    rows = []
    for version in document.versions:
        change = "a rollback or an import"
        if version.change is not None:
            address = shown(path_of(CHANGE, id=version.change))
            change = f'<a href="{address}" target="_self">change {version.change}</a>'
        rows.append(
            [
                document_version(document.document, version.version),
                ", ".join(map(shown_line, live.get(version.version, ()))),
                change,
                f"<code>{shown(version.digest[7:19])}</code>",
            ]
        )
    columns = ("Version", "Live in", "First live by", "Check mark of its text")
    st.html(marks.table("Versions, the highest first", columns, rows))
    st.html(
        f'<p class="tight muted">A {term("version")} names the same text for ever. Two '
        f"texts with the same {term('check mark')} are the same.</p>"
    )


def _show_steps(document: Document) -> None:
    """Calls that the bot chains, in an order in which they can run."""
    where: dict[tuple[Step, ...], list[str]] = {}
    for name, one in document.live.items():
        where.setdefault(one.steps, []).append(name)
    for steps, names in where.items():
        told = "In " + ", ".join(map(plain, names))
        st.subheader(label(told))
        rows = [
            [
                f"{number}. {shown_line(step.name)}",
                document_link(step.prompt),
                shown_line(", ".join(step.after)) or "the beginning",
            ]
            for number, step in enumerate(steps, 1)
        ]
        st.html(marks.table(f"Steps: {told}", _STEP_COLUMNS, rows))


_STEP_COLUMNS = ("Step", "Prompt", "Comes after")
