"""What goes into a proposal: something that is live, something new, or files."""

import streamlit as st

from registry.errors import RegistryError
from registry.remote import Remote
from registry.remote.documents import Listed, Wanted
from ui.parts import frame
from ui.parts.kinds import KINDS
from ui.parts.propose import drafts
from ui.parts.propose.checking import live, read_live
from ui.parts.propose.drafts import Basket, Draft
from ui.parts.propose.schemas import schema_of
from ui.parts.propose.templates import template
from ui.parts.text import label, plain, shown_line

MOST = 8
"""Of what is found; whoever looks for something else writes more of its name."""

MAX_MB = 8
LIVE, NEW, FILES = "Something that is live", "A new document", "Files"
_TROUBLE, _THERE = "_propose_trouble", "_propose_there"


def show(remote: Remote, kept: Basket, handle: str) -> None:
    """The three ways in, one at a time."""
    title = "Add another document" if kept.drafts else "What do you want to change?"
    # With each document it is another one, and so is closed again.
    key = f"add-{kept.key}-{kept.count}"
    with st.expander(title, expanded=not kept.drafts, key=key):
        how = st.segmented_control(
            "Begin from",
            (LIVE, NEW, FILES),
            default=LIVE,
            required=True,
            key=_key("how", kept),
            label_visibility="collapsed",
        )
        if how == NEW:
            _show_new(remote, kept, handle)
        elif how == FILES:
            _show_files(kept)
        else:
            _show_live(remote, kept)
    with st.container():
        there = st.session_state.pop(_THERE, None)
        if there is not None:
            st.info(label(there, 400))
        for sentence in st.session_state.pop(_TROUBLE, ()):
            st.error(label(sentence, 400), icon=":material/block:")


def begin(remote: Remote, kept: Basket, document: str, *, delete: bool = False) -> None:
    """Add a live document as it is, or the wish that it goes.

    What somebody has written of it already is opened, and stays as it is.
    """
    there = kept.of(document)
    if there is not None and there.text is not None and not delete:
        _open(kept, there)
        return
    try:
        base = live(remote, kept.environment, document)
        text = read_live(remote, base)
    except (RegistryError, UnicodeDecodeError) as error:
        _trouble(f"{document} cannot be read: {error}")
        return
    if text is None:
        _trouble(f"{document} is not live in {kept.environment}")
        return
    kept.add(document, None if delete else text, base)


def _show_live(remote: Remote, kept: Basket) -> None:
    looked_for = st.text_input(
        "A part of its name",
        key=_key("find", kept),
        type="search",
        max_chars=200,
        placeholder="refunds",
    )
    wanted = Wanted(q=looked_for or None, environment=kept.environment)
    found = list(remote.documents.list(wanted, limit=MOST + 1))
    for one in found[:MOST]:
        _show_found(remote, kept, one)
    if len(found) > MOST:
        st.caption("There are more: write more of the name.")
    elif not found:
        where = f"in {kept.environment}"
        st.info(
            label(f"Nothing that is live {where} has that in its name.", 200)
            if looked_for
            else label(f"Nothing is live {where} yet: begin a new document.", 200)
        )


def _show_found(remote: Remote, kept: Basket, one: Listed) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        version = shown_line(one.live.get(kept.environment, ""))
        st.html(
            f'<p class="tight"><strong>{shown_line(one.document)}</strong> '
            f'<span class="muted">{version}</span></p>',
            width="stretch",
        )
        for word, delete in (("Edit", False), ("Delete", True)):
            st.button(
                word,
                key=f"{word}-{kept.key}-{one.document}",
                help=f"{word} {label(one.document)}",
                on_click=begin,
                args=(remote, kept, one.document),
                kwargs={"delete": delete},
                type="secondary" if word == "Edit" else "tertiary",
            )


def _show_new(remote: Remote, kept: Basket, handle: str) -> None:
    with st.form(_key("new", kept), border=False, enter_to_submit=True):
        left, right, last = st.columns([2, 4, 2], vertical_alignment="bottom")
        kind = left.selectbox(
            "Kind",
            list(KINDS),
            index=list(KINDS).index("prompts"),
            format_func=KINDS.__getitem__,
        )
        name = right.text_input(
            "Name",
            max_chars=200,
            placeholder="acme-air/baggage",
            help="A folder and a name, in lower-case letters, digits, - _ and .",
        )
        if not last.form_submit_button("Begin it", icon=":material/add:"):
            return
    name = name.strip()
    if not name:
        st.error("It needs a name, such as acme-air/baggage.", icon=":material/block:")
        return
    try:
        base = live(remote, kept.environment, f"{kind}/{name}")
        given = {"name": name, "version": "1.0.0", "owner": handle, "tier": "high"}
        given["description"] = "What it is for."
        text = template(schema_of(remote, KINDS[kind]), given)
    except RegistryError as error:
        frame.show_error(error)
        return
    if base.version is not None:
        st.error(
            label(f"{kind}/{name} is live in {kept.environment} already: edit it."),
            icon=":material/block:",
        )
        return
    there = kept.of(base.document)
    if there is None:
        kept.add(base.document, text, base)
    else:
        _open(kept, there)
    st.rerun()


def _open(kept: Basket, there: Draft) -> None:
    kept.opened = there.id
    st.session_state[_THERE] = (
        f"{there.name} is in this proposal already: your draft of it is open below."
    )


def _show_files(kept: Basket) -> None:
    key = f"_propose_files_{kept.key}"
    number = int(st.session_state.get(key, 0))
    files = st.file_uploader(
        f"YAML files, at most {MAX_MB} MB, with one or several documents in each",
        accept_multiple_files=True,
        key=f"{key}_{number}",
        max_upload_size=MAX_MB,
        help="Also what you have downloaded here: it goes on where you were.",
    )
    if not files:
        return
    for file in files:
        _take(kept, file.name, file.getvalue())
    st.session_state[key] = number + 1  # an uploader cannot be emptied otherwise
    st.rerun()


def _take(kept: Basket, name: str, content: bytes) -> None:
    """Whatever the file says it is, it is read as text and as nothing else."""
    name = plain(name)
    if len(content) > MAX_MB * 1024 * 1024:
        _trouble(f"{name} is larger than {MAX_MB} MB, and was not taken.")
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        _trouble(
            f"{name} is not UTF-8 text (byte {error.start + 1:,}), and was not taken. "
            "Save it as UTF-8."
        )
        return
    if not text.strip():
        _trouble(f"{name} is empty, and was not taken.")
        return
    for called, one, base in drafts.read(text, name):
        kept.add(called, one, base)


def _trouble(sentence: str) -> None:
    st.session_state.setdefault(_TROUBLE, []).append(sentence)


def _key(name: str, kept: Basket) -> str:
    return f"{name}-{kept.key}"
