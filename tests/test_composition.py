"""What is served of documents: `registry/composition.py` and `registry/includes.py`."""

import json
from collections.abc import Callable

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from placet.templates import render
from registry.composition import Composed, compose, compose_bundle
from registry.documents import Document, dump, parse
from registry.errors import InvalidDocument, NotFound
from registry.names import Ref, digest_of
from registry.values import Json

Get = Callable[[Ref], Document]

TONE = Ref("fragments/tone")
REFUNDS = Ref("prompts/refunds")
NO_INPUTS: Json = {
    "type": "object",
    "properties": {},
    "required": [],
    "additionalProperties": False,
}


def fragment(name: str, text: str, template: str = "none", **more: Json) -> Document:
    value: dict[str, Json] = {
        "kind": "fragment",
        "name": name,
        "version": "1.0.0",
        "owner": "product",
        "description": "Some text.",
        "template": template,
        "text": text,
    }
    return parse(dump({**value, **more}))


def prompt(text: str, template: str = "none", **more: Json) -> Document:
    value: dict[str, Json] = {
        "kind": "prompt",
        "name": "refunds",
        "version": "1.2.0",
        "owner": "product",
        "description": "Some prompt.",
        "template": template,
        "messages": [{"role": "system", "content": text}],
    }
    return parse(dump({**value, **more}))


def bot(prompts: dict[str, Json]) -> Document:
    value: dict[str, Json] = {
        "kind": "bot",
        "name": "support",
        "version": "3.0.0",
        "owner": "product",
        "description": "A bot.",
        "review_by": "2027-05-01",
        "purpose": "Helping.",
        "audience": "Travellers.",
        "deputy": "operator",
        "on_call": "operator",
        "disclosure": "You are talking to a machine.",
        "fallback": "Please call us.",
        "prompts": prompts,
    }
    return parse(dump(value))


def among(*documents: Document) -> Get:
    known = {document.ref: document for document in documents}

    def get(ref: Ref) -> Document:
        if ref not in known:
            raise NotFound(f"{ref} does not exist")
        return known[ref]

    return get


def body(composed: Composed) -> dict[str, Json]:
    value = json.loads(composed.body)
    assert isinstance(value, dict)
    return value


def content(composed: Composed) -> str:
    return json.loads(composed.body)["messages"][0]["content"]


def refused(document: Document, *others: Document) -> InvalidDocument:
    with pytest.raises(InvalidDocument) as error:
        compose(document.ref, among(document, *others))
    return error.value


def test_a_composed_prompt_has_all_that_a_chatbot_needs() -> None:
    tone = fragment("tone", "Be kind.")
    document = prompt(
        "Hello. {{> fragments/tone }}",
        output={"type": "object"},
        labels={"team": "refunds"},
        cases=[{"inputs": {}, "expect": {"contains": ["kind"]}}],
    )

    composed = compose(REFUNDS, among(document, tone))

    assert composed.ref == REFUNDS
    assert composed.digest == digest_of(composed.body)
    assert body(composed) == {
        "kind": "prompt",
        "name": "refunds",
        "version": "1.2.0",
        "digest": document.digest,
        "owner": "product",
        "description": "Some prompt.",
        "tier": "high",
        "template": "none",
        "inputs": NO_INPUTS,
        "messages": [{"role": "system", "content": "Hello. Be kind."}],
        "output": {"type": "object"},
        "labels": {"team": "refunds"},
        "includes": [{"document": TONE, "version": "1.0.0", "digest": tone.digest}],
    }


def test_optional_parts_are_served_only_where_they_are_given() -> None:
    served = body(compose(REFUNDS, among(prompt("Hello."))))

    assert served.keys().isdisjoint({"output", "labels", "cases", "review_by"})
    assert served["includes"] == []


def test_placeholders_are_served_as_they_are() -> None:
    messages: Json = [{"placeholder": "history"}, {"role": "user", "content": "x"}]

    served = body(compose(REFUNDS, among(prompt("", messages=messages))))

    assert served["messages"] == messages


def test_a_composed_fragment_has_its_text() -> None:
    inner, outer = fragment("b", "inner"), fragment("a", "<{{> fragments/b }}>")

    served = body(compose(outer.ref, among(inner, outer)))

    assert served["text"] == "<inner>"
    assert served["includes"] == [
        {"document": inner.ref, "version": "1.0.0", "digest": inner.digest}
    ]


def test_a_composed_bot_says_name_and_range_of_each_prompt() -> None:
    document = bot({"a": "x", "b": {"name": "y", "range": "^1"}})

    served = body(compose(document.ref, among(document)))

    assert served == {
        **document.value,
        "digest": document.digest,
        "tier": "high",
        "prompts": {"a": {"name": "x"}, "b": {"name": "y", "range": "^1"}},
    }


def test_bodies_are_canonical_json() -> None:
    document = prompt("Übrigens: {{> fragments/tone }}")
    get = among(document, fragment("tone", "é\u2028👩"), bot({"a": "refunds"}))

    def composed(ref: Ref) -> Composed:
        return compose(ref, get)

    for each in (
        composed(REFUNDS),
        composed(Ref("bots/support")),
        compose_bundle(get(Ref("bots/support")), composed, stopped=None),
        compose_bundle(get(Ref("bots/support")), composed, stopped="harm"),
    ):
        assert rfc8785.dumps(json.loads(each.body)) == each.body
        assert each.digest == digest_of(each.body)


def test_a_fragments_edit_changes_the_digest_of_what_includes_it() -> None:
    document = prompt("{{> fragments/tone }}")

    before = compose(REFUNDS, among(document, fragment("tone", "Be kind.")))
    after = compose(REFUNDS, among(document, fragment("tone", "Be brief.")))

    assert before.digest != after.digest


def test_fragments_in_fragments_are_all_named_sorted_and_once() -> None:
    a = fragment("a", "{{> fragments/c }}")
    b = fragment("b", "{{> fragments/c }}")
    c = fragment("c", "text")
    document = prompt("{{> fragments/b }}{{> fragments/a }}")

    served = body(compose(REFUNDS, among(document, a, b, c)))

    assert [each["document"] for each in served["includes"]] == [a.ref, b.ref, c.ref]


def test_a_literal_fragment_stays_literal_in_a_template() -> None:
    document = prompt("{{> fragments/tone }}", "simple")
    tone = fragment("tone", "Say {{ name }} and {{{")

    template = content(compose(REFUNDS, among(document, tone)))

    assert render(template, {"name": "never"}) == "Say {{ name }} and {{{"


def test_a_template_in_a_template_is_rendered_with_it() -> None:
    document = prompt("{{> fragments/tone }}", "simple")
    tone = fragment("tone", "Say {{ name }}.", "simple")

    template = content(compose(REFUNDS, among(document, tone)))

    assert render(template, {"name": "hello"}) == "Say hello."


around = st.text(st.sampled_from("{}> a\n"), max_size=6).filter(
    lambda text: "{{" not in text
)
literal = st.text(st.sampled_from("{}> a\n"), min_size=1, max_size=9).filter(
    lambda text: "{{>" not in text
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(around, literal, around)
def test_a_literal_fragment_never_becomes_a_tag_with_what_is_around_it(
    before: str, text: str, after: str
) -> None:
    document = prompt(f"{before}{{{{> fragments/tone }}}}{after}", "simple")

    template = content(compose(REFUNDS, among(document, fragment("tone", text))))

    assert render(template, {"a": "never"}) == before + text + after


def test_a_template_in_a_literal_prompt_is_refused() -> None:
    error = refused(
        prompt("{{> fragments/tone }}"), fragment("tone", "{{ a }}", "simple")
    )

    assert "this document is not" in str(error)
    assert "template: simple" in error.findings[0].hint


def test_a_template_in_a_literal_fragment_in_a_template_is_rendered() -> None:
    document = prompt("{{> fragments/a }}", "simple")
    literal = fragment("a", "{{ x }} {{> fragments/b }}")
    template = fragment("b", "{{ x }}", "simple")

    composed = content(compose(REFUNDS, among(document, literal, template)))

    assert render(composed, {"x": "1"}) == "{{ x }} 1"


def test_a_missing_fragment_is_told_with_its_line_and_who_includes_it() -> None:
    document = prompt("one\ntwo {{> fragments/a }}\n")

    error = refused(document, fragment("a", "{{> fragments/b }}"))

    (finding,) = error.findings
    assert error.document == REFUNDS
    assert "fragments/b does not exist; fragments/a includes it" in finding.message
    lines = document.source.decode().splitlines()
    assert lines[finding.line - 1].strip() == "two {{> fragments/a }}"


def test_everything_that_cannot_be_included_is_told() -> None:
    error = refused(prompt("{{> fragments/a }}\n{{> fragments/b }}\n"))

    assert len(error.findings) == 2


def test_a_circle_is_refused_and_shown() -> None:
    a, b = fragment("a", "{{> fragments/b }}"), fragment("b", "{{> fragments/a }}")

    error = refused(prompt("{{> fragments/a }}"), a, b)

    assert "fragments/a -> fragments/b -> fragments/a" in str(error)


def test_a_fragment_that_includes_itself_is_refused() -> None:
    assert "includes itself" in str(refused(fragment("a", "{{> fragments/a }}")))


def chain(length: int) -> list[Document]:
    """Fragments f1 to f*length*, each including the next."""
    texts = [f"{{{{> fragments/f{level + 1} }}}}" for level in range(1, length)]
    return [
        fragment(f"f{level}", text) for level, text in enumerate([*texts, "end"], 1)
    ]


def test_includes_go_five_deep() -> None:
    document = prompt("{{> fragments/f1 }}")

    assert content(compose(REFUNDS, among(document, *chain(5)))) == "end"


@pytest.mark.parametrize("length", [6, 7, 500])
def test_includes_go_no_deeper_than_five(length: int) -> None:
    error = refused(prompt("{{> fragments/f1 }}"), *chain(length))

    assert "more than 5 deep" in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "{{> fragments/f2 }} {{> fragments/f1 }}",
        "{{> fragments/f1 }} {{> fragments/f2 }}",
    ],
)
def test_depth_counts_along_the_longest_way(text: str) -> None:
    assert "more than 5 deep" in str(refused(prompt(text), *chain(6)))


def test_includes_that_multiply_are_refused() -> None:
    levels = [
        fragment(f"f{level}", f"{{{{> fragments/f{level + 1} }}}}" * 1_000)
        for level in range(1, 5)
    ]

    error = refused(
        prompt("{{> fragments/f1 }}"), *levels, fragment("f5", "x" * 100_000)
    )

    assert "over 1,048,576 characters" in str(error)


def test_all_messages_together_are_limited() -> None:
    message: Json = {"role": "user", "content": "{{> fragments/long }}"}
    document = prompt("", messages=[message] * 11)

    error = refused(document, fragment("long", "x" * 100_000))

    assert "over 1,048,576 characters" in str(error)


def test_a_document_that_is_not_in_the_set_is_not_found() -> None:
    with pytest.raises(NotFound):
        compose(REFUNDS, among())


def bundle(document: Document, *prompts: Document, stopped: str | None) -> Composed:
    get = among(*prompts)
    return compose_bundle(document, lambda ref: compose(ref, get), stopped=stopped)


def test_a_bundle_holds_the_bot_and_its_prompts_by_role() -> None:
    document, refunds = bot({"a": "refunds", "b": "refunds"}), prompt("Hello.")
    composed = compose(REFUNDS, among(refunds))

    served = body(bundle(document, refunds, stopped=None))

    entry = {"digest": composed.digest, "document": body(composed)}
    assert served == {
        "kind": "bundle",
        "bot": body(compose(document.ref, among(document))),
        "stopped": None,
        "prompts": {"a": entry, "b": entry},
        "guardrails": {},
        "bindings": {},
    }


@pytest.mark.parametrize("reason", ["It told a customer wrong fares.", ""])
def test_a_stopped_bots_bundle_holds_what_it_says_instead(reason: str) -> None:
    document = bot({"a": "refunds"})

    served = body(bundle(document, stopped=reason))

    assert served == {
        "kind": "bundle",
        "bot": {
            "kind": "bot",
            "name": "support",
            "version": "3.0.0",
            "digest": document.digest,
            "disclosure": "You are talking to a machine.",
            "fallback": "Please call us.",
        },
        "stopped": {"reason": reason},
        "prompts": {},
        "guardrails": {},
        "bindings": {},
    }


def test_a_bundle_without_one_of_its_prompts_is_refused() -> None:
    with pytest.raises(InvalidDocument, match="the prompt for a, does not exist"):
        bundle(bot({"a": "nothing"}), stopped=None)


def test_a_prompt_outside_the_range_that_the_bot_accepts_is_refused() -> None:
    document = bot({"a": {"name": "refunds", "range": "^2"}})

    with pytest.raises(InvalidDocument, match=r"1\.2\.0, which \^2 does not allow"):
        bundle(document, prompt("Hello."), stopped=None)


def test_a_prompt_inside_the_range_that_the_bot_accepts_is_served() -> None:
    document = bot({"a": {"name": "refunds", "range": "^1.1"}})

    assert body(bundle(document, prompt("Hello."), stopped=None))["prompts"]
