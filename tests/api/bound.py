"""Documents of a bot that is bound to models, and what it reports of them."""

import json

from tests.api import texts
from tests.api.conftest import JsonObject, Placet

BOT = "acme/support"
MODEL = "gpt-4o-2024-08-06"
BACKUP = "claude-sonnet-5"
BUNDLE = f"/v1/environments/development/bots/{BOT}"
OBSERVATIONS = "/v1/environments/development/observations"


def binding(name: str = "acme/chat", version: str = "1.0.0", **parts: object) -> str:
    """A document in JSON, which is YAML."""
    return json.dumps(
        {
            "kind": "binding",
            "name": name,
            "version": version,
            "owner": "product",
            "description": "Answers customers.",
            "tier": "medium",
            "platform": "openai",
            "model": MODEL,
            "pin": {"kind": "snapshot"},
            "limits": {"timeout_s": 30},
            "expect": {"response_model": MODEL},
            **parts,
        },
        indent=1,
    )


def backup() -> str:
    return binding(
        "acme/backup",
        platform="anthropic",
        model=BACKUP,
        expect={"response_model": BACKUP},
    )


def bot(name: str = BOT, version: str = "1.0.0", **roles: str) -> str:
    lines = [f"  {role}: {named}\n" for role, named in roles.items()]
    return texts.bot(name, version) + "bindings:\n" + "".join(lines)


def go_live(placet: Placet) -> None:
    """A bot with a binding that has a fallback."""
    falls_back = [{"name": "acme/backup", "when": ["error"]}]
    placet.live(
        texts.prompt(),
        backup(),
        binding(fallbacks=falls_back),
        bot(main="acme/chat"),
    )


def told(placet: Placet, name: str = BOT) -> JsonObject:
    """What the bot says of itself when it reports: bot, seq and bundle."""
    path = f"/v1/environments/development/bots/{name}/head"
    head = placet.signed_in("operator").get(path).json()
    return {"bot": name, "seq": head["seq"], "bundle": head["bundle"]}


def observed(placet: Placet, model: str = MODEL, **more: object) -> JsonObject:
    return {
        **told(placet),
        "role": "main",
        "response_model": model,
        "at": placet.clock().isoformat(),
        **more,
    }
