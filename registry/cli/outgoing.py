"""Options of `placet serve`: how notices leave the server, and where people read on."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.errors import Invalid

if TYPE_CHECKING:  # it brings the database
    from registry.outbox import MailServer, Outgoing

PASSWORD = "PLACET_SMTP_PASSWORD"  # noqa: S105 (a name, and no secret)


class SmtpSecurity(StrEnum):
    """How a mail server is talked to."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


AllowWebhooksTo = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-webhooks-to",
        metavar="WHERE",
        envvar="PLACET_ALLOW_WEBHOOKS_TO",
        help="A network, a host or an http:// address inside; again for another.",
    ),
]
PublicUrl = Annotated[
    str | None,
    typer.Option(
        "--public-url",
        envvar="PLACET_PUBLIC_URL",
        help="Where people reach the registry: for links, and for signing in.",
    ),
]
Console = Annotated[
    str | None,
    typer.Option(
        "--console",
        metavar="URL",
        envvar="PLACET_CONSOLE",
        help="Where the console is: the page after signing in, and links in notices.",
    ),
]
SmtpHost = Annotated[
    str | None,
    typer.Option(
        "--smtp-host",
        envvar="PLACET_SMTP_HOST",
        help="The mail server; without one no mails are sent.",
    ),
]
SmtpPort = Annotated[
    int | None,
    typer.Option(
        "--smtp-port",
        envvar="PLACET_SMTP_PORT",
        min=1,
        max=65535,
        help="Else 587, 465 with tls, 25 with none.",
    ),
]
SmtpTls = Annotated[
    SmtpSecurity,
    typer.Option("--smtp-tls", envvar="PLACET_SMTP_TLS", help="How it is talked to."),
]
SmtpUser = Annotated[
    str,
    typer.Option("--smtp-user", envvar="PLACET_SMTP_USER", help="Who signs in there."),
]
SmtpPasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--smtp-password-file",
        metavar="FILE",
        envvar="PLACET_SMTP_PASSWORD_FILE",
        help=f"Has the password; or set {PASSWORD}.",
    ),
]
SmtpFrom = Annotated[
    str,
    typer.Option(
        "--smtp-from", envvar="PLACET_SMTP_FROM", help="The address mails come from."
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """The options about mail, as they were given."""

    host: str | None
    port: int | None
    tls: SmtpSecurity
    user: str
    password_file: Path | None
    sender: str


NO_MAILS = Smtp(
    host=None,
    port=None,
    tls=SmtpSecurity.STARTTLS,
    user="",
    password_file=None,
    sender="",
)


def outgoing_of(
    allowed: Sequence[str],
    public_url: str | None,
    smtp: Smtp,
    console: str | None = None,
) -> "Outgoing":
    """Raises:
    Invalid: Something given cannot be.
    """
    from registry.outbox import Outgoing, parse_allowed
    from registry.remote.connection import check_address

    url = check_address(public_url) if public_url else None
    pages = _console(console, url) if console else None
    # From the environment several come as one text.
    words = [word for text in allowed for word in text.split()]
    return Outgoing(
        allowed=parse_allowed(words), mail=_mail_server(smtp), url=url, console=pages
    )


def _console(console: str, registry: str | None) -> str:
    from registry.console_pages import check_console
    from registry.remote.connection import check_address

    try:
        address = check_address(console)
    except Invalid:
        raise Invalid(
            f"{console[:80]!r} is not the address of a console",
            hint="Write it as http://127.0.0.1:8501, without a path.",
        ) from None
    check_console(address, registry)
    return address


def _mail_server(smtp: Smtp) -> "MailServer | None":
    from registry.outbox import PORTS, MailServer, NotDelivered, Security, check_mailbox

    if smtp.host is None:
        return None
    try:
        sender = check_mailbox(smtp.sender)
    except NotDelivered:
        raise Invalid(
            "mails need an address that they come from",
            hint="Give it with --smtp-from placet@example.com.",
        ) from None
    security = Security(smtp.tls)
    if smtp.user and security is Security.NONE:
        raise Invalid(
            "a password is not sent without TLS",
            hint="Use --smtp-tls starttls or tls, or leave out --smtp-user.",
        )
    return MailServer(
        host=smtp.host,
        port=smtp.port or PORTS[security],
        security=security,
        user=smtp.user,
        password=_password(smtp.password_file) if smtp.user else "",
        sender=sender,
    )


def _password(file: Path | None) -> str:
    password = os.environ.get(PASSWORD, "")
    if file is not None:
        password = file.read_text().strip("\r\n")
    if not password:
        raise Invalid(
            "the mail server's user has no password",
            hint=f"Give --smtp-password-file, or set {PASSWORD}.",
        )
    return password
