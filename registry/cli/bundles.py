"""Bundles in a folder, as `placet.Client("dir:...")` reads them.

    index.json                      {"format": 1, "bots": {name: digest}, ...}
    bots/acme-air/support.json      a bundle, as a registry serves it
    prompts/acme-air/refunds.json   a composed prompt, as a registry serves it

The index is put in place last, so that who reads meanwhile has the old content
or the new one.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry.composition import Composed, compose, compose_bundle
from registry.documents import Document
from registry.errors import Conflict
from registry.names import Kind, Ref, kind_of, name_of

FORMAT = 1
INDEX = "index.json"


def compose_all(documents: Mapping[Ref, Document]) -> tuple[Composed, ...]:
    """Every prompt and every bot's bundle; *documents* agree with each other."""
    composed = {ref: compose(ref, documents.__getitem__) for ref in documents}
    bots = (
        compose_bundle(documents[ref], composed.__getitem__, stopped=None)
        for ref in documents
        if kind_of(ref) is Kind.BOT
    )
    prompts = (one for ref, one in composed.items() if kind_of(ref) is Kind.PROMPT)
    return (*prompts, *bots)


def in_no_bundle(documents: Mapping[Ref, Document]) -> tuple[Ref, ...]:
    """The documents that neither a bot nor a prompt has anything of."""
    waiting = [ref for ref in documents if kind_of(ref) in {Kind.BOT, Kind.PROMPT}]
    used = set(waiting)
    while waiting:
        for use in documents[waiting.pop()].uses:
            if use.ref in documents and use.ref not in used:
                used.add(use.ref)
                waiting.append(use.ref)
    return tuple(sorted(documents.keys() - used))


def write_bundles(folder: Path, bundles: tuple[Composed, ...]) -> dict[str, Any]:
    """Write *bundles*, take away what the folder had before, and give the index.

    Raises:
        Conflict: The folder has something else in it.
    """
    before = _index(folder)
    for composed in bundles:
        path = folder / f"{composed.ref}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, composed.body)
    index: dict[str, Any] = {"format": FORMAT, "bots": {}, "prompts": {}}
    for composed in sorted(bundles, key=lambda one: one.ref):
        kind = kind_of(composed.ref).plural
        index[kind][name_of(composed.ref)] = composed.digest
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / INDEX, json.dumps(index, indent=2).encode() + b"\n")
    for kind in ("bots", "prompts"):
        for name in before.get(kind, {}).keys() - index[kind].keys():
            (folder / kind / f"{name}.json").unlink(missing_ok=True)
    return index


def _index(folder: Path) -> dict[str, Any]:
    if not folder.exists() or not any(folder.iterdir()):
        return {}
    try:
        index = json.loads((folder / INDEX).read_bytes())
        is_ours = index["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        is_ours = False
    if not is_ours:
        raise Conflict(
            f"{folder} has something else than bundles in it",
            hint="Name an empty or new folder with --to.",
        )
    return dict(index)


def _replace(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(data)
    beside.replace(path)
