"""Composition: what is served of a document, as canonical JSON.

* A prompt's or fragment's body has its texts with all includes put in, and names
  every fragment and glossary in them with version and digest.
* A guardrail's, a binding's and a glossary's body is what the document says, its
  cases left out; a glossary's has the text that an include puts into a prompt.
* A bundle is a bot with the composed documents of its roles, and the bindings that
  its bindings fall back to.  Of a stopped bot it holds what the bot says instead,
  and no prompt.
* Bytes are RFC 8785, so that whoever composes the same documents gets the same
  digest.  No body holds a seq or a time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import msgspec
import rfc8785

from registry import glossaries
from registry.document_rules import Named, named_in
from registry.documents import Document, findings_of
from registry.errors import InvalidDocument, NotFound
from registry.findings import Problem
from registry.includes import resolve
from registry.inputs import declared
from registry.names import Digest, Kind, Ref, digest_of, kind_of
from registry.names import ref as ref_of
from registry.values import Json
from registry.versions import allows

_SHARED = ("kind", "name", "version", "owner", "description", "template")
_OPTIONAL = ("labels", "output")
_OF_TEXTS = (Kind.PROMPT, Kind.FRAGMENT)
_PARTS = ("prompts", "guardrails", "bindings")
_SAID_INSTEAD = ("kind", "name", "version", "disclosure", "fallback")


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A document as it is served.

    Attributes:
        digest: Of `body`: the composed digest.
        body: Canonical JSON.
    """

    ref: Ref
    digest: Digest
    body: bytes


def compose(ref: Ref, get: Callable[[Ref], Document]) -> Composed:
    """Compose one document.

    Args:
        get: Gives documents of one set, and raises `NotFound` for what is not in it.

    Raises:
        NotFound: *ref* itself is not in the set.
        InvalidDocument: What *ref* includes is missing, does not fit, or leads back
            to what includes it; every such thing is a finding.
    """
    document = get(ref)
    kind = kind_of(ref)
    if kind in _OF_TEXTS:
        return _composed(ref, rfc8785.dumps(_text_body(document, get)))
    body = _bot_body(document) if kind is Kind.BOT else _plain_body(document)
    return _composed(ref, rfc8785.dumps(body))


def compose_bundle(
    bot: Document, composed: Callable[[Ref], Composed], *, stopped: str | None
) -> Composed:
    """Compose everything that a bot needs.

    Args:
        composed: Gives composed documents of one set, and raises `NotFound`; not
            asked for a stopped bot, so that stopping works whatever has become of
            them.
        stopped: Why the bot is stopped; None if it is not.

    Raises:
        InvalidDocument: Something that the bot uses is missing, or its version is
            not in the range that the bot accepts.
    """
    used = _used(bot, composed) if stopped is None else {}
    parts = {
        "kind": rfc8785.dumps("bundle"),
        "bot": rfc8785.dumps(_bot_body(bot) if stopped is None else _said_instead(bot)),
        "stopped": rfc8785.dumps(None if stopped is None else {"reason": stopped}),
        **dict.fromkeys(_PARTS, b"{}"),
        **{part: _canonical(entries) for part, entries in used.items()},
    }
    return _composed(bot.ref, _canonical(parts))


def range_problems(
    document: Document, version_of: Callable[[Ref], str]
) -> tuple[Problem, ...]:
    """Tell what a bot or a binding names that is missing, or not in the range.

    Args:
        version_of: Raises `NotFound` for what is not there.
    """
    found: list[Problem] = []
    for named in named_in(document.value):
        ref = ref_of(named.kind, named.name)
        try:
            version = version_of(ref)
        except NotFound:
            message = f"{ref}, {_what(named)}, does not exist"
            hint = f"Correct the name, or add the {named.kind} to the same change."
        else:
            if named.range is None or allows(named.range, version):
                continue
            message = f"{ref} is {version}, which {named.range} does not allow"
            hint = f"Change the range, or the {named.kind}'s version."
        found.append(Problem(path=named.path, message=message, hint=hint))
    return tuple(found)


def _what(named: Named) -> str:
    if named.part == "fallbacks":
        return f"fallback {named.role}"
    return f"the {named.kind} for {named.role}"


class _Versioned(msgspec.Struct):
    """As much of a body as the ranges need; msgspec skips the rest."""

    version: str


class _Fallback(msgspec.Struct):
    name: str


class _FallingBack(msgspec.Struct):
    """As much of a binding's body as its fallbacks need."""

    fallbacks: list[_Fallback] = []

    def names(self) -> Iterator[str]:
        return (fallback.name for fallback in self.fallbacks)


def _text_body(document: Document, get: Callable[[Ref], Document]) -> dict[str, Json]:
    resolved = resolve(document, get)
    if resolved.problems:
        findings = findings_of(document, resolved.problems)
        raise InvalidDocument(document.ref, findings)
    value = document.value
    body = {part: value[part] for part in _SHARED}
    body |= {part: value[part] for part in _OPTIONAL if part in value}
    body |= {
        "digest": document.digest,
        "tier": document.tier.value,
        "inputs": declared(value),
        "includes": [
            {"document": each.ref, "version": each.version, "digest": each.digest}
            for each in resolved.fragments
        ],
    }
    texts = resolved.texts
    if kind_of(document.ref) is Kind.FRAGMENT:
        return body | {"text": texts[("text",)]}
    messages = value["messages"]
    assert isinstance(messages, list)  # noqa: S101 (narrows; the schema says so)
    return body | {
        "messages": [
            message | {"content": texts[path]}
            if isinstance(message, dict) and path in texts
            else message
            for path, message in (
                (("messages", index, "content"), message)
                for index, message in enumerate(messages)
            )
        ]
    }


def _plain_body(document: Document) -> dict[str, Json]:
    body = {part: value for part, value in document.value.items() if part != "cases"}
    if kind_of(document.ref) is Kind.GLOSSARY:
        body["text"] = glossaries.text_of(document.value)
    return body | {"digest": document.digest, "tier": document.tier.value}


def _bot_body(bot: Document) -> dict[str, Json]:
    """What the bot names is a mapping, however it was written."""
    roles: dict[str, Json] = {}
    for part in _PARTS:
        entries: dict[str, Json] = {}
        for named in named_in(bot.value):
            if named.part == part:
                entry: dict[str, Json] = {"name": named.name}
                ranged = entry | {"range": named.range}
                entries[named.role] = entry if named.range is None else ranged
        if part in bot.value:
            roles[part] = entries
    return {**_plain_body(bot), **roles}


def _said_instead(bot: Document) -> dict[str, Json]:
    return {part: bot.value[part] for part in _SAID_INSTEAD} | {"digest": bot.digest}


def _used(
    bot: Document, composed: Callable[[Ref], Composed]
) -> dict[str, dict[str, bytes]]:
    """By part and role, the canonical JSON of what the bot uses.

    Bodies are taken as they are.
    """

    def version_of(ref: Ref) -> str:
        return msgspec.json.decode(composed(ref).body, type=_Versioned).version

    problems = range_problems(bot, version_of)
    if problems:
        raise InvalidDocument(bot.ref, findings_of(bot, problems))
    used: dict[str, dict[str, bytes]] = {}
    for named in named_in(bot.value):
        one = composed(ref_of(named.kind, named.name))
        used.setdefault(named.part, {})[named.role] = _entry(one)
    fallbacks = _fallbacks(bot, composed)
    return used | ({"fallbacks": fallbacks} if fallbacks else {})


def _fallbacks(bot: Document, composed: Callable[[Ref], Composed]) -> dict[str, bytes]:
    """By name, every binding that those of the bot fall back to, however far."""
    found: dict[str, bytes] = {}
    waiting = [named.name for named in named_in(bot.value) if named.part == "bindings"]
    while waiting:
        body = composed(ref_of(Kind.BINDING, waiting.pop())).body
        for name in msgspec.json.decode(body, type=_FallingBack).names():
            if name not in found:
                found[name] = _entry(composed(ref_of(Kind.BINDING, name)))
                waiting.append(name)
    return found


def _entry(composed: Composed) -> bytes:
    digest = rfc8785.dumps(composed.digest)
    return _canonical({"digest": digest, "document": composed.body})


def _canonical(parts: Mapping[str, bytes]) -> bytes:
    """Put canonical values together; the keys are ASCII, so that they sort plainly."""
    inner = b",".join(rfc8785.dumps(key) + b":" + parts[key] for key in sorted(parts))
    return b"{" + inner + b"}"


def _composed(ref: Ref, body: bytes) -> Composed:
    return Composed(ref=ref, digest=digest_of(body), body=body)
