"""Signing: how a receiver knows that a webhook is ours, and new.

As in Standard Webhooks 1.1: HMAC-SHA256 over `id.timestamp.body`, with a secret that
both sides have.  While a secret is being replaced both sign, and a receiver takes
either.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

PREFIX = "whsec_"
SECRET_BYTES = 32
OVERLAP = timedelta(hours=24)
"""How long the secret before still signs after a new one was made."""


def make_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(
    id: str, at: datetime, body: bytes, secrets: Iterable[str]
) -> Mapping[str, str]:
    """The headers that say of *body* that it is ours.

    Args:
        id: The same for the same notice, however often it is sent.
        at: When it is sent.
    """
    timestamp = str(int(at.timestamp()))
    content = b".".join((id.encode(), timestamp.encode(), body))
    return {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(one, content) for one in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
