"""What came of checking a text: the action, the findings, the text to go on with.

* The action is the strictest of all rules that triggered: block, then escalate,
  redact, flag, and allow if none did.
* What redact rules found is replaced, overlapping spans as one, by the replacement
  of the one that begins first (of the rule that stands first, if several do). A
  redact rule that triggers for the text as a whole replaces all of it.
* The text of a tool call cannot be put back into the call, so that a redact rule
  which triggers there blocks.
* A rule that cannot be decided counts as triggered, and blocks, if its `on_error`
  is `block`; otherwise it is a finding with an error and no action.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from placet.guardrails.texts import Span

MAX_FINDINGS = 1_000
"""Of each rule the first is always kept, the others as long as there are fewer."""


class Action(StrEnum):
    """What is done with a text, in order of strictness."""

    ALLOW = "allow"
    FLAG = "flag"
    REDACT = "redact"
    ESCALATE = "escalate"
    BLOCK = "block"


_STRICTNESS = {action: number for number, action in enumerate(Action)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What one rule found; it holds nothing of the text.

    Attributes:
        guardrail: Its name.
        rule: The rule's id.
        action: `allow` for a rule that could not be decided and does not block.
        span: Where, half-open, in code points; None for the text as a whole.
        message: The rule's own, for people.
        error: Why the rule could not be decided; None if it was.
    """

    guardrail: str
    rule: str
    stage: str
    action: Action
    severity: str
    span: Span | None
    message: str
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Attributes:
    text: The text after redaction; of a tool call without one, its arguments.
    findings: In the order of the guardrails and of their rules.
    """

    action: Action
    text: str = field(repr=False)
    findings: tuple[Hit, ...]

    @property
    def allowed(self) -> bool:
        """Whether `text` may go on: it is neither blocked nor for a person to see."""
        return self.action not in {Action.BLOCK, Action.ESCALATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one rule says.

    Attributes:
        hit: The finding, at its first span.
        spans: All of them; empty for the text as a whole.
        replacement: What to put there, if `hit.action` is to redact.
    """

    hit: Hit
    spans: tuple[Span, ...]
    replacement: str


def outcome_of(verdicts: Sequence[Verdict], text: str) -> Outcome:
    actions = (verdict.hit.action for verdict in verdicts)
    return Outcome(
        action=max(actions, key=_STRICTNESS.__getitem__, default=Action.ALLOW),
        text=_redacted(verdicts, text),
        findings=tuple(_findings(verdicts)),
    )


def _findings(verdicts: Sequence[Verdict]) -> Iterator[Hit]:
    left = MAX_FINDINGS - len(verdicts)
    for verdict in verdicts:
        yield verdict.hit
        for span in verdict.spans[1 : 1 + max(0, left)]:
            left -= 1
            yield replace(verdict.hit, span=span)


def _redacted(verdicts: Iterable[Verdict], text: str) -> str:
    pieces: list[str] = []
    at = 0
    for (start, end), replacement in _joined(_replacements(verdicts, len(text))):
        pieces += (text[at:start], replacement)
        at = end
    return "".join((*pieces, text[at:]))


def _replacements(
    verdicts: Iterable[Verdict], chars: int
) -> Iterator[tuple[Span, str]]:
    for verdict in verdicts:
        if verdict.hit.action is Action.REDACT:
            for span in verdict.spans or ((0, chars),):
                yield span, verdict.replacement


def _joined(replacements: Iterable[tuple[Span, str]]) -> list[tuple[Span, str]]:
    joined: list[tuple[Span, str]] = []
    for span, replacement in sorted(replacements, key=lambda one: one[0][0]):
        if joined and span[0] < joined[-1][0][1]:
            (start, end), first = joined[-1]
            joined[-1] = ((start, max(end, span[1])), first)
        else:
            joined.append((span, replacement))
    return joined
