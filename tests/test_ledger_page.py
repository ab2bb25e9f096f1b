"""`docs/ledger.md` says what the code does, field by field.

Its examples are events, and the program on it checks a real ledger.
"""

import json
import re
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from registry import (
    changes,
    check_results,
    commands,
    conditions,
    events,
    freezes,
    payloads,
    people,
    policies,
    policy_rules,
    ratification,
)
from registry.policy_text import parse_policy
from registry.writer import Home, opened

PAGE = (Path(__file__).parents[1] / "docs/ledger.md").read_text()

SHARED = {
    "Actor": people.Actor,
    "FileEdit": events.FileEdit,
    "Person": people.Person,
    "Limit": people.Limit,
    "Policy": policies.Policy,
    "Requirement": policies.Requirement,
    "Freeze": freezes.Freeze,
    "EmergencyRule": policy_rules.EmergencyRule,
    "RequiredCheck": policy_rules.RequiredCheck,
    "DecisionTime": policy_rules.DecisionTime,
    "ReviewRule": policy_rules.ReviewRule,
    "SignInRule": policy_rules.SignInRule,
    "EnvironmentPolicy": payloads.EnvironmentPolicy,
    "Revision": changes.Revision,
    "Fact": changes.Fact,
    "Edit": changes.Edit,
    "Base": changes.Base,
    "Affected": changes.Affected,
    "Read": changes.Read,
    "PolicyPin": changes.PolicyPin,
    "ProposedPolicy": changes.ProposedPolicy,
    "Resumption": changes.Resumption,
    "Matched": policies.Matched,
    "CheckResult": check_results.CheckResult,
    "Example": check_results.Example,
    "Condition": conditions.Condition,
    "LiveDocument": payloads.LiveDocument,
    "Opened": ratification.Opened,
    "BundleSet": payloads.BundleSet,
}
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def sections(page: str, level: str) -> dict[str, str]:
    """The texts under the headings of one level, by heading."""
    parts = re.split(rf"^{level} (.+)$", page, flags=re.MULTILINE)
    ends = re.compile(rf"^#{{1,{len(level)}}} ", re.MULTILINE)
    return {
        heading.strip("`"): ends.split(text)[0]
        for heading, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def told_fields(section: str) -> list[str]:
    """The first column of the section's table."""
    return re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)


def examples(section: str) -> list[dict]:
    blocks = re.findall(r"```json\n(.*?)```", section, flags=re.DOTALL)
    return [json.loads(block) for block in blocks]


def names_of(kind: type) -> list[str]:
    return [field.name for field in fields(kind)]


@pytest.fixture
def home(tmp_path):
    """A registry of two events."""
    home = Home(path=tmp_path / "registry")
    home.create().close()
    author, admin = (
        people.person(handle, roles=(role,), seats=(), active=True)
        for handle, role in (
            ("author", people.Role.AUTHOR),
            ("admin", people.Role.ADMIN),
        )
    )
    policy = b"environment: test\nrequirements: [{name: nobody, open: true}]\n"
    create = commands.Create(
        repository="0" * 32, policies=(parse_policy(policy),), people=(admin, author)
    )
    propose = commands.SubmitPolicy(
        title="Ask the board",
        text=parse_policy(policy.replace(b"open: true", b"seat: board")),
        earliest=NOON + timedelta(days=1),
    )
    with opened(home, clock=lambda: NOON) as registry:
        registry.writer.write(create, by=identity("admin", "local"))
        registry.writer.write(propose, by=identity("author", people.SESSION))
    return home


def identity(handle: str, via: str) -> people.Identity:
    return people.Identity(handle=handle, via=via, roles=None)


def git(home: Home, *arguments: str, data: str = "") -> str:
    return subprocess.run(
        ["git", "--git-dir", home.ledger_path, *arguments],
        input=data,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


@pytest.fixture
def by_hand(tmp_path, home):
    """Runs the program of docs/ledger.md on the registry."""
    program = tmp_path / "check.py"
    program.write_text(re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)[0])

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", program, home.ledger_path],
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_page_has_every_type_of_event_and_no_other():
    told = sections(sections(PAGE, "##")["The types of event"], "###")

    assert list(told) == list(payloads.TYPES)


@pytest.mark.parametrize("name", payloads.TYPES)
def test_the_page_has_every_field_of_an_event(name):
    told = sections(PAGE, "###")[name]

    assert told_fields(told) == names_of(payloads.TYPES[name])


@pytest.mark.parametrize("name", payloads.TYPES)
def test_the_examples_on_the_page_are_events(name):
    shown = examples(sections(PAGE, "###")[name])

    assert shown
    for example in shown:
        payload = msgspec.convert(example, payloads.TYPES[name])
        assert json.loads(msgspec.json.encode(payload)) == example


def test_the_page_has_every_shared_value():
    told = sections(sections(PAGE, "##")["Shared values"], "###")

    assert {name: told_fields(text) for name, text in told.items()} == {
        name: names_of(kind) for name, kind in SHARED.items()
    }


def test_the_page_has_the_whole_envelope():
    told = sections(PAGE, "##")["An event"]
    (example,) = examples(told)

    event = events.parse(json.dumps(example).encode())

    assert sorted(told_fields(told)) == sorted([*names_of(events.Event), "type"])
    assert json.loads(events.dump(event)) == example


def test_the_page_tells_the_format():
    told = sections(PAGE, "##")["What is versioned"]

    assert f"is a number, {payloads.FORMAT} in this version" in told


def test_a_ledger_can_be_checked_by_hand(home, by_hand):
    checked = by_hand()

    body = git(home, "cat-file", "blob", "main:events/000/000002.json").encode()
    last = events.digest_of(body)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == f"2 events hold together; the last one has {last}\n"


def test_a_ledger_that_was_touched_fails_by_hand(home, by_hand):
    author = "author admin <admin@placet> 1 +0000"
    blob = git(home, "hash-object", "-w", "--stdin", data="environment: mine\n")
    listed = git(home, "ls-tree", "main^:policy").replace("\n", "")
    policy = git(home, "mktree", data=re.sub(r"[0-9a-f]{40}", blob, listed) + "\n")
    whole = git(home, "ls-tree", "main^")
    old = git(home, "rev-parse", "main^:policy")
    tree = git(home, "mktree", data=whole.replace(old, policy) + "\n")
    message = git(home, "log", "-1", "--format=%B", "main^")
    commit = git(
        home, "hash-object", "-w", "--stdin", "-t", "commit",
        data=f"tree {tree}\n{author}\ncommitter{author[6:]}\n\n{message}",
    )  # fmt: skip
    git(home, "update-ref", "refs/heads/main", commit)

    checked = by_hand()

    assert checked.returncode == 1
    assert "policy/test.yaml has other bytes" in checked.stderr


def test_what_was_signed_is_checked_by_hand(home, by_hand):
    with opened(home, clock=lambda: NOON) as registry:
        registry.afterwards.once()

    checked = by_hand()

    assert checked.returncode == 0, checked.stderr
    root = git(home, "show", "checkpoints:checkpoint").splitlines()[2]
    assert checked.stdout.splitlines()[1:] == [
        f"the checkpoint of 2 events has their root, {root}"
    ]


def test_an_end_that_was_cut_off_is_found_by_hand(home, by_hand):
    with opened(home, clock=lambda: NOON) as registry:
        registry.afterwards.once()
    git(home, "update-ref", "refs/heads/main", "main^")

    checked = by_hand()

    assert checked.returncode == 1
    assert "event 2 was cut off" in checked.stderr
