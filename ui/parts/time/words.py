"""A bot's words at a moment, as they were composed then, opened on demand."""

import streamlit as st

from placet.bundles import Bundle, bundle_of
from placet.errors import PlacetError
from registry.remote import Remote
from registry.remote.live_bots import Instead
from registry.remote.timelines import BotThen, MomentThen
from ui.parts.choosing import picked
from ui.parts.differences import whole
from ui.parts.facts import headed
from ui.parts.said_instead import said_instead
from ui.parts.text import label, plain, shown


def show(registry: Remote, then: MomentThen, bot: BotThen) -> None:
    """What the bot was told, byte for byte, opened as a chatbot opens it."""
    if not st.toggle(
        "Show its words as they were then", key="words", bind="query-params"
    ):
        return
    body = registry.environments.bundle(then.environment, bot.bot, seq=then.seq)
    try:
        bundle = bundle_of(
            body, bot=bot.bot, environment=then.environment, seq=then.seq
        )
    except PlacetError as error:
        st.error(label(f"These words cannot be opened here: {error}", 400))
        return
    with st.container(border=True):
        if bundle.stopped:
            instead = Instead(disclosure=bundle.disclosure, fallback=bundle.fallback)
            st.html(said_instead(instead))
        else:
            _said(bundle)


def _said(bundle: Bundle) -> None:
    st.html(
        headed("It said that it is a machine", _quoted(bundle.disclosure))
        + headed("If all else failed, it said", _quoted(bundle.fallback))
    )
    if not bundle.prompts:
        st.caption("It had no prompts.")
        return
    roles = {
        role: plain(f"{role} ({prompt.name} {prompt.version})")
        for role, prompt in bundle.prompts.items()
    }
    role = picked(
        "Its prompt for",
        roles,
        of="prompt",
        default=next(iter(roles)),
        what="prompt of it at that moment",
    )
    prompt = bundle.prompts[role]
    st.caption("With everything that it includes; values stand as {{ name }}.")
    st.html(whole(f"{plain(role)} then", _messages(prompt.document.get("messages"))))


def _quoted(text: str) -> str:
    said = shown(text) if text else "Nothing."
    return f'<blockquote class="said">{said}</blockquote>'


def _messages(messages: object) -> str:
    return "\n\n".join(
        _message(one) for one in (messages if isinstance(messages, list) else [])
    )


def _message(message: object) -> str:
    said = message if isinstance(message, dict) else {}
    if "placeholder" in said:
        return f"[the messages of {said['placeholder']}]"
    return f"[{said.get('role', '')}]\n{said.get('content', '')}"
