"""Documents: YAML text that is known to be well-formed, and what it says.

A document is read in steps; what each finds is told together:

 1. The text is at most 256 KiB.
 2. It is YAML as `registry.yaml_text` wants it.
 3. Nothing hides in it, and nothing leaks (see `registry.text_rules`).
 4. It is a mapping whose `kind` this registry takes.
 5. It fits the JSON Schema of its kind, in `registry.schemas`.
 6. Where it fits, it keeps the rules of `registry.document_rules`.
 7. It is the document that was expected, where one was.

A document that has been parsed is right in itself.  Whether what it refers to is
there, and agrees with it, is decided by `registry.checks`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from registry import schemas, text_rules, yaml_text
from registry.document_rules import Rule, named_in, rules_for, texts_of
from registry.errors import Invalid, InvalidDocument, TooLarge
from registry.findings import Place, Problem, in_order, locate
from registry.mistakes import Finding
from registry.names import Digest, Kind, Ref, digest_of, kind_of, name_of, ref
from registry.templates import includes
from registry.validation import Checker
from registry.values import Json as Json
from registry.yaml_dump import dump as dump

MAX_BYTES = 256 * 2**10


class Tier(StrEnum):
    """How much harm a wrong text could do; a document without one is `high`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def stricter(a: Tier, b: Tier) -> Tier:
    """Return the tier that asks for more."""
    order = list(Tier)
    return max(a, b, key=order.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A document that a document needs in order to be served.

    Attributes:
        role: The role in a bot, the place of a fallback; None for an include.
        range: The versions that are accepted; None for every one.
    """

    ref: Ref
    role: str | None
    range: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that is right in itself.

    Attributes:
        digest: Of `source`, byte for byte.
        tier: `high` if the document names none.
        uses: What it includes or names; each once, sorted.
        value: What the text says, nothing added.
    """

    ref: Ref
    version: str
    digest: Digest
    owner: str
    tier: Tier
    uses: tuple[Use, ...]
    value: Mapping[str, Json]
    source: bytes


def parse(source: bytes, *, expected: Ref | None = None) -> Document:
    """Read a document.

    Args:
        expected: What it must be, where its place says so already.

    Raises:
        InvalidDocument: With everything that is wrong with it.
        TooLarge: It has more than 256 KiB.
    """
    # (1): before anything reads it
    if len(source) > MAX_BYTES:
        raise TooLarge(f"{expected or 'the document'} has {len(source):,} bytes")
    # (2), (3): past this point there is a value
    reading = yaml_text.parse(source)
    value = reading.value
    text = source.decode("utf-8", "replace")
    findings = [*reading.findings, *text_rules.source_findings(text)]
    if not reading.whole:
        raise _invalid(value, expected, findings)
    # (4): the kind decides which schema and rules
    if not isinstance(value, dict):
        hint = "Begin with `kind:`, `name:` and `version:`, one a line."
        stray = Finding(line=1, where="", message="this is no document", hint=hint)
        raise _invalid(value, expected, (*findings, stray))
    kind, checker = _kind(value, expected, findings)
    # (3), (5), (6), (7): each says only what was not said before
    _add(findings, text_rules.value_problems(value, text), reading.place)
    _add(findings, checker.problems(value, reading.place), reading.place)
    for rule in rules_for(kind):
        if _can_run(rule, value, findings):
            _add(findings, rule.check(value, reading.place), reading.place)
    _add(findings, _unexpected(value, expected), reading.place)
    if findings:
        raise _invalid(value, expected, findings)
    return _document(kind, value, source)


def accepted(source: bytes) -> Document:
    """Read a document that was accepted when it was proposed.

    Schemas and rules may have become stricter since; what was agreed to under the
    old ones stays readable, and is not judged again.

    Raises:
        InvalidDocument: It never can have been accepted.
    """
    reading = yaml_text.parse(source)
    value = reading.value
    try:
        if reading.whole and isinstance(value, dict):
            return _document(Kind(str(value["kind"])), value, source)
    except (KeyError, ValueError):
        pass  # told with what else is wrong with it
    return parse(source)


def findings_of(document: Document, problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """Tell *problems* of a document with the lines on which they are."""
    found = list(problems)
    if not found:
        return ()
    return in_order(locate(found, yaml_text.parse(document.source).place))


def _document(kind: Kind, value: dict[str, Json], source: bytes) -> Document:
    return Document(
        ref=ref(kind, str(value["name"])),
        version=str(value["version"]),
        digest=digest_of(source),
        owner=str(value["owner"]),
        tier=Tier(str(value.get("tier", Tier.HIGH))),
        uses=_uses(value),
        value=value,
        source=source,
    )


def _uses(value: Mapping[str, Json]) -> tuple[Use, ...]:
    found = {
        Use(ref=include.ref, role=None, range=None)
        for _, text in texts_of(value)
        for include in includes(text)
    }
    found |= {
        Use(ref=ref(named.kind, named.name), role=named.role, range=named.range)
        for named in named_in(value)
    }
    return tuple(sorted(found, key=lambda use: (use.ref, use.role or "")))


@cache
def _checker(kind: Kind) -> Checker:
    return Checker(json.loads(schemas.read(kind)))


def _kind(
    value: dict[str, Json], expected: Ref | None, findings: list[Finding]
) -> tuple[Kind, Checker]:
    """The kind that the document says it is, or that is expected where it does not."""
    said = str(value.get("kind", ""))
    if said not in _KINDS and expected is not None:
        said = kind_of(expected)
    try:
        return Kind(said), _checker(Kind(said))
    except Invalid as error:
        message, hint = str(error), error.hint
    except ValueError:
        message = f"{said[:40]!r} is no kind" if said else "`kind` is missing"
        hint = "The kinds are " + ", ".join(schemas.taken()) + "."
    problem = Problem(path=("kind",), message=message, hint=hint)
    raise _invalid(value, expected, [*findings, *locate([problem], Place(0))])


def _can_run(rule: Rule, value: dict[str, Json], findings: list[Finding]) -> bool:
    return all(part in value for part in rule.parts) and not any(
        finding.where == f"/{part}" or finding.where.startswith(f"/{part}/")
        for finding in findings
        for part in rule.parts
    )


def _add(findings: list[Finding], problems: Iterable[Problem], place: Place) -> None:
    """Add what is not said already, by an earlier step, about the same value."""
    told = {finding.where for finding in findings if finding.where}
    located = locate(problems, place)
    findings.extend(finding for finding in located if finding.where not in told)


def _unexpected(value: dict[str, Json], expected: Ref | None) -> Iterator[Problem]:
    if expected is None:
        return
    for part, wanted in (("kind", kind_of(expected)), ("name", name_of(expected))):
        if part in value and value[part] != str(wanted):
            message = f"{part} is not what its place says, {expected}"
            hint = f"Write {part}: {wanted}, or put the document where it belongs."
            yield Problem(path=(part,), message=message, hint=hint)


def _invalid(
    value: Json, expected: Ref | None, findings: Iterable[Finding]
) -> InvalidDocument:
    said = value if isinstance(value, dict) else {}
    kind, name = str(said.get("kind")), str(said.get("name"))
    document = ref(Kind(kind), name[:200]) if kind in _KINDS else "the document"
    return InvalidDocument(expected or document, in_order(findings))


_KINDS = frozenset(map(str, Kind))
