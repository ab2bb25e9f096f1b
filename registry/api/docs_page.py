"""The page at `/docs`: every address, made from the OpenAPI document.

Plain HTML without scripts and without anything from another host, so that it can
be read where the registry is, behind a firewall and in any browser.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

Schema = Mapping[str, Any]

_METHODS = ("get", "post", "put", "delete")
_CODE = re.compile(r"`([^`]+)`")
_EXAMPLES = {"integer": 1, "number": 1, "boolean": False, "array": [], "object": {}}

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; color: #1c2430; background: #fff; }
h1 { margin-bottom: 0; } h2 { margin-top: 3rem; border-bottom: 1px solid #c9d1da; }
h3 { margin: 2rem 0 .25rem; font: 600 1rem ui-monospace, monospace;
  overflow-wrap: anywhere; }
h3 b { color: #0b5a8a; } a { color: #0b5a8a; } nav li { display: inline-block;
  margin-right: 1rem; } nav ul { padding: 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0;
  border-bottom: 1px solid #e4e9ee; } td:first-child { white-space: nowrap; }
pre { background: #f2f5f8; padding: .75rem; overflow-x: auto; font-size: .85rem; }
code { font-family: ui-monospace, monospace; }
@media (prefers-color-scheme: dark) { body { color: #dde4ec; background: #12161c; }
  a, h3 b { color: #7cc4f2; } pre { background: #1d242d; }
  th, td { border-color: #2c3540; } }
"""


def docs_page(openapi: Schema) -> str:
    """The page for an OpenAPI document."""
    groups: dict[str, list[tuple[str, str, Schema]]] = {}
    for path, methods in openapi["paths"].items():
        for method in _METHODS:
            if method in methods:
                tag = methods[method]["tags"][0]
                groups.setdefault(tag, []).append((method, path, methods[method]))
    words = {tag["name"]: tag["description"] for tag in openapi["tags"]}
    ordered = [tag for tag in words if tag in groups]
    links = "".join(f'<li><a href="#{t}">{escape(t.capitalize())}</a>' for t in ordered)
    sections = "".join(
        f'<h2 id="{tag}">{escape(tag.capitalize())}</h2><p>{_text(words[tag])}</p>'
        + "".join(_operation(openapi, *one) for one in groups[tag])
        for tag in ordered
    )
    info = openapi["info"]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{escape(info['title'])}: the HTTP interface</title>"
        f"<style>{_STYLE}</style></head><body><h1>{escape(info['title'])}</h1>"
        f"<p>Version {escape(info['version'])}. The same for programs: "
        f'<a href="openapi.json">openapi.json</a>.</p>'
        f"{_paragraphs(info['description'])}<nav><ul>{links}</ul></nav>"
        f"<main>{sections}</main></body></html>"
    )


def _operation(openapi: Schema, method: str, path: str, told: Schema) -> str:
    return (
        f"<section><h3><b>{method.upper()}</b> {escape(path)}</h3>"
        f"{_paragraphs(told.get('description', told['summary']))}"
        f"{_parameters(openapi, told)}"
        f"<pre><code>{escape(_curl(openapi, method, path, told))}</code></pre>"
        f"{_table(('Answer', ''), _answers(told))}</section>"
    )


def _parameters(openapi: Schema, told: Schema) -> str:
    rows = [
        (
            f"<code>{escape(one['name'])}</code>",
            one["in"] + ("" if one.get("required") else ", optional"),
            _text(one.get("description", one["schema"].get("description", ""))),
        )
        for one in told.get("parameters", ())
    ]
    body = _body(openapi, told)
    for name, schema in body.get("properties", {}).items():
        place = "body" if name in body.get("required", ()) else "body, optional"
        words = _text(schema.get("description", ""))
        rows.append((f"<code>{escape(name)}</code>", place, words))
    return _table(("Name", "In", ""), rows) if rows else ""


def _answers(told: Schema) -> Iterator[tuple[str, str]]:
    for status, answer in sorted(told["responses"].items()):
        yield f"<code>{escape(status)}</code>", _text(answer.get("description", ""))


def _curl(openapi: Schema, method: str, path: str, told: Schema) -> str:
    address = path
    for one in told.get("parameters", ()):
        if one["in"] == "path":
            shown = str(_example(openapi, one["schema"] | one))
            address = address.replace("{" + one["name"] + "}", shown)
    parts = [f"curl {_quoted('$PLACET_URL' + address)}"]
    if method != "get":
        parts.append(f"-X {method.upper()}")
    if told.get("security"):
        parts.append('-H "Authorization: Bearer $PLACET_TOKEN"')
    body = _body(openapi, told)
    if body:
        example = json.dumps(_example(openapi, body), indent=2, ensure_ascii=False)
        parts += ["-H 'Content-Type: application/json'", f"-d '{example}'"]
    return " \\\n  ".join(parts)


def _quoted(address: str) -> str:
    return f'"{address}"'


def _body(openapi: Schema, told: Schema) -> Schema:
    content = told.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return _resolved(openapi, schema)


def _resolved(openapi: Schema, schema: Schema) -> Schema:
    found: Schema = schema
    if "$ref" in schema:
        found = openapi["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _example(openapi: Schema, schema: Schema) -> object:
    """A value that fits: what the schema shows, else the least of its type."""
    schema = _resolved(openapi, schema)
    if schema.get("examples"):
        return schema["examples"][0]
    for key in ("enum", "anyOf"):
        if key in schema:
            first = schema[key][0]
            return first if key == "enum" else _example(openapi, first)
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        wanted = schema.get("required") or schema["properties"]
        return {n: _example(openapi, schema["properties"][n]) for n in wanted}
    if kind == "array" and "$ref" in schema.get("items", {}):
        return [_example(openapi, schema["items"])]
    return _EXAMPLES.get(str(kind), "...")


def _table(head: tuple[str, ...], rows: Any) -> str:  # noqa: ANN401 (of texts)
    cells = "".join(f"<th>{escape(one)}</th>" for one in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_text(part)}</p>" for part in text.split("\n\n"))


def _text(text: str) -> str:
    """*text* for HTML, with what stands between backquotes as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
