"""What the scenarios are made of: a bot in one environment, its bundles and its heads.

Keys are made of fixed seeds, so that the same bytes come out each time. They sign
nothing but this folder.
"""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import rfc8785

from registry.heads import Standing, sign
from registry.names import Digest, digest_of
from registry.signed_notes import SigningKey, dump_verifier, signing_key

ENVIRONMENT = "production"
BOT = "acme/support"
REPOSITORY = "b0a1c7f25d8e4c3e9a60d1f3c8b7e542"
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)

HEAD = f"/v1/environments/{ENVIRONMENT}/bots/{BOT}/head"
PROBLEM = "application/problem+json"

Json = dict[str, object]


def key_of(number: int) -> SigningKey:
    seed = hashlib.sha256(f"placet conformance key {number}".encode()).digest()
    return signing_key(f"placet/{REPOSITORY}/heads", seed)


FIRST, SECOND, STRANGER = key_of(1), key_of(2), key_of(3)


def line(key: SigningKey) -> str:
    return dump_verifier(key.verifier)


def prompt(text: str, name: str = "acme/refunds") -> Json:
    return {
        "kind": "prompt",
        "name": name,
        "version": "1.0.0",
        "owner": "product",
        "description": "Answers questions about refunds.",
        "digest": digest_of(text.encode()),
        "tier": "medium",
        "template": "simple",
        "inputs": {"type": "object", "properties": {}},
        "messages": [{"role": "system", "content": text}],
        "includes": [],
        "labels": {
            "weight": 0.25,
            "unit": "\u20ac",
            "\ufb33": "dalet",
            "\U0001f600": "",
        },
    }


def entry(document: Json) -> Json:
    return {"digest": digest_of(rfc8785.dumps(document)), "document": document}


def bundle(text: str, *, stopped: str | None = None, **parts: object) -> Json:
    """What the bot is told: its one prompt says *text*."""
    bot = {
        "kind": "bot",
        "name": BOT,
        "version": "1.0.0",
        "digest": digest_of(b"bot"),
        "disclosure": "You are talking to a machine.",
        "fallback": "Please call us.",
    }
    named = {"prompts": {"refunds": {"name": "acme/refunds"}}}
    return {
        "kind": "bundle",
        "bot": bot if stopped is not None else {**bot, **named},
        "stopped": None if stopped is None else {"reason": stopped},
        "prompts": {} if stopped is not None else {"refunds": entry(prompt(text))},
        "guardrails": {},
        "bindings": {},
        **parts,
    }


def standing(told: Json | None, seq: int, **more: object) -> Standing:
    plain = Standing(
        repository=REPOSITORY,
        environment=ENVIRONMENT,
        bot=BOT,
        epoch=1,
        seq=seq,
        floor=0,
        content=None if told is None else digest_of(rfc8785.dumps(told)),
        stopped=told is not None and told["stopped"] is not None,
    )
    return replace(plain, **more)


def signed(
    what: Standing,
    *keys: SigningKey,
    at: datetime = NOON,
    lifetime: timedelta = timedelta(minutes=10),
) -> bytes:
    return sign(what, keys or (FIRST,), at, lifetime).body


def altered(head: bytes, **members: object) -> bytes:
    """The head with other members under its old signatures; None takes one out."""
    told = {**json.loads(head), **members}
    return rfc8785.dumps({name: one for name, one in told.items() if one is not None})


def told(body: bytes, status: int = 200, **headers: str) -> Json:
    """An answer, as the scenarios have it."""
    kind = "application/json" if status < 400 else PROBLEM
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "status": status,
        "headers": {"content-type": kind, **named},
        "text": body.decode(),
    }


def refused(status: int) -> Json:
    problem = {"type": "about:blank", "title": "No", "status": status}
    return told(rfc8785.dumps(problem), status)


def gone(seq: int, head: bytes | None) -> Json:
    problem = {"type": "urn:placet:problem:deleted", "status": 410, "epoch": 1}
    more = {} if head is None else {"head": json.loads(head)}
    return told(rfc8785.dumps({**problem, "seq": seq, **more}), 410)


def live(head: bytes, *bundles: Json) -> dict[str, Json]:
    """Answers of a registry that tells *head*, and has *bundles*."""
    return {HEAD: told(head, etag=f'"{digest_of(head)}"'), **stored(*bundles)}


def stored(*bundles: Json) -> dict[str, Json]:
    bodies = [rfc8785.dumps(one) for one in bundles]
    return {address(digest_of(body)): told(body) for body in bodies}


def address(digest: Digest) -> str:
    return f"/v1/bundles/{digest}"


def address_of(one: Json) -> str:
    return address(digest_of(rfc8785.dumps(one)))
