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
from registry import documents
from registry.composition import compose, compose_bundle
from registry.errors import RegistryError
from registry.policy_text import parse_policy

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


def _library() -> list[documents.Document]:
    return [documents.parse(path.read_bytes()) for path in LIBRARY.rglob("*.yaml")]


def _documents() -> Iterable[bytes]:
    return [document.source for document in _library()]


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
    "bundles": read_bundle,
}
SEEDS: dict[str, Callable[[], Iterable[bytes]]] = {
    "documents": _documents,
    "policies": lambda: [POLICY],
    "simple": lambda: [TEMPLATE],
    "bundles": _bundles,
}
