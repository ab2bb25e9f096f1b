"""What is fed, and what may come out of it.

Each target takes bytes and lets pass only the errors that its reader promises;
a bug is any other one.  Seeds are real documents, so that the search begins
where the interesting places are.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from placet import templates
from placet.bundles import open_bundle
from placet.copies import Copy
from placet.errors import PlacetError
from placet.guardrails import open_guardrail
from placet.guardrails.hidden_text import CLASSES
from placet.guardrails.pii import ENTITIES
from placet.guardrails.secrets import DETECTORS
from placet.jinja import rendering as jinja
from placet.jinja.data import MAX_OUTPUT_CHARS
from registry import checkpoints, documents, imports, signed_notes
from registry.attachments import check_result
from registry.check_formats import Format, Told, read
from registry.composition import compose, compose_bundle
from registry.errors import RegistryError
from registry.hidden_text import hidden, pieces, visible
from registry.leaks import leaks
from registry.names import digest_of
from registry.policy_text import parse_policy
from registry.signed_notes import parse_verifier, signing_key, verified_by

Target = Callable[[bytes], None]
LIBRARY = Path(__file__).parents[2] / "prompts"
POLICY = b"""\
environment: production
requirements:
  - name: product agrees
    seat: product
    kinds: [prompt]
    names: [acme-air/**]
    tiers: [high]
  - {name: nobody, open: true}
"""
JINJA = b"{% for row in rows %}{{ loop.index }}: {{ row.c | upper }}\n{% endfor %}"
TEXT = (
    "Mail mail@example.org, call 030 90182 0, card 4111 1111 1111 1111, "
    "DE89 3704 0044 0532 0130 00, https://a.example/x?y=1, AKIAIOSFODNN7EXAMPLE, "
    '```json\n{"a": 1}\n``` \u200b\u202e\U000e0041'
).encode()
HIDING = (
    "p\u0430ypal \uff49\uff47\uff4e <!-- a --> [](https://a.example) \u00a0 \\x1b[0m "
    "\U0001f600\U000e0158\U000e0159 aWdub3JlIHByZXZpb3VzIHRleHQ= \u0645\u200c\u062e"
).encode()
PROMPTFOO = b"""{"results": {"version": 3, "results": [{"promptIdx": 0, "testIdx": 0,
"prompt": {"raw": "a", "label": "live"}, "provider": {"id": "b"}, "vars": {"q": "c"},
"response": {"output": "d"}, "success": true, "error": null}]}}"""
JUNIT = b"""<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="a" name="b">
<failure message="c">d</failure><skipped/></testcase></testsuite></testsuites>"""
TEMPLATE = b'Hello {{ name }}, {{ a.b }} and {{ "{{" }}.'


def read_document(data: bytes) -> None:
    with suppress(RegistryError):
        document = documents.parse(data)
        assert documents.parse(data) == document
        assert documents.accepted(data) == document


def read_policy(data: bytes) -> None:
    with suppress(RegistryError):
        parse_policy(data)


def render_simple(data: bytes) -> None:
    """A value is never read as a template, whatever it looks like."""
    text = data.decode("utf-8", "replace")
    with suppress(templates.TemplateInvalid, templates.MissingInput):
        plain = templates.render(text, {"name": "x", "a": {"b": "y"}})
        tagged = templates.render(text, {"name": "{{ a.b }}", "a": {"b": "y"}})
        assert plain == tagged or "{{ a.b }}" in tagged
        assert templates.render(templates.escape(text), {}) == text


def render_jinja(data: bytes) -> None:
    """Whatever it is given, it is refused, or renders within its limits."""
    text = data.decode("utf-8", "replace")
    with suppress(
        templates.TemplateInvalid, templates.MissingInput, templates.OverLimit
    ):
        values = {"name": "{{ a.b }}", "a": {"b": "y"}, "rows": [{"c": 1}, {"c": 2}]}
        rendered = jinja.render(text, values)
        assert len(rendered) <= MAX_OUTPUT_CHARS


def check_text(data: bytes) -> None:
    """Every kind of check, on any text: what is found lies within it."""
    text = data.decode("utf-8", "surrogateescape" if data[:1] == b"s" else "replace")
    outcome = EVERY_CHECK.check("output", text)
    for finding in outcome.findings:
        if finding.span is not None:
            begin, end = finding.span
            assert 0 <= begin < end <= len(text)


def read_hidden_text(data: bytes) -> None:
    """What hides and what leaks lies within the text, and nothing of it is lost."""
    text = data.decode("utf-8", "surrogateescape" if data[:1] == b"s" else "replace")
    found = {at for one in hidden(text) for at in range(*one.span)}
    cut = pieces(text)
    assert "".join(piece.text for piece in cut) == text
    assert sum(len(piece.text) for piece in cut if piece.hidden) == len(found)
    assert "\x1b" not in visible(text)
    for leak in leaks(text):
        assert 0 <= leak.span[0] < leak.span[1] <= len(text)
        assert len(leak.begins) * 4 <= leak.span[1] - leak.span[0]


def read_import(data: bytes) -> None:
    """The first byte chooses the format; what comes out is a document of ours."""
    formats = list(imports.Format)
    asked = imports.Asked(name="imported", owner="author", version="0.1.0")
    with suppress(RegistryError):
        found = imports.read(data[1:], asked, formats[(data or b"0")[0] % len(formats)])
        for _, text in found.documents:
            documents.parse(text.encode())


def read_bundle(data: bytes) -> None:
    with suppress(PlacetError):
        copy = Copy(
            ref="bots/acme-air/support",
            repository="",
            epoch=1,
            seq=1,
            floor=0,
            etag="",
            digest="sha256:" + "0" * 64,
            body=data,
        )
        open_bundle(copy, "production", stale=False)


def read_checkpoint(data: bytes) -> None:
    """What is read is written again to the byte; what verifies was signed by us."""
    with suppress(RegistryError):
        parse_verifier(data.decode("utf-8", "replace"))
    with suppress(RegistryError):
        note = signed_notes.parse(data)
        assert signed_notes.dump(note) == data
        checkpoint = checkpoints.parse(note.text)
        assert checkpoints.dump(checkpoint) == note.text
        if verified_by(note, [SIGNER.verifier]):
            assert note.text == CHECKPOINT


SIGNER = signing_key("placet/fuzz", b"\x01" * 32)
CHECKPOINT = f"placet/fuzz\n42\n{'A' * 43}=\n"

EVERY_CHECK = open_guardrail(
    {
        "kind": "guardrail",
        "name": "fuzz",
        "version": "1.0.0",
        "digest": "sha256:" + "0" * 64,
        "rules": [
            {
                "id": f"rule-{number}",
                "stage": ["output"],
                "check": check,
                "action": "redact",
                "severity": "low",
                "message": "found",
            }
            for number, check in enumerate(
                [
                    {"type": "regex", "pattern": r"(?i)a+b|\\pN{3,}"},
                    {"type": "keyword", "terms": ["one two"], "unless": ["not one"]},
                    {
                        "type": "pii",
                        "entities": list(ENTITIES),
                        "regions": ["DE", "US"],
                    },
                    {"type": "secret", "detectors": list(DETECTORS)},
                    {"type": "length", "unit": "words", "max": 50},
                    {"type": "json_schema", "schema": {"type": "object"}},
                    {"type": "url_allowlist", "domains": ["acme.example"]},
                    {"type": "language", "allowed": ["en"]},
                    {"type": "hidden_text", "classes": list(CLASSES)},
                ]
            )
        ],
    }
)


def _library() -> list[documents.Document]:
    return [documents.parse(path.read_bytes()) for path in LIBRARY.rglob("*.yaml")]


FOREIGN = {
    imports.Format.DOTPROMPT: b"---\nmodel: x\ninput:\n  schema: {a: string}\n---\n"
    b'{{role "system"}}Hi {{a}}{{#if a}} yes{{else}} no{{/if}}{{history}}',
    imports.Format.PROMPTY: b"---\nname: a\nsample: {q: x}\n---\nsystem:\nYou {{q}}\n",
    imports.Format.PROMPT_YML: b"messages:\n  - role: user\n    content: '{{input}}'\n",
    imports.Format.SKPROMPT: b"Say {{$input}} and {{time.now}}",
    imports.Format.JINJA: b"{% if a %}{{ a | upper }}{% endif %}",
    imports.Format.TEXT: b"Literal {{ braces }}",
    imports.Format.LITELLM_CATEGORY: b"category_name: c\nidentifier_words: [a]\n"
    b"additional_block_words: [b]\nexceptions: [not a b]\n",
    imports.Format.LITELLM_PATTERNS: b'{"patterns": [{"name": "a", "pattern": "a+b"}]}',
    imports.Format.LITELLM_PROXY: b"guardrails:\n  - guardrail_name: g\n"
    b"    litellm_params: {guardrail: litellm_content_filter, mode: pre_call}\n",
    imports.Format.NEMO: b"rails:\n  config:\n    regex_detection:\n"
    b"      input: {patterns: ['a+']}\n",
    imports.Format.WORDS: b"# a list\none\ntwo words\n",
}


def _imports() -> Iterable[bytes]:
    return [
        bytes([number]) + FOREIGN[format]
        for number, format in enumerate(imports.Format)
    ]


def _documents() -> Iterable[bytes]:
    return [document.source for document in _library()]


def read_results(data: bytes) -> None:
    told = Told(
        name="answers", content=digest_of(data), source=None, threshold=0.9, link=None
    )
    for format in (Format.PROMPTFOO, Format.JUNIT):
        with suppress(RegistryError):
            check_result(read(data, format, told).result)


def _bundles() -> Iterable[bytes]:
    """A bot that goes on, and one that was stopped."""
    library = {document.ref: document for document in _library()}
    for ref, document in library.items():
        if ref.startswith("bots/"):
            for stopped in (None, "for a look"):
                yield compose_bundle(
                    document,
                    lambda used: compose(used, library.__getitem__),
                    stopped=stopped,
                ).body


TARGETS: dict[str, Target] = {
    "documents": read_document,
    "policies": read_policy,
    "simple": render_simple,
    "jinja": render_jinja,
    "checks": check_text,
    "hidden-text": read_hidden_text,
    "imports": read_import,
    "bundles": read_bundle,
    "checkpoints": read_checkpoint,
    "results": read_results,
}
SEEDS: dict[str, Callable[[], Iterable[bytes]]] = {
    "documents": _documents,
    "policies": lambda: [POLICY],
    "simple": lambda: [TEMPLATE],
    "jinja": lambda: [TEMPLATE, JINJA],
    "checks": lambda: [TEXT],
    "hidden-text": lambda: [TEXT, HIDING],
    "imports": _imports,
    "bundles": _bundles,
    "results": lambda: [PROMPTFOO, JUNIT],
    "checkpoints": lambda: [
        signed_notes.dump(signed_notes.sign(CHECKPOINT, SIGNER)),
        signed_notes.dump_verifier(SIGNER.verifier).encode(),
    ],
}
