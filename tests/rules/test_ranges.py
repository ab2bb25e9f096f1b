"""A bot's and a binding's ranges hold at every door through which a version comes."""

import pytest

from registry.documents import Document, dump, parse
from registry.errors import InvalidDocument
from registry.names import Ref
from registry.values import Json
from tests.rules.assembly import Registry
from tests.rules.texts import make_bot, make_prompt
from tests.test_bindings import BINDING

ROLES = {"prompt": "prompts", "guardrail": "guardrails", "binding": "bindings"}
KINDS = sorted(ROLES)


def ref(kind: str) -> Ref:
    return Ref(f"{ROLES[kind]}/acme/used")


def used(kind: str, version: str, name: str = "acme/used", **more: Json) -> Document:
    """A document of *kind* whose text is another in every version."""
    shared: dict[str, Json] = {
        "kind": kind,
        "name": name,
        "version": version,
        "owner": "product",
        "description": f"As of {version}.",
        "tier": "low",
    }
    if kind == "prompt":
        return make_prompt(version, f"As of {version}.", name=name)
    if kind == "binding":
        value = {**BINDING, **shared, **more}
        return parse(dump({k: v for k, v in value.items() if v is not None}))
    rule: Json = {
        "id": "word",
        "stage": ["output"],
        "check": {"type": "keyword", "terms": ["refund"]},
        "action": "flag",
        "severity": "low",
        "message": "A word was said.",
    }
    cases: Json = [
        {"rule": "word", "stage": "output", "text": "A refund.", "expect": "trigger"},
        {"rule": "word", "stage": "output", "text": "A seat.", "expect": "pass"},
    ]
    return parse(dump({**shared, "rules": [rule], "cases": cases}))


def one(kind: str, version: str) -> Document:
    return used(kind, version, **({"fallbacks": None} if kind == "binding" else {}))


def bot(version: str, kind: str, range: str | None) -> Document:
    plain = make_bot(version).value
    said: Json = {"name": "acme/used"} | ({"range": range} if range else {})
    roles = {**plain.get(ROLES[kind], {}), "asked": said}
    return parse(dump({**plain, ROLES[kind]: roles}))


@pytest.fixture(params=KINDS)
def kind(request) -> str:
    return request.param


@pytest.fixture
def ranged(registry: Registry, kind: str) -> Registry:
    """In production a bot that accepts ^1 of a document that is 1.0.0."""
    registry.put(make_prompt("1.0.0"), one(kind, "1.0.0"), bot("1.0.0", kind, "^1"))
    return registry


def test_a_version_outside_of_the_range_cannot_be_proposed(ranged, kind):
    with pytest.raises(InvalidDocument, match=r"is 2\.0\.0, which \^1 does not allow"):
        ranged.submit(one(kind, "2.0.0"))

    assert ranged.submit(one(kind, "1.1.0"))


def test_a_version_that_got_outside_of_the_range_is_not_activated(registry, kind):
    registry.put(make_prompt("1.0.0"), one(kind, "1.0.0"), bot("1.0.0", kind, None))
    change = registry.agree(registry.submit(one(kind, "2.0.0")))
    registry.put(bot("1.1.0", kind, "^1"))

    with pytest.raises(InvalidDocument, match=r"is 2\.0\.0, which \^1 does not allow"):
        registry.activate(change)

    assert registry.versions()[ref(kind)] == "1.0.0"


def test_a_version_outside_of_the_range_is_not_promoted(ranged, kind):
    ranged.put(one(kind, "2.0.0"), to="development")

    with pytest.raises(InvalidDocument, match=r"is 2\.0\.0, which \^1 does not allow"):
        ranged.promote(ref(kind), source="development", target="production")


def test_a_rollback_to_a_version_outside_of_the_range_is_refused(ranged, kind):
    ranged.put(one(kind, "1.1.0"))
    ranged.put(bot("1.1.0", kind, "^1.1"))

    for propose in (False, True):
        with pytest.raises(InvalidDocument, match=r"which \^1\.1 does not allow"):
            ranged.roll_back(ref(kind), by="operator", seq=1, propose=propose)


def test_the_bot_goes_back_with_what_it_accepted_then(ranged, kind):
    ranged.put(one(kind, "1.1.0"), bot("1.1.0", kind, "^1.1"))

    ranged.roll_back(Ref("bots/acme/support"), seq=1)

    assert ranged.versions()[ref(kind)] == "1.0.0"


def test_a_bindings_fallbacks_are_in_its_range_as_well(registry):
    named: Json = [{"name": "acme/backup", "range": "^1", "when": ["error"]}]
    main = used("binding", "1.0.0", fallbacks=named)
    registry.put(used("binding", "1.0.0", "acme/backup", fallbacks=None), main)

    with pytest.raises(InvalidDocument, match=r"is 2\.0\.0, which \^1 does not allow"):
        registry.submit(used("binding", "2.0.0", "acme/backup", fallbacks=None))
