"""A `jinja` prompt in a chatbot, with the extra `placet[jinja]` and without it."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import placet
from placet.templates import OverLimit

PROMPT = "acme-air/refunds"
SOURCE = Path(str(files("placet"))).parent
LIST = "{% for one in bags %}{{ loop.index }}. {{ one.kg }} kg\n{% endfor %}"


@pytest.fixture
def put(registry, client):
    """Put a jinja prompt with these messages and read it."""

    def prompt(messages, **more):
        registry.put_prompt(PROMPT, messages, template="jinja", **more)
        client.refresh()
        return client.prompt(PROMPT)

    return prompt


def test_a_jinja_prompt_is_rendered(put):
    prompt = put(
        [
            {"role": "system", "content": "Bags:\n" + LIST},
            {"placeholder": "history"},
            {"role": "user", "content": "{% if urgent %}Urgent: {% endif %}{{ q }}"},
        ]
    )

    messages = prompt.render(
        bags=[{"kg": 23}, {"kg": 8}], urgent=True, q="{{ bags }}", history=[]
    )

    assert [message["content"] for message in messages] == [
        "Bags:\n1. 23 kg\n2. 8 kg\n",
        "Urgent: {{ bags }}",
    ]


def test_a_default_stands_in_for_a_value_that_was_not_given(put):
    tone = {"type": "string", "default": "kindly"}
    inputs = {"type": "object", "properties": {"tone": tone}, "required": []}

    assert put("{{ tone|upper }}", inputs=inputs).render()[0]["content"] == "KINDLY"


def test_a_value_that_is_not_there_is_an_error_that_tells_the_line(put):
    prompt = put("Hello\n{{ name.first }}")

    with pytest.raises(placet.MissingInput, match="line 2"):
        prompt.render(name={"last": "Nordmann"})


def test_an_error_shows_a_name_and_neither_text_of_the_prompt_nor_a_value(put):
    prompt = put('The "{{ "{{" }} secret" {% for x in hush %}{{ x.kind }}{% endfor %}')

    with pytest.raises(placet.MissingInput) as error:
        prompt.render(hush=["hunter2"])

    assert "hunter2" not in str(error.value)
    assert "secret" not in str(error.value)


def test_a_chatbots_values_are_as_they_were(put):
    bags = [{"kg": 23}]

    put("{{ bags }}{% for x in bags %}{{ x == bags[0] }}{% endfor %}").render(bags=bags)

    assert bags == [{"kg": 23}]


def test_values_that_would_make_it_endless_are_an_error_of_its_own(put):
    prompt = put("{% for x in a %}{% for y in a %}{{ y }}{% endfor %}{% endfor %}")

    with pytest.raises(OverLimit):
        prompt.render(a=list(range(5_000)))


@pytest.mark.parametrize("text", ["{% set x = 1 %}", "{{ a.pop() }}", "{% if %}"])
def test_a_text_that_is_no_template_is_refused_when_it_is_read(put, text):
    with pytest.raises(placet.BadAnswer) as error:
        put(text)

    assert text not in str(error.value)


def test_without_the_extra_loading_fails_and_says_what_to_install(registry):
    registry.put_prompt(PROMPT, "{{ x }}", template="jinja")
    script = (
        f"import sys; sys.path.insert(0, {str(SOURCE)!r}); import placet\n"
        f"client = placet.Client({registry.url!r}, token={registry.token!r}, "
        "environment='production')\n"
        f"try: client.prompt({PROMPT!r})\n"
        "except placet.Unsupported as error: print(error)\n"
    )

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert 'pip install "placet[jinja]"' in done.stdout, done.stderr


def test_an_import_of_placet_does_not_load_the_engine():
    script = (
        f"import sys; sys.path.insert(0, {str(SOURCE)!r}); import placet\n"
        "print([name for name in sys.modules if 'jinja' in name])\n"
    )

    done = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
