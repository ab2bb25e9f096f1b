"""Rules and guardrails as short as a test wants them."""

from placet.guardrails import Guardrail, open_guardrail
from placet.guardrails.rules import Result, run_rule


def rule(check, action="block", *, id="it", stage="output", **more):
    stages = [stage] if isinstance(stage, str) else stage
    return {
        "id": id,
        "stage": stages,
        "check": check,
        "action": action,
        "severity": "high",
        "message": "It must not be said.",
        **more,
    }


def body(*rules):
    return {
        "kind": "guardrail",
        "name": "acme-air/rules",
        "version": "1.0.0",
        "digest": "sha256:" + "0" * 64,
        "rules": list(rules),
    }


def guardrail(*rules) -> Guardrail:
    return open_guardrail(body(*rules))


def run(check, text=None, *, stage="output", tool_call=None) -> Result:
    return run_rule(rule(check, stage=stage), stage, text, tool_call)


def found(check, text) -> list[str]:
    """What of *text* a check finds; the whole text if it does not say where."""
    result = run(check, text)
    assert result.error is None
    if result.triggered and not result.spans:
        return [text]
    return [text[start:end] for start, end in result.spans]


def keyword(*terms, **more):
    return {"type": "keyword", "terms": list(terms), **more}


def regex(pattern, **more):
    return {"type": "regex", "pattern": pattern, **more}
