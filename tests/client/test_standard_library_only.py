"""A chatbot installs nothing with us, so what we import is Python's own."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import placet

SOURCE = Path(placet.__file__).parent.parent


def loaded_by(statement):
    """Top-level names of all modules, without site-packages within reach."""
    script = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); {statement}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script + "; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_the_client_loads_only_the_standard_library():
    loaded = loaded_by("import placet")

    assert "placet" in loaded
    assert loaded <= set(sys.stdlib_module_names) | {"placet", "__main__"}


WITHOUT_THE_EXTRA = """
from placet.testing import FakeRegistry
import placet

with FakeRegistry() as registry, registry.client() as client:
    registry.put_prompt("p", "first")
    registry.put_bot("b", {"main": "p"})
    bot = client.bot("b")
    assert bot.guardrails.check("input", "hello").allowed
    rule = {"id": "r", "stage": ["input"], "check": CHECK, "action": "block"}
    registry.put_guardrail("g", [rule])
    registry.put_prompt("p", "second")
    registry.put_bot("b", {"main": "p"}, guardrails={"in": "g"})
    health = client.refresh()
    said = client.bot("b").prompt("main").render()[0]["content"]
    assert (said, client.bot("b").stale) == ("first", True), said
    assert 'pip install "placet[guardrails]"' in health.problems["bots/b"], health
with FakeRegistry() as registry, registry.client() as client:
    registry.put_prompt("p", "first")
    registry.put_guardrail("g", [rule])
    registry.put_bot("b", {"main": "p"}, guardrails={"in": "g"})
    try:
        client.bot("b")
    except placet.Unsupported as error:
        assert 'pip install "placet[guardrails]"' in str(error), error
    else:
        raise AssertionError("a guardrail was replaced by nothing")
"""


@pytest.mark.parametrize(
    "check",
    [
        {"type": "regex", "pattern": "x"},
        {"type": "keyword", "terms": ["x"]},
        {"type": "length", "unit": "chars", "max": 5},
        {"type": "json_schema", "schema": {}},
        {"type": "pii", "entities": ["PHONE_NUMBER"], "regions": ["NL"]},
        {"type": "secret", "detectors": ["aws_access_key"]},
        {"type": "tool_call", "tools": ["*"], "decision": "deny"},
    ],
    ids=lambda check: check["type"],
)
def test_without_the_extra_a_bundle_with_guardrails_is_refused(check):
    script = WITHOUT_THE_EXTRA.replace("CHECK", repr(check))
    path = f"import sys; sys.path.insert(0, {str(SOURCE)!r})\n"

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", path + script],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


KEY_WITHOUT_THE_EXTRA = """
import placet
try:
    placet.Client("http://127.0.0.1:9", token="t", environment="e", verify_keys=["k"])
except placet.Misconfigured as error:
    assert 'pip install "placet[verify]"' in str(error), error
else:
    raise AssertionError("nothing would have been verified")
"""


def test_keys_without_their_extra_are_refused_and_the_extra_is_named():
    path = f"import sys; sys.path.insert(0, {str(SOURCE)!r})\n"

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", path + KEY_WITHOUT_THE_EXTRA],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_what_is_for_tests_loads_only_the_standard_library_too():
    loaded = loaded_by("import placet.testing")

    assert loaded <= set(sys.stdlib_module_names) | {"placet", "__main__"}


def test_a_chatbot_does_not_load_what_is_for_tests():
    loaded_by("import placet; assert 'placet.testing' not in sys.modules")


def test_importing_starts_no_thread_and_reads_no_network():
    loaded_by("import placet, threading; assert threading.active_count() == 1")


def test_type_checkers_are_told_that_it_is_typed():
    assert files("placet").joinpath("py.typed").is_file()
