"""What waits: for whoever looks, for others, and what nobody looks after."""

import streamlit as st

from ui.parts import done, session
from ui.parts.choosing import choice
from ui.parts.inbox import acting, lists, roles

me, registry = session.me(), session.registry()
st.title("Inbox")
done.show()

if not acting.shown(registry, me):
    st.html(roles.sentence(me))
    mine = lists.some(registry.reviews.inbox(limit=lists.MOST + 1))
    if roles.is_reader(me):
        others = lists.some(registry.reviews.waiting(others=True, limit=lists.MOST + 1))
        stalled = tuple(registry.reviews.waiting(stalled=True, limit=lists.MOST + 1))
        alerts = list(registry.alerts.list(resolved=False, limit=lists.MOST + 1))
        st.html(
            lists.counts(
                [
                    ("waiting for you", mine.count, False),
                    ("of it late", mine.late, mine.late != "0"),
                    ("waiting for others", others.count, False),
                    ("stalled", lists.counted(len(stalled)), bool(stalled)),
                    (
                        "open alert" if len(alerts) == 1 else "open alerts",
                        lists.counted(len(alerts)),
                        bool(alerts),
                    ),
                ]
            )
        )
        view = choice(
            "Show",
            {
                "yours": "For you",
                "others": "For others",
                "reviews": "Reviews",
                "alerts": "Alerts",
            },
            of="view",
            default="yours",
            shown=False,
        )
        if view == "others":
            lists.others(stalled, others)
        elif view == "reviews":
            lists.reviews(registry)
        elif view == "alerts":
            lists.alerts(alerts, may_resolve=acting.RESOLVE in me.may)
        else:
            lists.yours(mine, lambda: lists.nothing_for(person_reads=True))
    else:
        lists.yours(mine, lambda: lists.nothing_for(person_reads=False))
    with st.expander("New here? What this is, and what the words mean"):
        st.html(roles.about())
