"""Wording: a notice as each kind of target reads it.

Whatever people wrote is text there and nothing else: in Slack no mention, link or
markup, in a mail no header.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import msgspec

from registry.console_pages import page_of
from registry.notices import Notice, one_line
from registry.outbox.failures import NotDelivered

MAX_SLACK_CHARS = 2_900
"""Slack takes 3,000 in one text."""

MAX_SUBJECT_CHARS = 200

_MAILBOX = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
)
_MAX_MAILBOX_CHARS = 254


def webhook_body(notice: Notice, url: str | None, console: str | None = None) -> bytes:
    """JSON, with `type`, `timestamp` and `data` as Standard Webhooks have it.

    A program reads on at `url`, a person at `page`.
    """
    data: dict[str, object] = msgspec.to_builtins(notice)
    told = {
        "type": notice.kind,
        "timestamp": notice.at,
        "data": data
        | {"url": _link(notice, url, None), "page": _link(notice, None, console)},
    }
    return msgspec.json.encode(told)


def slack_body(notice: Notice, url: str | None, console: str | None = None) -> bytes:
    """`text` for previews, and blocks: what happened, who is asked, until when."""
    link = _link(notice, url, console)
    parts = [f"*{_escaped(notice.subject)}*", *map(_escaped, notice.body)]
    blocks: list[Mapping[str, object]] = [
        {"type": "section", "text": _mrkdwn(_cut(parts))}
    ]
    facts = [f"For: {_escaped(_asked(notice))}"]
    if notice.due is not None:
        facts.append(f"Until {show(notice.due)}")
    if link is not None:
        facts.append(f"<{_escaped(link)}|Read it>")
    blocks.append({"type": "context", "elements": [_mrkdwn(_cut([" · ".join(facts)]))]})
    return msgspec.json.encode({"text": _escaped(notice.subject), "blocks": blocks})


def mail(
    notice: Notice,
    *,
    sender: str,
    to: str,
    recipient: str,
    url: str | None,
    console: str | None = None,
) -> EmailMessage:
    """A mail in plain text.

    Args:
        recipient: The handle of whom it is to; makes the mail's id one of its own.

    Raises:
        NotDelivered: *to* is no address that a mail can be sent to.
    """
    domain = check_mailbox(sender).partition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Placet", addr_spec=check_mailbox(sender))
    message["To"] = Address(addr_spec=check_mailbox(to))
    message["Subject"] = one_line(notice.subject, MAX_SUBJECT_CHARS)
    message["Date"] = format_datetime(notice.at)
    message["Message-ID"] = f"<{notice.id}.{recipient}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(notice, _link(notice, url, console)))
    return message


def check_mailbox(text: str) -> str:
    """Return *text* if it is one plain address and nothing more.

    Raises:
        NotDelivered: It is none, or more than that.
    """
    if len(text) > _MAX_MAILBOX_CHARS or not _MAILBOX.fullmatch(text):
        raise NotDelivered(
            "this is not an e-mail address that can be written to", lasting=True
        )
    return text


def show(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _text(notice: Notice, link: str | None) -> str:
    lines = [notice.subject, ""]
    if notice.body:
        lines += [*notice.body, ""]
    if notice.due is not None:
        lines.append(f"Until: {show(notice.due)}")
    if notice.change is not None:
        lines.append(f"On the command line: placet show {notice.change}")
    if link is not None:
        lines.append(f"Read it: {link}")
    return "\n".join([*lines, "", "-- ", "Sent by Placet. Nobody reads answers.", ""])


def _link(notice: Notice, url: str | None, console: str | None) -> str | None:
    if console is not None:
        return page_of(console, notice.change)
    return None if url is None else url.rstrip("/") + notice.path


def _asked(notice: Notice) -> str:
    wanted = notice.audience
    if wanted.everybody:
        return "everybody"
    seats = [f"the seat {seat}" for seat in wanted.seats]
    return ", ".join([*wanted.handles, *seats]) or "nobody in particular"


def _mrkdwn(text: str) -> Mapping[str, object]:
    """Verbatim: bare addresses and names in it become no links and no mentions."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(lines: list[str]) -> str:
    """As many whole lines as fit, so that no entity is cut through."""
    kept: list[str] = []
    room = MAX_SLACK_CHARS
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            kept.append("…")
            break
        kept.append(line)
    return "\n".join(kept)
