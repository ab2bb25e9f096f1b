"""Checking: a live guardrail and a text in, what a chatbot would do with it out.

The chatbot's own evaluator does it.  Opening a guardrail compiles its patterns, so
that the last few are kept opened.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from placet.errors import PlacetError
from placet.guardrails import Guardrail, Hit, open_guardrail
from registry.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """Attributes:
    rule: The rule's id.
    action: What this rule asks for; `allow` if it could not be run and lets pass.
    span: Begin and end in characters, the end not included; null for the whole text.
    error: Why the rule could not be run; null if it was.
    """

    rule: str
    action: str
    severity: str
    span: tuple[int, int] | None
    message: str
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Attributes:
    digest: Of the guardrail as it is served; what was run.
    action: The strictest of `findings`; `allow` without any.
    allowed: Whether a chatbot goes on, with `text`.
    text: After redaction; of a tool call, its arguments.
    """

    environment: str
    seq: int
    version: str
    digest: str
    stage: str
    action: str
    allowed: bool
    text: str
    findings: tuple[HitView, ...]


def checked(
    body: bytes,
    digest: str,
    *,
    environment: str,
    seq: int,
    stage: str,
    text: str | None,
    tool_call: Mapping[str, object] | None,
) -> Checked:
    """Args:
    body: A guardrail as it is served.

    Raises:
        Invalid: There is nothing to check.
    """
    try:
        guardrail = _opened(body, digest)
        outcome = guardrail.check(stage, text, tool_call=tool_call)
    except (ValueError, TypeError, PlacetError) as error:
        hint = "Give a stage, and a `text` or a `tool_call` to check there."
        raise Invalid(str(error), hint=hint) from error
    return Checked(
        environment=environment,
        seq=seq,
        version=guardrail.version,
        digest=digest,
        stage=stage,
        action=outcome.action.value,
        allowed=outcome.allowed,
        text=outcome.text,
        findings=tuple(map(hit_view, outcome.findings)),
    )


@lru_cache(maxsize=32)
def _opened(body: bytes, digest: str) -> Guardrail:
    return open_guardrail(json.loads(body), digest)


def hit_view(hit: Hit) -> HitView:
    return HitView(
        rule=hit.rule,
        action=hit.action.value,
        severity=hit.severity,
        span=hit.span,
        message=hit.message,
        error=hit.error,
    )
