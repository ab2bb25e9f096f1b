"""What counts for model bindings: `registry/binding_bumps.py`."""

import pytest

from registry.binding_bumps import JUDGES, family
from registry.bump_reasons import Bump, judge_parts


def target(**said) -> dict:
    return {"target": said}


def kept(**said) -> dict:
    return {"residency": said}


@pytest.mark.parametrize(
    ("model", "of"),
    [
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("gpt-4o", "gpt-4o"),
        ("gpt-4-0613", "gpt-4"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("claude-3-5-sonnet@20240620", "claude-3-5-sonnet"),
        (
            "anthropic.claude-3-5-sonnet-20241022-v2:0",
            "anthropic.claude-3-5-sonnet",
        ),
        ("gemini-2.0-flash-001", "gemini-2.0-flash"),
        ("gemini-2.5-flash-preview-04-17", "gemini-2.5-flash"),
        ("mistral-large-2407", "mistral-large"),
        ("command-r-08-2024", "command-r"),
        ("claude-3-haiku-latest", "claude-3-haiku"),
        ("-latest", "-latest"),
    ],
)
def test_a_family_is_a_name_without_its_snapshot(model, of):
    assert family(model) == of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("claude-sonnet-4-5", "claude-sonnet-4-6"),
        ("gpt-4o", "gpt-4o-mini"),
        ("deepseek-v2", "deepseek-v3"),
        ("llama3-8b-8192", "llama3-8b-4096"),
        ("us.anthropic.claude-3-haiku", "global.anthropic.claude-3-haiku"),
    ],
)
def test_what_is_not_clearly_one_family_is_two(one, other):
    assert family(one) != family(other)


@pytest.mark.parametrize(
    ("before", "after", "bump"),
    [
        ({"platform": "openai"}, {"platform": "azure_openai"}, Bump.MAJOR),
        ({"model": "gpt-4o"}, {"model": "gpt-4.1"}, Bump.MAJOR),
        ({"model": "gpt-4o-2024-05-13"}, {"model": "gpt-4o-2024-08-06"}, Bump.MINOR),
        ({"model_version": "1"}, {"model_version": "2"}, Bump.MINOR),
        ({"pin": {"kind": "snapshot"}}, {"pin": {"kind": "alias"}}, Bump.MAJOR),
        ({"pin": {"kind": "alias"}}, {"pin": {"kind": "snapshot"}}, Bump.MINOR),
        (
            {"pin": {"kind": "snapshot"}},
            {"pin": {"kind": "snapshot", "evidence": "They say so."}},
            Bump.PATCH,
        ),
        (
            target(upgrade_policy="NoAutoUpgrade"),
            target(upgrade_policy="OnceCurrentVersionExpired"),
            Bump.MAJOR,
        ),
        (target(upgrade_policy="NoAutoUpgrade"), {}, Bump.MAJOR),
        ({}, target(upgrade_policy="NoAutoUpgrade"), Bump.MINOR),
        (
            target(deployment_type="DataZoneStandard"),
            target(deployment_type="GlobalStandard"),
            Bump.MAJOR,
        ),
        (target(deployment_type="Standard"), {}, Bump.MAJOR),
        (
            target(deployment_type="GlobalBatch"),
            target(deployment_type="Standard"),
            Bump.MINOR,
        ),
        (target(endpoint_ref="a"), target(endpoint_ref="b"), Bump.MAJOR),
        (target(deployment="a"), target(deployment="b"), Bump.MINOR),
        (target(region="a"), target(region="b"), Bump.MINOR),
        (target(invented="a"), target(invented="b"), Bump.MAJOR),
        ({"credential_ref": "env:A"}, {"credential_ref": "env:B"}, Bump.MAJOR),
        (kept(processing=["eu"]), kept(processing=["eu", "us"]), Bump.MAJOR),
        (kept(at_rest=["eu"]), {}, Bump.MAJOR),
        (kept(processing=["eu", "us"]), kept(processing=["eu"]), Bump.MINOR),
        ({}, kept(processing=["eu"]), Bump.MINOR),
        (kept(training_use=False), kept(training_use=True), Bump.MAJOR),
        (kept(training_use=False), {}, Bump.MAJOR),
        ({}, kept(training_use=False), Bump.MINOR),
        ({}, {"fallbacks": [{"name": "a", "when": ["error"]}]}, Bump.MINOR),
        ({"fallbacks": [{"name": "a", "when": ["error"]}]}, {}, Bump.MINOR),
        (
            {"fallbacks": [{"name": "a", "when": ["error"]}]},
            {"fallbacks": [{"name": "a", "when": ["timeout"]}]},
            Bump.MINOR,
        ),
        ({"limits": {"rpm": 1}}, {"limits": {"rpm": 2}}, Bump.MINOR),
        ({"parameters": {"seed": 1}}, {"parameters": {"seed": 2}}, Bump.MINOR),
        ({"uses": ["a"]}, {"uses": ["b"]}, Bump.MINOR),
        ({}, {"lifecycle": {"status": "active"}}, Bump.PATCH),
        ({}, {"vendor": {"contact": "them"}}, Bump.PATCH),
    ],
)
def test_a_difference_of_a_binding_asks_for_a_step(before, after, bump):
    found = [one.bump for one in judge_parts(before, after, JUDGES)]

    assert max(found, key=lambda one: one.rank) is bump
