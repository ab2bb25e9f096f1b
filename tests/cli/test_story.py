"""The story of one edit, told with `placet` from the first word to the last."""

import json
from urllib.request import Request, urlopen

import pytest

pytestmark = pytest.mark.slow

SEATS = ("product", "risk", "board")


def bundle(world, library, token: str) -> dict:
    url = f"{world.url}/v1/environments/production/bots/{library.bot}"
    request = Request(url, headers={"Authorization": f"Bearer {token}"})
    with urlopen(request) as answer:
        return json.load(answer)


def said(bundle: dict, role: str) -> str:
    return bundle["prompts"][role]["document"]["messages"][0]["content"]


@pytest.fixture
def token(world) -> str:
    made = ("token", "new", "--purpose", "test", "--env", "production")
    return world["operator"].does(*made).strip()


def test_nobody_votes_on_what_they_wrote(world, library):
    world["admin"].does("people", "set", "author", "--seats", "product")
    world["admin2"].does("people", "confirm", "author", "--yes")
    change = world["author"].reads(
        "submit", str(library.folder), "--env", "production", "--title", "Begin"
    )["id"]

    refused = world["author"].is_refused(
        "vote", str(change), "--approve", "--seat", "product", "--yes"
    )

    world["admin"].does("people", "set", "author", "--seats", "")
    assert f"author has contributed to change {change}" in refused
    assert "Somebody who has not worked on it has to vote." in refused


def test_a_chatbot_fetches_what_was_agreed_to(world, library, token):
    world.lives(library.folder, "production", *SEATS)

    fetched = bundle(world, library, token)

    assert said(fetched, "refunds") == "You answer about refunds.\nBe kind.\n\n"


def test_nothing_goes_live_before_everybody_has_agreed(world, library):
    author, operator = world["author"], world["operator"]
    change = author.reads(
        "submit", str(library.folder), "--env", "production", "--title", "Begin"
    )["id"]
    world.agrees(change, "product", "board")

    refused = operator.is_refused("activate", str(change))

    assert "risk" in refused
    shown = author.does("show", str(change))
    assert "Status  waiting for risk" in shown
    assert "Needs 1 more from the seat risk; risk could." in shown


def test_editing_a_fragment_shows_every_prompt_that_it_touches(world, library):
    world.lives(library.folder, "production", *SEATS)
    library.write_tone("1.0.1", "Be kind and brief.")

    change = world["author"].reads(
        "submit", str(library.folder), "--env", "production", "--title", "Brief"
    )

    assert [edit["document"] for edit in change["edits"]] == [library.tone]
    touched = {one["document"] for one in change["effect"]}
    assert {library.refunds, library.fares, library.tone} <= touched
    shown = world["product"].does("show", str(change["id"]))
    assert f"The same in {library.fares}, {library.refunds}" in shown
    assert "- Be kind." in shown
    assert "+ Be kind and brief." in shown


def test_a_rollback_puts_back_what_was_read_before(world, library, token):
    world.lives(library.folder, "production", *SEATS)
    before = world["author"].reads("log", "production", "--limit", "1")[0]["seq"]
    library.write_tone("1.0.1", "Be brief.")
    world.lives(library.folder, "production", "product", "risk", "board")
    edited = said(bundle(world, library, token), "fares")
    to = ("--document", library.tone, "--to", str(before))

    preview = world["operator"].does("rollback", "production", *to, "--preview")
    yes = ("--reason", "Too brief", "--yes")
    world["operator"].does("rollback", "production", *to, *yes)

    assert "1.0.1" in preview
    assert f"undoes seq {before + 1}" in preview
    assert "Be brief." in edited
    assert "Be kind." in said(bundle(world, library, token), "fares")
    newest = world["author"].reads("log", "production", "--limit", "1")[0]
    assert (newest["type"], newest["seq"]) == ("rolled-back", before + 2)


def test_a_stopped_bot_says_its_fallback_until_it_is_resumed(world, library, token):
    world.lives(library.folder, "production", *SEATS)
    where = ("production", library.bot)

    world["risk"].does("stop", *where, "--reason", "It promises too much")
    stopped = bundle(world, library, token)
    change = world["author"].reads("resume", *where)["id"]
    world.agrees(change, "product", "risk", "board")
    world["operator"].does("activate", str(change))

    assert stopped["stopped"] == {"reason": "It promises too much"}
    assert stopped["bot"]["fallback"] == "Please call us."
    assert stopped["prompts"] == {}
    assert bundle(world, library, token)["stopped"] is None


def test_whoever_votes_on_a_resumption_is_told_how_to_see_what_moved_since(
    world, library
):
    world.lives(library.folder, "production", *SEATS)
    where = ("production", library.bot)
    stopped = int(world["author"].reads("log", "production", "--limit", "1")[0]["seq"])
    world["risk"].does("stop", *where, "--reason", "It is rude")
    alike = world["author"].reads("resume", *where)["id"]
    unmoved = world["risk"].does("show", str(alike))
    library.write_tone("1.0.1", "Be brief.")
    world.lives(library.folder, "production", *SEATS)
    change = world["author"].reads("resume", *where)["id"]

    shown = world["risk"].does("show", str(change))

    diff = f"placet diff production --from {stopped} --to {stopped + 2}"
    assert diff in " ".join(shown.split())
    assert "placet diff" not in unmoved
    assert "Be brief." in world["risk"].does(*diff.split()[1:])


def test_a_rollback_says_that_a_stopped_bot_stays_stopped(world, library):
    world.lives(library.folder, "production", *SEATS)
    library.write_tone("1.0.1", "Be brief.")
    world.lives(library.folder, "production", *SEATS)
    world["risk"].does("stop", "production", library.bot, "--reason", "It is rude")
    back = ("rollback", "production", "--document", library.tone, "--to", "1.0.0")

    done = world["operator"].run(*back, "--reason", "Wrong", "--yes")

    assert done.exit_code == 0, done.output
    assert f"{library.bot} is stopped still" in done.stderr
    assert f"placet resume production {library.bot}" in done.stderr


def test_what_was_live_at_a_moment_can_be_read_as_it_was(world, library):
    world.lives(library.folder, "production", *SEATS)
    then = world["author"].reads("log", "production", "--limit", "1")[0]
    library.write_tone("1.0.1", "Be brief.")
    world.lives(library.folder, "production", *SEATS)
    author = world["author"]

    text = author.does("asof", "production", then["at"], library.tone)
    by_seq = author.does("asof", "production", str(then["seq"]), library.tone)
    now = author.does("asof", "production", str(then["seq"] + 1), library.tone)
    live = author.reads("asof", "production", then["at"])

    assert text == by_seq
    assert "Be kind." in text
    assert "Be brief." in now
    assert live["seq"] == then["seq"]


def test_a_promotion_brings_a_bot_with_what_it_uses(world, library):
    world.lives(library.folder, "development")

    change = world["author"].reads(
        "promote", library.bot, "--from", "development", "--to", "staging"
    )

    assert {edit["document"] for edit in change["edits"]} == {
        f"bots/{library.bot}",
        library.refunds,
        library.fares,
        library.tone,
    }
    assert change["waiting_for"] == ["product"]


def test_two_environments_are_compared_text_by_text(world, library):
    world.lives(library.folder, "development")
    change = world["author"].reads(
        "promote", library.bot, "--from", "development", "--to", "staging"
    )["id"]
    world.agrees(change, "product")
    world["operator"].does("activate", str(change))
    library.write_tone("1.1.0", "Be brief.")
    world.lives(library.folder, "development")

    difference = world["author"].does("diff", "staging", "development", "--texts")
    names = world["author"].does("diff", "staging", "development", "--names")

    assert f"{library.tone} 1.0.0 -> 1.1.0" in difference
    assert "-   Be kind." in difference
    assert "+   Be brief." in difference
    assert library.tone in names
    assert library.refunds not in names
