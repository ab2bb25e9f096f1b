"""Model bindings for LiteLLM: `model_list`, and the fallbacks between its models.

* A model is called like its binding, so that a chatbot asks for `acme-air/chat`.
* A credential is written as a reference that LiteLLM resolves itself,
  `os.environ/NAME`; nothing else refers to anything outside.
* What a binding promises and LiteLLM does not hold is a loss: regions, the model
  that has to answer, on which failures a fallback answers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from registry.binding_rules import AZURE
from registry.exports import Exported, Loss
from registry.parts import mapping
from registry.values import Json
from registry.yaml_dump import dump

Value = Mapping[str, Json]

_FAILURES = {"error", "rate_limit", "timeout"}
_PREFIXES = {
    "azure_openai": "azure",
    "vertex": "vertex_ai",
    "openai_compatible": "openai",
    "self_hosted": "hosted_vllm",
}
"""What LiteLLM calls a platform; others it calls as bindings do."""

_PARAMETERS = {"max_output_tokens": "max_tokens", "candidates": "n"}
_DURATIONS: dict[str, str] = {"hour": "1h", "day": "1d", "week": "7d", "month": "30d"}
_LIMITS = {
    "rpm": "rpm",
    "tpm": "tpm",
    "timeout_s": "timeout",
    "max_retries": "max_retries",
}
_NO_ADDRESS = frozenset(
    {"openai", "anthropic", "bedrock", "vertex", "gemini", "cohere", "mistral"}
    | {"groq", "xai", "deepseek", "together_ai", "fireworks_ai"}
)
"""Platforms that LiteLLM finds without being told an address."""


def export(bindings: Sequence[Value]) -> Exported:
    """Args:
    bindings: Documents that were checked, or the bodies that are served of them;
        of those that one falls back to, only what is among them is named.
    """
    names = {str(value["name"]) for value in bindings}
    fallbacks: list[Json] = [
        {str(value["name"]): cast(list[Json], found)}
        for value in bindings
        if (found := [name for name in _fallback_names(value) if name in names])
    ]
    whole: dict[str, Json] = {"model_list": [_entry(value) for value in bindings]}
    if fallbacks:
        whole["router_settings"] = {"fallbacks": fallbacks}
    return Exported(
        format="litellm",
        media_type="application/yaml",
        file_name="litellm-models.yaml",
        text=dump(whole).decode(),
        losses=tuple(loss for value in bindings for loss in _losses(value, names)),
    )


def export_one(binding: Value) -> Exported:
    """One binding by itself, and so without its fallbacks."""
    return export((binding,))


def _entry(value: Value) -> dict[str, Json]:
    target = mapping(value, "target")
    parameters: dict[str, Json] = {
        "model": _model(value),
        **_region(value),
        **_present(target, {"api_version": "api_version"}),
        **_credential(value),
        **dict(_parameters(value)),
        **_present(mapping(value, "limits"), _LIMITS),
        **_budget(value),
    }
    name, version = str(value["name"]), str(value["version"])
    information: dict[str, Json] = {"id": f"{name}@{version}"}
    if _is_azure(value):  # a deployment's name says nothing about prices
        known = f"azure/{value['model']}-{value['model_version']}"
        information["base_model"] = known
    information["placet_binding"] = name
    information["placet_version"] = version
    if "digest" in value:
        information["placet_digest"] = value["digest"]
    information["placet_response_model"] = mapping(value, "expect")["response_model"]
    return {
        "model_name": name,
        "litellm_params": parameters,
        "model_info": information,
    }


def _model(value: Value) -> str:
    platform = str(value["platform"])
    called: Json = value["model"]
    if _is_azure(value):
        called = mapping(value, "target").get("deployment", called)
    return f"{_PREFIXES.get(platform, platform)}/{called}"


def _region(value: Value) -> dict[str, Json]:
    name = {"bedrock": "aws_region_name", "vertex": "vertex_location"}
    region = mapping(value, "target").get("region")
    key = name.get(str(value["platform"]))
    return {} if key is None or region is None else {key: region}


def _credential(value: Value) -> dict[str, Json]:
    scheme, _, place = str(value.get("credential_ref", "")).partition(":")
    if scheme != "env":
        return {}
    key = "vertex_credentials" if value["platform"] == "vertex" else "api_key"
    return {key: f"os.environ/{place}"}


def _parameters(value: Value) -> Iterator[tuple[str, Json]]:
    for name, said in mapping(value, "parameters").items():
        if name == "reasoning_budget_tokens":
            yield "thinking", {"type": "enabled", "budget_tokens": said}
        elif name == "response_format":
            if said != "json_schema":
                yield name, {"type": said}
        else:
            yield _PARAMETERS.get(name, name), said


def _budget(value: Value) -> dict[str, Json]:
    budget = mapping(mapping(value, "limits"), "budget")
    if not budget:
        return {}
    lasting = _DURATIONS[str(budget["per"])]
    return {"max_budget": budget["usd"], "budget_duration": lasting}


def _losses(value: Value, names: set[str]) -> Iterator[Loss]:
    name = str(value["name"])
    for part, tell in _TELLERS.items():
        for message in tell(value):
            yield Loss(rule=f"{name} {part}", message=message)
    for absent in (one for one in _fallback_names(value) if one not in names):
        message = f"The fallback {absent} is not among these models, and is left out."
        yield Loss(rule=f"{name} fallbacks", message=message)


def _tell_target(value: Value) -> Iterator[str]:
    if value["platform"] not in _NO_ADDRESS:
        endpoint = mapping(value, "target").get("endpoint_ref")
        which = f" of {endpoint}" if endpoint else ""
        yield (
            f"The registry does not know the address{which}: add `api_base` to "
            "`litellm_params`."
        )


def _tell_credential(value: Value) -> Iterator[str]:
    said = str(value.get("credential_ref", ""))
    if said and not said.startswith("env:"):
        scheme = said.partition(":")[0]
        yield (
            f"LiteLLM cannot read a credential from {scheme}: give it as `api_key` "
            "in its own way."
        )


def _tell_limits(value: Value) -> Iterator[str]:
    if mapping(mapping(value, "limits"), "budget").get("per") == "month":
        yield "LiteLLM's month of a budget is 30 days."


def _tell_parameters(value: Value) -> Iterator[str]:
    if mapping(value, "parameters").get("response_format") == "json_schema":
        yield "The schema of the answer is the prompt's: send it with each call."


def _tell_fallbacks(value: Value) -> Iterator[str]:
    for fallback in _fallbacks(value):
        when = cast(list[str], fallback["when"])
        missing = sorted(_FAILURES.difference(when))
        if missing:
            yield (
                f"{fallback['name']} answers on every failure in LiteLLM, also on "
                f"{' and '.join(missing)}."
            )


def _tell_residency(value: Value) -> Iterator[str]:
    if "residency" in value:
        yield "LiteLLM does not hold a model to regions."


def _tell_expect(_: Value) -> Iterator[str]:
    yield (
        "LiteLLM does not compare the model that answered with the one that has to; "
        "a chatbot that reports it to the registry does."
    )


_TELLERS: dict[str, Callable[[Value], Iterator[str]]] = {
    "target": _tell_target,
    "credential_ref": _tell_credential,
    "limits": _tell_limits,
    "parameters": _tell_parameters,
    "fallbacks": _tell_fallbacks,
    "residency": _tell_residency,
    "expect": _tell_expect,
}


def _is_azure(value: Value) -> bool:
    return value["platform"] in AZURE


def _fallback_names(value: Value) -> list[str]:
    return [str(one["name"]) for one in _fallbacks(value)]


def _present(value: Value, names: Mapping[str, str]) -> dict[str, Json]:
    return {new: value[old] for old, new in names.items() if old in value}


def _fallbacks(value: Value) -> list[dict[str, Json]]:
    found = value.get("fallbacks")
    return cast(list[dict[str, Json]], found if isinstance(found, list) else [])
