"""Mails, through a real mail server on the loopback."""

import ssl

import pytest

from registry.outbox.failures import NotDelivered
from registry.outbox.mailing import Mailer, MailServer, Security
from registry.outbox.wording import mail
from tests.outbox.conftest import make_notice
from tests.outbox.receivers import Authority, mailing


def message(**more):
    notice = make_notice(subject="Ärger mit acme/support: jetzt", **more)
    return mail(
        notice,
        sender="placet@example.com",
        to="risk@example.com",
        recipient="risk",
        url=None,
    )


def server(port: int, security: Security = Security.NONE, **more) -> MailServer:
    told = {
        "host": "localhost",
        "port": port,
        "security": security,
        "user": "",
        "password": "",
        "sender": "placet@example.com",
    }
    return MailServer(**{**told, **more})


def test_a_mail_arrives_as_it_was_written():
    with mailing() as mailbox:
        Mailer(server(mailbox.port), tls=ssl.create_default_context()).send(
            message(body=(".", "..two dots", "From here on"))
        )

    (arrived,) = mailbox.mails
    assert arrived.to == ["risk@example.com"]
    assert arrived.message["Subject"] == "Ärger mit acme/support: jetzt"
    text = arrived.message.get_content()
    assert "\n.\n..two dots\nFrom here on\n" in text.replace("\r\n", "\n")


def test_a_mail_server_with_starttls_is_talked_to_and_signed_in_to_over_tls(
    authority: Authority,
):
    with mailing(authority.server(), password="right") as mailbox:
        place = server(mailbox.port, Security.STARTTLS, user="placet", password="right")
        Mailer(place, tls=authority.client()).send(message())

    assert len(mailbox.mails) == 1


def test_a_wrong_password_is_told_as_that(authority: Authority):
    with mailing(authority.server(), password="right") as mailbox:
        place = server(mailbox.port, Security.STARTTLS, user="placet", password="wrong")
        with pytest.raises(NotDelivered, match="refused user and password"):
            Mailer(place, tls=authority.client()).send(message())

    assert mailbox.mails == []


def test_a_mail_server_that_nobody_vouches_for_gets_no_password(authority: Authority):
    with mailing(authority.server(), password="right") as mailbox:
        place = server(mailbox.port, Security.STARTTLS, user="placet", password="right")
        with pytest.raises(NotDelivered, match="certificate is not trusted"):
            Mailer(place, tls=ssl.create_default_context()).send(message())

    assert mailbox.mails == []


def test_a_mail_server_that_cannot_do_tls_is_not_talked_to_without():
    with mailing() as mailbox:
        place = server(mailbox.port, Security.STARTTLS)
        with pytest.raises(NotDelivered):
            Mailer(place, tls=ssl.create_default_context()).send(message())

    assert mailbox.mails == []


def test_a_mail_server_that_refuses_is_tried_again():
    with mailing() as mailbox:
        mailbox.refuse = "451 later"
        with pytest.raises(NotDelivered, match="451") as raised:
            Mailer(server(mailbox.port), tls=ssl.create_default_context()).send(
                message()
            )

    assert not raised.value.lasting


def test_a_mail_server_that_is_not_there_is_told_as_that():
    with mailing() as mailbox:
        pass

    with pytest.raises(NotDelivered, match="does not answer"):
        Mailer(server(mailbox.port), tls=ssl.create_default_context()).send(message())
