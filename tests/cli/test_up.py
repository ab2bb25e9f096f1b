"""`placet up`: everything to try, with one word."""

import json
import re
import shlex
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import httpx2
import pytest

from registry.cli.demo import JOINED, PEOPLE
from tests.cli.worlds import PLACET

pytestmark = pytest.mark.slow

BARE = (PLACET, "up", "--bare", "--no-console")


@contextmanager
def up(home: Path, *options: str) -> Iterator[str]:
    """What it says, once it has said everything.

    Without other options it is the small one, which is there in a moment.
    """
    server = subprocess.Popen(
        [*BARE[:2], "--home", home, "--port", "0", *(options or BARE[2:])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = ""
        while "The API: " not in said:
            line = server.stdout.readline()
            assert line, said + server.stderr.read()
            said += line
        yield said
    finally:
        server.send_signal(signal.SIGINT)
        errors = server.communicate()[1]
    assert server.returncode == 0, errors
    assert "Traceback" not in errors
    assert errors.endswith("Ended.\n")


def lines_under(said: str, heading: str) -> list[str]:
    paragraph = said.partition(heading)[2].partition("\n\n")[0]
    return [line.removeprefix("  ") for line in paragraph.splitlines()[1:]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "var"


def test_what_it_prints_works_when_pasted_and_again_after_a_restart(home: Path):
    with up(home) as said:
        told = lines_under(said, "What the bot is told")[0].partition(" | ")[0]
        curl = shlex.split(told)
        fetched = subprocess.run(curl, capture_output=True, check=True).stdout
        python = "\n".join(lines_under(said, "The same in Python"))
        messages = subprocess.run(
            [sys.executable, "-c", python], capture_output=True, text=True, check=True
        ).stdout
    with up(home) as again:
        pass

    bundle = json.loads(fetched)
    assert bundle["bot"]["name"] == "acme-air/support"
    assert messages.startswith("system: ")
    port = re.compile(r":\d+\b")
    assert port.sub("", again) == port.sub("", said)


def test_the_accounts_are_for_the_owner_of_the_files_alone(home: Path):
    with up(home) as said:
        pass

    accounts = home / "demo-accounts.json"
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    passwords = json.loads(accounts.read_bytes())["passwords"]
    assert set(passwords) == {account.partition(":")[0] for account in PEOPLE}
    assert all(password in said for password in passwords.values())


def test_what_was_taken_live_was_agreed_to(home: Path):
    with up(home):
        pass

    done = subprocess.run(
        [PLACET, "verify", "--home", home, "--json"], capture_output=True, check=False
    )
    git = ["git", "-C", home / "ledger.git", "log", "--format=%s", "main"]
    subjects = subprocess.run(git, capture_output=True, text=True, check=True).stdout

    assert json.loads(done.stdout)["environments"] == {
        "development": 2,
        "staging": 2,
        "production": 2,
    }
    assert subjects.count("Approve change") == 2 + 8


def test_with_its_history_it_is_verified_and_goes_on_after_a_restart(tmp_path: Path):
    home = tmp_path / "var"
    with up(home, "--no-console", "--allow-webhooks-to", "http://127.0.0.1:9") as said:
        pass
    with up(home) as again:
        pass

    done = subprocess.run(
        [PLACET, "verify", "--home", home, "--json"], capture_output=True, check=False
    )

    assert done.returncode == 0
    assert json.loads(done.stdout)["environments"]["production"] > 10
    port = re.compile(r":\d+\b")
    assert port.sub("", again) == port.sub("", said)
    assert all(one.partition(":")[0] in said for one in (*PEOPLE, *JOINED))


def test_interrupted_while_it_begins_it_leaves_nothing_and_begins_again(
    tmp_path: Path,
):
    home = tmp_path / "var"
    begun = subprocess.Popen(
        [PLACET, "up", "--home", home, "--port", "0", "--no-console"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (home / "ledger.git").exists():
        assert begun.poll() is None, begun.stderr.read()
        sleep(0.05)
    begun.send_signal(signal.SIGINT)
    said, errors = begun.communicate()
    left = {path.name for path in home.iterdir()}
    with up(home):
        pass

    assert said == ""
    assert "Traceback" not in errors
    assert left <= {"writer.lock"}


def test_a_taken_port_is_one_sentence_and_what_to_do(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [PLACET, "up", "--home", tmp_path / "var", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"placet: something else listens on 127.0.0.1:{port}",
        f"  End it, or take another port: --port {port + 1} (make up PORT={port + 1}).",
    ]
    assert not (tmp_path / "var").exists()


def test_a_taken_port_of_the_console_is_one_too(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = ["--port", "0", "--console-port", str(port)]
        done = subprocess.run(
            [PLACET, "up", "--home", tmp_path / "var", *words],
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 2
    assert f"--console-port {port + 1}" in done.stderr
    assert not (tmp_path / "var").exists()


def test_the_console_is_served_beside_it_and_ends_with_it(tmp_path: Path):
    with up(tmp_path / "var", "--bare", "--console-port", "0") as said:
        registry = re.search(r"Placet is at (http://[^,\s]+)", said)[1]
        console = re.search(r"The console is at (http://[^:]+:\d+)", said)[1]
        led = soon(lambda: httpx2.get(console, headers={"Accept": "text/html"}))

        assert led.headers["location"] == f"{registry}/sign-in?next=%2F"

    with pytest.raises(httpx2.ConnectError):
        httpx2.get(console)


def soon(get):
    """The answer of a server that is about to listen."""
    for _ in range(300):
        try:
            return get()
        except httpx2.TransportError:
            sleep(0.1)
    return get()


def test_a_missing_git_is_one_sentence_and_what_to_do(tmp_path: Path):
    done = subprocess.run(
        [PLACET, "up", "--home", tmp_path / "var", "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
    )

    assert done.returncode == 2
    assert done.stderr.startswith("placet: git is missing")
    assert "apt-get install git" in done.stderr
