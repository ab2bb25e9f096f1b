"""What an export takes is bounded and counted, so that it is the same everywhere."""

import asyncio
from contextlib import suppress

import pytest
import rfc8785

from registry.api.asked import parse_path
from registry.api.exporting import Exporting, Kept
from registry.errors import NotExportable
from registry.exports.backtracking import is_slow
from registry.exports.formats import export
from registry.exports.steps import MAX_OF_DOCUMENT, MAX_OF_RULE, Steps
from registry.exports.syntax import parse
from registry.snapshots import serve
from tests.exports.guardrails import guardrail, regex, rule

LOOPS = "".join(f"{letter}*x" for letter in "abcdefghijklmnopqrstuvw") * 20
INTRICATE = "(?:" + "a?b?c?" * 300 + ")"


def taken(pattern: str, steps: Steps | None = None) -> int:
    steps = steps or Steps()
    with suppress(NotExportable):
        is_slow(parse(pattern, case_sensitive=True), steps)
    return steps.taken


@pytest.mark.parametrize(
    "pattern", [LOOPS, "[a-z]*" * 300, "[^a][^b][^c]*" * 130, INTRICATE]
)
def test_no_rule_takes_more_than_its_steps(pattern):
    assert taken(pattern[:1_840]) <= MAX_OF_RULE + MAX_OF_DOCUMENT // 100


def test_loops_that_share_no_character_take_no_cube_of_steps():
    few, many = taken(LOOPS[:200]), taken(LOOPS[:800])

    assert many < few * 4**2.5


def test_an_intricate_rule_is_left_out_and_leaves_the_others_in():
    value = guardrail(rule(regex(INTRICATE), id="bad"), rule(regex(), id="good"))

    made = export(value, "nemo")

    (told,) = [loss.message for loss in made.losses if loss.rule == "bad"]
    assert "too intricate to be shown harmless" in told
    assert "AKIA" in made.text


def test_what_all_rules_take_together_is_bounded():
    value = guardrail(
        *(rule(regex(INTRICATE), id=f"bad-{number}") for number in range(20)),
        rule(regex(), id="late"),
    )

    with pytest.raises(NotExportable, match="too intricate to be shown harmless"):
        export(value, "nemo")


def test_a_document_has_one_export_whatever_was_exported_before():
    value = guardrail(*(rule(regex(LOOPS[:200]), id=f"r-{n}") for n in range(9)))

    assert export(value, "litellm") == export(value, "litellm")


def test_many_words_near_many_others_are_exported():
    words, others = ([f"{start}bcdefghij{n}" for n in range(50)] for start in "ax")
    check = {"type": "keyword", "terms": words, "near": {"terms": others, "within": 8}}

    made = export(guardrail(rule(check)), "nemo")

    assert not any("Not exported" in loss.message for loss in made.losses)


def test_exports_that_are_kept_are_bounded_in_number_and_bytes():
    kept = Kept(most=2, most_bytes=100)
    small, large = (serve("sha256:0", "1.0.0", b"x" * size) for size in (40, 101))

    kept.put(("a", "nemo"), small)
    kept.put(("b", "nemo"), small)
    kept.get(("a", "nemo"))
    kept.put(("c", "nemo"), small)
    assert kept.get(("b", "nemo")) is None
    assert kept.get(("a", "nemo")) is small
    kept.put(("d", "nemo"), large)

    assert kept.get(("d", "nemo")) is None


def test_an_export_that_was_made_is_answered_again_and_a_refusal_too():
    good, bad = guardrail(rule(regex())), guardrail(rule(regex("^(a+)+$")))
    exporting = Exporting()

    def ask(value):
        served = serve(f"sha256:{value is bad}", "1.0.0", rfc8785.dumps(value))
        asked = parse_path("/v1/environments/live/guardrails/acme-air/no-promises")
        return asyncio.run(exporting.exported(asked, served, "nemo"))

    assert ask(good) is ask(good)
    with pytest.raises(NotExportable) as first:
        ask(bad)
    with pytest.raises(NotExportable) as second:
        ask(bad)
    assert str(first.value) == str(second.value)
    assert first.value.hint == second.value.hint
