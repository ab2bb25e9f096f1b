"""`placet clients`: who was told what last, and who is behind what is live."""

import json
import time
from urllib.request import Request, urlopen

import placet
from registry.remote import Remote
from tests.cli.worlds import Library, Person, World

PATIENCE_S = 30


def chatbot(world: World, purpose: str, library: Library) -> str:
    """The secret of a token for the bot; it has read it once."""
    made = world["operator"].reads(
        *("token", "new", "--purpose", purpose, "--env", "development")
    )
    secret = made["token"]
    ask(world, secret, library)
    return secret


def ask(world: World, secret: str, library: Library) -> None:
    """Read the bot as a chatbot does."""
    with placet.Client(
        world.url, token=secret, environment="development", refresh="manual"
    ) as client:
        client.bot(library.bot)


def listed(viewer: Person, library: Library, **wanted: int) -> list[dict]:
    """The clients of the bot, once so many are behind and up to date."""
    until = time.monotonic() + PATIENCE_S
    while True:
        found = viewer.reads("clients", "development", "--bot", library.bot)
        behind = sum(one["behind_since"] is not None for one in found)
        there = {"behind": behind, "current": len(found) - behind}
        if there == wanted or time.monotonic() > until:
            assert there == wanted
            return found
        time.sleep(0.2)


def test_those_behind_stand_first_until_they_ask_again(world: World, library: Library):
    world.lives(library.folder, "development")
    chatbot(world, "the slow one", library)
    quick = chatbot(world, "a quick one", library)
    listed(world["viewer"], library, behind=0, current=2)
    library.write_tone("1.0.1", "Be quick.")
    world.lives(library.folder, "development")
    chatbot(world, "a new one", library)

    found = listed(world["viewer"], library, behind=2, current=1)
    run = world["viewer"].run("clients", "development", "--bot", f"bots/{library.bot}")
    ask(world, quick, library)
    listed(world["viewer"], library, behind=1, current=2)

    lines = run.stdout.splitlines()
    assert [one["purpose"] for one in found][2] == "a new one"
    assert lines[0].split()[:2] == ["document", "client"]
    assert "a new one (operator)" in lines[3]
    assert run.stderr == "2 behind, 1 up to date.\n"
    assert quick not in run.output


def test_that_nobody_has_fetched_it_is_said(world: World, library: Library):
    world.lives(library.folder, "development")

    run = world["viewer"].run("clients", "development", "--bot", library.bot)

    assert run.exit_code == 0
    assert run.stdout == ""
    assert "No client has fetched" in run.stderr


def test_a_bot_that_was_never_live_is_refused(world: World):
    said = world["viewer"].is_refused("clients", "development", "--bot", "no/such")

    assert "bots/no/such was never live in development" in said


def test_a_head_that_is_polled_is_counted_by_a_served_registry(
    world: World, library: Library
):
    world.lives(library.folder, "development")
    secret = chatbot(world, "polls", library)
    path = f"/v1/environments/development/bots/{library.bot}/head"
    headers = {"Authorization": f"Bearer {secret}"}
    for _ in range(5):
        urlopen(Request(world.url + path, headers=headers)).close()
    listed(world["viewer"], library, behind=0, current=1)

    kept = world["viewer"].configuration / "placet/session.json"
    token = json.loads(kept.read_text())["token"]
    until = time.monotonic() + PATIENCE_S
    with Remote(world.url, token) as remote:
        while True:
            (found,) = remote.fetches.list("development", bot=library.bot)
            if found.count == 6 or time.monotonic() > until:
                break
            time.sleep(0.2)

    assert (found.count, found.clients, found.live) == (6, 1, True)
