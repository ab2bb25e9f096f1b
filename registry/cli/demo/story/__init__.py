"""The stories: half a year, or a minute.

The half year is told in files by what they are about; what overlaps in time is put in
order here.
"""

from registry.cli.demo.accounts import JOINED
from registry.cli.demo.acts import Act, Story
from registry.cli.demo.moments import DAYS, Ago, Day, in_order
from registry.cli.demo.story import (
    a_beginning,
    b_first_edits,
    c_incident,
    d_rules,
    e_models,
    f_refused,
    g_last_days,
    h_today,
    minute,
)

_TOLD: tuple[tuple[Act, ...], ...] = (
    a_beginning.ACTS,
    b_first_edits.ACTS,
    c_incident.ACTS,
    d_rules.ACTS,
    e_models.ACTS,
    f_refused.ACTS,
    g_last_days.ACTS,
    h_today.ACTS,
)

_LOOK = (
    ("quotes", "a guardrail is to do less; one person agrees, and one does not"),
    ("next/again", "another model, before the old one is shut down"),
    ("phishing", "live since last night without a vote, to be ratified"),
    ("reference", "waits for a seat that nobody holds"),
    ("week", "vetoed"),
    ("children", "asked for changes"),
    ("mourning", "approved: an operator can make it live"),
    ("winter", "goes live by itself in three days"),
    ("desks", "missed its moment"),
    ("six-lines", "stale: somebody else was first"),
    ("first-name", "expired: nobody decided"),
    ("vouchers", "rejected by legal"),
    ("strike", "an emergency that was not agreed to afterwards"),
    ("papers", "live, with a condition that is due in two days"),
    ("language/staging", "one fragment, and every prompt of both bots"),
)

A_MINUTE = Story(began=Ago(0), joined=(), acts=minute.ACTS, look=())

HALF_A_YEAR = Story(
    began=Day(DAYS, "08:00"),
    joined=JOINED,
    acts=tuple(
        sorted((a for acts in _TOLD for a in acts), key=lambda a: in_order(a.at))
    ),
    look=_LOOK,
)
