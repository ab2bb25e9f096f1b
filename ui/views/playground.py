"""The playground: what a bot would send and let through, of any version."""

import streamlit as st

from ui.parts import done, session
from ui.parts.pages import LIVE
from ui.parts.playground import choosing, page
from ui.parts.playground.told import told
from ui.parts.terms import lead, term

remote = session.registry()
st.title("Playground")
done.show()
st.html(
    lead(
        "Try what a bot would send to its model, and what its "
        f"{term('guardrail', 'guardrails')} would let through: as it is "
        f"{term('live')}, as it was, or as if a {term('change')} were live. Nothing is "
        "changed by it."
    )
)

with st.container(border=True):
    columns = st.columns([3, 5, 4, 4])
    with columns[0]:
        environment = choosing.environment(list(remote.environments.list()))
    with columns[1]:
        subject = choosing.subject(remote, environment.name)
    if subject is not None:
        with columns[2]:
            shown = choosing.when(remote, subject, before=False)
        with columns[3]:
            compared = choosing.when(remote, subject, before=True)

if subject is None:
    st.info("Nothing is live here yet, so that there is nothing to try.")
    st.page_link(LIVE, label="See what is live elsewhere", icon=":material/sensors:")
else:
    after = told(remote, subject, shown, environment.seq)
    before = None
    if compared.kind != "nothing":
        before = told(remote, subject, compared, environment.seq)
    page.show(remote, subject, after, before)
