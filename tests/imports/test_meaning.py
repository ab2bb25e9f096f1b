"""What a text means where it comes from, it means here: the plain subset, at random.

Literal text and names, written in the way of each format; what that comes to is
said by a few lines here that know nothing of ours.
"""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.imports import Format
from tests.imports.tried import bring, said

NAMES = ("a", "b_2", "Name")
VALUES = st.fixed_dictionaries(
    {
        name: st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
            max_size=20,
        )
        | st.sampled_from(["{{ a }}", "{% if a %}", '{{ "{" }}', "}}", "{"])
        for name in NAMES
    }
)
SOME = "ab {}%#>\n\"'\\-~!$.|é\u2028"


def parts(without: str = ""):
    """Texts and names by turns; a text before a name does not end with a brace."""
    alphabet = "".join(char for char in SOME if char not in without)
    return st.lists(
        st.tuples(
            st.text(alphabet, max_size=12).filter(lambda text: not text.endswith("{")),
            st.sampled_from(NAMES),
        ),
        max_size=5,
    ).map(lambda turns: [one for turn in turns for one in turn])


def meant(turns: list[str], values: dict) -> str:
    return "".join(values[one] if index % 2 else one for index, one in enumerate(turns))


def source(turns: list[str], tag: str) -> str:
    return "".join(
        tag.replace("NAME", one) if index % 2 else one
        for index, one in enumerate(turns)
    )


def only(messages: list[tuple[str, str]]) -> str:
    ((_, text),) = messages
    return text


@given(text=st.text(SOME, min_size=1).filter(str.strip))
def test_plain_text_is_what_it_was(text):
    assert only(said(bring(text, Format.TEXT))) == text


@given(text=st.text(SOME + "Name_2", min_size=1), values=VALUES)
def test_a_prompt_yml_replaces_its_names_and_nothing_else(text, values):
    head = f"messages: [{{role: user, content: {json.dumps('.' + text)}}}]"

    made = bring(head, Format.PROMPT_YML)

    wanted = re.sub(
        r"\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}",
        lambda tag: values.setdefault(tag[1], "v"),
        "." + text,
    )
    assert only(said(made, **values)) == wanted


@pytest.mark.parametrize(
    "tag", ["{{NAME}}", "{{ NAME }}", "{{{NAME}}}", "{{this.NAME}}"]
)
@given(turns=parts(without="{\\"), values=VALUES)
def test_dotprompt_names_in_literal_text(tag, turns, values):
    made = bring(f"---\n---\n.{source(turns, tag)}.", Format.DOTPROMPT)

    assert only(said(made, **values)) == f".{meant(turns, values)}."


@given(turns=parts(without="{"), values=VALUES)
def test_semantic_kernel_names_in_literal_text(turns, values):
    made = bring(f".{source(turns, '{{$NAME}}')}", Format.SKPROMPT)

    assert only(said(made, **values)) == f".{meant(turns, values)}"


@pytest.mark.parametrize("format", [Format.JINJA, Format.PROMPTY])
@given(turns=parts(without="{"), values=VALUES)
def test_jinja_names_in_literal_text(format, turns, values):
    made = bring(f"user:\n.{source(turns, '{{ NAME }}')}.", format)

    assert only(said(made, **values)) == f".{meant(turns, values)}."


@given(turns=parts(without="{\\"), values=VALUES)
def test_literal_text_beside_a_condition_stays_literal(turns, values):
    """The same text as `jinja` writes it."""
    body = source(turns, "{{NAME}}")

    made = bring(f"---\n---\n.{body}.{{{{#if a}}}}{body}{{{{/if}}}}", Format.DOTPROMPT)

    text = meant(turns, values)
    told = text if values["a"] else ""
    assert only(said(made, **values)) == f".{text}.{told}"
