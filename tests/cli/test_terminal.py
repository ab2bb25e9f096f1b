"""On a terminal there are questions and colours, and not with NO_COLOR."""

import os
import pty
import select
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.worlds import PLACET, Library, Person, World

pytestmark = pytest.mark.slow

Answers = tuple[tuple[str, str | Callable[[], str]], ...]
PATIENCE_S = 60
QUESTION = "Vote so? [y/N]: "
SEATS = ("product", "risk", "board")


def on_terminal(
    person: Person, *words: str, answers: Answers = (), **env: str
) -> tuple[int, str]:
    """The exit status, and everything that the terminal was sent.

    Each answer is typed when what it belongs to has been asked.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [PLACET, *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(person.configuration),
            "XDG_CONFIG_HOME": str(person.configuration),
            "TERM": "xterm-256color",
            **env,
        },
    )
    os.close(theirs)
    sent, left = b"", list(answers)
    while chunk := _read(ours):
        sent += chunk
        if left and sent.endswith(left[0][0].encode()):
            answer = left.pop(0)[1]
            words = answer if isinstance(answer, str) else answer()
            os.write(ours, f"{words}\n".encode())
    os.close(ours)
    return process.wait(PATIENCE_S), sent.decode()


def _read(terminal: int) -> bytes:
    if not select.select([terminal], [], [], PATIENCE_S)[0]:
        return b""
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side was closed
        return b""


@pytest.fixture
def change(world: World, library: Library) -> str:
    folder = str(library.folder)
    words = ("submit", folder, "--env", "production", "--title", "A title")
    return str(world["author"].reads(*words)["id"])


def votes(world: World, change: str) -> int:
    return len(world["author"].reads("show", change)["votes"])


def test_a_vote_is_cast_only_after_yes(world: World, change: str):
    vote = ("vote", change, "--approve")

    no, asked = on_terminal(world["risk"], *vote, answers=((QUESTION, "n"),))
    after_no = votes(world, change)
    yes, _ = on_terminal(world["risk"], *vote, answers=((QUESTION, "y"),))

    digest = world["author"].reads("show", change)["review_digest"]
    assert digest in asked
    assert "placet: nothing was done" in asked
    assert (no, after_no) == (2, 0)
    assert (yes, votes(world, change)) == (0, 1)


def thinks_long(
    world: World, library: Library, meanwhile: Callable[[], object]
) -> tuple[int, str]:
    """Whoever rolls back says yes only after something else has happened."""
    world.lives(library.folder, "production", *SEATS)
    library.write_tone("1.0.1", "Be brief.")
    world.lives(library.folder, "production", *SEATS)
    back = ("rollback", "production", "--document", library.tone, "--to", "1.0.0")
    answers = (("Do this? [y/N]: ", lambda: "y" if meanwhile() else "n"),)
    return on_terminal(world["operator"], *back, "--reason", "Wrong", answers=answers)


def live_version(world: World, library: Library) -> str:
    live = world["author"].reads("asof", "production", "now")["documents"]
    return next(one["version"] for one in live if one["document"] == library.tone)


def test_a_rollback_that_would_do_something_else_by_now_is_not_done(
    world: World, library: Library
):
    def meanwhile() -> bool:
        library.write_tone("1.0.2", "Be briefer.")
        world.lives(library.folder, "production", *SEATS)
        return True

    status, said = thinks_long(world, library, meanwhile)

    assert status == 2
    assert "would do something else now" in " ".join(said.split())
    assert live_version(world, library) == "1.0.2"


def test_a_rollback_is_done_if_what_happened_meanwhile_makes_no_difference(
    world: World, library: Library
):
    stop = ("stop", "production", library.bot, "--reason", "It is rude")

    status, said = thinks_long(world, library, lambda: world["risk"].does(*stop))

    assert status == 0, said
    assert live_version(world, library) == "1.0.0"


def test_yes_can_be_said_before_the_question(world: World, change: str):
    status, said = on_terminal(world["risk"], "vote", change, "--approve", "--yes")

    assert (status, votes(world, change)) == (0, 1)
    assert "Vote so?" not in said


def test_colours_are_for_terminals_that_want_them(world: World, change: str):
    _, coloured = on_terminal(world["author"], "show", change)
    _, plain = on_terminal(world["author"], "show", change, NO_COLOR="1")

    assert "\x1b[" in coloured
    assert "\x1b[" not in plain


def test_a_password_is_asked_for_and_not_shown(world: World, tmp_path: Path):
    author = world["author"]
    stranger = Person(
        url=world.url,
        handle="author",
        password=author.password,
        configuration=tmp_path,
    )

    status, said = on_terminal(
        stranger,
        "login",
        answers=(
            ("Address [http://127.0.0.1:8000]: ", world.url),
            ("Handle: ", "author"),
            ("Password: ", author.password),
        ),
    )

    assert status == 0, said
    assert f"Signed in at {world.url} as author" in said
    assert author.password not in said
