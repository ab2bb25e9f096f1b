"""The playground: what is filled in, what is sent, and what is said of a text."""

import html
import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placet.sizes import size_of
from registry.remote.answers import Askable, Asking
from registry.remote.changes import Proposal
from tests.ui.libraries import Library
from ui.parts.playground import asking, inputs, rendering
from ui.parts.playground.told import Told

BOT = "trial/support"
ASK = """\
kind: prompt
name: trial/ask
version: "{version}"
owner: product
description: Answers guests.
tier: medium
template: jinja
inputs:
  type: object
  properties:
    question: {{type: string, minLength: 1, maxLength: 80, description: As written.}}
    note: {{type: string}}
    nights: {{type: integer, minimum: 1}}
    price: {{type: number, default: 1.5}}
    vip: {{type: boolean, default: false}}
    cabin: {{type: string, enum: [first, second], default: second}}
    bags: {{type: array, items: {{type: string}}, default: []}}
  required: [question, note, nights]
  additionalProperties: false
messages:
  - role: system
    content: >-
      {text} {{{{ note }}}} {{{{ nights }}}} {{{{ price }}}} {{{{ vip }}}}
      {{{{ cabin }}}} {{{{ bags|tojson }}}}
  - placeholder: history
  - role: user
    content: "{{{{ question }}}}"
cases:
  - name: a guest asks for a room
    inputs: {{question: Is there a room?, note: "", nights: 2, vip: true, bags: [red]}}
    expect: {{contains: [Is there a room?]}}
"""
PLAIN = """\
kind: prompt
name: trial/plain
version: "1.0.0"
owner: product
description: Greets.
tier: medium
template: none
messages:
  - {role: system, content: Greet everybody.}
"""
GUARDRAIL = """\
kind: guardrail
name: trial/cats
version: "1.0.0"
owner: risk
description: No cats.
tier: medium
rules:
  - id: cats
    stage: [output]
    check: {type: keyword, terms: [cat]}
    action: redact
    severity: low
    message: No cats here.
cases:
  - {rule: cats, stage: output, text: a cat, expect: trigger}
  - {rule: cats, stage: output, text: a dog, expect: pass}
"""
BINDING = """\
kind: binding
name: trial/chat
version: "1.0.0"
owner: product
description: Answers guests.
tier: medium
platform: openai
model: gpt-4o-2024-08-06
pin: {kind: snapshot}
limits: {timeout_s: 30}
expect: {response_model: gpt-4o-2024-08-06}
"""
SUPPORT = """\
kind: bot
name: trial/support
version: "1.0.0"
owner: product
description: Answers guests.
tier: medium
purpose: Support
audience: customers
deputy: author
risk_partner: risk
on_call: operator
review_by: "2031-01-01"
disclosure: You talk to a machine.
fallback: Please call us.
prompts: {ask: trial/ask, plain: trial/plain}
guardrails: {cats: trial/cats}
bindings: {main: trial/chat}
"""
FIRST, SECOND = "Be kind.", "Be kind and brief."


def live(world, *sources: str) -> int:
    author = world["author"]
    change = propose(world, *sources)
    return author.changes.activate(change.id, change.review_digest).seq


def propose(world, *sources: str):
    proposal = Proposal(title="Try it", sources=sources, deleted=(), edited_from={})
    return world["author"].changes.submit("development", proposal)


@pytest.fixture(scope="module")
def seqs(world):
    """Two versions of one prompt, at these."""
    first = ASK.format(version="1.0.0", text=FIRST)
    one = live(world, first, PLAIN, GUARDRAIL, BINDING, SUPPORT)
    return one, live(world, ASK.format(version="1.0.1", text=SECOND))


@pytest.fixture
def tried(world, seqs):
    """Opens the playground at the bot."""

    def opened(who="author", **query):
        asked = {"environment": "development", "bot": BOT, **query}
        return world.page(who, "playground", **asked)

    return opened


def shown(page) -> str:
    return "\n".join(one.body for one in page.main.get("html"))


def said(page) -> str:
    told = (*page.info, *page.error, *page.warning, *page.caption)
    return "\n".join(one.value for one in told).replace("\\", "")


def field(page, kind, name):
    (found,) = [one for one in page.get(kind) if one.label.split(" · ")[0] == name]
    return found


def take_case(page):
    chosen = field(page, "selectbox", "Fill in a case of the document")
    return chosen.select_index(0).run()


def test_a_case_of_the_document_fills_in_its_values_and_is_rendered(tried):
    with tried(role="ask") as page:
        take_case(page)
        told = shown(page)

    assert f"{SECOND}  2 1.5 true second" in told
    assert html.escape('["red"]') in told
    assert "Is there a room?" in told
    sent = [
        {"role": "system", "content": f'{SECOND}  2 1.5 true second ["red"]'},
        {"role": "user", "content": "Is there a room?"},
    ]
    size = size_of(sent)
    assert f"{size.characters:,} characters" in told
    assert f"about {size.estimated_tokens:,} tokens" in told


def test_an_input_has_the_widget_of_its_type_and_says_whether_it_is_required(tried):
    with tried(role="ask") as page:
        kinds = {
            one.label: kind
            for kind in ("text_area", "text_input", "number_input", "selectbox")
            for one in page.get(kind)
        }
        chosen = [one.label for one in page.get("button_group")]

    assert kinds["question · required"] == "text_input"
    assert kinds["note · required"] == "text_area"
    assert kinds["nights · required"] == "number_input"
    assert kinds["price"] == "text_input"
    assert kinds["cabin"] == "selectbox"
    assert kinds["bags · as JSON"] == "text_area"
    assert "vip" in chosen


def test_what_is_missing_is_named_and_the_text_is_shown_as_it_was_written(tried):
    with tried(role="ask") as page:
        told, sentences = shown(page), said(page)

    assert "fill in nights and question, or choose a case" in sentences
    assert "{{ nights }}" in told


def test_a_value_that_cannot_be_read_is_a_sentence_at_its_field(tried):
    with tried(role="ask") as page:
        take_case(page)
        field(page, "text_area", "bags").set_value("[red]").run()
        told = shown(page)

    assert "This is not JSON (line 1, column 2" in told
    assert "Give a list." in told


def test_a_value_that_does_not_fit_is_told_and_rendered_as_a_chatbot_would(tried):
    with tried(role="ask") as page:
        take_case(page)
        field(page, "number_input", "nights").set_value(0).run()
        told = shown(page)

    assert "the prompt declares a whole number, at least 1" in told
    assert f"{SECOND}  0 1.5" in told


def test_what_was_typed_stays_when_the_version_changes(tried, seqs):
    with tried(role="ask") as page:
        take_case(page)
        field(page, "text_input", "question").set_value("And tomorrow?").run()
        page.query_params["seq"] = str(seqs[0])
        page.run()
        told = shown(page)

    assert "And tomorrow?" in told
    assert f"{FIRST}  2 1.5" in told


def test_a_turn_of_the_conversation_stands_where_the_prompt_takes_it(tried):
    with tried(role="ask") as page:
        take_case(page)
        (add,) = [one for one in page.button if one.label == "Add a turn"]
        add.click().run()
        field(page, "text_area", "Turn 1 says").set_value("Good morning!").run()
        told = shown(page)

    system, turn, question = map(
        told.index, (f"{SECOND}  2", "Good morning!", "Is there a room?")
    )
    assert system < turn < question


def test_what_somebody_writes_is_shown_as_text_with_what_hides_in_it(tried):
    with tried(role="ask") as page:
        take_case(page)
        field(page, "text_input", "question").set_value("<b>now\u200b</b>").run()
        told = shown(page)

    assert "&lt;b&gt;now" in told
    assert "<b>now" not in told
    assert '<mark class="hidden"' in told
    assert "[U+200B]" in told


def test_two_versions_are_compared_message_by_message(tried, seqs):
    with tried(role="ask", before=f"seq:{seqs[0]}") as page:
        take_case(page)
        told = shown(page)

    assert "<ins>" in told
    assert "brief" in told
    assert "the same in both" in told
    assert f"seq {seqs[0]}" in told


def test_an_open_change_is_compared_with_what_is_live(world, tried, seqs):
    change = propose(world, ASK.format(version="1.0.2", text="Be quick."))
    with tried(role="ask", change=str(change.id)) as page:
        take_case(page)
        told = shown(page)
    world["author"].changes.withdraw(change.id, "It was a try.")

    assert f"if change {change.id} were live" in told
    assert "<ins>quick</ins>" in told


@pytest.mark.parametrize("view", ["one", "sides", "after", "before"])
def test_a_role_that_only_one_version_has_is_said_to_be_missing(world, seqs, view):
    shrinks = SUPPORT.replace("trial/support", "trial/shrinks")
    name = "bots/trial/shrinks"
    if all(one.document != name for one in live_in_development(world)):
        live(world, shrinks)
        less = shrinks.replace(", plain: trial/plain", "").replace("1.0.0", "2.0.0")
        live(world, less)
    (seq, before) = (
        one.seq for one in world["viewer"].environments.bundles("development", name[5:])
    )
    asked = {"environment": "development", "bot": name[5:], "role": "plain"}
    versions = {"seq": str(seq), "before": f"seq:{before}", "view": view}
    with world.page("viewer", "playground", **asked, **versions) as page:
        assert not page.exception
        assert "has no prompt in the role plain" in said(page)


def live_in_development(world):
    return world["viewer"].environments.live("development").documents


def test_a_prompt_is_tried_by_itself(world, seqs):
    asked = {"environment": "development", "prompt": "trial/plain"}
    with world.page("viewer", "playground", **asked) as page:
        told, sentences = shown(page), said(page)

    assert "Greet everybody." in told
    assert "takes no values" in sentences


def test_a_stopped_bot_says_so_and_what_it_says_instead(world):
    library = Library(world, "halted").lives()
    world["risk"].environments.stop("production", library.bot, "It <i>sings</i>.")
    asked = {"environment": "production", "bot": library.bot}
    with world.page("viewer", "playground", **asked) as page:
        told, sentences = shown(page), said(page)

    assert "is stopped: It <i>sings</i>." in sentences
    assert "Please call us." in told


def test_what_lies_beneath_a_stop_can_be_tried_and_is_called_so(world):
    library = Library(world, "beneath").lives()
    world["risk"].environments.stop("production", library.bot, "It sings.")
    asked = {"environment": "production", "bot": library.bot}

    with world.page("viewer", "playground", **asked) as page:
        told, sentences = shown(page), said(page)
    with world.page("author", "playground", **asked, part="answers") as page:
        answers = said(page)

    assert "lies beneath the stop" in sentences
    assert told.index("Please call us.") < told.index("You answer about")
    assert "A model is asked again once the bot answers again" in answers


@pytest.mark.parametrize("by", ["prompt", "bot"])
def test_a_version_is_tried_by_its_number(world, tried, seqs, by):
    where = {"environment": "development"}
    if by == "prompt":
        with world.page(
            "viewer", "playground", **where, prompt="trial/ask", version="1.0.0"
        ) as page:
            offered = field(page, "selectbox", "Version number").options
            assert FIRST in shown(page)
        assert [one.split(",")[0] for one in offered] == ["1.0.1", "1.0.0"]
        return
    with tried(role="ask", version="1.0.0") as page:
        take_case(page)
        assert SECOND in shown(page)  # as that version of the bot was told last


def test_the_version_of_a_stopped_bot_is_what_it_was_told_before(world):
    library = Library(world, "numbered").lives()
    world["risk"].environments.stop("production", library.bot, "It sings.")
    asked = {"environment": "production", "bot": library.bot, "version": "1.0.0"}

    with world.page("viewer", "playground", **asked) as page:
        assert "You answer about" in shown(page)
        assert "is stopped" not in said(page)


def test_what_a_stopped_bot_was_told_before_can_be_tried(world):
    library = Library(world, "paused").lives()
    seq = library.of("production").seq
    world["risk"].environments.stop("production", library.bot, "It sings.")
    asked = {"environment": "production", "bot": library.bot}
    with world.page("viewer", "playground", **asked, before=f"seq:{seq}") as page:
        told, sentences = shown(page), said(page)

    assert "is stopped: It sings." in sentences
    assert "You answer about" in told


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"seq": "twelve"}, "Say which seq"),
        ({"seq": "999999"}, "999999"),
        ({"version": "?"}, "Say which version"),
        ({"version": "9.9.9"}, "was not live in development"),
        ({"at": "yesterday"}, "Say which moment"),
        ({"change": "999999"}, "999999"),
        ({"bot": "trial/nobody"}, "trial/nobody"),
        ({"bot": "trial/nobody", "seq": "1"}, "trial/nobody"),
        ({"before": "seq:?"}, "Say which seq"),
    ],
)
def test_what_is_not_there_is_a_sentence_and_not_the_end_of_the_page(
    tried, asked, sentence
):
    with tried(**asked) as page:
        sentences = said(page)
        assert not page.exception

    assert sentence in sentences


def test_guardrails_say_what_they_do_with_a_text_and_why(tried):
    with tried(part="guardrails", stage="output") as page:
        field(page, "text_area", "Text to check").set_value("Two <b>cat</b>s").run()
        field(page, "text_area", "Text to check").set_value("One cat.").run()
        told = shown(page)

    assert ">redact</span>" in told
    assert "trial/cats" in told
    assert "No cats here." in told
    assert "<del>cat</del>" in told


def test_a_stage_without_a_rule_lets_the_text_through(tried):
    with tried(part="guardrails", stage="input") as page:
        field(page, "text_area", "Text to check").set_value("One cat.").run()
        told = shown(page)

    assert ">allow</span>" in told
    assert "No rule finds anything in it." in told


def test_without_a_key_the_page_says_so_and_who_configures_one(tried):
    with tried(role="ask", part="answers") as page:
        take_case(page)
        told, sentences = shown(page), said(page)
        buttons = [one.label for one in page.button]

    assert "gpt-4o-2024-08-06 on openai" in sentences
    assert "has no keys of models" in sentences
    assert "docs/bindings.md" in told
    assert not [one for one in buttons if "Send" in one]


def test_who_may_not_ask_a_model_is_told_whom_it_takes(tried):
    with tried("viewer", role="ask", part="answers") as page:
        told = said(page)

    assert "viewer may not ask a model in development" in told
    assert "author" in told


def test_two_versions_with_the_same_bytes_are_asked_once():
    before = Told(words="seq 1", digest="sha256:1")
    after = Told(words="live now", digest="sha256:1")
    other = Told(words="seq 2", digest="sha256:2")

    assert asking.once([(before, MODEL), (after, MODEL)]) == [(after, MODEL)]
    assert len(asking.once([(other, MODEL), (after, MODEL)])) == 2


MODEL = Askable(
    role="main",
    binding="trial/chat",
    version="1.0.0",
    platform="openai",
    model="gpt-4o",
    why_not=None,
    you=Asking(why_not=None),
)


def declared(schema) -> inputs.Input:
    whole = {"properties": {"it": schema}, "required": ["it"]}
    (found,) = inputs.inputs_of({"inputs": whole})
    return found


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(string.printable, max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(value=values)
def test_what_a_case_gives_is_given_as_it_stands(value):
    for schema in ({}, {"enum": [value, "other", 7]}):
        one = declared(schema)
        found = inputs.given(one, inputs.raw_of(one, value))
        assert found.is_there
        assert json.dumps(found.value) == json.dumps(value)


@given(value=st.text(min_size=1))
def test_a_text_is_taken_as_it_stands(value):
    one = declared({"type": "string"})

    assert inputs.given(one, inputs.raw_of(one, value)).value == value


def test_a_required_text_that_may_be_empty_is_given_as_an_empty_text():
    may = inputs.given(declared({"type": "string"}), "")
    may_not = inputs.given(declared({"type": "string", "minLength": 1}), "")
    day = inputs.given(declared({"type": "string", "format": "date"}), "")

    assert (may.is_there, may.value) == (True, "")
    assert not may_not.is_there
    assert (day.is_there, day.wrong) == (False, "Give a day, as YYYY-MM-DD.")


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "[" * 9_999, "{'a': 1}"])
def test_what_is_no_json_gives_nothing(raw):
    found = inputs.given(declared({}), raw)

    assert not found.is_there
    assert found.wrong.startswith(("This is not JSON", raw))


def test_a_message_that_came_moves_no_other():
    first, second = {"role": "a", "content": "1"}, {"role": "b", "content": "2"}
    between = {"role": "a", "content": "x"}

    found = list(rendering.pairs([first, second], [first, between, second]))

    assert found == [(first, first), (None, between), (second, second)]
