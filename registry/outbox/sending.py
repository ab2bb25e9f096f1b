"""Sending: a notice to a target, by whichever way its kind goes."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http import HTTPStatus
from urllib.parse import urlsplit

from sqlalchemy import Engine

from registry.db.operations import Operations
from registry.db.targets import Targets
from registry.errors import Invalid, NotAllowed
from registry.notices import Notice
from registry.outbox.addresses import NOTHING_MORE, Allowed, parse_address
from registry.outbox.calling import Caller, Resolve, resolve
from registry.outbox.failures import NotDelivered
from registry.outbox.mailing import Mailer, MailServer
from registry.outbox.signing import signed
from registry.outbox.wording import mail, slack_body, webhook_body
from registry.targets import Target, TargetKind

_JSON = {"Content-Type": "application/json", "User-Agent": "placet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """How notices leave this server: what its operator said when starting it.

    Attributes:
        allowed: Where they may go beyond what is reachable from anywhere.
        mail: `None` if no mails are sent.
        url: Where people reach this registry, for links; `None` for no links.
        console: Where its console is, which people would rather read; `None` if
            there is none.
    """

    allowed: Allowed
    mail: MailServer | None
    url: str | None
    console: str | None


PLAIN = Outgoing(allowed=NOTHING_MORE, mail=None, url=None, console=None)


def check_reachable(outgoing: Outgoing, kind: TargetKind, address: str) -> None:
    """Refuse what could never be sent, as far as that can be told without sending.

    Raises:
        Invalid: There is no mail server, or *address* is none.
        NotAllowed: It is never called.
    """
    if kind is not TargetKind.EMAIL:
        parse_address(address, outgoing.allowed)
    elif address:
        raise Invalid(
            "a target for e-mail has no address",
            hint="Mails go to those whom a notice is for; leave it out.",
        )
    elif outgoing.mail is None:
        raise Invalid(
            "this server sends no mails",
            hint="Whoever operates it names a mail server: `placet serve --smtp-host`.",
        )


def host_of(address: str) -> str:
    """What may be told of an address, of which the rest is a secret."""
    return urlsplit(address).netloc


@cache
def _system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class Sender:
    """Args:
    engine: Where the operational tables are: secrets and e-mail addresses.
    tls: Which certificates to trust; `None` for those that the system does.
    """

    def __init__(
        self,
        outgoing: Outgoing,
        engine: Engine,
        *,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        tls = tls or _system_trust()
        self._outgoing = outgoing
        self._targets = Targets(engine)
        self._operations = Operations(engine)
        self._caller = Caller(allowed=outgoing.allowed, tls=tls, resolve=resolve)
        self._mailer = Mailer(outgoing.mail, tls=tls) if outgoing.mail else None

    def send(
        self, target: Target, notice: Notice, *, recipient: str, now: datetime
    ) -> None:
        """Returns once the target has taken it.

        Args:
            recipient: The handle of whom it is for, for e-mail.

        Raises:
            NotDelivered: It did not.
        """
        if target.kind is TargetKind.EMAIL:
            self._mail(notice, recipient)
            return
        url, console = self._outgoing.url, self._outgoing.console
        if target.kind is TargetKind.SLACK:
            body, headers = slack_body(notice, url, console), {}
        else:
            body = webhook_body(notice, url, console)
            headers = dict(
                signed(notice.id, now, body, self._targets.read_secrets(target.id, now))
            )
        self._call(target.address, headers, body)

    def _call(self, address: str, headers: Mapping[str, str], body: bytes) -> None:
        try:
            place = parse_address(address, self._outgoing.allowed)
            status = self._caller.post(place, {**_JSON, **headers}, body)
        except (Invalid, NotAllowed) as error:
            raise NotDelivered(str(error)) from error
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise NotDelivered(
                f"it answered {status}", lasting=status == HTTPStatus.GONE
            )

    def _mail(self, notice: Notice, recipient: str) -> None:
        if self._mailer is None:
            raise NotDelivered("this server was started without a mail server")
        account = self._operations.find_account(recipient)
        if account is None or not account.email:
            raise NotDelivered(
                f"{recipient} has no e-mail address", lasting=True, expected=True
            )
        self._mailer.send(
            mail(
                notice,
                sender=self._mailer.sender,
                to=account.email,
                recipient=recipient,
                url=self._outgoing.url,
                console=self._outgoing.console,
            )
        )
