"""The branches for people: `env/<environment>`, computed from the ledger."""

from dataclasses import replace

import pytest

from registry.errors import Invalid, LedgerBroken
from registry.ledger import Ledger, Step


@pytest.fixture
def step(entry):
    def step(commit, number, **changes):
        source = entry(number)
        fields = {
            "commit": commit,
            "number": number,
            "message": source.message,
            "author": source.author,
            "at": source.at,
        }
        return Step(**{**fields, **changes})

    return step


@pytest.fixture
def steps(write, step):
    """Three events: a in staging, then a in production, then b in production."""
    files = [
        {"live/staging/prompts/a.yaml": b"a\n", "live/staging/prompts/b.yaml": b"b\n"},
        {"live/production/prompts/a.yaml": b"a\n"},
        {"live/production/prompts/b.yaml": b"B\n"},
    ]
    return [step(write(each), number) for number, each in enumerate(files, start=1)]


def test_a_branch_is_what_is_live_in_the_environment(ledger, steps, git):
    ledger.derive("staging", steps[:1])
    ledger.derive("production", steps[1:])

    for name in ("staging", "production"):
        tree = git("rev-parse", f"env/{name}^{{tree}}")
        assert tree == git("rev-parse", f"main:live/{name}")


def test_people_compare_environments_with_git_diff(ledger, steps, git):
    ledger.derive("staging", steps[:1])
    ledger.derive("production", steps[1:])

    difference = git("diff", "--no-color", "env/staging", "env/production")

    assert [line for line in difference.splitlines() if line[0] in "+-"] == [
        "--- a/prompts/b.yaml",
        "+++ b/prompts/b.yaml",
        "-b",
        "+B",
    ]


def test_each_step_is_what_was_live_then(ledger, steps, git):
    ledger.derive("production", steps[1:])

    files = [
        git("ls-tree", "-r", "--name-only", tree).split()
        for tree in ("env/production~1", "env/production")
    ]
    assert files == [["prompts/a.yaml"], ["prompts/a.yaml", "prompts/b.yaml"]]


def test_an_environment_without_anything_live_is_an_empty_tree(ledger, steps, git):
    ledger.derive("production", steps)

    assert git("ls-tree", "-r", "env/production~2") == ""
    assert git("diff", "--name-only", "env/production~2", "env/production~1").split()


def test_the_last_event_is_known(ledger, steps):
    before = ledger.derived("production")
    ledger.derive("production", steps[:2])

    assert (before, ledger.derived("production")) == (None, 2)


def test_the_ids_depend_on_the_steps_alone(ledger, steps):
    ledger.derive("production", steps[:1])
    ledger.derive("production", [])
    ledger.derive("production", steps[1:])
    one_by_one = ledger.derived_ids("production")

    ledger.rederive("production", steps)

    assert ledger.derived_ids("production") == one_by_one
    assert [number for number, _ in one_by_one] == [1, 2, 3]


def test_deriving_does_not_move_the_ledger(ledger, steps):
    head = ledger.head()

    ledger.derive("production", steps)

    assert ledger.head() == head


def test_an_event_is_derived_once(ledger, steps):
    ledger.derive("production", steps[:2])

    with pytest.raises(Invalid, match="event 2 cannot follow event 2"):
        ledger.derive("production", steps[1:])

    assert ledger.derived("production") == 2


def test_steps_come_in_order(ledger, steps):
    with pytest.raises(Invalid, match="event 1 cannot follow event 2"):
        ledger.derive("production", [steps[1], steps[0]])

    assert ledger.derived("production") is None


def test_the_number_of_the_event_is_the_last_trailer(ledger, steps, git):
    forged = replace(steps[0], message="Do it\n\nActor: author\nPlacet-Event: 99")
    plain = replace(steps[1], message="Do that\n\nBecause: of\nsomething else.\n")
    ledger.derive("production", [forged, plain])

    messages = [
        git("log", "-1", "--format=%B", commit).rstrip("\n")
        for _, commit in ledger.derived_ids("production")
    ]

    assert messages == [
        "Do it\n\nActor: author\nPlacet-Event: 99\nPlacet-Event: 1",
        "Do that\n\nBecause: of\nsomething else.\n\nPlacet-Event: 2",
    ]
    assert ledger.derived("production") == 2


def test_a_commit_of_somebody_else_on_the_branch_is_noticed(ledger, steps, git):
    ledger.derive("production", steps[:2])
    theirs = git(
        "commit-tree", "main^{tree}", "-p", "env/production", "-m", "x"
    ).strip()
    git("update-ref", "refs/heads/env/production", theirs)

    with pytest.raises(LedgerBroken, match="somebody else"):
        ledger.derived("production")
    with pytest.raises(LedgerBroken, match="somebody else"):
        ledger.derive("production", steps[2:])


def test_a_branch_is_made_anew_whatever_became_of_it(ledger, steps, git):
    ledger.derive("production", steps)
    right = ledger.derived_ids("production")
    git("update-ref", "refs/heads/env/production", "main")

    ledger.rederive("production", steps)

    assert ledger.derived_ids("production") == right


def test_a_branch_without_steps_is_removed(ledger, steps, git):
    ledger.derive("production", steps)

    ledger.rederive("production", [])
    ledger.rederive("staging", [])

    assert ledger.derived("production") is None
    assert git("for-each-ref", "refs/heads/env") == ""


def test_a_step_of_a_commit_that_is_not_there_is_told_as_such(ledger, steps):
    missing = replace(steps[1], commit="a" * 40)

    with pytest.raises(LedgerBroken):
        ledger.derive("production", [steps[0], missing])

    assert ledger.derived("production") is None


@pytest.mark.parametrize("name", ["", "../heads/main", "-d", "a b", "main.lock", "A"])
def test_only_an_environment_has_a_branch(name, ledger, steps):
    for act in (
        lambda: ledger.derive(name, steps),
        lambda: ledger.rederive(name, []),
        lambda: ledger.derived(name),
    ):
        with pytest.raises(Invalid):
            act()


@pytest.mark.parametrize("changes", [{"author": "A B"}, {"commit": "main"}])
def test_a_step_keeps_the_rules_of_entries(changes, ledger, steps):
    with pytest.raises(Invalid):
        ledger.derive("production", [replace(steps[0], **changes)])


def test_derived_branches_survive_repacking(path, ledger, steps):
    ledger.derive("production", steps)
    before = ledger.derived_ids("production")

    ledger.repack(beyond=0)

    with Ledger.open(path) as other:
        assert other.derived_ids("production") == before
        other.fsck()
