"""Dotprompt: frontmatter and Handlebars, as far as it means the same here."""

import pytest

from registry.errors import Invalid
from registry.imports import Format
from tests.imports.tried import bring, said, told, value_of


def dotprompt(body: str, front: str = "model: some-model"):
    return bring(f"---\n{front}\n---\n{body}", Format.DOTPROMPT)


def test_roles_become_messages():
    made = dotprompt(
        '{{role "system"}}Be kind.\n{{role "user"}}{{question}}{{role "model"}}Well,'
    )

    assert said(made, question="Why?") == [
        ("system", "Be kind.\n"),
        ("user", "Why?"),
        ("assistant", "Well,"),
    ]


def test_text_before_a_role_is_the_users():
    made = dotprompt("Say {{word}}.")

    assert said(made, word="yes") == [("user", "Say yes.")]


def test_history_is_a_placeholder_and_what_follows_is_the_assistants():
    made = dotprompt('{{role "system"}}Be kind.{{history}}Where were we?')

    assert said(made) == [
        ("system", "Be kind."),
        ("placeholder", "history"),
        ("assistant", "Where were we?"),
    ]


def test_picoschema_becomes_the_inputs():
    front = """\
input:
  schema:
    name: string, who it is
    age?: integer
    tags?(array): string
  default:
    name: Ann"""

    inputs = value_of(dotprompt("{{name}} {{age}}", front))["inputs"]

    assert inputs["properties"]["name"] == {
        "type": "string",
        "description": "who it is",
        "default": "Ann",
    }
    assert inputs["properties"]["age"] == {"type": ["integer", "string"], "default": ""}
    assert inputs["properties"]["tags"]["default"] == []
    assert "required" not in inputs


def test_an_optional_input_that_is_absent_leaves_nothing():
    front = "input:\n  schema:\n    age?: integer"

    made = dotprompt("You are {{age}}.", front)

    assert said(made) == [("user", "You are .")]
    assert said(made, age=7) == [("user", "You are 7.")]


def test_conditions_become_jinja():
    front = "input:\n  schema:\n    style?: string"
    body = "{{#if style}}Write in a {{style}} way.{{else}}Write.{{/if}}"

    made = dotprompt(body, front)

    assert value_of(made)["template"] == "jinja"
    assert said(made) == [("user", "Write.")]
    assert said(made, style="dry") == [("user", "Write in a dry way.")]


def test_loops_become_jinja_with_names_of_the_item():
    front = """\
input:
  schema:
    title: string
    orders(array):
      id: string"""
    body = "{{#each orders}}\n{{@index}} {{id}} of {{../title}}\n{{/each}}\n"

    made = dotprompt(body, front)

    orders = [{"id": "a"}, {"id": "b"}]
    assert said(made, title="T", orders=orders) == [("user", "0 a of T\n1 b of T\n")]


def test_branches_unless_and_equality_are_read():
    body = (
        '{{#ifEquals role "admin"}}A{{else}}B{{/ifEquals}}'
        "{{#unless name}}none{{else if role}}some{{/unless}}"
    )

    made = dotprompt(body)

    assert said(made, role="admin", name="x") == [("user", "Asome")]
    assert said(made, role="guest", name="") == [("user", "Bnone")]


def test_with_is_the_path_to_a_mapping():
    made = dotprompt("{{#with user}}{{name}} {{../note}}{{/with}}")

    assert value_of(made)["template"] == "simple"
    assert said(made, user={"name": "Ann"}, note="hm") == [("user", "Ann hm")]


def test_a_line_of_a_block_alone_is_left_out_as_handlebars_does():
    made = dotprompt("One\n  {{#if a}}\n  two\n  {{/if}}\nthree {{! no }} four")

    assert said(made, a="x") == [("user", "One\n  two\nthree  four")]


def test_tildes_take_white_space_away():
    made = dotprompt("a   {{~b~}}\n  c")

    assert said(made, b="-") == [("user", "a-c")]


def test_a_backslash_makes_braces_literal():
    made = dotprompt("Write \\{{name}} for {{name}}.")

    assert said(made, name="Ann") == [("user", "Write {{name}} for Ann.")]


def test_pictures_and_sections_are_told_and_leave_the_text():
    made = dotprompt('Look: {{media url=photo}}{{section "end"}} Well?')

    assert said(made) == [("user", "Look:  Well?")]
    assert "media url=photo: A picture" in told(made)
    assert 'section "end"' in told(made)


def test_settings_of_the_model_are_told():
    made = dotprompt("Hi", "model: m\nconfig: {temperature: 1}\ntools: [search]\nx: 1")

    leftovers = told(made)
    assert "model: The model belongs into a binding." in leftovers
    assert "config: The settings" in leftovers
    assert "tools: Tools are given by the chatbot." in leftovers
    assert "x: It has no place" in leftovers


def test_the_schema_of_the_answer_is_kept():
    made = dotprompt("Hi", "output:\n  format: json\n  schema:\n    a: string")

    assert value_of(made)["output"]["properties"] == {"a": {"type": "string"}}
    assert "output/format" in told(made)


def test_a_block_of_a_role_is_read_and_told():
    made = dotprompt('{{#role "system"}}\nBe kind.\n{{/role}}')

    assert said(made) == [("system", "Be kind.\n")]
    assert "dotprompt itself leaves its text out" in told(made)


@pytest.mark.parametrize(
    ("body", "said_of_it"),
    [
        ("{{> header}}", "no other file is read"),
        ("{{json this}}", "computes something"),
        ("{{#if (gt a 1)}}x{{/if}}", "computes something"),
        ("{{#if a}}x", "never ends"),
        ("x{{/if}}", "ends nothing"),
        ("{{#if a}}x{{/each}}", "never ends"),
        ("{{a", "is not read"),
        ("{{{{raw}}}}x{{{{/raw}}}}", "is not read"),
        ("{{@state.count}}", "nothing that a caller gives"),
        ("{{this}}", "all inputs at once"),
        ("{{../a}}", "leads out of the template"),
        ('{{#if a}}{{role "user"}}b{{/if}}', "begins within a block"),
        ('{{role "tool"}}a', "the role 'tool'"),
        ("{{role which}}a", "not given as text"),
        ("{{! nothing }}", "no text"),
    ],
)
def test_what_means_something_else_here_is_refused_with_its_reason(body, said_of_it):
    with pytest.raises(Invalid) as refused:
        dotprompt(body)

    assert said_of_it in str(refused.value)
    assert refused.value.hint


def test_a_list_that_stands_in_the_text_is_refused():
    front = "input:\n  schema:\n    tags(array): string"

    with pytest.raises(Invalid, match="a list or a mapping"):
        dotprompt("{{tags}}", front)


def test_a_condition_on_a_mapping_is_refused():
    """An empty one counts in Handlebars and does not in Jinja."""
    front = "input:\n  schema:\n    user(object):\n      name?: string"

    with pytest.raises(Invalid, match="a condition asks whether the mapping"):
        dotprompt("{{#if user}}x{{/if}}", front)


def test_names_that_no_input_can_have_are_changed():
    made = dotprompt("{{first-name}}")

    assert said(made, first_name="Ann") == [("user", "Ann")]
