"""A guardrail as it is live: a text in, an outcome out.

Opening a guardrail reads its rules and compiles its patterns, so that one which
cannot be applied is refused when it arrives and not in the middle of a
conversation.  The same text has the same outcome on every machine, save for what
`external` engines say.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from placet import shapes
from placet.errors import BadAnswer
from placet.guardrails.errors import CannotCheck
from placet.guardrails.outcomes import Outcome, Verdict, outcome_of
from placet.guardrails.patterns import re2
from placet.guardrails.prefilter import Prefilter, prefilter_of
from placet.guardrails.rules import Rule, open_rule
from placet.guardrails.subjects import STAGES, Engine, Subject, subject_of
from placet.shapes import Object

MAX_RULES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """One live guardrail; it never changes, and threads may share it.

    Attributes:
        digest: Of the guardrail as served.
    """

    name: str
    version: str
    digest: str
    _document: Object = field(repr=False, compare=False)
    _rules: Sequence[Rule] = field(repr=False, compare=False)
    _prefilters: Mapping[str, Prefilter] = field(repr=False, compare=False)

    def check(
        self,
        stage: str,
        text: str | None = None,
        *,
        tool_call: Mapping[str, object] | None = None,
        external: Mapping[str, Engine] | None = None,
    ) -> Outcome:
        """Apply the rules of one stage.

        Args:
            stage: `input`, `output`, `retrieval`, `tool_call` or `tool_result`.
            tool_call: `{"name": ..., "arguments": {...}}`; with a text or without.
            external: What runs `external` checks, by the name of their engine.

        Raises:
            ValueError: There is no such stage, or nothing to check.
            TypeError: The text is no text, or the call is not one of a tool.
        """
        subject = subject_of(stage, text, tool_call, external)
        return _outcome(self._verdicts(subject), subject)

    @property
    def document(self) -> dict[str, object]:
        """Everything the registry says of it; a copy, to change as you like."""
        return copy.deepcopy(dict(self._document))

    def _verdicts(self, subject: Subject) -> Iterator[Verdict]:
        for rule in self._possible(subject):
            verdict = rule.judge(subject, self.name)
            if verdict is not None:
                yield verdict

    def _possible(self, subject: Subject) -> Iterable[Rule]:
        prefilter = self._prefilters[subject.stage]
        try:
            data = subject.text.data
        except CannotCheck:  # which every rule about the text has to say
            return [rule for rule in self._rules if subject.stage in rule.stages]
        return [self._rules[number] for number in prefilter.possible(data)]


@dataclass(frozen=True, slots=True)
class Guardrails:
    """All guardrails of a bot, in the order of their roles."""

    by_role: Mapping[str, Guardrail]

    def check(
        self,
        stage: str,
        text: str | None = None,
        *,
        tool_call: Mapping[str, object] | None = None,
        external: Mapping[str, Engine] | None = None,
    ) -> Outcome:
        """Apply the rules of one stage of all guardrails, each to the same text.

        A bot without guardrails allows everything.

        Raises:
            ValueError: There is no such stage, or nothing to check.
            TypeError: The text is no text, or the call is not one of a tool.
        """
        subject = subject_of(stage, text, tool_call, external)
        verdicts = (
            verdict
            for guardrail in self.by_role.values()
            for verdict in guardrail._verdicts(subject)
        )
        return _outcome(verdicts, subject)


def open_guardrail(body: Mapping[str, object], digest: str | None = None) -> Guardrail:
    """Read a guardrail as it is served.

    Args:
        digest: Of the body as served; None for what the body itself says.

    Raises:
        BadAnswer: It is no guardrail, or not one that can be applied.
        Unsupported: It needs the extra, or a newer version of placet.
    """
    if body.get("kind") != "guardrail":
        raise BadAnswer("the answer is not a guardrail")
    re2()  # also where no rule needs it yet: the next edit may, and would not load
    name = shapes.text(body, "name")
    listed = shapes.sequence(body, "rules")
    if not 0 < len(listed) <= MAX_RULES:
        raise BadAnswer(f"{name} has no rules, or more than {MAX_RULES:,}")
    rules = [open_rule(shapes.mapping({"rule": rule}, "rule")) for rule in listed]
    return Guardrail(
        name=name,
        version=shapes.text(body, "version"),
        digest=shapes.digest(body, "digest") if digest is None else digest,
        _document=copy.deepcopy(dict(body)),
        _rules=rules,
        _prefilters={stage: _prefilter(rules, stage) for stage in STAGES},
    )


def _prefilter(rules: Sequence[Rule], stage: str) -> Prefilter:
    return prefilter_of(
        (number, rule.check.needs)
        for number, rule in enumerate(rules)
        if stage in rule.stages
    )


def _outcome(verdicts: Iterable[Verdict], subject: Subject) -> Outcome:
    try:
        text = subject.whole
    except CannotCheck:
        text = ""
    return outcome_of(tuple(verdicts), text)
