"""Glossaries: their rules, their text in prompts, and what is worth a look."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placet.jinja.rendering import render as render_jinja
from placet.templates import render
from registry.advice import advise
from registry.checks import check
from registry.composition import compose
from registry.documents import Document, dump, parse
from registry.errors import InvalidDocument
from registry.glossaries import expired, text_of, used
from registry.mistakes import Finding
from registry.values import Json
from tests.test_composition import among, body, content, fragment, prompt

TODAY = date(2026, 5, 3)


def term(name: str, **more: Json) -> dict[str, Json]:
    return {"term": name, "definition": f"What {name} means.", **more}


def glossary(*terms: Json, name: str = "fares") -> Document:
    value: dict[str, Json] = {
        "kind": "glossary",
        "name": name,
        "version": "1.0.0",
        "owner": "product",
        "description": "Some words.",
        "terms": list(terms),
    }
    return parse(dump(value))


def findings(*terms: Json) -> tuple[Finding, ...]:
    with pytest.raises(InvalidDocument) as error:
        glossary(*terms)
    return error.value.findings


def advised(document: Document, *others: Document) -> list[str]:
    get = among(document, *others)

    assert check({document.ref: document}, get) == ()
    return [finding.message for finding in advise(document, get, TODAY)]


def test_the_text_says_what_a_term_means_is_called_and_is_not_called() -> None:
    value = glossary(
        {
            "term": "flexible fare",
            "definition": "A [[fare]] that can be\nchanged.\n",
            "synonyms": ["flex fare", "Flex"],
            "avoid": ["full price"],
        },
        term("fare"),
    ).value

    assert text_of(value) == (
        "- flexible fare: A fare that can be changed.\n"
        "  Also called: flex fare, Flex\n"
        "  Do not say: full price\n"
        "- fare: What fare means."
    )


def test_the_text_does_not_depend_on_the_day() -> None:
    old, new = term("a", valid_until="2020-01-01"), term("b", valid_from="2030-01-01")

    assert text_of(glossary(old, new).value) == text_of(
        glossary(term("a"), term("b")).value
    )


def test_a_retired_term_is_told_as_no_longer_used() -> None:
    value = glossary(term("gap", status="retired")).value

    assert text_of(value) == "- gap (no longer used): What gap means."


@pytest.mark.parametrize(
    ("terms", "where", "message"),
    [
        ([term("Fare"), term("fare")], "/terms/1/term", "is there already"),
        ([term("a b"), term("A-B")], "/terms/1/term", "is there already"),
        ([term("a", synonyms=["A"])], "/terms/0/synonyms/0", "is there already"),
        (
            [term("a", synonyms=["c"]), term("b", synonyms=["C"])],
            "/terms/1/synonyms/0",
            "is there already",
        ),
        ([term("a"), term("b", avoid=["A"])], "/terms/1/avoid/0", "is to be avoided"),
        ([term("a fee", avoid=["Fee"])], "/terms/0/avoid/0", 'is said in "a fee"'),
        ([term("a", valid_from="2026-02-30")], "/terms/0/valid_from", "no day"),
        (
            [term("a", valid_from="2026-03-02", valid_until="2026-03-01")],
            "/terms/0/valid_until",
            "ends before it begins",
        ),
        ([term("§")], "/terms/0/term", "has 0 words"),
        ([term("a b c d e f g h i")], "/terms/0/term", "has 9 words"),
        ([term("a", definition="[[b")], "/terms/0/definition", "come in pairs"),
        ([term("a", definition="[[ ]]")], "/terms/0/definition", "hold no name"),
    ],
)
def test_a_glossary_that_contradicts_itself_is_refused(
    terms: list[Json], where: str, message: str
) -> None:
    (finding,) = findings(*terms)

    assert finding.where == where
    assert message in finding.message
    assert finding.line > 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"definition": "  "},
        {"definition": ""},
        {"term": " a"},
        {"term": "a\nb"},
        {"synonyms": ["a", "a"]},
        {"status": "old"},
        {"valid_from": "today"},
        {"meaning": "x"},
    ],
)
def test_a_term_that_does_not_fit_is_refused(wrong: dict[str, Json]) -> None:
    (finding, *_) = findings({**term("x"), **wrong})

    assert finding.where.startswith("/terms/0")


def test_a_part_of_a_word_to_avoid_may_be_a_term() -> None:
    assert glossary(term("fare", avoid=["fare zone", "airfare"]))


def test_a_term_holds_from_its_first_day_to_its_last() -> None:
    value = glossary(
        term("a", valid_from="2026-05-03", valid_until="2026-05-03"),
        term("b", valid_until="2026-05-02"),
        term("c", valid_from="2026-05-04"),
        term("d", status="retired"),
        term("e"),
    ).value

    assert [(one.term, one.index, one.why) for one in expired(value, TODAY)] == [
        ("b", 1, "expired on 2026-05-02"),
        ("c", 2, "holds only from 2026-05-04"),
        ("d", 3, "is retired"),
    ]


LITERAL = glossary(
    term("{{ x }}a", definition="{% raw %} {{> fragments/no }} {# c #} { {{"),
    term("b{", definition=" ends with a brace {"),
)


@pytest.mark.parametrize("engine", ["none", "simple", "jinja"])
def test_the_text_is_literal_under_every_engine(engine: str) -> None:
    document = prompt("<{{> glossaries/fares }}>", engine)

    served = content(compose(document.ref, among(document, LITERAL)))

    renders = {"none": str, "simple": lambda t: render(t, {"x": "never"})}
    renders["jinja"] = lambda text: render_jinja(text, {"x": "never"})
    assert renders[engine](served) == f"<{text_of(LITERAL.value)}>"
    assert check({document.ref: document}, among(document, LITERAL)) == ()


@given(st.text(st.sampled_from("{}%#> \n-a"), min_size=1, max_size=20))
def test_no_definition_becomes_a_tag(definition: str) -> None:
    if not definition.strip():
        return
    one = glossary(term("x", definition=definition))
    document = prompt("{{> glossaries/fares }}", "jinja")

    served = content(compose(document.ref, among(document, one)))

    assert render_jinja(served, {}) == text_of(one.value)


def test_a_prompts_body_names_the_glossary_with_version_and_digest() -> None:
    one = glossary(term("fare"))
    tone = fragment("tone", "{{> glossaries/fares }}")
    document = prompt("{{> fragments/tone }}")

    served = body(compose(document.ref, among(document, tone, one)))

    assert served["includes"] == [
        {"document": each.ref, "version": "1.0.0", "digest": each.digest}
        for each in (tone, one)
    ]
    assert served["messages"][0]["content"] == "- fare: What fare means."


def test_a_glossarys_body_has_its_text() -> None:
    one = glossary(term("fare"))

    served = body(compose(one.ref, among(one)))

    assert served == {
        **one.value,
        "digest": one.digest,
        "tier": "high",
        "text": "- fare: What fare means.",
    }


def test_a_glossary_that_is_not_there_is_told() -> None:
    document = prompt("{{> glossaries/none }}")

    ((_, finding),) = check({document.ref: document}, among(document))

    assert "glossaries/none does not exist" in finding.message
    assert "add the glossary" in finding.hint


def test_a_glossarys_text_counts_for_the_size() -> None:
    long = glossary(*(term(f"t{n}", definition="x" * 1_900) for n in range(100)))
    document = prompt("{{> glossaries/fares }}" * 6)

    ((_, finding),) = check({document.ref: document}, among(document, long))

    assert "over 1,048,576 characters" in finding.message


def test_a_glossary_counts_for_the_depth() -> None:
    levels = [
        fragment(f"f{level}", f"{{{{> fragments/f{level + 1} }}}}")
        for level in range(1, 5)
    ]
    last = fragment("f5", "{{> glossaries/fares }}")
    document = prompt("{{> fragments/f1 }}")
    get = among(document, *levels, last, glossary(term("a")))

    (*_, (_, finding)) = check({document.ref: document}, get)
    fitting = prompt("{{> fragments/f2 }}")

    assert "more than 5 deep" in finding.message
    assert check({fitting.ref: fitting}, get) == ()


def test_terms_that_do_not_hold_are_worth_a_look_and_refuse_nothing() -> None:
    one = glossary(term("a", valid_until="2026-05-02"), term("b"))

    assert advised(one) == ['the term "a" expired on 2026-05-02']


def test_terms_that_do_not_hold_are_told_where_they_are_included() -> None:
    one = glossary(term("a", status="retired"))
    document = prompt("Hello.\n{{> glossaries/fares }}\n")

    (finding,) = advise(document, among(document, one), TODAY)

    assert finding.message == '"a" of glossaries/fares is retired'
    line = document.source.decode().splitlines()[finding.line - 1]
    assert "{{> glossaries/fares }}" in line


def test_words_to_avoid_are_told_where_a_text_says_them() -> None:
    one = glossary(term("fare", avoid=["ticket price", "cost"]))
    text = "The costs of COST.\n{{> glossaries/fares }}\nA ticket\n  Price.\n"
    document = prompt(text)

    found = advise(document, among(document, one), TODAY)

    lines = document.source.decode().splitlines()
    assert [(f.message, lines[f.line - 1].strip()) for f in found] == [
        ('"cost" is said, which glossaries/fares says to avoid', "The costs of COST."),
        ('"ticket price" is said, which glossaries/fares says to avoid', "A ticket"),
    ]


def test_words_to_avoid_are_told_of_the_fragments_beside_the_glossary() -> None:
    one = glossary(term("fare", avoid=["cost"]))
    tone = fragment("tone", "Tell the cost.")
    document = prompt("{{> glossaries/fares }}\n{{> fragments/tone }}")

    assert advised(document, one, tone) == [
        'in fragments/tone: "cost" is said, which glossaries/fares says to avoid'
    ]


def test_a_text_without_the_glossary_may_say_anything() -> None:
    assert advised(prompt("Cost."), glossary(term("fare", avoid=["cost"]))) == []


def test_a_reference_is_looked_for_in_all_glossaries_of_the_text() -> None:
    fares = glossary(term("flex", definition="A [[Fare]], not a [[bag fee]]."))
    other = glossary(term("charge", synonyms=["fare"]), name="other")
    alone, both = prompt("{{> glossaries/fares }}"), prompt(
        "{{> glossaries/fares }}\n{{> glossaries/other }}"
    )  # fmt: skip

    told = '"flex" refers to "{}", which is not defined'
    assert advised(alone, fares) == [told.format("Fare"), told.format("bag fee")]
    assert advised(both, fares, other) == [told.format("bag fee")]


def test_a_reference_that_the_glossary_does_not_define_is_told_at_its_line() -> None:
    text = "Costs a [[fee]].\nUnlike a\n[[hold bag]].\n"
    one = glossary(term("fee"), term("bag", definition=text))

    (finding,) = advise(one, among(one), TODAY)

    assert finding.message == (
        '"bag" refers to "hold bag", which this glossary does not define'
    )
    assert "another glossary of the same text" in finding.hint
    line = one.source.decode().splitlines()[finding.line - 1]
    assert line.strip() == "[[hold bag]]."


def test_a_reference_that_nothing_defines_is_told_where_the_glossary_is_included():
    one = glossary(term("bag", definition="A [[hold bag]]."))
    document = prompt("Hello.\n{{> glossaries/fares }}\n")

    (finding,) = advise(document, among(document, one), TODAY)

    line = document.source.decode().splitlines()[finding.line - 1]
    assert "{{> glossaries/fares }}" in line


@pytest.mark.parametrize(
    "text",
    ["a\n{% if name %}x{% endif %}", "a\n{%- for x in y -%}", "b\n{% endfor %}"],
)
def test_a_simple_text_with_tags_of_jinja_is_worth_a_look(text: str) -> None:
    document = prompt(text + "\n", "simple")

    (finding,) = advise(document, among(document), TODAY)

    assert "this looks like jinja" in finding.message
    assert "template: jinja" in finding.hint
    assert "{%" in document.source.decode().splitlines()[finding.line - 1]


@pytest.mark.parametrize(
    ("text", "engine"),
    [
        ("{% if name %}x{% endif %}", "none"),
        ("{% if true %}x{% endif %}", "jinja"),
        ("100 {% of it %} and {%", "simple"),
    ],
)
def test_what_is_meant_is_not_taken_for_a_mistake(text: str, engine: str) -> None:
    assert advised(prompt(text, engine)) == []


@pytest.mark.parametrize("tag", ["{{ x | upper }}", "{{x|default('a')}}"])
def test_a_filter_in_a_simple_text_is_told_to_be_jinja(tag: str) -> None:
    with pytest.raises(InvalidDocument) as error:
        prompt("a\n" + tag, "simple")

    (finding,) = error.value.findings
    assert "template: jinja" in finding.hint


@pytest.mark.parametrize(
    ("phrase", "text", "line"),
    [
        ("fee", "a FEE", 1),
        ("fee", "coffee fees", None),
        ("no fee", "x\nno\n\nfee", 2),
        ("e-mail", "E mail", 1),
        ("Straße", "STRASSE", 1),
        ("été", "l'été", 1),
        ("fee", "", None),
    ],
)
def test_words_are_compared_whole_and_regardless_of_case(
    phrase: str, text: str, line: int | None
) -> None:
    assert used([phrase], text).get(phrase) == line
