"""Guardrails to export, made of as much as a test is about."""

from typing import Any


def rule(check: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "one",
        "stage": ["output"],
        "check": check,
        "action": "block",
        "severity": "high",
        "message": "It must not be said.",
    } | more


def regex(pattern: str = "AKIA[0-9A-Z]{16}", **more: Any) -> dict[str, Any]:
    return {"type": "regex", "pattern": pattern} | more


def guardrail(*rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "guardrail",
        "name": "acme-air/no-promises",
        "version": "1.0.0",
        "owner": "risk",
        "description": "What must not be said.",
        "rules": list(rules),
    }
