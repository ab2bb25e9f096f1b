"""Proposing, from what is to be changed to its submission."""

import streamlit as st

from registry.errors import NotFound, NotSignedIn, RegistryError
from registry.remote import Remote
from registry.remote.sessions import Current
from ui.parts import done, frame
from ui.parts.choosing import choice, number_asked, usual_environment
from ui.parts.propose import adding, checking, listing, outlook, submitting, writing
from ui.parts.propose.checking import Answer
from ui.parts.propose.drafts import Basket, basket
from ui.parts.propose.revising import revision
from ui.parts.terms import lead, term
from ui.parts.text import label

SUBMIT = "submit a change"
"""The words of the registry's table of acts."""

AUTHOR = "author"
"""In which people look for somebody who submits; nothing is decided by it here."""
MAX_NAMED = 10


def show(remote: Remote, me: Current) -> None:
    number = number_asked("revise")
    st.title("Propose" if number is None else f"Revise change {number}")
    st.html(
        lead(
            f"Edit a {term('document')} and see what comes of it, before anybody is "
            f"asked: what else reads differently ({term('effect')}), how much the "
            f"version has to rise ({term('bump')}), and who would have to agree."
        )
    )
    done.show()
    kept = _chosen(remote) if number is None else revision(remote, number)
    _show_may(remote, me)
    _begin_from_address(remote, kept)
    adding.show(remote, kept, me.handle)
    if kept.drafts:
        _show_proposal(remote, kept)


def _chosen(remote: Remote) -> Basket:
    names = [one.name for one in remote.environments.list()]
    usual = usual_environment(names)
    _go_where_it_is(remote, usual)
    return basket(
        choice(
            "Environment",
            {name: name for name in names},
            of="env",
            default=usual,
            what="environment",
        )
    )


def _go_where_it_is(remote: Remote, usual: str) -> None:
    """A link that names a document and no environment means one where it is live."""
    document = st.query_params.get("document")
    if not document or "env" in st.query_params:
        return
    try:
        live = remote.documents.get(document).live
    except NotFound:
        return
    if live and usual not in live:
        st.query_params["env"] = next(iter(live))


def _begin_from_address(remote: Remote, kept: Basket) -> None:
    """A link from elsewhere names what to edit; once, since it may be taken out."""
    document = st.query_params.get("document")
    if document:
        del st.query_params["document"]
        adding.begin(remote, kept, document)


def _show_may(remote: Remote, me: Current) -> None:
    if SUBMIT in me.may:
        return
    named = [
        one.handle for one in remote.people.list() if one.active and AUTHOR in one.roles
    ]
    more = f" and {len(named) - MAX_NAMED} more" if len(named) > MAX_NAMED else ""
    who = f"{', '.join(named[:MAX_NAMED]) or 'nobody at the moment'}{more}"
    st.info(
        label(
            "You can try everything here and see what would come of it. Submitting "
            f"takes the role author, which you do not have. Who has it: {who}.",
            600,
        ),
        icon=":material/lock:",
    )


def _show_proposal(remote: Remote, kept: Basket) -> None:
    answer, problem = _checked(remote, kept)
    moved = _moved(remote, kept, answer)
    with st.container(border=True):
        listing.show(kept, answer, moved)
        with st.container():
            if answer is not None:
                outlook.show_rivals(answer)
    # What comes and goes has a place of its own: a field that is moved while somebody
    # writes in it is a new field to the browser, and is empty.
    with st.container():
        _show_opened(remote, kept, answer, moved)
    with st.container():
        if problem is not None:
            frame.show_error(problem)
        elif answer is not None and not moved and _is_touched(kept, answer):
            outlook.show_obstacles(answer)
    submitting.show_ask(kept)
    if answer is not None:
        outlook.show(answer)
        submitting.show(remote, kept, answer)


def _show_opened(
    remote: Remote, kept: Basket, answer: Answer | None, moved: set[int]
) -> None:
    opened = kept.open_one()
    if opened is None:
        return
    with st.container():
        if opened.id in moved:
            writing.show_moved(remote, kept, opened)
    writing.show(remote, kept, opened, answer)


def _is_touched(kept: Basket, answer: Answer) -> bool:
    """Whether anything is changed yet: before that, nothing is in the way of it."""
    found = answer.found.documents
    return len(found) < len(kept.drafts) or any(one.differs for one in found)


def _checked(
    remote: Remote, kept: Basket
) -> tuple[Answer | None, RegistryError | None]:
    try:
        return checking.check(remote, kept), None
    except NotSignedIn:
        raise
    except RegistryError as error:
        return None, error


def _moved(remote: Remote, kept: Basket, answer: Answer | None) -> set[int]:
    if answer is None:
        return set()
    return {
        one.id
        for one in kept.drafts.values()
        if checking.moved(remote, one, answer, kept)
    }
