"""`placet login`: a session that is kept for its owner, and for one address."""

import stat
from pathlib import Path

from tests.cli.worlds import Person, World


def test_a_session_is_for_its_owner_alone(world: World):
    person = world["author"]

    path = person.configuration / "placet" / "session.json"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_wrong_password_leaves_no_session(world: World, tmp_path: Path):
    person = stranger(world, tmp_path)

    refused = person.is_refused(
        *("login", world.url, "--handle", "author", "--password-stdin"),
        typed="not the password\n",
    )

    assert "do not belong together" in refused
    assert not (tmp_path / "placet").exists()


def test_whoever_has_not_signed_in_is_told_how_to(world: World, tmp_path: Path):
    refused = stranger(world, tmp_path).is_refused("changes")

    assert refused.splitlines() == [
        "placet: no registry is named",
        "  Sign in with `placet login`, or set PLACET_URL and PLACET_TOKEN.",
    ]


def test_a_session_goes_to_no_other_address(world: World):
    refused = world["author"].is_refused("changes", PLACET_URL="http://127.0.0.1:9")

    assert "nobody is signed in at http://127.0.0.1:9" in refused


def test_a_registry_that_is_not_there_is_named(world: World):
    refused = world["author"].is_refused(
        "changes", PLACET_URL="http://127.0.0.1:9", PLACET_TOKEN="plc_read_x"
    )

    assert refused.startswith("placet: no registry answers at http://127.0.0.1:9")


def test_an_address_that_is_none_is_refused(world: World):
    refused = world["author"].is_refused(
        "changes", PLACET_URL="ftp://registry", PLACET_TOKEN="x"
    )

    assert "is not the address of a registry" in refused


def test_signing_out_ends_the_session(world: World, tmp_path: Path):
    person = stranger(world, tmp_path, world["viewer"])
    words = ("login", world.url, "--handle", "viewer", "--password-stdin")
    person.does(*words, typed=f"{person.password}\n")
    held = (tmp_path / "placet" / "session.json").read_bytes()

    person.does("logout")

    assert not (tmp_path / "placet" / "session.json").exists()
    (tmp_path / "placet" / "session.json").write_bytes(held)
    assert "has ended" in person.is_refused("changes")


def stranger(world: World, folder: Path, like: Person | None = None) -> Person:
    """Somebody at a command line where nobody has signed in."""
    like = like or world["author"]
    return Person(
        url=world.url,
        handle=like.handle,
        password=like.password,
        configuration=folder,
    )
