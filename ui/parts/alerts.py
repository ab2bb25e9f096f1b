"""Alerts: a bot is answered by another model than people have agreed to."""

from collections.abc import Iterable

from registry.remote.observations import Alert
from ui.parts.marks import mark
from ui.parts.pages import INBOX, path_of
from ui.parts.text import shown_line
from ui.parts.times import ago_html


def alert(one: Alert) -> str:
    """HTML of what was seen, and what was expected."""
    seen = f"first {ago_html(one.first_seen)}, last {ago_html(one.last_seen)}"
    if not one.bot:
        head = f"Notices do not reach {shown_line(one.role)}"
        said = shown_line(one.got)
    else:
        head = f"Another model answers for {shown_line(one.bot)}"
        said = _answers(one)
    where = f"in {shown_line(one.environment)}, seq {one.seq} · " if one.bot else ""
    return (
        f'<div class="waits"><p class="what">{mark("alert", "red")}'
        f"<strong>{head}</strong></p><p>{said}</p>"
        f'<p class="muted">{where}seen {seen}</p></div>'
    )


def of_bot(open_ones: Iterable[Alert], bot: str) -> str:
    """HTML: the same of one bot, where the bot is what one looks at."""
    return "".join(_line(one) for one in open_ones if one.bot == bot)


def _line(one: Alert) -> str:
    link = path_of(INBOX, alert=one.id)
    return (
        f'<p class="tight">{mark("another model", "red")}{_answers(one)}, last '
        f'{ago_html(one.last_seen)}: <a href="{link}" target="_self">alert {one.id}</a>'
        "</p>"
    )


def _answers(one: Alert) -> str:
    return (
        f"{shown_line(one.got)} answered as {shown_line(one.role)}; agreed to was "
        f"{shown_line(one.expected) or 'none'}"
    )
