"""What live documents say of themselves is read from what is served, on both."""

import pytest

from registry.db.catalogue import read_about, read_labelled
from registry.db.engine import reading
from registry.documents import parse
from tests.writer import acts as acting

LABELS = b"labels: {team: travel, channel: web}\n"
STEPS = b"steps: [{name: sort, prompt: refunds}, {name: end, prompt: refunds}]\n"


@pytest.fixture
def labelled(registry, acts):
    """A prompt with labels in staging, and a later version of it without."""
    acts.begin_support()
    acts.put_live(parse(acting.prompt("1.0.1", name="acme/other").source + LABELS))
    acts.put_live(parse(acting.bot("1.1.0").source + STEPS))
    return registry


def composed(registry, document):
    return registry.writer.state.environment("staging").live[document].document.composed


def read(registry, name, value=None, environments=("staging",)):
    with reading(registry.engine) as connection:
        return read_labelled(connection, environments, name, value)


@pytest.mark.parametrize("value", [None, "travel"])
def test_what_is_live_with_a_label_is_found(labelled, value):
    assert read(labelled, "team", value) == {composed(labelled, "prompts/acme/other")}


@pytest.mark.parametrize(
    ("name", "value"), [("team", "trav"), ("tea", None), ("travel", None)]
)
def test_a_label_is_found_whole_or_not_at_all(labelled, name, value):
    assert read(labelled, name, value) == frozenset()


def test_a_label_counts_only_where_it_is_live(labelled, acts):
    assert read(labelled, "team", environments=("production",)) == frozenset()

    acts.put_live(acting.prompt("1.1.0", name="acme/other"))
    assert read(labelled, "team") == frozenset()


def test_what_is_served_says_what_it_is(labelled):
    bot = composed(labelled, "bots/acme/support")
    prompt = composed(labelled, "prompts/acme/other")

    with reading(labelled.engine) as connection:
        about = read_about(connection, [bot, prompt, bot])

    assert about[prompt].description == "Answers a question."
    assert about[prompt].labels == {"team": "travel", "channel": "web"}
    assert [step.name for step in about[bot].steps] == ["sort", "end"]
    assert about[bot].prompts["refunds"].name == "acme/refunds"
