"""A file that is imported, and what its documents come to with values put in."""

import json
from pathlib import Path

import pytest
import yaml

from placet import templates
from placet.jinja import rendering
from registry.imports import Asked, Format, Imported, read

DATA = Path(__file__).parents[3] / "shared/data"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real files are not here: ../shared/data"
)


def bring(text: str | bytes, format: Format, name: str = "acme/imported") -> Imported:
    data = text.encode() if isinstance(text, str) else text
    return read(data, Asked(name=name, owner="product", version="0.1.0"), format)


def value_of(imported: Imported) -> dict:
    """What the only document says."""
    ((_, text),) = imported.documents
    return yaml.safe_load(text)


def said(imported: Imported, **values: object) -> list[tuple[str, str]]:
    """The messages with *values* in their places; of a placeholder, its name."""
    document = value_of(imported)
    whole = templates.complete(document.get("inputs", {}), values)
    return [
        ("placeholder", message["placeholder"])
        if "placeholder" in message
        else (message["role"], text_of(message["content"], document["template"], whole))
        for message in document["messages"]
    ]


def text_of(content: str, engine: str, values: dict) -> str:
    if engine == "none":
        return content
    render = templates.render if engine == "simple" else rendering.render
    return render(content, json.loads(json.dumps(values)))


def told(imported: Imported) -> str:
    """Every leftover, one a line."""
    return "\n".join(f"{one.where}: {one.message}" for one in imported.leftovers)
