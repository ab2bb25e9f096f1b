"""The rules at the top of `registry/checks.py` and `registry/cases.py`."""

import pytest

from registry.checks import check
from registry.documents import Document, dump, parse
from registry.errors import NotFound
from registry.mistakes import Finding
from registry.names import Ref
from registry.values import Json

QUESTION: dict[str, Json] = {"question": {"type": "string", "maxLength": 100}}


def inputs(
    properties: dict[str, Json], required: list[Json] | None = None
) -> dict[str, Json]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def prompt(text: str, declared: dict[str, Json], **more: Json) -> Document:
    value: dict[str, Json] = {
        "kind": "prompt",
        "name": "refunds",
        "version": "1.2.0",
        "owner": "product",
        "description": "Some prompt.",
        "template": "simple",
        "inputs": inputs(declared),
        "messages": [{"role": "system", "content": text}],
    }
    return parse(dump({**value, **more}))


def fragment(name: str, text: str, declared: dict[str, Json]) -> Document:
    value: dict[str, Json] = {
        "kind": "fragment",
        "name": name,
        "version": "1.0.0",
        "owner": "product",
        "description": "Some text.",
        "template": "simple",
        "inputs": inputs(declared),
        "text": text,
    }
    return parse(dump(value))


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


def checked(
    *documents: Document, live: tuple[Document, ...] = ()
) -> tuple[tuple[Ref, Finding], ...]:
    """Check *documents* as they will be beside what is *live*."""
    known = {document.ref: document for document in (*live, *documents)}

    def get(ref: Ref) -> Document:
        if ref not in known:
            raise NotFound(f"{ref} does not exist")
        return known[ref]

    return check({document.ref: document for document in documents}, get)


def only(findings: tuple[tuple[Ref, Finding], ...]) -> Finding:
    ((_, finding),) = findings
    return finding


def case(given: Json, **expect: Json) -> dict[str, Json]:
    return {"inputs": given, "expect": expect}


def test_documents_that_agree_have_no_findings() -> None:
    tone = fragment("tone", "In {{ language }}.", {"language": {"type": "string"}})
    refunds = prompt(
        "{{ question }} {{> fragments/tone }}",
        {**QUESTION, "language": {"type": "string"}},
        cases=[case({"question": "Why?", "language": "Dutch"}, contains=["Dutch"])],
    )

    assert checked(tone, refunds, bot({"a": "refunds"})) == ()


def test_what_is_live_already_is_looked_up_and_not_checked() -> None:
    broken = fragment("tone", "{{ undeclared }}", {})

    assert checked(prompt("Hello.", {}), live=(broken,)) == ()


def test_findings_are_sorted_by_document_and_line() -> None:
    a = fragment("a", "{{ x }}\n{{ y }}\n", {})
    b = fragment("b", "{{ x }}", {})

    found = checked(b, a)

    assert [(ref, finding.message) for ref, finding in found] == [
        ("fragments/a", "`x` is not a declared input"),
        ("fragments/a", "`y` is not a declared input"),
        ("fragments/b", "`x` is not a declared input"),
    ]
    assert found[0][1].line + 1 == found[1][1].line


def test_an_include_that_is_not_there_is_told() -> None:
    finding = only(checked(prompt("x\n{{> fragments/none }}\n", {})))

    assert "fragments/none does not exist" in finding.message
    assert finding.where == "/messages/0/content"


def test_a_circle_is_told_of_each_document_in_it() -> None:
    a = fragment("a", "{{> fragments/b }}", {})
    b = fragment("b", "{{> fragments/a }}", {})

    found = checked(a, b)

    assert [ref for ref, _ in found] == [a.ref, b.ref]


def test_an_undeclared_input_is_told_on_its_line_with_the_nearest() -> None:
    document = prompt("Answer:\n{{ qestion }}\n", QUESTION)

    finding = only(checked(document))

    assert finding.message == "`qestion` is not a declared input"
    assert "Did you mean `question`?" in finding.hint
    lines = document.source.decode().splitlines()
    assert lines[finding.line - 1].strip() == "{{ qestion }}"


def test_an_undeclared_input_is_told_once() -> None:
    assert len(checked(prompt("{{ a }} {{ a }}", {}))) == 1


@pytest.mark.parametrize(
    ("schema", "text", "message"),
    [
        ({"type": "array"}, "{{ x }}", "is a list or a mapping"),
        ({"type": "object"}, "{{ x }}", "is a list or a mapping"),
        ({"type": ["string", "object"]}, "{{ x }}", "is a list or a mapping"),
        ({"enum": ["a", ["b"]]}, "{{ x }}", "is a list or a mapping"),
        ({"description": "?"}, "{{ x }}", "does not say what type it is"),
        ({"type": "string"}, "{{ x.y }}", "need not be a mapping"),
        ({"type": ["object", "null"]}, "{{ x.y }}", "need not be a mapping"),
        ({"type": "object"}, "{{ x.y }}", "`x.y` is not a declared input"),
        (
            {"type": "object", "properties": {"y": {"type": "string"}}},
            "{{ x.y }}",
            "`x.y` may be absent",
        ),
    ],
)
def test_a_name_must_lead_to_something_that_is_always_there_and_is_text(
    schema: Json, text: str, message: str
) -> None:
    assert message in only(checked(prompt(text, {"x": schema}))).message


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "integer"},
        {"type": ["string", "null"]},
        {"enum": ["a", "b"]},
        {"const": 5},
        {"$ref": "#/$defs/short"},
    ],
)
def test_a_name_may_lead_to_any_scalar(schema: Json) -> None:
    declared: Json = {**inputs({"x": schema}), "$defs": {"short": {"type": "string"}}}

    assert checked(prompt("{{ x }}", {}, inputs=declared)) == ()


def test_a_dotted_name_may_lead_through_required_parts() -> None:
    customer: Json = {
        "type": "object",
        "properties": {"name": {"type": "string"}},
        "required": ["name"],
    }

    assert checked(prompt("{{ customer.name }}", {"customer": customer})) == ()


def test_a_prompt_declares_the_inputs_of_its_fragments_however_deep() -> None:
    inner = fragment("b", "{{ x }}", {"x": {"type": "string"}})
    outer = fragment("a", "{{> fragments/b }}", {"x": {"type": "string"}})

    found = checked(prompt("{{> fragments/a }}", {}), live=(inner, outer))

    assert {finding.message for _, finding in found} == {
        "the input `x` of fragments/a is not declared",
        "the input `x` of fragments/b is not declared",
    }


def test_a_prompt_gives_a_fragment_the_type_that_it_takes() -> None:
    tone = fragment("tone", "{{ x }}", {"x": {"type": "string"}})
    document = prompt("{{> fragments/tone }}", {"x": {"type": ["string", "null"]}})

    finding = only(checked(document, live=(tone,)))

    assert finding.message == "the input `x` must be string, as fragments/tone takes it"


def test_an_integer_is_a_number_to_a_fragment() -> None:
    tone = fragment("tone", "{{ x }}", {"x": {"type": "number"}})
    document = prompt("{{> fragments/tone }}", {"x": {"type": "integer"}})

    assert checked(document, live=(tone,)) == ()


def test_a_fragment_reads_from_a_mapping_what_the_prompt_puts_there() -> None:
    def customer(part: str) -> dict[str, Json]:
        properties: Json = {part: {"type": "string"}}
        schema: Json = {"type": "object", "properties": properties, "required": [part]}
        return {"customer": schema}

    tone = fragment("tone", "{{ customer.name }}", customer("name"))
    document = prompt("{{> fragments/tone }}", customer("id"))

    finding = only(checked(document, live=(tone,)))

    assert finding.message.startswith("in an included text: `customer.name`")


def test_a_bots_prompts_must_be_there() -> None:
    finding = only(checked(bot({"a": "none"})))

    assert finding.message == "prompts/none, the prompt for a, does not exist"
    assert finding.where == "/prompts/a"


def test_a_bots_prompts_must_be_in_the_range_it_accepts() -> None:
    document = bot({"a": {"name": "refunds", "range": "^2"}})

    finding = only(checked(document, live=(prompt("Hello.", {}),)))

    assert finding.message == "prompts/refunds is 1.2.0, which ^2 does not allow"


@pytest.mark.parametrize(
    ("expect", "where"),
    [
        ({"contains": ["Hello", "Dutch"]}, "/cases/0/expect/contains/1"),
        ({"excludes": ["Dutch", "Why?"]}, "/cases/0/expect/excludes/1"),
        ({"max_chars": 10}, "/cases/0/expect/max_chars"),
    ],
)
def test_what_a_case_expects_must_come_true(
    expect: dict[str, Json], where: str
) -> None:
    failing = case({"question": "Why?"}, **expect)

    finding = only(checked(prompt("Hello. {{ question }}", QUESTION, cases=[failing])))

    assert finding.where == where


def test_a_case_sees_all_messages_with_fragments_and_defaults() -> None:
    language: dict[str, Json] = {"language": {"type": "string", "default": "Dutch"}}
    tone = fragment("tone", "In {{ language }}.", {"language": {"type": "string"}})
    document = prompt(
        "",
        {},
        inputs=inputs({**QUESTION, **language}, ["question"]),
        messages=[
            {"role": "system", "content": "{{> fragments/tone }}"},
            {"placeholder": "history"},
            {"role": "user", "content": "{{ question }}"},
        ],
        cases=[case({"question": "Why?"}, contains=["In Dutch.\nWhy?"], max_chars=14)],
    )

    assert checked(document, live=(tone,)) == ()


def test_a_case_of_a_literal_prompt_sees_the_text_as_it_is() -> None:
    document = prompt(
        "{{ x }}", {}, template="none", cases=[case({}, contains=["{{ x }}"])]
    )

    assert checked(document) == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "`question` is missing"),
        ({"question": ["x"]}, "question must be text, not a list"),
        ({"question": "x" * 101}, "101 characters; at most 100"),
        ({"question": "x", "other": 1}, "other is not known here"),
    ],
)
def test_a_case_gives_inputs_that_fit(given: Json, message: str) -> None:
    document = prompt("{{ question }}", QUESTION, cases=[case(given, max_chars=9)])

    finding = only(checked(document))

    assert finding.where.startswith("/cases/0/inputs")
    assert message in finding.message


def test_a_number_in_a_case_where_text_is_declared_is_told_to_be_quoted() -> None:
    document = prompt(
        "{{ question }}", QUESTION, cases=[case({"question": 1.1}, max_chars=9)]
    )

    finding = only(checked(document))

    assert 'Put quotes around it: "1.1".' in finding.hint


@pytest.mark.slow
def test_cases_that_would_take_too_long_are_refused_and_not_tried() -> None:
    text = "{{ question }}" * 5_000
    declared: dict[str, Json] = {"question": {"type": "string"}}
    bomb = case({"question": "x" * 100_000}, max_chars=9)

    finding = only(checked(prompt(text, declared, cases=[bomb])))

    assert finding.message == "checking the cases would take too long"


def test_many_cases_with_a_large_schema_are_refused_and_not_tried() -> None:
    declared: dict[str, Json] = {"number": {"enum": list(range(1_800))}}
    each = case({"number": 1}, contains=["1"])

    finding = only(checked(prompt("{{ number }}", declared, cases=[each] * 150)))

    assert finding.message == "checking the cases would take too long"
    assert finding.where == "/cases"


BAG: dict[str, Json] = {
    "type": "object",
    "properties": {
        "weight": {"type": "number"},
        "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}},
    },
    "required": ["weight"],
    "additionalProperties": False,
}
BAGS: dict[str, Json] = {"bags": {"type": "array", "items": BAG}}
TAGS: dict[str, Json] = {
    "tag": {"type": "object", "properties": {"code": {"type": "string"}}}
}


def of_bags(text: str, **more: Json) -> Document:
    declared: dict[str, Json] = {**inputs(BAGS), "$defs": TAGS}
    return prompt(text, {}, template="jinja", inputs=declared, **more)


@pytest.mark.parametrize(
    ("tag", "shown", "meant"),
    [
        ("{{ bag.wieght }}", "bag.wieght", "weight"),
        ("{{ bag.wieght|default(0) }}", "bag.wieght", "weight"),
        ("{% if bag['wieght'] > 3 %}x{% endif %}", "bag.wieght", "weight"),
        ("{% for t in bag.tags %}{{ t.cod }}{% endfor %}", "t.cod", "code"),
        ("{% for t in bag.tgs %}{% endfor %}", "bag.tgs", "tags"),
        ("{{ bags[0].wieght }}", "bags[0].wieght", "weight"),
    ],
)
def test_a_part_that_no_entry_of_a_list_has_is_told_at_its_line(
    tag: str, shown: str, meant: str
) -> None:
    document = of_bags(
        "Bags:\n{% for bag in bags %}\n- " + tag + "\n{% endfor %}\n",
        cases=[case({"bags": [{"weight": 1}]}, contains=["Bags"])],
    )

    finding = only(checked(document))

    assert finding.message == f"`{shown}` is not declared"
    assert finding.hint.startswith(f"Did you mean `{meant}`?")
    line = document.source.decode().splitlines()[finding.line - 1]
    assert tag in line


@pytest.mark.parametrize(
    "text",
    [
        "{% for bag in bags %}{{ bag.weight }}{{ loop.index }}{% endfor %}",
        "{% for bag in bags %}{% for bag in bag.tags %}{{ bag.code }}"
        "{% endfor %}{% endfor %}",
        "{% for a, b in [['x', 1]] %}{{ a }}{{ b }}{% endfor %}",
        "{% for bag in bags|default([]) %}{{ bag.anything }}{% endfor %}",
        "{% for c in bags[0].weight|tojson %}{{ c }}{% endfor %}",
    ],
)
def test_what_entries_have_or_nobody_can_tell_is_left_alone(text: str) -> None:
    assert checked(of_bags(text)) == ()


def test_entries_that_may_have_any_part_are_left_alone() -> None:
    text = "{% for x in things %}{{ x.a.b }}{% endfor %}"
    for things in ({"type": "array"}, {"type": "array", "items": {"type": "object"}}):
        document = prompt(text, {"things": things}, template="jinja")

        assert checked(document) == ()


def test_a_fragments_part_is_looked_up_in_the_loop_that_includes_it() -> None:
    bag: dict[str, Json] = {"type": "object", "properties": {"size": {}}}
    row = fragment("row", "x", {"bag": bag})
    row = parse(dump({**row.value, "template": "jinja", "text": "{{ bag.size }}"}))
    text = "{% for bag in bags %}{{> fragments/row }}{% endfor %}"
    document = prompt(text, {**BAGS_ALONE, "bag": bag}, template="jinja")

    finding = only(checked(document, row))

    assert finding.message == "in an included text: `bag.size` is not declared"


BAGS_ALONE: dict[str, Json] = {
    "bags": {
        "type": "array",
        "items": {"type": "object", "properties": {"weight": {"type": "number"}}},
    }
}


def test_a_case_that_cannot_be_rendered_says_what_is_missing_in_which_text() -> None:
    things: dict[str, Json] = {"things": {"type": "array"}}
    second = "a\n{% for x in things %}{{ x.kind }}{% endfor %}"
    document = prompt(
        "Hello.",
        things,
        template="jinja",
        messages=[
            {"role": "system", "content": "Hello."},
            {"role": "user", "content": second},
        ],
        cases=[case({"things": [{}]}, contains=["a"])],
    )

    finding = only(checked(document))

    assert finding.message == (
        "it cannot be rendered: in messages[1].content, no value for `x.kind` on line 2"
    )
    assert finding.where == "/cases/0/inputs"


def test_a_loop_in_a_simple_text_is_told_to_be_jinja() -> None:
    finding = only(checked(prompt("{{ loop.index }}", {})))

    assert "template: jinja" in finding.hint
