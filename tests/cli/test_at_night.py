"""`placet bisect` and `placet replay` on a real history: what broke it, and what if."""

import json
import re
import subprocess
from math import ceil, log2

import pytest

from tests.cli.nights import (
    ENVIRONMENT,
    LAST,
    RESUMED,
    RIGHT,
    STOPPED,
    WEAKER,
    WRONG,
    WRONG_TEXT,
    Night,
    go_wrong,
)
from tests.cli.worlds import PLACET, Library, World, begin

pytestmark = pytest.mark.slow

RENDERING = f"""\
prompt: refunds
inputs: {{question: Can I?}}
expect:
  contains: [{RIGHT}]
"""
GUARDING = "guardrail: promises\ntext: It is guaranteed.\nexpect: block\n"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory):
    """A registry of its own: the seqs have to be known."""
    folder = tmp_path_factory.mktemp("night")
    home = folder / "registry"
    passwords = begin(home)
    server = subprocess.Popen(
        [PLACET, "serve", "--home", home, "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url, said = None, ""
        while url is None:
            line = server.stderr.readline()
            assert line, said
            said += line
            url = re.search(r"http://\S+:\d+", line)
        world = World(url[0], home, passwords)
        yield go_wrong(world, Library(folder / "library", "acme"), folder / "files")
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()


def bisect(night: Night, case: str, *words: str):
    """Run it from seq 1 on."""
    good = () if "--good" in words else ("--good", "1")
    return night.world["viewer"].run(
        "bisect", night.bot, "--case", night.case(case), *good, *words
    )


def found(night: Night, case: str, *words: str) -> dict:
    result = bisect(night, case, *words, "--json")
    assert result.exit_code in {0, 1}, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("case", "culprit"), [(RENDERING, WRONG_TEXT), (GUARDING, WEAKER)]
)
def test_the_activation_that_broke_it_is_named_in_few_tries(night, case, culprit):
    told = found(night, case)

    assert [one["seq"] for one in told["suspects"]] == [culprit]
    assert len(told["tries"]) <= ceil(log2(LAST - 1)) + 2
    assert told["good"] == culprit - 1


def test_what_is_found_says_who_agreed_what_changed_and_how_to_go_back(night):
    result = bisect(night, RENDERING)

    assert result.exit_code == 0
    assert f"Seq {WRONG_TEXT} of production broke it." in result.stdout
    assert f"change     {night.changes[WRONG_TEXT]}" in result.stdout
    assert "by         operator" in result.stdout
    assert "product (product)" in result.stdout
    assert f"{night.library.refunds} 1.0.0 -> 1.0.1" in result.stdout
    assert "if it broke once and stayed broken" in result.stdout
    commands = re.findall(r": placet (.*)", result.stderr)
    assert [command.split()[0] for command in commands] == [
        "show", "diff", "rollback", "rollback",
    ]  # fmt: skip
    for command in commands:
        night.world["viewer"].does(*command.split())


def test_a_rollback_that_takes_votes_says_the_whole_command_that_proposes_it(night):
    told = found(night, RENDERING)
    words = told["not_at_once"][0].removesuffix(" --preview").split()[1:]

    said = night.world["operator"].is_refused(
        *words, "--reason", "It is wrong", "--yes"
    )

    proposal = f"placet {' '.join(words)} --reason 'It is wrong' --propose"
    assert proposal in " ".join(said.split())


def test_a_bad_moment_at_which_it_was_stopped_is_taken_back_to_before_that(night):
    holds = RENDERING.replace(RIGHT, WRONG)

    result = bisect(night, holds, "--good", "1", "--bad", str(STOPPED))

    assert "cannot be tried" not in result.stderr
    assert f"stopped since seq {STOPPED}: seq {STOPPED - 1} is taken" in result.stderr


def test_each_try_is_told_as_it_is_made(night):
    result = bisect(night, RENDERING)

    tries = re.findall(r"^seq (\d+) +(\w+)", result.stderr, flags=re.MULTILINE)
    assert tries[:2] == [("1", "good"), (str(LAST), "bad")]
    assert "at most" in result.stderr


def test_moments_are_named_by_their_time_too(night):
    at = night.world["viewer"].reads("asof", ENVIRONMENT, "2")["at"]

    told = found(night, RENDERING, "--good", at)

    assert told["tries"][0]["seq"] == 2


def test_a_command_is_run_with_the_file_of_each_bundle(night):
    script = night.folder / "check.sh"
    script.write_text(
        f'#!/bin/sh\ngrep -q "{RIGHT}" "$1" && test -f "$PLACET_BUNDLE"\n'
    )
    script.chmod(0o755)

    told = found(night, "command: [./check.sh]\n")

    assert [one["seq"] for one in told["suspects"]] == [WRONG_TEXT]


def test_skipped_ones_beside_the_culprit_are_told_and_the_exit_status_is_1(night):
    script = night.folder / "skips.sh"
    script.write_text(
        f'#!/bin/sh\ntest "$PLACET_SEQ" -eq {WRONG_TEXT} && exit 125\n'
        f'grep -q "{RIGHT}" "$1"\n'
    )
    script.chmod(0o755)

    result = bisect(night, "command: [./skips.sh]\n")

    assert result.exit_code == 1
    assert f"One of 2 broke it, from seq {WRONG_TEXT} to {WRONG_TEXT + 1}" in (
        result.stdout
    )


def test_the_token_is_kept_from_a_command(night):
    script = night.folder / "token.sh"
    script.write_text(
        '#!/bin/sh\ntest -z "$PLACET_TOKEN" && test "$PLACET_SEQ" -lt 5\n'
    )
    script.chmod(0o755)
    token = night.world["operator"].does(
        *("token", "new", "--purpose", "test", "--scope", "operate")
    )
    case = night.case("command: [./token.sh]\n")

    result = night.world["operator"].run(
        *("bisect", night.bot, "--case", case, "--good", "1"),
        PLACET_URL=night.world.url,
        PLACET_TOKEN=token.strip(),
    )

    assert result.exit_code == 0, result.output
    assert "Seq 5 of production broke it." in result.stdout


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("[/nowhere/check.sh]", "cannot be run"),
        ("[sh, -c, 'exit 126']", "ended with 126"),
        ("[sh, -c, 'kill -9 $$']", "ended with -9"),
        ("[sh, -c, 'sleep 60']\ntimeout_s: 1", "did not end within 1 s"),
    ],
)
def test_a_command_that_says_nothing_ends_the_search(night, command, told):
    result = bisect(night, f"command: {command}\n")

    assert result.exit_code == 2
    assert told in result.stderr
    assert "where --good is" not in result.stderr


def test_a_stopped_bot_is_skipped(night):
    told = found(night, RENDERING, "--good", str(STOPPED - 1), "--bad", str(WRONG_TEXT))

    assert [one["seq"] for one in told["suspects"]] == [WRONG_TEXT]
    stopped = [one for one in told["tries"] if one["seq"] == STOPPED]
    assert all(one["verdict"] == "skip" for one in stopped)


def test_a_moment_at_which_it_was_stopped_is_neither_good_nor_bad(night):
    result = bisect(night, RENDERING, "--good", str(STOPPED))

    assert result.exit_code == 2
    assert (
        f"cannot be tried at seq {STOPPED}, where --good is: it was stopped: Ill"
        in (result.stderr)
    )


def test_what_does_not_hold_at_good_is_refused(night):
    result = bisect(night, RENDERING, "--good", str(WRONG_TEXT))

    assert result.exit_code == 2
    assert f"it does not hold at seq {WRONG_TEXT}, where --good is" in result.stderr


def test_what_still_holds_at_bad_was_broken_by_no_activation(night):
    result = bisect(night, RENDERING, "--bad", str(WRONG_TEXT - 1))

    assert result.exit_code == 1
    assert "No activation broke it." in result.stdout
    assert found(night, RENDERING, "--bad", str(WRONG_TEXT - 1))["suspects"] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--good", "5", "--bad", "3"), "which is after --bad"),
        (("--good", "99"), "has no seq 99"),
        (("--good", "0"), "has no seq 0"),
        (("--good", "soon"), "is not a time"),
        (("--good", "2999-01-01 10:00"), "is not over yet"),
        (("--good", "1", "--env", "nowhere"), "there is no environment"),
        (("--good", "1", "--env", "staging"), "was never live in staging"),
    ],
)
def test_moments_that_are_none_are_refused(night, words, told):
    result = bisect(night, RENDERING, *words)

    assert result.exit_code == 2
    assert told in result.stderr


def test_a_case_with_mistakes_is_told_by_line(night):
    result = bisect(night, "text: Hello\nexpect: blok\n")

    assert result.exit_code == 2
    assert "case.yaml:2:" in result.stderr
    assert "Did you mean `block`?" in result.stderr


def test_a_case_that_is_not_there_is_refused(night):
    refused = night.world["viewer"].is_refused(
        "bisect", night.bot, "--case", "/nowhere.yaml", "--good", "1"
    )

    assert "/nowhere.yaml cannot be read" in refused


def replay(night: Night, log: str, *words: str):
    return night.world["viewer"].run("replay", log, *words)


def logged(night: Night, seq: int, **given: object) -> dict:
    return {
        "placet_environment": ENVIRONMENT,
        "placet_seq": seq,
        "placet_bot": night.bot,
        "placet_bundle": night.bundle(seq),
        "placet_stopped": False,
        **given,
    }


ASKED = {"prompt": "refunds", "inputs": {"question": "Can I?"}}


def test_a_replay_shows_how_messages_and_verdicts_would_differ(night):
    log = night.log(
        logged(night, LAST, **ASKED),
        logged(night, LAST, text="It is guaranteed.", stage="output"),
    )

    result = replay(night, log, "--seq", str(WRONG_TEXT - 1))

    assert result.exit_code == 1
    assert f"+ {RIGHT}" in result.stdout
    assert "action: allow -> block" in result.stdout
    assert "2 lines: 2 differ." in result.stdout


def test_a_replay_at_its_own_seq_differs_in_nothing(night):
    log = night.log(logged(night, LAST, **ASKED))

    result = replay(night, log, "--seq", str(LAST))

    assert result.exit_code == 0
    assert "1 line: 1 the same." in result.stdout


def test_two_other_seqs_can_be_compared(night):
    log = night.log(logged(night, LAST, **ASKED))

    seqs = ("--seq", str(WRONG_TEXT), "--against", str(WRONG_TEXT - 1))
    result = replay(night, log, *seqs, "--json")

    told = json.loads(result.stdout)
    assert told["summary"] == {"differs": 1}
    (line,) = told["lines"]
    assert (line["before"], line["after"]) == (WRONG_TEXT - 1, WRONG_TEXT)
    assert RIGHT in line["differences"][0]["before"]


def test_what_was_recorded_is_compared_without_a_seq(night):
    said = [{"role": "system", "content": "Something else."}]
    log = night.log({"bot": night.bot, **ASKED, "messages": said})

    result = replay(night, log, "--seq", "1")

    assert result.exit_code == 1
    assert "- Something else." in result.stdout


def test_a_stopped_seq_is_skipped_and_told(night):
    log = night.log(logged(night, LAST, **ASKED))

    result = replay(night, log, "--seq", str(STOPPED))

    assert result.exit_code == 0
    assert f"skipped: at seq {STOPPED} it was stopped: Ill" in result.stdout
    assert "1 line: 1 skipped." in result.stdout


def test_a_conversation_with_a_stopped_bot_is_skipped(night):
    log = night.log(logged(night, RESUMED, **ASKED) | {"placet_stopped": True})

    result = replay(night, log, "--seq", "1")

    assert "the bot was stopped then" in result.stdout


def test_what_can_be_rendered_nowhere_is_not_the_same(night):
    log = night.log(logged(night, LAST, prompt="refunds", inputs={}))

    result = replay(night, log, "--seq", "1")

    assert "skipped: at both" in result.stdout


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"text": "Hello."}, "line 2 names no bot"),
        ({"bot": "a/b", "messages": []}, "line 2 has messages"),
        ({"bot": "a/b", "text": "a"}, "line 2 does not say at which seq"),
        ({"bot": "a/b", "text": "a", "format": 9}, "line 2 is of format"),
        ({"bot": "a/b", "text": "a", "seq": 999}, "line 2: production has no seq 999"),
    ],
)
def test_a_line_that_cannot_be_replayed_is_named(night, line, told):
    log = night.log(logged(night, LAST, **ASKED), line)

    result = replay(night, log, "--seq", "1")

    assert result.exit_code == 2
    assert told in result.stderr


def test_a_log_of_another_registry_is_noticed(night):
    line = logged(night, LAST, **ASKED) | {"placet_bundle": "sha256:" + 64 * "0"}

    result = replay(night, night.log(line), "--seq", "1")

    assert result.exit_code == 2
    assert "line 1" in result.stderr
    assert "Check that it is the registry that the log is of." in result.stderr


def test_an_empty_log_is_refused(night):
    result = replay(night, night.log(), "--seq", "1")

    assert result.exit_code == 2
    assert "has no line to replay" in result.stderr


def test_a_log_with_too_many_lines_is_refused(night):
    path = night.folder / "long.jsonl"
    path.write_text('{"bot": "a/b", "text": "a", "seq": 1}\n' * 10_001)

    result = replay(night, str(path), "--seq", "1")

    assert result.exit_code == 2
    assert "more than 10,000 lines" in result.stderr
