"""Git does what the ledger says, whatever surrounds it."""

import ast
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import registry.ledger
from registry.ledger import Ledger
from tests.ledger.reading import files_at

FOLDER = Path(registry.ledger.__file__).parent
ROOT = FOLDER.parent.parent
EVENTS = (
    "reference-transaction",
    "pre-receive",
    "update",
    "post-update",
    "post-rewrite",
    "pre-auto-gc",
)

WRITE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from registry.ledger import Entry, Ledger

with Ledger.open(Path(sys.argv[1])) as ledger:
    entry = Entry(
        files={"events/000/000001.json": b"{}"},
        message="Begin",
        author="author",
        at=datetime(2026, 5, 3, 12, tzinfo=UTC),
    )
    print(ledger.append(entry, expected=None))
    assert [data for _, data in ledger.history()] == [b"{}"]
    ledger.repack(beyond=0)
    ledger.fsck()
"""


def write_elsewhere(path, **variables):
    """Write a first entry from a process with these variables."""
    run = subprocess.run(
        [sys.executable, "-c", WRITE, path],
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.fixture
def trap(tmp_path):
    """A program that leaves a mark when it is run."""
    program = tmp_path / "trap"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\nexit 1\n")
    program.chmod(0o755)
    return program


def test_a_planted_hook_is_not_run(path, tmp_path, ledger, write, trap):
    (path / "hooks").mkdir()
    for name in EVENTS:
        (path / "hooks" / name).write_bytes(trap.read_bytes())
        (path / "hooks" / name).chmod(0o755)

    write()
    ledger.repack(beyond=0)

    assert not (tmp_path / "sprung").exists()


def test_a_hooks_folder_in_the_configuration_is_not_used(
    path, tmp_path, ledger, write, trap, git
):
    for name in EVENTS:
        (tmp_path / name).write_bytes(trap.read_bytes())
        (tmp_path / name).chmod(0o755)
    git("config", "core.hooksPath", str(tmp_path))

    write()

    assert not (tmp_path / "sprung").exists()
    assert ledger.head() is not None


def test_a_planted_configuration_of_the_person_is_not_read(path, tmp_path, ledger):
    home = tmp_path / "home"
    (home / "git").mkdir(parents=True)
    for planted in (home / ".gitconfig", home / "git" / "config"):
        planted.write_text("this is not a configuration\n")

    commit = write_elsewhere(
        path,
        HOME=str(home),
        XDG_CONFIG_HOME=str(home),
        GIT_CONFIG_GLOBAL=str(home / ".gitconfig"),
        GIT_CONFIG_SYSTEM=str(home / ".gitconfig"),
        GIT_CONFIG_NOSYSTEM="0",
    )

    assert ledger.head() == commit


@pytest.mark.parametrize(
    "variables",
    [
        {"GIT_DIR": "/nowhere"},
        {"GIT_OBJECT_DIRECTORY": "/nowhere", "GIT_QUARANTINE_PATH": "/nowhere"},
        {"GIT_NAMESPACE": "other", "GIT_PREFIX": "x/", "GIT_INDEX_FILE": "/nowhere"},
        {"GIT_CONFIG_PARAMETERS": "'core.bare'='perhaps'"},
        {"GIT_CONFIG_COUNT": "1000", "GIT_CONFIG_KEY_0": "core.bare"},
        {"GIT_TRACE": "1", "GIT_TRACE_SETUP": "1", "GIT_TRACE_PACKET": "1"},
        {"GIT_COMMITTER_NAME": "", "GIT_AUTHOR_DATE": "x", "GIT_EDITOR": "false"},
        {"GIT_SHALLOW_FILE": "/nowhere", "GIT_CEILING_DIRECTORIES": "/"},
        {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"},
    ],
    ids=lambda variables: next(iter(variables)),
)
def test_what_a_hook_exports_does_not_leak_in(variables, path, ledger):
    commit = write_elsewhere(path, **variables)

    assert ledger.head() == commit


def test_everything_is_flushed_whatever_the_configuration_says(
    path, tmp_path, ledger, git
):
    for key, value in (("core.fsync", "none"), ("core.fsyncMethod", "writeout-only")):
        git("config", key, value)
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"""#!/bin/sh
        real={shutil.which("git")}
        flushed="$($real config core.fsync) $($real config core.fsyncMethod)"
        echo "$1 $flushed" >> {program}.log
        exec $real "$@"
        """)
    program.chmod(0o755)

    write_elsewhere(path, PATH=f"{program.parent}:{os.environ['PATH']}")

    logged = program.with_suffix(".log").read_text().splitlines()
    seen = {line.partition(" ")[0]: line.partition(" ")[2] for line in logged}
    assert {"fast-import", "update-ref", "repack"} <= seen.keys()
    assert {seen[name] for name in ("fast-import", "update-ref", "repack")} == {
        "all fsync"
    }


def test_a_new_ledger_is_made_where_it_should_be(tmp_path):
    script = "import sys; from pathlib import Path; from registry.ledger import Ledger"
    script += "; Ledger.create(Path(sys.argv[1])).close()"
    elsewhere = tmp_path / "elsewhere"
    variables = {
        "GIT_DIR": str(elsewhere),
        "GIT_WORK_TREE": str(elsewhere),
        "GIT_TEMPLATE_DIR": str(elsewhere),
        "GIT_DEFAULT_HASH": "sha256",
        "PYTHONPATH": str(ROOT),
    }

    subprocess.run(
        [sys.executable, "-c", script, tmp_path / "ledger.git"],
        env={**os.environ, **variables},
        check=True,
    )

    assert not elsewhere.exists()
    with Ledger.open(tmp_path / "ledger.git") as ledger:
        assert ledger.head() is None


def test_pushing_into_the_ledger_is_refused(path, tmp_path, ledger, write):
    before = write()
    clone = tmp_path / "clone"
    plain = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
    subprocess.run(["git", "clone", "-q", path, clone], env=plain, check=True)

    pushed = [
        subprocess.run(
            ["git", "push", "--force", "origin", f"HEAD:{name}"],
            cwd=clone,
            env=plain,
            capture_output=True,
            check=False,
        ).returncode
        for name in ("refs/heads/main", "refs/heads/new", "refs/replace/" + "a" * 40)
    ]

    assert 0 not in pushed
    assert ledger.head() == before


def test_a_replaced_object_is_not_believed(ledger, write, git):
    first = write({"live/a.yaml": b"one"})
    second = write({"live/a.yaml": b"two"})
    blobs = [git("rev-parse", f"{c}:live/a.yaml").strip() for c in (first, second)]

    git("replace", blobs[0], blobs[1])
    git("replace", "--graft", second)

    assert files_at(ledger, first, ["live/a.yaml"]) == [("live/a.yaml", b"one")]
    assert [commit for commit, _ in ledger.history()] == [first, second]


def test_a_grafted_history_is_not_believed(ledger, write, path):
    commits = [write() for _ in range(3)]
    (path / "info").mkdir(exist_ok=True)
    (path / "info" / "grafts").write_text(f"{commits[2]} {commits[0]}\n")

    assert [commit for commit, _ in ledger.history()] == commits


def test_a_work_tree_in_the_configuration_stays_empty(tmp_path, ledger, write, git):
    (tmp_path / "tree").mkdir()
    git("config", "core.worktree", str(tmp_path / "tree"))

    write({"live/a.yaml": b"x"})

    assert list((tmp_path / "tree").iterdir()) == []
    assert ledger.head() is not None


def test_nothing_of_git_is_run_outside_the_ledger():
    """Nor by a shell, nor by what GitPython offers beside running a process."""
    strays = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "registry").rglob("*.py")
        if FOLDER not in file.parents
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [*(alias.name for alias in node.names), getattr(node, "module", "")]
        if name and name.split(".")[0] in {"git", "gitdb"}
    }

    assert strays == set()


def test_gitpython_is_recent_enough():
    """Earlier releases have advisories against them."""
    numbers = version("gitpython").split(".")

    assert tuple(map(int, numbers)) >= (3, 2, 1)
