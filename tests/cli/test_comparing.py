"""`placet diff` between environments, and `placet promote` from what it tells."""

import re

import pytest

from registry.cli import drift_view
from registry.remote.comparing import Drift
from tests.cli.worlds import Library, World

pytestmark = pytest.mark.slow

WAY = ("--from", "development", "--to", "staging")


@pytest.fixture
def aligned(world: World, library: Library) -> Library:
    """The same bot in development and staging."""
    world.lives(library.folder, "development")
    _bring(world, library.bot)
    return library


def _bring(world: World, *names: str) -> None:
    change = world["author"].reads("promote", *names, *WAY)
    world.agrees(change["id"], *change["waiting_for"])
    world["operator"].does("activate", str(change["id"]))


def compared(world: World, library: Library, *words: str):
    diff = ("diff", "development", "staging", "--bot", library.bot)
    return world["viewer"].run(*diff, *words)


def edit(world: World, library: Library, version: str, text: str, to: str) -> None:
    library.write_tone(version, text)
    change = world["author"].reads(
        "submit", str(library.folder), "--env", to, "--title", "Say it"
    )
    world.agrees(change["id"], *change["waiting_for"])
    world["operator"].does("activate", str(change["id"]))


def test_environments_that_are_alike_say_so(world, aligned):
    result = compared(world, aligned)

    assert result.exit_code == 0
    assert "Nothing differs: 4 documents, all alike." in result.stdout
    assert "placet promote" not in result.output


def test_what_is_ahead_is_told_with_since_when_and_by_which_change(world, aligned):
    edit(world, aligned, "1.1.0", "Be calm.", "development")

    told = compared(world, aligned).stdout

    (row,) = (line for line in told.splitlines() if line.startswith(aligned.tone))
    assert re.search(r"ahead +1\.1\.0 since \S+ \S+ \(change \d+\) +1\.0\.0 since", row)
    assert aligned.bot in row
    assert "4 documents: 1 ahead, 3 the same." in told


def test_the_command_that_promotes_can_be_copied(world, aligned):
    edit(world, aligned, "1.1.0", "Be calm.", "development")

    result = compared(world, aligned)
    (command,) = re.findall(r"placet (promote .*)", result.stderr)
    change = world["author"].reads(*command.split())

    assert [one["document"] for one in change["edits"]] == [aligned.tone]
    row = compared(world, aligned).stdout.splitlines()[2]
    assert row.endswith(f"  {change['id']}")


def test_what_went_its_own_way_is_told_first_and_not_promoted(world, aligned):
    edit(world, aligned, "1.1.0", "Be calm.", "development")
    edit(world, aligned, "1.2.0", "Be brave.", "staging")

    result = compared(world, aligned)
    refused = world["author"].is_refused("promote", aligned.bot, *WAY)

    assert "diverged" in result.stdout
    assert "promoting it drops what the other has" in result.stdout
    assert "placet promote" not in result.stderr
    assert "staging is ahead of development" in refused
    assert f"{aligned.tone} is 1.2.0 there and 1.1.0 in development" in refused


def test_something_of_another_line_is_replaced_only_when_told_to(world, aligned):
    edit(world, aligned, "1.2.0", "Be brave.", "staging")
    edit(world, aligned, "1.3.0", "Be calm.", "development")

    refused = world["author"].is_refused("promote", aligned.bot, *WAY)
    change = world["author"].reads("promote", aligned.bot, *WAY, "--older")

    assert f"{aligned.tone} 1.2.0 there was not made from 1.3.0" in refused
    assert "--older" in refused
    assert [one["version"] for one in change["edits"]] == ["1.3.0"]


def test_something_older_is_taken_only_when_told_to(world, aligned):
    edit(world, aligned, "1.2.0", "Be brave.", "staging")

    refused = world["author"].is_refused("promote", aligned.tone, *WAY)
    change = world["author"].reads("promote", aligned.tone, *WAY, "--older")

    assert f"{aligned.tone} 1.2.0 there is newer than 1.0.0" in refused
    assert [one["version"] for one in change["edits"]] == ["1.0.0"]


def test_a_dry_run_shows_what_would_be_pinned_and_opens_nothing(world, library):
    world.lives(library.folder, "development")
    before = world["viewer"].reads("changes", "--all")

    shown = world["viewer"].does("promote", library.bot, *WAY, "--dry-run")
    told = world["viewer"].reads("promote", library.bot, *WAY, "--dry-run")

    assert world["viewer"].reads("changes", "--all") == before
    for one in told["taken"]:
        assert f"{one['document']} " in shown
        assert one["digest"].removeprefix("sha256:")[:12] in shown
    assert "asks for: product has read it" in shown


def test_what_is_left_out_is_told(world, aligned):
    edit(world, aligned, "1.2.0", "Be brave.", "staging")
    aligned.write_tone("1.0.0", "Be kind.")
    path = aligned.folder / f"{aligned.refunds}.yaml"
    path.write_text(path.read_text().replace("You answer", "You always answer"))
    path.write_text(path.read_text().replace('"1.0.0"', '"1.0.1"'))
    world.lives(aligned.folder, "development")

    shown = world["viewer"].does("promote", aligned.bot, *WAY, "--dry-run")

    assert f"left out: {aligned.tone} is 1.2.0 there, 1.0.0 in development" in shown


def test_what_was_rolled_back_there_is_told(world, aligned):
    edit(world, aligned, "1.1.0", "Be calm.", "development")
    _bring(world, aligned.tone)
    roll_back = ("rollback", "staging", "--document", aligned.tone, "--to", "1.0.0")
    world["operator"].does(*roll_back, "--reason", "Wrong", "--yes")

    told = compared(world, aligned).stdout

    assert f"staging had {aligned.tone} 1.1.0 before, until seq" in told


def test_what_was_recalled_is_told_and_not_proposed(world, aligned):
    edit(world, aligned, "1.1.0", "Be harsh.", "development")
    held = world["viewer"].reads("asof", "development")["documents"]
    digest = next(one["digest"] for one in held if one["document"] == aligned.tone)
    world["operator"].does("recall", digest, "--reason", "Harsh", "--yes")

    told = compared(world, aligned)

    assert f"{aligned.tone} 1.1.0 was recalled: Harsh" in told.stdout
    assert "placet promote" not in told.stderr


def test_everything_is_shown_when_asked_for(world, aligned):
    told = compared(world, aligned, "--all").stdout

    assert len(re.findall(" same ", told)) == 4


def test_json_has_everything(world, aligned):
    told = world["viewer"].reads("diff", "development", "staging", "--bot", aligned.bot)

    assert {one["relation"] for one in told["documents"]} == {"same"}
    assert told["promote"] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("diff", "development"), "two environments, or two sequence numbers"),
        (("diff", "development", "development"), "does not drift from itself"),
        (("diff", "development", "nowhere"), "there is no environment"),
        (("diff", "development", "--from", "1", "--all"), "are for two environments"),
    ],
)
def test_what_cannot_be_compared_is_refused(world, words, told):
    assert told in world["viewer"].is_refused(*words)


def test_empty_environments_explain_themselves(capsys):
    empty = Drift(
        environment="staging",
        seq=0,
        against="production",
        against_seq=0,
        documents=(),
        promote=(),
    )

    drift_view.show(empty, {}, bot=None, everything=False)

    assert "Nothing is live in either." in capsys.readouterr().err
