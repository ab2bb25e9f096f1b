"""Ways to change an answer on its way to the client."""

import hashlib
import json
from dataclasses import replace

from placet.testing import FakeRegistry

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"


def digest_of(body):
    return "sha256:" + hashlib.sha256(body).hexdigest()


def head(**changes):
    """The head, with other values; None leaves a key out."""

    def tamper(path, reply):
        if not path.endswith("/head"):
            return reply
        told = {**json.loads(reply.body), **changes}
        told = {key: value for key, value in told.items() if value is not None}
        return replace(reply, body=json.dumps(told).encode())

    return tamper


def bundle(change):
    """The bundle, changed, under a head that gives the right digest of it."""
    sent = {}

    def tamper(path, reply):
        if path.endswith("/head"):
            live = sent["live"]
            told = {**json.loads(reply.body), "bundle": digest_of(live)}
            return replace(reply, body=json.dumps(told).encode())
        return replace(reply, status=200, body=sent["live"])

    def with_live(path, reply):
        if "live" not in sent:
            sent["live"] = change(live_bundle())
        return tamper(path, reply)

    return with_live


def live_bundle():
    with FakeRegistry() as registry:
        registry.put_prompt(PROMPT, "evil: {{ question }}")
        registry.put_bot(BOT, {"refunds": PROMPT})
        with registry.client() as client:
            client.bot(BOT)
        path = registry.requests[-1]
        seen = {}
        registry.tamper = lambda path, reply: seen.setdefault(path, reply)
        with registry.client() as client:
            client.bot(BOT)
        return json.loads(seen[path].body)


def dumped(change):
    """Make a change of a parsed bundle one that returns bytes."""

    def changed(whole):
        change(whole)
        return json.dumps(whole).encode()

    return changed


def body(data, *, only="", **headers):
    """Another body, for paths that end with *only*."""

    def tamper(path, reply):
        if not path.endswith(only):
            return reply
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(reply, headers={**reply.headers, **told}, body=data)

    return tamper


def cut(only):
    """End the connection in the middle of an answer."""

    def tamper(path, reply):
        if only not in path:
            return reply
        told = {**reply.headers, "Content-Length": str(len(reply.body))}
        return replace(reply, headers=told, body=reply.body[:-20])

    return tamper


def wrong_bundle(path, reply):
    if path.endswith("/head"):
        return reply
    return replace(reply, body=reply.body + b" ")


def redirect(path, reply):
    return replace(reply, status=302, headers={"Location": "http://127.0.0.1:9/"})
