"""A rule: where it looks, what for, and what is done about it.

The registry runs a rule's cases, and a guardrail its rules, with the same `Rule.run`.
A rule is decided alone: what others say does not matter to it. Only how much may be
done for one text is shared (`placet.guardrails.allowances`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from placet import shapes
from placet.guardrails.checks import open_check
from placet.guardrails.errors import CannotCheck
from placet.guardrails.findings import Check
from placet.guardrails.outcomes import Action, Hit, Verdict
from placet.guardrails.parameters import choice, known, mapping_or_empty, texts
from placet.guardrails.subjects import STAGES, Subject, subject_of
from placet.guardrails.texts import Span
from placet.shapes import Object

SEVERITIES = ("low", "medium", "high", "critical")
ACTIONS = (Action.BLOCK, Action.ESCALATE, Action.REDACT, Action.FLAG)
REPLACEMENT = "[{id}]"

_KNOWN = (
    *("id", "title", "stage", "check", "action", "redact"),
    *("severity", "on_error", "message", "references"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Attributes:
    spans: Where it triggered; empty if it did for the text as a whole.
    error: Why it could not be decided; None if it was. It has not triggered then,
        but blocks if its `on_error` says so.
    """

    triggered: bool
    spans: tuple[Span, ...]
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that was read once and can be run many times."""

    id: str
    stages: frozenset[str]
    check: Check
    action: Action
    replacement: str
    severity: str
    blocks_on_error: bool
    message: str

    def run(self, subject: Subject) -> Result:
        """Whatever goes wrong is a result: a rule that fails must not vanish."""
        try:
            found = self.check.find(subject)
        except CannotCheck as error:
            return Result(triggered=False, spans=(), error=error.message)
        except Exception as error:  # noqa: BLE001 (a fault of ours, told as an error)
            kind = type(error).__name__
            return Result(triggered=False, spans=(), error=f"the check raised {kind}")
        return Result(triggered=found.triggered, spans=found.spans, error=None)

    def judge(self, subject: Subject, guardrail: str) -> Verdict | None:
        """Return what this rule says, None if it has nothing to say."""
        result = self.run(subject)
        if not result.triggered and result.error is None:
            return None
        hit = Hit(
            guardrail=guardrail,
            rule=self.id,
            stage=subject.stage,
            action=self._action(result, subject),
            severity=self.severity,
            span=result.spans[0] if result.spans else None,
            message=self.message,
            error=result.error,
        )
        return Verdict(hit=hit, spans=result.spans, replacement=self.replacement)

    def _action(self, result: Result, subject: Subject) -> Action:
        if result.error is not None:
            return Action.BLOCK if self.blocks_on_error else Action.ALLOW
        if self.action is Action.REDACT and subject.is_made:
            return Action.BLOCK
        return self.action


def open_rule(rule: Object) -> Rule:
    """Raises:
    BadAnswer: It is not as a rule has to be.
    Unsupported: It needs a newer version of placet, or a package is missing.
    """
    known(rule, _KNOWN, "a rule")
    rule_id = shapes.text(rule, "id")
    redact = mapping_or_empty(rule, "redact")
    known(redact, ("replacement",), "`redact`")
    replacement = shapes.text({"replacement": REPLACEMENT, **redact}, "replacement")
    stages = (
        choice({"stage": stage}, "stage", STAGES) for stage in texts(rule, "stage")
    )
    return Rule(
        id=rule_id,
        stages=frozenset(stages),
        check=open_check(shapes.mapping(rule, "check")),
        action=Action(choice(rule, "action", ACTIONS)),
        replacement=replacement.replace("{id}", rule_id),
        severity=choice(rule, "severity", SEVERITIES),
        blocks_on_error=choice(rule, "on_error", ("block", "allow"), "block")
        == "block",
        message=shapes.text(rule, "message"),
    )


def run_rule(
    rule: Mapping[str, object],
    stage: str,
    text: str | None = None,
    tool_call: Mapping[str, object] | None = None,
) -> Result:
    """Run one rule as it stands in a document; where it does not look, it is silent.

    Raises:
        BadAnswer: It is not as a rule has to be.
        Unsupported: It needs a newer version of placet, or a package is missing.
        ValueError: There is no such stage, or nothing to check.
        TypeError: The text is no text, or the call is not one of a tool.
    """
    opened = open_rule(rule)
    subject = subject_of(stage, text, tool_call, None)
    if stage not in opened.stages:
        return Result(triggered=False, spans=(), error=None)
    return opened.run(subject)
