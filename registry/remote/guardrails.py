"""Guardrails: trying one that is live on a text."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What one rule found; `span` is `None` for the text as a whole."""

    rule: str
    action: str
    severity: str
    span: tuple[int, int] | None
    message: str
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a chatbot would do with a text, and why.

    `environment` and `seq` are `None` for a guardrail that was read from a file.
    """

    environment: str | None
    seq: int | None
    version: str
    digest: str
    stage: str
    action: str
    allowed: bool
    text: str
    findings: tuple[Hit, ...]


class Guardrails:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def check(
        self,
        environment: str,
        name: str,
        stage: str,
        *,
        text: str | None,
        tool_call: Mapping[str, object] | None,
    ) -> Checked:
        body = {"stage": stage, "text": text, "tool_call": tool_call}
        path = place("v1", "environments", environment, "guardrails", f"{name}:check")
        return self._connection.post(path, body, Checked)
