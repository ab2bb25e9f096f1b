"""Fingerprints of commands, to tell a repeated one from another."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

import rfc8785

from registry.commands import Command, PolicyText
from registry.documents import Document
from registry.names import Digest, digest_of


def fingerprint(command: Command) -> Digest:
    """SHA-256 of everything that the command asks for."""
    return digest_of(rfc8785.dumps([type(command).__name__, _plain(command)]))


def _plain(value: object) -> Any:  # noqa: ANN401 (the shape of any JSON value)
    """*value* as JSON; texts that have a digest stand as it."""
    if isinstance(value, Document):
        return [value.ref, value.digest]
    if isinstance(value, PolicyText):
        return digest_of(value.source)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value
