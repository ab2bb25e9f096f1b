"""Composition: what is served of a document, as canonical JSON.

* A prompt's or fragment's body has its texts with all includes put in, and names
  every fragment in them with version and digest.
* A bundle is a bot with the composed prompts of its roles.  Of a stopped bot it
  holds what the bot says instead, and no prompt.
* Bytes are RFC 8785, so that whoever composes the same documents gets the same
  digest.  No body holds a seq or a time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
import rfc8785

from registry.document_rules import prompts_of
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
    """Compose a prompt, a fragment or a bot.

    Args:
        get: Gives documents of one set, and raises `NotFound` for what is not in it.

    Raises:
        NotFound: *ref* itself is not in the set.
        InvalidDocument: What *ref* includes is missing, does not fit, or leads back
            to what includes it; every such thing is a finding.
    """
    document = get(ref)
    if kind_of(ref) is Kind.BOT:
        return _composed(ref, rfc8785.dumps(_bot_body(document)))
    return _composed(ref, rfc8785.dumps(_text_body(document, get)))


def compose_bundle(
    bot: Document, composed: Callable[[Ref], Composed], *, stopped: str | None
) -> Composed:
    """Compose everything that a bot needs.

    Args:
        composed: Gives composed prompts of one set, and raises `NotFound`; not asked
            for a stopped bot, so that stopping works whatever has become of them.
        stopped: Why the bot is stopped; None if it is not.

    Raises:
        InvalidDocument: A prompt that the bot uses is missing, or its version is
            not in the range that the bot accepts.
    """
    prompts = _prompts(bot, composed) if stopped is None else {}
    parts = {
        "kind": rfc8785.dumps("bundle"),
        "bot": rfc8785.dumps(_bot_body(bot) if stopped is None else _said_instead(bot)),
        "stopped": rfc8785.dumps(None if stopped is None else {"reason": stopped}),
        "prompts": _canonical(prompts),
        "guardrails": b"{}",
        "bindings": b"{}",
    }
    return _composed(bot.ref, _canonical(parts))


def range_problems(
    bot: Document, version_of: Callable[[Ref], str]
) -> tuple[Problem, ...]:
    """Tell which prompts of a bot are missing, or not in the range it accepts.

    Args:
        version_of: Raises `NotFound` for what is not there.
    """
    found: list[Problem] = []
    for role, name, versions in prompts_of(bot.value):
        ref = ref_of(Kind.PROMPT, name)
        try:
            version = version_of(ref)
        except NotFound:
            message = f"{ref}, the prompt for {role}, does not exist"
            hint = "Correct the name, or add the prompt to the same change."
        else:
            if versions is None or allows(versions, version):
                continue
            message = f"{ref} is {version}, which {versions} does not allow"
            hint = "Change the range, or the prompt's version."
        found.append(Problem(path=("prompts", role), message=message, hint=hint))
    return tuple(found)


class _Versioned(msgspec.Struct):
    """As much of a body as the ranges need; msgspec skips the rest."""

    version: str


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


def _bot_body(bot: Document) -> dict[str, Json]:
    prompts: dict[str, Json] = {}
    for role, name, versions in prompts_of(bot.value):
        entry: dict[str, Json] = {"name": name}
        prompts[role] = entry if versions is None else entry | {"range": versions}
    return {
        **bot.value,
        "digest": bot.digest,
        "tier": bot.tier.value,
        "prompts": prompts,
    }


def _said_instead(bot: Document) -> dict[str, Json]:
    return {part: bot.value[part] for part in _SAID_INSTEAD} | {"digest": bot.digest}


def _prompts(bot: Document, composed: Callable[[Ref], Composed]) -> dict[str, bytes]:
    """The canonical JSON of each role's entry; bodies are taken as they are."""

    def version_of(ref: Ref) -> str:
        return msgspec.json.decode(composed(ref).body, type=_Versioned).version

    problems = range_problems(bot, version_of)
    if problems:
        raise InvalidDocument(bot.ref, findings_of(bot, problems))
    entries: dict[str, bytes] = {}
    for role, name, _ in prompts_of(bot.value):
        prompt = composed(ref_of(Kind.PROMPT, name))
        digest = rfc8785.dumps(prompt.digest)
        entries[role] = _canonical({"digest": digest, "document": prompt.body})
    return entries


def _canonical(parts: Mapping[str, bytes]) -> bytes:
    """Put canonical values together; the keys are ASCII, so that they sort plainly."""
    inner = b",".join(rfc8785.dumps(key) + b":" + parts[key] for key in sorted(parts))
    return b"{" + inner + b"}"


def _composed(ref: Ref, body: bytes) -> Composed:
    return Composed(ref=ref, digest=digest_of(body), body=body)
