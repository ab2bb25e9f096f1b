"""The documents' own cases: what they come to with what is live, and as proposed."""

import streamlit as st

from registry.remote.changes import ChangeView
from registry.remote.differences import CaseOutcome
from ui.parts import differences, session
from ui.parts.marks import mark, table
from ui.parts.text import label, plain, shown, shown_line

_WITH_CASES = ("prompts/", "guardrails/")
_RULE = "triggers"


def show(change: ChangeView) -> None:
    edited = {edit.document for edit in change.edits}
    names = [
        one.document
        for one in sorted(change.effect, key=lambda one: one.document not in edited)
        if one.document.startswith(_WITH_CASES)
    ]
    if not names:
        st.info("No prompt or guardrail reads differently, so that no case does.")
        return
    document = names[0]
    if len(names) > 1:
        document = st.selectbox(
            "Cases of", names, format_func=plain, key=f"cases-of-{change.id}", width=420
        )
    found = session.registry().changes.cases(change.id, document).cases
    if not found:
        st.info(label(f"{document} has no case: nothing shows what it comes to."))
    elif document.startswith("guardrails/"):
        st.html(_rules(found))
    else:
        _prompts(document, found)


def _rules(found: tuple[CaseOutcome, ...]) -> str:
    rows = (
        (
            shown_line(one.name),
            shown(one.given),
            shown_line(one.before or "no such rule"),
            _afterwards(one),
        )
        for one in sorted(
            found,
            key=lambda one: (
                one.before == one.after and not _moved(one),
                not one.gone,
            ),
        )
    )
    columns = ("Rule", "Looks at", "Before", "After")
    return table("Cases of the guardrail", columns, rows)


def _afterwards(one: CaseOutcome) -> str:
    gone = mark("case removed", "amber") if one.gone else _moved(one)
    wrong = mark("not as it should", "red") if one.holds is False else ""
    word = shown_line(one.after or "no such rule")
    if one.before == _RULE and one.after != _RULE:
        word = mark(one.after or "no such rule", "red")
    return f"{word} {gone}{wrong}"


def _moved(one: CaseOutcome) -> str:
    """A mark where a case expects something else than before, or nothing."""
    if one.expected == "":
        return mark("expects nothing", "amber", title=one.expected_before or "")
    if one.expected_before in {None, one.expected}:
        return ""
    was = one.expected_before or "nothing"
    return mark("expects something else", "amber", title=f"It expected: {was}")


def _prompts(document: str, found: tuple[CaseOutcome, ...]) -> None:
    """Those first that do not hold, then those that read differently."""
    ordered = sorted(
        range(len(found)),
        key=lambda n: (
            found[n].holds is not False,
            not _moved(found[n]),
            found[n].before == found[n].after,
        ),
    )
    chosen = st.selectbox(
        "Case",
        ordered,
        format_func=lambda n: _told(found[n]),
        key=f"case-{document}",
        width=420,
    )
    one = found[chosen]
    st.html(_stands(one))
    with st.expander("What it is given"):
        st.html(differences.whole("Inputs", one.given))
    name = f"{document}, case {one.name}"
    if one.before == one.after and one.after is not None:
        st.html(differences.whole(name, one.after))
    else:
        st.html(differences.side_by_side(name, one.before, one.after))


def _told(one: CaseOutcome) -> str:
    same = ", reads the same" if one.before == one.after else ""
    wrong = ", not as it should be" if one.holds is False else ""
    gone = ", removed" if one.gone else ""
    if _moved(one):
        gone = ", expects something else" if one.expected else ", expects nothing"
    return plain(f"{one.name}{gone}{wrong}{same}")


def _stands(one: CaseOutcome) -> str:
    if one.gone:
        told = mark("case removed", "amber") + "The proposed text has it no more."
    elif one.holds is None:
        told = (
            mark("not measured", "amber") + "It cannot be rendered with what it gives."
        )
    elif one.holds and one.expected == "":
        told = _moved(one) + "Whatever it renders to is as it should be."
    elif one.holds:
        told = (
            mark("as it should be", "green") + "Rendered with its inputs, it says what "
        )
        told += f"the case expects. {_moved(one)}"
    else:
        told = (
            mark("not as it should be", "red") + "See the checks for what is missing."
        )
    return f'<p class="tight">{told}</p>'
