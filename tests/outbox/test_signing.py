"""Signatures: receivers check them with a library of their own."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from registry.outbox.signing import make_secret, signed

BODY = json.dumps({"type": "stopped", "text": "ärgerlich"}).encode()


def now() -> datetime:
    """The library goes by the clock of the machine."""
    return datetime.now(UTC)


def test_a_receiver_takes_what_is_signed_with_its_secret():
    secret = make_secret()

    headers = signed("ntc_1", now(), BODY, [secret])

    assert Webhook(secret).verify(BODY, dict(headers)) == json.loads(BODY)


@pytest.mark.parametrize("which", ["old", "new"])
def test_while_a_secret_is_replaced_both_are_good(which: str):
    secrets = {"new": make_secret(), "old": make_secret()}

    headers = signed("ntc_1", now(), BODY, secrets.values())

    assert Webhook(secrets[which]).verify(BODY, dict(headers))


def test_what_was_changed_on_the_way_is_refused():
    secret = make_secret()
    headers = dict(signed("ntc_1", now(), BODY, [secret]))
    later = str(int(headers["webhook-timestamp"]) + 1)

    for told, body in (
        (headers, BODY + b" "),
        (headers | {"webhook-id": "ntc_2"}, BODY),
        (headers | {"webhook-timestamp": later}, BODY),
        (dict(signed("ntc_1", now(), BODY, [make_secret()])), BODY),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, told)


def test_what_is_sent_again_later_is_refused():
    secret = make_secret()
    headers = signed("ntc_1", now() - timedelta(hours=1), BODY, [secret])

    with pytest.raises(WebhookVerificationError, match="old"):
        Webhook(secret).verify(BODY, dict(headers))


def test_no_two_secrets_are_the_same():
    made = {make_secret() for _ in range(100)}

    assert len(made) == 100
    assert all(one.startswith("whsec_") for one in made)
