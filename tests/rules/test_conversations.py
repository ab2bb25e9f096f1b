"""The rules at the top of `registry/conversations.py`."""

import json

import pytest

from registry.conversations import (
    MAX_LINE_BYTES,
    Came,
    Difference,
    differences,
    parse_turn,
    play,
)
from registry.errors import Invalid, TooLarge
from tests.rules.test_bot_cases import told

LOGGED = {
    "placet_environment": "staging",
    "placet_seq": 7,
    "placet_bot": "acme/support",
    "placet_version": "1.0.0",
    "placet_bundle": "sha256:" + 64 * "1",
    "placet_prompts": {},
    "placet_stopped": False,
    "levelname": "INFO",
}
GIVEN = {"prompt": "hello", "inputs": {"name": "Ada", "history": []}}
HELLO = [
    {"role": "system", "content": "Hello Ada."},
    {"role": "user", "content": "Hi."},
]


def turn(number: int = 3, **line: object):
    return parse_turn(number, json.dumps(line).encode())


def came(**parts: object) -> Came:
    nothing = {"messages": None, "action": None, "text": None}
    return Came(**{**nothing, "rules": (), "problems": (), **parts})


def test_a_line_says_with_the_log_fields_what_it_was_made_with():
    found = turn(**LOGGED, **GIVEN)

    assert (found.bot, found.environment, found.seq) == ("acme/support", "staging", 7)
    assert found.bundle == LOGGED["placet_bundle"]
    assert found.inputs == GIVEN["inputs"]


def test_a_line_may_be_written_by_hand():
    found = turn(bot="bots/acme/support", seq=7, text="Hello.")

    assert (found.bot, found.seq, found.stage) == ("acme/support", 7, "output")


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ({"bot": "a/b"}, "has nothing to replay"),
        ({"text": "Hello."}, "names no bot"),
        ({"bot": "a/b", "messages": []}, "not what they were made from"),
        ({"bot": "a/b", "prompt": "hello"}, "names a prompt, but no `inputs`"),
        ({"placet_prompt": "x", "text": "a"}, "a single prompt, without a bot"),
        ({"bot": "a/b", "text": "a", "format": 2}, "is of format '2'"),
        ({"bot": "a/b", "text": 1}, "has a `text` that is no text"),
        ({"bot": "a/b", "text": "a", "seq": "7"}, "has a seq that is none"),
        ({"bot": "a/b", "text": "a", "seq": 0}, "has a seq that is none"),
        ({"bot": "a/b", "prompt": "p", "inputs": []}, "has `inputs` that is no object"),
        ({"bot": "a/b", "text": "a", "messages": [1]}, "no list of messages"),
    ],
)
def test_a_line_that_cannot_be_replayed_is_named_with_what_is_wrong(line, wrong):
    with pytest.raises(Invalid, match="line 3 ") as refused:
        turn(**line)

    assert wrong in str(refused.value)


@pytest.mark.parametrize("data", [b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(data):
    with pytest.raises(Invalid, match="line 3 is no JSON"):
        parse_turn(3, data)


def test_a_line_that_is_too_long_is_refused():
    with pytest.raises(TooLarge, match="line 3"):
        parse_turn(3, b" " * (MAX_LINE_BYTES + 1))


def test_a_prompt_and_a_text_are_both_played():
    found = play(turn(bot="a/b", **GIVEN, text="I promise."), told())

    assert list(found.messages) == HELLO
    assert found.action == "block"
    assert found.rules == ("acme/no-promises: promises",)


def test_what_cannot_be_done_is_a_problem_and_not_the_end():
    found = play(turn(bot="a/b", prompt="gone", inputs={}, text="Hello."), told())

    assert found.action == "allow"
    assert found.problems == ("the bot has no prompt in the role 'gone'",)


def test_nothing_differs_from_itself():
    line = turn(bot="a/b", **GIVEN, text="I promise.")

    assert list(differences(line, play(line, told()), play(line, told()))) == []


def test_other_words_and_another_verdict_differ():
    line = turn(bot="a/b", **GIVEN, text="I promise.")
    other = told("Bye {{ name }}.", check={"type": "keyword", "terms": ["Bye"]})

    found = list(differences(line, play(line, told()), play(line, other)))

    assert [one.what for one in found] == ["messages", "action", "rules"]
    assert found[1] == Difference(what="action", before="block", after="allow")


def test_what_was_recorded_counts_before_what_is_made_again():
    line = turn(bot="a/b", **GIVEN, messages=[{"role": "user", "content": "Bye."}])

    (found,) = differences(line, None, play(line, told()))

    assert line.is_recorded
    assert found.before == "[user]\nBye."


def test_a_text_without_a_recorded_action_needs_a_seq():
    assert not turn(bot="a/b", text="Hello.").is_recorded
    assert turn(bot="a/b", text="Hello.", action="allow").is_recorded


def test_what_could_not_be_done_at_all_is_nothing():
    assert came(problems=("no such prompt",)).is_nothing
    assert not came(action="allow").is_nothing


def test_placeholders_that_the_line_does_not_give_are_left_out():
    line = turn(bot="a/b", prompt="hello", inputs={"name": "Ada"})

    assert list(play(line, told()).messages) == HELLO
