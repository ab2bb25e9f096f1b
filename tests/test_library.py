"""The example library: complete, clean, and with cases that bite.

A case bites if the check fails, at that very case, as soon as somebody takes its
sentence out of the text, or adds what must not be there.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
import rfc8785

from placet import templates
from placet.guardrails import Action, open_guardrail
from registry import checks, composition, documents
from registry.document_rules import texts_of
from registry.documents import Document
from registry.errors import NotFound
from registry.includes import resolve
from registry.inputs import declared
from registry.names import Kind, Ref, kind_of, parse_ref

ROOT = Path(__file__).parents[1] / "prompts"
FILES = sorted(ROOT.rglob("*.yaml"))
ROLES = {"product", "risk", "legal", "board", "author", "operator", "admin", "viewer"}
TAG = re.compile(r"\{\{ [a-z_.]+ \}\}")


def ref_of(path: Path) -> Ref:
    return parse_ref(path.relative_to(ROOT).with_suffix("").as_posix())


LIBRARY = {ref_of(path): documents.parse(path.read_bytes()) for path in FILES}
PROMPTS = [ref for ref in LIBRARY if kind_of(ref) is Kind.PROMPT]
BOTS = [ref for ref in LIBRARY if kind_of(ref) is Kind.BOT]


class Expectation(NamedTuple):
    """One text that one case of a prompt wants, or does not want."""

    prompt: Ref
    case: int
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.prompt}{self.where}"


def expectations(part: str) -> list[Expectation]:
    return [
        Expectation(ref, index, f"/cases/{index}/expect/{part}/{position}", text)
        for ref in PROMPTS
        for index, case in enumerate(cases_of(ref))
        for position, text in enumerate(case["expect"].get(part, []))
    ]


def cases_of(prompt: Ref) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = cast("Any", LIBRARY[prompt].value["cases"])
    return cases


def failures(prompt: Ref, library: dict[Ref, Document]) -> set[str]:
    """Return where, in *prompt*, a check of it finds something."""

    def get(ref: Ref) -> Document:
        if ref not in library:
            raise NotFound(ref)
        return library[ref]

    found = checks.check({prompt: library[prompt]}, get)
    return {finding.where for _, finding in found}


def edited(prompt: Ref, passage: str, instead: str) -> dict[Ref, Document]:
    """Return the library with *passage* replaced in *prompt* and what it includes.

    Only texts change; what the cases give and expect stays as it is.
    """
    fragments = resolve(LIBRARY[prompt], LIBRARY.__getitem__).fragments
    touched = [LIBRARY[prompt], *fragments]
    changed = {
        document.ref: rewritten(document, passage, instead)
        for document in touched
        if any(passage in text for text in words_of(document))
    }
    return {**LIBRARY, **changed}


def words_of(document: Document) -> list[str]:
    """Return what *document* says to a model: its texts, or what its terms mean."""
    value: Any = document.value
    texts = [text for _, text in texts_of(value)]
    return texts + [term["definition"] for term in value.get("terms", [])]


def rewritten(document: Document, passage: str, instead: str) -> Document:
    value: dict[str, Any] = json.loads(json.dumps(document.value))
    if "text" in value:
        value["text"] = value["text"].replace(passage, instead)
    for message in value.get("messages", []):
        if "content" in message:
            message["content"] = message["content"].replace(passage, instead)
    for term in value.get("terms", []):
        term["definition"] = term["definition"].replace(passage, instead)
    return documents.parse(documents.dump(value))


def failures_without(prompt: Ref, passage: str) -> set[str]:
    return failures(prompt, edited(prompt, passage, "-"))


def texts_in(prompt: Ref) -> list[str]:
    """Return the texts of *prompt* and of everything included in it, as written."""
    fragments = resolve(LIBRARY[prompt], LIBRARY.__getitem__).fragments
    return [
        text
        for document in (LIBRARY[prompt], *fragments)
        for text in words_of(document)
    ]


def rendered(prompt: Ref, case: dict[str, Any]) -> str:
    document = LIBRARY[prompt]
    texts = resolve(document, LIBRARY.__getitem__).texts.values()
    values = templates.complete(declared(document.value), case["inputs"])
    return "\n".join(templates.render(text, values) for text in texts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(ref_of(path)))
def test_a_document_is_what_its_place_says(path):
    document = documents.parse(path.read_bytes(), expected=ref_of(path))

    assert document.ref == ref_of(path)


def test_the_library_holds_only_documents_and_its_readme():
    others = [path for path in ROOT.rglob("*") if path.is_file() and path not in FILES]

    assert others == [ROOT / "README.md"]


def test_the_library_checks_clean():
    found = checks.check(LIBRARY, LIBRARY.__getitem__)

    assert found == ()


@pytest.mark.parametrize("bot", BOTS)
def test_a_bot_composes_to_a_bundle_with_everything_it_names(bot):
    def composed(ref: Ref) -> composition.Composed:
        return composition.compose(ref, LIBRARY.__getitem__)

    named: Any = LIBRARY[bot].value

    bundle = composition.compose_bundle(LIBRARY[bot], composed, stopped=None)

    body = json.loads(bundle.body)
    for part in ("prompts", "guardrails", "bindings"):
        assert body[part].keys() == named[part].keys()
    assert body["fallbacks"].keys() == {
        f"{named['name'].partition('/')[0]}/chat-backup"
    }


@pytest.mark.parametrize("bot", BOTS)
def test_what_a_bot_says_by_itself_passes_its_own_guardrails(bot):
    """A guardrail that stops the fallback would leave nothing to say."""
    value: Any = LIBRARY[bot].value
    guardrails = [
        open_guardrail(json.loads(composition.compose(ref, LIBRARY.__getitem__).body))
        for ref in (
            f"guardrails/{name_in(said)}" for said in value["guardrails"].values()
        )
    ]

    outcomes = [
        guardrail.check("output", text)
        for guardrail in guardrails
        for text in (value["disclosure"], value["fallback"])
    ]

    assert {outcome.action for outcome in outcomes} == {Action.ALLOW}


def name_in(said: str | dict[str, str]) -> str:
    return said["name"] if isinstance(said, dict) else said


def test_every_document_is_part_of_a_bot():
    reached: set[Ref] = set()
    left = list(BOTS)
    while left:
        ref = left.pop()
        reached.add(ref)
        left += [use.ref for use in LIBRARY[ref].uses]

    assert reached == LIBRARY.keys()


@pytest.mark.parametrize("ref", LIBRARY)
def test_a_document_says_its_tier_its_labels_and_when_to_look_at_it_again(ref):
    value = LIBRARY[ref].value

    assert {"tier", "labels", "review_by"} <= value.keys()


@pytest.mark.parametrize("ref", LIBRARY)
def test_people_are_named_by_their_role_only(ref):
    value: Any = LIBRARY[ref].value
    handles = {value[part] for part in ("owner", "deputy", "on_call") if part in value}
    handles |= {
        value.get("risk_partner", "risk"),
        *value.get("responsible", {}).values(),
    }
    for part in (*value.get("tools", []), *value.get("sources", [])):
        handles.add(part["owner"])

    assert handles <= ROLES


@pytest.mark.parametrize("ref", LIBRARY)
def test_every_input_is_described(ref):
    inputs: Any = declared(LIBRARY[ref].value)
    schemas = inputs["properties"].values()

    undescribed = [schema for schema in schemas if not schema.get("description")]

    assert undescribed == []


@pytest.mark.parametrize("bot", BOTS)
def test_a_tools_digest_is_that_of_the_schema_in_its_description(bot):
    tools: Any = LIBRARY[bot].value["tools"]
    for tool in tools:
        schema = json.loads(tool["description"].partition("(RFC 8785): ")[2])

        digest = "sha256:" + hashlib.sha256(rfc8785.dumps(schema)).hexdigest()

        assert tool["schema_digest"] == digest


@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_prompt_has_at_least_two_cases_each_with_a_name_and_a_limit(prompt):
    cases = cases_of(prompt)

    limits = [case["expect"].get("max_chars") for case in cases]

    assert len(cases) >= 2
    assert len({case["name"] for case in cases}) == len(cases)
    assert None not in limits


@pytest.mark.slow
@pytest.mark.parametrize("expected", expectations("contains"), ids=str)
def test_a_case_fails_when_its_sentence_is_taken_out(expected):
    texts = texts_in(expected.prompt)
    written = any(expected.text in text for text in texts)
    # What is not written in a text comes from an input: then its tag is taken out.
    tags = {tag for text in texts for tag in TAG.findall(text)}

    bitten = [
        passage
        for passage in ([expected.text] if written else tags)
        if expected.where in failures_without(expected.prompt, passage)
    ]

    assert len(bitten) == 1


@pytest.mark.slow
@pytest.mark.parametrize("expected", expectations("contains"), ids=str)
def test_a_sentence_that_a_case_wants_stands_in_one_place_only(expected):
    case = cases_of(expected.prompt)[expected.case]

    text = rendered(expected.prompt, case)

    assert text.count(expected.text) == 1


@pytest.mark.parametrize("expected", expectations("excludes"), ids=str)
def test_a_case_fails_when_what_it_excludes_is_added(expected):
    question = "{{ question }}"
    added = question + templates.escape(f" {expected.text}")

    found = failures(expected.prompt, edited(expected.prompt, question, added))

    assert expected.where in found


@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_case_fails_when_the_prompt_grows_past_its_limit(prompt):
    limits = [case["expect"]["max_chars"] for case in cases_of(prompt)]
    question = "{{ question }}"

    grown = edited(prompt, question, question + "x" * max(limits))

    wanted = {f"/cases/{index}/expect/max_chars" for index in range(len(limits))}
    assert wanted <= failures(prompt, grown)
