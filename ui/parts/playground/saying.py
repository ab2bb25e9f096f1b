"""The messages: exactly as they would be sent, and what differs between two."""

import html
from collections.abc import Sequence

import streamlit as st

from placet.sizes import Size, estimated_tokens
from ui.parts import differences
from ui.parts.choosing import choice
from ui.parts.playground.rendering import Message, Rendered, pairs, role_of, text_of
from ui.parts.text import label, shown_line

VIEWS = {
    "one": "Differences",
    "sides": "Side by side",
    "after": "After",
    "before": "Before",
}


def show(after: Rendered, before: Rendered | None, words: tuple[str, str]) -> None:
    """Args:
    words: What *before* and *after* are, in a few words.
    """
    if after.wrong:
        st.info(label(after.wrong, 600), icon=":material/edit_note:")
        if after.messages:
            st.caption("The text as it was written, with no value put in:")
    elif before is not None and before.wrong:
        st.warning(label(f"{words[0]}: {before.wrong}", 600))
    if before is None:
        st.html(_sized(after) + _messages(after.messages))
        return
    view = choice("How to compare", VIEWS, of="view", default="one", shown=False)
    if view in ("after", "before"):
        chosen = after if view == "after" else before
        st.html(_sized(chosen) + _messages(chosen.messages))
        return
    st.html(_grown(before, after, words) + _compared(before, after, view == "sides"))


def sized(size: Size) -> str:
    """`1,234 characters, about 310 tokens`."""
    return (
        f"{size.characters:,} characters, about "
        f"{size.estimated_tokens:,} tokens by estimate"
    )


def _sized(one: Rendered) -> str:
    if one.wrong:
        return ""
    count = len(one.messages)
    told = "1 message" if count == 1 else f"{count} messages"
    return f'<p class="tight">{told}: {sized(one.size)}</p>'


def _grown(before: Rendered, after: Rendered, words: tuple[str, str]) -> str:
    told = f"<strong>{shown_line(words[0])}</strong> → "
    told += f"<strong>{shown_line(words[1])}</strong>"
    if before.wrong or after.wrong:
        return f'<p class="tight">{told}</p>'
    more = after.size.estimated_tokens - before.size.estimated_tokens
    grows = f"{more:+,} tokens" if more else "no token more or less"
    return f'<p class="tight">{told}: now {sized(after.size)} ({grows})</p>'


def _messages(messages: Sequence[Message]) -> str:
    if not messages:
        return '<p class="muted">No message.</p>'
    return "".join(
        _message(number, role_of(one), _whole(number, one), text_of(one))
        for number, one in enumerate(messages, start=1)
    )


def _whole(number: int, message: Message) -> str:
    if "placeholder" in message:
        return '<p class="muted tight">Earlier turns stand here.</p>'
    text = text_of(message)
    if not text:
        return '<p class="muted tight">An empty text.</p>'
    return differences.whole(f"Message {number}, {role_of(message)}", text)


def _message(number: int, role: str, body: str, text: str) -> str:
    size = ""
    if text:
        size = f"{len(text):,} characters, about {estimated_tokens(text):,} tokens"
    return (
        '<div class="message">'
        f'<h2 class="part">{number}. {shown_line(role)} '
        f'<span class="muted">{html.escape(size)}</span></h2>{body}</div>'
    )


def _compared(before: Rendered, after: Rendered, beside: bool) -> str:
    found = list(pairs(before.messages, after.messages))
    same = sum(left == right for left, right in found)
    if same == len(found):
        return (
            '<p class="tight">Both say exactly the same, character for character.</p>'
            + _messages(after.messages)
        )
    return "".join(
        _pair(number, left, right, beside)
        for number, (left, right) in enumerate(found, start=1)
    )


def _pair(
    number: int, before: Message | None, after: Message | None, beside: bool
) -> str:
    one = after or before or {"role": ""}
    left, right = _text(before), _text(after)
    came = {(True, False): "went", (False, True): "came"}
    told = came.get((after is None, before is None), "")
    if before is not None and after is not None:
        is_same = (left, role_of(before)) == (right, role_of(after))
        told = "the same in both" if is_same else ""
        if role_of(before) != role_of(after):
            told = f"was {role_of(before)}"
    compare = differences.side_by_side if beside else differences.unified
    name = f"Message {number}, {role_of(one)}"
    body = "" if told == "the same in both" else compare(name, left, right)
    return (
        '<div class="message">'
        f'<h2 class="part">{number}. {shown_line(role_of(one))} '
        f'<span class="muted">{shown_line(told)}</span></h2>{body}</div>'
    )


def _text(message: Message | None) -> str | None:
    return None if message is None else text_of(message)
