"""What the OpenAPI document says beside what the routes say of themselves."""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from registry.api import chatbot_openapi
from registry.api.deps import TOKEN
from registry.api.problems import Problem

DESCRIPTION = """\
A registry for what chatbots are told: people propose, a board agrees, chatbots
read what is live.

Send `Authorization: Bearer ...` with the token of a session (`POST /v1/sessions`)
or of a machine (`POST /v1/tokens`). The examples take the address from
`$PLACET_URL` and the token from `$PLACET_TOKEN`.

A session may do what its person may. A token may never do more than its person:
with the scope `read` it reads what chatbots read, and reports which models answered
them; with `clone` git clones with it, too; with `submit` it reads everything, submits,
revises, comments and promotes; with `operate` it also activates, rolls back, stops and
recalls. Voting, and managing people, tokens and policies, takes a session.

Every error is `application/problem+json` with `type`, `title`, `status`, `detail`
and `hint`, which says what to do. A document that is refused brings `findings`:
`line`, `where`, `message`, `hint` and `document` of everything that is wrong. A
version that says too little brings `document`, `bump`, `smallest` and `reasons`.

Lists come in pages: `next` is the `cursor` of the next one, null on the last.
Times are RFC 3339 in UTC. A write to the ledger that is sent
again with the same `Idempotency-Key` happens once.
"""

_WORDS = {
    "chatbots": "What a chatbot reads, from memory and with an ETag. Any token may, "
    "within its environments and bots.",
    "sessions": "People sign in with a password.",
    "changes": "Proposing an edit, voting on it, and making it live.",
    "ratifications": "What went live without agreement, for people to judge.",
    "reviews": "What is due for review, on which conditions people agreed, and what "
    "waits for whom.",
    "environments": "What is live, what was, and trying a prompt or a guardrail.",
    "moves": "Promoting, rolling back, stopping and resuming.",
    "bindings": "Which models are live, and how long they will be there.",
    "observations": "Which models really answered, and alerts where one should not.",
    "fetches": "Who was told what lately, and who is behind what is live.",
    "notifications": "Where notices go, and what went out.",
    "documents": "Every document that was ever live, and what it says.",
    "recalls": "Content that must never go live again.",
    "policies": "Who must agree.",
    "people": "Who holds which role and seat.",
    "tokens": "What machines come in with.",
    "ledger": "The evidence: every act, in order.",
    "health": "For load balancers and editors; nobody signs in for it.",
}
TAGS = [{"name": name, "description": words} for name, words in _WORDS.items()]


def describe(app: FastAPI) -> None:
    """Have *app* tell what no route of its own can."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        _complete(schemas)
        schemas["Problem"] = TypeAdapter(Problem).json_schema(mode="serialization")
        reads = chatbot_openapi.paths("chatbots", [{TOKEN: []}])
        document["paths"] = reads | document["paths"]
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(schemas: dict[str, Any]) -> None:
    """An answer has every member, also those that old events did without."""
    for name, schema in schemas.items():
        if schema.get("type") == "object" and not name.endswith("Body"):
            schema["required"] = list(schema.get("properties", {}))
