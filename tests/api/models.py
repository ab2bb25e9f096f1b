"""A model that is asked: a real server on the loopback that speaks its protocol."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.api import bound, texts
from tests.api.conftest import JsonObject
from tests.outbox.receivers import Answer, Receiver

KEY = "sk-not-a-real-one"
BOT = bound.BOT
ANSWERS = "/v1/environments/development/answers"
ANSWERING = "/v1/environments/development/answering"
NO_CATS = json.dumps(
    {
        "kind": "guardrail",
        "name": "acme/no-cats",
        "version": "1.0.0",
        "owner": "risk",
        "description": "No cats.",
        "tier": "medium",
        "rules": [
            {
                "id": "cats",
                "stage": ["output"],
                "check": {"type": "keyword", "terms": ["cat"]},
                "action": "redact",
                "severity": "low",
                "message": "No cats.",
            }
        ],
        "cases": [
            {"rule": "cats", "stage": "output", "text": "a cat", "expect": "trigger"},
            {"rule": "cats", "stage": "output", "text": "a dog", "expect": "pass"},
        ],
    },
    indent=1,
)


def bot(version: str = "1.0.0", **roles: str) -> str:
    guarded = "guardrails: {cats: acme/no-cats}\n"
    return bound.bot(version=version, **(roles or {"main": "acme/chat"})) + guarded


def completion(text: str = "Hello.", **more: object) -> JsonObject:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": bound.MODEL,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15},
        **more,
    }


def saying(body: bytes | JsonObject, *, status: int = 200, **headers: str) -> Answer:
    """Answers with *body*, and with *headers* in which `_` stands for a hyphen."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(content)), **more}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    return answer


def asked(model: Receiver) -> list[dict[str, Any]]:
    """What it was asked, oldest first."""
    return [json.loads(one.body) for one in model.received]


def question(**more: object) -> JsonObject:
    return {"bot": BOT, "prompt": "refunds", **more}


DOCUMENTS = (texts.prompt(), NO_CATS, bound.binding(), bot())
