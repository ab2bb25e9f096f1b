"""Who must agree, who could, and who holds what."""

import streamlit as st

from ui.parts import done, session
from ui.parts.choosing import choice, usual_environment
from ui.parts.policy import another, edit, notices, people, seats, tokens, words
from ui.parts.terms import lead, term

registry = session.registry()
me = session.me()
st.title("Policy and people")
st.html(
    lead(
        f"Before anything is {term('live')}, people agree to it: which, the "
        f"{term('policy')} of each {term('environment')} says. It asks "
        f"{term('seat', 'seats')}, such as risk or legal, and people hold them."
    )
)
done.show()

views = {
    "policy": "Policy",
    "edit": "Whom an edit needs",
    "another": "Try another policy",
    "seats": "Seats",
    "people": "People",
    "tokens": "Tokens",
}
if notices.TARGETS in me.may:
    views["notices"] = "Notices"
view = choice("Show", views, of="view", default="policy", shown=False)

if view in {"policy", "edit", "another", "seats"}:
    names = [one.name for one in registry.environments.list()]
    env = choice(
        "Environment",
        {name: name for name in names},
        of="env",
        default=usual_environment(names),
        shown=False,
        what="environment",
    )
    if view == "edit":
        edit.show(registry, env)
    elif view == "another":
        another.show(registry, me, env)
    elif view == "seats":
        seats.show(registry, env)
    else:
        words.show(registry, env)
elif view == "people":
    people.show(registry, me)
elif view == "tokens":
    tokens.show(registry, me)
else:
    notices.show(registry)
