"""LiteLLM's router reads the models that a binding is exported as."""

import yaml

from registry.documents import dump, parse
from registry.exports.litellm_models import export

BINDING = {
    "kind": "binding",
    "name": "acme-air/chat",
    "version": "1.0.0",
    "owner": "product",
    "description": "Answers travellers.",
    "tier": "medium",
    "review_by": "2027-01-15",
    "platform": "openai",
    "model": "gpt-4o",
    "model_version": "2024-08-06",
    "pin": {"kind": "snapshot", "evidence": "https://example.org/versions"},
    "credential_ref": "env:ACME_KEY",
    "parameters": {"temperature": 0.2, "max_output_tokens": 800},
    "limits": {
        "rpm": 600,
        "tpm": 200_000,
        "budget": {"usd": 50, "per": "day"},
        "timeout_s": 30,
        "max_retries": 1,
    },
    "fallbacks": [
        {
            "name": "acme-air/backup",
            "range": "^1",
            "when": ["error", "rate_limit", "timeout"],
        }
    ],
    "residency": {"processing": ["eu"], "at_rest": ["eu"], "training_use": False},
    "lifecycle": {
        "status": "active",
        "shutdown_on": "2027-04-14",
        "firm": True,
        "source": "https://example.org/dates",
        "checked_on": "2026-11-20",
    },
    "expect": {"response_model": "gpt-4o-2024-08-06"},
}
BACKUP = {k: v for k, v in BINDING.items() if k != "fallbacks"}
BACKUP |= {"name": "acme-air/backup", "model": "gpt-4o-mini"}


def test_the_router_knows_the_models_and_one_answers(peers):
    bindings = [parse(dump(one)).value for one in (BINDING, BACKUP)]
    exported = export(bindings)

    answered = peers["litellm"].ask(exported.text, [{"model": "acme-air/chat"}])

    assert answered.get("error") is None, answered["error"]
    (ran,) = answered["ran"]
    assert ran.get("error") is None, ran["error"]
    assert sorted(ran["known"]) == ["acme-air/backup", "acme-air/chat"]
    assert ran["answered"] == "Hello"
    told = yaml.safe_load(exported.text)["router_settings"]["fallbacks"]
    assert told == [{"acme-air/chat": ["acme-air/backup"]}]
