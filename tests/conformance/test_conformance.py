"""Our own client goes through every scenario, and every scenario catches something."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.conformance.driving import drive, ours
from tests.conformance.generate import FOLDER, written
from tests.conformance.gullible import Gullible

ROOT = Path(__file__).parents[2]
SCENARIOS = {
    path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))
}
ATTACKS = {name: told for name, told in SCENARIOS.items() if told["attack"]}
ONLY_WITH_KEYS = {
    name: told
    for name, told in ATTACKS.items()
    if told["caught_by"] in {"signature", "expiry"}
}


def each(scenarios):
    return pytest.mark.parametrize("told", scenarios.values(), ids=list(scenarios))


def test_the_folder_is_what_the_script_writes():
    kept = {path.name: path.read_text() for path in FOLDER.glob("*.json")}

    assert kept == written()


def test_there_is_a_scenario_for_every_attack_that_was_asked_for():
    wanted = {
        "rollback", "freeze", "mix-and-match", "arbitrary content", "wrong key",
        "fast-forward", "equivocation", "forged deletion", "swallowed stop",
        "cut-off data", "refusal",
    }  # fmt: skip

    assert {told["attack"] for told in ATTACKS.values()} == wanted


@each(SCENARIOS)
def test_our_client_does_what_a_right_one_does(told, tmp_path):
    assert drive(told, ours(tmp_path)) == []


@each(ATTACKS)
def test_a_client_that_believes_everything_is_caught(told):
    assert drive(told, Gullible) != []


@each(ONLY_WITH_KEYS)
def test_only_a_client_with_keys_catches_it(told, tmp_path):
    assert drive(told, ours(tmp_path, verifies=False)) != []


@each({name: told for name, told in SCENARIOS.items() if not told["attack"]})
def test_a_right_registry_is_not_refused_without_keys_either(told, tmp_path):
    assert drive(told, ours(tmp_path, verifies=False)) == []


def post(url: str, value: object) -> tuple[int, bytes]:
    with urlopen(Request(url, json.dumps(value).encode(), method="POST")) as answer:
        return answer.status, answer.read()


@pytest.mark.parametrize(
    ("outcomes", "status"), [(["live", "kept"], 0), (["live", "live"], 1)]
)
def test_a_client_in_any_language_is_judged_over_http(outcomes, status):
    """The protocol of the README, with nothing but HTTP."""
    told = ATTACKS["old-head"]
    done = subprocess.Popen(
        [sys.executable, "-m", "tests.conformance.serve", FOLDER / "old-head.json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with done:
        url = re.match(r"http://\S+", done.stdout.readline())[0] + "/conformance"
        with urlopen(f"{url}/client") as answer:
            assert json.load(answer) == told["client"]
        for step, outcome in zip(told["steps"], outcomes, strict=True):
            begun = json.loads(post(f"{url}/next", None)[1])
            judged = post(f"{url}/outcome", {**step["expect"], "outcome": outcome})
            assert begun == {"now": step["now"], "restart": step["restart"]}
            right = json.loads(judged[1])["right"]
            assert right is (outcome == step["expect"]["outcome"])
        assert post(f"{url}/next", None)[0] == 204
        said = done.stdout.read()

    assert done.returncode == status
    assert ("step 2" in said) is (status == 1)
