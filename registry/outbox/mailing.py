"""Mailing: one mail to one person, through the mail server that the operator named."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum

from registry.outbox.failures import NotDelivered

TIMEOUT_S = 10.0


class Security(StrEnum):
    """How a mail server is talked to."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
"""The usual one of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Attributes:
    user: Empty to send without signing in.
    sender: The address that mails come from.
    """

    host: str
    port: int
    security: Security
    user: str
    password: str
    sender: str


class Mailer:
    """Args:
    tls: Which certificates to trust.
    """

    def __init__(
        self, server: MailServer, *, tls: ssl.SSLContext, timeout_s: float = TIMEOUT_S
    ) -> None:
        self.sender = server.sender
        self._server = server
        self._tls = tls
        self._timeout_s = timeout_s

    def send(self, message: EmailMessage) -> None:
        """Raises:
        NotDelivered: The server did not take it.
        """
        server = self._server
        to = [address.addr_spec for address in message["To"].addresses]
        try:
            with self._connected() as connection:
                if server.user:
                    connection.login(server.user, server.password)
                # `send_message` would quote lines that begin with "From".
                connection.sendmail(server.sender, to, message.as_bytes())
        except smtplib.SMTPAuthenticationError as error:
            raise NotDelivered("the mail server refused user and password") from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            lasting = all(500 <= code < 600 for code in codes)
            raise NotDelivered(
                "the mail server refused the recipient", lasting=lasting
            ) from error
        except smtplib.SMTPResponseException as error:
            raise NotDelivered(f"the mail server said {error.smtp_code}") from error
        except smtplib.SMTPException as error:
            raise NotDelivered(f"the mail server: {type(error).__name__}") from error
        except ssl.SSLCertVerificationError as error:
            raise NotDelivered(
                "the mail server's certificate is not trusted"
            ) from error
        except OSError as error:
            raise NotDelivered("the mail server does not answer") from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._server
        # Asked for its own name, a machine may look it up for a long time.
        name = server.sender.partition("@")[2]
        place = (server.host, server.port, name, self._timeout_s)
        if server.security is Security.TLS:
            with smtplib.SMTP_SSL(
                *place[:3], timeout=self._timeout_s, context=self._tls
            ) as connection:
                yield connection
            return
        with smtplib.SMTP(*place) as connection:
            if server.security is Security.STARTTLS:
                connection.starttls(context=self._tls)
            yield connection
