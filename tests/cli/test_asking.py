"""Where nobody can be asked, nothing is done that would have been asked about."""

import pytest

from tests.cli.worlds import Library, World


@pytest.fixture
def change(world: World, library: Library) -> str:
    folder = str(library.folder)
    words = ("submit", folder, "--env", "production", "--title", "A title")
    return str(world["author"].reads(*words)["id"])


def test_a_vote_without_a_terminal_needs_yes(world: World, change: str):
    refused = world["risk"].is_refused("vote", change, "--approve")

    assert "--yes" in refused
    assert world["risk"].reads("show", change)["votes"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("rollback", "production", "--all", "--to", "1", "--reason", "Wrong"),
        ("recall", f"sha256:{'0' * 64}", "--reason", "Wrong"),
    ],
)
def test_what_has_no_way_back_needs_yes_without_a_terminal(
    world: World, words: tuple[str, ...]
):
    result = world["operator"].run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Say --yes to do it without being asked." in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("stop", "production", "acme-air/support"),
        ("rollback", "production", "--all", "--to", "1", "--yes"),
        ("recall", f"sha256:{'0' * 64}", "--yes"),
        ("withdraw", "1"),
    ],
)
def test_a_reason_that_is_missing_is_named(world: World, words: tuple[str, ...]):
    result = world["operator"].run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Give --reason '...'." in result.stderr


def test_a_change_that_is_held_back_says_by_whom(world: World, change: str):
    asks = ("vote", change, "--ask", "--reason", "Say why", "--yes")

    said = world["risk"].does(*asks)

    assert "changes asked for by risk; waiting for" in said
    assert "Status  changes asked for by risk" in world["author"].does("show", change)


def test_the_vote_that_makes_it_approved_says_what_comes_next(
    world: World, change: str
):
    world.agrees(int(change), "product", "board")

    result = world["risk"].run("vote", change, "--approve", "--yes")

    assert f"approve change {change} as risk (revision 1)" in result.stderr
    assert f"placet show {change} --diff" in result.stderr
    assert f"placet activate {change}" in result.stderr


def test_a_receipt_says_to_what_somebody_agreed_and_what_remains(
    world: World, change: str
):
    digest = world["risk"].reads("show", change)["review_digest"]
    words = ("vote", change, "--approve", "--digest", digest, "--yes")

    said = world["risk"].does(*words)

    short = digest.removeprefix("sha256:")[:12]
    assert f"Approved change {change} in production as risk" in said
    assert f"(revision 1, review digest {short})" in said
    assert "waiting for product, board" in said


def test_hints_name_the_change(world: World, change: str):
    refused = world["operator"].is_refused("activate", change)

    assert f"`placet show {change}`" in refused


def test_a_document_by_half_its_name_is_guessed(world: World, library: Library):
    world.lives(library.folder, "development")
    author = world["author"]

    half = author.is_refused("asof", "development", "now", f"{library.name}/refunds")
    early = author.is_refused("asof", "development", library.refunds)

    assert f"Did you mean {library.refunds}?" in half
    assert f"placet asof development now {library.refunds}" in early


def test_an_address_without_its_beginning_is_refused_before_the_password(world: World):
    refused = world["author"].is_refused("login", "127.0.0.1:8000")

    assert "http://127.0.0.1:8000" in refused
    assert "handle" not in refused


def test_who_one_is(world: World):
    assert world["risk"].reads("whoami")["seats"] == ["risk"]
    assert "seats  risk" in world["risk"].does("whoami")


def test_a_resumption_says_since_when_the_bot_is_stopped(world: World, library):
    world.lives(library.folder, "production", "product", "risk", "board")
    where = ("production", library.bot)
    stopped = world["risk"].run("stop", *where, "--reason", "It promises too much")
    change = world["author"].reads("resume", *where)["id"]

    shown = world["author"].does("show", str(change))

    assert f"placet resume production {library.bot}" in stopped.stderr
    assert "This bot answers again; it was stopped at seq" in shown
    assert "uses what is edited" not in shown
