"""A registry that signs its heads: what `FakeRegistry.tamper` is set to."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

BOT = "acme-air/support"
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)


class Key:
    """One key, as `placet keys show` prints it."""

    def __init__(self, number: int, name: str = "placet/fake/heads") -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        public = b"\x01" + self.private.public_key().public_bytes_raw()
        id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4].hex()
        self.short = f"{name}+{id}"
        self.line = f"{self.short}+{base64.b64encode(public).decode()}"

    def sign(self, head: dict) -> dict:
        signature = self.private.sign(b"placet-head-v1\n" + dumped(head))
        return {
            "key": self.short,
            "signature": base64.b64encode(signature).decode(),
        }


class SettableClock:
    """Seconds since 1970; it stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> float:
        return self.at.timestamp()


class Signer:
    """Signs what a fake registry tells, with *keys*, now by *clock*."""

    def __init__(self, clock: Callable[[], float], *keys: Key) -> None:
        self.clock = clock
        self.keys = keys

    def __call__(self, path, reply):
        if not path.endswith("/head") or reply.status not in {200, 304, 410}:
            return reply
        if reply.status == 410:
            told = json.loads(reply.body)
            head = {
                "repository": "fake",
                "environment": "production",
                "bot": BOT,
                "epoch": told["epoch"],
                "seq": told["seq"],
                "floor": 0,
                "bundle": None,
                "stopped": False,
            }
            return replace(
                reply, body=dumped({**told, "head": json.loads(self.signed(head))})
            )
        body = self.signed(json.loads(reply.body))
        headers = {**reply.headers, "ETag": f'"{hashlib.sha256(body).hexdigest()}"'}
        return replace(reply, status=200, body=body, headers=headers)

    def signed(self, head: dict) -> bytes:
        at = datetime.fromtimestamp(self.clock(), UTC)
        head = {**head, "issued": written(at)}
        head["expires"] = written(at + timedelta(minutes=10))
        signatures = [key.sign(head) for key in self.keys]
        return dumped({**head, "signatures": signatures})


def written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def dumped(value: object) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
