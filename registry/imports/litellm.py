"""LiteLLM's categories and policy templates: lists of words with exceptions.

* A word of `identifier_words` near one of `additional_block_words` triggers.
* `always_block_keywords` and `keywords` trigger alone, one rule a severity.
* `phrase_patterns` are regular expressions.
* An exception anywhere in the text holds all of the words back.
"""

from collections.abc import Iterator

from registry.imports.foreign_yaml import parse_mapping
from registry.imports.keywords import excepted_texts, keyword_rules, terms_of
from registry.imports.naming import rule_id
from registry.imports.patterns import pattern_rule
from registry.imports.results import Asked, Notes, but, refused
from registry.imports.rules import BOTH_WAYS, RuleDraft, guardrail, severity_of
from registry.names import Ref
from registry.values import Json

WITHIN_WORDS = 25

_ACTIONS = {"BLOCK": "block", "MASK": "redact"}
_KNOWN = {
    "category_name",
    "display_name",
    "description",
    "default_action",
    "identifier_words",
    "additional_block_words",
    "always_block_keywords",
    "keywords",
    "phrase_patterns",
    "exceptions",
}


def read(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: There is no category in it, or nothing of it can be carried over.
    """
    head = parse_mapping(text)
    name = head.get("category_name")
    if not isinstance(name, str):
        raise refused("it has no `category_name`", "Is it a category of LiteLLM?")
    for key in but(head, _KNOWN):
        notes.add(key, "It has no place in a guardrail here.")
    message = "The file does not say when it runs: it is for input and output here."
    notes.add("", message)
    description = str(head.get("description") or head.get("display_name") or name)
    drafts = _Category(head, notes).rules()
    return (guardrail(drafts, description, asked, notes),)


def action_of(said: Json, where: str, notes: Notes) -> str:
    action = _ACTIONS.get(str(said).upper())
    if action is None:
        notes.add(where, f"The action {str(said)[:40]!r} is not known: block is taken.")
    return action or "block"


class _Category:
    """One file, as rules."""

    def __init__(self, head: dict[str, Json], notes: Notes) -> None:
        self._head = head
        self._notes = notes
        self._taken: set[str] = set()
        self._action = action_of(head.get("default_action"), "default_action", notes)
        self._exceptions = terms_of(head.get("exceptions"), "exceptions", notes)
        if self._exceptions:
            message = (
                "An exception holds back the words within it; in LiteLLM it holds back "
                "everything in the text. So the rules here find more."
            )
            notes.add("exceptions", message)
        said = head.get("description") or head.get("category_name")
        self._message = str(said)

    def rules(self) -> Iterator[RuleDraft]:
        yield from self._conditional()
        for key in ("always_block_keywords", "keywords"):
            yield from self._keywords(key)
        yield from self._phrases()

    def _conditional(self) -> Iterator[RuleDraft]:
        where = "identifier_words"
        terms = terms_of(self._head.get(where), where, self._notes)
        said = self._head.get("additional_block_words")
        block = terms_of(said, "additional_block_words", self._notes)
        if not terms or not block:
            if terms or block:
                message = "Words that trigger only together have no counterpart."
                self._notes.add(where, message)
            return
        message = (
            f"In the same sentence became within {WITHIN_WORDS} words; words are found "
            "as whole words, where LiteLLM finds them within longer ones as well."
        )
        self._notes.add(where, message)
        words: list[Json] = [*terms]
        near: dict[str, Json] = {"terms": [*block], "within": WITHIN_WORDS}
        check: dict[str, Json] = {"type": "keyword", "terms": words, "near": near}
        if self._exceptions:
            check["unless"] = [*self._exceptions]
        yield RuleDraft(
            id=rule_id("together", self._taken),
            where=where,
            title=f"{self._head['category_name']}: words that trigger together",
            stages=BOTH_WAYS,
            check=check,
            action=self._action,
            severity="high",
            message=self._message,
            found=[
                f"Please {term} the {word} now."
                for term, word in zip(terms * 5, block * 5, strict=False)
            ],
            passed=(
                f"It says {terms[0]} here.",
                *excepted_texts(self._exceptions, terms),
            ),
        )

    def _keywords(self, key: str) -> Iterator[RuleDraft]:
        groups: dict[str, list[Json]] = {}
        said = self._head.get(key)
        for one in said if isinstance(said, list) else []:
            given = one.get("severity") if isinstance(one, dict) else None
            groups.setdefault(severity_of(given), []).append(one)
        for severity, words in groups.items():
            yield from keyword_rules(
                f"{key.replace('_', '-')}-{severity}",
                key,
                terms_of(words, key, self._notes),
                taken=self._taken,
                title=f"{self._head['category_name']}: {key} ({severity})",
                message=self._message,
                action=self._action,
                severity=severity,
                unless=self._exceptions,
            )

    def _phrases(self) -> Iterator[RuleDraft]:
        said = self._head.get("phrase_patterns")
        patterns = said if isinstance(said, list) else []
        if patterns and self._exceptions:
            message = "The exceptions do not hold for patterns here."
            self._notes.add("phrase_patterns", message)
        for index, pattern in enumerate(patterns):
            draft = pattern_rule(
                rule_id(f"phrase-{index + 1}", self._taken),
                f"phrase_patterns[{index}]",
                str(pattern),
                self._notes,
                message=self._message,
                action=self._action,
            )
            if draft is not None:
                yield draft
