"""What a model binding must be beyond what its schema says.

* An alias, which may become another model, takes a waiver with a reason and a last
  day; nothing else takes one.  Whether a model is pinned is what `pin` says: a name
  with a date in it proves nothing, and one without proves nothing either.
* On Azure a deployment is replaced by newer models unless it says `NoAutoUpgrade`,
  also if it says nothing.
* Weights of one's own are pinned by their digest, and nothing else is.
* A model is not shut down before somebody looks at its binding again.
* A parameter is one that the platform has.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from registry.errors import Invalid
from registry.findings import Place, Problem
from registry.names import parse_digest
from registry.parts import mapping
from registry.values import Json, Path

Value = Mapping[str, Json]

AZURE = frozenset({"azure_openai", "azure_ai"})
ANYWHERE = "global"

_DAYS: tuple[tuple[str, ...], ...] = (
    ("pin", "waiver", "expires"),
    ("lifecycle", "shutdown_on"),
    ("lifecycle", "checked_on"),
)
_NO_SAMPLING_BIAS = {
    *("seed", "presence_penalty", "frequency_penalty"),
    *("logprobs", "top_logprobs", "candidates"),
}
_OPEN_WEIGHTS = {"self_hosted", "openai_compatible", "together_ai", "fireworks_ai"}
_TAKEN_BY: dict[str, set[str]] = {
    "top_k": {
        *("anthropic", "bedrock", "vertex", "gemini", "cohere", "databricks"),
        *_OPEN_WEIGHTS,
        "azure_ai",
    },
    "min_p": _OPEN_WEIGHTS,
    "repetition_penalty": _OPEN_WEIGHTS,
    "reasoning_budget_tokens": {
        *("anthropic", "bedrock", "vertex", "gemini", "databricks"),
        *_OPEN_WEIGHTS,
    },
    "verbosity": {"openai", "azure_openai", "openai_compatible"},
    "store": {"openai", "azure_openai", "xai", "openai_compatible"},
    "service_tier": {
        *("openai", "azure_openai", "anthropic", "bedrock", "groq"),
        *("vertex", "gemini", "xai", "openai_compatible"),
    },
}
"""Parameters that only some platforms have; those not named here all have."""

_LACKING: dict[str, set[str]] = {
    "anthropic": _NO_SAMPLING_BIAS,
    "bedrock": _NO_SAMPLING_BIAS | {"parallel_tool_calls"},
}


def pin_problems(value: Value, _: Place) -> Iterator[Problem]:
    pin = mapping(value, "pin")
    kind, platform = str(pin.get("kind")), str(value.get("platform"))
    if kind == "alias" and "waiver" not in pin:
        yield Problem(
            path=("pin",),
            message="an alias may become another model, and there is no waiver",
            hint="Pin a snapshot, or add `waiver` with `reason` and `expires`.",
        )
    if kind != "alias" and "waiver" in pin:
        yield Problem(
            path=("pin", "waiver"),
            message="only an alias takes a waiver",
            hint="Leave it out, or say `kind: alias` if the model may change.",
        )
    if kind == "inference_profile" and platform != "bedrock":
        yield Problem(
            path=("pin", "kind"),
            message="only bedrock has inference profiles",
            hint="Say what keeps the model from changing on this platform.",
        )
    if kind == "deployment" and "deployment" not in mapping(value, "target"):
        yield Problem(
            path=("pin", "kind"),
            message="it is pinned by a deployment, and none is named",
            hint="Name it as `deployment` in `target`.",
        )


def checkpoint_problems(value: Value, _: Place) -> Iterator[Problem]:
    """A model that its platform names in two parts is named in both."""
    platform, said = value["platform"], value.get("model_version")
    is_own = platform == "self_hosted"
    if is_own != (mapping(value, "pin").get("kind") == "weights_digest"):
        yield Problem(
            path=("pin", "kind"),
            message="weights_digest goes with self_hosted, and self_hosted with it",
            hint="Weights of your own are pinned by their digest, and nothing else is.",
        )
    if said is None and (is_own or platform in AZURE):
        what = "the digest of its weights" if is_own else "which of its versions"
        yield Problem(
            path=("platform",),
            message=f"`model_version` is missing: {what}",
            hint="On this platform the name alone says too little.",
        )
    if is_own and isinstance(said, str):
        yield from _refused(("model_version",), parse_digest, said)


def upgrade_problems(value: Value, _: Place) -> Iterator[Problem]:
    target = mapping(value, "target")
    policy = target.get("upgrade_policy")
    if value["platform"] not in AZURE:
        if policy is not None:
            yield Problem(
                path=("target", "upgrade_policy"),
                message="only Azure has an upgrade policy",
                hint="Leave it out.",
            )
    elif policy != "NoAutoUpgrade":
        said = f"is {policy}" if policy else "is missing"
        path: Path = ("target", "upgrade_policy") if policy else ("target",)
        yield Problem(
            path=path if target else ("platform",),
            message=f"upgrade_policy {said}, and so Azure replaces the model in time",
            hint="Write upgrade_policy: NoAutoUpgrade in `target`, and set it there.",
        )


def day_problems(value: Value, _: Place) -> Iterator[Problem]:
    for path in _DAYS:
        said = _at(value, path)
        if isinstance(said, str) and find_day(said) is None:
            hint = "Write a day that the calendar has, as 2027-05-01."
            yield Problem(path=path, message=f"there is no day {said}", hint=hint)


def lifecycle_problems(value: Value, _: Place) -> Iterator[Problem]:
    lifecycle = mapping(value, "lifecycle")
    shutdown = find_day(lifecycle.get("shutdown_on"))
    if shutdown is None:
        return
    for part, what in (("source", "where it is said"), ("checked_on", "when")):
        if part not in lifecycle:
            yield Problem(
                path=("lifecycle", "shutdown_on"),
                message=f"`{part}` is missing in lifecycle: {what}",
                hint="A day that nobody can look up is a rumour; days move.",
            )
    review = find_day(value.get("review_by"))
    if review is not None and shutdown < review:
        yield Problem(
            path=("review_by",),
            message=f"the model is shut down on {shutdown}, before {review}",
            hint="Have it reviewed before that day, or move to another model.",
        )


def parameter_problems(value: Value, _: Place) -> Iterator[Problem]:
    platform, parameters = str(value["platform"]), mapping(value, "parameters")
    for name in parameters:
        taken_by = _TAKEN_BY.get(name)
        lacking = name in _LACKING.get(platform, ())
        if lacking or (taken_by is not None and platform not in taken_by):
            yield Problem(
                path=("parameters", name),
                message=f"{platform} has no parameter like `{name}`",
                hint="Leave it out; it would be refused, or quietly ignored.",
            )
    heat = parameters.get("temperature")
    if platform == "anthropic" and isinstance(heat, int | float) and heat > 1:
        yield Problem(
            path=("parameters", "temperature"),
            message=f"parameters.temperature is {heat}, on anthropic it is at most 1",
            hint="Write 0 to 1.",
        )


def residency_problems(value: Value, _: Place) -> Iterator[Problem]:
    said = _at(value, ("target", "deployment_type"))
    regions = mapping(value, "residency").get("processing")
    if not isinstance(said, str) or not isinstance(regions, list):
        return
    if said.startswith("Global") and ANYWHERE not in regions:
        yield Problem(
            path=("residency", "processing"),
            message=f"{said} processes anywhere, and this names regions",
            hint=f"Add {ANYWHERE}, or take a deployment type of one region or zone.",
        )


def fallback_problems(value: Value, _: Place) -> Iterator[Problem]:
    """Whether the names lead anywhere is seen where the others are at hand."""
    told: set[str] = set()
    fallbacks = value["fallbacks"]
    for index, said in enumerate(fallbacks if isinstance(fallbacks, list) else ()):
        name = str(said.get("name")) if isinstance(said, dict) else ""
        if name in told:
            message, hint = f"{name} is a fallback already", "Take one of them out."
            yield Problem(path=("fallbacks", index), message=message, hint=hint)
        told.add(name)


def find_day(said: Json) -> date | None:
    """The day that *said* is; `None` if it is none that the calendar has."""
    try:
        return date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _refused(
    path: Path, check: Callable[[str], object], said: str
) -> Iterator[Problem]:
    try:
        check(said)
    except Invalid as error:
        yield Problem(path=path, message=str(error), hint=error.hint)


def _at(value: Value, path: tuple[str, ...]) -> Json:
    found: Json = dict(value)
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found
