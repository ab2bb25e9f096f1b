"""Proposing with git: from a clone to a change, and from there to the next clone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.git.conftest import Clone, Served, put

DEVELOPMENT = "HEAD:refs/for/development"

Cloning = Callable[..., Clone]


@pytest.fixture
def cloned(clone: Cloning, served: Served) -> Clone:
    """A clone in which the test's library is, as it is live in development."""
    first = clone(to="first")
    put(first)
    served.world["operator"].does("activate", str(first.proposes("Take it live")))
    return clone()


def test_what_is_pushed_is_a_change_and_what_went_live_is_cloned(
    clone: Cloning, served: Served
):
    cloned = clone("production")
    put(cloned)

    number = cloned.proposes("Answer fares", to="refs/for/production")

    shown = served.world["author"].does("show", str(number))
    assert f"Change {number} in production: Answer fares" in shown
    served.world.agrees(number, "product", "risk", "board")
    served.world["operator"].does("activate", str(number))
    after = clone("production", to="after")
    tone = (after.folder / f"{cloned.library.tone}.yaml").read_text()
    assert "Be kind." in tone
    assert f"Activate change {number}" in after.does("log", "--format=%s")


def test_the_output_of_a_push_says_what_was_opened_and_what_it_asks_for(
    clone: Cloning, served: Served
):
    cloned = clone("staging")
    put(cloned)
    cloned.commit("Answer fares")

    said = cloned.push("HEAD:refs/for/staging")

    lines = [line.strip() for line in said.text.splitlines()]
    assert f"remote: Opened change {said.change} in staging: Answer fares" in lines
    assert f"remote:   {served.world.url}/v1/changes/{said.change}" in lines
    assert f"remote:     {cloned.library.tone} 1.0.0" in lines
    assert any("from the seat product" in line for line in lines)


def test_the_person_is_that_of_the_token_and_not_the_one_that_the_commit_names(
    clone: Cloning, served: Served
):
    cloned = clone()
    put(cloned)

    number = cloned.proposes("Answer fares")

    assert served.world["author"].reads("show", str(number))["author"] == "author"


def test_what_uses_an_edited_fragment_is_told_and_only_the_edit_is_proposed(
    cloned: Clone, served: Served
):
    cloned.library.write_tone("1.0.1", "Be kind and brief.")
    put(cloned)
    cloned.commit("Be brief")

    said = cloned.push(DEVELOPMENT)

    change = served.world["author"].reads("show", str(said.change))
    assert [edit["document"] for edit in change["edits"]] == [cloned.library.tone]
    assert "also reads differently:" in said.text
    assert cloned.library.refunds in said.text


def test_the_same_commit_pushed_twice_is_one_change(cloned: Clone, served: Served):
    cloned.library.write_tone("1.0.1", "Be kind and brief.")
    put(cloned)
    first = cloned.proposes("Be brief")

    again = cloned.push(DEVELOPMENT)

    assert again.change == first
    assert "This commit is already in" in again.text
    assert served.world["author"].reads("show", str(first))["revision"] == 1


@pytest.mark.parametrize("way", ["place", "trailer"])
def test_a_change_is_revised_by_its_place_or_by_a_trailer(
    cloned: Clone, served: Served, way: str
):
    cloned.library.write_tone("1.0.1", "Be kind and brief.")
    put(cloned)
    number = cloned.proposes("Be brief")
    cloned.library.write_tone("1.0.1", "Be kind, and say it in one sentence.")
    put(cloned)

    if way == "place":
        cloned.commit("One sentence")
        said = cloned.push(f"HEAD:refs/for/development/{number}")
    else:
        cloned.commit(f"One sentence\n\nChange: {number}")
        said = cloned.push(DEVELOPMENT)

    assert said.change == number
    assert f"Revision 2 of change {number}" in said.text
    change = served.world["author"].reads("show", str(number))
    assert (change["revision"], change["title"]) == (2, "One sentence")


def test_a_change_of_another_environment_is_not_revised(
    clone: Cloning, cloned: Clone, served: Served
):
    staging = clone("staging", to="staging")
    for document in staging.library.folder.rglob("*.yaml"):
        document.write_text(document.read_text().replace("1.0.0", "1.1.0"))
    put(staging)
    number = staging.proposes("Be brief", to="refs/for/staging")
    cloned.library.write_tone("1.0.2", "Be brief.")
    put(cloned)
    cloned.commit("Be brief")

    said = cloned.push(f"HEAD:refs/for/development/{number}")

    assert said.rejected == f"change {number} is in staging, not in development"


def test_a_deleted_file_deletes_the_document(cloned: Clone, served: Served):
    (cloned.folder / f"bots/{cloned.library.bot}.yaml").unlink()

    number = cloned.proposes("No bot any more")

    change = served.world["author"].reads("show", str(number))
    (edit,) = change["edits"]
    assert (edit["document"], edit["digest"]) == (f"bots/{cloned.library.bot}", None)


def test_an_edit_of_what_has_moved_meanwhile_is_refused_until_it_is_brought_in(
    cloned: Clone, clone: Cloning, served: Served
):
    other = clone(to="other")
    other.library.write_tone("1.1.0", "Be kind and brief.")
    put(other)
    served.world["operator"].does("activate", str(other.proposes("Be brief")))
    cloned.library.write_tone("1.2.0", "Be kind.\n  Ask back.")
    put(cloned)
    cloned.commit("Ask back")

    said = cloned.push(DEVELOPMENT)

    assert "is not live any more as it was when editing began" in said.rejected
    assert "git pull --rebase" in said.text


def test_what_others_did_meanwhile_to_other_documents_is_not_undone(
    cloned: Clone, clone: Cloning, served: Served
):
    other = clone(to="other")
    other.library.write_tone("1.1.0", "Be kind and brief.")
    put(other)
    served.world["operator"].does("activate", str(other.proposes("Be brief")))
    refunds = cloned.folder / f"{cloned.library.refunds}.yaml"
    text = refunds.read_text().replace("about refunds", "only about refunds")
    refunds.write_text(text.replace("1.0.0", "1.0.1"))

    number = cloned.proposes("Only refunds")

    change = served.world["author"].reads("show", str(number))
    assert [edit["document"] for edit in change["edits"]] == [cloned.library.refunds]
    assert change["status"] == "approved"


def test_a_merge_of_what_is_live_counts_as_edited_from_there(
    cloned: Clone, clone: Cloning, served: Served
):
    other = clone(to="other")
    other.library.write_tone("1.1.0", "Be kind and brief.")
    put(other)
    served.world["operator"].does("activate", str(other.proposes("Be brief")))
    refunds = cloned.folder / f"{cloned.library.refunds}.yaml"
    refunds.write_text(refunds.read_text().replace("1.0.0", "1.0.1"))
    cloned.commit("Refunds")
    cloned.does("pull", "-q", "--no-rebase", "--no-edit")
    cloned.library.write_tone("1.2.0", "Be brief.")
    (cloned.folder / f"{cloned.library.tone}.yaml").write_bytes(
        (cloned.library.folder / f"{cloned.library.tone}.yaml").read_bytes()
    )

    number = cloned.proposes("Be only brief")

    change = served.world["author"].reads("show", str(number))
    assert {edit["document"] for edit in change["edits"]} == {
        cloned.library.refunds,
        cloned.library.tone,
    }


def test_every_mistake_of_every_document_is_told_at_once(cloned: Clone):
    for name in (cloned.library.refunds, cloned.library.fares):
        path = cloned.folder / f"{name}.yaml"
        path.write_text(path.read_text().replace("owner:", "owned:"))
    cloned.commit("Mistakes")

    said = cloned.push(DEVELOPMENT)

    assert said.rejected.startswith("there are mistakes in prompts/")
    assert f"{cloned.library.refunds}: line 4:" in said.text
    assert f"{cloned.library.fares}: line 4:" in said.text


def test_a_version_that_says_too_little_is_told_with_the_one_to_give(cloned: Clone):
    path = cloned.folder / f"{cloned.library.refunds}.yaml"
    text = path.read_text().replace("[question]", "[question, name]")
    text = text.replace("    question: {", "    name: {type: string}\n    question: {")
    path.write_text(text.replace("1.0.0", "1.0.1"))
    cloned.commit("Ask for the name")

    said = cloned.push(DEVELOPMENT)

    assert "is too small a step" in said.rejected
    assert 'Write version: "2.0.0" into it, amend, and push again.' in said.text


def test_a_push_that_changes_nothing_is_refused(cloned: Clone):
    assert "nothing to propose" in cloned.push(DEVELOPMENT).rejected


def test_history_that_never_was_live_is_refused(cloned: Clone):
    cloned.does("checkout", "-q", "--orphan", "own")
    cloned.commit("From nowhere")

    assert "no commit in common" in cloned.push(DEVELOPMENT).rejected


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("main", "'refs/heads/main' cannot be pushed to, because it is not proposed"),
        ("refs/heads/new", "'refs/heads/new' cannot be pushed to"),
        ("refs/tags/v1", "'refs/tags/v1' cannot be pushed to"),
        ("refs/placet/next", "'refs/placet/next' cannot be pushed to"),
        ("refs/for/production", "this is the repository of development"),
        ("refs/for/development/x", "'x' is not the number of a change"),
        ("refs/for/development/0", "'0' is not the number of a change"),
        ("refs/for/development/9999", "there is no change 9999"),
    ],
)
def test_a_push_anywhere_else_says_where_to_push(cloned: Clone, place: str, why):
    (cloned.folder / f"bots/{cloned.library.bot}.yaml").unlink()
    cloned.commit("No bot any more")

    said = cloned.push(f"HEAD:{place}")

    assert said.rejected.startswith(why)
    assert "remote: " in said.text


def test_two_places_at_once_are_both_refused(cloned: Clone):
    said = cloned.push("HEAD:refs/for/development", "HEAD:refs/heads/other")

    assert said.status == 1
    assert said.text.count("[remote rejected]") == 2
    assert "several references" in said.rejected


def test_a_push_that_names_two_changes_is_refused(cloned: Clone):
    (cloned.folder / f"bots/{cloned.library.bot}.yaml").unlink()
    cloned.commit("No bot any more\n\nChange: 1\nChange: 2")

    said = cloned.push(DEVELOPMENT)

    assert "names the changes 1 and 2" in said.rejected


def test_many_pushes_at_once_are_each_their_own_change(clone: Cloning, served: Served):
    clones = [clone(to=f"clone{number}") for number in range(6)]
    for number, one in enumerate(clones):
        text = (one.library.folder / f"{one.library.tone}.yaml").read_text()
        path = one.folder / f"fragments/crowd/number-{number}.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text.replace(f"{one.library.name}/tone", f"crowd/{path.stem}"))
        one.commit(f"Number {number}")

    with ThreadPoolExecutor(len(clones)) as pool:
        said = list(pool.map(lambda one: one.push(DEVELOPMENT), clones))

    assert len({one.change for one in said}) == len(clones)
    assert list(served.pushes.iterdir()) == []


def test_what_steers_a_terminal_is_written_out(cloned: Clone):
    (cloned.folder / f"bots/{cloned.library.bot}.yaml").unlink()
    cloned.commit("No bot any more\n\nChange: \x1b[31m4\u202e")

    said = cloned.push(DEVELOPMENT)

    assert "Change: \\x1b[31m4\\u202e" in said.text
    assert not {"\x1b", "\u202e"} & set(said.text)
