"""Reading with git: who gets which repository, and what is in it."""

import gzip
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from tests.api.git.conftest import Clone, Served, put, run_git, serving

Cloning = Callable[..., Clone]
FETCH = "application/x-git-upload-pack-request"


def cloned(served: Served, to: Path, repository: str, secret: str, *words: str):
    address = served.address(repository, secret)
    return run_git(to, *words, "clone", "-q", address, repository)


@pytest.fixture
def secret_text(served: Served, clone: Cloning) -> str:
    """The id of a text that was proposed in staging."""
    staging = clone("staging", to="staging")
    for path in staging.library.folder.rglob("*.yaml"):
        path.write_text(path.read_text().replace("1.0.0", "3.0.0"))
    put(staging)
    staging.proposes("A secret", to="refs/for/staging")
    path = f"{staging.library.tone}.yaml"
    return staging.does("rev-parse", f"HEAD:{path}").strip()


def test_the_ledger_is_cloned_whole(served: Served, clone: Cloning, tmp_path: Path):
    first = clone(to="first")
    put(first)
    served.world["operator"].does("activate", str(first.proposes("Take it live")))

    done = cloned(served, tmp_path, "ledger", served.secret("viewer"))

    assert done.returncode == 0, done.stderr
    listed = run_git(tmp_path / "ledger", "branch", "-r").stdout.decode()
    assert {"origin/main", "origin/env/development"} <= set(listed.split())
    assert (tmp_path / "ledger/registry.json").is_file()
    assert "placet/next" not in listed


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_every_version_of_gits_protocol_is_spoken(
    served: Served, tmp_path: Path, version: str
):
    setting = ("-c", f"protocol.version={version}")

    done = cloned(served, tmp_path, "ledger", served.secret("viewer"), *setting)

    assert done.returncode == 0, done.stderr


def test_fetching_brings_what_went_live_since(served: Served, clone: Cloning):
    mine, other = clone(to="mine"), clone(to="other")
    put(other)
    served.world["operator"].does("activate", str(other.proposes("Take it live")))

    mine.does("pull", "-q", "origin", "main")

    assert (mine.folder / f"{mine.library.tone}.yaml").is_file()


@pytest.mark.parametrize("secret", ["", "wrong", "plc_read_" + "a" * 49])
@pytest.mark.parametrize("repository", ["development", "ledger", "nowhere"])
def test_whom_nobody_knows_clones_nothing(
    served: Served, tmp_path: Path, repository: str, secret: str
):
    done = cloned(served, tmp_path, repository, secret)

    answer = httpx2.get(
        f"{served.world.url}/git/{repository}.git/info/refs", auth=("any", secret)
    )
    assert done.returncode == 128
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert "placet token" in answer.text


def test_a_password_is_read_at_gits_addresses_and_nowhere_else(served: Served):
    auth = ("any", served.secret("viewer"))

    assert httpx2.get(f"{served.world.url}/v1/changes", auth=auth).status_code == 401


def test_a_token_for_chatbots_clones_nothing_and_is_told_so(
    served: Served, tmp_path: Path
):
    secret = served.token("author", "read")

    done = cloned(served, tmp_path, "development", secret)

    assert done.returncode == 128
    assert b"reads what chatbots read, and nothing else" in done.stderr


@pytest.mark.parametrize("handle", ["viewer", "auditor", "product"])
def test_everybody_who_may_read_makes_a_token_that_clones_and_does_nothing_else(
    served: Served, tmp_path: Path, handle: str
):
    made = served.world[handle].does(
        "token", "new", "--purpose", "git", "--scope", "clone"
    )
    secret = made.split()[0]

    cloned_both = [
        cloned(served, tmp_path, name, secret) for name in ("ledger", "development")
    ]

    assert [one.returncode for one in cloned_both] == [0, 0]
    assert secret.startswith("plc_clone_")
    asked = httpx2.get(
        f"{served.world.url}/v1/changes", headers={"Authorization": f"Bearer {secret}"}
    )
    assert asked.status_code == 403
    assert "this token clones with git, and nothing else" in asked.text
    address = served.address("development", secret)
    pushed = run_git(
        tmp_path / "ledger", "push", address, "HEAD~0:refs/for/development"
    )
    assert b"a token with the scope clone may not do this" in pushed.stderr


def test_a_token_that_clones_and_is_limited_clones_no_more(
    served: Served, tmp_path: Path
):
    secret = served.token("auditor", "clone", "development")

    done = {
        name: cloned(served, tmp_path, name, secret).returncode
        for name in ("development", "production", "ledger")
    }

    assert done == {"development": 0, "production": 128, "ledger": 128}


def test_a_limited_token_clones_its_environments_and_knows_of_no_other(
    served: Served, tmp_path: Path
):
    secret = served.token("author", "submit", "development")

    allowed = cloned(served, tmp_path, "development", secret)
    refused = {
        name: cloned(served, tmp_path, name, secret)
        for name in ("production", "ledger", "nowhere")
    }

    assert allowed.returncode == 0, allowed.stderr
    told = {one.stderr.decode().replace(name, "X") for name, one in refused.items()}
    assert len(told) == 1
    assert "there is no repository X for you here" in told.pop()


def test_a_limited_token_cannot_push_elsewhere(served: Served, clone: Cloning):
    secret = served.token("author", "submit", "development")
    mine = clone(secret=secret)
    put(mine)
    mine.commit("Elsewhere")
    elsewhere = served.address("staging", secret)

    ran = run_git(mine.folder, "push", elsewhere, "HEAD:refs/for/staging")

    assert ran.returncode == 128
    assert b"there is no repository staging" in ran.stderr


def test_a_token_that_submits_proposes(served: Served, clone: Cloning):
    mine = clone(secret=served.token("author", "submit"))
    put(mine)

    number = mine.proposes("By a machine")

    assert served.world["author"].reads("show", str(number))["author"] == "author"


def test_a_token_for_checks_clones_and_cannot_push(served: Served, clone: Cloning):
    mine = clone(secret=served.token("evaluator", "check"))
    put(mine)
    mine.commit("Not for a check to say")

    said = mine.push("HEAD:refs/for/development")

    assert said.status == 128
    assert "a token with the scope check may not do this" in said.text


@pytest.mark.parametrize("handle", ["viewer", "product", "operator"])
def test_who_is_no_author_proposes_nothing(served: Served, clone: Cloning, handle: str):
    mine = clone(secret=served.secret(handle))
    put(mine)
    mine.commit("Not mine to say")

    said = mine.push("HEAD:refs/for/development")

    assert f"{handle} may not submit a change" in said.rejected


@pytest.mark.parametrize(
    "version", ["0", "2"], ids=["protocol 0", "protocol 2, which takes any id"]
)
def test_nothing_of_another_environment_is_fetched_by_its_id(
    served: Served, clone: Cloning, secret_text: str, version: str
):
    mine = clone(secret=served.token("author", "submit", "development"))
    setting = ("-c", f"protocol.version={version}")

    ran = run_git(mine.folder, *setting, "fetch", "origin", secret_text)

    assert ran.returncode == 128
    there = run_git(served.ledger, "cat-file", "-t", secret_text)
    assert there.stdout == b"blob\n"


def test_nothing_is_pushed_into_the_ledger(served: Served, tmp_path: Path):
    cloned(served, tmp_path, "ledger", served.secret("admin"))
    served.comes_to_rest()
    before = served.evidence()

    said = [
        run_git(tmp_path / "ledger", "push", "--force", "origin", f"HEAD~0:{place}")
        for place in ("main", "refs/for/production", "refs/heads/new", "refs/placet/x")
    ]

    assert {one.returncode for one in said} == {128}
    assert all(b"nothing can be pushed into the ledger" in one.stderr for one in said)
    assert served.evidence() == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "HEAD"),
        ("GET", "config"),
        ("GET", "objects/info/packs"),
        ("GET", "objects/info/alternates"),
        ("GET", "refs/heads/main"),
        ("GET", "../ledger.key"),
        ("PUT", "refs/heads/main"),
        ("PUT", "objects/aa/" + "a" * 38),
        ("PROPFIND", "refs"),
        ("MKCOL", "refs/heads/new"),
        ("LOCK", "refs/heads/main"),
        ("DELETE", "refs/heads/main"),
        ("POST", "info/refs"),
        ("POST", "git-upload-archive"),
    ],
)
@pytest.mark.parametrize("repository", ["ledger", "development"])
def test_nothing_else_is_given_out_or_taken_in(
    served: Served, repository: str, method: str, path: str
):
    answer = served.ask(method, f"/git/{repository}.git/{path}", "admin")

    assert answer.status_code in {404, 405}


@pytest.mark.parametrize(
    "name", ["..", "%2e%2e", "git", "pushes", "DEVELOPMENT", "development.git", "a%00b"]
)
def test_a_repository_has_the_name_of_an_environment(served: Served, name: str):
    path = f"/git/{name}.git/info/refs?service=git-upload-pack"

    assert served.ask("GET", path, "admin").status_code == 404


def test_a_client_that_is_too_old_is_told_so(served: Served):
    answer = served.ask("GET", "/git/development.git/info/refs", "admin")

    assert answer.status_code == 422
    assert "too old" in answer.text


def wants(number: int) -> bytes:
    """What a client sends to fetch, with as many commits that it has."""
    lines = [b"command=ls-refs\n"] + [b"agent=%d" % n for n in range(number)]
    return b"".join(b"%04x%s" % (len(line) + 4, line) for line in lines) + b"0000"


def test_what_git_compresses_is_taken(served: Served):
    for name in ("gzip", "x-gzip"):
        answer = fetch(served, gzip.compress(wants(3)), name)
        assert answer.status_code == 200
        assert b"refs/heads/main" in answer.content


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (gzip.compress(bytes(2**26)), "gzip", 413),
        (gzip.compress(wants(1))[:-9], "gzip", 422),
        (b"no gzip at all", "gzip", 422),
        (wants(1), "br", 422),
        (wants(1), "gzip, gzip", 422),
        (bytes(5 * 2**20), "", 413),
    ],
    ids=["bomb", "cut off", "damaged", "another", "twice", "large"],
)
def test_what_is_compressed_is_counted_as_it_comes_out(
    served: Served, body: bytes, encoding: str, status: int
):
    assert fetch(served, body, encoding).status_code == status


def test_nothing_compressed_is_taken_elsewhere(served: Served):
    answer = httpx2.post(
        f"{served.world.url}/v1/changes",
        content=gzip.compress(b"{}"),
        headers={
            "Authorization": f"Bearer {served.secret('author')}",
            "Content-Encoding": "gzip",
        },
    )

    assert answer.status_code == 422


def test_a_copy_that_is_damaged_is_made_again_at_the_next_start(
    served: Served, tmp_path: Path, clone: Cloning
):
    first = clone(to="first")
    put(first)
    served.world["operator"].does("activate", str(first.proposes("Take it live")))
    clone(to="second")
    home = tmp_path / "registry"
    shutil.copytree(served.world.home, home)
    for pack in (home / "git/development.git/objects/pack").glob("pack-*"):
        pack.unlink()

    with serving(home, tmp_path / "log") as url:
        address = served.address("development", served.secret("author"))
        address = address.replace(served.world.url[7:], url[7:])
        done = run_git(tmp_path, "clone", "-q", address, "after")

    assert done.returncode == 0, done.stderr
    assert run_git(tmp_path / "after", "fsck", "--strict").returncode == 0


def test_what_a_killed_server_has_left_is_swept_at_the_next_start(
    served: Served, tmp_path: Path
):
    home = tmp_path / "registry"
    shutil.copytree(served.world.home, home)
    left = home / "git/pushes/left"
    (left / "objects").mkdir(parents=True)
    (left / "objects/pack").write_bytes(b"a piece")

    with serving(home, tmp_path / "log"):
        assert not left.exists()


@pytest.mark.slow
def test_a_server_that_is_killed_in_a_push_leaves_a_registry_that_is_whole(
    served: Served, tmp_path: Path, clone: Cloning
):
    mine = clone()
    put(mine)
    mine.commit("In the middle")
    home = tmp_path / "registry"
    shutil.copytree(served.world.home, home)
    server = serving(home, tmp_path / "log")
    with server as url:
        address = served.address("development", served.secret("author"))
        address = address.replace(served.world.url[7:], url[7:])
        pushing = subprocess.Popen(
            ["git", "push", "-q", address, "HEAD:refs/for/development"],
            cwd=mine.folder,
            stderr=subprocess.DEVNULL,
        )
        server.process.send_signal(signal.SIGKILL)
        pushing.wait()

    with serving(home, tmp_path / "log"):
        assert run_git(home / "ledger.git", "fsck", "--strict").returncode == 0
        assert not list((home / "git/pushes").glob("*"))


def fetch(served: Served, body: bytes, encoding: str) -> httpx2.Response:
    return httpx2.post(
        f"{served.world.url}/git/ledger.git/git-upload-pack",
        content=body,
        headers={
            "Authorization": f"Bearer {served.secret('viewer')}",
            "Content-Type": FETCH,
            "Content-Encoding": encoding,
            "Git-Protocol": "version=2",
        },
    )


def test_no_setting_of_the_account_or_of_the_system_is_read(
    served: Served, tmp_path: Path
):
    """A server that is started beside a planted configuration answers all the same."""
    home = tmp_path / "registry"
    shutil.copytree(served.world.home, home)
    planted = tmp_path / "gitconfig"
    planted.write_text("this is not a configuration\n")
    before = dict(os.environ)
    os.environ.update(GIT_CONFIG_GLOBAL=str(planted), GIT_DIR="/nowhere")
    try:
        with serving(home, tmp_path / "log") as url:
            answer = httpx2.get(
                f"{url}/git/ledger.git/info/refs?service=git-upload-pack",
                auth=("any", served.secret("viewer")),
            )
    finally:
        os.environ.clear()
        os.environ.update(before)

    assert answer.status_code == 200
    assert b"git-upload-pack" in answer.content
