"""Weakening: how an edit makes less of what guardrails protect.

* A guardrail is weaker if something that it caught may pass now, or has less done
  about it.  What cannot be told from the form counts: it *may* be weaker.
* So that an author cannot prove the opposite with examples of their own, every
  change of a pattern counts; the old cases say how bad it is.
* A rule that rises in severity, gets another message or stands elsewhere in the
  list is not weaker.  One whose severity falls is: whoever is woken by severity
  sleeps on.
* A case that must trigger is part of the protection: without it the next edit
  could take away what it shows, and nobody would notice.
* Under a new id, a rule that is otherwise the same is the same rule.
* A bot is weaker protected if it no longer uses a guardrail, or uses one in its
  place that is weaker.  What it does with the same guardrail is told there.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from registry.documents import Document
from registry.errors import NotFound
from registry.guardrail_cases import Trial, is_external, tried
from registry.guardrail_parts import Part, entries, mapping, mappings, same
from registry.names import Kind, Ref, kind_of
from registry.values import Json, quoted
from registry.weaker_checks import losses

Get = Callable[[Ref], Document]

ACTIONS = ("flag", "redact", "escalate", "block")
SEVERITIES = ("low", "medium", "high", "critical")

_PROTECTS = ("stage", "check", "action", "on_error", "severity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakening:
    """One way in which protection becomes less.

    Attributes:
        rule: The rule's id as it was; `None` if it is about more than one rule.
        sentence: What became less, for people; it calls the rule `it`.
    """

    rule: str | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A rule as it was and as it will be, which may have another id."""

    name: str
    before: Part
    after: Part

    @property
    def stages_left(self) -> list[Json]:
        now = entries(self.after, "stage")
        return [stage for stage in entries(self.before, "stage") if stage in now]

    @property
    def redacts(self) -> bool:
        return self.before["action"] == self.after["action"] == "redact"

    def told(self, sentence: str) -> Weakening:
        return Weakening(rule=self.name, sentence=sentence)


def weakened(
    before: Document, after: Document | None, *, was: Get, will: Get
) -> tuple[Weakening, ...]:
    """Tell how *after* protects less than *before*; `()` if it does not.

    Args:
        after: What takes the place of *before*; `None` if it is deleted.
        was: Gives the documents as they were, `NotFound` for what was not there.
        will: The same, as they will be.
    """
    kind = kind_of(before.ref)
    if kind is Kind.GUARDRAIL:
        return tuple(_guardrail(before.value, after.value if after else None))
    if kind is Kind.BOT and after is not None:
        return tuple(_bot(before, after, was, will))
    return ()


def _bot(before: Document, after: Document, was: Get, will: Get) -> Iterator[Weakening]:
    new = _guardrails(after)
    for role, ref in _guardrails(before).items():
        if ref in new.values():
            continue
        if role not in new:
            sentence = f"{before.ref} no longer uses {ref}"
            yield Weakening(rule=None, sentence=sentence)
            continue
        place = f"in the role {role}, {new[role]} takes the place of {ref}"
        try:
            told = list(_guardrail(was(ref).value, will(new[role]).value))
        except NotFound:
            yield Weakening(rule=None, sentence=f"{place}: it may be weaker")
            continue
        for each in told:
            yield Weakening(rule=each.rule, sentence=f"{place}: {each.sentence}")


def _guardrails(bot: Document) -> dict[str, Ref]:
    return {
        use.role: use.ref
        for use in bot.uses
        if use.role is not None and kind_of(use.ref) is Kind.GUARDRAIL
    }


def _guardrail(before: Part, after: Part | None) -> Iterator[Weakening]:
    if after is None:
        yield Weakening(rule=None, sentence="the guardrail is deleted")
        return
    pairs: list[_Pair] = []
    new = {str(rule["id"]): rule for rule in mappings(after, "rules")}
    added = [rule for name, rule in new.items() if name not in _ids(before)]
    for rule in mappings(before, "rules"):
        other = new.get(str(rule["id"])) or _renamed(rule, added)
        if other is None:
            sentence = "it is removed"
            yield Weakening(rule=str(rule["id"]), sentence=sentence)
        else:
            pairs.append(_Pair(name=str(rule["id"]), before=rule, after=other))
    for pair in pairs:
        yield from map(pair.told, _rule(pair))
    by_name = {pair.name: pair for pair in pairs}
    yield from _dropped(before, after, by_name)
    yield from _slipping(before, by_name)


def _renamed(rule: Part, added: list[dict[str, Json]]) -> Part | None:
    wanted = {part: rule.get(part) for part in _PROTECTS}
    found = (
        each for each in added if same({p: each.get(p) for p in _PROTECTS}, wanted)
    )
    return next(found, None)


def _rule(pair: _Pair) -> Iterator[str]:
    before, after = pair.before, pair.after
    for stage in entries(before, "stage"):
        if stage not in pair.stages_left:
            yield f"it no longer looks at the stage {stage}"
    for part, order in (("action", ACTIONS), ("severity", SEVERITIES)):
        was, now = str(before[part]), str(after[part])
        if order.index(now) < order.index(was):
            yield f"its {part} is {now}, it was {was}"
    if before.get("on_error") != "allow" and after.get("on_error") == "allow":
        yield "it lets pass what it cannot check, and blocked that"
    checks = mapping(before, "check"), mapping(after, "check")
    yield from losses(*checks, redacts=pair.redacts)


def _dropped(
    before: Part, after: Part, pairs: Mapping[str, _Pair]
) -> Iterator[Weakening]:
    kept = {_key(case, str(case["rule"])) for case in mappings(after, "cases")}
    for pair, trial in _trials(before, pairs):
        if _key(trial.case, str(pair.after["id"])) not in kept:
            yield pair.told(f"its case that triggers on {trial.shown} is gone")


def _slipping(before: Part, pairs: Mapping[str, _Pair]) -> Iterator[Weakening]:
    """What passes now of what the old cases show, where a check is another."""
    changed = [
        trial
        for pair, trial in _trials(before, pairs)
        if not same(pair.before["check"], pair.after["check"])
    ]
    for trial, result in tried(changed):
        pair = pairs[str(trial.case["rule"])]
        if result is None:
            if not is_external(mapping(pair.after, "check")):
                yield pair.told(f"it was too much to try it on {trial.shown}")
        elif result.error is not None or not result.triggered:
            yield pair.told(f"it no longer triggers on {trial.shown}")
        elif pair.redacts:
            yield from map(pair.told, _left_readable(pair, trial, result.spans))


def _trials(before: Part, pairs: Mapping[str, _Pair]) -> Iterator[tuple[_Pair, Trial]]:
    """The old cases that trigger, each with the rule as it will be."""
    for case in mappings(before, "cases"):
        pair = pairs.get(str(case["rule"]))
        if pair is None or case["stage"] not in pair.stages_left:
            continue  # told already
        if case["expect"] == "trigger":
            yield pair, Trial(rule=pair.after, case=case)


def _left_readable(
    pair: _Pair, trial: Trial, spans: tuple[tuple[int, int], ...]
) -> Iterator[str]:
    """What was redacted of the case's text, and is not any more."""
    for _, was in tried([Trial(rule=pair.before, case=trial.case)]):
        found = _places(was.spans) if was is not None else set()
        left = found - _places(spans)
        if left:
            start = end = min(left)
            while end in left:
                end += 1
            yield f"it leaves {quoted(str(trial.case['text'])[start:end])} readable"


def _places(spans: tuple[tuple[int, int], ...]) -> set[int]:
    return {place for span in spans for place in range(*span)}


def _key(case: Part, rule: str) -> str:
    """Equal for cases that show the same of one rule."""
    parts = (case.get(part) for part in ("stage", "text", "tool_call", "expect"))
    return json.dumps([rule, *parts], sort_keys=True)


def _ids(guardrail: Part) -> set[str]:
    return {str(rule["id"]) for rule in mappings(guardrail, "rules")}
