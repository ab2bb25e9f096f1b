"""What documents are called, and what their bytes are called.

A document is named by its kind and its name; together they read as a path,
`prompts/acme-air/refunds`, which is also its place in URLs and in the ledger.
A digest names bytes: `sha256:` and 64 hexadecimal digits.
"""

import hashlib
import re
from enum import StrEnum
from typing import NewType

from registry.errors import Invalid

Ref = NewType("Ref", str)
"""A document's kind (plural) and name: `prompts/acme-air/refunds`."""

Digest = NewType("Digest", str)
"""`sha256:` and 64 lower-case hexadecimal digits."""

MAX_NAME_CHARS = 200
MAX_SEGMENTS = 6

_SEGMENT = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
_RESERVED_ENDINGS = {"head", "versions"}


class Kind(StrEnum):
    """The kinds of document; `plural` is how folders and URLs spell them."""

    PROMPT = "prompt"
    GUARDRAIL = "guardrail"
    BINDING = "binding"
    GLOSSARY = "glossary"
    FRAGMENT = "fragment"
    BOT = "bot"

    @property
    def plural(self) -> str:
        return _PLURALS[self]


_PLURALS = {kind: f"{kind}s" for kind in Kind} | {Kind.GLOSSARY: "glossaries"}
_KINDS = {plural: kind for kind, plural in _PLURALS.items()}


def digest_of(data: bytes) -> Digest:
    return Digest("sha256:" + hashlib.sha256(data).hexdigest())


def parse_digest(text: str) -> Digest:
    """Raises:
    Invalid: It is not `sha256:` and 64 lower-case hexadecimal digits.
    """
    if not _DIGEST.match(text):
        raise Invalid(
            f"{text[:80]!r} is not a digest",
            hint="A digest is `sha256:` and 64 hexadecimal digits in lower case.",
        )
    return Digest(text)


def check_name(name: str) -> str:
    """Return *name* if a document may be called so.

    Raises:
        Invalid: Too long, too deep, or with a segment that is not allowed.
    """
    segments = name.split("/")
    if len(name) > MAX_NAME_CHARS or len(segments) > MAX_SEGMENTS:
        raise Invalid(
            f"the name {name[:60]!r} is too long",
            hint=f"At most {MAX_SEGMENTS} segments and {MAX_NAME_CHARS} characters.",
        )
    for segment in segments:
        if not _SEGMENT.match(segment) or segment.endswith(".yaml"):
            raise Invalid(
                f"{segment!r} cannot be part of a document's name",
                hint="Segments are lower-case letters, digits, `.`, `_` and `-`, begin "
                "with a letter or digit, and do not end in `.yaml`.",
            )
    if segments[-1] in _RESERVED_ENDINGS:
        raise Invalid(
            f"a document's name cannot end in {segments[-1]!r}",
            hint="The address of a document with that ending already means something.",
        )
    return name


def check_environment(name: str) -> str:
    """Return *name* if an environment may be called so.

    Raises:
        Invalid: It is not one segment of lower-case letters, digits and hyphens.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", name):
        raise Invalid(
            f"{name[:60]!r} cannot be the name of an environment",
            hint="Up to 40 lower-case letters, digits and hyphens, a letter first.",
        )
    return name


def ref(kind: Kind, name: str) -> Ref:
    return Ref(f"{kind.plural}/{name}")


def parse_ref(text: str) -> Ref:
    """Read `prompts/acme-air/refunds`.

    Raises:
        Invalid: The kind is unknown, or the name is not allowed.
    """
    plural, _, name = text.partition("/")
    if plural not in _KINDS:
        raise Invalid(
            f"{text[:80]!r} does not begin with a kind of document",
            hint="Write it as `prompts/NAME`; the kinds are " + ", ".join(_KINDS) + ".",
        )
    check_name(name)
    return Ref(text)


def kind_of(document: Ref) -> Kind:
    return _KINDS[document.partition("/")[0]]


def name_of(document: Ref) -> str:
    return document.partition("/")[2]
