"""What `jinja` templates can say, what they cannot, and that they stay small."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import minijinja
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from placet import templates as simple
from placet.jinja import FILTERS, OF_LOOP, TESTS, escape, read
from placet.jinja.rendering import parse, render, render_all
from placet.templates import MissingInput, OverLimit, TemplateInvalid
from registry.templates import Engine, converted, joined, names, problems
from tests import hostile_templates

MB = 2**20
KIM = {"name": "Kim", "tags": ["gold", "early"], "items": 5, "bags": [{"kg": 23}]}


def refused(text: str) -> TemplateInvalid:
    with pytest.raises(TemplateInvalid) as error:
        parse(text)
    return error.value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {{ name }}!", "Hello Kim!"),
        ("{{ items }}{{ tags }}", '5["gold", "early"]'),
        ("{{ bags[0].kg }}{{ bags[0]['kg'] }}{{ tags[-1] }}", "2323early"),
        ("{% if items > 3 %}many{% elif items %}few{% else %}no{% endif %}", "many"),
        ("{% for t in tags %}{{ loop.index }}{{ t }} {% endfor %}", "1gold 2early "),
        ("{% for t in tags %}{{ t }}{% if not loop.last %}, {% endif %}{% endfor %}",
         "gold, early"),
        ("{% for t in none %}x{% else %}none{% endfor %}", "none"),
        ("{% for k in bags[0] %}{{ k }}={{ bags[0][k] }}{% endfor %}", "kg=23"),
        ("{% for a, b in [['x', 1], ['y', 2]] %}{{ a }}{{ b }}{% endfor %}", "x1y2"),
        ("{{ 'yes' if 'gold' in tags else 'no' }}", "yes"),
        ("{{ 'yes' if name == 'Kim' and not items < 5 else 'no' }}", "yes"),
        ("{{ age is defined }}{{ name is not none }}{{ bags is sequence }}",
         "falsetruetrue"),
        ("{{ bags[0] is mapping }}{{ tags is mapping }}{{ name is iterable }}",
         "truefalsetrue"),
        ("{{ bags == [1] }}{{ bags == bags }}{{ tags == ['gold', 'early'] }}",
         "falsetruetrue"),
        ("{{ age|default('unknown') }}", "unknown"),
        ("{{ tags|join(', ') }}{{ bags|join('', 'kg') }}", "gold, early23"),
        ("{{ tags|first }}{{ tags|last }}{{ tags|length }}", "goldearly2"),
        ("{{ name|upper }}{{ name|lower }}{{ ' a '|trim }}", "KIMkima"),
        ("{{ 'ab cd'|title }}{{ 'ab cd'|capitalize }}", "Ab CdAb cd"),
        ("{{ name|tojson }}{{ none }}{{ true }}{{ -1.5 }}", '"Kim"nulltrue-1.5'),
        ("a{# {{ nothing }} #}b", "ab"),
        ("{% raw %}{{ name }}{% endraw %}", "{{ name }}"),
        ('{{ "{{" }} { }} %} #}', "{{ { }} %} #}"),
        ("a  {{- name -}}\n  b", "aKimb"),
        ("x {%- if true -%} y {%- endif -%} z", "xyz"),
        ("  a\n{%- raw -%} b {%- endraw -%}  c {#- d -#} e", "  abce"),
        ("last line\n", "last line\n"),
        ("\\ \" ' \\n {{ '\\n' }}", "\\ \" ' \\n \n"),
    ],
)  # fmt: skip
def test_a_template_says(text: str, said: str) -> None:
    assert render(text, KIM) == said


@pytest.mark.parametrize("text", hostile_templates.COMPUTES, ids=lambda text: text[:50])
def test_what_computes_or_reaches_out_is_no_template(text: str) -> None:
    refused(text)


def test_the_filters_and_tests_are_exactly_these() -> None:
    assert sorted(FILTERS) == [
        *("capitalize", "default", "first", "join", "last", "length", "lower"),
        *("title", "tojson", "trim", "upper"),
    ]
    assert sorted(TESTS) == [
        *("boolean", "defined", "even", "iterable", "mapping", "none", "number"),
        *("odd", "sequence", "string", "undefined"),
    ]
    assert sorted(OF_LOOP) == [
        *("first", "index", "index0", "last", "length", "revindex", "revindex0"),
    ]


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_filter_that_is_listed_is_there(name: str) -> None:
    render(f"{{{{ x|{name} }}}}", {"x": ["a"]})


@pytest.mark.parametrize("name", sorted(TESTS))
def test_every_test_that_is_listed_is_there(name: str) -> None:
    render(f"{{{{ 1 is {name} }}}}{{{{ 1 is not {name} }}}}", {})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n{{ b }}\n{{ c +\n d }}", 3),
        ("{# a\n\n #}\n{% set x = 1 %}", 4),
        ("a\n\n{%- if b %}\n", 3),
        ("{% raw %}\n{{\n{% endraw %}{{ a|nothing }}", 3),
        ("{{ a\n  |nothing }}", 2),
        ("a\n{{\n\n a b }}", 4),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int) -> None:
    assert refused(text).line == line


@pytest.mark.parametrize("before", ["x ==", "x == l !=", "x <", "x >=", "x in"])
def test_not_is_never_the_name_of_a_value(before: str) -> None:
    """The engine takes it for one there, and nobody would have declared it."""
    text = f"{{{{ {before} not }}}}"
    assert "not" in minijinja.Environment().undeclared_variables_in_str(text)

    assert str(refused(text)) == f"`not` cannot follow `{before.split()[-1]}`"


def test_a_value_that_is_not_there_is_told_with_its_line() -> None:
    text = "a  \n{%- if true -%}\n\n{# c\n #}{{\n name }}{% endif %}"

    with pytest.raises(MissingInput, match="no value for `name` on line 6"):
        render(text, {})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("é{% for b in bags %}{{ b.kg }}{{ b.wieght }}{% endfor %}", "`b.wieght`"),
        ("{{ bags[0]['lb'] }}", "`bags[0]['lb']`"),
        ("{{ bags[0].a.b }}", "`bags[0].a.b`"),
        ("{% if 'it is {{ x' == name or nothing %}{% endif %}", "`name` or `nothing`"),
        ('{{ "{{" }} text {{ "x" }}{{ nothing }}', "`nothing`"),
        ("{{ 'a' if nothing else 'b' }}", "`nothing`"),
    ],
)
def test_what_has_no_value_is_named_and_nothing_else(text: str, named: str) -> None:
    with pytest.raises(MissingInput) as error:
        render(text, KIM)

    assert str(error.value) == f"no value for {named} on line 1"


@pytest.mark.parametrize("name", ["capitalize", "lower", "title", "trim", "upper"])
def test_what_has_no_value_does_not_become_a_word_in_a_filter(name: str) -> None:
    """MiniJinja gives filters of ours nothing for what is not there."""
    with pytest.raises(MissingInput, match="no value"):
        render("{{ customer.title | " + name + " }}", {"customer": {}})


@pytest.mark.parametrize("tag", ["set x = 1", "macro f(a)", "block a", "call f()"])
def test_a_statement_that_is_not_there_is_named(tag: str) -> None:
    error = refused("a\n{%- " + tag + " %}")

    assert str(error).startswith(f"there is no `{tag.split()[0]}`; there are if, elif")
    assert error.line == 2


@pytest.mark.parametrize("tag", ["include 'a'", "import 'a' as b", "from 'a' import b"])
def test_who_includes_as_in_jinja_is_told_how_it_is_done_here(tag: str) -> None:
    assert "{{> fragments/NAME }}" in str(refused("{% " + tag + " %}"))


def test_parts_of_entries_are_told_as_they_are_written_and_where_they_are() -> None:
    text = "{% for b in bags %}{{ b.k }}\n{% for c in b['in'] %}{{ c.z }}{{ b }}"
    text += "{% endfor %}{% endfor %}{{ d[0].q }}{% for b in x|first %}{{ b.n }}"
    text += "{% else %}{{ b.m }}{% endfor %}{% for k, v in bags %}{{ k.z }}{% endfor %}"

    found = [(str(part), part.line, part.steps) for part in read(text).parts]

    assert found == [
        ("b.k", 1, ("bags", None, "k")),
        ("b.in", 2, ("bags", None, "in")),
        ("c.z", 2, ("bags", None, "in", None, "z")),
        ("d[0].q", 2, ("d", None, "q")),
    ]


def test_names_are_told_with_their_lines_and_without_those_of_loops() -> None:
    text = "{{ a.b.c }}\n{% for x in list %}{{ x.y }}{{ loop.index }}\n{{ d['e'] }}"
    text += "{% else %}{{ x }}{% endfor %}{{ a|default(f) }}{{ 'g' }}"

    assert [(str(name), name.line) for name in read(text).names] == [
        *(("a.b.c", 1), ("list", 2), ("d", 3), ("x", 3), ("a", 3), ("f", 3))
    ]


class Reached(Exception):
    """Something of Python was used."""


class Secret:
    """A value that is no data."""

    password = "hunter2"

    def __str__(self) -> str:
        raise Reached

    __iter__ = __getitem__ = __str__


@pytest.mark.parametrize(
    "value", [Secret(), [Secret()], {"a": Secret()}, {1: "a"}, b""]
)
def test_only_data_is_taken(value: object) -> None:
    with pytest.raises(MissingInput) as error:
        render("{{ x.password }}{{ x }}", {"x": value})

    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    "name", ["keys", "items", "pop", "append", "count", "_raw", "format", "real"]
)
@pytest.mark.parametrize("value", [{"a": 1}, ["a"], "a", 1])
def test_nothing_of_python_can_be_reached_through_a_value(
    name: str, value: object
) -> None:
    with pytest.raises(MissingInput):
        render("{{ x[n] }}", {"x": value, "n": name})
    with pytest.raises(MissingInput):
        render(f"{{{{ x.{name} }}}}", {"x": value})


def test_a_value_is_as_it_was_after_rendering() -> None:
    value = {"a": [1, {"b": "c"}]}

    render("{% for x in v.a %}{{ x }}{% endfor %}{{ v }}{{ v == v }}", {"v": value})

    assert value == {"a": [1, {"b": "c"}]}


def test_text_of_another_class_is_text() -> None:
    class Markup(str):
        def __html__(self) -> str:
            return "HTML"

        __slots__ = ()

    assert render("{{ x }}{{ l[0] }}", {"x": Markup("<"), "l": [Markup("<")]}) == "<<"


hostile = st.text(st.sampled_from("{}%#-\"'\\ \n|ax_"), max_size=30)


@given(st.one_of(hostile, st.text()))
@example("{{ y }}")
@example("{% raw %}")
@example("{# #}{{ '' }}")
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    values = {"x": value, "y": "SECRET", "l": [value], "d": {"k": value}}
    text = "<{{ x }}|{{ x|join }}|{% for a in l %}{{ a }}{% endfor %}|{{ d.k }}>"
    encodable = value.encode(errors="replace").decode()

    assert render(text.replace("|{{ x|join }}", ""), values) == (
        f"<{encodable}|{encodable}|{encodable}>"
    )


@given(st.one_of(hostile, st.text(st.characters(exclude_categories=["Cs"]))))
def test_an_escaped_text_renders_to_itself(text: str) -> None:
    assert render(escape(text), {}) == text


@settings(max_examples=300)
@given(
    st.sampled_from(["", "{", "a {", "{{ x -}}", "{%- if x -%}{% endif -%}", "{#-#}"]),
    hostile,
    st.sampled_from(["", "}}", "%}", "{{- x }}", "{ x }}", "% x %}", "# x #}"]),
)
def test_a_literal_text_stays_literal_between_others(
    before: str, text: str, after: str
) -> None:
    whole = joined([before, converted(text, Engine.NONE, to=Engine.JINJA), after],
                   Engine.JINJA)  # fmt: skip
    bare = {"": "", "{": "{", "a {": "a {"}.get(
        before, "" if "x -}}" not in before else "X"
    )
    rest = {"{{- x }}": "X"}.get(after, after)

    assert render(whole, {"x": "X"}) == bare + text + rest


simple_texts = st.lists(
    st.one_of(
        st.text("{}%#- a\n", max_size=6), st.sampled_from(["{{ x }}", '{{ "{{" }}'])
    ),
    max_size=6,
).map("".join)


@settings(max_examples=300)
@given(simple_texts)
def test_a_simple_text_says_the_same_in_a_jinja_prompt(text: str) -> None:
    try:
        simple.parse(text)
    except TemplateInvalid:
        return
    values = {"x": "{{ y }} {% z %}"}

    assert render(converted(text, Engine.SIMPLE, to=Engine.JINJA), values) == (
        simple.render(text, values)
    )


words = st.sampled_from(
    [
        *("x", "l", "d", "none", "1", "'a'", "loop", "x.y", "d.k", "l[0]", "nothing"),
        *("|upper", "|join(', ')", "|default(1)", "|first", "|tojson", "|length"),
        *(" is defined", " is not none", " == ", " in ", " and ", " not ", " or "),
        *("(", ")", "[", "]", ",", ".", "-", " if ", " else ", "+", "~", "__class__"),
    ]
)
tags = st.one_of(
    st.lists(words, max_size=5).map(lambda inner: "{{" + "".join(inner) + "}}"),
    st.lists(words, max_size=3).map(lambda inner: "{% if " + "".join(inner) + " %}"),
    st.sampled_from(
        [
            *(
                "{% for x in l %}",
                "{% endfor %}",
                "{% endif %}",
                "{% else %}",
                "{{- x -}}",
            ),
            *(
                "{% for k in d %}",
                "{# c #}",
                "{% raw %}",
                "{% endraw %}",
                " ",
                "\n",
                "{",
            ),
            *("{{ x|upper }}", "{{ d.k }}", "{%- if l -%}", "{{ l }}", "{%- endif -%}"),
        ]
    ),
)
drafts = st.lists(tags, max_size=8).map("".join)


@pytest.mark.slow
@settings(max_examples=500)
@given(drafts)
def test_whatever_is_written_renders_or_is_refused_by_name(text: str) -> None:
    values = {"x": "X", "l": [1, "two", {"k": None}], "d": {"k": [1.5]}}
    try:
        first = render(text, values)
    except (TemplateInvalid, MissingInput, OverLimit):
        return

    assert render(text, values) == first
    roots = {name.path[0] for name in read(text).names}
    assert roots == minijinja.Environment().undeclared_variables_in_str(text)


@pytest.mark.slow
@pytest.mark.parametrize("name", hostile_templates.TAKES)
def test_a_template_that_would_take_much_ends_within_40_megabytes(name: str) -> None:
    script = Path(hostile_templates.__file__)

    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile_templates", name, str(40 * MB)],
        cwd=script.parents[1], capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-2000:]
    assert json.loads(done.stdout).keys() <= {"chars", "over"}


def test_how_much_a_text_may_become_is_limited() -> None:
    text = "{% for a in x %}{{ b }}{% endfor %}"

    assert len(render(text, {"x": [1] * 100, "b": "y" * 2_000})) == 200_000
    with pytest.raises(OverLimit, match="over 262,144 characters"):
        render(text, {"x": [1] * 100, "b": "y" * 3_000})


def test_the_texts_of_a_prompt_share_the_limits() -> None:
    texts = [parse("{{ b }}")] * 3

    assert render_all(texts, {"b": "y" * 80_000})
    with pytest.raises(OverLimit):
        render_all(texts, {"b": "y" * 90_000})


def test_how_many_steps_are_taken_does_not_depend_on_the_moment() -> None:
    text = parse("{% for a in x %}{% for b in x %}{% endfor %}{% endfor %}")
    outcomes = set()
    for length in (50, 100, 200, 400) * 3:
        try:
            render_all([text], {"x": [1] * length})
            outcomes.add((length, "done"))
        except OverLimit:
            outcomes.add((length, "over"))

    assert len(outcomes) == 4
    assert {(50, "done"), (400, "over")} <= outcomes


def test_many_threads_render_one_template() -> None:
    text = parse("{% for a in x %}{{ a }},{% endfor %}")

    def once(number: int) -> bool:
        said = render_all([text], {"x": [number] * 50})[0]
        return said == f"{number}," * 50

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(once, range(400)))


def test_an_include_stands_in_the_text_and_nowhere_else() -> None:
    include = "{{> fragments/a }}"

    assert (
        list(problems(f"{include}{{% if x %}}{include}{{% endif %}}", Engine.JINJA, ()))
        == []
    )
    for text in (
        f"{{# {include} #}}",
        f"{{% raw %}}{include}{{% endraw %}}",
        f"{{% if {include} %}}{{% endif %}}",
        f"{{{{ '{include}' }}}}",
    ):
        (problem,) = problems(text, Engine.JINJA, ())
        assert "include" in problem.message or "means nothing" in problem.message


def test_names_of_a_text_with_includes_are_told() -> None:
    text = "{{> fragments/a }}\n{{ x }}"

    assert [(str(n), n.line) for n in names(text, Engine.JINJA)] == [("x", 2)]
