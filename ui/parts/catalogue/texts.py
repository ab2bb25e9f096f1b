"""A document's text at any of its versions, two of them beside each other, exports."""

import streamlit as st

from registry.errors import RegistryError
from registry.remote import Remote
from registry.remote.documents import Document
from registry.remote.environments import Export
from ui.parts import differences, frame
from ui.parts.choosing import usual_environment
from ui.parts.text import label, plain, shown_line

_MADE = "_catalogue_export"


def show_text(remote: Remote, document: Document) -> None:
    versions = [one.version for one in document.versions]
    line = st.columns([2, 2, 3], vertical_alignment="bottom")
    with line[0]:
        version = st.selectbox(
            "Version",
            versions,
            index=first(document, versions),
            key="version",
            bind="query-params",
        )
    source = remote.documents.read(document.document, str(version))
    line[2].html(f'<p class="muted">{_where(document, str(version))}</p>')
    with line[1]:
        st.download_button(
            "Download this text",
            source,
            file_name=_file_name(document, str(version)),
            mime="text/yaml",
            on_click="ignore",
            icon=":material/download:",
        )
    name = f"{plain(document.document)} {plain(str(version))}"
    st.html(differences.whole(name, source.decode("utf-8", "replace")))


def show_compared(remote: Remote, document: Document) -> None:
    versions = [one.version for one in document.versions]
    line = st.columns([2, 2, 2], vertical_alignment="bottom")
    with line[0]:
        before = _chosen("From version", "before", versions, 1)
    with line[1]:
        after = _chosen("To version", "after", versions, 0)
    with line[2]:
        how = st.segmented_control(
            "How to show it",
            ["Side by side", "One below the other"],
            default="Side by side",
            required=True,
            key="as",
            bind="query-params",
            label_visibility="collapsed",
        )
    texts = [
        remote.documents.read(document.document, version).decode("utf-8", "replace")
        for version in (before, after)
    ]
    show = differences.side_by_side if how == "Side by side" else differences.unified
    st.html(show(f"From {plain(before)} to {plain(after)}", texts[0], texts[1]))


def show_exports(remote: Remote, document: Document, formats: tuple[str, ...]) -> None:
    """What is live, as another product reads it, with what that product loses."""
    st.write(
        "What is live can be taken along to other products. Read what is lost before "
        "you rely on an export."
    )
    with st.form("export", border=True):
        line = st.columns([2, 2, 2], vertical_alignment="bottom")
        places = list(document.live)
        where = line[0].selectbox(
            "As it is live in", places, index=places.index(usual_environment(places))
        )
        format_ = line[1].selectbox("Format", formats)
        if line[2].form_submit_button("Make it", icon=":material/output:"):
            st.session_state.pop(_MADE, None)
            try:
                made = remote.environments.export(where, document.document, format_)
                st.session_state[_MADE] = made
            except RegistryError as error:
                frame.show_error(error)
    kept = st.session_state.get(_MADE)
    if isinstance(kept, Export) and kept.document == document.document:
        _show_export(kept)


def _show_export(made: Export) -> None:
    st.subheader(label(f"{made.file_name}, {made.format}, of version {made.version}"))
    if made.losses:
        told = "".join(
            f"<li>{shown_line(f'{one.rule}: ' if one.rule else '')}"
            f"{shown_line(one.message)}</li>"
            for one in made.losses
        )
        st.html(f"<p><strong>Lost, or otherwise:</strong></p><ul>{told}</ul>")
    else:
        st.caption("Nothing is lost.")
    st.download_button(
        "Download it",
        made.text,
        file_name=plain(made.file_name),
        mime=plain(made.media_type),
        on_click="ignore",
        icon=":material/download:",
    )
    st.html(differences.whole(plain(made.file_name), made.text))


def _chosen(name: str, key: str, versions: list[str], index: int) -> str:
    return str(
        st.selectbox(
            name,
            versions,
            index=index,
            key=key,
            bind="query-params",
        )
    )


def first(document: Document, versions: list[str]) -> int:
    """What is live where most people look first; what is live nowhere, its last."""
    if not document.live:
        return 0
    version = document.live[usual_environment(document.live)].version
    return versions.index(version) if version in versions else 0


def _where(document: Document, version: str) -> str:
    where = [name for name, one in document.live.items() if one.version == version]
    return shown_line(f"Live in {', '.join(where)}." if where else "Live nowhere now.")


def _file_name(document: Document, version: str) -> str:
    return plain(f"{document.document.replace('/', '-')}-{version}.yaml")
