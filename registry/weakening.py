"""Weakening: how an edit makes less of what guardrails protect.

* A guardrail is weaker if something that it caught may pass now, or has less done
  about it.  What cannot be told from the form counts: it *may* be weaker.
* So that an author cannot prove the opposite with examples of their own, every
  change of a pattern counts; the old cases say how bad it is.
* A rule that rises in severity, gets another message or stands elsewhere in the
  list is not weaker.  One whose severity falls is: whoever is woken by severity
  sleeps on.
* What a redaction puts in the place of what it found can tell what it hid.  Which
  of two texts tells more nobody can know, so that every change of it counts.
* A case that must trigger is part of the protection: without it the next edit
  could take away what it shows, and nobody would notice.  It protects nobody by
  itself: what goes back to rules that were agreed to, and that still trigger on
  its text, is no weaker for having been agreed to before the case was written.
* Under a new id, a rule that is otherwise the same is the same rule.
* A bot is weaker protected if a role is gone, or has a guardrail that is weaker than
  the one it had, wherever else the bot uses that: its chatbot may ask for a
  guardrail by its role.  What becomes of the same guardrail is told there.
* The range of versions that a bot takes of a guardrail protects nobody, whether it
  is narrow, wide or gone: one version is live, whatever the range, and a range can
  only keep an edit from going live.  The edit that would make that version weaker
  is told by itself, when it comes, to the same people.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from registry.documents import Document
from registry.errors import NotFound
from registry.guardrail_cases import Trial, is_external, tried
from registry.guardrail_rules import replacement
from registry.names import Kind, Ref, kind_of
from registry.parts import Part, entries, mapping, mappings
from registry.patterns import difference
from registry.values import Json, canonical, quoted, same
from registry.weaker_checks import losses

Get = Callable[[Ref], Document]

ACTIONS = ("flag", "redact", "escalate", "block")
SEVERITIES = ("low", "medium", "high", "critical")

_DOES = {
    "flag": "is only noted",
    "redact": "is taken out",
    "escalate": "goes to a person",
}
_DID = {
    "redact": "was taken out",
    "escalate": "went to a person",
    "block": "was held back",
}
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
    before: Document,
    after: Document | None,
    *,
    was: Get,
    will: Get,
    by_cases: bool = True,
) -> tuple[Weakening, ...]:
    """Tell how *after* protects less than *before*; `()` if it does not.

    Args:
        after: What takes the place of *before*; `None` if it is deleted.
        was: Gives the documents as they were, `NotFound` for what was not there.
        will: The same, as they will be.
        by_cases: Whether a case that is gone counts although the rules still
            trigger on its text.
    """
    kind = kind_of(before.ref)
    if kind is Kind.GUARDRAIL:
        new = after.value if after else None
        return tuple(_guardrail(before.value, new, by_cases))
    if kind is Kind.BOT and after is not None:
        return tuple(_bot(before, after, was, will, by_cases))
    return ()


def _bot(
    before: Document, after: Document, was: Get, will: Get, by_cases: bool
) -> Iterator[Weakening]:
    new = _guardrails(after)
    for role, ref in _guardrails(before).items():
        if new.get(role) == ref:
            continue
        if role not in new:
            where = f" in the role {role}" if ref in new.values() else ""
            sentence = f"{before.ref} no longer uses {ref}{where}"
            yield Weakening(rule=None, sentence=sentence)
            continue
        place = f"in the role {role}, {new[role]} takes the place of {ref}"
        try:
            values = was(ref).value, will(new[role]).value
            told = list(_guardrail(*values, by_cases))
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


def _guardrail(before: Part, after: Part | None, by_cases: bool) -> Iterator[Weakening]:
    if after is None:
        yield Weakening(rule=None, sentence="the guardrail is deleted")
        return
    pairs: list[_Pair] = []
    for rule, other in paired(before, after):
        if other is None:
            sentence = "it is removed"
            yield Weakening(rule=str(rule["id"]), sentence=sentence)
        else:
            pairs.append(_Pair(name=str(rule["id"]), before=rule, after=other))
    for pair in pairs:
        yield from map(pair.told, _rule(pair))
    by_name = {pair.name: pair for pair in pairs}
    if by_cases:
        yield from _dropped(before, after, by_name)
    yield from _slipping(before, by_name)


def paired(before: Part, after: Part) -> Iterator[tuple[Part, Part | None]]:
    """Each rule of a guardrail with what becomes of it; `None` if it is removed."""
    new = {str(rule["id"]): rule for rule in mappings(after, "rules")}
    known = {str(rule["id"]) for rule in mappings(before, "rules")}
    added: dict[str, Part] = {}
    for rule in (new[name] for name in new if name not in known):
        added.setdefault(_protection(rule), rule)
    for rule in mappings(before, "rules"):
        yield rule, new.get(str(rule["id"])) or added.get(_protection(rule))


def _protection(rule: Part) -> str:
    """Equal for rules that are the same under whatever id."""
    return canonical([replacement(rule), *map(rule.get, _PROTECTS)])


def _rule(pair: _Pair) -> Iterator[str]:
    before, after = pair.before, pair.after
    for stage in entries(before, "stage"):
        if stage not in pair.stages_left:
            yield f"it no longer looks at the stage {stage}"
    was, now = str(before["action"]), str(after["action"])
    if ACTIONS.index(now) < ACTIONS.index(was):
        did, does = _DID[was], _DOES[now]
        yield f"what it finds {does} ({now}), and {did} ({was})"
    was, now = str(before["severity"]), str(after["severity"])
    if SEVERITIES.index(now) < SEVERITIES.index(was):
        yield f"its severity is {now}, it was {was}"
    if before.get("on_error") != "allow" and after.get("on_error") == "allow":
        yield "it lets pass what it cannot check, and blocked that"
    put, puts = replacement(before), replacement(after)
    if pair.redacts and put != puts:
        was, now = map(quoted, difference(put, puts))
        yield f"it puts {now} in the place of what it redacts, and put {was} there"
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
