"""What `simple` templates do, for the chatbot and for the registry."""

import json
import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placet.templates import (
    MissingInput,
    TemplateInvalid,
    complete,
    escape,
    parse,
    render,
)
from registry.templates import Engine, Include, includes, joined, names, problems

braces = st.text(st.sampled_from('{} "abx\n>'), max_size=30)
values = st.one_of(st.text(), braces)


def test_a_name_is_replaced_by_its_value() -> None:
    assert render("Hello {{ name }}!", {"name": "Kim"}) == "Hello Kim!"


def test_spaces_around_a_name_do_not_count() -> None:
    assert render("{{name}}{{  name\t}}", {"name": "a"}) == "aa"


def test_a_dotted_name_leads_into_a_mapping() -> None:
    values = {"customer": {"name": {"first": "Kim"}}}

    assert render("{{ customer.name.first }}", values) == "Kim"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((1, "1"), (1.5, "1.5"), (True, "true"), (None, "null")),
        *((["é", 1], '["é", 1]'), ({"a": False}, '{"a": false}')),
    ],
)
def test_what_is_no_text_is_written_as_json(value: object, text: str) -> None:
    assert render("{{ x }}", {"x": value}) == text


@given(values, values)
def test_a_value_is_never_read_as_a_template(first: str, second: str) -> None:
    rendered = render("<{{ a }}|{{ b }}>", {"a": first, "b": second})

    assert rendered == f"<{first}|{second}>"


@given(st.text(string.ascii_letters + " .,}\n"))
def test_text_without_opening_braces_is_left_alone(text: str) -> None:
    assert render(text, {}) == text


def test_braces_in_quotes_stand_for_themselves() -> None:
    assert render('{{ "{{" }} name {{ "}}" }} {{ "{" }}', {}) == "{{ name }} {"


@given(values)
def test_escaped_text_renders_to_itself(text: str) -> None:
    assert render(escape(text), {}) == text


@given(st.lists(braces, max_size=5))
def test_escaped_texts_stay_literal_next_to_each_other(texts: list[str]) -> None:
    assert render("".join(map(escape, texts)), {}) == "".join(texts)


@given(st.text(string.ascii_letters + "{ }", max_size=10), braces)
def test_an_escaped_text_cannot_become_a_tag_with_what_is_around_it(
    text: str, around: str
) -> None:
    try:
        parse(around)
    except TemplateInvalid:
        return
    whole = joined([around, escape(text), around], Engine.SIMPLE)

    assert [str(name) for name in parse(whole).names] == [
        str(name) for name in parse(around).names * 2
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("{{", "{{}}", "{{ }}", "{{ 1a }}", "{{ a b }}", "{{ a. }}", "{{ .a }}"),
        *("{{ a|upper }}", "{{ a.0 }}", "{{ a-b }}", "{{ a }", "{{{ a }}}", "{{ é }}"),
        *("{{ ''.__class__ }}", "{{ a\n}}", '{{ "x" }}', "{{> fragments/a }}"),
        "{{ " + "a" * 1000 + " }}",
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_any_other_opening_braces_are_an_error(text: str) -> None:
    with pytest.raises(TemplateInvalid):
        parse(text)


def test_the_error_names_the_line_within_the_text() -> None:
    with pytest.raises(TemplateInvalid) as refused:
        parse("one {{ a }}\ntwo\nthree {{ }}")

    assert refused.value.line == 3
    assert refused.value.at == 22


def test_a_name_without_a_value_is_an_error_that_names_it() -> None:
    with pytest.raises(MissingInput, match=r"customer\.name"):
        render("{{ customer.name }}", {"customer": {}})


def test_a_dotted_name_reads_no_attributes() -> None:
    with pytest.raises(MissingInput):
        render("{{ name.__class__ }}", {"name": "Kim"})


@pytest.mark.parametrize("value", [object(), float("nan"), {1, 2}, b"bytes"])
def test_a_value_that_json_does_not_know_is_an_error(value: object) -> None:
    with pytest.raises(MissingInput, match="not JSON"):
        render("{{ x }}", {"x": value})


@given(braces)
def test_nothing_but_our_error_comes_out_of_any_template(text: str) -> None:
    with suppress(TemplateInvalid):
        parse(text)


def test_absent_inputs_get_their_defaults() -> None:
    inputs = {"properties": {"a": {"default": "x"}, "b": {}}, "required": ["b"]}

    assert complete(inputs, {"b": 1}) == {"a": "x", "b": 1}
    assert complete(inputs, {"a": "y", "b": 1}) == {"a": "y", "b": 1}


def test_every_missing_required_input_is_named() -> None:
    with pytest.raises(MissingInput, match="'a', 'b'"):
        complete({"required": ["a", "b", "c"]}, {"c": 1})


def test_includes_are_found_under_every_engine_with_their_lines() -> None:
    text = "x\n{{> fragments/a/b }} {{>fragments/c}}\n"

    assert includes(text) == (
        Include(ref="fragments/a/b", line=2),
        Include(ref="fragments/c", line=2),
    )
    assert list(problems(text, Engine.NONE, ())) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{> }}", "includes nothing"),
        ("{{> fragments/a", "includes nothing"),
        ("{{> Fragments/a }}", "kind of document"),
        ("{{> fragments/A }}", "part of a document's name"),
        ("{{> prompts/a }}", "cannot include a prompt"),
        ("{{> bindings/a }}", "cannot include a binding"),
    ],
)
def test_any_other_include_is_a_problem(text: str, message: str) -> None:
    (found,) = problems(f"a\n{text}", Engine.NONE, ("text",))

    assert message in found.message
    assert found.text_line == 2


def test_every_tag_that_means_nothing_is_told_with_its_line() -> None:
    text = "{{ }}\n{{ ok }}\n{{> fragments/a }}\n\n{{ 1 }} {{ 2 }}"

    found = list(problems(text, Engine.SIMPLE, ()))

    assert [problem.text_line for problem in found] == [1, 5, 5]


def test_names_are_told_with_their_lines_in_the_whole_text() -> None:
    text = "{{ a }}\n{{> fragments/x }}\n{{ b.c }}\n{{ d }}"

    assert [(str(name), name.line) for name in names(text, Engine.SIMPLE)] == [
        *(("a", 1), ("b.c", 3), ("d", 4)),
    ]


@given(st.lists(braces.filter(lambda text: "{{" not in text), max_size=5))
def test_joining_templates_never_makes_a_new_tag(texts: list[str]) -> None:
    assert render(joined(texts, Engine.SIMPLE), {}) == "".join(texts)


def test_literal_texts_are_joined_as_they_are() -> None:
    assert joined(["{", "{ a }}"], Engine.NONE) == "{{ a }}"


@given(st.dictionaries(st.sampled_from("abc"), st.text() | st.integers(), min_size=3))
def test_rendering_and_json_agree_about_values(values: dict[str, object]) -> None:
    rendered = render("{{ a }}", values)

    value = values["a"]
    assert rendered == (value if isinstance(value, str) else json.dumps(value))
