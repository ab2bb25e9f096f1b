"""What is live, and going on from there: stop, resume, go back, promote."""

import streamlit as st

from ui.parts import done, session
from ui.parts.choosing import choice, is_absent, usual_environment
from ui.parts.live import (
    between,
    bots,
    fetched,
    going_back,
    moves,
    one_bot,
    promoting,
    stopping,
)
from ui.parts.pages import LIVE
from ui.parts.terms import lead, term

registry = session.registry()
st.title("Live")
if not (st.query_params.get("bot") or st.query_params.get("do")):
    st.html(
        lead(
            f"What chatbots are told now, {term('environment')} by environment. "
            f"Whoever holds a {term('seat')} can {term('stop')} a bot at once; a "
            f"{term('rollback')} puts back what was live before."
        )
    )
done.show()

names = [one.name for one in registry.environments.list()]
first = usual_environment(names)
asked = st.query_params
bot, do = asked.get("bot"), asked.get("do")
env = choice(
    "Environment",
    {name: name for name in names},
    of="env",
    default=first,
    shown=False,
    what="environment",
    resets=("to", "undo", "document", "against"),
)

if do or bot:
    st.page_link(
        LIVE,
        label=f"Back to everything in {env}",
        query_params={"env": env},
        icon=":material/arrow_back:",
    )
if do == "stop" and bot:
    stopping.stop(registry, env, bot)
elif do == "resume" and bot:
    stopping.resume(registry, env, bot)
elif do == "back":
    going_back.show(registry, env, bot)
elif do == "promote" and asked.get("to") in names:
    promoting.show(registry, env, asked["to"])
elif do == "promote" and "to" in asked:
    is_absent("environment", asked["to"])
elif bot:
    one_bot.show(registry, env, bot)
else:
    bots.alarms(registry, env)
    view = choice(
        "Show",
        {
            "bots": "Bots",
            "between": "Between environments",
            "moves": "Moves",
            "fetched": "Fetched",
        },
        of="view",
        default="bots",
        shown=False,
    )
    if view == "between":
        between.show(registry, env, names)
    elif view == "moves":
        moves.show(registry, env)
    elif view == "fetched":
        fetched.everywhere(registry, env)
    else:
        bots.listed(registry, env)
