"""What changes between two versions of a model binding mean for whoever uses it.

 * major: another platform or another family of models; a pin that became an
   alias; an upgrade policy that lets the platform replace the model sooner; more
   places where data may go, or training on it; an endpoint or a credential under
   another name, which the chatbot's own settings must know.
 * minor: another snapshot of the same family, another deployment, region or
   version of the API, parameters, limits, fallbacks, uses; and whatever makes a
   promise stricter.
 * patch: dates, evidence, waivers, contacts.

A *family* is a model's name without what says which snapshot it is: a date, a
revision, `latest`.  Where that does not make two names the same, they are two
families: `claude-sonnet-4-5` and `claude-sonnet-4-6` are.
"""

from collections.abc import Iterator
from functools import partial

import re2

from registry.bump_reasons import (
    Bump,
    Judge,
    Reason,
    judge_parts,
    listed,
    major,
    minor,
    one,
    patch,
    shown,
    texts,
)
from registry.parts import as_list, as_mapping
from registry.values import Json

_SNAPSHOT = re2.compile(
    r"(?:[-@](?:20\d\d-?[01]\d-?[0-3]\d|[01]\d-20\d\d|[01]\d-?[0-3]\d|2\d[01]\d|"
    r"00\d|latest|preview|exp|default)|-v\d+:\d+)$"
)
"""What stands at the end of a name and says which snapshot of a model it is."""

_MAX_SUFFIXES = 4
_LOOSENESS = {
    "NoAutoUpgrade": 0,
    "OnceCurrentVersionExpired": 1,
    "OnceNewDefaultVersionAvailable": 2,
}
_AT_PLATFORMS_WILL = 2
"""How loose a deployment is that says nothing about upgrades."""


def family(model: str) -> str:
    """*model* without what says which snapshot it is."""
    for _ in range(_MAX_SUFFIXES):
        shorter = _SNAPSHOT.sub("", model)
        if not shorter or shorter == model:
            break
        model = shorter
    return model


def _model(before: Json, after: Json) -> Iterator[Reason]:
    old, new = str(before), str(after)
    if family(old) == family(new):
        yield minor(f"the model moved from {shown(old)} to {shown(new)}")
    else:
        yield major(f"{shown(new)} is of another family than {shown(old)}")


def _pin(before: Json, after: Json) -> Iterator[Reason]:
    was, will = as_mapping(before).get("kind"), as_mapping(after).get("kind")
    if was == will:
        yield patch("what is said about the pin changed")
    elif will == "alias":
        yield major("it is an alias now, which may become another model")
    else:
        yield minor(f"it is pinned by a {will} instead of a {was}")


def _upgrades(before: Json, after: Json) -> Iterator[Reason]:
    was, will = (
        _LOOSENESS.get(str(each), _AT_PLATFORMS_WILL) for each in (before, after)
    )
    if will > was:
        yield major("the platform may replace the model sooner")
    else:
        yield minor("the upgrade policy changed")


def _deployment_type(before: Json, after: Json) -> Iterator[Reason]:
    if _reach(after) > _reach(before):
        yield major("data may be processed in more places")
    else:
        yield minor("the type of deployment changed")


def _reach(kind: Json) -> int:
    """How far data travels in a deployment of that type; unsaid, anywhere."""
    said = str(kind)
    if kind is None or said.startswith("Global"):
        return 2
    return 1 if said.startswith("DataZone") else 0


def _places(what: str, before: Json, after: Json) -> Iterator[Reason]:
    if after is None:
        yield major(f"nothing says any more where data is {what}")
    elif before is None:
        yield minor(f"it says now where data is {what}")
    elif more := sorted(set(texts(after)) - set(texts(before))):
        yield major(f"data may be {what} in {listed(more)} as well")
    else:
        yield minor(f"data is {what} in fewer places")


def _training(_: Json, after: Json) -> Iterator[Reason]:
    if after is False:
        yield minor("the platform may not train on what is said")
    else:
        yield major("the platform may train on what is said")


def _fallbacks(before: Json, after: Json) -> Iterator[Reason]:
    was, will = (_answering(each) for each in (before, after))
    if gone := [name for name in was if name not in will]:
        yield minor(f"it no longer falls back to {listed(gone)}")
    if added := [name for name in will if name not in was]:
        yield minor(f"it falls back to {listed(added)} now")
    if not gone and not added:
        yield minor("when it falls back, and to what first, changed")


def _answering(fallbacks: Json) -> list[str]:
    return [str(as_mapping(each).get("name")) for each in as_list(fallbacks)]


def _within(part: str, judges: dict[str, Judge]) -> Judge:
    def judge(before: Json, after: Json) -> Iterator[Reason]:
        was, will = as_mapping(before), as_mapping(after)
        yield from judge_parts(was, will, judges=judges, within=f"{part}.")

    return judge


_TARGET: dict[str, Judge] = {
    "endpoint_ref": one(Bump.MAJOR, "the endpoint has another name in your settings"),
    "deployment": one(Bump.MINOR, "another deployment is called"),
    "api_version": one(Bump.MINOR, "another version of the API is called"),
    "region": one(Bump.MINOR, "another region is called"),
    "deployment_type": _deployment_type,
    "upgrade_policy": _upgrades,
}
_RESIDENCY: dict[str, Judge] = {
    "processing": partial(_places, "processed"),
    "at_rest": partial(_places, "kept"),
    "training_use": _training,
}
JUDGES: dict[str, Judge] = {
    "platform": one(Bump.MAJOR, "another platform serves the model"),
    "model": _model,
    "model_version": one(Bump.MINOR, "another checkpoint of the model is named"),
    "pin": _pin,
    "target": _within("target", _TARGET),
    "credential_ref": one(Bump.MAJOR, "the credential is found in another place"),
    "parameters": one(Bump.MINOR, "the parameters changed"),
    "limits": one(Bump.MINOR, "the limits changed"),
    "fallbacks": _fallbacks,
    "residency": _within("residency", _RESIDENCY),
    "lifecycle": one(Bump.PATCH, "what is known of its lifecycle changed"),
    "vendor": one(Bump.PATCH, "whom to ask changed"),
    "uses": one(Bump.MINOR, "what it may be used for changed"),
    "expect": one(Bump.MINOR, "another model has to answer"),
}
