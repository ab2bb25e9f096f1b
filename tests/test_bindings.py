"""What a model binding must say, alone and beside those that it falls back to."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.checks import check
from registry.documents import Document, Use, dump, parse
from registry.errors import Invalid, InvalidDocument, NotFound
from registry.exports import litellm_models
from registry.mistakes import Finding
from registry.names import Ref
from registry.values import Json

BINDING: dict[str, Json] = {
    "kind": "binding",
    "name": "acme-air/chat",
    "version": "1.0.0",
    "owner": "product",
    "description": "Answers travellers.",
    "tier": "medium",
    "review_by": "2027-01-15",
    "platform": "azure_openai",
    "model": "gpt-4o",
    "model_version": "2024-08-06",
    "pin": {"kind": "snapshot", "evidence": "https://example.org/versions"},
    "target": {
        "endpoint_ref": "retail-aoai-weu",
        "deployment": "chat-prod",
        "api_version": "2024-10-21",
        "region": "westeurope",
        "deployment_type": "DataZoneStandard",
        "upgrade_policy": "NoAutoUpgrade",
    },
    "credential_ref": "env:RETAIL_AOAI_KEY",
    "parameters": {
        "temperature": 0.2,
        "max_output_tokens": 800,
        "stop": ["END"],
        "reasoning_effort": "low",
    },
    "limits": {
        "rpm": 600,
        "tpm": 200_000,
        "budget": {"usd": 50, "per": "day"},
        "timeout_s": 30,
        "max_retries": 1,
    },
    "fallbacks": [
        {"name": "acme-air/chat-backup", "range": "^1", "when": ["error", "timeout"]}
    ],
    "residency": {"processing": ["eu"], "at_rest": ["eu"], "training_use": False},
    "lifecycle": {
        "status": "active",
        "shutdown_on": "2027-04-14",
        "firm": True,
        "replacement": "gpt-4.1",
        "source": "https://example.org/retirements",
        "checked_on": "2026-11-20",
    },
    "vendor": {"contact": "the account team", "notice_days": 60},
    "uses": ["customer_chat"],
    "expect": {"response_model": "gpt-4o-2024-08-06"},
}
PLAIN: dict[str, Json] = {
    "kind": "binding",
    "name": "acme-air/chat-backup",
    "version": "1.0.0",
    "owner": "product",
    "description": "Answers when the other does not.",
    "tier": "medium",
    "platform": "anthropic",
    "model": "claude-sonnet-5",
    "pin": {"kind": "snapshot"},
    "limits": {"timeout_s": 30},
    "residency": {"processing": ["eu"], "at_rest": ["eu"]},
    "expect": {"response_model": "claude-sonnet-5"},
}


def findings(value: Mapping[str, Json]) -> tuple[Finding, ...]:
    """What is wrong with a binding; something must be."""
    with pytest.raises(InvalidDocument) as refused:
        parse(dump(dict(value)))
    return refused.value.findings


def with_part(value: dict[str, Json], path: str, part: Json) -> dict[str, Json]:
    """*value* with another value at `a.b`."""
    first, _, rest = path.partition(".")
    if not rest:
        return {**value, first: part}
    inner = value.get(first)
    return {
        **value,
        first: with_part(inner if isinstance(inner, dict) else {}, rest, part),
    }


def without(value: dict[str, Json], path: str) -> dict[str, Json]:
    first, _, rest = path.partition(".")
    if not rest:
        return {name: part for name, part in value.items() if name != first}
    inner = value[first]
    assert isinstance(inner, dict)
    return {**value, first: without(inner, rest)}


def test_a_whole_binding_is_taken() -> None:
    binding = parse(dump(BINDING))

    assert binding.value == BINDING
    assert binding.uses == (
        Use(ref=Ref("bindings/acme-air/chat-backup"), role="1", range="^1"),
    )


def test_the_binding_in_the_page_is_taken() -> None:
    page = (Path(__file__).parents[1] / "docs/bindings.md").read_text()
    source = page.partition("```yaml\n")[2].partition("```")[0]

    assert parse(source.encode()).ref == "bindings/acme-air/chat"


def test_a_binding_needs_little_more_than_a_model_a_pin_and_limits() -> None:
    assert parse(dump(PLAIN)).value == PLAIN


@pytest.mark.parametrize(
    "path",
    [
        "platform",
        "model",
        "pin",
        "pin.kind",
        "limits",
        "expect",
        "expect.response_model",
    ],
)
def test_a_binding_without_what_every_binding_has_is_refused(path: str) -> None:
    (finding,) = findings(without(BINDING, path))

    assert finding.message.startswith(f"`{path.rpartition('.')[2]}` is missing")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("platform", "openia"),
        ("model", "gpt 4o"),
        ("model", ""),
        ("pin.kind", "pinned"),
        ("pin.because", "it looks so"),
        ("target.url", "https://example.org"),
        ("target.deployment_type", "Regional"),
        ("parameters.temperature", 2.5),
        ("parameters.temperature", "0.2"),
        ("parameters.top_p", -0.1),
        ("parameters.max_output_tokens", 0),
        ("parameters.seed", 1.5),
        ("parameters.stop", []),
        ("parameters.stop", [1]),
        ("parameters.stop", ["x"] * 17),
        ("parameters.reasoning_effort", "hard"),
        ("parameters.response_format", {"type": "json_object"}),
        ("limits", {}),
        ("limits.rpm", 0),
        ("limits.budget", {"usd": 0, "per": "day"}),
        ("limits.budget", {"usd": 5}),
        ("limits.timeout_s", 0),
        ("fallbacks", [{"name": "acme-air/chat-backup"}]),
        ("fallbacks", [{"name": "acme-air/chat-backup", "when": []}]),
        ("fallbacks", [{"name": "acme-air/chat-backup", "when": ["whenever"]}]),
        ("fallbacks", [{"name": "Chat", "when": ["error"]}]),
        ("fallbacks", [{"name": "a", "when": ["error"], "range": "latest"}]),
        ("fallbacks", [{"name": "a", "when": ["error"]}] * 2),
        ("residency.processing", ["EU"]),
        ("residency.processing", ["eu", "eu"]),
        ("lifecycle.status", "retired"),
        ("lifecycle.shutdown_on", "2027-02-30"),
        ("lifecycle.checked_on", "yesterday"),
        ("vendor.notice_days", -1),
        ("uses", ["Customer chat"]),
        ("expect.response_model", "gpt-4o\n"),
    ],
)
def test_a_binding_with_a_wrong_part_is_refused(path: str, value: Json) -> None:
    (finding, *_) = findings(with_part(BINDING, path, value))

    assert finding.where.startswith("/" + path.partition(".")[0])


def test_a_parameter_that_is_misspelt_is_told_with_the_right_one() -> None:
    (finding,) = findings(with_part(BINDING, "parameters.temprature", 1))

    assert finding.where == "/parameters/temprature"
    assert finding.hint == "Did you mean `temperature`?"


@pytest.mark.parametrize(
    ("platform", "parameters"),
    [
        ("openai", {"top_k": 40}),
        ("openai", {"min_p": 0.1}),
        ("anthropic", {"seed": 7}),
        ("anthropic", {"presence_penalty": 1}),
        ("anthropic", {"temperature": 1.5}),
        ("bedrock", {"frequency_penalty": 1}),
        ("gemini", {"repetition_penalty": 1.1}),
        ("mistral", {"store": True}),
        ("cohere", {"reasoning_budget_tokens": 10}),
    ],
)
def test_a_parameter_that_the_platform_does_not_have_is_refused(
    platform: str, parameters: dict[str, Json]
) -> None:
    value = PLAIN | {"platform": platform, "parameters": parameters}

    (finding,) = findings(value)

    assert finding.where == f"/parameters/{next(iter(parameters))}"
    assert platform in finding.message


def test_an_alias_needs_a_waiver() -> None:
    alias: dict[str, Json] = {"kind": "alias"}

    (finding,) = findings(PLAIN | {"pin": alias})

    assert finding.where == "/pin"
    waiver: Json = {"reason": "we compare daily", "expires": "2027-02-01"}
    parse(dump(PLAIN | {"pin": alias | {"waiver": waiver}}))


@pytest.mark.parametrize(
    "waiver",
    [
        {"reason": "for ever"},
        {"reason": "", "expires": "2027-02-01"},
        {"reason": "soon", "expires": "2027-02-31"},
    ],
)
def test_a_waiver_says_why_and_until_when(waiver: Json) -> None:
    (finding,) = findings(PLAIN | {"pin": {"kind": "alias", "waiver": waiver}})

    assert finding.where.startswith("/pin/waiver")


def test_nothing_but_an_alias_takes_a_waiver() -> None:
    waiver: Json = {"reason": "to be safe", "expires": "2027-02-01"}

    (finding,) = findings(PLAIN | {"pin": {"kind": "snapshot", "waiver": waiver}})

    assert finding.where == "/pin/waiver"


@pytest.mark.parametrize("model", ["claude-sonnet-5", "claude-3-5-haiku-20241022"])
@pytest.mark.parametrize("kind", ["snapshot", "alias"])
def test_whether_a_model_is_pinned_is_never_read_off_its_name(
    model: str, kind: str
) -> None:
    value = PLAIN | {"model": model, "pin": {"kind": kind}}

    if kind == "alias":
        assert [finding.where for finding in findings(value)] == ["/pin"]
    else:
        assert parse(dump(value)).value["model"] == model


@pytest.mark.parametrize(
    "policy", ["OnceNewDefaultVersionAvailable", "OnceCurrentVersionExpired", None]
)
@pytest.mark.parametrize("platform", ["azure_openai", "azure_ai"])
def test_azure_must_be_told_not_to_replace_the_model(
    policy: str | None, platform: str
) -> None:
    path = "target.upgrade_policy"
    value = (
        without(BINDING, path) if policy is None else with_part(BINDING, path, policy)
    )

    (finding,) = findings(value | {"platform": platform})

    assert finding.where.startswith("/target")
    assert "NoAutoUpgrade" in finding.hint


def test_azure_without_a_target_is_refused_as_well() -> None:
    (finding,) = findings(without(BINDING, "target"))

    assert "upgrade_policy is missing" in finding.message


def test_an_upgrade_policy_elsewhere_would_say_nothing() -> None:
    target: Json = {"upgrade_policy": "NoAutoUpgrade"}

    (finding,) = findings(PLAIN | {"target": target})

    assert finding.where == "/target/upgrade_policy"


def test_weights_of_ones_own_are_pinned_by_their_digest() -> None:
    own = PLAIN | {"platform": "self_hosted", "model": "llama-4"}
    pin: Json = {"kind": "weights_digest"}
    digest = "sha256:" + "0" * 64

    parse(dump(own | {"pin": pin, "model_version": digest}))
    unpinned = findings(own | {"model_version": digest})
    missing = findings(own | {"pin": pin})
    no_digest = findings(own | {"pin": pin, "model_version": "v2"})
    elsewhere = findings(PLAIN | {"pin": pin})

    assert [finding.where for finding in unpinned] == ["/pin/kind"]
    assert [finding.where for finding in missing] == ["/platform"]
    assert [finding.where for finding in no_digest] == ["/model_version"]
    assert [finding.where for finding in elsewhere] == ["/pin/kind"]


def test_a_model_of_azure_is_named_with_its_version() -> None:
    (finding,) = findings(without(BINDING, "model_version"))

    assert finding.message.startswith("`model_version` is missing")


def test_a_deployment_that_pins_is_named() -> None:
    (finding,) = findings(PLAIN | {"pin": {"kind": "deployment"}})

    assert finding.where == "/pin/kind"


def test_only_bedrock_has_inference_profiles() -> None:
    pin: Json = {"kind": "inference_profile"}

    assert [f.where for f in findings(PLAIN | {"pin": pin})] == ["/pin/kind"]
    parse(dump(PLAIN | {"pin": pin, "platform": "bedrock"}))


def test_a_model_is_not_shut_down_before_its_review() -> None:
    (finding,) = findings(with_part(BINDING, "lifecycle.shutdown_on", "2027-01-14"))

    assert finding.where == "/review_by"
    parse(dump(with_part(BINDING, "lifecycle.shutdown_on", "2027-01-15")))


@pytest.mark.parametrize("part", ["source", "checked_on"])
def test_a_day_of_shutdown_comes_with_where_and_when_it_was_read(part: str) -> None:
    (finding,) = findings(without(BINDING, f"lifecycle.{part}"))

    assert finding.where == "/lifecycle/shutdown_on"
    assert part in finding.message


def test_a_global_deployment_is_not_in_one_region() -> None:
    value = with_part(BINDING, "target.deployment_type", "GlobalStandard")

    (finding,) = findings(value)

    assert finding.where == "/residency/processing"


@pytest.mark.parametrize(
    "said",
    ["sk-123", "env:lower", "env:", "file:/etc/passwd", "RETAIL_KEY", "env:A B"],
)
def test_a_credential_is_a_reference_and_nothing_else(said: str) -> None:
    (finding, *_) = findings(BINDING | {"credential_ref": said})

    assert finding.where == "/credential_ref"


@pytest.mark.parametrize(
    "said", ["env:KEY", "vault:kv/data/llm#key", "aws-sm:prod/openai"]
)
def test_a_credential_is_found_in_the_environment_or_a_vault(said: str) -> None:
    parse(dump(BINDING | {"credential_ref": said}))


KEY = "AKIA" + "IOSFODNN7QXAMPLZ"


@pytest.mark.parametrize(
    "path",
    [
        "description",
        "model",
        "pin.evidence",
        "target.endpoint_ref",
        "parameters.stop",
        "vendor.contact",
        "labels.key",
    ],
)
def test_a_secret_is_refused_wherever_it_stands_and_is_not_repeated(path: str) -> None:
    value: Json = [KEY] if path == "parameters.stop" else KEY

    found = findings(with_part(BINDING, path, value))

    assert any("looks like a secret" in finding.message for finding in found)
    assert KEY not in str(found)


def test_a_secret_in_a_credential_is_refused_too() -> None:
    found = findings(BINDING | {"credential_ref": f"env:{KEY}"})

    assert any("looks like a secret" in finding.message for finding in found)


def wrong(*values: dict[str, Json]) -> list[tuple[str, str]]:
    """What is wrong between documents, which are right by themselves."""
    parsed = [parse(dump(value)) for value in values]
    documents = {document.ref: document for document in parsed}

    def get(ref: Ref) -> Document:
        if ref not in documents:
            raise NotFound(ref)
        return documents[ref]

    return [(ref, finding.message) for ref, finding in check(documents, get)]


def falls_back(value: dict[str, Json], *names: str) -> dict[str, Json]:
    return value | {"fallbacks": [{"name": name, "when": ["error"]} for name in names]}


def named(name: str, **parts: Json) -> dict[str, Json]:
    return PLAIN | {"name": name} | parts


def test_a_fallback_that_keeps_what_is_promised_is_taken() -> None:
    assert wrong(BINDING, PLAIN) == []


def test_a_fallback_that_is_not_there_is_told() -> None:
    ((ref, message),) = wrong(BINDING)

    assert ref == "bindings/acme-air/chat"
    assert "bindings/acme-air/chat-backup, fallback 1, does not exist" in message


def test_a_fallback_of_another_version_is_told() -> None:
    ((_, message),) = wrong(BINDING, PLAIN | {"version": "2.0.0"})

    assert "which ^1 does not allow" in message


@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_fallbacks_never_lead_in_a_circle(length: int) -> None:
    names = [f"acme/m{number}" for number in range(length)]
    after = [*names[1:], names[0]]

    found = wrong(*(falls_back(named(a), b) for a, b in zip(names, after, strict=True)))

    assert [ref for ref, _ in found] == [f"bindings/{name}" for name in names]
    assert all("falls back to" in message for _, message in found)


def test_fallbacks_that_meet_again_are_no_circle() -> None:
    assert (
        wrong(
            falls_back(named("acme/a"), "acme/b", "acme/c"),
            falls_back(named("acme/b"), "acme/d"),
            falls_back(named("acme/c"), "acme/d"),
            named("acme/d"),
        )
        == []
    )


def test_what_leads_into_a_circle_is_not_blamed_for_it() -> None:
    found = wrong(
        falls_back(named("acme/a"), "acme/b"),
        falls_back(named("acme/b"), "acme/c"),
        falls_back(named("acme/c"), "acme/b"),
    )

    assert [ref for ref, _ in found] == ["bindings/acme/b", "bindings/acme/c"]


@pytest.mark.parametrize(
    ("residency", "says"),
    [
        ({"processing": ["eu", "us"], "at_rest": ["eu"]}, "processed in us"),
        ({"processing": ["global"], "at_rest": ["eu"]}, "processed in global"),
        ({"processing": ["eu"], "at_rest": ["us"]}, "kept in us"),
        ({"processing": ["eu"]}, "does not say where what is said is kept"),
        (
            {"processing": ["eu"], "at_rest": ["eu"], "training_use": True},
            "may be trained on",
        ),
    ],
)
def test_a_fallback_takes_nothing_further_than_the_binding(
    residency: Json, says: str
) -> None:
    ((ref, message),) = wrong(BINDING, PLAIN | {"residency": residency})

    assert ref == "bindings/acme-air/chat"
    assert says in message


def test_a_binding_that_goes_anywhere_takes_any_fallback() -> None:
    anywhere: Json = {"processing": ["global"], "at_rest": ["global"]}

    assert wrong(BINDING | {"residency": anywhere}, PLAIN) == []


def test_a_fallback_has_no_higher_tier() -> None:
    ((_, higher),) = wrong(BINDING, PLAIN | {"tier": "high"})
    ((_, untold),) = wrong(BINDING, without(PLAIN, "tier"))

    assert "has the tier high" in higher
    assert "has the tier high" in untold
    assert wrong(BINDING, PLAIN | {"tier": "low"}) == []


def test_a_fallback_may_retire_earlier() -> None:
    lifecycle: Json = {
        "status": "deprecated",
        "shutdown_on": "2026-12-24",
        "source": "https://example.org",
        "checked_on": "2026-11-20",
    }

    assert wrong(BINDING, PLAIN | {"lifecycle": lifecycle}) == []


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["", "a", "alias", "self_hosted", "2027-02-30", "global"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["kind", "waiver", "expires", "shutdown_on", "name", "processing"]
            ),
            inner,
        )
    ),
    max_leaves=6,
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([*BINDING]), json_values))
def test_nothing_but_our_error_comes_out_for_any_values(
    changes: dict[str, Json],
) -> None:
    with suppress(Invalid):
        parse(dump({**BINDING, **changes}))


def model_list(*values: dict[str, Json]) -> dict[str, Any]:
    """What LiteLLM reads of bindings, with a loader that is not ours."""
    loaded: dict[str, Any] = yaml.safe_load(litellm_models.export(values).text)
    return loaded


def test_litellm_is_given_a_deployment_with_its_limits() -> None:
    (entry,) = model_list(BINDING | {"digest": "sha256:" + "0" * 64})["model_list"]

    assert entry == {
        "model_name": "acme-air/chat",
        "litellm_params": {
            "model": "azure/chat-prod",
            "api_version": "2024-10-21",
            "api_key": "os.environ/RETAIL_AOAI_KEY",
            "temperature": 0.2,
            "max_tokens": 800,
            "stop": ["END"],
            "reasoning_effort": "low",
            "rpm": 600,
            "tpm": 200_000,
            "timeout": 30,
            "max_retries": 1,
            "max_budget": 50,
            "budget_duration": "1d",
        },
        "model_info": {
            "id": "acme-air/chat@1.0.0",
            "base_model": "azure/gpt-4o-2024-08-06",
            "placet_binding": "acme-air/chat",
            "placet_version": "1.0.0",
            "placet_digest": "sha256:" + "0" * 64,
            "placet_response_model": "gpt-4o-2024-08-06",
        },
    }


@pytest.mark.slow
def test_litellm_is_told_the_fallbacks_that_it_has() -> None:
    both = model_list(BINDING, PLAIN)
    alone = litellm_models.export([BINDING])

    assert both["router_settings"]["fallbacks"] == [
        {"acme-air/chat": ["acme-air/chat-backup"]}
    ]
    assert "router_settings" not in alone.text
    assert any("is left out" in loss.message for loss in alone.losses)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"platform": "openai"}, {"model": "openai/claude-sonnet-5"}),
        ({"platform": "self_hosted"}, {"model": "hosted_vllm/claude-sonnet-5"}),
        (
            {"platform": "bedrock", "target": {"region": "eu-west-1"}},
            {"model": "bedrock/claude-sonnet-5", "aws_region_name": "eu-west-1"},
        ),
        (
            {
                "platform": "vertex",
                "credential_ref": "env:SA",
                "target": {"region": "e"},
            },
            {"vertex_credentials": "os.environ/SA", "vertex_location": "e"},
        ),
        (
            {"parameters": {"reasoning_budget_tokens": 1024}},
            {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        ),
        (
            {"parameters": {"response_format": "json_object"}},
            {"response_format": {"type": "json_object"}},
        ),
    ],
)
def test_litellm_is_told_in_its_own_words(
    parts: dict[str, Json], said: dict[str, Json]
) -> None:
    (entry,) = model_list(PLAIN | parts)["model_list"]

    assert entry["litellm_params"] | said == entry["litellm_params"]


@pytest.mark.parametrize(
    ("parts", "rule", "says"),
    [
        ({"credential_ref": "vault:a"}, "credential_ref", "from vault"),
        ({"limits": {"budget": {"usd": 1, "per": "month"}}}, "limits", "30 days"),
        ({"parameters": {"response_format": "json_schema"}}, "parameters", "prompt's"),
        ({"platform": "self_hosted"}, "target", "api_base"),
        ({}, "residency", "regions"),
        ({}, "expect", "does not compare"),
    ],
)
def test_what_litellm_does_not_hold_is_told(
    parts: dict[str, Json], rule: str, says: str
) -> None:
    losses = {
        loss.rule: loss.message
        for loss in litellm_models.export([PLAIN | parts]).losses
    }

    assert says in losses[f"acme-air/chat-backup {rule}"]


def test_litellm_falls_back_on_every_failure_and_that_is_told() -> None:
    losses = [loss.message for loss in litellm_models.export([BINDING, PLAIN]).losses]

    assert (
        "acme-air/chat-backup answers on every failure in LiteLLM, also on rate_limit."
        in losses
    )
